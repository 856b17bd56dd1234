//! Where engines differ in HTTP-network-or-cache fetch: credentials, cache modes, and what their
//! network stacks make of the bytes on the wire.

use crate::{
    engine::choice::choice,
    header::{HeaderList, extract::extract_location, list::isomorphic_decode},
    request::{CacheMode, InitiatorType, Mode, Request},
    response::{InvalidLocation, engines::has_one_location},
};

choice! {
    /// Step 8.3 of [HTTP-network-or-cache fetch]: credentials with the mode same-origin, after a
    /// redirect to another origin.
    ///
    /// [HTTP-network-or-cache fetch]: https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
    CredentialsInRedirect { Dropped, Kept = CREDENTIALS_KEPT_IN_REDIRECT }
}

impl CredentialsInRedirect {
    /// Whether they go along: without CORS, if the fetch began at the page's own origin.
    pub(super) fn are_kept(self, request: &Request) -> bool {
        self == Self::Kept
            && request.mode == Mode::NoCors
            && request.origin.is_same_origin_with_url(request.url())
    }
}

choice! {
    /// Step 8.16 of HTTP-network-or-cache fetch: the cache mode of a request with a conditional
    /// header.
    ConditionalRequests {
        NoStore,
        NoCache = CONDITIONAL_IS_NO_CACHE,
        FetchAlone = CONDITIONAL_XHR_IS_DEFAULT,
    }
}

impl ConditionalRequests {
    pub(super) fn cache_mode(self, request: &Request) -> CacheMode {
        match self {
            Self::NoCache => CacheMode::NoCache,
            Self::FetchAlone if request.initiator_type == Some(InitiatorType::Xmlhttprequest) => {
                CacheMode::Default
            }
            Self::FetchAlone | Self::NoStore => CacheMode::NoStore,
        }
    }
}

choice! {
    /// Step 11.2 of HTTP-network-or-cache fetch: the bytes of a request header from 0x80 on.
    RequestBytes { AsTheyAre, Utf8 = REQUEST_BYTES_AS_UTF8 }
}

impl RequestBytes {
    pub(super) fn encode(self, list: &mut HeaderList) {
        if self == Self::Utf8 {
            list.replace_values(|value| {
                (!value.is_ascii()).then(|| isomorphic_decode(value).into_bytes())
            });
        }
    }
}

choice! {
    /// Step 11.2 of HTTP-network-or-cache fetch: the bytes of a response header that are no UTF-8.
    ResponseBytes { AsTheyAre, Replaced = RESPONSE_BYTES_REPLACED }
}

impl ResponseBytes {
    /// Replaces each of these bytes by a U+FFFD in UTF-8, if that is how headers are read.
    pub(in crate::fetch) fn decode(self, list: &mut HeaderList) {
        if self == Self::AsTheyAre {
            return;
        }
        list.replace_values(|value| {
            let is_replaced = str::from_utf8(value).is_err();
            is_replaced.then(|| {
                let mut text = String::with_capacity(3 * value.len());
                for chunk in value.utf8_chunks() {
                    text.push_str(chunk.valid());
                    text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
                }
                text.into_bytes()
            })
        });
    }
}

choice! {
    /// Step 2 of [get]: empty lines beside others of the same name, in a response.
    ///
    /// [get]: https://fetch.spec.whatwg.org/#concept-header-list-get
    EmptyResponseLines { Kept, Dropped = EMPTY_RESPONSE_LINES_DROPPED }
}

impl EmptyResponseLines {
    /// Drops them from what the algorithms read, but for headers that are counted or read singly.
    pub(in crate::fetch) fn drop_for_algorithms(self, list: &mut HeaderList) {
        if self == Self::Dropped {
            list.drop_empty_lines(&[
                "Access-Control-Allow-Origin",
                "Location",
                "X-Content-Type-Options",
            ]);
        }
    }

    /// Drops them from what the page reads, but for what main fetch step 20 asks for.
    pub(in crate::fetch) fn drop_for_page(self, list: &mut HeaderList) {
        if self == Self::Dropped {
            list.drop_empty_lines(&["X-Content-Type-Options"]);
        }
    }
}

choice! {
    /// Step 11.2 of HTTP-network-or-cache fetch: lines of `Location` that differ.
    DifferentLocations { MatterInRedirects, Error = DIFFERENT_LOCATIONS_ARE_ERROR }
}

impl DifferentLocations {
    /// Refuses them, whatever the status is.
    pub(in crate::fetch) fn judge(self, list: &HeaderList) -> Result<(), InvalidLocation> {
        if self == Self::Error && !has_one_location(list) {
            extract_location(list).map_err(InvalidLocation::Header)?;
        }
        Ok(())
    }
}

choice! {
    /// Step 16 of HTTP-network-or-cache fetch: the status 407 where nobody can be prompted.
    ProxyAuthentication { Error, Response = PROXY_AUTHENTICATION_IS_RESPONSE }
}

impl ProxyAuthentication {
    pub(super) const fn is_error(self) -> bool {
        matches!(self, Self::Error)
    }
}
