//! Writing outcomes: as JSON, and as text for people.

use std::{borrow::Cow, fmt};

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use super::Api;
use crate::{
    explain::{Evidence, Explanation, fix},
    fetch::{NetworkError, Outcome},
    header::HeaderList,
    page::{fetch_api::RequestTypeError, xml_http_request::XhrError},
    response::FilteredResponse,
    transcript::{RecordedExchange, Transcript, url_as_sent},
};

/// What came of a scenario. [`Serialize`] gives the outcome in JSON, [`Display`](fmt::Display) the
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
/// assert_eq!(serde_json::to_string(&outcome).unwrap(), r#"{"id":"none","fetches":[]}"#);
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct ScenarioOutcome<'a> {
    /// The scenario's name.
    pub id: &'a str,
    /// What came of each fetch.
    pub fetches: Vec<FetchOutcome>,
}

impl Serialize for ScenarioOutcome<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", self.id)?;
        map.serialize_entry("fetches", &self.fetches)?;
        let console: Vec<_> = self.fetches.iter().flat_map(FetchOutcome::console).collect();
        if !console.is_empty() {
            map.serialize_entry("console", &console)?;
        }
        map.end()
    }
}

/// What came of one fetch.
///
/// ```
/// # use browser_cors::scenario::{Api, FetchOutcome};
/// let outcome = FetchOutcome::NotModelled { api: Api::Img };
/// assert_eq!(outcome.to_string(), "not answered: loads by img are not modelled\n");
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub enum FetchOutcome {
    /// It went through to its end.
    Done {
        /// Which API asked.
        api: Api,
        /// What happened.
        transcript: Box<Transcript>,
        /// What the engine printed about it on its console.
        console: Vec<String>,
    },
    /// The `Request` constructor threw, and nothing was sent.
    TypeError(RequestTypeError),
    /// A method of `XMLHttpRequest` threw, and nothing was sent.
    XhrError(XhrError),
    /// Loads by this API are not modelled.
    NotModelled {
        /// The API.
        api: Api,
    },
}

impl FetchOutcome {
    /// What the engine printed about it on its console.
    ///
    /// ```
    /// # use browser_cors::scenario::{Api, FetchOutcome};
    /// assert!(FetchOutcome::NotModelled { api: Api::Img }.console().is_empty());
    /// ```
    pub fn console(&self) -> &[String] {
        match self {
            Self::Done { console, .. } => console,
            Self::TypeError(_) | Self::XhrError(_) | Self::NotModelled { .. } => &[],
        }
    }
}

impl Serialize for FetchOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        match self {
            Self::Done { api, transcript, .. } => {
                map.serialize_entry("exchanges", &Exchanges(&transcript.exchanges))?;
                match &transcript.outcome {
                    Outcome::Response(response) => {
                        map.serialize_entry("result", &Seen { response, api: *api })?;
                    }
                    Outcome::NetworkError(error) => {
                        let last = transcript.exchanges.last();
                        map.serialize_entry("result", &Refused { error, last })?;
                    }
                }
            }
            Self::TypeError(error) => {
                map.serialize_entry("exchanges", &[(); 0])?;
                map.serialize_entry(
                    "result",
                    &Thrown {
                        error: "invalid",
                        name: "TypeError",
                        evidence: error.to_string(),
                        step: error.step().to_string(),
                    },
                )?;
            }
            Self::XhrError(error) => {
                map.serialize_entry("exchanges", &[(); 0])?;
                map.serialize_entry(
                    "result",
                    &Thrown {
                        error: "invalid",
                        name: error.name(),
                        evidence: error.to_string(),
                        step: error.url().to_owned(),
                    },
                )?;
            }
            Self::NotModelled { api } => {
                map.serialize_entry("exchanges", &[(); 0])?;
                map.serialize_entry(
                    "result",
                    &NotModelled { error: "not-modelled", evidence: api.as_str() },
                )?;
            }
        }
        map.end()
    }
}

impl fmt::Display for FetchOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done { transcript, console, .. } => {
                Explanation::new(transcript).fmt(f)?;
                console.iter().try_for_each(|line| writeln!(f, "console: {line}"))
            }
            Self::TypeError(error) => {
                let step = error.step();
                writeln!(f, "invalid: {error}; nothing is sent, and the page gets a TypeError")?;
                writeln!(f, "     at: {} step {}", step.url(), step.path())
            }
            Self::XhrError(error) => {
                let name = error.name();
                writeln!(f, "invalid: {error}; nothing is sent, and the page gets a {name}")?;
                writeln!(f, "     at: {}", error.url())
            }
            Self::NotModelled { api } => {
                writeln!(f, "not answered: loads by {} are not modelled", api.as_str())
            }
        }
    }
}

impl fmt::Display for ScenarioOutcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fetch) in self.fetches.iter().enumerate() {
            if self.fetches.len() == 1 {
                writeln!(f, "== {}", self.id)?;
            } else {
                writeln!(f, "== {}, fetch {} of {}", self.id, index + 1, self.fetches.len())?;
            }
            write!(f, "{fetch}")?;
        }
        Ok(())
    }
}

struct Exchanges<'a>(&'a [RecordedExchange]);

impl Serialize for Exchanges<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Sent))
    }
}

struct Sent<'a>(&'a RecordedExchange);

impl Serialize for Sent<'_> {
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

/// Values by their text.
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

/// A header list with names in lower case.
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

/// Bytes, one a character.
struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match str::from_utf8(self.0) {
            Ok(text) if text.is_ascii() => serializer.serialize_str(text),
            _ => serializer.serialize_str(&crate::header::list::isomorphic_decode(self.0)),
        }
    }
}

struct Seen<'a> {
    response: &'a FilteredResponse,
    api: Api,
}

impl Serialize for Seen<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { response, api } = self;
        let is_xhr = *api == Api::Xhr;
        let mut map = serializer.serialize_map(None)?;
        if !is_xhr {
            map.serialize_entry("type", response.kind().as_str())?;
        }
        map.serialize_entry("status", &response.status())?;
        map.serialize_entry("url", response.url())?;
        if !is_xhr {
            map.serialize_entry("redirected", &response.redirected())?;
        }
        map.serialize_entry("headers", &Headers(&response.header_list().sort_and_combine()))?;
        map.end()
    }
}

struct Refused<'a> {
    error: &'a NetworkError,
    last: Option<&'a RecordedExchange>,
}

impl Serialize for Refused<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { error, last } = self;
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("error", "network")?;
        map.serialize_entry("reason", error.refusal.code())?;
        map.serialize_entry("step", &format_args!("{}", error.refusal.step()))?;
        map.serialize_entry("evidence", &Proof(&Evidence::of(error, *last)))?;
        map.serialize_entry("fix", &fix(error, *last))?;
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

#[derive(Serialize)]
struct Thrown {
    error: &'static str,
    name: &'static str,
    evidence: String,
    step: String,
}

#[derive(Serialize)]
struct NotModelled {
    error: &'static str,
    evidence: &'static str,
}
