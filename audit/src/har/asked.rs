//! Rebuilds the request that a page made from what the recording shows, and assumes the rest.

use std::{borrow::Cow, collections::HashMap};

use browser_cors::{
    header::{HeaderList, safelist::is_forbidden_request_header},
    http::Method,
    method::is_cors_safelisted_method,
    origin::Origin,
    request::{Body, CredentialsMode, Destination, InitiatorType, Mode, Request},
    url::Url,
};

use super::{archive::Entry, pairs::Hop, secret};

/// The request that a page made.
#[derive(Clone, Debug)]
pub(super) struct PageRequest {
    pub(super) request: Request,
    pub(super) origin_from: OriginFrom,
    /// The evidence for the credentials mode; `None` if the mode is assumed.
    pub(super) credentials_from: Option<&'static str>,
    /// Whether `sendBeacon()` made it, which gets no answer.
    pub(super) is_beacon: bool,
    /// Whether a proxy recorded it, which does not enforce CORS.
    pub(super) is_of_proxy: bool,
}

/// The evidence for the origin of a page.
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
    /// The URL of the page that the entry belongs to.
    Page,
    /// [`Judging::from_origin`](super::Judging::from_origin).
    Argument,
}

impl OriginFrom {
    /// A stable name.
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

/// What is known in addition to the entries.
#[derive(Debug)]
pub(super) struct Known {
    /// The origins of the pages.
    pub(super) pages: HashMap<String, Origin>,
    /// The origin of requests without any other evidence.
    pub(super) origin: Option<Origin>,
    /// The credentials mode of requests without any evidence.
    pub(super) credentials: CredentialsMode,
    /// Whether a proxy recorded it, which does not enforce CORS.
    pub(super) is_of_proxy: bool,
}

/// Why an exchange is not judged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum NotJudged {
    /// It is a navigation, which CORS does not concern.
    Navigation,
    /// It is a WebSocket, which has other rules.
    WebSocket,
    /// The browser itself made the request, and no page.
    Browser,
    /// Nothing shows which origin made the request.
    NoOrigin,
}

impl PageRequest {
    /// Rebuilds the request of the first of `hops`.
    pub(super) fn from_hops(hops: &[Hop], known: &Known) -> Result<Self, NotJudged> {
        let [Hop { entry, url, preflight }, ..] = hops else { return Err(NotJudged::NoOrigin) };
        let destination = destination(entry);
        let mode = mode(entry, destination);
        match mode {
            Mode::Navigate => return Err(NotJudged::Navigation),
            Mode::Websocket | Mode::Webtransport => return Err(NotJudged::WebSocket),
            _ => {}
        }
        let (origin, origin_from) = origin(entry, url, known)?;
        let listed = preflight.as_deref().map(listed);
        let mut request = Request::new(url.clone(), origin);
        request.method = entry.method.clone();
        request.mode = mode;
        request.destination = destination;
        // Ours: an `EventSource` never has a preflight, whatever others add to its request.
        request.unsafe_request = destination == Destination::Empty
            && entry.resource_type.as_deref() != Some("eventsource");
        request.initiator_type = Some(match entry.resource_type.as_deref() {
            Some("xhr") => InitiatorType::Xmlhttprequest,
            _ => InitiatorType::Fetch,
        });
        request.body = entry.has_body.then(|| Body::Replayable { length: None });
        request.header_list = author_headers(entry, listed.as_deref());
        // Ours: an upload listener forces a preflight that asks for nothing else.
        request.use_cors_preflight =
            listed.as_ref().is_some_and(Vec::is_empty) && is_cors_safelisted_method(&entry.method);
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
        let is_of_proxy = known.is_of_proxy;
        Ok(Self { request, origin_from, credentials_from, is_beacon, is_of_proxy })
    }

    /// The same request with credentials. It explains why the browser gave the page nothing
    /// although it would have done so without credentials: the browser knows more than the
    /// recording.
    pub(super) fn with_credentials(&self) -> Self {
        let mut request = self.request.clone();
        request.credentials_mode = CredentialsMode::Include;
        Self { request, credentials_from: Some("_error"), ..*self }
    }

    /// Rebuilds the request that must have followed a preflight, although it was not recorded.
    pub(super) fn from_preflight(
        preflight: &Entry,
        url: &Url,
        known: &Known,
    ) -> Result<Self, NotJudged> {
        let (origin, origin_from) = origin(preflight, url, known)?;
        let asked = preflight.request_headers.get("Access-Control-Request-Method");
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
        let is_of_proxy = known.is_of_proxy;
        Ok(Self { request, origin_from, credentials_from: None, is_beacon: false, is_of_proxy })
    }
}

fn text<'a>(entry: &'a Entry, name: &'a str) -> Option<&'a str> {
    entry.request_headers.values(name).next().and_then(|value| str::from_utf8(value).ok())
}

/// The origin of the page, and the evidence for it.
fn origin(entry: &Entry, url: &Url, known: &Known) -> Result<(Origin, OriginFrom), NotJudged> {
    if let Some(origin) = text(entry, "Origin").and_then(|text| text.parse().ok()) {
        return Ok((origin, OriginFrom::Origin));
    }
    match text(entry, "Sec-Fetch-Site") {
        Some("same-origin") => return Ok((Origin::from(url), OriginFrom::FetchSite)),
        Some("none") => return Err(NotJudged::Browser),
        _ => {}
    }
    let referer = text(entry, "Referer").and_then(|text| Url::parse(text).ok());
    let referer = referer.map(|url| Origin::of_page(&url));
    if let Some(referer) = referer.filter(|origin| !origin.is_opaque()) {
        return Ok((referer, OriginFrom::Referer));
    }
    if let Some(origin) = entry.page.as_ref().and_then(|page| known.pages.get(page)) {
        return Ok((origin.clone(), OriginFrom::Page));
    }
    match &known.origin {
        Some(origin) => Ok((origin.clone(), OriginFrom::Argument)),
        None => Err(NotJudged::NoOrigin),
    }
}

/// The mode: the one that the browser recorded or, without that, the one that the request suggests.
pub(super) fn mode(entry: &Entry, destination: Destination) -> Mode {
    if let Some(mode) = text(entry, "Sec-Fetch-Mode").and_then(|text| text.parse().ok()) {
        return mode;
    }
    let has_origin = entry.request_headers.contains("Origin");
    let is_simple = matches!(entry.method, Method::GET | Method::HEAD);
    match entry.resource_type.as_deref() {
        Some("document") => Mode::Navigate,
        Some("websocket") => Mode::Websocket,
        Some("xhr" | "fetch" | "eventsource" | "font" | "preflight") => Mode::Cors,
        Some("ping" | "beacon" | "csp-violation-report") => Mode::NoCors,
        _ if entry.request_headers.contains("Sec-WebSocket-Key") => Mode::Websocket,
        _ if entry.request_headers.contains("Upgrade-Insecure-Requests")
            || text(entry, "Accept").is_some_and(|accept| accept.starts_with("text/html")) =>
        {
            Mode::Navigate
        }
        _ if destination == Destination::Empty && !is_simple => Mode::Cors,
        // Ours: without CORS, a GET to another origin has no Origin.
        _ if has_origin => Mode::Cors,
        // Ours: a request with CORS has an `Origin`, unless it was blocked.
        _ if destination == Destination::Empty && entry.status == 0 => Mode::Cors,
        _ => Mode::NoCors,
    }
}

/// The destination: the one that the browser recorded or, without that, the one of the resource's
/// type.
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

/// The header names that a preflight lists.
fn listed(preflight: &Entry) -> Vec<String> {
    let names = preflight.request_headers.get_decode_and_split("Access-Control-Request-Headers");
    names.unwrap_or_default().into_iter().filter(|name| !name.is_empty()).collect()
}

/// The evidence that credentials were included: cookies, or a password that the author did not set.
fn credentials_from(entry: &Entry, preflight: Option<&Entry>) -> Option<&'static str> {
    let has_cookie = entry.has_cookies || entry.request_headers.contains("Cookie");
    // Note: a browser sends this header only with credentials.
    let has_access = entry.request_headers.contains("Sec-Fetch-Storage-Access");
    let is_authorized = || {
        entry.request_headers.contains("Authorization")
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

/// The headers that the author set. A preflight lists those that are not safelisted. Without a
/// preflight, they are the headers that no browser adds.
fn author_headers(entry: &Entry, listed: Option<&[String]>) -> HeaderList {
    let is_listed = |name: &str| {
        listed.is_some_and(|names| names.iter().any(|other| other.eq_ignore_ascii_case(name)))
    };
    let mut headers = HeaderList::new();
    for (name, value) in &entry.request_headers {
        let is_one_of = |names: &[&str]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
        let is_authors = match listed {
            Some(_) => is_listed(name) || is_one_of(&SAFELISTED),
            None => !is_one_of(&OF_BROWSERS),
        };
        if is_authors && !is_forbidden_request_header(name, value) {
            // Ours: other values do not matter, and may be private.
            let value = match is_one_of(&SAFELISTED) {
                true => secret::of_parameters(value),
                false => Cow::Borrowed(secret::LEFT_OUT.as_bytes()),
            };
            // The name and the value come from a header list, so they are valid.
            let _ = headers.append(name, &*value);
        }
    }
    for name in listed.into_iter().flatten() {
        if !headers.contains(name) {
            // Ours: the recording of a blocked request may lack some of its headers.
            let value = match name.to_ascii_lowercase().as_str() {
                "content-type" => "application/octet-stream",
                "range" => "bytes=-1",
                _ => secret::LEFT_OUT,
            };
            let _ = headers.append(name, value);
        }
    }
    headers
}

/// The safelisted headers that an author may have set, whether a preflight lists them or not.
const SAFELISTED: [&str; 4] = ["Accept", "Content-Language", "Content-Type", "Range"];

/// The headers that browsers add to requests, besides the forbidden ones. An author can set them
/// too, but without a preflight they count as the browser's.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(resource_type: Option<&str>, headers: &[(&str, &str)]) -> Entry {
        let mut entry = Entry {
            resource_type: resource_type.map(str::to_owned),
            status: 200,
            ..Entry::default()
        };
        headers.iter().for_each(|(name, value)| {
            entry.request_headers.append(name, value).unwrap();
        });
        entry
    }

    #[test]
    fn destinations() {
        for (name, expected) in [
            ("audio", Destination::Audio),
            ("audioworklet", Destination::Audioworklet),
            ("document", Destination::Document),
            ("embed", Destination::Embed),
            ("empty", Destination::Empty),
            ("fetch", Destination::Empty),
            ("font", Destination::Font),
            ("frame", Destination::Frame),
            ("iframe", Destination::Iframe),
            ("image", Destination::Image),
            ("json", Destination::Json),
            ("manifest", Destination::Manifest),
            ("media", Destination::Video),
            ("object", Destination::Object),
            ("paintworklet", Destination::Paintworklet),
            ("report", Destination::Report),
            ("script", Destination::Script),
            ("serviceworker", Destination::Serviceworker),
            ("sharedworker", Destination::Sharedworker),
            ("style", Destination::Style),
            ("stylesheet", Destination::Style),
            ("texttrack", Destination::Track),
            ("track", Destination::Track),
            ("video", Destination::Video),
            ("worker", Destination::Worker),
            ("xslt", Destination::Xslt),
        ] {
            assert_eq!(destination(&entry(None, &[("Sec-Fetch-Dest", name)])), expected);
            assert_eq!(destination(&entry(Some(name), &[])), expected);
        }
        // What was sent counts more than what the developer tools say.
        let both = entry(Some("fetch"), &[("Sec-Fetch-Dest", "image")]);
        assert_eq!(destination(&both), Destination::Image);
    }

    /// Who asks: `fetch()` with any header needs a preflight, an `EventSource` never does.
    #[test]
    fn event_sources() {
        let known = Known {
            pages: HashMap::new(),
            origin: None,
            credentials: CredentialsMode::SameOrigin,
            is_of_proxy: false,
        };
        for (resource_type, is_unsafe) in [
            (None, true),
            (Some("fetch"), true),
            (Some("xhr"), true),
            (Some("eventsource"), false),
            (Some("image"), false),
        ] {
            let headers =
                [("Origin", "https://app.example"), ("Accept", "text/event-stream"), ("X-A", "1")];
            let hop = Hop {
                entry: Box::new(entry(resource_type, &headers)),
                url: Url::parse("https://api.example/").unwrap(),
                preflight: None,
            };
            let asked = PageRequest::from_hops(&[hop], &known).unwrap();
            assert_eq!(asked.request.unsafe_request, is_unsafe, "{resource_type:?}");
            assert_eq!(asked.origin_from, OriginFrom::Origin);
        }
    }

    /// The evidence for the origin, the best first.
    #[test]
    fn origins() {
        let page = "https://page.example".parse().unwrap();
        let known = Known {
            pages: HashMap::from([("page_1".to_owned(), page)]),
            origin: Some("https://argument.example".parse().unwrap()),
            credentials: CredentialsMode::SameOrigin,
            is_of_proxy: false,
        };
        let url = Url::parse("https://api.example/").unwrap();
        let find = |page: &str, headers: &[(&str, &str)]| {
            let entry = Entry { page: Some(page.to_owned()), ..entry(None, headers) };
            origin(&entry, &url, &known)
                .map(|(origin, from)| format!("{} {}", from.as_str(), origin.serialized()))
        };
        let (of_app, of_site) =
            (("Origin", "capacitor://localhost"), ("Sec-Fetch-Site", "same-origin"));
        let referer = ("Referer", "https://referer.example/a");
        for (page, headers, expected) in [
            ("page_1", &[of_app, of_site, referer][..], "Origin capacitor://localhost"),
            ("page_1", &[("Origin", "file://")], "Origin file://"),
            ("page_1", &[("Origin", "null"), referer], "Origin null"),
            ("page_1", &[("Origin", "?"), of_site, referer], "Sec-Fetch-Site https://api.example"),
            (
                "page_1",
                &[("Sec-Fetch-Site", "cross-site"), referer],
                "Referer https://referer.example",
            ),
            ("page_1", &[("Referer", "ionic://localhost/a")], "Referer ionic://localhost"),
            ("page_1", &[("Referer", "about:blank")], "page https://page.example"),
            ("page_2", &[], "--origin https://argument.example"),
        ] {
            assert_eq!(find(page, headers).as_deref(), Ok(expected));
        }
        assert_eq!(find("page_1", &[("Sec-Fetch-Site", "none")]), Err(NotJudged::Browser));
    }
}
