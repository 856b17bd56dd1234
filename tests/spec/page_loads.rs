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

/// Whether an opaque response of a script that is no media is blocked: by an engine that does not parse
/// scripts and by one that does, first without and then with `nosniff`.
#[rstest]
#[case(200, Some("text/javascript"), [false, false, false, false])]
#[case(200, Some("text/css"), [false, false, false, false])]
#[case(200, Some("text/html"), [false, false, true, true])]
#[case(200, Some("application/problem+json"), [false, false, true, true])]
#[case(200, Some("text/plain"), [false, false, true, false])]
#[case(200, Some("application/pdf"), [true, true, true, true])]
#[case(200, Some("text/vtt"), [false, false, false, false])]
#[case(200, Some("image/png"), [false, true, true, true])]
#[case(200, None, [false, false, false, true])]
#[case(206, Some("text/html"), [false, true, true, true])]
#[case(404, Some("text/html"), [true, true, true, true])]
#[case(404, None, [false, true, false, true])]
fn opaque_response_blocking(
    #[case] status: u16,
    #[case] content_type: Option<&str>,
    #[case] expected: [bool; 4],
) {
    let profiles = [
        Profile::STANDARD.with(Departure::OPAQUE_RESPONSE_BLOCKING_WITHOUT_PARSING),
        Profile::STANDARD.with(Departure::OPAQUE_RESPONSE_BLOCKING_WITH_PARSING),
    ];
    let mut blocked = Vec::new();
    for nosniff in [None, Some(("X-Content-Type-Options", "nosniff"))] {
        for profile in profiles {
            let mut list = HeaderList::new();
            for (name, value) in
                content_type.map(|it| ("Content-Type", it)).into_iter().chain(nosniff)
            {
                list.append(name, value).unwrap();
            }
            let response = FilteredResponse::new(Opaque, Response::new(status, list));
            let judgement = Load::Image.judge(&response, Decoding::Fails, &profile);
            blocked.push(judgement == Err(LoadFailure::OpaqueResponseBlocking));
        }
    }
    assert_eq!(blocked, expected);
}

/// Which style sheets are used: by the standard, by the type as it is written, and by the first type.
#[rstest]
#[case("text/css", [true, true, true])]
#[case("text/plain, text/css", [true, true, false])]
#[case("text/css, text/plain", [false, false, true])]
#[case("text/css, */*", [true, true, true])]
#[case("text/css,*/*", [true, true, true])]
#[case("text /css", [true, false, true])]
fn style_sheet_types(#[case] content_type: &str, #[case] expected: [bool; 3]) {
    let used = [
        Profile::STANDARD,
        Profile::STANDARD.with(Departure::STYLE_SHEET_TYPE_AS_WRITTEN),
        Profile::STANDARD.with(Departure::STYLE_SHEET_TYPE_FIRST),
    ]
    .map(|profile| {
        let response = response(Basic, 200, Some(content_type));
        Load::StyleSheet.judge(&response, Decoding::Succeeds, &profile).is_ok()
    });
    assert_eq!(used, expected);
}

/// Which event streams are read: by the standard, with UTF-8 alone, and by the first type of the last line.
#[rstest]
#[case("text/event-stream", [true, true, true])]
#[case("text/event-stream; charset=UTF-8", [true, true, true])]
#[case("text/event-stream; charset=latin1", [true, false, true])]
#[case("text/plain, text/event-stream", [true, true, false])]
#[case("text/event-stream, text/plain", [false, false, true])]
fn event_stream_types(#[case] content_type: &str, #[case] expected: [bool; 3]) {
    let read = [
        Profile::STANDARD,
        Profile::STANDARD.with(Departure::EVENT_STREAM_OF_UTF_8),
        Profile::STANDARD.with(Departure::EVENT_STREAM_TYPE_FIRST),
    ]
    .map(|profile| {
        let response = response(Basic, 200, Some(content_type));
        Load::EventSource.judge(&response, Decoding::Succeeds, &profile).is_ok()
    });
    assert_eq!(read, expected);
}

/// Whether a redirect status that is the final status is used: by the standard, and by the two kinds of
/// engines that use it.
#[rstest]
#[case(Load::ClassicScript, [false, true, true])]
#[case(Load::ModuleScript, [false, false, true])]
#[case(Load::StyleSheet, [false, true, false])]
#[case(Load::Font, [false, true, true])]
#[case(Load::EventSource, [false, false, false])]
fn final_redirects(#[case] load: Load, #[case] expected: [bool; 3]) {
    let used = [
        Profile::STANDARD,
        Profile::STANDARD.with(Departure::FINAL_REDIRECT_BUT_MODULES),
        Profile::STANDARD.with(Departure::FINAL_REDIRECT_BUT_SHEETS),
    ]
    .map(|profile| {
        let response = response(Basic, 302, Some(content_type(load)));
        load.judge(&response, Decoding::Succeeds, &profile).is_ok()
    });
    assert_eq!(used, expected);
}
