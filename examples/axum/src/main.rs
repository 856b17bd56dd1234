//! Tests an axum router with tower-http's `CorsLayer` in process. `cargo test -p example-axum` runs
//! the tests; `cargo run -p example-axum` shows what a browser does.

use axum::{Router, http::HeaderValue, http::Method, http::header::ETAG, routing::put};
use browser_cors::{
    request::CredentialsMode::Include,
    suite::{Call, Page, put as fetch_put},
};
use tower_http::cors::{AllowOrigin, CorsLayer};

fn app() -> Router {
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::list([HeaderValue::from_static("https://app.example")]))
        .allow_credentials(true)
        .allow_methods([Method::PUT])
        .expose_headers([ETAG])
        .max_age(std::time::Duration::from_secs(600));
    Router::new().route("/items/{id}", put(async || [(ETAG, "\"1\"")])).layer(cors)
}

fn save() -> Call {
    fetch_put("https://api.example/items/1").credentials(Include).cookie("session=1")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let page = Page::at("https://evil.example");
    print!("{}", page.fetch(save()).through(&mut app()).await);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use browser_cors::engine::Profile;
    use rstest::rstest;

    use super::*;

    #[tokio::test]
    async fn our_page_can_save() {
        let page = Page::at("https://app.example").in_engines(Profile::ALL);
        let saved = page.fetch(save()).through(&mut app()).await;
        saved.assert_shared().assert_exposes("etag").assert_no_warnings();
        page.advance(Duration::from_secs(599));
        let again = page.fetch(save()).through(&mut app()).await;
        again.assert_cached_preflight();
    }

    #[rstest]
    #[tokio::test]
    async fn nobody_else_can(
        #[values("https://evil.example", "https://app.example.evil.example", "null")] origin: &str,
    ) {
        let page = Page::at(origin).in_engines(Profile::ALL);
        page.fetch(save()).through(&mut app()).await.assert_blocked();
    }
}
