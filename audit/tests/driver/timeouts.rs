//! What takes too long.

use std::{future::pending, time::Duration};

use browser_cors::RequestInit;
use bytes::Bytes;
use http_body_util::{BodyExt, Channel};
use rstest::rstest;
use tokio::time::sleep;

use crate::{
    called, driver,
    zoo::{Protocol, Zoo, shared, text},
};

const SHORT: Duration = Duration::from_secs(1);

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::http2(Protocol::Http2)]
#[tokio::test]
async fn an_exchange(#[case] protocol: Protocol) {
    let zoo = Zoo::open(protocol, |request| async move {
        if request.method() == "PUT" {
            pending::<()>().await;
        }
        shared(&request).body(text(""))
    })
    .await;
    let driver = driver(&zoo.client().timeout(SHORT));
    let init = RequestInit::new().method("PUT");
    let fetched = driver.fetch(called(&zoo.url("/"), init)).await;
    assert!(fetched.response().is_none());
    let text = fetched.transcript.exchanges[1].answer.as_ref().unwrap_err().to_string();
    assert_eq!(text, "the server sent nothing within 1 s");
    // The next fetch is not hurt.
    let fetched = driver.fetch(called(&zoo.url("/"), RequestInit::new())).await;
    assert!(fetched.response().is_some());
}

#[tokio::test]
async fn all_exchanges_together() {
    let zoo = Zoo::open(Protocol::Http1, |request| async move {
        sleep(Duration::from_millis(400)).await;
        shared(&request).status(307).header("Location", "/").body(text(""))
    })
    .await;
    let driver = driver(&zoo.client().max_time(SHORT));
    let fetched = driver.fetch(called(&zoo.url("/"), RequestInit::new())).await;
    let exchanges = &fetched.transcript.exchanges;
    assert_eq!(
        exchanges.last().unwrap().answer.as_ref().unwrap_err().to_string(),
        "the fetch with its preflights and redirects was not over within 1 s"
    );
    assert!((2..=3).contains(&exchanges.len()), "{}", exchanges.len());
}

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::http2(Protocol::Http2)]
#[tokio::test]
async fn a_body(#[case] protocol: Protocol) {
    let zoo = Zoo::open(protocol, |request| async move {
        let (mut sender, channel) = Channel::new(1);
        tokio::spawn(async move {
            sender.send_data(Bytes::from("one")).await.unwrap();
            pending::<()>().await;
        });
        shared(&request).body(channel.boxed_unsync())
    })
    .await;
    let driver = driver(&zoo.client().max_time(SHORT));
    let fetched = driver.fetch(called(&zoo.url("/"), RequestInit::new())).await;
    let mut body = fetched.into_body().unwrap();
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "one");
    assert_eq!(
        body.frame().await.unwrap().unwrap_err().to_string(),
        "the body of the answer was not complete within 1 s for the whole fetch"
    );
    assert!(body.frame().await.is_none());
}
