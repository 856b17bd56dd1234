//! The console messages of the engines about fetches that CORS blocked: prints the lines for a
//! [`Transcript`], and reads a line back.
//!
//! A page never learns why a fetch failed; its developer does, from the console. Each engine has
//! its own wording. The lines printed here have the wording of the newest recorded release; older
//! wordings are recognized too.
//!
//! ```
//! use browser_cors::{console::{Complaint, Field, recognize}, engine::Engine};
//!
//! let message = recognize(
//!     "[Error] Origin https://app.example is not allowed by Access-Control-Allow-Origin. \
//!      Status code: 200",
//! )?;
//! assert_eq!(message.engine, Engine::Webkit);
//! assert_eq!(message.complaint, Complaint::OriginNotAllowed);
//! assert_eq!(message.value(Field::Origin), Some("https://app.example"));
//! # Ok::<(), browser_cors::console::Unrecognized>(())
//! ```

mod chromium;
mod firefox;
mod meaning;
mod template;
mod webkit;

pub use meaning::{meaning, remedy};

use thiserror::Error;

use crate::{
    code::Code,
    cors_check::CorsCheckFailure,
    engine::Engine,
    fetch::{NetworkError, Outcome, PreflightFailure, REDIRECT_LIMIT, Refusal},
    header::safelist::CORS_NON_WILDCARD_REQUEST_HEADER_NAME,
    page::loads::Load,
    response::InvalidLocation,
    spec::Step,
    spec::keyword::named,
    transcript::{RecordedExchange, Transcript},
    url::Url,
};

use template::{Template, plain};

/// The API or element that asked, as far as consoles distinguish them.
///
/// ```
/// # use browser_cors::console::Asker;
/// assert_eq!(Asker::default(), Asker::Fetch);
/// assert_eq!(Asker::StyleSheet.as_str(), "style-sheet");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Asker {
    /// `fetch()`
    #[default]
    Fetch,
    /// `XMLHttpRequest`
    Xhr,
    /// An `img` element, or another image.
    Image,
    /// A `video` element.
    Video,
    /// A `script` element, for a classic or a module script.
    Script,
    /// A `link` element for a style sheet.
    StyleSheet,
    /// A font that a style sheet names.
    Font,
    /// An `EventSource`.
    EventSource,
    /// `navigator.sendBeacon()`
    Beacon,
}

named!("console", Asker {
    Fetch = "fetch",
    Xhr = "xhr",
    Image = "image",
    Video = "video",
    Script = "script",
    StyleSheet = "style-sheet",
    Font = "font",
    EventSource = "event-source",
    Beacon = "beacon",
});

impl From<Load> for Asker {
    fn from(load: Load) -> Self {
        match load {
            Load::Image | Load::Texture | Load::ShapeImage => Self::Image,
            Load::Video => Self::Video,
            Load::ClassicScript | Load::ModuleScript => Self::Script,
            Load::StyleSheet => Self::StyleSheet,
            Load::Font => Self::Font,
            Load::EventSource => Self::EventSource,
        }
    }
}

/// What a message complains about. It distinguishes what [`Refusal`] does, as far as the engines'
/// messages do.
///
/// ```
/// # use browser_cors::{code::Code, console::Complaint};
/// assert_eq!(Complaint::AllowOriginMissing.code(), Code::AllowOriginMissing);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Complaint {
    /// CORS refused; the line does not say why.
    #[default]
    NoReason,
    /// There is no `Access-Control-Allow-Origin`.
    AllowOriginMissing,
    /// `Access-Control-Allow-Origin` is missing, or names another origin.
    OriginNotAllowed,
    /// `Access-Control-Allow-Origin` names another origin.
    AllowOriginMismatch,
    /// `Access-Control-Allow-Origin` is not even a URL.
    AllowOriginInvalid,
    /// `Access-Control-Allow-Origin` has several values.
    AllowOriginSeveral,
    /// `Access-Control-Allow-Origin` is `*`, and the credentials mode is "include".
    WildcardWithCredentials,
    /// `Access-Control-Allow-Credentials` is not `true`.
    CredentialsNotAllowed,
    /// The status of the answer to a preflight is not an ok status.
    PreflightStatus,
    /// The answer to a preflight is a redirect.
    PreflightRedirect,
    /// `Access-Control-Allow-Methods` cannot be parsed.
    AllowMethodsInvalid,
    /// `Access-Control-Allow-Headers` cannot be parsed.
    AllowHeadersInvalid,
    /// `Access-Control-Allow-Methods` does not list the method.
    Method,
    /// `Access-Control-Allow-Headers` does not list a header.
    Header,
    /// A warning: the `*` in `Access-Control-Allow-Headers` had to cover `Authorization`.
    AuthorizationUnderWildcard,
    /// A redirect leads to a URL with a user name or password.
    RedirectCredentials,
    /// There are too many redirects.
    RedirectCount,
    /// There is a redirect, and the redirect mode is "error".
    RedirectMode,
    /// The URL, or that of a redirect, has a scheme that CORS does not support.
    Scheme,
    /// The mode is "same-origin", and a redirect leads to another origin.
    ModeSameOrigin,
    /// `Cross-Origin-Resource-Policy` blocked the load.
    CrossOriginResourcePolicy,
    /// The page may not access a server in a local network.
    LocalNetwork,
    /// There is no response, or the browser could not follow a redirect.
    NoResponse,
    /// The user has disabled CORS.
    Disabled,
}

impl Complaint {
    /// The step of the standard at which the fetch failed; `None` if the standard has no such step.
    ///
    /// ```
    /// # use browser_cors::console::Complaint;
    /// let step = Complaint::Method.step().unwrap();
    /// assert_eq!(step.to_string(), "#cors-preflight-fetch-0 step 7.5");
    /// assert_eq!(Complaint::LocalNetwork.step(), None);
    /// ```
    pub const fn step(self) -> Option<Step> {
        const CHECK: &str = "concept-cors-check";
        const PREFLIGHT: &str = "cors-preflight-fetch-0";
        const REDIRECT: &str = "concept-http-redirect-fetch";
        const MAIN: &str = "concept-main-fetch";
        Some(match self {
            Self::AllowOriginMissing => Step::new(CHECK, "2"),
            Self::OriginNotAllowed
            | Self::AllowOriginMismatch
            | Self::AllowOriginInvalid
            | Self::AllowOriginSeveral
            | Self::WildcardWithCredentials => Step::new(CHECK, "4"),
            Self::CredentialsNotAllowed => Step::new(CHECK, "8"),
            Self::PreflightStatus | Self::PreflightRedirect => Step::new(PREFLIGHT, "8"),
            Self::AllowMethodsInvalid | Self::AllowHeadersInvalid => Step::new(PREFLIGHT, "7.3"),
            Self::Method => Step::new(PREFLIGHT, "7.5"),
            Self::AuthorizationUnderWildcard => Step::new(PREFLIGHT, "7.6"),
            Self::Header => Step::new(PREFLIGHT, "7.7"),
            Self::RedirectCredentials => Step::new(REDIRECT, "9"),
            Self::RedirectCount => Step::new(REDIRECT, "7"),
            Self::RedirectMode => Step::new("concept-http-fetch", "6.3[error].1"),
            Self::Scheme => Step::new(MAIN, "12[not-http]"),
            Self::ModeSameOrigin => Step::new(MAIN, "12[mode-same-origin]"),
            Self::CrossOriginResourcePolicy => Step::new("concept-http-fetch", "5"),
            Self::NoResponse => Step::new("concept-http-network-or-cache-fetch", "11.2"),
            Self::NoReason | Self::LocalNetwork | Self::Disabled => return None,
        })
    }

    /// The code of the reason. [`Message::code`] can be more precise.
    ///
    /// ```
    /// # use browser_cors::{code::Code, console::Complaint};
    /// assert_eq!(Complaint::AllowOriginInvalid.code(), Code::AllowOriginMismatch);
    /// ```
    pub const fn code(self) -> Code {
        match self {
            Self::NoReason => Code::NoReason,
            Self::AllowOriginMissing => Code::AllowOriginMissing,
            Self::OriginNotAllowed => Code::OriginNotAllowed,
            Self::AllowOriginMismatch | Self::AllowOriginInvalid => Code::AllowOriginMismatch,
            Self::AllowOriginSeveral => Code::AllowOriginSeveral,
            Self::WildcardWithCredentials => Code::AllowOriginWildcardWithCredentials,
            Self::CredentialsNotAllowed => Code::AllowCredentialsNotTrue,
            Self::PreflightStatus | Self::PreflightRedirect => Code::PreflightStatus,
            Self::AllowMethodsInvalid => Code::PreflightAllowMethodsInvalid,
            Self::AllowHeadersInvalid => Code::PreflightAllowHeadersInvalid,
            Self::Method => Code::PreflightMethod,
            Self::Header => Code::PreflightHeader,
            Self::AuthorizationUnderWildcard => Code::AuthorizationUnderWildcard,
            Self::RedirectCredentials => Code::RedirectCredentials,
            Self::RedirectCount => Code::RedirectCount,
            Self::RedirectMode => Code::RedirectModeError,
            Self::Scheme => Code::NotHttpScheme,
            Self::ModeSameOrigin => Code::ModeSameOrigin,
            Self::CrossOriginResourcePolicy => Code::CrossOriginResourcePolicy,
            Self::LocalNetwork => Code::LocalNetwork,
            Self::NoResponse => Code::NoResponse,
            Self::Disabled => Code::Disabled,
        }
    }

    /// Whether it is about a preflight: `Some(false)` if it cannot be, `None` if it may be or not.
    const fn is_about_preflight(self) -> Option<bool> {
        match self {
            Self::PreflightStatus
            | Self::PreflightRedirect
            | Self::AllowMethodsInvalid
            | Self::AllowHeadersInvalid
            | Self::Method
            | Self::Header
            | Self::AuthorizationUnderWildcard => Some(true),
            Self::RedirectCredentials
            | Self::RedirectCount
            | Self::RedirectMode
            | Self::Scheme
            | Self::ModeSameOrigin
            | Self::CrossOriginResourcePolicy => Some(false),
            _ => None,
        }
    }
}

/// The kinds of values in messages.
///
/// ```
/// # use browser_cors::console::Field;
/// assert_eq!(Field::From.as_str(), "from");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Field {
    /// The URL that was refused, or whose redirect was refused.
    #[default]
    Url,
    /// The URL that the page asked for, if redirects led away from it.
    From,
    /// The target of a redirect.
    Location,
    /// The origin of the page.
    Origin,
    /// The API or element that asked, in the engine's words.
    Asker,
    /// The method.
    Method,
    /// The name of a request header.
    Header,
    /// The value, or part of the value, of the response header that the message is about.
    Value,
    /// The status.
    Status,
}

named!("console", Field {
    Url = "url",
    From = "from",
    Location = "location",
    Origin = "origin",
    Asker = "asker",
    Method = "method",
    Header = "header",
    Value = "value",
    Status = "status",
});

/// The values of a message, at most one of each kind.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Values(Vec<(Field, String)>);

impl Values {
    fn get(&self, field: Field) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, value)| value.as_str())
    }

    /// Adds a value, unless the field already has one.
    fn push(&mut self, field: Field, value: &str) {
        if self.get(field).is_none() {
            self.0.push((field, value.to_owned()));
        }
    }

    fn append(&mut self, other: &Self) {
        for (field, value) in &other.0 {
            self.push(*field, value);
        }
    }
}

/// What a console line says.
///
/// ```
/// use browser_cors::{console::{Complaint, Field, recognize}, engine::Engine};
///
/// let message = recognize("Access to fetch at 'https://api.example/1' from origin \
///     'https://app.example' has been blocked by CORS policy: Method PATCH is not allowed by \
///     Access-Control-Allow-Methods in preflight response.")?;
/// assert_eq!((message.engine, message.complaint), (Engine::Chromium, Complaint::Method));
/// assert_eq!(message.is_preflight, Some(true));
/// assert_eq!(message.value(Field::Method), Some("PATCH"));
/// # Ok::<(), browser_cors::console::Unrecognized>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    /// The engine that prints such a line.
    pub engine: Engine,
    /// What it complains about.
    pub complaint: Complaint,
    /// Whether the answer to a preflight was refused; `None` if the line does not tell.
    pub is_preflight: Option<bool>,
    values: Values,
}

impl Message {
    const fn new(engine: Engine, complaint: Complaint, values: Values) -> Self {
        Self { engine, complaint, is_preflight: complaint.is_about_preflight(), values }
    }

    /// The code of the refusal, as precise as the line allows.
    ///
    /// ```
    /// # use browser_cors::{code::Code, console::recognize};
    /// let message = recognize("Access to fetch at 'https://api.example/' from origin \
    ///     'https://app.example' has been blocked by CORS policy: Response to preflight request \
    ///     doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present \
    ///     on the requested resource.")?;
    /// assert_eq!(message.code(), Code::PreflightAllowOriginMissing);
    /// # Ok::<(), browser_cors::console::Unrecognized>(())
    /// ```
    pub fn code(&self) -> Code {
        let is_redirected =
            self.value(Field::Location).is_some() || self.value(Field::From).is_some();
        let names =
            |name| self.value(Field::Header).is_some_and(|it| it.eq_ignore_ascii_case(name));
        match self.complaint.code() {
            Code::NotHttpScheme if is_redirected => Code::RedirectScheme,
            Code::PreflightHeader if names(CORS_NON_WILDCARD_REQUEST_HEADER_NAME) => {
                Code::PreflightAuthorization
            }
            code if self.is_preflight == Some(true) => code.in_preflight(),
            code => code,
        }
    }

    /// The value of a field in the line. Its quotes are straight, and any white space in it is one
    /// space.
    ///
    /// ```
    /// # use browser_cors::console::{Field, recognize};
    /// let message = recognize("Preflight response is not successful. Status code: 404")?;
    /// assert_eq!(message.value(Field::Status), Some("404"));
    /// assert_eq!(message.value(Field::Url), None);
    /// # Ok::<(), browser_cors::console::Unrecognized>(())
    /// ```
    pub fn value(&self, field: Field) -> Option<&str> {
        self.values.get(field)
    }

    /// All values in the line.
    ///
    /// ```
    /// # use browser_cors::console::{Field, recognize};
    /// let message = recognize("Method put is not allowed by Access-Control-Allow-Methods.")?;
    /// assert_eq!(message.values().collect::<Vec<_>>(), [(Field::Method, "put")]);
    /// # Ok::<(), browser_cors::console::Unrecognized>(())
    /// ```
    pub fn values(&self) -> impl Iterator<Item = (Field, &str)> {
        self.values.0.iter().map(|(field, value)| (*field, value.as_str()))
    }
}

/// The error for a text that no engine prints about CORS.
///
/// ```
/// # use browser_cors::console::recognize;
/// let error = recognize("Uncaught ReferenceError: foo is not defined").unwrap_err();
/// assert!(error.to_string().starts_with("this is no message about CORS"));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error(
    "this is no message about CORS: expected a line from the console of Chromium, Firefox or \
     WebKit in English, such as `Access to fetch at ‘URL’ from origin ‘ORIGIN’ has been blocked \
     by CORS policy: …`"
)]
pub struct Unrecognized;

/// The most bytes of a text in which a message is looked for.
const READ_LIMIT: usize = 1 << 16;

/// Finds the message in a line that was copied from a console. The text before and after the
/// message does not matter, nor do line breaks, invisible characters and the kind of quotes.
///
/// Only the first 65,536 bytes are read.
///
/// # Errors
///
/// If the text contains no message about CORS.
///
/// ```
/// use browser_cors::{console::{Complaint, Field, recognize}, engine::Engine};
///
/// let message = recognize("Cross-Origin Request Blocked: The Same Origin Policy disallows \
///     reading the remote resource at https://api.example/. (Reason: CORS header \
///     ‘Access-Control-Allow-Origin’ does not match ‘https://app.example/’). [Learn More]")?;
/// assert_eq!(message.engine, Engine::Firefox);
/// assert_eq!(message.complaint, Complaint::AllowOriginMismatch);
/// assert_eq!(message.value(Field::Value), Some("https://app.example/"));
/// # Ok::<(), browser_cors::console::Unrecognized>(())
/// ```
pub fn recognize(text: &str) -> Result<Message, Unrecognized> {
    let end = (0..=READ_LIMIT.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    let text = plain(&text[..end.unwrap_or(0)]);
    firefox::recognize(&text)
        .or_else(|| chromium::recognize(&text))
        .or_else(|| webkit::recognize(&text))
        .ok_or(Unrecognized)
}

/// The lines that the engine prints on its console about a fetch. There are none if the fetch
/// succeeded, or if the transcript's profile is the standard's.
///
/// WebKit prints a line with the reason, and a second line that says that the load failed. The
/// second is left out, unless there is no reason.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     console::{Asker, messages}, engine::Profile, fetch::{Context, UserAgent},
///     header::HeaderList, preflight_cache::{PreflightCache, Timestamp},
///     request::{Mode, Request}, response::Response, transcript::Transcript, url::Url,
/// };
///
/// let (user_agent, mut cache) = (UserAgent::for_profile(Profile::CHROMIUM), PreflightCache::new());
/// let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let url = Url::parse("https://api.example/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.mode = Mode::Cors;
///
/// let transcript = Transcript::record(request, &mut context, |_exchange| {
///     Ok(Response::new(200, HeaderList::new()))
/// });
/// assert_eq!(
///     messages(&transcript, Asker::Fetch),
///     ["Access to fetch at 'https://api.example/' from origin 'https://app.example' has been \
///       blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the \
///       requested resource."],
/// );
/// # }
/// ```
pub fn messages(transcript: &Transcript, asker: Asker) -> Vec<String> {
    let Some(engine) = transcript.profile.engine() else { return Vec::new() };
    let Outcome::NetworkError(error) = &transcript.outcome else { return Vec::new() };
    let failure = Failure { transcript, error, asker };
    match engine {
        Engine::Chromium => chromium::messages(&failure),
        Engine::Firefox => firefox::messages(&failure),
        Engine::Webkit => webkit::messages(&failure),
    }
}

/// A fetch that ended in a network error.
struct Failure<'a> {
    transcript: &'a Transcript,
    error: &'a NetworkError,
    asker: Asker,
}

/// Where an answer redirects to.
enum Next<'a> {
    /// It does not redirect.
    Nowhere,
    Url(&'a Url),
    /// To something that is not a URL.
    Invalid(&'a [u8]),
}

impl<'a> Failure<'a> {
    /// The CORS check that failed, for a preflight or another exchange.
    const fn cors_check(&self) -> Option<&'a CorsCheckFailure> {
        match &self.error.refusal {
            Refusal::CorsCheck(failure)
            | Refusal::Preflight(PreflightFailure::CorsCheck(failure)) => Some(failure),
            _ => None,
        }
    }

    const fn is_preflight(&self) -> bool {
        matches!(self.error.refusal, Refusal::Preflight(_))
    }

    /// The exchange whose answer was refused.
    fn last(&self) -> Option<&'a RecordedExchange> {
        self.transcript.judged_exchange()
    }

    /// The status of the refused answer; 0 if there is no answer.
    fn status(&self) -> u16 {
        self.last().and_then(RecordedExchange::read).map_or(0, |answer| answer.status)
    }

    /// The target of the refused answer's redirect, as the user agent read it.
    fn next(&self) -> Next<'a> {
        match self.last().map(|last| &last.location) {
            None | Some(Ok(None) | Err(InvalidLocation::Empty)) => Next::Nowhere,
            Some(Ok(Some(url))) => Next::Url(url),
            Some(Err(InvalidLocation::Url { value, .. })) => Next::Invalid(value),
            Some(Err(InvalidLocation::Header(_))) => Next::Invalid(&[]),
        }
    }

    /// Whether the fetch has followed as many redirects as it may.
    fn has_redirected_to_the_limit(&self) -> bool {
        self.error.url_list.len() > usize::from(REDIRECT_LIMIT)
    }

    /// Whether a URL's origin is not the page's.
    fn is_cross_origin(&self, url: &Url) -> bool {
        let origin = &self.transcript.asked.origin;
        origin == "null" || url.origin().ascii_serialization() != *origin
    }

    /// Whether any exchange had a URL that is not of the page's origin.
    fn was_cross_origin(&self) -> bool {
        self.transcript.exchanges.iter().any(|exchange| self.is_cross_origin(&exchange.url))
    }
}

/// The first template for a complaint, which is the one that is printed.
fn template(templates: &[(Complaint, Template)], complaint: Complaint) -> Template {
    let mut templates = templates.iter();
    let found = templates.find(|(printed, _)| *printed == complaint);
    found.expect("each complaint that is printed has a template").1
}

/// The first template whose message is in the text.
fn find(templates: &[(Complaint, Template)], text: &str) -> Option<(Complaint, Values)> {
    templates.iter().find_map(|(complaint, template)| Some((*complaint, template.find(text)?)))
}

#[cfg(test)]
mod tests {
    use super::{Complaint, Engine, Field, Template, chromium, firefox, plain, recognize, webkit};

    const TABLES: [(Engine, &[(Complaint, Template)]); 3] = [
        (Engine::Chromium, chromium::TEMPLATES),
        (Engine::Firefox, firefox::TEMPLATES),
        (Engine::Webkit, webkit::TEMPLATES),
    ];

    const VALUES: [(Field, &str); 9] = [
        (Field::Url, "https://api.example/a?b=c#d"),
        (Field::From, "https://api.example/"),
        (Field::Location, "https://me@api.example/"),
        (Field::Origin, "https://app.example"),
        (Field::Asker, "XMLHttpRequest"),
        (Field::Method, "PATCH"),
        (Field::Header, "x-token"),
        (Field::Value, "a, b \"c\"; 'd'"),
        (Field::Status, "404"),
    ];

    /// Fills each template and recognizes it, with its values, whatever text is around it.
    #[test]
    fn templates_are_recognized() {
        for (engine, table) in TABLES {
            for (complaint, template) in table {
                let printed = template.fill(&VALUES);
                for text in [printed.clone(), format!("[Error] (Reason: {printed} [Learn More]")] {
                    let message = recognize(&text).unwrap();
                    assert_eq!((message.engine, message.complaint), (engine, *complaint), "{text}");
                    for (field, value) in message.values() {
                        let given = VALUES.iter().find(|(name, _)| *name == field).unwrap().1;
                        let is_at_the_end = template.0.ends_with("{value}");
                        assert!(
                            value == given || is_at_the_end && value.starts_with(given),
                            "{text}: {value}",
                        );
                    }
                    let gaps = template.0.matches('{').count();
                    assert!(message.values().count() >= gaps, "{text}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_seen_does_not_count() {
        assert_eq!(plain("a\u{200B}\u{FEFF}b \n\t c\u{A0}\u{2018}\u{201D}"), "ab c '\"");
    }
}
