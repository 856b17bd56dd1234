//! Runs `browser-cors check` and `expect` through kept connections, HTTP/2, TLS with the user's
//! certificate, proxies and sockets. Checks what the other side receives, and how failures are named.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http_body_util::Empty;
use hyper::{Request, Response, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::{
    RootCertStore, ServerConfig, ServerConnection, StreamOwned, pki_types::PrivateKeyDer,
    server::WebPkiClientVerifier,
};

/// A request: the number of its connection, and its lines.
type Seen = (usize, Vec<String>);

/// A server on the loopback interface that keeps its connections.
struct Server {
    port: u16,
    seen: Receiver<Seen>,
}

impl Server {
    /// Answers the n-th request of the m-th connection, both from 0, with `answer(m, n)`. `None`
    /// closes the connection.
    fn new(answer: impl Fn(usize, usize) -> Option<&'static str> + Send + Sync + 'static) -> Self {
        Self::with(Some, answer)
    }

    /// The same, after `begin` made another stream of each connection.
    fn with<S: Read + Write + Send + 'static>(
        begin: impl Fn(TcpStream) -> Option<S> + Send + 'static,
        answer: impl Fn(usize, usize) -> Option<&'static str> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, seen) = mpsc::channel();
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().enumerate() {
                let stream = stream.unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                let Some(stream) = begin(stream) else { continue };
                let (sender, answer) = (sender.clone(), Arc::clone(&answer));
                thread::spawn(move || serve(stream, connection, &sender, &*answer));
            }
        });
        Self { port, seen }
    }

    /// The requests so far.
    fn seen(&self) -> Vec<Seen> {
        self.seen.try_iter().collect()
    }

    /// For each request so far, the number of its connection and its first line.
    fn lines(&self) -> Vec<(usize, String)> {
        self.seen().into_iter().map(|(number, mut lines)| (number, lines.remove(0))).collect()
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }
}

fn serve(
    stream: impl Read + Write,
    connection: usize,
    sender: &mpsc::Sender<Seen>,
    answer: &dyn Fn(usize, usize) -> Option<&'static str>,
) {
    let mut stream = BufReader::new(stream);
    for number in 0.. {
        let lines: Vec<_> = (&mut stream)
            .lines()
            .map_while(Result::ok)
            .take_while(|line| !line.is_empty())
            .collect();
        if lines.is_empty() {
            return;
        }
        let length = lines.iter().find_map(|line| line.strip_prefix("Content-Length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        stream.read_exact(&mut body).unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        // The test may be over.
        let _ = sender.send((connection, [lines, vec![body]].concat()));
        let Some(answer) = answer(connection, number) else { return };
        if stream.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

#[derive(Debug)]
struct Outcome {
    code: i32,
    stdout: String,
    stderr: String,
}

fn command(name: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browser-cors"));
    command.arg(name).stdin(Stdio::null());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
    command
}

fn run(mut command: Command) -> Outcome {
    let output = command.output().unwrap();
    Outcome {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs `check` for a page of `https://app.example`.
fn check(url: &str, args: &[&str]) -> Outcome {
    let mut command = command("check");
    command.arg(url).arg("--origin=https://app.example").args(args);
    run(command)
}

fn assert_failed(outcome: &Outcome, reason: &str) {
    assert_eq!(outcome.code, 2, "{outcome:?}");
    let (_, found) = outcome.stderr.trim_end().split_once(" failed: ").unwrap();
    assert_eq!(found, reason);
}

/// A file in a new folder.
fn written(name: &str, text: &str) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("connection-{}-{name}", NEXT.fetch_add(1, Ordering::Relaxed));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // An earlier run may have left a socket there.
    let _ = fs::remove_file(&path);
    fs::write(&path, text).unwrap();
    path
}

/// A port where nothing listens.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

const ALLOWED: &str = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
                       Access-Control-Allow-Methods: *\r\nContent-Length: 2\r\n\r\nok";

#[test]
fn connections_are_kept_for_requests_that_can_be_repeated() {
    let server = Server::new(|_, _| Some(ALLOWED));
    assert_eq!(check(&server.url(), &["-XPUT"]).code, 0);
    assert_eq!(check(&server.url(), &["-XPATCH"]).code, 0);
    let lines = server.lines();
    let lines: Vec<_> = lines.iter().map(|(number, line)| (*number, line.as_str())).collect();
    assert_eq!(
        lines,
        [
            (0, "OPTIONS / HTTP/1.1"),
            (0, "PUT / HTTP/1.1"),
            (1, "OPTIONS / HTTP/1.1"),
            (2, "PATCH / HTTP/1.1"),
        ]
    );
}

#[test]
fn credentials_have_a_connection_of_their_own() {
    let server = Server::new(|_, _| {
        Some(
            "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://app.example\r\n\
             Access-Control-Allow-Credentials: true\r\nAccess-Control-Allow-Methods: PUT\r\n\
             Content-Length: 0\r\n\r\n",
        )
    });
    assert_eq!(check(&server.url(), &["-XPUT", "--credentials=include"]).code, 0);
    let connections: Vec<_> = server.seen().into_iter().map(|(number, _)| number).collect();
    assert_eq!(connections, [0, 1]);
}

#[test]
fn connection_that_the_server_closed_meanwhile() {
    // Each connection answers one request, and closes when the second one comes.
    let server = Server::new(|_, number| (number == 0).then_some(ALLOWED));
    let outcome = check(&server.url(), &["-XPUT"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    let connections: Vec<_> = server.seen().into_iter().map(|(number, _)| number).collect();
    assert_eq!(connections, [0, 0, 1]);
}

#[test]
fn answers_whose_end_is_in_doubt_are_not_kept() {
    for answer in [
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: *\r\n\
         Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: *\r\n\
         Content-Length: 1000000\r\n\r\n",
    ] {
        let server = Server::new(move |_, _| Some(answer));
        assert_eq!(check(&server.url(), &["-XPUT"]).code, 0);
        let connections: Vec<_> = server.seen().into_iter().map(|(number, _)| number).collect();
        assert_eq!(connections, [0, 1], "{answer}");
    }
}

#[test]
fn misdirected_requests_and_timeouts_are_repeated_once() {
    for (status, method, reason) in [
        (
            "421 Misdirected Request",
            "POST",
            "the server does not answer for this host (421 Misdirected Request), on a new \
             connection as well",
        ),
        (
            "408 Request Timeout",
            "GET",
            "the server says that the request came too slowly (408 Request Timeout), on a new \
             connection as well",
        ),
    ] {
        let refusal: &str = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").leak();
        let server =
            Server::new(move |connection, _| Some(if connection == 0 { refusal } else { ALLOWED }));
        let outcome = check(&server.url(), &["-X", method]);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{status}");
        assert_eq!(server.seen().len(), 2);

        let server = Server::new(move |_, _| Some(refusal));
        assert_failed(&check(&server.url(), &["-X", method]), reason);
        assert_eq!(server.seen().len(), 2);
    }
}

/// What may read it has answered it.
#[test]
fn misdirected_answer_with_cors() {
    let server = Server::new(|_, _| {
        Some(
            "HTTP/1.1 421 Misdirected Request\r\nAccess-Control-Allow-Origin: *\r\n\
             Content-Length: 0\r\n\r\n",
        )
    });
    let outcome = check(&server.url(), &[]);
    assert_eq!(outcome.code, 0);
    assert!(outcome.stdout.contains("status 421"), "{}", outcome.stdout);
}

#[test]
fn http2_without_tls() {
    const SETTINGS: &str = "\0\0\u{6}\u{4}\0\0\0\0\0\0\u{3}\0\0\0d";
    let server = Server::new(|_, _| Some(SETTINGS));
    assert_failed(
        &check(&server.url(), &[]),
        "the server speaks HTTP/2 without TLS, which no browser does",
    );
}

/// An issuer of certificates.
type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for `localhost`, and its key.
fn certificate(authority: &Authority) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    (params.signed_by(&key, authority).unwrap(), key)
}

/// The configuration of a server with TLS, which asks for certificates of `clients`.
fn tls(authority: &Authority, clients: Option<&Authority>, protocols: &[&[u8]]) -> ServerConfig {
    let (certificate, key) = certificate(authority);
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match clients {
        Some(clients) => {
            let mut roots = RootCertStore::empty();
            roots.add(clients.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
        None => builder.with_no_client_auth(),
    };
    let mut config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    config
}

/// A server that speaks HTTP/2 alone, over TLS. Returns its URL and, for each request, the number of
/// its connection and what it was.
fn http2_server(authority: &Authority) -> (String, Receiver<(usize, String)>) {
    let config = Arc::new(tls(authority, None, &[b"h2"]));
    let (sender, seen) = mpsc::channel();
    let (port_sender, port) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            port_sender.send(listener.local_addr().unwrap().port()).unwrap();
            for connection in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let acceptor = tokio_rustls::TlsAcceptor::from(Arc::clone(&config));
                let Ok(stream) = acceptor.accept(stream).await else { continue };
                let sender = sender.clone();
                let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                    let text = format!("{} {} {:?}", request.method(), request.uri(), {
                        request.headers().get("x-token")
                    });
                    let _ = sender.send((connection, text));
                    let answer = Response::builder()
                        .header("Access-Control-Allow-Origin", "*")
                        .header("Access-Control-Allow-Methods", "*")
                        .header("Access-Control-Allow-Headers", "*")
                        .body(Empty::<Bytes>::new());
                    async { answer }
                });
                tokio::spawn(
                    hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                        .serve_connection(TokioIo::new(stream), service),
                );
            }
        });
    });
    (format!("https://localhost:{}/", port.recv().unwrap()), seen)
}

#[test]
fn server_that_speaks_http2_alone() {
    let authority = authority();
    let (url, seen) = http2_server(&authority);
    let cacert = format!("--cacert={}", written("ca.pem", &authority.pem()).display());
    let outcome = check(&url, &["-XPATCH", "-HX-Token: caf\u{e9}", &cacert]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    let seen: Vec<_> = seen.try_iter().collect();
    assert_eq!(
        seen,
        [(0, format!("OPTIONS {url} None")), (0, format!("PATCH {url} Some(\"caf\\xe9\")")),]
    );

    assert_failed(
        &check(&url, &["--http1.1", &cacert]),
        "the server has none of the HTTP versions that were offered",
    );
}

fn tls_server(config: ServerConfig) -> Server {
    let config = Arc::new(config);
    Server::with(
        move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            Some(StreamOwned::new(connection, stream))
        },
        |_, _| {
            Some(
                "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://app.example\r\n\
                 Access-Control-Allow-Credentials: true\r\nAccess-Control-Allow-Methods: *\r\n\
                 Content-Length: 0\r\n\r\n",
            )
        },
    )
}

#[test]
fn certificates_that_nobody_checks() {
    let server = tls_server(tls(&authority(), None, &[]));
    let url = format!("https://localhost:{}/", server.port);
    assert_failed(
        &check(&url, &[]),
        "the server's certificate is not valid: this system does not know its issuer",
    );
    for option in ["-k", "--insecure"] {
        let outcome = check(&url, &[option]);
        assert_eq!(outcome.code, 0);
        assert_eq!(outcome.stderr, "note: certificates are not checked (--insecure)\n");
    }
}

#[test]
fn user_with_a_certificate() {
    let authority = authority();
    let server = tls_server(tls(&authority, Some(&authority), &[]));
    let url = format!("https://localhost:{}/", server.port);
    let (certificate, key) = certificate(&authority);
    let cacert = format!("--cacert={}", written("ca.pem", &authority.pem()).display());
    let cert = format!("--cert={}", written("me.pem", &certificate.pem()).display());
    let key = format!("--key={}", written("key.pem", &key.serialize_pem()).display());
    let args = [&cacert, &cert, &key, "--credentials=include"];

    let outcome = check(&url, &args);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);

    // A preflight shows no certificate.
    let outcome = check(&url, &[&args[..], &["-XPUT"]].concat());
    assert_failed(
        &outcome,
        "the server wants a certificate of the client, which it got not with this request",
    );
    assert_eq!(server.lines().len(), 1);
}

#[test]
fn proxy_for_http() {
    let proxy = Server::new(|_, _| Some(ALLOWED));
    let option = format!("--proxy=http://me:secret@127.0.0.1:{}", proxy.port);
    let mut command = command("check");
    command.args(["http://api.invalid/a?b", "--origin=http://app.example", &option]);
    let outcome = run(command);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    let (_, lines) = proxy.seen().remove(0);
    assert_eq!(lines[0], "GET http://api.invalid/a?b HTTP/1.1");
    assert_eq!(lines[1], "Host: api.invalid");
    assert!(lines.contains(&"Proxy-Authorization: Basic bWU6c2VjcmV0".to_owned()), "{lines:?}");
}

/// For https, a proxy only passes bytes on.
#[test]
fn proxy_for_https() {
    let authority = authority();
    let server = tls_server(tls(&authority, None, &[]));
    let target = server.port;
    let proxy = Server::with(
        move |stream| {
            let mut head = BufReader::new(&stream).lines().map_while(Result::ok);
            let first = head.next().unwrap();
            assert_eq!(first, format!("CONNECT localhost:{target} HTTP/1.1"));
            head.find(|line| line.is_empty());
            (&stream).write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
            let server = TcpStream::connect(("127.0.0.1", target)).unwrap();
            let (mut up, mut down) = (server.try_clone().unwrap(), stream.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut &stream, &mut up));
            thread::spawn(move || std::io::copy(&mut &server, &mut down));
            None::<TcpStream>
        },
        |_, _| None,
    );
    let cacert = format!("--cacert={}", written("ca.pem", &authority.pem()).display());
    let mut command = command("check");
    command.arg(format!("https://localhost:{target}/")).arg("--origin=https://app.example");
    command.arg(cacert).env("HTTPS_PROXY", format!("http://127.0.0.1:{}", proxy.port));
    let outcome = run(command);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    assert_eq!(server.lines(), [(0, "GET / HTTP/1.1".to_owned())]);
}

#[test]
fn failures_of_proxies() {
    let port = closed_port();
    for (scheme, variable, reason) in [
        (
            "https",
            "HTTPS_PROXY",
            format!(
                "the proxy http://127.0.0.1:{port} (HTTPS_PROXY) refused the connection: nothing \
                 listens there"
            ),
        ),
        (
            "http",
            "ALL_PROXY",
            format!(
                "the proxy http://127.0.0.1:{port} (ALL_PROXY) refused the connection: nothing \
                 listens there"
            ),
        ),
    ] {
        let mut command = command("check");
        command.arg(format!("{scheme}://api.invalid/")).arg("--origin=http://app.example");
        command.env(variable, format!("127.0.0.1:{port}"));
        assert_failed(&run(command), &reason);
    }

    let mut invalid = command("check");
    invalid.args(["https://api.invalid/", "--origin=https://app.example"]);
    invalid.env("HTTPS_PROXY", "ftp://proxy.invalid");
    assert_failed(
        &run(invalid),
        "HTTPS_PROXY does not name a proxy: a URL such as `http://proxy.example:3128` was expected",
    );

    for (answer, reason) in [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
            "wants a name and a password in its URL (407)",
        ),
        (
            "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
            "made no connection to api.invalid:443: it answered 502 Bad Gateway",
        ),
    ] {
        let proxy = Server::new(move |_, _| Some(answer));
        let text = format!("http://127.0.0.1:{}", proxy.port);
        let outcome = check("https://api.invalid/", &["--proxy", &text]);
        assert_failed(&outcome, &format!("the proxy {text} (--proxy) {reason}"));
    }

    let proxy = Server::new(|_, _| Some("HTTP/1.1 407 X\r\nContent-Length: 0\r\n\r\n"));
    let text = format!("http://127.0.0.1:{}", proxy.port);
    let mut command = command("check");
    command.args(["http://api.invalid/", "--origin=http://app.example", "--proxy", &text]);
    assert_failed(
        &run(command),
        &format!("the proxy {text} (--proxy) wants a name and a password in its URL (407)"),
    );
}

#[test]
fn proxy_that_says_nothing() {
    let proxy = Server::new(|_, _| {
        thread::sleep(Duration::from_secs(3));
        None
    });
    let text = format!("http://127.0.0.1:{}", proxy.port);
    let outcome = check("https://api.invalid/", &["--timeout=0.3", "--proxy", &text]);
    let reason = format!("the proxy {text} (--proxy) made no connection within 0.3 s");
    assert_failed(&outcome, &reason);
}

#[test]
fn socks_proxy() {
    let proxy = Server::with(
        |mut stream| {
            let mut greeting = [0; 3];
            stream.read_exact(&mut greeting).unwrap();
            stream.write_all(&[5, 0]).unwrap();
            // A name of eleven bytes, and the port 81.
            let mut request = [0; 18];
            stream.read_exact(&mut request).unwrap();
            assert_eq!(request, *b"\x05\x01\x00\x03\x0bapi.invalid\x00\x51");
            stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
            Some(stream)
        },
        |_, _| Some(ALLOWED),
    );
    let run = |port: u16| {
        let mut command = command("check");
        command.args(["http://api.invalid:81/items", "--origin=http://app.example"]);
        command.arg(format!("--proxy=socks5h://127.0.0.1:{port}"));
        run(command)
    };
    let outcome = run(proxy.port);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    assert_eq!(proxy.lines(), [(0, "GET /items HTTP/1.1".to_owned())]);

    let port = closed_port();
    let start = format!(
        "browser-cors: GET http://api.invalid:81/items failed: the proxy socks5h://127.0.0.1:{port} \
         (--proxy) made no connection: "
    );
    let outcome = run(port);
    assert!(outcome.stderr.starts_with(&start), "{}", outcome.stderr);
}

#[test]
fn hosts_without_a_proxy() {
    let server = Server::new(|_, _| Some(ALLOWED));
    let mut command = command("check");
    command.args([&server.url(), "--origin=https://app.example", "--proxy=http://127.0.0.1:1"]);
    command.env("NO_PROXY", "127.0.0.0/8");
    let outcome = run(command);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
}

#[test]
fn connection_to_another_place() {
    let server = Server::new(|_, _| Some(ALLOWED));
    let url = "http://api.invalid:81/";
    for places in [
        format!("api.invalid:81:127.0.0.1:{}", server.port),
        format!("::127.0.0.1:{}", server.port),
    ] {
        let args = [url, "--origin=http://app.example", "--connect-to", &places];
        let mut command = command("check");
        command.args(args);
        let outcome = run(command);
        assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
        assert_eq!(server.seen().remove(0).1[1], "Host: api.invalid:81");
    }
}

#[cfg(unix)]
#[test]
fn unix_socket() {
    let path = written("socket", "");
    fs::remove_file(&path).unwrap();
    let url = "http://api.invalid/items";
    let run = || {
        let mut command = command("check");
        command.args([url, "--origin=http://app.example", "--unix-socket"]).arg(&path);
        run(command)
    };
    assert_failed(&run(), &format!("there is no socket {}", path.display()));

    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let (sender, seen) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        serve(stream, 0, &sender, &|_, _| Some(ALLOWED));
    });
    let outcome = run();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    assert_eq!(seen.recv().unwrap().1[..2], ["GET /items HTTP/1.1", "Host: api.invalid"]);
}

#[test]
fn server_that_starts() {
    let port = closed_port();
    let url = format!("http://127.0.0.1:{port}/");
    let start = Instant::now();
    assert_failed(
        &check(&url, &["--wait=0.5"]),
        "the connection was refused: nothing listens there",
    );
    assert!(start.elapsed() > Duration::from_millis(300));

    thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        for (number, stream) in listener.incoming().enumerate() {
            // The first connection closes at once, as if the server behind it still starts.
            if number > 0 {
                serve(stream.unwrap(), 0, &mpsc::channel().0, &|_, _| Some(ALLOWED));
            }
        }
    });
    let outcome = check(&url, &["--wait=10"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
}

#[test]
fn fetch_that_takes_too_long() {
    let server = Server::new(|_, _| {
        thread::sleep(Duration::from_millis(200));
        Some(
            "HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\nLocation: /next\r\n\
             Content-Length: 0\r\n\r\n",
        )
    });
    let start = Instant::now();
    assert_failed(
        &check(&server.url(), &["--max-time=0.7", "--timeout=5"]),
        "the fetch with its preflights and redirects was not over within 0.7 s",
    );
    assert!(start.elapsed() < Duration::from_secs(3));
}

#[test]
fn redirects_to_private_addresses() {
    let internal = Server::new(|_, _| Some(ALLOWED));
    let location: &str = format!(
        "HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: *\r\nLocation: http://localhost:{}/\r\n\
         Content-Length: 0\r\n\r\n",
        internal.port
    )
    .leak();
    let server = Server::new(move |_, _| Some(location));
    let url = format!("http://127.0.0.1:{}/", server.port);
    let outcome = check(&url, &["--deny-private"]);
    assert_eq!(outcome.code, 2);
    let start = format!(
        "browser-cors: GET http://localhost:{}/ failed: a redirect leads to localhost, whose address ",
        internal.port
    );
    assert!(outcome.stderr.starts_with(&start), "{}", outcome.stderr);
    // WebKit shares the first answer, and follows the redirect with headers of its own.
    assert_eq!(check(&url, &["--deny-private", "--engine=chromium,webkit"]).code, 2);
    assert_eq!(internal.seen().len(), 0);

    // It is named, or nobody denies it.
    let resolve = format!("--resolve=localhost:{}:127.0.0.1", internal.port);
    assert_eq!(check(&url, &["--deny-private", &resolve]).code, 0);
    assert_eq!(check(&url, &[]).code, 0);
    assert_eq!(internal.seen().len(), 2);
}

#[test]
fn name_and_password_of_the_user() {
    let server = Server::new(|_, _| {
        Some(
            "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://app.example\r\n\
             Access-Control-Allow-Credentials: true\r\nAccess-Control-Allow-Methods: PUT\r\n\
             Access-Control-Allow-Headers: authorization\r\nContent-Length: 0\r\n\r\n",
        )
    });
    let args = ["-XPUT", "--credentials=include", "--user=me:secret"];
    assert_eq!(check(&server.url(), &args).code, 0);
    // The page's own wins.
    let args = [&args[..], &["-HAuthorization: Bearer token"]].concat();
    assert_eq!(check(&server.url(), &args).code, 0);
    let sent: Vec<_> = server
        .seen()
        .into_iter()
        .map(|(_, lines)| lines.into_iter().find(|line| line.starts_with("Authorization: ")))
        .collect();
    assert_eq!(
        sent.iter().map(Option::as_deref).collect::<Vec<_>>(),
        [
            None,
            Some("Authorization: Basic bWU6c2VjcmV0"),
            None,
            Some("Authorization: Bearer token"),
        ]
    );
}

/// WebKit shares the first answer, and follows the redirect with headers of its own.
#[test]
fn password_stays_with_its_server_in_each_engine() {
    const GRANTED: &str = "Access-Control-Allow-Origin: https://app.example\r\n\
                           Access-Control-Allow-Credentials: true\r\n";
    let other = Server::new(|_, _| Some(ALLOWED));
    let location: &str = format!(
        "HTTP/1.1 302 Found\r\n{GRANTED}Location: {}\r\nContent-Length: 0\r\n\r\n",
        other.url()
    )
    .leak();
    let server = Server::new(move |_, _| Some(location));
    let args = ["--credentials=include", "--user=me:secret", "--engine=chromium,webkit"];
    check(&server.url(), &args);
    let passwords = |server: &Server| -> Vec<bool> {
        let seen = server.seen().into_iter();
        seen.map(|(_, lines)| lines.iter().any(|line| line.starts_with("Authorization"))).collect()
    };
    assert_eq!(passwords(&server), [true]);
    assert_eq!(passwords(&other), [false, false]);
}

#[test]
fn cookie_of_https_is_never_sent_over_http() {
    let authority = authority();
    let plain = Server::new(|_, _| Some(ALLOWED));
    let location: &str = format!(
        "HTTP/1.1 302 Found\r\nAccess-Control-Allow-Origin: http://app.example\r\n\
         Access-Control-Allow-Credentials: true\r\nLocation: http://localhost:{}/\r\n\
         Content-Length: 0\r\n\r\n",
        plain.port
    )
    .leak();
    let config = Arc::new(tls(&authority, None, &[]));
    let server = Server::with(
        move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            Some(StreamOwned::new(connection, stream))
        },
        move |_, _| Some(location),
    );
    let cacert = format!("--cacert={}", written("ca.pem", &authority.pem()).display());
    let mut command = command("check");
    command.arg(format!("https://localhost:{}/", server.port));
    command.args(["--origin=http://app.example", "--credentials=include", "--cookie=id=1"]);
    command.arg(cacert);
    run(command);
    let has_cookie = |server: &Server| {
        let (_, lines) = server.seen().remove(0);
        lines.contains(&"Cookie: id=1".to_owned())
    };
    assert!(has_cookie(&server));
    assert!(!has_cookie(&plain));
}

/// An https page is redirected to an http URL: nothing goes there.
#[test]
fn redirect_to_mixed_content() {
    let authority = authority();
    let config = Arc::new(tls(&authority, None, &[]));
    let plain = Server::new(|_, _| Some(ALLOWED));
    let location: &str = format!(
        "HTTP/1.1 307 X\r\nAccess-Control-Allow-Origin: *\r\nLocation: http://api.invalid:{}/\r\n\
         Content-Length: 0\r\n\r\n",
        plain.port
    )
    .leak();
    let server = Server::with(
        move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            Some(StreamOwned::new(connection, stream))
        },
        move |_, _| Some(location),
    );
    let cacert = format!("--cacert={}", written("ca.pem", &authority.pem()).display());
    let resolve = format!("--resolve=api.invalid:{}:127.0.0.1", plain.port);
    let url = format!("https://localhost:{}/", server.port);
    let outcome = check(&url, &[&cacert, &resolve]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""), "{}", outcome.stdout);
    let line = "blocked: the page is of https, and the URL is of http (mixed content)\n";
    assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
    assert_eq!(plain.seen().len(), 0);

    let file = written(
        "cors.toml",
        &format!(
            "base = \"{url}\"\n[pages]\napp = \"https://app.example\"\n\
             [[allow]]\nname = \"items\"\npaths = [\"/\"]\n"
        ),
    );
    let mut command = command("expect");
    command.arg(&file).args([&cacert, &resolve]);
    let outcome = run(command);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    let fix = format!("`Location: https://api.invalid:{}/`", plain.port);
    assert!(outcome.stdout.contains(&fix), "{}", outcome.stdout);
    assert_eq!(plain.seen().len(), 0);
}

/// Loopback addresses are potentially trustworthy, so that Fetch Metadata and all encodings go there, as
/// Chromium 156 and Firefox ESR 153 were seen to do.
#[test]
fn headers_of_browsers() {
    for (engine, user_agent, accept_encoding) in [
        (
            "chromium",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/156.0.0.0 Safari/537.36",
            Some("gzip, deflate, br, zstd"),
        ),
        (
            "firefox",
            "Mozilla/5.0 (X11; Linux x86_64; rv:159.0) Gecko/20100101 Firefox/159.0",
            Some("gzip, deflate, br, zstd"),
        ),
        ("standard", concat!("browser-cors/", env!("CARGO_PKG_VERSION")), None),
    ] {
        let server = Server::new(|_, _| Some(ALLOWED));
        assert_eq!(check(&server.url(), &["--engine", engine, "-XPUT"]).code, 0);
        let seen = server.seen();
        assert_eq!(seen.len(), 2);
        for (_, lines) in seen {
            let find = |name: &str| {
                let mut found = lines.iter().filter_map(|line| line.strip_prefix(name));
                (found.next(), found.next())
            };
            assert_eq!(find("User-Agent: "), (Some(user_agent), None));
            assert_eq!(find("Accept-Encoding: "), (accept_encoding, None));
            assert_eq!(find("Sec-Fetch-Dest: "), (Some("empty"), None));
            assert_eq!(find("Sec-Fetch-Mode: "), (Some("cors"), None));
            assert_eq!(find("Sec-Fetch-Site: "), (Some("cross-site"), None));
        }
    }
    let server = Server::new(|_, _| Some(ALLOWED));
    assert_eq!(check(&server.url(), &["--engine=all", "--user-agent=me"]).code, 0);
    assert!(server.seen()[0].1.contains(&"User-Agent: me".to_owned()));
}

/// Chromium tells servers without TLS the mode of preflights, and nothing else.
#[test]
fn fetch_metadata_without_tls() {
    for (engine, of_preflight) in [("chromium", vec!["Sec-Fetch-Mode: cors"]), ("firefox", vec![])]
    {
        let server = Server::new(|_, _| Some(ALLOWED));
        let mut command = command("check");
        command.args(["http://api.invalid:81/", "--origin=http://app.example", "-XPUT"]);
        command.args(["--engine", engine]);
        command.arg(format!("--connect-to=api.invalid:81:127.0.0.1:{}", server.port));
        assert_eq!(run(command).code, 0);
        let metadata = |lines: Vec<String>| -> Vec<String> {
            lines.into_iter().filter(|line| line.starts_with("Sec-Fetch-")).collect()
        };
        let sent: Vec<_> = server.seen().into_iter().map(|(_, lines)| metadata(lines)).collect();
        assert_eq!(sent, [of_preflight, vec![]]);
    }
}

#[test]
fn preflight_alone() {
    let server = Server::new(|_, _| Some(ALLOWED));
    let outcome = check(&server.url(), &["-XPUT", "--preflight-only"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    let end = "   => it was not sent: --preflight-only asks for the preflight alone\n";
    assert!(outcome.stdout.ends_with(end), "{}", outcome.stdout);
    assert_eq!(server.lines(), [(0, "OPTIONS / HTTP/1.1".to_owned())]);

    let outcome = check(&server.url(), &["-XPUT", "--preflight-only", "--engine=all"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);

    let refusing = Server::new(|_, _| Some("HTTP/1.1 204 No Content\r\n\r\n"));
    assert_eq!(check(&refusing.url(), &["-XPUT", "--preflight-only"]).code, 1);

    let outcome = check(&server.url(), &["--preflight-only"]);
    assert_eq!(
        (outcome.code, outcome.stderr.as_str()),
        (
            2,
            "browser-cors: this request needs no preflight, so nothing was sent (--preflight-only)\n"
        )
    );
}

#[test]
fn bodies_from_files() {
    let server = Server::new(|_, _| Some(ALLOWED));
    let file = format!("@{}", written("body", "line 1\nline 2\n").display());
    assert_eq!(check(&server.url(), &["-d", &file]).code, 0);
    assert_eq!(check(&server.url(), &["--data-raw=@name"]).code, 0);
    let mut piped = command("check");
    piped.args([&server.url(), "--origin=https://app.example", "--data=@-"]);
    let mut child = piped.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"piped").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let bodies: Vec<_> =
        server.seen().into_iter().map(|(_, mut lines)| lines.pop().unwrap()).collect();
    assert_eq!(bodies, ["line 1\nline 2\n", "@name", "piped"]);

    let outcome = check(&server.url(), &["--data=@/nowhere"]);
    assert_eq!(outcome.code, 2);
    let start = "browser-cors: --data @/nowhere: ";
    assert!(outcome.stderr.starts_with(start), "{}", outcome.stderr);
}
