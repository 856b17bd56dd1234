//! `browser-cors engines`, run as a user runs it.

use std::process::Command;

use serde_json::{Value, json};

fn engines(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_browser-cors"))
        .arg("engines")
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

fn named(lines: &str, name: &str) -> Option<Value> {
    let mut lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.find(|line| line["departure"] == name)
}

#[test]
fn catalogue() {
    let line = named(&engines(&["--format", "json"]), "no-total-limit").unwrap();
    let seen_in = json!([
        { "engine": "firefox", "certainty": "always" },
    ]);
    let expected = json!({
        "format": 1,
        "departure": "no-total-limit",
        "step": "#cors-unsafe-request-header-names step 5",
        "url": "https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names",
        "standard": "safelisted values of more than 1024 bytes together are unsafe",
        "instead": "the total size of safelisted values does not matter",
        "seen_in": seen_in,
        "cause": "believed: `InternalHeaders::GetUnsafeHeaders` judges each header by itself.",
    });
    assert_eq!(line, expected);
}

#[test]
fn departures_of_one_engine() {
    let firefox = engines(&["--format", "json", "--engine", "firefox"]);
    assert!(named(&firefox, "cache-tokens").is_some());
    assert!(named(&firefox, "font-no-cors").is_none());
    assert_eq!(engines(&["--format", "json", "--engine", "standard"]), "");
}

/// Without a terminal, the table is 80 columns wide.
#[test]
fn table() {
    let text = engines(&["--engine", "webkit"]);
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("font-no-cors")).collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

fn names(arguments: &[&str]) -> Vec<String> {
    let lines = engines(&[&["--format", "json"], arguments].concat());
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| line["departure"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn at_a_step() {
    let max_age = ["max-age-of-integer", "max-age-of-digits"];
    assert_eq!(names(&["--at", "#cors-preflight-fetch-0 step 7.8"]), max_age);
    assert_eq!(names(&["--at", "cors-preflight-fetch-0 7.8", "--engine", "webkit"]), max_age[..1]);
    assert!(names(&["--at", "7.8"]).iter().eq(&max_age));
    let of_a_range = names(&["--at", "https://fetch.spec.whatwg.org/#simple-range-header-value"]);
    assert_eq!(of_a_range.len(), 5, "{of_a_range:?}");
}

#[test]
fn two_releases() {
    assert!(names(&["--diff", "firefox@140", "firefox@153"]).is_empty());
    assert_eq!(
        engines(&["--diff", "firefox@140", "firefox@153"]),
        "firefox@140 and firefox@153 depart from the standard alike\n",
    );
    let lines = engines(&["--format", "json", "--diff", "chromium", "webkit"]);
    assert_eq!(named(&lines, "font-no-cors").unwrap()["only_in"], "webkit");
    assert_eq!(named(&lines, "client-hints-safelisted").unwrap()["only_in"], "chromium");
    assert!(named(&lines, "authorization-under-wildcard").is_none());
}

fn refused(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browser-cors"));
    let output = command.args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn what_names_nothing() {
    let error = refused(&["engines", "--at", "#cors-preflight"]);
    assert!(error.contains("no engine departs at `#cors-preflight`"), "{error}");
    let error = refused(&["engines", "--engine", "safri"]);
    assert!(error.contains("`safri` is not a profile; `safari`, maybe?"), "{error}");
    let error = refused(&["engines", "--engine", "firefox@3"]);
    let expected = "firefox@3 is older than the recorded releases, firefox@140 to firefox@159";
    assert!(error.contains(expected), "{error}");
    let error = refused(&["engines", "--diff", "all", "firefox"]);
    assert!(error.contains("--diff compares two releases"), "{error}");
}

/// A note says which release stands in for one that was not recorded.
#[test]
fn stand_ins() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browser-cors"));
    let output = command.args(["engines", "--engine", "firefox@145,safari"]).output().unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "note: firefox@145 was not recorded; firefox@140 answers for it\n\
         note: Safari itself was not recorded; WebKitGTK 2.50 answers for it\n",
    );
}
