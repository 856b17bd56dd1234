//! A HAR as it streams by: its entries one after another, of which the members are kept that count.
//!
//! Of bodies and of what else nobody asks for, nothing is built. All that is kept of an entry has a
//! bound, and so has the depth.

use std::{
    cell::Cell,
    fmt,
    io::{self, BufRead, Read},
    marker::PhantomData,
    ops::ControlFlow,
};

use browser_cors::{
    header::{HeaderList, normalize_value},
    http::Method,
    url::Url,
};
use jiff::Timestamp;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use thiserror::Error;

/// How many bytes the members that count may have, of an entry or of all that is outside of entries.
const KEPT_LIMIT: usize = 1 << 20;

/// How deep a HAR may be nested.
const DEPTH_LIMIT: u32 = 128;

/// What comes out of a HAR, in its order.
pub(super) enum Item {
    /// A page, with its URL if its title is one.
    Page { id: String, url: Option<Url> },
    /// An exchange.
    Entry(Box<Entry>),
}

/// An exchange, as far as it counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// Its place in `log.entries`, from 1.
    pub(super) number: u64,
    /// How many bytes were kept of it.
    pub(super) size: usize,
    /// `pageref`
    pub(super) page: Option<String>,
    /// `_resourceType`, which Chromium writes.
    pub(super) resource_type: Option<String>,
    /// The type of `_initiator`, which Chromium writes.
    pub(super) initiator: Option<String>,
    /// When the request started, in milliseconds since 1970.
    pub(super) started: Option<f64>,
    /// How many milliseconds it took.
    pub(super) time: Option<f64>,
    /// Whether a service worker answered.
    pub(super) from_service_worker: bool,
    pub(super) method: Method,
    /// The URL as it was written.
    pub(super) url: String,
    pub(super) request: HeaderList,
    /// Whether there are `cookies` of the request.
    pub(super) has_cookies: bool,
    /// The type of `postData`.
    pub(super) body: Option<String>,
    /// The status; 0, if there was no answer that the browser could use.
    pub(super) status: u16,
    pub(super) response: HeaderList,
    /// `_error`, which Chromium and WebKit write.
    pub(super) error: Option<String>,
}

/// Why a HAR could not be read to its end.
///
/// Its `Display` is as in `3:1044: entry 2: EOF while parsing a string`, so that the name of a file
/// and a colon may stand before it.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use browser_cors_audit::har::Judging;
///
/// let outcome = Judging::new().judge(&b"{\"log\": 5}"[..], |_judged| ControlFlow::Continue(()));
/// let broken = outcome.broken.unwrap();
/// assert_eq!((broken.line, broken.entry), (1, None));
/// assert!(broken.to_string().ends_with("invalid type: integer `5`, expected an object with `entries`"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{line}:{column}: {}{reason}", .entry.map_or_else(String::new, |number| format!("entry {number}: ")))]
pub struct InvalidHar {
    /// The line, from 1.
    pub line: u64,
    /// The byte of that line, from 1; 0 at its very beginning.
    pub column: u64,
    /// The entry that was being read, from 1.
    pub entry: Option<u64>,
    /// What is wrong, and what was expected.
    pub reason: String,
}

/// Reads a HAR, and hands out what is in it, until `take` breaks.
pub(super) fn read<R: BufRead>(
    mut input: R,
    take: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<(), InvalidHar> {
    let place = Place::default();
    // Ours: a byte order mark, which some tools write, is no JSON.
    if input.fill_buf().is_ok_and(|text| text.starts_with(b"\xEF\xBB\xBF")) {
        input.consume(3);
    }
    let mut deserializer =
        serde_json::Deserializer::from_reader(Watched { input, place: &place, has_failed: false });
    let reading = Reading { place: &place, take, is_over: false, has_entries: false };
    let mut root = Root(reading);
    let object = Object { place: &place, members: &mut root };
    let result = object.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    let Root(reading) = root;
    if reading.is_over {
        return Ok(());
    }
    let error = match result {
        Ok(()) if reading.has_entries => return Ok(()),
        Ok(()) => de::Error::custom("there is no `log.entries`: a HAR was expected"),
        Err(error) => error,
    };
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text).to_owned();
    // Ours: an error of the input has no place of its own.
    let (line, column) = match (error.line() as u64, error.column() as u64) {
        (0, _) => (place.line.get() + 1, place.column.get()),
        place => place,
    };
    Err(InvalidHar { line, column, entry: place.entry.get(), reason })
}

/// How far the reading is.
#[derive(Debug, Default)]
struct Place {
    line: Cell<u64>,
    column: Cell<u64>,
    depth: Cell<u32>,
    in_string: Cell<bool>,
    is_escaped: Cell<bool>,
    /// How many bytes were kept of what is being read.
    kept: Cell<usize>,
    /// Whether nothing is kept.
    is_skipping: Cell<bool>,
    entry: Cell<Option<u64>>,
}

impl Place {
    /// Goes one byte on.
    fn pass(&self, byte: u8) -> Result<(), &'static str> {
        if byte == b'\n' {
            self.line.set(self.line.get() + 1);
            self.column.set(0);
        } else {
            self.column.set(self.column.get() + 1);
        }
        if self.in_string.get() {
            match byte {
                _ if self.is_escaped.get() => self.is_escaped.set(false),
                b'\\' => self.is_escaped.set(true),
                b'"' => self.in_string.set(false),
                _ => {}
            }
        } else {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => return Ok(()),
                b'"' => self.in_string.set(true),
                b'[' | b'{' => self.depth.set(self.depth.get() + 1),
                b']' | b'}' => self.depth.set(self.depth.get().saturating_sub(1)),
                _ => {}
            }
            if self.depth.get() > DEPTH_LIMIT {
                return Err("more than 128 levels of nesting");
            }
        }
        if !self.is_skipping.get() {
            self.kept.set(self.kept.get() + 1);
            if self.kept.get() > KEPT_LIMIT {
                return Err("the members that count have more than 1 MiB");
            }
        }
        Ok(())
    }
}

/// Input whose every byte is counted.
struct Watched<'a, R> {
    input: R,
    place: &'a Place,
    has_failed: bool,
}

impl<R: BufRead> Read for Watched<'_, R> {
    /// Reads one byte, so that the place is where the reading is; behind a failure there are none.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(first) = buffer.first_mut() else { return Ok(0) };
        if self.has_failed {
            return Ok(0);
        }
        let next = self.input.fill_buf().map(|text| text.first().copied());
        let passed = next.and_then(|next| {
            let Some(byte) = next else { return Ok(None) };
            self.input.consume(1);
            self.place.pass(byte).map_err(io::Error::other)?;
            Ok(Some(byte))
        });
        self.has_failed =
            passed.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted);
        Ok(passed?.map_or(0, |byte| {
            *first = byte;
            1
        }))
    }
}

/// Skips a value, whatever it is.
struct Skip<'a>(&'a Place);

impl<'de> DeserializeSeed<'de> for Skip<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.is_skipping.set(true);
        let result = deserializer.deserialize_ignored_any(IgnoredAny);
        self.0.is_skipping.set(false);
        result.map(|_| ())
    }
}

/// Reads a number; null is none.
struct Number;

impl<'de> DeserializeSeed<'de> for Number {
    type Value = Option<f64>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<f64>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Number {
    type Value = Option<f64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_unit<E>(self) -> Result<Option<f64>, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Option<f64>, E> {
        Ok(Some(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Option<f64>, E> {
        Ok(Some(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Option<f64>, E> {
        Ok(Some(number))
    }
}

/// What an object has, read member by member.
trait Members {
    /// What the object is.
    const EXPECTED: &'static str;

    /// Reads the value of the member `name`. Returns whether it did.
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        place: &Place,
    ) -> Result<bool, A::Error>;
}

/// Reads an object; null is one without members.
struct Object<'a, T> {
    place: &'a Place,
    members: &'a mut T,
}

impl<'de, T: Members> DeserializeSeed<'de> for Object<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Members> Visitor<'de> for Object<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if !self.members.member(&name, &mut map, self.place)? {
                map.next_value_seed(Skip(self.place))?;
            }
        }
        Ok(())
    }
}

/// Reads the objects of an array; null is one without any.
struct Each<'a, T, F> {
    place: &'a Place,
    take: F,
    members: PhantomData<T>,
}

impl<'a, T, F> Each<'a, T, F> {
    const fn new(place: &'a Place, take: F) -> Self {
        Self { place, take, members: PhantomData }
    }
}

impl<'de, T: Members + Default, F: FnMut(T) -> Result<(), &'static str>> DeserializeSeed<'de>
    for Each<'_, T, F>
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Members + Default, F: FnMut(T) -> Result<(), &'static str>> Visitor<'de>
    for Each<'_, T, F>
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        loop {
            let mut members = T::default();
            let object = Object { place: self.place, members: &mut members };
            if items.next_element_seed(object)?.is_none() {
                return Ok(());
            }
            (self.take)(members).map_err(de::Error::custom)?;
        }
    }
}

/// What a reading is for.
struct Reading<'a> {
    place: &'a Place,
    take: &'a mut dyn FnMut(Item) -> ControlFlow<()>,
    /// Whether nobody takes more.
    is_over: bool,
    has_entries: bool,
}

impl Reading<'_> {
    fn take(&mut self, item: Item) -> Result<(), &'static str> {
        self.is_over = (self.take)(item).is_break();
        if self.is_over { Err("nobody takes more") } else { Ok(()) }
    }
}

/// The document.
struct Root<'a>(Reading<'a>);

impl Members for Root<'_> {
    const EXPECTED: &'static str = "an object with `log`, as a HAR is";

    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        place: &Place,
    ) -> Result<bool, A::Error> {
        if name == "log" {
            map.next_value_seed(Object { place, members: &mut Log(&mut self.0) })?;
        }
        Ok(name == "log")
    }
}

/// `log`
struct Log<'a, 'b>(&'a mut Reading<'b>);

impl Members for Log<'_, '_> {
    const EXPECTED: &'static str = "an object with `entries`";

    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        place: &Place,
    ) -> Result<bool, A::Error> {
        match name {
            "pages" => map.next_value_seed(Each::new(place, |page: Page| {
                let url = page.title.and_then(|title| Url::parse(&title).ok());
                let id = page.id.unwrap_or_default();
                self.0.take(Item::Page { id, url })
            }))?,
            "entries" => {
                self.0.has_entries = true;
                map.next_value_seed(Entries(self.0))?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// `log.entries`
struct Entries<'a, 'b>(&'a mut Reading<'b>);

impl<'de> DeserializeSeed<'de> for Entries<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let place = self.0.place;
        let before = place.kept.replace(0);
        place.entry.set(Some(1));
        deserializer.deserialize_any(Each::new(place, |mut entry: Entry| {
            entry.number = place.entry.get().unwrap_or_default();
            entry.size = place.kept.replace(0);
            place.entry.set(Some(entry.number + 1));
            self.0.take(Item::Entry(Box::new(entry)))
        }))?;
        place.entry.set(None);
        place.kept.set(before);
        Ok(())
    }
}

/// An element of `log.pages`.
#[derive(Default)]
struct Page {
    id: Option<String>,
    title: Option<String>,
}

impl Members for Page {
    const EXPECTED: &'static str = "a page: an object";

    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        _place: &Place,
    ) -> Result<bool, A::Error> {
        match name {
            "id" => self.id = map.next_value()?,
            "title" => self.title = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Members for Entry {
    const EXPECTED: &'static str = "an entry: an object with `request` and `response`";

    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        place: &Place,
    ) -> Result<bool, A::Error> {
        match name {
            "pageref" => self.page = map.next_value()?,
            "startedDateTime" => {
                let started = map.next_value::<Option<String>>()?;
                self.started = started
                    .and_then(|text| Some(text.parse::<Timestamp>().ok()?.as_millisecond() as f64));
            }
            "time" => self.time = map.next_value_seed(Number)?,
            "_resourceType" => self.resource_type = map.next_value()?,
            "_fetchType" => {
                let kind = map.next_value::<Option<String>>()?;
                self.from_service_worker |= kind.as_deref() == Some("Service Worker");
            }
            "_fetchedViaServiceWorker" => {
                self.from_service_worker |= map.next_value::<Option<bool>>()?.unwrap_or_default();
            }
            "_initiator" => {
                let mut initiator = Initiator::default();
                map.next_value_seed(Object { place, members: &mut initiator })?;
                self.initiator = initiator.kind;
            }
            "request" => map.next_value_seed(Object { place, members: &mut Request(self) })?,
            "response" => map.next_value_seed(Object { place, members: &mut Response(self) })?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// `_initiator`
#[derive(Default)]
struct Initiator {
    kind: Option<String>,
}

impl Members for Initiator {
    const EXPECTED: &'static str = "an initiator: an object";

    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        _place: &Place,
    ) -> Result<bool, A::Error> {
        if name == "type" {
            self.kind = map.next_value()?;
        }
        Ok(name == "type")
    }
}

/// `request`
struct Request<'a>(&'a mut Entry);

impl Members for Request<'_> {
    const EXPECTED: &'static str = "a request: an object";

    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        place: &Place,
    ) -> Result<bool, A::Error> {
        let Self(entry) = self;
        match name {
            "method" => {
                let text = map.next_value::<Option<String>>()?.unwrap_or_default();
                // Ours: WebKit writes an empty one where it does not know it.
                let text = if text.is_empty() { "GET" } else { &text };
                entry.method = Method::from_bytes(text.as_bytes())
                    .map_err(|_| de::Error::custom(format_args!("{text:?} is not a method")))?;
            }
            "url" => entry.url = map.next_value::<Option<String>>()?.unwrap_or_default(),
            "headers" => map.next_value_seed(Each::new(place, |header: Header| {
                header.append_to(&mut entry.request);
                Ok(())
            }))?,
            "cookies" => map.next_value_seed(Each::new(place, |_cookie: Header| {
                entry.has_cookies = true;
                Ok(())
            }))?,
            "postData" => {
                let mut body = PostData::default();
                map.next_value_seed(Object { place, members: &mut body })?;
                entry.body = body.kind;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// `response`
struct Response<'a>(&'a mut Entry);

impl Members for Response<'_> {
    const EXPECTED: &'static str = "a response: an object";

    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        place: &Place,
    ) -> Result<bool, A::Error> {
        let Self(entry) = self;
        match name {
            "status" => {
                let status = map.next_value_seed(Number)?.unwrap_or_default();
                // Ours: what is no status is none, such as the -1 of some tools.
                entry.status = if (0.0..=999.0).contains(&status) { status as u16 } else { 0 };
            }
            "headers" => map.next_value_seed(Each::new(place, |header: Header| {
                if !header.is_of_firefox() {
                    header.append_to(&mut entry.response);
                }
                Ok(())
            }))?,
            "_error" => entry.error = map.next_value::<Option<String>>()?.map(printable),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// An element of `headers`.
#[derive(Default)]
struct Header {
    name: Option<String>,
    value: Option<String>,
}

impl Members for Header {
    const EXPECTED: &'static str = "an object with `name` and `value`";

    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        _place: &Place,
    ) -> Result<bool, A::Error> {
        match name {
            "name" => self.name = map.next_value()?,
            "value" => self.value = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Header {
    /// Whether Firefox adds it to the answers that it shows.
    fn is_of_firefox(&self) -> bool {
        const PREFIX: &str = "x-firefox-";
        let name = self.name.as_deref().unwrap_or_default();
        name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
    }

    /// Appends it. What is no header is left out, such as `:method`, a pseudo-header of HTTP/2.
    fn append_to(&self, list: &mut HeaderList) {
        let name = self.name.as_deref().unwrap_or_default();
        // Ours: Chromium joins repeated headers with line feeds.
        for line in self.value.as_deref().unwrap_or_default().split('\n') {
            let value = bytes(line);
            let _ = list.append(name, normalize_value(&value));
        }
    }
}

/// The bytes of a header's value: one a character or, if there are others, UTF-8.
fn bytes(text: &str) -> Vec<u8> {
    let latin = text.chars().map(|character| u8::try_from(character).ok()).collect();
    Option::unwrap_or_else(latin, || text.as_bytes().to_vec())
}

/// A text that can be printed: without control characters.
fn printable(text: String) -> String {
    text.replace(char::is_control, "\u{FFFD}")
}

/// `postData`
#[derive(Default)]
struct PostData {
    kind: Option<String>,
}

impl Members for PostData {
    const EXPECTED: &'static str = "an object with `mimeType`";

    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        map: &mut A,
        _place: &Place,
    ) -> Result<bool, A::Error> {
        // Ours: the text is not kept, nor are the parameters.
        if name == "mimeType" {
            self.kind = map.next_value::<Option<String>>()?;
        }
        self.kind.get_or_insert_default();
        Ok(name == "mimeType")
    }
}
