//! The [`Origin` request header](https://fetch.spec.whatwg.org/#origin-header).

pub(crate) mod engines;

use std::borrow::Cow;

use http::Method;
use url::Url;

use crate::{
    engine::Profile,
    origin::Origin,
    referrer::ReferrerPolicy,
    request::{Mode, Request, ResponseTainting},
};

/// What decides about the `Origin` header: the part of a request that [`origin_header`] reads. Each
/// member but the first two may be set.
///
/// ```
/// # use browser_cors::{origin_header::{OriginAsker, origin_header}, request::ResponseTainting};
/// # use browser_cors::url::Url;
/// let origin = "https://app.example".parse().unwrap();
/// let url = Url::parse("https://api.example/").unwrap();
/// let mut asker = OriginAsker::new(&origin, &url);
/// assert_eq!(origin_header(&asker), None);
/// asker.response_tainting = ResponseTainting::Cors;
/// assert_eq!(origin_header(&asker), Some("https://app.example"));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct OriginAsker<'a> {
    /// The request's origin.
    pub origin: &'a Origin,
    /// The current URL.
    pub url: &'a Url,
    /// The origin as it is [serialized](Request::serialized_origin). After redirects, it may be
    /// `null`.
    pub serialized_origin: &'a str,
    /// The method.
    pub method: &'a Method,
    /// The mode.
    pub mode: Mode,
    /// The response tainting.
    pub response_tainting: ResponseTainting,
    /// The referrer policy.
    pub referrer_policy: ReferrerPolicy,
}

impl<'a> OriginAsker<'a> {
    /// A `GET` of the mode "no-cors" to `url`, with the default referrer policy.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, origin_header::OriginAsker, url::Url};
    /// let (origin, url) = (Origin::opaque(), Url::parse("https://api.example/").unwrap());
    /// assert_eq!(OriginAsker::new(&origin, &url).serialized_origin, "null");
    /// ```
    pub fn new(origin: &'a Origin, url: &'a Url) -> Self {
        const GET: &Method = &Method::GET;
        Self {
            origin,
            url,
            serialized_origin: origin.serialized(),
            method: GET,
            mode: Mode::NoCors,
            response_tainting: ResponseTainting::Basic,
            referrer_policy: ReferrerPolicy::StrictOriginWhenCrossOrigin,
        }
    }

    /// Which value is sent. `keeps` tells of an engine that sends the header with a GET.
    fn value(&self, keeps: bool) -> Option<Value> {
        // Step 3.
        if self.response_tainting == ResponseTainting::Cors
            || matches!(self.mode, Mode::Websocket | Mode::Webtransport)
        {
            return Some(Value::Origin);
        }
        // Step 4.
        if matches!(*self.method, Method::GET | Method::HEAD) && !keeps {
            return None;
        }
        // Step 4.1.
        let is_null = self.mode != Mode::Cors
            && match self.referrer_policy {
                ReferrerPolicy::NoReferrer => true,
                ReferrerPolicy::NoReferrerWhenDowngrade
                | ReferrerPolicy::StrictOrigin
                | ReferrerPolicy::StrictOriginWhenCrossOrigin => {
                    self.origin.scheme() == Some("https") && self.url.scheme() != "https"
                }
                ReferrerPolicy::SameOrigin => !self.origin.is_same_origin_with_url(self.url),
                ReferrerPolicy::Empty
                | ReferrerPolicy::Origin
                | ReferrerPolicy::OriginWhenCrossOrigin
                | ReferrerPolicy::UnsafeUrl => false,
            };
        // Step 4.2.
        Some(if is_null { Value::Null } else { Value::Origin })
    }
}

/// A value of the header.
enum Value {
    /// The serialized origin.
    Origin,
    /// `null`, because of the referrer policy.
    Null,
}

/// The value of the header that [appending a request `Origin` header] appends, as the standard
/// says; `None` if it appends none. For a [`Request`], and as an engine does it, ask
/// [`request_origin_header`].
///
/// [appending a request `Origin` header]: https://fetch.spec.whatwg.org/#append-a-request-origin-header
///
/// # Examples
///
/// ```
/// use browser_cors::{http::Method, origin_header::{OriginAsker, origin_header}, url::Url};
///
/// let origin = "https://app.example".parse().unwrap();
/// let url = Url::parse("http://app.example/").unwrap();
/// let mut asker = OriginAsker::new(&origin, &url);
/// assert_eq!(origin_header(&asker), None);
/// asker.method = &Method::POST;
/// assert_eq!(origin_header(&asker), Some("null")); // as the referrer policy hides the origin
/// ```
pub fn origin_header<'a>(asker: &OriginAsker<'a>) -> Option<&'a str> {
    asker.value(false).map(|value| match value {
        Value::Origin => asker.serialized_origin,
        Value::Null => "null",
    })
}

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
    // Departs(OriginAfterRedirect)
    let asker = OriginAsker {
        serialized_origin: choices.origin_after_redirect.serialize(request),
        method: &request.method,
        mode: request.mode,
        response_tainting: request.response_tainting,
        // Departs(ReferrerPolicyInOrigin)
        referrer_policy: choices.referrer_policy_in_origin.of(request),
        ..OriginAsker::new(&request.origin, request.current_url())
    };
    // Departs(OriginOfElements)
    // Departs(OriginOfVideos)
    let value = if choices.origin_of_elements.is_sent(request)
        || choices.origin_of_videos.is_sent(request)
    {
        Value::Origin
    } else {
        // Departs(StorageAccess)
        // Departs(OriginInRedirect)
        asker.value(request.memory.lacks_storage_access || request.memory.keeps_origin)?
    };
    Some(match value {
        // Departs(OriginOfBeacon)
        Value::Origin => choices
            .origin_of_beacon
            .serialize(request)
            .unwrap_or(Cow::Borrowed(asker.serialized_origin)),
        Value::Null => Cow::Borrowed("null"),
    })
}
