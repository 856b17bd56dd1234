//! Services of other kinds, and what they receive, byte for byte.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use axum::body::Body;
use browser_cors::{
    request::CredentialsMode::Include,
    suite::{Page, put},
};
use http::{HeaderMap, Request, Response, Version};
use tower::{Service, ServiceBuilder, service_fn};

use super::{APP, ITEM, cors, message};

/// What the service received: the head, the headers one a line, and the body.
fn seen<B: AsRef<[u8]>>(request: &Request<B>) -> String {
    let mut text = format!("{} {}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        text.push_str(&format!("{name}: {}\n", value.as_bytes().escape_ascii()));
    }
    text.push_str(&request.body().as_ref().escape_ascii().to_string());
    text
}

#[tokio::test]
async fn what_a_service_gets() {
    let mut requests = Vec::new();
    let mut service = service_fn(|request: Request<Vec<u8>>| {
        assert_eq!(request.version(), Version::HTTP_11);
        requests.push(seen(&request));
        let answer = Response::builder()
            .status(204)
            .header("Access-Control-Allow-Origin", APP)
            .header("Access-Control-Allow-Credentials", "true")
            .header("Access-Control-Allow-Methods", "PUT")
            .header("Access-Control-Allow-Headers", "content-type, x-token");
        ready(answer.body(()))
    });
    let call = put("https://api.example:8443/items/1?a=b|c#d")
        .header("X-Token", b"\xe9")
        .header("Content-Type", "application/json")
        .body("{}")
        .credentials(Include)
        .cookie("id=1");
    let page = Page::at("https://app.example/cart?id=1");
    page.fetch(call).through_with(&mut service, |bytes| bytes).await.assert_shared();
    insta::assert_snapshot!(requests.join("\n\n"), @r"
    OPTIONS /items/1?a=b|c
    host: api.example:8443
    accept: */*
    access-control-request-method: PUT
    access-control-request-headers: content-type,x-token
    referer: https://app.example/
    origin: https://app.example


    PUT /items/1?a=b|c
    host: api.example:8443
    x-token: \xe9
    content-type: application/json
    accept: */*
    content-length: 2
    referer: https://app.example/
    origin: https://app.example
    cookie: id=1
    {}
    ");
}

#[tokio::test]
async fn layers_around_a_service() {
    let handler = service_fn(async |_request: Request<Body>| {
        Ok::<_, Infallible>(Response::new(Body::from("hi")))
    });
    let mut service = ServiceBuilder::new().layer(cors()).service(handler);
    let page = Page::at(APP);
    page.fetch(put(ITEM)).through_with(&mut service, Body::from).await.assert_shared();
    page.fetch(put(ITEM).header("X-Other", "1"))
        .through_with(&mut service, Body::from)
        .await
        .assert_blocked_by("preflight-header");
}

/// Ready when it is polled the second time, and then for one call.
#[derive(Default)]
struct Slow(u32);

impl<B> Service<Request<B>> for Slow {
    type Response = Response<()>;
    type Error = &'static str;
    type Future = Ready<Result<Response<()>, &'static str>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        self.0 += 1;
        if self.0 % 2 == 1 {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(if self.0 > 4 { Err("there is no place left") } else { Ok(()) })
    }

    fn call(&mut self, _request: Request<B>) -> Self::Future {
        assert_eq!(self.0 % 2, 0, "called before it was ready");
        let mut response = Response::new(());
        *response.headers_mut() = HeaderMap::from_iter([(
            http::header::ACCESS_CONTROL_ALLOW_ORIGIN,
            http::HeaderValue::from_static("*"),
        )]);
        ready(Ok(response))
    }
}

#[tokio::test]
async fn services_that_fail_prove_nothing() {
    let (page, mut service) = (Page::at(APP), Slow::default());
    for _ in 0..2 {
        page.fetch(browser_cors::suite::get(ITEM)).through(&mut service).await.assert_shared();
    }
    let fetched = page.fetch(put(ITEM)).through(&mut service).await;
    fetched.assert_blocked_by("preflight-no-response").assert_exchanges(1);
    for text in [
        message(|| fetched.assert_blocked()),
        message(|| fetched.assert_shared()),
        message(|| fetched.assert_hides("etag")),
    ] {
        assert!(text.contains(", but no server answered, which proves nothing\n"), "{text}");
        assert!(
            text.contains("\n   => no response: the service failed: there is no place left\n"),
            "{text}"
        );
    }
}
