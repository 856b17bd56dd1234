//! What a page asked for, rebuilt from what was recorded: what can be known of it, and what is
//! assumed.

use std::collections::HashMap;

use browser_cors::{
    header::{HeaderList, safelist::is_forbidden_request_header},
    http::Method,
    method::is_cors_safelisted_method,
    origin::{Origin, has_http_scheme},
    request::{Body, CredentialsMode, Destination, InitiatorType, Mode, Request},
    url::Url,
};

use super::{archive::Entry, pairs::Hop};

/// What a page asked for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) origin_from: OriginFrom,
    /// What says which credentials mode it is; otherwise it is assumed.
    pub(super) credentials_from: Option<&'static str>,
    /// Whether `sendBeacon()` asked, which hears of no answer.
    pub(super) is_beacon: bool,
}

/// Where the origin of a page was found.
///
/// ```
/// use browser_cors_audit::har::OriginFrom;
///
/// assert_eq!(OriginFrom::FetchSite.as_str(), "Sec-Fetch-Site");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OriginFrom {
    /// The header `Origin`.
    Origin,
    /// `Sec-Fetch-Site: same-origin`
    FetchSite,
    /// The header `Referer`.
    Referer,
    /// The page that the entry belongs to.
    Page,
    /// [`Judging::from_origin`](super::Judging::from_origin).
    Argument,
}

impl OriginFrom {
    /// A stable name of it.
    ///
    /// ```
    /// # use browser_cors_audit::har::OriginFrom;
    /// assert_eq!(OriginFrom::Argument.as_str(), "--origin");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Origin => "Origin",
            Self::FetchSite => "Sec-Fetch-Site",
            Self::Referer => "Referer",
            Self::Page => "page",
            Self::Argument => "--origin",
        }
    }
}

/// What is known beside the entries.
#[derive(Debug)]
pub(super) struct Known {
    /// The origins of the pages.
    pub(super) pages: HashMap<String, Origin>,
    /// Who asks where nothing says it.
    pub(super) origin: Option<Origin>,
    /// The credentials mode where nothing says it.
    pub(super) credentials: CredentialsMode,
}

/// Why there is nothing to judge.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum NotAsked {
    /// A navigation, which CORS does not concern.
    Navigation,
    /// A WebSocket, which has other rules.
    WebSocket,
    /// Nothing says whose request it is.
    NoOrigin,
}

impl Asked {
    /// What the first of `hops` asked for.
    pub(super) fn by(hops: &[Hop], known: &Known) -> Result<Self, NotAsked> {
        let [Hop { entry, url, preflight }, ..] = hops else { return Err(NotAsked::NoOrigin) };
        let destination = destination(entry);
        let mode = mode(entry, destination);
        match mode {
            Mode::Navigate => return Err(NotAsked::Navigation),
            Mode::Websocket | Mode::Webtransport => return Err(NotAsked::WebSocket),
            _ => {}
        }
        let (origin, origin_from) = origin(entry, url, known).ok_or(NotAsked::NoOrigin)?;
        let listed = preflight.as_deref().map(listed);
        let mut request = Request::new(url.clone(), origin);
        request.method = entry.request.method.clone();
        request.mode = mode;
        request.destination = destination;
        request.unsafe_request = destination == Destination::Empty && !is_event_source(entry);
        request.initiator_type = Some(match entry.resource_type.as_deref() {
            Some("xhr") => InitiatorType::Xmlhttprequest,
            _ => InitiatorType::Fetch,
        });
        request.body = entry.request.has_body.then(|| Body::Source(Vec::new()));
        request.header_list = author_headers(entry, listed.as_deref());
        // Ours: an upload listener forces a preflight that nothing else asks for.
        request.use_cors_preflight = listed.as_ref().is_some_and(Vec::is_empty)
            && is_cors_safelisted_method(&entry.request.method);
        let is_beacon = matches!(entry.resource_type.as_deref(), Some("ping" | "beacon"));
        let is_load = mode == Mode::NoCors && destination != Destination::Empty;
        let credentials_from = match hops
            .iter()
            .find_map(|hop| credentials_from(&hop.entry, hop.preflight.as_deref()))
        {
            None if is_beacon => Some("beacon"),
            None if is_load => Some("no-cors"),
            found => found,
        };
        request.credentials_mode = match credentials_from {
            Some(_) => CredentialsMode::Include,
            None => known.credentials,
        };
        Ok(Self { request, origin_from, credentials_from, is_beacon })
    }

    /// The same with credentials, for a page that got nothing although without them it would: the
    /// browser knows what was not recorded.
    pub(super) fn with_credentials(&self) -> Self {
        let mut request = self.request.clone();
        request.credentials_mode = CredentialsMode::Include;
        Self { request, credentials_from: Some("_error"), ..*self }
    }

    /// What must have been asked for after a preflight whose request was not recorded.
    pub(super) fn after(preflight: &Entry, url: &Url, known: &Known) -> Result<Self, NotAsked> {
        let (origin, origin_from) = origin(preflight, url, known).ok_or(NotAsked::NoOrigin)?;
        let asked = preflight.request.headers.get("Access-Control-Request-Method");
        let listed = listed(preflight);
        let mut request = Request::new(url.clone(), origin);
        request.method =
            asked.and_then(|method| Method::from_bytes(&method).ok()).unwrap_or_default();
        request.mode = Mode::Cors;
        request.unsafe_request = true;
        request.initiator_type = Some(InitiatorType::Fetch);
        request.header_list = author_headers(&Entry::default(), Some(&listed));
        request.use_cors_preflight =
            listed.is_empty() && is_cors_safelisted_method(&request.method);
        request.credentials_mode = known.credentials;
        Ok(Self { request, origin_from, credentials_from: None, is_beacon: false })
    }
}

fn text<'a>(entry: &'a Entry, name: &'a str) -> Option<&'a str> {
    entry.request.headers.values(name).next().and_then(|value| str::from_utf8(value).ok())
}

/// Who asks, and what says so.
fn origin(entry: &Entry, url: &Url, known: &Known) -> Option<(Origin, OriginFrom)> {
    if let Some(origin) = text(entry, "Origin").and_then(|text| text.parse().ok()) {
        return Some((origin, OriginFrom::Origin));
    }
    if text(entry, "Sec-Fetch-Site") == Some("same-origin") {
        return Some((Origin::from(url), OriginFrom::FetchSite));
    }
    let referer = text(entry, "Referer").and_then(|text| Url::parse(text).ok());
    if let Some(referer) = referer.filter(has_http_scheme) {
        return Some((Origin::from(&referer), OriginFrom::Referer));
    }
    if let Some(origin) = entry.page.as_ref().and_then(|page| known.pages.get(page)) {
        return Some((origin.clone(), OriginFrom::Page));
    }
    known.origin.clone().map(|origin| (origin, OriginFrom::Argument))
}

/// The mode: as the browser said it or, where it did not, as what was asked suggests.
pub(super) fn mode(entry: &Entry, destination: Destination) -> Mode {
    if let Some(mode) = text(entry, "Sec-Fetch-Mode").and_then(|text| text.parse().ok()) {
        return mode;
    }
    let has_origin = entry.request.headers.contains("Origin");
    let is_simple = matches!(entry.request.method, Method::GET | Method::HEAD);
    match entry.resource_type.as_deref() {
        Some("document") => Mode::Navigate,
        Some("websocket") => Mode::Websocket,
        Some("xhr" | "fetch" | "eventsource" | "font" | "preflight") => Mode::Cors,
        Some("ping" | "beacon" | "csp-violation-report") => Mode::NoCors,
        _ if entry.request.headers.contains("Sec-WebSocket-Key") => Mode::Websocket,
        _ if entry.request.headers.contains("Upgrade-Insecure-Requests")
            || text(entry, "Accept").is_some_and(|accept| accept.starts_with("text/html")) =>
        {
            Mode::Navigate
        }
        _ if destination == Destination::Empty && !is_simple => Mode::Cors,
        // Ours: without CORS, a GET to another origin has no Origin.
        _ if has_origin => Mode::Cors,
        // Ours: whoever asks with CORS says so in `Origin`, unless the request was blocked.
        _ if destination == Destination::Empty && entry.response.status == 0 => Mode::Cors,
        _ => Mode::NoCors,
    }
}

/// The destination: as the browser said it or, where it did not, by the type of the resource.
pub(super) fn destination(entry: &Entry) -> Destination {
    match text(entry, "Sec-Fetch-Dest").or(entry.resource_type.as_deref()) {
        Some("audio") => Destination::Audio,
        Some("audioworklet") => Destination::Audioworklet,
        Some("document") => Destination::Document,
        Some("embed") => Destination::Embed,
        Some("font") => Destination::Font,
        Some("frame") => Destination::Frame,
        Some("iframe") => Destination::Iframe,
        Some("image") => Destination::Image,
        Some("json") => Destination::Json,
        Some("manifest") => Destination::Manifest,
        Some("media" | "video") => Destination::Video,
        Some("object") => Destination::Object,
        Some("paintworklet") => Destination::Paintworklet,
        Some("report") => Destination::Report,
        Some("script") => Destination::Script,
        Some("serviceworker") => Destination::Serviceworker,
        Some("sharedworker") => Destination::Sharedworker,
        Some("style" | "stylesheet") => Destination::Style,
        Some("texttrack" | "track") => Destination::Track,
        Some("worker") => Destination::Worker,
        Some("xslt") => Destination::Xslt,
        _ => Destination::Empty,
    }
}

fn is_event_source(entry: &Entry) -> bool {
    entry.resource_type.as_deref() == Some("eventsource")
        || text(entry, "Accept") == Some("text/event-stream")
}

/// The header names that a preflight asks for.
fn listed(preflight: &Entry) -> Vec<String> {
    let names = preflight.request.headers.get_decode_and_split("Access-Control-Request-Headers");
    names.unwrap_or_default().into_iter().filter(|name| !name.is_empty()).collect()
}

/// What says that credentials went along: cookies, or a password that the author did not set.
fn credentials_from(entry: &Entry, preflight: Option<&Entry>) -> Option<&'static str> {
    let has_cookie = entry.request.has_cookies || entry.request.headers.contains("Cookie");
    // Note: a browser sends it with credentials alone.
    let has_access = entry.request.headers.contains("Sec-Fetch-Storage-Access");
    let is_authorized = || {
        entry.request.headers.contains("Authorization")
            && preflight.is_some_and(|preflight| {
                !listed(preflight).iter().any(|name| name.eq_ignore_ascii_case("Authorization"))
            })
    };
    if has_cookie {
        Some("Cookie")
    } else if has_access {
        Some("Sec-Fetch-Storage-Access")
    } else {
        is_authorized().then_some("Authorization")
    }
}

/// The headers that the author set. A preflight lists those that are not safelisted; without one,
/// they are those that no browser adds itself.
fn author_headers(entry: &Entry, listed: Option<&[String]>) -> HeaderList {
    let is_listed = |name: &str| {
        listed.is_some_and(|names| names.iter().any(|other| other.eq_ignore_ascii_case(name)))
    };
    let mut headers = HeaderList::new();
    for (name, value) in &entry.request.headers {
        let is_one_of = |names: &[&str]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
        let is_authors = match listed {
            Some(_) => is_listed(name) || is_one_of(&SAFELISTED),
            None => !is_one_of(&OF_BROWSERS),
        };
        if is_authors && !is_forbidden_request_header(name, value) {
            // Ours: a password is nobody's business, and its value does not matter.
            let value = if is_one_of(&["Authorization"]) { b"(recorded)" } else { value };
            // A header of a list is valid.
            let _ = headers.append(name, value);
        }
    }
    for name in listed.into_iter().flatten() {
        if !headers.contains(name) {
            // Ours: of a blocked request, not every header is recorded.
            let value = match name.to_ascii_lowercase().as_str() {
                "content-type" => "application/octet-stream",
                "range" => "bytes=-1",
                _ => "(unrecorded)",
            };
            let _ = headers.append(name, value);
        }
    }
    headers
}

/// The safelisted names that an author may have set, whatever a preflight lists.
const SAFELISTED: [&str; 4] = ["Accept", "Content-Language", "Content-Type", "Range"];

/// What browsers add to a request beside the forbidden headers: they can be the author's as well,
/// but without a preflight they are taken to be the browser's.
const OF_BROWSERS: [&str; 26] = [
    "Accept-Language",
    "Alt-Used",
    "Cache-Control",
    "Content-DPR",
    "Device-Memory",
    "Downlink",
    "DPR",
    "ECT",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Last-Event-ID",
    "Pragma",
    "Priority",
    "Purpose",
    "RTT",
    "Save-Data",
    "Service-Worker",
    "Upgrade-Insecure-Requests",
    "User-Agent",
    "Viewport-Width",
    "Width",
    "X-Client-Data",
    "X-Moz",
];
