//! What a console line means, and what would make the fetch succeed.

use url::Url;

use crate::{
    console::{Complaint, Field, Message},
    explain::{
        Answer, AnswerTo, Remedy, Where,
        cause::of_allow_origin,
        remedy::{Draft, words},
    },
};

/// Says in other words what a console line says.
///
/// ```
/// # use browser_cors::{console::{meaning, recognize}};
/// let message = recognize("Preflight response is not successful. Status code: 401")?;
/// assert_eq!(
///     meaning(&message),
///     "The answer to the preflight (an OPTIONS request) has the status 401; it must be 200 to \
///      299. The browser did not send the request itself.",
/// );
/// # Ok::<(), browser_cors::console::Unrecognized>(())
/// ```
pub fn meaning(message: &Message) -> String {
    let value = |field| message.value(field).unwrap_or_default();
    let answer = match message.is_preflight {
        Some(true) => "The answer to the preflight (an OPTIONS request)",
        Some(false) => "The answer",
        None => "The answer to the request or to its preflight",
    };
    let origin = or(message.value(Field::Origin), "the page's origin");
    let text = match message.complaint {
        Complaint::NoReason => "The page may not read the answer. This line does not say why; the \
                                reason is in another line near it."
            .to_owned(),
        Complaint::AllowOriginMissing => {
            format!("{answer} has no Access-Control-Allow-Origin, so no other origin may read it.")
        }
        Complaint::OriginNotAllowed => format!(
            "{answer} has no Access-Control-Allow-Origin, or one that is not exactly {origin}."
        ),
        Complaint::AllowOriginMismatch => format!(
            "{answer} has the Access-Control-Allow-Origin `{}`, which is not exactly {origin}.",
            value(Field::Value),
        ),
        Complaint::AllowOriginInvalid => format!(
            "{answer} has the Access-Control-Allow-Origin `{}`, which is no origin. An origin \
             is a scheme, `://`, a host, and the port unless it is the default one.",
            value(Field::Value),
        ),
        Complaint::AllowOriginSeveral => match message.value(Field::Value) {
            Some(found) => format!(
                "{answer} has the Access-Control-Allow-Origin `{found}`: several values, or \
                 several lines, which browsers join into one value. The header may hold only one \
                 origin."
            ),
            None => format!(
                "{answer} has several values of Access-Control-Allow-Origin. The header may hold \
                 only one origin."
            ),
        },
        Complaint::WildcardWithCredentials => format!(
            "{answer} has the Access-Control-Allow-Origin `*`, which is not enough when the page \
             asks with credentials, such as cookies."
        ),
        Complaint::CredentialsNotAllowed => match message.value(Field::Value) {
            Some("") => format!(
                "The page asks with credentials, such as cookies, and {} has no \
                 Access-Control-Allow-Credentials.",
                lower(answer),
            ),
            Some(found) => format!(
                "The page asks with credentials, such as cookies, and {} has the \
                 Access-Control-Allow-Credentials `{found}`, not `true`.",
                lower(answer),
            ),
            None => format!(
                "The page asks with credentials, such as cookies, and {} has no \
                 Access-Control-Allow-Credentials that is `true`.",
                lower(answer),
            ),
        },
        Complaint::PreflightStatus => match message.value(Field::Status) {
            Some(status) => {
                format!("{answer} has the status {status}; it must be 200 to 299.")
            }
            None => format!("{answer} has a status that is not from 200 to 299."),
        },
        Complaint::PreflightRedirect => {
            format!("{answer} is a redirect, and browsers do not follow redirects of preflights.")
        }
        Complaint::AllowMethodsInvalid => {
            unreadable(answer, message, "Access-Control-Allow-Methods")
        }
        Complaint::AllowHeadersInvalid => {
            unreadable(answer, message, "Access-Control-Allow-Headers")
        }
        Complaint::Method => format!(
            "{answer} does not list {} in Access-Control-Allow-Methods.",
            message
                .value(Field::Method)
                .map_or_else(|| "the method".to_owned(), |name| format!("`{name}`")),
        ),
        Complaint::Header => format!(
            "{answer} does not list `{}`, which the page sets, in Access-Control-Allow-Headers.",
            value(Field::Header),
        ),
        Complaint::AuthorizationUnderWildcard => format!(
            "{answer} has the Access-Control-Allow-Headers `*`, which by the standard does not \
             cover Authorization. For now, the browser lets the request pass."
        ),
        Complaint::RedirectCredentials => match message.value(Field::Location) {
            Some("") | None => "The answer is a redirect to a URL with a user name or password. \
                                Browsers do not follow it across origins."
                .to_owned(),
            Some(location) => format!(
                "The answer is a redirect to {location}, which has a user name or password. \
                 Browsers do not follow it across origins."
            ),
        },
        Complaint::RedirectCount => {
            "There were more than 20 redirects, most likely in a loop.".to_owned()
        }
        Complaint::RedirectMode => {
            "The answer is a redirect, and the page asked for an error on redirects.".to_owned()
        }
        Complaint::Scheme => {
            "The URL, or that of a redirect, is not http or https. Other schemes have no CORS."
                .to_owned()
        }
        Complaint::ModeSameOrigin => {
            "The page asked with the mode same-origin, and a redirect leads to another origin."
                .to_owned()
        }
        Complaint::CrossOriginResourcePolicy => {
            "The answer says, with Cross-Origin-Resource-Policy, that pages of this origin may not \
             embed it."
                .to_owned()
        }
        Complaint::LocalNetwork => format!(
            "The server is in a more private network than the page ({}). Such requests need a \
             secure page and the user's permission. The browser checks this before CORS, and no \
             header grants it.",
            value(Field::Value),
        ),
        Complaint::NoResponse => {
            "The browser got no response that CORS could judge. Possible causes: no connection, \
             TLS, an unknown host name, an extension that blocks the request, or a redirect that \
             cannot be followed. After another line about the same URL, this line only says that \
             the fetch ended there."
                .to_owned()
        }
        Complaint::Disabled => {
            "The user has disabled CORS in this browser (content.cors.disable), so pages cannot \
             read from other origins."
                .to_owned()
        }
    };
    let was_not_sent = message.is_preflight == Some(true)
        && message.complaint != Complaint::AuthorizationUnderWildcard;
    if was_not_sent { text + " The browser did not send the request itself." } else { text }
}

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
    let server = parsed.as_ref().map_or(Where::Server { host: None }, Where::server_of);
    if let Some((place, advice)) = without_answer(message, server.clone()) {
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
                 redirects across origins.",
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
            draft.say(words::PROXY_ADDS_IT);
            draft.say(words::ONE_ORIGIN);
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
            draft.say(words::LOWER_CASE);
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
            draft.say(words::METHODS_AND_COMMAS);
        }
        Complaint::AllowHeadersInvalid => {
            draft.answer.set(words::ALLOW_HEADERS, names);
            draft.say(words::NAMES_AND_COMMAS);
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
        // Those without an answer.
        _ => {}
    }
    draft.finish(server)
}

/// What to do about the complaints of which no answer gets rid, or none that could be named.
fn without_answer(message: &Message, server: Where) -> Option<(Where, &'static str)> {
    Some(match message.complaint {
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

fn unreadable(answer: &str, message: &Message, header: &str) -> String {
    match message.value(Field::Value) {
        Some(found) => format!(
            "{answer} has an {header} that browsers cannot parse because of `{found}`: the header \
             is a list of tokens with commas between them."
        ),
        None => format!(
            "{answer} has an {header} that browsers cannot parse: the header is a list of tokens \
             with commas between them."
        ),
    }
}

/// The value, or `otherwise` if it is missing or empty.
fn or<'a>(value: Option<&'a str>, otherwise: &'a str) -> &'a str {
    value.filter(|value| !value.is_empty()).unwrap_or(otherwise)
}

/// The text as it stands within a sentence.
fn lower(text: &str) -> String {
    text.replacen('T', "t", 1)
}
