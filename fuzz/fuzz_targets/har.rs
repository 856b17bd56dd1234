//! Judges recordings of any form, in all engines.
//!
//! The bytes are read as they are, and between two entries that are whole, so that an odd entry must
//! not cost those around it.

#![no_main]

use std::{io::BufReader, ops::ControlFlow};

use browser_cors_audit::har::{Judged, Judging, Outcome, Verdict};
use libfuzzer_sys::fuzz_target;

/// An entry that is blocked.
const ENTRY: &str = r#"{"request": {"method": "GET", "url": "https://whole.example/a", "headers": [
    {"name": "Origin", "value": "https://app.example"}]}, "response": {"status": 200}}"#;

fuzz_target!(|data: &[u8]| {
    let _ = judge(data);
    // What refers to the entries around it may change them.
    let refers = data.windows(5).any(|part| part.eq_ignore_ascii_case(b"whole"));
    let values = [b"[".as_slice(), data, b"]"].concat();
    match serde_json::from_slice::<Vec<serde_json::Value>>(&values) {
        Ok(values) if !refers && !values.is_empty() => {}
        _ => return,
    }
    let (start, end) = (&b"{\"log\":{\"entries\":["[..], &b"]}}"[..]);
    let entry = ENTRY.as_bytes();
    let list = [start, entry, b",", data, b",", entry, end];
    let (outcome, found) = judge(&list.concat());
    assert_eq!(outcome.broken, None);
    let is_whole = |judged: &&Judged| {
        judged.request().url().host_str() == Some("whole.example")
            && judged.verdict() == Verdict::Blocked
    };
    assert_eq!(found.iter().filter(is_whole).count(), 2, "{outcome:?}");
});

/// Judges a recording, and checks what is true of every recording.
fn judge(text: &[u8]) -> (Outcome, Vec<Judged>) {
    let mut found = Vec::new();
    let outcome = Judging::new().judge(BufReader::with_capacity(61, text), |judged| {
        found.push(judged);
        ControlFlow::Continue(())
    });
    let summary = outcome.summary;
    let not_judged = summary.same_origin
        + summary.navigations
        + summary.others
        + summary.without_origin
        + summary.unreadable;
    assert_eq!(summary.entries, summary.judged + not_judged, "{summary:?}");
    let verdicts = summary.fine + summary.fragile + summary.blocked + summary.unanswered;
    assert_eq!(summary.exchanges, verdicts, "{summary:?}");
    assert_eq!(summary.exchanges, found.len() as u64);
    let judged: usize = found.iter().map(|judged| judged.entries().len()).sum();
    assert_eq!(summary.judged, judged as u64);
    let mut numbers: Vec<_> = found.iter().flat_map(Judged::entries).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), judged, "an entry belongs to two exchanges");
    let mut blocked = 0;
    for judged in &found {
        let line = serde_json::to_string(judged).expect("a verdict is JSON");
        // Each engine may repeat what was recorded, but no more often than that.
        assert!(line.len() < (text.len() + 1000) * 100, "{} bytes make {}", text.len(), line.len());
        let json: serde_json::Value = serde_json::from_str(&line).expect("JSON is JSON");
        assert_eq!(json["verdict"], judged.verdict().as_str());
        assert_eq!(json["engines"].as_object().map(serde_json::Map::len), Some(4));
        let engines = judged.engines().iter();
        let is_blocked = engines.clone().all(|engine| engine.is_blocked());
        match judged.verdict() {
            Verdict::Blocked => assert!(is_blocked, "{line}"),
            Verdict::Fine => assert!(!engines.clone().any(|engine| engine.is_blocked()), "{line}"),
            Verdict::Fragile => assert!(!judged.risks().is_empty(), "{line}"),
            _ => assert!(judged.risks().is_empty(), "{line}"),
        }
        assert!(judged.check_command().starts_with("browser-cors check "));
        blocked += u64::from(judged.verdict() == Verdict::Blocked);
    }
    assert_eq!(summary.blocked, blocked);
    (outcome, found)
}
