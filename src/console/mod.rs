//! The console messages of the engines about fetches that CORS blocked: prints the lines for a
//! [`Transcript`], and reads a line back.
//!
//! A page never learns why a fetch failed; its developer does, from the console. Each engine has
//! its own wording. The lines printed here have the wording of the newest recorded release; older
//! wordings are recognized too.
//!
//! ```
//! use browser_cors::console::{Complaint, Console, Field, recognize};
//!
//! let message = recognize(
//!     "[Error] Origin https://app.example is not allowed by Access-Control-Allow-Origin. \
//!      Status code: 200",
//! )?;
//! assert_eq!(message.console, Console::Webkit);
//! assert_eq!(message.complaint, Complaint::OriginNotAllowed);
//! assert_eq!(message.value(Field::Origin), Some("https://app.example"));
//! # Ok::<(), browser_cors::console::Unrecognized>(())
//! ```

mod chromium;
mod complaint;
mod firefox;
mod inferred;
mod internet_explorer;
mod meaning;
mod names;
mod neighbours;
mod read;
mod remedy;
mod template;
mod text;
mod webkit;

pub use complaint::Complaint;
pub use meaning::meaning;
pub use remedy::remedy;

use std::ops::Range;

use thiserror::Error;

use crate::{
    code::Code,
    cors_check::CorsCheckFailure,
    engine::Engine,
    fetch::{NetworkError, Outcome, PreflightFailure, REDIRECT_LIMIT, Refusal},
    header::safelist::CORS_NON_WILDCARD_REQUEST_HEADER_NAME,
    page::loads::{Load, RecordedLoad},
    response::InvalidLocation,
    spec::keyword::named,
    transcript::{RecordedExchange, Transcript},
    url::Url,
};

use read::Role;
use template::Template;

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
    /// What was expected instead of the value.
    Expected,
    /// The MIME type of an answer.
    Type,
    /// The directive of a Content Security Policy.
    Directive,
    /// The URL of the page.
    Page,
    /// The name or number of an error of the network.
    Error,
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
    Expected = "expected",
    Type = "type",
    Directive = "directive",
    Page = "page",
    Error = "error",
});

/// Whose console prints a message.
///
/// ```
/// # use browser_cors::console::Console;
/// assert_eq!(Console::InternetExplorer.as_str(), "internet-explorer");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Console {
    /// That of Chrome and all that is built on Chromium.
    #[default]
    Chromium,
    /// That of Firefox.
    Firefox,
    /// That of Safari and all that is built on WebKit.
    Webkit,
    /// That of Internet Explorer and of Edge before it was built on Chromium.
    InternetExplorer,
    /// That of several of these.
    Unknown,
}

named!("console", Console {
    Chromium = "chromium",
    Firefox = "firefox",
    Webkit = "webkit",
    InternetExplorer = "internet-explorer",
    Unknown = "unknown",
});

impl Console {
    /// The engine, if this library models it.
    ///
    /// ```
    /// # use browser_cors::{console::Console, engine::Engine};
    /// assert_eq!(Console::Firefox.engine(), Some(Engine::Firefox));
    /// assert_eq!(Console::InternetExplorer.engine(), None);
    /// ```
    pub const fn engine(self) -> Option<Engine> {
        match self {
            Self::Chromium => Some(Engine::Chromium),
            Self::Firefox => Some(Engine::Firefox),
            Self::Webkit => Some(Engine::Webkit),
            Self::InternetExplorer | Self::Unknown => None,
        }
    }
}

/// The values of a message, at most one of each kind.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
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
/// use browser_cors::console::{Complaint, Console, Field, recognize};
///
/// let message = recognize("Access to fetch at 'https://api.example/1' from origin \
///     'https://app.example' has been blocked by CORS policy: Method PATCH is not allowed by \
///     Access-Control-Allow-Methods in preflight response.")?;
/// assert_eq!((message.console, message.complaint), (Console::Chromium, Complaint::Method));
/// assert_eq!(message.is_preflight, Some(true));
/// assert_eq!(message.value(Field::Method), Some("PATCH"));
/// # Ok::<(), browser_cors::console::Unrecognized>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Message {
    /// Whose console prints such a line.
    pub console: Console,
    /// What it complains about.
    pub complaint: Complaint,
    /// Whether the answer to a preflight was refused; `None` if the line does not tell.
    pub is_preflight: Option<bool>,
    /// Whether the line was cut before its end. It may have said more, and
    /// [`Complaint::NoReason`] may be all that is left of a reason.
    pub is_cut: bool,
    /// Whether the line is in another language than English, and what it says was inferred from
    /// what is the same in all of them: URLs, names of headers, values and statuses.
    pub is_inferred: bool,
    values: Values,
}

impl Message {
    const fn new(console: Console, complaint: Complaint, values: Values) -> Self {
        let is_preflight = complaint.is_about_preflight();
        Self { console, complaint, is_preflight, is_cut: false, is_inferred: false, values }
    }

    /// Whether both say the same, as far as both say something.
    fn is_same_as(&self, other: &Self) -> bool {
        let has_same = |(field, value): &(Field, String)| {
            other.values.get(*field).is_none_or(|other| other == value)
        };
        (self.console, self.complaint, self.is_preflight)
            == (other.console, other.complaint, other.is_preflight)
            && self.values.0.iter().all(has_same)
    }

    /// The page of MDN about what the line complains about.
    ///
    /// ```
    /// # use browser_cors::console::recognize;
    /// let message = recognize("Preflight response is not successful. Status code: 401")?;
    /// assert_eq!(
    ///     message.mdn(),
    ///     Some("https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/\
    ///         CORSPreflightDidNotSucceed"),
    /// );
    /// # Ok::<(), browser_cors::console::Unrecognized>(())
    /// ```
    pub const fn mdn(&self) -> Option<&'static str> {
        names::mdn(self.complaint)
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
#[derive(Clone, Copy, Debug, Default, Eq, Error, PartialEq)]
#[error(
    "this is no message about CORS: expected a line from the console of a browser, such as `Access to fetch at ‘URL’ from origin ‘ORIGIN’ has been blocked \
     by CORS policy: …`"
)]
pub struct Unrecognized;

/// The most bytes of a text in which [`recognize`] looks for a message.
const READ_LIMIT: usize = 1 << 16;

/// Finds the message about CORS in a line that was copied from a console. The text before and after
/// the message does not matter, nor do line breaks, invisible characters and the kind of quotes.
/// Of several messages it is the first one that says why. [`find_all`] finds every message.
///
/// Only the first 65,536 bytes are read.
///
/// # Errors
///
/// If the text contains no message about CORS.
///
/// ```
/// use browser_cors::console::{Complaint, Console, Field, recognize};
///
/// let message = recognize("Cross-Origin Request Blocked: The Same Origin Policy disallows \
///     reading the remote resource at https://api.example/. (Reason: CORS header \
///     ‘Access-Control-Allow-Origin’ does not match ‘https://app.example/’). [Learn More]")?;
/// assert_eq!(message.console, Console::Firefox);
/// assert_eq!(message.complaint, Complaint::AllowOriginMismatch);
/// assert_eq!(message.value(Field::Value), Some("https://app.example/"));
/// # Ok::<(), browser_cors::console::Unrecognized>(())
/// ```
pub fn recognize(text: &str) -> Result<Message, Unrecognized> {
    let mut messages: Vec<Message> = find_all(&text[..text::floor(text, READ_LIMIT)])
        .map(|occurrence| occurrence.message)
        .filter(|message| message.complaint.is_about_cors())
        .collect();
    let says_why = |message: &Message| message.complaint != Complaint::NoReason;
    let index = messages.iter().position(says_why).unwrap_or(0);
    if messages.is_empty() { Err(Unrecognized) } else { Ok(messages.swap_remove(index)) }
}

/// A message, and where a text has it.
///
/// ```
/// use browser_cors::console::find_all;
///
/// let text = "Uncaught (in promise) TypeError: Failed to fetch";
/// let occurrence = find_all(text).next().unwrap();
/// assert_eq!(&text[occurrence.range], "TypeError: Failed to fetch");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Occurrence {
    /// What the message says.
    pub message: Message,
    /// The bytes of the text from the message's first word to its last.
    pub range: Range<usize>,
}

/// Finds every message in a text that was copied from a console, in their order: those about CORS,
/// and those that people take for them, such as those about mixed content. What is no message is
/// passed over. Several lines that a console prints about one failure are one message.
///
/// ```
/// use browser_cors::{code::Code, console::{Field, find_all}};
///
/// let text = "\
/// app.js:7 Access to fetch at 'https://api.example/a' from origin 'https://app.example' has been \
/// blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested \
/// resource.
/// app.js:7 GET https://api.example/a net::ERR_FAILED 200 (OK)
/// Uncaught (in promise) TypeError: Failed to fetch
/// ";
/// let found: Vec<_> = find_all(text).collect();
/// assert_eq!(found[0].message.code(), Code::AllowOriginMissing);
/// assert_eq!(found[0].message.value(Field::Status), Some("200"));
/// assert_eq!(found[1].message.code(), Code::FetchFailed);
/// assert_eq!(&text[found[1].range.clone()], "TypeError: Failed to fetch");
/// ```
pub fn find_all(text: &str) -> impl Iterator<Item = Occurrence> {
    read::read(text).into_iter()
}

/// Words by which a console, a panel or a protocol says a reason.
///
/// ```
/// use browser_cors::console::{Complaint, Console, wordings};
///
/// let method = wordings().find(|wording| wording.complaint == Complaint::Method).unwrap();
/// assert_eq!(method.console, Console::Firefox);
/// assert_eq!(method.text, "Did not find method in CORS header ‘Access-Control-Allow-Methods’).");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Wording {
    /// Whose words they are.
    pub console: Console,
    /// What they complain about.
    pub complaint: Complaint,
    /// Whether they are about the answer to a preflight; `None` if the words alone do not tell.
    pub is_preflight: Option<bool>,
    /// The words. A value is the name of its [`Field`] in braces, as in `Method {method}`.
    pub text: &'static str,
}

/// All wordings of reasons that [`find_all`] knows, those of older releases too. It also knows words
/// that stand around a reason, and are not listed.
///
/// ```
/// use browser_cors::{code::Code, console::wordings};
///
/// let mut blocked = wordings().filter(|wording| wording.complaint.code() == Code::BlockedByClient);
/// assert!(blocked.any(|wording| wording.text.contains("ERR_BLOCKED_BY_CLIENT")));
/// ```
pub fn wordings() -> impl Iterator<Item = Wording> {
    read::wordings().filter_map(|(console, role, Template(text))| {
        let (complaint, is_preflight) = match role {
            Role::Reason(complaint)
            | Role::Alone(complaint)
            | Role::Exact(complaint)
            | Role::Code(complaint) => (complaint, complaint.is_about_preflight()),
            Role::Name(complaint, is_preflight) => {
                (complaint, is_preflight.or_else(|| complaint.is_about_preflight()))
            }
            _ => return None,
        };
        Some(Wording { console, complaint, is_preflight, text })
    })
}

/// The lines that the engine prints on its console about a fetch. There are none if the fetch
/// succeeded, or if the transcript's profile is the standard's. About a refusal of the embedder's own
/// there is what [the embedder says](crate::fetch::EmbedderRefusal::with_console).
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
    let Outcome::NetworkError(error) = &transcript.outcome else { return Vec::new() };
    if let Refusal::Embedder(refusal) = &error.refusal {
        return refusal.console().map(str::to_owned).into_iter().collect();
    }
    let Some(engine) = transcript.profile.engine() else { return Vec::new() };
    let failure = Failure { transcript, error, asker };
    match engine {
        Engine::Chromium => chromium::messages(&failure),
        Engine::Firefox => firefox::messages(&failure),
        Engine::Webkit => webkit::messages(&failure),
    }
}

/// The lines that the engine of a load's profile prints on its console. Unlike [`messages`], this knows
/// what kind of script it is and how its response was judged.
///
/// ```
/// # use browser_cors::{console::messages_of_load, page::loads::RecordedLoad};
/// # fn f(load: &RecordedLoad) {
/// messages_of_load(load).iter().for_each(|line| eprintln!("{line}"));
/// # }
/// ```
pub fn messages_of_load(load: &RecordedLoad) -> Vec<String> {
    let of_refused_type = match load.transcript.profile.engine() {
        Some(Engine::Firefox) => firefox::of_refused_type(load),
        Some(Engine::Chromium | Engine::Webkit) | None => None,
    };
    of_refused_type.unwrap_or_else(|| messages(&load.transcript, load.load.into()))
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
        is_cross_origin(self.transcript, url)
    }

    /// Whether any exchange had a URL that is not of the page's origin.
    fn was_cross_origin(&self) -> bool {
        was_cross_origin(self.transcript)
    }
}

fn is_cross_origin(transcript: &Transcript, url: &Url) -> bool {
    let origin = &transcript.asked.origin;
    origin == "null" || url.origin().ascii_serialization() != *origin
}

fn was_cross_origin(transcript: &Transcript) -> bool {
    transcript.exchanges.iter().any(|exchange| is_cross_origin(transcript, &exchange.url))
}

/// The first template for a complaint, which is the one that is printed.
fn template(templates: &[(Complaint, Template)], complaint: Complaint) -> Template {
    let mut templates = templates.iter();
    let found = templates.find(|(printed, _)| *printed == complaint);
    found.expect("each complaint that is printed has a template").1
}
