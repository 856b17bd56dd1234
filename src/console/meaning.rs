//! What a line of a console means, and what would make the fetch succeed.

use crate::{
    console::{Complaint, Field, Message},
    explain::fix::and,
};

/// What a server must send so that a message of a console is not printed.
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
    /// The status of the answer, where another is needed.
    pub status: Option<u16>,
    /// The headers of the answer. What the line does not say is described between `<` and `>`.
    pub headers: Vec<(&'static str, String)>,
    /// What to do, in words.
    pub advice: String,
}

/// What a line of a console says, in other words.
///
/// ```
/// # use browser_cors::{console::{meaning, recognize}};
/// let message = recognize("Preflight response is not successful. Status code: 401")?;
/// assert_eq!(
///     meaning(&message),
///     "The answer to the preflight, an OPTIONS request, has the status 401, where 200 to 299 is \
///      needed. The request itself was not sent.",
/// );
/// # Ok::<(), browser_cors::console::Unrecognized>(())
/// ```
pub fn meaning(message: &Message) -> String {
    let value = |field| message.value(field).unwrap_or_default();
    let answer = match message.is_preflight {
        Some(true) => "The answer to the preflight, an OPTIONS request,",
        Some(false) => "The answer",
        None => "The answer, to the request or to its preflight,",
    };
    let origin = or(message.value(Field::Origin), "the page's origin");
    let text = match message.complaint {
        Complaint::NoReason => "The page may not read the answer. The line does not say why: the \
                                reason is in another line, near this one."
            .to_owned(),
        Complaint::AllowOriginMissing => {
            format!("{answer} has no Access-Control-Allow-Origin, so no other origin may read it.")
        }
        Complaint::OriginNotAllowed => format!(
            "{answer} has no Access-Control-Allow-Origin, or one that is not {origin}, byte for \
             byte."
        ),
        Complaint::AllowOriginMismatch => format!(
            "{answer} has the Access-Control-Allow-Origin `{}`, which is not {origin}, byte for \
             byte.",
            value(Field::Value),
        ),
        Complaint::AllowOriginInvalid => format!(
            "{answer} has the Access-Control-Allow-Origin `{}`, which is no origin: a scheme, \
             `://`, a host, and the port unless it is the scheme's own.",
            value(Field::Value),
        ),
        Complaint::AllowOriginSeveral => match message.value(Field::Value) {
            Some(found) => format!(
                "{answer} has the Access-Control-Allow-Origin `{found}`: several values, or several \
                 lines, which are read as one value. It holds one origin."
            ),
            None => format!(
                "{answer} has several values of Access-Control-Allow-Origin. It holds one origin."
            ),
        },
        Complaint::WildcardWithCredentials => format!(
            "{answer} has the Access-Control-Allow-Origin `*`, which does not count when the page \
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
                format!("{answer} has the status {status}, where 200 to 299 is needed.")
            }
            None => format!("{answer} has a status that is not 200 to 299."),
        },
        Complaint::PreflightRedirect => {
            format!("{answer} is a redirect, and those of preflights are not followed.")
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
             cover Authorization. The browser lets it pass, for now."
        ),
        Complaint::RedirectCredentials => match message.value(Field::Location) {
            Some("") | None => "The answer is a redirect to a URL with a user name or password, \
                                which is not followed across origins."
                .to_owned(),
            Some(location) => format!(
                "The answer is a redirect to {location}, which has a user name or password, and is \
                 not followed across origins."
            ),
        },
        Complaint::RedirectCount => {
            "There were more than 20 redirects, so it is a loop, most likely.".to_owned()
        }
        Complaint::RedirectMode => {
            "The answer is a redirect, and the page asked for an error in that case.".to_owned()
        }
        Complaint::Scheme => {
            "The URL, or that of a redirect, is not http or https, and there is no CORS for others."
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
            "The server is in a nearer network than the page ({}). Such requests need a secure \
             page and the user's permission. That is asked before CORS, and no header grants it.",
            value(Field::Value),
        ),
        Complaint::NoResponse => {
            "There was no response that CORS could judge: no connection, TLS, a name that is not \
             known, an extension that blocks it, or a redirect that cannot be followed. Behind \
             another line about the same URL it only says that the fetch ended there."
                .to_owned()
        }
        Complaint::Disabled => {
            "CORS is switched off in this browser (content.cors.disable), so no \
                                other origin can be asked."
                .to_owned()
        }
    };
    let was_not_sent = message.is_preflight == Some(true)
        && message.complaint != Complaint::AuthorizationUnderWildcard;
    if was_not_sent { text + " The request itself was not sent." } else { text }
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
                "if every page may read it. Else ask from a page that has an origin, and not \
                 through redirects across origins: any page can be `null`, so never allow that.",
            )
        }
        Complaint::AllowOriginMissing | Complaint::OriginNotAllowed => (
            vec![origin()],
            "on this answer, also where it is an error, or `*` if every page may read it without \
             credentials.",
        ),
        Complaint::AllowOriginMismatch | Complaint::AllowOriginInvalid => (
            vec![origin(), varies()],
            "if this origin may read it. Its bytes are compared: no slash behind it, no path, no \
             patterns.",
        ),
        Complaint::AllowOriginSeveral => (
            vec![origin(), varies()],
            "on one line. If the server and a proxy both add it, one of them must stop; if several \
             origins may read it, answer each with its own.",
        ),
        Complaint::WildcardWithCredentials => (
            vec![origin(), credentials(), varies()],
            "but only for origins that may read the user's data. Or ask without credentials.",
        ),
        Complaint::CredentialsNotAllowed => (
            vec![credentials()],
            "in lower case and on one line, on the answer to the preflight too. Or ask without \
             credentials.",
        ),
        Complaint::PreflightStatus | Complaint::PreflightRedirect => {
            status = Some(204);
            (
                vec![origin(), methods(), names()],
                "before authentication, routing and redirects: a preflight never carries \
                 credentials, and has no body.",
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
            "beside the other methods. They are compared byte for byte, and with credentials `*` \
             is only a method of that name.",
        ),
        Complaint::Header => (
            vec![names()],
            "beside the other names, and look for more that the page sets: the line names one. \
             With credentials `*` is only a header of that name, and it never covers Authorization.",
        ),
        Complaint::AuthorizationUnderWildcard => (
            vec![("Access-Control-Allow-Headers", "*, Authorization".to_owned())],
            "before browsers do as the standard says.",
        ),
        Complaint::CrossOriginResourcePolicy => (
            vec![("Cross-Origin-Resource-Policy", "cross-origin".to_owned())],
            "if any origin may embed it.",
        ),
        Complaint::NoReason => (Vec::new(), "Look for the line with the reason, and explain that."),
        Complaint::RedirectCredentials => {
            (Vec::new(), "Redirect to a URL without a user name or password.")
        }
        Complaint::RedirectCount => (Vec::new(), "Redirect at most 20 times."),
        Complaint::RedirectMode => (
            Vec::new(),
            "Answer without a redirect, or ask for its target directly, or with the redirect mode \
             follow.",
        ),
        Complaint::Scheme => (Vec::new(), "Serve it over http or https, the page as well."),
        Complaint::ModeSameOrigin => {
            (Vec::new(), "Redirect within the origin, or ask with the mode cors.")
        }
        Complaint::LocalNetwork => (
            Vec::new(),
            "Serve the page over https and let the user permit it, or serve both from one network.",
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
            "{answer} has an {header} that cannot be read, for `{found}`: it is a list of tokens \
             with commas between them."
        ),
        None => format!(
            "{answer} has an {header} that cannot be read: it is a list of tokens with commas \
             between them."
        ),
    }
}

/// The value, if there is one that says something.
fn or<'a>(value: Option<&'a str>, otherwise: &'a str) -> &'a str {
    value.filter(|value| !value.is_empty()).unwrap_or(otherwise)
}

/// Within a sentence.
fn lower(text: &str) -> String {
    text.replacen('T', "t", 1)
}
