//! Asks live servers on the loopback interface through the public API.

mod client;
mod compare;
mod expect;

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

use browser_cors::suite::{Page, put};
use browser_cors_audit::OverHttp;

const APP: &str = "https://app.example";

/// The first line and the headers of a request.
type Head = Vec<String>;

/// Starts a server that answers each request with a status and header lines, or closes the
/// connection. Returns its URL.
fn serve(answer: impl Fn(&Head) -> Option<String> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let head: Head = lines.take_while(|line| !line.is_empty()).collect();
            if let Some(answer) = answer(&head) {
                // The client may be gone.
                let _ = write!(stream, "HTTP/1.1 {answer}\r\n\r\n");
            }
        }
    });
    base
}

/// The answer of a server that shares with [`APP`] only.
fn shared_with_app(head: &Head) -> Option<String> {
    let is_app = head.iter().any(|line| line == "Origin: https://app.example");
    let cors = "\r\nAccess-Control-Allow-Origin: https://app.example\r\n\
                Access-Control-Allow-Methods: PUT\r\nAccess-Control-Max-Age: 60";
    Some(format!("200 OK\r\nVary: Origin{}", if is_app { cors } else { "" }))
}

/// A test may be async.
#[test]
fn within_a_runtime() {
    let base = serve(shared_with_app);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        Page::at(APP).fetch(put("/items")).against(&base).assert_shared();
    });
}
