//! What made a header value that browsers do not accept: each kind of mistake is named for what it
//! is, and what is right is not taken for a mistake.

use browser_cors::{
    explain::{Cause, Remedy, further_faults},
    fetch::{Context, UserAgent},
    header::HeaderList,
    http::Method,
    preflight_cache::{PreflightCache, Timestamp},
    request::{CredentialsMode, Mode, Request},
    response::Response,
    transcript::Transcript,
    url::Url,
};
use rstest::rstest;

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";

#[derive(Debug)]
struct NoSuffixes;

impl browser_cors::origin::RegistrableDomain for NoSuffixes {
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
        Some(domain)
    }
}

/// A page of `origin` that asks `https://api.example/items`, and these answers.
fn asked(
    origin: &str,
    change: impl FnOnce(&mut Request),
    preflight: &[(&str, &[u8])],
    answer: &[(&str, &[u8])],
) -> Transcript {
    let url = Url::parse("https://api.example/items").unwrap();
    let mut request = Request::new(url, origin.parse().unwrap());
    request.mode = Mode::Cors;
    request.unsafe_request = true;
    change(&mut request);
    let (user_agent, mut cache) = (UserAgent::new(NoSuffixes), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    Transcript::record(request, &mut context, |exchange| {
        let mut headers = HeaderList::new();
        for (name, value) in if exchange.is_preflight() { preflight } else { answer } {
            headers.append(name, value).unwrap();
        }
        Ok(Response::new(if exchange.is_preflight() { 204 } else { 200 }, headers))
    })
}

fn causes(transcript: &Transcript) -> Vec<&'static str> {
    let remedy = Remedy::of(transcript).unwrap();
    remedy.causes.iter().map(|cause| cause.as_str()).collect()
}

#[rstest]
#[case::empty(&[""], "empty")]
#[case::apache(&["(null)", "(NULL)"], "apache-null")]
#[case::null(&["null", "NULL"], "null")]
#[case::boolean(&["false", "true", "False"], "boolean")]
#[case::missing(&["undefined", "None", "nil", "<nil>", "NaN"], "missing-value")]
#[case::object(
    &[
        "[object Object]",
        "System.String[]",
        "[Ljava.lang.String;@1b6d3586",
        "function(origin, callback) {",
        "(origin) => origin",
        "map[origins:[a]]",
        "<function allowed at 0x7f>",
        "Array",
    ],
    "object"
)]
#[case::variable(
    &[
        "$http_origin",
        "${ORIGIN}",
        "https://${HOST}",
        "%{HTTP_ORIGIN}e",
        "%{ORIGIN}",
        "{{ origin }}",
        "{http.request.header.Origin}",
        "{$FRONTEND}",
        "<%= origin %>",
        "#{origin}",
        "%FRONTEND_URL%",
        "%REACT_APP_URL%",
        "$(ORIGIN)",
        "process.env.ORIGIN",
        "env('APP_URL')",
        "FRONTEND_URL",
        "__ORIGIN__",
        "@origin",
        "%s",
        "'$http_origin'",
    ],
    "unexpanded-variable"
)]
#[case::regular_expression(
    &[
        "^https://app\\.example$",
        "https://.*\\.example",
        "/^https:\\/\\/app/",
        "~^https",
        "https?://(app|www).example",
        "https://app.example$",
        "https://[a-z]+.example",
    ],
    "regular-expression"
)]
#[case::pattern(&["https://*.example", "*.app.example", "https://app.example:*", "http*"], "pattern")]
#[case::quotes(
    &["\"https://app.example\"", "'https://app.example'", "“https://app.example”", "\"*\"", "''"],
    "quotes"
)]
#[case::brackets(&["[https://app.example]", "(https://app.example)"], "brackets")]
#[case::punctuation(&["https://app.example;", "https://app.example,", "*;"], "punctuation")]
#[case::header_name(
    &[
        "Access-Control-Allow-Origin: https://app.example",
        "\"access-control-allow-origin *\"",
        ": https://app.example",
        "= *",
    ],
    "header-name"
)]
#[case::word(&["https://app.example always", "* always;", "https://app.example env=OK"], "configuration-word")]
#[case::invisible(
    &["https://app.example\u{A0}", "\u{FEFF}https://app.example", "https://app\u{200B}.example"],
    "invisible-character"
)]
#[case::percent_encoded(&["https%3A%2F%2Fapp.example", "https%3a%2f%2fother.example"], "percent-encoded")]
#[case::html_escaped(&["https:&#x2F;&#x2F;app.example", "https&#58;//app.example"], "html-escaped")]
#[case::repeated(&["*, *", "https://app.example, https://app.example", "* *"], "repeated")]
#[case::several(
    &[
        "https://app.example, https://other.example",
        "https://app.example https://other.example",
        "https://app.example;https://other.example",
        "https://app.example,*",
        "[\"https://app.example\", \"https://other.example\"]",
    ],
    "several-origins"
)]
#[case::slash(&["https://app.example/", "https://app.example//"], "slash")]
#[case::path(
    &["https://app.example/login", "https://app.example/?a", "https://app.example#a"],
    "path"
)]
#[case::user_name(&["https://me@app.example", "https://me:pw@app.example"], "user-name")]
#[case::upper_case(&["https://App.example", "HTTPS://APP.EXAMPLE"], "upper-case")]
#[case::default_port(&["https://app.example:443", "https://app.example:0443"], "default-port")]
#[case::port(&["https://app.example:8443", "https://app.example:80"], "port")]
#[case::scheme(
    &["http://app.example", "app.example", "//app.example", "http://app.example:8080", "ws://app.example", "other.example:8080"],
    "scheme"
)]
#[case::slashes(&["https:/app.example", "https:app.example", "https:\\\\app.example"], "slashes")]
#[case::trailing_dot(&["https://app.example.", "https://app.example.:443"], "trailing-dot")]
#[case::www(&["https://www.app.example"], "www")]
#[case::server(&["https://api.example", "https://api.example/"], "server-origin")]
#[case::parent(&["https://example"], "parent-domain")]
fn values_of_allow_origin(#[case] values: &[&str], #[case] expected: &str) {
    for value in values {
        let answer: [(&str, &[u8]); 1] = [(ALLOW_ORIGIN, value.as_bytes())];
        let transcript = asked("https://app.example", |_| {}, &[], &answer);
        assert_eq!(causes(&transcript), [expected], "{value}");
    }
}

/// What is simply another origin, or can be anything.
#[test]
fn values_that_tell_nothing() {
    for value in [
        "https://other.example",
        "http://localhost:3000",
        "https://xn--mnchen-3ya.example",
        "capacitor://localhost",
        "https://[::1]:8080",
        "https://app.example.evil.example",
        "https://not-app.example",
    ] {
        let answer: [(&str, &[u8]); 1] = [(ALLOW_ORIGIN, value.as_bytes())];
        let transcript = asked("https://app.example", |_| {}, &[], &answer);
        assert_eq!(causes(&transcript), Vec::<&str>::new(), "{value}");
    }
}

#[rstest]
#[case("https://xn--mnchen-3ya.example", "https://m\u{FC}nchen.example", "unicode-host")]
#[case("https://app.example", "https://m\u{FC}nchen.example", "unicode-host")]
#[case("http://localhost:3000", "http://127.0.0.1:3000", "loopback-name")]
#[case("http://127.0.0.1:3000", "http://localhost:8080", "loopback-name")]
#[case("http://localhost:3000", "http://localhost", "port")]
#[case("http://localhost:3000", "https://localhost:3000", "scheme")]
#[case("http://localhost:3000", "localhost:3000", "scheme")]
#[case("https://www.app.example", "https://app.example", "www")]
fn values_for_other_pages(#[case] page: &str, #[case] value: &str, #[case] expected: &str) {
    let answer: [(&str, &[u8]); 1] = [(ALLOW_ORIGIN, value.as_bytes())];
    let transcript = asked(page, |_| {}, &[], &answer);
    assert_eq!(causes(&transcript), [expected], "{value}");
}

/// In Latin-1, and in whichever way an engine reads bytes.
#[test]
fn a_host_in_latin_1() {
    let answer: [(&str, &[u8]); 1] = [(ALLOW_ORIGIN, b"https://m\xFCnchen.example")];
    let transcript = asked("https://xn--mnchen-3ya.example", |_| {}, &[], &answer);
    assert_eq!(causes(&transcript), ["unicode-host"]);
}

#[rstest]
#[case::empty(&[""], "empty")]
#[case::upper_case(&["True", "TRUE"], "upper-case")]
#[case::quotes(&["\"true\"", "'true'"], "quotes")]
#[case::punctuation(&["true;", "true,"], "punctuation")]
#[case::repeated(&["true, true", "true,true"], "repeated")]
#[case::word(&["true always"], "configuration-word")]
#[case::not_true(&["1", "yes", "on", "*", "include"], "not-true")]
#[case::off(&["false", "null"], "false")]
#[case::variable(&["$cors_credentials", "${CREDENTIALS}"], "unexpanded-variable")]
#[case::missing(&["undefined"], "missing-value")]
#[case::header_name(&["Access-Control-Allow-Credentials: true"], "header-name")]
fn values_of_allow_credentials(#[case] values: &[&str], #[case] expected: &str) {
    for value in values {
        let answer: [(&str, &[u8]); 2] =
            [(ALLOW_ORIGIN, b"https://app.example"), (ALLOW_CREDENTIALS, value.as_bytes())];
        let include = |request: &mut Request| request.credentials_mode = CredentialsMode::Include;
        let transcript = asked("https://app.example", include, &[], &answer);
        assert_eq!(causes(&transcript), [expected], "{value}");
    }
}

/// The list that is proposed is the one that was meant: without quotes, brackets and variables.
#[rstest]
#[case("'GET','PUT'", "GET, PUT, PATCH", Some("quotes"))]
#[case("\"GET, PUT\"", "GET, PUT, PATCH", Some("quotes"))]
#[case("[GET, PUT]", "GET, PUT, PATCH", Some("brackets"))]
#[case("[\"GET\",\"PUT\"]", "GET, PUT, PATCH", Some("brackets"))]
#[case("GET PUT", "GET, PUT, PATCH", None)]
#[case("GET; PUT", "GET, PUT, PATCH", None)]
#[case("GET|PUT", "GET, PUT, PATCH", Some("separators"))]
#[case("GET/PUT", "GET, PUT, PATCH", None)]
#[case("get, put", "GET, PUT, PATCH", Some("lower-case-method"))]
#[case("all", "all, PATCH", Some("word-for-all"))]
#[case("$methods", "PATCH", Some("unexpanded-variable"))]
#[case("GET, {{methods}}", "GET, PATCH", Some("unexpanded-variable"))]
#[case("(null)", "PATCH", Some("apache-null"))]
#[case("undefined", "PATCH", Some("missing-value"))]
#[case("", "PATCH", Some("empty"))]
#[case("Access-Control-Allow-Methods: GET", "PATCH", Some("header-name"))]
#[case("GET, P*", "GET, PATCH", Some("pattern"))]
#[case("GET, PUT", "GET, PUT, PATCH", None)]
fn lists_of_methods(#[case] value: &str, #[case] mended: &str, #[case] cause: Option<&str>) {
    let preflight: [(&str, &[u8]); 2] = [(ALLOW_ORIGIN, b"*"), (ALLOW_METHODS, value.as_bytes())];
    let patch = |request: &mut Request| request.method = Method::PATCH;
    let transcript = asked("https://app.example", patch, &preflight, &[]);
    let remedy = Remedy::of(&transcript).unwrap();
    assert_eq!(remedy.answers[0].header(ALLOW_METHODS), Some(mended), "{value}");
    assert_eq!(causes(&transcript).first().copied(), cause, "{value}");
}

#[rstest]
#[case("\"x-a\", \"x-b\"", "x-a, x-b, x-token")]
#[case("x-a x-b", "x-a, x-b, x-token")]
#[case("X-A; X-B", "X-A, X-B, x-token")]
#[case("Content-Type: application/json", "Content-Type, x-token")]
#[case("X_API_KEY, x-a", "X_API_KEY, x-a, x-token")]
#[case("$http_access_control_request_headers", "x-token")]
fn lists_of_headers(#[case] value: &str, #[case] mended: &str) {
    let preflight: [(&str, &[u8]); 2] = [(ALLOW_ORIGIN, b"*"), (ALLOW_HEADERS, value.as_bytes())];
    let header = |request: &mut Request| request.header_list.append("X-Token", b"1").unwrap();
    let transcript = asked("https://app.example", header, &preflight, &[]);
    let remedy = Remedy::of(&transcript).unwrap();
    assert_eq!(remedy.answers[0].header(ALLOW_HEADERS), Some(mended), "{value}");
}

/// Every cause says what happened, in a sentence that ends.
#[test]
fn causes_are_told() {
    for cause in Cause::ALL {
        let text = cause.to_string();
        assert!(text.ends_with('.') && !text.contains("  "), "{text}");
    }
}

/// A preflight that lacks everything says so at once.
#[test]
fn all_faults_in_one_run() {
    let change = |request: &mut Request| {
        request.method = Method::PUT;
        request.credentials_mode = CredentialsMode::Include;
        request.header_list.append("X-Token", b"1").unwrap();
    };
    let transcript = asked("https://app.example", change, &[(ALLOW_METHODS, b"GET PUT")], &[]);
    let codes: Vec<_> =
        further_faults(&transcript).iter().map(|fault| fault.code().as_str()).collect();
    assert_eq!(
        codes,
        [
            "preflight-allow-credentials-not-true",
            "preflight-allow-methods-invalid",
            "preflight-header",
        ]
    );
}
