//! Where engines differ about which request headers are safe.

use super::{
    HeaderList, ReadHeaders,
    list::convert_header_names_to_a_sorted_lowercase_set,
    names::{Combined, combined, has_repeated},
    range::compare,
};
use crate::{
    engine::choice::choice,
    header::safelist::{NotSafelisted, SAFELISTED_TOTAL_LIMIT},
};

choice! {
    /// Step 2 of [parsing a single range header value]: in which case `bytes` may be written.
    ///
    /// [parsing a single range header value]: https://fetch.spec.whatwg.org/#simple-range-header-value
    RangeUnit { LowerCase, AnyCase = RANGE_UNIT_IN_ANY_CASE }
}

impl RangeUnit {
    /// Whether `value` begins with the unit.
    pub(super) fn begins(self, value: &[u8]) -> bool {
        const UNIT: &[u8] = b"bytes";
        match self {
            Self::LowerCase => value.starts_with(UNIT),
            Self::AnyCase => {
                value.get(..UNIT.len()).is_some_and(|unit| unit.eq_ignore_ascii_case(UNIT))
            }
        }
    }
}

choice! {
    /// Steps 8 and 14 of parsing a single range header value: whether a number may have a plus
    /// sign.
    RangeSign { Digits, PlusSign = RANGE_PLUS_SIGN }
}

impl RangeSign {
    /// The length of a sign at the beginning of `rest`, if digits follow.
    pub(super) fn length(self, rest: &[u8]) -> usize {
        match (self, rest) {
            (Self::PlusSign, [b'+', digit, ..]) if digit.is_ascii_digit() => 1,
            _ => 0,
        }
    }
}

choice! {
    /// Steps 8 and 14 of parsing a single range header value: how large a number may be.
    RangePosition {
        Any,
        Below2To63 = RANGE_BELOW_2_TO_63,
        Of63Bits = RANGE_OF_63_BITS,
        Below2To64 = RANGE_BELOW_2_TO_64,
    }
}

impl RangePosition {
    /// Whether this number, which has no leading zeros, is too large.
    pub(super) fn is_exceeded_by(self, digits: &str) -> bool {
        let greatest = match self {
            Self::Any => return false,
            Self::Below2To63 => "9223372036854775806",
            Self::Of63Bits => "9223372036854775807",
            Self::Below2To64 => "18446744073709551615",
        };
        compare(digits, greatest).is_gt()
    }
}

choice! {
    /// Step 2 of [CORS-safelisted request-header]: whether client hints are safelisted.
    ///
    /// [CORS-safelisted request-header]: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
    ClientHints { Unsafe, Safelisted = CLIENT_HINTS_SAFELISTED }
}

impl ClientHints {
    /// Judges a header if it is a safelisted client hint; `None` for any other header.
    pub(super) fn judge(self, name: &[u8], value: &[u8]) -> Option<Result<(), NotSafelisted>> {
        if self == Self::Unsafe {
            return None;
        }
        let is = |known: &[u8]| name.eq_ignore_ascii_case(known);
        let is_integer =
            |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        let has_its_syntax = if is(b"dpr") || is(b"device-memory") || is(b"downlink") {
            let mut parts = value.splitn(2, |byte| *byte == b'.');
            parts.all(is_integer)
        } else if is(b"rtt") || is(b"width") || is(b"viewport-width") {
            is_integer(value)
        } else if is(b"ect") {
            matches!(value, b"slow-2g" | b"2g" | b"3g" | b"4g")
        } else if is(b"save-data") {
            value.eq_ignore_ascii_case(b"on")
        } else if is(b"intervention") {
            true
        } else {
            return None;
        };
        Some(if has_its_syntax { Ok(()) } else { Err(NotSafelisted::ClientHint) })
    }
}

choice! {
    /// Step 2 of CORS-safelisted request-header: whether an author's `User-Agent` is sent.
    AuthorUserAgent { Sent, Ignored = USER_AGENT_SAFELISTED }
}

impl AuthorUserAgent {
    /// Whether the user agent ignores this header, however long its value is.
    pub(super) fn ignores(self, name: &[u8]) -> bool {
        self == Self::Ignored && name.eq_ignore_ascii_case(b"user-agent")
    }

    /// Removes the author's header from the list that is sent, if the user agent ignores it.
    pub(crate) fn strip(self, list: &mut HeaderList) {
        if self == Self::Ignored {
            list.delete("User-Agent");
        }
    }
}

choice! {
    /// [CORS-unsafe request-header byte]: whether the bytes 0x80 to 0xff are unsafe.
    ///
    /// [CORS-unsafe request-header byte]: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
    HighBytes { Safe, Unsafe = HIGH_BYTES_UNSAFE }
}

impl HighBytes {
    pub(super) const fn is_unsafe(self, byte: u8) -> bool {
        matches!(self, Self::Unsafe) && !byte.is_ascii()
    }
}

choice! {
    /// Step 2 of CORS-safelisted request-header, for `Content-Type`: whether a comma makes the
    /// value unsafe.
    ContentTypeComma { PartOfParameters, Unsafe = CONTENT_TYPE_WITHOUT_COMMA }
}

impl ContentTypeComma {
    pub(super) fn judge(self, value: &[u8]) -> Result<(), NotSafelisted> {
        match self {
            Self::Unsafe if value.contains(&b',') => Err(NotSafelisted::NotAMimeType),
            Self::Unsafe | Self::PartOfParameters => Ok(()),
        }
    }
}

choice! {
    /// Step 2 of CORS-safelisted request-header, for `Content-Type`: whether a semicolon at the end
    /// makes the value unsafe if parameters stand before it.
    ContentTypeSemicolon { Ignored, UnsafeAfterParameters = CONTENT_TYPE_WITH_LAST_SEMICOLON }
}

impl ContentTypeSemicolon {
    pub(super) fn judge(self, value: &[u8]) -> Result<(), NotSafelisted> {
        match self {
            Self::UnsafeAfterParameters
                if value.strip_suffix(b";").is_some_and(|rest| rest.contains(&b';')) =>
            {
                Err(NotSafelisted::NotAMimeType)
            }
            Self::UnsafeAfterParameters | Self::Ignored => Ok(()),
        }
    }
}

choice! {
    /// Step 4 of [CORS-unsafe request-header names]: whether the values of a repeated name are
    /// judged and sent apart, or combined.
    ///
    /// [CORS-unsafe request-header names]: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    RepeatedNames { Apart, Combined = COMBINED_VALUES }
}

impl RepeatedNames {
    /// The combined values, if they are judged in place of the lines. If no name is repeated, this
    /// makes no difference.
    pub(super) fn judged<H: ReadHeaders + ?Sized>(self, headers: &H) -> Option<Combined<'_>> {
        (self == Self::Combined && has_repeated(headers)).then(|| combined(headers))
    }

    /// Combines the lines of each name into one, if this engine sends them so.
    pub(crate) fn combine(self, list: &mut HeaderList) {
        if self == Self::Combined {
            list.combine_repeated();
        }
    }
}

choice! {
    /// Step 5 of CORS-unsafe request-header names: whether the total size of safelisted values is
    /// limited.
    TotalLimit { Limited, Unlimited = NO_TOTAL_LIMIT }
}

impl TotalLimit {
    pub(super) const fn is_exceeded_by(self, total: usize) -> bool {
        matches!(self, Self::Limited) && total > SAFELISTED_TOTAL_LIMIT
    }
}

choice! {
    /// Step 6 of CORS-unsafe request-header names: whether a repeated name is listed only once.
    RequestHeaderNames { Set, List = DUPLICATE_REQUEST_HEADER_NAMES }
}

impl RequestHeaderNames {
    /// The names in lower case, sorted.
    pub(super) fn sort<'a>(self, names: impl Iterator<Item = &'a str>) -> Vec<String> {
        match self {
            Self::Set => convert_header_names_to_a_sorted_lowercase_set(names),
            Self::List => {
                let mut names: Vec<_> = names.map(str::to_ascii_lowercase).collect();
                names.sort_unstable();
                names
            }
        }
    }
}
