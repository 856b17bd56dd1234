//! What would put things right, as a value: which answers a server must give, or what else somebody
//! can do, and where that change belongs.
//!
//! Every sentence that says how to mend something stands in this module. What finds the faults asks
//! for a [`Remedy`] and prints it.

mod answer;
mod draft;
mod load;
mod page;
mod refusal;
mod wish;
pub(crate) mod words;

use std::{borrow::Cow, fmt, mem};

use url::{Position, Url};

use super::Cause;
use crate::{
    origin::{has_http_scheme, url_as_sent},
    transcript::RecordedExchange,
};

pub(crate) use draft::Draft;
pub(super) use page::take_misplaced;
pub use refusal::further_faults;

/// What would make a fetch succeed, or make it come out as a test expects.
///
/// A remedy is complete: it names everything that is wrong with the answer that was refused, not
/// only what the browser stumbled over first. A server that gives these [`answers`](Self::answers)
/// has mended all that was seen of it. What it would answer to a request that was never sent nobody
/// knows; of such an answer, a remedy names the headers without which the page could not read it.
///
/// [`Display`](fmt::Display) says the whole in sentences, for people.
///
/// # Examples
///
/// A preflight that a login guards, and that grants nothing. One remedy mends both:
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     explain::{Remedy, Where}, fetch::{Context, UserAgent}, header::HeaderList, http::Method,
///     preflight_cache::{PreflightCache, Timestamp}, request::{Mode, Request},
///     response::Response, transcript::Transcript, url::Url,
/// };
///
/// let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let url = Url::parse("https://api.example/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.mode = Mode::Cors;
/// request.method = Method::PUT;
/// request.unsafe_request = true;
///
/// let transcript = Transcript::record(request, &mut context, |_exchange| {
///     Ok(Response::new(401, HeaderList::new()))
/// });
/// let remedy = Remedy::of(&transcript).unwrap();
/// assert_eq!(remedy.place, Where::Server { host: Some("api.example".to_owned()) });
/// let [preflight, request] = &remedy.answers[..] else { panic!("{remedy}") };
/// assert_eq!(preflight.status, Some(204));
/// assert_eq!(preflight.header("Access-Control-Allow-Methods"), Some("PUT"));
/// assert_eq!(request.header("Access-Control-Allow-Origin"), Some("https://app.example"));
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "scenario", derive(serde::Serialize))]
pub struct Remedy {
    /// Where the change belongs.
    #[cfg_attr(feature = "scenario", serde(flatten))]
    pub place: Where,
    /// What servers must answer instead. It is empty where no answer would do, and where nobody can
    /// say which one would.
    pub answers: Vec<Answer>,
    /// What there is to say besides, in sentences: what else to do, why, and what to beware of.
    pub advice: String,
    /// What made the present answer wrong, as far as its bytes tell. The advice says it in words.
    #[cfg_attr(feature = "scenario", serde(skip_serializing_if = "Vec::is_empty"))]
    pub causes: Vec<Cause>,
}

/// Where a change belongs.
///
/// ```
/// # use browser_cors::explain::Where;
/// let server = Where::Server { host: Some("api.example:8443".to_owned()) };
/// assert_eq!(server.to_string(), "the server of api.example:8443");
/// assert_eq!(Where::Page.to_string(), "the page's code");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "scenario", derive(serde::Serialize))]
#[cfg_attr(feature = "scenario", serde(tag = "where", rename_all = "kebab-case"))]
pub enum Where {
    /// The server that answers the URL.
    Server {
        /// Its host, with the port unless that is the scheme's own. A line of a console does not
        /// always name it.
        #[cfg_attr(feature = "scenario", serde(skip_serializing_if = "Option::is_none"))]
        host: Option<String>,
    },
    /// The code of the page that asks, or of the test that plays the page.
    Page,
    /// Both: the page must ask otherwise, and then the server must answer otherwise.
    PageAndServer {
        /// The host of the server, as in [`Server`](Self::Server).
        #[cfg_attr(feature = "scenario", serde(skip_serializing_if = "Option::is_none"))]
        host: Option<String>,
    },
    /// A proxy between browser and server.
    Proxy,
    /// The settings of the browser.
    Browser,
    /// The test, or the file of expectations, which must ask otherwise.
    Test,
}

impl Where {
    /// The server that answers `url`. Where none does, as with `data:`, it is the page.
    ///
    /// ```
    /// # use browser_cors::{explain::Where, url::Url};
    /// let url = Url::parse("https://api.example:443/items").unwrap();
    /// assert_eq!(Where::server_of(&url).to_string(), "the server of api.example");
    /// ```
    pub fn server_of(url: &Url) -> Self {
        if !has_http_scheme(url) {
            return Self::Page;
        }
        Self::Server { host: Some(url[Position::BeforeHost..Position::AfterPort].to_owned()) }
    }
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server { host: Some(host) } => write!(f, "the server of {host}"),
            Self::Server { host: None } => f.write_str("the server"),
            Self::Page => f.write_str("the page's code"),
            Self::PageAndServer { host: Some(host) } => {
                write!(f, "the page's code and the server of {host}")
            }
            Self::PageAndServer { host: None } => f.write_str("the page's code and the server"),
            Self::Proxy => f.write_str("a proxy"),
            Self::Browser => f.write_str("the browser's settings"),
            Self::Test => f.write_str("the test"),
        }
    }
}

/// What a server must answer to one request, besides what it answers anyway.
///
/// A header replaces all lines of that name. Where a status or a header is not mentioned, the present
/// one will do. What nobody can know is described between `<` and `>`, as in
/// `Location: <a URL>`.
///
/// ```
/// # use browser_cors::explain::Answer;
/// # fn f(answer: &Answer) {
/// for (name, value) in &answer.headers {
///     println!("{name}: {value}");
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[cfg_attr(feature = "scenario", derive(serde::Serialize))]
pub struct Answer {
    /// To which exchange; `None` where a line of a console does not tell.
    #[cfg_attr(feature = "scenario", serde(skip_serializing_if = "Option::is_none"))]
    pub to: Option<AnswerTo>,
    /// To which method; `None` where a line of a console does not tell.
    #[cfg_attr(feature = "scenario", serde(skip_serializing_if = "Option::is_none"))]
    pub method: Option<String>,
    /// To which URL; `None` where a line of a console does not tell.
    #[cfg_attr(feature = "scenario", serde(skip_serializing_if = "Option::is_none"))]
    pub url: Option<String>,
    /// The status, where another is needed.
    #[cfg_attr(feature = "scenario", serde(skip_serializing_if = "Option::is_none"))]
    pub status: Option<u16>,
    /// The headers to send, with their values.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// The headers not to send.
    #[cfg_attr(feature = "scenario", serde(skip_serializing_if = "Vec::is_empty"))]
    pub without: Vec<String>,
    /// How, or under which condition, as in `if every page may read it`.
    #[cfg_attr(feature = "scenario", serde(skip_serializing_if = "Option::is_none"))]
    pub how: Option<Cow<'static, str>>,
}

/// Which exchange an [`Answer`] is for.
///
/// ```
/// # use browser_cors::explain::AnswerTo;
/// assert_eq!(AnswerTo::UnsentRequest.as_str(), "unsent-request");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "scenario", derive(serde::Serialize))]
#[cfg_attr(feature = "scenario", serde(rename_all = "kebab-case"))]
pub enum AnswerTo {
    /// A preflight.
    Preflight,
    /// A request that is no preflight, and was answered.
    Request,
    /// The request that was not sent, as its preflight did not let it pass. Nobody has seen what the
    /// server answers to it, so these headers may be there already.
    UnsentRequest,
}

impl AnswerTo {
    /// Its name in JSON.
    ///
    /// ```
    /// # use browser_cors::explain::AnswerTo;
    /// assert_eq!(AnswerTo::Preflight.as_str(), "preflight");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preflight => "preflight",
            Self::Request => "request",
            Self::UnsentRequest => "unsent-request",
        }
    }
}

impl Remedy {
    /// A remedy that is no answer of a server.
    ///
    /// ```
    /// # use browser_cors::explain::{Remedy, Where};
    /// let remedy = Remedy::advising(Where::Page, "Ask with the mode cors.");
    /// assert_eq!(remedy.to_string(), "In the page's code: ask with the mode cors.");
    /// ```
    pub fn advising(place: Where, advice: impl Into<String>) -> Self {
        Self { place, answers: Vec::new(), advice: advice.into(), causes: Vec::new() }
    }

    /// Both remedies in one. Answers to the same exchange become one answer, in which `other` has
    /// the last word.
    ///
    /// ```
    /// # use {browser_cors::explain::Remedy, browser_cors::transcript::Transcript};
    /// # fn f(transcript: &Transcript) -> Option<Remedy> {
    /// Some(Remedy::of(transcript)?.and(Remedy::exposing(&["etag"], transcript)))
    /// # }
    /// ```
    pub fn and(mut self, other: Self) -> Self {
        for answer in other.answers {
            let known = self.answers.iter_mut().find(|known| {
                (&known.to, &known.method, &known.url) == (&answer.to, &answer.method, &answer.url)
            });
            match known {
                Some(known) => known.join(answer),
                None => self.answers.push(answer),
            }
        }
        if !other.advice.is_empty() && !self.advice.contains(&other.advice) {
            self.add_advice(&other.advice);
        }
        self.causes.extend(other.causes);
        self
    }

    fn add_advice(&mut self, sentence: &str) {
        if !self.advice.is_empty() {
            self.advice.push(' ');
        }
        self.advice.push_str(sentence);
    }
}

impl Answer {
    /// To an exchange that was answered.
    pub(crate) fn to_exchange(exchange: &RecordedExchange) -> Self {
        Self {
            to: Some(match exchange.preflight {
                Some(_) => AnswerTo::Preflight,
                None => AnswerTo::Request,
            }),
            method: Some(exchange.method.to_string()),
            url: Some(url_as_sent(&exchange.url).into_owned()),
            ..Self::default()
        }
    }

    /// To the request after a preflight that did not let it pass.
    pub(crate) fn to_unsent(preflight: &RecordedExchange) -> Self {
        let method = preflight.header_list.get("Access-Control-Request-Method");
        Self {
            to: Some(AnswerTo::UnsentRequest),
            method: method.map(|method| String::from_utf8_lossy(&method).into_owned()),
            ..Self::to_exchange(preflight)
        }
    }

    /// The value of the header of that name, in any case.
    ///
    /// ```
    /// # use browser_cors::explain::Answer;
    /// assert_eq!(Answer::default().header("Vary"), None);
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(other, _)| other.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// Whether it asks for nothing.
    pub(crate) const fn is_empty(&self) -> bool {
        self.status.is_none() && self.headers.is_empty() && self.without.is_empty()
    }

    pub(crate) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.replace(name.into(), value.into());
    }

    fn replace(&mut self, name: Cow<'static, str>, value: String) {
        match self.headers.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(&name)) {
            Some((_, old)) => *old = value,
            None => self.headers.push((name, value)),
        }
    }

    /// The same with its headers in the order in which people look for them.
    pub(crate) fn in_order(mut self) -> Self {
        self.headers.sort_by_key(|(name, _)| order(name));
        self
    }

    fn join(&mut self, other: Self) {
        self.status = other.status.or(self.status);
        other.headers.into_iter().for_each(|(name, value)| self.replace(name, value));
        self.headers.sort_by_key(|(name, _)| order(name));
        self.without.extend(other.without);
        self.how = mem::take(&mut self.how).or(other.how);
    }

    /// Whether it has every header of `other`, with the same values.
    fn says_all_of(&self, other: &Self) -> bool {
        other.headers.iter().all(|header| self.headers.contains(header))
    }

    /// The names of its headers.
    fn names(&self) -> String {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| format!("`{name}`")).collect();
        and(&names)
    }

    /// Whether it lets an origin read the answer.
    fn allows_an_origin(&self) -> bool {
        self.headers.iter().any(|(name, _)| is_about_origins(name) && name != words::VARY)
    }

    /// `204, `A: b` and `C: d`, if …`
    fn what(&self) -> String {
        let status = self.status.iter().map(ToString::to_string);
        let headers = self.headers.iter().map(|(name, value)| format!("`{name}: {value}`"));
        let with: Vec<_> = status.chain(headers).collect();
        let without: Vec<_> = self.without.iter().map(|name| format!("`{name}`")).collect();
        let mut text = match (&with[..], &without[..]) {
            (with, []) => format!("with {}", and(with)),
            ([], without) => format!("without {}", and(without)),
            (with, without) => format!("without {} and with {}", and(without), and(with)),
        };
        if let Some(how) = &self.how {
            text.push_str(", ");
            text.push_str(how);
        }
        text
    }
}

fn order(name: &str) -> usize {
    let first =
        [words::ALLOW_ORIGIN, words::ALLOW_CREDENTIALS, words::ALLOW_METHODS, words::ALLOW_HEADERS];
    let place = first.iter().position(|other| *other == name);
    place.unwrap_or_else(|| first.len() + usize::from(name == words::VARY))
}

fn is_about_origins(name: &str) -> bool {
    [words::ALLOW_ORIGIN, words::ALLOW_CREDENTIALS, words::VARY].contains(&name)
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.what();
        match (&self.url, &self.method, self.to) {
            (Some(url), Some(method), _) => write!(f, "answer {method} {url} {what}"),
            (Some(url), None, _) => write!(f, "answer {url} {what}"),
            (None, _, Some(AnswerTo::Preflight)) => write!(f, "answer the preflight {what}"),
            (None, _, _) => write!(f, "answer the request {what}"),
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_unsent = |answer: &&Answer| answer.to == Some(AnswerTo::UnsentRequest);
        let (unsent, seen): (Vec<_>, Vec<_>) = self.answers.iter().partition(is_unsent);
        let mut sentences: Vec<String> =
            seen.iter().map(|answer| format!("{}.", capital(&answer.to_string()))).collect();
        if !self.advice.is_empty() {
            let place = match self.place {
                Where::Server { .. } | Where::Test => None,
                Where::Page | Where::PageAndServer { .. } => Some("In the page's code"),
                Where::Proxy => Some("At the proxy"),
                Where::Browser => Some("In the browser's settings"),
            };
            sentences.push(match place {
                Some(place) => format!("{place}: {}", small(&self.advice)),
                None => self.advice.clone(),
            });
        }
        // Whoever has got the origin right in a preflight has it right in the answer, most likely.
        let is_allowed = !seen.iter().any(|answer| answer.allows_an_origin());
        for unsent in unsent {
            if !is_allowed || !unsent.headers.iter().all(|(name, _)| is_about_origins(name)) {
                sentences.push(format!("The request after the preflight was not sent: {}.", {
                    let is_same = |answer: &&Answer| answer.says_all_of(unsent);
                    match seen.iter().copied().find(is_same) {
                        Some(_) => format!("its answer needs the same {}", unsent.names()),
                        None => format!("{unsent} as well"),
                    }
                }));
            }
        }
        f.write_str(&sentences.join(" "))
    }
}

/// `a`, `a and b`, `a, b and c`.
fn and(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn capital(text: &str) -> String {
    with_first(text, char::to_ascii_uppercase)
}

fn small(text: &str) -> String {
    with_first(text, char::to_ascii_lowercase)
}

fn with_first(text: &str, change: fn(&char) -> char) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| change(&first)).into_iter().chain(chars).collect()
}
