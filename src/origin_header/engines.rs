//! Where engines differ in the `Origin` header of requests without CORS.

use std::borrow::Cow;

use http::Method;

use crate::{
    engine::choice::choice,
    environment::Environment,
    origin::{Origin, RegistrableDomain, are_same_origin},
    referrer::ReferrerPolicy,
    request::{CredentialsMode, InitiatorType, Mode, Request},
};

/// Whether any redirect led from one origin to another.
fn has_left_origin(request: &Request) -> bool {
    request.url_list().windows(2).any(|pair| !are_same_origin(&pair[0], &pair[1]))
}

choice! {
    /// Step 2 of [append a request `Origin` header]: the value after redirects, for a request
    /// without CORS.
    ///
    /// [append a request `Origin` header]: https://fetch.spec.whatwg.org/#append-a-request-origin-header
    OriginAfterRedirect { ByTaint, NullAfterAny = ORIGIN_NULL_AFTER_REDIRECT }
}

impl OriginAfterRedirect {
    /// The serialized origin of a request, which may be one without CORS.
    pub(super) fn serialize(self, request: &Request) -> &str {
        match self {
            Self::NullAfterAny if request.mode == Mode::NoCors && has_left_origin(request) => {
                "null"
            }
            Self::NullAfterAny | Self::ByTaint => request.serialized_origin(),
        }
    }
}

choice! {
    /// Step 2 of append a request `Origin` header: the value for a beacon of a sandboxed page.
    OriginOfBeacon { Own, OfReferrer = ORIGIN_OF_BEACON_REFERRER }
}

impl OriginOfBeacon {
    /// The origin of the page's URL, if the engine sends it in place of an opaque origin. It does
    /// so until a redirect leads to another origin.
    #[inline]
    pub(super) fn serialize(self, request: &Request) -> Option<Cow<'static, str>> {
        let is_concerned = self == Self::OfReferrer
            && request.initiator_type == Some(InitiatorType::Beacon)
            && request.mode == Mode::NoCors
            && request.origin.is_opaque()
            && !has_left_origin(request);
        let client: &Environment = request.client.as_deref().filter(|_| is_concerned)?;
        Some(Cow::Owned(Origin::from(&client.creation_url).serialized().to_owned()))
    }
}

choice! {
    /// Step 3 of append a request `Origin` header: whether requests with CORS for images, scripts,
    /// style sheets and fonts have the header also if they go to the page's own origin.
    OriginOfElements { ToOthers, Always = ORIGIN_OF_ELEMENTS }
}

impl OriginOfElements {
    /// Whether the header is sent. The engine sets it together with the mode, and does not look at
    /// the URL.
    pub(super) fn is_sent(self, request: &Request) -> bool {
        use InitiatorType::{Css, Img, Script};
        self == Self::Always
            && request.mode == Mode::Cors
            && matches!(request.initiator_type, Some(Img | Script | Css))
    }
}

choice! {
    /// Step 3 of append a request `Origin` header: whether requests with CORS for videos have the
    /// header also if they go to the page's own origin.
    OriginOfVideos { ToOthers, Always = ORIGIN_OF_VIDEOS }
}

impl OriginOfVideos {
    pub(super) fn is_sent(self, request: &Request) -> bool {
        self == Self::Always
            && request.mode == Mode::Cors
            && request.initiator_type == Some(InitiatorType::Video)
    }
}

choice! {
    /// Step 4 of append a request `Origin` header: whether a GET has the header if its page lacks
    /// [storage access].
    ///
    /// [storage access]: https://privacycg.github.io/storage-access/
    StorageAccess { NotAsked, NullWithout = ORIGIN_WITHOUT_STORAGE_ACCESS }
}

impl StorageAccess {
    /// Whether a request without CORS includes credentials that its page could get only by storage
    /// access: the page is a third party, and the URL has the site of the top-level page.
    #[inline]
    pub(crate) fn is_lacking(self, request: &Request, sites: &dyn RegistrableDomain) -> bool {
        if self == Self::NotAsked {
            return false;
        }
        let Some(client) = &request.client else { return false };
        let Some(top_level) = &client.network_partition_key else { return false };
        request.mode == Mode::NoCors
            && request.credentials_mode == CredentialsMode::Include
            && matches!(request.method, Method::GET | Method::HEAD)
            && !top_level.is_of_site(&client.origin, sites)
            && top_level.is_of_site(&Origin::from(request.url()), sites)
    }
}

choice! {
    /// Step 4 of append a request `Origin` header: whether a request keeps the header when it
    /// follows a redirect within an origin.
    OriginInRedirect { DecidedAnew, Kept = ORIGIN_KEPT_IN_REDIRECT }
}

impl OriginInRedirect {
    pub(crate) const fn is_kept(self) -> bool {
        matches!(self, Self::Kept)
    }
}

choice! {
    /// Step 4.1 of append a request `Origin` header: whether a referrer policy makes the value
    /// `null`.
    ReferrerPolicyInOrigin {
        Counts,
        Ignored = ORIGIN_WHATEVER_REFERRER_POLICY,
        ForgottenAfterRedirect = REDIRECT_FORGETS_REFERRER_POLICY,
    }
}

impl ReferrerPolicyInOrigin {
    /// The policy that decides about the header.
    pub(super) fn of(self, request: &Request) -> ReferrerPolicy {
        let is_ignored = match self {
            Self::Counts => false,
            Self::Ignored => request.mode != Mode::Navigate,
            Self::ForgottenAfterRedirect => has_left_origin(request),
        };
        if is_ignored { ReferrerPolicy::UnsafeUrl } else { request.referrer_policy }
    }
}
