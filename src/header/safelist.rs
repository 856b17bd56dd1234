//! The classes of headers that CORS distinguishes by their names and values.

use std::borrow::Cow;

use thiserror::Error;

use super::{
    ReadHeaders, byte_table,
    list::{get_decode_and_split_value, name_as_text},
    mime,
    range::{RangeFailure, Whitespace, parse_a_single_range_header_value},
};
use crate::{engine::Profile, method::is_forbidden_method};

/// The longest value, in bytes, that a CORS-safelisted request-header may have.
///
/// ```
/// assert_eq!(browser_cors::header::safelist::SAFELISTED_VALUE_LIMIT, 128);
/// ```
pub const SAFELISTED_VALUE_LIMIT: usize = 128;

/// The greatest total length, in bytes, of the values of all CORS-safelisted request-headers.
///
/// ```
/// assert_eq!(browser_cors::header::safelist::SAFELISTED_TOTAL_LIMIT, 1024);
/// ```
pub const SAFELISTED_TOTAL_LIMIT: usize = 1024;

/// Why a header is not a CORS-safelisted request-header, and so makes a preflight necessary. The
/// variants are in the order of the standard's steps.
///
/// # Examples
///
/// ```
/// # use browser_cors::engine::Profile;
/// use browser_cors::header::safelist::{NotSafelisted, cors_safelisted_request_header};
///
/// let reason = cors_safelisted_request_header("Accept", b"text/html?", &Profile::STANDARD).unwrap_err();
/// assert_eq!(reason, NotSafelisted::UnsafeByte { index: 9, byte: b'?' });
/// assert_eq!(reason.to_string(), "its value has the unsafe byte `?` at index 9");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum NotSafelisted {
    /// Step 1: the value is longer than [`SAFELISTED_VALUE_LIMIT`].
    #[error("its value has {length} bytes, more than {SAFELISTED_VALUE_LIMIT}")]
    TooLong {
        /// The length of the value in bytes.
        length: usize,
    },
    /// Step 2: the value has a byte that is not allowed in this header.
    #[error("its value has the unsafe byte `{}` at index {index}", .byte.escape_ascii())]
    UnsafeByte {
        /// The index of the first such byte.
        index: usize,
        /// That byte.
        byte: u8,
    },
    /// Step `2[content-type].3`: the value is not a MIME type.
    #[error("its value is not a MIME type")]
    NotAMimeType,
    /// Step `2[content-type].4`: the value is a MIME type, but not one of the three types of HTML
    /// forms.
    #[error(
        "its value is none of application/x-www-form-urlencoded, multipart/form-data and text/plain"
    )]
    MimeType,
    /// Step `2[range].2`: the value is not a single range.
    #[error("its value is not a single range: {0}")]
    NotASingleRange(RangeFailure),
    /// Step `2[range].3`: the range has no start.
    #[error("its value is a range without a start")]
    RangeWithoutStart,
    /// Step `2[otherwise]`, for an engine that safelists client hints: the value does not have the
    /// syntax of this client hint.
    #[error("its value is not valid for this client hint")]
    ClientHint,
    /// Step `2[otherwise]`: the name is not one of the five safelisted names.
    #[error("its name is not safelisted")]
    Name,
    /// CORS-unsafe request-header names step 5: the header itself is safe, but the values of all
    /// safe headers together have more than [`SAFELISTED_TOTAL_LIMIT`] bytes.
    #[error(
        "the safelisted values together have {total} bytes, more than {SAFELISTED_TOTAL_LIMIT}"
    )]
    TotalTooLong {
        /// The total length of all safelisted values, in bytes.
        total: usize,
    },
}

/// Checks that a header is a [CORS-safelisted request-header].
///
/// # Errors
///
/// If the standard returns false. The variants of [`NotSafelisted`] are the steps that do so.
///
/// [CORS-safelisted request-header]: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
///
/// # Examples
///
/// ```
/// # use browser_cors::engine::Profile;
/// use browser_cors::header::safelist::{NotSafelisted, cors_safelisted_request_header};
///
/// assert_eq!(cors_safelisted_request_header("Content-Type", b"text/plain;charset=utf-8", &Profile::STANDARD), Ok(()));
/// assert_eq!(
///     cors_safelisted_request_header("Content-Type", b"application/json", &Profile::STANDARD),
///     Err(NotSafelisted::MimeType),
/// );
/// ```
pub fn cors_safelisted_request_header(
    name: impl AsRef<[u8]>,
    value: &[u8],
    profile: &Profile,
) -> Result<(), NotSafelisted> {
    let (name, choices) = (name.as_ref(), &profile.choices);
    // Departs(AuthorUserAgent)
    if choices.author_user_agent.ignores(name) {
        return Ok(());
    }
    // Step 1.
    if value.len() > SAFELISTED_VALUE_LIMIT {
        return Err(NotSafelisted::TooLong { length: value.len() });
    }
    // Departs(HighBytes)
    let is_unsafe =
        |byte: u8| is_cors_unsafe_request_header_byte(byte) || choices.high_bytes.is_unsafe(byte);
    // Step 2.
    if name.eq_ignore_ascii_case(b"accept") {
        // Step 2[accept].
        no_byte(value, is_unsafe)
    } else if name.eq_ignore_ascii_case(b"accept-language")
        || name.eq_ignore_ascii_case(b"content-language")
    {
        // Step 2[accept-language].
        no_byte(value, |byte| {
            !byte.is_ascii_alphanumeric()
                && !matches!(byte, b' ' | b'*' | b',' | b'-' | b'.' | b';' | b'=')
        })
    } else if name.eq_ignore_ascii_case(b"content-type") {
        // Step 2[content-type].
        no_byte(value, is_unsafe)?;
        // Departs(ContentTypeComma)
        choices.content_type_comma.judge(value)?;
        // Departs(ContentTypeSemicolon)
        choices.content_type_semicolon.judge(value)?;
        let (kind, subtype) = mime::parse_essence(value).ok_or(NotSafelisted::NotAMimeType)?;
        let is_safelisted = SAFELISTED_ESSENCES.iter().any(|(a, b)| {
            kind.eq_ignore_ascii_case(a.as_bytes()) && subtype.eq_ignore_ascii_case(b.as_bytes())
        });
        if is_safelisted { Ok(()) } else { Err(NotSafelisted::MimeType) }
    } else if name.eq_ignore_ascii_case(b"range") {
        // Step 2[range].
        let range = parse_a_single_range_header_value(value, Whitespace::Refused, profile)
            .map_err(NotSafelisted::NotASingleRange)?;
        range.start.map(drop).ok_or(NotSafelisted::RangeWithoutStart)
    } else {
        // Step 2[otherwise].
        // Departs(ClientHints)
        choices.client_hints.judge(name, value).unwrap_or(Err(NotSafelisted::Name))
    }
    // Step 3.
}

/// Whether a byte is a [CORS-unsafe request-header byte]. The bytes 0x80 to 0xff are not.
///
/// [CORS-unsafe request-header byte]: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
///
/// ```
/// # use browser_cors::header::safelist::is_cors_unsafe_request_header_byte;
/// assert!(is_cors_unsafe_request_header_byte(b'"'));
/// assert!(!is_cors_unsafe_request_header_byte(b'\t'));
/// assert!(!is_cors_unsafe_request_header_byte(0xE9));
/// ```
pub const fn is_cors_unsafe_request_header_byte(byte: u8) -> bool {
    CORS_UNSAFE_REQUEST_HEADER_BYTES[byte as usize]
}

/// The headers that make a preflight necessary, each with its reason, in the order of the list.
/// This function does not allocate.
///
/// [`cors_unsafe_request_header_names`] returns their names in lower case, sorted and without
/// duplicates.
///
/// # Examples
///
/// ```
/// # use browser_cors::engine::Profile;
/// use browser_cors::header::{HeaderList, safelist::{NotSafelisted, cors_unsafe_request_headers}};
///
/// let list = HeaderList::try_from([("Accept", "*/*"), ("X-Token", "1")]).unwrap();
/// let unsafe_headers: Vec<_> = cors_unsafe_request_headers(&list, &Profile::STANDARD).collect();
/// assert_eq!(unsafe_headers, [("X-Token", NotSafelisted::Name)]);
/// ```
pub fn cors_unsafe_request_headers<'a, H: ReadHeaders + ?Sized>(
    headers: &'a H,
    profile: &'a Profile,
) -> impl Iterator<Item = (&'a str, NotSafelisted)> {
    let choices = &profile.choices;
    // Departs(RepeatedNames)
    let combined = choices.repeated_names.judged(headers);
    // Steps 1 to 4. Ours: where all values together are short, the safelisted ones are.
    let length: usize = headers.lines().map(|(_, value)| value.len()).sum();
    let total = match &combined {
        _ if length <= SAFELISTED_TOTAL_LIMIT => 0,
        Some(combined) => {
            safelisted_total(combined.iter().map(|(name, value)| (*name, &**value)), profile)
        }
        None => safelisted_total(headers.lines(), profile),
    };
    // Step 5.
    // Departs(TotalLimit)
    let too_long = choices.total_limit.is_exceeded_by(total);
    let lines = combined.is_none().then(|| headers.lines());
    let lines = lines.into_iter().flatten().map(|(name, value)| (name, Cow::Borrowed(value)));
    lines.chain(combined.into_iter().flatten()).filter_map(move |(name, value)| {
        match cors_safelisted_request_header(name, &value, profile) {
            Err(reason) => Some((name_as_text(name), reason)),
            Ok(()) if too_long => Some((name_as_text(name), NotSafelisted::TotalTooLong { total })),
            Ok(()) => None,
        }
    })
}

/// Whether [`cors_unsafe_request_headers`] has any item.
pub(crate) fn has_cors_unsafe_request_header(
    headers: &(impl ReadHeaders + ?Sized),
    profile: &Profile,
) -> bool {
    let choices = &profile.choices;
    if choices.repeated_names.judged(headers).is_some() {
        return cors_unsafe_request_headers(headers, profile).next().is_some();
    }
    let mut total = 0;
    headers.lines().any(|(name, value)| {
        if choices.author_user_agent.ignores(name) {
            return false;
        }
        // Whether or not a value that exceeds the limit is safe, its header is not.
        total += value.len();
        choices.total_limit.is_exceeded_by(total)
            || cors_safelisted_request_header(name, value, profile).is_err()
    })
}

/// The total length of the safelisted values.
fn safelisted_total<'a>(
    headers: impl Iterator<Item = (&'a [u8], &'a [u8])>,
    profile: &Profile,
) -> usize {
    headers
        .filter(|(name, value)| {
            !profile.choices.author_user_agent.ignores(name)
                && cors_safelisted_request_header(name, value, profile).is_ok()
        })
        .map(|(_, value)| value.len())
        .sum()
}

/// The [CORS-unsafe request-header names] of a list, which `Access-Control-Request-Headers` lists.
///
/// [CORS-unsafe request-header names]: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
///
/// # Examples
///
/// ```
/// # use browser_cors::engine::Profile;
/// use browser_cors::header::{HeaderList, safelist::cors_unsafe_request_header_names};
///
/// let list = HeaderList::try_from([
///     ("X-PINGOTHER", "pingpong"),
///     ("Content-Type", "text/xml"),
///     ("Accept", "*/*"),
/// ]).unwrap();
/// assert_eq!(cors_unsafe_request_header_names(&list, &Profile::STANDARD), ["content-type", "x-pingother"]);
/// ```
pub fn cors_unsafe_request_header_names(
    headers: &(impl ReadHeaders + ?Sized),
    profile: &Profile,
) -> Vec<String> {
    let choices = &profile.choices;
    // Step 6.
    // Departs(RequestHeaderNames)
    if choices.repeated_names.judged(headers).is_some() {
        let names = cors_unsafe_request_headers(headers, profile).map(|(name, _)| name);
        return choices.request_header_names.sort(names);
    }
    // Ours: this judges each header once. If safe values are too long together, all headers are unsafe.
    let (mut names, mut total) = (Vec::new(), 0);
    for (name, value) in headers.lines() {
        if cors_safelisted_request_header(name, value, profile).is_err() {
            names.push(name_as_text(name));
        } else if !choices.author_user_agent.ignores(name) {
            total += value.len();
        }
    }
    if choices.total_limit.is_exceeded_by(total) {
        names = headers.lines().map(|(name, _)| name_as_text(name)).collect();
    }
    choices.request_header_names.sort(names.into_iter())
}

/// Whether `name` is a [CORS non-wildcard request-header name]: `Authorization`.
///
/// [CORS non-wildcard request-header name]: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
///
/// ```
/// # use browser_cors::header::safelist::is_cors_non_wildcard_request_header_name;
/// assert!(is_cors_non_wildcard_request_header_name("authorization"));
/// assert!(!is_cors_non_wildcard_request_header_name("cookie"));
/// ```
pub fn is_cors_non_wildcard_request_header_name(name: &str) -> bool {
    name.eq_ignore_ascii_case(CORS_NON_WILDCARD_REQUEST_HEADER_NAME)
}

/// The only [CORS non-wildcard request-header name](is_cors_non_wildcard_request_header_name).
pub(crate) const CORS_NON_WILDCARD_REQUEST_HEADER_NAME: &str = "Authorization";

/// Whether `name` is a [privileged no-CORS request-header name]: `Range`.
///
/// [privileged no-CORS request-header name]: https://fetch.spec.whatwg.org/#privileged-no-cors-request-header-name
///
/// ```
/// # use browser_cors::header::safelist::is_privileged_no_cors_request_header_name;
/// assert!(is_privileged_no_cors_request_header_name("range"));
/// ```
pub fn is_privileged_no_cors_request_header_name(name: &str) -> bool {
    name.eq_ignore_ascii_case(PRIVILEGED_NO_CORS_REQUEST_HEADER_NAME)
}

/// The only [privileged no-CORS request-header name](is_privileged_no_cors_request_header_name).
pub(crate) const PRIVILEGED_NO_CORS_REQUEST_HEADER_NAME: &str = "Range";

/// Whether `name` is a [CORS-safelisted response-header name], given the response's
/// [CORS-exposed header-name list].
///
/// [CORS-safelisted response-header name]: https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
/// [CORS-exposed header-name list]: https://fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list
///
/// # Examples
///
/// ```
/// use browser_cors::header::safelist::is_cors_safelisted_response_header_name;
///
/// assert!(is_cors_safelisted_response_header_name("Content-Length", &[]));
/// assert!(is_cors_safelisted_response_header_name("x-id", &["X-ID"]));
/// assert!(!is_cors_safelisted_response_header_name("Set-Cookie", &["Set-Cookie"]));
/// ```
pub fn is_cors_safelisted_response_header_name(name: &str, list: &[&str]) -> bool {
    is_safelisted_or_listed(name.as_bytes(), |_| {
        list.iter().any(|listed| listed.eq_ignore_ascii_case(name))
    })
}

/// [`is_cors_safelisted_response_header_name`] for a list of any type.
pub(crate) fn is_safelisted_or_listed(name: &[u8], is_listed: impl FnOnce(&[u8]) -> bool) -> bool {
    is_any_of(name, &CORS_SAFELISTED_RESPONSE_HEADER_NAMES)
        || (!is_set_cookie(name) && is_listed(name))
}

/// Whether `name` is a [no-CORS-safelisted request-header name].
///
/// [no-CORS-safelisted request-header name]: https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name
///
/// ```
/// # use browser_cors::header::safelist::is_no_cors_safelisted_request_header_name;
/// assert!(is_no_cors_safelisted_request_header_name("accept"));
/// assert!(!is_no_cors_safelisted_request_header_name("range"));
/// ```
pub fn is_no_cors_safelisted_request_header_name(name: &str) -> bool {
    ["Accept", "Accept-Language", "Content-Language", "Content-Type"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// Whether a header is a [no-CORS-safelisted request-header].
///
/// [no-CORS-safelisted request-header]: https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
///
/// ```
/// # use browser_cors::engine::Profile;
/// # use browser_cors::header::safelist::is_no_cors_safelisted_request_header;
/// assert!(is_no_cors_safelisted_request_header("Accept-Language", b"fr", &Profile::STANDARD));
/// assert!(!is_no_cors_safelisted_request_header("Range", b"bytes=0-", &Profile::STANDARD));
/// ```
pub fn is_no_cors_safelisted_request_header(name: &str, value: &[u8], profile: &Profile) -> bool {
    // Step 1.
    is_no_cors_safelisted_request_header_name(name)
        // Step 2.
        && cors_safelisted_request_header(name, value, profile).is_ok()
}

/// Whether a header is a [forbidden request-header], which a page cannot set. Its name is forbidden
/// or begins with `Proxy-` or `Sec-`, or it is `X-HTTP-Method` or a similar header that names a
/// forbidden method.
///
/// [forbidden request-header]: https://fetch.spec.whatwg.org/#forbidden-request-header
///
/// # Examples
///
/// ```
/// use browser_cors::header::safelist::is_forbidden_request_header;
///
/// assert!(is_forbidden_request_header("Sec-Anything", b""));
/// assert!(is_forbidden_request_header("X-HTTP-Method", b"GET, trace"));
/// assert!(!is_forbidden_request_header("User-Agent", b"mine"));
/// ```
pub fn is_forbidden_request_header(name: &str, value: &[u8]) -> bool {
    // Steps 1 and 2.
    if is_any_of(name.as_bytes(), &FORBIDDEN_REQUEST_HEADER_NAMES)
        || starts_with(name, "proxy-")
        || starts_with(name, "sec-")
    {
        return true;
    }
    // Step 3.
    is_any_of(name.as_bytes(), &["X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override"])
        && get_decode_and_split_value(value)
            .iter()
            .any(|method| is_forbidden_method(method.as_bytes()))
    // Step 4.
}

/// Whether `name` is a [forbidden response-header name]: `Set-Cookie` or `Set-Cookie2`.
///
/// [forbidden response-header name]: https://fetch.spec.whatwg.org/#forbidden-response-header-name
///
/// ```
/// # use browser_cors::header::safelist::is_forbidden_response_header_name;
/// assert!(is_forbidden_response_header_name("set-cookie"));
/// ```
pub fn is_forbidden_response_header_name(name: &str) -> bool {
    is_set_cookie(name.as_bytes())
}

/// [`is_forbidden_response_header_name`] for bytes.
pub(crate) fn is_set_cookie(name: &[u8]) -> bool {
    is_any_of(name, &["Set-Cookie", "Set-Cookie2"])
}

fn no_byte(value: &[u8], is_unsafe: impl Fn(u8) -> bool) -> Result<(), NotSafelisted> {
    match value.iter().position(|byte| is_unsafe(*byte)) {
        None => Ok(()),
        Some(index) => Err(NotSafelisted::UnsafeByte { index, byte: value[index] }),
    }
}

fn is_any_of(name: &[u8], names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

fn starts_with(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

const SAFELISTED_ESSENCES: [(&str, &str); 3] =
    [("application", "x-www-form-urlencoded"), ("multipart", "form-data"), ("text", "plain")];

const CORS_UNSAFE_REQUEST_HEADER_BYTES: [bool; 256] = byte_table(
    b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0A\x0B\x0C\x0D\x0E\x0F\x10\x11\x12\x13\x14\x15\x16\x17\
      \x18\x19\x1A\x1B\x1C\x1D\x1E\x1F\"():<>?@[\\]{}\x7F",
);

const CORS_SAFELISTED_RESPONSE_HEADER_NAMES: [&str; 7] = [
    "Cache-Control",
    "Content-Language",
    "Content-Length",
    "Content-Type",
    "Expires",
    "Last-Modified",
    "Pragma",
];

const FORBIDDEN_REQUEST_HEADER_NAMES: [&str; 21] = [
    "Accept-Charset",
    "Accept-Encoding",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Method",
    "Connection",
    "Content-Length",
    "Cookie",
    "Cookie2",
    "Date",
    "DNT",
    "Expect",
    "Host",
    "Keep-Alive",
    "Origin",
    "Referer",
    "Set-Cookie",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Via",
];
