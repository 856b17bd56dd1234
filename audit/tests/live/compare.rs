//! Compares two deployments.

use browser_cors_audit::{
    compare::compare,
    expect::{AskError, Asking, Expectations},
};

use crate::{APP, serve, shared_with_app};

fn expectations() -> Expectations {
    let text =
        format!("[pages]\napp = \"{APP}\"\n[[allow]]\npaths = [\"/items\"]\nmethods = [\"PUT\"]\n");
    Expectations::parse("cors.toml", &text, &|_| None).unwrap()
}

#[test]
fn alike() {
    let (a, b) = (serve(shared_with_app), serve(shared_with_app));
    let comparison = compare(&expectations(), [&a, &b], &Asking::new()).unwrap();
    assert_eq!((comparison.count, comparison.differences.len()), (1, 0));
}

#[test]
fn what_no_page_sees() {
    let (a, b) = (
        serve(shared_with_app),
        serve(|head| Some(shared_with_app(head)?.replace("Max-Age: 60", "Max-Age: 5"))),
    );
    let asking = Asking::new().send_requests(true);
    let comparison = compare(&expectations(), [&a, &b], &asking).unwrap();
    let [difference] = &*comparison.differences else { panic!("{comparison:?}") };
    assert_eq!(difference.title, "allow 1: PUT /items from app");
    assert!(!difference.page_can_tell && !difference.is_silent);
    let pairs: Vec<_> =
        difference.answers.iter().map(|pair| (&*pair.what, &*pair.a, &*pair.b)).collect();
    let [sixty, five] = ["60", "5"].map(|seconds| vec![seconds.to_owned()]);
    assert_eq!(
        pairs,
        [
            ("OPTIONS: Access-Control-Max-Age", &*sixty, &*five),
            ("PUT: Access-Control-Max-Age", &*sixty, &*five),
        ]
    );
    assert_eq!(difference.answers[0].engines, ["standard", "chromium", "firefox", "webkit"]);
}

#[test]
fn silent() {
    let (a, b) = (serve(shared_with_app), serve(|_| None));
    let comparison = compare(&expectations(), [&a, &b], &Asking::new().retries(0)).unwrap();
    let [difference] = &*comparison.differences else { panic!("{comparison:?}") };
    assert!(difference.is_silent && difference.page_can_tell);
}

#[test]
fn no_server() {
    let error = compare(&expectations(), ["https://a.example", "b"], &Asking::new()).unwrap_err();
    assert!(matches!(error, AskError::Base(_)), "{error}");
}
