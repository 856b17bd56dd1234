//! Where engines differ in main fetch: which hop needs a preflight, and which failures clear
//! entries of the preflight cache.

use crate::{
    engine::{Profile, choice::choice},
    fetch::Refusal,
    header::HeaderList,
    origin::includes_credentials,
    request::{InitiatorType, Mode, Request},
};

choice! {
    /// Step 12 of [main fetch]: whether a hop always needs a preflight if an earlier one did.
    ///
    /// [main fetch]: https://fetch.spec.whatwg.org/#concept-main-fetch
    LaterHops { DecideAnew, NeedAPreflight = PREFLIGHT_AFTER_PREFLIGHT }
}

impl LaterHops {
    pub(super) fn need_preflight(self, request: &Request) -> bool {
        self == Self::NeedAPreflight && request.memory.needed_preflight
    }
}

choice! {
    /// Step 12 of main fetch: whose headers decide whether a preflight is needed.
    DecidingHeaders { Sent, OfTheAuthor = PREFLIGHT_DECIDED_BY_AUTHOR }
}

impl DecidingHeaders {
    /// The headers that decide.
    pub(super) fn of(self, request: &Request) -> &HeaderList {
        match &request.memory.author {
            Some(author) if self == Self::OfTheAuthor => &author.header_list,
            Some(_) => &request.header_list,
            None => request.asked_header_list(),
        }
    }

    /// Whether later hops need to know the author's method and headers.
    pub(in crate::fetch) const fn are_kept(self) -> bool {
        matches!(self, Self::OfTheAuthor)
    }
}

/// Whether this hop needs a preflight, whatever its method is, because an earlier hop needed one.
pub(in crate::fetch) fn is_after_preflight(request: &Request, profile: &Profile) -> bool {
    let choices = &profile.choices;
    request.redirect_count > 0
        && request.memory.needed_preflight
        && (choices.later_hops == LaterHops::NeedAPreflight || choices.deciding_headers.are_kept())
}

choice! {
    /// Step 12 of main fetch: which network errors clear the cache entries of a request that may
    /// need a preflight.
    CacheOnError {
        Cleared,
        KeptByRedirectError = CACHE_KEPT_BY_REDIRECT_ERROR,
        Kept = CACHE_KEPT_ON_ERROR,
    }
}

impl CacheOnError {
    /// Whether any network error clears the entries.
    pub(super) const fn is_cleared(self) -> bool {
        matches!(self, Self::Cleared | Self::KeptByRedirectError)
    }

    /// Whether this network error does not clear them, because it is a redirect in the redirect
    /// mode "error".
    pub(super) const fn is_kept_after(self, refusal: &Refusal) -> bool {
        matches!((self, refusal), (Self::KeptByRedirectError, Refusal::RedirectModeError { .. }))
    }
}

choice! {
    /// Step 12 of main fetch: whether a network error also clears the cache entries of a request
    /// that needs no preflight.
    CacheOnSimpleFailure { Kept, Cleared = CACHE_CLEARED_BY_SIMPLE_FAILURE }
}

impl CacheOnSimpleFailure {
    pub(super) const fn is_cleared(self) -> bool {
        matches!(self, Self::Cleared)
    }
}

choice! {
    /// Step 6 of main fetch: whether a request whose URL is upgraded counts as one for the https URL.
    UpgradedRequest { OfHttps, OfHttp = UPGRADED_REQUEST_OF_HTTP }
}

impl UpgradedRequest {
    /// Takes note of what the URL that is about to be upgraded decides.
    pub(super) fn keep(self, request: &mut Request) {
        if self == Self::OfHttp {
            request.memory.is_upgraded = true;
            request.memory.is_tainted |= request.has_redirect_taint();
        }
    }
}

choice! {
    /// Step 7 of main fetch: whether elements without CORS, event streams and beacons may ask for a URL
    /// with a user name or password.
    UrlCredentials { Sent, Blocked = URL_CREDENTIALS_BLOCKED }
}

impl UrlCredentials {
    pub(super) fn are_blocked(self, request: &Request) -> bool {
        let is_asked = match request.initiator_type {
            None | Some(InitiatorType::Fetch | InitiatorType::Xmlhttprequest) => false,
            Some(InitiatorType::Beacon) => request.redirect_count == 0,
            // An EventSource.
            Some(InitiatorType::Other) => true,
            Some(_) => request.mode == Mode::NoCors,
        };
        self == Self::Blocked && is_asked && includes_credentials(request.current_url())
    }
}

choice! {
    /// Step 7 of main fetch: whether a redirect to mixed content is blocked before its preflight.
    MixedContentPreflight { Blocked, Sent = MIXED_CONTENT_AFTER_PREFLIGHT }
}

impl MixedContentPreflight {
    /// Whether the preflight goes out first, if the request needs one.
    pub(super) const fn comes_first(self, request: &Request) -> bool {
        matches!(self, Self::Sent) && request.redirect_count > 0
    }
}
