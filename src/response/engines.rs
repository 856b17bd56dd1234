//! Where engines differ about which responses are redirects, and where they lead.

use std::borrow::Cow;

use super::InvalidLocation;
use crate::{
    engine::choice::choice,
    header::{ReadHeaders, extract::extract_location, list::isomorphic_decode},
    status::is_redirect_status,
};

choice! {
    /// Step 1 of [location URL], and HTTP fetch step 6: which statuses are redirects.
    ///
    /// [location URL]: https://fetch.spec.whatwg.org/#concept-response-location-url
    RedirectStatuses { Five, AndUndefined = REDIRECT_OF_OTHER_STATUSES }
}

impl RedirectStatuses {
    /// Whether the status of a response is one. An undefined status counts only if `Location` is not
    /// empty.
    #[inline]
    pub(crate) fn are_of(self, status: u16, headers: &(impl ReadHeaders + ?Sized)) -> bool {
        is_redirect_status(status)
            || (self == Self::AndUndefined
                && matches!(status, 309..=399)
                && headers.values_of("Location").any(|line| !line.is_empty()))
    }
}

choice! {
    /// Step 2 of location URL: which value several lines of `Location` have.
    SeveralLocations {
        Failure,
        IdenticalAreOne = IDENTICAL_LOCATIONS_ARE_ONE,
        Combined = LOCATIONS_ARE_COMBINED,
    }
}

impl SeveralLocations {
    pub(super) fn extract<H: ReadHeaders + ?Sized>(
        self,
        headers: &H,
    ) -> Result<Option<Cow<'_, [u8]>>, InvalidLocation> {
        match self {
            Self::Combined => Ok(headers.get_combined("Location")),
            Self::IdenticalAreOne if has_one_location(headers) => {
                Ok(headers.values_of("Location").next().map(Cow::Borrowed))
            }
            Self::IdenticalAreOne | Self::Failure => {
                let location = extract_location(headers).map_err(InvalidLocation::Header)?;
                Ok(location.map(Cow::Borrowed))
            }
        }
    }
}

choice! {
    /// Step 3 of location URL: what an empty `Location` means.
    EmptyLocation {
        SameUrl,
        NoRedirect = EMPTY_LOCATION_IS_NO_REDIRECT,
        Error = EMPTY_LOCATION_IS_ERROR,
    }
}

impl EmptyLocation {
    pub(super) fn judge(
        self,
        location: Cow<'_, [u8]>,
    ) -> Result<Option<Cow<'_, [u8]>>, InvalidLocation> {
        match self {
            Self::NoRedirect if location.is_empty() => Ok(None),
            Self::Error if location.is_empty() => Err(InvalidLocation::Empty),
            Self::NoRedirect | Self::Error | Self::SameUrl => Ok(Some(location)),
        }
    }
}

choice! {
    /// Step 3 of location URL: how the bytes 0x80 to 0xff are read.
    LocationBytes { Characters, PercentEncoded = LOCATION_OF_BYTES }
}

impl LocationBytes {
    pub(super) fn decode(self, location: &[u8]) -> String {
        match self {
            Self::Characters => isomorphic_decode(location),
            Self::PercentEncoded => {
                let mut text = String::with_capacity(location.len());
                for byte in location {
                    if byte.is_ascii() {
                        text.push(char::from(*byte));
                    } else {
                        text.push_str(&format!("%{byte:02X}"));
                    }
                }
                text
            }
        }
    }
}

choice! {
    /// Step 3 of location URL: whether a tab is escaped before the URL is parsed.
    LocationTab { LeftToTheParser, Escaped = LOCATION_TAB_ESCAPED }
}

impl LocationTab {
    pub(super) fn escape(self, text: String) -> String {
        match self {
            Self::LeftToTheParser => text,
            Self::Escaped => text.replace('\t', "%09"),
        }
    }
}

/// Whether all lines of `Location` are equal.
pub(crate) fn has_one_location(headers: &(impl ReadHeaders + ?Sized)) -> bool {
    let mut lines = headers.values_of("Location");
    let first = lines.next();
    lines.all(|line| Some(line) == first)
}
