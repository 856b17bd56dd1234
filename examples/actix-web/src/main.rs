//! Tests an actix-web server over HTTP. `cargo test -p example-actix-web` runs the tests; `cargo
//! run -p example-actix-web` shows what a browser does.

use std::{sync::mpsc, thread};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt::System, web};
use browser_cors::suite::{Page, put};
use browser_cors_audit::OverHttp;

/// One page may save items.
async fn items(request: HttpRequest) -> HttpResponse {
    let mut answer = HttpResponse::NoContent();
    answer.insert_header(("Vary", "Origin"));
    if request.headers().get("Origin").is_some_and(|origin| origin == "https://app.example") {
        answer.insert_header(("Access-Control-Allow-Origin", "https://app.example"));
        answer.insert_header(("Access-Control-Allow-Methods", "PUT"));
    }
    answer.finish()
}

/// Starts the server on a free port. Returns its URL.
fn start() -> String {
    let (sender, base) = mpsc::channel();
    thread::spawn(move || {
        System::new().block_on(async move {
            let app = || App::new().route("/items/{id}", web::to(items));
            let server = HttpServer::new(app).workers(1).bind("127.0.0.1:0").expect("a free port");
            sender.send(format!("http://{}", server.addrs()[0])).expect("somebody waits for it");
            server.run().await
        })
    });
    base.recv().expect("the server starts")
}

fn main() {
    let page = Page::at("https://evil.example");
    print!("{}", page.fetch(put("/items/1")).against(&start()));
}

#[cfg(test)]
mod tests {
    use browser_cors::engine::Profile;
    use rstest::{fixture, rstest};

    use super::*;

    #[fixture]
    #[once]
    fn base() -> String {
        start()
    }

    #[rstest]
    fn our_page_can_save(base: &str) {
        let page = Page::at("https://app.example").in_engines(Profile::ALL);
        page.fetch(put("/items/1")).against(base).assert_shared().assert_preflight();
    }

    #[rstest]
    fn nobody_else_can(base: &str, #[values("https://evil.example", "null")] origin: &str
    ) {
        Page::at(origin).fetch(put("/items/1")).against(base).assert_blocked();
    }
}
