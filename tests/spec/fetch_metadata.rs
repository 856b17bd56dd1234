//! <https://w3c.github.io/webappsec-fetch-metadata/>, and what the engines do in its place.

use browser_cors::{
    engine::Profile,
    fetch::{UserAgent, http_header_list, preflight_header_list},
    header::HeaderList,
    http::Method,
    origin::Origin,
    request::{Destination, Mode, Request},
    url::Url,
};
use rstest::rstest;

fn request(origin: &Origin, urls: &[&str]) -> Request {
    let mut urls = urls.iter().map(|url| Url::parse(url).unwrap());
    let mut request = Request::new(urls.next().unwrap(), origin.clone());
    urls.for_each(|url| request.push_url(url));
    request.mode = Mode::Cors;
    request.method = Method::PUT;
    request
}

fn user_agent(profile: Profile) -> UserAgent {
    let mut user_agent = UserAgent::for_profile(profile);
    user_agent.sends_fetch_metadata = true;
    user_agent
}

/// The values of `Sec-Fetch-Dest`, `Sec-Fetch-Mode` and `Sec-Fetch-Site`.
fn values(list: &HeaderList) -> [Option<String>; 3] {
    ["Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site"]
        .map(|name| list.get(name).map(|value| String::from_utf8(value.into_owned()).unwrap()))
}

fn all(dest: &str, mode: &str, site: &str) -> [Option<String>; 3] {
    [dest, mode, site].map(|value| Some(value.to_owned()))
}

#[rstest]
#[case(&["https://app.example/"], "same-origin")]
#[case(&["https://api.app.example/"], "same-site")]
#[case(&["https://app.example:8443/"], "same-site")]
#[case(&["https://other.example/"], "cross-site")]
#[case(&["http://localhost/"], "cross-site")]
#[case(&["https://app.example/", "https://api.app.example/"], "same-site")]
#[case(&["https://api.app.example/", "https://app.example/"], "same-site")]
#[case(&["https://other.example/", "https://app.example/"], "cross-site")]
#[case(&["https://api.app.example/", "https://other.example/", "https://app.example/"], "cross-site")]
fn site_of(#[case] urls: &[&str], #[case] site: &str) {
    let request = request(&"https://app.example".parse().unwrap(), urls);
    let user_agent = user_agent(Profile::STANDARD);
    let expected = all("empty", "cors", site);
    assert_eq!(values(&http_header_list(&request, &user_agent)), expected);
    assert_eq!(values(&preflight_header_list(&request, &user_agent)), expected);
}

#[test]
fn opaque_origins_are_of_no_site() {
    let request = request(&Origin::opaque(), &["https://app.example/"]);
    let list = http_header_list(&request, &user_agent(Profile::STANDARD));
    assert_eq!(values(&list), all("empty", "cors", "cross-site"));
}

#[test]
fn destination_and_mode() {
    let mut request = request(&"https://app.example".parse().unwrap(), &["https://app.example/"]);
    request.destination = Destination::Image;
    request.mode = Mode::NoCors;
    let list = http_header_list(&request, &user_agent(Profile::STANDARD));
    assert_eq!(values(&list), all("image", "no-cors", "same-origin"));
}

#[test]
fn servers_without_tls_are_told_nothing() {
    let request = request(&"http://app.example".parse().unwrap(), &["http://app.example/"]);
    for profile in [Profile::STANDARD, Profile::FIREFOX, Profile::WEBKIT] {
        let user_agent = user_agent(profile);
        assert_eq!(values(&http_header_list(&request, &user_agent)), [None, None, None]);
        assert_eq!(values(&preflight_header_list(&request, &user_agent)), [None, None, None]);
    }
    let chromium = user_agent(Profile::CHROMIUM);
    assert_eq!(values(&http_header_list(&request, &chromium)), [None, None, None]);
    let mode = [None, Some("cors".to_owned()), None];
    assert_eq!(values(&preflight_header_list(&request, &chromium)), mode);
}

/// What the preflight has, and what the request.
fn both(profile: Profile, request: &Request) -> [[Option<String>; 3]; 2] {
    let user_agent = user_agent(profile);
    [preflight_header_list(request, &user_agent), http_header_list(request, &user_agent)]
        .map(|list| values(&list))
}

const NOTHING: [Option<String>; 3] = [None, None, None];

/// Recorded with servers of https, as `mhops-c2-00004`.
#[test]
fn behind_redirects_from_another_site() {
    let urls = ["https://other.example/", "https://app.example/"];
    let request = request(&"https://app.example".parse().unwrap(), &urls);
    let (own, foreign) = (all("empty", "cors", "same-origin"), all("empty", "cors", "cross-site"));
    assert_eq!(both(Profile::STANDARD, &request), [foreign.clone(), foreign.clone()]);
    assert_eq!(both(Profile::CHROMIUM, &request), [own.clone(), foreign.clone()]);
    assert_eq!(both(Profile::FIREFOX, &request), [own, foreign.clone()]);
    assert_eq!(both(Profile::WEBKIT, &request), [foreign, NOTHING]);
}

/// Recorded as `scachex-c2-00012` and `shops-c2-00008`.
#[rstest]
#[case(&["https://api.app.example/", "https://app.example:8443/"], "cross-site")]
#[case(&["https://app.example/", "https://app.example:8443/"], "same-site")]
fn preflights_of_webkit_within_a_site(#[case] urls: &[&str], #[case] site: &str) {
    let request = request(&"https://app.example".parse().unwrap(), urls);
    assert_eq!(both(Profile::WEBKIT, &request), [all("empty", "cors", site), NOTHING]);
    let same_site = all("empty", "cors", "same-site");
    assert_eq!(both(Profile::STANDARD, &request), [same_site.clone(), same_site]);
}

/// Recorded as `sredirect-c2-00052` and `shops-c2-00058`.
#[test]
fn webkit_drops_them_where_cors_leaves_an_origin() {
    let origin: Origin = "https://app.example".parse().unwrap();
    let urls = ["https://other.example/", "https://api.app.example/1", "https://api.app.example/2"];
    let later = request(&origin, &urls);
    assert_eq!(both(Profile::WEBKIT, &later)[1], all("empty", "cors", "cross-site"));
    let mut simple = request(&origin, &urls[..2]);
    assert_eq!(both(Profile::WEBKIT, &simple)[1], NOTHING);
    simple.mode = Mode::NoCors;
    assert_eq!(both(Profile::WEBKIT, &simple)[1], all("empty", "no-cors", "cross-site"));
}

/// Recorded as `ppolicy-c2-00008`.
#[test]
fn webkit_tells_by_the_first_url() {
    let urls = ["http://app.example/", "https://app.example/"];
    let request = request(&"http://app.example".parse().unwrap(), &urls);
    let foreign = all("empty", "cors", "cross-site");
    assert_eq!(both(Profile::FIREFOX, &request), [foreign.clone(), foreign]);
    assert_eq!(both(Profile::WEBKIT, &request), [NOTHING, NOTHING]);
}

#[test]
fn nothing_by_default() {
    let request = request(&"https://app.example".parse().unwrap(), &["https://app.example/"]);
    let list = http_header_list(&request, &UserAgent::default());
    assert_eq!(values(&list), [None, None, None]);
}
