//! Bodies that come and go in parts.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use browser_cors::{RequestInit, page::body::BodyInit, page::fetch_api::Duplex};
use browser_cors_audit::client::{Client, ResponseBody};
use bytes::Bytes;
use http_body_util::{BodyExt, Channel, channel::Sender};
use rstest::rstest;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::{sleep, timeout},
};

use crate::{
    called, called_by, driver, read,
    zoo::{Protocol, Zoo, is_soon, plain, shared, text},
};

type Chunks = Sender<Bytes, io::Error>;

/// Where the server leaves what writes the body of its answer.
type Written = Arc<Mutex<Option<Chunks>>>;

/// A server whose bodies the test writes.
async fn written(protocol: Protocol, is_shared: bool) -> (Zoo, Written) {
    let written = Written::default();
    let its_written = Arc::clone(&written);
    let zoo = Zoo::open(protocol, move |request| {
        let (sender, channel) = Channel::new(4);
        *its_written.lock().unwrap() = Some(sender);
        let answer = if is_shared { shared(&request) } else { plain() };
        async move { answer.body(channel.boxed_unsync()) }
    })
    .await;
    (zoo, written)
}

fn chunks(written: &Written) -> Chunks {
    written.lock().unwrap().take().unwrap()
}

async fn chunk(body: &mut ResponseBody) -> Bytes {
    body.frame().await.unwrap().unwrap().into_data().unwrap()
}

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::tls(Protocol::Http1OverTls)]
#[case::http2(Protocol::Http2)]
#[tokio::test]
async fn the_verdict_comes_with_the_head(#[case] protocol: Protocol) {
    let (zoo, written) = written(protocol, true).await;
    let fetched = driver(&zoo.client()).fetch(called(&zoo.url("/"), RequestInit::new())).await;
    assert_eq!(fetched.response().unwrap().status(), 200);
    // The server has sent nothing of the body yet.
    let (mut body, mut chunks) = (fetched.into_body().unwrap(), chunks(&written));
    for text in ["one", "two"] {
        chunks.send_data(Bytes::from(text)).await.unwrap();
        assert_eq!(chunk(&mut body).await, text);
    }
    drop(chunks);
    assert_eq!(read(Some(body)).await, "");
}

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::tls(Protocol::Http1OverTls)]
#[case::http2(Protocol::Http2)]
#[tokio::test]
async fn the_body_of_a_blocked_response_is_not_read(#[case] protocol: Protocol) {
    let (zoo, written) = written(protocol, false).await;
    let driver = driver(&zoo.client());
    let fetched = driver.fetch(called(&zoo.url("/"), RequestInit::new())).await;
    assert!(fetched.response().is_none());
    assert!(fetched.into_body().is_none());
    // The server could write for ever, but the client is gone.
    let mut chunks = chunks(&written);
    let endless = async { while chunks.send_data(Bytes::from(vec![0; 1 << 16])).await.is_ok() {} };
    timeout(Duration::from_secs(10), endless).await.unwrap();
}

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::http2(Protocol::Http2)]
#[tokio::test]
async fn a_body_that_breaks_off(#[case] protocol: Protocol) {
    let (zoo, written) = written(protocol, true).await;
    let fetched = driver(&zoo.client()).fetch(called(&zoo.url("/"), RequestInit::new())).await;
    let (mut body, mut sender) = (fetched.into_body().unwrap(), chunks(&written));
    sender.send_data(Bytes::from("one")).await.unwrap();
    assert_eq!(chunk(&mut body).await, "one");
    sender.abort(io::Error::other("gone"));
    let error = body.frame().await.unwrap().unwrap_err();
    let expected = match protocol {
        Protocol::Http2 => "",
        _ => "the server closed the connection in the body of its answer",
    };
    assert!(error.to_string().contains(expected), "{error}");
}

/// A request with a stream for its body.
fn upload(url: &str) -> browser_cors::Request {
    let init = RequestInit::new().method("POST").body(BodyInit::ReadableStream);
    called(url, init.duplex(Duplex::Half))
}

#[rstest]
#[case::http1(Protocol::Http1)]
#[case::tls(Protocol::Http1OverTls)]
#[case::http2(Protocol::Http2)]
#[tokio::test]
async fn both_ways_at_once(#[case] protocol: Protocol) {
    // The server sends each part back when it comes.
    let zoo = Zoo::open(protocol, |request| async move {
        let coding = request.headers().get("transfer-encoding").cloned();
        let answer = shared(&request).header("Access-Control-Expose-Headers", "x-coding");
        let answer = match coding {
            Some(coding) => answer.header("X-Coding", coding),
            None => answer,
        };
        answer.body(request.into_body().map_err(io::Error::other).boxed_unsync())
    })
    .await;
    let (mut sender, stream) = Channel::<Bytes, io::Error>::new(1);
    let driver = driver(&zoo.client());
    let fetched = driver.fetch(upload(&zoo.url("/"))).with_stream(stream).await;
    let response = fetched.response().unwrap();
    let coding = (protocol != Protocol::Http2).then_some(&b"chunked"[..]);
    assert_eq!(response.header("x-coding").as_deref(), coding);
    let mut body = fetched.into_body().unwrap();
    for text in ["one", "two", "three"] {
        sender.send_data(Bytes::from(text)).await.unwrap();
        assert_eq!(chunk(&mut body).await, text);
    }
    drop(sender);
    assert_eq!(read(Some(body)).await, "");
    assert_eq!(zoo.requests(), ["OPTIONS /", "POST /"]);
}

/// A server that redirects `/moved` with a status.
async fn moved(status: u16) -> Zoo {
    Zoo::open(Protocol::Http1, move |request| async move {
        let answer = shared(&request);
        match request.uri().path() {
            "/moved" if request.method() != "OPTIONS" => {
                request.into_body().collect().await.unwrap();
                answer.status(status).header("Location", "/").body(text(""))
            }
            _ => answer.body(text(request.method().as_str())),
        }
    })
    .await
}

#[tokio::test]
async fn a_stream_goes_out_once() {
    let zoo = moved(307).await;
    let (sender, stream) = Channel::<Bytes, io::Error>::new(1);
    drop(sender);
    let driver = driver(&zoo.client());
    let fetched = driver.fetch(upload(&zoo.url("/moved"))).with_stream(stream).await;
    assert!(fetched.response().is_none());
    assert_eq!(zoo.requests(), ["OPTIONS /moved", "POST /moved"]);
    // Without the stream, nothing goes out but the preflight.
    let fetched = driver.fetch(upload(&zoo.url("/"))).await;
    assert!(fetched.response().is_none());
    assert_eq!(zoo.requests(), ["OPTIONS /"]);
}

#[tokio::test]
async fn a_redirect_may_drop_the_stream() {
    let zoo = moved(303).await;
    let (sender, stream) = Channel::<Bytes, io::Error>::new(1);
    drop(sender);
    let driver = driver(&zoo.client());
    let fetched = driver.fetch(upload(&zoo.url("/moved"))).with_stream(stream).await;
    assert_eq!(read(fetched.into_body()).await, "GET");
}

#[tokio::test]
async fn a_body_of_another_place_is_sent_again_by_nobody() {
    let zoo = moved(307).await;
    let (sender, stream) = Channel::<Bytes, io::Error>::new(1);
    drop(sender);
    let mut request = upload(&zoo.url("/moved"));
    request.body = Some(browser_cors::request::Body::Replayable { length: None });
    let driver = driver(&zoo.client());
    let fetched = driver.fetch(request).with_stream(stream).await;
    let unanswered = fetched.transcript.exchanges.last().unwrap().answer.as_ref().unwrap_err();
    assert_eq!(unanswered.to_string(), "the body cannot be sent again");
    assert_eq!(zoo.requests(), ["OPTIONS /moved", "POST /moved", "OPTIONS /"]);
}

/// The end of the connection is the end of the body.
#[tokio::test]
async fn a_server_of_the_nineties() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await.unwrap();
            let head = b"HTTP/1.0 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\none";
            stream.write_all(head).await.unwrap();
            sleep(Duration::from_millis(50)).await;
            stream.write_all(b" two").await.unwrap();
        }
    });
    let driver = driver(&Client::new());
    for _ in 0..8 {
        let request = called_by("http://app.example", &url, RequestInit::new());
        assert_eq!(read(driver.fetch(request).await.into_body()).await, "one two");
    }
}

/// Dropped bodies of HTTP/1 close their connection; those that were read leave it to others.
#[tokio::test]
async fn connections_after_bodies() {
    let (zoo, written) = written(Protocol::Http1, true).await;
    let driver = driver(&zoo.client());
    let fetched = driver.fetch(called(&zoo.url("/"), RequestInit::new())).await;
    let sender = chunks(&written);
    drop(sender);
    assert_eq!(read(fetched.into_body()).await, "");
    let fetched = driver.fetch(called(&zoo.url("/"), RequestInit::new())).await;
    assert_eq!(zoo.connections(), 1);
    let sender = chunks(&written);
    drop(fetched);
    assert!(zoo.is_left().await);
    drop(sender);
    let fetched = driver.fetch(called(&zoo.url("/"), RequestInit::new())).await;
    assert!(is_soon(|| zoo.connections() == 2).await);
    drop((fetched, chunks(&written)));
}
