//! [Filtered responses](https://fetch.spec.whatwg.org/#concept-filtered-response).

use std::{borrow::Cow, mem};

use url::Url;

use super::{CorsExposedHeaderNames, Response};
use crate::header::{
    HeaderList,
    safelist::{is_safelisted_or_listed, is_set_cookie},
};

/// A response's [type].
///
/// [type]: https://fetch.spec.whatwg.org/#concept-response-type
///
/// ```
/// # use browser_cors::response::ResponseType;
/// assert_eq!(ResponseType::OpaqueRedirect.as_str(), "opaqueredirect");
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ResponseType {
    /// "basic": everything but cookies is visible.
    /// [Defined here.](https://fetch.spec.whatwg.org/#concept-filtered-response-basic)
    Basic,
    /// "cors": safelisted and exposed headers are visible.
    /// [Defined here.](https://fetch.spec.whatwg.org/#concept-filtered-response-cors)
    Cors,
    /// "opaque": nothing is visible.
    /// [Defined here.](https://fetch.spec.whatwg.org/#concept-filtered-response-opaque)
    Opaque,
    /// "opaqueredirect": nothing but the URL is visible.
    /// [Defined here.](https://fetch.spec.whatwg.org/#concept-filtered-response-opaque-redirect)
    OpaqueRedirect,
}

impl ResponseType {
    /// The standard's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Cors => "cors",
            Self::Opaque => "opaque",
            Self::OpaqueRedirect => "opaqueredirect",
        }
    }

    /// Whether the page may read the header `name` of a response of this type.
    pub(crate) fn lets_read<N: AsRef<str>>(
        self,
        name: &[u8],
        exposed: &CorsExposedHeaderNames<N>,
    ) -> bool {
        match self {
            Self::Basic => !is_set_cookie(name),
            Self::Cors => is_safelisted_or_listed(name, |name| exposed.contains(name)),
            Self::Opaque | Self::OpaqueRedirect => false,
        }
    }
}

/// A [filtered response]: the part of a response that a page may see.
///
/// [filtered response]: https://fetch.spec.whatwg.org/#concept-filtered-response
///
/// # Examples
///
/// ```
/// use browser_cors::{header::HeaderList, response::{FilteredResponse, Response, ResponseType}};
///
/// let headers = HeaderList::try_from([("Content-Type", "text/plain"), ("X-Id", "7")])?;
/// let seen = FilteredResponse::new(ResponseType::Cors, Response::new(200, headers));
/// assert_eq!(seen.status(), 200);
/// assert_eq!(seen.header("content-type").as_deref(), Some(&b"text/plain"[..]));
/// assert_eq!(seen.header("x-id"), None);
/// assert_eq!(seen.internal_response().header_list.len(), 2);
/// # Ok::<(), browser_cors::header::InvalidHeader>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FilteredResponse {
    kind: ResponseType,
    pub(crate) internal_response: Response,
}

impl FilteredResponse {
    /// Filters `internal_response`.
    ///
    /// ```
    /// # use browser_cors::response::{FilteredResponse, Response, ResponseType};
    /// let opaque = FilteredResponse::new(ResponseType::Opaque, Response::default());
    /// assert_eq!(opaque.status(), 0);
    /// ```
    pub const fn new(kind: ResponseType, internal_response: Response) -> Self {
        Self { kind, internal_response }
    }

    /// The [type](https://fetch.spec.whatwg.org/#concept-response-type).
    pub const fn kind(&self) -> ResponseType {
        self.kind
    }

    /// The [internal response](https://fetch.spec.whatwg.org/#concept-internal-response), which no
    /// page may see.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::{FilteredResponse, Response, ResponseType}};
    /// let response = Response::new(200, HeaderList::new());
    /// let opaque = FilteredResponse::new(ResponseType::Opaque, response);
    /// assert_eq!(opaque.internal_response().status, 200);
    /// ```
    pub const fn internal_response(&self) -> &Response {
        &self.internal_response
    }

    /// The status that the page sees: 0 if the response is opaque.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::{FilteredResponse, Response, ResponseType}};
    /// let response = Response::new(418, HeaderList::new());
    /// let status = |kind| FilteredResponse::new(kind, response.clone()).status();
    /// assert_eq!((status(ResponseType::Cors), status(ResponseType::Opaque)), (418, 0));
    /// ```
    pub const fn status(&self) -> u16 {
        match self.kind {
            ResponseType::Basic | ResponseType::Cors => self.internal_response.status,
            ResponseType::Opaque | ResponseType::OpaqueRedirect => 0,
        }
    }

    /// The status message that the page sees: empty if the response is opaque.
    ///
    /// ```
    /// # use browser_cors::response::{FilteredResponse, Response, ResponseType};
    /// let mut response = Response::default();
    /// response.status_message = b"OK"[..].into();
    /// let message = |kind| FilteredResponse::new(kind, response.clone()).status_message().to_vec();
    /// assert_eq!((message(ResponseType::Cors), message(ResponseType::Opaque)), (b"OK".to_vec(), vec![]));
    /// ```
    pub fn status_message(&self) -> &[u8] {
        match self.kind {
            ResponseType::Basic | ResponseType::Cors => &self.internal_response.status_message,
            ResponseType::Opaque | ResponseType::OpaqueRedirect => &[],
        }
    }

    /// The URL list that the page's API reads. It is empty if the response is opaque, and complete
    /// if the response is an opaque redirect.
    ///
    /// ```
    /// # use browser_cors::response::{FilteredResponse, Response, ResponseType};
    /// # use browser_cors::url::Url;
    /// let response = Response::default().for_urls([Url::parse("https://a.example/").unwrap()]);
    /// assert!(FilteredResponse::new(ResponseType::Opaque, response).url_list().is_empty());
    /// ```
    pub fn url_list(&self) -> &[Url] {
        match self.kind {
            ResponseType::Opaque => &[],
            _ => &self.internal_response.url_list,
        }
    }

    /// The [`url`](https://fetch.spec.whatwg.org/#dom-response-url) that the page reads: the last URL
    /// of the list without its fragment, or the empty string.
    ///
    /// ```
    /// # use browser_cors::response::{FilteredResponse, Response, ResponseType};
    /// # use browser_cors::url::Url;
    /// let response = Response::default().for_urls([Url::parse("https://a.example/#x").unwrap()]);
    /// assert_eq!(FilteredResponse::new(ResponseType::Cors, response).url(), "https://a.example/");
    /// ```
    pub fn url(&self) -> &str {
        self.url_list().last().map_or("", |url| &url[..url::Position::AfterQuery])
    }

    /// Whether the page sees that there was a redirect.
    ///
    /// ```
    /// # use browser_cors::{response::{FilteredResponse, Response, ResponseType}, url::Url};
    /// let urls = ["https://api.example/old", "https://api.example/new"];
    /// let response = Response::default().for_urls(urls.map(|url| Url::parse(url).unwrap()));
    /// assert!(FilteredResponse::new(ResponseType::Cors, response.clone()).redirected());
    /// assert!(!FilteredResponse::new(ResponseType::Opaque, response).redirected());
    /// ```
    pub fn redirected(&self) -> bool {
        self.url_list().len() > 1
    }

    /// Whether the page may read the header `name`, if the response has it.
    ///
    /// ```
    /// # use browser_cors::response::{FilteredResponse, Response, ResponseType};
    /// let basic = FilteredResponse::new(ResponseType::Basic, Response::default());
    /// assert!(basic.is_readable("x-any"));
    /// assert!(!basic.is_readable("set-cookie"));
    /// ```
    pub fn is_readable(&self, name: &str) -> bool {
        self.kind.lets_read(name.as_bytes(), &self.internal_response.cors_exposed_header_names)
    }

    /// The headers that the page may read, in the order of the response.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::{FilteredResponse, Response, ResponseType}};
    /// let headers = HeaderList::try_from([("Expires", "0"), ("X-Id", "7")]).unwrap();
    /// let seen = FilteredResponse::new(ResponseType::Cors, Response::new(200, headers));
    /// assert_eq!(seen.headers().collect::<Vec<_>>(), [("Expires", &b"0"[..])]);
    /// ```
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.internal_response.header_list.iter().filter(|(name, _)| self.is_readable(name))
    }

    /// The [headers](Self::headers) that the page may read, as a list.
    pub fn header_list(&self) -> HeaderList {
        let mut list = HeaderList::with_capacity(self.internal_response.header_list.len(), 256);
        self.headers().for_each(|(name, value)| list.append_valid(name.as_bytes(), value));
        list
    }

    /// The value that the page reads for the header `name`.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::{FilteredResponse, Response, ResponseType}};
    /// let headers = HeaderList::try_from([("Expires", "0")]).unwrap();
    /// let seen = FilteredResponse::new(ResponseType::Cors, Response::new(200, headers));
    /// assert_eq!(seen.header("expires").as_deref(), Some(&b"0"[..]));
    /// ```
    pub fn header(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        self.is_readable(name).then(|| self.internal_response.header_list.get(name)).flatten()
    }

    /// Whether the page gets no body, whatever the network sent: because the response is opaque,
    /// answers `HEAD` or `CONNECT`, or has a null body status.
    ///
    /// ```
    /// # use browser_cors::response::{FilteredResponse, Response, ResponseType};
    /// assert!(FilteredResponse::new(ResponseType::Opaque, Response::default()).has_null_body());
    /// ```
    pub const fn has_null_body(&self) -> bool {
        matches!(self.kind, ResponseType::Opaque | ResponseType::OpaqueRedirect)
            || self.internal_response.null_body
    }
    /// What the page sees, taken out of the response. Nothing is copied, unless headers are hidden.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::{FilteredResponse, Response, ResponseType}};
    /// let headers = HeaderList::try_from([("Expires", "0"), ("X-Id", "7")]).unwrap();
    /// let seen = FilteredResponse::new(ResponseType::Cors, Response::new(200, headers)).into_parts();
    /// assert_eq!((seen.status, seen.header_list.len()), (200, 1));
    /// ```
    pub fn into_parts(mut self) -> ResponseParts {
        let is_whole = self.headers().count() == self.internal_response.header_list.len();
        ResponseParts {
            kind: self.kind,
            status: self.status(),
            has_null_body: self.has_null_body(),
            header_list: match is_whole {
                true => mem::take(&mut self.internal_response.header_list),
                false => self.header_list(),
            },
            status_message: match self.status_message() {
                [] => Box::default(),
                _ => mem::take(&mut self.internal_response.status_message),
            },
            url_list: match self.kind {
                ResponseType::Opaque => Vec::new(),
                _ => self.internal_response.url_list,
            },
        }
    }

    /// Takes the [internal response](Self::internal_response), which no page may see.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::{FilteredResponse, Response, ResponseType}};
    /// let response = Response::new(200, HeaderList::new());
    /// let opaque = FilteredResponse::new(ResponseType::Opaque, response.clone());
    /// assert_eq!(opaque.into_internal_response(), response);
    /// ```
    pub fn into_internal_response(self) -> Response {
        self.internal_response
    }
}

/// What a page sees of a response, owned. [`FilteredResponse::into_parts`] returns it.
///
/// ```
/// # use browser_cors::response::{FilteredResponse, Response, ResponseType};
/// let opaque = FilteredResponse::new(ResponseType::Opaque, Response::default());
/// assert!(opaque.into_parts().has_null_body);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ResponseParts {
    /// The [type](FilteredResponse::kind).
    pub kind: ResponseType,
    /// The [status](FilteredResponse::status).
    pub status: u16,
    /// The [status message](FilteredResponse::status_message).
    pub status_message: Box<[u8]>,
    /// The [URL list](FilteredResponse::url_list).
    pub url_list: Vec<Url>,
    /// The [headers](FilteredResponse::headers).
    pub header_list: HeaderList,
    /// Whether there is [no body](FilteredResponse::has_null_body).
    pub has_null_body: bool,
}
