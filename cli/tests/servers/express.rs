//! Express with the package cors.

use std::{process::Command, sync::LazyLock};

use serde_json::{Value, json};

use crate::{
    Configuration, Fix, TOKEN, assert_found_and_fixed, assert_passes, fixture, installed, runs,
    server::Server, set_options,
};

const OPTIONS: [(&str, &str); 6] = [
    ("Access-Control-Allow-Origin", "origin"),
    ("Access-Control-Allow-Credentials", "credentials"),
    ("Access-Control-Allow-Methods", "methods"),
    ("Access-Control-Allow-Headers", "allowedHeaders"),
    ("Access-Control-Max-Age", "maxAge"),
    ("Access-Control-Expose-Headers", "exposedHeaders"),
];

pub(crate) static IS_THERE: LazyLock<bool> =
    LazyLock::new(|| runs(node().args(["-e", "require('express'), require('cors')"])));

/// The settings of `app.js`: the options of cors at each path, and more.
struct Express(Value);

impl Express {
    fn right() -> Self {
        Self(json!({
            "cors": {
                "/": {
                    "origin": "https://app.example",
                    "credentials": true,
                    "methods": ["GET", "PUT"],
                    "allowedHeaders": ["Authorization"],
                    "exposedHeaders": ["ETag"],
                    "maxAge": 600
                }
            },
            "authenticateFirst": false,
            "headers": {}
        }))
    }

    fn with(mut self, pointer: &str, value: impl Into<Value>) -> Self {
        *self.0.pointer_mut(pointer).unwrap() = value.into();
        self
    }
}

impl Configuration for Express {
    fn missing() -> Option<&'static str> {
        (!*IS_THERE).then_some("node, express or cors is not installed")
    }

    fn start(&self) -> Server {
        let mut command = node();
        command.arg(fixture("app.js")).env("SETTINGS", self.0.to_string()).env("API_TOKEN", TOKEN);
        Server::printing_its_port(command)
    }

    fn apply(&mut self, fix: &Fix) {
        let cors = self.0["cors"].as_object_mut().unwrap();
        let path = if cors.contains_key("/") { "/" } else { &fix.path };
        let options = cors.entry(path).or_insert_with(|| json!({})).as_object_mut().unwrap();
        set_options(options, &OPTIONS, fix);
        if let Some(status) = fix.status.filter(|_| fix.is_for_preflight()) {
            options.insert("optionsSuccessStatus".to_owned(), status.into());
            options.insert("preflightContinue".to_owned(), false.into());
            // The package cors cannot fix this, because such requests never reach it.
            self.0["authenticateFirst"] = false.into();
        }
        // The application must not repeat the headers that cors sends.
        self.0["headers"]
            .as_object_mut()
            .unwrap()
            .retain(|name, _| !fix.headers.contains_key(name));
    }
}

pub(crate) fn node() -> Command {
    let mut command = Command::new("node");
    command.env("NODE_PATH", installed("node_modules"));
    command
}

#[test]
fn right_configuration() {
    assert_passes(&Express::right());
}

#[test]
fn wildcard_with_credentials() {
    assert_found_and_fixed(
        Express::right().with("/cors/~1/origin", "*"),
        &[
            "items in all: the preflight's response fails the CORS check: Access-Control-Allow-Origin is `*`, which does not allow requests with credentials",
            "errors in all: Access-Control-Allow-Origin is `*`, which does not allow requests with credentials",
            "anybody else in all: the page may read the answer",
        ],
    );
}

#[test]
fn preflight_that_needs_authentication() {
    assert_found_and_fixed(
        Express::right().with("/authenticateFirst", true),
        &[
            "items in standard, chromium, firefox: the preflight's response fails the CORS check: there is no Access-Control-Allow-Origin",
            "items in webkit: the preflight's status is 401, not 200 to 299",
        ],
    );
}

#[test]
fn preflight_that_is_not_routed() {
    let mut mistaken = Express::right();
    mistaken.0["cors"]["/"]["preflightContinue"] = true.into();
    assert_found_and_fixed(
        mistaken,
        &["items in all: the preflight's status is 405, not 200 to 299"],
    );
}

#[test]
fn two_lines() {
    let headers = json!({ "Access-Control-Allow-Origin": "https://app.example" });
    assert_found_and_fixed(
        Express::right().with("/headers", headers),
        &[
            "items in all: there are 2 Access-Control-Allow-Origin lines, which are read as one value",
            "errors in all: there are 2 Access-Control-Allow-Origin lines, which are read as one value",
        ],
    );
}

#[test]
fn error_without_headers() {
    let Express(mut settings) = Express::right();
    settings["cors"] = json!({ "/items": settings["cors"]["/"] });
    assert_found_and_fixed(
        Express(settings),
        &[
            "errors in all: there is no Access-Control-Allow-Origin",
            "anybody else in all: GET http://SERVER/missing is answered with 404, and no page of the file sees any CORS there, so this proves nothing",
        ],
    );
}

#[test]
fn trailing_slash() {
    assert_found_and_fixed(
        Express::right().with("/cors/~1/origin", "https://app.example/"),
        &[
            "items in all: the preflight's response fails the CORS check: Access-Control-Allow-Origin is `https://app.example/`, not `https://app.example`",
            "errors in all: Access-Control-Allow-Origin is `https://app.example/`, not `https://app.example`",
        ],
    );
}

#[test]
fn trailing_slash_in_a_list() {
    let origins = json!(["https://app.example/", "https://docs.example/"]);
    assert_found_and_fixed(
        Express::right().with("/cors/~1/origin", origins),
        &[
            "items in all: the preflight's response fails the CORS check: there is no Access-Control-Allow-Origin",
            "errors in all: there is no Access-Control-Allow-Origin",
            "anybody else in all: GET http://SERVER/missing is answered with 404, and no page of the file sees any CORS there, so this proves nothing",
        ],
    );
}
