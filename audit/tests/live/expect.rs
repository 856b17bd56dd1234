//! Checks expectations through the public API.

use std::{
    fs,
    ops::ControlFlow,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use browser_cors::engine::Profile;
use browser_cors_audit::{
    client::Client,
    expect::{
        AskError, Asking, Expectations, Extent, InitError, InvalidBase, ReadError, Report, Verdict,
        init,
    },
};

use crate::{serve, shared_with_app};

const TEXT: &str = r#"
[pages]
app = "https://app.example"

[[allow]]
name = "save"
paths = ["/items"]
methods = ["GET", "PUT"]

[[deny]]
name = "others"
paths = ["/items"]
from = ["foreign", "null"]
credentials = "omit"
"#;

fn expectations(text: &str) -> Expectations {
    Expectations::parse("cors.toml", text, &|_| None).unwrap()
}

/// Writes `text` to a new file.
fn written(name: &str, text: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn json(report: &Report) -> Vec<serde_json::Value> {
    let mut lines = Vec::new();
    report.write_json(&mut lines).unwrap();
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

#[test]
fn a_server_that_keeps_them() {
    let path = written("kept.toml", TEXT);
    let expectations = Expectations::read(&path).unwrap().at(&serve(shared_with_app)).unwrap();
    let report = expectations.ask(&Asking::new()).unwrap();
    assert!(report.is_met(), "{report}");
    assert_eq!(report.verdict(), Verdict::Passed);
    let titles: Vec<_> = report.judged().iter().map(|judged| judged.title()).collect();
    assert_eq!(
        titles,
        [
            "save: GET /items from app",
            "save: PUT /items from app",
            "others: GET /items from https://foreign.example, credentials omit",
            "others: GET /items from null, credentials omit",
        ]
    );
    assert!(report.judged().iter().all(|judged| judged.findings().is_empty()));
    assert!(
        report.to_string().starts_with(
            "ok     save: 2 passed, 0 failed (PUT was not sent, but judged by its preflight)\n"
        ),
        "{report}"
    );
    let extents: Vec<_> = report.judged().iter().map(|judged| judged.extent()).collect();
    assert_eq!(extents, [Extent::Request, Extent::Preflight, Extent::Request, Extent::Request]);
    assert!(report.judged().iter().all(|judged| judged.arrives()));
    assert_eq!(json(&report)[1]["verdict"], "passed");
    assert_eq!(report.github_annotations(), "");
}

#[test]
fn a_server_that_does_not() {
    let base = serve(|_| Some("200 OK\r\nAccess-Control-Allow-Origin: *".to_owned()));
    let expectations = expectations(TEXT).at(&base).unwrap();
    let engines = [Profile::STANDARD, Profile::FIREFOX];
    let asking = Asking::new().in_engines(engines).send_requests(true);
    let report = expectations.ask(&asking).unwrap();
    assert!(!report.is_met());
    assert_eq!(report.verdict(), Verdict::Failed);
    let counts = report.counts();
    assert_eq!((counts.passed, counts.failed, counts.unjudged, counts.all()), (1, 3, 0, 4));

    let save = &report.judged()[1];
    assert_eq!((save.case().method(), save.case().is_allowed()), ("PUT", true));
    assert_eq!(save.case().row().place().line, 5);
    assert_eq!(save.expected(), "https://app.example must be able to read the answer");
    let [finding] = save.findings() else { panic!("{save}") };
    assert_eq!(finding.engines, ["standard", "firefox"]);
    assert_eq!((finding.reason, finding.verdict), ("preflight-method", Verdict::Failed));
    assert!(finding.explanation.contains("(no Access-Control-Allow-Methods, expected PUT)"));
    assert_eq!(
        finding.remedy.answers[0].headers,
        [("Access-Control-Allow-Methods".into(), "PUT".to_owned())]
    );
    assert_eq!(
        finding.remedy.answers[1].headers,
        [
            ("Access-Control-Allow-Origin".into(), "https://app.example".to_owned()),
            ("Vary".into(), "Origin".to_owned()),
        ]
    );
    let text = save.to_string();
    assert!(
        text.starts_with("save: PUT /items from app\n  expected: https://app.example"),
        "{text}"
    );
    assert!(
        report.to_string().contains("\n  save: PUT /items from app\n    expected: "),
        "{report}"
    );
    assert_eq!(report.judged()[2].findings()[0].reason, "readable");
    assert_eq!(report.github_annotations().lines().count(), 2);
}

#[test]
fn a_server_that_is_silent() {
    let expectations = expectations(TEXT).at(&serve(|_| None)).unwrap();
    let asking = Asking::new().retries(0).over(Client::new().timeout(Duration::from_secs(5)));
    let report = expectations.ask(&asking).unwrap();
    assert_eq!(report.verdict(), Verdict::Unjudged);
    assert_eq!(report.counts().unjudged, 4);
    assert_eq!(report.judged()[0].findings()[0].reason, "no-response");
}

/// The observer is called once for each combination, in any order, and not after it breaks.
#[test]
fn observed_and_ended() {
    let heard = Mutex::new(Vec::new());
    let observe = |progress: browser_cors_audit::expect::Progress| {
        heard.lock().unwrap().push((progress.done, progress.all));
        ControlFlow::Continue(())
    };
    let expectations = expectations(TEXT).at(&serve(shared_with_app)).unwrap();
    expectations.ask(&Asking::new().jobs(3).observed_by(&observe)).unwrap();
    let mut heard = heard.into_inner().unwrap();
    heard.sort_unstable();
    assert_eq!(heard, [(1, 4), (2, 4), (3, 4), (4, 4)]);

    let count = AtomicUsize::new(0);
    let once = |_| {
        count.fetch_add(1, Ordering::Relaxed);
        ControlFlow::Break(())
    };
    let ended = expectations.ask(&Asking::new().jobs(1).observed_by(&once));
    assert!(matches!(ended, Err(AskError::Cancelled(_))));
    assert_eq!(count.load(Ordering::Relaxed), 1);
    // All combinations were already done when it broke.
    let last = |progress: browser_cors_audit::expect::Progress| match progress.done {
        4 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    assert!(expectations.ask(&Asking::new().jobs(0).observed_by(&last)).unwrap().is_met());
}

#[test]
fn what_cannot_be_asked() {
    let error = expectations(TEXT).ask(&Asking::new()).unwrap_err();
    assert_eq!(error.to_string(), "there is no `base`: the URL of a server was expected");
    let here = || expectations(TEXT).at("http://127.0.0.1:9").unwrap();
    let error = here().ask(&Asking::new().in_engines([Profile::STANDARD; 0])).unwrap_err();
    assert!(matches!(error, AskError::NoEngine));
    for (base, expected) in [
        ("/", "`/` is no URL (relative URL without a base): "),
        ("https://api.example/?a", "`https://api.example/?a` is no server: "),
        ("https://user@api.example/", "a base has no user name or password: "),
    ] {
        let error: InvalidBase = here().at(base).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{expected}a server was expected, as in `https://api.example`")
        );
    }
    let text = TEXT.replace("from = [\"foreign\", \"null\"]", "from = [\"https://api.example\"]");
    let own = expectations(&text).at("https://api.example").unwrap();
    let AskError::Invalid(invalid) = own.ask(&Asking::new()).unwrap_err() else { panic!() };
    assert_eq!(
        invalid.lines().collect::<Vec<_>>(),
        [
            "cors.toml:10:1: no page is left to ask: origins other than the server's own were expected"
        ]
    );
}

#[test]
fn what_cannot_be_read() {
    let large = written("large.toml", &"#".repeat((1 << 20) + 1));
    let error = Expectations::read(&large).unwrap_err();
    assert!(matches!(error, ReadError::TooLarge { .. }));
    assert_eq!(error.to_string(), format!("{large}: is larger than 1024 KiB"));
    let fits = written("fits.toml", &format!("{TEXT}{}", "#".repeat((1 << 20) - TEXT.len())));
    assert_eq!(Expectations::read(&fits).unwrap().rows().count(), 2);
    let ReadError::Invalid(invalid) =
        Expectations::read(written("invalid.toml", "[pages]\na = 1\nb = 2\n")).unwrap_err()
    else {
        panic!()
    };
    let places: Vec<_> = invalid.problems.iter().map(|problem| problem.place.line).collect();
    assert_eq!(places, [2, 3]);
    assert_eq!(invalid.to_string().lines().count(), 2);
}

/// `Debug` shows no secret.
#[test]
fn secrets_are_not_debugged() {
    let text = TEXT.replace(
        "[[deny]]",
        "headers = { Authorization = \"${TOKEN}\" }\nbody = \"${TOKEN}\"\ncookie = \"${TOKEN}\"\ncredentials = \"include\"\n[[deny]]",
    );
    let environment = |_: &str| Some("s3cret-value".to_owned());
    let expectations = Expectations::parse("cors.toml", &text, &environment).unwrap();
    let expectations = expectations.at(&serve(shared_with_app)).unwrap();
    let report = expectations.ask(&Asking::new()).unwrap();
    for text in [format!("{expectations:?}"), format!("{report:?}"), report.to_string()] {
        assert!(text.contains("save"), "{text}");
        assert!(!text.contains("s3cret") && !text.contains("115, 51, 99"), "{text}");
    }
}

#[test]
fn a_first_file() {
    let base = serve(shared_with_app);
    let origins = ["https://app.example".parse().unwrap()];
    let asking = Asking::new().in_engines([Profile::STANDARD]);
    let first = init(&format!("{base}/items?a=1"), &origins, &asking).unwrap();
    assert!(first.exposures.iter().all(|exposure| exposure.readers.is_empty()));
    assert_eq!(first.exposures.len(), 6);
    let text = first.text;
    let report = expectations(&text).ask(&asking).unwrap();
    assert!(report.is_met(), "{text}\n{report}");
    assert!(text.contains("methods = [\"PUT\"]\npaths = [\"/items?a=1\"]\n"), "{text}");
    assert!(text.contains("from = [\"foreign\", \"null\", \"look-alike\"]\n"), "{text}");

    let never = |_| ControlFlow::Break(());
    let asking = asking.observed_by(&never);
    let text = format!("{base}/");
    // A probe with one combination is done when the observer breaks; the first of several is not.
    let error = init(&text, &origins, &asking.jobs(1)).unwrap_err();
    assert!(matches!(error, InitError::Cancelled(_)), "{error}");
}
