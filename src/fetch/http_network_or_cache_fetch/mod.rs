//! [HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch)
//! without the network and the cache: it decides about credentials, and adds the last headers.

pub(crate) mod engines;

use http::Method;

use super::{
    Action, Context, Exchange, FetchParams, Refusal, Stage, UserAgent,
    fetch_metadata::{self, Kind},
};
use crate::{
    engine::Profile,
    environment::EmbedderPolicy,
    header::{HeaderList, normalize_value},
    origin_header::request_origin_header,
    request::{
        Body, CacheMode, CredentialsMode, Initiator, InitiatorType, Mode, Referrer, Request,
        ResponseTainting,
    },
    response::Response,
};

/// The greatest total length, in bytes, of the bodies of a client's keepalive requests.
///
/// ```
/// assert_eq!(browser_cors::fetch::KEEPALIVE_LIMIT, 65_536);
/// ```
pub const KEEPALIVE_LIMIT: u64 = 64 << 10;

/// Whether credentials are sent with a request: [HTTP-network-or-cache fetch] steps 8.3 and 8.4.
///
/// With the credentials mode "same-origin", the response tainting decides, not the URL. So no
/// credentials are sent after redirects have led to another origin and back.
///
/// [HTTP-network-or-cache fetch]: https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
///
/// ```
/// # use browser_cors::{engine::Profile, fetch::includes_credentials, origin::Origin, url::Url};
/// # use browser_cors::request::{Request, ResponseTainting};
/// let mut request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// assert!(includes_credentials(&request, &Profile::STANDARD));
/// request.set_response_tainting(ResponseTainting::Cors);
/// assert!(!includes_credentials(&request, &Profile::STANDARD));
/// ```
pub fn includes_credentials(request: &Request, profile: &Profile) -> bool {
    // Step 8.3.
    let includes_credentials = match request.credentials_mode {
        CredentialsMode::Include => true,
        // Departs(CredentialsInRedirect)
        CredentialsMode::SameOrigin => {
            request.response_tainting == ResponseTainting::Basic
                || profile.choices.credentials_in_redirect.are_kept(request)
        }
        CredentialsMode::Omit => false,
    };
    // Step 8.4.
    includes_credentials && allows_credentials(request)
}

/// Whether [`Cross-Origin-Embedder-Policy` allows credentials].
///
/// Ours: step 5 demands that the redirect-taint *is* "same-origin", as upstream has agreed.
///
/// [`Cross-Origin-Embedder-Policy` allows credentials]: https://fetch.spec.whatwg.org/#cross-origin-embedder-policy-allows-credentials
///
/// ```
/// # use browser_cors::{environment::Environment, environment::EmbedderPolicy, fetch::allows_credentials};
/// # use browser_cors::{request::Request, url::Url};
/// let mut page = Environment::new(Url::parse("https://app.example/").unwrap());
/// page.embedder_policy = EmbedderPolicy::Credentialless;
/// let mut request = Request::new(Url::parse("https://b.example/").unwrap(), page.origin.clone());
/// request.client = Some(page.into());
/// assert!(!allows_credentials(&request));
/// ```
pub fn allows_credentials(request: &Request) -> bool {
    // Steps 1 and 2.
    if request.mode != Mode::NoCors {
        return true;
    }
    // Steps 3 and 4.
    let Some(client) = &request.client else { return true };
    if client.embedder_policy != EmbedderPolicy::Credentialless {
        return true;
    }
    // Steps 5 and 6.
    request.origin.is_same_origin_with_url(request.current_url()) && !request.has_redirect_taint()
}

/// The headers of a request as it is sent: [HTTP-network-or-cache fetch] steps 8.5 to 8.19. The
/// embedder adds `Cookie`, and the headers of HTTP itself.
///
/// [HTTP-network-or-cache fetch]: https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// # use browser_cors::{fetch::{UserAgent, http_header_list}, http::Method, request::Request, url::Url};
/// let url = Url::parse("https://api.example/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.method = Method::POST;
/// let headers = http_header_list(&request, &UserAgent::default());
/// assert_eq!(headers.get("content-length").as_deref(), Some(&b"0"[..]));
/// assert_eq!(headers.get("origin").as_deref(), Some(&b"https://app.example"[..]));
/// # }
/// ```
pub fn http_header_list(request: &Request, user_agent: &UserAgent) -> HeaderList {
    let choices = &user_agent.profile.choices;
    // Steps 8.1 and 8.2.
    let mut list = request.header_list.clone_with_room(4, 128);
    // Departs(AuthorUserAgent)
    choices.author_user_agent.strip(&mut list);
    // Steps 8.5 to 8.9.
    match request.body.as_ref().map(Body::length) {
        Some(Some(length)) => {
            list.append_valid(b"Content-Length", length.to_string().as_bytes());
        }
        None if matches!(request.method, Method::POST | Method::PUT) => {
            list.append_valid(b"Content-Length", b"0");
        }
        Some(None) | None => {}
    }
    let origin = request_origin_header(request, &user_agent.profile);
    append_fetch_headers(&mut list, request, origin.as_deref(), Kind::Request, user_agent);
    // Steps 8.16 to 8.18.
    let profile = &user_agent.profile;
    append_cache_headers(&mut list, effective_cache_mode(request, profile), profile);
    // Step 8.19.
    if list.contains("Range") {
        list.append_valid(b"Accept-Encoding", b"identity");
    }
    // Omitted(embedder): steps 8.20 to 8.26.
    // Departs(RepeatedNames)
    choices.repeated_names.combine(&mut list);
    // Departs(RequestBytes)
    choices.request_bytes.encode(&mut list);
    list
}

/// The [cache mode] with which the HTTP cache is asked: [HTTP-network-or-cache fetch] step 8.16. It is
/// "no-store" for a request that is conditional by itself.
///
/// [cache mode]: https://fetch.spec.whatwg.org/#concept-request-cache-mode
/// [HTTP-network-or-cache fetch]: https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
///
/// ```
/// # use browser_cors::{engine::Profile, fetch::effective_cache_mode, origin::Origin, url::Url};
/// # use browser_cors::request::{CacheMode, Request};
/// let mut request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// assert_eq!(effective_cache_mode(&request, &Profile::STANDARD), CacheMode::Default);
/// request.header_list.append("If-None-Match", "\"7\"").unwrap();
/// assert_eq!(effective_cache_mode(&request, &Profile::STANDARD), CacheMode::NoStore);
/// ```
pub fn effective_cache_mode(request: &Request, profile: &Profile) -> CacheMode {
    // Step 8.16.
    let is_conditional =
        || CONDITIONAL_HEADER_NAMES.iter().any(|name| request.header_list.contains(name));
    if request.cache_mode != CacheMode::Default || !is_conditional() {
        return request.cache_mode;
    }
    // Departs(ConditionalRequests)
    profile.choices.conditional_requests.cache_mode(request)
}

/// Appends the headers of a cache mode: steps 8.17 and 8.18.
pub(super) fn append_cache_headers(
    list: &mut HeaderList,
    cache_mode: CacheMode,
    profile: &Profile,
) {
    match cache_mode {
        // Step 8.17.
        CacheMode::NoCache => append_if_missing(list, "Cache-Control", b"max-age=0"),
        // Step 8.18.
        // Departs(NoStoreHeaders)
        CacheMode::NoStore if profile.choices.no_store_headers.are_missing() => {}
        CacheMode::NoStore | CacheMode::Reload => {
            append_if_missing(list, "Pragma", b"no-cache");
            append_if_missing(list, "Cache-Control", b"no-cache");
        }
        CacheMode::Default | CacheMode::ForceCache | CacheMode::OnlyIfCached => {}
    }
}

/// Appends the headers that a preflight has too: steps 8.11 to 8.15.
pub(super) fn append_fetch_headers(
    list: &mut HeaderList,
    request: &Request,
    origin: Option<&str>,
    kind: Kind,
    user_agent: &UserAgent,
) {
    // Step 8.11.
    if let Referrer::Url(referrer) = &request.referrer {
        list.append_valid(b"Referer", referrer.as_str().as_bytes());
    }
    // Step 8.12.
    if let Some(origin) = origin {
        list.append_valid(b"Origin", origin.as_bytes());
    }
    // Step 8.13.
    if user_agent.sends_fetch_metadata {
        fetch_metadata::append(list, request, kind, user_agent);
    }
    // Step 8.14.
    if request.initiator == Initiator::Prefetch {
        list.append_valid(b"Sec-Purpose", b"prefetch");
    }
    // Step 8.15.
    if let Some(value) = &user_agent.product {
        append_if_missing(list, "User-Agent", normalize_value(value.as_bytes()));
    }
}

impl FetchParams {
    /// HTTP-network-or-cache fetch, until the request is sent.
    pub(super) fn http_network_or_cache_fetch(
        self: Box<Self>,
        context: &mut Context<'_>,
    ) -> Action {
        // Steps 1 to 7.
        let request = &self.request;
        // Step 8.
        let includes_credentials = includes_credentials(request, &context.user_agent.profile);
        let header_list = http_header_list(request, context.user_agent);
        // Step 8.10. Ours: this fetch's own record does not count.
        let length = request.body.as_ref().and_then(Body::length);
        let inflight = self.inflight_keepalive_bytes;
        // Departs(BeaconLimit)
        let choices = &context.user_agent.profile.choices;
        let is_limited =
            request.initiator_type != Some(InitiatorType::Beacon) || choices.beacon_limit.holds();
        if request.keepalive
            && is_limited
            && let Some(length) = length
            && length.saturating_add(inflight) > KEEPALIVE_LIMIT
        {
            return self.network_error(Refusal::Keepalive { length, inflight }, context);
        }
        // Omitted(embedder): steps 9 and 10.
        // Step 11.
        // Departs(OnlyIfCached)
        if request.cache_mode == CacheMode::OnlyIfCached
            && !context.user_agent.http_cache
            && !choices.only_if_cached.is_sent()
        {
            return self.network_error(Refusal::OnlyIfCached, context);
        }
        Action::Send(Exchange {
            header_list,
            includes_credentials,
            params: self,
            stage: Stage::Response,
        })
    }

    /// HTTP-network-or-cache fetch, from the response to the end.
    pub(super) fn finish_http_network_or_cache_fetch(
        &self,
        response: &mut Response,
        includes_credentials: bool,
        profile: &Profile,
    ) -> Result<(), Refusal> {
        // Step 12. The end of the fetch sets the whole URL list instead. Ours: what an earlier fetch has
        // set in a response from the HTTP cache does not count.
        response.url_list.clear();
        response.timing_allow_passed = false;
        // Step 13.
        response.range_requested |= self.request.header_list.contains("Range");
        // Step 14.
        response.request_includes_credentials = includes_credentials;
        // Omitted(prompts): step 15.
        // Step 16.
        judge_status(response, profile)
        // Omitted(connections): step 17.
        // Omitted(prompts): step 18.
        // Step 19.
    }
}

/// Refuses a response that asks for a proxy's credentials. Ours: there is never a traversable whose
/// user could be prompted, neither for a request nor for its preflight.
pub(crate) const fn judge_status(response: &Response, profile: &Profile) -> Result<(), Refusal> {
    // Departs(ProxyAuthentication)
    if response.status == 407 && profile.choices.proxy_authentication.is_error() {
        return Err(Refusal::ProxyAuthentication);
    }
    Ok(())
}

fn append_if_missing(list: &mut HeaderList, name: &str, value: &[u8]) {
    if !list.contains(name) {
        list.append_valid(name.as_bytes(), value);
    }
}

const CONDITIONAL_HEADER_NAMES: [&str; 5] =
    ["If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "If-Match", "If-Range"];
