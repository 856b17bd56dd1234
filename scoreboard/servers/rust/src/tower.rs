//! tower-http, in axum. https://github.com/tower-rs/tower-http

use std::io;

use axum::{
    Json, Router,
    http::{
        HeaderValue, Method, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE},
    },
    routing::get,
};
use serde_json::{Value, json};
use tower_http::cors::{AllowOrigin, CorsLayer};

fn cors(variant: &str) -> CorsLayer {
    match variant {
        "default" => CorsLayer::permissive(),
        "pattern" => CorsLayer::new()
            .allow_origin(AllowOrigin::predicate(|origin, _| {
                origin == "https://app.example" || origin.as_bytes().ends_with(b".app.example")
            }))
            .allow_credentials(true),
        _ => CorsLayer::new()
            .allow_origin(HeaderValue::from_static("https://app.example"))
            .allow_methods([Method::GET, Method::PUT])
            .allow_headers([AUTHORIZATION, CONTENT_TYPE])
            .allow_credentials(true),
    }
}

async fn items() -> ([(&'static str, &'static str); 1], Json<Value>) {
    ([("X-Total-Count", "0")], Json(json!([])))
}

async fn error() -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

#[tokio::main(flavor = "current_thread")]
pub async fn serve(variant: &str, port: u16) -> io::Result<()> {
    let app = Router::new()
        .route("/items", get(items).put(items))
        .route("/error", get(error))
        .layer(cors(variant));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, app).await
}
