//! What came of a call, and the assertions about it.

use std::fmt::{self, Display};

use super::Call;
use crate::{
    engine::Profile,
    explain::{Explanation, fix_caching, fix_exposing, fix_hiding, fix_opaque, fix_sharing},
    fetch::{NetworkError, Outcome},
    page::fetch_api::RequestTypeError,
    page::headers::{Guard, Headers},
    request::Mode,
    response::{FilteredResponse, ResponseType},
    transcript::{RecordedExchange, Transcript},
};

/// What came of a call of `fetch()`, in each engine of the page.
///
/// Each assertion panics where it does not hold in one of them, with the engine's name and the
/// whole explanation; otherwise it returns the value for the next one. Where a page cannot ask what
/// it was to ask, all fail. Where no server answered, nothing is proved: then
/// [`assert_blocked`](Self::assert_blocked) fails as well.
///
/// Its text is the explanation.
///
/// ```
/// # use browser_cors::{header::HeaderList, response::Response, suite::{Page, get}};
/// let page = Page::at("https://app.example");
/// let fetched = page.fetch(get("https://api.example/")).answered_by(|_exchange, _cookie| {
///     let headers = [("Access-Control-Allow-Origin", "*"), ("ETag", "1")];
///     Ok(Response::new(404, HeaderList::try_from(headers).unwrap()))
/// });
/// fetched.assert_shared().assert_status(404).assert_hides("etag").assert_no_preflight();
/// print!("{fetched}");
/// ```
#[derive(Clone, Debug)]
pub struct Fetched {
    rows: Vec<Row>,
    /// What of the call a browser drops without a word.
    notes: Vec<String>,
}

/// What came of it in one engine.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) profile: Profile,
    pub(super) result: Result<Transcript, RequestTypeError>,
}

/// What does not hold: what is so instead, and what would make it hold, if the explanation does not
/// say that.
struct Unmet {
    found: String,
    fix: Option<String>,
}

impl Unmet {
    fn new(found: impl Into<String>) -> Self {
        Self { found: found.into(), fix: None }
    }

    fn with_fix(found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { found: found.into(), fix: Some(fix.into()) }
    }
}

impl Fetched {
    pub(super) fn new(call: &Call, rows: Vec<Row>) -> Self {
        Self { rows, notes: dropped_headers(call) }
    }

    /// What happened in each engine; none where a page cannot ask it.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// for (profile, transcript) in fetched.transcripts() {
    ///     println!("{profile}: {} exchanges", transcript.exchanges.len());
    /// }
    /// # }
    /// ```
    pub fn transcripts(&self) -> impl Iterator<Item = (&Profile, &Transcript)> {
        self.rows.iter().filter_map(|row| Some((&row.profile, row.result.as_ref().ok()?)))
    }

    /// Asserts that the page may read the response.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_shared();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_shared(&self) -> &Self {
        self.assert("that the page may read the response", |transcript, _| {
            shared(transcript).map(|_| ())
        })
    }

    /// Asserts that a network error is all that the page gets, though the servers answered.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_blocked();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_blocked(&self) -> &Self {
        self.assert("that the response is blocked", |transcript, _| blocked(transcript))
    }

    /// Asserts that a network error with this [code](crate::fetch::Refusal::code) is all that the
    /// page gets. The engines do not agree on all codes, since they do not check in one order.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_blocked_by("preflight-status");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_blocked_by(&self, code: &str) -> &Self {
        self.assert(format_args!("that `{code}` blocks the response"), |transcript, _| {
            let found = network_error(transcript)?.refusal.code();
            is(found == code, || Unmet::new(format!("`{found}` does")))
        })
    }

    /// Asserts that a network error at this [step](crate::fetch::Refusal::step) of the standard is
    /// all that the page gets.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_blocked_at("#cors-preflight-fetch-0 step 7.5");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_blocked_at(&self, step: &str) -> &Self {
        self.assert(format_args!("that {step} blocks the response"), |transcript, _| {
            let found = network_error(transcript)?.refusal.step().to_string();
            is(found == step, || Unmet::new(format!("{found} does")))
        })
    }

    /// Asserts the type of the response that the page gets, readable or not.
    ///
    /// ```
    /// # use browser_cors::{response::ResponseType, suite::Fetched};
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_type(ResponseType::Opaque);
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_type(&self, kind: ResponseType) -> &Self {
        self.assert(format_args!("a response of the type {}", kind.as_str()), |transcript, _| {
            let found = response(transcript)?.kind();
            is(found == kind, || Unmet::new(format!("it has the type {}", found.as_str())))
        })
    }

    /// Asserts the status that the page reads.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_status(201);
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        self.assert(format_args!("that the page reads the status {status}"), |transcript, _| {
            let found = shared(transcript)?.status();
            is(found == status, || Unmet::new(format!("it is {found}")))
        })
    }

    /// Asserts that there is a header of this name, and that the page may read it.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_exposes("etag");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_exposes(&self, name: &str) -> &Self {
        self.assert(format_args!("that the page may read `{name}`"), |transcript, _| {
            exposed(name, transcript).map(|_| ())
        })
    }

    /// Asserts that the page reads this value under the name of a header.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_header("content-type", "application/json");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_header(&self, name: &str, value: impl AsRef<[u8]>) -> &Self {
        let value = value.as_ref();
        let expected = value.escape_ascii();
        self.assert(
            format_args!("that the page reads `{expected}` under `{name}`"),
            |transcript, _| {
                let found = exposed(name, transcript)?;
                is(found == value, || Unmet::new(format!("it is `{}`", found.escape_ascii())))
            },
        )
    }

    /// Asserts that the page may not read a header of this name, whether there is one or not.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_hides("x-internal");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_hides(&self, name: &str) -> &Self {
        self.assert(format_args!("that the page may not read `{name}`"), |transcript, _| {
            let response = response(transcript)?;
            is(!response.is_readable(name), || {
                Unmet::with_fix("it may", fix_hiding(name, response, transcript))
            })
        })
    }

    /// Asserts the names of all headers that the page reads, in any order and case.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_readable_headers(["content-type", "etag"]);
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_readable_headers<N: AsRef<str>>(
        &self,
        names: impl IntoIterator<Item = N>,
    ) -> &Self {
        let names = names.into_iter().map(|name| name.as_ref().to_ascii_lowercase());
        let names = sorted(names.collect());
        self.assert(format_args!("that the page reads {}", listed(&names)), |transcript, _| {
            let headers = shared(transcript)?.headers();
            let found = sorted(headers.map(|(name, _)| name.to_ascii_lowercase()).collect());
            is(found == names, || Unmet::new(format!("it reads {}", listed(&found))))
        })
    }

    /// Asserts that a preflight was made.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_preflight();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_preflight(&self) -> &Self {
        self.assert("a preflight", |transcript, _| {
            is(preflight(transcript).is_some(), || {
                Unmet::new(if is_cached(transcript) {
                    "the cache saved it"
                } else {
                    "none was needed"
                })
            })
        })
    }

    /// Asserts that no preflight was made, since none was needed or the cache saved it.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_no_preflight();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_no_preflight(&self) -> &Self {
        self.assert("no preflight", |transcript, _| {
            is(preflight(transcript).is_none(), || Unmet::new("there was one"))
        })
    }

    /// Asserts that a preflight was needed and that the cache saved it.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_cached_preflight();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_cached_preflight(&self) -> &Self {
        self.assert("that the preflight is cached", |transcript, profile| {
            match preflight(transcript) {
                Some(preflight) => {
                    let fix = fix_caching(preflight, profile.max_age_limit().as_secs());
                    Err(Unmet::with_fix("there was one", fix))
                }
                None => is(is_cached(transcript), || Unmet::new("none was needed")),
            }
        })
    }

    /// Asserts how many exchanges there were: preflights, redirects and the request itself.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_exchanges(2);
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_exchanges(&self, count: usize) -> &Self {
        self.assert(format_args!("a number of {count} exchanges"), |transcript, _| {
            let found = transcript.exchanges.len();
            is(found == count, || Unmet::new(format!("there were {found}")))
        })
    }

    /// Asserts that there were redirects, that the page may read the response at their end, and the
    /// URL that it reads.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_redirected_to("https://api.example/items/1");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_redirected_to(&self, url: &str) -> &Self {
        self.assert(format_args!("that redirects lead to {url}"), |transcript, _| {
            let response = shared(transcript)?;
            is(response.redirected(), || Unmet::new("there was none"))?;
            is(response.url() == url, || Unmet::new(format!("they lead to {}", response.url())))
        })
    }

    /// Asserts that the page may read the response, and that nothing is wrong with that: a cache
    /// cannot hand it to another origin, and it is not for the origin `null`.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_no_warnings();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_no_warnings(&self) -> &Self {
        self.assert("no warnings", |transcript, _| {
            shared(transcript)?;
            match Explanation::new(transcript).warnings().count() {
                0 => Ok(()),
                1 => Err(Unmet::new("there is one")),
                count => Err(Unmet::new(format!("there are {count}"))),
            }
        })
    }

    /// Panics if `judge` finds something unmet in an engine.
    #[track_caller]
    fn assert(
        &self,
        expected: impl Display,
        judge: impl Fn(&Transcript, &Profile) -> Result<(), Unmet>,
    ) -> &Self {
        let (mut first, mut well, mut groups) = (None, Vec::new(), Vec::new());
        for row in &self.rows {
            let judgement = match &row.result {
                Ok(transcript) => judge(transcript, &row.profile),
                Err(_) => Err(Unmet::new("a page cannot ask this")),
            };
            match judgement {
                Ok(()) => well.push(row.profile.to_string()),
                Err(Unmet { found, fix }) => {
                    let fix = fix.map_or_else(String::new, |fix| format!("    fix: {fix}\n"));
                    push(&mut groups, row.profile.to_string(), format!("{row}{fix}"));
                    first.get_or_insert(found);
                }
            }
        }
        let Some(found) = first else {
            return self;
        };
        let engines = self.engines(&well, &groups);
        let text = format!("expected {expected}, but {found}\n{engines}{}", self.text(&groups));
        panic!("{}", text.trim_end());
    }

    /// In which engines it is so, unless the standard alone was asked.
    fn engines(&self, well: &[String], groups: &[Group]) -> String {
        if let [row] = self.rows.as_slice()
            && row.profile == Profile::STANDARD
        {
            return String::new();
        }
        let names: Vec<_> = groups.iter().flat_map(|group| group.names.clone()).collect();
        match well {
            [] => format!("     in: {}\n", names.join(", ")),
            well => {
                format!("     in: {}; as expected in {}\n", names.join(", "), well.join(", "))
            }
        }
    }

    /// What is to be said of engines, with the notes.
    fn text(&self, groups: &[Group]) -> String {
        let mut text = String::new();
        for group in groups {
            if groups.len() > 1 {
                text.push_str(&format!("== {}\n", group.names.join(", ")));
            }
            text.push_str(&group.text);
        }
        for note in &self.notes {
            text.push_str(&format!("   note: {note}\n"));
        }
        text
    }
}

/// Engines of which the same is to be said.
struct Group {
    names: Vec<String>,
    text: String,
}

fn push(groups: &mut Vec<Group>, name: String, text: String) {
    match groups.iter_mut().find(|group| group.text == text) {
        Some(group) => group.names.push(name),
        None => groups.push(Group { names: vec![name], text }),
    }
}

impl Display for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups = Vec::new();
        for row in &self.rows {
            push(&mut groups, row.profile.to_string(), row.to_string());
        }
        f.write_str(&self.text(&groups))
    }
}

impl Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.result {
            Ok(transcript) => write!(f, "{}", Explanation::new(transcript)),
            Err(error) => {
                let step = error.step();
                writeln!(f, "invalid: {error}")?;
                writeln!(f, "     at: {} step {}", step.url(), step.path())
            }
        }
    }
}

fn is(holds: bool, unmet: impl FnOnce() -> Unmet) -> Result<(), Unmet> {
    if holds { Ok(()) } else { Err(unmet()) }
}

/// The response, readable or not.
fn response(transcript: &Transcript) -> Result<&FilteredResponse, Unmet> {
    match &transcript.outcome {
        Outcome::Response(response) => Ok(response),
        Outcome::NetworkError(_) if !is_answered(transcript) => Err(unanswered()),
        Outcome::NetworkError(_) => Err(Unmet::new("it is blocked")),
    }
}

/// The response, if the page may read it.
fn shared(transcript: &Transcript) -> Result<&FilteredResponse, Unmet> {
    let response = response(transcript)?;
    match response.kind() {
        ResponseType::Basic | ResponseType::Cors => Ok(response),
        ResponseType::Opaque | ResponseType::OpaqueRedirect => {
            Err(Unmet::with_fix("it is opaque", fix_opaque(response)))
        }
    }
}

/// Whether there is a network error, and a server had the last word.
fn blocked(transcript: &Transcript) -> Result<(), Unmet> {
    network_error(transcript)?;
    is(is_answered(transcript), unanswered)
}

/// The network error.
fn network_error(transcript: &Transcript) -> Result<&NetworkError, Unmet> {
    match &transcript.outcome {
        Outcome::NetworkError(error) => Ok(error),
        Outcome::Response(response) => Err(match response.kind() {
            ResponseType::Basic | ResponseType::Cors => {
                Unmet::with_fix("the page may read it", fix_sharing(transcript))
            }
            ResponseType::Opaque | ResponseType::OpaqueRedirect => Unmet::new("it is opaque"),
        }),
    }
}

/// The value that the page reads.
fn exposed(name: &str, transcript: &Transcript) -> Result<Vec<u8>, Unmet> {
    let response = shared(transcript)?;
    response.header(name).map(Into::into).ok_or_else(|| {
        let is_there = response.internal_response().header_list.contains(name);
        let found = if is_there { "it is hidden" } else { "it is not there" };
        Unmet::with_fix(found, fix_exposing(name, response, transcript))
    })
}

fn unanswered() -> Unmet {
    Unmet::new("no server answered, which proves nothing")
}

/// Whether a server was asked, and there was an answer each time.
fn is_answered(transcript: &Transcript) -> bool {
    transcript.exchanges.last().is_some_and(|last| last.answer.is_ok())
}

fn preflight(transcript: &Transcript) -> Option<&RecordedExchange> {
    transcript.exchanges.iter().find(|exchange| exchange.preflight.is_some())
}

fn is_cached(transcript: &Transcript) -> bool {
    transcript.exchanges.iter().any(|exchange| exchange.has_cached_preflight)
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort_unstable();
    names.dedup();
    names
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "no headers".to_owned() } else { names.join(", ") }
}

/// The headers that a browser drops without a word.
fn dropped_headers(call: &Call) -> Vec<String> {
    let (guard, condition) = match call.init.mode {
        Some(Mode::NoCors) => (Guard::RequestNoCors, "in the mode no-cors, "),
        _ => (Guard::Request, ""),
    };
    let mut headers = Headers::new(guard);
    let mut dropped = Vec::new();
    for (name, value) in call.init.headers.iter().flatten() {
        if headers.append(name, value) == Ok(false) {
            dropped
                .push(format!("{condition}a page cannot set `{}`; dropped", name.escape_ascii()));
        }
    }
    dropped
}
