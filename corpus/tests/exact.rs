//! Each profile does exactly what its engine did, console included.

use std::collections::HashMap;

use browser_cors::{engine::Profile, fetch::UserAgent, scenario::Scenario};
use browser_cors_corpus::{console, list, normal_form, records};
use rstest::rstest;
use serde_json::Value;

/// The most differences that are shown.
const SHOWN: usize = 10;

#[rstest]
#[case("standard", "standard", 4_997, 0)]
#[case("chromium@156", "chromium-156", 4_997, 1_923)]
#[case("firefox@153", "firefox-153", 4_997, 2_064)]
#[case("webkit@2.50", "webkit-2.50", 4_997, 1_813)]
fn a_profile_does_what_its_engine_did(
    #[case] profile: Profile,
    #[case] set: &str,
    #[case] outcomes: usize,
    #[case] consoles: usize,
) {
    assert_eq!(compare("scenarios", set, profile), (outcomes, consoles));
}

#[rstest]
#[case("chromium@137", "releases/chromium-137", 725)]
#[case("chromium@138", "releases/chromium-138", 725)]
#[case("chromium@140", "releases/chromium-140", 725)]
#[case("chromium@141", "releases/chromium-141", 725)]
#[case("chromium@143", "releases/chromium-143", 725)]
#[case("chromium@147", "releases/chromium-147", 725)]
#[case("chromium@148", "releases/chromium-148", 725)]
#[case("chromium@149", "releases/chromium-149", 725)]
#[case("chromium@150", "releases/chromium-150", 725)]
#[case("chromium@152", "releases/chromium-152", 725)]
#[case("chromium@153", "releases/chromium-153", 725)]
#[case("chromium@156", "releases/chromium-156", 722)]
#[case("firefox@140", "releases/firefox-140", 780)]
#[case("firefox@153", "releases/firefox-153", 780)]
#[case("firefox@159", "releases/firefox-159", 780)]
#[case("webkit@2.50", "releases/webkit-2.50", 734)]
fn a_release_does_what_it_did(
    #[case] profile: Profile,
    #[case] set: &str,
    #[case] consoles: usize,
) {
    assert_eq!(profile.recorded_as(), profile.release(), "the release itself was recorded");
    assert_eq!(compare("releases/scenarios", set, profile), (1_827, consoles));
}

/// Compares the answers of a profile with a set. Returns how many outcomes and consoles were compared.
fn compare(scenarios: &str, set: &str, profile: Profile) -> (usize, usize) {
    let user_agent = UserAgent::for_profile(profile);
    let unstable = list("unstable.txt").unwrap();
    let mut exceptions = list("exceptions.txt").unwrap();
    exceptions.retain(|key, reason| {
        assert!(!reason.is_empty(), "exceptions.txt: {key} has no reason");
        key.starts_with(&format!("{set}/"))
    });
    let recorded: HashMap<_, _> = records(set).unwrap().into_iter().collect();
    let (mut compared, mut printed, mut surprises) = (0, 0, Vec::new());
    for (id, line) in records(scenarios).unwrap() {
        let Some(record) = recorded.get(&id).filter(|_| !unstable.contains_key(&id)) else {
            continue;
        };
        let scenario: Scenario = serde_json::from_str(&line).unwrap();
        let asked: Value = serde_json::from_str(&line).unwrap();
        let record: Value = serde_json::from_str(record).unwrap();
        let answer = serde_json::to_value(scenario.run(&user_agent)).unwrap();
        compared += 1;
        let expected = normal_form(&asked, &record);
        let actual = normal_form(&asked, &answer);
        let mut difference = (expected != actual).then(|| format!("{expected}\n    {actual}"));
        // The standard has no console. Where a recording has none, it may have been lost.
        let lines = console(&record);
        if set != "standard" && record.get("failed").is_none() && !lines.is_empty() {
            printed += 1;
            if difference.is_none() && lines != console(&answer) {
                difference = Some(format!("{lines:?}\n    {:?}", console(&answer)));
            }
        }
        let is_named = exceptions.remove(&format!("{set}/{id}")).is_some();
        match difference {
            Some(difference) if !is_named => {
                surprises.push(format!("{set}/{id}\n    {difference}"));
            }
            None if is_named => {
                surprises.push(format!("{set}/{id} equals: take it out of exceptions.txt"));
            }
            _ => {}
        }
    }
    let (count, shown) = (surprises.len(), surprises[..surprises.len().min(SHOWN)].join("\n"));
    assert_eq!(count, 0, "recorded, then answered:\n{shown}");
    assert!(exceptions.is_empty(), "exceptions.txt names what was not compared: {exceptions:?}");
    (compared, printed)
}
