//! Over HTTP: an actix-web server, and what servers receive, byte for byte.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc,
    thread,
    time::Duration,
};

use actix_web::{
    App, HttpResponse, HttpServer,
    http::{Method, header},
    rt::System,
    web,
};
use browser_cors::{
    engine::Profile,
    request::CredentialsMode::Include,
    suite::{Page, get, put},
};
use browser_cors_audit::{OverHttp, client::Client};
use rstest::{fixture, rstest};

use super::{APP, message};

/// A server that allows `APP`; `/slash` allows it with a trailing slash. Returns its URL.
fn serve() -> String {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        System::new().block_on(async move {
            let app = || {
                App::new()
                    .route(
                        "/items",
                        web::to(async |request: actix_web::HttpRequest| {
                            let mut answer = HttpResponse::Ok();
                            answer.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, APP));
                            answer
                                .insert_header((header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"));
                            answer.insert_header((header::VARY, "Origin"));
                            if request.method() == Method::OPTIONS {
                                answer.insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "PUT"));
                                answer.insert_header((header::ACCESS_CONTROL_MAX_AGE, "600"));
                            }
                            if let Some(cookie) = request.headers().get(header::COOKIE) {
                                answer.insert_header((header::ETAG, cookie));
                                answer
                                    .insert_header((header::ACCESS_CONTROL_EXPOSE_HEADERS, "etag"));
                            }
                            answer.finish()
                        }),
                    )
                    .route(
                        "/slash",
                        web::to(async || {
                            let origin = "https://app.example/";
                            HttpResponse::Ok()
                                .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, origin))
                                .finish()
                        }),
                    )
                    .route(
                        "/old",
                        web::to(async || {
                            HttpResponse::PermanentRedirect()
                                .insert_header((header::LOCATION, "/items"))
                                .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
                                .finish()
                        }),
                    )
            };
            let server = HttpServer::new(app).workers(1).bind("127.0.0.1:0").unwrap();
            sender.send(format!("http://{}", server.addrs()[0])).unwrap();
            server.run().await.unwrap();
        });
    });
    receiver.recv().unwrap()
}

#[fixture]
#[once]
fn base() -> String {
    serve()
}

#[rstest]
fn the_right_configuration(base: &str) {
    let page = Page::at(APP).in_engines(Profile::ALL);
    let call = || put("/items").credentials(Include).cookie("id=1");
    page.fetch(call())
        .against(base)
        .assert_shared()
        .assert_preflight()
        .assert_header("etag", "id=1")
        .assert_no_warnings();
    page.fetch(call()).against(base).assert_cached_preflight();
    page.advance(Duration::from_secs(601));
    page.fetch(call()).against(base).assert_preflight();
    // The same, as it stands.
    let client = Client::new().timeout(Duration::from_secs(10));
    page.fetch(get(format!("{base}/items"))).over(&client).assert_shared();
    page.fetch(get(format!("{base}/old")))
        .over(&client)
        .assert_redirected_to(&format!("{base}/items"));
}

#[rstest]
#[case("https://evil.example")]
#[case("null")]
fn nobody_else(base: &str, #[case] origin: &str) {
    let page = Page::at(origin).in_engines(Profile::ALL);
    page.fetch(get("/items").credentials(Include))
        .against(base)
        .assert_blocked_by("allow-origin-mismatch");
}

#[rstest]
fn trailing_slash(base: &str) {
    let wrong = Page::at(APP).fetch(get("/slash")).against(base);
    let text =
        message(|| wrong.assert_shared()).replace(&base["http://".len()..], "127.0.0.1:PORT");
    insta::assert_snapshot!(text, @r"
    expected that the page may read the response, but it is blocked
    GET http://127.0.0.1:PORT/slash from https://app.example, credentials same-origin
    1. GET http://127.0.0.1:PORT/slash  (without credentials)
       Origin: https://app.example
       => 200
       Access-Control-Allow-Origin: https://app.example/
                                                       ^ expected https://app.example
    blocked: Access-Control-Allow-Origin is `https://app.example/`, not `https://app.example`
         at: https://fetch.spec.whatwg.org/#concept-cors-check step 4
        see: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSAllowOriginNotMatchingOrigin
      guide: https://OWNER.github.io/browser-cors/guide/reasons/allow-origin-mismatch.html
      where: the server of 127.0.0.1:PORT
        fix: Answer GET http://127.0.0.1:PORT/slash with `Access-Control-Allow-Origin: https://app.example` and `Vary: Origin`. An origin has no path, not even a slash.
    ");
}

#[test]
fn what_a_server_gets() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/v1/", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let mut requests = Vec::new();
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).unwrap();
            requests.push(buffer[..length].escape_ascii().to_string());
            let answer = "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n\
                          Access-Control-Allow-Methods: PUT\r\n\r\n";
            stream.write_all(answer.as_bytes()).unwrap();
        }
        requests
    });
    let call = put("https://api.example/items/1?a#b");
    Page::at("https://app.example/cart").fetch(call).against(&base).assert_shared();
    let host = base.split('/').nth(2).unwrap();
    let requests = server.join().unwrap().join("\n").replace(host, "HOST");
    insta::assert_snapshot!(requests.replace("\\r\\n", "\n"), @r"
    OPTIONS /v1/items/1?a HTTP/1.1
    Host: HOST
    Accept: */*
    Access-Control-Request-Method: PUT
    Referer: https://app.example/
    Origin: https://app.example


    PUT /v1/items/1?a HTTP/1.1
    Host: HOST
    Accept: */*
    Content-Length: 0
    Referer: https://app.example/
    Origin: https://app.example
    ");
}

#[test]
fn nobody_listens() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let fetched = Page::at(APP).fetch(get("/")).against(&format!("http://{port}"));
    let text = message(|| fetched.assert_blocked());
    assert!(text.starts_with(
        "expected that the response is blocked, but no server answered, which proves nothing\n"
    ));
    assert!(text.contains("the connection was refused: nothing listens there"), "{text}");
}

#[test]
#[should_panic(expected = "`localhost:80` is not the URL of a server: http or https was expected")]
fn base_without_a_scheme() {
    let _ = Page::at(APP).fetch(get("/")).against("localhost:80");
}
