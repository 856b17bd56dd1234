//! [Methods](https://fetch.spec.whatwg.org/#methods): a method is an [`http::Method`], which is a
//! token, compared byte for byte, as the standard's is.

use http::Method;

/// Whether `method` is a [CORS-safelisted method]: exactly `GET`, `HEAD` or `POST`.
///
/// [CORS-safelisted method]: https://fetch.spec.whatwg.org/#cors-safelisted-method
///
/// # Examples
///
/// ```
/// use browser_cors::{http::Method, method::is_cors_safelisted_method};
///
/// assert!(is_cors_safelisted_method(&Method::POST));
/// assert!(!is_cors_safelisted_method(&Method::PUT));
/// assert!(!is_cors_safelisted_method(&Method::from_bytes(b"get").unwrap()));
/// ```
pub const fn is_cors_safelisted_method(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::POST)
}

/// Whether `method` is a [forbidden method]: `CONNECT`, `TRACE` or `TRACK` in any case.
///
/// Takes bytes, because the values of `X-HTTP-Method` and its kin are asked too.
///
/// [forbidden method]: https://fetch.spec.whatwg.org/#forbidden-method
///
/// # Examples
///
/// ```
/// use browser_cors::method::is_forbidden_method;
///
/// assert!(is_forbidden_method(b"Trace"));
/// assert!(!is_forbidden_method(b"OPTIONS"));
/// ```
pub fn is_forbidden_method(method: &[u8]) -> bool {
    [&b"CONNECT"[..], b"TRACE", b"TRACK"].iter().any(|name| method.eq_ignore_ascii_case(name))
}

/// [Normalizes] a method: upper-cases `DELETE`, `GET`, `HEAD`, `OPTIONS`, `POST` and `PUT`, and
/// leaves every other method as it is, so that `patch` stays `patch`.
///
/// [Normalizes]: https://fetch.spec.whatwg.org/#concept-method-normalize
///
/// # Examples
///
/// ```
/// use browser_cors::{http::Method, method::normalize};
///
/// assert_eq!(normalize(Method::from_bytes(b"dElEtE").unwrap()), Method::DELETE);
/// assert_eq!(normalize(Method::from_bytes(b"patch").unwrap()).as_str(), "patch");
/// ```
pub fn normalize(method: Method) -> Method {
    [Method::DELETE, Method::GET, Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT]
        .into_iter()
        .find(|known| method.as_str().eq_ignore_ascii_case(known.as_str()))
        .unwrap_or(method)
}
