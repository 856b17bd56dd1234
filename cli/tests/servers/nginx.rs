//! nginx, as Debian packages it, in front of an application.

use std::{fs, net::TcpListener, process::Command, sync::LazyLock};

use crate::{
    Configuration, Fix, assert_found_and_fixed, assert_passes, fixture, runs,
    server::{Server, await_file, folder},
};

const IF_PREFLIGHT: &str = "if ($request_method = OPTIONS) {";

/// The number of attempts if another program takes nginx's port.
pub(crate) const ATTEMPTS: usize = 5;

pub(crate) static PROGRAM: LazyLock<Option<&str>> = LazyLock::new(|| {
    // Debian's nginx is not on the path of all users.
    ["nginx", "/usr/sbin/nginx"].into_iter().find(|path| runs(Command::new(path).arg("-v")))
});

struct Nginx {
    /// The directives of `cors.conf` for preflights, if there are any. The other field has those
    /// for all other requests.
    preflight: Option<Vec<String>>,
    request: Vec<String>,
    /// Directives of the application behind nginx.
    application: &'static str,
}

impl Nginx {
    /// Reads `cors.conf`.
    fn right() -> Self {
        let text = fs::read_to_string(fixture("cors.conf")).unwrap();
        let (preflight, request) =
            text.strip_prefix(IF_PREFLIGHT).unwrap().split_once('}').unwrap();
        let lines = |text: &str| text.trim().lines().map(|line| line.trim().to_owned()).collect();
        Self { preflight: Some(lines(preflight)), request: lines(request), application: "" }
    }

    fn replacing(mut self, from: &str, to: &str) -> Self {
        for line in self.preflight.iter_mut().flatten().chain(&mut self.request) {
            *line = line.replace(from, to);
        }
        self
    }

    /// nginx leaves preflights to the application.
    fn passing_preflights_on(application: &'static str) -> Self {
        Self { preflight: None, application, ..Self::right() }
    }

    fn cors_conf(&self) -> String {
        let preflight = self.preflight.iter().flat_map(|lines| {
            let indented = lines.iter().map(|line| format!("    {line}"));
            [IF_PREFLIGHT.to_owned()].into_iter().chain(indented).chain(["}".to_owned()])
        });
        preflight.chain(self.request.clone()).map(|line| line + "\n").collect()
    }
}

impl Configuration for Nginx {
    fn missing() -> Option<&'static str> {
        PROGRAM.is_none().then_some("nginx is not installed")
    }

    fn start(&self) -> Server {
        let mut log = String::new();
        for _ in 0..ATTEMPTS {
            let folder = folder();
            fs::copy(fixture("nginx.conf"), folder.join("nginx.conf")).unwrap();
            fs::write(folder.join("cors.conf"), self.cors_conf()).unwrap();
            fs::write(folder.join("application.conf"), self.application).unwrap();
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            fs::write(folder.join("listen.conf"), format!("listen 127.0.0.1:{port};")).unwrap();
            let mut command = Command::new(PROGRAM.unwrap());
            command.arg("-p").arg(&folder).args(["-c", "nginx.conf", "-e", "error.log"]);
            // nginx writes it when it listens.
            let pid = folder.join("nginx.pid");
            match Server::start(command, folder, |child| await_file(child, &pid).then_some(port)) {
                Ok(server) => return server,
                Err(written) => log = written,
            }
        }
        panic!("nginx does not start:\n{log}");
    }

    fn apply(&mut self, fix: &Fix) {
        let lines = if fix.is_for_preflight() {
            let lines = self.preflight.get_or_insert_default();
            if let Some(status) = fix.status {
                lines.retain(|line| !line.starts_with("return "));
                lines.push(format!("return {status};"));
            }
            lines
        } else {
            &mut self.request
        };
        for (name, value) in &fix.headers {
            let hides = format!("proxy_hide_header {name};");
            lines
                .retain(|line| !line.starts_with(&format!("add_header {name} ")) && *line != hides);
            lines.insert(0, format!("add_header {name} \"{value}\" always;"));
            if !fix.is_for_preflight() {
                // The application may send it too.
                lines.insert(0, hides);
            }
        }
    }
}

#[test]
fn right_configuration() {
    assert_passes(&Nginx::right());
}

#[test]
fn wildcard_with_credentials() {
    assert_found_and_fixed(
        Nginx::right().replacing("https://app.example", "*"),
        &[
            "items in all: the preflight's response fails the CORS check: Access-Control-Allow-Origin is `*`, which does not allow requests with credentials",
            "errors in all: Access-Control-Allow-Origin is `*`, which does not allow requests with credentials",
            "anybody else in all: the page may read the answer",
        ],
    );
}

#[test]
fn preflight_that_needs_authentication() {
    let application = "if ($http_authorization = '') { return 401; }";
    assert_found_and_fixed(
        Nginx::passing_preflights_on(application),
        &["items in all: the preflight's status is 401, not 200 to 299"],
    );
}

#[test]
fn preflight_that_is_not_routed() {
    let application = "if ($request_method = OPTIONS) { return 405; }";
    assert_found_and_fixed(
        Nginx::passing_preflights_on(application),
        &["items in all: the preflight's status is 405, not 200 to 299"],
    );
}

#[test]
fn two_lines() {
    let application = "add_header Access-Control-Allow-Origin https://app.example;";
    assert_found_and_fixed(
        Nginx { application, ..Nginx::right() },
        &[
            "items in all: there are 2 Access-Control-Allow-Origin lines, which are read as one value",
        ],
    );
}

#[test]
fn error_without_headers() {
    assert_found_and_fixed(
        Nginx::right().replacing(" always;", ";"),
        &[
            "errors in all: there is no Access-Control-Allow-Origin",
            "anybody else in all: GET http://SERVER/missing is answered with 404, and no page of the file sees any CORS there, so this proves nothing",
        ],
    );
}

#[test]
fn trailing_slash() {
    let mistaken = Nginx::right().replacing("https://app.example", "https://app.example/");
    assert_found_and_fixed(
        mistaken,
        &[
            "items in all: the preflight's response fails the CORS check: Access-Control-Allow-Origin is `https://app.example/`, not `https://app.example`",
            "errors in all: Access-Control-Allow-Origin is `https://app.example/`, not `https://app.example`",
        ],
    );
}
