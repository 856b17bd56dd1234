//! <https://fetch.spec.whatwg.org/#requests>

use browser_cors::{
    engine::Profile,
    environment::EmbedderPolicy,
    environment::Environment,
    fetch::{allows_credentials, includes_credentials},
    http::Method,
    origin::PublicSuffixList,
    origin_header::request_origin_header,
    referrer::ReferrerPolicy,
    request::{
        CredentialsMode, Mode,
        RedirectTaint::{self, CrossSite, SameOrigin, SameSite},
        Request, ResponseTainting,
    },
    url::Url,
};
use rstest::rstest;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn redirected(origin: &str, urls: &[&str]) -> Request {
    let mut request = Request::new(url(urls[0]), origin.parse().unwrap());
    urls[1..].iter().for_each(|next| request.push_url(url(next)));
    request
}

const A: &str = "https://a.example/";
const SUB_A: &str = "https://sub.a.example/";
const A_8443: &str = "https://a.example:8443/";
const HTTP_A: &str = "http://a.example/";
const B: &str = "https://b.example/";
const C: &str = "https://c.example/";

/// <https://fetch.spec.whatwg.org/#concept-request-tainted-origin> of requests by `a.example`.
#[rstest]
#[case::one_url(&[B], SameOrigin, "https://a.example")]
#[case::away(&[A, B], SameOrigin, "https://a.example")]
#[case::away_and_within(&[A, B, B], SameOrigin, "https://a.example")]
#[case::within(&[B, B], SameOrigin, "https://a.example")]
#[case::to_a_subdomain(&[A, SUB_A], SameOrigin, "https://a.example")]
#[case::from_b_to_c(&[B, C], CrossSite, "null")]
#[case::from_b_home(&[B, A], CrossSite, "null")]
#[case::away_and_home(&[A, B, A], CrossSite, "null")]
#[case::from_a_subdomain_home(&[SUB_A, A], SameSite, "null")]
#[case::from_a_subdomain_away(&[SUB_A, B], SameSite, "null")]
#[case::over_a_subdomain_away(&[A, SUB_A, B], SameSite, "null")]
#[case::from_another_port_home(&[A_8443, A], SameSite, "null")]
#[case::from_another_scheme_home(&[HTTP_A, A], CrossSite, "null")]
#[case::subdomain_then_two(&[SUB_A, B, C], CrossSite, "null")]
fn redirect_taint(#[case] urls: &[&str], #[case] taint: RedirectTaint, #[case] origin: &str) {
    let request = redirected("https://a.example", urls);
    assert_eq!(request.redirect_taint(&PublicSuffixList), taint);
    assert_eq!(request.serialized_origin(), origin);
}

/// <https://fetch.spec.whatwg.org/#append-a-request-origin-header> without CORS.
#[rstest]
#[case::get("GET", Mode::NoCors, "https://a.example", B, ReferrerPolicy::UnsafeUrl, None)]
#[case::head("HEAD", Mode::NoCors, "https://a.example", B, ReferrerPolicy::UnsafeUrl, None)]
#[case::cors_ignores_policy(
    "POST",
    Mode::Cors,
    "https://a.example",
    A,
    ReferrerPolicy::NoReferrer,
    Some("https://a.example")
)]
#[case::no_referrer(
    "POST",
    Mode::NoCors,
    "https://a.example",
    B,
    ReferrerPolicy::NoReferrer,
    Some("null")
)]
#[case::downgrade(
    "POST",
    Mode::NoCors,
    "https://a.example",
    "http://b.example/",
    ReferrerPolicy::StrictOrigin,
    Some("null")
)]
#[case::no_downgrade(
    "POST",
    Mode::NoCors,
    "https://a.example",
    B,
    ReferrerPolicy::StrictOrigin,
    Some("https://a.example")
)]
#[case::http_page(
    "POST",
    Mode::NoCors,
    "http://a.example",
    "http://b.example/",
    ReferrerPolicy::StrictOriginWhenCrossOrigin,
    Some("http://a.example")
)]
#[case::downgrade_when(
    "POST",
    Mode::NoCors,
    "https://a.example",
    HTTP_A,
    ReferrerPolicy::NoReferrerWhenDowngrade,
    Some("null")
)]
#[case::same_origin_policy_away(
    "POST",
    Mode::NoCors,
    "https://a.example",
    B,
    ReferrerPolicy::SameOrigin,
    Some("null")
)]
#[case::same_origin_policy_home(
    "DELETE",
    Mode::SameOrigin,
    "https://a.example",
    A,
    ReferrerPolicy::SameOrigin,
    Some("https://a.example")
)]
#[case::origin_policy(
    "POST",
    Mode::NoCors,
    "https://a.example",
    "http://b.example/",
    ReferrerPolicy::Origin,
    Some("https://a.example")
)]
#[case::websocket(
    "GET",
    Mode::Websocket,
    "https://a.example",
    B,
    ReferrerPolicy::NoReferrer,
    Some("https://a.example")
)]
fn origin_header(
    #[case] method: &str,
    #[case] mode: Mode,
    #[case] origin: &str,
    #[case] target: &str,
    #[case] referrer_policy: ReferrerPolicy,
    #[case] expected: Option<&str>,
) {
    let mut request = redirected(origin, &[target]);
    request.method = Method::from_bytes(method.as_bytes()).unwrap();
    request.mode = mode;
    request.referrer_policy = referrer_policy;
    assert_eq!(request_origin_header(&request, &Profile::STANDARD).as_deref(), expected);
}

/// Chromium looks at the referrer policy of a form that it sends, and not at that of a request without CORS.
#[rstest]
#[case(Mode::Navigate, "null")]
#[case(Mode::NoCors, "https://a.example")]
fn referrer_policy_in_chromium(#[case] mode: Mode, #[case] expected: &str) {
    let mut request = redirected("https://a.example", &[B]);
    (request.method, request.mode) = (Method::POST, mode);
    request.referrer_policy = ReferrerPolicy::NoReferrer;
    assert_eq!(request_origin_header(&request, &Profile::CHROMIUM).as_deref(), Some(expected));
}

#[test]
fn origin_header_of_a_cors_get() {
    let mut request = redirected("https://a.example", &[B]);
    request.set_response_tainting(ResponseTainting::Cors);
    assert_eq!(
        request_origin_header(&request, &Profile::STANDARD).as_deref(),
        Some("https://a.example")
    );
}

/// <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch> step 8.3.
#[rstest]
#[case(CredentialsMode::Omit, ResponseTainting::Basic, false)]
#[case(CredentialsMode::SameOrigin, ResponseTainting::Basic, true)]
#[case(CredentialsMode::SameOrigin, ResponseTainting::Cors, false)]
#[case(CredentialsMode::SameOrigin, ResponseTainting::Opaque, false)]
#[case(CredentialsMode::Include, ResponseTainting::Cors, true)]
#[case(CredentialsMode::Include, ResponseTainting::Opaque, true)]
fn credentials(
    #[case] credentials_mode: CredentialsMode,
    #[case] response_tainting: ResponseTainting,
    #[case] expected: bool,
) {
    let mut request = redirected("https://a.example", &[B]);
    request.credentials_mode = credentials_mode;
    request.set_response_tainting(response_tainting);
    assert_eq!(includes_credentials(&request, &Profile::STANDARD), expected);
}

/// <https://fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials>
#[rstest]
#[case::cors(Mode::Cors, EmbedderPolicy::Credentialless, &[B], true)]
#[case::no_policy(Mode::NoCors, EmbedderPolicy::RequireCorp, &[B], true)]
#[case::home(Mode::NoCors, EmbedderPolicy::Credentialless, &[A], true)]
#[case::away(Mode::NoCors, EmbedderPolicy::Credentialless, &[B], false)]
#[case::away_and_home(Mode::NoCors, EmbedderPolicy::Credentialless, &[A, B, A], false)]
fn credentialless(
    #[case] mode: Mode,
    #[case] embedder_policy: EmbedderPolicy,
    #[case] urls: &[&str],
    #[case] expected: bool,
) {
    let mut page = Environment::new(url(A));
    page.embedder_policy = embedder_policy;
    let mut request = redirected("https://a.example", urls);
    request.mode = mode;
    request.client = Some(page.into());
    assert_eq!(allows_credentials(&request), expected);
}
