//! The [`Origin` request header](https://fetch.spec.whatwg.org/#origin-header).

use crate::{
    engine::{Departure, Profile},
    policy::ReferrerPolicy,
    request::{Mode, Request, ResponseTainting},
};

/// The value that [appending a request `Origin` header] appends to `request`, if it does.
///
/// [appending a request `Origin` header]: https://fetch.spec.whatwg.org/#append-a-request-origin-header
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     engine::Profile,
///     http::Method, origin_header::request_origin_header, request::{Mode, Request}, url::Url,
/// };
///
/// let page = "https://app.example";
/// let mut request = Request::new(Url::parse("https://app.example/").unwrap(), page.parse().unwrap());
/// request.mode = Mode::Cors;
/// assert_eq!(request_origin_header(&request, &Profile::STANDARD), None);
/// request.method = Method::POST;
/// assert_eq!(request_origin_header(&request, &Profile::STANDARD), Some(page));
/// ```
pub fn request_origin_header<'a>(request: &'a Request, profile: &Profile) -> Option<&'a str> {
    // Steps 1 and 2.
    let serialized_origin = request.serialized_origin();
    // Step 3.
    if request.response_tainting == ResponseTainting::Cors
        || matches!(request.mode, Mode::Websocket | Mode::Webtransport)
    {
        return Some(serialized_origin);
    }
    // Step 4.
    if matches!(request.method, http::Method::GET | http::Method::HEAD) {
        return None;
    }
    // Step 4.1.
    // Departs(origin-whatever-referrer-policy): skipped.
    if request.mode != Mode::Cors && !profile.departs(Departure::OriginWhateverReferrerPolicy) {
        let url = request.current_url();
        let is_null = match request.referrer_policy {
            ReferrerPolicy::NoReferrer => true,
            ReferrerPolicy::NoReferrerWhenDowngrade
            | ReferrerPolicy::StrictOrigin
            | ReferrerPolicy::StrictOriginWhenCrossOrigin => {
                request.origin.scheme() == Some("https") && url.scheme() != "https"
            }
            ReferrerPolicy::SameOrigin => !request.origin.is_same_origin_with_url(url),
            ReferrerPolicy::Empty
            | ReferrerPolicy::Origin
            | ReferrerPolicy::OriginWhenCrossOrigin
            | ReferrerPolicy::UnsafeUrl => false,
        };
        if is_null {
            return Some("null");
        }
    }
    // Step 4.2.
    Some(serialized_origin)
}
