//! Where engines differ in HTTP-network-or-cache fetch: credentials, cache modes, and how their
//! network stacks write and read bytes.

use crate::{
    engine::choice::choice,
    fetch::Refusal,
    header::{HeaderList, extract::extract_location, list::isomorphic_decode},
    request::{CacheMode, InitiatorType, Mode, Request},
    response::{InvalidLocation, engines::has_one_location},
};

choice! {
    /// Step 8.3 of [HTTP-network-or-cache fetch]: whether a redirect to another origin drops the
    /// credentials of a request whose credentials mode is same-origin.
    ///
    /// [HTTP-network-or-cache fetch]: https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
    CredentialsInRedirect { Dropped, Kept = CREDENTIALS_KEPT_IN_REDIRECT }
}

impl CredentialsInRedirect {
    /// Whether the redirect keeps the credentials: if the request has no CORS, and the fetch began
    /// at the page's own origin.
    pub(super) fn are_kept(self, request: &Request) -> bool {
        self == Self::Kept
            && request.mode == Mode::NoCors
            && request.origin.is_same_origin_with_url(request.url())
    }
}

choice! {
    /// Step 8.16 of HTTP-network-or-cache fetch: the cache mode of a request that has a conditional
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
    /// Step 8.18 of HTTP-network-or-cache fetch: whether the cache mode "no-store" shows in headers.
    NoStoreHeaders { Appended, Missing = NO_STORE_WITHOUT_HEADERS }
}

impl NoStoreHeaders {
    pub(super) const fn are_missing(self) -> bool {
        matches!(self, Self::Missing)
    }
}

choice! {
    /// Step 8.13 of HTTP-network-or-cache fetch: whether a page may set
    /// `Access-Control-Request-Private-Network`.
    PrivateNetworkHeader { Sent, Dropped = PRIVATE_NETWORK_HEADER_DROPPED }
}

impl PrivateNetworkHeader {
    /// Removes the page's header, as if it were forbidden.
    pub(in crate::fetch) fn drop_from(self, request: &mut Request) {
        if self == Self::Dropped {
            request.header_list.delete("Access-Control-Request-Private-Network");
        }
    }
}

choice! {
    /// Step 11.2 of HTTP-network-or-cache fetch: how the bytes 0x80 to 0xff in a request header are
    /// sent.
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
    /// Step 11.2 of HTTP-network-or-cache fetch: how the bytes of a response header that are not
    /// valid UTF-8 are read.
    ResponseBytes { AsTheyAre, Replaced = RESPONSE_BYTES_REPLACED }
}

impl ResponseBytes {
    /// Replaces each of these bytes with U+FFFD in UTF-8, if this engine does so.
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
    /// Step 2 of [get]: whether a response keeps an empty header line if it has other lines of the
    /// same name.
    ///
    /// [get]: https://fetch.spec.whatwg.org/#concept-header-list-get
    EmptyResponseLines { Kept, Dropped = EMPTY_RESPONSE_LINES_DROPPED }
}

impl EmptyResponseLines {
    /// Drops such lines before the algorithms read the headers. It keeps the lines of headers that
    /// the algorithms count or read line by line.
    pub(in crate::fetch) fn drop_for_algorithms(self, list: &mut HeaderList) {
        if self == Self::Dropped {
            list.drop_empty_lines(&[
                "Access-Control-Allow-Origin",
                "Location",
                "X-Content-Type-Options",
            ]);
        }
    }

    /// Drops such lines before the page reads the headers. It keeps the header that main fetch
    /// step 20 reads.
    pub(in crate::fetch) fn drop_for_page(self, list: &mut HeaderList) {
        if self == Self::Dropped {
            list.drop_empty_lines(&["X-Content-Type-Options"]);
        }
    }
}

choice! {
    /// Step 11.2 of HTTP-network-or-cache fetch: whether different `Location` lines matter only in
    /// redirects.
    DifferentLocations { MatterInRedirects, Error = DIFFERENT_LOCATIONS_ARE_ERROR }
}

impl DifferentLocations {
    /// Refuses different lines, whatever the status is.
    pub(in crate::fetch) fn judge(self, list: &HeaderList) -> Result<(), InvalidLocation> {
        if self == Self::Error && !has_one_location(list) {
            extract_location(list).map_err(InvalidLocation::Header)?;
        }
        Ok(())
    }
}

choice! {
    /// Step 16 of HTTP-network-or-cache fetch: what the status 407 means if no user can be
    /// prompted.
    ProxyAuthentication { Error, Response = PROXY_AUTHENTICATION_IS_RESPONSE }
}

impl ProxyAuthentication {
    pub(super) const fn is_error(self) -> bool {
        matches!(self, Self::Error)
    }
}

choice! {
    /// Step 8.13 of HTTP-network-or-cache fetch: whether a page may set a header that the engine sets
    /// itself and the standard does not forbid.
    OwnHeaders { OfThePageToo, Refused = AVAILABLE_DICTIONARY_REFUSED }
}

impl OwnHeaders {
    /// Refuses a request in which the page set such a header.
    pub(in crate::fetch) fn judge(self, request: &Request) -> Result<(), Refusal> {
        const NAME: &str = "Available-Dictionary";
        if self == Self::Refused && request.header_list.contains(NAME) {
            return Err(Refusal::OwnHeader { name: NAME });
        }
        Ok(())
    }
}

choice! {
    /// Step 11 of HTTP-network-or-cache fetch: whether a request of the cache mode "only-if-cached" is
    /// sent if nothing is cached.
    OnlyIfCached { Refused, Sent = ONLY_IF_CACHED_SENT }
}

impl OnlyIfCached {
    pub(super) const fn is_sent(self) -> bool {
        matches!(self, Self::Sent)
    }
}
