//! Where engines differ in the requests of `XMLHttpRequest`.

use super::BodyKind;
use crate::{
    engine::choice::choice,
    header::{HeaderList, list::isomorphic_encode, mime::MimeType},
    request::Request,
    response::ResponseType,
};

choice! {
    /// Step 4.5 of [`send()`]: how the charset of the author's `Content-Type` becomes UTF-8.
    ///
    /// [`send()`]: https://xhr.spec.whatwg.org/#the-send()-method
    XhrCharset { WrittenAnew, InPlace = XHR_CHARSET_IN_PLACE }
}

impl XhrCharset {
    /// Sets the charset of the `Content-Type` to UTF-8. `record` is the parsed `author`.
    pub(super) fn replace(self, mut record: MimeType, author: &[u8]) -> Vec<u8> {
        match self {
            Self::WrittenAnew => {
                record.set_parameter("charset", "UTF-8");
                isomorphic_encode(&record.to_string())
            }
            Self::InPlace => with_charset_in_place(author),
        }
    }
}

/// Replaces the charset in the text of a `Content-Type` by UTF-8. Keeps the quotes around it and
/// everything else.
fn with_charset_in_place(content_type: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(content_type.len());
    for (number, part) in content_type.split(|byte| *byte == b';').enumerate() {
        if number > 0 {
            value.push(b';');
        }
        let start = part.iter().position(|byte| *byte == b'=').map(|index| index + 1);
        match start.map(|start| part.split_at(start)) {
            Some((name, old)) if name.trim_ascii().eq_ignore_ascii_case(b"charset=") => {
                let quote: &[u8] = if old.starts_with(b"\"") { b"\"" } else { b"" };
                for piece in [name, quote, b"UTF-8", quote] {
                    value.extend_from_slice(piece);
                }
            }
            _ => value.extend_from_slice(part),
        }
    }
    value
}

choice! {
    /// Step 4.5 of `send()`: which `Content-Type` decides whether the request needs a preflight.
    XhrJudgedCharset { AsSent, AsWritten = XHR_CHARSET_JUDGED_AS_WRITTEN }
}

impl XhrJudgedCharset {
    /// The headers that decide it, if they are not the ones that are sent.
    pub(super) fn keep(self, author_request_headers: &HeaderList) -> Option<Box<HeaderList>> {
        (self == Self::AsWritten).then(|| Box::new(author_request_headers.clone()))
    }
}

choice! {
    /// Step 4.3 of `send()`: whether a Blob's type is sent if it is no MIME type.
    XhrBlobType { Sent, Dropped = XHR_BLOB_TYPE_MUST_PARSE }
}

impl XhrBlobType {
    /// The type of the body, if it is sent.
    pub(super) fn filter(self, content_type: Option<&str>, kind: Option<BodyKind>) -> Option<&str> {
        let is_dropped = |content_type: &str| {
            self == Self::Dropped
                && kind == Some(BodyKind::Blob)
                && MimeType::parse(content_type).is_none()
        };
        content_type.filter(|content_type| !is_dropped(content_type))
    }
}

choice! {
    /// Step 6 of `send()`: when a listener for the upload forces a preflight.
    UploadListener { Forces, ForcesIfBody = FORCED_PREFLIGHT_NEEDS_BODY }
}

impl UploadListener {
    pub(super) const fn forces(self, request: &Request) -> bool {
        matches!(self, Self::Forces) || request.body.is_some()
    }
}

choice! {
    /// [`responseURL`]: whether it has the user name and password of the URL.
    ///
    /// [`responseURL`]: https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responseurl
    ResponseUrl { Whole, WithoutCredentials = RESPONSE_URL_WITHOUT_CREDENTIALS }
}

impl ResponseUrl {
    pub(super) const fn is_without_credentials(self, kind: ResponseType) -> bool {
        matches!((self, kind), (Self::WithoutCredentials, ResponseType::Cors))
    }
}
