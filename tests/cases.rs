//! What people reported about CORS gets the right verdict, and words that lead to the mend.
#![cfg(all(feature = "public-suffix", feature = "scenario"))]

use std::fs;

use browser_cors::{fetch::UserAgent, scenario::Scenario};
use serde_json::Value;

#[test]
fn reports() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/cases/reports.jsonl");
    let cases = fs::read_to_string(path).expect("there are cases");
    let mut count = 0;
    for case in cases.lines() {
        let case: Value = serde_json::from_str(case).expect("a case is JSON");
        let scenario: Scenario =
            serde_json::from_str(&case["scenario"].to_string()).expect("a case has a scenario");
        let text = scenario.run(&UserAgent::default()).to_string();
        let mut lines = text.lines().map(str::trim);
        for said in case["says"].as_array().expect("a case says something") {
            let said = said.as_str().expect("a line is text");
            assert!(lines.any(|line| line == said), "{}: no `{said}` in\n{text}", scenario.id);
        }
        count += 1;
    }
    assert_eq!(count, 93);
}
