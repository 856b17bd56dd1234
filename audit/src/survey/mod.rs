//! Finds out who may read what on a server: the owner's pages, any website, `null`, look-alikes,
//! extensions and apps, each with and without the user's cookies.
//!
//! A [`Survey`] sends safe requests alone: GET, and preflights, which change nothing. What it says is
//! what the model proves of each engine, never a pattern in a header: a [`Finding`] names who can do
//! what, in which engines, on what evidence, and what to change.
//!
//! ```
//! use browser_cors::{header::HeaderList, response::Response, url::Url};
//! use browser_cors_audit::survey::{Severity, Surveying};
//!
//! let url = Url::parse("https://api.example/me").unwrap();
//! // A server that lets every origin in, with credentials.
//! let survey = Surveying::new().survey(&url, &mut |mut asking| {
//!     while let Some(exchange) = asking.exchange() {
//!         let mut headers = HeaderList::new();
//!         if let Some(origin) = exchange.header_list().get("Origin") {
//!             headers.append("Access-Control-Allow-Origin", origin).unwrap();
//!             headers.append("Access-Control-Allow-Credentials", "true").unwrap();
//!             headers.append("Vary", "Origin").unwrap();
//!         }
//!         asking.answered(Ok(Response::new(200, headers)));
//!     }
//!     asking.finish()
//! });
//! let finding = &survey.findings[0];
//! assert_eq!(finding.severity, Severity::High);
//! assert_eq!(
//!     finding.text,
//!     "Any website can read this with the user's cookies (if they are SameSite=None)."
//! );
//! assert_eq!(finding.engines, ["standard", "chromium", "firefox", "webkit"]);
//! ```

mod finding;
mod sarif;
mod visitor;

use std::borrow::Borrow;

use browser_cors::{
    compare::{Asking, Browsers, FetchOutcome, Question, Results},
    engine::Profile,
    fetch::{Outcome, UserAgent, judge_preflight_response},
    header::HeaderList,
    http::HeaderValue,
    origin::Origin,
    page::{fetch_api::RequestInit, loads::is_cors_same_origin},
    request::{CredentialsMode, Mode},
    response::Response,
    transcript::{RecordedExchange, Transcript},
    url::Url,
};
use serde::{Serialize, Serializer};

pub use finding::{Finding, Severity};
pub use sarif::write_sarif;
pub use visitor::{Visitor, Who};

/// How to make a survey: in which engines, with which pages of the owner, and with which cookie.
///
/// ```
/// use browser_cors::engine::Profile;
/// use browser_cors_audit::survey::Surveying;
///
/// let surveying = Surveying::new()
///     .in_engines([Profile::CHROMIUM, Profile::FIREFOX])
///     .page("https://app.example".parse()?);
/// # Ok::<(), browser_cors::origin::InvalidOrigin>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Surveying {
    user_agents: Vec<UserAgent>,
    pages: Vec<Origin>,
    cookie: Option<HeaderValue>,
}

/// Asks a question: sends its exchanges, with the user's cookie where there is one.
///
/// ```
/// use browser_cors::{compare::Asking, url::Url};
/// use browser_cors_audit::survey::{Ask, Surveying};
///
/// fn survey(url: &Url, ask: &mut Ask<'_>) {
///     println!("{:?}", Surveying::new().survey(url, ask).findings);
/// }
///
/// // Sends nothing.
/// survey(&Url::parse("https://api.example/")?, &mut Asking::finish);
/// # Ok::<(), browser_cors::url::ParseError>(())
/// ```
pub type Ask<'a> = dyn FnMut(Asking) -> Results + 'a;

impl Surveying {
    /// A survey in the standard and all engines, of a server whose pages are not known.
    ///
    /// ```
    /// # use browser_cors_audit::survey::Surveying;
    /// let surveying = Surveying::new();
    /// ```
    pub fn new() -> Self {
        Self { user_agents: Vec::new(), pages: Vec::new(), cookie: None }.in_engines(Profile::ALL)
    }

    /// Sets the engines. Default: the standard and all engines.
    ///
    /// ```
    /// # use {browser_cors::engine::Profile, browser_cors_audit::survey::Surveying};
    /// let surveying = Surveying::new().in_engines([Profile::WEBKIT]);
    /// ```
    pub fn in_engines(self, profiles: impl IntoIterator<Item = impl Borrow<Profile>>) -> Self {
        let profiles = profiles.into_iter().map(|profile| *profile.borrow());
        self.as_user_agents(profiles.map(UserAgent::for_profile))
    }

    /// Sets the user agents, such as those [of a client](crate::client::Client::user_agent).
    ///
    /// ```
    /// use browser_cors::engine::Profile;
    /// use browser_cors_audit::{client::Client, survey::Surveying};
    ///
    /// let client = Client::new().imitating(Profile::ALL);
    /// let user_agents = Profile::ALL.iter().map(|profile| client.user_agent(*profile));
    /// let surveying = Surveying::new().as_user_agents(user_agents);
    /// ```
    pub fn as_user_agents(mut self, user_agents: impl IntoIterator<Item = UserAgent>) -> Self {
        self.user_agents = user_agents.into_iter().collect();
        self
    }

    /// Adds a page of the server's owner, which should be able to read. Look-alikes are made of such
    /// pages; without any, of the server's own origin.
    ///
    /// ```
    /// # use browser_cors_audit::survey::Surveying;
    /// let surveying = Surveying::new().page("https://app.example".parse()?);
    /// # Ok::<(), browser_cors::origin::InvalidOrigin>(())
    /// ```
    pub fn page(mut self, origin: Origin) -> Self {
        self.pages.push(origin);
        self
    }

    /// Sets the user's cookie for the server. A server may grant more to who is signed in.
    ///
    /// ```
    /// # use {browser_cors::http::HeaderValue, browser_cors_audit::survey::Surveying};
    /// let surveying = Surveying::new().cookie(HeaderValue::from_static("session=1"));
    /// ```
    pub fn cookie(mut self, cookie: HeaderValue) -> Self {
        self.cookie = Some(cookie);
        self
    }

    /// Makes the survey. Calls `ask` for each question; together they have some 60 to 120 exchanges,
    /// which are preflights and GETs alone.
    ///
    /// ```
    /// # use {browser_cors::url::Url, browser_cors_audit::survey::Surveying};
    /// use browser_cors_audit::client::Client;
    ///
    /// # fn f(url: &Url) {
    /// let client = Client::new();
    /// let survey = Surveying::new().survey(url, &mut |asking| {
    ///     let mut fetching = client.fetching(asking);
    ///     while fetching.exchange().is_some() {
    ///         let answer = fetching.send();
    ///         fetching.answered(answer.map_err(Into::into));
    ///     }
    ///     fetching.finish()
    /// });
    /// # }
    /// ```
    pub fn survey(&self, url: &Url, ask: &mut Ask<'_>) -> Survey {
        let mut asker = Asker { surveying: self, url, ask };
        let mut visits = Vec::new();
        for visitor in visitor::visitors(&self.pages, url) {
            let visit = asker.visit(visitor);
            let is_dead = visit.unanswered().is_some();
            visits.push(visit);
            if is_dead {
                break;
            }
        }
        let mut survey = Survey { url: url.clone(), visits, findings: Vec::new() };
        if survey.unanswered().is_none() {
            survey.findings = finding::all(&mut asker, &survey);
        }
        survey
    }
}

impl Default for Surveying {
    fn default() -> Self {
        Self::new()
    }
}

/// Who may read what at a URL.
///
/// Its JSON is a line of `browser-cors audit --format json`.
///
/// ```
/// # use browser_cors_audit::survey::{Severity, Survey};
/// # fn f(survey: &Survey) {
/// assert!(survey.findings.iter().all(|finding| finding.severity < Severity::Low));
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Serialize)]
pub struct Survey {
    /// The URL.
    #[serde(serialize_with = "url")]
    pub url: Url,
    /// Who asked, and what each got.
    pub visits: Vec<Visit>,
    /// What follows from it, the gravest first.
    pub findings: Vec<Finding>,
}

impl Survey {
    /// Why the server gave no answer, if it gave none.
    ///
    /// ```
    /// # use browser_cors_audit::survey::Survey;
    /// # fn f(survey: &Survey) {
    /// assert_eq!(survey.unanswered(), None, "nothing is known of {}", survey.url);
    /// # }
    /// ```
    pub fn unanswered(&self) -> Option<&str> {
        self.visits.iter().find_map(Visit::unanswered)
    }
}

impl Survey {
    /// Why the survey says nothing of what the server grants, if so: no request went out, or everybody
    /// got the same refusal.
    ///
    /// ```
    /// # use browser_cors_audit::survey::Survey;
    /// # fn f(survey: &Survey) {
    /// assert_eq!(survey.proves_nothing(), None, "{}", survey.url);
    /// # }
    /// ```
    pub fn proves_nothing(&self) -> Option<String> {
        let accesses = || {
            let visits = self.visits.iter();
            visits.flat_map(|visit| [&visit.without_cookies, &visit.with_cookies])
        };
        let statuses: Vec<_> = accesses().filter_map(|access| access.status).collect();
        let Some(status) = statuses.first() else {
            let reasons = accesses().flat_map(|access| &access.blocked);
            let reason =
                reasons.map(|(_, reason)| reason.as_str()).next().unwrap_or("nobody asked");
            return Some(format!("no request went out ({reason})"));
        };
        let is_refusal = *status >= 400
            && statuses.iter().all(|other| other == status)
            && accesses().all(|access| access.readable.is_empty() && access.methods.is_empty());
        is_refusal.then(|| {
            format!(
                "everybody got the status {status}, so no CORS was seen: ask for a path that exists"
            )
        })
    }
}

/// What a visitor gets.
///
/// ```
/// # use browser_cors_audit::survey::Survey;
/// # fn f(survey: &Survey) {
/// for visit in &survey.visits {
///     println!("{}: {:?}", visit.visitor.origin.serialized(), visit.with_cookies.readable);
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Serialize)]
pub struct Visit {
    /// Who asks.
    pub visitor: Visitor,
    /// A GET without the user's credentials.
    pub without_cookies: Access,
    /// A GET with the user's credentials.
    pub with_cookies: Access,
}

impl Visit {
    fn unanswered(&self) -> Option<&str> {
        let accesses = [&self.without_cookies, &self.with_cookies];
        accesses.into_iter().find_map(|access| access.unanswered.as_deref())
    }
}

/// What a page gets, with or without the user's credentials.
///
/// ```
/// # use browser_cors_audit::survey::Access;
/// # fn f(access: &Access) {
/// println!("readable in {}", access.readable.join(", "));
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Default, Serialize)]
pub struct Access {
    /// The engines in which the page can read the answer.
    pub readable: Vec<String>,
    /// The engines in which it cannot, each with the reason's code.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<(String, String)>,
    /// The last status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The methods other than GET, HEAD and POST that a preflight grants in some engine. Only the
    /// owner's pages, any website and `null` ask for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<String>,
    /// The headers that a preflight grants in some engine.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<String>,
    /// For how many seconds each engine keeps the answer to a preflight.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preflight_lasts: Vec<(String, u64)>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<String>,
    /// The answer to the GET in the first engine.
    #[serde(skip)]
    answer: Option<Response>,
}

impl Access {
    /// The GET's outcomes in the engines.
    fn of(results: &Results) -> Self {
        let mut access = Self::default();
        for (profile, outcome) in results.rows() {
            let FetchOutcome::Done { transcript, .. } = outcome else { continue };
            match &transcript.outcome {
                Outcome::Response { response, .. } if is_cors_same_origin(response.kind()) => {
                    access.readable.push(profile.to_string());
                }
                Outcome::Response { .. } => {}
                Outcome::NetworkError(error) => match error.transport_failure() {
                    Some(failure) => access.unanswered = Some(failure.to_string()),
                    None => access.blocked.push((profile.to_string(), error.code().to_string())),
                },
            }
            if access.answer.is_none() {
                access.answer = last_answer(transcript).cloned();
            }
        }
        access.status = access.answer.as_ref().map(|answer| answer.status);
        access
    }

    const fn is_readable(&self) -> bool {
        !self.readable.is_empty()
    }

    fn headers_of_answer(&self) -> Option<&HeaderList> {
        Some(&self.answer.as_ref()?.header_list)
    }
}

/// The methods that need a preflight, for which everyone asks.
const METHODS: [&str; 3] = ["PUT", "PATCH", "DELETE"];

/// The headers for which everyone asks, each with a value that needs a preflight. The first is
/// `Authorization`.
const HEADERS: [(&str, &str); 3] = [
    ("authorization", "Bearer browser-cors"),
    ("content-type", "application/json"),
    ("x-requested-with", "XMLHttpRequest"),
];

/// Asks the server.
struct Asker<'a, 'b> {
    surveying: &'a Surveying,
    url: &'a Url,
    ask: &'a mut Ask<'b>,
}

impl Asker<'_, '_> {
    fn visit(&mut self, visitor: Visitor) -> Visit {
        let mut access = |with_cookies| {
            let mut access = Access::of(&self.get(&visitor, self.url, with_cookies));
            if access.unanswered.is_none()
                && matches!(visitor.who, Who::Own | Who::Foreign | Who::Null)
            {
                self.grants(&visitor, with_cookies, &mut access);
            }
            access
        };
        let (without_cookies, with_cookies) = (access(false), access(true));
        Visit { visitor, without_cookies, with_cookies }
    }

    /// A GET of a page.
    fn get(&mut self, visitor: &Visitor, url: &Url, with_cookies: bool) -> Results {
        self.ask(visitor, url, init(with_cookies))
    }

    /// A GET of a page with a token that the server should refuse.
    fn get_with_bad_token(&mut self, visitor: &Visitor, with_cookies: bool) -> Results {
        let [(name, value), ..] = HEADERS;
        self.ask(visitor, self.url, init(with_cookies).header(name, value))
    }

    /// The GET of an element without `crossorigin`: without `Origin`, with cookies.
    fn get_without_origin(&mut self, visitor: &Visitor) -> Option<Response> {
        let init = init(true).mode(Mode::NoCors);
        let results = self.ask(visitor, self.url, init);
        let transcript = results.outcomes.first()?.transcript()?;
        last_answer(transcript).cloned()
    }

    /// What preflights grant. A header is asked for with each method until one is granted, because a
    /// server may grant headers only to the methods that need them.
    fn grants(&mut self, visitor: &Visitor, with_cookies: bool, access: &mut Access) {
        for method in METHODS {
            let results = self.preflight(visitor, init(with_cookies).method(method));
            if is_granted(&results) {
                access.methods.push(method.to_owned());
                if access.preflight_lasts.is_empty() {
                    access.preflight_lasts = lasts(visitor, &results);
                }
            }
        }
        let mut methods = vec!["POST".to_owned()];
        methods.extend(access.methods.iter().cloned());
        methods.push("GET".to_owned());
        for (name, value) in HEADERS {
            for method in &methods {
                let asked = init(with_cookies).method(method).header(name, value);
                let results = self.preflight(visitor, asked);
                if is_granted(&results) {
                    access.headers.push(name.to_owned());
                    if access.preflight_lasts.is_empty() {
                        access.preflight_lasts = lasts(visitor, &results);
                    }
                    break;
                }
            }
        }
    }

    fn preflight(&mut self, visitor: &Visitor, init: RequestInit) -> Results {
        let question = self.question(self.url, init).with_preflights_alone();
        let asking = self.browsers(visitor).ask(question);
        (self.ask)(asking)
    }

    fn ask(&mut self, visitor: &Visitor, url: &Url, init: RequestInit) -> Results {
        let asking = self.browsers(visitor).ask(self.question(url, init));
        (self.ask)(asking)
    }

    fn browsers(&self, visitor: &Visitor) -> Browsers {
        Browsers::new(visitor.page(), self.surveying.user_agents.clone())
    }

    fn question(&self, url: &Url, init: RequestInit) -> Question {
        let question = Question::fetch(url.as_str(), init);
        match &self.surveying.cookie {
            Some(cookie) => question.with_cookie(cookie.clone()),
            None => question,
        }
    }

    /// What a page gets if a cache hands it `stored` in place of the server's answer.
    fn handed(&self, visitor: &Visitor, with_cookies: bool, stored: &Response) -> Access {
        let question = self.question(self.url, init(with_cookies));
        let mut asking = self.browsers(visitor).ask(question);
        while asking.exchange().is_some() {
            asking.answered(Ok(stored.clone()));
        }
        Access::of(&asking.finish())
    }
}

fn init(with_cookies: bool) -> RequestInit {
    RequestInit::new().credentials(match with_cookies {
        true => CredentialsMode::Include,
        false => CredentialsMode::Omit,
    })
}

fn last_answer(transcript: &Transcript) -> Option<&Response> {
    transcript.exchanges.iter().rev().find_map(|exchange| exchange.answer.as_ref().ok())
}

/// Whether the request would go out after its preflight, in some engine.
fn is_granted(results: &Results) -> bool {
    results.outcomes.iter().filter_map(FetchOutcome::transcript).any(is_past_preflight)
}

fn is_past_preflight(transcript: &Transcript) -> bool {
    transcript.is_withheld()
        && transcript.exchanges.first().is_some_and(|exchange| exchange.preflight.is_some())
}

/// For how many seconds each engine that got past the preflight keeps the answer.
fn lasts(visitor: &Visitor, results: &Results) -> Vec<(String, u64)> {
    let page = visitor.page().shared();
    let rows = results.rows().filter_map(|(profile, outcome)| {
        let transcript = outcome.transcript().filter(|transcript| is_past_preflight(transcript))?;
        let preflight: &RecordedExchange = transcript.exchanges.first()?;
        let request = results.question.clone().into_request(&page, &Profile::STANDARD).ok()?;
        let grant = judge_preflight_response(&request, preflight.read()?, profile).ok()?;
        Some((profile.to_string(), grant.max_age.min(profile.max_age_limit()).as_secs()))
    });
    rows.collect()
}

fn url<S: Serializer>(url: &Url, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(url.as_str())
}
