//! The outcome of a call, and the assertions about it.

use std::fmt::{self, Display};

use super::{Call, Unmet};
use crate::{
    code::{Code, UnknownCode},
    compare::{FetchOutcome, NotAsked, Results},
    engine::Profile,
    explain::{Explanation, Remedy},
    fetch::{NetworkError, Outcome},
    origin::url_as_sent,
    response::{FilteredResponse, ResponseType},
    transcript::{RecordedExchange, Transcript},
};

/// The outcome of a call of `fetch()`, in each engine of the page.
///
/// Each assertion panics if it fails in any engine. The panic names the engine and has the whole
/// explanation. An assertion that holds returns the value, so that assertions can be chained.
/// Beside each assertion, a check returns the same failure as an error.
///
/// All assertions fail if the page cannot make the request. If no server answered, nothing is
/// proved, so even [`assert_blocked`](Self::assert_blocked) fails. If the page can read an answer of
/// its own origin, there was no CORS to test: then assertions about CORS fail, unless the call is
/// [meant](super::Call::same_origin) for that origin.
///
/// `Display` writes the explanation.
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
#[must_use = "nothing is asserted yet"]
#[derive(Clone, Debug)]
pub struct Fetched {
    results: Results,
    /// Whether the call is for the page's own origin.
    is_same_origin: bool,
    /// The parts of the call that a browser drops silently.
    notes: Vec<String>,
}

/// What was found instead of what was expected, and the fix, if the explanation does not give one.
struct Fault {
    found: String,
    remedy: Option<Remedy>,
}

impl Fault {
    fn new(found: impl Into<String>) -> Self {
        Self { found: found.into(), remedy: None }
    }

    fn with_remedy(found: impl Into<String>, remedy: Remedy) -> Self {
        Self { found: found.into(), remedy: Some(remedy) }
    }
}

impl Fetched {
    pub(super) fn new(call: &Call, results: Results) -> Self {
        let dropped = call.init.dropped_headers();
        let mut notes: Vec<_> = dropped.iter().map(|header| format!("{header}; dropped")).collect();
        let mut exchanges = results
            .outcomes
            .iter()
            .filter_map(FetchOutcome::transcript)
            .flat_map(|transcript| &transcript.exchanges);
        let mut includes = exchanges.clone().filter(|exchange| exchange.includes_credentials);
        let has_request = exchanges.any(|exchange| exchange.preflight.is_none());
        if call.cookie.is_some() && has_request && includes.next().is_none() {
            notes.push(
                "the cookie was not sent: that needs the credentials mode include".to_owned(),
            );
        }
        Self { results, is_same_origin: call.is_same_origin, notes }
    }

    /// The transcript of each engine. There is none if the page cannot make the request.
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
        self.results.rows().filter_map(|(profile, outcome)| Some((profile, outcome.transcript()?)))
    }

    /// The outcome in each engine.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// for (profile, outcome) in fetched.outcomes() {
    ///     println!("{profile}: {}", outcome.verdict());
    /// }
    /// # }
    /// ```
    pub fn outcomes(&self) -> impl Iterator<Item = (&Profile, &FetchOutcome)> {
        self.results.rows()
    }

    /// The requests that a server received in an engine in which the page gets a network error, if
    /// they may have changed something there. [`assert_blocked`](Self::assert_blocked) holds all the
    /// same, as the page reads nothing; [`assert_not_sent`](Self::assert_not_sent) fails.
    ///
    /// ```
    /// use browser_cors::{header::HeaderList, response::Response, suite::{Page, post}};
    ///
    /// // A form of any website.
    /// let fetched = Page::at("https://evil.example")
    ///     .fetch(post("https://api.example/items"))
    ///     .answered_by(|_exchange, _cookie| Ok(Response::new(201, HeaderList::new())));
    /// fetched.assert_blocked();
    /// let (_, request) = fetched.arrivals().next().unwrap();
    /// assert_eq!(request.method, "POST");
    /// ```
    pub fn arrivals(&self) -> impl Iterator<Item = (&Profile, &RecordedExchange)> {
        self.transcripts().filter_map(|(profile, transcript)| Some((profile, arrived(transcript)?)))
    }

    /// What assertions that hold do not tell: which parts of the call no browser sends, and which
    /// requests [arrived](Self::arrivals) although the page cannot read the answer.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::Response, suite::{Page, get}};
    /// let fetched = Page::at("https://app.example")
    ///     .fetch(get("https://api.example/me").cookie("session=1"))
    ///     .answered_by(|_exchange, _cookie| Ok(Response::new(401, HeaderList::new())));
    /// assert_eq!(
    ///     fetched.warnings(),
    ///     ["the cookie was not sent: that needs the credentials mode include"]
    /// );
    /// ```
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.notes.clone();
        for (_, request) in self.arrivals() {
            let warning = received(request);
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        warnings
    }

    /// Asserts that the page may read the response because the server shares it with the page's
    /// origin.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_shared();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_shared(&self) -> &Self {
        self.assert(self.check_shared())
    }

    /// Like [`assert_shared`](Self::assert_shared), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_shared()
    /// # }
    /// ```
    pub fn check_shared(&self) -> Result<(), Unmet> {
        self.check("that the page may read the response", |transcript, _| {
            shared(transcript).map(|_| ())
        })
    }

    /// Asserts that the page may read the response because it comes from the page's own origin,
    /// which needs no CORS.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_same_origin();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_same_origin(&self) -> &Self {
        self.assert(self.check_same_origin())
    }

    /// Like [`assert_same_origin`](Self::assert_same_origin), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_same_origin()
    /// # }
    /// ```
    pub fn check_same_origin(&self) -> Result<(), Unmet> {
        self.check_any("an answer of the page's own origin", |transcript, _| {
            let found = response(transcript)?.kind();
            is(found == ResponseType::Basic, || {
                Fault::new(format!("it has the type {}", found.as_str()))
            })
        })
    }

    /// Asserts that the page gets a network error although the servers answered.
    ///
    /// The request itself may still have arrived and had its effect; one without a preflight always
    /// does. If that matters, use [`assert_not_sent`](Self::assert_not_sent), or ask for
    /// [`arrivals`](Self::arrivals).
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_blocked();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_blocked(&self) -> &Self {
        self.assert(self.check_blocked())
    }

    /// Like [`assert_blocked`](Self::assert_blocked), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_blocked()
    /// # }
    /// ```
    pub fn check_blocked(&self) -> Result<(), Unmet> {
        self.check_any("that the response is blocked", |transcript, _| blocked(transcript))
    }

    /// Asserts that the request itself reached no server, so that it cannot have changed anything.
    /// Preflights may have been answered.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_not_sent();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_not_sent(&self) -> &Self {
        self.assert(self.check_not_sent())
    }

    /// Like [`assert_not_sent`](Self::assert_not_sent), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_not_sent()
    /// # }
    /// ```
    pub fn check_not_sent(&self) -> Result<(), Unmet> {
        self.check_any("that the request itself is not sent", |transcript, _| not_sent(transcript))
    }

    /// Asserts that the request itself reached a server, whether or not the page may read the answer.
    ///
    /// ```
    /// use browser_cors::{header::HeaderList, response::Response, suite::{Page, post}};
    ///
    /// // No preflight asks first, so the server carries it out.
    /// Page::at("https://evil.example")
    ///     .fetch(post("https://api.example/items"))
    ///     .answered_by(|_exchange, _cookie| Ok(Response::new(201, HeaderList::new())))
    ///     .assert_blocked()
    ///     .assert_sent();
    /// ```
    #[track_caller]
    pub fn assert_sent(&self) -> &Self {
        self.assert(self.check_sent())
    }

    /// Like [`assert_sent`](Self::assert_sent), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_sent()
    /// # }
    /// ```
    pub fn check_sent(&self) -> Result<(), Unmet> {
        self.check_any("that the request itself is sent", |transcript, _| {
            is(transcript.arrived().next().is_some(), || match transcript.exchanges.last() {
                Some(last) if last.answer.is_err() => unanswered(),
                Some(_) => Fault::new("only the preflight was sent"),
                None => Fault::new("nothing was sent"),
            })
        })
    }

    /// Asserts that the page gets a network error with this [`Code`]. Engines check in different
    /// orders, so they may give different codes.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_blocked_by("preflight-status");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_blocked_by(&self, code: impl AsRef<str>) -> &Self {
        self.assert(self.check_blocked_by(code))
    }

    /// Like [`assert_blocked_by`](Self::assert_blocked_by), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_blocked_by("preflight-status")
    /// # }
    /// ```
    pub fn check_blocked_by(&self, code: impl AsRef<str>) -> Result<(), Unmet> {
        let code: Code =
            code.as_ref().parse().map_err(|error: UnknownCode| Unmet(error.to_string()))?;
        self.check_any(format_args!("that `{code}` blocks the response"), |transcript, _| {
            let found = network_error(transcript)?.code();
            is(found == code, || Fault::new(format!("`{found}` does")))
        })
    }

    /// Asserts that the page gets a network error at this [step](crate::fetch::Refusal::step) of
    /// the standard. The standard's steps are renumbered now and then; codes are stable, so a test
    /// of a server uses [`assert_blocked_by`](Self::assert_blocked_by).
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_blocked_at("#cors-preflight-fetch-0 step 7.5");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_blocked_at(&self, step: &str) -> &Self {
        self.assert(self.check_blocked_at(step))
    }

    /// Like [`assert_blocked_at`](Self::assert_blocked_at), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_blocked_at("#cors-preflight-fetch-0 step 7.5")
    /// # }
    /// ```
    pub fn check_blocked_at(&self, step: &str) -> Result<(), Unmet> {
        self.check_any(format_args!("that {step} blocks the response"), |transcript, _| {
            let found = network_error(transcript)?.step().to_string();
            is(found == step, || Fault::new(format!("{found} does")))
        })
    }

    /// Asserts the type of the page's response, even of one that the page cannot read.
    ///
    /// ```
    /// # use browser_cors::{response::ResponseType, suite::Fetched};
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_type(ResponseType::Opaque);
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_type(&self, kind: ResponseType) -> &Self {
        self.assert(self.check_type(kind))
    }

    /// Like [`assert_type`](Self::assert_type), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::{response::ResponseType, suite::{Fetched, Unmet}};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_type(ResponseType::Opaque)
    /// # }
    /// ```
    pub fn check_type(&self, kind: ResponseType) -> Result<(), Unmet> {
        self.check_any(format_args!("a response of the type {}", kind.as_str()), |transcript, _| {
            let found = response(transcript)?.kind();
            is(found == kind, || Fault::new(format!("it has the type {}", found.as_str())))
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
        self.assert(self.check_status(status))
    }

    /// Like [`assert_status`](Self::assert_status), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_status(201)
    /// # }
    /// ```
    pub fn check_status(&self, status: u16) -> Result<(), Unmet> {
        self.check(format_args!("that the page reads the status {status}"), |transcript, _| {
            let found = shared(transcript)?.status();
            is(found == status, || Fault::new(format!("it is {found}")))
        })
    }

    /// Asserts that the response has a header of this name, and that the page may read it.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_exposes("etag");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_exposes(&self, name: &str) -> &Self {
        self.assert(self.check_exposes(name))
    }

    /// Like [`assert_exposes`](Self::assert_exposes), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_exposes("etag")
    /// # }
    /// ```
    pub fn check_exposes(&self, name: &str) -> Result<(), Unmet> {
        self.check(format_args!("that the page may read `{name}`"), |transcript, _| {
            exposed(name, transcript).map(|_| ())
        })
    }

    /// Asserts that the page reads this value in the header of this name.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_header("content-type", "application/json");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_header(&self, name: &str, value: impl AsRef<[u8]>) -> &Self {
        self.assert(self.check_header(name, value))
    }

    /// Like [`assert_header`](Self::assert_header), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_header("content-type", "application/json")
    /// # }
    /// ```
    pub fn check_header(&self, name: &str, value: impl AsRef<[u8]>) -> Result<(), Unmet> {
        let value = value.as_ref();
        let expected = value.escape_ascii();
        self.check(
            format_args!("that the page reads `{expected}` under `{name}`"),
            |transcript, _| {
                let found = exposed(name, transcript)?;
                is(found == value, || Fault::new(format!("it is `{}`", found.escape_ascii())))
            },
        )
    }

    /// Asserts that the page cannot read a header of this name, whether the response has it or not.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_hides("x-internal");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_hides(&self, name: &str) -> &Self {
        self.assert(self.check_hides(name))
    }

    /// Like [`assert_hides`](Self::assert_hides), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_hides("x-internal")
    /// # }
    /// ```
    pub fn check_hides(&self, name: &str) -> Result<(), Unmet> {
        self.check(format_args!("that the page may not read `{name}`"), |transcript, _| {
            let response = response(transcript)?;
            is(!response.is_readable(name), || {
                Fault::with_remedy("it may", Remedy::hiding(name, transcript))
            })
        })
    }

    /// Asserts the names of all headers that the page can read, in any order and case.
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
        self.assert(self.check_readable_headers(names))
    }

    /// Like [`assert_readable_headers`](Self::assert_readable_headers), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_readable_headers(["content-type", "etag"])
    /// # }
    /// ```
    pub fn check_readable_headers<N: AsRef<str>>(
        &self,
        names: impl IntoIterator<Item = N>,
    ) -> Result<(), Unmet> {
        let names = names.into_iter().map(|name| name.as_ref().to_ascii_lowercase());
        let names = sorted(names.collect());
        self.check(format_args!("that the page reads {}", listed(&names)), |transcript, _| {
            let headers = shared(transcript)?.headers();
            let found = sorted(headers.map(|(name, _)| name.to_ascii_lowercase()).collect());
            is(found == names, || Fault::new(format!("it reads {}", listed(&found))))
        })
    }

    /// Asserts that the browser sent a preflight.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_preflight();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_preflight(&self) -> &Self {
        self.assert(self.check_preflight())
    }

    /// Like [`assert_preflight`](Self::assert_preflight), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_preflight()
    /// # }
    /// ```
    pub fn check_preflight(&self) -> Result<(), Unmet> {
        self.check("a preflight", |transcript, _| {
            is(preflight(transcript).is_some(), || {
                Fault::new(if is_cached(transcript) {
                    "the cache saved it"
                } else {
                    "none was needed"
                })
            })
        })
    }

    /// Asserts that the browser sent no preflight, because it needed none or the cache had the
    /// grant.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_no_preflight();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_no_preflight(&self) -> &Self {
        self.assert(self.check_no_preflight())
    }

    /// Like [`assert_no_preflight`](Self::assert_no_preflight), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_no_preflight()
    /// # }
    /// ```
    pub fn check_no_preflight(&self) -> Result<(), Unmet> {
        self.check("no preflight", |transcript, _| {
            is(preflight(transcript).is_none(), || Fault::new("there was one"))
        })
    }

    /// Asserts that the request needed a preflight and that the cache had the grant.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_cached_preflight();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_cached_preflight(&self) -> &Self {
        self.assert(self.check_cached_preflight())
    }

    /// Like [`assert_cached_preflight`](Self::assert_cached_preflight), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_cached_preflight()
    /// # }
    /// ```
    pub fn check_cached_preflight(&self) -> Result<(), Unmet> {
        self.check("that the preflight is cached", |transcript, profile| {
            match preflight(transcript) {
                Some(preflight) => {
                    let remedy = Remedy::caching_longer(preflight, profile.max_age_limit());
                    Err(Fault::with_remedy("there was one", remedy))
                }
                None => is(is_cached(transcript), || Fault::new("none was needed")),
            }
        })
    }

    /// Asserts the number of exchanges: preflights, redirects and the request itself.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_exchanges(2);
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_exchanges(&self, count: usize) -> &Self {
        self.assert(self.check_exchanges(count))
    }

    /// Like [`assert_exchanges`](Self::assert_exchanges), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_exchanges(2)
    /// # }
    /// ```
    pub fn check_exchanges(&self, count: usize) -> Result<(), Unmet> {
        self.check(format_args!("a number of {count} exchanges"), |transcript, _| {
            let found = transcript.exchanges.len();
            is(found == count, || Fault::new(format!("there were {found}")))
        })
    }

    /// Asserts that the browser followed redirects, that the page may read the response at their
    /// end, and that its URL is this one.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_redirected_to("https://api.example/items/1");
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_redirected_to(&self, url: &str) -> &Self {
        self.assert(self.check_redirected_to(url))
    }

    /// Like [`assert_redirected_to`](Self::assert_redirected_to), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_redirected_to("https://api.example/items/1")
    /// # }
    /// ```
    pub fn check_redirected_to(&self, url: &str) -> Result<(), Unmet> {
        self.check(format_args!("that redirects lead to {url}"), |transcript, _| {
            let response = shared(transcript)?;
            is(response.redirected(), || Fault::new("there was none"))?;
            is(response.url() == url, || Fault::new(format!("they lead to {}", response.url())))
        })
    }

    /// Asserts that the page may read the response, and that the response carries no risk: no cache
    /// can hand it to another origin, and it is not shared with the origin `null`. The cookie of the
    /// call, if there is one, was sent.
    ///
    /// ```
    /// # use browser_cors::suite::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// fetched.assert_no_warnings();
    /// # }
    /// ```
    #[track_caller]
    pub fn assert_no_warnings(&self) -> &Self {
        self.assert(self.check_no_warnings())
    }

    /// Like [`assert_no_warnings`](Self::assert_no_warnings), but returns an error.
    ///
    /// # Errors
    ///
    /// If the assertion fails in an engine.
    ///
    /// ```
    /// # use browser_cors::suite::{Fetched, Unmet};
    /// # fn f(fetched: &Fetched) -> Result<(), Unmet> {
    /// fetched.check_no_warnings()
    /// # }
    /// ```
    pub fn check_no_warnings(&self) -> Result<(), Unmet> {
        self.check("no warnings", |transcript, _| {
            shared(transcript)?;
            if let Some(note) = self.notes.first() {
                return Err(Fault::new(note));
            }
            match Explanation::new(transcript).warnings().count() {
                0 => Ok(()),
                1 => Err(Fault::new("there is one")),
                count => Err(Fault::new(format!("there are {count}"))),
            }
        })
    }

    #[track_caller]
    fn assert(&self, checked: Result<(), Unmet>) -> &Self {
        match checked {
            Ok(()) => self,
            Err(unmet) => panic!("{unmet}"),
        }
    }

    /// Checks a statement about CORS. Fails if the page's own origin answered, unless that was
    /// meant.
    fn check(
        &self,
        expected: impl Display,
        judge: impl Fn(&Transcript, &Profile) -> Result<(), Fault>,
    ) -> Result<(), Unmet> {
        self.check_any(expected, |transcript, profile| {
            if !self.is_same_origin && is_of_own_origin(transcript) {
                return Err(no_cors(transcript));
            }
            judge(transcript, profile)
        })
    }

    /// Checks a statement: `judge` must find no fault in any engine.
    fn check_any(
        &self,
        expected: impl Display,
        judge: impl Fn(&Transcript, &Profile) -> Result<(), Fault>,
    ) -> Result<(), Unmet> {
        let (mut first, mut well, mut groups) = (None, Vec::new(), Vec::new());
        for (profile, outcome) in self.results.rows() {
            let judgement = match outcome.transcript() {
                Some(transcript) => judge(transcript, profile),
                None => Err(Fault::new("a page cannot make this request")),
            };
            match judgement {
                Ok(()) => well.push(profile.to_string()),
                Err(Fault { found, remedy }) => {
                    let fix =
                        remedy.map_or_else(String::new, |remedy| format!("    fix: {remedy}\n"));
                    push(&mut groups, profile.to_string(), format!("{}{fix}", Explained(outcome)));
                    first.get_or_insert(found);
                }
            }
        }
        let Some(found) = first else { return Ok(()) };
        let engines = self.engines(&well, &groups);
        let text = format!("expected {expected}, but {found}\n{engines}{}", self.text(&groups));
        Err(Unmet(text.trim_end().to_owned()))
    }

    /// Names the engines with and without the fault. Empty if only the standard was asked.
    fn engines(&self, well: &[String], groups: &[Group]) -> String {
        let mut profiles = self.results.rows().map(|(profile, _)| profile);
        if (profiles.next(), profiles.next()) == (Some(&Profile::STANDARD), None) {
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

    /// The explanations of the engines, and the notes.
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

/// Engines with the same explanation.
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
        for (profile, outcome) in self.results.rows() {
            push(&mut groups, profile.to_string(), Explained(outcome).to_string());
        }
        f.write_str(&self.text(&groups))
    }
}

/// The explanation of the call in one engine.
struct Explained<'a>(&'a FetchOutcome);

impl Display for Explained<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            FetchOutcome::NotAsked(NotAsked::TypeError(error)) => {
                let step = error.step();
                writeln!(f, "invalid: {error}")?;
                writeln!(f, "     at: {} step {}", step.url(), step.path())
            }
            outcome => {
                write!(f, "{outcome}")?;
                match outcome.transcript().and_then(arrived) {
                    Some(request) => writeln!(f, "   note: {}", received(request)),
                    None => Ok(()),
                }
            }
        }
    }
}

fn is(holds: bool, unmet: impl FnOnce() -> Fault) -> Result<(), Fault> {
    if holds { Ok(()) } else { Err(unmet()) }
}

/// The response, readable or not.
fn response(transcript: &Transcript) -> Result<&FilteredResponse, Fault> {
    match &transcript.outcome {
        Outcome::Response { response, .. } => Ok(response),
        Outcome::NetworkError(_) if !is_answered(transcript) => Err(unanswered()),
        Outcome::NetworkError(_) => Err(Fault::new("it is blocked")),
    }
}

/// The response, if the page may read it.
fn shared(transcript: &Transcript) -> Result<&FilteredResponse, Fault> {
    let response = response(transcript)?;
    match response.kind() {
        ResponseType::Basic | ResponseType::Cors => Ok(response),
        ResponseType::Opaque | ResponseType::OpaqueRedirect => {
            Err(Fault::with_remedy("it is opaque", Remedy::sharing(response.kind())))
        }
    }
}

/// Checks that the outcome is a network error, and that a server answered.
fn blocked(transcript: &Transcript) -> Result<(), Fault> {
    network_error(transcript)?;
    is(is_answered(transcript), unanswered)
}

/// Checks that no server received anything but preflights.
fn not_sent(transcript: &Transcript) -> Result<(), Fault> {
    match transcript.exchanges.last() {
        Some(last) if last.preflight.is_some() && last.answer.is_err() => return Err(unanswered()),
        _ => {}
    }
    let mut exchanges = transcript.exchanges.iter();
    match exchanges.find(|exchange| exchange.preflight.is_none()) {
        Some(request) => {
            let RecordedExchange { method, url, .. } = request;
            Err(Fault::new(format!("{method} {} was sent", url_as_sent(url))))
        }
        None => Ok(()),
    }
}

/// The request that a server received although the fetch was blocked, if it may have changed
/// something.
fn arrived(transcript: &Transcript) -> Option<&RecordedExchange> {
    let is_blocked = matches!(transcript.outcome, Outcome::NetworkError(_));
    transcript.arrived().rev().filter(|_| is_blocked).find(|request| !request.method.is_safe())
}

fn received(request: &RecordedExchange) -> String {
    format!("the server received the {} itself, whatever it did then", request.method)
}

/// Whether the page can read an answer of its own origin.
fn is_of_own_origin(transcript: &Transcript) -> bool {
    matches!(&transcript.outcome, Outcome::Response { response, .. }
        if response.kind() == ResponseType::Basic)
}

fn no_cors(transcript: &Transcript) -> Fault {
    Fault::with_remedy(
        "the page asked its own origin, where there is no CORS to test",
        Remedy::leaving_own_origin(&transcript.asked.origin),
    )
}

/// The network error that the fetch ended with.
fn network_error(transcript: &Transcript) -> Result<&NetworkError, Fault> {
    match &transcript.outcome {
        Outcome::NetworkError(error) => Ok(error),
        Outcome::Response { response, .. } => Err(match response.kind() {
            ResponseType::Basic | ResponseType::Cors => {
                Fault::with_remedy("the page may read it", Remedy::withholding(transcript))
            }
            ResponseType::Opaque | ResponseType::OpaqueRedirect => Fault::new("it is opaque"),
        }),
    }
}

/// The header value that the page can read.
fn exposed(name: &str, transcript: &Transcript) -> Result<Vec<u8>, Fault> {
    let response = shared(transcript)?;
    response.header(name).map(Into::into).ok_or_else(|| {
        let is_there = response.internal_response().header_list.contains(name);
        let found = if is_there { "it is hidden" } else { "it is not there" };
        Fault::with_remedy(found, Remedy::exposing(&[name], transcript))
    })
}

fn unanswered() -> Fault {
    Fault::new("no server answered, which proves nothing")
}

/// Whether a server answered each exchange.
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
