//! The [`Origin` request header](https://fetch.spec.whatwg.org/#origin-header).

use std::borrow::Cow;

use http::Method;

use crate::{
    engine::{Departure, Profile},
    origin::{Origin, are_same_origin},
    referrer::ReferrerPolicy,
    request::{InitiatorType, Mode, Request, ResponseTainting},
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
/// assert_eq!(request_origin_header(&request, &Profile::STANDARD).as_deref(), Some(page));
/// ```
pub fn request_origin_header<'a>(request: &'a Request, profile: &Profile) -> Option<Cow<'a, str>> {
    // Steps 1 and 2.
    let serialized_origin = serialized_origin(request, profile);
    // Step 3.
    if request.response_tainting == ResponseTainting::Cors
        || matches!(request.mode, Mode::Websocket | Mode::Webtransport)
        || has_origin_of_element(request, profile)
    {
        return Some(serialized_origin);
    }
    // Step 4.
    // Departs(origin-without-storage-access): one there is for pages that lack it.
    // Departs(origin-kept-in-redirect): one there is that the last redirect left.
    if matches!(request.method, Method::GET | Method::HEAD)
        && !request.departed.lacks_storage_access
        && !request.departed.keeps_origin
    {
        return None;
    }
    // Step 4.1.
    // Departs(origin-whatever-referrer-policy): skipped.
    // Departs(redirect-forgets-referrer-policy): skipped after a redirect to another origin.
    let is_skipped = profile.departs(Departure::OriginWhateverReferrerPolicy)
        || (profile.departs(Departure::RedirectForgetsReferrerPolicy) && has_left_origin(request));
    if request.mode != Mode::Cors && !is_skipped {
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
            return Some(Cow::Borrowed("null"));
        }
    }
    // Step 4.2.
    Some(serialized_origin)
}

/// Whether a redirect led from one origin to another.
fn has_left_origin(request: &Request) -> bool {
    request.url_list().windows(2).any(|pair| !are_same_origin(&pair[0], &pair[1]))
}

/// The request's origin as the header has it.
fn serialized_origin<'a>(request: &'a Request, profile: &Profile) -> Cow<'a, str> {
    // Departs(origin-of-beacon-referrer): an opaque origin is none, and the page's URL stands in,
    // until a redirect to another origin asks for the origin again.
    if request.initiator_type == Some(InitiatorType::Beacon)
        && request.mode == Mode::NoCors
        && request.origin.is_opaque()
        && request.url_list().windows(2).all(|hop| are_same_origin(&hop[0], &hop[1]))
        && let Some(client) = &request.client
        && profile.departs(Departure::OriginOfBeaconReferrer)
    {
        return Cow::Owned(Origin::from(&client.creation_url).serialized().to_owned());
    }
    // Departs(origin-null-after-redirect): without CORS, wherever it led away from.
    if request.mode == Mode::NoCors
        && profile.departs(Departure::OriginNullAfterRedirect)
        && has_left_origin(request)
    {
        return Cow::Borrowed("null");
    }
    Cow::Borrowed(request.serialized_origin())
}

/// Whether a load has its origin wherever it goes, since it was to be asked with CORS.
fn has_origin_of_element(request: &Request, profile: &Profile) -> bool {
    let departure = match request.initiator_type {
        // Departs(origin-of-elements): the header is set with the mode, before the URL is looked at.
        Some(InitiatorType::Img | InitiatorType::Script | InitiatorType::Css) => {
            Departure::OriginOfElements
        }
        // Departs(origin-of-videos): the same for the element that loads by itself.
        Some(InitiatorType::Video) => Departure::OriginOfVideos,
        _ => return false,
    };
    request.mode == Mode::Cors && profile.departs(departure)
}
