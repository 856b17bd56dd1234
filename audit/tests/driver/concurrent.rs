//! Many fetches at a time, on one cache.

use std::{collections::BTreeSet, time::Duration};

use browser_cors::{RequestInit, page::body::BodyInit};
use browser_cors_audit::client::Driver;
use bytes::Bytes;
use http_body_util::{BodyExt, Channel, Collected};
use rstest::rstest;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    called, driver, read,
    zoo::{Protocol, Zoo, shared, text},
};

/// A server that sends the body back, behind the path.
async fn echo(protocol: Protocol) -> Zoo {
    Zoo::open(protocol, |request| async move {
        let (answer, path) = (shared(&request), request.uri().path().to_owned());
        // The fetch may be cancelled.
        let body = request.into_body().collect().await.map(Collected::to_bytes).unwrap_or_default();
        answer.body(text(&format!("{path} {}", String::from_utf8_lossy(&body))))
    })
    .await
}

/// Puts "0" to "999" at a time, each to a path, and returns what came back.
async fn put_1000(driver: &Driver, zoo: &Zoo, path: impl Fn(u32) -> String) -> BTreeSet<String> {
    let mut fetches = JoinSet::new();
    for number in 0..1000 {
        let body = BodyInit::Text(number.to_string());
        let init = RequestInit::new().method("PUT").header("X-Token", "1").body(body);
        let (driver, request) = (driver.clone(), called(&zoo.url(&path(number)), init));
        fetches.spawn(async move { read(driver.fetch(request).await.into_body()).await });
    }
    let mut came = BTreeSet::new();
    while let Some(body) = fetches.join_next().await {
        assert!(came.insert(body.unwrap()), "an answer came twice");
    }
    came
}

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::tls(Protocol::Http1OverTls)]
#[case::http2(Protocol::Http2)]
#[tokio::test(flavor = "multi_thread")]
async fn one_grant_for_a_thousand(#[case] protocol: Protocol) {
    let zoo = echo(protocol).await;
    let driver = driver(&zoo.client());
    let init = RequestInit::new().method("PUT").header("X-Token", "1");
    assert!(driver.fetch(called(&zoo.url("/"), init)).await.response().is_some());
    assert_eq!(zoo.requests(), ["OPTIONS /", "PUT /"]);

    let came = put_1000(&driver, &zoo, |_| "/".to_owned()).await;
    assert_eq!(came, (0..1000).map(|number| format!("/ {number}")).collect());
    assert_eq!(zoo.requests(), ["PUT /"; 1000]);
    // Six at most without credentials, and the one with them, if there is any.
    assert!(zoo.most_open() <= 8, "{}", zoo.most_open());
}

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::http2(Protocol::Http2)]
#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_for_each_url(#[case] protocol: Protocol) {
    let zoo = echo(protocol).await;
    let driver = driver(&zoo.client());
    let came = put_1000(&driver, &zoo, |number| format!("/{number}")).await;
    assert_eq!(came, (0..1000).map(|number| format!("/{number} {number}")).collect());
    let requests = zoo.requests();
    let (mut preflights, mut puts) = (BTreeSet::new(), 0);
    for request in &requests {
        match request.strip_prefix("OPTIONS ") {
            Some(path) => assert!(preflights.insert(path), "two preflights for {path}"),
            None => puts += 1,
        }
    }
    assert_eq!((preflights.len(), puts), (1000, 1000));

    // The cache has all the grants.
    put_1000(&driver, &zoo, |number| format!("/{number}")).await;
    assert!(zoo.requests().iter().all(|request| request.starts_with("PUT ")));
}

/// As the standard has no queue, fetches that race may each have a preflight.
#[tokio::test(flavor = "multi_thread")]
async fn races_for_one_grant() {
    let zoo = echo(Protocol::Http2).await;
    let driver = driver(&zoo.client());
    assert_eq!(put_1000(&driver, &zoo, |_| "/".to_owned()).await.len(), 1000);
    let requests = zoo.requests();
    let preflights = requests.iter().filter(|request| *request == "OPTIONS /").count();
    assert!((1..=1000).contains(&preflights));
    assert_eq!(requests.len(), 1000 + preflights);
}

/// A page that keeps the bodies of endless answers over HTTP/2, and does not read them, still gets
/// others.
#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_nobody_reads() {
    let zoo = Zoo::open(Protocol::Http2, |request| async move {
        if request.uri().path() == "/" {
            return shared(&request).body(text("hi"));
        }
        let (mut sender, channel) = Channel::new(1);
        tokio::spawn(async move {
            while sender.send_data(Bytes::from_static(&[0; 1 << 16])).await.is_ok() {}
        });
        shared(&request).body(channel.boxed_unsync())
    })
    .await;
    let driver = driver(&zoo.client());
    let mut unread = Vec::new();
    for _ in 0..20 {
        unread.push(driver.fetch(called(&zoo.url("/endless"), RequestInit::new())).await);
    }
    // The servers write until nobody takes more.
    sleep(Duration::from_millis(500)).await;
    let get = async {
        read(driver.fetch(called(&zoo.url("/"), RequestInit::new())).await.into_body()).await
    };
    assert_eq!(timeout(Duration::from_secs(10), get).await.unwrap(), "hi");
    assert_eq!(zoo.connections(), 1);
}

/// A thousand fetches, of which every second is dropped somewhere.
#[rstest]
#[case::http1(Protocol::Http1)]
#[case::http2(Protocol::Http2)]
#[tokio::test(flavor = "multi_thread")]
async fn others_are_cancelled(#[case] protocol: Protocol) {
    let zoo = echo(protocol).await;
    let driver = driver(&zoo.client());
    let mut fetches = Vec::new();
    for number in 0..1000_u32 {
        let init = RequestInit::new().method("PUT").body(number.to_string().as_str());
        let (driver, request) = (driver.clone(), called(&zoo.url("/"), init));
        let fetch = async move { read(driver.fetch(request).await.into_body()).await };
        fetches.push(tokio::spawn(fetch));
        if number % 2 == 1 {
            sleep(Duration::from_micros(u64::from(number % 90))).await;
            fetches[number as usize].abort();
        }
    }
    for (number, fetch) in fetches.into_iter().enumerate() {
        match fetch.await {
            Ok(body) => assert_eq!(body, format!("/ {number}")),
            Err(error) => assert!(error.is_cancelled() && number % 2 == 1, "{number}: {error}"),
        }
    }
    assert!(driver.fetch(called(&zoo.url("/"), RequestInit::new())).await.response().is_some());
}
