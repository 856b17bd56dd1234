//! In place of the checks of `net::http_loader` and `net::fetch::methods`.

use browser_cors::{
    cors_check::{self, CorsCheckFailure},
    cross_origin_resource_policy::{self, Purpose, Requester},
    fetch::blocked,
    origin_header::{OriginAsker, origin_header},
    request::Mode,
    response,
    tao_check::{self, TimingAsker},
};
use http::{HeaderMap, HeaderValue, header};
use net_traits::{
    request::{Destination, Request},
    response::Response,
};
use servo_url::ServoUrl;

use super::{
    PROFILE,
    types::{self, PubDomains},
};

/// Performs a [CORS check].
///
/// # Errors
///
/// If the standard returns failure. Servo's function returns no reason.
///
/// [CORS check]: https://fetch.spec.whatwg.org/#concept-cors-check
pub fn cors_check(request: &Request, response: &Response) -> Result<(), CorsCheckFailure> {
    let (hops, headers) = (types::hops(request), &response.actual_response().headers);
    let credentials_mode = types::credentials_mode(request.credentials_mode);
    cors_check::cors_check(hops.serialized_origin(), credentials_mode, headers).map(drop)
}

/// Performs a [TAO check]. The failed flag is what `mark_timing_check_failed` has set.
///
/// [TAO check]: https://fetch.spec.whatwg.org/#concept-tao-check
pub fn tao_check(request: &Request, response: &Response) -> bool {
    let hops = types::hops(request);
    let asker = TimingAsker {
        origin: hops.serialized_origin(),
        response_tainting: types::response_tainting(request.response_tainting),
        is_navigation_away: types::mode(&request.mode) == Mode::Navigate
            && !hops.origin.is_same_origin_with_url(hops.current_url()),
        timing_allow_failed: !response.get_resource_timing().inner().timing_check_passed,
    };
    tao_check::tao_check(asker, &response.actual_response().headers)
}

/// Whether a response may be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CrossOriginResourcePolicy {
    /// It may.
    Allowed,
    /// It may not.
    Blocked,
}

/// Performs a [cross-origin resource policy check] of a page's resource. Servo has no embedder policy
/// that asks whether the request included credentials.
///
/// [cross-origin resource policy check]: https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check
pub fn cross_origin_resource_policy_check(
    request: &Request,
    response: &Response,
) -> CrossOriginResourcePolicy {
    let response = response.actual_response();
    let (origin, url) = (types::origin(request), request.current_url());
    let mut requester = Requester::new(&origin, None, &PubDomains);
    requester.embedder_policy = types::embedder_policy(request);
    let checked = cross_origin_resource_policy::check(
        &requester,
        &response.headers,
        url.as_url(),
        Purpose::Resource,
    );
    match checked {
        Ok(()) => CrossOriginResourcePolicy::Allowed,
        Err(_) => CrossOriginResourcePolicy::Blocked,
    }
}

/// The [location URL]. An error is that of several `Location` headers, too.
///
/// [location URL]: https://fetch.spec.whatwg.org/#concept-response-location-url
pub fn location_url_for_response(
    response: &Response,
    request_fragment: Option<&str>,
) -> Option<Result<ServoUrl, String>> {
    let response = response.actual_response();
    let url = response.url().map(ServoUrl::as_url);
    let status = response.status.raw_code();
    response::location_url(status, &response.headers, url, request_fragment, &PROFILE)
        .map(|url| url.map(ServoUrl::from_url))
        .map_err(|invalid| invalid.to_string())
        .transpose()
}

/// Whether a response should be [blocked due to nosniff].
///
/// [blocked due to nosniff]: https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?
pub fn should_be_blocked_due_to_nosniff(
    destination: Destination,
    response_headers: &HeaderMap,
) -> bool {
    blocked::is_blocked_by_nosniff(response_headers, types::destination(destination))
}

/// Whether a response should be [blocked due to its MIME type].
///
/// [blocked due to its MIME type]: https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?
pub fn should_be_blocked_due_to_mime_type(
    destination: Destination,
    response_headers: &HeaderMap,
) -> bool {
    blocked::blocked_mime_type(response_headers, types::destination(destination)).is_some()
}

/// [Appends a request `Origin` header].
///
/// [Appends a request `Origin` header]: https://fetch.spec.whatwg.org/#append-a-request-origin-header
pub fn append_a_request_origin_header(request: &mut Request) {
    let hops = types::hops(request);
    let mut asker = OriginAsker::new(&hops.origin, hops.current_url());
    asker.serialized_origin = hops.serialized_origin();
    asker.method = &request.method;
    asker.mode = types::mode(&request.mode);
    asker.response_tainting = types::response_tainting(request.response_tainting);
    asker.referrer_policy = types::referrer_policy(request.referrer_policy);
    let value = origin_header(&asker).and_then(|value| HeaderValue::from_str(value).ok());
    if let Some(value) = value {
        request.headers.insert(header::ORIGIN, value);
    }
}
