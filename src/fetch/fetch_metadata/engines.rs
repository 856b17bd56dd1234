//! Where engines differ in Fetch Metadata.

use std::slice;

use url::Url;

use super::Kind;
use crate::{
    engine::choice::choice,
    origin::are_same_origin,
    referrer::is_potentially_trustworthy,
    request::{Mode, Request},
};

choice! {
    /// Step 8.13 of [HTTP-network-or-cache fetch]: what a preflight has if its URL, or the fetch's
    /// first one, is not potentially trustworthy.
    ///
    /// [HTTP-network-or-cache fetch]: https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
    PreflightWithoutTls {
        ByUrl,
        Mode = PREFLIGHT_MODE_WITHOUT_TLS,
        ByFirstUrl = PREFLIGHT_METADATA_BY_FIRST_URL,
    }
}

impl PreflightWithoutTls {
    /// Whether a preflight has the mode, and nothing else, at a URL that is not potentially
    /// trustworthy.
    pub(super) const fn has_mode(self) -> bool {
        matches!(self, Self::Mode)
    }

    /// Whether a preflight has nothing, though its URL is potentially trustworthy.
    pub(super) fn is_silent(self, request: &Request) -> bool {
        self == Self::ByFirstUrl && !is_potentially_trustworthy(request.url())
    }
}

choice! {
    /// Step 8.13 of HTTP-network-or-cache fetch: from which origin to which URLs a preflight goes.
    PreflightSite {
        UrlList,
        OwnUrl = PREFLIGHT_SITE_OF_URL,
        TaintedOrigin = PREFLIGHT_SITE_OF_TAINTED_ORIGIN,
    }
}

impl PreflightSite {
    /// The URLs that count, or `None` if the origin is foreign to all of them.
    pub(super) fn urls(self, request: &Request) -> Option<&[Url]> {
        match self {
            Self::UrlList => Some(request.url_list()),
            Self::TaintedOrigin if request.serialized_origin() == "null" => None,
            Self::OwnUrl | Self::TaintedOrigin => Some(slice::from_ref(request.current_url())),
        }
    }
}

choice! {
    /// Step 8.13 of HTTP-network-or-cache fetch: whether a request with CORS has the headers if a
    /// redirect has just led it to another origin.
    MetadataInRedirect { Sent, Dropped = NO_FETCH_METADATA_IN_REDIRECT }
}

impl MetadataInRedirect {
    pub(super) fn is_dropped(self, request: &Request, kind: Kind) -> bool {
        let has_left_origin = || match request.url_list() {
            [.., before, url] => !are_same_origin(before, url),
            _ => false,
        };
        self == Self::Dropped
            && kind == Kind::Request
            && request.mode == Mode::Cors
            && has_left_origin()
    }
}
