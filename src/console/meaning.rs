//! What a console line means, and what would make the fetch succeed.

use crate::{
    console::{Complaint, Field, Message},
    explain::fix::and,
};

/// What a server must send so that the engine does not print a message.
///
/// ```
/// # use browser_cors::{console::{recognize, remedy}};
/// let message = recognize("Method PATCH is not allowed by Access-Control-Allow-Methods.")?;
/// let remedy = remedy(&message);
/// assert_eq!(remedy.headers, [("Access-Control-Allow-Methods", "PATCH".to_owned())]);
/// # Ok::<(), browser_cors::console::Unrecognized>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remedy {
    /// The status that the answer needs, if it needs another.
    pub status: Option<u16>,
    /// The headers that the answer needs. `<` and `>` enclose what the line does not say.
    pub headers: Vec<(&'static str, String)>,
    /// What to do, in words.
    pub advice: String,
}

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

/// What would make the fetch succeed.
///
/// ```
/// # use browser_cors::{console::{recognize, remedy}};
/// let message = recognize("Origin https://app.example is not allowed by \
///     Access-Control-Allow-Origin. Status code: 200")?;
/// let remedy = remedy(&message);
/// assert_eq!(
///     remedy.headers,
///     [("Access-Control-Allow-Origin", "https://app.example".to_owned())],
/// );
/// # Ok::<(), browser_cors::console::Unrecognized>(())
/// ```
pub fn remedy(message: &Message) -> Remedy {
    let origin = || {
        let origin = or(message.value(Field::Origin), "<the page's origin>");
        ("Access-Control-Allow-Origin", origin.to_owned())
    };
    let credentials = || ("Access-Control-Allow-Credentials", "true".to_owned());
    let varies = || ("Vary", "Origin".to_owned());
    let methods = || {
        let method = or(message.value(Field::Method), "<the method>");
        ("Access-Control-Allow-Methods", method.to_owned())
    };
    let names = || {
        let name = or(message.value(Field::Header), "<the headers that the page sets>");
        ("Access-Control-Allow-Headers", name.to_owned())
    };
    let is_null = message.value(Field::Origin) == Some("null");
    let mut status = None;
    let (headers, advice) = match message.complaint {
        Complaint::AllowOriginMissing
        | Complaint::OriginNotAllowed
        | Complaint::AllowOriginMismatch
        | Complaint::AllowOriginInvalid
        | Complaint::AllowOriginSeveral
            if is_null =>
        {
            (
                vec![("Access-Control-Allow-Origin", "*".to_owned())],
                "if every page may read it. Otherwise, fetch from a page that has an origin, and \
                 not through redirects across origins. Never allow `null`: any page can have it.",
            )
        }
        Complaint::AllowOriginMissing | Complaint::OriginNotAllowed => (
            vec![origin()],
            "on this answer, even if it is an error. Send `*` if every page may read it without \
             credentials.",
        ),
        Complaint::AllowOriginMismatch | Complaint::AllowOriginInvalid => (
            vec![origin(), varies()],
            "if this origin may read it. Browsers compare it byte for byte: add no slash, path or \
             pattern.",
        ),
        Complaint::AllowOriginSeveral => (
            vec![origin(), varies()],
            "on one line. If the server and a proxy both add it, let only one of them do so. If \
             several origins may read it, answer each with its own.",
        ),
        Complaint::WildcardWithCredentials => (
            vec![origin(), credentials(), varies()],
            "but only for origins that may read the user's data. Or fetch without credentials.",
        ),
        Complaint::CredentialsNotAllowed => (
            vec![credentials()],
            "in lower case and on one line, on the answer to the preflight too. Or fetch without \
             credentials.",
        ),
        Complaint::PreflightStatus | Complaint::PreflightRedirect => {
            status = Some(204);
            (
                vec![origin(), methods(), names()],
                "before authentication, routing and redirects: a preflight has neither credentials \
                 nor a body.",
            )
        }
        Complaint::AllowMethodsInvalid => {
            (vec![methods()], "with commas between the methods, and nothing else.")
        }
        Complaint::AllowHeadersInvalid => {
            (vec![names()], "with commas between the names, and nothing else.")
        }
        Complaint::Method => (
            vec![methods()],
            "beside the other methods. Browsers compare methods byte for byte. With credentials, \
             `*` is only a method of that name.",
        ),
        Complaint::Header => (
            vec![names()],
            "beside the other names. The line names one header; check which others the page sets. \
             With credentials, `*` is only a header of that name, and it never covers \
             Authorization.",
        ),
        Complaint::AuthorizationUnderWildcard => (
            vec![("Access-Control-Allow-Headers", "*, Authorization".to_owned())],
            "before browsers begin to do as the standard says.",
        ),
        Complaint::CrossOriginResourcePolicy => (
            vec![("Cross-Origin-Resource-Policy", "cross-origin".to_owned())],
            "if any origin may embed it.",
        ),
        Complaint::NoReason => {
            (Vec::new(), "Look for the line with the reason, and explain that one.")
        }
        Complaint::RedirectCredentials => {
            (Vec::new(), "Redirect to a URL without a user name or password.")
        }
        Complaint::RedirectCount => (Vec::new(), "Redirect at most 20 times."),
        Complaint::RedirectMode => (
            Vec::new(),
            "Answer without a redirect, or fetch its target directly, or use the redirect mode \
             follow.",
        ),
        Complaint::Scheme => {
            (Vec::new(), "Serve both the resource and the page over http or https.")
        }
        Complaint::ModeSameOrigin => {
            (Vec::new(), "Redirect within the origin, or use the mode cors.")
        }
        Complaint::LocalNetwork => (
            Vec::new(),
            "Serve the page over https and have the user permit it, or use one network for both.",
        ),
        Complaint::NoResponse => {
            (Vec::new(), "Open the URL by itself, and look at the network before CORS.")
        }
        Complaint::Disabled => (Vec::new(), "Set content.cors.disable to false in about:config."),
    };
    Remedy { status, advice: sentence(message, status, &headers, advice), headers }
}

/// `Answer OPTIONS https://api.example/ with 204 and …, if …`
fn sentence(
    message: &Message,
    status: Option<u16>,
    headers: &[(&str, String)],
    advice: &str,
) -> String {
    if headers.is_empty() {
        return advice.to_owned();
    }
    let request = if message.is_preflight == Some(true) { "OPTIONS " } else { "" };
    let url = or(message.value(Field::Url), "the request");
    let headers = headers.iter().map(|(name, value)| format!("`{name}: {value}`"));
    let parts: Vec<_> = status.iter().map(ToString::to_string).chain(headers).collect();
    let parts: Vec<_> = parts.iter().map(String::as_str).collect();
    format!("Answer {request}{url} with {}, {advice}", and(&parts))
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
