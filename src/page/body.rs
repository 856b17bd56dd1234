//! [Bodies](https://fetch.spec.whatwg.org/#bodyinit) in the forms in which a page gives them.

use crate::request::Body;

/// A [`BodyInit`] value, or a byte sequence.
///
/// [`BodyInit`]: https://fetch.spec.whatwg.org/#bodyinit
///
/// # Examples
///
/// ```
/// use browser_cors::page::body::BodyInit;
///
/// let (_, content_type) = BodyInit::Text("hi".to_owned()).extract();
/// assert_eq!(content_type.as_deref(), Some("text/plain;charset=UTF-8"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum BodyInit {
    /// A `Blob`: its bytes and its `type`, which is either empty or printable ASCII.
    Blob {
        /// The blob's bytes.
        bytes: Vec<u8>,
        /// The `type` attribute.
        kind: String,
    },
    /// An `ArrayBuffer` or a view of one.
    BufferSource(Vec<u8>),
    /// A `FormData` object, encoded as `multipart/form-data` by the embedder.
    FormData {
        /// The encoded entries.
        bytes: Vec<u8>,
        /// The boundary that the encoding chose.
        boundary: String,
    },
    /// A `URLSearchParams` object, serialized.
    UrlSearchParams(String),
    /// A string.
    Text(String),
    /// A `ReadableStream`.
    ReadableStream,
}

impl BodyInit {
    /// [Extracts a body with type].
    ///
    /// [Extracts a body with type]: https://fetch.spec.whatwg.org/#concept-bodyinit-extract
    ///
    /// ```
    /// # use {browser_cors::page::body::BodyInit, browser_cors::request::Body};
    /// assert_eq!(BodyInit::ReadableStream.extract(), (Body::Stream, None));
    /// ```
    pub fn extract(self) -> (Body, Option<String>) {
        // Steps 1 to 9.
        // Step 10.
        match self {
            Self::Blob { bytes, kind } => {
                (Body::Source(bytes.into()), Some(kind).filter(|kind| !kind.is_empty()))
            }
            Self::BufferSource(bytes) => (Body::Source(bytes.into()), None),
            Self::FormData { bytes, boundary } => (
                Body::Source(bytes.into()),
                Some(format!("multipart/form-data; boundary={boundary}")),
            ),
            Self::UrlSearchParams(text) => (
                Body::Source(text.into()),
                Some("application/x-www-form-urlencoded;charset=UTF-8".to_owned()),
            ),
            Self::Text(text) => {
                (Body::Source(text.into()), Some("text/plain;charset=UTF-8".to_owned()))
            }
            // Note: "keepalive" and "disturbed or locked" are the caller's to ask.
            Self::ReadableStream => (Body::Stream, None),
        }
        // Steps 11 to 14.
    }
}

/// A string.
impl From<&str> for BodyInit {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A string.
impl From<String> for BodyInit {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// An `ArrayBuffer`.
impl From<Vec<u8>> for BodyInit {
    fn from(bytes: Vec<u8>) -> Self {
        Self::BufferSource(bytes)
    }
}
