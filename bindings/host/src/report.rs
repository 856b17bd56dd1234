//! Functions of texts: explanations, scenarios, recordings, and the lists of engines and reasons.

use std::{
    io::{BufRead, BufReader},
    ops::ControlFlow,
};

use browser_cors::{
    code::Code,
    compare::SideBySide,
    engine::{Departure, Profile, Release},
    explain::tongue::Tongue,
    fetch::UserAgent,
    scenario::{FORMAT, Scenario},
};
use browser_cors_audit::{
    har::{self, Judging},
    line::Line,
    messages,
    translation::Translation,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};

use crate::{InvalidInput, object, page::profiles, read, write};

/// Explains what a browser's console printed: a list of messages as JSON, each with `text` for people
/// as `explanation`.
///
/// ```
/// # use browser_cors_host::explain;
/// assert_eq!(explain("nothing about CORS"), "[]");
/// ```
pub fn explain(text: &str) -> String {
    explained(text, None)
}

/// Explains what a browser's console printed, as [`explain`] does. A message that a server can mend has
/// the fix in the words of the server with this name as `snippet`.
///
/// # Errors
///
/// If there are no snippets for that server.
///
/// ```
/// # use browser_cors_host::explain_for;
/// assert_eq!(explain_for("nothing about CORS", "nginx")?, "[]");
/// assert!(explain_for("", "cobol").is_err());
/// # Ok::<(), browser_cors_host::InvalidInput>(())
/// ```
pub fn explain_for(text: &str, server: &str) -> Result<String, InvalidInput> {
    Ok(explained(text, Some(server.parse().map_err(InvalidInput::new)?)))
}

fn explained(text: &str, tongue: Option<Tongue>) -> String {
    #[derive(Serialize)]
    struct Explained<'a> {
        #[serde(flatten)]
        line: Line<'a, messages::Explained<'a>>,
        explanation: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        snippet: Option<Translation>,
    }
    let explained = messages::explain(text);
    let lines = explained.iter().map(|one| Explained {
        line: Line::of(one),
        explanation: one.to_string(),
        snippet: tongue.and_then(|tongue| Translation::of_message(&one.message, tongue)),
    });
    write(&lines.collect::<Vec<_>>())
}

/// The servers in whose words a fix can be written, as JSON: each with its `name` and the `proof` that
/// its snippets work.
///
/// ```
/// # use browser_cors_host::servers;
/// assert!(servers().starts_with(r#"[{"name":"nginx","proof":"tested with nginx "#));
/// ```
pub fn servers() -> String {
    #[derive(Serialize)]
    struct Server {
        name: &'static str,
        proof: String,
    }
    let servers = Tongue::ALL
        .iter()
        .map(|tongue| Server { name: tongue.as_str(), proof: tongue.proof().to_string() });
    write(&servers.collect::<Vec<_>>())
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SimulateOptions {
    /// The engine; with several, the outcomes are compared.
    engines: Option<Vec<String>>,
    /// Whether each outcome has its explanation for people, as `text`.
    #[serde(default)]
    text: bool,
}

/// Answers scenarios: JSON objects one after another, or in arrays. Returns a list with an outcome
/// for each, as JSON.
///
/// # Errors
///
/// If a scenario or an option is none. The text says in which scenario.
///
/// ```
/// # use browser_cors_host::simulate;
/// let scenario = r#"{ "id": "none", "page": { "origin": "https://app.example" }, "fetches": [] }"#;
/// assert_eq!(simulate(scenario, "{}")?, r#"[{"fetches":[],"format":1,"id":"none"}]"#);
/// # Ok::<(), browser_cors_host::InvalidInput>(())
/// ```
pub fn simulate(scenarios: &str, options: &str) -> Result<String, InvalidInput> {
    let simulating = Simulating::new(options)?;
    let mut outcomes = Vec::new();
    for item in serde_json::Deserializer::from_str(scenarios).into_iter::<&RawValue>() {
        let of_number = in_scenario(outcomes.len() + 1);
        let item = item.map_err(&of_number)?.get();
        let items = match item.starts_with('[') {
            true => serde_json::from_str::<Vec<&RawValue>>(item).map_err(&of_number)?,
            false => vec![serde_json::from_str(item).map_err(&of_number)?],
        };
        for item in items {
            let of_number = in_scenario(outcomes.len() + 1);
            let scenario: Scenario = serde_json::from_str(item.get()).map_err(of_number)?;
            outcomes.push(simulating.outcome(&scenario));
        }
    }
    Ok(write(&outcomes))
}

/// Says in which scenario an error is.
fn in_scenario(number: usize) -> impl Fn(serde_json::Error) -> InvalidInput {
    move |error| InvalidInput(format!("scenario {number}: {error}"))
}

/// Answers scenarios, each of which is a text of its own and has a number. Returns an outcome for each,
/// as JSON.
///
/// # Errors
///
/// If a text is not one scenario, or an option is unknown. The text says which number.
///
/// ```
/// use browser_cors_host::simulate_each;
///
/// let none = r#"{ "id": "none", "page": { "origin": "https://app.example" }, "fetches": [] }"#;
/// let outcomes = simulate_each([(1, none), (2, none)], "{}")?;
/// assert_eq!(outcomes[1], r#"{"fetches":[],"format":1,"id":"none"}"#);
/// let error = simulate_each([(7, "")], "{}").unwrap_err();
/// assert_eq!(error.to_string(), "scenario 7: EOF while parsing a value");
/// # Ok::<(), browser_cors_host::InvalidInput>(())
/// ```
pub fn simulate_each<'a>(
    scenarios: impl IntoIterator<Item = (usize, &'a str)>,
    options: &str,
) -> Result<Vec<String>, InvalidInput> {
    let simulating = Simulating::new(options)?;
    let each = scenarios.into_iter().map(|(number, scenario)| {
        let scenario: Scenario = read(&format!("scenario {number}"), scenario)?;
        Ok(write(&simulating.outcome(&scenario)))
    });
    each.collect()
}

/// The engines in which scenarios run, and what outcomes have.
struct Simulating {
    profiles: Vec<Profile>,
    /// The only engine, if it is one.
    only: Option<UserAgent>,
    text: bool,
}

/// An outcome, with its explanation if that is wanted.
#[derive(Serialize)]
struct WithText {
    #[serde(flatten)]
    outcome: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

impl Simulating {
    fn new(options: &str) -> Result<Self, InvalidInput> {
        let SimulateOptions { engines, text } = read("options", options)?;
        let engines = engines.unwrap_or_else(|| vec!["standard".to_owned()]);
        let profiles = profiles(Some(engines))?.1;
        let only = match profiles.as_slice() {
            [one] => Some(UserAgent::for_profile(*one)),
            _ => None,
        };
        Ok(Self { profiles, only, text })
    }

    fn outcome(&self, scenario: &Scenario) -> WithText {
        let Some(user_agent) = &self.only else {
            #[derive(Serialize)]
            struct Compared<'a> {
                format: u32,
                id: &'a str,
                engines: &'a SideBySide,
            }
            let engines = &scenario.side_by_side(&self.profiles);
            let outcome = object(&Compared { format: FORMAT, id: &scenario.id, engines });
            let text = self.text.then(|| {
                let mut text = String::new();
                for row in &engines.rows {
                    text.push_str(&format!("== {}, {}\n", scenario.id, row.profile));
                    row.outcomes.iter().for_each(|outcome| text.push_str(&outcome.to_string()));
                }
                text
            });
            return WithText { outcome, text };
        };
        let ran = scenario.run(user_agent);
        WithText { outcome: object(&ran), text: self.text.then(|| ran.to_string()) }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct HarOptions {
    engines: Option<Vec<String>>,
    /// The origin of the page, where the recording does not tell.
    origin: Option<String>,
    /// Whether requests that do not tell had credentials: `include` or another mode.
    credentials: Option<String>,
}

/// Judges a HAR: an object with `entries`, each as `browser-cors har --format json` writes it, and
/// `summary`. `broken` says where the recording could not be read to its end.
///
/// # Errors
///
/// If an option is unknown. A recording that cannot be read is no error.
///
/// ```
/// # use browser_cors_host::judge_har;
/// let judged = judge_har(br#"{ "log": { "entries": [] } }"#, "{}")?;
/// assert!(judged.starts_with(r#"{"entries":[],"#));
/// # Ok::<(), browser_cors_host::InvalidInput>(())
/// ```
pub fn judge_har(recording: &[u8], options: &str) -> Result<String, InvalidInput> {
    let mut entries = Vec::new();
    let outcome = judging(options)?.judge(BufReader::new(recording), |judged: har::Judged| {
        entries.push(object(&Line::of(&judged)));
        ControlFlow::Continue(())
    });
    #[derive(Serialize)]
    struct Recording {
        entries: Vec<Map<String, Value>>,
        #[serde(flatten)]
        end: End,
    }
    Ok(write(&Recording { entries, end: End::of(outcome) }))
}

/// What there is to say at the end of a recording.
#[derive(Serialize)]
struct End {
    summary: Map<String, Value>,
    /// Where the recording could not be read to its end.
    broken: Option<String>,
}

impl End {
    fn of(outcome: har::Outcome) -> Self {
        let broken = outcome.broken.map(|broken| broken.to_string());
        Self { summary: object(&outcome.summary), broken }
    }
}

/// Judges HARs of any length in bounded memory.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use browser_cors_host::HarJudging;
///
/// let recording = br#"{ "log": { "entries": [] } }"#;
/// let end = HarJudging::new("{}")?.judge(&recording[..], |entry| {
///     println!("{entry}");
///     ControlFlow::Continue(())
/// });
/// assert!(end.starts_with(r#"{"summary":{"#));
/// # Ok::<(), browser_cors_host::InvalidInput>(())
/// ```
#[derive(Clone, Debug)]
pub struct HarJudging(Judging);

impl HarJudging {
    /// Takes the options of [`judge_har`].
    ///
    /// # Errors
    ///
    /// If an option is unknown.
    ///
    /// ```
    /// # use browser_cors_host::HarJudging;
    /// assert!(HarJudging::new(r#"{ "engines": ["netscape"] }"#).is_err());
    /// ```
    pub fn new(options: &str) -> Result<Self, InvalidInput> {
        judging(options).map(Self)
    }

    /// Passes each entry to `take` as soon as its verdict is certain, until `take` breaks. Returns
    /// `summary` and `broken` as JSON.
    ///
    /// ```
    /// # use {browser_cors_host::HarJudging, std::ops::ControlFlow};
    /// # fn f(judging: &HarJudging, file: std::fs::File) {
    /// let mut first = None;
    /// let _ = judging.judge(std::io::BufReader::new(file), |entry| {
    ///     first = Some(entry);
    ///     ControlFlow::Break(())
    /// });
    /// # }
    /// ```
    pub fn judge(
        &self,
        recording: impl BufRead,
        mut take: impl FnMut(String) -> ControlFlow<()>,
    ) -> String {
        write(&End::of(self.0.judge(recording, |judged| take(write(&Line::of(&judged))))))
    }
}

fn judging(options: &str) -> Result<Judging, InvalidInput> {
    let HarOptions { engines, origin, credentials } = read("options", options)?;
    let mut judging = Judging::new();
    if engines.is_some() {
        judging = judging.in_engines(profiles(engines)?.1);
    }
    if let Some(origin) = origin {
        judging = judging.from_origin(origin.parse().map_err(InvalidInput::new)?);
    }
    if let Some(credentials) = credentials {
        judging = judging.credentials(credentials.parse().map_err(InvalidInput::new)?);
    }
    Ok(judging)
}

/// The engines: `releases` that were recorded, newest last, and `departures` from the standard, as JSON.
///
/// ```
/// # use browser_cors_host::engines;
/// assert!(engines().contains(r#""name":"chromium@156""#));
/// ```
pub fn engines() -> String {
    #[derive(Serialize)]
    struct Recorded {
        name: String,
        engine: &'static str,
        product: Option<&'static str>,
        /// The departures that it has.
        departures: Vec<&'static str>,
    }
    let releases = Release::recorded().map(|release| Recorded {
        name: release.to_string(),
        engine: release.engine.as_str(),
        product: release.product(),
        departures: Departure::all()
            .filter(|departure| departure.is_seen_in(release))
            .map(Departure::as_str)
            .collect(),
    });
    #[derive(Serialize)]
    struct Engines {
        releases: Vec<Recorded>,
        departures: Vec<Departure>,
    }
    write(&Engines { releases: releases.collect(), departures: Departure::all().collect() })
}

/// The reason codes, as JSON: each with its `code`, a `summary`, its page in the `guide`, and where there
/// is one, MDN's page as `see`.
///
/// ```
/// # use browser_cors_host::reasons;
/// assert!(reasons().starts_with(r#"[{"code":""#));
/// ```
pub fn reasons() -> String {
    #[derive(Serialize)]
    struct Reason {
        code: &'static str,
        summary: &'static str,
        guide: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        see: Option<&'static str>,
    }
    let reasons = Code::ALL.iter().map(|code| Reason {
        code: code.as_str(),
        summary: code.summary(),
        guide: code.guide(),
        see: code.mdn(),
    });
    write(&reasons.collect::<Vec<_>>())
}
