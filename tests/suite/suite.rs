//! Assertions in test suites: on axum with tower-http's `CorsLayer`, in process, and over HTTP.

mod engines;
mod messages;
mod mistakes;
mod network;
mod pages;
mod services;

use std::panic::{self, AssertUnwindSafe};

use axum::{
    Router,
    http::{
        HeaderName, HeaderValue, Method,
        header::{CONTENT_TYPE, ETAG},
    },
    routing::{get, put},
};
use tower_http::cors::{AllowOrigin, CorsLayer};

const APP: &str = "https://app.example";
const ITEM: &str = "https://api.example/items/1";
const ME: &str = "https://api.example/me";

/// An API without CORS.
fn api() -> Router {
    Router::new()
        .route("/items/{id}", put(async || [(ETAG, "\"1\"")]).get(async || [(ETAG, "\"1\"")]))
        .route("/me", get(async || "me"))
}

/// A layer that lets `APP` use it with credentials.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list([HeaderValue::from_static(APP)]))
        .allow_credentials(true)
        .allow_methods([Method::PUT])
        .allow_headers([CONTENT_TYPE, HeaderName::from_static("x-token")])
        .expose_headers([ETAG])
}

/// The message of a failed assertion.
fn message<T>(assertion: impl FnOnce() -> T) -> String {
    let Err(payload) = panic::catch_unwind(AssertUnwindSafe(assertion)) else {
        panic!("the assertion holds");
    };
    *payload.downcast().expect("a panic with arguments has a string")
}
