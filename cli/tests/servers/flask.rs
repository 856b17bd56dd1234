//! Flask with flask-cors.

use std::{process::Command, sync::LazyLock};

use serde_json::{Value, json};

use crate::{
    Configuration, Fix, TOKEN, assert_found, assert_found_and_fixed, assert_passes, fixture,
    installed, runs, server::Server, set_options,
};

const OPTIONS: [(&str, &str); 6] = [
    ("Access-Control-Allow-Origin", "origins"),
    ("Access-Control-Allow-Credentials", "supports_credentials"),
    ("Access-Control-Allow-Methods", "methods"),
    ("Access-Control-Allow-Headers", "allow_headers"),
    ("Access-Control-Max-Age", "max_age"),
    ("Access-Control-Expose-Headers", "expose_headers"),
];

pub(crate) static IS_THERE: LazyLock<bool> =
    LazyLock::new(|| runs(python().args(["-c", "import flask, flask_cors"])));

/// The settings of `app.py`: the resources of flask-cors, and more.
struct Flask(Value);

impl Flask {
    fn right() -> Self {
        Self(json!({
            "resources": {
                "/*": {
                    "origins": "https://app.example",
                    "supports_credentials": true,
                    "methods": ["GET", "PUT"],
                    "allow_headers": ["Authorization"],
                    "expose_headers": ["ETag"],
                    "max_age": 600
                }
            },
            "authenticated": ["PUT"],
            "automatic_options": true,
            "headers": {}
        }))
    }

    fn with(mut self, pointer: &str, value: impl Into<Value>) -> Self {
        *self.0.pointer_mut(pointer).unwrap() = value.into();
        self
    }
}

impl Configuration for Flask {
    fn missing() -> Option<&'static str> {
        (!*IS_THERE).then_some("python3, flask or flask-cors is not installed")
    }

    fn start(&self) -> Server {
        let mut command = python();
        command.arg(fixture("app.py")).env("SETTINGS", self.0.to_string()).env("API_TOKEN", TOKEN);
        Server::printing_its_port(command)
    }

    fn apply(&mut self, fix: &Fix) {
        let resources = self.0["resources"].as_object_mut().unwrap();
        let path = if resources.contains_key("/*") { "/*" } else { &fix.path };
        let options = resources.entry(path).or_insert_with(|| json!({})).as_object_mut().unwrap();
        set_options(options, &OPTIONS, fix);
        if fix.is_for_preflight() && fix.status == Some(204) {
            // flask-cors cannot fix this: Flask itself answers preflights, with 200, if nothing
            // prevents it.
            self.0["automatic_options"] = true.into();
            self.0["authenticated"] = json!(["PUT"]);
        }
        // The application must not repeat the headers that flask-cors sends.
        self.0["headers"]
            .as_object_mut()
            .unwrap()
            .retain(|name, _| !fix.headers.contains_key(name));
    }
}

pub(crate) fn python() -> Command {
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", installed("python")).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

#[test]
fn right_configuration() {
    assert_passes(&Flask::right());
}

#[test]
fn wildcard_with_credentials() {
    let options = json!({ "origins": "*", "send_wildcard": true });
    let mistaken = Flask::right().with("/resources/~1*", options);
    assert_found_and_fixed(
        mistaken,
        &[
            "items in all: the preflight's response fails the CORS check: Access-Control-Allow-Origin is `*`, which does not allow requests with credentials",
            "errors in all: Access-Control-Allow-Origin is `*`, which does not allow requests with credentials",
            "anybody else in all: the page may read the answer",
        ],
    );
}

/// With credentials, flask-cors replaces `*` by any origin that asks. No headers would fix such a
/// row, so none are proposed; the advice, to compare the origin, is the right configuration.
#[test]
fn any_origin_with_credentials() {
    let mistaken = Flask::right().with("/resources/~1*/origins", "*");
    let fixes = assert_found(&mistaken, &["anybody else in all: the page may read the answer"]);
    assert!(fixes.is_none_or(|fixes| fixes.is_empty()));
}

#[test]
fn preflight_that_needs_authentication() {
    let mistaken = Flask::right().with("/authenticated", json!(["PUT", "OPTIONS"]));
    assert_found_and_fixed(
        mistaken,
        &["items in all: the preflight's status is 401, not 200 to 299"],
    );
}

#[test]
fn preflight_that_is_not_routed() {
    assert_found_and_fixed(
        Flask::right().with("/automatic_options", false),
        &["items in all: the preflight's status is 405, not 200 to 299"],
    );
}

#[test]
fn two_lines() {
    let headers = json!({ "Access-Control-Allow-Origin": "https://app.example" });
    assert_found_and_fixed(
        Flask::right().with("/headers", headers),
        &[
            "items in all: the preflight's response fails the CORS check: there are 2 Access-Control-Allow-Origin lines, which are read as one value",
            "errors in all: there are 2 Access-Control-Allow-Origin lines, which are read as one value",
        ],
    );
}

#[test]
fn error_without_headers() {
    let Flask(mut settings) = Flask::right();
    settings["resources"] = json!({ "/items": settings["resources"]["/*"] });
    assert_found_and_fixed(
        Flask(settings),
        &[
            "errors in all: there is no Access-Control-Allow-Origin",
            "anybody else in all: GET http://SERVER/missing is answered with 404, and no page of the file sees any CORS there, so this proves nothing",
        ],
    );
}

#[test]
fn trailing_slash() {
    let mistaken = Flask::right().with("/resources/~1*/origins", "https://app.example/");
    assert_found_and_fixed(
        mistaken,
        &[
            "items in all: the preflight's response fails the CORS check: there is no Access-Control-Allow-Origin",
            "errors in all: there is no Access-Control-Allow-Origin",
            "anybody else in all: GET http://SERVER/missing is answered with 404, and no page of the file sees any CORS there, so this proves nothing",
        ],
    );
}
