//! The [`Origin` request header](https://fetch.spec.whatwg.org/#origin-header).

pub(crate) mod engines;

use std::borrow::Cow;

use http::Method;

use crate::{
    engine::Profile,
    referrer::ReferrerPolicy,
    request::{Mode, Request, ResponseTainting},
};

/// The value of the header that [appending a request `Origin` header] appends to `request`; `None`
/// if it appends none.
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
/// assert_eq!(request_origin_header(&request, &Profile::STANDARD).as_deref(), Some(page));
/// ```
pub fn request_origin_header<'a>(request: &'a Request, profile: &Profile) -> Option<Cow<'a, str>> {
    let choices = &profile.choices;
    // Steps 1 and 2.
    // Departs(OriginOfBeacon)
    // Departs(OriginAfterRedirect)
    let serialized_origin = choices
        .origin_of_beacon
        .serialize(request)
        .unwrap_or_else(|| choices.origin_after_redirect.serialize(request).into());
    // Step 3.
    // Departs(OriginOfElements)
    // Departs(OriginOfVideos)
    if request.response_tainting == ResponseTainting::Cors
        || matches!(request.mode, Mode::Websocket | Mode::Webtransport)
        || choices.origin_of_elements.is_sent(request)
        || choices.origin_of_videos.is_sent(request)
    {
        return Some(serialized_origin);
    }
    // Step 4.
    // Departs(StorageAccess)
    // Departs(OriginInRedirect)
    if matches!(request.method, Method::GET | Method::HEAD)
        && !request.memory.lacks_storage_access
        && !request.memory.keeps_origin
    {
        return None;
    }
    // Step 4.1.
    if request.mode != Mode::Cors {
        let url = request.current_url();
        // Departs(ReferrerPolicyInOrigin)
        let is_null = match choices.referrer_policy_in_origin.of(request) {
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
            return Some(Cow::Borrowed("null"));
        }
    }
    // Step 4.2.
    Some(serialized_origin)
}
