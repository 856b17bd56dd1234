//! Writes a first file, and checks that the server meets it.

use crate::server::{Answer, Outcome, Request, Server, answer, expect, good, written};

fn init(server: &Server, path: &str, origins: &[&str]) -> Outcome {
    let mut command = expect();
    command.arg(format!("--init={}{path}", server.base()));
    command.args(origins.iter().map(|origin| format!("--origin={origin}")));
    let mut outcome = Outcome::of(&mut command);
    outcome.stdout = outcome.stdout.replace(&server.base(), "http://127.0.0.1:PORT");
    outcome
}

fn assert_passes(server: &Server, toml: &str) {
    let file = written("cors.toml", &toml.replace("PORT", &server.port.to_string()));
    let outcome = Outcome::of(expect().arg(&file));
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
}

const CANNOT: &str = "\
note: any other website cannot read the answer without the user's cookies
note: any other website cannot read the answer with the user's cookies
note: a page without an origin (`null`, as in a sandbox) cannot read the answer without the user's cookies
note: a page without an origin (`null`, as in a sandbox) cannot read the answer with the user's cookies
note: a page that looks like one of yours cannot read the answer without the user's cookies
note: a page that looks like one of yours cannot read the answer with the user's cookies
";

#[test]
fn of_a_server_with_one_page() {
    let server = Server::new(good);
    let outcome =
        init(&server, "/items?a=b", &["https://app.example", "https://other.example:8080"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, CANNOT));
    assert_eq!(
        outcome.stdout,
        r#"# What pages can do with http://127.0.0.1:PORT/items?a=b, and what nobody else may.
# `browser-cors expect` asks the server for every row of this file.
base = "http://127.0.0.1:PORT"

# The pages that must be able to use it, by names of your own.
[pages]
app-example = "https://app.example"
other-example-8080 = "https://other.example:8080"

# Pages can read the answer, with the user's cookies.
[[allow]]
name = "read"
pages = ["app-example"]
paths = ["/items?a=b"]
credentials = ["include"]
read = ["etag"]

# Pages get past the preflight with these, and may send the user's cookies. Nothing but the preflight is sent.
[[allow]]
name = "write"
pages = ["app-example"]
methods = ["GET", "POST", "PUT", "DELETE"]
paths = ["/items?a=b"]
credentials = ["include"]
headers = { "authorization" = "Bearer x", "content-type" = "application/json" }
preflight-every = 600
send = "preflight"

# Nobody else can read the answer.
[[deny]]
name = "others"
from = ["foreign", "null", "look-alike"]
paths = ["/items?a=b"]
credentials = ["same-origin", "include"]
"#
    );
    // Asking changed nothing.
    let methods = server.requests().into_iter().map(|request| request.method);
    assert!(methods.clone().all(|method| method == "GET" || method == "OPTIONS"));
    assert!(methods.count() > 0);
    assert_passes(&server, &outcome.stdout);
}

/// What everybody can read is said, and the rows that should hold stand in the file as comments.
#[test]
fn of_a_server_for_everybody() {
    let server = Server::new(|_| {
        answer(
            200,
            ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: X-\"quoted\", x-a"],
        )
    });
    let outcome = init(&server, "/", &["https://app.example", "null"]);
    assert_eq!(outcome.code, 0);
    let [foreign, _, null, _, alike, _, last] = &outcome.stderr.lines().collect::<Vec<_>>()[..]
    else {
        panic!("{}", outcome.stderr)
    };
    assert_eq!(
        [*foreign, null, last],
        [
            "note: any other website CAN read the answer without the user's cookies (in standard, \
             chromium, firefox, webkit)",
            "note: a page without an origin (`null`, as in a sandbox) CAN read the answer without the \
             user's cookies (in standard, chromium, firefox, webkit)",
            "note: the file has rows that fail today, as comments",
        ]
    );
    assert!(
        alike.contains(" CAN read the answer without the user's cookies: http://app.example, ")
    );
    assert_eq!(
        outcome.stderr.matches(" cannot read the answer with the user's cookies\n").count(),
        3
    );
    let (active, comments) = outcome.stdout.split_once("\n# If the answer").unwrap();
    assert_eq!(
        active,
        r#"# What pages can do with http://127.0.0.1:PORT/, and what nobody else may.
# `browser-cors expect` asks the server for every row of this file.
base = "http://127.0.0.1:PORT"

# The pages that must be able to use it, by names of your own.
[pages]
app-example = "https://app.example"
null = "null"

# Pages can read the answer, without the user's cookies.
[[allow]]
name = "read"
paths = ["/"]
credentials = ["same-origin"]

# Nobody else can read the answer with the user's cookies.
[[deny]]
name = "others"
from = ["foreign", "null", "look-alike"]
paths = ["/"]
credentials = ["include"]
"#
    );
    assert_eq!(comments.matches("\n# FAILS TODAY: ").count(), 3);
    assert!(comments.lines().skip(1).all(|line| line.starts_with("# ")), "{comments}");
    assert!(comments.ends_with(
        "\n# [[deny]]\n# name = \"others\"\n# from = [\"foreign\", \"null\", \"look-alike\"]\n\
         # paths = [\"/\"]\n# credentials = [\"same-origin\"]\n"
    ));
    assert_passes(&server, &outcome.stdout);
    // Without the marks, they fail.
    let rows = outcome.stdout.replace("\n# If", "\n#If").replace("\n# FAILS", "\n#FAILS");
    let (head, rows) = rows.split_once("#If").unwrap();
    let toml = format!("{head}#{}", rows.replace("\n# ", "\n"));
    let outcome = server.expect(&toml.replace("PORT", &server.port.to_string()), &[]);
    assert_eq!(outcome.code, 1, "{toml}{}", outcome.stdout);
}

/// Some servers judge the headers only of a method that they grant.
#[test]
fn headers_are_asked_for_with_the_methods_that_need_them() {
    let server = Server::new(|request: &Request| {
        if request.header("Origin") != Some("https://app.example") {
            return answer(400, []);
        }
        let is_granted = request.header("Access-Control-Request-Method") != Some("GET")
            && request.header("Access-Control-Request-Method") != Some("POST");
        answer(
            if is_granted { 200 } else { 400 },
            [
                "Access-Control-Allow-Origin: https://app.example",
                "Access-Control-Allow-Methods: PUT",
                "Access-Control-Allow-Headers: Content-Type",
            ],
        )
    });
    let outcome = init(&server, "/", &["https://app.example"]);
    assert_eq!(outcome.code, 0);
    assert!(
        outcome.stdout.contains(
            "methods = [\"PUT\"]\npaths = [\"/\"]\ncredentials = [\"same-origin\"]\n\
             headers = { \"content-type\" = \"application/json\" }\n"
        ),
        "{}",
        outcome.stdout
    );
    assert_passes(&server, &outcome.stdout);
}

/// A header with a safelisted form is asked for with a value that needs a preflight.
#[test]
fn of_a_server_that_grants_ranges() {
    let server = Server::new(|_| {
        answer(200, ["Access-Control-Allow-Origin: *", "Access-Control-Allow-Headers: Range"])
    });
    let outcome = init(&server, "/", &["https://app.example"]);
    assert!(
        outcome.stdout.contains("headers = { \"range\" = \"items=0-1\" }\n"),
        "{}",
        outcome.stdout
    );
    assert_passes(&server, &outcome.stdout);
}

#[test]
fn of_a_server_that_grants_nothing() {
    let server = Server::new(|_| answer(200, []));
    let outcome = init(&server, "/", &["https://app.example"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, CANNOT));
    assert!(!outcome.stdout.contains("[[allow]]"), "{}", outcome.stdout);
    assert_passes(&server, &outcome.stdout);
}

#[test]
fn of_what_proves_nothing() {
    let server = Server::new(|_| answer(404, []));
    let base = server.base();
    let outcome = init(&server, "/typo", &["https://app.example"]);
    assert_eq!(
        (outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()),
        (
            2,
            "",
            &*format!(
                "browser-cors: GET {base}/typo is answered with 404, and no page of the file sees any \
                 CORS there, so this proves nothing: a URL that the pages can use was expected\n"
            )
        )
    );
    for (origins, problem) in [
        (
            &[][..],
            format!(
                "--init asks what a server grants to your pages: name their origins with `--origin`, \
                 as in `browser-cors expect --init {base}/ --origin https://app.example`"
            ),
        ),
        (
            &["https://*.preview.example"],
            "`https://*.preview.example` is a pattern, and no page has such an origin: an origin was \
             expected"
                .to_owned(),
        ),
        (
            &[&*base],
            format!(
                "{base}/ is of the page's own origin, where there is no CORS: another page was expected"
            ),
        ),
    ] {
        let outcome = init(&server, "/", origins);
        assert_eq!((outcome.code, outcome.stderr), (2, format!("browser-cors: {problem}\n")));
    }
}

#[test]
fn of_no_server() {
    let server = Server::new(|_| Answer::default());
    let outcome = init(&server, "/", &["https://app.example"]);
    let message = format!(
        "browser-cors: GET http://127.0.0.1:{}/ failed: the server closed the connection \
         without an answer\n",
        server.port
    );
    assert_eq!(outcome, Outcome { code: 2, stdout: String::new(), stderr: message });
}
