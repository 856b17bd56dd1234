//! Runs scenarios in several profiles, of which some departures were taken away and others added.

#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use browser_cors::{
    engine::{Departure, Profile},
    scenario::Scenario,
};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    engine: u8,
    changed: [u8; 4],
    scenario: &'a [u8],
}

fuzz_target!(|data: &[u8]| {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(data)) else { return };
    let Ok(scenario) = serde_json::from_slice::<Scenario>(input.scenario) else { return };
    let departures: Vec<_> = Departure::all().collect();
    let mut profile = Profile::ALL[usize::from(input.engine) % Profile::ALL.len()];
    for index in input.changed {
        let departure = departures[usize::from(index) % departures.len()];
        profile = match profile.departs(departure) {
            true => profile.without(departure),
            false => profile.with(departure),
        };
    }
    let run = || {
        let results = scenario.side_by_side(&[profile]);
        serde_json::to_string(&results).expect("the outcomes are JSON")
    };
    let json = run();
    assert_eq!(json, run(), "{profile}");
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON is JSON");
    assert!(value.is_object());
});
