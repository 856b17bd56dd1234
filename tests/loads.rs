//! The loads by elements, `EventSource` and beacons in `fixtures/loads`: the outcome of each,
//! written by hand, and its explanation, as snapshots.
#![cfg(all(feature = "public-suffix", feature = "scenario"))]

use std::{
    fs,
    path::{Path, PathBuf},
};

use browser_cors::{engine::Profile, fetch::UserAgent, scenario::Scenario};
use rstest::rstest;
use serde_json::Value;

/// The outcome of each fetch of each fixture: the members that pages can see, and the reason.
const RESULTS: &[(&str, &[&str])] = &[
    ("beacon", &["queued", "queued, preflight-allow-origin-missing", "queued"]),
    (
        "event-source",
        &[
            "loaded, readable",
            "not loaded, allow-origin-wildcard-with-credentials",
            "not loaded, load-content-type",
            "not loaded, load-status",
        ],
    ),
    (
        "font",
        &[
            "not loaded, allow-origin-missing",
            "loaded, readable",
            "not loaded, load-body",
            "loaded, readable",
            "not loaded, allow-origin-missing",
        ],
    ),
    ("image", &["loaded, cors-cross-origin"]),
    (
        "image-crossorigin",
        &[
            "not loaded, allow-origin-missing",
            "loaded, readable",
            "not loaded, allow-origin-wildcard-with-credentials",
            "loaded, readable",
            "loaded, cors-cross-origin",
            "loaded, readable",
            "loaded, cors-cross-origin",
        ],
    ),
    ("image-redirected", &["loaded, cors-cross-origin", "not loaded, allow-origin-mismatch"]),
    ("image-status", &["loaded, cors-cross-origin", "not loaded, load-body"]),
    (
        "module",
        &["not loaded, allow-origin-missing", "loaded, readable", "not loaded, load-content-type"],
    ),
    ("no-url", &["not loaded, load-url", "SyntaxError", "TypeError", "TypeError"]),
    (
        "script",
        &[
            "loaded, cors-cross-origin",
            "not loaded, allow-origin-missing",
            "loaded, readable",
            "not loaded, load-status",
            "not loaded, mime-type",
        ],
    ),
    (
        "style-sheet",
        &["loaded, cors-cross-origin", "loaded, readable", "not loaded, load-content-type"],
    ),
];

#[rstest]
fn comes_to(#[files("fixtures/loads/*.json")] path: PathBuf) {
    let scenario = scenario_of(&path);
    let user_agent = UserAgent::default();
    let outcome = serde_json::to_value(scenario.run(&user_agent)).unwrap();
    let fetches = outcome["fetches"].as_array().unwrap();
    let results: Vec<String> = fetches.iter().map(|fetch| in_short(&fetch["result"])).collect();
    let (_, expected) = RESULTS.iter().find(|(id, _)| *id == scenario.id).unwrap();
    assert_eq!(results, *expected);
}

#[rstest]
fn reads_well(#[files("fixtures/loads/*.json")] path: PathBuf) {
    let scenario = scenario_of(&path);
    let user_agent = UserAgent::default();
    let outcome = scenario.run(&user_agent);
    let json = serde_json::to_string_pretty(&outcome).unwrap();

    insta::with_settings!({
        omit_expression => true,
        prepend_module_to_snapshot => false,
        snapshot_path => "snapshots/loads",
    }, {
        insta::assert_snapshot!(&*scenario.id, format!("{outcome}\n{json}"));
    });
}

#[test]
fn every_fixture_has_results_and_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/loads");
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| scenario_of(&entry.unwrap().path()).id).collect();
    names.sort();
    assert_eq!(names, RESULTS.iter().map(|(id, _)| *id).collect::<Vec<_>>());
}

/// <https://w3c.github.io/beacon/#sendbeacon-method> step 6.2.
#[test]
fn beacon_that_is_too_large() {
    let text = "x".repeat(65_537);
    let json = format!(
        r#"{{ "id": "large", "page": {{ "origin": "https://app.example" }},
              "fetches": [ {{ "api": "beacon", "url": "/log", "body": {{ "text": "{text}" }} }} ] }}"#
    );
    let scenario: Scenario = serde_json::from_str(&json).unwrap();
    let user_agent = UserAgent::default();
    let outcome = scenario.run(&user_agent);
    let result = &serde_json::to_value(&outcome).unwrap()["fetches"][0]["result"];
    assert_eq!(in_short(result), "not queued, keepalive");
    assert_eq!(
        outcome.to_string(),
        "== large
invalid: the body has more than 64 KiB; nothing is sent, and sendBeacon() returns false
     at: https://w3c.github.io/beacon/#sendbeacon-method
  guide: https://OWNER.github.io/browser-cors/guide/reasons/keepalive.html
    fix: In the page's code: send at most 64 KiB.
"
    );
}

/// A beacon is not delivered if WebKit takes the answer for a redirect, whatever its status.
#[rstest]
#[case(Profile::WEBKIT, 302, "queued, redirect-scheme")]
#[case(Profile::WEBKIT, 310, "queued, redirect-scheme")]
#[case(Profile::STANDARD, 310, "queued")]
fn beacon_that_is_redirected(
    #[case] profile: Profile,
    #[case] status: u16,
    #[case] expected: &str,
) {
    let json = format!(
        r#"{{ "id": "redirected", "page": {{ "origin": "https://app.example" }},
              "fetches": [ {{ "api": "beacon", "url": "/log", "body": {{ "text": "hi" }} }} ],
              "server": [ {{ "url": "https://app.example/log", "status": {status},
                             "headers": [["Location", "ftp://app.example/log"]] }} ] }}"#
    );
    let scenario: Scenario = serde_json::from_str(&json).unwrap();
    let user_agent = UserAgent::for_profile(profile);
    let outcome = serde_json::to_value(scenario.run(&user_agent)).unwrap();
    assert_eq!(in_short(&outcome["fetches"][0]["result"]), expected);
}

/// A result in the form of [`RESULTS`].
fn in_short(result: &Value) -> String {
    if let Some(name) = result.get("name") {
        return name.as_str().unwrap().to_owned();
    }
    let is = |member: &str| result.get(member).map(|value| value.as_bool().unwrap());
    let first = match (is("queued"), is("loaded")) {
        (Some(true), None) => "queued",
        (Some(false), None) => "not queued",
        (None, Some(true)) => "loaded",
        (None, Some(false)) => "not loaded",
        _ => panic!("{result}"),
    };
    match (is("readable"), result.get("reason")) {
        (Some(true), None) => format!("{first}, readable"),
        (None | Some(false), Some(reason)) => format!("{first}, {}", reason.as_str().unwrap()),
        (None, None) => first.to_owned(),
        _ => panic!("{result}"),
    }
}

fn scenario_of(path: &Path) -> Scenario {
    let scenario: Scenario = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(path.file_stem().unwrap().to_str(), Some(&*scenario.id));
    scenario
}
