//! A call of `fetch()` that waits for answers.

use browser_cors::{
    engine::{Profile, Release},
    fetch::{Exchange, TransportFailure},
    header::{HeaderList, normalize_value},
    http::HeaderValue,
    page::{
        body::BodyInit,
        fetch_api::{Duplex, RequestInit},
    },
    request,
    response::Response,
    suite::{self, Started},
    url::Position,
};
use browser_cors_audit::browser::accept_encoding;
use serde::{Deserialize, Serialize};

use crate::{Got, InvalidInput, Page, read, write};

/// A call of `fetch()` that is under way. It names one exchange after another, and the host answers.
///
/// ```
/// # use browser_cors_host::{Call, Page};
/// let page = Page::new(r#"{ "origin": "https://app.example" }"#)?;
/// let call = Call::start(&page, r#"{ "url": "https://api.example/" }"#, None, None)?;
/// let exchange = call.exchange().unwrap();
/// assert!(exchange.starts_with(r#"{"method":"GET","url":"https://api.example/","target":"/""#));
/// # Ok::<(), browser_cors_host::InvalidInput>(())
/// ```
#[derive(Debug)]
pub struct Call {
    pub(crate) started: Started,
    names: Vec<String>,
    is_same_origin: bool,
}

/// A body, and what it is in the page.
///
/// ```
/// # use browser_cors_host::{Body, Call, Page};
/// let page = Page::new(r#"{ "origin": "https://app.example" }"#)?;
/// let call = r#"{ "url": "https://api.example/", "method": "POST" }"#;
/// let call = Call::start(&page, call, Some(Body { bytes: b"hi", kind: "text" }), None)?;
/// assert_eq!(call.body(), Some(&b"hi"[..]));
/// # Ok::<(), browser_cors_host::InvalidInput>(())
/// ```
#[expect(clippy::exhaustive_structs, reason = "hosts make it")]
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// `text`, `bytes`, `urlencoded`, `stream`, `blob:TYPE` with the type of the `Blob`, or
    /// `form:BOUNDARY` with the boundary of the encoded `FormData`.
    pub kind: &'a str,
}

/// What a server answered.
///
/// ```
/// # use browser_cors_host::Answer;
/// let answer = Answer { status: 200, status_text: b"OK", headers: r#"[["Vary", "Origin"]]"# };
/// ```
#[expect(clippy::exhaustive_structs, reason = "hosts make it")]
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The status, from 0 to 999.
    pub status: u16,
    /// What follows the status in HTTP/1.
    pub status_text: &'a [u8],
    /// The headers as JSON: a list of pairs.
    pub headers: &'a str,
}

/// What `fetch()` gets, and what the test says about it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Asked {
    url: String,
    method: Option<Bytes>,
    #[serde(default)]
    headers: Vec<(Bytes, Bytes)>,
    mode: Option<String>,
    credentials: Option<String>,
    cache: Option<String>,
    redirect: Option<String>,
    referrer: Option<String>,
    referrer_policy: Option<String>,
    integrity: Option<String>,
    keepalive: Option<bool>,
    duplex: Option<String>,
    /// The cookies that the user has for the URL's host.
    cookie: Option<String>,
    /// Whether the page's own origin is meant.
    #[serde(default)]
    same_origin: bool,
}

/// A byte string, one byte a character.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl TryFrom<String> for Bytes {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let byte = |character| {
            u8::try_from(character).map_err(|_| {
                format!("`{character}` is no byte: characters up to U+00FF were expected")
            })
        };
        text.chars().map(byte).collect::<Result<_, _>>().map(Self)
    }
}

impl Asked {
    fn init(&self, body: Option<Body<'_>>) -> Result<RequestInit, InvalidInput> {
        fn named<T: std::str::FromStr<Err: ToString>>(
            member: &str,
            text: Option<&String>,
        ) -> Result<Option<T>, InvalidInput> {
            let of_member =
                |error: T::Err| InvalidInput(format!("fetch, `{member}`: {}", error.to_string()));
            text.map(|text| text.parse().map_err(of_member)).transpose()
        }
        let mut init = RequestInit::new();
        init.method = self.method.as_ref().map(|method| method.0.clone());
        if !self.headers.is_empty() {
            init = init.headers(self.headers.iter().map(|(name, value)| (&name.0, &value.0)));
        }
        init.mode = named("mode", self.mode.as_ref())?;
        init.credentials = named("credentials", self.credentials.as_ref())?;
        init.cache = named("cache", self.cache.as_ref())?;
        init.redirect = named("redirect", self.redirect.as_ref())?;
        init.referrer = self.referrer.clone();
        init.referrer_policy = named("referrerPolicy", self.referrer_policy.as_ref())?;
        init.integrity = self.integrity.clone();
        init.keepalive = self.keepalive;
        init.duplex = match self.duplex.as_deref() {
            None => None,
            Some("half") => Some(Duplex::Half),
            Some(other) => {
                return Err(InvalidInput(format!(
                    "fetch, `duplex`: `{other}` is not half, the one value that is allowed"
                )));
            }
        };
        init.body = body.map(Body::init).transpose()?;
        Ok(init)
    }
}

impl Body<'_> {
    fn init(self) -> Result<BodyInit, InvalidInput> {
        let Self { bytes, kind } = self;
        let text = || {
            String::from_utf8(bytes.to_vec())
                .map_err(|_| InvalidInput::new("the body is no UTF-8, so it is no text"))
        };
        match kind.split_once(':').unwrap_or((kind, "")) {
            ("text", "") => Ok(BodyInit::Text(text()?)),
            ("bytes", "") => Ok(BodyInit::BufferSource(bytes.to_vec())),
            ("urlencoded", "") => Ok(BodyInit::UrlSearchParams(text()?)),
            ("stream", "") => Ok(BodyInit::ReadableStream),
            ("blob", kind) => Ok(BodyInit::Blob { bytes: bytes.to_vec(), kind: kind.to_owned() }),
            ("form", boundary) => {
                Ok(BodyInit::FormData { bytes: bytes.to_vec(), boundary: boundary.to_owned() })
            }
            _ => Err(InvalidInput(format!(
                "unknown kind of body `{kind}`: text, bytes, urlencoded, stream, blob:TYPE or \
                 form:BOUNDARY was expected"
            ))),
        }
    }
}

/// An exchange, as the host carries it out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outgoing<'a> {
    method: &'a str,
    url: &'a str,
    /// The path and query.
    target: &'a str,
    host: &'a str,
    /// With the cookie that goes along.
    headers: Vec<(&'a str, String)>,
    preflight: bool,
    credentials: bool,
    /// What the engine would accept. It depends on the host whether it can decode that.
    #[serde(skip_serializing_if = "Option::is_none")]
    accept_encoding: Option<&'static str>,
}

impl Call {
    /// Starts a call of `fetch()`. `call` has `url` and may have the members of `RequestInit` but
    /// `body`, and `cookie` and `sameOrigin`. With `base`, the server in the URL is replaced.
    ///
    /// # Errors
    ///
    /// If a member is unknown or has an unknown value, the URL is relative and names no server, or
    /// `base` is no server.
    ///
    /// ```
    /// # use browser_cors_host::{Call, Page};
    /// let page = Page::new(r#"{ "origin": "https://app.example" }"#)?;
    /// let error = Call::start(&page, r#"{ "url": "/items" }"#, None, None).unwrap_err();
    /// assert!(error.to_string().contains("where there is no CORS to test"));
    /// let call = Call::start(&page, r#"{ "url": "/items" }"#, None, Some("http://localhost:8080"))?;
    /// assert!(call.exchange().unwrap().contains("http://localhost:8080/items"));
    /// # Ok::<(), browser_cors_host::InvalidInput>(())
    /// ```
    pub fn start(
        page: &Page,
        call: &str,
        body: Option<Body<'_>>,
        base: Option<&str>,
    ) -> Result<Self, InvalidInput> {
        let asked: Asked = read("fetch", call)?;
        let mut call = suite::Call::new(asked.url.as_str(), asked.init(body)?);
        if asked.same_origin {
            call = call.same_origin();
        }
        if let Some(cookie) = &asked.cookie {
            if HeaderValue::from_str(cookie).is_err() {
                let cookie = cookie.escape_debug();
                return Err(InvalidInput(format!(
                    "`{cookie}` is no cookie: it has control characters"
                )));
            }
            call = call.cookie(cookie);
        }
        let mut fetch = page.page.fetch(call);
        if let Some(base) = base {
            fetch = fetch.try_at(base).map_err(InvalidInput::new)?;
        }
        let started = fetch.start().map_err(InvalidInput::new)?;
        let names = page.engines().to_vec();
        Ok(Self { started, names, is_same_origin: asked.same_origin })
    }

    /// The exchange to carry out next, as JSON; `None` when the call is over.
    ///
    /// ```
    /// # use browser_cors_host::Call;
    /// # fn f(call: &Call) {
    /// while let Some(exchange) = call.exchange() {
    ///     println!("{exchange}");
    /// #   break;
    /// }
    /// # }
    /// ```
    pub fn exchange(&self) -> Option<String> {
        let exchange = self.started.exchange()?;
        Some(exchange_json(exchange, self.started.cookie(), self.browser()))
    }

    /// The body of the exchange to carry out next, if it has one.
    ///
    /// ```
    /// # use browser_cors_host::Call;
    /// # fn f(call: &Call) {
    /// let length = call.body().map_or(0, <[u8]>::len);
    /// # }
    /// ```
    pub fn body(&self) -> Option<&[u8]> {
        body_of(self.started.exchange()?)
    }

    /// Continues with the answer of the server.
    ///
    /// # Errors
    ///
    /// If the answer is none of HTTP. The exchange still waits for one.
    ///
    /// ```
    /// # use browser_cors_host::{Answer, Call};
    /// # fn f(call: &mut Call) {
    /// let answer = Answer { status: 1000, status_text: b"", headers: "[]" };
    /// assert!(call.answer(answer).unwrap_err().to_string().contains("from 0 to 999 was expected"));
    /// # }
    /// ```
    pub fn answer(&mut self, answer: Answer<'_>) -> Result<(), InvalidInput> {
        self.started.answered(Ok(response(answer)?));
        Ok(())
    }

    /// Continues without an answer, for this reason.
    ///
    /// ```
    /// # use browser_cors_host::Call;
    /// # fn f(call: &mut Call) {
    /// call.fail("the connection was refused");
    /// # }
    /// ```
    pub fn fail(&mut self, reason: &str) {
        self.started.answered(Err(TransportFailure::new(reason)));
    }

    /// The outcome. An exchange that still waits for an answer is not sent.
    ///
    /// ```
    /// # use browser_cors_host::Call;
    /// # fn f(call: Call) {
    /// println!("{}", call.finish().overview());
    /// # }
    /// ```
    pub fn finish(self) -> Got {
        Got::new(self.started.finish(), self.names, self.is_same_origin)
    }

    /// The first of the engines that is a browser, whose encodings all accept.
    fn browser(&self) -> Option<Release> {
        self.names.iter().find_map(|name| name.parse::<Profile>().ok()?.release())
    }
}

/// The bytes of an exchange's body.
pub(crate) fn body_of(exchange: &Exchange) -> Option<&[u8]> {
    match exchange.body()? {
        request::Body::Source(bytes) => Some(bytes),
        _ => None,
    }
}

/// The exchange as the host carries it out, with the cookie that goes along, and the encodings that the
/// browser accepts.
pub(crate) fn exchange_json(
    exchange: &Exchange,
    cookie: Option<&HeaderValue>,
    browser: Option<Release>,
) -> String {
    let (url, list) = (exchange.url(), exchange.header_list());
    let decode = |value: &[u8]| value.iter().copied().map(char::from).collect::<String>();
    let mut headers: Vec<_> = list.iter().map(|(name, value)| (name, decode(value))).collect();
    headers.extend(cookie.map(|cookie| ("Cookie", decode(cookie.as_bytes()))));
    let browser = browser.filter(|_| !list.contains("Accept-Encoding"));
    write(&Outgoing {
        method: exchange.method().as_str(),
        url: &url[..Position::AfterQuery],
        target: &url[Position::BeforePath..Position::AfterQuery],
        host: &url[Position::BeforeHost..Position::AfterPort],
        headers,
        preflight: exchange.is_preflight(),
        credentials: exchange.includes_credentials(),
        accept_encoding: browser
            .and_then(|release| str::from_utf8(accept_encoding(release, url)).ok()),
    })
}

/// The answer as a response.
pub(crate) fn response(answer: Answer<'_>) -> Result<Response, InvalidInput> {
    let Answer { status, status_text, headers } = answer;
    if status > 999 {
        return Err(InvalidInput(format!(
            "the status {status} is none of HTTP: a number from 0 to 999 was expected"
        )));
    }
    let mut list = HeaderList::new();
    for (name, value) in read::<Vec<(Bytes, Bytes)>>("headers of the answer", headers)? {
        list.append(&name.0, normalize_value(&value.0)).map_err(InvalidInput::new)?;
    }
    let mut response = Response::new(status, list);
    response.status_message = status_text.into();
    Ok(response)
}
