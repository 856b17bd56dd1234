//! <https://w3c.github.io/webappsec-referrer-policy/>

use std::sync::Arc;

use browser_cors::{
    environment::Environment,
    header::HeaderList,
    origin::Origin,
    referrer::ReferrerPolicy,
    referrer::{determine_referrer, parse_a_referrer_policy},
    request::{Referrer, Request},
    url::Url,
};
use rstest::rstest;

const PAGE: &str = "https://me:secret@app.example/path?query#fragment";
const WHOLE: Option<&str> = Some("https://app.example/path?query");
const ORIGIN: Option<&str> = Some("https://app.example/");

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn referrer(source: Referrer, target: &str, policy: ReferrerPolicy) -> Option<String> {
    let mut request = Request::new(url(target), "https://app.example".parse().unwrap());
    request.client = Some(Arc::new(Environment::new(url(PAGE))));
    request.referrer = source;
    request.referrer_policy = policy;
    determine_referrer(&request).map(String::from)
}

/// What a page of `https` sends to its own origin, to another one, and to one without TLS.
#[rstest]
#[case("no-referrer", None, None, None)]
#[case("no-referrer-when-downgrade", WHOLE, WHOLE, None)]
#[case("same-origin", WHOLE, None, None)]
#[case("origin", ORIGIN, ORIGIN, ORIGIN)]
#[case("strict-origin", ORIGIN, ORIGIN, None)]
#[case("origin-when-cross-origin", WHOLE, ORIGIN, ORIGIN)]
#[case("strict-origin-when-cross-origin", WHOLE, ORIGIN, None)]
#[case("unsafe-url", WHOLE, WHOLE, WHOLE)]
#[case("", WHOLE, ORIGIN, None)]
fn policies(
    #[case] policy: ReferrerPolicy,
    #[case] home: Option<&str>,
    #[case] away: Option<&str>,
    #[case] downgrade: Option<&str>,
) {
    let sent = |target| referrer(Referrer::Client, target, policy);
    assert_eq!(sent("https://app.example/x").as_deref(), home);
    assert_eq!(sent("https://api.example/x").as_deref(), away);
    assert_eq!(sent("http://api.example/x").as_deref(), downgrade);
}

/// Loopback is as trustworthy as TLS, so a request to it is no downgrade.
#[rstest]
#[case("http://localhost:8080/", ORIGIN)]
#[case("http://a.localhost./", ORIGIN)]
#[case("http://127.1.2.3/", ORIGIN)]
#[case("http://[::1]/", ORIGIN)]
#[case("wss://api.example/", ORIGIN)]
#[case("http://10.0.0.1/", None)]
#[case("http://[::2]/", None)]
#[case("http://notlocalhost/", None)]
#[case("ws://api.example/", None)]
fn trustworthy(#[case] target: &str, #[case] expected: Option<&str>) {
    let sent = referrer(Referrer::Client, target, ReferrerPolicy::StrictOrigin);
    assert_eq!(sent.as_deref(), expected);
}

#[test]
fn source() {
    let policy = ReferrerPolicy::UnsafeUrl;
    let given = Referrer::Url(url("https://app.example/other#x"));
    assert_eq!(
        referrer(given, "https://api.example/", policy).as_deref(),
        Some("https://app.example/other"),
    );
    assert_eq!(referrer(Referrer::NoReferrer, "https://api.example/", policy), None);
    let local = Referrer::Url(url("data:,x"));
    assert_eq!(referrer(local, "https://api.example/", policy), None);

    let mut sandboxed = Environment::new(url(PAGE));
    sandboxed.origin = Origin::opaque();
    let mut request = Request::new(url("https://api.example/"), sandboxed.origin.clone());
    request.referrer_policy = policy;
    assert_eq!(determine_referrer(&request), None, "there is no client");
    request.client = Some(Arc::new(sandboxed));
    assert_eq!(determine_referrer(&request), None, "the origin is opaque");
}

/// A referrer of 4096 bytes is sent whole, a longer one as its origin.
#[rstest]
#[case(4096, 4096)]
#[case(4097, "https://app.example/".len())]
fn longest(#[case] length: usize, #[case] sent: usize) {
    let path = "a".repeat(length - "https://app.example/".len());
    let source = Referrer::Url(url(&format!("https://app.example/{path}")));
    let policy = ReferrerPolicy::UnsafeUrl;
    assert_eq!(referrer(source, "https://app.example/", policy).unwrap().len(), sent);
}

#[rstest]
#[case(&["origin"], "origin")]
#[case(&["origin, no-referrer"], "no-referrer")]
#[case(&["origin", "Same-Origin"], "same-origin")]
#[case(&["origin, future"], "origin")]
#[case(&["origin,"], "origin")]
#[case(&["future"], "")]
#[case(&["origin", "origin no-referrer"], "")]
#[case(&["origin no-referrer", "origin"], "")]
#[case(&["origin, policy2"], "")]
#[case(&["origin , \t,"], "origin")]
#[case(&[], "")]
fn header(#[case] lines: &[&str], #[case] expected: ReferrerPolicy) {
    let mut headers = HeaderList::new();
    lines.iter().for_each(|line| headers.append("Referrer-Policy", line).unwrap());
    assert_eq!(parse_a_referrer_policy(&headers), expected);
}
