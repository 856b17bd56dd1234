//! Servo's requests and responses as ours, and back.
//!
//! The single decisions take the few values that they read, so they need [`hops`] at most. The rest
//! is for a user agent that lets `browser_cors` classify, redirect or filter.

use browser_cors::{
    environment::{EmbedderPolicy, Environment},
    fetch::{PreflightFailure, readable_headers},
    http_types::NotForHttp,
    origin::{Origin, RegistrableDomain},
    referrer::ReferrerPolicy,
    request::{
        Body, CacheMode, CredentialsMode, Destination, Initiator, Mode, RedirectMode, Referrer,
        Request, ResponseTainting, ServiceWorkersMode,
    },
    response::Response,
    url::Url,
};
use net_traits::{
    NetworkError, blob_url_store::UrlWithBlobClaim, policy_container::EmbedderPolicyValue,
    pub_domains, request as servo, response as servo_response,
};
use servo_url::ServoUrl;

/// Servo's list of public suffixes.
#[derive(Clone, Copy, Debug, Default)]
pub struct PubDomains;

impl RegistrableDomain for PubDomains {
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
        // The list has no dot at the end of a name, but such a dot belongs to the host.
        let listed = domain.strip_suffix('.').unwrap_or(domain);
        if pub_domains::is_pub_domain(listed) {
            return None;
        }
        Some(&domain[listed.len() - pub_domains::reg_suffix(listed).len()..])
    }
}

/// The origin of a request. An opaque origin becomes a new one. `"client"` is the client's origin.
pub fn origin(request: &servo::Request) -> Origin {
    let client = request.client.as_ref().map(|client| &client.origin);
    match (&request.origin, client) {
        (servo::Origin::Origin(origin), _)
        | (servo::Origin::Client, Some(servo::Origin::Origin(origin))) => {
            origin.clone().into_url_origin().into()
        }
        (servo::Origin::Client, _) => Origin::opaque(),
    }
}

/// A request that has only the origin and the URL list, from which the origin is serialized. An
/// opaque origin that Servo gave the request after a redirect comes out as `null`, too.
pub fn hops(request: &servo::Request) -> Request {
    let mut ours = Request::new(request.url().into_url(), origin(request));
    for url in &request.url_list[1..] {
        ours.push_url(url.as_url().clone());
    }
    ours
}

/// The whole request. Its body is one that Servo sends, so only its length is known here.
pub fn to_request(request: &servo::Request) -> Request {
    let mut ours = hops(request);
    ours.method = request.method.clone();
    ours.local_urls_only = request.local_urls_only;
    ours.header_list = (&request.headers).into();
    ours.unsafe_request = request.unsafe_request;
    ours.body = request.body.as_ref().map(|body| {
        if body.source_is_null() {
            Body::Stream
        } else {
            Body::Replayable { length: body.len().map(|length| length as u64) }
        }
    });
    ours.client = request.client.as_ref().map(|_| client(request, &ours.origin).shared());
    ours.keepalive = request.keep_alive;
    ours.service_workers_mode = match request.service_workers_mode {
        servo::ServiceWorkersMode::All => ServiceWorkersMode::All,
        servo::ServiceWorkersMode::None => ServiceWorkersMode::None,
    };
    if request.initiator == servo::Initiator::Prefetch {
        ours.initiator = Initiator::Prefetch;
    }
    ours.destination = destination(request.destination);
    ours.referrer = match &request.referrer {
        servo::Referrer::NoReferrer => Referrer::NoReferrer,
        servo::Referrer::Client(_) if ours.client.is_some() => Referrer::Client,
        servo::Referrer::Client(url) | servo::Referrer::ReferrerUrl(url) => {
            Referrer::Url(url.as_url().clone())
        }
    };
    ours.referrer_policy = referrer_policy(request.referrer_policy);
    ours.mode = mode(&request.mode);
    ours.use_cors_preflight = request.use_cors_preflight;
    ours.credentials_mode = credentials_mode(request.credentials_mode);
    ours.use_url_credentials = request.use_url_credentials;
    ours.cache_mode = match request.cache_mode {
        servo::CacheMode::Default => CacheMode::Default,
        servo::CacheMode::NoStore => CacheMode::NoStore,
        servo::CacheMode::Reload => CacheMode::Reload,
        servo::CacheMode::NoCache => CacheMode::NoCache,
        servo::CacheMode::ForceCache => CacheMode::ForceCache,
        servo::CacheMode::OnlyIfCached => CacheMode::OnlyIfCached,
    };
    ours.redirect_mode = match request.redirect_mode {
        servo::RedirectMode::Follow => RedirectMode::Follow,
        servo::RedirectMode::Error => RedirectMode::Error,
        servo::RedirectMode::Manual => RedirectMode::Manual,
    };
    ours.integrity_metadata.clone_from(&request.integrity_metadata);
    ours.set_redirect_count(u8::try_from(request.redirect_count).unwrap_or(u8::MAX));
    ours.set_response_tainting(response_tainting(request.response_tainting));
    ours
}

/// The client. Servo has its URL only as the referrer, and has no network partition key.
fn client(request: &servo::Request, origin: &Origin) -> Environment {
    let url = match &request.referrer {
        servo::Referrer::Client(url) => Some(url.as_url().clone()),
        _ => Url::parse(origin.serialized()).ok(),
    };
    let blank = || Url::parse("about:blank").expect("about:blank is a URL");
    let mut client = Environment::new(url.unwrap_or_else(blank));
    client.origin = origin.clone();
    client.embedder_policy = embedder_policy(request);
    if let Some(servo) = &request.client {
        client.referrer_policy = referrer_policy(servo.policy_container.get_referrer_policy());
    }
    client
}

/// The embedder policy of the client.
pub fn embedder_policy(request: &servo::Request) -> EmbedderPolicy {
    let client = request.client.as_ref();
    match client.map(|client| client.policy_container.embedder_policy.value) {
        Some(EmbedderPolicyValue::RequireCorp) => EmbedderPolicy::RequireCorp,
        Some(EmbedderPolicyValue::UnsafeNone) | None => EmbedderPolicy::UnsafeNone,
    }
}

/// Takes over what a hop changes: method, headers, body, URLs, redirect count, tainting, referrer
/// policy.
///
/// # Errors
///
/// If `http` cannot represent a header.
pub fn update_request(request: &mut servo::Request, ours: &Request) -> Result<(), NotForHttp> {
    request.headers = (&ours.header_list).try_into()?;
    request.method = ours.method.clone();
    if ours.body.is_none() {
        request.body = None;
    }
    let mut known = std::mem::take(&mut request.url_list).into_iter();
    let urls = ours.url_list().iter().map(|url| match known.next() {
        Some(known) if known.as_url() == url => known, // with its claim of a blob
        _ => {
            UrlWithBlobClaim::from_url_without_having_claimed_blob(ServoUrl::from_url(url.clone()))
        }
    });
    request.url_list = urls.collect();
    request.redirect_count = ours.redirect_count().into();
    request.response_tainting = match ours.response_tainting() {
        ResponseTainting::Basic => servo::ResponseTainting::Basic,
        ResponseTainting::Cors => servo::ResponseTainting::CorsTainting,
        ResponseTainting::Opaque => servo::ResponseTainting::Opaque,
    };
    request.referrer_policy = servo_referrer_policy(ours.referrer_policy);
    Ok(())
}

/// What the network answered, without its body.
pub fn to_response(response: &servo_response::Response) -> Response {
    let response = response.actual_response();
    let url = response.url().filter(|_| response.url_list.is_empty());
    let urls = response.url_list.iter().chain(url).map(|url| url.as_url().clone());
    let mut ours = Response::new(response.status.raw_code(), (&response.headers).into());
    ours.status_message = response.status.message().into();
    ours = ours.for_urls(urls);
    if !response.request_includes_credentials {
        ours = ours.without_credentials();
    }
    if response.range_requested { ours.to_range_request() } else { ours }
}

/// Main fetch step 14: what the page sees of the response to this request.
pub fn filter(
    request: &servo::Request,
    mut response: servo_response::Response,
) -> servo_response::Response {
    let tainting = response_tainting(request.response_tainting);
    if tainting == ResponseTainting::Cors {
        let actual = response.actual_response_mut();
        let credentials_mode = credentials_mode(request.credentials_mode);
        let readable = readable_headers(tainting, credentials_mode, &actual.headers);
        let names = readable.map(|(name, _)| name.to_owned()).collect();
        actual.cors_exposed_header_name_list = names;
    }
    response.to_filtered(match tainting {
        ResponseTainting::Basic => servo_response::ResponseType::Basic,
        ResponseTainting::Cors => servo_response::ResponseType::Cors,
        ResponseTainting::Opaque => servo_response::ResponseType::Opaque,
    })
}

/// The network error that a failed preflight is in Servo.
pub fn network_error(failure: &PreflightFailure) -> NetworkError {
    match failure {
        PreflightFailure::Transport(_) => NetworkError::ConnectionFailure,
        PreflightFailure::AllowMethods(_) => NetworkError::CorsAllowMethods,
        PreflightFailure::AllowHeaders(_) => NetworkError::CorsAllowHeaders,
        PreflightFailure::Method { .. } => NetworkError::CorsMethod,
        PreflightFailure::Headers { .. } if failure.step().path() == "7.6" => {
            NetworkError::CorsAuthorization
        }
        PreflightFailure::Headers { .. } => NetworkError::CorsHeaders,
        _ => NetworkError::CorsGeneral,
    }
}

/// A credentials mode.
pub const fn credentials_mode(mode: servo::CredentialsMode) -> CredentialsMode {
    match mode {
        servo::CredentialsMode::Omit => CredentialsMode::Omit,
        servo::CredentialsMode::CredentialsSameOrigin => CredentialsMode::SameOrigin,
        servo::CredentialsMode::Include => CredentialsMode::Include,
    }
}

/// A request mode.
pub const fn mode(mode: &servo::RequestMode) -> Mode {
    match mode {
        servo::RequestMode::Navigate => Mode::Navigate,
        servo::RequestMode::SameOrigin => Mode::SameOrigin,
        servo::RequestMode::NoCors => Mode::NoCors,
        servo::RequestMode::CorsMode => Mode::Cors,
        servo::RequestMode::WebSocket { .. } => Mode::Websocket,
    }
}

/// A response tainting.
pub const fn response_tainting(tainting: servo::ResponseTainting) -> ResponseTainting {
    match tainting {
        servo::ResponseTainting::Basic => ResponseTainting::Basic,
        servo::ResponseTainting::CorsTainting => ResponseTainting::Cors,
        servo::ResponseTainting::Opaque => ResponseTainting::Opaque,
    }
}

/// A destination.
pub const fn destination(destination: servo::Destination) -> Destination {
    match destination {
        servo::Destination::None => Destination::Empty,
        servo::Destination::Audio => Destination::Audio,
        servo::Destination::AudioWorklet => Destination::Audioworklet,
        servo::Destination::Document => Destination::Document,
        servo::Destination::Embed => Destination::Embed,
        servo::Destination::Font => Destination::Font,
        servo::Destination::Frame => Destination::Frame,
        servo::Destination::IFrame => Destination::Iframe,
        servo::Destination::Image => Destination::Image,
        servo::Destination::Json => Destination::Json,
        servo::Destination::Manifest => Destination::Manifest,
        servo::Destination::Object => Destination::Object,
        servo::Destination::PaintWorklet => Destination::Paintworklet,
        servo::Destination::Report => Destination::Report,
        servo::Destination::Script => Destination::Script,
        servo::Destination::ServiceWorker => Destination::Serviceworker,
        servo::Destination::SharedWorker => Destination::Sharedworker,
        servo::Destination::Style => Destination::Style,
        servo::Destination::Text => Destination::Text,
        servo::Destination::Track => Destination::Track,
        servo::Destination::Video => Destination::Video,
        servo::Destination::WebIdentity => Destination::Webidentity,
        servo::Destination::Worker => Destination::Worker,
        servo::Destination::Xslt => Destination::Xslt,
    }
}

/// A referrer policy.
pub const fn referrer_policy(policy: net_traits::ReferrerPolicy) -> ReferrerPolicy {
    use net_traits::ReferrerPolicy as Servo;
    match policy {
        Servo::EmptyString => ReferrerPolicy::Empty,
        Servo::NoReferrer => ReferrerPolicy::NoReferrer,
        Servo::NoReferrerWhenDowngrade => ReferrerPolicy::NoReferrerWhenDowngrade,
        Servo::Origin => ReferrerPolicy::Origin,
        Servo::SameOrigin => ReferrerPolicy::SameOrigin,
        Servo::OriginWhenCrossOrigin => ReferrerPolicy::OriginWhenCrossOrigin,
        Servo::UnsafeUrl => ReferrerPolicy::UnsafeUrl,
        Servo::StrictOrigin => ReferrerPolicy::StrictOrigin,
        Servo::StrictOriginWhenCrossOrigin => ReferrerPolicy::StrictOriginWhenCrossOrigin,
    }
}

const fn servo_referrer_policy(policy: ReferrerPolicy) -> net_traits::ReferrerPolicy {
    use net_traits::ReferrerPolicy as Servo;
    match policy {
        ReferrerPolicy::Empty => Servo::EmptyString,
        ReferrerPolicy::NoReferrer => Servo::NoReferrer,
        ReferrerPolicy::NoReferrerWhenDowngrade => Servo::NoReferrerWhenDowngrade,
        ReferrerPolicy::Origin => Servo::Origin,
        ReferrerPolicy::SameOrigin => Servo::SameOrigin,
        ReferrerPolicy::OriginWhenCrossOrigin => Servo::OriginWhenCrossOrigin,
        ReferrerPolicy::UnsafeUrl => Servo::UnsafeUrl,
        ReferrerPolicy::StrictOrigin => Servo::StrictOrigin,
        ReferrerPolicy::StrictOriginWhenCrossOrigin => Servo::StrictOriginWhenCrossOrigin,
    }
}
