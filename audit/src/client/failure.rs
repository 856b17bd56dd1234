//! Why an exchange with a live server failed, in one sentence.

use std::{fmt, io, time::Duration};

use rustls::{CertificateError, OtherError};
use ureq::Error;

/// The phase of an exchange.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Phase {
    /// The client resolves the name.
    Resolving,
    /// The client connects, with TLS for https.
    Connecting,
    /// The server has sent nothing of its answer.
    Waiting,
    /// The server has sent a part of its answer.
    Receiving,
}

/// The error for a name without an address.
#[derive(Debug)]
pub(super) struct UnresolvedName {
    /// The name.
    pub(super) name: String,
    /// The error of the system.
    pub(super) reason: io::Error,
}

impl fmt::Display for UnresolvedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = self.reason.to_string();
        let reason = reason.rsplit(": ").next().unwrap_or(&reason);
        write!(f, "the name {} has no address: {reason}", self.name)
    }
}

impl std::error::Error for UnresolvedName {}

/// The reason why there is no answer: a lower-case fragment without a full stop.
pub(super) fn reason(error: &Error, phase: Phase, timeout: Duration) -> String {
    match error {
        Error::Timeout(_) => timed_out(phase, timeout),
        Error::Io(error) => match rustls_error(error) {
            Some(error) => tls(error),
            None => connection(error, phase),
        },
        Error::Rustls(error) => tls(error),
        Error::Tls(reason) => format!("TLS failed: {reason}"),
        Error::HostNotFound => "the name has no address".to_owned(),
        Error::Other(error) => match error.downcast_ref::<UnresolvedName>() {
            Some(unknown) => unknown.to_string(),
            None => error.to_string(),
        },
        Error::LargeResponseHeader(_, limit) => {
            format!("the header section of the answer is longer than {} KiB", limit >> 10)
        }
        Error::Protocol(error) => protocol(error),
        Error::Http(error) => format!("the request cannot be sent: {error}"),
        Error::ConnectProxyFailed(reason) => format!("the proxy made no connection: {reason}"),
        error => format!("the exchange failed: {error}"),
    }
}

fn timed_out(phase: Phase, timeout: Duration) -> String {
    let seconds = timeout.as_secs_f64();
    match phase {
        Phase::Resolving => format!("the name was not resolved within {seconds} s"),
        Phase::Connecting => format!("there was no connection within {seconds} s"),
        Phase::Waiting => format!("the server sent nothing within {seconds} s"),
        Phase::Receiving => {
            format!("the header section of the answer was not complete within {seconds} s")
        }
    }
}

fn connection(error: &io::Error, phase: Phase) -> String {
    let is_closed = matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::UnexpectedEof
    );
    match phase {
        _ if error.kind() == io::ErrorKind::ConnectionRefused => {
            "the connection was refused: nothing listens there".to_owned()
        }
        Phase::Connecting if is_closed => {
            "the server closed the connection during the TLS handshake".to_owned()
        }
        Phase::Waiting if is_closed => {
            "the server closed the connection without an answer".to_owned()
        }
        Phase::Receiving if is_closed => {
            "the server closed the connection in the header section of its answer".to_owned()
        }
        _ => format!("the connection failed: {error}"),
    }
}

fn protocol(error: &ureq_proto::Error) -> String {
    match error {
        // Ours: httparse says this if the first line does not begin with `HTTP/1.`.
        ureq_proto::Error::HttpParseFail(reason) if reason == "invalid HTTP version" => {
            "what the server sent is not HTTP/1".to_owned()
        }
        ureq_proto::Error::HttpParseFail(reason) => {
            format!("the answer is not valid HTTP: {reason}")
        }
        ureq_proto::Error::HttpParseTooManyHeaders => format!(
            "the answer has more than {} header lines",
            ureq_proto::client::MAX_RESPONSE_HEADERS
        ),
        error => format!("the answer is not valid HTTP: {error}"),
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
        rustls::Error::AlertReceived(alert) => {
            format!("the server refused the TLS handshake ({alert:?})")
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
