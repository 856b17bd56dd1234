//! A page's `fetch()` over a service that sends single requests.

#![cfg(feature = "tower")]

use std::{
    convert::Infallible,
    future::{Future, Ready, pending, ready},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll, Waker},
};

use browser_cors::{
    Environment, RequestInit, Timestamp, UserAgent,
    fetch::{Embedder, EmbedderRefusal, EmbedderRule},
    http::{Request, Response},
    layer::{PageError, PageLayer, PageService, Terms},
    request::{CredentialsMode, Mode, RedirectMode},
    response::{FilteredResponse, ResponseType},
    url::Url,
};
use http_body::{Body, Frame};
use pollster::block_on;
use tower::{Layer, Service, ServiceExt, service_fn};

const API: &str = "https://api.example";

fn layer_at(page: &str, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> PageLayer {
    let page = Environment::new(Url::parse(page).unwrap()).shared();
    PageLayer::new(page, UserAgent::default(), clock)
}

fn layer() -> PageLayer {
    layer_at("https://app.example/cart", Timestamp::default)
}

/// What a server saw: a line for each request, with the headers that CORS is about.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn lines(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    fn add<B>(&self, request: &Request<B>, body: &str) {
        let terms = request.extensions().get::<Terms>().unwrap();
        let mut line = format!("{} {}", request.method(), request.uri());
        for name in ["origin", "access-control-request-method", "content-length", "x-token"] {
            if let Some(value) = request.headers().get(name) {
                line += &format!(" {name}={}", value.to_str().unwrap());
            }
        }
        assert_eq!(terms.is_preflight, request.method() == "OPTIONS");
        line += if terms.includes_credentials { " with credentials" } else { "" };
        if !body.is_empty() {
            line += &format!(" {body:?}");
        }
        self.0.lock().unwrap().push(line);
    }
}

type Answer = Arc<dyn Fn(&str, &str) -> Vec<(&'static str, &'static str)> + Send + Sync>;

/// A server that answers with a status and headers, and its body "hi".
#[derive(Clone)]
struct Server {
    seen: Seen,
    answer: Answer,
}

impl Service<Request<String>> for Server {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        self.seen.add(&request, request.body());
        let headers = (self.answer)(request.method().as_str(), request.uri().path());
        ready(Ok(with_headers("hi".to_owned(), &headers)))
    }
}

fn with_headers<B>(body: B, headers: &[(&'static str, &'static str)]) -> Response<B> {
    let mut response = Response::new(body);
    for (name, value) in headers {
        match *name {
            "status" => *response.status_mut() = value.parse().unwrap(),
            name => _ = response.headers_mut().append(name, value.parse().unwrap()),
        }
    }
    response
}

fn fetch_of(
    layer: &PageLayer,
    answer: impl Fn(&str, &str) -> Vec<(&'static str, &'static str)> + Send + Sync + 'static,
) -> (PageService<Server>, Seen) {
    let seen = Seen::default();
    (layer.layer(Server { seen: seen.clone(), answer: Arc::new(answer) }), seen)
}

fn shared(method: &str, _path: &str) -> Vec<(&'static str, &'static str)> {
    let mut headers = vec![
        ("access-control-allow-origin", "https://app.example"),
        ("access-control-allow-credentials", "true"),
        ("access-control-expose-headers", "x-id"),
        ("x-id", "7"),
        ("x-secret", "8"),
        ("set-cookie", "a=b"),
    ];
    if method == "OPTIONS" {
        headers.push(("access-control-allow-methods", "PUT"));
        headers.push(("access-control-allow-headers", "x-token"));
        headers.push(("access-control-max-age", "60"));
    }
    headers
}

fn put() -> Request<String> {
    let request = Request::put(format!("{API}/items/1")).header("X-Token", "1");
    request.body("{}".to_owned()).unwrap()
}

#[test]
fn what_the_page_sees() {
    let (fetch, seen) = fetch_of(&layer(), shared);
    let request = Request::get(format!("{API}/items")).body(String::new()).unwrap();
    let response = block_on(fetch.oneshot(request)).unwrap();
    let names: Vec<_> = response.headers().keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["x-id"]);
    assert_eq!(response.status(), 200);
    let filtered = response.extensions().get::<FilteredResponse>().unwrap();
    assert_eq!(filtered.kind(), ResponseType::Cors);
    assert_eq!(filtered.url(), "https://api.example/items");
    assert_eq!(response.into_body().readable().as_deref(), Some("hi"));
    assert_eq!(seen.lines(), ["GET https://api.example/items origin=https://app.example"]);
}

#[test]
fn clones_share_the_preflight_cache() {
    let seconds = Arc::new(AtomicU64::new(0));
    let clock = Arc::clone(&seconds);
    let layer = layer_at("https://app.example/", move || Timestamp::from_secs(clock.load(Relaxed)));
    let (fetch, seen) = fetch_of(&layer, shared);
    let preflight = "OPTIONS https://api.example/items/1 origin=https://app.example \
                     access-control-request-method=PUT";
    let request = "PUT https://api.example/items/1 origin=https://app.example content-length=2 \
                   x-token=1 \"{}\"";

    block_on(fetch.clone().oneshot(put())).unwrap();
    assert_eq!(seen.lines(), [preflight, request]);
    block_on(fetch.clone().oneshot(put())).unwrap();
    assert_eq!(seen.lines(), [request]);
    let (other, seen_by_other) = fetch_of(&layer, shared);
    block_on(other.oneshot(put())).unwrap();
    assert_eq!(seen_by_other.lines(), [request]);

    seconds.store(61, Relaxed);
    block_on(fetch.clone().oneshot(put())).unwrap();
    assert_eq!(seen.lines(), [preflight, request]);
    layer.clear_preflight_cache();
    block_on(fetch.oneshot(put())).unwrap();
    assert_eq!(seen.lines(), [preflight, request]);
}

#[test]
fn another_page_has_another_origin() {
    let page = Environment::new(Url::parse("https://evil.example/").unwrap()).shared();
    let (fetch, seen) = fetch_of(&layer().for_page(page), shared);
    let error = block_on(fetch.oneshot(put())).unwrap_err();
    assert_eq!(seen.lines().len(), 1);
    let PageError::Network(failure) = error else { panic!("{error}") };
    assert_eq!(failure.error.code(), "preflight-allow-origin-mismatch");
    assert_eq!(failure.transcript.exchanges.len(), 1);
    assert!(failure.source.is_none());
}

#[derive(Debug)]
struct Policies;

impl Embedder for Policies {
    fn is_known_hsts_host(&self, domain: &str) -> bool {
        domain == "api.example"
    }

    fn block(&self, request: &browser_cors::Request) -> Result<(), EmbedderRefusal> {
        match request.current_url().path() {
            "/new" => Err(EmbedderRefusal::new(EmbedderRule::ContentSecurityPolicy, "connect-src")),
            _ => Ok(()),
        }
    }

    fn has_service_worker(&self, _: &browser_cors::Request) -> bool {
        true
    }
}

#[test]
fn the_policies_of_the_page() {
    let layer = layer_at("http://app.example/", Timestamp::default).with_embedder(Policies);
    let (fetch, seen) = fetch_of(&layer, |_, path| match path {
        "/items/1" => {
            vec![("access-control-allow-origin", "*"), ("status", "302"), ("location", "/new")]
        }
        _ => Vec::new(),
    });
    let request = Request::get("http://api.example/items/1").body(String::new()).unwrap();
    let PageError::Network(failure) = block_on(fetch.oneshot(request)).unwrap_err() else {
        panic!()
    };
    assert_eq!(failure.to_string(), "connect-src");
    assert_eq!(seen.lines(), ["GET https://api.example/items/1 origin=http://app.example"]);
}

#[test]
fn what_a_page_says_beside_the_request() {
    let (fetch, seen) = fetch_of(&layer(), shared);
    let init = RequestInit::new().credentials(CredentialsMode::Include).header("X-Token", "2");
    // A page cannot set these.
    let request = Request::get(format!("{API}/")).header("Cookie", "a=b").header("Origin", "null");
    let request = request.extension(init).extension(7_u8).body(String::new()).unwrap();
    block_on(fetch.oneshot(request)).unwrap();
    assert_eq!(
        seen.lines(),
        [
            "OPTIONS https://api.example/ origin=https://app.example \
             access-control-request-method=GET",
            "GET https://api.example/ origin=https://app.example x-token=2 with credentials",
        ]
    );
}

#[test]
fn relative_urls_are_of_the_page() {
    let (fetch, seen) = fetch_of(&layer(), |_, _| vec![("x-id", "7"), ("set-cookie", "a=b")]);
    let response = block_on(fetch.oneshot(Request::new(String::new()))).unwrap();
    assert_eq!(response.headers().len(), 1);
    assert_eq!(seen.lines(), ["GET https://app.example/ with credentials"]);
}

#[test]
fn opaque() {
    let (fetch, _) = fetch_of(&layer(), |_, _| vec![("status", "404"), ("x-id", "7")]);
    let init = RequestInit::new().mode(Mode::NoCors);
    let request = Request::get(format!("{API}/a.png")).extension(init).body(String::new());
    let response = block_on(fetch.oneshot(request.unwrap())).unwrap();
    assert_eq!((response.status().as_u16(), response.headers().len()), (200, 0));
    let filtered = response.extensions().get::<FilteredResponse>().unwrap();
    assert_eq!((filtered.kind(), filtered.status()), (ResponseType::Opaque, 0));
    assert!(response.body().is_end_stream());
    assert_eq!(response.body().size_hint().exact(), Some(0));
    let body = response.into_body();
    assert_eq!(body.clone().readable(), None);
    assert_eq!(body.internal().as_deref(), Some("hi"));
}

/// A server whose `/items/1` is at another place.
fn moved(status: &'static str) -> impl Fn(&str, &str) -> Vec<(&'static str, &'static str)> {
    move |method, path| {
        let mut headers = shared(method, path);
        if path == "/items/1" && method != "OPTIONS" {
            headers.extend([("status", status), ("location", "/new")]);
        }
        headers
    }
}

#[test]
fn redirects_send_the_body_again() {
    let (fetch, seen) = fetch_of(&layer(), moved("307"));
    let response = block_on(fetch.oneshot(put())).unwrap();
    assert!(response.extensions().get::<FilteredResponse>().unwrap().redirected());
    let lines = seen.lines();
    assert_eq!(lines.len(), 4);
    assert!(lines[1].starts_with("PUT https://api.example/items/1"), "{}", lines[1]);
    assert!(lines[1].ends_with(" \"{}\""), "{}", lines[1]);
    assert!(lines[3].starts_with("PUT https://api.example/new"), "{}", lines[3]);
    assert!(lines[3].ends_with(" \"{}\""), "{}", lines[3]);
}

#[test]
fn some_redirects_drop_the_body() {
    let (fetch, seen) = fetch_of(&layer(), moved("303"));
    block_on(fetch.oneshot(put())).unwrap();
    let last = seen.lines().pop().unwrap();
    assert_eq!(last, "GET https://api.example/new origin=https://app.example x-token=1");
}

#[test]
fn manual_redirects() {
    let (fetch, _) = fetch_of(&layer(), moved("302"));
    let init = RequestInit::new().redirect(RedirectMode::Manual);
    let request = Request::get(format!("{API}/items/1")).extension(init).body(String::new());
    let response = block_on(fetch.oneshot(request.unwrap())).unwrap();
    let filtered = response.extensions().get::<FilteredResponse>().unwrap();
    assert_eq!(filtered.kind(), ResponseType::OpaqueRedirect);
    assert!(response.headers().is_empty());
}

#[test]
fn calls_that_throw() {
    let (fetch, seen) = fetch_of(&layer(), shared);
    let request = Request::get(format!("{API}/")).body("{}".to_owned()).unwrap();
    let error = block_on(fetch.oneshot(request)).unwrap_err();
    assert!(matches!(error, PageError::Request(_)));
    assert_eq!(error.to_string(), "a request with the method GET cannot have a body");
    assert!(seen.lines().is_empty());
}

#[test]
fn services_that_fail() {
    let service = service_fn(async |_: Request<String>| {
        Err::<Response<String>, _>(std::io::Error::other("no route to host"))
    });
    let error = block_on(layer().layer(service).oneshot(put())).unwrap_err();
    let PageError::Network(failure) = error else { panic!("{error}") };
    assert_eq!(failure.to_string(), "there is no response to the preflight: no route to host");
    assert_eq!(failure.source.unwrap().to_string(), "no route to host");
}

/// A stream of two chunks, which nobody may read twice.
#[derive(Clone, Default)]
struct Stream(Arc<Mutex<Vec<&'static str>>>);

impl Body for Stream {
    type Data = &'static [u8];
    type Error = Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<&'static [u8]>, Infallible>>> {
        Poll::Ready(self.0.lock().unwrap().pop().map(|chunk| Ok(Frame::data(chunk.as_bytes()))))
    }
}

#[test]
fn streams_go_out_once() {
    let seen = Seen::default();
    let its_seen = seen.clone();
    let service = service_fn(move |request: Request<Stream>| {
        let left: String = request.body().0.lock().unwrap().drain(..).rev().collect();
        its_seen.add(&request, &left);
        let mut response = with_headers((), &shared(request.method().as_str(), ""));
        if request.uri().path() == "/moved" && request.method() != "OPTIONS" {
            *response.status_mut() = "307".parse().unwrap();
            response.headers_mut().insert("location", "/".parse().unwrap());
        }
        async { Ok::<_, Infallible>(response) }
    });
    let fetch = layer().layer(service);
    let stream = || Stream(Arc::new(Mutex::new(vec!["b", "a"])));
    let post = |path| Request::post(format!("{API}{path}")).body(stream()).unwrap();

    block_on(fetch.clone().oneshot(post("/"))).unwrap();
    assert_eq!(
        seen.lines(),
        [
            "OPTIONS https://api.example/ origin=https://app.example \
             access-control-request-method=POST",
            "POST https://api.example/ origin=https://app.example \"ab\"",
        ]
    );
    let error = block_on(fetch.oneshot(post("/moved"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the body is a stream, which cannot be sent again after the redirect"
    );
}

#[test]
fn a_service_that_is_not_ready() {
    /// Ready at the second time.
    #[derive(Clone)]
    struct Slow(bool);

    impl Service<Request<String>> for Slow {
        type Response = Response<String>;
        type Error = Infallible;
        type Future = Ready<Result<Response<String>, Infallible>>;

        fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            self.0 = !self.0;
            context.waker().wake_by_ref();
            if self.0 { Poll::Pending } else { Poll::Ready(Ok(())) }
        }

        fn call(&mut self, request: Request<String>) -> Self::Future {
            assert!(!self.0);
            ready(Ok(with_headers(String::new(), &shared(request.method().as_str(), ""))))
        }
    }

    let response = block_on(layer().layer(Slow(false)).oneshot(put())).unwrap();
    assert_eq!(response.status(), 200);
}

#[test]
fn cancelled_fetches_leave_the_cache_whole() {
    let layer = layer();
    // The server answers preflights only.
    let service = service_fn(|request: Request<String>| async move {
        if request.method() != "OPTIONS" {
            return pending().await;
        }
        Ok::<_, Infallible>(with_headers(String::new(), &shared("OPTIONS", "")))
    });
    let mut cancelled = Box::pin(layer.layer(service).oneshot(put()));
    let mut context = Context::from_waker(Waker::noop());
    assert!(cancelled.as_mut().poll(&mut context).is_pending());
    drop(cancelled);

    let (fetch, seen) = fetch_of(&layer, shared);
    block_on(fetch.oneshot(put())).unwrap();
    assert_eq!(seen.lines().len(), 1, "the grant was kept");
}

#[test]
fn keepalive_requests_share_64_kib() {
    let (mut fetch, _) = fetch_of(&layer(), shared);
    let mut post = || {
        let request = Request::post(format!("{API}/")).extension(RequestInit::new().keepalive());
        fetch.call(request.body("x".repeat(40_000)).unwrap())
    };
    let first = post();
    let PageError::Network(failure) = block_on(post()).unwrap_err() else { panic!() };
    assert_eq!(failure.error.code(), "keepalive");
    assert!(block_on(first).is_ok());
    // Those that are over or cancelled do not count.
    drop(post());
    assert!(block_on(post()).is_ok());
}

#[test]
fn futures_can_go_to_other_threads() {
    let (fetch, seen) = fetch_of(&layer(), shared);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let fetch = fetch.clone();
            let future = fetch.oneshot(put());
            scope.spawn(move || block_on(future).unwrap());
        }
    });
    let requests = seen.lines();
    assert_eq!(requests.iter().filter(|line| line.starts_with("PUT")).count(), 8);
}
