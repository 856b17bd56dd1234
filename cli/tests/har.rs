//! `browser-cors har`, run as a user runs it.

use std::{
    fs,
    io::{BufWriter, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_browser-cors"))
        .arg("har")
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The output, the problems on standard error, and the exit status.
fn har(arguments: &[&str], input: &[u8]) -> (String, String, Option<i32>) {
    let mut child = start(arguments);
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let Output { stdout, stderr, status } = child.wait_with_output().unwrap();
    // A broken input may not be read to its end.
    let _ = writer.join().unwrap();
    (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap(), status.code())
}

/// The output for a recording of `entries`, and the exit status.
fn judge(entries: &[Value], arguments: &[&str]) -> (String, Option<i32>) {
    let input = json!({ "log": { "entries": entries } }).to_string();
    let (text, problems, code) = har(&[arguments, &["-"]].concat(), input.as_bytes());
    assert_eq!(problems, "");
    (text, code)
}

fn headers(list: &[(&str, &str)]) -> Value {
    list.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

type Headers<'a> = &'a [(&'a str, &'a str)];

fn entry(
    method: &str,
    url: &str,
    request: Headers<'_>,
    status: u16,
    response: Headers<'_>,
) -> Value {
    json!({
        "request": { "method": method, "url": url, "headers": headers(request) },
        "response": { "status": status, "headers": headers(response) },
    })
}

/// `entry` with one member replaced, by its path.
fn with(mut entry: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    entry.pointer_mut(parent).unwrap()[name] = value;
    entry
}

const URL: &str = "https://api.example/a";
const CORS: Headers<'_> = &[("Origin", "https://app.example"), ("Sec-Fetch-Mode", "cors")];
const WITH_COOKIE: Headers<'_> =
    &[("Origin", "https://app.example"), ("Sec-Fetch-Mode", "cors"), ("Cookie", "id=secret")];
const ANY: Headers<'_> = &[("Access-Control-Allow-Origin", "*")];
const ECHO: Headers<'_> = &[
    ("Access-Control-Allow-Origin", "https://app.example"),
    ("Access-Control-Allow-Credentials", "true"),
    ("Vary", "Origin"),
];

/// A preflight for PUT, and its request.
fn put(max_age: Option<&str>) -> [Value; 2] {
    let asking = [
        CORS,
        &[("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "x-a")],
    ];
    let mut grant =
        [ECHO, &[("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "x-a")]]
            .concat();
    grant.extend(max_age.map(|seconds| ("Access-Control-Max-Age", seconds)));
    [
        entry("OPTIONS", URL, &asking.concat(), 204, &grant),
        entry("PUT", URL, &[WITH_COOKIE, &[("X-A", "1")]].concat(), 200, ECHO),
    ]
}

#[test]
fn fine() {
    let (text, code) = judge(&[entry("GET", URL, CORS, 200, ANY)], &[]);
    assert_eq!(
        text,
        "\
1 exchange with another origin, in 1 of 1 entry: 0 blocked, 0 fragile, 1 fine, 0 unanswered

== entry 1: fine
GET https://api.example/a from https://app.example, credentials same-origin => 200
"
    );
    assert_eq!(code, Some(0));
}

#[test]
fn fine_as_json() {
    let (text, code) = judge(
        &[entry("GET", URL, WITH_COOKIE, 200, ECHO)],
        &["--format", "json", "--engine", "webkit"],
    );
    assert_eq!(
        text,
        concat!(
            r#"{"format":1,"entries":[1],"verdict":"fine","method":"GET","url":"https://api.example/a","#,
            r#""origin":"https://app.example","origin_from":"Origin","mode":"cors","#,
            r#""credentials":"include","credentials_from":"Cookie","status":200,"#,
            r#""engines":{"webkit":{"blocked":false}},"fragile":[],"hidden":["vary"],"notes":[]}"#,
            "\n",
            r#"{"format":1,"summary":{"entries":1,"fine":1,"fragile":0,"blocked":0,"unanswered":0,"#,
            r#""same_origin":0,"navigations":0,"others":0,"without_origin":0,"#,
            r#""exchanges":1,"judged":1,"unreadable":0}}"#,
            "\n",
        )
    );
    assert_eq!(code, Some(0));
}

#[test]
fn blocked() {
    let slash = [("Access-Control-Allow-Origin", "https://app.example/")];
    let (text, code) = judge(&[entry("GET", URL, WITH_COOKIE, 200, &slash)], &[]);
    assert_eq!(
        text,
        "\
1 exchange with another origin, in 1 of 1 entry: 1 blocked, 0 fragile, 0 fine, 0 unanswered

== entry 1: blocked
GET https://api.example/a from https://app.example, credentials include
1. GET https://api.example/a  (with credentials)
   Origin: https://app.example
   => 200
   Access-Control-Allow-Origin: https://app.example/
                                                   ^ expected https://app.example
   (no Access-Control-Allow-Credentials, expected true)
blocked: Access-Control-Allow-Origin is `https://app.example/`, not `https://app.example`
     at: https://fetch.spec.whatwg.org/#concept-cors-check step 4
    see: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSAllowOriginNotMatchingOrigin
  guide: https://OWNER.github.io/browser-cors/guide/reasons/allow-origin-mismatch.html
   also: Access-Control-Allow-Credentials is missing, not `true`
  where: the server of api.example
    fix: Answer GET https://api.example/a with `Access-Control-Allow-Origin: https://app.example`, `Access-Control-Allow-Credentials: true` and `Vary: Origin`. An origin has no path, not even a slash.
"
    );
    assert_eq!(code, Some(1));
}

#[test]
fn blocked_as_json() {
    let (text, code) =
        judge(&[entry("GET", URL, CORS, 500, &[])], &["--format", "json", "--engine", "standard"]);
    let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!(line["verdict"], "blocked");
    assert_eq!(line["credentials_from"], Value::Null);
    assert_eq!(
        line["engines"]["standard"],
        json!({
            "blocked": true,
            "reason": "allow-origin-missing",
            "why": "there is no Access-Control-Allow-Origin",
            "step": "#concept-cors-check step 2",
            "see": "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMissingAllowOrigin",
            "guide": "https://OWNER.github.io/browser-cors/guide/reasons/allow-origin-missing.html",
            "fix": "Answer GET https://api.example/a with `Access-Control-Allow-Origin: \
                    https://app.example` and `Vary: Origin`. The server failed with 500, most likely \
                    before it came to CORS: mend that first, and send the headers with errors as \
                    well. The server did get the request; only \
                    reading the answer is refused.",
            "remedy": {
                "where": "server",
                "host": "api.example",
                "answers": [{
                    "to": "request",
                    "method": "GET",
                    "url": "https://api.example/a",
                    "headers": [
                        ["Access-Control-Allow-Origin", "https://app.example"],
                        ["Vary", "Origin"],
                    ],
                }],
                "advice": "The server failed with 500, most likely before it came to CORS: mend that \
                           first, and send the headers with errors as well. The server did get the request; only reading the answer is refused.",
            },
        })
    );
    assert_eq!(code, Some(1));
}

/// What Chromium records of a request whose preflight failed, in an export without preflights.
#[test]
fn blocked_and_not_recorded() {
    let request = [("Referer", "https://app.example/cart"), ("Content-Type", "application/json")];
    let entry = entry("PATCH", URL, &request, 0, &[]);
    let entry = with(entry, "/_resourceType", json!("fetch"));
    let entry = with(entry, "/response/_error", json!("net::ERR_FAILED"));
    let (text, code) = judge(&[entry], &[]);
    assert_eq!(
        text,
        "\
1 exchange with another origin, in 1 of 1 entry: 1 blocked, 0 fragile, 0 fine, 0 unanswered

== entry 1: blocked
PATCH https://api.example/a from https://app.example, credentials same-origin
  error: net::ERR_FAILED
blocked: The browser gave the page no answer, and none was recorded.
    fix: Ask the server what it answers: `browser-cors check https://api.example/a --origin https://app.example -X PATCH -H 'Content-Type: application/json'`.
"
    );
    assert_eq!(code, Some(1));
}

/// Without credentials, the answer would be fine, but the browser blocked it.
#[test]
fn blocked_so_with_credentials() {
    let recorded = entry("GET", URL, CORS, 200, ANY);
    let recorded = with(recorded, "/response/_error", json!("net::ERR_FAILED"));
    let (text, code) = judge(&[recorded], &[]);
    assert!(text.contains("\n== entry 1: blocked\n"), "{text}");
    assert!(
        text.contains(
            "\n   note: no Cookie was recorded, but the browser blocked this; assuming the credentials \
             mode include\n"
        ),
        "{text}"
    );
    assert_eq!(code, Some(1));
}

/// Chromium has the same words for errors that have nothing to do with CORS.
#[test]
fn blocked_for_another_reason() {
    let recorded = entry("GET", URL, WITH_COOKIE, 200, ECHO);
    let recorded = with(recorded, "/response/_error", json!("net::ERR_FAILED"));
    let (text, code) = judge(&[recorded], &[]);
    assert_eq!(
        text,
        "\
1 exchange with another origin, in 1 of 1 entry: 0 blocked, 0 fragile, 0 fine, 1 unanswered

== entry 1: unanswered
GET https://api.example/a from https://app.example, credentials include => 200
    why: the browser gave the page nothing (net::ERR_FAILED), but not because of CORS, as far as the recording says
"
    );
    assert_eq!(code, Some(0));
}

/// Without CORS, the resource's own policy counts.
#[test]
fn blocked_without_cors() {
    let image = [("Referer", "https://app.example/"), ("Sec-Fetch-Mode", "no-cors")];
    let policy = [("Cross-Origin-Resource-Policy", "same-origin")];
    let (text, code) = judge(&[entry("GET", URL, &image, 200, &policy)], &[]);
    assert!(text.contains("\n== entry 1: blocked\n"), "{text}");
    assert!(text.contains("with `Cross-Origin-Resource-Policy: cross-origin`"), "{text}");
    assert_eq!(code, Some(1));
}

#[test]
fn credentials_as_they_are_said_to_be() {
    let entries = [entry("GET", URL, CORS, 200, ANY)];
    let (text, code) = judge(&entries, &["--credentials", "include"]);
    assert!(text.contains("is `*`, which does not allow requests with credentials"), "{text}");
    assert_eq!(code, Some(1));
}

#[test]
fn note_on_a_repeated_preflight() {
    let (text, code) = judge(&put(None), &["--strict"]);
    assert_eq!(
        text,
        "\
1 exchange with another origin, in 2 of 2 entries: 0 blocked, 0 fragile, 1 fine, 0 unanswered

== entries 1, 2: fine
PUT https://api.example/a from https://app.example, credentials include => 200
   note: preflight-repeated: the preflight is repeated for nearly every call: there is no Access-Control-Max-Age: it is kept for 5 s
    fix: Answer OPTIONS https://api.example/a with `Access-Control-Max-Age: 7200`.
"
    );
    assert_eq!(code, Some(0));
    for (max_age, risk) in [
        ("60", None),
        ("59", Some("it may be kept for 59 s")),
        ("-1", Some("Access-Control-Max-Age is no number of seconds")),
    ] {
        let (text, _) = judge(&put(Some(max_age)), &[]);
        assert!(text.contains("\n== entries 1, 2: fine\n"), "{text}");
        match risk {
            None => assert!(!text.contains("note"), "{text}"),
            Some(risk) => assert!(text.contains(risk), "{text}"),
        }
    }
}

#[test]
fn fragile_by_a_wildcard_for_authorization() {
    let asking = [
        CORS,
        &[
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "authorization"),
        ],
    ];
    let grant =
        [ANY, &[("Access-Control-Allow-Headers", "*"), ("Access-Control-Max-Age", "600")]].concat();
    let entries = [
        entry("OPTIONS", URL, &asking.concat(), 204, &grant),
        entry("GET", URL, &[CORS, &[("Authorization", "Bearer secret")]].concat(), 200, ANY),
    ];
    let (text, code) = judge(&entries, &[]);
    assert_eq!(
        text,
        "\
1 exchange with another origin, in 2 of 2 entries: 0 blocked, 1 fragile, 0 fine, 0 unanswered

== entries 1, 2: fragile
GET https://api.example/a from https://app.example, credentials same-origin => 200
fragile: wildcard-for-authorization: blocked by standard: Access-Control-Allow-Headers does not list authorization; but not by chromium, firefox, webkit (authorization-under-wildcard)
    fix: Answer OPTIONS https://api.example/a with `Access-Control-Allow-Headers: *, authorization`. `*` never covers Authorization.
"
    );
    assert_eq!(code, Some(0));
    let (text, code) = judge(&entries, &["--engine", "standard"]);
    assert!(text.contains("\n== entries 1, 2: blocked\n"), "{text}");
    assert_eq!(code, Some(1));
    let (text, code) = judge(&entries, &["--engine", "firefox"]);
    assert!(text.contains("\n== entries 1, 2: fine\n"), "{text}");
    assert_eq!(code, Some(0));
}

#[test]
fn fragile_by_an_answer_that_does_not_vary() {
    let answer = [("Access-Control-Allow-Origin", "https://app.example")];
    let (text, code) = judge(&[entry("GET", URL, CORS, 200, &answer)], &[]);
    assert_eq!(
        text,
        "\
1 exchange with another origin, in 1 of 1 entry: 0 blocked, 1 fragile, 0 fine, 0 unanswered

== entry 1: fragile
GET https://api.example/a from https://app.example, credentials same-origin => 200
fragile: vary: there is no `Vary: Origin`: if the answer depends on the origin, a cache may hand it to another origin, where it is blocked
    fix: Answer GET https://api.example/a with `Vary: Origin`, to requests without Origin too.
"
    );
    assert_eq!(code, Some(0));
    for header in [("Vary", "accept, origin"), ("Cache-Control", "no-store")] {
        let (text, _) = judge(&[entry("GET", URL, CORS, 200, &[answer[0], header])], &[]);
        assert!(text.contains("\n== entry 1: fine\n"), "{text}");
    }
}

/// Hidden headers that pages may need are noted; those of servers, proxies and caches are not.
#[test]
fn note_on_hidden_headers() {
    let answer = [
        ANY,
        &[("X-Total-Count", "7"), ("Server", "nginx"), ("X-Cache", "HIT"), ("ETag", "\"1\"")],
        &[("X-Request-Id", "1"), ("X-Amzn-Trace-Id", "1"), ("X-Fastly-Request-ID", "1")],
    ];
    let recorded = entry("GET", URL, CORS, 200, &answer.concat());
    let (text, code) = judge(std::slice::from_ref(&recorded), &["--strict"]);
    assert_eq!(
        text,
        "\
1 exchange with another origin, in 1 of 1 entry: 0 blocked, 0 fragile, 1 fine, 0 unanswered

== entry 1: fine
GET https://api.example/a from https://app.example, credentials same-origin => 200
   note: hidden-headers: the server sends x-total-count, which the page cannot see
    fix: Answer GET https://api.example/a with `Access-Control-Expose-Headers: x-total-count`, if the page reads them.
"
    );
    assert_eq!(code, Some(0));
    // Nobody reads the headers of a style sheet.
    for kind in ["stylesheet", "script", "image", "font"] {
        let recorded = with(recorded.clone(), "/_resourceType", json!(kind));
        let (text, _) = judge(&[recorded], &[]);
        assert!(text.contains("\n== entry 1: fine\n") && !text.contains("note"), "{text}");
    }
}

#[test]
fn fragile_by_an_engine_that_differs() {
    let image = [
        ("Referer", "https://app.example/"),
        ("Sec-Fetch-Mode", "no-cors"),
        ("Sec-Fetch-Dest", "image"),
    ];
    let entries = [
        entry("GET", "https://cdn.example/a", &image, 302, &[("Location", "//me@cdn.example/b")]),
        entry("GET", "https://cdn.example/b", &image, 200, &[]),
    ];
    let (text, code) = judge(&entries, &[]);
    assert_eq!(
        text,
        "\
1 exchange with another origin, in 2 of 2 entries: 0 blocked, 1 fragile, 0 fine, 0 unanswered

== entries 1, 2: fragile
GET https://cdn.example/a from https://app.example, mode no-cors, credentials include => 200
fragile: engine-differs: blocked by chromium: the redirect leads to a URL with a user name or password; but not by standard, firefox, webkit (redirect-with-credentials-blocked)
    fix: Answer GET https://cdn.example/a with `Location: https://cdn.example/b`. Redirect to a URL without a user name or password.
"
    );
    assert_eq!(code, Some(0));
    assert_eq!(judge(&entries, &["--strict"]).1, Some(1));
}

#[test]
fn unanswered() {
    let recorded =
        with(entry("GET", URL, CORS, 0, &[]), "/response/_error", json!("net::ERR_ABORTED"));
    let (text, code) = judge(&[recorded], &["--strict"]);
    assert_eq!(
        text,
        "\
1 exchange with another origin, in 1 of 1 entry: 0 blocked, 0 fragile, 0 fine, 1 unanswered

== entry 1: unanswered
GET https://api.example/a from https://app.example, credentials same-origin
    why: there is no response: net::ERR_ABORTED
"
    );
    assert_eq!(code, Some(0));
}

/// An answer that did not come from the server is not judged.
#[test]
fn answered_by_others() {
    for (recorded, why) in [
        (entry("GET", URL, CORS, 304, &[]), "the answer confirms a stored one"),
        (
            with(entry("GET", URL, CORS, 200, &[]), "/_fetchType", json!("Service Worker")),
            "a service worker answered",
        ),
        (
            with(entry("GET", URL, CORS, 200, &[]), "/_fetchedViaServiceWorker", json!(true)),
            "a service worker answered",
        ),
        (
            with(entry("GET", URL, CORS, 200, &[]), "/response/fromServiceWorker", json!(true)),
            "a service worker answered",
        ),
        (
            with(entry("GET", URL, CORS, 200, &[]), "/_fetchType", json!("Inspector Override")),
            "an override in the developer tools answered",
        ),
        (
            with(
                entry("GET", URL, CORS, 0, &[]),
                "/response",
                json!({ "_fetchedViaServiceWorker": true, "_error": "net::ERR_FAILED" }),
            ),
            "a service worker should have answered, not the server: net::ERR_FAILED",
        ),
    ] {
        let (text, code) = judge(&[recorded], &[]);
        assert!(text.contains("\n== entry 1: unanswered\n") && text.contains(why), "{text}");
        assert_eq!(code, Some(0));
    }
}

/// Proxies record a preflight before its request, browsers after it.
#[test]
fn preflights_and_their_requests() {
    let [preflight, request] = put(Some("600"));
    let at = |entry: &Value, started: &str| {
        let entry = with(entry.clone(), "/startedDateTime", json!(started));
        with(entry, "/time", json!(20.0))
    };
    let early = "2026-03-02T09:00:00.000Z";
    let within = "2026-03-02T09:00:00.010+00:00";
    let late = "2026-03-02T10:00:01.000+01:00";
    // The preflight of the first request was cached; the third entry belongs to the second request.
    let entries = [at(&request, early), at(&preflight, late), at(&request, late)];
    let (text, _) = judge(&entries, &[]);
    assert!(
        text.contains("== entry 1: fine\n") && text.contains("== entries 2, 3: fine\n"),
        "{text}"
    );
    let entries = [at(&request, early), at(&preflight, within), at(&request, late)];
    let (text, _) = judge(&entries, &[]);
    assert!(
        text.contains("== entries 2, 1: fine\n") && text.contains("== entry 3: fine\n"),
        "{text}"
    );
    assert!(
        text.contains(
            "\n   note: no preflight was recorded, maybe because it was cached; assuming that it was \
             granted\n"
        ),
        "{text}"
    );
    // Without times, Chromium's initiator shows which entry is the preflight.
    let named = with(preflight, "/_initiator", json!({ "type": "preflight" }));
    let (text, _) = judge(&[request.clone(), named, request], &[]);
    assert!(text.contains("== entries 2, 1: fine\n"), "{text}");
}

#[test]
fn preflight_without_its_request() {
    let asking = [CORS, &[("Access-Control-Request-Method", "PUT")]].concat();
    let (text, code) = judge(&[entry("OPTIONS", URL, &asking, 405, ANY)], &[]);
    assert!(text.contains("\n== entry 1: blocked\nPUT https://api.example/a "), "{text}");
    assert!(text.contains("\nblocked: the preflight's status is 405, not 200 to 299\n"), "{text}");
    assert_eq!(code, Some(1));
}

/// An OPTIONS request that the page itself makes is no preflight.
#[test]
fn options() {
    let (text, code) = judge(&[entry("OPTIONS", URL, CORS, 200, ANY)], &[]);
    assert!(text.contains("\n== entry 1: fine\nOPTIONS https://api.example/a "), "{text}");
    assert_eq!(code, Some(0));
}

#[test]
fn redirects() {
    let entries = [
        entry("GET", "https://app.example/go", CORS, 302, &[("Location", "https://a.example/")]),
        entry("GET", URL, CORS, 200, ANY),
        entry(
            "GET",
            "https://a.example/",
            CORS,
            307,
            &[ANY, &[("location", "//b.example/#x")]].concat(),
        ),
        entry("GET", "https://b.example/", &[("Origin", "null")], 200, ECHO),
    ];
    let (text, code) = judge(&entries, &[]);
    let [_, first, second] = &*text.split("\n\n").collect::<Vec<_>>() else { panic!("{text}") };
    assert!(first.starts_with("== entries 1, 3, 4: blocked\n"), "{text}");
    assert!(
        first.contains(
            "\nblocked: Access-Control-Allow-Origin is `https://app.example`, not `null`\n"
        ),
        "{text}"
    );
    assert!(second.starts_with("== entry 2: fine\n"), "{text}");
    assert_eq!(code, Some(1));
}

/// Redirects by the browser itself were never sent.
#[test]
fn redirect_of_the_browser() {
    let entries = [
        entry(
            "GET",
            "http://api.example/a",
            CORS,
            307,
            &[("Location", URL), ("Non-Authoritative-Reason", "HSTS")],
        ),
        entry("GET", URL, CORS, 200, ANY),
    ];
    let (text, code) = judge(&entries, &[]);
    assert!(text.contains("\n== entry 2: fine\n"), "{text}");
    assert_eq!(code, Some(0));
}

#[test]
fn what_is_not_judged() {
    let page = [("Sec-Fetch-Mode", "navigate")];
    let own = [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors")];
    let socket = [("Origin", "https://app.example"), ("Sec-WebSocket-Key", "x")];
    let entries = [
        entry("GET", "https://app.example/", &page, 200, &[]),
        entry("GET", "https://app.example/a", &own, 200, &[]),
        entry("GET", "https://api.example/socket", &socket, 101, &[]),
        entry("GET", "data:,x", &[], 200, &[]),
        entry("GET", "", &[], 0, &[]),
    ];
    let (text, code) = judge(&entries, &[]);
    assert_eq!(
        text,
        "0 exchanges with another origin, in 0 of 5 entries: 0 blocked, 0 fragile, 0 fine, 0 \
         unanswered\nentries that are not judged: 1 of the page's own origin, 1 navigation, 3 that \
         no page fetched by HTTP\n"
    );
    assert_eq!(code, Some(0));
}

#[test]
fn origins() {
    let cors = [("Sec-Fetch-Mode", "cors")];
    let recorded = entry("GET", URL, &cors, 200, ANY);
    let input = json!({ "log": { "entries": [recorded] } }).to_string();
    let (text, problems, code) = har(&["-"], input.as_bytes());
    assert_eq!(
        text,
        "0 exchanges with another origin, in 0 of 1 entry: 0 blocked, 0 fragile, 0 fine, 0 \
         unanswered\nentries that are not judged: 1 of an unknown origin\n"
    );
    assert_eq!(
        problems,
        "browser-cors: standard input: entries without Origin, Referer and page: 1; set \
         their origin with --origin\n"
    );
    assert_eq!(code, Some(2));

    let origin = |recorded: Value, pages: Value, arguments: &[&str]| {
        let input = json!({ "log": { "pages": pages, "entries": [recorded] } }).to_string();
        let arguments = [arguments, &["--format", "json", "-"]].concat();
        let (text, _, code) = har(&arguments, input.as_bytes());
        let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(code, Some(0));
        format!("{} {}", line["origin_from"].as_str().unwrap(), line["origin"].as_str().unwrap())
    };
    let pages = json!([{ "id": "p", "title": "https://app.example/cart" }]);
    let of_page = with(recorded.clone(), "/pageref", json!("p"));
    assert_eq!(
        origin(recorded.clone(), Value::Null, &["--origin", "https://me.example"]),
        "--origin https://me.example"
    );
    assert_eq!(
        origin(of_page.clone(), pages.clone(), &["--origin", "https://me.example"]),
        "page https://app.example"
    );
    let referer = [cors[0], ("referer", "http://app.example:8080/x?y")];
    let of_referer = with(of_page, "/request/headers", headers(&referer));
    assert_eq!(origin(of_referer.clone(), pages.clone(), &[]), "Referer http://app.example:8080");
    let null = [cors[0], referer[1], ("origin", "null")];
    assert_eq!(
        origin(with(of_referer, "/request/headers", headers(&null)), pages, &[]),
        "Origin null"
    );
}

/// If a page's title is no URL, its document shows its origin.
#[test]
fn origin_of_the_document() {
    let document = entry("GET", "https://app.example/", &[("Accept", "text/html,*/*")], 200, &[]);
    let font = with(entry("GET", URL, &[], 200, ANY), "/_resourceType", json!("font"));
    let entries = [document, font].map(|recorded| with(recorded, "/pageref", json!("Shop")));
    let (text, code) = judge(&entries, &[]);
    assert!(
        text.contains("\n== entry 2: fine\nGET https://api.example/a from https://app.example,")
    );
    assert_eq!(code, Some(0));
}

/// Without `Sec-Fetch-Mode`, which browsers send only to secure servers.
#[test]
fn modes() {
    let referer = ("Referer", "http://app.example/");
    let origin = ("Origin", "http://app.example");
    for (recorded, mode) in [
        (entry("GET", URL, &[referer], 200, &[]), "no-cors"),
        (entry("GET", URL, &[referer, origin], 200, &[]), "cors"),
        (entry("DELETE", URL, &[referer], 200, &[]), "cors"),
        (entry("GET", URL, &[referer], 0, &[]), "cors"),
        (with(entry("GET", URL, &[referer], 200, &[]), "/_resourceType", json!("xhr")), "cors"),
        (
            with(entry("POST", URL, &[referer, origin], 200, &[]), "/_resourceType", json!("ping")),
            "no-cors",
        ),
    ] {
        let (text, _) = judge(std::slice::from_ref(&recorded), &["--format", "json"]);
        let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(line["mode"], mode, "{recorded}");
    }
}

/// Headers that browsers add need no preflight.
#[test]
fn headers_of_browsers() {
    let added = [
        (":method", "GET"),
        (":authority", "api.example"),
        ("cache-control", "no-cache"),
        ("pragma", "no-cache"),
        ("priority", "u=1, i"),
        ("sec-ch-ua", "\"x\""),
        ("user-agent", "Mozilla/5.0"),
        ("if-none-match", "\"1\""),
        ("accept-encoding", "gzip"),
        ("dnt", "1"),
    ];
    let (text, _) = judge(&[entry("GET", URL, &[CORS, &added].concat(), 200, ANY)], &[]);
    assert!(text.contains("\n== entry 1: fine\n") && !text.contains("note"), "{text}");
    let (text, _) = judge(&[entry("GET", URL, &[CORS, &[("x-a", "1")]].concat(), 200, ANY)], &[]);
    assert!(text.contains("\n   note: no preflight was recorded"), "{text}");
}

#[test]
fn secrets_are_not_printed() {
    let blocked = [WITH_COOKIE, &[("Authorization", "Bearer secret")]].concat();
    let recorded = entry("GET", URL, &blocked, 200, &[("Set-Cookie", "id=secret")]);
    for format in ["text", "json"] {
        let (text, code) = judge(std::slice::from_ref(&recorded), &["--format", format]);
        assert!(!text.contains("secret"), "{text}");
        assert_eq!(code, Some(1));
    }
}

/// Exports differ: members that are missing, null or unknown, and a byte order mark.
#[test]
fn tolerance() {
    let text = "\u{FEFF}
{\"x\": [1, {}], \"log\": {\"version\": 1.2, \"pages\": null, \"comment\": null, \"entries\": [
  {},
  null,
  {\"request\": null, \"response\": null, \"time\": null, \"_initiator\": null},
  {\"request\": {\"method\": \"GET\", \"url\": \"https://api.example/\", \"cookies\": null,
    \"headers\": [{\"name\": \"Origin\", \"value\": \"https://app.example\", \"comment\": \"\"},
                {\"value\": \"\"}, null, {\"name\": \"a b\", \"value\": null}],
    \"postData\": {\"text\": \"\u{1F600}\"}},
   \"response\": {\"status\": 200.0, \"content\": {\"text\": 5},
    \"headers\": [{\"name\": \"X-A\", \"value\": \"\u{20AC}\"},
                {\"name\": \"access-control-allow-origin\", \"value\": \"*\\n*\"}]}}
]}}
";
    let (text, problems, code) = har(&["-"], text.as_bytes());
    assert_eq!(problems, "");
    // Chromium joins lines with a line feed, so these are two.
    assert!(text.contains("\nblocked: there are 2 Access-Control-Allow-Origin lines,"), "{text}");
    let summary = "1 exchange with another origin, in 1 of 4 entries: 1 blocked, 0 fragile, 0 fine, \
                   0 unanswered\nentries that are not judged: 3 that no page fetched by HTTP\n\n";
    assert!(text.starts_with(summary), "{text}");
    assert_eq!(code, Some(1));
}

/// What comes before the broken place is judged, and the place is named.
#[test]
fn broken() {
    let fine = entry("GET", URL, CORS, 200, ANY);
    let whole = format!("{{\"log\": {{\"entries\": [\n{fine},\n{fine}\n]}}}}\n");
    let verdict = "1 exchange with another origin, in 1 of 1 entry: 0 blocked, 0 fragile, 1 fine, \
                   0 unanswered\n\n== entry 1: fine\nGET https://api.example/a from \
                   https://app.example, credentials same-origin => 200\n";

    let cut = &whole[..whole.rfind("api.example").unwrap()];
    let column = cut.len() - cut.rfind('\n').unwrap() - 1;
    let (text, problems, code) = har(&["-"], cut.as_bytes());
    assert_eq!(text, verdict);
    assert_eq!(
        problems,
        format!("browser-cors: standard input:3:{column}: entry 2: EOF while parsing a string\n")
    );
    assert_eq!(code, Some(2));
}

/// An entry that cannot be read costs itself alone, and its place is named.
#[test]
fn unreadable_entries() {
    let blocked = entry("GET", URL, CORS, 500, &[]);
    let fine = entry("PUT", URL, CORS, 200, ANY).to_string();
    for (from, to, why) in [
        ("\"PUT\"", "5", "`request.method` is a number: a string was expected"),
        ("\"PUT\"", "\"P T\"", "`request.method` is no method: a token was expected"),
        ("\"https://api.example/a\"", "[]", "`request.url` is an array: a string was expected"),
        ("200", "{}", "`response.status` is an object: a number was expected"),
        ("200", "\"OK\"", "`response.status` is a string: a number was expected"),
        ("\"request\":{", "\"request\":7,\"x\":{", "`request` is a number: an object was expected"),
        (
            "\"response\":{",
            "\"response\":\"\",\"x\":{",
            "`response` is a string: an object was expected",
        ),
        (
            "\"headers\":[",
            "\"headers\":5,\"x\":[",
            "`request.headers` is a number: an array was expected",
        ),
        ("\"status\":200", "\"status\":200 1", "`,` or `}` was expected at 3:250"),
        ("\"method\":", "method:", "the name of a member was expected at 3:116"),
        ("\"method\":", "\"method\"", "`:` was expected at 3:124"),
        ("\"PUT\"", "\"\\ud800\"", "unexpected end of hex escape"),
        ("\"PUT\"", "\"\\q\"", "invalid escape"),
    ] {
        let odd = fine.replacen(from, to, 1);
        assert_ne!(odd, fine);
        let text = format!("{{\"log\": {{\"entries\": [\n{blocked},\n  {odd},\n{blocked}]}}}}");
        let (verdicts, problems, code) = har(&["-"], text.as_bytes());
        let summary = "2 exchanges with another origin, in 2 of 3 entries: 2 blocked, 0 fragile, 0 \
                       fine, 0 unanswered\nentries that are not judged: 1 that cannot be read\n";
        assert!(verdicts.starts_with(summary), "{verdicts}");
        assert_eq!(problems, format!("browser-cors: standard input:3:3: entry 2: {why}\n"));
        assert_eq!(code, Some(2));
    }
    // What is no entry, and far too many of them.
    let (verdicts, problems, code) =
        har(&["-"], format!("{{\"log\":{{\"entries\":[{}{fine}]}}}}", "5,".repeat(30)).as_bytes());
    assert!(verdicts.contains("\n== entry 31: fine\n"), "{verdicts}");
    let problems: Vec<_> = problems.lines().collect();
    assert_eq!(problems.len(), 21);
    assert_eq!(
        problems[19],
        "browser-cors: standard input:1:58: entry 20: the entry is a number: an object was expected"
    );
    assert_eq!(problems[20], "browser-cors: standard input: more entries that cannot be read: 10");
    assert_eq!(code, Some(2));
}

/// Members of odd types, which count as missing or as what they must mean.
#[test]
fn odd_members() {
    let plain = entry("GET", URL, CORS, 200, ANY);
    for (pointer, value) in [
        ("/_initiator", json!("https://app.example/")),
        ("/_initiator", json!({ "type": ["script"], "stack": { "callFrames": [] } })),
        ("/_initiator", json!([1, { "type": "preflight" }])),
        ("/_initiator", json!(5)),
        ("/_initiator", json!(null)),
        ("/_resourceType", json!({})),
        ("/_resourceType", json!(7)),
        ("/_fetchedViaServiceWorker", json!("false")),
        ("/_fromCache", json!([])),
        ("/_error", json!(false)),
        ("/response/_error", json!({})),
        ("/response/_failureText", json!(null)),
        ("/response/_transferSize", json!("many")),
        ("/response/status", json!("200")),
        ("/response/status", json!(200.0)),
        ("/response/content", json!("x")),
        ("/response/cookies", json!({})),
        ("/request/postData", json!(null)),
        ("/request/cookies", json!("")),
        ("/request/method", json!("get")),
        ("/request/method", json!("")),
        ("/request/queryString", json!(5)),
        ("/pageref", json!(1)),
        ("/pageref", json!({ "id": "page_1" })),
        ("/time", json!("12.5")),
        ("/time", json!({})),
        ("/startedDateTime", json!(1_700_000_000_000_u64)),
        ("/startedDateTime", json!("yesterday")),
        ("/timings", json!([])),
        ("/response/headers/0/comment", json!([[]])),
        ("/response/headers/0/value", json!(["*"])),
        ("/response/headers", json!({ "access-control-allow-origin": "*", "x": null, "y": 1 })),
    ] {
        let odd = with(plain.clone(), pointer, value.clone());
        let (text, code) = judge(&[odd], &[]);
        assert!(text.contains("\n== entry 1: fine\n"), "{pointer} {value}: {text}");
        assert_eq!(code, Some(0), "{pointer} {value}");
    }
    // A number as a header's value is its text; a body may be a mere text.
    let odd = with(plain.clone(), "/response/headers/0/value", json!(1));
    let (text, _) = judge(&[odd], &[]);
    assert!(text.contains("blocked: Access-Control-Allow-Origin is `1`, not `"), "{text}");
    let odd = with(plain.clone(), "/request/postData", json!("id=secret"));
    let (text, _) = judge(&[odd], &[]);
    assert!(text.contains("\n== entry 1: fine\n") && !text.contains("secret"), "{text}");
    // What JSON does not know, and names written with escapes, twice, or too long to count.
    let text = plain.to_string();
    for (from, to) in [
        ("\"request\"", "\"time\":NaN,\"request\""),
        ("\"request\"", "\"time\":-Infinity,\"request\""),
        ("\"request\"", "\"_initiator\":undefined,\"request\""),
        ("\"request\"", "\"\\u0072equest\""),
        ("\"status\"", "\"status\":200,\"status\""),
        ("\"request\"", &format!("\"{}\":1,\"request\"", "r".repeat(100))),
        ("\"request\"", &format!("\"x\":{}{},\"request\"", "[".repeat(999), "]".repeat(999))),
        ("\"method\"", "\"x\":\"\u{FFFD}\",\"method\""),
        ("\"Origin\"", "\"X-\tA\",\"value\":\"\r\n\"},{\"name\":\"Origin\""),
        ("{\"headers\":[{", "{\"headers\":[7,\"x\",[],{"),
    ] {
        let odd = text.replacen(from, to, 1);
        assert_ne!(odd, text);
        let odd = format!("{{\"log\":{{\"entries\":[{odd},]}}}}");
        let (text, problems, code) = har(&["-"], odd.as_bytes());
        assert!(text.contains("\n== entry 1: fine\n"), "{odd}: {problems}{text}");
        assert_eq!((problems.as_str(), code), ("", Some(0)));
    }
}

/// Text that is not UTF-8 keeps the characters that are.
#[test]
fn other_encodings() {
    let plain = entry("GET", URL, CORS, 200, ANY);
    let plain = with(plain, "/pageref", json!("Caf\u{E9}"));
    let text = json!({ "log": { "entries": [plain] } }).to_string();
    let latin: Vec<u8> = text.chars().map(|character| u8::try_from(character).unwrap()).collect();
    let (text, problems, code) = har(&["-"], &latin);
    assert!(text.contains("\n== entry 1: fine\n"), "{text}");
    assert_eq!((problems.as_str(), code), ("", Some(0)));
    let (_, problems, code) = har(&["-"], b"\xFF\xFE{\0");
    assert_eq!(
        problems,
        "browser-cors: standard input:1:1: the text is UTF-16: UTF-8 was expected\n"
    );
    assert_eq!(code, Some(2));
}

#[test]
fn no_har() {
    let deep = format!("{{\"log\":{{\"x\":{}", "[".repeat(200));
    let long =
        format!("{{\"log\":{{\"entries\":[{{\"request\":{{\"url\":\"{}", "a".repeat(2 << 20));
    for (text, expected) in [
        ("", "1:0: EOF while parsing a value"),
        ("{}", "1:2: there is no `log.entries`: a HAR was expected"),
        ("{\"log\":{\"pages\":[]}}", "1:20: there is no `log.entries`: a HAR was expected"),
        ("[]", "1:1: an object with `log`, as a HAR is, was expected"),
        ("5", "1:1: an object with `log`, as a HAR is, was expected"),
        ("{\"log\":[]}", "1:8: an object with `entries` was expected"),
        ("{\"log\":{\"entries\":{}}}", "1:19: an array was expected"),
        ("{\"log\":{\"entries\":[] \"x\":1}}", "1:22: `,` or `}` was expected"),
        ("{\"log\":{\"entries\":[] x}}", "1:22: `,` or `}` was expected"),
        ("{\"log\":{entries:[]}}", "1:9: the name of a member was expected"),
        ("{\"log\" {}}", "1:8: `:` was expected"),
        ("{\"log\":{\"entries\":[]}}\n]", "2:1: trailing characters"),
        (deep.as_str(), "1:212: EOF while parsing a value"),
        (long.as_str(), "1:2097190: entry 1: EOF while parsing a string"),
    ] {
        let (verdicts, problems, code) = har(&["-"], text.as_bytes());
        assert_eq!(
            verdicts,
            "0 exchanges with another origin, in 0 of 0 entries: 0 blocked, 0 fragile, 0 fine, 0 \
             unanswered\n"
        );
        assert_eq!(problems, format!("browser-cors: standard input:{expected}\n"));
        assert_eq!(code, Some(2));
    }
}

/// What does not follow an entry ends the reading; a byte order mark has no place.
#[test]
fn broken_between_entries() {
    let (text, problems, code) = har(&["-"], "\u{FEFF}{\"log\":{\"entries\":[{} {}]}}".as_bytes());
    assert!(text.contains(" in 0 of 1 entry: "), "{text}");
    assert_eq!(problems, "browser-cors: standard input:1:23: entry 2: `,` or `]` was expected\n");
    assert_eq!(code, Some(2));
}

#[test]
fn file_that_is_not_there() {
    let (text, problems, code) = har(&["no-such.har"], b"");
    assert_eq!(text, "");
    assert!(problems.starts_with("browser-cors: no-such.har: cannot be read: "), "{problems}");
    assert_eq!(code, Some(2));
}

/// The titles of the verdicts on a fixture, and the summary.
fn titles(name: &str) -> (Vec<String>, Option<i32>) {
    let (text, problems, code) = har(&[&format!("fixtures/har/{name}.har")], b"");
    assert_eq!(problems, "");
    let (summary, verdicts) = text.split_once("\n\n").unwrap();
    let titles = verdicts.lines().filter_map(|line| line.strip_prefix("== "));
    (summary.lines().chain(titles).map(str::to_owned).collect(), code)
}

#[test]
fn export_of_chromium() {
    let (titles, code) = titles("chromium");
    assert_eq!(
        titles,
        [
            "10 exchanges with another origin, in 15 of 17 entries: 2 blocked, 2 fragile, 5 fine, 1 \
             unanswered",
            "entries that are not judged: 1 of the page's own origin, 1 navigation",
            "entries 8, 7: blocked",
            "entry 11: blocked",
            "entries 10, 9: fragile",
            "entry 14: fragile",
            "entry 15: unanswered",
            "entry 2: fine",
            "entry 4: fine",
            "entries 6, 5: fine",
            "entries 12, 13: fine",
            "entries 17, 16: fine",
        ]
    );
    assert_eq!(code, Some(1));
}

#[test]
fn export_of_firefox() {
    let (titles, code) = titles("firefox");
    assert_eq!(
        titles,
        [
            "10 exchanges with another origin, in 15 of 18 entries: 3 blocked, 2 fragile, 5 fine, 0 \
             unanswered",
            "entries that are not judged: 1 of the page's own origin, 1 navigation, 1 that no page \
             fetched by HTTP",
            "entries 9, 8: blocked",
            "entry 12: blocked",
            "entry 16: blocked",
            "entries 11, 10: fragile",
            "entry 15: fragile",
            "entry 3: fine",
            "entry 5: fine",
            "entries 7, 6: fine",
            "entries 13, 14: fine",
            "entries 18, 17: fine",
        ]
    );
    assert_eq!(code, Some(1));
}

#[test]
fn export_of_safari() {
    let (titles, code) = titles("safari");
    assert_eq!(
        titles,
        [
            "6 exchanges with another origin, in 6 of 8 entries: 2 blocked, 0 fragile, 3 fine, 1 \
             unanswered",
            "entries that are not judged: 1 of the page's own origin, 1 navigation",
            "entry 5: blocked",
            "entry 6: blocked",
            "entry 7: unanswered",
            "entry 3: fine",
            "entry 4: fine",
            "entry 8: fine",
        ]
    );
    assert_eq!(code, Some(1));
    let (text, ..) = har(&["fixtures/har/safari.har"], b"");
    let said = "\
  error: Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200
blocked: The answer to the request or to its preflight has no Access-Control-Allow-Origin, or one that is not exactly https://app.example.
";
    assert!(text.contains(said), "{text}");
}

/// What other programs write, and what is special in recordings: the summary's lines, the titles, and
/// the exit status.
#[test]
fn recordings_of_all_kinds() {
    let cases: [(&str, &str, i32); 24] = [
        ("aborted", "1 in 1 of 1: 0 0 0 1; 1 unanswered", 0),
        // The recorded `Origin` counts, of whatever scheme, and not the page's title or the referrer.
        ("app-origin", "1 in 1 of 1: 0 0 1 0; 1 fine", 0),
        ("app-page", "1 in 1 of 1: 0 0 1 0; 1 fine", 0),
        ("extension-origin", "1 in 1 of 1: 0 0 1 0; 1 fine", 0),
        ("null-origin", "1 in 1 of 1: 0 0 1 0; 1 fine", 0),
        ("blocked-by-client", "1 in 1 of 1: 0 0 0 1; 1 unanswered", 0),
        ("capture-har", "0 in 0 of 1: 0 0 0 0", 2),
        // Nobody misses the headers of a network of servers, or those of a style sheet.
        ("cdn-headers", "1 in 1 of 1: 0 0 1 0; 1 fine", 0),
        ("style-sheet", "2 in 2 of 2: 0 0 2 0; 1 fine; 2 fine", 0),
        ("charles", "1 in 1 of 1: 1 0 0 0; 1 blocked", 1),
        (
            "chrome-har",
            "6 in 8 of 10: 1 1 4 0; 6 blocked; 7, 8 fragile; 3, 2 fine; 4 fine; 9 fine; 10 fine",
            1,
        ),
        ("error-object", "2 in 2 of 2: 1 0 0 1; 2 blocked; 1 unanswered", 1),
        ("extension-redirect", "1 in 1 of 2: 0 0 0 1; 1 unanswered", 0),
        ("fiddler", "1 in 1 of 1: 1 0 0 0; 1 blocked", 1),
        ("hsts", "2 in 4 of 5: 0 0 2 0; 2 fine; 3, 4, 5 fine", 0),
        (
            "image-cache",
            "8 in 8 of 8: 2 1 5 0; 5 blocked; 6 blocked; 7 fragile; 1 fine; 2 fine; 3 fine; 4 fine; \
             8 fine",
            1,
        ),
        ("initiator-string", "2 in 2 of 3: 1 0 1 0; 2 blocked; 3 fine", 1),
        ("insomnia", "0 in 0 of 1: 0 0 0 0", 2),
        // An update of the browser has an unknown origin. That hides nothing.
        (
            "mitmproxy",
            "9 in 11 of 14: 2 1 4 2; 7 blocked; 8 blocked; 9, 10 fragile; 11 unanswered; \
             12 unanswered; 3, 5 fine; 6 fine; 13 fine; 14 fine",
            1,
        ),
        ("playwright-aborted", "1 in 1 of 1: 0 0 0 1; 1 unanswered", 0),
        (
            "playwright",
            "9 in 9 of 10: 2 1 4 2; 4 blocked; 5 blocked; 6 fragile; 7 unanswered; 8 unanswered; \
             2 fine; 3 fine; 9 fine; 10 fine",
            1,
        ),
        ("secrets", "3 in 4 of 4: 2 0 0 1; 1, 2 blocked; 4 blocked; 3 unanswered", 1),
        ("service-worker", "3 in 3 of 4: 0 0 1 2; 1 unanswered; 3 unanswered; 2 fine", 0),
        ("webpagetest", "3 in 3 of 4: 0 0 1 2; 3 unanswered; 4 unanswered; 2 fine", 0),
    ];
    for (name, expected, expected_code) in cases {
        let (text, _, code) = har(&[&format!("fixtures/har/{name}.har")], b"");
        let short = text
            .lines()
            .next()
            .unwrap()
            .replace(" exchanges with another origin,", "")
            .replace(" exchange with another origin,", "")
            .replace(" entries:", ":")
            .replace(" entry:", ":")
            .replace([','], "")
            .replace(" blocked", "")
            .replace(" fragile", "")
            .replace(" fine", "")
            .replace(" unanswered", "");
        let titles = text.lines().filter_map(|line| line.strip_prefix("== "));
        let titles = titles.map(|title| {
            let title = title.trim_start_matches("entries ").trim_start_matches("entry ");
            title.replace(':', "")
        });
        let found: Vec<_> = [short].into_iter().chain(titles).collect();
        assert_eq!((found.join("; ").as_str(), code), (expected, Some(expected_code)), "{name}");
    }
}

/// The words about recordings of all kinds.
#[test]
fn words_on_recordings_of_all_kinds() {
    for (name, expected) in [
        ("aborted", "    why: there is no response: net::ERR_ABORTED\n"),
        ("app-origin", "GET https://api.example/items from capacitor://localhost, credentials"),
        ("extension-origin", "from chrome-extension://ejcilmageobnieflpodaljjkckjodbmm, credentials"),
        ("null-origin", "GET https://api.example/items from an opaque origin, credentials"),
        ("blocked-by-client", "    why: there is no response: net::ERR_BLOCKED_BY_CLIENT\n"),
        ("chrome-har", "\nblocked: Access-Control-Allow-Methods does not list PATCH\n"),
        ("error-object", "    why: there is no response: the recording has no answer for this URL\n"),
        (
            "extension-redirect",
            "    why: there is no response: the browser or an extension redirected the request \
             itself, to a URL of data; no server got it\n",
        ),
        ("fiddler", "\n   also: the preflight's status is 401, not 200 to 299\n"),
        ("mitmproxy", "    why: there is no response: Client disconnected.\n"),
        ("mitmproxy", "entries that are not judged: 1 of an unknown origin, 1 of the page's own origin,"),
        ("playwright-aborted", "    why: there is no response to the preflight: net::ERR_ABORTED\n"),
        ("playwright", "    why: there is no response: net::ERR_CONNECTION_REFUSED\n"),
        (
            "playwright",
            "`browser-cors check http://localhost:18731/items --origin http://localhost:18771 -X PATCH \
             -H 'Content-Type: application/json' -d ...`. Put what the page sent for `...`.\n",
        ),
        ("playwright", "=> 200\n   note: no preflight was recorded, maybe because it was cached;"),
        ("service-worker", "    why: there is no response: a service worker answered, not the server\n"),
        ("service-worker", "response: the test that was recorded answered, not the server\n"),
        ("webpagetest", "response: the recorded status -2 is none of HTTP\n"),
        ("webpagetest", "response: the recorded status 12999 is none of HTTP\n"),
        (
            "image-cache",
            "== entry 5: blocked
GET https://cdn.example/a.png from https://app.example, credentials same-origin
  error: net::ERR_FAILED
blocked: http-cache: the HTTP cache may have given the answer of entry 1. It was asked for without \
Origin, and has neither Access-Control-Allow-Origin nor `Vary: Origin`. Chromium and WebKit take it \
from the cache and block it, Firefox asks the server again
    fix: Answer GET https://cdn.example/a.png with `Vary: Origin`, to requests without Origin too. Or \
answer with Access-Control-Allow-Origin whether there is an Origin or not. Or, in the page's code, load \
it with `crossorigin` the first time too.
     or: Ask the server what it answers: `browser-cors check https://cdn.example/a.png --origin \
https://app.example -X GET`.

",
        ),
        ("image-cache", "=> 200\nblocked: http-cache: the HTTP cache gave the answer of entry 2. It was"),
        ("image-cache", "fragile: http-cache: next time, an HTTP cache may give the answer of entry 3."),
    ] {
        let (text, ..) = har(&[&format!("fixtures/har/{name}.har")], b"");
        assert!(text.contains(expected), "{name}: {expected}\n{text}");
    }
}

/// Neither the text nor the JSON shows a secret; what is shown instead says where one was.
#[test]
fn secrets_of_urls_and_headers() {
    let (text, ..) = har(&["fixtures/har/secrets.har"], b"");
    let (json, ..) = har(&["--format", "json", "fixtures/har/secrets.har"], b"");
    assert!(!text.contains("hunter2") && !json.contains("hunter2"), "{text}{json}");
    for expected in [
        "GET https://api.example/login?token=...&page=2 from ",
        "   Authorization: ...\n   Content-Type: application/json; key=...\n",
        "   Location: https://api.example/cb;jsessionid=...?code=...&next=home#...\n",
        "response to the preflight: Failed to load https://api.example/pay?sig=...#...\n",
        "`browser-cors check 'https://api.example/q?...' --origin https://app.example -X GET`. Put ",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    assert!(json.contains(r#""url":"https://api.example/pay?ACCESS%5fTOKEN=...&sum=5""#), "{json}");
}

/// The proposed command asks all that the page asked. A shell and the command itself read it so.
#[test]
fn proposed_command() {
    let request = [
        ("Origin", "https://app.example"),
        ("Referer", "https://app.example/it's"),
        ("Content-Type", "application/vnd.x+json; charset=utf-8"),
        ("X-Token", "$(touch /tmp/never)"),
        ("Authorization", "Bearer secret"),
        ("Cookie", "id=secret"),
    ];
    // A port on which nothing listens any more.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let host = format!("http://127.0.0.1:{port}");
    let url = format!("{host}/it's?q=a&limit=5&x=$(id)&y=`id`&z=;id");
    let recorded = entry("PATCH", &url, &request, 0, &[]);
    let recorded = with(recorded, "/_resourceType", json!("fetch"));
    let recorded = with(recorded, "/request/postData", json!({ "text": "secret" }));
    let (text, _) = judge(&[recorded], &[]);
    let command = format!(
        "browser-cors check '{host}/it'\\''s?q=a&limit=5&x=...&y=...&z=...' --origin \
         https://app.example -X PATCH -H 'Content-Type: application/vnd.x+json; charset=utf-8' -H \
         'X-Token: ...' -H 'Authorization: ...' -d ... --credentials include --cookie NAME=..."
    );
    let fix =
        format!("    fix: Ask the server what it answers: `{command}`. Put what the page sent ");
    assert!(text.contains(&fix), "{text}");
    if cfg!(unix) {
        let program = Path::new(env!("CARGO_BIN_EXE_browser-cors")).parent().unwrap();
        let mut shell = Command::new("/bin/sh");
        let output = shell.args(["-c", &command]).env("PATH", program).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let first = format!(
            "PATCH {host}/it's?q=a&limit=5&x=...&y=...&z=... from https://app.example, credentials \
             include\n"
        );
        assert!(said.starts_with(&first), "{output:?}");
    }
}

/// What the resource's own policy blocked is blocked, though the browser kept its answer.
#[test]
fn blocked_by_a_policy_and_not_recorded() {
    let image = [("Referer", "https://app.example/"), ("Sec-Fetch-Mode", "no-cors")];
    let error = "net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin";
    let recorded = with(entry("GET", URL, &image, 0, &[]), "/response/_error", json!(error));
    let (text, code) = judge(&[recorded], &[]);
    assert!(
        text.contains("  error: net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin\nblocked: "),
        "{text}"
    );
    assert!(text.contains("with `Cross-Origin-Resource-Policy: cross-origin`"), "{text}");
    assert_eq!(code, Some(1));
}

/// Which requests with CORS an HTTP cache may answer with what it kept of a load without.
#[test]
fn http_cache() {
    let image = [("Referer", "https://app.example/"), ("Sec-Fetch-Mode", "no-cors")];
    let kept = entry("GET", URL, &image, 200, &[("Cache-Control", "max-age=60")]);
    let from_cache =
        |answer| with(entry("GET", URL, CORS, 200, answer), "/_fromCache", json!("disk"));
    for (later, expected) in [
        (entry("GET", URL, CORS, 200, ANY), "== entry 2: fragile"),
        (from_cache(ANY), "== entry 2: fine"),
        (from_cache(&[]), "blocked: http-cache: the HTTP cache gave"),
        (entry("GET", URL, CORS, 0, &[]), "blocked: http-cache: the HTTP cache may"),
        // The server refused, or answered with an error.
        (entry("GET", URL, CORS, 200, &[]), "blocked: there is no Access-Control-Allow-Origin\n"),
        // Another method, another URL, and a load without CORS.
        (entry("PUT", URL, CORS, 200, ANY), "== entry 2: fine"),
        (entry("GET", "https://api.example/b", CORS, 200, ANY), "== entry 2: fine"),
        (entry("GET", URL, &image, 200, &[]), "== entry 2: fine"),
        // Nobody knows what came of it.
        (
            with(entry("GET", URL, CORS, 0, &[]), "/response/_error", json!("net::ERR_ABORTED")),
            "== entry 2: unanswered",
        ),
        (
            entry("GET", URL, &[CORS, &[("Pragma", "no-cache")]].concat(), 200, ANY),
            "== entry 2: fine",
        ),
    ] {
        let (text, _) = judge(&[kept.clone(), later], &[]);
        assert!(text.contains(expected), "{expected}\n{text}");
        assert_eq!(
            text.contains("http-cache"),
            expected.contains("http-cache") || expected.contains("fragile"),
            "{text}"
        );
    }
    // The remedy is a value as well: what the server must answer to the first load too.
    let later = entry("GET", URL, CORS, 200, ANY);
    let (text, _) = judge(&[kept.clone(), later], &["--format", "json"]);
    let line: Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
    assert_eq!(line["fragile"][0]["kind"], "http-cache");
    let answers = &line["fragile"][0]["remedy"]["answers"];
    assert_eq!(answers[0]["headers"], json!([["Vary", "Origin"]]));
    let lost = entry("GET", URL, CORS, 0, &[]);
    let (text, _) = judge(&[kept, lost], &["--format", "json"]);
    let line: Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
    assert_eq!(line["notes"][0]["kind"], "http-cache");
}

#[test]
fn only_some_verdicts() {
    let show = |only: &[&str]| {
        let (text, _, code) = har(&[only, &["fixtures/har/chromium.har"]].concat(), b"");
        let titles = text.lines().filter_map(|line| line.strip_prefix("== ")).map(str::to_owned);
        let shown = text.lines().find(|line| line.starts_with("shown: ")).map(str::to_owned);
        (titles.collect::<Vec<_>>(), shown, code)
    };
    assert_eq!(
        show(&["--only", "blocked"]),
        (
            vec!["entries 8, 7: blocked".to_owned(), "entry 11: blocked".to_owned()],
            Some("shown: only blocked".to_owned()),
            Some(1),
        )
    );
    let (titles, shown, _) = show(&["--only", "unanswered,fragile", "--only", "fragile"]);
    assert_eq!(titles, ["entries 10, 9: fragile", "entry 14: fragile", "entry 15: unanswered"]);
    assert_eq!(shown.as_deref(), Some("shown: only fragile, unanswered"));
    let (titles, ..) = show(&["--only", "fine"]);
    assert_eq!(titles.len(), 5);
    assert_eq!(show(&[]).1, None);
    // Lines of JSON stay in the recording's order, and the summary counts all.
    let (json, ..) =
        har(&["--only", "fine,blocked", "--format", "json", "fixtures/har/chromium.har"], b"");
    let verdicts: Vec<Value> =
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = verdicts.iter().filter_map(|line| line["verdict"].as_str()).collect();
    assert_eq!(names, ["fine", "fine", "fine", "blocked", "blocked", "fine", "fine"]);
    assert_eq!(verdicts[7]["summary"]["fragile"], 2);
    let (_, problems, code) = har(&["--only", "lucky", "fixtures/har/chromium.har"], b"");
    assert!(problems.contains("invalid value 'lucky' for '--only <VERDICT>'"), "{problems}");
    assert_eq!(code, Some(2));
}

/// What is blocked is certain, whatever is unknown besides; what cannot be read is not.
#[test]
fn exit_statuses() {
    let blocked = entry("GET", URL, CORS, 200, &[]);
    let fragile =
        entry("GET", URL, CORS, 200, &[("Access-Control-Allow-Origin", "https://app.example")]);
    let unknown = entry("GET", URL, &[("Sec-Fetch-Mode", "cors")], 200, ANY);
    let odd = json!(5);
    for (entries, arguments, expected) in [
        (vec![&blocked, &unknown], &[][..], 1),
        (vec![&fragile, &unknown], &[], 2),
        (vec![&fragile, &unknown], &["--strict"], 1),
        (vec![&fragile], &[], 0),
        (vec![&fragile], &["--only", "fine"], 0),
        (vec![&blocked], &["--only", "fine"], 1),
        (vec![&blocked, &odd], &[], 2),
        (vec![&unknown], &[], 2),
        (vec![], &[], 0),
    ] {
        let input = json!({ "log": { "entries": entries } }).to_string();
        let (text, _, code) = har(&[arguments, &["-"]].concat(), input.as_bytes());
        assert_eq!(code, Some(expected), "{input}: {text}");
    }
}

/// A status of no answer is not one that is fine, whatever headers stand beside it.
#[test]
fn statuses() {
    for (status, title) in [
        (json!(-1), "unanswered"),
        (json!(99999), "unanswered"),
        (json!(1000), "unanswered"),
        (json!(99), "unanswered"),
        (json!(1), "unanswered"),
        (json!("-2"), "unanswered"),
        (json!(1e300), "unanswered"),
        (json!(100), "fine"),
        (json!(999), "fine"),
        (json!("200"), "fine"),
        // The browser blocked the answer: its status is lost, but its headers are not.
        (json!(0), "fine"),
    ] {
        let recorded = with(entry("GET", URL, CORS, 200, ANY), "/response/status", status.clone());
        let (text, _) = judge(&[recorded], &[]);
        assert!(text.contains(&format!("\n== entry 1: {title}\n")), "{status}: {text}");
    }
}

/// Failures in the words of whoever recorded them: of the network and of the user, and of CORS.
#[test]
fn failures() {
    let with_error = |member: &str, error: &str| {
        let recorded = entry("GET", URL, CORS, 0, &[]);
        judge(&[with(recorded, member, json!(error))], &[]).0
    };
    for (error, verdict) in [
        ("net::ERR_FAILED", "blocked"),
        ("NS_ERROR_DOM_BAD_URI", "blocked"),
        ("Origin https://app.example is not allowed by Access-Control-Allow-Origin.", "blocked"),
        ("net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin", "blocked"),
        ("", "blocked"),
        ("net::ERR_ABORTED", "unanswered"),
        ("net::ERR_CONNECTION_REFUSED", "unanswered"),
        ("net::ERR_NAME_NOT_RESOLVED", "unanswered"),
        ("net::ERR_BLOCKED_BY_CLIENT", "unanswered"),
        ("net::ERR_CERT_AUTHORITY_INVALID", "unanswered"),
        ("NS_BINDING_ABORTED", "unanswered"),
        ("NS_ERROR_CONNECTION_REFUSED", "unanswered"),
        ("Load request cancelled", "unanswered"),
    ] {
        let members =
            ["/response/_error", "/response/_failureText", "/response/_errorMessage", "/_error"];
        for member in members {
            let text = with_error(member, error);
            assert!(
                text.contains(&format!("\n== entry 1: {verdict}\n")),
                "{member} {error}: {text}"
            );
        }
    }
    let text = with_error("/response/_charlesStatus", "EXCEPTION");
    assert!(text.contains("    why: there is no response: EXCEPTION\n"), "{text}");
    assert!(with_error("/response/_charlesStatus", "Complete").contains("== entry 1: blocked\n"));
    // A proxy enforces nothing: without an answer, nobody knows.
    for (writer, verdict) in
        [("mitmproxy", "unanswered"), ("Charles Proxy", "unanswered"), ("Firefox", "blocked")]
    {
        let entries = [entry("GET", URL, CORS, 0, &[])];
        let input = json!({ "log": { "creator": { "name": writer }, "entries": entries } });
        let (text, ..) = har(&["-"], input.to_string().as_bytes());
        assert!(text.contains(&format!("\n== entry 1: {verdict}\n")), "{writer}: {text}");
    }
}

/// Requests that no page made.
#[test]
fn requests_of_others() {
    let update =
        entry("GET", URL, &[("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "no-cors")], 200, &[]);
    let of_test = with(entry("GET", URL, CORS, 200, &[]), "/_apiRequest", json!(true));
    let tunnel = entry("CONNECT", "https://api.example:443/", &[], 200, &[]);
    let (text, code) = judge(&[update, of_test, tunnel], &[]);
    assert!(
        text.ends_with("entries that are not judged: 3 that no page fetched by HTTP\n"),
        "{text}"
    );
    assert_eq!(code, Some(0));
}

/// A recording is streamed: its bodies and its length take no memory. The same was measured with
/// 200 MB.
#[cfg(target_os = "linux")]
#[test]
fn memory() {
    const SIZE: usize = 24 << 20;
    const LIMIT_KIB: u64 = 8 << 10;
    let mut child = start(&["--format", "json", "--engine", "standard", "-"]);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("memory.jsonl");
    let output = fs::File::create(&path).unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || std::io::copy(&mut stdout, &mut &output));
    let mut stdin = BufWriter::new(child.stdin.take().unwrap());
    stdin.write_all(b"{\"log\":{\"entries\":[{}").unwrap();
    let (mut written, mut count) = (0, 0);
    while written < SIZE {
        let url = format!("https://api.example/{count}");
        // One entry in a hundred has a long body.
        let body = if count % 100 == 0 { "b\\\"".repeat(1 << 18) } else { String::new() };
        let recorded = entry("GET", &url, CORS, 200, ANY).to_string();
        let (start, end) = recorded.rsplit_once("\"response\":{").unwrap();
        let text = format!(",{start}\"response\":{{\"content\":{{\"text\":\"{body}\"}},{end}");
        stdin.write_all(text.as_bytes()).unwrap();
        (written, count) = (written + text.len(), count + 1);
    }
    stdin.flush().unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let of = |name: &str| -> u64 {
        let value = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        value.trim().strip_suffix(" kB").unwrap().parse().unwrap()
    };
    // The pages of the command's own file are no memory of a recording.
    let peak = of("VmHWM:") - of("RssFile:");
    stdin.write_all(b"]}}").unwrap();
    drop(stdin.into_inner().unwrap());
    reader.join().unwrap().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let text = fs::read_to_string(&path).unwrap();
    let fine = format!("{{\"format\":1,\"summary\":{{\"entries\":{},\"fine\":{count},", count + 1);
    assert!(text.lines().last().unwrap().starts_with(&fine), "{fine}");
    assert!(peak < LIMIT_KIB, "{peak} KiB for {written} bytes");
}
