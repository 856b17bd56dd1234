//! actix-cors. https://github.com/actix/actix-extras/tree/master/actix-cors

use std::io;

use actix_cors::Cors;
use actix_web::{
    App, Error, HttpResponse, HttpServer,
    error::ErrorInternalServerError,
    http::header::{AUTHORIZATION, CONTENT_TYPE},
    web,
};
use serde_json::json;

fn cors(variant: &str) -> Cors {
    match variant {
        "default" => Cors::permissive(),
        "pattern" => Cors::default()
            .allowed_origin("https://app.example")
            .allowed_origin_fn(|origin, _| origin.as_bytes().ends_with(b".app.example"))
            .supports_credentials(),
        _ => Cors::default()
            .allowed_origin("https://app.example")
            .allowed_methods(["GET", "PUT"])
            .allowed_headers([AUTHORIZATION, CONTENT_TYPE])
            .supports_credentials(),
    }
}

async fn items() -> HttpResponse {
    HttpResponse::Ok().insert_header(("X-Total-Count", "0")).json(json!([]))
}

async fn error() -> Result<HttpResponse, Error> {
    Err(ErrorInternalServerError("an error"))
}

#[actix_web::main]
pub async fn serve(variant: &str, port: u16) -> io::Result<()> {
    let variant = variant.to_owned();
    HttpServer::new(move || {
        let items = web::resource("/items").get(items).put(items);
        App::new().wrap(cors(&variant)).service(items).route("/error", web::get().to(error))
    })
    .workers(1)
    .bind(("127.0.0.1", port))?
    .run()
    .await
}
