//! The [header list](https://fetch.spec.whatwg.org/#concept-header-list): it keeps order and
//! duplicates, compares names without regard to case, and holds values as bytes.

use std::{borrow::Cow, fmt};

use super::{
    InvalidHeader, ReadHeaders, invalid_value_index, is_header_name,
    names::{INDEXED_FROM, NameIndex, combined, firsts, has_repeated},
};

/// A [header list].
///
/// All names and values are in one buffer, so a list has two allocations, however long it is.
///
/// [header list]: https://fetch.spec.whatwg.org/#concept-header-list
///
/// # Examples
///
/// ```
/// use browser_cors::header::HeaderList;
///
/// let list = HeaderList::try_from([
///     ("Vary", "Origin"),
///     ("Access-Control-Allow-Origin", "https://app.example"),
///     ("vary", "Accept"),
/// ])?;
/// assert_eq!(list.get("VARY").as_deref(), Some(&b"Origin, Accept"[..]));
/// assert_eq!(list.get("Age"), None);
/// # Ok::<(), browser_cors::header::InvalidHeader>(())
/// ```
#[derive(Clone, Default)]
pub struct HeaderList {
    bytes: Vec<u8>,
    spans: Vec<Span>,
    /// The first header of each name, once the list is long.
    index: Option<Box<NameIndex>>,
}

/// The offsets of a header in the buffer, in which its value follows its name.
#[derive(Clone, Copy)]
struct Span {
    name: usize,
    value: usize,
    end: usize,
}

impl HeaderList {
    /// An empty list.
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// assert!(HeaderList::new().is_empty());
    /// ```
    pub const fn new() -> Self {
        Self { bytes: Vec::new(), spans: Vec::new(), index: None }
    }

    /// An empty list with room for `headers` headers with a total of `bytes` bytes.
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// assert!(HeaderList::with_capacity(4, 128).is_empty());
    /// ```
    pub fn with_capacity(headers: usize, bytes: usize) -> Self {
        let (bytes, spans) = (Vec::with_capacity(bytes), Vec::with_capacity(headers));
        Self { bytes, spans, index: None }
    }

    /// The number of headers, including duplicates.
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// assert_eq!(HeaderList::try_from([("a", "1"), ("A", "2")]).unwrap().len(), 2);
    /// ```
    pub const fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether the list has no headers.
    pub const fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The names and values, in order.
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// let list = HeaderList::try_from([("b", "1"), ("a", "2")]).unwrap();
    /// assert_eq!(list.iter().collect::<Vec<_>>(), [("b", &b"1"[..]), ("a", &b"2"[..])]);
    /// ```
    pub fn iter(&self) -> Iter<'_> {
        Iter { list: self, spans: self.spans.iter() }
    }

    /// The values of `name`, one for each header of that name, in order.
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// let list = HeaderList::try_from([("a", "1"), ("b", "2"), ("A", "3")]).unwrap();
    /// assert_eq!(list.values("a").collect::<Vec<_>>(), [b"1", b"3"]);
    /// ```
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.values_of(name)
    }

    /// Whether the list [contains] `name`.
    ///
    /// [contains]: https://fetch.spec.whatwg.org/#header-list-contains
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// assert!(HeaderList::try_from([("Accept", "*/*")]).unwrap().contains("accept"));
    /// ```
    pub fn contains(&self, name: &str) -> bool {
        self.first(name.as_bytes()).is_some()
    }

    /// [Gets] `name`: all values of headers of that name, in order, joined by `, `.
    ///
    /// `None` is the standard's null: there is no such header. An empty value means that there is
    /// one and that it is empty. To the CORS check, this makes a difference.
    ///
    /// [Gets]: https://fetch.spec.whatwg.org/#concept-header-list-get
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// let list = HeaderList::try_from([("a", "1"), ("A", "2"), ("b", "")]).unwrap();
    /// assert_eq!(list.get("a").as_deref(), Some(&b"1, 2"[..]));
    /// assert_eq!(list.get("b").as_deref(), Some(&b""[..]));
    /// assert_eq!(list.get("c"), None);
    /// ```
    pub fn get(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        self.get_combined(name)
    }

    /// [Gets, decodes, and splits] `name`.
    ///
    /// [Gets, decodes, and splits]: https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// let list = HeaderList::try_from([("a", r#""1,2", 3"#), ("a", "")]).unwrap();
    /// assert_eq!(list.get_decode_and_split("a").unwrap(), [r#""1,2""#, "3", ""]);
    /// assert_eq!(list.get_decode_and_split("b"), None);
    /// ```
    pub fn get_decode_and_split(&self, name: &str) -> Option<Vec<String>> {
        self.get_and_split(name)
    }

    /// [Appends] a header. If the list already has this name, the new header gets it in the same
    /// case.
    ///
    /// # Errors
    ///
    /// If `name` is not a header name or `value` is not a header value. The list is then unchanged.
    ///
    /// [Appends]: https://fetch.spec.whatwg.org/#concept-header-list-append
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// let mut list = HeaderList::new();
    /// list.append("Accept", "text/html")?;
    /// list.append("ACCEPT", "image/png")?;
    /// assert_eq!(list.iter().last(), Some(("Accept", &b"image/png"[..])));
    /// # Ok::<(), browser_cors::header::InvalidHeader>(())
    /// ```
    pub fn append(
        &mut self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<(), InvalidHeader> {
        let (name, value) = (name.as_ref(), value.as_ref());
        check(name, value)?;
        self.append_valid(name, value);
        Ok(())
    }

    /// [Sets] a header: overwrites the first header of that name, and removes the others.
    ///
    /// # Errors
    ///
    /// If `name` is not a header name or `value` is not a header value. The list is then unchanged.
    ///
    /// [Sets]: https://fetch.spec.whatwg.org/#concept-header-list-set
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// let mut list = HeaderList::try_from([("a", "1"), ("b", "2"), ("a", "3")])?;
    /// list.set("A", "4")?;
    /// assert_eq!(list, HeaderList::try_from([("a", "4"), ("b", "2")])?);
    /// # Ok::<(), browser_cors::header::InvalidHeader>(())
    /// ```
    pub fn set(
        &mut self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<(), InvalidHeader> {
        let (name, value) = (name.as_ref(), value.as_ref());
        check(name, value)?;
        self.set_valid(name, value);
        Ok(())
    }

    /// [Combines] a header: appends `, ` and `value` to the first header of that name.
    ///
    /// # Errors
    ///
    /// If `name` is not a header name or `value` is not a header value. The list is then unchanged.
    ///
    /// [Combines]: https://fetch.spec.whatwg.org/#concept-header-list-combine
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// let mut list = HeaderList::try_from([("a", "1")])?;
    /// list.combine("A", "2")?;
    /// assert_eq!(list, HeaderList::try_from([("a", "1, 2")])?);
    /// # Ok::<(), browser_cors::header::InvalidHeader>(())
    /// ```
    pub fn combine(
        &mut self,
        name: impl AsRef<[u8]>,
        value: impl AsRef<[u8]>,
    ) -> Result<(), InvalidHeader> {
        let (name, value) = (name.as_ref(), value.as_ref());
        check(name, value)?;
        if let Some(index) = self.first(name) {
            // Step 1.
            self.replace_value(index, &[self.value_of(&self.spans[index]), b", ", value].concat());
        } else {
            // Step 2.
            self.append_valid(name, value);
        }
        Ok(())
    }

    /// [Deletes] every header of that name.
    ///
    /// [Deletes]: https://fetch.spec.whatwg.org/#concept-header-list-delete
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// let mut list = HeaderList::try_from([("a", "1"), ("b", "2"), ("A", "3")])?;
    /// list.delete("a");
    /// assert_eq!(list, HeaderList::try_from([("b", "2")])?);
    /// # Ok::<(), browser_cors::header::InvalidHeader>(())
    /// ```
    pub fn delete(&mut self, name: &str) {
        if self.contains(name) {
            self.retain(|other, _| !other.eq_ignore_ascii_case(name));
        }
    }

    /// [Sorts and combines] the list: the names are in lower case and sorted, and the values of
    /// each name are joined by `, `. Only the values of `Set-Cookie` stay apart.
    ///
    /// [Sorts and combines]: https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine
    ///
    /// ```
    /// # use browser_cors::header::HeaderList;
    /// let list = HeaderList::try_from([("B", "1"), ("a", "2"), ("b", "3")])?.sort_and_combine();
    /// assert_eq!(list.iter().collect::<Vec<_>>(), [("a", &b"2"[..]), ("b", &b"1, 3"[..])]);
    /// # Ok::<(), browser_cors::header::InvalidHeader>(())
    /// ```
    pub fn sort_and_combine(&self) -> Self {
        // Step 1.
        let mut headers = Self::with_capacity(self.len(), self.bytes.len() + 2 * self.len());
        // Step 2.
        let mut order: Vec<&Span> = self.spans.iter().collect();
        let lower_case =
            |span: &Span| self.bytes[span.name..span.value].iter().map(u8::to_ascii_lowercase);
        order.sort_by(|a, b| lower_case(a).cmp(lower_case(b)));
        // Step 3.
        for same_name in order.chunk_by(|a, b| lower_case(a).eq(lower_case(b))) {
            let is_apart = self.is_named(same_name[0], b"set-cookie");
            for (index, span) in same_name.iter().enumerate() {
                if index == 0 || is_apart {
                    // Steps 3.1 and 3.2.
                    let start = headers.bytes.len();
                    headers.bytes.extend(lower_case(span));
                    let value = headers.bytes.len();
                    headers.spans.push(Span { name: start, value, end: value });
                } else {
                    // Step 3.2.
                    headers.bytes.extend_from_slice(b", ");
                }
                headers.bytes.extend_from_slice(self.value_of(span));
                let end = headers.bytes.len();
                headers.spans.last_mut().expect("a header was begun").end = end;
            }
        }
        // Step 4.
        headers
    }

    /// The names and values as bytes, in order.
    pub(crate) fn bytes(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.spans.iter().map(|span| (&self.bytes[span.name..span.value], self.value_of(span)))
    }

    /// A copy with room for `headers` more headers with a total of `bytes` bytes.
    pub(crate) fn clone_with_room(&self, headers: usize, bytes: usize) -> Self {
        let mut list = Self::with_capacity(self.len() + headers, self.bytes.len() + bytes);
        list.bytes.extend_from_slice(&self.bytes);
        list.spans.extend_from_slice(&self.spans);
        list
    }

    /// Appends a header without a check: `name` is known to be a header name, and `value` a header
    /// value or several joined ones. Two empty values make `, `, which is not a header value.
    pub(crate) fn append_valid(&mut self, name: &[u8], value: &[u8]) {
        debug_assert!(is_header_name(name));
        debug_assert!(!value.iter().any(|byte| matches!(byte, 0 | b'\n' | b'\r')));
        self.bytes.reserve(name.len() + value.len());
        let start = self.bytes.len();
        // Step 1.
        match self.first_or_next(name) {
            Some(first) => {
                let span = self.spans[first];
                self.bytes.extend_from_within(span.name..span.value);
            }
            None => self.bytes.extend_from_slice(name),
        }
        // Step 2.
        let middle = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.spans.push(Span { name: start, value: middle, end: self.bytes.len() });
    }

    /// Sets a header without a check: `name` is known to be a header name, and `value` a header
    /// value.
    pub(crate) fn set_valid(&mut self, name: &[u8], value: &[u8]) {
        debug_assert!(check(name, value).is_ok());
        // Steps 1 and 2.
        let Some(first) = self.first(name) else {
            return self.append_valid(name, value);
        };
        let mut seen = false;
        self.retain(|other, _| {
            !other.as_bytes().eq_ignore_ascii_case(name) || !std::mem::replace(&mut seen, true)
        });
        self.replace_value(first, value);
    }

    /// Combines the lines of each name into one.
    pub(crate) fn combine_repeated(&mut self) {
        if has_repeated(self) {
            let mut list = Self::with_capacity(self.len(), self.bytes.len());
            for (name, value) in combined(self) {
                list.append_valid(name, &value);
            }
            *self = list;
        }
    }

    /// Drops empty lines of names that have other lines. If all lines of a name are empty, the
    /// first one stays. The names in `kept` keep all lines.
    pub(crate) fn drop_empty_lines(&mut self, kept: &[&str]) {
        if self.spans.iter().all(|span| span.value < span.end) {
            return;
        }
        let firsts = firsts(self);
        let mut have_content = vec![false; self.len()];
        for (span, first) in self.spans.iter().zip(&firsts) {
            have_content[*first] |= span.value < span.end;
        }
        let mut index = 0;
        self.retain(|name, value| {
            let first = firsts[index];
            let is_first = first == index;
            index += 1;
            !value.is_empty()
                || kept.iter().any(|kept| name.eq_ignore_ascii_case(kept))
                || (is_first && !have_content[first])
        });
    }

    /// Replaces each value that has bytes above 0x7f and for which `replace` returns another one.
    pub(crate) fn replace_values(&mut self, mut replace: impl FnMut(&[u8]) -> Option<Vec<u8>>) {
        if !self.bytes.is_ascii() {
            let old = std::mem::take(self);
            for (name, value) in old.bytes() {
                match replace(value) {
                    Some(other) => self.append_valid(name, &other),
                    None => self.append_valid(name, value),
                }
            }
        }
    }

    /// Keeps only the headers for which `keep` returns `true`, in their order.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&str, &[u8]) -> bool) {
        let mut kept = Self::with_capacity(self.len(), self.bytes.len());
        for span in &self.spans {
            if keep(self.name_of(span), self.value_of(span)) {
                let start = kept.bytes.len();
                kept.bytes.extend_from_slice(&self.bytes[span.name..span.end]);
                kept.spans.push(Span {
                    name: start,
                    value: start + span.value - span.name,
                    end: kept.bytes.len(),
                });
            }
        }
        *self = kept;
    }

    fn replace_value(&mut self, index: usize, value: &[u8]) {
        let span = self.spans[index];
        let (old, new) = (span.end - span.value, value.len());
        self.bytes.splice(span.value..span.end, value.iter().copied());
        self.spans[index].end = span.value + new;
        for later in &mut self.spans[index + 1..] {
            later.name = later.name - old + new;
            later.value = later.value - old + new;
            later.end = later.end - old + new;
        }
    }

    #[inline]
    fn first(&self, name: &[u8]) -> Option<usize> {
        match &self.index {
            None => self.spans.iter().position(|span| self.is_named(span, name)),
            Some(index) => index.find(name, |at| self.name_at(at)),
        }
    }

    /// The first header of this name. If there is none, a header of this name must follow.
    fn first_or_next(&mut self, name: &[u8]) -> Option<usize> {
        if self.len() < INDEXED_FROM {
            return self.first(name);
        }
        let mut index = self.index.take().unwrap_or_else(|| {
            let mut index = Box::<NameIndex>::default();
            for at in 0..self.len() {
                index.find_or_add(self.name_at(at), at, |at| self.name_at(at));
            }
            index
        });
        let first = index.find_or_add(name, self.len(), |at| self.name_at(at));
        self.index = Some(index);
        first
    }

    fn name_at(&self, index: usize) -> &[u8] {
        let span = &self.spans[index];
        &self.bytes[span.name..span.value]
    }

    #[inline]
    fn is_named(&self, span: &Span, name: &[u8]) -> bool {
        span.value - span.name == name.len()
            && self.bytes[span.name..span.value].eq_ignore_ascii_case(name)
    }

    fn name_of(&self, span: &Span) -> &str {
        name_as_text(&self.bytes[span.name..span.value])
    }

    fn value_of(&self, span: &Span) -> &[u8] {
        &self.bytes[span.value..span.end]
    }
}

/// The name of a header, as text. A name that is not a header name becomes a replacement character,
/// which no server can allow.
pub(crate) fn name_as_text(name: &[u8]) -> &str {
    str::from_utf8(name).unwrap_or("\u{FFFD}")
}

/// [Gets, decodes, and splits] one value at the commas outside of quoted strings. The items keep
/// their quotes, and have one code point for each byte.
///
/// [Gets, decodes, and splits]: https://fetch.spec.whatwg.org/#header-value-get-decode-and-split
///
/// ```
/// # use browser_cors::header::list::get_decode_and_split_value;
/// assert_eq!(get_decode_and_split_value(b"nosniff,"), ["nosniff", ""]);
/// assert_eq!(get_decode_and_split_value(b""), [""]);
/// ```
pub fn get_decode_and_split_value(value: &[u8]) -> Vec<String> {
    // Steps 1 to 4.
    let mut values = Vec::new();
    let (mut start, mut position) = (0, 0);
    // Step 5.
    loop {
        match value.get(position) {
            // Step 5.2.
            Some(b'"') => position = end_of_http_quoted_string(value, position),
            Some(byte) if *byte != b',' => position += 1,
            // Steps 5.3 to 5.8.
            end => {
                values.push(isomorphic_decode(super::trim_tab_or_space(&value[start..position])));
                if end.is_none() {
                    return values;
                }
                position += 1;
                start = position;
            }
        }
    }
}

/// The index after the end of the [HTTP quoted string] that starts at `position`.
///
/// [HTTP quoted string]: https://fetch.spec.whatwg.org/#collect-an-http-quoted-string
fn end_of_http_quoted_string(input: &[u8], position: usize) -> usize {
    // Steps 1 to 4.
    let mut position = position + 1;
    // Step 5.
    loop {
        match input.get(position) {
            None => return input.len(),
            Some(b'"') => return position + 1,
            Some(b'\\') => position += 2,
            Some(_) => position += 1,
        }
    }
    // Steps 6 and 7. The caller needs only the position.
}

/// [Isomorphic decodes](https://infra.spec.whatwg.org/#isomorphic-decode) bytes: each byte becomes one
/// code point.
pub(crate) fn isomorphic_decode(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// The reverse of [`isomorphic_decode`], for text that consists of its code points.
pub(crate) fn isomorphic_encode(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).expect("each code point was a byte")).collect()
}

/// [Converts header names to a sorted-lowercase set].
///
/// [Converts header names to a sorted-lowercase set]: https://fetch.spec.whatwg.org/#convert-header-names-to-a-sorted-lowercase-set
///
/// ```
/// # use browser_cors::header::list::convert_header_names_to_a_sorted_lowercase_set;
/// let names = convert_header_names_to_a_sorted_lowercase_set(["b_", "B-", "b-"]);
/// assert_eq!(names, ["b-", "b_"]);
/// ```
pub fn convert_header_names_to_a_sorted_lowercase_set<'a>(
    names: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    // Steps 1 and 2.
    let mut set: Vec<Cow<'_, str>> = names.into_iter().map(lower_case).collect();
    // Step 3.
    set.sort_unstable();
    set.dedup();
    set.into_iter().map(Cow::into_owned).collect()
}

/// A name in lower case, as which most names are written.
fn lower_case(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}

/// The headers of a [`HeaderList`], in order.
///
/// ```
/// # use browser_cors::header::HeaderList;
/// let list = HeaderList::try_from([("a", "1")]).unwrap();
/// assert_eq!(list.iter().next(), Some(("a", &b"1"[..])));
/// ```
#[derive(Clone)]
pub struct Iter<'a> {
    list: &'a HeaderList,
    spans: std::slice::Iter<'a, Span>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let span = self.spans.next()?;
        Some((self.list.name_of(span), self.list.value_of(span)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.spans.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl fmt::Debug for Iter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone().map(|(name, value)| Shown(name, value))).finish()
    }
}

impl fmt::Debug for HeaderList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().fmt(f)
    }
}

/// A header as one line, in which the bytes of the value that are not printable ASCII are escaped.
struct Shown<'a>(&'a str, &'a [u8]);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0, self.1.escape_ascii())
    }
}

impl<'a> IntoIterator for &'a HeaderList {
    type Item = (&'a str, &'a [u8]);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Lists are equal if they have the same names, in the same case, and the same values in the same
/// order.
impl PartialEq for HeaderList {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for HeaderList {}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>, const LEN: usize> TryFrom<[(N, V); LEN]> for HeaderList {
    type Error = InvalidHeader;

    fn try_from(headers: [(N, V); LEN]) -> Result<Self, InvalidHeader> {
        let mut list = Self::with_capacity(LEN, 0);
        headers.into_iter().try_for_each(|(name, value)| list.append(name, value))?;
        Ok(list)
    }
}

pub(crate) fn check(name: &[u8], value: &[u8]) -> Result<(), InvalidHeader> {
    if !is_header_name(name) {
        return Err(InvalidHeader::Name { name: name.to_owned() });
    }
    match invalid_value_index(value) {
        None => Ok(()),
        Some(index) => {
            Err(InvalidHeader::Value { name: name.to_owned(), index, byte: value[index] })
        }
    }
}
