//! The outcome of a question.

use std::fmt::{self, Write};

use thiserror::Error;

use super::{Api, Comparable, View};
use crate::{
    code::Code,
    console::{messages, messages_of_load},
    explain::{Explanation, Remedy},
    fetch::Outcome,
    page::{
        beacon::{BeaconTypeError, is_queued},
        fetch_api::RequestTypeError,
        kept::KeptLoad,
        loads::{Load, Loaded, RecordedLoad},
        xml_http_request::{XhrError, response_url},
    },
    transcript::{Sent, Transcript},
};

/// The outcome of a question. [`Display`](fmt::Display) writes an explanation for people.
///
/// ```
/// # use browser_cors::compare::{FetchOutcome, NotAsked};
/// let outcome = FetchOutcome::NotAsked(NotAsked::NotQueued);
/// assert!(outcome.to_string().starts_with("invalid: the body has more than 64 KiB"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub enum FetchOutcome {
    /// A fetch by `fetch()`, `XMLHttpRequest` or `sendBeacon()` ended.
    Done {
        /// Which API asked.
        api: Api,
        /// The record of the fetch.
        transcript: Box<Transcript>,
    },
    /// A load ended.
    Load(Box<RecordedLoad>),
    /// The page has what the load asks for, so nothing was sent.
    Kept(KeptLoad),
    /// Nothing was sent.
    NotAsked(NotAsked),
}

/// Why a call of an API sends nothing.
///
/// ```
/// # use browser_cors::{compare::NotAsked, page::fetch_api::RequestTypeError};
/// let error = NotAsked::from(RequestTypeError::Window);
/// assert_eq!(error.to_string(), "window is not null");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum NotAsked {
    /// The `Request` constructor threw.
    #[error(transparent)]
    TypeError(#[from] RequestTypeError),
    /// A method of `XMLHttpRequest` threw.
    #[error(transparent)]
    XhrError(#[from] XhrError),
    /// `sendBeacon()` threw.
    #[error(transparent)]
    BeaconTypeError(#[from] BeaconTypeError),
    /// `sendBeacon()` returned false.
    #[error("the body has more than 64 KiB")]
    NotQueued,
    /// The URL of a load cannot be parsed.
    #[error("`{text}` is not a URL: {reason}")]
    InvalidUrl {
        /// The kind of load.
        load: Load,
        /// The text that was to be a URL.
        text: String,
        /// What the URL parser says.
        reason: url::ParseError,
    },
}

/// Where the Beacon Standard defines the method.
pub(crate) const SEND_BEACON: &str = "https://w3c.github.io/beacon/#sendbeacon-method";

impl FetchOutcome {
    /// The record of the fetch, if there was one.
    ///
    /// ```
    /// # use browser_cors::compare::{FetchOutcome, NotAsked};
    /// assert!(FetchOutcome::NotAsked(NotAsked::NotQueued).transcript().is_none());
    /// ```
    pub fn transcript(&self) -> Option<&Transcript> {
        match self {
            Self::Done { transcript, .. } => Some(transcript),
            Self::Load(load) => Some(&load.transcript),
            Self::Kept(_) | Self::NotAsked(_) => None,
        }
    }

    /// What the page gets, in a word or two: the type of the response, or, for example, `loaded,
    /// readable` or `blocked`.
    ///
    /// ```
    /// # use browser_cors::compare::{FetchOutcome, NotAsked};
    /// assert_eq!(FetchOutcome::NotAsked(NotAsked::NotQueued).verdict(), "not queued");
    /// ```
    pub fn verdict(&self) -> &'static str {
        match self {
            Self::Done { api: Api::Beacon, transcript } if is_queued(transcript) => "queued",
            Self::Done { api: Api::Beacon, .. } => "not queued",
            Self::Done { transcript, .. } => match &transcript.outcome {
                Outcome::Response { response, .. } => response.kind().as_str(),
                Outcome::NetworkError(error) if error.code() == Code::NotSent => "not sent",
                Outcome::NetworkError(_) => "blocked",
            },
            Self::Load(load) => match load.judgement {
                Some(judgement) => verdict_of_load(judgement.ok()),
                None => "blocked",
            },
            Self::Kept(known) => verdict_of_load(known.loaded),
            Self::NotAsked(NotAsked::NotQueued) => "not queued",
            Self::NotAsked(_) => "invalid",
        }
    }

    /// The lines that the engine prints [on its console](messages).
    ///
    /// ```
    /// # use browser_cors::compare::{FetchOutcome, NotAsked};
    /// assert!(FetchOutcome::NotAsked(NotAsked::NotQueued).console().is_empty());
    /// ```
    pub fn console(&self) -> Vec<String> {
        match self {
            Self::Done { api, transcript } => messages(transcript, api.asker()),
            Self::Load(load) => messages_of_load(load),
            Self::Kept(_) | Self::NotAsked(_) => Vec::new(),
        }
    }
}

/// What the page gets of a load that was judged.
const fn verdict_of_load(loaded: Option<Loaded>) -> &'static str {
    match loaded {
        Some(Loaded { readable: true }) => "loaded, readable",
        Some(Loaded { readable: false }) => "loaded, not readable",
        None => "not loaded",
    }
}

impl Comparable for FetchOutcome {
    fn view(&self) -> View {
        let exchanges = self.transcript().map_or_else(Vec::new, |transcript| {
            transcript.exchanges.iter().map(Sent::from_recorded).collect()
        });
        let mut result = self.verdict().to_owned();
        if let Self::Done { api, transcript } = self
            && let Outcome::Response { response, .. } = &transcript.outcome
        {
            let url = match api {
                Api::Xhr => response_url(response, &transcript.profile),
                _ => response.url().into(),
            };
            // Writing to a string cannot fail.
            let _ = write!(result, " {} {url}", response.status());
            for (name, value) in response.header_list().sort_and_combine().iter() {
                let _ = write!(result, "\n{name}: {}", value.escape_ascii());
            }
        }
        View { exchanges, result }
    }
}

impl fmt::Display for FetchOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = match self {
            Self::Done { api: Api::Beacon, transcript } => {
                return Explanation::of_beacon(transcript).fmt(f);
            }
            Self::Done { transcript, .. } => return Explanation::new(transcript).fmt(f),
            Self::Load(load) => return Explanation::of_load(load).fmt(f),
            Self::Kept(known) => return known.fmt(f),
            Self::NotAsked(error) => error,
        };
        let page_gets = match error {
            NotAsked::TypeError(_) | NotAsked::BeaconTypeError(_) => {
                "the page gets a TypeError".to_owned()
            }
            NotAsked::XhrError(error) => format!("the page gets a {}", error.name()),
            NotAsked::NotQueued => "sendBeacon() returns false".to_owned(),
            NotAsked::InvalidUrl { load: Load::EventSource, .. } => {
                "the page gets a SyntaxError".to_owned()
            }
            NotAsked::InvalidUrl { .. } => "nothing is loaded".to_owned(),
        };
        writeln!(f, "invalid: {error}; nothing is sent, and {page_gets}")?;
        match error {
            NotAsked::TypeError(error) => {
                let step = error.step();
                writeln!(f, "     at: {} step {}", step.url(), step.path())
            }
            NotAsked::XhrError(error) => writeln!(f, "     at: {}", error.url()),
            NotAsked::BeaconTypeError(_) => writeln!(f, "     at: {SEND_BEACON}"),
            NotAsked::NotQueued => {
                writeln!(f, "     at: {SEND_BEACON}")?;
                writeln!(f, "  guide: {}", Code::Keepalive.guide())?;
                writeln!(f, "    fix: {}", Remedy::of_beacon_not_queued())
            }
            NotAsked::InvalidUrl { load, .. } => {
                writeln!(f, "     at: {}", load.url())?;
                writeln!(f, "  guide: {}", Code::LoadUrl.guide())
            }
        }
    }
}
