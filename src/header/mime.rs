//! MIME types: the essence, which the safelist compares, and the type that a response's headers
//! declare.

use data_url::mime::Mime;

use super::{HeaderList, ReadHeaders, is_token, trim};

/// The type and the subtype of a MIME type, in their original case; `None` if [parsing a MIME type]
/// returns failure.
///
/// Parameters never make parsing fail, so this function skips them. It does not allocate.
///
/// [parsing a MIME type]: https://mimesniff.spec.whatwg.org/#parse-a-mime-type
///
/// # Examples
///
/// ```
/// use browser_cors::header::mime::parse_essence;
///
/// assert_eq!(parse_essence(b" Text/PLAIN ;garbage"), Some((&b"Text"[..], &b"PLAIN"[..])));
/// assert_eq!(parse_essence(b"text /plain"), None);
/// assert_eq!(parse_essence(b"application/json, text/plain"), None);
/// ```
pub fn parse_essence(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let http_whitespace = |byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' ');
    let value = trim(value, http_whitespace);
    let slash = value.iter().position(|byte| *byte == b'/')?;
    let (kind, rest) = (&value[..slash], &value[slash + 1..]);
    let subtype = trim(rest.split(|byte| *byte == b';').next()?, http_whitespace);
    // Ours: the standard trims only the end of the subtype; a leading space is not part of a token.
    let leading_whitespace = rest.first().is_some_and(|byte| http_whitespace(*byte));
    (is_token(kind) && is_token(subtype) && !leading_whitespace).then_some((kind, subtype))
}

/// [Extracts a MIME type] from a header list: the last valid one. If it has no charset, it takes
/// the charset of an earlier value of the same type. `None` is the standard's failure.
///
/// [Extracts a MIME type]: https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
///
/// # Examples
///
/// ```
/// use browser_cors::header::{HeaderList, mime::extract_a_mime_type};
///
/// let list = HeaderList::try_from([("Content-Type", "text/html;charset=gbk, text/html")]).unwrap();
/// assert_eq!(extract_a_mime_type(&list).unwrap().to_string(), "text/html;charset=gbk");
/// ```
pub fn extract_a_mime_type(headers: &(impl ReadHeaders + ?Sized)) -> Option<MimeType> {
    // Steps 1 to 3.
    let mut charset: Option<String> = None;
    let mut mime_type: Option<MimeType> = None;
    // Steps 4 and 5.
    let values = headers.get_and_split("Content-Type")?;
    // Step 6.
    for value in values {
        // Steps 6.1 and 6.2.
        let Some(mut parsed) = MimeType::parse(&value) else { continue };
        if parsed.essence() == "*/*" {
            continue;
        }
        // Steps 6.3 to 6.5.
        if mime_type.as_ref().is_none_or(|last| last.essence() != parsed.essence()) {
            charset = parsed.parameter("charset").map(str::to_owned);
        } else if parsed.parameter("charset").is_none()
            && let Some(charset) = &charset
        {
            parsed.0.parameters.push(("charset".to_owned(), charset.clone()));
        }
        mime_type = Some(parsed);
    }
    // Steps 7 and 8.
    mime_type
}

/// Whether `value` is a [media type] as HTTP writes it: a type, a subtype, before which there may be a
/// space, and parameters with a value each.
///
/// [media type]: https://httpwg.org/specs/rfc9110.html#media.type
pub(crate) fn is_media_type(value: &[u8]) -> bool {
    let (essence, mut rest) = split_at(value.trim_ascii(), b';');
    let (kind, subtype) = split_at(essence.trim_ascii(), b'/');
    if !is_token(kind) || !subtype.is_some_and(|it| is_token(it.trim_ascii_start())) {
        return false;
    }
    while let Some(parameter) = rest {
        let (name, value) = split_at(parameter.trim_ascii_start(), b'=');
        let Some(value) = value.filter(|_| is_token(name)) else { return false };
        let end = match value.strip_prefix(b"\"") {
            Some(quoted) => quoted_length(quoted).map(|length| length + 1),
            None => Some(value.iter().position(|byte| *byte == b';').unwrap_or(value.len()))
                .filter(|end| is_token(value[..*end].trim_ascii_end())),
        };
        let Some(end) = end else { return false };
        let after = value[end..].trim_ascii_start();
        rest = after.strip_prefix(b";");
        if rest.is_none() && !after.is_empty() {
            return false;
        }
    }
    true
}

/// What stands before the first `separator`, and what stands after it if there is one.
fn split_at(value: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match value.iter().position(|byte| *byte == separator) {
        Some(at) => (&value[..at], Some(&value[at + 1..])),
        None => (value, None),
    }
}

/// The length of a quoted string with its closing quotation mark; `None` if it has none.
fn quoted_length(value: &[u8]) -> Option<usize> {
    let mut is_escaped = false;
    let end = value.iter().position(|byte| {
        let is_end = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_end
    })?;
    Some(end + 1)
}

/// The MIME type before the first comma of the combined `Content-Type`.
pub(crate) fn first_mime_type(headers: &HeaderList) -> Option<MimeType> {
    MimeType::parse_first(&headers.get("Content-Type")?)
}

/// A [MIME type](https://mimesniff.spec.whatwg.org/#mime-type), which is parsed and serialized as the
/// MIME Sniffing Standard demands.
///
/// # Examples
///
/// ```
/// use browser_cors::header::mime::MimeType;
///
/// let mime_type = MimeType::parse("Text/HTML; Charset=\"utf-8\"").unwrap();
/// assert_eq!(mime_type.essence(), "text/html");
/// assert_eq!(mime_type.parameter("charset"), Some("utf-8"));
/// assert_eq!(mime_type.to_string(), "text/html;charset=utf-8");
/// ```
#[derive(Debug)]
pub struct MimeType(Mime);

impl MimeType {
    /// [Parses a MIME type] from a string that has one code point for each byte of the header.
    ///
    /// [Parses a MIME type]: https://mimesniff.spec.whatwg.org/#parse-a-mime-type
    ///
    /// ```
    /// # use browser_cors::header::mime::MimeType;
    /// assert!(MimeType::parse("text/plain;").is_some());
    /// assert!(MimeType::parse("text").is_none());
    /// ```
    pub fn parse(value: &str) -> Option<Self> {
        value.parse().ok().map(Self)
    }

    /// Parses what stands before the first comma.
    pub(crate) fn parse_first(value: &[u8]) -> Option<Self> {
        let first = value.split(|byte| *byte == b',').next().unwrap_or_default();
        Self::parse(&first.iter().copied().map(char::from).collect::<String>())
    }

    /// The [essence](https://mimesniff.spec.whatwg.org/#mime-type-essence): `type/subtype`.
    ///
    /// ```
    /// # use browser_cors::header::mime::MimeType;
    /// assert_eq!(MimeType::parse("image/PNG;a=b").unwrap().essence(), "image/png");
    /// ```
    pub fn essence(&self) -> String {
        format!("{}/{}", self.0.type_, self.0.subtype)
    }

    /// The value of a parameter. `name` must be in lower case.
    ///
    /// ```
    /// # use browser_cors::header::mime::MimeType;
    /// assert_eq!(MimeType::parse("a/b;C=d").unwrap().parameter("c"), Some("d"));
    /// ```
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.0.get_parameter(name)
    }

    /// Sets a parameter in its place, or appends it. `name` must be in lower case.
    ///
    /// ```
    /// # use browser_cors::header::mime::MimeType;
    /// let mut mime_type = MimeType::parse("text/plain;charset=gbk;a=b").unwrap();
    /// mime_type.set_parameter("charset", "UTF-8");
    /// assert_eq!(mime_type.to_string(), "text/plain;charset=UTF-8;a=b");
    /// ```
    pub fn set_parameter(&mut self, name: &str, value: &str) {
        match self.0.parameters.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.0.parameters.push((name.to_owned(), value.to_owned())),
        }
    }

    /// Whether this is a [JavaScript MIME type].
    ///
    /// [JavaScript MIME type]: https://mimesniff.spec.whatwg.org/#javascript-mime-type
    ///
    /// ```
    /// # use browser_cors::header::mime::MimeType;
    /// assert!(MimeType::parse("text/JavaScript1.5").unwrap().is_javascript());
    /// assert!(!MimeType::parse("text/plain").unwrap().is_javascript());
    /// ```
    pub fn is_javascript(&self) -> bool {
        JAVASCRIPT_ESSENCES.contains(&self.essence().as_str())
    }
}

impl std::fmt::Display for MimeType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// [Determines nosniff]: whether the first item of `X-Content-Type-Options` is `nosniff`.
///
/// [Determines nosniff]: https://fetch.spec.whatwg.org/#determine-nosniff
///
/// ```
/// # use browser_cors::header::{HeaderList, mime::determine_nosniff};
/// let list = HeaderList::try_from([("X-Content-Type-Options", "NoSniff, x")]).unwrap();
/// assert!(determine_nosniff(&list));
/// ```
pub fn determine_nosniff(list: &(impl ReadHeaders + ?Sized)) -> bool {
    // Steps 1 to 4.
    list.get_and_split("X-Content-Type-Options")
        .is_some_and(|values| values[0].eq_ignore_ascii_case("nosniff"))
}

const JAVASCRIPT_ESSENCES: [&str; 16] = [
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
];
