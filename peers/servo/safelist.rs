//! In place of the functions of `net_traits::request`.

use browser_cors::{
    header::safelist::{cors_safelisted_request_header, cors_unsafe_request_header_names},
    method,
};
use http::{HeaderMap, HeaderName, Method};

use super::PROFILE;

/// Whether a header is a [CORS-safelisted request-header].
///
/// [CORS-safelisted request-header]: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
pub fn is_cors_safelisted_request_header<N: AsRef<str>, V: AsRef<[u8]>>(
    name: &N,
    value: &V,
) -> bool {
    cors_safelisted_request_header(name.as_ref(), value.as_ref(), &PROFILE).is_ok()
}

/// Whether `value` is one of a safelisted `Content-Type`.
pub fn is_cors_safelisted_request_content_type(value: &[u8]) -> bool {
    is_cors_safelisted_request_header(&"content-type", &value)
}

/// Whether `value` is one of a safelisted `Range`.
pub fn is_cors_safelisted_request_range(value: &[u8]) -> bool {
    is_cors_safelisted_request_header(&"range", &value)
}

/// Whether a method is a [CORS-safelisted method].
///
/// [CORS-safelisted method]: https://fetch.spec.whatwg.org/#cors-safelisted-method
pub const fn is_cors_safelisted_method(method: &Method) -> bool {
    method::is_cors_safelisted_method(method)
}

/// Whether a name is a [CORS non-wildcard request-header name].
///
/// [CORS non-wildcard request-header name]: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
pub fn is_cors_non_wildcard_request_header_name(name: &HeaderName) -> bool {
    browser_cors::header::safelist::is_cors_non_wildcard_request_header_name(name.as_str())
}

/// The [CORS-unsafe request-header names] of a list, sorted.
///
/// [CORS-unsafe request-header names]: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
pub fn get_cors_unsafe_header_names(headers: &HeaderMap) -> Vec<HeaderName> {
    let names = cors_unsafe_request_header_names(headers, &PROFILE);
    names.iter().filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok()).collect()
}
