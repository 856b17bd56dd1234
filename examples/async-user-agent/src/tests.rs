//! The user agent asks a server on the loopback interface.

use std::{convert::Infallible, future::pending, time::Duration};

use browser_cors::{
    environment::Environment,
    fetch::UserAgent,
    http::{Request, Response},
    page::fetch_api::{RequestInit, construct_request},
    url::Url,
};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::Browser;

/// A server that lets `https://app.example` put things, and never answers `/slow`.
async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let connection =
                http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
            tokio::spawn(connection);
        }
    });
    base
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.uri().path() == "/slow" {
        pending::<()>().await;
    }
    let answer = Response::builder()
        .header("Access-Control-Allow-Origin", "https://app.example")
        .header("Access-Control-Allow-Methods", "PUT")
        .header("Access-Control-Max-Age", "60")
        .header("X-Secret", "1");
    let method = request.method().to_string();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let text = format!("{method} {}", String::from_utf8_lossy(&body));
    Ok(answer.body(Full::from(text)).unwrap())
}

fn put(url: &str, page: &str) -> browser_cors::Request {
    let page = Environment::new(Url::parse(page).unwrap()).shared();
    construct_request(url, RequestInit::new().method("PUT").body("hi"), &page).unwrap()
}

#[tokio::test]
async fn eight_at_a_time() {
    let (base, browser) = (serve().await, Browser::new(UserAgent::default(), Duration::MAX));
    let fetches: Vec<_> = (0..8)
        .map(|_| {
            let (browser, request) = (browser.clone(), put(&base, "https://app.example"));
            tokio::spawn(async move {
                let (response, body) = browser.fetch(request).await.unwrap();
                assert_eq!(response.headers().count(), 1, "the length");
                body.unwrap().collect().await.unwrap().to_bytes()
            })
        })
        .collect();
    for fetch in fetches {
        assert_eq!(fetch.await.unwrap(), "PUT hi");
    }
}

#[tokio::test]
async fn a_page_that_may_not() {
    let (base, browser) = (serve().await, Browser::new(UserAgent::default(), Duration::MAX));
    let error = browser.fetch(put(&base, "https://evil.example")).await.unwrap_err();
    assert_eq!(error.code(), "preflight-allow-origin-mismatch");
}

#[tokio::test]
async fn a_server_that_is_too_slow() {
    let browser = Browser::new(UserAgent::default(), Duration::from_millis(50));
    let url = format!("{}/slow", serve().await);
    let error = browser.fetch(put(&url, "https://app.example")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no response to the preflight: the server did not answer in time"
    );
}
