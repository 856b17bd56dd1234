//! Reads scenarios. A member that cannot be valid is an error with its place in the JSON.

use std::{borrow::Cow, fmt, str::FromStr};

use http::Method;
use serde::{
    Deserialize, Deserializer,
    de::{self, SeqAccess, Visitor},
};
use url::Url;

use super::FORMAT;
use crate::{
    compare::Api,
    header::{HeaderList, normalize_value},
    origin::{Origin, has_http_scheme},
    page::body::BodyInit,
    referrer::ReferrerPolicy,
    request::{CacheMode, CredentialsMode, Mode, RedirectMode},
};

/// What a page asks for, and what the servers would answer.
///
/// ```
/// # use browser_cors::scenario::Scenario;
/// let error = serde_json::from_str::<Scenario>(r#"{
///     "id": "slash",
///     "page": { "origin": "https://foo.example/" },
///     "fetches": []
/// }"#).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`https://foo.example/` is not an origin: `https://foo.example` or `null` was expected \
///      at line 3 column 48",
/// );
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The version of the format. It may be missing, and must otherwise be
    /// [`FORMAT`](super::FORMAT), the only one so far. If it is there, it comes first, because
    /// another version may have other members.
    #[serde(default = "default_format", deserialize_with = "format")]
    pub format: u32,
    /// The scenario's name.
    pub id: String,
    /// The page that asks.
    pub page: Page,
    /// What the page asks for, in order.
    pub fetches: Vec<Fetch>,
    /// How the servers answer. The first rule that matches a request answers it.
    #[serde(default)]
    pub server: Vec<Rule>,
}

/// A page.
///
/// ```
/// # use browser_cors::scenario::Page;
/// let page: Page = serde_json::from_str(r#"{ "origin": "http://foo.example" }"#).unwrap();
/// assert!(!page.opaque);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The page's URL, made of its origin and `/`; `about:blank` if the origin is `null`.
    #[serde(rename = "origin", deserialize_with = "page_url")]
    pub url: Url,
    /// Whether the page is sandboxed, so that its origin is opaque.
    #[serde(default)]
    pub opaque: bool,
}

/// One fetch of a page.
///
/// ```
/// # use browser_cors::{compare::Api, scenario::Fetch};
/// let fetch: Fetch =
///     serde_json::from_str(r#"{ "url": "/items", "method": "put", "mode": null }"#).unwrap();
/// assert_eq!((fetch.api, fetch.method.as_deref()), (Api::Fetch, Some(&b"put"[..])));
/// assert_eq!(fetch.mode, None);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fetch {
    /// The API that asks. Default: `fetch()`.
    #[serde(default, deserialize_with = "api")]
    pub api: Api,
    /// The milliseconds that pass before the fetch starts. Default: 0.
    #[serde(default)]
    pub after_ms: u64,
    /// The URL, absolute or relative to the page's.
    pub url: String,
    /// The method, as the page wrote it.
    #[serde(default, deserialize_with = "optional_bytes")]
    pub method: Option<Vec<u8>>,
    /// The headers, as the page wrote them.
    #[serde(default, deserialize_with = "author_headers")]
    pub headers: Option<Vec<(Vec<u8>, Vec<u8>)>>,
    /// The body.
    #[serde(default, deserialize_with = "body")]
    pub body: Option<BodyInit>,
    /// The mode.
    #[serde(default, deserialize_with = "of_name")]
    pub mode: Option<Mode>,
    /// The credentials mode. For `XMLHttpRequest`, "include" means `withCredentials`.
    #[serde(default, deserialize_with = "of_name")]
    pub credentials: Option<CredentialsMode>,
    /// The redirect mode.
    #[serde(default, deserialize_with = "of_name")]
    pub redirect: Option<RedirectMode>,
    /// The referrer policy.
    #[serde(default, rename = "referrerPolicy", deserialize_with = "of_name")]
    pub referrer_policy: Option<ReferrerPolicy>,
    /// The cache mode.
    #[serde(default, deserialize_with = "of_name")]
    pub cache: Option<CacheMode>,
    /// Whether an `XMLHttpRequest` has listeners on its `upload`.
    #[serde(default)]
    pub upload_listener: bool,
    /// The `crossorigin` attribute of an element. For an `EventSource`, `use-credentials` means
    /// `withCredentials`.
    #[serde(default)]
    pub crossorigin: Option<String>,
}

/// How a server answers certain requests.
///
/// ```
/// # use browser_cors::scenario::Rule;
/// let rule: Rule = serde_json::from_str(
///     r#"{ "url": "http://bar.other/", "status": 200, "headers": [["Vary", " Origin "]] }"#,
/// ).unwrap();
/// assert_eq!(rule.headers.get("vary").as_deref(), Some(&b"Origin"[..]));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The method that it answers; `None` for any.
    #[serde(default, deserialize_with = "method")]
    pub method: Option<Method>,
    /// The URL that it answers.
    #[serde(deserialize_with = "rule_url")]
    pub url: Url,
    /// How many times it answers; `None` for any number.
    #[serde(default)]
    pub times: Option<u64>,
    /// The status, from 0 to 999.
    #[serde(deserialize_with = "status")]
    pub status: u16,
    /// The headers. Their values have no tabs and spaces at their ends.
    #[serde(default, deserialize_with = "header_list")]
    pub headers: HeaderList,
    /// The API that can decode the body: `img` for an image, `font` for a font, and so on.
    #[serde(default, deserialize_with = "of_name")]
    pub body_of: Option<Api>,
}

const fn default_format() -> u32 {
    FORMAT
}

fn format<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        FORMAT => Ok(FORMAT),
        other => Err(de::Error::custom(format_args!(
            "unknown format {other}: the newest known format is {FORMAT}"
        ))),
    }
}

fn api<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Api, D::Error> {
    deserializer.deserialize_str(Text("a string", |text: &str| {
        text.parse::<Api>().map_err(|error| error.to_string())
    }))
}

fn page_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let text = String::deserialize(deserializer)?;
    let origin: Origin = text.parse().map_err(de::Error::custom)?;
    let url = if origin.is_opaque() { "about:blank" } else { origin.serialized() };
    let of_page = |url: &Url| !matches!(url.scheme(), "ws" | "wss" | "ftp");
    Url::parse(url).ok().filter(of_page).ok_or_else(|| {
        de::Error::custom(format_args!(
            "`{text}` is not the origin of a page: pages are not of {}",
            text.split(':').next().unwrap_or_default()
        ))
    })
}

fn rule_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    deserializer.deserialize_str(Text("an http or https URL", |text: &str| {
        let url = Url::parse(text).map_err(|reason| format!("`{text}` is not a URL: {reason}"))?;
        if has_http_scheme(&url) {
            Ok(url)
        } else {
            Err(format!("`{text}` is never requested: an http or https URL was expected"))
        }
    }))
}

fn method<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Method>, D::Error> {
    deserializer.deserialize_option(Nullable(Text("a method", |text: &str| {
        Method::from_bytes(text.as_bytes()).map_err(|_| format!("`{text}` is not a method"))
    })))
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = u16::deserialize(deserializer)?;
    if status > 999 {
        let unexpected = de::Unexpected::Unsigned(u64::from(status));
        return Err(de::Error::invalid_value(unexpected, &"a status from 0 to 999"));
    }
    Ok(status)
}

fn of_name<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T::Err: fmt::Display,
{
    deserializer.deserialize_option(Nullable(Text("a string", |text: &str| {
        text.parse::<T>().map_err(|error| error.to_string())
    })))
}

fn optional_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u8>>, D::Error> {
    Ok(Option::<Bytes<'_>>::deserialize(deserializer)?.map(|bytes| bytes.0.into_owned()))
}

#[expect(clippy::type_complexity, reason = "the type of `RequestInit::headers`")]
fn author_headers<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<(Vec<u8>, Vec<u8>)>>, D::Error> {
    let pairs = Option::<Vec<(Bytes<'_>, Bytes<'_>)>>::deserialize(deserializer)?;
    let owned = |(name, value): (Bytes<'_>, Bytes<'_>)| (name.0.into_owned(), value.0.into_owned());
    Ok(pairs.map(|pairs| pairs.into_iter().map(owned).collect()))
}

fn body<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<BodyInit>, D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Members {
        text: Option<String>,
        bytes: Option<String>,
        urlencoded: Option<String>,
        blob: Option<String>,
        r#type: Option<String>,
    }
    let Some(Members { text, bytes, urlencoded, blob, r#type }) =
        Option::<Members>::deserialize(deserializer)?
    else {
        return Ok(None);
    };
    match (text, bytes, urlencoded, blob, r#type) {
        (Some(text), None, None, None, None) => Ok(Some(BodyInit::Text(text))),
        (None, Some(bytes), None, None, None) => {
            Ok(Some(BodyInit::BufferSource(bytes.into_bytes())))
        }
        (None, None, Some(text), None, None) => Ok(Some(BodyInit::UrlSearchParams(text))),
        (None, None, None, Some(text), kind) => {
            // Note: the `Blob` constructor drops a type that is not of printable ASCII.
            let is_printable = |kind: &String| kind.bytes().all(|byte| matches!(byte, 0x20..=0x7E));
            let kind = kind.filter(is_printable).unwrap_or_default().to_ascii_lowercase();
            Ok(Some(BodyInit::Blob { bytes: text.into_bytes(), kind }))
        }
        _ => Err(de::Error::custom(
            "a body was expected: one of `text`, `bytes`, `urlencoded`, or `blob` with `type`",
        )),
    }
}

fn header_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HeaderList, D::Error> {
    struct List;

    impl<'de> Visitor<'de> for List {
        type Value = HeaderList;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of [name, value] pairs")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut pairs: A) -> Result<HeaderList, A::Error> {
            let mut list = HeaderList::with_capacity(8, 256);
            while let Some((name, value)) = pairs.next_element::<(Bytes<'_>, Bytes<'_>)>()? {
                list.append(&name.0, normalize_value(&value.0)).map_err(de::Error::custom)?;
            }
            Ok(list)
        }
    }

    deserializer.deserialize_seq(List)
}

/// A byte string, one byte a character. It borrows from the JSON if it can.
struct Bytes<'a>(Cow<'a, [u8]>);

impl<'de> Deserialize<'de> for Bytes<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Characters;

        impl<'de> Visitor<'de> for Characters {
            type Value = Bytes<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string of characters up to U+00FF")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Bytes<'de>, E> {
                if text.is_ascii() {
                    return Ok(Bytes(Cow::Borrowed(text.as_bytes())));
                }
                self.visit_str(text)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Bytes<'de>, E> {
                let byte = |character| {
                    u8::try_from(character).map_err(|_| {
                        E::custom(format_args!(
                            "`{character}` does not fit in a byte: characters up to U+00FF were expected"
                        ))
                    })
                };
                text.chars()
                    .map(byte)
                    .collect::<Result<Vec<u8>, E>>()
                    .map(|bytes| Bytes(bytes.into()))
            }
        }

        deserializer.deserialize_str(Characters)
    }
}

/// Reads a string through a function, without copying it.
struct Text<F>(&'static str, F);

impl<'de, T, F: FnOnce(&str) -> Result<T, String>> Visitor<'de> for Text<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.1)(text).map_err(E::custom)
    }
}

/// Reads null as `None`.
struct Nullable<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Nullable<V> {
    type Value = Option<V::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self.0).map(Some)
    }
}
