//! The async driver against servers on the loopback interface, over HTTP/1.1 and, with TLS, HTTP/2.

mod cancelled;
mod concurrent;
mod kept;
mod streams;
mod timeouts;
mod zoo;

use browser_cors::{
    RequestInit, construct_request,
    engine::Profile,
    environment::Environment,
    fetch::{Embedder, EmbedderRefusal, EmbedderRule},
    origin::PublicSuffixList,
    request::{CredentialsMode, Mode, Request},
    url::Url,
};
use browser_cors_audit::client::{Client, Driver, ResponseBody};
use http_body_util::BodyExt;
use rstest::rstest;

use zoo::{Protocol, Zoo, shared, text};

const APP: &str = "https://app.example";

/// The driver of the standard's user agent.
fn driver(client: &Client) -> Driver {
    Driver::new(client, client.user_agent(Profile::STANDARD))
}

/// A page of [`APP`] calls `fetch()`.
fn called(url: &str, init: RequestInit) -> Request {
    called_by(APP, url, init)
}

fn called_by(page: &str, url: &str, init: RequestInit) -> Request {
    let page = Environment::top_level(Url::parse(page).unwrap(), &PublicSuffixList);
    construct_request(url, init, &page.shared()).unwrap()
}

async fn read(body: Option<ResponseBody>) -> String {
    let bytes = body.unwrap().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::tls(Protocol::Http1OverTls)]
#[case::http2(Protocol::Http2)]
#[tokio::test(flavor = "multi_thread")]
async fn a_whole_fetch(#[case] protocol: Protocol) {
    let zoo = Zoo::open(protocol, |request| async move {
        match request.uri().path() {
            "/old" if request.method() != "OPTIONS" => {
                shared(&request).status(307).header("Location", "/new").body(text(""))
            }
            _ => {
                let mut answer = shared(&request).header("X-Id", "7").header("X-Secret", "8");
                answer = answer.header("Access-Control-Expose-Headers", "x-id");
                let body = request.into_body().collect().await.unwrap().to_bytes();
                answer.body(text(&format!("got {}", String::from_utf8_lossy(&body))))
            }
        }
    })
    .await;
    let init = RequestInit::new().method("PUT").header("X-Token", "1").body("hi");
    let fetched = driver(&zoo.client()).fetch(called(&zoo.url("/old"), init)).await;

    let response = fetched.response().unwrap();
    assert_eq!((response.status(), response.redirected()), (200, true));
    let message = if protocol == Protocol::Http2 { "" } else { "OK" };
    assert_eq!(response.status_message(), message.as_bytes());
    assert_eq!(response.header("x-id").as_deref(), Some(&b"7"[..]));
    assert_eq!(response.header("x-secret"), None);
    assert_eq!(fetched.transcript.exchanges.len(), 4);
    assert_eq!(read(fetched.into_body()).await, "got hi");
    assert_eq!(zoo.requests(), ["OPTIONS /old", "PUT /old", "OPTIONS /new", "PUT /new"]);
    let version = if protocol == Protocol::Http2 { "HTTP/2.0" } else { "HTTP/1.1" };
    assert_eq!(zoo.versions(), [version]);
}

#[tokio::test]
async fn opaque_responses_have_a_body_for_the_embedder_alone() {
    let zoo = Zoo::open(Protocol::Http1, |_| async { zoo::plain().body(text("pixels")) }).await;
    let driver = driver(&zoo.client());
    let request = || called(&zoo.url("/a.png"), RequestInit::new().mode(Mode::NoCors));
    let fetched = driver.fetch(request()).await;
    assert_eq!(fetched.response().unwrap().status(), 0);
    assert!(fetched.into_body().is_none());
    assert_eq!(read(driver.fetch(request()).await.into_internal_body()).await, "pixels");
}

#[tokio::test]
async fn content_without_a_network() {
    let driver = driver(&Client::new());
    let fetched = driver.fetch(called("data:,hi%21", RequestInit::new())).await;
    assert_eq!(fetched.response().unwrap().status(), 200);
    assert!(fetched.transcript.exchanges.is_empty());
    assert_eq!(read(fetched.into_body()).await, "hi!");
    // Nobody has blobs here.
    let fetched = driver.fetch(called("blob:https://app.example/1", RequestInit::new())).await;
    assert!(fetched.response().is_none());
}

#[derive(Debug)]
struct Policies;

impl Embedder for Policies {
    fn block(&self, request: &Request) -> Result<(), EmbedderRefusal> {
        match request.current_url().path() {
            "/blocked" => {
                Err(EmbedderRefusal::new(EmbedderRule::ContentSecurityPolicy, "not by connect-src"))
            }
            _ => Ok(()),
        }
    }

    fn has_service_worker(&self, _: &Request) -> bool {
        true
    }
}

#[tokio::test]
async fn the_policies_of_the_page() {
    let zoo =
        Zoo::open(Protocol::Http1, |request| async move { shared(&request).body(text("hi")) })
            .await;
    let driver = driver(&zoo.client());
    let request = called(&zoo.url("/blocked"), RequestInit::new());
    let fetched = driver.fetch(request).with_embedder(&Policies).await;
    assert!(fetched.response().is_none());
    assert!(zoo.requests().is_empty());
    // A service worker that nobody plays leaves the request to the server.
    let request = called(&zoo.url("/"), RequestInit::new());
    let fetched = driver.fetch(request).with_embedder(&Policies).await;
    assert_eq!(read(fetched.into_body()).await, "hi");
}

#[tokio::test]
async fn credentials_of_the_user_go_where_the_exchange_says() {
    let zoo = Zoo::open(Protocol::Http1, |request| async move {
        let authorization = request.headers().get("authorization");
        let seen = authorization.map_or("none", |value| value.to_str().unwrap());
        shared(&request).body(text(seen))
    })
    .await;
    let driver = driver(&zoo.client().user("me", "secret"));
    let include = RequestInit::new().credentials(CredentialsMode::Include);
    let fetched = driver.fetch(called(&zoo.url("/"), include)).await;
    assert_eq!(read(fetched.into_body()).await, "Basic bWU6c2VjcmV0");
    let fetched = driver.fetch(called(&zoo.url("/"), RequestInit::new())).await;
    assert_eq!(read(fetched.into_body()).await, "none");
}
