//! Where engines differ in HTTP-redirect fetch: which redirects they refuse, and how a redirect
//! changes a request. Some engines restore headers of the author at a redirect.

use http::Method;
use url::Url;

use super::Hop;
use crate::{
    cors_check::cors_check,
    engine::{Profile, choice::choice},
    fetch::Refusal,
    header::{HeaderList, safelist::CORS_NON_WILDCARD_REQUEST_HEADER_NAME},
    origin::{Origin, includes_credentials},
    origin_header::request_origin_header,
    request::{AuthorRequest, CredentialsMode, InitiatorType, Mode, Request, ResponseTainting},
    response::Response,
};

choice! {
    /// Step 9 of [HTTP-redirect fetch]: whether a redirect is followed if its `Location` has a user
    /// name or password that the standard allows.
    ///
    /// [HTTP-redirect fetch]: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
    RedirectWithCredentials { Followed, BlockedForFetch = REDIRECT_WITH_CREDENTIALS_BLOCKED }
}

impl RedirectWithCredentials {
    /// Whether `fetch()` is refused such a redirect.
    pub(crate) const fn are_blocked(self) -> bool {
        matches!(self, Self::BlockedForFetch)
    }

    /// Refuses such a redirect of a `fetch()`, in each mode, also within an origin.
    pub(super) fn judge(self, request: &Request, location: &Url) -> Result<(), Refusal> {
        if self == Self::BlockedForFetch
            && request.initiator_type == Some(InitiatorType::Fetch)
            && includes_credentials(location)
        {
            let location = location.clone();
            return Err(Refusal::RedirectCredentialsWithinOrigin { location });
        }
        Ok(())
    }
}

choice! {
    /// Step 9 of HTTP-redirect fetch: when the engine refuses a redirect that leaves the page's own
    /// origin.
    RedirectRefusal { AtOnce, AfterPreflight = REDIRECT_CHECKED_AFTER_PREFLIGHT }
}

impl RedirectRefusal {
    /// Returns the refusal as `Ok` if it comes after the next preflight, and as `Err` if it comes
    /// at once.
    pub(super) fn defer(self, refusal: Refusal, request: &Request) -> Result<Refusal, Refusal> {
        let leaves_page = matches!(refusal, Refusal::RedirectCredentials { .. })
            && request.response_tainting == ResponseTainting::Basic;
        if self == Self::AfterPreflight && leaves_page { Ok(refusal) } else { Err(refusal) }
    }
}

choice! {
    /// Step 4.4 of HTTP fetch: whether a response that redirects must pass a second CORS check.
    RedirectCheck { ByMode, AsIncludingToo = REDIRECT_CHECKED_AS_INCLUDING }
}

impl RedirectCheck {
    /// Whether a redirect with CORS is judged as if credentials were included, too, for a fetch of
    /// this credentials mode that `origin` began with `first`, since the request to that URL
    /// included them.
    pub(crate) fn is_as_including(
        self,
        credentials_mode: CredentialsMode,
        origin: &Origin,
        first: &Url,
    ) -> bool {
        self == Self::AsIncludingToo
            && credentials_mode == CredentialsMode::SameOrigin
            && origin.is_same_origin_with_url(first)
    }

    /// Does the second check, and returns its refusal. The check assumes that credentials are
    /// included.
    pub(super) fn judge(self, request: &Request, response: &Response) -> Option<Refusal> {
        let is_checked = request.response_tainting == ResponseTainting::Cors
            && self.is_as_including(request.credentials_mode, &request.origin, request.url());
        let check = || cors_check(request.serialized_origin(), CredentialsMode::Include, response);
        is_checked.then(check)?.err().map(Refusal::CorsCheck)
    }
}

choice! {
    /// Step 12 of HTTP-redirect fetch: whether a redirect to another origin keeps the method
    /// DELETE.
    RedirectMethod { KeepsDelete, MakesDeleteGet = REDIRECT_OF_DELETE_TO_GET }
}

impl RedirectMethod {
    /// Turns a DELETE that leaves an origin into a GET, which keeps the headers of the body.
    pub(super) fn rewrite(self, request: &mut Request, hop: &Hop) {
        if self == Self::MakesDeleteGet && hop.leaves_origin && request.method == Method::DELETE {
            request.method = Method::GET;
            request.body = None;
        }
    }
}

choice! {
    /// Steps 12 and 13 of HTTP-redirect fetch: with which headers the next hop begins.
    RedirectHeaders {
        InPlace,
        FromAuthor = REDIRECT_FROM_AUTHOR_HEADERS,
        FromAuthorWithCors = REDIRECT_RESTORES_BODY_HEADERS,
    }
}

impl RedirectHeaders {
    pub(super) fn rewrite(self, request: &mut Request, hop: &Hop) {
        match self {
            Self::InPlace => hop.strip(&mut request.header_list),
            Self::FromAuthor => from_author(request, hop),
            Self::FromAuthorWithCors => from_author_with_cors(request, hop),
        }
    }
}

/// Each hop begins with the author's headers. The headers of a body are removed if this status
/// would turn the author's method into GET, and `Authorization` if this hop leaves an origin.
fn from_author(request: &mut Request, hop: &Hop) {
    let had_content_type = request.header_list.contains("Content-Type");
    let author = keep_author(request);
    let mut header_list = author.header_list.clone();
    Hop { drops_body: hop.drops_body_of(&author.method), ..*hop }.strip(&mut header_list);
    if request.memory.has_content_type_of_body && !had_content_type {
        header_list.delete("Content-Type");
    }
    request.header_list = header_list;
}

/// With CORS, each hop after the page's own origin begins with the author's headers, but without
/// `Authorization` once a hop has dropped it. Otherwise, a 307 or 308 restores `Content-Type`.
fn from_author_with_cors(request: &mut Request, hop: &Hop) {
    let is_elsewhere = hop.leaves_page || request.response_tainting != ResponseTainting::Basic;
    if request.mode == Mode::Cors && is_elsewhere {
        let is_gone = !request.header_list.contains(CORS_NON_WILDCARD_REQUEST_HEADER_NAME);
        let mut header_list = keep_author(request).header_list.clone();
        Hop { leaves_origin: hop.leaves_origin || is_gone, ..*hop }.strip(&mut header_list);
        request.header_list = header_list;
    } else {
        in_place_but_content_type(request, hop);
    }
}

/// The next hop keeps the headers of this one. A 307 or 308 restores the author's `Content-Type`.
fn in_place_but_content_type(request: &mut Request, hop: &Hop) {
    hop.strip(&mut request.header_list);
    if matches!(hop.status, 307 | 308)
        && !request.header_list.contains("Content-Type")
        && let Some(author) = &request.memory.author
        && let Some(content_type) = author.header_list.get("Content-Type")
    {
        request.header_list.append_valid(b"Content-Type", &content_type);
    }
    // The engine restarts such a load when it leaves the page's origin, because it continues
    // without cookies. Later hops then restore the headers that the restarted load began with.
    if request.mode == Mode::NoCors
        && request.credentials_mode == CredentialsMode::SameOrigin
        && hop.leaves_page
    {
        request.memory.author = None;
        keep_author(request);
    }
}

choice! {
    /// Steps 12 and 13 of HTTP-redirect fetch: whether a redirect changes the headers of a beacon as the
    /// standard says, although the engine restores those of authors, and preflights still ask for all
    /// that the beacon began with.
    BeaconRedirect { AsOthers, Apart = BEACON_REDIRECTED_IN_PLACE }
}

impl BeaconRedirect {
    pub(in crate::fetch) fn is_apart(self, request: &Request) -> bool {
        self == Self::Apart && request.initiator_type == Some(InitiatorType::Beacon)
    }
}

choice! {
    /// Step 13 of HTTP-redirect fetch: whether a redirect to another origin than the page's keeps
    /// the author's client hints.
    RedirectClientHints { Kept, Dropped = REDIRECT_DROPS_CLIENT_HINTS }
}

impl RedirectClientHints {
    pub(super) fn strip(self, list: &mut HeaderList, hop: &Hop) {
        const NAMES: [&str; 7] =
            ["DPR", "Device-Memory", "Downlink", "ECT", "RTT", "Viewport-Width", "Width"];
        if self == Self::Dropped && !hop.leads_home {
            for name in NAMES {
                list.delete(name);
            }
        }
    }
}

choice! {
    /// Step 4 of CORS-preflight fetch: for which headers a preflight after a redirect asks.
    PreflightHeaders {
        Sent,
        OfTheAuthorStripped = PREFLIGHT_FOR_STRIPPED_HEADERS,
        OfTheAuthor = PREFLIGHT_FOR_AUTHOR_HEADERS,
    }
}

/// Remembers what later hops need to know about the request before this redirect.
pub(super) fn keep(request: &mut Request, hop: &Hop, profile: &Profile) {
    let choices = &profile.choices;
    request.memory.keeps_origin = choices.origin_in_redirect.is_kept()
        && !hop.leaves_origin
        && request_origin_header(request, profile).is_some();
    if choices.deciding_headers.are_kept() || choices.redirect_headers != RedirectHeaders::InPlace {
        keep_author(request);
    }
    let header_list = match choices.preflight_headers {
        PreflightHeaders::Sent => return,
        PreflightHeaders::OfTheAuthor => keep_author(request).header_list.clone(),
        PreflightHeaders::OfTheAuthorStripped => {
            let mut header_list = keep_author(request).header_list.clone();
            // Departs(BeaconRedirect)
            if !choices.beacon_redirect.is_apart(request) {
                hop.strip(&mut header_list);
            }
            header_list
        }
    };
    request.memory.preflight_header_list = Some(Box::new(header_list));
}

/// The author's method and headers, which this function remembers at the first redirect.
fn keep_author(request: &mut Request) -> &AuthorRequest {
    let Request { memory, method, header_list, .. } = request;
    memory.author.get_or_insert_with(|| {
        Box::new(AuthorRequest { method: method.clone(), header_list: header_list.clone() })
    })
}
