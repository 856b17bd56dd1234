//! Where engines differ in CORS-preflight fetch: what they send, in which order they judge the
//! answer, and how they read its headers.

use super::PreflightFailure;
use crate::{
    engine::{Profile, choice::choice},
    fetch::http_network_or_cache_fetch::{append_cache_headers, effective_cache_mode},
    header::{
        HeaderList, ReadHeaders,
        extract::{extract_max_age, extract_tokens},
        safelist::is_cors_non_wildcard_request_header_name,
    },
    request::{CacheMode, Request},
    status::{is_ok_status, is_redirect_status},
};

choice! {
    /// Step 1 of [CORS-preflight fetch]: the cache mode of the preflight.
    ///
    /// [CORS-preflight fetch]: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    PreflightCacheMode { Default, OfRequest = CACHE_MODE_IN_PREFLIGHT }
}

impl PreflightCacheMode {
    /// Appends the headers of the cache mode.
    pub(super) fn append(self, list: &mut HeaderList, request: &Request, profile: &Profile) {
        if self == Self::OfRequest {
            append_cache_headers(list, effective_cache_mode(request, profile), profile);
        }
    }
}

choice! {
    /// Step 6 of CORS-preflight fetch: the `Origin` of a preflight after redirects have tainted the
    /// request's origin.
    PreflightOrigin { Tainted, Untainted = PREFLIGHT_ORIGIN_UNTAINTED }
}

impl PreflightOrigin {
    pub(in crate::fetch) fn serialize(self, request: &Request) -> &str {
        match self {
            Self::Tainted => request.serialized_origin(),
            Self::Untainted => request.origin.serialized(),
        }
    }
}

choice! {
    /// Step 7 of CORS-preflight fetch: whether the answer to a preflight must pass the CORS check
    /// if redirects have led away from the page's own origin and back to it.
    PreflightToOwnOrigin { Checked, Unchecked = PREFLIGHT_TO_OWN_ORIGIN_UNCHECKED }
}

impl PreflightToOwnOrigin {
    pub(in crate::fetch) fn is_checked(self, request: &Request) -> bool {
        self.is_checked_at(request.origin.is_same_origin_with_url(request.current_url()))
    }

    /// The same for a URL of which it is known whether it is of the page's own origin.
    pub(crate) fn is_checked_at(self, is_own: bool) -> bool {
        self == Self::Checked || !is_own
    }
}

choice! {
    /// Step 7 of CORS-preflight fetch: which fault of an answer is noticed first.
    PreflightOrder {
        CorsCheck,
        Status = PREFLIGHT_STATUS_FIRST,
        Redirect = PREFLIGHT_REDIRECT_FIRST,
    }
}

impl PreflightOrder {
    /// Refuses an answer for a fault that is noticed before the CORS check.
    pub(super) fn refuse_early(
        self,
        status: u16,
        headers: &(impl ReadHeaders + ?Sized),
    ) -> Result<(), PreflightFailure> {
        let is_refused = match self {
            Self::CorsCheck => false,
            Self::Status => !is_ok_status(status),
            Self::Redirect => {
                is_redirect_status(status) && headers.values_of("Location").next().is_some()
            }
        };
        if is_refused { Err(PreflightFailure::status(status, headers)) } else { Ok(()) }
    }
}

choice! {
    /// Step 7.3 of CORS-preflight fetch: when `Access-Control-Allow-Headers` is parsed.
    AllowHeaders { ReadBeforeMethod, ReadAfterMethod = ALLOW_HEADERS_READ_LAST }
}

impl AllowHeaders {
    /// Reads the names before the method is checked. If they cannot be parsed, this refuses the
    /// answer or leaves that to [`Self::read_after_method`].
    pub(super) fn read_before_method<H: ReadHeaders + ?Sized>(
        self,
        headers: &H,
    ) -> Result<Option<Vec<&str>>, PreflightFailure> {
        match (extract_tokens("Access-Control-Allow-Headers", headers), self) {
            (Ok(names), _) => Ok(names),
            (Err(_), Self::ReadAfterMethod) => Ok(None),
            (Err(failure), Self::ReadBeforeMethod) => Err(PreflightFailure::AllowHeaders(failure)),
        }
    }

    /// Refuses names that cannot be parsed, after the method is checked.
    pub(super) fn read_after_method(
        self,
        headers: &(impl ReadHeaders + ?Sized),
    ) -> Result<(), PreflightFailure> {
        if self == Self::ReadAfterMethod {
            extract_tokens("Access-Control-Allow-Headers", headers)
                .map_err(PreflightFailure::AllowHeaders)?;
        }
        Ok(())
    }
}

choice! {
    /// Step 7.4 of CORS-preflight fetch: whether a preflight that the page forces allows the
    /// request's method if the server lists no methods.
    ForcedMethod { Allowed, NotAllowed = FORCED_PREFLIGHT_METHOD_NOT_ALLOWED }
}

impl ForcedMethod {
    pub(super) const fn is_allowed(self, use_cors_preflight: bool) -> bool {
        self.counts_as_allowed() && use_cors_preflight
    }

    /// Whether a list that is not there allows the method of such a request.
    pub(crate) const fn counts_as_allowed(self) -> bool {
        matches!(self, Self::Allowed)
    }
}

choice! {
    /// Step 7.6 of CORS-preflight fetch: whether `*` covers `Authorization`.
    WildcardHeaders { AllButAuthorization, All = AUTHORIZATION_UNDER_WILDCARD }
}

impl WildcardHeaders {
    pub(crate) fn cover(self, name: &str) -> bool {
        self == Self::All || !is_cors_non_wildcard_request_header_name(name)
    }
}

choice! {
    /// Step 7.8 of CORS-preflight fetch: how `Access-Control-Max-Age` is read.
    MaxAge {
        DigitsAlone,
        Integer = MAX_AGE_OF_INTEGER,
        Digits = MAX_AGE_OF_DIGITS,
    }
}

impl MaxAge {
    /// The seconds for which the server allows the answer to be cached, if it names any.
    pub(crate) fn read(self, headers: &(impl ReadHeaders + ?Sized)) -> Option<u64> {
        match self {
            Self::DigitsAlone => extract_max_age(headers).ok().flatten(),
            // A negative number counts as 0.
            Self::Integer => {
                let value = headers.get_combined("Access-Control-Max-Age")?;
                let seconds: i64 = str::from_utf8(&value).ok()?.parse().ok()?;
                Some(seconds.try_into().unwrap_or(0))
            }
            // An empty value counts as missing, and a value with anything but digits as 0.
            Self::Digits => {
                let value = headers.get_combined("Access-Control-Max-Age");
                let value = value.filter(|value| !value.is_empty())?;
                if value.iter().any(|byte| !byte.is_ascii_digit()) {
                    return Some(0);
                }
                extract_max_age(headers).ok().flatten()
            }
        }
    }
}

choice! {
    /// Steps 7.5 and 7.7 of CORS-preflight fetch: whether the cache stores the grants of an answer
    /// that is refused.
    RefusedGrants { NotStored, Stored = CACHE_STORES_REFUSED }
}

impl RefusedGrants {
    pub(in crate::fetch) const fn are_stored(self) -> bool {
        matches!(self, Self::Stored)
    }
}

choice! {
    /// Step 7.11 of CORS-preflight fetch: whether the cache stores the grants if the cache mode is
    /// no-store.
    NoStorePreflight { Stored, NotStored = NO_STORE_KEEPS_NO_PREFLIGHT }
}

impl NoStorePreflight {
    pub(super) fn is_stored(self, cache_mode: CacheMode) -> bool {
        self == Self::Stored || cache_mode != CacheMode::NoStore
    }
}
