//! Where engines differ in main fetch: which hop needs a preflight, and which failures clear
//! entries of the preflight cache.

use crate::{
    engine::{Profile, choice::choice},
    fetch::Refusal,
    header::HeaderList,
    request::Request,
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
    /// Step 6 of main fetch: whether the URL of a redirect can taint the request's origin before it is
    /// upgraded.
    UpgradedRedirect { Untainted, Tainted = ORIGIN_TAINTED_BEFORE_UPGRADE }
}

impl UpgradedRedirect {
    /// Whether the request's origin is tainted by the URL that is about to be upgraded.
    pub(super) fn is_tainted(self, request: &Request) -> bool {
        self == Self::Tainted && request.has_redirect_taint()
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
