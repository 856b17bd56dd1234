//! What would make the fetch succeed that a console line is about.

use url::Url;

use super::{
    Complaint, Console, Field, Message,
    meaning::{is_file, or, redirecting},
};
use crate::explain::{
    Answer, AnswerTo, Cause, Remedy, Where,
    cause::{of_allow_credentials, of_allow_origin, of_list},
    remedy::{Draft, words},
};

/// What would make the fetch succeed. What the line does not say is described between `<` and `>`.
///
/// ```
/// # use browser_cors::{console::{recognize, remedy}};
/// let message = recognize("Origin https://app.example is not allowed by \
///     Access-Control-Allow-Origin. Status code: 200")?;
/// let remedy = remedy(&message);
/// assert_eq!(
///     remedy.answers[0].header("Access-Control-Allow-Origin"),
///     Some("https://app.example"),
/// );
/// # Ok::<(), browser_cors::console::Unrecognized>(())
/// ```
pub fn remedy(message: &Message) -> Remedy {
    let url = message.value(Field::Url).filter(|url| !url.is_empty());
    let mut draft = Draft::new(Answer {
        to: message.is_preflight.map(|is_preflight| match is_preflight {
            true => AnswerTo::Preflight,
            false => AnswerTo::Request,
        }),
        method: (message.is_preflight == Some(true)).then(|| "OPTIONS".to_owned()),
        url: url.map(str::to_owned),
        ..Answer::default()
    });
    let parsed = url.and_then(|url| Url::parse(url).ok());
    let mut server = parsed.as_ref().map_or(Where::Server { host: None }, Where::server_of);
    if let Some((place, advice)) = without_answer(message, server.clone()) {
        return Remedy::advising(place, advice);
    }
    if let Some((place, advice)) = neighbour(message, server.clone()) {
        return Remedy::advising(place, advice);
    }
    let origin = or(message.value(Field::Origin), "<the page's origin>");
    let method = or(message.value(Field::Method), "<the method>");
    let names = or(message.value(Field::Header), "<the headers that the page sets>");
    match message.complaint {
        Complaint::AllowOriginMissing
        | Complaint::OriginNotAllowed
        | Complaint::AllowOriginMismatch
        | Complaint::AllowOriginInvalid
        | Complaint::AllowOriginSeveral
            if origin == "null" =>
        {
            draft.answer.set(words::ALLOW_ORIGIN, "*");
            draft.answer.how = Some(words::IF_EVERY_PAGE.into());
            draft.say(
                "Or, in the page's code, ask from a page that has an origin, and not through \
                 redirects across origins. A page that was opened as a file, or in a sandboxed \
                 frame, has the origin `null`: open it from a server, such as one on localhost.",
            );
            draft.say(words::NULL_IS_UNSAFE);
        }
        Complaint::AllowOriginMissing | Complaint::OriginNotAllowed => {
            draft.allow_origin(origin, None);
            draft.say(
                "So must answers that are errors. Or answer with `*`, if every page may read it \
                 without credentials.",
            );
        }
        Complaint::AllowOriginMismatch | Complaint::AllowOriginInvalid => {
            draft.allow_origin(origin, None);
            let found = message.value(Field::Value).unwrap_or_default();
            match of_allow_origin(found.as_bytes(), origin, parsed.as_ref()) {
                Some(cause) => draft.blame(cause),
                None => {
                    draft.answer.how = Some(words::IF_THIS_ORIGIN.into());
                    draft.say("Browsers compare it byte for byte: add no slash, path or pattern.");
                }
            }
        }
        Complaint::AllowOriginSeveral => {
            draft.allow_origin(origin, None);
            draft.answer.how = Some(words::ON_ONE_LINE.into());
            let found = message.value(Field::Value).map(str::as_bytes);
            match found.and_then(|found| of_allow_origin(found, origin, parsed.as_ref())) {
                Some(cause @ Cause::Repeated) => draft.blame(cause),
                _ => {
                    draft.say(words::PROXY_ADDS_IT);
                    draft.say(words::ONE_ORIGIN);
                }
            }
        }
        Complaint::WildcardWithCredentials => {
            draft.allow_origin(origin, None);
            draft.allow_credentials();
            draft.answer.how = Some(words::ONLY_FOR_ORIGINS.into());
            draft.say(words::OR_WITHOUT_CREDENTIALS);
        }
        Complaint::CredentialsNotAllowed => {
            draft.allow_credentials();
            draft.answer.how = Some(words::ON_ONE_LINE.into());
            let found = message.value(Field::Value).filter(|found| !found.is_empty());
            match found.and_then(|found| of_allow_credentials(found.as_bytes())) {
                Some(cause) => draft.blame(cause),
                None => draft.say(words::LOWER_CASE),
            }
            draft.say("The answer to a preflight needs it, too.");
            draft.say(words::OR_WITHOUT_CREDENTIALS);
        }
        Complaint::PreflightStatus | Complaint::PreflightRedirect => {
            draft.answer.status = Some(204);
            draft.answer.set(words::ALLOW_ORIGIN, origin);
            draft.answer.set(words::ALLOW_METHODS, method);
            draft.answer.set(words::ALLOW_HEADERS, names);
            draft.vary(None);
            draft.say(words::NO_CREDENTIALS_IN_PREFLIGHTS);
            draft.say(words::NO_REDIRECT_OF_PREFLIGHTS);
        }
        Complaint::AllowMethodsInvalid => {
            draft.answer.set(words::ALLOW_METHODS, method);
            blame_list(&mut draft, message, words::ALLOW_METHODS, words::METHODS_AND_COMMAS);
        }
        Complaint::AllowHeadersInvalid => {
            draft.answer.set(words::ALLOW_HEADERS, names);
            blame_list(&mut draft, message, words::ALLOW_HEADERS, words::NAMES_AND_COMMAS);
        }
        Complaint::Method => {
            draft.answer.set(words::ALLOW_METHODS, method);
            draft.answer.how = Some("beside the other methods".into());
            draft.say(words::METHODS_IN_BYTES);
            draft.say(words::WILDCARD_IS_A_METHOD);
        }
        Complaint::Header => {
            draft.answer.set(words::ALLOW_HEADERS, names);
            draft.answer.how = Some("beside the other names".into());
            if let Some(why) = why_not_safelisted(names) {
                draft.say(why);
            }
            draft.say("The line names one header; check which others the page sets.");
            draft.say(words::WILDCARD_IS_A_NAME);
            draft.say(words::WILDCARD_WITHOUT_AUTHORIZATION);
        }
        Complaint::AuthorizationUnderWildcard => {
            draft.answer.set(words::ALLOW_HEADERS, "*, Authorization");
            draft.say("Do so before browsers begin to do as the standard says.");
            draft.say(words::WILDCARD_WITHOUT_AUTHORIZATION);
        }
        Complaint::CrossOriginResourcePolicy => {
            draft.answer.set("Cross-Origin-Resource-Policy", "cross-origin");
            draft.answer.how = Some(words::IF_ANY_ORIGIN_EMBEDS.into());
        }
        Complaint::EmbedderPolicy => {
            draft.answer.set("Cross-Origin-Resource-Policy", "cross-origin");
            draft.answer.how = Some(words::IF_ANY_ORIGIN_EMBEDS.into());
            draft.say(
                "Or, in the page's code, ask with CORS (the attribute crossorigin), or answer the page \
                 with `Cross-Origin-Embedder-Policy: credentialless`.",
            );
        }
        Complaint::HeaderNotExposed => {
            draft.answer.set(words::EXPOSE_HEADERS, or(message.value(Field::Header), "<its name>"));
            draft.answer.how = Some("beside the other names".into());
        }
        Complaint::EventSourceType => {
            draft.answer.set("Content-Type", "text/event-stream; charset=utf-8");
            draft.answer.how = Some("if it is a stream of events".into());
            draft.say("Open the URL by itself, and see what it answers.");
        }
        Complaint::OpaqueResponseBlocking => {
            draft.answer.set("Content-Type", "<the type of what the element takes>");
            draft.say("Open the URL by itself: often it is an error page, or JSON.");
            draft.say(
                "Or, in the page's code, ask for data with fetch() and CORS, not with an element.",
            );
        }
        Complaint::MimeType | Complaint::Nosniff => {
            draft.answer.set("Content-Type", "<the type of what was asked for>");
            draft.say("Open the URL by itself: often it is an error page or a login page.");
        }
        Complaint::CorsCrossOrigin | Complaint::IntegrityWithoutCors => {
            draft.allow_origin(origin, None);
            server = and_page(server);
            draft.say(
                "Ask with CORS: set the attribute `crossorigin` before `src` or `href`, and see that no \
                 cache still has the answer to a request without it.",
            );
        }
        // Those without an answer.
        _ => {}
    }
    if let Some(location) = redirecting(message) {
        draft.say(match url {
            Some(_) => format!("What {location} answers needs it, too."),
            None => format!(
                "It is the answer that redirects to {location} that lacks it: that of the URL before \
                 this one. What {location} answers needs it, too."
            ),
        });
    }
    if proposes_no_cors(message) {
        draft.say(NO_CORS);
    }
    draft.finish(server)
}

const NO_CORS: &str = "The mode no-cors, which the browser proposes, is no mend: the page gets an \
                       empty answer that it cannot read, and may set no other headers.";

/// Whether the browser adds to such a line that one may use the mode no-cors.
fn proposes_no_cors(message: &Message) -> bool {
    message.console == Console::Chromium
        && message.value(Field::Asker) == Some("fetch")
        && matches!(
            message.complaint,
            Complaint::AllowOriginMissing
                | Complaint::AllowOriginMismatch
                | Complaint::AllowOriginInvalid
                | Complaint::AllowOriginSeveral
        )
}

/// Says what made a list wrong, as far as the line tells.
fn blame_list(draft: &mut Draft, message: &Message, name: &'static str, otherwise: &'static str) {
    let lines = message.value(Field::Value).into_iter().map(str::as_bytes);
    match of_list(name, lines) {
        None | Some(Cause::Separators) => draft.say(otherwise),
        Some(cause) => draft.blame(cause),
    }
}

/// Both the server and the page.
fn and_page(server: Where) -> Where {
    match server {
        Where::Server { host } => Where::PageAndServer { host },
        other => other,
    }
}

/// Why a header needs permission that needs none with most values.
fn why_not_safelisted(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "accept" => {
            "Or, in the page's code, change its value: Accept needs permission only where it is longer \
             than 128 bytes, or has one of the bytes \" ( ) : < > ? @ [ \\ ] { }."
        }
        "accept-language" | "content-language" => {
            "Or, in the page's code, change its value: the header needs permission only where it is \
             longer than 128 bytes, or has a byte other than letters, digits, spaces and * , - . ; =."
        }
        "content-type" => {
            "Content-Type needs permission unless its value is application/x-www-form-urlencoded, \
             multipart/form-data or text/plain; application/json needs it."
        }
        "range" => {
            "Or, in the page's code, ask for one range from a first byte on, as in bytes=0-99, which \
             needs no permission in today's browsers."
        }
        _ => return None,
    })
}

/// Whether it is a header of responses, which does nothing in a request.
fn is_response_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("access-control-allow-")
        || matches!(name.as_str(), "access-control-expose-headers" | "access-control-max-age")
}

/// What to do about the complaints of which no answer gets rid, or none that could be named.
fn without_answer(message: &Message, server: Where) -> Option<(Where, &'static str)> {
    Some(match message.complaint {
        Complaint::AllowOriginMissing | Complaint::OriginNotAllowed | Complaint::Scheme
            if is_file(message) =>
        {
            (
                Where::Page,
                "Open the page from a web server, such as one on localhost, and ask it for this \
                 resource by an http or https URL. No header mends a file.",
            )
        }
        Complaint::Header if message.value(Field::Header).is_some_and(is_response_header) => (
            Where::Page,
            "Remove this header from the request: it is a header of answers, and does nothing in a \
             request except that it must be allowed. The server is who sends it.",
        ),
        Complaint::NoReason if message.is_cut => {
            (server, "Copy the whole line from the console, and explain that.")
        }
        Complaint::NoReason if message.console == Console::Chromium => (
            server,
            "Look for the line with \u{201C}blocked by CORS policy\u{201D} in the console, or for the \
             name of the error in the panel Issues, and explain that one.",
        ),
        Complaint::NoReason if message.console == Console::Webkit => (
            server,
            "Explain the line before it, if that one has a reason. Else look at the request in the tab \
             Network: whether it was cancelled, and whether the server answered.",
        ),
        Complaint::NoReason => (server, "Look for the line with the reason, and explain that one."),
        Complaint::RedirectCredentials => (server, words::NO_USER_NAME),
        Complaint::RedirectCount => (server, words::AT_MOST_20),
        Complaint::RedirectMode => (
            server,
            "Answer without a redirect. Or, in the page's code, ask for its target directly, or with \
             the redirect mode follow.",
        ),
        Complaint::Scheme => (server, "Serve both the resource and the page over http or https."),
        Complaint::ModeSameOrigin => {
            (server, "Redirect within the origin. Or, in the page's code, ask with the mode cors.")
        }
        Complaint::LocalNetwork if message.value(Field::Expected).is_some() => (
            Where::Page,
            "Ask with the `targetAddressSpace` that the server is in, or without that option.",
        ),
        Complaint::RedirectAfterPreflight => (
            server,
            "Answer without a redirect. Or, in the page's code, ask for the redirect's target directly. \
             A newer browser follows it.",
        ),
        Complaint::NoCorsRedirectMode => {
            (Where::Page, "Ask with the redirect mode follow, or with the mode cors.")
        }
        Complaint::OriginHeaderNotAdded => {
            (Where::Browser, "Try without extensions that change requests.")
        }
        Complaint::LocalNetwork => (
            server,
            "Serve the page over https and have the user permit it, or use one network for both.",
        ),
        Complaint::NoResponse => {
            (server, "Open the URL by itself, and look at the network before CORS.")
        }
        Complaint::Disabled => {
            (Where::Browser, "Set content.cors.disable to false in about:config.")
        }
        _ => return None,
    })
}

/// What to do about what is not about CORS and where no answer would do.
fn neighbour(message: &Message, server: Where) -> Option<(Where, String)> {
    let url = or(message.value(Field::Url), "the URL");
    Some(match message.complaint {
        Complaint::Withheld => (
            server,
            "Look in the console for the line about the same URL with \u{201C}blocked by CORS \
             policy\u{201D}, and explain that one."
                .to_owned(),
        ),
        Complaint::FetchFailed => (
            server,
            "The line that you need is the one above it in the console; explain that one. If there is \
             none, look at the request in the tab Network."
                .to_owned(),
        ),
        Complaint::ConnectionFailed => (
            server,
            format!(
                "Open {url} by itself: is the server up, are its name, port and certificate right?"
            ),
        ),
        Complaint::BlockedByClient => (
            Where::Browser,
            "Try in a private window without extensions, and see which one blocks the URL.".to_owned(),
        ),
        Complaint::MixedContent => {
            let advice =
                format!("Ask for {url} by its https URL. The server must answer over https, too.");
            (and_page(server), advice)
        }
        Complaint::ContentSecurityPolicy => {
            let directive = message.value(Field::Directive).and_then(|it| it.split(' ').next());
            let directive = or(directive, "connect-src");
            let origin = Url::parse(url).ok().map(|url| url.origin().ascii_serialization());
            let origin = origin.filter(|origin| origin != "null");
            let origin = origin.as_deref().unwrap_or("the origin of the URL");
            (
                Where::Page,
                format!(
                    "Add {origin} to {directive} in the Content-Security-Policy that the page is \
                     answered with (a header, or a meta element)."
                ),
            )
        }
        Complaint::ForbiddenHeader => {
            let header = or(message.value(Field::Header), "the header");
            (Where::Page, format!("Do not set {header}."))
        }
        Complaint::WorkerOrigin => (
            Where::Page,
            "Serve the worker's script from the page's own origin. Or fetch it with CORS, and start \
             the worker from a blob: URL of its text."
                .to_owned(),
        ),
        Complaint::ServiceWorker => (
            Where::Page,
            "In the service worker, answer a request with the mode cors with fetch(event.request), and \
             not with a response that was asked for or cached with the mode no-cors."
                .to_owned(),
        ),
        Complaint::FrameAccess => {
            (Where::Page, "Have both windows speak with postMessage().".to_owned())
        }
        _ => return None,
    })
}
