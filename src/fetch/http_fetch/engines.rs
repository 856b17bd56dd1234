//! Where engines differ in HTTP fetch: when they ask the preflight cache, and which answers they
//! treat as redirects.

use url::Url;

use crate::{
    engine::choice::choice,
    request::{RedirectMode, Request},
    response::{InvalidLocation, Response},
};

choice! {
    /// Step 4.1 of [HTTP fetch]: whether the preflight cache is asked if the cache mode is no-store
    /// or reload.
    ///
    /// [HTTP fetch]: https://fetch.spec.whatwg.org/#concept-http-fetch
    ReloadLookUp { Done, Skipped = RELOAD_SKIPS_PREFLIGHT_CACHE }
}

impl ReloadLookUp {
    pub(super) const fn is_skipped(self) -> bool {
        matches!(self, Self::Skipped)
    }
}

choice! {
    /// Step 4.1 of HTTP fetch: whether the preflight cache is asked if the cache mode is no-cache.
    NoCacheLookUp { Done, Skipped = NO_CACHE_SKIPS_PREFLIGHT_CACHE }
}

impl NoCacheLookUp {
    pub(super) const fn is_skipped(self) -> bool {
        matches!(self, Self::Skipped)
    }
}

choice! {
    /// Step 6.3 of HTTP fetch, for the redirect mode error: which responses are refused.
    RedirectError { AnyStatus, WithLocation = REDIRECT_ERROR_NEEDS_LOCATION }
}

impl RedirectError {
    /// Whether a redirect is refused only if it leads somewhere.
    pub(crate) const fn needs_location(self) -> bool {
        matches!(self, Self::WithLocation)
    }

    /// Whether this response counts as an ordinary one although it has a redirect status.
    pub(super) fn is_ordinary(self, request: &Request, response: &Response) -> bool {
        self == Self::WithLocation
            && request.redirect_mode == RedirectMode::Error
            && response.header_list.values("Location").all(<[u8]>::is_empty)
    }
}

choice! {
    /// Step 6.3 of HTTP fetch, for the redirect mode manual: whether `Location` is read.
    ManualRedirect { LocationUnread, NeedsUrl = MANUAL_REDIRECT_NEEDS_URL }
}

impl ManualRedirect {
    /// Refuses a redirect, although nothing will follow it.
    pub(crate) fn judge(
        self,
        location: Result<Option<Url>, InvalidLocation>,
    ) -> Result<(), InvalidLocation> {
        match (self, location) {
            (Self::NeedsUrl, Err(failure @ InvalidLocation::Url { .. })) => Err(failure),
            (Self::NeedsUrl | Self::LocationUnread, _) => Ok(()),
        }
    }
}
