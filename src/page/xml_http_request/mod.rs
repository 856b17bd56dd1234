//! [`XMLHttpRequest`](https://xhr.spec.whatwg.org/#interface-xmlhttprequest), as far as it decides
//! which request is made and what the page sees.

pub(crate) mod engines;

use std::{borrow::Cow, sync::Arc};

use http::Method;
use thiserror::Error;
use url::Url;

use super::{body::BodyInit, headers::header_name};
use crate::{
    engine::Profile,
    environment::Environment,
    header::{
        HeaderList, InvalidHeader, list::isomorphic_decode, mime::MimeType, normalize_value,
        safelist::is_forbidden_request_header,
    },
    method::{self, InvalidMethod},
    origin::{includes_credentials, url_as_sent},
    request::{CredentialsMode, InitiatorType, Mode, Request, Written},
    response::FilteredResponse,
};

/// An `XMLHttpRequest` after `open()`.
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     environment::Environment, page::xml_http_request::XmlHttpRequest,
///     request::{CredentialsMode, Mode}, url::Url,
/// };
///
/// let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
/// let mut xhr = XmlHttpRequest::open(b"get", "https://api.example/", &page)?;
/// xhr.set_request_header("X-Token", "1")?;
/// xhr.with_credentials = true;
///
/// let request = xhr.send(None);
/// assert_eq!((request.method.as_str(), request.mode), ("GET", Mode::Cors));
/// assert_eq!(request.credentials_mode, CredentialsMode::Include);
/// # Ok::<(), browser_cors::page::xml_http_request::XhrError>(())
/// ```
#[derive(Clone, Debug)]
pub struct XmlHttpRequest {
    /// [`withCredentials`](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-withcredentials).
    pub with_credentials: bool,
    /// Whether `upload` has listeners when `send()` is called: the [upload listener
    /// flag](https://xhr.spec.whatwg.org/#upload-listener-flag).
    pub upload_listener: bool,
    method: Method,
    url: Url,
    author_request_headers: HeaderList,
    client: Arc<Environment>,
}

/// Why a method of `XMLHttpRequest` throws.
///
/// ```
/// # use browser_cors::{method::InvalidMethod, page::xml_http_request::XhrError};
/// let error = XhrError::Method(InvalidMethod::Forbidden { method: b"trace".to_vec() });
/// assert_eq!(error.name(), "SecurityError");
/// assert_eq!(error.to_string(), "the method trace is forbidden");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum XhrError {
    /// `open()`: the method is not a token, or is forbidden.
    #[error(transparent)]
    Method(#[from] InvalidMethod),
    /// `open()`: the URL cannot be parsed.
    #[error("`{text}` is not a URL: {reason}")]
    Url {
        /// What was given.
        text: String,
        /// What the URL parser says.
        reason: url::ParseError,
    },
    /// `setRequestHeader()`: the name or the value is invalid.
    #[error(transparent)]
    Header(#[from] InvalidHeader),
}

impl XhrError {
    /// The name of the `DOMException`.
    ///
    /// ```
    /// # use browser_cors::{method::InvalidMethod, page::xml_http_request::XhrError};
    /// let error = XhrError::Method(InvalidMethod::NotAToken { method: vec![] });
    /// assert_eq!(error.name(), "SyntaxError");
    /// ```
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Method(InvalidMethod::Forbidden { .. }) => "SecurityError",
            Self::Method(InvalidMethod::NotAToken { .. }) | Self::Url { .. } | Self::Header(_) => {
                "SyntaxError"
            }
        }
    }

    /// Where the XHR Standard defines the method that throws.
    ///
    /// ```
    /// # use browser_cors::{method::InvalidMethod, page::xml_http_request::XhrError};
    /// let error = XhrError::Method(InvalidMethod::NotAToken { method: vec![] });
    /// assert_eq!(error.url(), "https://xhr.spec.whatwg.org/#the-open()-method");
    /// ```
    pub const fn url(&self) -> &'static str {
        match self {
            Self::Header(_) => "https://xhr.spec.whatwg.org/#the-setrequestheader()-method",
            _ => "https://xhr.spec.whatwg.org/#the-open()-method",
        }
    }
}

impl XmlHttpRequest {
    /// The [`open()`] method, for an asynchronous request. In `method`, each byte is one character.
    ///
    /// # Errors
    ///
    /// If the method is no token or is forbidden, or if the URL cannot be parsed.
    ///
    /// [`open()`]: https://xhr.spec.whatwg.org/#the-open()-method
    ///
    /// ```
    /// # use browser_cors::{environment::Environment, url::Url};
    /// # use browser_cors::page::xml_http_request::XmlHttpRequest;
    /// # let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
    /// assert!(XmlHttpRequest::open(b"TRACK", "/", &page).is_err());
    /// ```
    pub fn open(method: &[u8], url: &str, client: &Arc<Environment>) -> Result<Self, XhrError> {
        let method = method::parse(method)?;
        let url = client
            .api_base_url
            .join(url)
            .map_err(|reason| XhrError::Url { text: url.to_owned(), reason })?;
        Ok(Self {
            with_credentials: false,
            upload_listener: false,
            method,
            url,
            author_request_headers: HeaderList::new(),
            client: Arc::clone(client),
        })
    }

    /// The [`setRequestHeader()`] method. `Ok(false)` means that the header is forbidden and was
    /// dropped.
    ///
    /// # Errors
    ///
    /// If the name or the value is invalid.
    ///
    /// [`setRequestHeader()`]: https://xhr.spec.whatwg.org/#the-setrequestheader()-method
    ///
    /// ```
    /// # use browser_cors::{environment::Environment, url::Url};
    /// # use browser_cors::page::xml_http_request::XmlHttpRequest;
    /// # let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
    /// let mut xhr = XmlHttpRequest::open(b"GET", "/", &page).unwrap();
    /// assert_eq!(xhr.set_request_header("Host", "b.example"), Ok(false));
    /// ```
    pub fn set_request_header(
        &mut self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<bool, XhrError> {
        let value = normalize_value(value.as_ref());
        let name = header_name(name.as_ref())?;
        if is_forbidden_request_header(name, value) {
            crate::header::list::check(name.as_bytes(), value)?;
            return Ok(false);
        }
        self.author_request_headers.combine(name, value)?;
        Ok(true)
    }

    /// The [`send()`] method: makes the request.
    ///
    /// [`send()`]: https://xhr.spec.whatwg.org/#the-send()-method
    ///
    /// ```
    /// # use browser_cors::{environment::Environment, url::Url};
    /// # use browser_cors::page::{body::BodyInit, xml_http_request::XmlHttpRequest};
    /// # let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
    /// let mut xhr = XmlHttpRequest::open(b"POST", "/", &page).unwrap();
    /// xhr.set_request_header("Content-Type", "text/xml; charset=gbk").unwrap();
    /// let request = xhr.send(Some(BodyInit::Text("<a/>".to_owned())));
    /// assert_eq!(
    ///     request.header_list.get("Content-Type").as_deref(),
    ///     Some(&b"text/xml;charset=UTF-8"[..]),
    /// );
    /// ```
    pub fn send(self, body: Option<BodyInit>) -> Request {
        let Self { method, url, author_request_headers, client, .. } = self;
        // Omitted(embedder): steps 1 and 2.
        // Step 3.
        let body = body.filter(|_| !matches!(method, Method::GET | Method::HEAD));
        // Step 4. A page gives a `Document` as text. Step 6 sets the headers.
        let kind = body.as_ref().map(BodyKind::new);
        let (request_body, extracted_content_type) = body.map(BodyInit::extract).unzip();
        let arguments = SendArguments {
            author_request_headers,
            kind,
            extracted_content_type: extracted_content_type.flatten(),
            upload_listener: self.upload_listener,
        };
        // Step 5. The caller has set the upload listener flag.
        // Step 6.
        let mut request = Request::new(url, client.origin.clone());
        request.method = method;
        request.unsafe_request = true;
        request.body = request_body;
        request.client = Some(client);
        request.mode = Mode::Cors;
        request.credentials_mode = if self.with_credentials {
            CredentialsMode::Include
        } else {
            CredentialsMode::SameOrigin
        };
        request.use_url_credentials = includes_credentials(request.url());
        request.initiator_type = Some(InitiatorType::Xmlhttprequest);
        arguments.complete(&mut request, &Profile::STANDARD);
        if arguments.may_differ() {
            request.written = Some(Arc::new(arguments));
        }
        // Omitted(embedder): steps 7 to 12.
        request
    }
}

/// The kind of body given to `send()`, as far as it decides the `Content-Type`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum BodyKind {
    /// A string or a `URLSearchParams` object.
    Text,
    Blob,
    Other,
}

impl BodyKind {
    const fn new(body: &BodyInit) -> Self {
        match body {
            BodyInit::Text(_) | BodyInit::UrlSearchParams(_) => Self::Text,
            BodyInit::Blob { .. } => Self::Blob,
            _ => Self::Other,
        }
    }
}

/// The arguments of `send()` that decide the headers, and whether it forces a preflight.
#[derive(Debug)]
struct SendArguments {
    author_request_headers: HeaderList,
    /// `None` without a body.
    kind: Option<BodyKind>,
    extracted_content_type: Option<String>,
    upload_listener: bool,
}

impl SendArguments {
    /// Sets the request's headers and its use-CORS-preflight flag: steps 4.3 to 4.6 and 6 of
    /// [`send()`].
    ///
    /// [`send()`]: https://xhr.spec.whatwg.org/#the-send()-method
    fn complete(&self, request: &mut Request, profile: &Profile) {
        let choices = &profile.choices;
        let mut author_request_headers = self.author_request_headers.clone();
        let (mut judged, mut has_content_type_of_body) = (None, false);
        // Step 4.3.
        // Departs(XhrBlobType)
        let extracted_content_type =
            choices.xhr_blob_type.filter(self.extracted_content_type.as_deref(), self.kind);
        // Steps 4.4 to 4.6.
        if let Some(author) = self.author_request_headers.get("Content-Type") {
            if let Some(record) = self.record_of_another_charset() {
                let value = choices.xhr_charset.replace(record, &author);
                // Departs(XhrJudgedCharset)
                judged = choices.xhr_judged_charset.keep(&author_request_headers);
                // Departs(XhrCharset)
                author_request_headers.set_valid(b"Content-Type", &value);
            }
        } else if let Some(content_type) = extracted_content_type {
            has_content_type_of_body = true;
            // Ours: a blob's type may have spaces at its ends, but a header value may not.
            let content_type = normalize_value(content_type.as_bytes());
            author_request_headers.append_valid(b"Content-Type", content_type);
        }
        // Step 6.
        request.header_list = author_request_headers;
        request.memory.preflight_header_list = judged;
        request.memory.has_content_type_of_body = has_content_type_of_body;
        // Departs(UploadListener)
        request.use_cors_preflight =
            self.upload_listener && choices.upload_listener.forces(request);
    }

    /// Steps 4.5.1.1 and 4.5.1.2: the author's `Content-Type`, parsed, if the body is a text and
    /// its charset is not UTF-8.
    fn record_of_another_charset(&self) -> Option<MimeType> {
        if self.kind != Some(BodyKind::Text) {
            return None;
        }
        let content_type = self.author_request_headers.get("Content-Type")?;
        let record = MimeType::parse(&isomorphic_decode(&content_type))?;
        let charset = record.parameter("charset")?;
        (!charset.eq_ignore_ascii_case("UTF-8")).then_some(record)
    }

    /// Whether the request of some user agent differs from the standard's.
    fn may_differ(&self) -> bool {
        self.record_of_another_charset().is_some()
            || self.kind == Some(BodyKind::Blob)
            || (self.upload_listener && self.kind.is_none())
    }
}

impl Written for SendArguments {
    fn make(&self, request: &mut Request, profile: &Profile) {
        let mut standard = request.clone();
        self.complete(&mut standard, &Profile::STANDARD);
        let is_unchanged = standard.header_list == request.header_list
            && standard.use_cors_preflight == request.use_cors_preflight;
        if is_unchanged {
            self.complete(request, profile);
        }
    }
}

/// [`responseURL`]: the URL of a response without its fragment, or the empty string.
///
/// [`responseURL`]: https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responseurl
///
/// ```
/// # use browser_cors::{engine::Profile, page::xml_http_request::response_url, url::Url};
/// # use browser_cors::response::{FilteredResponse, Response, ResponseType};
/// let response = Response::default().for_urls([Url::parse("https://u:p@a.example/#x").unwrap()]);
/// let response = FilteredResponse::new(ResponseType::Cors, response);
/// assert_eq!(response_url(&response, &Profile::STANDARD), "https://u:p@a.example/");
/// assert_eq!(response_url(&response, &Profile::WEBKIT), "https://a.example/");
/// ```
pub fn response_url<'a>(response: &'a FilteredResponse, profile: &Profile) -> Cow<'a, str> {
    // Departs(ResponseUrl)
    match response.url_list().last() {
        Some(url) if profile.choices.response_url.is_without_credentials(response.kind()) => {
            url_as_sent(url)
        }
        _ => Cow::Borrowed(response.url()),
    }
}

/// The [`getAllResponseHeaders()`] method: one line for each name that the page may read.
///
/// [`getAllResponseHeaders()`]: https://xhr.spec.whatwg.org/#the-getallresponseheaders()-method
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     header::HeaderList, page::xml_http_request::get_all_response_headers,
///     response::{FilteredResponse, Response, ResponseType},
/// };
///
/// let headers = HeaderList::try_from([("Pragma", "b"), ("Expires", "0"), ("pragma", "c")]).unwrap();
/// let response = FilteredResponse::new(ResponseType::Cors, Response::new(200, headers));
/// assert_eq!(get_all_response_headers(&response), b"expires: 0\r\npragma: b, c\r\n");
/// ```
pub fn get_all_response_headers(response: &FilteredResponse) -> Vec<u8> {
    let list = response.header_list().sort_and_combine();
    let mut headers: Vec<_> = list.iter().collect();
    // Note: the standard compares the names in upper case, although they are printed in lower case.
    headers.sort_by_cached_key(|(name, _)| name.to_ascii_uppercase());
    let mut output = Vec::new();
    for (name, value) in headers {
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            output.extend_from_slice(part);
        }
    }
    output
}
