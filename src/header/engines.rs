//! Where engines differ in what they take for safe request headers.

use std::borrow::Cow;

use super::{HeaderList, list::convert_header_names_to_a_sorted_lowercase_set, range::compare};
use crate::{
    engine::choice::choice,
    header::safelist::{NotSafelisted, SAFELISTED_TOTAL_LIMIT},
};

choice! {
    /// Step 2 of [parsing a single range header value]: the case of `bytes`.
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
    /// Steps 8 and 14 of parsing a single range header value: whether a number may have a plus sign.
    RangeSign { Digits, PlusSign = RANGE_PLUS_SIGN }
}

impl RangeSign {
    /// How many bytes of `rest` are a sign before digits.
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
        Below2To64 = RANGE_BELOW_2_TO_64,
    }
}

impl RangePosition {
    /// Whether a number without leading zeros is too large.
    pub(super) fn is_exceeded_by(self, digits: &str) -> bool {
        let greatest = match self {
            Self::Any => return false,
            Self::Below2To63 => "9223372036854775806",
            Self::Below2To64 => "18446744073709551615",
        };
        compare(digits, greatest).is_gt()
    }
}

choice! {
    /// Step 2 of [CORS-safelisted request-header]: whether client hints are.
    ///
    /// [CORS-safelisted request-header]: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
    ClientHints { Unsafe, Safelisted = CLIENT_HINTS_SAFELISTED }
}

impl ClientHints {
    /// What to say of a header that is a client hint; `None` for any other.
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
    /// Step 2 of CORS-safelisted request-header: what becomes of an author's `User-Agent`.
    AuthorUserAgent { Sent, Ignored = USER_AGENT_SAFELISTED }
}

impl AuthorUserAgent {
    /// Whether the user agent takes no notice of this header, however long it is.
    pub(super) fn ignores(self, name: &[u8]) -> bool {
        self == Self::Ignored && name.eq_ignore_ascii_case(b"user-agent")
    }

    /// Takes the author's header off the list of what goes out, if it is ignored.
    pub(crate) fn strip(self, list: &mut HeaderList) {
        if self == Self::Ignored {
            list.delete("User-Agent");
        }
    }
}

choice! {
    /// [CORS-unsafe request-header byte]: whether the bytes from 0x80 on are.
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
    /// Step 2 of CORS-safelisted request-header, for `Content-Type`: whether a comma ends the type.
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
    /// Step 2 of CORS-safelisted request-header, for `Content-Type`: a semicolon at its end.
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
    /// Step 4 of [CORS-unsafe request-header names]: what is judged and sent where a name is
    /// repeated.
    ///
    /// [CORS-unsafe request-header names]: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    RepeatedNames { Apart, Combined = COMBINED_VALUES }
}

impl RepeatedNames {
    /// How the values of `headers` are to be judged. Where no name is repeated, it does not matter.
    pub(super) fn of(self, headers: &HeaderList) -> Self {
        if self == Self::Combined && headers.has_repeated_names() {
            Self::Combined
        } else {
            Self::Apart
        }
    }

    /// The value to judge for the header at `index`; `None` if an earlier one stands for it.
    pub(super) fn value<'a>(
        self,
        headers: &'a HeaderList,
        index: usize,
        value: &'a [u8],
    ) -> Option<Cow<'a, [u8]>> {
        match self {
            Self::Apart => Some(Cow::Borrowed(value)),
            Self::Combined => headers.combined_value(index),
        }
    }

    /// Makes one line of each name, if that is how headers go out.
    pub(crate) fn combine(self, list: &mut HeaderList) {
        if self == Self::Combined {
            list.combine_repeated();
        }
    }
}

choice! {
    /// Step 5 of CORS-unsafe request-header names: whether safelisted values have a limit together.
    TotalLimit { Limited, Unlimited = NO_TOTAL_LIMIT }
}

impl TotalLimit {
    pub(super) const fn is_exceeded_by(self, total: usize) -> bool {
        matches!(self, Self::Limited) && total > SAFELISTED_TOTAL_LIMIT
    }
}

choice! {
    /// Step 6 of CORS-unsafe request-header names: whether a name is listed once.
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
