//! Fetches that are dropped, at each stage.

use std::{
    future::{IntoFuture, pending},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

use browser_cors::RequestInit;
use browser_cors_audit::client::{Client, Driver};
use http_body_util::{BodyExt, Channel};
use rstest::rstest;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    called, driver, read,
    zoo::{Protocol, Zoo, shared, text},
};

fn put(zoo: &Zoo) -> browser_cors::Request {
    called(&zoo.url("/"), RequestInit::new().method("PUT").body("hi"))
}

fn begin(driver: &Driver, zoo: &Zoo) -> JoinHandle<()> {
    let (driver, request) = (driver.clone(), put(zoo));
    tokio::spawn(async move { drop(driver.fetch(request).await) })
}

async fn cancel(fetching: JoinHandle<()>) {
    fetching.abort();
    assert!(fetching.await.unwrap_err().is_cancelled());
}

/// A server that does not answer `silent_for` until it may.
async fn silent(protocol: Protocol, silent_for: &'static str) -> (Zoo, Arc<AtomicBool>) {
    let may_answer = Arc::new(AtomicBool::new(false));
    let its_may_answer = Arc::clone(&may_answer);
    let zoo = Zoo::open(protocol, move |request| {
        let is_silent = request.method() == silent_for && !its_may_answer.load(SeqCst);
        async move {
            if is_silent {
                pending::<()>().await;
            }
            shared(&request).body(text("hi"))
        }
    })
    .await;
    (zoo, may_answer)
}

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::tls(Protocol::Http1OverTls)]
#[case::http2(Protocol::Http2)]
#[tokio::test(flavor = "multi_thread")]
async fn during_the_preflight(#[case] protocol: Protocol) {
    let (zoo, may_answer) = silent(protocol, "OPTIONS").await;
    let driver = driver(&zoo.client());
    let fetching = begin(&driver, &zoo);
    assert!(zoo.has_got("OPTIONS /").await);
    cancel(fetching).await;
    zoo.requests();
    // The cache has no grant.
    may_answer.store(true, SeqCst);
    assert_eq!(read(driver.fetch(put(&zoo)).await.into_body()).await, "hi");
    assert_eq!(zoo.requests(), ["OPTIONS /", "PUT /"]);
}

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::tls(Protocol::Http1OverTls)]
#[case::http2(Protocol::Http2)]
#[tokio::test(flavor = "multi_thread")]
async fn after_the_preflight(#[case] protocol: Protocol) {
    let (zoo, may_answer) = silent(protocol, "PUT").await;
    let driver = driver(&zoo.client());
    let fetching = begin(&driver, &zoo);
    assert!(zoo.has_got("PUT /").await);
    cancel(fetching).await;
    zoo.requests();
    // The grant is there still.
    may_answer.store(true, SeqCst);
    assert_eq!(read(driver.fetch(put(&zoo)).await.into_body()).await, "hi");
    assert_eq!(zoo.requests(), ["PUT /"]);
}

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::http2(Protocol::Http2)]
#[tokio::test(flavor = "multi_thread")]
async fn in_the_body(#[case] protocol: Protocol) {
    let zoo = Zoo::open(protocol, |request| async move {
        match request.method().as_str() {
            "PUT" => {
                let (mut sender, channel) = Channel::new(1);
                tokio::spawn(async move { while sender.send_data("more".into()).await.is_ok() {} });
                shared(&request).body(channel.boxed_unsync())
            }
            _ => shared(&request).body(text("")),
        }
    })
    .await;
    let driver = driver(&zoo.client());
    for _ in 0..20 {
        let mut body = driver.fetch(put(&zoo)).await.into_body().unwrap();
        assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap()[..4], *b"more");
        drop(body);
    }
    assert_eq!(zoo.requests().iter().filter(|request| *request == "OPTIONS /").count(), 1);
    if protocol == Protocol::Http2 {
        assert_eq!(zoo.connections(), 1);
    } else {
        // The first request has the connection of the preflight.
        assert_eq!(zoo.connections(), 20);
        assert!(zoo.is_left().await);
    }
}

/// The server accepts, and never says a word of TLS.
#[tokio::test]
async fn while_it_connects() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let driver = driver(&Client::new());
    let url = format!("https://127.0.0.1:{}/", address.port());
    let fetching = tokio::spawn({
        let driver = driver.clone();
        async move { drop(driver.fetch(called(&url, RequestInit::new())).await) }
    });
    let (stream, _) = listener.accept().await.unwrap();
    cancel(fetching).await;
    // The connection is closed.
    let mut bytes = Vec::new();
    loop {
        stream.readable().await.unwrap();
        match stream.try_read_buf(&mut bytes) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
        }
    }
}

#[tokio::test]
async fn before_it_begins() {
    let (zoo, _) = silent(Protocol::Http1, "").await;
    let driver = driver(&zoo.client());
    drop(driver.fetch(put(&zoo)).into_future());
    assert_eq!(read(driver.fetch(put(&zoo)).await.into_body()).await, "hi");
    assert_eq!(zoo.requests(), ["OPTIONS /", "PUT /"]);
}

/// All connections that a host may have wait for answers; the next fetch waits for one of them.
#[tokio::test(flavor = "multi_thread")]
async fn while_it_waits_for_a_connection() {
    let (zoo, may_answer) = silent(Protocol::Http1, "GET").await;
    let driver = driver(&zoo.client());
    let get = |path| {
        let (driver, request) = (driver.clone(), called(&zoo.url(path), RequestInit::new()));
        tokio::spawn(async move { drop(driver.fetch(request).await) })
    };
    let mut waiting = Vec::new();
    for path in ["/1", "/2", "/3", "/4", "/5", "/6"] {
        waiting.push(get(path));
        assert!(zoo.has_got(&format!("GET {path}")).await);
    }
    let seventh = get("/7");
    let eighth = get("/8");
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!((zoo.requests().len(), zoo.connections()), (6, 6));
    cancel(seventh).await;
    may_answer.store(true, SeqCst);
    cancel(waiting.pop().unwrap()).await;
    eighth.await.unwrap();
    assert_eq!(zoo.requests(), ["GET /8"]);
    for waiting in waiting {
        cancel(waiting).await;
    }
}
