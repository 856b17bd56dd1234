//! <https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check>

use browser_cors::{
    cross_origin_resource_policy::{
        Purpose::{self, Navigation, Resource},
        Requester, check, internal_check,
    },
    environment::EmbedderPolicy::{self, Credentialless, RequireCorp, UnsafeNone},
    environment::Environment,
    header::HeaderList,
    origin::PublicSuffixList,
    url::Url,
};
use rstest::rstest;

const HOME: &str = "https://app.example/";
const SAME_SITE: &str = "https://cdn.app.example/";
const AWAY: &str = "https://cdn.example/";

fn response(policy: Option<&str>) -> HeaderList {
    let mut headers = HeaderList::new();
    if let Some(policy) = policy {
        headers.append("Cross-Origin-Resource-Policy", policy).unwrap();
    }
    headers
}

/// Responses to `https://app.example`, without credentials.
#[rstest]
#[case::nothing(UnsafeNone, None, AWAY, true)]
#[case::cross_origin(UnsafeNone, Some("cross-origin"), AWAY, true)]
#[case::same_origin_home(UnsafeNone, Some("same-origin"), HOME, true)]
#[case::same_origin_subdomain(UnsafeNone, Some("same-origin"), SAME_SITE, false)]
#[case::same_site_subdomain(UnsafeNone, Some("same-site"), SAME_SITE, true)]
#[case::same_site_away(UnsafeNone, Some("same-site"), AWAY, false)]
#[case::same_site_from_http(UnsafeNone, Some("same-site"), "http://app.example/", true)]
#[case::upper_case_is_nothing(UnsafeNone, Some("Same-Origin"), AWAY, true)]
#[case::list_is_nothing(UnsafeNone, Some("same-origin, same-origin"), AWAY, true)]
#[case::required_nothing_away(RequireCorp, None, AWAY, false)]
#[case::required_nothing_home(RequireCorp, None, HOME, true)]
#[case::required_cross_origin(RequireCorp, Some("cross-origin"), AWAY, true)]
#[case::required_unknown(RequireCorp, Some("unsafe-none"), AWAY, false)]
#[case::credentialless_nothing(Credentialless, None, AWAY, true)]
#[case::credentialless_same_origin(Credentialless, Some("same-origin"), AWAY, false)]
fn without_credentials(
    #[case] embedder_policy: EmbedderPolicy,
    #[case] policy: Option<&str>,
    #[case] url: &str,
    #[case] is_allowed: bool,
) {
    let origin = "https://app.example".parse().unwrap();
    let url = Url::parse(url).unwrap();
    let response = response(policy);
    let mut requester = Requester::new(&origin, None, &PublicSuffixList);
    requester.embedder_policy = embedder_policy;
    requester.includes_credentials = false;
    let answer = internal_check(&requester, &response, &url, Resource);
    assert_eq!(answer.is_ok(), is_allowed, "{answer:?}");
}

/// A "credentialless" document accepts responses to requests without credentials, unless it
/// navigates.
#[rstest]
#[case::without(false, Resource, true)]
#[case::with(true, Resource, false)]
#[case::navigation(false, Navigation, false)]
#[case::navigation_with(true, Navigation, false)]
fn credentialless(
    #[case] includes_credentials: bool,
    #[case] purpose: Purpose,
    #[case] is_allowed: bool,
) {
    let origin = "https://app.example".parse().unwrap();
    let url = Url::parse(AWAY).unwrap();
    let response = response(None);
    let mut requester = Requester::new(&origin, None, &PublicSuffixList);
    requester.embedder_policy = Credentialless;
    requester.includes_credentials = includes_credentials;
    let answer = internal_check(&requester, &response, &url, purpose);
    assert_eq!(answer.is_ok(), is_allowed);
}

/// A navigation is checked only under an embedder policy.
#[rstest]
#[case::unsafe_none(UnsafeNone, true)]
#[case::require_corp(RequireCorp, false)]
fn navigation(#[case] embedder_policy: EmbedderPolicy, #[case] is_allowed: bool) {
    let mut page = Environment::new(Url::parse(HOME).unwrap());
    page.embedder_policy = embedder_policy;
    let (url, response) = (Url::parse(AWAY).unwrap(), response(Some("same-origin")));
    let requester = Requester::new(&page.origin, Some(&page), &PublicSuffixList);
    let answer = check(&requester, &response, &url, Navigation);
    assert_eq!(answer.is_ok(), is_allowed);
    assert!(check(&requester, &response, &url, Resource).is_err());
}

/// From `http`, `same-site` covers only the same scheme.
#[test]
fn same_site_of_an_insecure_page() {
    let origin = "http://app.example".parse().unwrap();
    let response = response(Some("same-site"));
    let is_allowed = |url| {
        let url = Url::parse(url).unwrap();
        let requester = Requester::new(&origin, None, &PublicSuffixList);
        check(&requester, &response, &url, Resource).is_ok()
    };
    assert!(is_allowed("http://cdn.app.example/"));
    assert!(!is_allowed("https://cdn.app.example/"));
}

#[test]
fn refusal_carries_the_policy() {
    let mut page = Environment::new(Url::parse(HOME).unwrap());
    page.embedder_policy = RequireCorp;
    let (url, response) = (Url::parse(AWAY).unwrap(), response(None));
    let requester = Requester::new(&page.origin, Some(&page), &PublicSuffixList);
    let blocked = check(&requester, &response, &url, Resource);
    assert_eq!(
        blocked.unwrap_err().to_string(),
        "there is no Cross-Origin-Resource-Policy, which the embedder policy of \
         https://app.example requires",
    );
}
