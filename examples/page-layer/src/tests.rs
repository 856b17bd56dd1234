//! The layer around reqwest and around hyper-util's client, on the loopback interface.

use std::sync::{Arc, Mutex};

use browser_cors::{
    http::{Request, Response},
    layer::PageError,
    url::Url,
};
use bytes::Bytes;
use http_body::Body;
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tower::{BoxError, Layer, Service, ServiceExt};

use crate::{page, reqwest};

/// A server that has moved, and shares with `https://app.example`; and the requests that it gets.
async fn serve() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let its_seen = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufReader::new(stream);
            let (mut lines, mut line) = (Vec::new(), String::new());
            while stream.read_line(&mut line).await.unwrap() > 2 {
                lines.push(line.trim().to_ascii_lowercase());
                line.clear();
            }
            let length = lines.iter().find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            stream.read_exact(&mut body).await.unwrap();
            let request = lines[0].trim_end_matches(" http/1.1");
            let status =
                if request == "put /old" { "307 Moved\r\nLocation: /new" } else { "200 OK" };
            its_seen.lock().unwrap().push(format!("{request} {}", String::from_utf8_lossy(&body)));
            let answer = format!(
                "HTTP/1.1 {status}\r\nAccess-Control-Allow-Origin: https://app.example\r\n\
                 Access-Control-Allow-Methods: PUT\r\nX-Secret: 1\r\nContent-Type: text/plain\r\n\
                 Content-Length: 2\r\nConnection: close\r\n\r\nhi"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (base, seen)
}

async fn works_with<S, B>(client: S)
where
    S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Unpin,
{
    let (base, seen) = serve().await;
    let put = || Request::put(format!("{base}/old")).body(Full::from("hi")).unwrap();
    let app = page(Url::parse("https://app.example").unwrap()).layer(client.clone());
    let response = app.oneshot(put()).await.unwrap();
    let names: Vec<_> = response.headers().keys().map(|name| name.as_str()).collect();
    assert_eq!((response.status().as_u16(), names), (200, vec!["content-type", "content-length"]));
    let body = response.into_body().collect().await.map_err(|_| "the body broke off").unwrap();
    assert_eq!(body.to_bytes(), "hi");
    assert_eq!(
        *seen.lock().unwrap(),
        ["options /old ", "put /old hi", "options /new ", "put /new hi"]
    );

    let evil = page(Url::parse("https://evil.example").unwrap()).layer(client);
    let Err(PageError::Network(failure)) = evil.oneshot(put()).await else { panic!("it may") };
    assert_eq!(failure.error.code(), "preflight-allow-origin-mismatch");
}

#[tokio::test]
async fn around_reqwest() {
    works_with(reqwest().unwrap()).await;
}

#[tokio::test]
async fn around_hyper_util() {
    works_with(Client::builder(TokioExecutor::new()).build_http()).await;
}
