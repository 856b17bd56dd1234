//! Asks this crate, `servo-net-traits` and `gosub-sonar` the same questions. Compares the answers,
//! and then the times.
//!
//! The peers' CORS checks are not public, nor can their fetches run without a network.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use browser_cors::{
    engine::Profile,
    fetch::{Branch, PreflightRequest, classify, filter, needs_preflight, readable_headers},
    header::{
        HeaderList,
        safelist::{cors_safelisted_request_header, cors_unsafe_request_header_names},
    },
    preflight_cache::{CacheQuery, PreflightCache, Timestamp},
    request::{CredentialsMode, Mode, Request, ResponseTainting},
    response::Response,
    url::Url,
};
use gosub_sonar::net::cors as gosub;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use net_traits::request as servo;

const ORIGIN: &str = "https://app.example";

const ROUNDS: usize = 400;
const CALLS: usize = 200;

fn main() {
    safelisted_request_headers();
    unsafe_request_header_names();
    preflight_decisions();
    readable_response_headers();
}

/// The name of a library, and its answer to an input.
type Peer<'a, I, A> = (&'a str, &'a dyn Fn(&I) -> A);

/// Compares the answers to all `inputs`, then measures the shortest round of each library.
fn compare<I, A: PartialEq + std::fmt::Debug>(
    operation: &str,
    inputs: &[I],
    show: impl Fn(&I) -> String,
    ours: impl Fn(&I) -> A,
    peers: &[Peer<'_, I, A>],
) {
    println!("{operation}, {} inputs", inputs.len());
    for (peer, answer) in peers {
        for input in inputs {
            let (a, b) = (ours(input), answer(input));
            if a != b {
                println!("    differs: {}: ours {a:?}, {peer} {b:?}", show(input));
            }
        }
    }
    let mut best = vec![Duration::MAX; peers.len() + 1];
    for _ in 0..ROUNDS {
        best[0] = best[0].min(round(inputs, &ours));
        for (index, (_, answer)) in peers.iter().enumerate() {
            best[index + 1] = best[index + 1].min(round(inputs, answer));
        }
    }
    let calls = (CALLS * inputs.len()) as f64;
    let each = |time: Duration| time.as_secs_f64() * 1e9 / calls;
    println!("    {:<18} {:>8.1} ns", "browser-cors", each(best[0]));
    for ((peer, _), time) in peers.iter().zip(&best[1..]) {
        let ratio = time.as_secs_f64() / best[0].as_secs_f64();
        println!("    {peer:<18} {:>8.1} ns, {ratio:.2} times ours", each(*time));
    }
}

fn round<I, A>(inputs: &[I], answer: impl Fn(&I) -> A) -> Duration {
    let start = Instant::now();
    for _ in 0..CALLS {
        for input in inputs {
            black_box(answer(black_box(input)));
        }
    }
    start.elapsed()
}

const HEADERS: [(&str, &[u8]); 24] = [
    ("accept", b"*/*"),
    ("accept", b"text/html,application/xhtml+xml,application/xml;q=0.9"),
    ("accept", b"application/json?"),
    ("accept-language", b"de, en;q=0.8"),
    ("accept-language", b"de_AT"),
    ("content-language", b"en"),
    ("content-type", b"application/json"),
    ("content-type", b"text/plain;charset=UTF-8"),
    ("content-type", b"multipart/form-data; boundary=----x"),
    ("content-type", b"multipart/form-data; boundary=\"x\""),
    ("content-type", b"application/x-www-form-urlencoded"),
    ("content-type", b"text/plain; note=\xE9"),
    ("content-type", b"text/plain, text/plain"),
    ("content-type", b"TEXT/PLAIN"),
    ("content-type", b"text/plain ; charset=utf-8"),
    ("content-type", b"text/plain;"),
    ("range", b"bytes=0-499"),
    ("range", b"bytes=500-"),
    ("range", b"bytes=-500"),
    ("range", b"bytes=9-0"),
    ("range", b"bytes=0-1,3-4"),
    ("x-token", b"3a9f0c55"),
    ("authorization", b"Bearer 3a9f0c55"),
    ("x-requested-with", b"XMLHttpRequest"),
];

/// A header in each library's types.
struct Header {
    name: HeaderName,
    value: HeaderValue,
}

fn safelisted_request_headers() {
    let inputs = HEADERS.map(|(name, value)| Header {
        name: HeaderName::from_static(name),
        value: HeaderValue::from_bytes(value).expect("a value"),
    });
    compare(
        "is a header CORS-safelisted",
        &inputs,
        |header| format!("{}: {}", header.name, header.value.as_bytes().escape_ascii()),
        |header| {
            cors_safelisted_request_header(
                header.name.as_str(),
                header.value.as_bytes(),
                &Profile::STANDARD,
            )
            .is_ok()
        },
        &[
            ("servo-net-traits", &|header| {
                servo::is_cors_safelisted_request_header(&header.name, &header.value)
            }),
            ("gosub-sonar", &|header| {
                gosub::is_cors_safelisted_request_header(&header.name, header.value.as_bytes())
            }),
        ],
    );
}

/// A request in each library's types.
struct Asked {
    request: Request,
    method: Method,
    headers: HeaderMap,
}

impl Asked {
    fn new(method: &Method, headers: &[(&'static str, &[u8])]) -> Self {
        let url = Url::parse("https://api.example/v1/items/42").expect("a URL");
        let mut request = Request::new(url, ORIGIN.parse().expect("an origin"));
        (request.mode, request.unsafe_request, request.method) = (Mode::Cors, true, method.clone());
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            request.header_list.append(name, value).expect("a header");
            let value = HeaderValue::from_bytes(value).expect("a value");
            map.append(HeaderName::from_static(name), value);
        }
        Self { request, method: method.clone(), headers: map }
    }

    fn show(&self) -> String {
        format!("{} {:?}", self.method, self.headers)
    }
}

fn asked() -> Vec<Asked> {
    let long = [b'a'; 128];
    let many = [("accept-language", &long[..]); 9];
    let lists: [&[(&'static str, &[u8])]; 7] = [
        &[],
        &[("accept", b"*/*"), ("accept-language", b"de")],
        &[("accept", b"*/*"), ("content-type", b"text/plain;charset=UTF-8")],
        &[("x-token", b"3a9f0c55"), ("content-type", b"application/json")],
        &[("authorization", b"Bearer 3a9f0c55"), ("accept", b"application/json")],
        &[("x-b", b"1"), ("x-a", b"2"), ("x-b", b"3"), ("range", b"bytes=0-9"), ("x-c", b"4")],
        &many,
    ];
    let methods = [Method::GET, Method::POST, Method::PUT];
    lists
        .iter()
        .flat_map(|headers| methods.iter().map(|method| Asked::new(method, headers)))
        .collect()
}

fn unsafe_request_header_names() {
    compare(
        "CORS-unsafe request-header names",
        &asked(),
        Asked::show,
        |asked| cors_unsafe_request_header_names(&asked.headers, &Profile::STANDARD),
        &[
            ("servo-net-traits", &|asked| {
                // Except for well-known names, a `HeaderName` owns its name, as a `String` does.
                let names = servo::get_cors_unsafe_header_names(&asked.headers);
                names.iter().map(|name| name.as_str().to_owned()).collect()
            }),
            ("ours, of a list", &|asked| {
                cors_unsafe_request_header_names(&asked.request.header_list, &Profile::STANDARD)
            }),
        ],
    );
    compare(
        "how many CORS-unsafe request-header names",
        &asked(),
        Asked::show,
        |asked| cors_unsafe_request_header_names(&asked.headers, &Profile::STANDARD).len(),
        &[("servo-net-traits", &|asked| servo::get_cors_unsafe_header_names(&asked.headers).len())],
    );
}

fn preflight_decisions() {
    let (cache, now) = (PreflightCache::new(), Timestamp::default());
    let url = Url::parse("https://api.example/v1/items/42").expect("a URL");
    compare(
        "is a preflight needed, with nothing cached",
        &asked(),
        Asked::show,
        |asked| {
            let matches = cache.matches(CacheQuery::new(ORIGIN, &url), now);
            PreflightRequest::new(ORIGIN, &asked.method, &asked.headers)
                .needs_preflight(&matches, &Profile::STANDARD)
        },
        &[
            ("servo-net-traits", &|asked| {
                !servo::is_cors_safelisted_method(&asked.method)
                    || !servo::get_cors_unsafe_header_names(&asked.headers).is_empty()
            }),
            ("gosub-sonar", &|asked| gosub::preflight_needed(&asked.method, &asked.headers)),
            ("ours, of a request", &|asked| {
                classify(&asked.request, &Profile::STANDARD) == Ok(Branch::CorsWithPreflight)
                    && needs_preflight(&asked.request, &cache, &Profile::STANDARD, now)
            }),
        ],
    );
}

/// A response in each library's types.
struct Answered {
    response: Response,
    headers: HeaderMap,
}

fn readable_response_headers() {
    let lists: [&[(&'static str, &'static str)]; 4] = [
        &[("content-type", "text/plain"), ("x-total", "17"), ("set-cookie", "a=1")],
        &[("access-control-expose-headers", "x-total"), ("x-total", "17"), ("x-other", "1")],
        &[("access-control-expose-headers", "*"), ("x-total", "17"), ("set-cookie", "a=1")],
        &[("access-control-expose-headers", "x-total x-other"), ("x-total", "17")],
    ];
    let mut request = Asked::new(&Method::GET, &[]).request;
    request.set_response_tainting(ResponseTainting::Cors);
    let inputs = lists.map(|headers| {
        let (mut list, mut map) = (HeaderList::new(), HeaderMap::new());
        for (name, value) in headers {
            list.append(name, value).expect("a header");
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        Answered { response: Response::new(200, list), headers: map }
    });
    compare(
        "how many headers a page may read across origins, without credentials",
        &inputs,
        |answered| format!("{:?}", answered.headers),
        |answered| {
            readable_headers(ResponseTainting::Cors, CredentialsMode::Omit, &answered.headers)
                .count()
        },
        &[
            ("gosub-sonar", &|answered| {
                gosub::readable_headers(gosub::ResponseTainting::Cors, &answered.headers, false)
                    .len()
            }),
            ("ours, of a response", &|answered| {
                filter(&request, answered.response.clone()).header_list().len()
            }),
        ],
    );
}
