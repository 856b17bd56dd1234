//! [HTTP fetch](https://fetch.spec.whatwg.org/#concept-http-fetch).

pub(crate) mod engines;

use thiserror::Error;

use super::{
    Action, Context, EmbedderRefusal, EmbedderRule, Exchange, FetchParams, NextManualRedirect,
    PreflightRequest, Refusal, Stage,
    http_network_or_cache_fetch::{effective_cache_mode, judge_status},
};
use crate::{
    cors_check::cors_check,
    cross_origin_resource_policy::{self, Purpose, Requester},
    engine::Profile,
    header::{
        ReadHeaders,
        safelist::{NotSafelisted, cors_unsafe_request_headers, has_cors_unsafe_request_header},
    },
    method::is_cors_safelisted_method,
    preflight_cache::{Matches, PreflightCache, Timestamp},
    request::{CacheMode, Mode, RedirectMode, Request, ResponseTainting, ServiceWorkersMode},
    response::{FilteredResponse, Response, ResponseType},
    tao_check::tao_check,
};

/// Why a preflight is needed.
///
/// ```
/// # use browser_cors::fetch::PreflightReason;
/// # use browser_cors::header::safelist::NotSafelisted;
/// let reason = PreflightReason::Header { name: "x-token".into(), reason: NotSafelisted::Name };
/// assert_eq!(reason.to_string(), "the header x-token is not safelisted");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum PreflightReason {
    /// The method is not CORS-safelisted.
    #[error("the method {method} is not safelisted")]
    Method {
        /// The method.
        method: http::Method,
    },
    /// The use-CORS-preflight flag is set: the body is a stream, or something listens to the
    /// upload.
    #[error("the body is a stream, or the upload has listeners")]
    UseCorsPreflight,
    /// An earlier hop needed a preflight, and this engine does not decide again for later hops.
    #[error("an earlier hop needed a preflight")]
    EarlierHop,
    /// A header is not CORS-safelisted.
    #[error("the header {name} is not safelisted{}", because(*reason))]
    Header {
        /// The header's name in its original case.
        name: Box<str>,
        /// Why the header is not safelisted.
        reason: NotSafelisted,
    },
}

/// Why a header is not safelisted although its name is, as the end of a sentence.
fn because(reason: NotSafelisted) -> String {
    if reason == NotSafelisted::Name { String::new() } else { format!(": {reason}") }
}

/// Whether [HTTP fetch] step 4.1 sends a preflight, for a request whose branch in main fetch is
/// [`CorsWithPreflight`](super::Branch::CorsWithPreflight). This function does not allocate.
///
/// [HTTP fetch]: https://fetch.spec.whatwg.org/#concept-http-fetch
///
/// ```
/// # use browser_cors::engine::Profile;
/// # use browser_cors::{fetch::needs_preflight, http::Method, origin::Origin, url::Url};
/// # use browser_cors::{preflight_cache::{PreflightCache, Timestamp}, request::Request};
/// let mut request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// let (cache, now) = (PreflightCache::new(), Timestamp::default());
/// assert!(!needs_preflight(&request, &cache, &Profile::STANDARD, now));
/// request.method = Method::PUT;
/// assert!(needs_preflight(&request, &cache, &Profile::STANDARD, now));
/// ```
pub fn needs_preflight(
    request: &Request,
    cache: &PreflightCache,
    profile: &Profile,
    now: Timestamp,
) -> bool {
    let matches = matches(request, cache, profile, now);
    PreflightRequest::of(request, profile).needs_preflight(&matches, profile)
}

/// Why [`needs_preflight`] returns `true`: whatever is not safelisted, and not granted by an entry
/// of the cache.
///
/// ```
/// # use browser_cors::engine::Profile;
/// # use browser_cors::{fetch::preflight_reasons, http::Method, origin::Origin, url::Url};
/// # use browser_cors::{preflight_cache::{PreflightCache, Timestamp}, request::Request};
/// let mut request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// request.method = Method::PUT;
/// let reasons = preflight_reasons(&request, &PreflightCache::new(), &Profile::STANDARD, Timestamp::default());
/// assert_eq!(reasons[0].to_string(), "the method PUT is not safelisted");
/// ```
pub fn preflight_reasons(
    request: &Request,
    cache: &PreflightCache,
    profile: &Profile,
    now: Timestamp,
) -> Vec<PreflightReason> {
    let matches = matches(request, cache, profile, now);
    PreflightRequest::of(request, profile).preflight_reasons(&matches, profile)
}

impl<H: ReadHeaders + ?Sized> PreflightRequest<'_, H> {
    /// [`needs_preflight`], with what the cache [has](PreflightCache::matches). This function does
    /// not allocate.
    ///
    /// ```
    /// # use browser_cors::{engine::Profile, fetch::PreflightRequest, http::Method, url::Url};
    /// # use browser_cors::preflight_cache::{CacheQuery, PreflightCache, Timestamp};
    /// let url = Url::parse("https://api.example/").unwrap();
    /// let cache = PreflightCache::new();
    /// let matches =
    ///     cache.matches(CacheQuery::new("https://app.example", &url), Timestamp::default());
    /// let headers = [("accept", "*/*")];
    /// let asked = PreflightRequest::new("https://app.example", &Method::POST, &headers);
    /// assert!(!asked.needs_preflight(&matches, &Profile::STANDARD));
    /// ```
    pub fn needs_preflight(&self, matches: &Matches<'_>, profile: &Profile) -> bool {
        self.method_needs_preflight(matches)
            || if matches.is_empty() {
                has_cors_unsafe_request_header(self.headers, profile)
            } else {
                self.headers_that_need_preflight(matches, profile).next().is_some()
            }
    }

    /// [`preflight_reasons`](fn@preflight_reasons), with what the cache
    /// [has](PreflightCache::matches).
    ///
    /// ```
    /// # use browser_cors::{engine::Profile, fetch::PreflightRequest, http::Method, url::Url};
    /// # use browser_cors::preflight_cache::{CacheQuery, PreflightCache, Timestamp};
    /// # let url = Url::parse("https://api.example/").unwrap();
    /// # let cache = PreflightCache::new();
    /// # let query = CacheQuery::new("https://app.example", &url);
    /// # let matches = cache.matches(query, Timestamp::default());
    /// let headers = [("accept", "*/*"), ("x-token", "1")];
    /// let asked = PreflightRequest::new("https://app.example", &Method::POST, &headers);
    /// let reasons = asked.preflight_reasons(&matches, &Profile::STANDARD);
    /// assert_eq!(reasons[0].to_string(), "the header x-token is not safelisted");
    /// ```
    pub fn preflight_reasons(
        &self,
        matches: &Matches<'_>,
        profile: &Profile,
    ) -> Vec<PreflightReason> {
        let mut reasons = Vec::new();
        if self.method_needs_preflight(matches) {
            if !is_cors_safelisted_method(self.method) {
                reasons.push(PreflightReason::Method { method: self.method.clone() });
            }
            if self.use_cors_preflight {
                reasons.push(PreflightReason::UseCorsPreflight);
            }
            if reasons.is_empty() {
                reasons.push(PreflightReason::EarlierHop);
            }
        }
        reasons.extend(
            self.headers_that_need_preflight(matches, profile)
                .map(|(name, reason)| PreflightReason::Header { name: name.into(), reason }),
        );
        reasons
    }

    fn method_needs_preflight(&self, matches: &Matches<'_>) -> bool {
        (!is_cors_safelisted_method(self.method)
            || self.use_cors_preflight
            || self.is_after_preflight)
            && !matches.method(self.method)
    }

    fn headers_that_need_preflight<'b>(
        &'b self,
        matches: &'b Matches<'_>,
        profile: &'b Profile,
    ) -> impl Iterator<Item = (&'b str, NotSafelisted)> {
        cors_unsafe_request_headers(self.headers, profile)
            .filter(|(name, _)| !matches.header_name(name))
    }
}

fn matches<'a>(
    request: &'a Request,
    cache: &'a PreflightCache,
    profile: &Profile,
    now: Timestamp,
) -> Matches<'a> {
    if skips_cache(request, profile) { Matches::none(cache) } else { cache.matches(request, now) }
}

/// Whether a request does not ask the preflight cache.
fn skips_cache(request: &Request, profile: &Profile) -> bool {
    match effective_cache_mode(request, profile) {
        // Departs(ReloadLookUp)
        CacheMode::NoStore | CacheMode::Reload => profile.choices.reload_look_up.is_skipped(),
        // Departs(NoCacheLookUp)
        CacheMode::NoCache => profile.choices.no_cache_look_up.is_skipped(),
        CacheMode::Default | CacheMode::ForceCache | CacheMode::OnlyIfCached => false,
    }
}

/// Where a response of HTTP fetch comes from.
pub(super) enum Source {
    /// HTTP-network-or-cache fetch.
    Network { includes_credentials: bool },
    /// A service worker. With a type, it is the internal response of a filtered response.
    ServiceWorker(Option<ResponseType>),
}

/// Step 3.5.7: whether a service worker's response fits the request.
fn judge_worker_response(
    request: &Request,
    kind: Option<ResponseType>,
    response: &Response,
) -> Result<(), EmbedderRefusal> {
    let refused = match kind {
        Some(ResponseType::Cors) if request.mode == Mode::SameOrigin => {
            "a response of CORS, and the mode is same-origin"
        }
        Some(ResponseType::Opaque) if request.mode != Mode::NoCors => {
            "an opaque response, and the mode is not no-cors"
        }
        Some(ResponseType::OpaqueRedirect) if request.redirect_mode != RedirectMode::Manual => {
            "an opaque redirect, and the redirect mode is not manual"
        }
        // Note: the URL list of an opaque filtered response is empty.
        kind if request.redirect_mode != RedirectMode::Follow
            && kind != Some(ResponseType::Opaque)
            && response.url_list().len() > 1 =>
        {
            "a response after redirects, and the redirect mode is not follow"
        }
        _ => return Ok(()),
    };
    let reason = format!("the service worker answered with {refused}");
    Err(EmbedderRefusal::new(EmbedderRule::ServiceWorker, reason))
}

impl FetchParams {
    /// HTTP fetch, until a service worker is asked.
    pub(super) fn http_fetch(
        self: Box<Self>,
        make_cors_preflight: bool,
        context: &mut Context<'_>,
    ) -> Action {
        // Steps 1 and 2.
        // Step 3. Ours: whether there is a worker comes first. `Exchange` asks it.
        if let Some(embedder) = context.embedder
            && self.request.service_workers_mode == ServiceWorkersMode::All
            && embedder.has_service_worker(&self.request)
        {
            let stage = Stage::ServiceWorker { make_cors_preflight };
            return Action::Send(Exchange::without_server(self, stage));
        }
        self.http_fetch_without_worker(make_cors_preflight, context)
    }

    /// HTTP fetch without a response of a service worker, until the preflight is sent.
    #[inline]
    pub(super) fn http_fetch_without_worker(
        mut self: Box<Self>,
        make_cors_preflight: bool,
        context: &mut Context<'_>,
    ) -> Action {
        // Step 4.
        if !make_cors_preflight {
            return self.http_fetch_after_preflight(context);
        }
        context.cache.set_time(context.now);
        let reasons = preflight_reasons(
            &self.request,
            context.cache,
            &context.user_agent.profile,
            context.now,
        );
        self.preflight_is_cached = reasons.is_empty();
        if self.preflight_is_cached {
            context.cache.answered(&self.request);
            return self.http_fetch_after_preflight(context);
        }
        if !skips_cache(&self.request, &context.user_agent.profile) {
            context.cache.missed(&self.request);
        }
        // Step 4.1.1.
        self.cors_preflight_fetch(reasons, context)
    }

    /// HTTP fetch, from the end of the preflight to the call of HTTP-network-or-cache fetch.
    #[inline]
    fn http_fetch_after_preflight(mut self: Box<Self>, context: &mut Context<'_>) -> Action {
        // Step 4.2.
        if self.request.redirect_mode == RedirectMode::Follow {
            self.request.service_workers_mode = ServiceWorkersMode::None;
        }
        // Departs(RedirectRefusal)
        if let Some(refusal) = self.refused_later.take() {
            return self.network_error(*refusal, context);
        }
        // Step 4.3.
        self.http_network_or_cache_fetch(context)
    }

    /// HTTP fetch, from the response to the end.
    pub(super) fn finish_http_fetch(
        mut self: Box<Self>,
        source: Source,
        mut response: Response,
        context: &mut Context<'_>,
    ) -> Action {
        let profile = &context.user_agent.profile;
        let kind = match source {
            Source::ServiceWorker(kind) => {
                // Step 3.5.7.
                if let Err(refusal) = judge_worker_response(&self.request, kind, &response) {
                    return self.network_error(Refusal::Embedder(refusal), context);
                }
                (self.is_from_worker, self.cors_check) = (true, None);
                kind
            }
            Source::Network { includes_credentials } => {
                if let Err(refusal) = self.finish_http_network_or_cache_fetch(
                    &mut response,
                    includes_credentials,
                    profile,
                ) {
                    return self.network_error(refusal, context);
                }
                let request = &mut self.request;
                // Step 4.4.
                if request.response_tainting == ResponseTainting::Cors {
                    match cors_check(
                        request.serialized_origin(),
                        request.credentials_mode,
                        &response,
                    ) {
                        Ok(success) => self.cors_check = Some(success),
                        Err(failure) => {
                            return self.network_error(Refusal::CorsCheck(failure), context);
                        }
                    }
                }
                // Step 4.5.
                request.timing_allow_failed = !tao_check(&*request, &response);
                None
            }
        };
        let request = &self.request;
        // Step 5.
        let sites = &*context.user_agent.sites;
        let mut requester = Requester::new(&request.origin, request.client.as_deref(), sites);
        requester.includes_credentials = response.request_includes_credentials;
        if (request.response_tainting == ResponseTainting::Opaque
            || kind == Some(ResponseType::Opaque))
            && let Err(blocked) = cross_origin_resource_policy::check(
                &requester,
                &response,
                response.url().unwrap_or_else(|| request.current_url()),
                Purpose::Resource,
            )
        {
            return self.network_error(Refusal::CrossOriginResourcePolicy(blocked), context);
        }
        // Step 6.
        // Departs(RedirectStatuses)
        // Departs(RedirectError)
        let choices = &profile.choices;
        if choices.redirect_statuses.are_of(response.status, &response)
            && !choices.redirect_error.is_ordinary(request, &response)
        {
            // Omitted(navigation): step 6.1.
            // Omitted(connections): step 6.2.
            return match (request.redirect_mode, request.mode) {
                // Step 6.3[error].1.
                (RedirectMode::Error, _) => {
                    let location = response.header_list.get("Location").map(Into::into);
                    self.network_error(Refusal::RedirectModeError { location }, context)
                }
                // Step 6.3[manual].1.
                (RedirectMode::Manual, Mode::Navigate) => {
                    let next = NextManualRedirect::new(self.clone(), kind, response.clone());
                    self.next_manual_redirect = Some(Box::new(next));
                    self.finish_main_fetch(kind, response, context)
                }
                // Step 6.3[manual].2.
                (RedirectMode::Manual, _) => {
                    // Departs(ManualRedirect)
                    if let Err(failure) =
                        choices.manual_redirect.judge(self.location(&response, profile))
                    {
                        return self.network_error(Refusal::ManualLocation(failure), context);
                    }
                    let filtered = FilteredResponse::new(ResponseType::OpaqueRedirect, response);
                    self.finish_filtered(filtered, context)
                }
                // Step 6.3[follow].2.
                (RedirectMode::Follow, _) => self.http_redirect_fetch(kind, response, context),
            };
        }
        // Step 7.
        self.finish_main_fetch(kind, response, context)
    }

    /// HTTP fetch step 4.1.2: judges the answer to the preflight, and continues.
    pub(super) fn finish_preflight(
        self: Box<Self>,
        response: &Response,
        context: &mut Context<'_>,
    ) -> Action {
        if let Err(refusal) = judge_status(response, &context.user_agent.profile) {
            return self.network_error(refusal, context);
        }
        let profile = &context.user_agent.profile;
        let asked = PreflightRequest::of(&self.request, profile);
        let grant = match asked.read_preflight_response(response.status, response, profile) {
            Ok(grant) => grant,
            // Step 4.1.2.
            Err(failure) => return self.network_error(Refusal::Preflight(failure), context),
        };
        let judgement = grant.judge(&asked, response, profile);
        // Departs(RefusedGrants)
        if judgement.is_ok() || profile.choices.refused_grants.are_stored() {
            grant.store(&self.request, context);
        }
        match judgement {
            Ok(()) => self.http_fetch_after_preflight(context),
            Err(failure) => self.network_error(Refusal::Preflight(failure), context),
        }
    }
}
