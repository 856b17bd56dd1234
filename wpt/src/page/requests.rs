//! Requests from what scripts say. A failure is a DOM exception or a `TypeError`.

use std::sync::Arc;

use browser_cors::{
    Environment, HeaderList, Origin, Profile, RequestInit, UserAgent, construct_request,
    environment::{EmbedderPolicy, NetworkPartitionKey},
    http::Method,
    method,
    page::{
        beacon::{BeaconTypeError, send_beacon},
        body::BodyInit,
        elements::CorsSettingsAttribute,
        fetch_api::{Duplex, RequestInfo, Window},
        loads::Load,
        xml_http_request::XmlHttpRequest,
    },
    referrer::parse_a_referrer_policy,
    request::{Body, CredentialsMode, Destination, Mode, RedirectMode, Request},
    url::Url,
};
use serde::Deserialize;

use crate::delivered::bytes_of;

/// Why there is no request: the name of an exception, and its message.
#[derive(Debug)]
pub struct Failure {
    /// `TypeError` or the name of a `DOMException`.
    pub name: &'static str,
    /// For people.
    pub message: String,
}

impl Failure {
    fn type_error(error: impl ToString) -> Self {
        Self { name: "TypeError", message: error.to_string() }
    }
}

/// The kind of a body, beside its bytes.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum BodyOf {
    /// A `Blob`.
    Blob {
        /// Its type.
        #[serde(rename = "type")]
        kind: String,
    },
    /// An `ArrayBuffer` or a view of one.
    Buffer,
    /// A `FormData`, encoded.
    FormData {
        /// Between the parts.
        boundary: String,
    },
    /// A `URLSearchParams`.
    UrlSearchParams,
    /// A string.
    Text,
    /// A `ReadableStream`.
    Stream,
}

impl BodyOf {
    fn with(self, bytes: Vec<u8>) -> BodyInit {
        let text = |bytes| String::from_utf8(bytes).unwrap_or_default();
        match self {
            Self::Blob { kind } => BodyInit::Blob { bytes, kind },
            Self::Buffer => BodyInit::BufferSource(bytes),
            Self::FormData { boundary } => BodyInit::FormData { bytes, boundary },
            Self::UrlSearchParams => BodyInit::UrlSearchParams(text(bytes)),
            Self::Text => BodyInit::Text(text(bytes)),
            Self::Stream => BodyInit::ReadableStream,
        }
    }
}

/// The type that a body brings.
pub fn body_type(kind: BodyOf) -> Option<String> {
    kind.with(Vec::new()).extract().1
}

/// The members of a `RequestInit` that are there.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RequestInitJson {
    method: Option<String>,
    headers: Option<Vec<(String, String)>>,
    body: Option<BodyOf>,
    referrer: Option<String>,
    referrer_policy: Option<String>,
    mode: Option<String>,
    credentials: Option<String>,
    cache: Option<String>,
    redirect: Option<String>,
    integrity: Option<String>,
    keepalive: Option<bool>,
    duplex: Option<String>,
    has_window: bool,
    is_window_null: bool,
}

/// `new Request(input, init)`.
///
/// # Errors
///
/// A `TypeError`.
pub fn fetch_api<'a>(
    input: impl Into<RequestInfo<'a>>,
    init: RequestInitJson,
    body: Vec<u8>,
    client: &Arc<Environment>,
) -> Result<Request, Failure> {
    let mut made = RequestInit::new();
    made.method = init.method.as_deref().map(bytes_of);
    made.headers = init
        .headers
        .map(|pairs| pairs.iter().map(|(name, value)| (bytes_of(name), bytes_of(value))).collect());
    made.body = init.body.map(|kind| kind.with(body));
    made.referrer = init.referrer;
    made.referrer_policy = parsed("referrerPolicy", init.referrer_policy)?;
    made.mode = parsed("mode", init.mode)?;
    made.credentials = parsed("credentials", init.credentials)?;
    made.cache = parsed("cache", init.cache)?;
    made.redirect = parsed("redirect", init.redirect)?;
    made.integrity = init.integrity;
    made.keepalive = init.keepalive;
    made.duplex = match init.duplex.as_deref() {
        None => None,
        Some("half") => Some(Duplex::Half),
        Some(other) => return Err(Failure::type_error(format!("{other} is no duplex"))),
    };
    if init.has_window {
        made.window = Some(if init.is_window_null { Window::Null } else { Window::Other });
    }
    construct_request(input, made, client).map_err(Failure::type_error)
}

fn parsed<T: std::str::FromStr>(member: &str, text: Option<String>) -> Result<Option<T>, Failure> {
    let wrong = |text| Failure::type_error(format!("`{text}` is not a value of {member}"));
    text.map(|text| text.parse().map_err(|_| wrong(text))).transpose()
}

/// `xhr.send(body)`.
pub fn xhr(xhr: XmlHttpRequest, body: Option<(BodyOf, Vec<u8>)>) -> Request {
    xhr.send(body.map(|(kind, bytes)| kind.with(bytes)))
}

/// `navigator.sendBeacon(url, data)`; `None` if it returns false.
///
/// # Errors
///
/// A `TypeError`.
pub fn beacon(
    url: &str,
    data: Option<(BodyOf, Vec<u8>)>,
    client: &Arc<Environment>,
    profile: &Profile,
) -> Result<Option<Request>, BeaconTypeError> {
    send_beacon(url, data.map(|(kind, bytes)| kind.with(bytes)), client, profile)
}

/// What an element says about its load.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadInit {
    load: String,
    url: String,
    crossorigin: Option<String>,
    #[serde(default)]
    integrity: String,
    #[serde(default)]
    referrer_policy: String,
}

/// The load of an element.
///
/// # Errors
///
/// If it is no URL.
pub fn load(init: LoadInit, client: &Arc<Environment>) -> Result<(Load, Request), Failure> {
    let url = client.api_base_url.join(&init.url).map_err(Failure::type_error)?;
    let load = match init.load.as_str() {
        "image" => Load::Image,
        "video" => Load::Video,
        "script" => Load::ClassicScript,
        "module" => Load::ModuleScript,
        "style" => Load::StyleSheet,
        "event-source" => Load::EventSource,
        other => return Err(Failure::type_error(format!("{other} is no load"))),
    };
    let crossorigin = CorsSettingsAttribute::from_attribute(init.crossorigin.as_deref());
    let mut request = load.request(url, crossorigin, client);
    request.integrity_metadata = init.integrity;
    request.referrer_policy = init.referrer_policy.to_ascii_lowercase().parse().unwrap_or_default();
    Ok((load, request))
}

/// A navigation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NavigationInit {
    url: String,
    method: Option<String>,
    content_type: Option<String>,
    #[serde(default)]
    referrer_policy: String,
    #[serde(default)]
    is_top: bool,
    #[serde(default)]
    is_reload: bool,
}

/// The request of a navigation.
///
/// # Errors
///
/// If it is no URL.
pub fn navigation(
    init: NavigationInit,
    body: Vec<u8>,
    client: &Arc<Environment>,
) -> Result<Request, Failure> {
    let url = client.api_base_url.join(&init.url).map_err(Failure::type_error)?;
    let mut request = Request::new(url, client.origin.clone());
    request.client = Some(Arc::clone(client));
    request.destination = if init.is_top { Destination::Document } else { Destination::Iframe };
    request.mode = Mode::Navigate;
    request.credentials_mode = CredentialsMode::Include;
    request.use_url_credentials = true;
    request.redirect_mode = RedirectMode::Follow;
    request.referrer_policy = init.referrer_policy.to_ascii_lowercase().parse().unwrap_or_default();
    if init.is_reload {
        request.cache_mode = browser_cors::request::CacheMode::NoCache;
    }
    if let Some(name) = init.method {
        request.method = method::parse(name.as_bytes()).unwrap_or(Method::GET);
    }
    if request.method == Method::POST {
        request.body = Some(Body::Source(body.into()));
        let content_type = init.content_type.unwrap_or_default();
        request.header_list.append("Content-Type", content_type).map_err(Failure::type_error)?;
    }
    Ok(request)
}

/// The request for the script of a worker.
///
/// # Errors
///
/// If it is no URL.
pub fn worker(
    url: &str,
    is_shared: bool,
    is_import: bool,
    client: &Arc<Environment>,
) -> Result<Request, Failure> {
    let url = client.api_base_url.join(url).map_err(Failure::type_error)?;
    let mut request = Request::new(url, client.origin.clone());
    request.client = Some(Arc::clone(client));
    request.mode = if is_import { Mode::NoCors } else { Mode::SameOrigin };
    request.credentials_mode =
        if is_import { CredentialsMode::Include } else { CredentialsMode::SameOrigin };
    request.destination = match (is_import, is_shared) {
        (true, _) => Destination::Script,
        (false, true) => Destination::Sharedworker,
        (false, false) => Destination::Worker,
    };
    Ok(request)
}

/// What a new document or worker is told about itself.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SettingsInit {
    url: String,
    base: Option<String>,
    /// Whether the origin is a new opaque one.
    #[serde(default)]
    is_sandboxed: bool,
    #[serde(default)]
    headers: Vec<(String, String)>,
    /// The policy of a `<meta>`.
    referrer_policy: Option<String>,
    #[serde(default)]
    is_top: bool,
}

impl SettingsInit {
    /// Whether the document or worker has what its creator has: it is no answer of a server.
    pub fn is_of_creator(&self) -> bool {
        ["about:", "blob:", "data:"].iter().any(|scheme| self.url.starts_with(scheme))
    }
}

/// Whether the headers of a document upgrade its insecure requests.
pub fn upgrades_insecure_requests(init: &SettingsInit) -> bool {
    init.headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("Content-Security-Policy")
            && value
                .split([',', ';'])
                .any(|it| it.trim().eq_ignore_ascii_case("upgrade-insecure-requests"))
    })
}

/// The settings of a document or a worker. A document without an origin of its own, such as
/// `about:srcdoc`, has that of `creator`.
///
/// # Errors
///
/// If it is no URL.
pub fn environment(
    init: SettingsInit,
    creator: Option<&Arc<Environment>>,
    user_agent: &UserAgent,
) -> Result<Environment, Failure> {
    let url = Url::parse(&init.url).map_err(Failure::type_error)?;
    let mut list = HeaderList::new();
    for (name, value) in &init.headers {
        list.append(name, bytes_of(value)).map_err(Failure::type_error)?;
    }
    let mut settings = match creator.filter(|_| url.scheme() == "about") {
        Some(creator) => Environment::clone(creator),
        None => Environment::new(url.clone()),
    };
    if url.scheme() == "blob" {
        settings.origin = Origin::from(url.origin());
    }
    if init.is_sandboxed || url.scheme() == "data" {
        settings.origin = Origin::opaque();
    }
    // The URL of the creator is the referrer of what a document without a URL of its own asks for.
    if url.scheme() != "about" {
        settings.creation_url = url;
    }
    if let Some(base) = &init.base {
        settings.api_base_url = Url::parse(base).map_err(Failure::type_error)?;
    }
    let sites = &*user_agent.sites;
    settings.network_partition_key = match creator.filter(|_| !init.is_top) {
        Some(creator) => creator.network_partition_key.clone(),
        None => NetworkPartitionKey::determine(&settings.origin, None, sites),
    };
    if let Some(creator) = creator.filter(|_| init.is_of_creator()) {
        settings.referrer_policy = creator.referrer_policy;
    }
    let policy =
        init.referrer_policy.map(|it: String| it.to_ascii_lowercase().parse().unwrap_or_default());
    let policy = policy.unwrap_or_else(|| parse_a_referrer_policy(&list));
    if policy != browser_cors::referrer::ReferrerPolicy::Empty {
        settings.referrer_policy = policy;
    }
    settings.embedder_policy = match list.get("Cross-Origin-Embedder-Policy").as_deref() {
        Some(b"require-corp") => EmbedderPolicy::RequireCorp,
        Some(b"credentialless") => EmbedderPolicy::Credentialless,
        _ => settings.embedder_policy,
    };
    Ok(settings)
}
