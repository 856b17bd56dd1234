//! Tests a server that is a function, without a socket. `cargo test -p example-closure` runs the
//! tests; `cargo run -p example-closure` shows what a browser does.

use browser_cors::{
    fetch::{Exchange, TransportFailure},
    http::{self, Method, StatusCode},
    response::Response,
    suite::{Page, put},
};

/// The server: one page may save items.
fn serve(request: &http::Request<()>) -> http::Response<()> {
    let mut response = http::Response::new(());
    if request.method() == Method::OPTIONS {
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    let headers = response.headers_mut();
    headers.insert("Vary", "Origin".parse().expect("this value is valid"));
    if let Some(origin) = request.headers().get("Origin")
        && origin == "https://app.example"
    {
        headers.insert("Access-Control-Allow-Origin", origin.clone());
        headers.insert("Access-Control-Allow-Methods", "PUT".parse().expect("this value is valid"));
    }
    response
}

/// Passes an exchange to the server, and returns its answer.
fn ask(exchange: &Exchange) -> Result<Response, TransportFailure> {
    match http::Request::try_from(exchange) {
        Ok(request) => Ok(Response::from(&serve(&request))),
        Err(error) => Err(TransportFailure::new(error.to_string())),
    }
}

fn main() {
    let page = Page::at("https://evil.example");
    let saved = page.fetch(put("https://api.example/items/1"));
    print!("{}", saved.answered_by(|exchange, _cookie| ask(exchange)));
}

#[cfg(test)]
mod tests {
    use browser_cors::engine::Profile;

    use super::*;

    #[test]
    fn our_page_can_save() {
        let page = Page::at("https://app.example").in_engines(Profile::ALL);
        page.fetch(put("https://api.example/items/1"))
            .answered_by(|exchange, _cookie| ask(exchange))
            .assert_shared()
            .assert_preflight()
            .assert_no_warnings();
    }

    #[test]
    fn nobody_else_can() {
        for origin in ["https://evil.example", "https://app.example.evil.example", "null"] {
            Page::at(origin)
                .in_engines(Profile::ALL)
                .fetch(put("https://api.example/items/1"))
                .answered_by(|exchange, _cookie| ask(exchange))
                .assert_blocked();
        }
    }
}
