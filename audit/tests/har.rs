//! Judges recorded traffic through the public API.

use std::ops::ControlFlow;

use browser_cors::{engine::Profile, request::CredentialsMode};
use browser_cors_audit::har::{Judged, Judging, OriginFrom, Outcome, Verdict};

const ENTRY: &str = r#"{"request": {"method": "GET", "url": "https://api.example/a", "headers": [
    {"name": "Origin", "value": "https://app.example"}]}, "response": {"status": 200, "headers": [
    {"name": "Access-Control-Allow-Origin", "value": "*"}]}}"#;

fn judge(judging: &Judging, text: &str) -> (Outcome, Vec<Judged>) {
    let mut found = Vec::new();
    let outcome = judging.judge(text.as_bytes(), |judged| {
        found.push(judged);
        ControlFlow::Continue(())
    });
    (outcome, found)
}

fn har(entries: &[&str]) -> String {
    format!(r#"{{"log": {{"entries": [{}]}}}}"#, entries.join(", "))
}

#[test]
fn verdicts_are_values() {
    let (outcome, found) = judge(&Judging::new(), &har(&[ENTRY]));
    assert_eq!(outcome.broken, None);
    assert_eq!((outcome.summary.entries, outcome.summary.fine), (1, 1));
    let [judged] = &*found else { panic!("{found:?}") };
    assert_eq!((judged.verdict(), judged.status()), (Verdict::Fine, Some(200)));
    assert_eq!(judged.request().origin.serialized(), "https://app.example");
    assert_eq!(judged.origin_from(), OriginFrom::Origin);
    assert_eq!((judged.credentials_from(), judged.browser_error()), (None, None));
    let names: Vec<_> =
        judged.engines().iter().map(|engine| engine.profile().to_string()).collect();
    assert_eq!(names, ["standard", "chromium", "firefox", "webkit"]);
    assert!(judged.engines().iter().all(|engine| !engine.is_blocked() && engine.error().is_none()));
}

#[test]
fn what_is_assumed() {
    let judging =
        Judging::new().in_engines([Profile::STANDARD]).credentials(CredentialsMode::Include);
    let (_, found) = judge(&judging, &har(&[ENTRY]));
    assert_eq!(found[0].verdict(), Verdict::Blocked);
    let error = found[0].engines()[0].error().unwrap();
    assert_eq!(error.refusal.step().to_string(), "#concept-cors-check step 4");

    let anonymous = ENTRY.replace("Origin\"", "Accept\"").replace("\"GET\"", "\"PUT\"");
    let (outcome, found) = judge(&Judging::new(), &har(&[&anonymous]));
    assert_eq!((outcome.summary.without_origin, found.len()), (1, 0));
    let judging = Judging::new().from_origin("https://app.example".parse().unwrap());
    let (outcome, found) = judge(&judging, &har(&[&anonymous]));
    assert_eq!(outcome.summary.without_origin, 0);
    assert_eq!(found[0].origin_from(), OriginFrom::Argument);
    assert!(found[0].preflight_is_assumed());
}

/// Once `take` breaks, nothing more is read, and the summary covers what was read.
#[test]
fn taken_no_more() {
    let text = format!("{}5", har(&[ENTRY; 5000]));
    let mut count = 0;
    let outcome = Judging::new().judge(text.as_bytes(), |_| {
        count += 1;
        if count < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    assert_eq!(count, 3);
    assert_eq!(outcome.summary.fine, 3);
    assert!(outcome.summary.entries < 5000, "{:?}", outcome.summary);
    assert_eq!(outcome.broken, None);
}

/// What is kept of an entry has a limit, exact to the byte; what is skipped has none.
#[test]
fn bound_of_what_is_kept() {
    const LIMIT: usize = 1 << 20;
    let entry = |kept: usize, skipped: usize| {
        let (start, end) = ("{\"request\":{\"url\":\"https://api.example/", "\"}}");
        // Every entry has a bracket or a comma before it.
        let fill = "a".repeat(kept - start.len() - end.len() - 1);
        let skipped = "\\\"".repeat(skipped);
        format!("{start}{fill}\",\"x\":\"{skipped}\"}}}}").replace(",\"x\":\"\"", "")
    };
    for (kept, skipped, is_read) in
        [(LIMIT, 0, true), (LIMIT + 1, 0, false), (1 << 10, LIMIT, true)]
    {
        let text = format!("{{\"log\":{{\"entries\":[{}]}}}}", entry(kept, skipped));
        let (outcome, _) = judge(&Judging::new(), &text);
        let reason = outcome.broken.map(|broken| broken.reason);
        let expected = "the members that count have more than 1 MiB";
        assert_eq!(reason.as_deref(), (!is_read).then_some(expected), "{kept} and {skipped}");
        assert_eq!(outcome.summary.entries, u64::from(is_read));
    }
    // Skipping ends with the member.
    let late = format!("{{\"x\":[{{}},\"\"],\"request\":{{\"url\":\"{}\"}}}}", "a".repeat(LIMIT));
    let (outcome, _) = judge(&Judging::new(), &har(&[&late]));
    assert!(outcome.broken.is_some_and(|broken| broken.entry == Some(1)));
    // The limit applies to each entry by itself.
    let (outcome, _) = judge(&Judging::new(), &har(&[&*entry(LIMIT / 2, 0); 3]));
    assert_eq!((outcome.broken, outcome.summary.entries), (None, 3));
}

#[test]
fn depth() {
    for (levels, is_read) in [(126, true), (127, false)] {
        let text = format!(
            "{{\"log\":{{\"entries\":[],\"x\":{}{}}}}}",
            "[".repeat(levels),
            "]".repeat(levels)
        );
        assert_eq!(judge(&Judging::new(), &text).0.broken.is_none(), is_read, "{levels}");
    }
}

/// The callback that takes verdicts may judge another recording.
#[test]
fn one_within_another() {
    let mut inner = 0;
    let outcome = Judging::new().judge(har(&[ENTRY]).as_bytes(), |_| {
        inner += judge(&Judging::new(), &har(&[ENTRY, ENTRY])).1.len();
        ControlFlow::Continue(())
    });
    assert_eq!((outcome.summary.fine, inner), (1, 2));
}
