//! The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).

use thiserror::Error;

use crate::{code::Code, header::ReadHeaders, request::CredentialsMode, spec::Step};

/// Performs a [CORS check]: decides whether a page may read a response with these headers. `origin`
/// is the request's origin as it is [serialized](crate::request::Request::serialized_origin).
///
/// A browser does this check last on an actual response, and first on a preflight response. The
/// check compares bytes: it refuses `True`, a trailing slash, an explicit default port, and a
/// second origin in the same header.
///
/// # Errors
///
/// If a step of the standard returns failure. Each variant of [`CorsCheckFailure`] is one way to
/// fail, with the bytes that caused it. An error here describes the server; it does not mean that
/// the caller made a mistake.
///
/// [CORS check]: https://fetch.spec.whatwg.org/#concept-cors-check
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     cors_check::{CorsCheckSuccess, cors_check}, http::{HeaderMap, HeaderValue},
///     request::CredentialsMode,
/// };
///
/// let origin = "https://app.example";
/// let mut headers = HeaderMap::new();
/// headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
/// assert_eq!(cors_check(origin, CredentialsMode::Omit, &headers), Ok(CorsCheckSuccess::Wildcard));
///
/// let failure = cors_check(origin, CredentialsMode::Include, &headers).unwrap_err();
/// assert_eq!(failure.step().path(), "4");
/// ```
pub fn cors_check(
    origin: &str,
    credentials_mode: CredentialsMode,
    headers: &(impl ReadHeaders + ?Sized),
) -> Result<CorsCheckSuccess, CorsCheckFailure> {
    let includes_credentials = credentials_mode == CredentialsMode::Include;
    // Step 1.
    let Some(allowed) = headers.get_combined("Access-Control-Allow-Origin") else {
        // Step 2.
        return Err(CorsCheckFailure::NoAllowOrigin);
    };
    // Step 3.
    if !includes_credentials && *allowed == *b"*" {
        return Ok(CorsCheckSuccess::Wildcard);
    }
    // Step 4.
    if origin.as_bytes() != &*allowed {
        let lines = headers.values_of("Access-Control-Allow-Origin").map(<[u8]>::to_vec);
        return Err(origin_failure(origin, lines.collect()));
    }
    // Step 5.
    if !includes_credentials {
        return Ok(CorsCheckSuccess::Origin);
    }
    // Step 6.
    let credentials = headers.get_combined("Access-Control-Allow-Credentials");
    // Step 7.
    if credentials.as_deref() == Some(b"true") {
        return Ok(CorsCheckSuccess::OriginWithCredentials);
    }
    // Step 8.
    Err(CorsCheckFailure::CredentialsNotAllowed { found: credentials.map(Into::into) })
}

/// Distinguishes the ways in which step 4 can fail.
#[cold]
fn origin_failure(expected: &str, lines: Vec<Vec<u8>>) -> CorsCheckFailure {
    let expected = expected.to_owned();
    match <[_; 1]>::try_from(lines) {
        Ok([found]) if found == b"*" => CorsCheckFailure::WildcardWithCredentials { expected },
        Ok([found]) => CorsCheckFailure::OriginMismatch { expected, found },
        Err(lines) => CorsCheckFailure::SeveralAllowOrigin { expected, lines },
    }
}

/// Why a [`cors_check`] succeeded.
///
/// ```
/// # use browser_cors::cors_check::CorsCheckSuccess;
/// assert_eq!(CorsCheckSuccess::Wildcard.to_string(), "any origin may read it without credentials");
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard returns success at three steps")]
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum CorsCheckSuccess {
    /// Step 3: the value is `*`, and the credentials mode is not "include".
    #[error("any origin may read it without credentials")]
    Wildcard,
    /// Step 5: the value is the request's origin, and the credentials mode is not "include".
    #[error("this origin may read it")]
    Origin,
    /// Step 7: the value is the request's origin, and the response allows credentials.
    #[error("this origin may read it with credentials")]
    OriginWithCredentials,
}

/// Why a [`cors_check`] failed. The variants are in the order of the standard's steps.
///
/// ```
/// # use browser_cors::cors_check::CorsCheckFailure;
/// let failure = CorsCheckFailure::CredentialsNotAllowed { found: Some(b"True".to_vec()) };
/// assert_eq!(failure.to_string(), "Access-Control-Allow-Credentials is `True`, not `true`");
/// assert_eq!(failure.code(), "allow-credentials-not-true");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum CorsCheckFailure {
    /// Step 2: the response has no `Access-Control-Allow-Origin`.
    #[error("there is no Access-Control-Allow-Origin")]
    NoAllowOrigin,
    /// Step 4: there are several `Access-Control-Allow-Origin` lines, and their combined value is
    /// not the request's origin.
    #[error("there are {} Access-Control-Allow-Origin lines, which are read as one value", .lines.len())]
    SeveralAllowOrigin {
        /// The request's origin, serialized.
        expected: String,
        /// The value of each line.
        lines: Vec<Vec<u8>>,
    },
    /// Step 4: `Access-Control-Allow-Origin` is `*`, and the credentials mode is "include".
    #[error("Access-Control-Allow-Origin is `*`, which does not allow requests with credentials")]
    WildcardWithCredentials {
        /// The request's origin, serialized.
        expected: String,
    },
    /// Step 4: `Access-Control-Allow-Origin` is not the request's origin, byte for byte.
    #[error("Access-Control-Allow-Origin is `{}`, not `{expected}`", .found.escape_ascii())]
    OriginMismatch {
        /// The request's origin, serialized.
        expected: String,
        /// The header's value.
        found: Vec<u8>,
    },
    /// Step 8: the request includes credentials and `Access-Control-Allow-Credentials` is not
    /// `true`.
    #[error("Access-Control-Allow-Credentials is {}, not `true`", shown(.found.as_deref()))]
    CredentialsNotAllowed {
        /// The header's value, with its lines joined, if the response has the header.
        found: Option<Vec<u8>>,
    },
}

impl CorsCheckFailure {
    /// The step of the standard that returned failure.
    pub const fn step(&self) -> Step {
        Step::new(
            "concept-cors-check",
            match self {
                Self::NoAllowOrigin => "2",
                Self::SeveralAllowOrigin { .. }
                | Self::WildcardWithCredentials { .. }
                | Self::OriginMismatch { .. } => "4",
                Self::CredentialsNotAllowed { .. } => "8",
            },
        )
    }

    /// The stable code of this reason.
    pub const fn code(&self) -> Code {
        match self {
            Self::NoAllowOrigin => Code::AllowOriginMissing,
            Self::SeveralAllowOrigin { .. } => Code::AllowOriginSeveral,
            Self::WildcardWithCredentials { .. } => Code::AllowOriginWildcardWithCredentials,
            Self::OriginMismatch { .. } => Code::AllowOriginMismatch,
            Self::CredentialsNotAllowed { .. } => Code::AllowCredentialsNotTrue,
        }
    }
}

fn shown(value: Option<&[u8]>) -> String {
    value.map_or_else(|| "missing".to_owned(), |value| format!("`{}`", value.escape_ascii()))
}
