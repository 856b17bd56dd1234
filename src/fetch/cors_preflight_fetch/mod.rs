//! [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0).

pub(crate) mod engines;

use std::time::Duration;

use http::Method;
use thiserror::Error;

use super::{
    Action, Context, Exchange, FetchParams, PreflightReason, PreflightRequest, Stage,
    TransportFailure, UserAgent,
    fetch_metadata::Kind,
    http_network_or_cache_fetch::{append_fetch_headers, effective_cache_mode},
};
use crate::{
    code::Code,
    cors_check::{CorsCheckFailure, cors_check},
    engine::Profile,
    header::{
        HeaderList, ReadHeaders,
        extract::{InvalidHeaderValue, extract_tokens},
        names::NameSet,
        safelist::{
            cors_unsafe_request_header_names, cors_unsafe_request_headers,
            is_cors_non_wildcard_request_header_name,
        },
    },
    method::is_cors_safelisted_method,
    preflight_cache::{DEFAULT_MAX_AGE, Grant},
    request::{CredentialsMode, Request},
    response::Response,
    spec::Step,
    status::is_ok_status,
};

/// The headers of the preflight for a request: [CORS-preflight fetch] steps 1 to 5, and the headers
/// that HTTP-network-or-cache fetch adds. The preflight goes to the request's current URL with the
/// method `OPTIONS`.
///
/// A preflight never carries credentials, whatever the request's credentials mode is.
///
/// [CORS-preflight fetch]: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     fetch::{UserAgent, preflight_header_list}, header::HeaderList, http::Method,
///     request::{Request, ResponseTainting}, url::Url,
/// };
///
/// let url = Url::parse("https://bar.other/doc").unwrap();
/// let mut request = Request::new(url, "https://foo.example".parse().unwrap());
/// request.method = Method::POST;
/// request.set_response_tainting(ResponseTainting::Cors);
/// request.header_list =
///     HeaderList::try_from([("X-PINGOTHER", "pingpong"), ("Content-Type", "text/xml")]).unwrap();
///
/// let headers = preflight_header_list(&request, &UserAgent::default());
/// let get = |name| headers.get(name).map(|value| value.escape_ascii().to_string());
/// assert_eq!(get("Access-Control-Request-Method").as_deref(), Some("POST"));
/// assert_eq!(get("Access-Control-Request-Headers").as_deref(), Some("content-type,x-pingother"));
/// assert_eq!(get("Origin").as_deref(), Some("https://foo.example"));
/// # }
/// ```
pub fn preflight_header_list(request: &Request, user_agent: &UserAgent) -> HeaderList {
    let choices = &user_agent.profile.choices;
    // Step 1.
    let mut list = HeaderList::with_capacity(8, 256);
    // Step 2.
    list.append_valid(b"Accept", b"*/*");
    // Step 3.
    list.append_valid(b"Access-Control-Request-Method", request.method.as_str().as_bytes());
    // Step 4.
    let headers =
        cors_unsafe_request_header_names(request.asked_header_list(), &user_agent.profile);
    // Step 5.
    if !headers.is_empty() {
        list.append_valid(b"Access-Control-Request-Headers", headers.join(",").as_bytes());
    }
    // Step 6.
    // Departs(PreflightOrigin)
    let origin = choices.preflight_origin.serialize(request);
    append_fetch_headers(&mut list, request, Some(origin), Kind::Preflight, user_agent);
    // Departs(PreflightCacheMode)
    choices.preflight_cache_mode.append(&mut list, request, &user_agent.profile);
    list
}

/// The methods and headers that a preflight response allows, and how long a cache may keep it.
///
/// ```
/// # use browser_cors::engine::Profile;
/// # use browser_cors::{fetch::judge_preflight_response, header::HeaderList, origin::Origin};
/// # use browser_cors::{http::Method, request::Request, response::Response, url::Url};
/// let mut request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// request.method = Method::PUT;
/// let headers = HeaderList::try_from([
///     ("Access-Control-Allow-Origin", "*"),
///     ("Access-Control-Allow-Methods", "PUT, PATCH"),
///     ("Access-Control-Max-Age", "600"),
/// ]).unwrap();
/// let response = Response::new(204, headers);
/// let grant = judge_preflight_response(&request, &response, &Profile::STANDARD).unwrap();
/// assert_eq!(grant.methods, ["PUT", "PATCH"]);
/// assert_eq!(grant.max_age.as_secs(), 600);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PreflightGrant<'a> {
    /// The methods. One of them may be `*`.
    pub methods: Vec<&'a str>,
    /// The header names. One of them may be `*`.
    pub header_names: Vec<&'a str>,
    /// The max-age, before the user agent applies its limit.
    pub max_age: Duration,
}

/// Judges the answer to a preflight: [CORS-preflight fetch] steps 7.1 to 7.9 and 8.
///
/// # Errors
///
/// If one of these steps returns a network error. The first such step gives the error.
///
/// [CORS-preflight fetch]: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     engine::Profile,
///     fetch::judge_preflight_response, header::HeaderList, http::Method, origin::Origin,
///     request::Request, response::Response, url::Url,
/// };
///
/// let mut request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// request.method = Method::from_bytes(b"patch").unwrap();
/// let headers = HeaderList::try_from([
///     ("Access-Control-Allow-Origin", "*"),
///     ("Access-Control-Allow-Methods", "PATCH"),
/// ]).unwrap();
/// let response = Response::new(204, headers);
/// let failure = judge_preflight_response(&request, &response, &Profile::STANDARD).unwrap_err();
/// assert_eq!(failure.step().path(), "7.5");
/// ```
pub fn judge_preflight_response<'a>(
    request: &'a Request,
    response: &'a Response,
    profile: &Profile,
) -> Result<PreflightGrant<'a>, PreflightFailure> {
    PreflightRequest::of(request, profile).judge_response(response.status, response, profile)
}

impl<'a, H: ReadHeaders + ?Sized> PreflightRequest<'a, H> {
    /// [`judge_preflight_response`] for an answer with this status and these headers.
    ///
    /// # Errors
    ///
    /// If one of its steps returns a network error.
    ///
    /// ```
    /// # use browser_cors::{engine::Profile, fetch::PreflightRequest, header::HeaderList, http::Method};
    /// let headers = HeaderList::new();
    /// let asked = PreflightRequest::new("https://app.example", &Method::PUT, &headers);
    /// let answer = [("access-control-allow-origin", "*"), ("access-control-allow-methods", "*")];
    /// assert!(asked.judge_response(204, &answer, &Profile::STANDARD).is_ok());
    /// let failure = asked.judge_response(401, &answer, &Profile::STANDARD).unwrap_err();
    /// assert_eq!(failure.code(), "preflight-status");
    /// ```
    pub fn judge_response<'b>(
        &self,
        status: u16,
        answer: &'b (impl ReadHeaders + ?Sized),
        profile: &Profile,
    ) -> Result<PreflightGrant<'b>, PreflightFailure>
    where
        'a: 'b,
    {
        let grant = self.read_preflight_response(status, answer, profile)?;
        grant.judge(self, answer, profile)?;
        Ok(grant)
    }

    /// The part of [`Self::judge_response`] before the request's method and headers are judged.
    pub(super) fn read_preflight_response<'b>(
        &self,
        status: u16,
        answer: &'b (impl ReadHeaders + ?Sized),
        profile: &Profile,
    ) -> Result<PreflightGrant<'b>, PreflightFailure>
    where
        'a: 'b,
    {
        let choices = &profile.choices;
        // Steps 7 and 8.
        // Departs(PreflightOrder)
        choices.preflight_order.refuse_early(status, answer)?;
        if self.is_checked {
            cors_check(self.origin, self.credentials_mode, answer)
                .map_err(PreflightFailure::CorsCheck)?;
        }
        if !is_ok_status(status) {
            return Err(PreflightFailure::status(status, answer));
        }
        // Steps 7.1 to 7.3.
        let methods = extract_tokens("Access-Control-Allow-Methods", answer)
            .map_err(PreflightFailure::AllowMethods)?;
        // Departs(AllowHeaders)
        let header_names = choices.allow_headers.read_before_method(answer)?;
        // Step 7.4.
        // Departs(ForcedMethod)
        let methods = match methods {
            None if choices.forced_method.is_allowed(self.use_cors_preflight) => {
                vec![self.method.as_str()]
            }
            methods => methods.unwrap_or_default(),
        };
        // Steps 7.8 and 7.9.
        // Departs(MaxAge)
        let max_age = choices.max_age.read(answer).map_or(DEFAULT_MAX_AGE, Duration::from_secs);
        Ok(PreflightGrant { methods, header_names: header_names.unwrap_or_default(), max_age })
    }
}

impl FetchParams {
    /// Sends the preflight, and waits for its answer.
    pub(super) fn cors_preflight_fetch(
        self: Box<Self>,
        reasons: Vec<PreflightReason>,
        context: &Context<'_>,
    ) -> Action {
        Action::Send(Exchange {
            header_list: preflight_header_list(&self.request, context.user_agent),
            includes_credentials: false,
            params: self,
            stage: Stage::Preflight(reasons),
        })
    }
}

/// Whether a preflight response that lists `methods` allows `method`, as step 7.5 asks.
pub(crate) fn covers_method(
    methods: &[&str],
    method: &Method,
    credentials_mode: CredentialsMode,
) -> bool {
    methods.contains(&method.as_str())
        || is_cors_safelisted_method(method)
        || (credentials_mode != CredentialsMode::Include && methods.contains(&"*"))
}

/// Whether a preflight response that lists `header_names` allows the header of this name, as steps
/// 7.6 and 7.7 ask.
pub(crate) fn covers_header(
    header_names: &NameSet<&str>,
    name: &str,
    credentials_mode: CredentialsMode,
    profile: &Profile,
) -> bool {
    let wildcard = credentials_mode != CredentialsMode::Include && header_names.contains(b"*");
    // Departs(WildcardHeaders)
    (wildcard && profile.choices.wildcard_headers.cover(name))
        || header_names.contains(name.as_bytes())
}

impl PreflightGrant<'_> {
    /// The part of [`judge_preflight_response`] that judges the request's method and headers.
    pub(super) fn judge<H: ReadHeaders + ?Sized>(
        &self,
        asked: &PreflightRequest<'_, H>,
        answer: &(impl ReadHeaders + ?Sized),
        profile: &Profile,
    ) -> Result<(), PreflightFailure> {
        let Self { methods, header_names, .. } = self;
        let (headers, credentials_mode) = (asked.headers, asked.credentials_mode);
        let listed = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        // Step 7.5.
        if !covers_method(methods, asked.method, credentials_mode) {
            return Err(PreflightFailure::Method {
                method: asked.method.clone(),
                allowed: listed(methods),
                credentials_mode,
            });
        }
        let choices = &profile.choices;
        // Departs(AllowHeaders)
        choices.allow_headers.read_after_method(answer)?;
        // Steps 7.6 and 7.7.
        let allowed = NameSet::new(header_names.iter().copied());
        let is_refused = |name: &str| !covers_header(&allowed, name, credentials_mode, profile);
        if cors_unsafe_request_headers(headers, profile).any(|(name, _)| is_refused(name)) {
            let mut names = cors_unsafe_request_header_names(headers, profile);
            names.retain(|name| is_refused(name));
            return Err(PreflightFailure::Headers {
                names,
                allowed: listed(header_names),
                credentials_mode,
            });
        }
        Ok(())
    }

    /// Stores the grant in the user agent's cache, if it has one.
    pub(super) fn store(&self, request: &Request, context: &mut Context<'_>) {
        let profile = &context.user_agent.profile;
        // Step 7.10.
        // Departs(MaxAgeLimit)
        let max_age = self.max_age.min(profile.max_age_limit());
        // Step 7.11.
        // Departs(NoStorePreflight)
        let is_stored =
            profile.choices.no_store_preflight.is_stored(effective_cache_mode(request, profile));
        if !context.user_agent.caches_preflights || !is_stored {
            return;
        }
        // Steps 7.12 to 7.15.
        let methods = self.methods.iter().map(|method| Grant::Method(method));
        let header_names = self.header_names.iter().map(|name| Grant::HeaderName(name));
        context.cache.store(request, methods.chain(header_names), max_age, context.now);
        // Step 7.16.
    }
}

/// Why a preflight failed. The variants are in the order of the standard's steps.
///
/// ```
/// # use browser_cors::fetch::PreflightFailure;
/// let failure = PreflightFailure::Status { status: 401, location: None };
/// assert_eq!(failure.to_string(), "the preflight's status is 401, not 200 to 299");
/// assert_eq!(failure.code(), "preflight-status");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum PreflightFailure {
    /// Step 6: there was no response.
    #[error("there is no response to the preflight: {0}")]
    Transport(TransportFailure),
    /// Step 7: the response fails the CORS check.
    #[error("the preflight's response fails the CORS check: {0}")]
    CorsCheck(#[source] CorsCheckFailure),
    /// Step 7: the status is not an ok status.
    #[error("the preflight's status is {status}, not 200 to 299")]
    Status {
        /// The status.
        status: u16,
        /// The value of `Location`, if the response has one.
        location: Option<Vec<u8>>,
    },
    /// Step 7.3: `Access-Control-Allow-Methods` cannot be parsed.
    #[error(transparent)]
    AllowMethods(InvalidHeaderValue),
    /// Step 7.3: `Access-Control-Allow-Headers` cannot be parsed.
    #[error(transparent)]
    AllowHeaders(InvalidHeaderValue),
    /// Step 7.5: the method is not allowed.
    #[error("Access-Control-Allow-Methods does not list {method}")]
    Method {
        /// The request's method.
        method: Method,
        /// The methods that the server listed.
        allowed: Vec<String>,
        /// The request's credentials mode. If it is "include", `*` means only a method of that
        /// name.
        credentials_mode: CredentialsMode,
    },
    /// Step 7.6 for `Authorization`, which `*` never covers, or step 7.7: headers are not allowed.
    #[error("Access-Control-Allow-Headers does not list {}", .names.join(", "))]
    Headers {
        /// The names of the headers that are not allowed, in lower case and sorted.
        names: Vec<String>,
        /// The header names that the server listed.
        allowed: Vec<String>,
        /// The request's credentials mode. If it is "include", `*` means only a header of that
        /// name.
        credentials_mode: CredentialsMode,
    },
}

impl PreflightFailure {
    /// The failure for an answer whose status is not an ok status.
    pub(crate) fn status(status: u16, headers: &(impl ReadHeaders + ?Sized)) -> Self {
        Self::Status { status, location: headers.get_combined("Location").map(Into::into) }
    }

    /// The step of the standard that returned the network error. If the CORS check failed, this is
    /// the step of the CORS check.
    ///
    /// ```
    /// # use browser_cors::fetch::PreflightFailure;
    /// let failure = PreflightFailure::Status { status: 404, location: None };
    /// assert_eq!(failure.step().to_string(), "#cors-preflight-fetch-0 step 8");
    /// ```
    pub fn step(&self) -> Step {
        let path = match self {
            Self::Transport(_) => "6",
            Self::CorsCheck(failure) => return failure.step(),
            Self::Status { .. } => "8",
            Self::AllowMethods(_) | Self::AllowHeaders(_) => "7.3",
            Self::Method { .. } => "7.5",
            Self::Headers { names, .. } if has_authorization(names) => "7.6",
            Self::Headers { .. } => "7.7",
        };
        Step::new("cors-preflight-fetch-0", path)
    }

    /// The stable code of this reason.
    ///
    /// ```
    /// # use browser_cors::{cors_check::CorsCheckFailure, fetch::PreflightFailure};
    /// let failure = PreflightFailure::CorsCheck(CorsCheckFailure::NoAllowOrigin);
    /// assert_eq!(failure.code(), "preflight-allow-origin-missing");
    /// ```
    pub fn code(&self) -> Code {
        match self {
            Self::Transport(_) => Code::PreflightNoResponse,
            Self::CorsCheck(failure) => failure.code().in_preflight(),
            Self::Status { .. } => Code::PreflightStatus,
            Self::AllowMethods(_) => Code::PreflightAllowMethodsInvalid,
            Self::AllowHeaders(_) => Code::PreflightAllowHeadersInvalid,
            Self::Method { .. } => Code::PreflightMethod,
            Self::Headers { names, .. } if has_authorization(names) => Code::PreflightAuthorization,
            Self::Headers { .. } => Code::PreflightHeader,
        }
    }
}

fn has_authorization(names: &[String]) -> bool {
    names.iter().any(|name| is_cors_non_wildcard_request_header_name(name))
}
