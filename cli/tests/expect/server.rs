//! A server on the loopback interface, and `browser-cors` against it.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::schema::assert_conform;

/// A request, as it came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn read(stream: &mut TcpStream) -> Option<Self> {
        let (mut head, mut buffer) = (Vec::new(), [0; 1]);
        while !head.ends_with(b"\r\n\r\n") {
            if stream.read(&mut buffer).ok()? == 0 {
                return None;
            }
            head.push(buffer[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.lines();
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers =
            headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>();
        let mut request = Self { method, target, headers, body: Vec::new() };
        let length = request.header("Content-Length").map_or(0, |length| length.parse().unwrap());
        request.body.resize(length, 0);
        stream.read_exact(&mut request.body).ok()?;
        Some(request)
    }
}

/// An answer: its status and its header lines. The status 0 closes the connection without an
/// answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer(pub(crate) u16, pub(crate) Vec<String>);

pub(crate) fn answer<const N: usize>(status: u16, headers: [&str; N]) -> Answer {
    Answer(status, headers.map(str::to_owned).to_vec())
}

pub(crate) struct Server {
    pub(crate) port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub(crate) fn new(handler: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (log, handler) = (Arc::clone(&requests), Arc::new(handler));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, log, handler) =
                    (stream.unwrap(), Arc::clone(&log), Arc::clone(&handler));
                thread::spawn(move || {
                    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                    let Some(request) = Request::read(&mut stream) else { return };
                    log.lock().unwrap().push(request.clone());
                    let Answer(status, headers) = handler(&request);
                    if status != 0 {
                        let headers: String =
                            headers.iter().map(|line| format!("{line}\r\n")).collect();
                        // The client may be gone.
                        let _ = write!(
                            stream,
                            "HTTP/1.1 {status} X\r\n{headers}Content-Length: 0\r\n\r\n"
                        );
                    }
                });
            }
        });
        Self { port, requests }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The requests so far, in no particular order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// Runs `browser-cors expect` with a file against this server.
    pub(crate) fn expect(&self, toml: &str, args: &[&str]) -> Outcome {
        let file = written("cors.toml", toml);
        let mut command = expect();
        command.arg(&file).arg(format!("--base={}", self.base())).args(args);
        Outcome::of(&mut command).about(&file, self.port)
    }

    /// The same, with the lines of JSON from standard output.
    pub(crate) fn json(&self, toml: &str, args: &[&str]) -> (i32, Vec<Value>) {
        let outcome = self.expect(toml, &[args, &["--format=json"]].concat());
        assert_eq!(outcome.stderr, "");
        assert_conform("expect", &outcome.stdout);
        let lines = outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap());
        (outcome.code, lines.collect())
    }
}

/// Writes a file in a new folder.
pub(crate) fn written(name: &str, text: &str) -> PathBuf {
    let path = folder().join(name);
    fs::write(&path, text).unwrap();
    path
}

pub(crate) fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("expect-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // An earlier run may have left files.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn browser_cors() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browser-cors"));
    command.stdin(Stdio::null()).env_remove("GITHUB_STEP_SUMMARY");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
    command
}

pub(crate) fn expect() -> Command {
    let mut command = browser_cors();
    command.arg("expect");
    command
}

#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Replaces the path of the file by `cors.toml` and the port by `PORT`.
    pub(crate) fn about(mut self, file: &Path, port: u16) -> Self {
        for text in [&mut self.stdout, &mut self.stderr] {
            *text = text
                .replace(&file.display().to_string(), "cors.toml")
                .replace(&format!(":{port}"), ":PORT");
        }
        self
    }
}

/// A well-configured server for the page `https://app.example`.
pub(crate) fn good(request: &Request) -> Answer {
    if request.header("Origin") != Some("https://app.example") {
        return answer(200, ["Vary: Origin"]);
    }
    let mut headers = vec![
        "Access-Control-Allow-Origin: https://app.example".to_owned(),
        "Access-Control-Allow-Credentials: true".to_owned(),
        "Vary: Origin".to_owned(),
    ];
    if request.method == "OPTIONS" {
        headers.push("Access-Control-Allow-Methods: GET, PUT, DELETE".to_owned());
        headers.push("Access-Control-Allow-Headers: authorization, content-type".to_owned());
        headers.push("Access-Control-Max-Age: 600".to_owned());
        return Answer(204, headers);
    }
    headers.push("Access-Control-Expose-Headers: ETag".to_owned());
    headers.push("ETag: \"1\"".to_owned());
    Answer(if request.target == "/missing" { 404 } else { 200 }, headers)
}
