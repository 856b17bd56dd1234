//! Writes outcomes, as JSON and as text.

use std::{borrow::Cow, fmt};

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use super::FORMAT;
use crate::{
    code::Code,
    compare::{Api, Difference, FetchOutcome, NotAsked, Row, SEND_BEACON, SideBySide},
    explain::{Evidence, Explanation, Remedy, further_faults},
    fetch::{NetworkError, Outcome},
    header::HeaderList,
    origin::url_as_sent,
    page::{
        beacon::is_queued,
        kept::KeptLoad,
        loads::{Load, RecordedLoad},
        xml_http_request::response_url,
    },
    response::FilteredResponse,
    transcript::{RecordedExchange, Transcript},
};

/// The outcome of a scenario. [`Serialize`] writes it as JSON, [`Display`](fmt::Display) as an
/// explanation for people.
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// # use browser_cors::{fetch::UserAgent, scenario::Scenario};
/// let scenario: Scenario = serde_json::from_str(
///     r#"{ "id": "none", "page": { "origin": "http://foo.example" }, "fetches": [] }"#,
/// ).unwrap();
/// let user_agent = UserAgent::default();
/// let outcome = scenario.run(&user_agent);
/// assert_eq!(serde_json::to_string(&outcome).unwrap(), r#"{"format":1,"id":"none","fetches":[]}"#);
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct ScenarioOutcome<'a> {
    /// The scenario's name.
    pub id: &'a str,
    /// The outcome of each fetch.
    pub fetches: Vec<FetchOutcome>,
    /// The lines that the engine prints on its console about each fetch. They are empty for the
    /// standard.
    pub console: Vec<Vec<String>>,
}

impl Serialize for ScenarioOutcome<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("format", &FORMAT)?;
        map.serialize_entry("id", self.id)?;
        map.serialize_entry("fetches", &self.fetches)?;
        let console: Vec<_> = self.console.iter().flatten().collect();
        if !console.is_empty() {
            map.serialize_entry("console", &console)?;
        }
        map.end()
    }
}

impl Serialize for FetchOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let transcript = match self {
            Self::Done { transcript, .. } => Some(&**transcript),
            Self::Load(load) => Some(&load.transcript),
            _ => None,
        };
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(
            "exchanges",
            &Exchanges(transcript.map_or(&[], |transcript| &transcript.exchanges)),
        )?;
        match self {
            Self::Done { api, transcript } => match (api, &transcript.outcome) {
                (Api::Beacon, _) => map.serialize_entry("result", &QueuedBeacon(transcript))?,
                (_, Outcome::Response { response, .. }) => {
                    let seen = SeenResponse { response, transcript, api: *api };
                    map.serialize_entry("result", &seen)?;
                }
                (_, Outcome::NetworkError(error)) => {
                    map.serialize_entry("result", &Refused { error, transcript })?;
                }
            },
            Self::Load(load) => map.serialize_entry("result", &LoadResult(load))?,
            Self::Kept(known) => map.serialize_entry("result", &KeptResult(*known))?,
            Self::NotAsked(error) => match error {
                NotAsked::NotQueued => map.serialize_entry("result", &NotQueued)?,
                NotAsked::InvalidUrl { load: Load::EventSource, .. } => {
                    let step = Load::EventSource.url();
                    map.serialize_entry("result", &Thrown::new("SyntaxError", error, step))?;
                }
                NotAsked::InvalidUrl { load, text, .. } => {
                    map.serialize_entry("result", &InvalidUrl { load: *load, text })?;
                }
                NotAsked::BeaconTypeError(error) => {
                    map.serialize_entry("result", &Thrown::new("TypeError", error, SEND_BEACON))?;
                }
                NotAsked::TypeError(error) => {
                    map.serialize_entry("result", &Thrown::new("TypeError", error, error.step()))?;
                }
                NotAsked::XhrError(error) => {
                    let thrown = Thrown::new(error.name(), error, error.url());
                    map.serialize_entry("result", &thrown)?;
                }
            },
        }
        map.end()
    }
}

impl fmt::Display for ScenarioOutcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A title is one line.
        let id = self.id.replace('\n', "\\n");
        for (index, fetch) in self.fetches.iter().enumerate() {
            if self.fetches.len() == 1 {
                writeln!(f, "== {id}")?;
            } else {
                writeln!(f, "== {id}, fetch {} of {}", index + 1, self.fetches.len())?;
            }
            write!(f, "{fetch}")?;
            for line in self.console.get(index).into_iter().flatten() {
                writeln!(f, "console: {line}")?;
            }
        }
        Ok(())
    }
}

struct Exchanges<'a>(&'a [RecordedExchange]);

impl Serialize for Exchanges<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(SerializedExchange))
    }
}

struct SerializedExchange<'a>(&'a RecordedExchange);

impl Serialize for SerializedExchange<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(exchange) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("method", exchange.method.as_str())?;
        map.serialize_entry("url", &url_as_sent(&exchange.url))?;
        map.serialize_entry("headers", &Headers(&exchange.header_list))?;
        map.serialize_entry("credentials", &exchange.includes_credentials)?;
        map.serialize_entry("preflight", &exchange.preflight.is_some())?;
        if let Some(reasons) = &exchange.preflight {
            map.serialize_entry("because", &Shown(reasons))?;
        }
        if let Ok(answer) = &exchange.answer {
            map.serialize_entry("status", &answer.status)?;
        }
        map.end()
    }
}

/// Serializes each value as its text.
struct Shown<'a, T>(&'a [T]);

impl<T: fmt::Display> Serialize for Shown<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for value in self.0 {
            list.serialize_element(&format_args!("{value}"))?;
        }
        list.end()
    }
}

/// A header list; names become lower case.
struct Headers<'a>(&'a HeaderList);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|(name, value)| {
            let is_lower_case = !name.bytes().any(|byte| byte.is_ascii_uppercase());
            let name =
                if is_lower_case { Cow::Borrowed(name) } else { name.to_ascii_lowercase().into() };
            (name, Bytes(value))
        }))
    }
}

/// Bytes, one byte a character.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match str::from_utf8(self.0) {
            Ok(text) if text.is_ascii() => serializer.serialize_str(text),
            _ => serializer.serialize_str(&crate::header::list::isomorphic_decode(self.0)),
        }
    }
}

struct SeenResponse<'a> {
    response: &'a FilteredResponse,
    transcript: &'a Transcript,
    api: Api,
}

impl Serialize for SeenResponse<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { response, transcript, api } = self;
        let is_xhr = *api == Api::Xhr;
        let mut map = serializer.serialize_map(None)?;
        if !is_xhr {
            map.serialize_entry("type", response.kind().as_str())?;
        }
        map.serialize_entry("status", &response.status())?;
        if is_xhr {
            map.serialize_entry("url", &response_url(response, &transcript.profile))?;
        } else {
            map.serialize_entry("url", response.url())?;
            map.serialize_entry("redirected", &response.redirected())?;
        }
        map.serialize_entry("headers", &Headers(&response.header_list().sort_and_combine()))?;
        let dropped = &transcript.asked.dropped_header_names;
        if !dropped.is_empty() {
            map.serialize_entry("dropped", dropped)?;
        }
        let warnings: Vec<_> = Explanation::new(transcript).warnings().collect();
        if !warnings.is_empty() {
            map.serialize_entry("warnings", &warnings)?;
        }
        fix(&mut map, Remedy::of_opaque(transcript))?;
        map.end()
    }
}

struct Refused<'a> {
    error: &'a NetworkError,
    transcript: &'a Transcript,
}

impl Serialize for Refused<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { error, transcript } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("error", "network")?;
        why(&mut map, error, transcript)?;
        fix(&mut map, Remedy::of(transcript))?;
        map.end()
    }
}

/// Writes the members that explain a network error.
fn why<M: SerializeMap>(
    map: &mut M,
    error: &NetworkError,
    transcript: &Transcript,
) -> Result<(), M::Error> {
    one_fault(map, error, transcript)?;
    let further = further_faults(transcript);
    if further.is_empty() {
        return Ok(());
    }
    let further: Vec<_> = further.iter().map(|fault| FurtherFault(fault, transcript)).collect();
    map.serialize_entry("also", &further)
}

/// Writes the code of a reason, and where the guide tells more.
fn reason<M: SerializeMap>(map: &mut M, code: Code) -> Result<(), M::Error> {
    map.serialize_entry("reason", code.as_str())?;
    map.serialize_entry("guide", code.guide())
}

fn one_fault<M: SerializeMap>(
    map: &mut M,
    error: &NetworkError,
    transcript: &Transcript,
) -> Result<(), M::Error> {
    reason(map, error.code())?;
    map.serialize_entry("step", &format_args!("{}", error.step()))?;
    if let Some(page) = error.code().mdn() {
        map.serialize_entry("see", page)?;
    }
    map.serialize_entry("evidence", &Proof(&Evidence::of(error, transcript.judged_exchange())))
}

/// Another fault of the answer that was refused.
struct FurtherFault<'a>(&'a NetworkError, &'a Transcript);

impl Serialize for FurtherFault<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("message", &self.0.to_string())?;
        one_fault(&mut map, self.0, self.1)?;
        map.end()
    }
}

/// The members that say what to do about it: in words, and as a value.
fn fix<M: SerializeMap>(map: &mut M, remedy: Option<Remedy>) -> Result<(), M::Error> {
    let Some(remedy) = remedy else { return Ok(()) };
    map.serialize_entry("fix", &remedy.to_string())?;
    map.serialize_entry("remedy", &remedy)
}

/// The outcome of a beacon: it was queued. If it was not delivered, the outcome says why; no page
/// learns that.
struct QueuedBeacon<'a>(&'a Transcript);

impl Serialize for QueuedBeacon<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("queued", &is_queued(self.0))?;
        if let Outcome::NetworkError(error) = &self.0.outcome
            && !self.0.is_delivered()
        {
            why(&mut map, error, self.0)?;
            fix(&mut map, Remedy::of(self.0))?;
        }
        map.end()
    }
}

/// A beacon that was not queued.
struct NotQueued;

impl Serialize for NotQueued {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("queued", &false)?;
        reason(&mut map, Code::Keepalive)?;
        map.serialize_entry("step", SEND_BEACON)?;
        fix(&mut map, Some(Remedy::of_beacon_not_queued()))?;
        map.end()
    }
}

/// The outcome of a load.
struct LoadResult<'a>(&'a RecordedLoad);

impl Serialize for LoadResult<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(load) = self;
        let mut map = serializer.serialize_map(None)?;
        match load.judgement {
            Some(Ok(loaded)) => {
                map.serialize_entry("loaded", &true)?;
                map.serialize_entry("readable", &loaded.readable)?;
                if !loaded.readable {
                    reason(&mut map, Code::CorsCrossOrigin)?;
                    map.serialize_entry("step", load.load.reading_url())?;
                }
            }
            Some(Err(failure)) => {
                map.serialize_entry("loaded", &false)?;
                reason(&mut map, failure.code())?;
                map.serialize_entry("step", load.load.url())?;
                map.serialize_entry("evidence", &Proof(&load.evidence(failure)))?;
            }
            None => {
                map.serialize_entry("loaded", &false)?;
                if let Outcome::NetworkError(error) = &load.transcript.outcome {
                    why(&mut map, error, &load.transcript)?;
                }
            }
        }
        fix(&mut map, Remedy::of_load(load))?;
        map.end()
    }
}

/// The outcome of a load that needs no request.
struct KeptResult(KeptLoad);

impl Serialize for KeptResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(known) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("loaded", &known.loaded.is_some())?;
        if let Some(loaded) = known.loaded {
            map.serialize_entry("readable", &loaded.readable)?;
        }
        map.serialize_entry("kept", known.place.as_str())?;
        if let Some(code) = known.code() {
            reason(&mut map, code)?;
            map.serialize_entry("step", known.step_url())?;
        }
        map.end()
    }
}

/// The outcome of a load whose URL cannot be parsed.
struct InvalidUrl<'a> {
    load: Load,
    text: &'a str,
}

impl Serialize for InvalidUrl<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { load, text } = self;
        let mut map = serializer.serialize_map(None)?;
        let evidence = Evidence::Url { url: (*text).to_owned(), expected: "a URL".to_owned() };
        map.serialize_entry("loaded", &false)?;
        reason(&mut map, Code::LoadUrl)?;
        map.serialize_entry("step", load.url())?;
        map.serialize_entry("evidence", &Proof(&evidence))?;
        fix(&mut map, Some(Remedy::of_load_without_url()))?;
        map.end()
    }
}

struct Proof<'a>(&'a Evidence);

impl Serialize for Proof<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.0 {
            Evidence::Header { name, lines, line, index, .. } => {
                map.serialize_entry("header", name)?;
                let values: Vec<_> = lines.iter().map(|value| Bytes(value)).collect();
                map.serialize_entry("values", &values)?;
                if !lines.is_empty() {
                    map.serialize_entry("line", line)?;
                    map.serialize_entry("index", index)?;
                }
            }
            Evidence::Status { status, .. } => map.serialize_entry("status", status)?,
            Evidence::Url { url, .. } => map.serialize_entry("url", url)?,
            Evidence::Network { reason, .. } => map.serialize_entry("network", reason)?,
        }
        map.serialize_entry("expected", self.0.expected())?;
        map.end()
    }
}

/// An exception that an API throws before it sends anything.
#[derive(Serialize)]
struct Thrown {
    error: &'static str,
    name: &'static str,
    evidence: String,
    step: String,
}

impl Thrown {
    fn new(name: &'static str, error: &impl fmt::Display, step: impl fmt::Display) -> Self {
        Self { error: "invalid", name, evidence: error.to_string(), step: step.to_string() }
    }
}

impl Serialize for SideBySide {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.rows.iter().map(|row| (row.profile.to_string(), row)))
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("fetches", &self.outcomes)?;
        map.serialize_entry("differences", &self.differences)?;
        map.end()
    }
}

impl Serialize for Difference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("exchanges", &self.exchanges)?;
        map.serialize_entry("result", &self.result)?;
        let causes: Vec<_> = self.causes.iter().map(|cause| cause.as_str()).collect();
        map.serialize_entry("because", &causes)?;
        map.end()
    }
}
