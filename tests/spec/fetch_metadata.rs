//! <https://w3c.github.io/webappsec-fetch-metadata/>, and what the engines do in its place.

use browser_cors::{
    fetch::{FetchMetadata, UserAgent, http_header_list, preflight_header_list},
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

fn user_agent(metadata: FetchMetadata) -> UserAgent {
    let mut user_agent = UserAgent::default();
    user_agent.fetch_metadata = Some(metadata);
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
    let user_agent = user_agent(FetchMetadata::STANDARD);
    let expected = all("empty", "cors", site);
    assert_eq!(values(&http_header_list(&request, &user_agent)), expected);
    assert_eq!(values(&preflight_header_list(&request, &user_agent)), expected);
}

#[test]
fn opaque_origins_are_of_no_site() {
    let request = request(&Origin::opaque(), &["https://app.example/"]);
    let list = http_header_list(&request, &user_agent(FetchMetadata::STANDARD));
    assert_eq!(values(&list), all("empty", "cors", "cross-site"));
}

#[test]
fn destination_and_mode() {
    let mut request = request(&"https://app.example".parse().unwrap(), &["https://app.example/"]);
    request.destination = Destination::Image;
    request.mode = Mode::NoCors;
    let list = http_header_list(&request, &user_agent(FetchMetadata::STANDARD));
    assert_eq!(values(&list), all("image", "no-cors", "same-origin"));
}

#[test]
fn servers_without_tls_are_told_nothing() {
    let request = request(&"http://app.example".parse().unwrap(), &["http://app.example/"]);
    for metadata in [FetchMetadata::STANDARD, FetchMetadata::FIREFOX, FetchMetadata::WEBKIT] {
        let user_agent = user_agent(metadata);
        assert_eq!(values(&http_header_list(&request, &user_agent)), [None, None, None]);
        assert_eq!(values(&preflight_header_list(&request, &user_agent)), [None, None, None]);
    }
    let chromium = user_agent(FetchMetadata::CHROMIUM);
    assert_eq!(values(&http_header_list(&request, &chromium)), [None, None, None]);
    let mode = [None, Some("cors".to_owned()), None];
    assert_eq!(values(&preflight_header_list(&request, &chromium)), mode);
}

/// Recorded with servers of https behind redirects.
#[test]
fn engines_behind_redirects() {
    let urls = ["https://other.example/", "https://app.example/"];
    let request = request(&"https://app.example".parse().unwrap(), &urls);
    let of = |metadata| {
        let user_agent = user_agent(metadata);
        let preflight = values(&preflight_header_list(&request, &user_agent));
        (preflight, values(&http_header_list(&request, &user_agent)))
    };
    let (own, foreign) = (all("empty", "cors", "same-origin"), all("empty", "cors", "cross-site"));
    assert_eq!(of(FetchMetadata::STANDARD), (foreign.clone(), foreign.clone()));
    assert_eq!(of(FetchMetadata::CHROMIUM), (own.clone(), foreign.clone()));
    assert_eq!(of(FetchMetadata::FIREFOX), (own.clone(), foreign));
    assert_eq!(of(FetchMetadata::WEBKIT), (own, [None, None, None]));
}

#[test]
fn nothing_by_default() {
    let request = request(&"https://app.example".parse().unwrap(), &["https://app.example/"]);
    let list = http_header_list(&request, &UserAgent::default());
    assert_eq!(values(&list), [None, None, None]);
}
