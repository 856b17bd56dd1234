//! Lines as people copied them from consoles: `fixtures/console/lines.json` has them, with what each
//! says.

use std::{collections::BTreeMap, fs};

use browser_cors::console::{Console, Field, Message, Occurrence, find_all, meaning};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    line: String,
    /// The messages in it; none if it is no message.
    messages: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    console: String,
    reason: String,
    preflight: Option<bool>,
    #[serde(default)]
    inferred: bool,
    /// Values that it names, among others.
    #[serde(default)]
    values: BTreeMap<String, String>,
}

fn lines() -> Vec<Line> {
    let text = fs::read_to_string("fixtures/console/lines.json").unwrap();
    serde_json::from_str(&text).unwrap()
}

fn check(message: &Message, expected: &Expected, line: &str) {
    assert_eq!(message.console.as_str(), expected.console, "{line}");
    assert_eq!(message.code().as_str(), expected.reason, "{line}");
    assert_eq!(message.is_inferred, expected.inferred, "{line}");
    assert!(!message.is_cut, "{line}");
    if expected.preflight.is_some() {
        assert_eq!(message.is_preflight, expected.preflight, "{line}");
    }
    for (field, value) in &expected.values {
        let field: Field = field.parse().unwrap();
        assert_eq!(message.value(field), Some(value.as_str()), "{line}: {field}");
    }
}

#[test]
fn each_line() {
    let lines = lines();
    assert!(lines.len() > 180);
    for Line { line, messages } in &lines {
        let found: Vec<Occurrence> = find_all(line).collect();
        assert_eq!(found.len(), messages.len(), "{line}: {found:?}");
        for (occurrence, expected) in found.iter().zip(messages) {
            check(&occurrence.message, expected, line);
        }
    }
}

/// The same lines in one text, with other text between them.
#[test]
fn all_lines() {
    let lines = lines();
    let prose = "\n\nThen I clicked the button, and saw nothing at all for a while.\n".repeat(4);
    let text: String = lines.iter().flat_map(|line| [prose.as_str(), &line.line]).collect();
    let found: Vec<Occurrence> = find_all(&text).collect();
    let expected: Vec<(&Expected, &str)> = lines
        .iter()
        .flat_map(|line| line.messages.iter().map(|message| (message, line.line.as_str())))
        .collect();
    for (occurrence, (expected, line)) in found.iter().zip(&expected) {
        check(&occurrence.message, expected, line);
        let place = &text[occurrence.range.clone()];
        assert!(line.contains(place), "{place:?} is not in {line:?}");
    }
    assert_eq!(found.len(), expected.len());
}

/// Several lines about one failure are one message; the same failure again is another.
#[test]
fn lines_that_belong_together() {
    let chromium = "\
app.js:10 Access to fetch at 'https://api.example/a' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.
app.js:20 Access to fetch at 'https://api.example/b' from origin 'https://app.example' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: It does not have HTTP ok status.
app.js:10 GET https://api.example/a net::ERR_FAILED 200 (OK)
app.js:20 PUT https://api.example/b net::ERR_FAILED
";
    let found: Vec<Occurrence> = find_all(chromium).collect();
    let [first, second] = &found[..] else { panic!("{found:?}") };
    assert_eq!(first.message.code(), "allow-origin-missing");
    assert_eq!(first.message.value(Field::Status), Some("200"));
    assert_eq!(second.message.code(), "preflight-status");
    assert_eq!(second.message.value(Field::Method), Some("PUT"));

    let webkit = "\
[Error] Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200
[Error] Fetch API cannot load https://api.example/a due to access control checks.
[Error] Failed to load resource: Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200 (a, line 0)
[Error] Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200
[Error] Fetch API cannot load https://api.example/b due to access control checks.
";
    let found: Vec<Occurrence> = find_all(webkit).collect();
    let [first, second] = &found[..] else { panic!("{found:?}") };
    assert_eq!(first.message.value(Field::Url), Some("https://api.example/a"));
    assert_eq!(second.message.value(Field::Url), Some("https://api.example/b"));
}

/// What people put around a value is no part of it, and a bracket of the value itself is.
#[test]
fn brackets_around_values() {
    for (url, origin) in [
        ("'https://api.example/a'", "'http://[::1]'"),
        ("(https://api.example/a)", "http://[::1]"),
        ("[https://api.example/a]", "http://[::1]"),
        ("[here](https://api.example/a)", "[http://[::1]]"),
        ("<https://api.example/a>", "<http://[::1]>"),
    ] {
        let text = format!(
            "Access to fetch at {url} from origin {origin} has been blocked by CORS policy: No \
             'Access-Control-Allow-Origin' header is present on the requested resource.",
        );
        let found = find_all(&text).next().unwrap().message;
        assert_eq!(found.value(Field::Url), Some("https://api.example/a"), "{text}");
        assert_eq!(found.value(Field::Origin), Some("http://[::1]"), "{text}");
    }
    let text = "Access to fetch at 'https://api.example/a_(b)' from origin (https://app.example) has \
                been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on \
                the requested resource.";
    let found = find_all(text).next().unwrap().message;
    assert_eq!(found.value(Field::Url), Some("https://api.example/a_(b)"));
    assert_eq!(found.value(Field::Origin), Some("https://app.example"));
}

/// The last sentence of a message may stand in the next line, or behind something that was inserted.
#[test]
fn last_sentences() {
    for between in [" ", "\n", " (index):12 ", " (index):12\n"] {
        let text = format!(
            "XMLHttpRequest cannot load https://api.example/a. No 'Access-Control-Allow-Origin' header \
             is present on the requested resource.{between}Origin 'https://app.example' is therefore not \
             allowed access.",
        );
        let found: Vec<Message> = find_all(&text).map(|occurrence| occurrence.message).collect();
        let [message] = &found[..] else { panic!("{found:?}") };
        let origin = (between != " (index):12\n").then_some("https://app.example");
        assert_eq!(message.value(Field::Origin), origin, "{between:?}");
    }
}

/// A message that was cut does not swallow the one after it.
#[test]
fn cut_before_another() {
    let text = "\
Access to fetch at 'https://api.example/a' from origin 'https://app.example' has been blocked by CORS policy: The 'Access-Control-Allow-Origin' header contains multiple values 'a, b', bu
Access to fetch at 'https://api.example/b' from origin 'https://app.example' has been blocked by CORS policy: Method PATCH is not al
Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/c. (Reason: CORS hea
Access to fetch at 'https://api.example/d' from origin 'https://app.example' has been bloc";
    let found: Vec<Message> = find_all(text).map(|occurrence| occurrence.message).collect();
    let urls: Vec<_> = found.iter().map(|message| message.value(Field::Url).unwrap()).collect();
    assert_eq!(
        urls,
        [
            "https://api.example/a",
            "https://api.example/b",
            "https://api.example/c",
            "https://api.example/d"
        ]
    );
    assert!(found.iter().all(|message| message.is_cut), "{found:?}");
    let codes: Vec<_> = found.iter().map(|message| message.code().as_str()).collect();
    assert_eq!(codes, ["allow-origin-several", "preflight-method", "no-reason", "no-reason"]);
    assert_eq!(found[2].console, Console::Firefox);
}

/// What lines mean that people take for messages about CORS.
#[test]
fn neighbours_are_named() {
    for (line, words) in [
        ("TypeError: Failed to fetch", "all that a page learns of a fetch that failed"),
        ("GET https://a.example/ net::ERR_CONNECTION_REFUSED", "no connection to the server"),
        ("GET https://ads.example/x.js net::ERR_BLOCKED_BY_CLIENT", "an extension of the browser"),
        ("Blocked loading mixed active content “http://api.example/x”", "but mixed content"),
        (
            "Refused to connect because it violates the document's Content Security Policy",
            "the page's own Content-Security-Policy",
        ),
        ("GET https://img.example/x.jpg net::ERR_BLOCKED_BY_ORB", "opaque response blocking"),
        (
            "GET https://a.example/ net::ERR_BLOCKED_BY_RESPONSE.CoepFrameResourceNeedsCoepHeader",
            "the page demands, with Cross-Origin-Embedder-Policy",
        ),
        ("Refused to set unsafe header \"Host\"", "pages may not set this header"),
        ("Failed to construct 'Worker'", "The script of a worker must be of the page's own origin"),
        (
            "EventSource's response has a charset (\"latin1\") that is not UTF-8.",
            "text/event-stream, in UTF-8",
        ),
        (
            "Failed to load module script: Expected a JavaScript module script but the server \
             responded with a MIME type of \"text/html\".",
            "the answer is no script",
        ),
        (
            "Refused to execute script from 'https://a.example/a' because its MIME type \
             ('text/html') is not executable, and strict MIME type checking is enabled.",
            "X-Content-Type-Options: nosniff",
        ),
        (
            "Subresource Integrity: The resource 'https://a.example/a' has an integrity attribute, but \
             the resource requires the request to be CORS enabled to check the integrity, and it is \
             not.",
            "the attribute integrity",
        ),
        (
            "The FetchEvent for \"https://a.example/a\" resulted in a network error response: an \
             \"opaque\" response was used",
            "the page's service worker answered",
        ),
        (
            "Blocked a frame with origin \"https://app.example\" from accessing a cross-origin frame.",
            "a window of another origin",
        ),
        ("Tainted canvases may not be exported", "asked for without CORS, so it may not read it"),
    ] {
        let found = find_all(line).next().unwrap_or_else(|| panic!("{line}"));
        let meaning = meaning(&found.message);
        assert!(meaning.contains(words), "{line}: {meaning}");
    }
}

const PIECES: [&str; 30] = [
    "Access to fetch at '",
    "https://api.example/",
    "' from origin '",
    "' has been blocked by CORS policy: ",
    "Method ",
    " is not allowed by Access-Control-Allow-Methods.",
    "(Reason: ",
    "CORS header ‘Access-Control-Allow-Origin’",
    " missing)",
    ". Status code: ",
    "Origin ",
    " is not allowed by Access-Control-Allow-Origin.",
    "Failed to load resource: ",
    "GET https://a.example/ net::ERR_FAILED 200",
    "{url} due to access control checks.",
    "SEC7123: ",
    "SEC7118",
    "0x80070005",
    "\u{200B}é ",
    "\n",
    "“",
    "'",
    "\\u2018",
    "&quot;",
    "\u{1B}[31m",
    "...",
    "…",
    "跨域 CORS（原因：",
    "CORSMissingAllowOrigin",
    "The 'Access-Control-Allow-Origin' header contains the invalid value '",
];

/// Whatever the text is, the places of its messages are in order and in it.
fn places_are_right(text: &str) {
    let mut end = 0;
    for Occurrence { message, range, .. } in find_all(text) {
        assert!(range.start <= range.end && range.end <= text.len());
        assert!(!text[range.clone()].is_empty());
        assert!(range.start >= end, "{message:?}");
        end = range.end;
    }
}

proptest! {
    #[test]
    fn places_in_any_text(text in "(\\PC|\n){0,300}") {
        places_are_right(&text);
    }

    #[test]
    fn places_in_pieces(pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        places_are_right(&text);
    }
}

/// Texts that make a bad reader slow.
#[test]
fn long_texts() {
    for piece in PIECES {
        let text = piece.repeat((1 << 16) / piece.len());
        places_are_right(&text);
    }
}
