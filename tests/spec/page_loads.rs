//! Whether a load uses its response, and whether the page may look inside, by HTML and CSS.

use browser_cors::{
    engine::{Departure, Profile},
    header::HeaderList,
    page::loads::{Decoding, Load, LoadFailure, is_cors_same_origin},
    response::{
        FilteredResponse, Response,
        ResponseType::{self, Basic, Cors, Opaque, OpaqueRedirect},
    },
};
use rstest::rstest;

fn response(kind: ResponseType, status: u16, content_type: Option<&str>) -> FilteredResponse {
    let headers = content_type.map(|value| ("Content-Type", value));
    let mut list = HeaderList::new();
    headers.iter().for_each(|(name, value)| list.append(name, value).unwrap());
    FilteredResponse::new(kind, Response::new(status, list))
}

/// A type that the load accepts.
const fn content_type(load: Load) -> &'static str {
    match load {
        Load::ModuleScript | Load::ClassicScript => "text/javascript",
        Load::StyleSheet => "text/css",
        Load::EventSource => "text/event-stream",
        _ => "image/png",
    }
}

#[rstest]
#[case(Basic, true)]
#[case(Cors, true)]
#[case(Opaque, false)]
#[case(OpaqueRedirect, false)]
fn cors_same_origin(#[case] kind: ResponseType, #[case] expected: bool) {
    assert_eq!(is_cors_same_origin(kind), expected);
}

/// Whether a page may look into a basic, a cors and an opaque response.
#[rstest]
#[case(Load::Image, [true, true, false])]
#[case(Load::Texture, [true, true, false])]
#[case(Load::Video, [true, true, false])]
#[case(Load::ClassicScript, [true, true, false])]
#[case(Load::StyleSheet, [true, true, false])]
#[case(Load::ModuleScript, [true, true, true])]
#[case(Load::Font, [true, true, true])]
#[case(Load::ShapeImage, [true, true, true])]
#[case(Load::EventSource, [true, true, true])]
fn readable(#[case] load: Load, #[case] expected: [bool; 3]) {
    let readable = [Basic, Cors, Opaque].map(|kind| {
        let response = response(kind, 200, Some(content_type(load)));
        load.judge(&response, Decoding::Succeeds, &Profile::STANDARD).unwrap().readable
    });
    assert_eq!(readable, expected);
}

/// Which of these statuses the load uses: 199, 200, 201, 299, 300, 404 and 500.
#[rstest]
#[case(Load::Image, [true; 7])]
#[case(Load::Texture, [true; 7])]
#[case(Load::Video, [true; 7])]
#[case(Load::ShapeImage, [true; 7])]
#[case(Load::ClassicScript, [false, true, true, true, false, false, false])]
#[case(Load::ModuleScript, [false, true, true, true, false, false, false])]
#[case(Load::StyleSheet, [false, true, true, true, false, false, false])]
#[case(Load::Font, [false, true, true, true, false, false, false])]
#[case(Load::EventSource, [false, true, false, false, false, false, false])]
fn statuses(#[case] load: Load, #[case] expected: [bool; 7]) {
    let statuses = [199, 200, 201, 299, 300, 404, 500];
    for (status, is_used) in statuses.into_iter().zip(expected) {
        for kind in [Basic, Opaque] {
            let response = response(kind, status, Some(content_type(load)));
            let judgement = load.judge(&response, Decoding::Succeeds, &Profile::STANDARD);
            let failure = (!is_used).then_some(LoadFailure::Status { status });
            assert_eq!(judgement.err(), failure, "{status} {kind:?}");
        }
    }
}

#[rstest]
#[case(Load::ModuleScript, Some("application/ecmascript; a=b"), true)]
#[case(Load::ModuleScript, Some("text/plain"), false)]
#[case(Load::ModuleScript, Some("nonsense"), false)]
#[case(Load::ModuleScript, None, false)]
#[case(Load::StyleSheet, Some("Text/CSS;charset=utf-8"), true)]
#[case(Load::StyleSheet, Some("text/plain"), false)]
#[case(Load::StyleSheet, None, true)]
#[case(Load::EventSource, Some("text/event-stream;charset=utf-8"), true)]
#[case(Load::EventSource, Some("text/plain"), false)]
#[case(Load::EventSource, None, false)]
#[case(Load::ClassicScript, Some("text/html"), true)]
#[case(Load::ClassicScript, None, true)]
#[case(Load::Image, Some("text/html"), true)]
#[case(Load::Font, Some("text/html"), true)]
fn content_types(#[case] load: Load, #[case] content_type: Option<&str>, #[case] is_used: bool) {
    let judgement =
        load.judge(&response(Basic, 200, content_type), Decoding::Succeeds, &Profile::STANDARD);
    assert_eq!(judgement.err(), (!is_used).then_some(LoadFailure::ContentType));
}

/// The status is checked before the type, and both before the body.
#[test]
fn order_of_failures() {
    let judge = |load: Load, status, content_type| {
        load.judge(&response(Cors, status, content_type), Decoding::Fails, &Profile::STANDARD)
            .unwrap_err()
    };
    assert_eq!(judge(Load::ModuleScript, 404, None), LoadFailure::Status { status: 404 });
    assert_eq!(judge(Load::ModuleScript, 200, None), LoadFailure::ContentType);
    assert_eq!(judge(Load::Font, 404, None), LoadFailure::Status { status: 404 });
    assert_eq!(judge(Load::Font, 200, None), LoadFailure::Body);
}

#[test]
fn thrown_errors_not_muted() {
    let profile = Profile::STANDARD.with(Departure::THROWN_ERRORS_NOT_MUTED);
    let opaque = |load: Load| {
        let response = response(Opaque, 200, Some(content_type(load)));
        load.judge(&response, Decoding::Succeeds, &profile).unwrap().readable
    };
    assert!(opaque(Load::ClassicScript));
    assert!(!opaque(Load::StyleSheet));
}
