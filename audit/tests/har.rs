//! Judges recorded traffic through the public API.

use std::{
    io::{self, BufReader, Read},
    ops::ControlFlow,
};

use browser_cors::{engine::Profile, request::CredentialsMode};
use browser_cors_audit::har::{Judged, Judging, OriginFrom, Outcome, Verdict};

const ENTRY: &str = r#"{"request": {"method": "GET", "url": "https://api.example/a", "headers": [
    {"name": "Origin", "value": "https://app.example"}]}, "response": {"status": 200, "headers": [
    {"name": "Access-Control-Allow-Origin", "value": "*"}]}}"#;

/// A redirect of the browser itself.
const HSTS: &str = r#"{"request": {"url": "http://api.example/b", "headers": [
    {"name": "Origin", "value": "https://app.example"}]}, "response": {"status": 307, "headers": [
    {"name": "Location", "value": "https://api.example/b"},
    {"name": "Non-Authoritative-Reason", "value": "HSTS"}]}}"#;

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

/// What is kept of an entry has a limit, exact to the byte; what is skipped has none. An entry beyond
/// the limit costs itself alone.
#[test]
fn bound_of_what_is_kept() {
    const LIMIT: usize = 1 << 20;
    let entry = |kept: usize, skipped: usize| {
        let (start, end) = ("{\"request\":{\"url\":\"https://api.example/", "\"}}");
        let fill = "a".repeat(kept - start.len() - end.len());
        let skipped = "\\\"".repeat(skipped);
        format!("{start}{fill}\",\"x\":\"{skipped}\"}}}}")
    };
    for (kept, skipped, is_read) in
        [(LIMIT, 0, true), (LIMIT + 1, 0, false), (1 << 10, LIMIT, true)]
    {
        let text = har(&[&entry(kept, skipped), ENTRY]);
        let (outcome, _) = judge(&Judging::new(), &text);
        assert_eq!(outcome.broken, None);
        let reasons: Vec<_> = outcome.unreadable.iter().map(ToString::to_string).collect();
        let expected = "1:22: entry 1: the members that count have more than 1 MiB".to_owned();
        assert_eq!(reasons, if is_read { vec![] } else { vec![expected] }, "{kept} and {skipped}");
        let summary = outcome.summary;
        assert_eq!((summary.entries, summary.fine), (2, 1));
        assert_eq!(summary.unreadable, u64::from(!is_read));
        assert_eq!(summary.without_origin, u64::from(is_read));
    }
    // Skipping ends with the member.
    let late = format!("{{\"x\":[{{}},\"\"],\"request\":{{\"url\":\"{}\"}}}}", "a".repeat(LIMIT));
    let (outcome, _) = judge(&Judging::new(), &har(&[&late]));
    assert_eq!((outcome.broken, outcome.summary.unreadable), (None, 1));
    // The limit applies to each entry by itself.
    let (outcome, _) = judge(&Judging::new(), &har(&[&*entry(LIMIT / 2, 0); 3]));
    assert_eq!((outcome.broken, outcome.summary.entries), (None, 3));
    assert_eq!(outcome.summary.unreadable, 0);
}

/// What is skipped may have any depth, what is kept may not; neither takes the stack.
#[test]
fn depth() {
    for levels in [100, 200, 2_000_000] {
        let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let text = format!("{{\"x\":{deep},\"log\":{{\"entries\":[{{\"x\":{deep}}},{ENTRY}]}}}}");
        let (outcome, _) = judge(&Judging::new(), &text);
        assert_eq!((outcome.broken, outcome.summary.fine), (None, 1), "{levels}");
        let text = format!("{{\"response\":{{\"headers\":{deep}}}}}");
        let (outcome, _) = judge(&Judging::new(), &har(&[&text, ENTRY]));
        assert_eq!((outcome.broken, outcome.summary.fine), (None, 1), "{levels}");
        assert_eq!(outcome.summary.unreadable, u64::from(levels > 100), "{levels}");
    }
}

/// What the counts of a summary are, and that each adds up.
#[test]
fn counts_add_up() {
    let named =
        |name: &str| std::fs::read_to_string(format!("../fixtures/har/{name}.har")).unwrap();
    let odd = har(&[
        "{}",
        "5",
        ENTRY,
        "{\"request\":{\"url\":\"https://a.example/\"}}",
        "{\"_apiRequest\":true}",
        HSTS,
        &ENTRY.replace("/a\"", "/b\""),
    ]);
    for text in [named("chromium"), named("firefox"), named("safari"), named("short"), odd] {
        let (outcome, found) = judge(&Judging::new(), &text);
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
        assert_eq!(summary.judged, judged as u64, "{summary:?}");
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

/// It does not matter in which pieces the text comes.
#[test]
fn pieces() {
    let mut text = b"\xEF\xBB\xBF".to_vec();
    text.extend(std::fs::read("../fixtures/har/chrome-har.har").unwrap());
    let mut lines = Vec::new();
    for size in [1, 2, 3, 7, 1 << 20] {
        let mut found = Vec::new();
        let input = BufReader::with_capacity(size, &*text);
        let outcome = Judging::new().judge(input, |judged| {
            found.push(serde_json::to_string(&judged).unwrap());
            ControlFlow::Continue(())
        });
        assert_eq!((outcome.broken, outcome.summary.entries, found.len()), (None, 10, 6));
        lines.push(found);
    }
    assert!(lines.windows(2).all(|pair| pair[0] == pair[1]));
}

/// The command that asks a server what the page asked, whatever came of it.
#[test]
fn check_commands() {
    let beacon = r#"{"request": {"method": "POST", "url": "https://api.example/a?x=1&y=2", "headers": [
        {"name": "Referer", "value": "https://app.example/"},
        {"name": "Sec-Fetch-Mode", "value": "no-cors"}]}, "response": {"status": 204}}"#;
    let (_, found) = judge(&Judging::new(), &har(&[ENTRY, beacon]));
    let commands: Vec<_> = found.iter().map(Judged::check_command).collect();
    assert_eq!(
        commands,
        [
            "browser-cors check https://api.example/a --origin https://app.example -X GET",
            "browser-cors check 'https://api.example/a?x=1&y=2' --origin https://app.example -X POST \
             --mode no-cors",
        ]
    );
    let judging = Judging::new().credentials(CredentialsMode::Include);
    let (_, found) = judge(&judging, &har(&[&ENTRY.replace("https://app.example", "null")]));
    assert_eq!(
        found[0].check_command(),
        "browser-cors check https://api.example/a --origin null -X GET --credentials include"
    );
}

/// Entries are counted through, even if there are two lists of them.
#[test]
fn two_lists() {
    let text = format!("{{\"log\":{{\"entries\":[{ENTRY},5],\"x\":0,\"entries\":[{ENTRY}]}}}}");
    let (outcome, found) = judge(&Judging::new(), &text);
    assert_eq!((outcome.summary.entries, outcome.summary.unreadable), (3, 1));
    assert_eq!(outcome.unreadable[0].entry, Some(2));
    assert_eq!(found[1].entries(), [3]);
    let cut = text.find(",5").unwrap();
    let (outcome, _) = judge(&Judging::new(), &text[..cut]);
    assert_eq!(outcome.broken.unwrap().entry, Some(2));
    let (outcome, _) = judge(&Judging::new(), &text[..text.find("\"x").unwrap()]);
    assert_eq!(outcome.broken.unwrap().entry, None);
}

/// Input that fails is named, with the place up to which it was read.
#[test]
fn failing_input() {
    struct Failing;

    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }

    let text = format!("{{\"log\": {{\n\"entries\": [{ENTRY},\n\n  {{\"request\": {{\"url\": \"a");
    let outcome = Judging::new()
        .judge(BufReader::new(text.as_bytes().chain(Failing)), |_| ControlFlow::Continue(()));
    assert_eq!(outcome.summary.fine, 1);
    assert_eq!(outcome.broken.unwrap().to_string(), "6:24: entry 2: the disk is gone");
}
