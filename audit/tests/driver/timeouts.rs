//! What takes too long.

use std::{future::pending, time::Duration};

use browser_cors::RequestInit;
use bytes::Bytes;
use http_body_util::{BodyExt, Channel};
use rstest::rstest;
use tokio::{task::JoinSet, time::sleep};

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

/// An exchange that waits for a connection has not begun.
#[tokio::test]
async fn many_exchanges() {
    let zoo = Zoo::open(Protocol::Http1, |request| async move {
        sleep(Duration::from_millis(200)).await;
        shared(&request).body(text(""))
    })
    .await;
    let driver = driver(&zoo.client().timeout(SHORT));
    let mut fetches = JoinSet::new();
    for _ in 0..60 {
        let (driver, request) = (driver.clone(), called(&zoo.url("/"), RequestInit::new()));
        fetches.spawn(async move { driver.fetch(request).await.response().is_some() });
    }
    assert!(fetches.join_all().await.into_iter().all(|is_answered| is_answered));

    // The whole time counts all the same.
    let driver = crate::driver(&zoo.client().max_time(SHORT));
    let mut fetches = JoinSet::new();
    for _ in 0..60 {
        let (driver, request) = (driver.clone(), called(&zoo.url("/"), RequestInit::new()));
        fetches.spawn(async move { driver.fetch(request).await.response().is_some() });
    }
    let answered = fetches.join_all().await.into_iter().filter(|is_answered| *is_answered).count();
    assert!((6..=30).contains(&answered), "{answered}");
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
