//! [Main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch).

pub(crate) mod engines;

use std::mem;

use http::Method;

use super::{
    Action, Context, Exchange, FetchParams, NetworkError, Outcome, Refusal, Stage, UserAgent,
    blocked::{
        bad_port, blocked_mime_type, is_blocked_by_nosniff, is_mixed_content,
        upgraded_mixed_content,
    },
    embedder::upgrade_known_hsts_host,
};
use crate::{
    engine::Profile,
    header::{
        ReadHeaders, extract::extract_tokens, list::name_as_text, names::NameSet,
        safelist::has_cors_unsafe_request_header,
    },
    method::is_cors_safelisted_method,
    origin::{has_http_scheme, has_local_scheme},
    referrer::ReferrerPolicy,
    referrer::determine_referrer,
    request::{
        CredentialsMode, Destination, Initiator, Mode, RedirectMode, Referrer, Request,
        ResponseTainting,
    },
    response::{CorsExposedHeaderNames, FilteredResponse, Response, ResponseType},
    status::{is_null_body_status, is_range_status},
};

/// The branch that main fetch's switch chooses for a request.
///
/// ```
/// # use browser_cors::engine::Profile;
/// # use browser_cors::{fetch::{Branch, classify}, request::{Mode, Request}, url::Url};
/// let url = Url::parse("https://api.example/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// assert_eq!(classify(&request, &Profile::STANDARD), Ok(Branch::Opaque));
/// request.mode = Mode::Cors;
/// assert_eq!(classify(&request, &Profile::STANDARD), Ok(Branch::Cors));
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard's switch")]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Branch {
    /// Scheme fetch with the response tainting "basic".
    Basic,
    /// Scheme fetch with the response tainting "opaque".
    Opaque,
    /// HTTP fetch with the response tainting "cors", and with a preflight if the preflight cache
    /// has no match.
    CorsWithPreflight,
    /// HTTP fetch with the response tainting "cors".
    Cors,
}

/// The switch of [main fetch] step 12: the first matching branch counts. The result does not
/// depend on the preflight cache.
///
/// # Errors
///
/// If the branch returns a network error.
///
/// [main fetch]: https://fetch.spec.whatwg.org/#concept-main-fetch
///
/// ```
/// # use browser_cors::engine::Profile;
/// # use browser_cors::{fetch::{Refusal, classify}, request::{Mode, Request}, url::Url};
/// let url = Url::parse("https://api.example/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.mode = Mode::SameOrigin;
/// assert!(matches!(classify(&request, &Profile::STANDARD), Err(Refusal::ModeSameOrigin { .. })));
/// ```
pub fn classify(request: &Request, profile: &Profile) -> Result<Branch, Refusal> {
    let url = request.current_url();
    // Step 12[same-origin].
    if (request.response_tainting == ResponseTainting::Basic
        && !request.memory.is_upgraded
        && request.origin.is_same_origin_with_url(url))
        || url.scheme() == "data"
        || matches!(request.mode, Mode::Navigate | Mode::Websocket | Mode::Webtransport)
    {
        return Ok(Branch::Basic);
    }
    // Step 12[mode-same-origin].
    if request.mode == Mode::SameOrigin {
        let origin = request.origin.serialized().to_owned();
        return Err(Refusal::ModeSameOrigin { origin });
    }
    // Step 12[no-cors].
    if request.mode == Mode::NoCors {
        return match request.redirect_mode {
            RedirectMode::Follow => Ok(Branch::Opaque),
            redirect_mode => Err(Refusal::NoCorsRedirectMode { redirect_mode }),
        };
    }
    // Step 12[not-http].
    if !has_http_scheme(url) {
        return Err(Refusal::NotHttpScheme { scheme: url.scheme().to_owned() });
    }
    // Step 12[use-cors-preflight].
    // Departs(LaterHops)
    // Departs(DecidingHeaders)
    let choices = &profile.choices;
    // Departs(BeaconRedirect)
    let headers = if choices.beacon_redirect.is_apart(request) {
        &request.header_list
    } else {
        choices.deciding_headers.of(request)
    };
    if request.use_cors_preflight
        || choices.later_hops.need_preflight(request)
        || (request.unsafe_request
            && (!is_cors_safelisted_method(&request.method)
                || has_cors_unsafe_request_header(headers, profile)))
    {
        return Ok(Branch::CorsWithPreflight);
    }
    // Step 12[otherwise].
    Ok(Branch::Cors)
}

/// The value of `Accept` for a request without one, such as the [document `Accept` header value].
///
/// [document `Accept` header value]: https://fetch.spec.whatwg.org/#document-accept-header-value
pub(super) const fn accept(request: &Request) -> &'static str {
    const DOCUMENT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    // Fetch steps 12.1 to 12.3.
    match (request.initiator, request.destination) {
        (Initiator::Prefetch, _)
        | (_, Destination::Document | Destination::Frame | Destination::Iframe) => DOCUMENT,
        (_, Destination::Image) => "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
        (_, Destination::Json) => "application/json,*/*;q=0.5",
        (_, Destination::Style) => "text/css,*/*;q=0.1",
        (_, Destination::Text) => "text/plain,*/*;q=0.5",
        _ => "*/*",
    }
}

impl FetchParams {
    /// Main fetch, up to its switch.
    pub(super) fn main_fetch(mut self: Box<Self>, context: &mut Context<'_>) -> Action {
        // Steps 1 and 2.
        (self.preflight_is_cached, self.is_from_worker) = (false, false);
        let request = &mut self.request;
        // Step 3.
        if request.local_urls_only && !has_local_scheme(request.current_url()) {
            return self.network_error(Refusal::NotLocalUrl, context);
        }
        // Omitted(reports): step 4.
        // Steps 5 and 6.
        if let Some(url) = context.embedder.and_then(|embedder| embedder.upgrade(request)) {
            request.set_current_url(url);
        }
        let user_agent = context.user_agent;
        let (choices, mixed_content) = (&user_agent.profile.choices, user_agent.mixed_content);
        if mixed_content && let Some(url) = upgraded_mixed_content(request) {
            // Departs(UpgradedRequest)
            choices.upgraded_request.keep(request);
            request.set_current_url(url);
        }
        // Step 7.
        if let Some(port) = bad_port(request.current_url()) {
            return self.network_error(Refusal::BadPort { port }, context);
        }
        // Departs(UrlCredentials)
        if choices.url_credentials.are_blocked(request) {
            return self.network_error(Refusal::UrlCredentials, context);
        }
        // Departs(PrivateNetworkHeader)
        choices.private_network_header.drop_from(request);
        // Departs(OwnHeaders)
        if let Err(refusal) = choices.own_headers.judge(request) {
            return self.network_error(refusal, context);
        }
        if mixed_content && is_mixed_content(request) {
            // Departs(MixedContentPreflight)
            if choices.mixed_content_preflight.comes_first(request) {
                self.refused_later.get_or_insert_with(|| Box::new(Refusal::MixedContent));
            } else {
                return self.network_error(Refusal::MixedContent, context);
            }
        }
        if let Some(embedder) = context.embedder
            && let Err(refusal) = embedder.block(request)
        {
            return self.network_error(Refusal::Embedder(refusal.at_main_fetch("7")), context);
        }
        // Step 8.
        if request.referrer_policy == ReferrerPolicy::Empty
            && let Some(client) = &request.client
        {
            request.referrer_policy = client.referrer_policy;
        }
        // Step 9.
        if request.referrer != Referrer::NoReferrer {
            request.referrer =
                determine_referrer(request).map_or(Referrer::NoReferrer, Referrer::Url);
        }
        // Step 10.
        if let Some(embedder) = context.embedder
            && let Some(url) = upgrade_known_hsts_host(request.current_url(), embedder)
        {
            request.set_current_url(url);
        }
        // Departs(StorageAccess): the first URL decides, for all redirects.
        if request.redirect_count == 0 {
            let UserAgent { profile, sites, .. } = context.user_agent;
            request.memory.lacks_storage_access =
                profile.choices.storage_access.is_lacking(request, &**sites);
        }
        // Step 11. Ours: a fetch is a value, so other fetches are always in parallel.
        // Step 12[preloaded].
        if mem::take(&mut self.is_preloaded) {
            return Action::Send(Exchange::without_server(self, Stage::Preload));
        }
        self.switch(context)
    }

    /// Main fetch, from the part of its switch that comes after preloads.
    #[inline(always)]
    pub(super) fn switch(mut self: Box<Self>, context: &mut Context<'_>) -> Action {
        let request = &mut self.request;
        let profile = &context.user_agent.profile;
        // Step 12.
        let branch = match classify(request, profile) {
            Err(refusal) => return self.network_error(refusal, context),
            Ok(branch) => branch,
        };
        match branch {
            Branch::Basic => request.response_tainting = ResponseTainting::Basic,
            Branch::Opaque => request.response_tainting = ResponseTainting::Opaque,
            Branch::CorsWithPreflight => {
                request.response_tainting = ResponseTainting::Cors;
                request.memory.needed_preflight = true;
                // Departs(CacheOnError)
                self.clears_cache = profile.choices.cache_on_error.is_cleared();
            }
            Branch::Cors => {
                request.response_tainting = ResponseTainting::Cors;
                // Departs(CacheOnSimpleFailure)
                self.clears_cache |= profile.choices.cache_on_simple_failure.is_cleared();
            }
        }
        self.override_fetch(branch, context)
        // Step 13. Redirects return to the outermost call, which `finish_main_fetch` continues.
    }

    /// Main fetch, from a response that is not a network error. If it has a type, it is the internal
    /// response of a filtered response.
    pub(super) fn finish_main_fetch(
        self: Box<Self>,
        kind: Option<ResponseType>,
        mut response: Response,
        context: &mut Context<'_>,
    ) -> Action {
        if let Some(kind) = kind {
            return self.finish_filtered(FilteredResponse::new(kind, response), context);
        }
        // Departs(EmptyResponseLines)
        let choices = &context.user_agent.profile.choices;
        choices.empty_response_lines.drop_for_page(&mut response.header_list);
        // Step 14.
        let response = filter(&self.request, response);
        self.finish_filtered(response, context)
    }

    /// Main fetch, from the filtered response to the end.
    pub(super) fn finish_filtered(
        mut self: Box<Self>,
        mut response: FilteredResponse,
        context: &mut Context<'_>,
    ) -> Action {
        let request = &mut self.request;
        // Step 15.
        let internal = &mut response.internal_response;
        // Steps 16 and 17. Ours: the URL list is set below, after all that can refuse the response.
        internal.redirect_taint = request.redirect_taint(&*context.user_agent.sites);
        // Omitted(navigation): step 18.
        // Step 19.
        internal.timing_allow_passed |= !request.timing_allow_failed;
        // Steps 20 to 23.
        internal.null_body = matches!(request.method, Method::HEAD | Method::CONNECT)
            || is_null_body_status(internal.status);
        // Ours: the preflight cache keeps its entries in both cases, since step
        // 12[use-cors-preflight].3 is over.
        if let Some(embedder) = context.embedder
            && let Err(refusal) = embedder.block_response(request, &response)
        {
            return Action::Finish(self.end(Refusal::Embedder(refusal.at_main_fetch("20"))));
        }
        if let Err(refusal) = judge_response(request, &response) {
            return Action::Finish(self.end(refusal));
        }
        if response.internal_response.url_list.is_empty() {
            response.internal_response.url_list = mem::take(&mut request.url_list);
        }
        // Step 24.
        Action::Finish(Outcome::Response {
            response,
            cors_check: self.cors_check,
            next_manual_redirect: self.next_manual_redirect,
        })
    }

    /// Ends the fetch with a network error that HTTP fetch or scheme fetch returned.
    pub(super) fn network_error(
        self: Box<Self>,
        refusal: Refusal,
        context: &mut Context<'_>,
    ) -> Action {
        Action::Finish(self.refuse(refusal, context))
    }

    /// The same, as an outcome.
    pub(super) fn refuse(self: Box<Self>, refusal: Refusal, context: &mut Context<'_>) -> Outcome {
        let profile = &context.user_agent.profile;
        // Step 12[use-cors-preflight].3. Any error counts, also at a later redirect.
        // Departs(CacheOnError)
        if self.clears_cache && !profile.choices.cache_on_error.is_kept_after(&refusal) {
            context.cache.clear_entries(&self.request);
        }
        self.end(refusal)
    }

    /// Ends the fetch with a network error, and leaves the preflight cache alone.
    pub(super) fn end(self, refusal: Refusal) -> Outcome {
        Outcome::NetworkError(Box::new(NetworkError {
            refusal,
            origin: self.request.serialized_origin().to_owned(),
            method: self.request.method,
            credentials_mode: self.request.credentials_mode,
            url_list: self.request.url_list,
        }))
    }
}

/// Main fetch step 14: filters a response as the request's response tainting demands. The result is
/// a [filtered response].
///
/// [filtered response]: https://fetch.spec.whatwg.org/#concept-filtered-response
///
/// ```
/// # use browser_cors::{fetch::filter, header::HeaderList, origin::Origin, response::Response};
/// # use browser_cors::{request::{Request, ResponseTainting}, url::Url};
/// let mut request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// request.set_response_tainting(ResponseTainting::Cors);
/// let headers = HeaderList::try_from([("Access-Control-Expose-Headers", "*"), ("X-Id", "7")]);
/// let response = filter(&request, Response::new(200, headers.unwrap()));
/// assert!(response.is_readable("x-id"));
/// ```
pub fn filter(request: &Request, mut response: Response) -> FilteredResponse {
    let (kind, exposed) = filtering(request.response_tainting, request.credentials_mode, &response);
    response.cors_exposed_header_names = exposed.into_owned();
    FilteredResponse::new(kind, response)
}

/// The headers of a response that a page may read: main fetch step 14, asked of no more than it
/// reads. They are in the order of the response.
///
/// ```
/// # use browser_cors::{fetch::readable_headers, request::{CredentialsMode, ResponseTainting}};
/// let answer = [("access-control-expose-headers", "x-id"), ("x-id", "7"), ("x-other", "8")];
/// let seen = readable_headers(ResponseTainting::Cors, CredentialsMode::Omit, &answer);
/// assert_eq!(seen.collect::<Vec<_>>(), [("x-id", &b"7"[..])]);
/// ```
pub fn readable_headers<H: ReadHeaders + ?Sized>(
    tainting: ResponseTainting,
    credentials_mode: CredentialsMode,
    headers: &H,
) -> impl Iterator<Item = (&str, &[u8])> {
    let (kind, exposed) = filtering(tainting, credentials_mode, headers);
    headers
        .lines()
        .filter(move |(name, _)| kind.lets_read(name, &exposed))
        .map(|(name, value)| (name_as_text(name), value))
}

/// Main fetch step 14: the type of the filtered response, and the header names that it exposes.
fn filtering<H: ReadHeaders + ?Sized>(
    tainting: ResponseTainting,
    credentials_mode: CredentialsMode,
    headers: &H,
) -> (ResponseType, CorsExposedHeaderNames<&str>) {
    // Steps 14.1 and 14.2.
    match tainting {
        ResponseTainting::Basic => (ResponseType::Basic, CorsExposedHeaderNames::Empty),
        ResponseTainting::Cors => {
            (ResponseType::Cors, exposed_header_names(credentials_mode, headers))
        }
        ResponseTainting::Opaque => (ResponseType::Opaque, CorsExposedHeaderNames::Empty),
    }
}

/// Main fetch step 14.1. Ours: a value that cannot be parsed exposes nothing, like a missing one.
fn exposed_header_names<H: ReadHeaders + ?Sized>(
    credentials_mode: CredentialsMode,
    headers: &H,
) -> CorsExposedHeaderNames<&str> {
    // Step 14.1.1.
    match extract_tokens("Access-Control-Expose-Headers", headers) {
        // Step 14.1.2.
        Ok(Some(names)) if credentials_mode != CredentialsMode::Include && names.contains(&"*") => {
            CorsExposedHeaderNames::All
        }
        // Step 14.1.3.
        Ok(Some(names)) => CorsExposedHeaderNames::Listed(NameSet::new(names)),
        Ok(None) | Err(_) => CorsExposedHeaderNames::Empty,
    }
}

/// Main fetch steps 20 to 23: the checks after CORS that can block a response.
///
/// # Errors
///
/// If one of these steps turns the response into a network error.
///
/// ```
/// # use browser_cors::{fetch::{filter, judge_response}, header::HeaderList, origin::Origin};
/// # use browser_cors::{request::{Destination, Request}, response::Response, url::Url};
/// let mut request = Request::new(Url::parse("https://a.example/").unwrap(), Origin::opaque());
/// request.destination = Destination::Script;
/// let headers = HeaderList::try_from([("Content-Type", "image/png")]).unwrap();
/// let response = filter(&request, Response::new(200, headers));
/// assert_eq!(judge_response(&request, &response).unwrap_err().code(), "mime-type");
/// ```
#[inline]
pub fn judge_response(request: &Request, response: &FilteredResponse) -> Result<(), Refusal> {
    let internal = response.internal_response();
    // Step 20.
    if let Some(essence) = blocked_mime_type(&internal.header_list, request.destination) {
        return Err(Refusal::MimeType { essence });
    }
    if is_blocked_by_nosniff(&internal.header_list, request.destination) {
        return Err(Refusal::Nosniff);
    }
    // Step 21.
    if response.kind() == ResponseType::Opaque
        && is_range_status(internal.status)
        && internal.range_requested
        && !request.header_list.contains("Range")
    {
        return Err(Refusal::RangeNotRequested { status: internal.status });
    }
    // Step 22. The caller has already set whether the body is null.
    // Step 23.
    if !request.integrity_metadata.is_empty() && response.has_null_body() {
        return Err(Refusal::IntegrityWithoutBody);
    }
    Ok(())
}
