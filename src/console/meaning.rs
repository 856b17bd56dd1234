//! What a console line means.

use crate::console::{Complaint, Console, Field, Message};

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
    let answer = match (message.is_preflight, redirecting(message)) {
        (Some(true), _) => "The answer to the preflight (an OPTIONS request)",
        (_, Some(location)) => &format!("The answer that redirects to {location}"),
        (Some(false), None) => "The answer",
        (None, None) => "The answer to the request or to its preflight",
    };
    let origin = or(message.value(Field::Origin), "the page's origin");
    let text = match message.complaint {
        Complaint::NoReason => no_reason(message),
        Complaint::OriginNotAllowed | Complaint::AllowOriginMissing if is_file(message) => {
            "The page asks for a file, and files have no headers, so no other origin may read them. \
             Every file is an origin of its own."
                .to_owned()
        }
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
        Complaint::Scheme if is_file(message) => {
            "The page asks for a file. Files have no headers, so CORS does not work for them: every \
             file is an origin of its own."
                .to_owned()
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
        Complaint::LocalNetwork => match (message.value(Field::Expected), message.value(Field::Value)) {
            (Some(said), Some(value)) => format!(
                "The page says that the server is in the address space `{said}` \
                 (`targetAddressSpace`), and it is in `{value}`. The browser checks this before \
                 CORS. `loopback` is this computer (localhost, 127.0.0.1); `local` is the local \
                 network (192.168.…, 10.…)."
            ),
            (_, value) => format!(
            "The server is in a more private network than the page ({}). Such requests need a \
             secure page and the user's permission. The browser checks this before CORS, and no \
             header grants it.",
            or(value, "an address of a private network, or of this computer"),
        )},
        Complaint::NoResponse => {
            "The browser got no response that CORS could judge. Possible causes: no connection, \
             TLS, an unknown host name, an extension that blocks the request, or a redirect that \
             cannot be followed. After another line about the same URL, this line only says that \
             the fetch ended there."
                .to_owned()
        }
        Complaint::RedirectAfterPreflight => {
            "The request needed a preflight, and its answer is a redirect to another origin. \
             Browsers of that age followed no redirects after a preflight; today's do."
                .to_owned()
        }
        Complaint::NoCorsRedirectMode => {
            "The page asked with the mode no-cors and a redirect mode other than follow, which \
             browsers refuse across origins."
                .to_owned()
        }
        Complaint::OriginHeaderNotAdded => {
            "The browser could not add the header Origin to the request, without which there is no \
             CORS."
                .to_owned()
        }
        Complaint::HeaderNotExposed => format!(
            "The page may read the answer, but not its header `{}`: the answer does not list it in \
             Access-Control-Expose-Headers. The page gets `null`. Nothing else is blocked.",
            value(Field::Header),
        ),
        Complaint::Disabled => {
            "The user has disabled CORS in this browser (content.cors.disable), so pages cannot \
             read from other origins."
                .to_owned()
        }
        Complaint::Withheld => match message.value(Field::Status) {
            Some(status) => format!(
                "The server did answer, with the status {status}, and the browser withheld the answer \
                 from the page. That is CORS, most likely."
            ),
            None => "The browser ended the request, without saying why here. CORS is one reason: then \
                     the console has another line that says so."
                .to_owned(),
        },
        _ => neighbour(message.complaint).to_owned(),
    };
    let was_not_sent = message.is_preflight == Some(true)
        && message.complaint.is_about_cors()
        && message.complaint != Complaint::AuthorizationUnderWildcard;
    if was_not_sent { text + " The browser did not send the request itself." } else { text }
}

/// The target of the redirect whose answer was refused, as WebKit names it.
pub(super) fn redirecting(message: &Message) -> Option<&str> {
    let is_about_answer = matches!(
        message.complaint,
        Complaint::AllowOriginMissing
            | Complaint::OriginNotAllowed
            | Complaint::AllowOriginMismatch
            | Complaint::AllowOriginInvalid
            | Complaint::AllowOriginSeveral
            | Complaint::WildcardWithCredentials
            | Complaint::CredentialsNotAllowed
    );
    message.value(Field::Location).filter(|location| is_about_answer && !location.is_empty())
}

/// Whether the URL is that of a file.
pub(super) fn is_file(message: &Message) -> bool {
    message
        .value(Field::Url)
        .is_some_and(|url| url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:")))
}

fn no_reason(message: &Message) -> String {
    let text = "The page may not read the answer.";
    let where_it_is = if message.is_cut {
        "The line was cut before it says why."
    } else {
        match message.console {
            Console::Webkit => {
                "This line does not say why. If there is a reason, it is in the line before. There \
                 is none if the page was left while the request was under way, or if the server \
                 could not be reached."
            }
            Console::Chromium => {
                "This does not say why. The console has a line that does, and the panel Issues has \
                 the name of the error."
            }
            Console::Firefox | Console::InternetExplorer | Console::Unknown => {
                "This line does not say why; the reason is in another line near it."
            }
        }
    };
    format!("{text} {where_it_is}")
}

/// What lines mean that are not about CORS.
const fn neighbour(complaint: Complaint) -> &'static str {
    match complaint {
        Complaint::FetchFailed => {
            "This is all that a page learns of a fetch that failed, whatever the reason: CORS, no \
             connection, a blocked request. The browser tells the reason to the console alone."
        }
        Complaint::ConnectionFailed => {
            "This is not CORS: there was no connection to the server, or no whole answer."
        }
        Complaint::BlockedByClient => {
            "This is not CORS: an extension of the browser, such as an ad blocker, or a policy on \
             this computer blocked the request."
        }
        Complaint::MixedContent => {
            "This is not CORS but mixed content: a page over https may not ask for a URL over http. \
             The browser sent nothing, so no header of the server matters."
        }
        Complaint::ContentSecurityPolicy => {
            "This is not CORS but the page's own Content-Security-Policy: it does not list this URL. \
             The browser sent nothing, so no header of the server that was asked matters."
        }
        Complaint::OpaqueResponseBlocking => {
            "This is not a refusal by CORS: the page asked without CORS, as elements do, and the \
             answer is not of the kind that such an element takes, such as JSON or HTML for an image \
             (opaque response blocking, ORB or CORB)."
        }
        Complaint::EmbedderPolicy => {
            "This is not CORS: the page demands, with Cross-Origin-Embedder-Policy, that all that it \
             embeds allows that, and this answer does not."
        }
        Complaint::ForbiddenHeader => {
            "This is not CORS: pages may not set this header, because the browser sets it itself. The \
             request goes out without the page's value."
        }
        Complaint::WorkerOrigin => {
            "The script of a worker must be of the page's own origin. CORS cannot allow another one, \
             whatever headers the server sends."
        }
        Complaint::EventSourceType => {
            "This is not CORS: the answer to an EventSource must have the Content-Type \
             text/event-stream, in UTF-8. Often it is an error page."
        }
        Complaint::MimeType => {
            "This is not CORS: the answer is no script, by its Content-Type. Often it is an error \
             page or a login page."
        }
        Complaint::Nosniff => {
            "This is not CORS: the answer has another Content-Type than what was asked for, and the \
             server sends X-Content-Type-Options: nosniff. Often it is an error page."
        }
        Complaint::CorsCrossOrigin => {
            "The page shows something of another origin that it asked for without CORS, so it may not \
             read it, nor a canvas that it was drawn on."
        }
        Complaint::IntegrityWithoutCors => {
            "The element has the attribute integrity and asks without CORS, so the browser may not \
             compare what it got."
        }
        Complaint::ServiceWorker => {
            "This is not a refusal by CORS: the page's service worker answered the request, and its \
             answer does not fit. Often it is an opaque response, asked for with the mode no-cors."
        }
        Complaint::FrameAccess => {
            "This is not CORS: scripts may not reach into a window of another origin, and no header \
             can allow that."
        }
        _ => "",
    }
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
pub(super) fn or<'a>(value: Option<&'a str>, otherwise: &'a str) -> &'a str {
    value.filter(|value| !value.is_empty()).unwrap_or(otherwise)
}

/// The text as it stands within a sentence.
fn lower(text: &str) -> String {
    text.replacen('T', "t", 1)
}
