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
        { "engine": "firefox", "version": "Firefox ESR 153", "certainty": "often" },
    ]);
    let expected = json!({
        "departure": "no-total-limit",
        "step": "#cors-unsafe-request-header-names step 5",
        "url": "https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names",
        "standard": "safelisted values of more than 1024 bytes together are unsafe",
        "instead": "their total does not matter",
        "seen_in": seen_in,
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

#[test]
fn table() {
    let text = engines(&["--engine", "webkit"]);
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("font-no-cors")).collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}
