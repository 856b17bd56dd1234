//! What the decisions read headers through, so that nobody must copy headers to ask one.

use std::borrow::Cow;

use http::HeaderMap;

use super::{HeaderList, list::get_decode_and_split_value, normalize_value};
use crate::response::Response;

/// A [header list] of any type, as far as a decision reads it. [`HeaderList`] is one, and so are an
/// [`http::HeaderMap`], a slice of pairs, and a response that has headers.
///
/// [header list]: https://fetch.spec.whatwg.org/#concept-header-list
///
/// # Examples
///
/// A user agent implements the trait for its own type by one method:
///
/// ```
/// use browser_cors::{cors_check::{CorsCheckSuccess, cors_check}, header::ReadHeaders};
/// use browser_cors::request::CredentialsMode;
///
/// struct Lines(Vec<(Vec<u8>, Vec<u8>)>);
///
/// impl ReadHeaders for Lines {
///     fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
///         self.0.iter().map(|(name, value)| (name.as_slice(), value.as_slice()))
///     }
/// }
///
/// let answer = Lines(vec![(b"access-control-allow-origin".to_vec(), b"*".to_vec())]);
/// let checked = cors_check("https://app.example", CredentialsMode::Omit, &answer);
/// assert_eq!(checked, Ok(CorsCheckSuccess::Wildcard));
/// ```
pub trait ReadHeaders {
    /// The names and values, in order. A name is a [header name], in any case, and a value a
    /// [header value]: without spaces at its ends.
    ///
    /// [header name]: https://fetch.spec.whatwg.org/#header-name
    /// [header value]: https://fetch.spec.whatwg.org/#header-value
    ///
    /// ```
    /// # use browser_cors::header::ReadHeaders;
    /// let pairs = [("b", "1"), ("a", "2")];
    /// assert_eq!(pairs.lines().last(), Some((&b"a"[..], &b"2"[..])));
    /// ```
    fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])>;

    /// The values of `name`, one for each line of that name, in order.
    ///
    /// ```
    /// # use browser_cors::header::ReadHeaders;
    /// let pairs = [("a", "1"), ("b", "2"), ("A", "3")];
    /// assert_eq!(pairs.values_of("a").collect::<Vec<_>>(), [b"1", b"3"]);
    /// ```
    fn values_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.lines()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value)
    }

    /// [Gets] `name`: all values of lines of that name, in order, joined by `, `. It allocates
    /// only if there are several lines.
    ///
    /// [Gets]: https://fetch.spec.whatwg.org/#concept-header-list-get
    ///
    /// ```
    /// # use browser_cors::header::ReadHeaders;
    /// let pairs = [("a", "1"), ("A", "2")];
    /// assert_eq!(pairs.get_combined("a").as_deref(), Some(&b"1, 2"[..]));
    /// assert_eq!(pairs.get_combined("c"), None);
    /// ```
    fn get_combined(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        let mut joined: Option<Cow<'_, [u8]>> = None;
        for (other, value) in self.lines() {
            if !other.eq_ignore_ascii_case(name.as_bytes()) {
                continue;
            }
            match &mut joined {
                // Step 1.
                None => joined = Some(Cow::Borrowed(value)),
                // Step 2.
                Some(joined) => {
                    let joined = joined.to_mut();
                    joined.extend_from_slice(b", ");
                    joined.extend_from_slice(value);
                }
            }
        }
        joined
    }

    /// [Gets, decodes, and splits] `name`.
    ///
    /// [Gets, decodes, and splits]: https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split
    ///
    /// ```
    /// # use browser_cors::header::ReadHeaders;
    /// assert_eq!([("a", r#""1,2", 3"#)].get_and_split("A").unwrap(), [r#""1,2""#, "3"]);
    /// ```
    fn get_and_split(&self, name: &str) -> Option<Vec<String>> {
        // Steps 1 and 2.
        let value = self.get_combined(name)?;
        // Step 3.
        Some(get_decode_and_split_value(&value))
    }
}

impl ReadHeaders for HeaderList {
    fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.bytes()
    }
}

/// The values of a map lose the spaces at their ends, which a `HeaderValue` may have.
impl ReadHeaders for HeaderMap {
    fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.iter()
            .map(|(name, value)| (name.as_str().as_bytes(), normalize_value(value.as_bytes())))
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> ReadHeaders for [(N, V)] {
    fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.iter().map(|(name, value)| (name.as_ref().as_bytes(), value.as_ref()))
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>, const LEN: usize> ReadHeaders for [(N, V); LEN] {
    fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.as_slice().lines()
    }
}

impl ReadHeaders for Response {
    fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.header_list.lines()
    }
}

impl<B> ReadHeaders for http::Response<B> {
    fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.headers().lines()
    }
}

impl<H: ReadHeaders + ?Sized> ReadHeaders for &H {
    fn lines(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        (**self).lines()
    }
}
