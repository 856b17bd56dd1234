//! [Headers](https://fetch.spec.whatwg.org/#terminology-headers): lists of names and values as bytes,
//! and the classes of headers that CORS distinguishes.

pub(crate) mod engines;
pub mod extract;
pub mod list;
pub mod mime;
pub(crate) mod names;
pub mod range;
mod read;
pub mod safelist;

pub use list::HeaderList;
pub use read::ReadHeaders;

use thiserror::Error;

/// A name or value that the standard does not allow in a header.
///
/// # Examples
///
/// ```
/// use browser_cors::header::{HeaderList, InvalidHeader};
///
/// let mut list = HeaderList::new();
/// let error = list.append("X-Value", "line\nbreak").unwrap_err();
/// assert_eq!(error.to_string(), r"the value of `X-Value` holds the byte 0x0a at index 4");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidHeader {
    /// The name is not a [header name](https://fetch.spec.whatwg.org/#header-name): it is empty, or
    /// has a byte that tokens must not have.
    #[error("`{}` is not a header name: a token was expected", .name.escape_ascii())]
    Name {
        /// The name that was given.
        name: Vec<u8>,
    },
    /// The value is not a [header value](https://fetch.spec.whatwg.org/#header-value): it has a
    /// NUL, LF or CR, or a tab or space at either end.
    #[error("the value of `{}` holds the byte 0x{byte:02x} at index {index}", .name.escape_ascii())]
    Value {
        /// The header's name.
        name: Vec<u8>,
        /// The index of the first byte that is not allowed.
        index: usize,
        /// That byte.
        byte: u8,
    },
}

/// Whether a [token](https://www.rfc-editor.org/rfc/rfc9110#name-tokens) may contain `byte`.
pub(crate) const fn is_token_byte(byte: u8) -> bool {
    TOKEN_BYTES[byte as usize]
}

/// Whether `bytes` is a token. Methods and header names are tokens.
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|byte| is_token_byte(*byte))
}

/// Whether `name` is a [header name]: a non-empty token.
///
/// [header name]: https://fetch.spec.whatwg.org/#header-name
///
/// ```
/// # use browser_cors::header::is_header_name;
/// assert!(is_header_name(b"X-Token"));
/// assert!(is_header_name(b"*"));
/// assert!(!is_header_name(b"X Token"));
/// assert!(!is_header_name(b""));
/// ```
pub fn is_header_name(name: &[u8]) -> bool {
    is_token(name)
}

/// Whether `value` is a [header value]: it has no NUL, LF or CR, and neither begins nor ends with a
/// tab or space. Every other byte is allowed, and the value may be empty.
///
/// [header value]: https://fetch.spec.whatwg.org/#header-value
///
/// ```
/// # use browser_cors::header::is_header_value;
/// assert!(is_header_value(b""));
/// assert!(is_header_value(b"caf\xE9 \x01"));
/// assert!(!is_header_value(b" padded"));
/// assert!(!is_header_value(b"nul\0"));
/// ```
pub fn is_header_value(value: &[u8]) -> bool {
    invalid_value_index(value).is_none()
}

/// [Normalizes] a value: removes tabs, spaces, LF and CR from both ends.
///
/// [Normalizes]: https://fetch.spec.whatwg.org/#concept-header-value-normalize
///
/// ```
/// # use browser_cors::header::normalize_value;
/// assert_eq!(normalize_value(b"\r\n a b\t"), b"a b");
/// ```
pub fn normalize_value(value: &[u8]) -> &[u8] {
    trim(value, |byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '))
}

/// Whether `name` is a [request-body-header name]. A redirect that drops the body removes these
/// headers. `Content-Length` is not one of them.
///
/// [request-body-header name]: https://fetch.spec.whatwg.org/#request-body-header-name
///
/// ```
/// # use browser_cors::header::is_request_body_header_name;
/// assert!(is_request_body_header_name(b"content-type"));
/// assert!(!is_request_body_header_name(b"content-length"));
/// ```
pub fn is_request_body_header_name(name: &[u8]) -> bool {
    REQUEST_BODY_HEADER_NAMES.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

/// The [request-body-header names](https://fetch.spec.whatwg.org/#request-body-header-name).
pub(crate) const REQUEST_BODY_HEADER_NAMES: [&str; 4] =
    ["Content-Encoding", "Content-Language", "Content-Location", "Content-Type"];

/// The index of the first byte of `value` that is not allowed there in a header value.
pub(crate) fn invalid_value_index(value: &[u8]) -> Option<usize> {
    let edge = |byte: &u8| matches!(byte, b'\t' | b' ');
    if value.first().is_some_and(edge) {
        return Some(0);
    }
    value
        .iter()
        .position(|byte| matches!(byte, 0 | b'\n' | b'\r'))
        .or_else(|| value.last().is_some_and(edge).then(|| value.len() - 1))
}

/// Removes the bytes for which `drop` returns `true` from both ends.
pub(crate) fn trim(bytes: &[u8], drop: impl Fn(u8) -> bool) -> &[u8] {
    let Some(start) = bytes.iter().position(|byte| !drop(*byte)) else { return &[] };
    let end = bytes.iter().rposition(|byte| !drop(*byte)).map_or(start, |last| last + 1);
    &bytes[start..end]
}

/// Removes HTTP tab or space from both ends.
pub(crate) fn trim_tab_or_space(bytes: &[u8]) -> &[u8] {
    trim(bytes, |byte| matches!(byte, b'\t' | b' '))
}

/// A table that says of each byte whether it is in `class`.
pub(crate) const fn byte_table(class: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut index = 0;
    while index < class.len() {
        table[class[index] as usize] = true;
        index += 1;
    }
    table
}

const TOKEN_BYTES: [bool; 256] =
    byte_table(b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
