//! Conversions to and from the types of the [`http`] crate, for embedders whose network uses them.

use http::{HeaderMap, HeaderName, HeaderValue};
use thiserror::Error;

use crate::{
    fetch::Exchange,
    header::{HeaderList, normalize_value},
    origin::url_as_sent,
    response::Response,
};

/// Something that the standard allows, but the types of the [`http`] crate cannot represent.
///
/// ```
/// use browser_cors::{header::HeaderList, http::HeaderMap};
///
/// let list = HeaderList::try_from([("X-Odd", b"\x01")]).unwrap();
/// let error = HeaderMap::try_from(&list).unwrap_err();
/// assert_eq!(error.to_string(), r"the crate `http` cannot represent the header `X-Odd: \x01`");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum NotForHttp {
    /// A header.
    #[error("the crate `http` cannot represent the header `{name}: {}`", .value.escape_ascii())]
    Header {
        /// The header's name.
        name: String,
        /// The header's value.
        value: Vec<u8>,
    },
    /// A URL.
    #[error("the crate `http` cannot represent the URL {url}")]
    Url {
        /// The URL.
        url: String,
    },
}

/// Copies all headers. The conversion normalizes their values, since a `HeaderValue` may begin or
/// end with a space.
///
/// ```
/// use browser_cors::{header::HeaderList, http::{HeaderMap, HeaderValue, header::VARY}};
///
/// let map = HeaderMap::from_iter([(VARY, HeaderValue::from_static("Origin "))]);
/// assert_eq!(HeaderList::from(&map).get("vary").as_deref(), Some(&b"Origin"[..]));
/// ```
impl From<&HeaderMap> for HeaderList {
    fn from(map: &HeaderMap) -> Self {
        let mut list = Self::with_capacity(map.len(), 0);
        for (name, value) in map {
            list.append_valid(name.as_str().as_bytes(), normalize_value(value.as_bytes()));
        }
        list
    }
}

impl TryFrom<&HeaderList> for HeaderMap {
    type Error = NotForHttp;

    fn try_from(list: &HeaderList) -> Result<Self, NotForHttp> {
        let mut map = Self::with_capacity(list.len());
        for (name, value) in list {
            match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value)) {
                (Ok(name), Ok(value)) => map.append(name, value),
                _ => {
                    let (name, value) = (name.to_owned(), value.to_owned());
                    return Err(NotForHttp::Header { name, value });
                }
            };
        }
        Ok(map)
    }
}

/// Copies the status and the headers. The embedder keeps the body.
///
/// ```
/// use browser_cors::{http, response::Response};
///
/// let answer = http::Response::builder().status(204).header("Vary", "Origin").body(()).unwrap();
/// assert_eq!(Response::from(&answer).status, 204);
/// ```
impl<B> From<&http::Response<B>> for Response {
    fn from(response: &http::Response<B>) -> Self {
        Self::new(response.status().as_u16(), response.headers().into())
    }
}

/// Copies the method, URL and headers of an exchange. The embedder adds cookies and the
/// [body](Exchange::body).
impl TryFrom<&Exchange> for http::Request<()> {
    type Error = NotForHttp;

    fn try_from(exchange: &Exchange) -> Result<Self, NotForHttp> {
        let url = url_as_sent(exchange.url());
        let uri: http::Uri = url.parse().map_err(|_| NotForHttp::Url { url: url.into_owned() })?;
        let mut request = Self::new(());
        *request.method_mut() = exchange.method().clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = exchange.header_list().try_into()?;
        Ok(request)
    }
}
