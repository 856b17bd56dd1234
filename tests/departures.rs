//! The departures of the engines: each is used in `src/`, has its evidence in `spec-notes/`, and is
//! necessary to answer as the engines were recorded.
#![cfg(all(feature = "public-suffix", feature = "scenario"))]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use browser_cors::{
    engine::{Certainty, Departure, Profile, Release, Version},
    fetch::UserAgent,
    scenario::Scenario,
};
use serde::Deserialize;
use serde_json::Value;

/// What an engine did with a scenario, one text for each fetch.
///
/// Each line is an exchange: the method and the URL, `by` the `Origin`, `for` the method and header
/// names that a preflight asks for, `carrying` the author's headers, `with credentials`, which a cookie
/// showed, and `telling` the Fetch Metadata. The last line is what the page got.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    scenario: Value,
    /// Whether the recording tells of Fetch Metadata.
    #[serde(default)]
    fetch_metadata: bool,
    recorded: BTreeMap<String, Vec<String>>,
    /// What an engine printed, if only this shows that it departs.
    #[serde(default)]
    console: BTreeMap<String, Vec<String>>,
}

/// A profile's answer, in the form of the fixture.
#[derive(Debug, PartialEq)]
struct Answered {
    fetches: Vec<String>,
    console: Option<Vec<String>>,
}

/// Each profile does what its release was recorded doing, and does not do so without the departure.
#[test]
fn each_departure_is_needed() {
    let mut problems = Vec::new();
    for departure in Departure::all().filter(is_recorded) {
        let Some(fixture) = fixture(departure.as_str()) else {
            problems.push(format!("fixtures/departures/{departure}.json is missing"));
            continue;
        };
        let mut is_shown = BTreeSet::new();
        for (name, recorded) in &fixture.recorded {
            let release: Release = name.parse().unwrap_or_else(|e| panic!("{departure}: {e}"));
            let profile = Profile::of(release).unwrap_or_else(|e| panic!("{departure}: {e}"));
            if profile.recorded_as() != Some(release) {
                problems.push(format!("{departure}: {release} is not in the catalogue"));
            }
            let console = fixture.console.get(name).cloned();
            let recorded = Answered { fetches: recorded.clone(), console };
            let answered = fixture.answered_by(profile);
            if answered != recorded {
                problems
                    .push(format!("{departure}: {release} did\n{recorded:#?}\nnot\n{answered:#?}"));
            }
            if departure.is_seen_in(release) {
                is_shown.insert(release.engine);
                if fixture.answered_by(profile.without(departure)) == recorded {
                    problems.push(format!("{departure}: {release} does the same without it"));
                }
            }
        }
        for sighting in departure.seen_in().iter().filter(|it| it.certainty > Certainty::Source) {
            if !is_shown.contains(&sighting.engine) {
                problems.push(format!("{departure}: no recording shows it in {}", sighting.engine));
            }
        }
    }
    none(&problems);
}

/// Whether a recording shows the departure in some engine.
fn is_recorded(departure: &Departure) -> bool {
    departure.seen_in().iter().any(|sighting| sighting.certainty > Certainty::Source)
}

#[test]
fn each_fixture_is_of_a_departure() {
    let files = fs::read_dir(path("fixtures/departures")).expect("there is a directory");
    let names = files.map(|file| file.expect("the directory can be read").file_name());
    let found: BTreeSet<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    let expected = Departure::all().filter(is_recorded).map(|it| format!("{it}.json"));
    assert_eq!(found, expected.collect());
}

/// Each choice of `engines.rs` is used at a step, with a comment `// Departs(Choice)` in the
/// algorithm's file. No algorithm names an engine or a release.
#[test]
fn each_choice_is_asked_for() {
    let (mut choices, mut asked) = (BTreeMap::new(), BTreeSet::new());
    let mut problems = Vec::new();
    for file in rust_files(&path("src")) {
        let text = fs::read_to_string(&file).expect("a source file is UTF-8");
        if file.ends_with("engines.rs") {
            let mut lines = text.lines().map(str::trim_start);
            while lines.any(|line| matches!(line, "choice! {" | "limit! {")) {
                let head = lines.find(|line| !line.starts_with("///")).unwrap_or_default();
                let name = head.split([' ', '(']).next().unwrap_or_default();
                choices.insert(name.to_owned(), file.clone());
            }
        }
        let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
        for line in &lines {
            if let Some((name, _)) =
                line.strip_prefix("// Departs(").and_then(|rest| rest.split_once(')'))
            {
                asked.insert(name.to_owned());
            }
        }
        let may_name_engines = file
            .components()
            .any(|part| matches!(part.as_os_str().to_str(), Some("console" | "engine")));
        for engine in ["Engine::Chromium", "Engine::Firefox", "Engine::Webkit", "Profile::CHROMIUM"]
        {
            let in_code = lines.iter().any(|line| line.contains(engine) && !line.starts_with("//"));
            if in_code && !may_name_engines {
                problems.push(format!("{}: an algorithm asks for {engine}", file.display()));
            }
        }
    }
    for name in asked.iter().filter(|name| !choices.contains_key(*name)) {
        problems.push(format!("there is no choice `{name}`"));
    }
    for (name, file) in choices.iter().filter(|(name, _)| !asked.contains(*name)) {
        problems.push(format!("no step asks for `{name}` of {}", file.display()));
    }
    assert!(choices.len() > 60, "only {} choices were found", choices.len());
    none(&problems);
}

/// The library agrees with the catalogue.
#[test]
fn the_catalogue_is_in_the_library() {
    let text = fs::read_to_string(path("src/engine/catalogue.toml")).expect("there is a catalogue");
    let catalogue: toml::Table = text.parse().expect("the catalogue is TOML");
    let departures = catalogue["departure"].as_array().expect("there are departures");
    let ids: Vec<&str> = departures.iter().filter_map(|entry| entry["id"].as_str()).collect();
    let known: Vec<&str> = Departure::all().map(Departure::as_str).collect();
    assert_eq!(known, ids, "run python3 spec-notes/catalogue.py");
    for (departure, entry) in Departure::all().zip(departures) {
        let step = departure.step();
        assert_eq!(entry["step"][0].as_str(), Some(step.anchor()), "{departure}");
        assert_eq!(entry["step"][1].as_str(), Some(step.path()), "{departure}");
        assert_eq!(entry["standard"].as_str(), Some(departure.standard()), "{departure}");
        assert_eq!(entry["instead"].as_str(), Some(departure.instead()), "{departure}");
        let sightings = entry["seen"].as_table().expect("it was seen");
        assert_eq!(sightings.len(), departure.seen_in().len(), "{departure}");
        for sighting in departure.seen_in() {
            let seen = &sightings[sighting.engine.as_str()];
            let moment = |name| seen.get(name).and_then(toml::Value::as_str).map(str::to_owned);
            let version = |version: Option<Version>| version.map(|version| version.to_string());
            assert_eq!(moment("since"), version(sighting.since), "{departure}");
            assert_eq!(moment("until"), version(sighting.until), "{departure}");
        }
    }
    let releases = catalogue["release"].as_array().expect("there are releases");
    let text = |value: &toml::Value| value.as_str().expect("a text").to_owned();
    let listed: BTreeSet<String> = releases
        .iter()
        .map(|release| format!("{}@{}", text(&release["engine"]), text(&release["version"])))
        .collect();
    assert_eq!(
        Release::recorded().map(|release| release.to_string()).collect::<BTreeSet<_>>(),
        listed
    );
}

/// The steps are in the index of the standard.
#[test]
fn each_departure_is_of_a_step() {
    let index = fs::read_to_string(path("spec-notes/index.toml")).expect("there is an index");
    let index: toml::Table = index.parse().expect("the index is TOML");
    let algorithms = index["algorithm"].as_array().expect("the index has algorithms");
    for departure in Departure::all() {
        let (step, id) = (departure.step(), departure.as_str());
        let algorithm = algorithms
            .iter()
            .find(|algorithm| algorithm["anchor"].as_str() == Some(step.anchor()))
            .unwrap_or_else(|| panic!("{id}: #{} is not in the index", step.anchor()));
        let end =
            step.path().find(|c: char| !c.is_ascii_digit()).unwrap_or_else(|| step.path().len());
        let number: i64 = step.path()[..end].parse().expect("a path begins with a number");
        let steps = algorithm["steps"].as_integer().expect("an algorithm has steps");
        assert!((1..=steps).contains(&number), "{id}: {step} is not among {steps} steps");
        if let Some((_, rest)) = step.path().split_once('[') {
            let (branch, _) = rest.split_once(']').expect("a bracket is closed");
            let branches = algorithm["branches"].as_array().expect("the algorithm has branches");
            assert!(branches.iter().any(|it| it.as_str() == Some(branch)), "{id}: {step}");
        }
    }
}

impl Fixture {
    fn answered_by(&self, profile: Profile) -> Answered {
        let scenario: Scenario =
            serde_json::from_value(self.scenario.clone()).expect("the scenario can be read");
        let mut user_agent = UserAgent::for_profile(profile);
        user_agent.sends_fetch_metadata = self.fetch_metadata;
        let outcome = serde_json::to_value(scenario.run(&user_agent)).expect("outcomes are JSON");
        let is_opaque = self.scenario["page"]["opaque"].as_bool().unwrap_or_default();
        let fetches = self.scenario["fetches"].as_array().expect("there are fetches");
        let outcomes = outcome["fetches"].as_array().expect("there are outcomes");
        let fetches = fetches
            .iter()
            .zip(outcomes)
            .map(|(fetch, outcome)| {
                let exchanges = outcome["exchanges"].as_array().expect("there are exchanges");
                let mut lines: Vec<_> =
                    exchanges.iter().map(|it| exchange(fetch, it, is_opaque)).collect();
                lines.push(result(&outcome["result"], exchanges.last()));
                lines.join("\n")
            })
            .collect();
        let console = (!self.console.is_empty()).then(|| {
            let lines = outcome["console"].as_array().into_iter().flatten();
            lines.map(|line| line.as_str().expect("a line is a text").to_owned()).collect()
        });
        Answered { fetches, console }
    }
}

/// The hosts for which the recorded browsers had a cookie.
const COOKIE_HOSTS: [&str; 6] = [
    "http://foo.example/",
    "http://api.foo.example/",
    "http://foo.example:8080/",
    "https://foo.example/",
    "https://api.foo.example/",
    "https://foo.example:8443/",
];

fn exchange(fetch: &Value, exchange: &Value, is_opaque: bool) -> String {
    let text = |value: &Value| value.as_str().expect("this is a text").to_owned();
    let headers: Vec<(String, String)> = exchange["headers"]
        .as_array()
        .expect("there are headers")
        .iter()
        .map(|header| (text(&header[0]), text(&header[1])))
        .collect();
    let header =
        |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value);
    let (method, url) = (text(&exchange["method"]), text(&exchange["url"]));
    let mut line = format!("{method} {url}");
    if let Some(origin) = header("origin") {
        line += &format!(" by {origin}");
    }
    if let Some(method) = header("access-control-request-method") {
        line += &format!(" for {method}");
    }
    if let Some(names) = header("access-control-request-headers") {
        line += &format!(" {names}");
    }
    let written = fetch["headers"].as_array().into_iter().flatten();
    let written: Vec<(String, String)> =
        written.map(|header| (text(&header[0]).to_ascii_lowercase(), text(&header[1]))).collect();
    let is_authors = |name: &str, value: &str| {
        let values: Vec<&str> =
            written.iter().filter(|(known, _)| known == name).map(|(_, it)| it.trim()).collect();
        match name {
            "content-type" | "range" | "authorization" => true,
            "accept" | "accept-language" | "cache-control" | "pragma" => {
                values.contains(&value) || (!values.is_empty() && values.join(", ") == value)
            }
            "user-agent" | "referer" | "content-length" | "accept-encoding" => false,
            _ => !values.is_empty(),
        }
    };
    let carried: BTreeSet<&str> = headers
        .iter()
        .filter(|(name, value)| is_authors(name, value))
        .map(|(name, _)| name.as_str())
        .collect();
    if !carried.is_empty() {
        line += &format!(" carrying {}", Vec::from_iter(carried).join(", "));
    }
    let has_cookie = COOKIE_HOSTS.iter().any(|host| url.starts_with(host)) && !is_opaque;
    if has_cookie && exchange["credentials"].as_bool() == Some(true) {
        line += " with credentials";
    }
    let told = ["dest", "mode", "site"]
        .map(|name| header(&format!("sec-fetch-{name}")).map(|value| format!("{name} {value}")));
    let told: Vec<String> = told.into_iter().flatten().collect();
    if !told.is_empty() {
        line += &format!(" telling {}", told.join(", "));
    }
    line
}

fn result(result: &Value, last: Option<&Value>) -> String {
    if let Some(error) = result["error"].as_str() {
        return match error {
            "network" => "=> network error".to_owned(),
            error => format!("=> {error}"),
        };
    }
    if let Some(queued) = result["queued"].as_bool() {
        return if queued { "=> queued" } else { "=> not queued" }.to_owned();
    }
    if let Some(loaded) = result["loaded"].as_bool() {
        return match (loaded, result["readable"].as_bool()) {
            (false, _) => "=> not loaded".to_owned(),
            (true, Some(true)) => "=> loaded, readable".to_owned(),
            (true, _) => "=> loaded, not readable".to_owned(),
        };
    }
    let mut line = "=>".to_owned();
    if let Some(kind) = result["type"].as_str() {
        line += &format!(" {kind}");
    }
    line += &format!(" {}", result["status"]);
    let url = result["url"].as_str().expect("a result has a URL");
    if last.is_some_and(|last| last["url"].as_str() != Some(url)) {
        line += &format!(" at {url}");
    }
    let names: BTreeSet<&str> = result["headers"]
        .as_array()
        .expect("a result has headers")
        .iter()
        .filter_map(|header| header[0].as_str())
        .filter(|name| !matches!(*name, "content-length" | "date" | "connection" | "keep-alive"))
        .collect();
    if !names.is_empty() {
        line += &format!(" with {}", Vec::from_iter(names).join(", "));
    }
    line
}

fn fixture(id: &str) -> Option<Fixture> {
    let text = fs::read_to_string(path(&format!("fixtures/departures/{id}.json"))).ok()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{id}: {error}")))
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("the directory is there");
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.expect("the directory can be read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Fails with all problems.
#[track_caller]
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
