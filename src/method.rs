//! [Methods](https://fetch.spec.whatwg.org/#methods). As in the standard, an [`http::Method`] is a
//! token, and methods are equal only if their bytes are.

use http::Method;
use thiserror::Error;

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
/// The argument is bytes because it can also be a value of `X-HTTP-Method` or a similar header.
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

/// Parses a method that a page gave, one byte for each character, and [normalizes](normalize) it.
///
/// # Errors
///
/// If the method is not a token, or is forbidden.
///
/// # Examples
///
/// ```
/// use browser_cors::method::{InvalidMethod, parse};
///
/// assert_eq!(parse(b"put").unwrap(), "PUT");
/// assert_eq!(parse(b"track"), Err(InvalidMethod::Forbidden { method: b"track".to_vec() }));
/// ```
pub fn parse(method: &[u8]) -> Result<Method, InvalidMethod> {
    match Method::from_bytes(method) {
        Err(_) => Err(InvalidMethod::NotAToken { method: method.to_owned() }),
        Ok(_) if is_forbidden_method(method) => {
            Err(InvalidMethod::Forbidden { method: method.to_owned() })
        }
        Ok(valid) => Ok(normalize(valid)),
    }
}

/// Why a page cannot use a text as a method.
///
/// ```
/// # use browser_cors::method::parse;
/// assert_eq!(parse(b"two words").unwrap_err().to_string(), "`two words` is not a method");
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard tells two cases apart")]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidMethod {
    /// The text is not a [method](https://fetch.spec.whatwg.org/#concept-method), because it is not a
    /// token.
    #[error("`{}` is not a method", .method.escape_ascii())]
    NotAToken {
        /// The text.
        method: Vec<u8>,
    },
    /// The text is a [forbidden method](is_forbidden_method).
    #[error("the method {} is forbidden", .method.escape_ascii())]
    Forbidden {
        /// The text.
        method: Vec<u8>,
    },
}
