//! Why an exchange with a live server failed, in one sentence.

use std::{error::Error, io, path::Path, time::Duration};

use rustls::{AlertDescription, CertificateError, OtherError};

use super::{
    HEADER_LINE_LIMIT, HEADER_SECTION_LIMIT,
    proxy::ProxyServer,
    wire::{Head, InvalidByte},
};

/// The phase of an exchange.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Phase {
    /// All connections to the server are in use.
    Queued,
    /// The client resolves the name.
    #[default]
    Resolving,
    /// The client connects, with TLS for https.
    Connecting,
    /// The server has sent nothing of its answer.
    Waiting,
    /// The server has sent a part of its answer.
    Receiving,
}

/// A failed attempt.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// A lower-case fragment without a full stop.
    pub(super) reason: String,
    pub(super) kind: Kind,
}

/// What can be done about a failure.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// Nothing listens there.
    Refused,
    /// The connection ended before a byte of an answer came.
    Unanswered,
    /// Anything else that another attempt may change.
    Other,
    /// No other attempt changes it.
    Final,
}

impl Failure {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), kind: Kind::Other }
    }

    pub(super) fn last(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), kind: Kind::Final }
    }

    fn unanswered(reason: &str) -> Self {
        Self { reason: reason.to_owned(), kind: Kind::Unanswered }
    }
}

/// The failure if time runs out.
pub(super) fn timed_out(phase: Phase, proxy: Option<&ProxyServer>, seconds: f64) -> Failure {
    Failure::new(match (phase, proxy) {
        (Phase::Queued, _) => {
            format!("all connections to the server were in use for {seconds} s")
        }
        (Phase::Resolving | Phase::Connecting, Some(proxy)) => {
            format!("{proxy} made no connection within {seconds} s")
        }
        (Phase::Resolving, None) => format!("the name was not resolved within {seconds} s"),
        (Phase::Connecting, None) => format!("there was no connection within {seconds} s"),
        (Phase::Waiting, _) => format!("the server sent nothing within {seconds} s"),
        (Phase::Receiving, _) => {
            format!("the header section of the answer was not complete within {seconds} s")
        }
    })
}

/// The failure if a name has no address.
pub(super) fn unresolved(name: &str, error: &io::Error, proxy: Option<&ProxyServer>) -> Failure {
    let reason = error.to_string();
    let reason = reason.rsplit(": ").next().unwrap_or(&reason);
    Failure::new(match proxy {
        Some(proxy) => format!("{proxy} has no address: {reason}"),
        None => format!("the name {name} has no address: {reason}"),
    })
}

/// The failure to connect to the server, or to its proxy.
pub(super) fn unconnected(error: &io::Error, proxy: Option<&ProxyServer>) -> Failure {
    let is_refused = error.kind() == io::ErrorKind::ConnectionRefused;
    let reason = match (proxy, is_refused) {
        (Some(proxy), true) => format!("{proxy} refused the connection: nothing listens there"),
        (Some(proxy), false) => format!("{proxy} cannot be reached: {error}"),
        (None, true) => "the connection was refused: nothing listens there".to_owned(),
        (None, false) => format!("the connection failed: {error}"),
    };
    Failure { reason, kind: if is_refused { Kind::Refused } else { Kind::Other } }
}

/// The failure to connect to a Unix socket.
pub(super) fn no_socket(path: &Path, error: &io::Error) -> Failure {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => {
            Failure { reason: format!("there is no socket {path}"), kind: Kind::Refused }
        }
        io::ErrorKind::ConnectionRefused => Failure {
            reason: format!("the connection was refused: nothing listens at {path}"),
            kind: Kind::Refused,
        },
        _ => Failure::new(format!("the connection to {path} failed: {error}")),
    }
}

/// The failure of a TLS handshake.
pub(super) fn handshake(error: &io::Error, proxy: Option<&ProxyServer>) -> Failure {
    let failure = match rustls_error(error) {
        Some(error) => Failure::new(tls(error)),
        None if is_closed(error) => {
            Failure::unanswered("the server closed the connection during the TLS handshake")
        }
        None => Failure::new(format!("the connection failed: {error}")),
    };
    match proxy {
        Some(proxy) => Failure {
            reason: format!("{proxy}: {}", failure.reason.replace("the server", "it")),
            ..failure
        },
        None => failure,
    }
}

/// The failure of an exchange over HTTP/1.
pub(super) fn exchange(error: &hyper::Error, head: &Head) -> Failure {
    // Ours: hyper says this of the length and of the number of lines.
    if error.is_parse() && error.to_string().contains("too large") {
        return Failure::new(if head.line_count() > HEADER_LINE_LIMIT {
            format!("the answer has more than {HEADER_LINE_LIMIT} header lines")
        } else {
            let limit = HEADER_SECTION_LIMIT >> 10;
            format!("the header section of the answer is longer than {limit} KiB")
        });
    }
    if let Some(error) = cause::<io::Error>(error) {
        if let Some(error) = error.get_ref().and_then(|it| it.downcast_ref::<InvalidByte>()) {
            return Failure::new(format!("the answer is not valid HTTP: {error}"));
        }
        if let Some(error) = rustls_error(error) {
            return Failure::new(tls(error));
        }
        if !is_closed(error) {
            return Failure::new(format!("the connection failed: {error}"));
        }
    }
    if error.is_parse() {
        return Failure::new(protocol(error, &head.first_bytes()));
    }
    if !head.has_answer() {
        Failure::unanswered("the server closed the connection without an answer")
    } else {
        Failure::new("the server closed the connection in the header section of its answer")
    }
}

/// The failure of an exchange over HTTP/2.
pub(super) fn stream(error: &hyper::Error) -> Failure {
    if let Some(error) = cause::<io::Error>(error) {
        if let Some(error) = rustls_error(error) {
            return Failure::new(tls(error));
        }
        if is_closed(error) {
            return Failure::unanswered("the server closed the connection without an answer");
        }
    }
    if error.is_canceled() || error.is_closed() || error.is_incomplete_message() {
        return Failure::unanswered("the server closed the connection without an answer");
    }
    let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    // A server refuses a stream or goes away before it has looked at the request.
    let is_retriable = reason.contains("REFUSED_STREAM")
        || reason.contains("go away") && reason.contains("not a result of an error");
    let kind = if is_retriable { Kind::Unanswered } else { Kind::Other };
    Failure { reason: format!("HTTP/2 failed: {reason}"), kind }
}

/// Why a body broke off.
pub(super) fn body(error: &hyper::Error) -> String {
    let of_connection = cause::<io::Error>(error);
    if let Some(error) = of_connection.and_then(rustls_error) {
        return tls(error);
    }
    if error.is_incomplete_message() || error.is_closed() || of_connection.is_some_and(is_closed) {
        return "the server closed the connection in the body of its answer".to_owned();
    }
    let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    format!("the body of the answer is not valid HTTP: {reason}")
}

/// The failure of a body for which there was too little time.
pub(super) fn late_body(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    format!("the body of the answer was not complete within {seconds} s for the whole fetch")
}

fn is_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::NotConnected
            | io::ErrorKind::UnexpectedEof
    )
}

/// The first cause of an error that is of this type.
fn cause<T: Error + 'static>(error: &dyn Error) -> Option<&T> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// What is wrong with an answer that hyper cannot parse.
fn protocol(error: &hyper::Error, first_bytes: &[u8]) -> String {
    /// The type byte of a SETTINGS frame, with which a server of HTTP/2 begins.
    const SETTINGS: u8 = 4;
    match first_bytes {
        [0, _, _, SETTINGS, ..] => {
            "the server speaks HTTP/2 without TLS, which no browser does".to_owned()
        }
        [0x15 | 0x16, 3, ..] => "the server speaks TLS: is http right for this port?".to_owned(),
        bytes if !bytes.starts_with(b"HTTP/1.") => "what the server sent is not HTTP/1".to_owned(),
        _ if error.is_parse_status() => {
            "the answer is not valid HTTP: invalid response status".to_owned()
        }
        _ => {
            let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            format!("the answer is not valid HTTP: {reason}")
        }
    }
}

fn rustls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidMessage(_) => {
            "the server does not speak TLS: is https right for this port?".to_owned()
        }
        rustls::Error::InvalidCertificate(error) => {
            format!("the server's certificate is not valid: {}", certificate(error))
        }
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => {
            "the server wants a certificate of the client, which it got not with this request"
                .to_owned()
        }
        rustls::Error::AlertReceived(AlertDescription::NoApplicationProtocol)
        | rustls::Error::NoApplicationProtocol => {
            "the server has none of the HTTP versions that were offered".to_owned()
        }
        rustls::Error::AlertReceived(alert) => {
            format!("the server refused the TLS handshake ({alert:?})")
        }
        rustls::Error::PeerIncompatible(reason) => {
            format!("the server's TLS is too old or too new: {reason:?}")
        }
        rustls::Error::General(reason) => format!("TLS failed: {reason}"),
        error => format!("TLS failed: {error}"),
    }
}

fn certificate(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => "this system does not know its issuer".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "it has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet".to_owned()
        }
        CertificateError::NotValidForName => "it is for another name".to_owned(),
        CertificateError::NotValidForNameContext { expected, .. } => {
            format!("it is not for {}", expected.to_str())
        }
        CertificateError::Revoked => "it is revoked".to_owned(),
        // Ours: webpki says this about self-signed certificates, which many tools make.
        CertificateError::Other(OtherError(error)) if error.to_string() == "CaUsedAsEndEntity" => {
            "it is self-signed".to_owned()
        }
        CertificateError::Other(OtherError(error)) => format!("it cannot be verified ({error})"),
        error => format!("it cannot be verified ({error})"),
    }
}
