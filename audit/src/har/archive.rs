//! Reads a HAR as a stream: hands out one entry after another, with the members that matter.
//!
//! Bodies and other members without use are not kept. What is kept of an entry is bounded, and so
//! is the depth of nesting.

use std::{cell::RefCell, fmt, io::BufRead, marker::PhantomData, mem, ops::ControlFlow};

use browser_cors::{
    header::{HeaderList, normalize_value},
    http::Method,
    url::Url,
};
use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{
        self, DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Unexpected,
        Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};
use thiserror::Error;

use super::counted::{Counted, Position};

/// An item of a HAR, in the HAR's order.
pub(super) enum Item {
    /// A page. Its URL is known if the page's title is one.
    Page { id: String, url: Option<Url> },
    /// An exchange.
    Entry(Box<Entry>),
}

/// An exchange, with the members that matter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entry {
    /// Its index in `log.entries`, from 1.
    #[serde(skip)]
    pub(super) number: u64,
    /// The number of bytes that were kept of it.
    #[serde(skip)]
    pub(super) size: usize,
    #[serde(rename = "pageref")]
    pub(super) page: Option<String>,
    /// Written by Chromium.
    #[serde(rename = "_resourceType")]
    pub(super) resource_type: Option<String>,
    /// Written by Chromium.
    #[serde(rename = "_initiator", deserialize_with = "object")]
    pub(super) initiator: InitiatorObject,
    /// The time at which the request started, in milliseconds since 1970.
    #[serde(rename = "startedDateTime", deserialize_with = "started")]
    pub(super) started: Option<f64>,
    /// The duration in milliseconds.
    #[serde(deserialize_with = "number")]
    pub(super) time: Option<f64>,
    #[serde(rename = "_fetchType")]
    fetch_type: Option<String>,
    #[serde(rename = "_fetchedViaServiceWorker")]
    fetched_via_service_worker: Option<bool>,
    #[serde(deserialize_with = "object")]
    pub(super) request: RequestObject,
    #[serde(deserialize_with = "object")]
    pub(super) response: ResponseObject,
}

impl Entry {
    /// Whether a service worker answered.
    pub(super) fn is_from_service_worker(&self) -> bool {
        self.fetch_type.as_deref() == Some("Service Worker")
            || self.fetched_via_service_worker == Some(true)
    }
}

/// `_initiator`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InitiatorObject {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
}

/// `request`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RequestObject {
    #[serde(deserialize_with = "method")]
    pub(super) method: Method,
    /// The URL as the HAR writes it.
    #[serde(deserialize_with = "text")]
    pub(super) url: String,
    #[serde(deserialize_with = "headers")]
    pub(super) headers: HeaderList,
    #[serde(rename = "cookies", deserialize_with = "has_elements")]
    pub(super) has_cookies: bool,
    #[serde(rename = "postData", deserialize_with = "has_members")]
    pub(super) has_body: bool,
}

/// `postData`, without its text and its parameters.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PostData {
    #[serde(rename = "mimeType")]
    _mime_type: Option<String>,
}

/// `response`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ResponseObject {
    /// 0 if the browser got no answer that it could use.
    #[serde(deserialize_with = "status")]
    pub(super) status: u16,
    #[serde(deserialize_with = "headers_of_servers")]
    pub(super) headers: HeaderList,
    /// Written by Chromium and WebKit.
    #[serde(rename = "_error", deserialize_with = "printable")]
    pub(super) error: Option<String>,
}

/// An element of `headers`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Header {
    name: Option<String>,
    value: Option<String>,
}

/// An element of `log.pages`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PageObject {
    id: Option<String>,
    title: Option<String>,
}

/// Why a HAR could not be read to its end.
///
/// `Display` writes, for example, `3:1044: entry 2: EOF while parsing a string`, so that the name
/// of the file and a colon can be put before it.
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
    /// The byte in that line, from 1; 0 at the very beginning of the line.
    pub column: u64,
    /// The current entry, from 1.
    pub entry: Option<u64>,
    /// What is wrong, and what was expected.
    pub reason: String,
}

/// Reads a HAR and passes each item to `take`, until `take` breaks.
pub(super) fn read<R: BufRead>(
    mut input: R,
    take: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<(), InvalidHar> {
    let place = RefCell::new(Position::default());
    // Ours: some tools write a byte order mark, which JSON does not allow.
    if input.fill_buf().is_ok_and(|text| text.starts_with(b"\xEF\xBB\xBF")) {
        input.consume(3);
    }
    let mut json = serde_json::Deserializer::from_reader(Counted::new(input, &place));
    let mut skip = |_: serde_ignored::Path<'_>| place.borrow_mut().skip();
    let mut reading = ReaderState { place: &place, take, is_over: false, has_entries: false };
    let result = AtLevel(&mut reading, Level::Har)
        .deserialize(serde_ignored::Deserializer::new(&mut json, &mut skip))
        .and_then(|()| json.end());
    let error = match result {
        _ if reading.is_over => return Ok(()),
        Ok(()) if reading.has_entries => return Ok(()),
        Ok(()) => de::Error::custom("there is no `log.entries`: a HAR was expected"),
        Err(error) => error,
    };
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text).to_owned();
    let place = place.borrow();
    // Ours: an error of the input has no place, so the place of the reader stands in.
    let (line, column) = match (error.line() as u64, error.column() as u64) {
        (0, _) => (place.line + 1, place.column),
        place => place,
    };
    Err(InvalidHar { line, column, entry: place.entry, reason })
}

/// The state of a reader.
struct ReaderState<'a> {
    place: &'a RefCell<Position>,
    take: &'a mut dyn FnMut(Item) -> ControlFlow<()>,
    /// Whether `take` has broken.
    is_over: bool,
    has_entries: bool,
}

impl ReaderState<'_> {
    fn take<E: de::Error>(&mut self, item: Item) -> Result<(), E> {
        self.is_over = (self.take)(item).is_break();
        if self.is_over { Err(E::custom("the reader has stopped")) } else { Ok(()) }
    }
}

/// The level of the value that is being read.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Level {
    Har,
    Log,
    Pages,
    Entries,
}

/// Reads the value at a level, and hands out its items.
struct AtLevel<'a, 'b>(&'a mut ReaderState<'b>, Level);

impl<'de> DeserializeSeed<'de> for AtLevel<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Self(reading, level) = self;
        if level != Level::Entries {
            return deserializer.deserialize_any(Self(reading, level));
        }
        let place = reading.place;
        let kept = mem::take(&mut place.borrow_mut().kept);
        (place.borrow_mut().entry, reading.has_entries) = (Some(1), true);
        deserializer.deserialize_any(Self(reading, level))?;
        let mut place = place.borrow_mut();
        (place.kept, place.entry) = (kept, None);
        Ok(())
    }
}

impl<'de> Visitor<'de> for AtLevel<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.1 {
            Level::Har => "an object with `log`, as a HAR is",
            Level::Log => "an object with `entries`",
            Level::Pages | Level::Entries => "an array",
        })
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(reading, level) = self;
        if matches!(level, Level::Pages | Level::Entries) {
            return Err(de::Error::invalid_type(Unexpected::Map, &Self(reading, level)));
        }
        while let Some(name) = map.next_key::<String>()? {
            let inner = match (level, name.as_str()) {
                (Level::Har, "log") => Level::Log,
                (Level::Log, "pages") => Level::Pages,
                (Level::Log, "entries") => Level::Entries,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            map.next_value_seed(AtLevel(reading, inner))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self(reading, level) = self;
        match level {
            Level::Har | Level::Log => {
                return Err(de::Error::invalid_type(Unexpected::Seq, &Self(reading, level)));
            }
            Level::Pages => {
                while let Some(Object(PageObject { id, title })) = items.next_element()? {
                    let url = title.and_then(|title| Url::parse(&title).ok());
                    reading.take(Item::Page { id: id.unwrap_or_default(), url })?;
                }
            }
            Level::Entries => {
                for number in 1.. {
                    reading.place.borrow_mut().entry = Some(number);
                    let Some(Object(entry)) = items.next_element()? else { break };
                    let size = mem::take(&mut reading.place.borrow_mut().kept);
                    reading.take(Item::Entry(Box::new(Entry { number, size, ..entry })))?;
                }
            }
        }
        Ok(())
    }
}

/// The members of an object that matter.
trait Members: DeserializeOwned + Default {
    /// What the object is, for messages.
    const EXPECTED: &'static str;
}

macro_rules! members {
    ($($name:ident: $expected:literal,)*) => {
        $(impl Members for $name {
            const EXPECTED: &'static str = $expected;
        })*
    };
}

members! {
    Entry: "an entry: an object with `request` and `response`",
    Header: "an object with `name` and `value`",
    InitiatorObject: "an initiator: an object",
    PageObject: "a page: an object",
    PostData: "an object with `mimeType`",
    RequestObject: "a request: an object",
    ResponseObject: "a response: an object",
}

/// An object. Null is an object without members; other values are errors.
struct Object<T>(T);

impl<'de, T: Members> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Expected::<Self>(PhantomData))
    }
}

/// Reads an object, an array or a number. Null is an empty one, or none; other values are errors.
struct Expected<T>(PhantomData<T>);

impl<'de, T: Members> Visitor<'de> for Expected<Object<T>> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_unit<E>(self) -> Result<Object<T>, E> {
        Ok(Object(T::default()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Expected<Vec<T>> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Vec<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items))
    }
}

impl<'de> Visitor<'de> for Expected<f64> {
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

fn object<'de, D: Deserializer<'de>, T: Members>(deserializer: D) -> Result<T, D::Error> {
    Object::deserialize(deserializer).map(|Object(members)| members)
}

fn array<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(Expected::<Vec<T>>(PhantomData))
}

fn has_elements<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    array(deserializer).map(|list: Vec<Object<Header>>| !list.is_empty())
}

fn has_members<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Option::deserialize(deserializer).map(|body: Option<Object<PostData>>| body.is_some())
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    deserializer.deserialize_any(Expected::<f64>(PhantomData))
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

fn started<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let time = text(deserializer)?.parse::<Timestamp>();
    Ok(time.ok().map(|time| time.as_millisecond() as f64))
}

fn method<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Method, D::Error> {
    let text = text(deserializer)?;
    // Ours: WebKit writes an empty method if it does not know the method.
    let text = if text.is_empty() { "GET" } else { &text };
    Method::from_bytes(text.as_bytes())
        .map_err(|_| de::Error::custom(format_args!("{text:?} is not a method")))
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = number(deserializer)?.unwrap_or_default();
    // Ours: any other number means that there is no status, such as the -1 of some tools.
    Ok(if (0.0..=999.0).contains(&status) { status as u16 } else { 0 })
}

/// A text without control characters, so that it can be printed.
fn printable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.map(|text| text.replace(char::is_control, "\u{FFFD}")))
}

fn headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HeaderList, D::Error> {
    header_list(deserializer, |_| true)
}

/// Headers without those that Firefox adds to the answers that it shows.
fn headers_of_servers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HeaderList, D::Error> {
    const OF_FIREFOX: &str = "x-firefox-";
    header_list(deserializer, |name| {
        let start = name.get(..OF_FIREFOX.len());
        !start.is_some_and(|start| start.eq_ignore_ascii_case(OF_FIREFOX))
    })
}

/// Leaves out names that are not headers, such as `:method`, a pseudo-header of HTTP/2.
fn header_list<'de, D: Deserializer<'de>>(
    deserializer: D,
    is_kept: fn(&str) -> bool,
) -> Result<HeaderList, D::Error> {
    let mut list = HeaderList::new();
    for Object(Header { name, value }) in array(deserializer)? {
        let (name, value) = (name.unwrap_or_default(), value.unwrap_or_default());
        // Ours: Chromium joins repeated headers with line feeds.
        for line in value.split('\n').filter(|_| is_kept(&name)) {
            let _ = list.append(&name, normalize_value(&bytes(line)));
        }
    }
    Ok(list)
}

/// The bytes of a header's value: one byte a character if all fit, otherwise UTF-8.
fn bytes(text: &str) -> Vec<u8> {
    let latin = text.chars().map(|character| u8::try_from(character).ok()).collect();
    Option::unwrap_or_else(latin, || text.as_bytes().to_vec())
}
