//! Reads scenarios from JSON, runs them, and writes the outcomes.

#![no_main]

use browser_cors::{fetch::UserAgent, scenario::Scenario};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match serde_json::from_slice::<Scenario>(data) {
        Err(error) => assert!(error.line() > 0, "no line: {error}"),
        Ok(scenario) => {
            let user_agent = UserAgent::default();
            let outcome = scenario.run(&user_agent);
            assert_eq!(outcome.to_string().is_empty(), scenario.fetches.is_empty());
            let json = serde_json::to_string(&outcome).expect("an outcome is JSON");
            let json: serde_json::Value = serde_json::from_str(&json).expect("JSON is JSON");
            let fetches = json["fetches"].as_array().expect("a list");
            assert_eq!(fetches.len(), scenario.fetches.len());
            for fetch in fetches {
                assert!(fetch["exchanges"].as_array().expect("a list").len() <= 42);
            }
        }
    }
});
