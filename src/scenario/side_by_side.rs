//! The same asked of several user agents: where they differ from the standard, and by which of
//! their departures.

use std::fmt::Write;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Api, FetchOutcome};
use crate::{
    engine::{Departure, Profile},
    fetch::Outcome,
    origin::url_as_sent,
    transcript::Transcript,
};

/// What several user agents make of the same fetches. The first row is the standard's.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     engine::{Departure, Profile},
///     scenario::{Scenario, SideBySide},
/// };
///
/// let scenario: Scenario = serde_json::from_str(r#"{
///     "id": "token", "page": { "origin": "https://foo.example" },
///     "fetches": [ { "url": "https://bar.other/", "headers": [["Authorization", "Bearer 1"]] } ],
///     "server": [ { "url": "https://bar.other/", "status": 200,
///                   "headers": [["Access-Control-Allow-Origin", "*"],
///                               ["Access-Control-Allow-Headers", "*"]] } ]
/// }"#).unwrap();
/// let side_by_side = scenario.side_by_side(&Profile::ALL);
/// let firefox = side_by_side.rows[2].differences[0].as_ref().unwrap();
/// assert_eq!(firefox.causes, [Departure::AUTHORIZATION_UNDER_WILDCARD]);
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct SideBySide {
    /// A row for each user agent.
    pub rows: Vec<Row>,
}

/// What one user agent makes of the fetches.
///
/// ```
/// # use browser_cors::scenario::Row;
/// # fn differs(row: &Row) -> bool {
/// row.differences.iter().any(Option::is_some)
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct Row {
    /// The user agent's profile.
    pub profile: Profile,
    /// What came of each fetch.
    pub outcomes: Vec<FetchOutcome>,
    /// For each fetch, where its outcome differs from the standard's.
    pub differences: Vec<Option<Difference>>,
}

/// Where the outcome of a fetch differs from the standard's, and why.
///
/// ```
/// # use browser_cors::scenario::Difference;
/// # fn f(difference: &Difference) {
/// difference.causes.iter().for_each(|cause| println!("because of {}", cause.as_str()));
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// Whether what goes on the wire differs.
    pub exchanges: bool,
    /// Whether what the page gets differs.
    pub result: bool,
    /// Without any of these there would be another outcome; empty if several make it together.
    pub causes: Vec<Departure>,
    /// Those of them without which the page would get something else.
    pub causes_of_result: Vec<Departure>,
}

impl SideBySide {
    /// Asks `run` what the standard and each of `profiles` make of the same fetches, and the same
    /// of each profile without one of its departures, to learn which it is that counts.
    ///
    /// ```
    /// # use browser_cors::{engine::Profile, scenario::{FetchOutcome, SideBySide}};
    /// let side_by_side = SideBySide::of(Profile::ALL, |_profile| vec![FetchOutcome::NotQueued]);
    /// assert_eq!(side_by_side.rows.len(), 4);
    /// assert!(side_by_side.rows.iter().all(|row| row.differences == [None]));
    /// ```
    pub fn of(profiles: &[Profile], mut run: impl FnMut(&Profile) -> Vec<FetchOutcome>) -> Self {
        let standard = run(&Profile::STANDARD);
        let expected: Vec<Seen> = standard.iter().map(Seen::of).collect();
        let same = vec![None; standard.len()];
        let mut rows =
            vec![Row { profile: Profile::STANDARD, outcomes: standard, differences: same }];
        for profile in profiles.iter().filter(|profile| **profile != Profile::STANDARD) {
            let outcomes = run(profile);
            let seen: Vec<Seen> = outcomes.iter().map(Seen::of).collect();
            let mut differences: Vec<_> = seen
                .iter()
                .zip(&expected)
                .map(|(seen, expected)| {
                    (seen != expected).then(|| Difference {
                        exchanges: seen.exchanges != expected.exchanges,
                        result: seen.result != expected.result,
                        causes: Vec::new(),
                        causes_of_result: Vec::new(),
                    })
                })
                .collect();
            if differences.iter().any(Option::is_some) {
                for cause in profile.departures() {
                    let without = run(&profile.without(cause));
                    for ((difference, seen), without) in
                        differences.iter_mut().zip(&seen).zip(&without)
                    {
                        let Some(difference) = difference else { continue };
                        let without = Seen::of(without);
                        if *seen != without {
                            difference.causes.push(cause);
                        }
                        if seen.result != without.result {
                            difference.causes_of_result.push(cause);
                        }
                    }
                }
            }
            rows.push(Row { profile: *profile, outcomes, differences });
        }
        Self { rows }
    }
}

/// What an outcome lets the servers and the page see.
#[derive(Eq, PartialEq)]
struct Seen {
    exchanges: Vec<String>,
    result: String,
}

impl Seen {
    fn of(outcome: &FetchOutcome) -> Self {
        let exchanges = outcome
            .transcript()
            .map_or_else(Vec::new, |transcript| transcript.exchanges.iter().map(sent).collect());
        Self { exchanges, result: result(outcome) }
    }
}

/// An exchange as the server sees it, apart from the order of the headers.
fn sent(exchange: &crate::transcript::RecordedExchange) -> String {
    let mut headers: Vec<_> = exchange
        .header_list
        .iter()
        .map(|(name, value)| format!("{}: {}", name.to_ascii_lowercase(), value.escape_ascii()))
        .collect();
    headers.sort_unstable();
    format!(
        "{} {} {} {}",
        exchange.method,
        url_as_sent(&exchange.url),
        exchange.includes_credentials,
        headers.join("\n")
    )
}

/// What the page gets.
fn result(outcome: &FetchOutcome) -> String {
    let mut text = outcome.verdict().to_owned();
    if let FetchOutcome::Done { transcript, .. } = outcome
        && let Outcome::Response(response) = &transcript.outcome
    {
        // Writing to a string cannot fail.
        let _ = write!(text, " {} {}", response.status(), response.url());
        for (name, value) in response.header_list().sort_and_combine().iter() {
            let _ = write!(text, "\n{name}: {}", value.escape_ascii());
        }
    }
    text
}

impl FetchOutcome {
    /// What happened, if anything was asked.
    ///
    /// ```
    /// # use browser_cors::scenario::FetchOutcome;
    /// assert!(FetchOutcome::NotQueued.transcript().is_none());
    /// ```
    pub fn transcript(&self) -> Option<&Transcript> {
        match self {
            Self::Done { transcript, .. } => Some(transcript),
            Self::Load(load) => Some(&load.transcript),
            Self::TypeError(_)
            | Self::XhrError(_)
            | Self::BeaconTypeError(_)
            | Self::NotQueued
            | Self::InvalidUrl { .. } => None,
        }
    }

    /// What the page gets, in a word or two: the type of the response, `loaded, readable` and the
    /// like, or `blocked`.
    ///
    /// ```
    /// # use browser_cors::scenario::FetchOutcome;
    /// assert_eq!(FetchOutcome::NotQueued.verdict(), "not queued");
    /// ```
    pub fn verdict(&self) -> &'static str {
        match self {
            Self::Done { api: Api::Beacon, .. } => "queued",
            Self::Done { transcript, .. } => match &transcript.outcome {
                Outcome::Response(response) => response.kind().as_str(),
                Outcome::NetworkError(_) => "blocked",
            },
            Self::Load(load) => match &load.judgement {
                Some(Ok(loaded)) if loaded.readable => "loaded, readable",
                Some(Ok(_)) => "loaded, not readable",
                Some(Err(_)) => "not loaded",
                None => "blocked",
            },
            Self::NotQueued => "not queued",
            Self::InvalidUrl { .. }
            | Self::TypeError(_)
            | Self::XhrError(_)
            | Self::BeaconTypeError(_) => "invalid",
        }
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
