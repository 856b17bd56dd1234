//! Runs `browser-cors check` against servers that answer oddly. Checks what they receive, byte for
//! byte, and what the user reads.

mod schema;

use std::{
    fs,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::{ServerConfig, ServerConnection, StreamOwned, pki_types::PrivateKeyDer};
use serde_json::Value;

use schema::assert_conform;

/// A server on the loopback interface. Each connection gets the next answer.
struct Server {
    port: u16,
    requests: Receiver<String>,
}

type Answer = Box<dyn FnOnce(&mut TcpStream) -> io::Result<()> + Send>;

impl Server {
    fn new(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, requests) = mpsc::channel();
        thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                sender.send(read_request(&mut stream)).unwrap();
                // The client may be gone.
                let _ = answer(&mut stream);
            }
        });
        Self { port, requests }
    }

    fn answering<const N: usize>(answers: [&str; N]) -> Self {
        Self::new(answers.into_iter().map(|answer| bytes(answer.as_bytes())).collect())
    }

    /// The requests so far, with `PORT` in place of the port.
    fn requests(&self) -> Vec<String> {
        self.requests
            .try_iter()
            .map(|request| request.replace(&format!(":{}", self.port), ":PORT"))
            .collect()
    }

    /// Runs `browser-cors check`; `a.test` and `b.test` are this server. `PORT` stands for its
    /// port, in the arguments and in the output.
    fn check(&self, args: &[&str]) -> Outcome {
        self.run(check(), args)
    }

    fn run(&self, mut command: Command, args: &[&str]) -> Outcome {
        let port = self.port.to_string();
        command.args(args.iter().map(|arg| arg.replace("PORT", &port)));
        for name in ["a.test", "b.test"] {
            command.arg(format!("--resolve={name}:{port}:127.0.0.1"));
        }
        let outcome = Outcome::of(command, self.port);
        if outcome.stdout.starts_with('{') {
            assert_conform("check", &outcome.stdout);
        }
        outcome
    }
}

/// Reads the request with its body, one character a byte. Reads only once if it is not HTTP.
fn read_request(stream: &mut impl Read) -> String {
    let mut request = String::new();
    let mut buffer = [0; 4096];
    loop {
        let length = stream.read(&mut buffer).unwrap_or_default();
        request.extend(buffer[..length].iter().copied().map(char::from));
        let is_complete = request.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
            body.len() >= length.map_or(0, |length| length.parse().unwrap())
        });
        if length == 0 || is_complete || request.starts_with('\x16') {
            return request;
        }
    }
}

fn bytes(answer: &[u8]) -> Answer {
    let answer = answer.to_vec();
    Box::new(move |stream| stream.write_all(&answer))
}

/// Sends `answer`, with the server's port in place of `PORT`.
fn bytes_with_port(answer: &'static str) -> Answer {
    Box::new(move |stream| {
        let port = stream.local_addr()?.port().to_string();
        stream.write_all(answer.replace("PORT", &port).as_bytes())
    })
}

/// Sends `answer` and keeps the connection open until the client closes it.
fn bytes_and_wait(answer: &'static [u8]) -> Answer {
    Box::new(move |stream| {
        stream.write_all(answer)?;
        stream.read(&mut [0]).map(|_| ())
    })
}

fn check() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browser-cors"));
    command.arg("check");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
    command
}

#[derive(Debug)]
struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Outcome {
    fn of(mut command: Command, port: u16) -> Self {
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes).unwrap().replace(&format!(":{port}"), ":PORT")
        };
        Self {
            code: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

const ALLOWED: &str = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n";

#[test]
fn simple_request() {
    let server = Server::answering([ALLOWED]);
    let outcome = server.check(&["http://a.test:PORT/x?y#z", "--origin=http://app.test"]);
    let exchange = "\n1. GET http://a.test:PORT/x?y  (without credentials)\n";
    assert!(outcome.stdout.contains(exchange), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("\n   => 200\n"), "{}", outcome.stdout);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let user_agent = concat!("browser-cors/", env!("CARGO_PKG_VERSION"));
    assert_eq!(
        server.requests(),
        [format!(
            "GET /x?y HTTP/1.1\r\nHost: a.test:PORT\r\nAccept: */*\r\n\
             Referer: http://app.test/\r\nOrigin: http://app.test\r\n\
             User-Agent: {user_agent}\r\n\r\n"
        )]
    );
}

/// All engines: a request that several of them send goes out once, in the order of the engines.
#[test]
fn all_engines() {
    const GRANTED: &str = "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n\r\n";
    let server = Server::answering([GRANTED, ALLOWED]);
    let arguments = ["http://a.test:PORT/", "--origin=http://app.test", "--engine=all", "-HDPR: 2"];
    let outcome = server.check(&arguments);
    let summary = "works in chromium; blocked in standard, firefox, webkit, \
                   because of client-hints-safelisted\n";
    assert!(outcome.stdout.contains(summary), "{}", outcome.stdout);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    let requests = server.requests();
    let lines: Vec<_> = requests.iter().filter_map(|request| request.lines().next()).collect();
    assert_eq!(lines, ["OPTIONS / HTTP/1.1", "GET / HTTP/1.1"]);
}

/// A request that all engines send goes out once.
#[test]
fn all_engines_agree() {
    let server = Server::answering([ALLOWED]);
    let arguments =
        ["http://a.test:PORT/", "--origin=http://app.test", "--engine=all", "--format=json"];
    let outcome = server.check(&arguments);
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap();
    for engine in ["standard", "chromium", "firefox", "webkit"] {
        assert_eq!(json["engines"][engine]["fetches"][0]["result"]["type"], "cors", "{engine}");
    }
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(server.requests().len(), 1);
}

/// An engine judges in its own way, and its console line is printed.
#[test]
fn engine() {
    const REFUSED: &str = "HTTP/1.1 200 OK\r\n\r\n";
    let server = Server::answering([REFUSED, REFUSED]);
    let arguments = ["http://a.test:PORT/", "--origin=http://app.test", "--engine=chromium"];
    let line = "Access to fetch at 'http://a.test:PORT/' from origin 'http://app.test' has been \
        blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested \
        resource.";
    let outcome = server.check(&arguments);
    assert!(outcome.stdout.ends_with(&format!("\nconsole: {line}\n")), "{}", outcome.stdout);
    let [url, origin, engine] = arguments;
    let outcome = server.check(&[url, origin, engine, "--format=json"]);
    let json: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(json["console"], serde_json::json!([line]));
}

#[test]
fn preflighted_request_with_credentials_and_a_body() {
    const GRANT: &str = "Access-Control-Allow-Origin: http://app.test\r\n\
                         Access-Control-Allow-Credentials: true\r\n";
    let server = Server::answering([
        &format!(
            "HTTP/1.1 204 No Content\r\n{GRANT}Access-Control-Allow-Methods: PATCH\r\n\
             Access-Control-Allow-Headers: content-type, x-token, user-agent\r\n\r\n"
        ),
        &format!("HTTP/1.1 200 OK\r\n{GRANT}\r\n"),
    ]);
    let outcome = server.check(&[
        "http://a.test:PORT/",
        "--origin=http://app.test",
        "-XPATCH",
        "-HContent-Type: application/json",
        "-HX-Token: 1",
        "-Hx-token:2\u{e9} ",
        "-HUser-Agent: me",
        "--data={}",
        "--credentials=include",
        "--cookie=id=1; b=2",
    ]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    assert_eq!(
        server.requests(),
        [
            "OPTIONS / HTTP/1.1\r\nHost: a.test:PORT\r\nAccept: */*\r\n\
             Access-Control-Request-Method: PATCH\r\n\
             Access-Control-Request-Headers: content-type,user-agent,x-token\r\n\
             Referer: http://app.test/\r\nOrigin: http://app.test\r\n\
             User-Agent: browser-cors/0.1.0\r\n\r\n",
            "PATCH / HTTP/1.1\r\nHost: a.test:PORT\r\nContent-Type: application/json\r\n\
             X-Token: 1\r\nX-Token: 2\u{e9}\r\nUser-Agent: me\r\nAccept: */*\r\n\
             Content-Length: 2\r\nReferer: http://app.test/\r\nOrigin: http://app.test\r\n\
             Cookie: id=1; b=2\r\n\r\n{}",
        ]
    );
}

#[test]
fn data_without_a_method() {
    let server = Server::answering([ALLOWED]);
    let outcome =
        server.check(&["http://a.test:PORT/", "--origin=http://app.test", "--data=-\u{e9}"]);
    assert_eq!(outcome.code, 0);
    let request = &server.requests()[0];
    assert!(request.starts_with("POST / HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nContent-Type: text/plain;charset=UTF-8\r\n"), "{request}");
    assert!(request.contains("\r\nContent-Length: 3\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n-\u{c3}\u{a9}"), "{request}");
}

#[test]
fn methods_without_a_body() {
    const GRANT: &str = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
                         Access-Control-Allow-Methods: *\r\n\r\n";
    for (method, end) in [
        ("HEAD", "Origin: null\r\nUser-Agent: browser-cors/0.1.0\r\n\r\n"),
        ("DELETE", "Origin: null\r\nUser-Agent: browser-cors/0.1.0\r\n\r\n"),
        ("CHICKEN", "Origin: null\r\nUser-Agent: browser-cors/0.1.0\r\n\r\n"),
        ("PUT", "Content-Length: 0\r\nOrigin: null\r\nUser-Agent: browser-cors/0.1.0\r\n\r\n"),
        ("PATCH", "Origin: null\r\nUser-Agent: browser-cors/0.1.0\r\n\r\n"),
    ] {
        let server = Server::answering([GRANT, GRANT]);
        let outcome = server.check(&["http://a.test:PORT/", "--origin=null", "-X", method]);
        assert_eq!(outcome.code, 0, "{}", outcome.stdout);
        let requests = server.requests();
        let request = requests.last().unwrap();
        let start = format!("{method} / HTTP/1.1\r\nHost: a.test:PORT\r\nAccept: */*\r\n");
        assert_eq!(*request, format!("{start}{end}"));
    }
}

#[test]
fn credentials_that_are_never_sent() {
    const CROSS_ORIGIN: &str = "the credentials mode is same-origin, and the URL is not of the \
                                origin http://app.test";
    let server = Server::answering([ALLOWED]);
    for (args, option, reason) in [
        (&["--cookie=id=1"][..], "--cookie", CROSS_ORIGIN),
        (&["--user=me:secret"], "--user", CROSS_ORIGIN),
        (&["--cookie=id=1", "--credentials=omit"], "--cookie", "the credentials mode is omit"),
        (
            &["--cookie=id=1", "--credentials=include", "--preflight-only", "-XPUT"],
            "--cookie",
            "a preflight has no credentials",
        ),
    ] {
        let args = [&["http://a.test:PORT/", "--origin=http://app.test"], args].concat();
        let outcome = server.check(&args);
        assert_eq!(
            (outcome.code, outcome.stdout.as_str(), outcome.stderr),
            (
                2,
                "",
                format!(
                    "browser-cors: {option} would never be sent: {reason}; --credentials include \
                     sends it\n"
                )
            )
        );
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn cookie_on_the_way_to_another_host() {
    let server = Server::new(vec![
        bytes_with_port("HTTP/1.1 302 Found\r\nLocation: http://b.test:PORT/\r\n\r\n"),
        bytes_with_port(
            "HTTP/1.1 302 Found\r\nLocation: http://a.test:PORT/\r\n\
             Access-Control-Allow-Origin: http://a.test:PORT\r\n\
             Access-Control-Allow-Credentials: true\r\n\r\n",
        ),
        bytes(
            b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: null\r\n\
             Access-Control-Allow-Credentials: true\r\n\r\n",
        ),
    ]);
    let outcome = server.check(&[
        "http://a.test:PORT/",
        "--origin=http://a.test:PORT",
        "--credentials=include",
        "--cookie=id=1",
    ]);
    let note = "note: the page is of the server's own origin, where no permission is needed: this says \
                nothing about CORS\n";
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, note), "{}", outcome.stdout);
    let cookies: Vec<_> =
        server.requests().iter().map(|request| request.contains("\r\nCookie: id=1\r\n")).collect();
    assert_eq!(cookies, [true, false, true]);
}

#[test]
fn duplicate_headers() {
    let server = Server::answering(["HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
         Vary: Origin\r\naccess-control-allow-origin: *\r\n\r\n"]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    let lines = "
   Access-Control-Allow-Origin: *
   Access-Control-Allow-Origin: *
                                ^ expected http://app.test
";
    assert!(outcome.stdout.contains(lines), "{}", outcome.stdout);
}

#[test]
fn bytes_beyond_ascii() {
    let server = Server::new(vec![bytes(
        b"HTTP/1.1 200 \xff\r\nAccess-Control-Allow-Origin: http://app.test\xff\x80\r\n\r\n",
    )]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    let line = "\n   Access-Control-Allow-Origin: http://app.test\\xff\\x80\n";
    assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
}

#[test]
fn informational_answers() {
    let server = Server::answering([&format!(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\
         Access-Control-Allow-Origin: http://other.test\r\n\r\n{ALLOWED}"
    )]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
}

#[test]
fn http_1_0() {
    let server =
        Server::answering(["HTTP/1.0 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\nbody"]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
}

#[test]
fn line_feeds_alone() {
    let server = Server::answering(["HTTP/1.1 404\nAccess-Control-Allow-Origin: *\n\n"]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("(cors), status 404\n"), "{}", outcome.stdout);
}

#[test]
fn body_without_an_end() {
    let (sender, sent) = mpsc::channel();
    let server = Server::new(vec![Box::new(move |stream| {
        stream.write_all(ALLOWED.as_bytes())?;
        let mut total = 0_usize;
        while stream.write_all(&[b'x'; 1 << 16]).is_ok() {
            total += 1 << 16;
        }
        sender.send(total).map_err(io::Error::other)
    })]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    // The system's buffers may take this much.
    assert!(sent.recv_timeout(Duration::from_secs(5)).unwrap() < 32 << 20);
}

/// An answer whose header section has `length` bytes.
fn header_section(length: usize) -> Answer {
    let (start, end) = (&ALLOWED[..ALLOWED.len() - 2], "\r\n\r\n");
    let padding = "x".repeat(length - start.len() - end.len() - "X: ".len());
    bytes(format!("{start}X: {padding}{end}").as_bytes())
}

#[test]
fn header_section_at_the_limit() {
    let server = Server::new(vec![header_section(256 << 10)]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
}

/// Asserts the outcome of a fetch without an answer, for a GET of `http://a.test:PORT/`.
fn assert_no_answer(outcome: &Outcome, reason: &str) {
    let stderr = format!("browser-cors: GET http://a.test:PORT/ failed: {reason}\n");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (2, stderr.as_str()));
    let line = format!("\n   => no response: {reason}\n");
    assert!(outcome.stdout.contains(&line), "{}", outcome.stdout);
}

#[test]
fn header_section_beyond_the_limit() {
    let server = Server::new(vec![header_section((256 << 10) + 1)]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_no_answer(&outcome, "the header section of the answer is longer than 256 KiB");
}

#[test]
fn header_section_without_an_end() {
    let server = Server::new(vec![Box::new(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        loop {
            stream.write_all(format!("X: {}\r\n", "x".repeat(10_000)).as_bytes())?;
        }
    })]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_no_answer(&outcome, "the header section of the answer is longer than 256 KiB");
}

#[test]
fn header_lines_without_number() {
    let server = Server::answering([&format!(
        "{}{}\r\n",
        &ALLOWED[..ALLOWED.len() - 2],
        "X: y\r\n".repeat(4096)
    )]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_no_answer(&outcome, "the answer has more than 4096 header lines");
}

#[test]
fn trickle_of_header_bytes() {
    let server = Server::new(vec![Box::new(|stream| {
        for byte in ALLOWED.bytes() {
            stream.write_all(&[byte])?;
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    })]);
    let start = Instant::now();
    let outcome =
        server.check(&["http://a.test:PORT/", "--origin=http://app.test", "--timeout=0.3"]);
    assert_no_answer(&outcome, "the header section of the answer was not complete within 0.3 s");
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[test]
fn silent_server() {
    let server = Server::new(vec![bytes_and_wait(b"")]);
    let outcome =
        server.check(&["http://a.test:PORT/", "--origin=http://app.test", "--timeout=0.2"]);
    assert_no_answer(&outcome, "the server sent nothing within 0.2 s");
}

#[test]
fn connection_closed_unanswered() {
    let server = Server::answering([""]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_no_answer(&outcome, "the server closed the connection without an answer");
}

#[test]
fn connection_closed_within_the_header_section() {
    let server = Server::answering(["HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n"]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_no_answer(
        &outcome,
        "the server closed the connection in the header section of its answer",
    );
}

#[test]
fn server_of_another_protocol() {
    let server = Server::new(vec![bytes_and_wait(b"SSH-2.0-OpenSSH_9.9\r\n")]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_no_answer(&outcome, "what the server sent is not HTTP/1");
}

#[test]
fn answers_as_engines_read_them() {
    const ORIGIN: &str = "Access-Control-Allow-Origin:";
    let many = format!("{}{ORIGIN} *\r\n", "X: y\r\n".repeat(900));
    for (headers, code) in [
        // Lines that are no headers are skipped.
        (format!("bad name: x\r\nno colon\r\n{ORIGIN} *\r\n"), 0),
        (format!("bad name: x\r\n{ORIGIN} http://other.test\r\n"), 1),
        // A value may begin on the next line; a folded value is not an origin.
        (format!("{ORIGIN}\r\n http://app.test\r\n"), 0),
        (format!("{ORIGIN} http://\r\n app.test\r\n"), 1),
        (many, 0),
    ] {
        let answer = format!("HTTP/1.1 200 OK\r\n{headers}\r\n");
        let server = Server::answering([&answer]);
        let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (code, ""), "{}", outcome.stdout);
    }
}

#[test]
fn answers_that_engines_refuse() {
    for (byte, reason) in [
        ("\0", "its header section has a NUL byte, which browsers refuse"),
        (
            "\r",
            "its header section has a carriage return without a line feed, which Firefox and WebKit \
             refuse",
        ),
    ] {
        let answer = format!("HTTP/1.1 200 OK\r\nX: a{byte}b\r\n{}", &ALLOWED[17..]);
        let server = Server::answering([&answer]);
        let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
        assert_no_answer(&outcome, &format!("the answer is not valid HTTP: {reason}"));
    }
}

#[test]
fn long_url() {
    let server = Server::answering([ALLOWED]);
    let path = "x".repeat(100_000);
    let outcome =
        server.check(&[&format!("http://a.test:PORT/{path}"), "--origin=http://app.test"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(server.requests()[0].starts_with(&format!("GET /{path} HTTP/1.1\r\n")));
}

#[test]
fn connection_refused() {
    let server = Server::answering([]);
    // The listener closes when its thread ends, which is at once.
    while TcpStream::connect(("127.0.0.1", server.port)).is_ok() {}
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_no_answer(&outcome, "the connection was refused: nothing listens there");
}

#[test]
fn name_without_an_address() {
    let mut command = check();
    command.args(["http://nowhere.invalid/", "--origin=http://app.test"]);
    let outcome = Outcome::of(command, 0);
    let start = "browser-cors: GET http://nowhere.invalid/ failed: \
                 the name nowhere.invalid has no address: ";
    assert_eq!(outcome.code, 2);
    // The system's words follow.
    assert!(outcome.stderr.starts_with(start), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.lines().count(), 1);
}

#[test]
fn failure_after_the_preflight() {
    let server = Server::answering([
        "HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n\
         Access-Control-Allow-Methods: PUT\r\n\r\n",
        "",
    ]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test", "-XPUT"]);
    assert_eq!(outcome.code, 2);
    assert_eq!(
        outcome.stderr,
        "browser-cors: PUT http://a.test:PORT/ failed: \
         the server closed the connection without an answer\n"
    );
    assert!(outcome.stdout.contains("\n1. OPTIONS http://a.test:PORT/ "), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("\n   => 204\n"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("\n2. PUT http://a.test:PORT/ "), "{}", outcome.stdout);
}

#[test]
fn redirects_without_an_end() {
    let redirect = "HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\nLocation: /\r\n\r\n";
    let server = Server::answering([redirect; 22]);
    let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    assert!(outcome.stdout.contains("\nblocked: there are more than 20 redirects\n"));
    assert_eq!(server.requests().len(), 21);
}

#[test]
fn redirect_modes() {
    let redirect = "HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\nLocation: /\r\n\r\n";
    for mode in ["manual", "error"] {
        let server = Server::answering([redirect, ALLOWED]);
        let mode = format!("--redirect={mode}");
        let outcome = server.check(&["http://a.test:PORT/", "--origin=http://app.test", &mode]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""), "{}", outcome.stdout);
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn opaque_response() {
    let server = Server::answering([ALLOWED]);
    let outcome = server.check(&[
        "http://a.test:PORT/",
        "--origin=http://app.test",
        "--mode=no-cors",
        "-HX-Token: 1",
    ]);
    assert_eq!(outcome.code, 1);
    assert_eq!(outcome.stderr, "note: in the mode no-cors, a page cannot set `X-Token`; dropped\n");
    assert!(!server.requests()[0].contains("X-Token"));
}

#[test]
fn mode_same_origin() {
    let server = Server::answering([ALLOWED]);
    let outcome =
        server.check(&["http://a.test:PORT/", "--origin=http://app.test", "--mode=same-origin"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn forbidden_header() {
    let server = Server::answering([ALLOWED]);
    let outcome =
        server.check(&["http://a.test:PORT/", "--origin=http://app.test", "-HCookie: a=b"]);
    assert_eq!(outcome.code, 0);
    assert_eq!(outcome.stderr, "note: a page cannot set `Cookie`; dropped\n");
    assert!(!server.requests()[0].contains("Cookie"));
}

#[test]
fn mixed_content() {
    let server = Server::answering([ALLOWED]);
    let args = ["http://a.test:PORT/", "--origin=https://app.test"];
    let outcome = server.check(&args);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str(), outcome.stdout.as_str()),
        (
            1,
            "",
            "GET http://a.test:PORT/ from https://app.test, credentials same-origin
blocked: the page is of https, and the URL is of http (mixed content)
     at: https://fetch.spec.whatwg.org/#concept-main-fetch step 7
  guide: https://OWNER.github.io/browser-cors/guide/reasons/mixed-content.html
  where: the page's code
    fix: In the page's code: ask for an https URL, and serve it: a page of https cannot ask for an http URL, whatever \
             the server answers.
arrived: no, nothing was sent
"
        )
    );
    let outcome = server.check(&[&args[..], &["--format=json"]].concat());
    assert_eq!(outcome.code, 1);
    let line: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(line["fetches"][0]["result"]["reason"], "mixed-content");
    assert_eq!(line["fetches"][0]["exchanges"], serde_json::json!([]));
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn names_of_localhost() {
    let server = Server::answering([ALLOWED]);
    let mut command = check();
    command.arg(format!("http://api.localhost:{}/", server.port));
    command.arg("--origin=https://app.test");
    let outcome = Outcome::of(command, server.port);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    assert!(server.requests()[0].contains("\r\nHost: api.localhost:PORT\r\n"));
}

#[test]
fn wrong_arguments() {
    for (args, stderr) in [
        (
            &["http://a.test/", "--origin=https://a.example/"][..],
            "error: invalid value 'https://a.example/' for '--origin <ORIGIN>': \
             `https://a.example/` is not an origin: `https://a.example` or `null` was expected\n",
        ),
        (
            &["http://a.test/", "--origin=null", "-HX-Token"],
            "error: invalid value 'X-Token' for '--header <NAME: VALUE>': \
             there is no colon: `Name: value` was expected\n",
        ),
        (
            &["http://a.test/", "--origin=null", "-HX-Token: \u{20ac}"],
            "error: invalid value 'X-Token: \u{20ac}' for '--header <NAME: VALUE>': \
             `\u{20ac}` does not fit in a byte: a page cannot send it\n",
        ),
        (
            &["http://a.test/", "--origin=null", "--timeout=0"],
            "error: invalid value '0' for '--timeout <SECONDS>': \
             a number of seconds was expected, from 0.001 to 86400\n",
        ),
        (
            &["http://a.test/", "--origin=null", "--resolve=a.test:80"],
            "error: invalid value 'a.test:80' for '--resolve <HOST:PORT:ADDRESS>': \
             `host:port:address` was expected, as in `api.test:8080:127.0.0.1`\n",
        ),
        (
            &["http://a.test/", "--origin=null", "--cookie=a\nb"],
            "error: invalid value 'a\nb' for '--cookie <NAME=VALUE>': \
             a cookie has no control characters\n",
        ),
        (
            &["http://a.test/", "--origin=null", "--mode=navigate"],
            "error: invalid value 'navigate' for '--mode <MODE>'\n  \
             [possible values: cors, no-cors, same-origin]\n",
        ),
        (
            &["a.test/", "--origin=null"],
            "browser-cors: `a.test/` is not an absolute URL; did you mean `https://a.test/`?\n",
        ),
        (
            &["localhost:8080/items", "--origin=null"],
            "browser-cors: `localhost:8080/items` is not an absolute URL; \
             did you mean `http://localhost:8080/items`?\n",
        ),
        (
            &["127.0.0.1:8080", "--origin=null"],
            "browser-cors: `127.0.0.1:8080` is not an absolute URL; \
             did you mean `http://127.0.0.1:8080`?\n",
        ),
        (
            &["api.test:443/items", "--origin=null"],
            "browser-cors: `api.test:443/items` is not an absolute URL; \
             did you mean `https://api.test:443/items`?\n",
        ),
        (
            &["http+unix://%2Frun%2Fapi.sock/items", "--origin=null"],
            "browser-cors: `http+unix://%2Frun%2Fapi.sock/items` is not a URL that a page can ask \
             for: name the socket with --unix-socket, and ask for an http URL\n",
        ),
        (
            &["http://a.test/", "--origin=null", "--proxy=ftp://proxy.test"],
            "browser-cors: --proxy: `ftp://proxy.test` is not a proxy: a URL such as \
             `http://proxy.example:3128` or `socks5://127.0.0.1:1080` was expected\n",
        ),
        (
            &["http://a.test/", "--origin=null", "--connect-to=a.test:80"],
            "browser-cors: --connect-to: `a.test:80` does not say where to connect: \
             `host:port:other-host:other-port` was expected\n",
        ),
        (
            &["http://a.test/", "--origin=null", "--user=me"],
            "error: invalid value 'me' for '--user <NAME:PASSWORD>': \
             there is no colon: `name:password` was expected\n",
        ),
        (
            &["http://a.test/", "--origin=null", "--cacert=/dev/null"],
            "browser-cors: --cacert /dev/null: it has no certificate: PEM \
             (`-----BEGIN CERTIFICATE-----`) was expected\n",
        ),
        (
            &["http://a.test/", "--origin=null", "--insecur"],
            "error: unexpected argument '--insecur' found\n\n  \
             tip: a similar argument exists: '--insecure'\n",
        ),
        (
            &["http://", "--origin=null"],
            "browser-cors: a page cannot make this request: `http://` is not a URL: empty host \
             (#dom-request step 5.2)\n",
        ),
        (
            &["http://a.test/", "--origin=null", "-Xtrace"],
            "browser-cors: a page cannot make this request: the method trace is forbidden \
             (#dom-request step 25.2)\n",
        ),
        (
            &["http://a.test/", "--origin=null", "-HX Y: 1"],
            "browser-cors: a page cannot make this request: `X Y` is not a header name: a token was \
             expected (#headers-validate step 1)\n",
        ),
        (
            &["http://a.test/", "--origin=null", "-XGET", "--data="],
            "browser-cors: a page cannot make this request: a request with the method GET cannot have a \
             body (#dom-request step 35)\n",
        ),
    ] {
        let mut command = check();
        command.args(args);
        let outcome = Outcome::of(command, 0);
        assert_eq!(outcome.code, 2, "{args:?}");
        assert!(outcome.stderr.starts_with(stderr), "{args:?}: {}", outcome.stderr);
    }
}

#[test]
fn json() {
    let server = Server::answering(["HTTP/1.1 200 OK\r\n\r\n"]);
    let outcome =
        server.check(&["http://a.test:PORT/", "--origin=http://app.test", "--format=json"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    assert_eq!(outcome.stdout.lines().count(), 1);
    let line: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(line["id"], "http://a.test:PORT/");
    let fetches = line["fetches"].as_array().unwrap();
    assert_eq!(fetches.len(), 1);
    assert_eq!(fetches[0]["exchanges"][0]["url"], "http://a.test:PORT/");
    assert_eq!(fetches[0]["result"]["reason"], "allow-origin-missing");
}

#[test]
fn json_without_an_answer() {
    let server = Server::answering([""]);
    let outcome =
        server.check(&["http://a.test:PORT/", "--origin=http://app.test", "--format=json"]);
    assert_eq!(outcome.code, 2);
    assert_eq!(
        outcome.stderr,
        "browser-cors: GET http://a.test:PORT/ failed: \
         the server closed the connection without an answer\n"
    );
    let line: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(line["fetches"][0]["result"]["reason"], "no-response");
}

/// An issuer of certificates.
type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A command that trusts no other authority.
fn trusting(authority: &Authority) -> Command {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("authority-{}.pem", NEXT.fetch_add(1, Ordering::Relaxed));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, authority.pem()).unwrap();
    let mut command = check();
    command.env("SSL_CERT_FILE", path).env_remove("SSL_CERT_DIR");
    command
}

/// A server that shows a certificate and answers with `ALLOWED`.
fn tls_server(certificate: &Certificate, key: &KeyPair) -> Server {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let (sender, requests) = mpsc::channel();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
        sender.send(read_request(&mut stream)).unwrap();
        // The client may be gone.
        let _ = stream.write_all(ALLOWED.as_bytes());
    });
    Server { port, requests }
}

#[test]
fn https() {
    let (authority, key) = (authority("known"), KeyPair::generate().unwrap());
    let params = CertificateParams::new(["a.test".to_owned()]).unwrap();
    let server = tls_server(&params.signed_by(&key, &authority).unwrap(), &key);
    let args = ["https://a.test:PORT/x", "--origin=https://app.test"];
    let outcome = server.run(trusting(&authority), &args);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    assert_eq!(
        server.requests(),
        ["GET /x HTTP/1.1\r\nHost: a.test:PORT\r\nAccept: */*\r\nReferer: https://app.test/\r\n\
          Origin: https://app.test\r\nSec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors\r\n\
          Sec-Fetch-Site: cross-site\r\nUser-Agent: browser-cors/0.1.0\r\n\r\n"]
    );
}

#[test]
fn refused_certificates() {
    let (known, unknown, key) =
        (authority("known"), authority("unknown"), KeyPair::generate().unwrap());
    let params = |name: &str| CertificateParams::new([name.to_owned()]).unwrap();
    let mut expired = params("a.test");
    expired.not_after = date_time_ymd(2001, 1, 1);
    let mut early = params("a.test");
    early.not_before = date_time_ymd(3001, 1, 1);
    let mut own = params("a.test");
    own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for (certificate, reason) in [
        (params("a.test").signed_by(&key, &unknown), "this system does not know its issuer"),
        (params("b.test").signed_by(&key, &known), "it is not for a.test"),
        (expired.signed_by(&key, &known), "it has expired"),
        (early.signed_by(&key, &known), "it is not valid yet"),
        (own.self_signed(&key), "it is self-signed"),
    ] {
        let server = tls_server(&certificate.unwrap(), &key);
        let args = ["https://a.test:PORT/", "--origin=https://app.test"];
        let outcome = server.run(trusting(&known), &args);
        assert_eq!(outcome.code, 2);
        assert_eq!(
            outcome.stderr,
            format!(
                "browser-cors: GET https://a.test:PORT/ failed: \
                 the server's certificate is not valid: {reason}\n"
            )
        );
    }
}

#[test]
fn system_without_root_certificates() {
    let server = Server::answering([""]);
    let mut command = check();
    command.env("SSL_CERT_FILE", "/nowhere").env("SSL_CERT_DIR", "/nowhere");
    let outcome = server.run(command, &["https://a.test:PORT/", "--origin=https://app.test"]);
    assert_eq!(outcome.code, 2);
    assert_eq!(
        outcome.stderr,
        "browser-cors: GET https://a.test:PORT/ failed: \
         SSL_CERT_FILE names /nowhere, which is not there\n"
    );
}

#[test]
fn server_without_tls() {
    let server = Server::answering(["HTTP/1.1 400 Bad Request\r\n\r\n"]);
    let outcome = server
        .run(trusting(&authority("known")), &["https://a.test:PORT/", "--origin=https://app.test"]);
    assert_eq!(outcome.code, 2);
    assert_eq!(
        outcome.stderr,
        "browser-cors: GET https://a.test:PORT/ failed: \
         the server does not speak TLS: is https right for this port?\n"
    );
}

#[test]
fn connection_closed_during_the_handshake() {
    let server = Server::answering([""]);
    let outcome = server
        .run(trusting(&authority("known")), &["https://a.test:PORT/", "--origin=https://app.test"]);
    assert_eq!(outcome.code, 2);
    assert_eq!(
        outcome.stderr,
        "browser-cors: GET https://a.test:PORT/ failed: \
         the server closed the connection during the TLS handshake\n"
    );
}

#[test]
fn handshake_without_an_end() {
    let server = Server::new(vec![bytes_and_wait(b"\x16\x03\x03")]);
    let outcome = server.run(
        trusting(&authority("known")),
        &["https://a.test:PORT/", "--origin=https://app.test", "--timeout=0.3"],
    );
    assert_eq!(outcome.code, 2);
    assert_eq!(
        outcome.stderr,
        "browser-cors: GET https://a.test:PORT/ failed: \
         there was no connection within 0.3 s\n"
    );
}

const NGINX: &str = "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n";

/// The fix is written for the server that answered, or for the one that is named, or for none.
#[test]
fn fix_in_the_words_of_a_server() {
    let ask = |arguments: &[&str]| {
        let server = Server::answering([NGINX]);
        let asked = ["http://a.test:PORT/", "--origin", "http://app.test"];
        let outcome = server.check(&[&asked[..], arguments].concat());
        assert_eq!(outcome.code, 1);
        outcome.stdout
    };
    let guessed = ask(&[]);
    assert!(
        guessed.contains(
            "
    for: nginx (guessed from `Server: nginx/1.22.1`, tested with nginx 1.22)
     in: the http block
           map $http_origin $cors_origin {
               default \"\";
               \"http://app.test\" $http_origin;
           }
"
        ),
        "{guessed}"
    );
    let named = ask(&["--for", "fastify"]);
    assert!(named.contains("\n    for: fastify (tried with Fastify "), "{named}");
    assert!(named.contains("\n             origin: ['http://app.test'],\n"), "{named}");
    assert!(!ask(&["--for", "none"]).contains(" for: "));
    // With several engines, the fix is there once.
    assert_eq!(ask(&["--engine", "all"]).matches("\n    for: nginx ").count(), 1);
    let line: Value = serde_json::from_str(&ask(&["--format", "json"])).unwrap();
    assert_eq!(line["snippet"]["for"], "nginx");
    assert_eq!(line["snippet"]["guessed_from"], "Server: nginx/1.22.1");
    assert_eq!(line["snippet"]["parts"].as_array().unwrap().len(), 2);
}

/// Where nothing is to be granted, there is nothing to translate.
#[test]
fn no_fix_in_the_words_of_a_server() {
    let allowed = "HTTP/1.1 200 OK\r\nServer: nginx\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\n\r\n";
    for (origin, answer, code) in [("http://app.test", allowed, 0), ("null", NGINX, 1)] {
        let server = Server::answering([answer]);
        let outcome = server.check(&["http://a.test:PORT/", "--origin", origin]);
        assert_eq!(outcome.code, code);
        assert!(!outcome.stdout.contains(" for: "), "{}", outcome.stdout);
    }
}

/// A form-like POST is executed, although its answer is kept from the page.
#[test]
fn a_blocked_request_may_have_arrived() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    for (method, engine, last) in [
        (
            "POST",
            "chromium",
            "arrived: POST http://a.test:PORT/ did: the server may have acted on it, whatever the page \
             learns",
        ),
        (
            "GET",
            "chromium",
            "arrived: GET http://a.test:PORT/ did: the page alone is kept from the answer",
        ),
        ("PUT", "chromium", "arrived: no, only the preflight was sent"),
        ("POST", "chromium,firefox", "the request itself arrived in standard, chromium, firefox"),
        ("PUT", "chromium,firefox", "the request itself arrived in none"),
    ] {
        let server = Server::answering([answer; 3]);
        let url = "http://a.test:PORT/";
        let args = [url, "--origin=http://app.test", "-X", method, "--engine", engine];
        let outcome = server.check(&args);
        assert_eq!(outcome.code, 1);
        assert!(outcome.stdout.lines().any(|line| line == last), "{}", outcome.stdout);
    }
    let server = Server::answering([answer]);
    let args = ["http://a.test:PORT/", "--origin=http://app.test", "--format=json"];
    let outcome = server.check(&args);
    let line: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(line["arrived"], true);
}
