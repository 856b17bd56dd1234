//! The part of a request that decides about its preflight.

use http::Method;

use super::main_fetch::engines::is_after_preflight;
use crate::{
    engine::Profile,
    header::HeaderList,
    request::{CredentialsMode, Request},
};

/// What a preflight is about: the part of a request that decides whether there is a preflight, and
/// that the answer must allow. A user agent that has requests of its own asks with this, and
/// without a copy of its headers.
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     engine::Profile, fetch::PreflightRequest, http::{HeaderMap, HeaderValue, Method, header},
///     preflight_cache::{CacheQuery, PreflightCache, Timestamp}, url::Url,
/// };
///
/// let url = Url::parse("https://api.example/items").unwrap();
/// let origin = "https://app.example";
/// let mut headers = HeaderMap::new();
/// headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
///
/// let asked = PreflightRequest::new(origin, &Method::POST, &headers);
/// let cache = PreflightCache::new();
/// let matches = cache.matches(CacheQuery::new(origin, &url), Timestamp::default());
/// assert!(asked.needs_preflight(&matches, &Profile::STANDARD));
///
/// let answer = [("access-control-allow-origin", "*")];
/// let failure = asked.judge_response(204, &answer, &Profile::STANDARD).unwrap_err();
/// assert_eq!(failure.to_string(), "Access-Control-Allow-Headers does not list content-type");
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct PreflightRequest<'a, H: ?Sized> {
    /// The request's origin, as it is [serialized](Request::serialized_origin).
    pub origin: &'a str,
    /// The method.
    pub method: &'a Method,
    /// The headers.
    pub headers: &'a H,
    /// The credentials mode. It is "same-origin" unless it is set.
    pub credentials_mode: CredentialsMode,
    /// The use-CORS-preflight flag. It is not set unless it is set here.
    pub use_cors_preflight: bool,
    /// Whether an earlier hop needed a preflight, for an engine that does not decide anew.
    pub(super) is_after_preflight: bool,
    /// Whether the answer must pass the CORS check.
    pub(super) is_checked: bool,
}

impl<'a, H: ?Sized> PreflightRequest<'a, H> {
    /// What the preflight of a request with this origin, method and headers is about.
    ///
    /// ```
    /// # use browser_cors::{fetch::PreflightRequest, header::HeaderList, http::Method};
    /// # use browser_cors::request::CredentialsMode;
    /// let headers = HeaderList::new();
    /// let mut asked = PreflightRequest::new("https://app.example", &Method::PUT, &headers);
    /// asked.credentials_mode = CredentialsMode::Include;
    /// assert!(!asked.use_cors_preflight);
    /// ```
    pub const fn new(origin: &'a str, method: &'a Method, headers: &'a H) -> Self {
        Self {
            origin,
            method,
            headers,
            credentials_mode: CredentialsMode::SameOrigin,
            use_cors_preflight: false,
            is_after_preflight: false,
            is_checked: true,
        }
    }
}

impl<'a> PreflightRequest<'a, HeaderList> {
    pub(super) fn of(request: &'a Request, profile: &Profile) -> Self {
        let choices = &profile.choices;
        // Departs(PreflightOrigin)
        let origin = choices.preflight_origin.serialize(request);
        Self {
            credentials_mode: request.credentials_mode,
            use_cors_preflight: request.use_cors_preflight,
            // Departs(LaterHops)
            // Departs(DecidingHeaders)
            is_after_preflight: is_after_preflight(request, profile),
            // Departs(PreflightToOwnOrigin)
            is_checked: choices.preflight_to_own_origin.is_checked(request),
            ..Self::new(origin, &request.method, request.asked_header_list())
        }
    }
}
