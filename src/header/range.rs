//! [Simple range header values](https://fetch.spec.whatwg.org/#simple-range-header-value), whose
//! numbers may have any length.

use std::cmp::Ordering;

use thiserror::Error;

use super::engines::{RangePosition, RangeSign};
use crate::engine::Profile;

/// A single range. Its start and end are digits without leading zeros.
///
/// The standard's numbers have no upper limit, so this crate keeps and compares them as digits.
///
/// # Examples
///
/// ```
/// # use browser_cors::engine::Profile;
/// use browser_cors::header::range::{Whitespace, parse_a_single_range_header_value};
///
/// let range = parse_a_single_range_header_value(b"bytes=007-99999999999999999999", Whitespace::Refused, &Profile::STANDARD)?;
/// assert_eq!(range.start, Some("7"));
/// assert_eq!(range.end, Some("99999999999999999999"));
/// # Ok::<(), browser_cors::header::range::RangeFailure>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SingleRange<'a> {
    /// The index of the first byte; `None` for a range such as `bytes=-500`.
    pub start: Option<&'a str>,
    /// The index of the last byte, or the number of bytes if there is no start; `None` for a range
    /// such as `bytes=500-`.
    pub end: Option<&'a str>,
}

/// Why a value is not a single range. The variants are in the order of the standard's steps.
///
/// ```
/// # use browser_cors::engine::Profile;
/// use browser_cors::header::range::{RangeFailure, Whitespace, parse_a_single_range_header_value};
///
/// let failure = parse_a_single_range_header_value(b"bytes=2-1", Whitespace::Refused, &Profile::STANDARD).unwrap_err();
/// assert_eq!(failure, RangeFailure::Backwards);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum RangeFailure {
    /// Step 2: the value does not begin with `bytes`, in lower case.
    #[error("it does not begin with `bytes`")]
    Unit,
    /// Step 5: there is no `=` after `bytes`.
    #[error("`=` was expected at index {index}")]
    NoEqualsSign {
        /// The index at which it was expected.
        index: usize,
    },
    /// Step 8 or 14, for an engine that limits the numbers: this number is too large.
    #[error("the number at index {index} is too large")]
    TooLarge {
        /// The index at which the number begins.
        index: usize,
    },
    /// Step 11: there is no `-` after the start.
    #[error("`-` was expected at index {index}")]
    NoHyphen {
        /// The index at which it was expected.
        index: usize,
    },
    /// Step 16: something follows the range.
    #[error("the range ends at index {index}, and something follows it")]
    Trailing {
        /// The index at which the range ends.
        index: usize,
    },
    /// Step 17: there is neither a start nor an end.
    #[error("it has neither a start nor an end")]
    Empty,
    /// Step 18: the start is greater than the end.
    #[error("its start is greater than its end")]
    Backwards,
}

/// Whether white space may stand between the parts of a range: the standard's *allowWhitespace*.
///
/// ```
/// # use browser_cors::header::range::Whitespace;
/// assert_eq!(Whitespace::default(), Whitespace::Refused);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard tells two cases apart")]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Whitespace {
    /// It may not, as in a safelisted request header.
    #[default]
    Refused,
    /// It may, as where the range of a `blob:` URL is asked for.
    Allowed,
}

/// [Parses a single range header value].
///
/// # Errors
///
/// If a step of the standard returns failure. Each variant of [`RangeFailure`] is such a step.
///
/// [Parses a single range header value]: https://fetch.spec.whatwg.org/#simple-range-header-value
///
/// # Examples
///
/// ```
/// # use browser_cors::engine::Profile;
/// use browser_cors::header::range::{Whitespace, parse_a_single_range_header_value};
///
/// assert!(parse_a_single_range_header_value(b"bytes=256-", Whitespace::Refused, &Profile::STANDARD).is_ok());
/// assert!(parse_a_single_range_header_value(b"bytes = 0 - 1", Whitespace::Refused, &Profile::STANDARD).is_err());
/// assert!(parse_a_single_range_header_value(b"bytes = 0 - 1", Whitespace::Allowed, &Profile::STANDARD).is_ok());
/// ```
pub fn parse_a_single_range_header_value<'a>(
    value: &'a [u8],
    whitespace: Whitespace,
    profile: &Profile,
) -> Result<SingleRange<'a>, RangeFailure> {
    let choices = &profile.choices;
    let (sign, limit) = (choices.range_sign, choices.range_position);
    // Steps 1 to 3.
    // Departs(RangeUnit)
    if !choices.range_unit.begins(value) {
        return Err(RangeFailure::Unit);
    }
    let mut data = Cursor { data: value, position: "bytes".len() };
    // Steps 4 to 6.
    data.skip_whitespace(whitespace);
    if !data.skip(b"=") {
        return Err(RangeFailure::NoEqualsSign { index: data.position });
    }
    // Steps 7 to 9.
    data.skip_whitespace(whitespace);
    let start = data.position(sign, limit)?;
    // Steps 10 to 12.
    data.skip_whitespace(whitespace);
    if !data.skip(b"-") {
        return Err(RangeFailure::NoHyphen { index: data.position });
    }
    // Steps 13 to 15.
    data.skip_whitespace(whitespace);
    let end = data.position(sign, limit)?;
    // Step 16.
    if data.position != value.len() {
        return Err(RangeFailure::Trailing { index: data.position });
    }
    // Steps 17 and 18.
    match (start, end) {
        (None, None) => Err(RangeFailure::Empty),
        (Some(start), Some(end)) if compare(start, end).is_gt() => Err(RangeFailure::Backwards),
        // Step 19.
        _ => Ok(SingleRange { start, end }),
    }
}

/// Compares two numbers that have no leading zeros.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

struct Cursor<'a> {
    data: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    fn skip(&mut self, expected: &[u8]) -> bool {
        let found = self.data[self.position..].starts_with(expected);
        if found {
            self.position += expected.len();
        }
        found
    }

    fn skip_whitespace(&mut self, whitespace: Whitespace) {
        while whitespace == Whitespace::Allowed
            && matches!(self.data.get(self.position), Some(b'\t' | b' '))
        {
            self.position += 1;
        }
    }

    /// Reads digits as a number, if there are any.
    fn position(
        &mut self,
        sign: RangeSign,
        limit: RangePosition,
    ) -> Result<Option<&'a str>, RangeFailure> {
        let index = self.position;
        // Departs(RangeSign)
        self.position += sign.length(&self.data[index..]);
        let digits = self.digits();
        // Departs(RangePosition)
        match digits {
            Some(digits) if limit.is_exceeded_by(digits) => Err(RangeFailure::TooLarge { index }),
            digits => Ok(digits),
        }
    }

    fn digits(&mut self) -> Option<&'a str> {
        let start = self.position;
        while self.data.get(self.position).is_some_and(u8::is_ascii_digit) {
            self.position += 1;
        }
        let digits = str::from_utf8(&self.data[start..self.position]).expect("digits are ASCII");
        match digits.trim_start_matches('0') {
            "" if digits.is_empty() => None,
            "" => Some("0"),
            significant => Some(significant),
        }
    }
}
