//! What a page got of a call.

use std::borrow::Cow;

use browser_cors::{
    compare::FetchOutcome,
    explain::Explanation,
    fetch::Outcome,
    page::loads::is_cors_same_origin,
    response::FilteredResponse,
    suite::{Fetched, Unmet},
    transcript::Transcript,
};
use browser_cors_audit::translation::Translation;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{InvalidInput, object, read, write};

/// What a page got of a call, in each engine.
///
/// ```
/// # use browser_cors_host::{Answer, Call, Page};
/// # let page = Page::new(r#"{ "origin": "https://app.example" }"#)?;
/// # let mut call = Call::start(&page, r#"{ "url": "https://api.example/" }"#, None, None)?;
/// while call.exchange().is_some() {
///     call.answer(Answer { status: 200, status_text: b"OK", headers: "[]" })?;
/// }
/// let got = call.finish();
/// assert!(got.engine("webkit").unwrap().contains("is not allowed by Access-Control-Allow-Origin"));
/// # Ok::<(), browser_cors_host::InvalidInput>(())
/// ```
#[derive(Debug)]
pub struct Got {
    fetched: Fetched,
    names: Vec<String>,
    is_same_origin: bool,
}

/// What is asked of the outcome. Each member that is there is checked, in this order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Expected {
    readable: Option<Readable>,
    blocked: Option<Blocked>,
    /// Whether there was a preflight.
    preflight: Option<bool>,
    /// Whether a preflight was needed, and the cache had it.
    cached_preflight: Option<bool>,
    /// Whether there are no warnings.
    no_warnings: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Readable {
    status: Option<u16>,
    #[serde(default)]
    exposes: Vec<String>,
    #[serde(default)]
    hides: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Blocked {
    reason: Option<String>,
    /// Whether the request itself reached a server.
    arrived: Option<bool>,
}

/// The outcome in an engine, in short.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    readable: bool,
    arrived: bool,
    verdict: &'static str,
    status: Option<u16>,
    status_text: Option<String>,
    /// The exchange whose answer the page reads, from 0 on.
    answered_by: Option<usize>,
    console: Vec<String>,
}

impl Got {
    pub(crate) const fn new(fetched: Fetched, names: Vec<String>, is_same_origin: bool) -> Self {
        Self { fetched, names, is_same_origin }
    }

    /// The outcome in all engines, as JSON. `readable` says whether the page may read the response in
    /// each of them, `arrived` whether the request itself reached a server in one of them; `warnings`
    /// has what the verdicts do not tell. All else is that of `engine`: the first in which the page
    /// may not read it, or else the first.
    ///
    /// ```
    /// # use browser_cors_host::{Answer, Call, Page};
    /// let page = Page::new(r#"{ "origin": "https://app.example" }"#)?;
    /// let mut call = Call::start(&page, r#"{ "url": "https://api.example/" }"#, None, None)?;
    /// let headers = r#"[["Access-Control-Allow-Origin", "https://app.example"]]"#;
    /// call.answer(Answer { status: 200, status_text: b"OK", headers })?;
    /// assert!(call.finish().overview().contains(r#""warnings":["there is no `Vary: Origin`"#));
    /// # Ok::<(), browser_cors_host::InvalidInput>(())
    /// ```
    pub fn overview(&self) -> String {
        let outcomes: Vec<_> = self.fetched.outcomes().map(|(_, outcome)| outcome).collect();
        let first = outcomes.iter().position(|outcome| !is_readable(outcome));
        let index = first.unwrap_or(0);
        let mut overview = Map::new();
        overview.insert("readable".into(), first.is_none().into());
        let arrived = outcomes.iter().any(|outcome| has_arrived(outcome));
        overview.insert("arrived".into(), arrived.into());
        overview.insert("engine".into(), self.names.get(index).cloned().into());
        overview.insert("warnings".into(), self.warnings().into());
        if let Some(outcome) = outcomes.get(index) {
            for (name, value) in members(outcome) {
                overview.entry(name).or_insert(value);
            }
        }
        write(&overview)
    }

    /// What the verdicts do not tell, each once.
    fn warnings(&self) -> Vec<String> {
        let mut warnings = self.fetched.warnings();
        for (_, transcript) in self.fetched.transcripts() {
            for warning in Explanation::new(transcript).warnings() {
                if warnings.iter().all(|known| known != warning) {
                    warnings.push(warning.to_owned());
                }
            }
        }
        warnings
    }

    /// The outcome in the engine of this name, as JSON; `None` if the page is not open in it. `text`
    /// is the explanation.
    ///
    /// ```
    /// # use browser_cors_host::Got;
    /// # fn f(got: &Got) {
    /// assert!(got.engine("netscape").is_none());
    /// # }
    /// ```
    pub fn engine(&self, name: &str) -> Option<String> {
        let index = self.names.iter().position(|known| known == name)?;
        let (_, outcome) = self.fetched.outcomes().nth(index)?;
        let mut engine = members(outcome);
        engine.insert("text".into(), outcome.to_string().into());
        Some(write(&engine))
    }

    /// The fix in the words of the server with this name, as JSON, for the engine of that name. With
    /// `guess`, the server is the one that answered, as far as its headers tell. `None`, if no change of
    /// a server mends it, no server was recognized, or the page is not open in that engine.
    ///
    /// # Errors
    ///
    /// If there are no snippets for that server.
    ///
    /// ```
    /// # use browser_cors_host::Got;
    /// # fn f(got: &Got) -> Result<(), browser_cors_host::InvalidInput> {
    /// if let Some(snippet) = got.snippet("chromium", "nginx")? {
    ///     println!("{snippet}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn snippet(&self, engine: &str, server: &str) -> Result<Option<String>, InvalidInput> {
        let index = self.names.iter().position(|known| known == engine);
        let outcome = index.and_then(|index| self.fetched.outcomes().nth(index));
        match outcome.and_then(|(_, outcome)| outcome.transcript()) {
            Some(transcript) => {
                let tongue = match server {
                    "guess" => None,
                    name => Some(name.parse().map_err(InvalidInput::new)?),
                };
                Ok(Translation::of_refusal(transcript, tongue).as_ref().map(write))
            }
            None => Ok(None),
        }
    }

    /// The explanation for people.
    ///
    /// ```
    /// # use browser_cors_host::Got;
    /// # fn f(got: &Got) {
    /// print!("{}", got.text());
    /// # }
    /// ```
    pub fn text(&self) -> String {
        self.fetched.to_string()
    }

    /// Checks expectations, which are JSON: `readable` (with `status`, `exposes`, `hides`), `blocked`
    /// (with `reason`, `arrived`), `preflight`, `cachedPreflight`, `noWarnings`. Returns the text of
    /// the first that is not met.
    ///
    /// # Errors
    ///
    /// If the JSON says something else, or nothing.
    ///
    /// ```
    /// # use browser_cors_host::Got;
    /// # fn f(got: &Got) -> Result<(), browser_cors_host::InvalidInput> {
    /// if let Some(failure) = got.check(r#"{ "readable": { "status": 200, "exposes": ["etag"] } }"#)? {
    ///     panic!("{failure}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn check(&self, expected: &str) -> Result<Option<String>, InvalidInput> {
        let expected: Expected = read("expectation", expected)?;
        if let Expected {
            readable: None,
            blocked: None,
            preflight: None,
            cached_preflight: None | Some(false),
            no_warnings: None | Some(false),
        } = expected
        {
            return Err(InvalidInput::new(
                "expectation: nothing is expected, which proves nothing: one of `readable`, \
                 `blocked`, `preflight`, `cachedPreflight`, `noWarnings` was expected",
            ));
        }
        Ok(self.unmet(&expected).err().map(|unmet| unmet.to_string()))
    }

    fn unmet(&self, expected: &Expected) -> Result<(), Unmet> {
        let fetched = &self.fetched;
        if let Some(Readable { status, exposes, hides }) = &expected.readable {
            match self.is_same_origin {
                true => fetched.check_same_origin()?,
                false => fetched.check_shared()?,
            }
            status.map_or(Ok(()), |status| fetched.check_status(status))?;
            exposes.iter().try_for_each(|name| fetched.check_exposes(name))?;
            hides.iter().try_for_each(|name| fetched.check_hides(name))?;
        }
        if let Some(Blocked { reason, arrived }) = &expected.blocked {
            fetched.check_blocked()?;
            reason.as_ref().map_or(Ok(()), |reason| fetched.check_blocked_by(reason))?;
            match arrived {
                Some(true) => fetched.check_sent()?,
                Some(false) => fetched.check_not_sent()?,
                None => {}
            }
        }
        match expected.preflight {
            Some(true) => fetched.check_preflight()?,
            Some(false) => fetched.check_no_preflight()?,
            None => {}
        }
        if expected.cached_preflight == Some(true) {
            fetched.check_cached_preflight()?;
        }
        if expected.no_warnings == Some(true) {
            fetched.check_no_warnings()?;
        }
        Ok(())
    }
}

/// The members of an outcome: in short, then as `simulate` writes them, those of `result` beside the
/// others.
fn members(outcome: &FetchOutcome) -> Map<String, Value> {
    let response = response(outcome);
    let transcript = outcome.transcript();
    let answered_by = response.and_then(|_| transcript?.exchanges.len().checked_sub(1));
    let seen = Seen {
        readable: is_readable(outcome),
        arrived: has_arrived(outcome),
        verdict: outcome.verdict(),
        status: response.map(FilteredResponse::status),
        status_text: response.map(|response| latin(response.status_message()).into_owned()),
        answered_by,
        console: outcome.console(),
    };
    let mut all = object(&seen);
    let mut written = object(outcome);
    let result = match written.remove("result") {
        Some(Value::Object(result)) => result,
        _ => Map::new(),
    };
    for (name, value) in written.into_iter().chain(result) {
        all.entry(name).or_insert(value);
    }
    if let Some(message) = message(outcome) {
        all.insert("message".into(), message.into());
    }
    all
}

/// The reason in words, if the page gets an error.
fn message(outcome: &FetchOutcome) -> Option<String> {
    match outcome {
        FetchOutcome::NotAsked(error) => Some(error.to_string()),
        other => match &other.transcript()?.outcome {
            Outcome::NetworkError(error) => Some(error.to_string()),
            Outcome::Response { .. } => None,
        },
    }
}

fn response(outcome: &FetchOutcome) -> Option<&FilteredResponse> {
    match &outcome.transcript()?.outcome {
        Outcome::Response { response, .. } => Some(response),
        Outcome::NetworkError(_) => None,
    }
}

/// Whether the page may read the response.
fn is_readable(outcome: &FetchOutcome) -> bool {
    response(outcome).is_some_and(|response| is_cors_same_origin(response.kind()))
}

/// Whether the request itself reached a server.
fn has_arrived(outcome: &FetchOutcome) -> bool {
    outcome
        .transcript()
        .is_some_and(|transcript: &Transcript| transcript.arrived().next().is_some())
}

/// Bytes as text, one character a byte.
fn latin(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => text.into(),
        _ => bytes.iter().copied().map(char::from).collect::<String>().into(),
    }
}
