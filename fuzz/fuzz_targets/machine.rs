//! Runs fetches against servers that answer anything. The fetches end, and the cache keeps its
//! bounds.

#![no_main]

use std::{sync::Arc, time::Duration};

use arbitrary::Arbitrary;
use browser_cors::{
    engine::{Departure, Profile},
    environment::{Environment, NetworkPartitionKey},
    explain::Explanation,
    fetch::{Context, Outcome, TransportFailure, UserAgent},
    header::{HeaderList, normalize_value},
    http::Method,
    origin::Origin,
    preflight_cache::{PreflightCache, Timestamp},
    request::{Body, CredentialsMode, Destination, Mode, RedirectMode, Request, ResponseTainting},
    response::{Response, ResponseType},
    transcript::Transcript,
    url::Url,
};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Session<'a> {
    engine: u8,
    changed: [u8; 4],
    capacity: u16,
    max_age_limit: u16,
    has_cache: bool,
    blob_and_file: bool,
    fetches: Vec<Asked<'a>>,
    answers: Vec<Answer<'a>>,
}

#[derive(Arbitrary, Debug)]
struct Asked<'a> {
    after_ms: u16,
    origin: u8,
    url: Target<'a>,
    mode: u8,
    credentials_mode: u8,
    redirect_mode: u8,
    method: u8,
    headers: Vec<(u8, &'a [u8])>,
    body: u8,
    destination: u8,
    unsafe_request: bool,
    use_cors_preflight: bool,
    has_client: bool,
}

#[derive(Arbitrary, Debug)]
enum Target<'a> {
    Known(u8),
    Text(&'a str),
}

#[derive(Arbitrary, Debug)]
enum Answer<'a> {
    None,
    /// Grants what the request asks for, and perhaps redirects.
    Willing(u8, Target<'a>),
    Any(u16, Vec<(u8, Value<'a>)>),
}

#[derive(Arbitrary, Debug)]
enum Value<'a> {
    Star,
    Origin,
    Method,
    Headers,
    True,
    Target(Target<'a>),
    Bytes(&'a [u8]),
}

fuzz_target!(|session: Session<'_>| {
    let mut user_agent = UserAgent::default();
    user_agent.profile = profile(&session);
    user_agent.profile = user_agent.profile.with_max_age_limit(Duration::from_secs(session.max_age_limit.into()));
    user_agent.caches_preflights = session.has_cache;
    user_agent.blob_and_file = session.blob_and_file;
    let capacity = usize::from(session.capacity);
    let mut cache = PreflightCache::with_capacity(capacity);
    let mut answers = session.answers.iter().cycle();
    let mut now = 0;
    for asked in session.fetches.iter().take(8) {
        now += u64::from(asked.after_ms);
        let Some(request) = asked.request() else { continue };
        let mut context = Context::new(&user_agent, &mut cache, Timestamp::from_millis(now));
        let mut tainting = ResponseTainting::Basic;
        let mut exchanges = 0;
        let transcript = Transcript::record(request, &mut context, |exchange| {
            exchanges += 1;
            assert!(exchanges <= 42);
            let headers = exchange.header_list();
            let first = exchange.request().url().origin();
            if exchange.is_preflight() {
                assert_eq!(exchange.method(), Method::OPTIONS);
                assert!(exchange.body().is_none() && !exchange.includes_credentials());
                assert!(!headers.contains("Cookie") && !headers.contains("Authorization"));
            } else if headers.contains("Authorization")
                && first.is_tuple()
                && !KEEPS_AUTHORIZATION.iter().any(|it| user_agent.profile.departs(*it))
            {
                assert_eq!(first, exchange.url().origin());
            }
            let found = exchange.request().response_tainting();
            assert!(tainting == ResponseTainting::Basic || tainting == found);
            tainting = found;
            let get = |name: &str| headers.get(name).unwrap_or_default().into_owned();
            answers.next().unwrap_or(&Answer::None).to(get, exchange.is_preflight())
        });
        if let Outcome::Response { response, .. } = &transcript.outcome {
            let seen = response.header_list();
            assert!(!seen.contains("Set-Cookie") && !seen.contains("Set-Cookie2"));
            if matches!(response.kind(), ResponseType::Opaque | ResponseType::OpaqueRedirect) {
                assert!(response.status() == 0 && seen.is_empty() && response.has_null_body());
            }
        }
        assert!(!Explanation::new(&transcript).to_string().is_empty());
        assert!(cache.bytes() <= capacity);
        assert_eq!(cache.len(), cache.entries().count());
    }
    let mut imported = PreflightCache::for_profile(&user_agent.profile);
    let now = Timestamp::from_millis(now);
    cache.remove_expired(now);
    for entry in cache.entries() {
        assert_eq!(imported.import(&entry, now, Duration::MAX), Ok(()));
    }
    assert_eq!((imported.len(), imported.bytes()), (cache.len(), cache.bytes()));
});

/// An engine's profile, without some of its departures and with others.
fn profile(session: &Session<'_>) -> Profile {
    let departures: Vec<_> = Departure::all().collect();
    let engine = Profile::ALL[usize::from(session.engine) % Profile::ALL.len()];
    session.changed.iter().fold(engine, |profile, index| {
        let departure = departures[usize::from(*index) % departures.len()];
        if profile.departs(departure) {
            profile.without(departure)
        } else {
            profile.with(departure)
        }
    })
}

impl Asked<'_> {
    fn request(&self) -> Option<Request> {
        let origin = match pick(&ORIGINS, self.origin) {
            "" => Origin::opaque(),
            origin => origin.parse().expect("an origin"),
        };
        let mut request = Request::new(Url::parse(self.url.text()).ok()?, origin.clone());
        request.mode = pick(Mode::NAMES, self.mode).parse().expect("a mode");
        request.credentials_mode =
            pick(CredentialsMode::NAMES, self.credentials_mode).parse().expect("a mode");
        request.redirect_mode =
            pick(RedirectMode::NAMES, self.redirect_mode).parse().expect("a mode");
        request.method =
            Method::from_bytes(pick(&METHODS, self.method).as_bytes()).expect("a method");
        for (name, value) in &self.headers {
            let _ = request.header_list.append(pick(&HEADER_NAMES, *name), normalize_value(value));
        }
        request.body = match self.body {
            0..100 => None,
            100..200 => Some(Body::Source(vec![0; self.body.into()].into())),
            _ => Some(Body::Stream),
        };
        request.destination =
            [Destination::Empty, Destination::Script, Destination::Image, Destination::Iframe]
                [usize::from(self.destination % 4)];
        request.unsafe_request = self.unsafe_request;
        request.use_cors_preflight = self.use_cors_preflight;
        if self.has_client {
            let mut client = Environment::new(Url::parse("https://app.example/page").ok()?);
            client.origin = origin;
            client.network_partition_key = Some(NetworkPartitionKey::new("https://app.example"));
            request.client = Some(Arc::new(client));
        }
        Some(request)
    }
}

impl Target<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Known(index) => pick(&URLS, *index),
            Self::Text(text) => text,
        }
    }
}

impl Answer<'_> {
    fn to(
        &self,
        get: impl Fn(&str) -> Vec<u8>,
        is_preflight: bool,
    ) -> Result<Response, TransportFailure> {
        let mut headers = HeaderList::new();
        let mut append = |name: &str, value: &[u8]| {
            let _ = headers.append(name, normalize_value(value));
        };
        match self {
            Self::None => Err(TransportFailure::new("nobody answers")),
            Self::Willing(status, target) => {
                append("Access-Control-Allow-Origin", &get("Origin"));
                append("Access-Control-Allow-Credentials", b"true");
                append("Access-Control-Allow-Methods", &get("Access-Control-Request-Method"));
                append("Access-Control-Allow-Headers", &get("Access-Control-Request-Headers"));
                append("Location", target.text().as_bytes());
                let status = [200, 301, 302, 303, 307, 308][usize::from(status % 6)];
                Ok(Response::new(if is_preflight { 204 } else { status }, headers))
            }
            Self::Any(status, lines) => {
                for (name, value) in lines {
                    let value = match value {
                        Value::Star => b"*".to_vec(),
                        Value::Origin => get("Origin"),
                        Value::Method => get("Access-Control-Request-Method"),
                        Value::Headers => get("Access-Control-Request-Headers"),
                        Value::True => b"true".to_vec(),
                        Value::Target(target) => target.text().as_bytes().to_vec(),
                        Value::Bytes(bytes) => bytes.to_vec(),
                    };
                    append(pick(&ANSWER_NAMES, *name), &value);
                }
                Ok(Response::new(status % 1000, headers))
            }
        }
    }
}

/// With these, a hop begins with the author's headers, also after a redirect to another origin.
const KEEPS_AUTHORIZATION: [Departure; 2] =
    [Departure::REDIRECT_FROM_AUTHOR_HEADERS, Departure::REDIRECT_RESTORES_BODY_HEADERS];

fn pick<'a>(texts: &[&'a str], index: u8) -> &'a str {
    texts[usize::from(index) % texts.len()]
}

const ORIGINS: [&str; 4] =
    ["https://app.example", "http://app.example:8080", "ftp://a.example", ""];

const URLS: [&str; 12] = [
    "https://api.example/a",
    "https://app.example/own",
    "https://www.app.example/#x",
    "http://app.example:8080/",
    "http://[::1]/",
    "https://user:password@api.example/",
    "https://api.example:25/",
    "data:text/plain,hi",
    "about:blank",
    "blob:https://app.example/7",
    "file:///a",
    "wss://app.example/",
];

const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "patch", "OPTIONS", "CONNECT", "*"];

const HEADER_NAMES: [&str; 9] = [
    "Accept",
    "Accept-Language",
    "Authorization",
    "Content-Language",
    "Content-Type",
    "Cookie",
    "If-None-Match",
    "Range",
    "X-Token",
];

const ANSWER_NAMES: [&str; 14] = [
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Content-Type",
    "Cross-Origin-Resource-Policy",
    "Location",
    "Referrer-Policy",
    "Set-Cookie",
    "Timing-Allow-Origin",
    "X-Content-Type-Options",
    "X-Id",
];
