//! The network of the user agent: HTTP/1.1 to the server of web-platform-tests, and to nobody else.
//!
//! It keeps the bytes of headers as they are, in both directions, since tests look at them: names in
//! the case that a page wrote, and values that HTTP libraries refuse.

mod body;
mod head;
mod tls;

use std::{borrow::Cow, io, net::Ipv4Addr, sync::Arc};

use browser_cors::url::{Host, Position, Url};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

pub use body::Body;
pub use head::Head;
pub use tls::trusting;

/// The host names that the server has; all of them are on this machine.
const HOSTS: [&str; 2] = ["web-platform.test", "not-web-platform.test"];

/// A connection.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// What goes on the wire.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// The method.
    pub method: &'a str,
    /// Where it goes.
    pub url: &'a Url,
    /// The headers, without `Host`.
    pub headers: Vec<(&'a [u8], Cow<'a, [u8]>)>,
    /// The body.
    pub body: &'a [u8],
}

/// Sends a request on a connection of its own, and reads the head of the answer.
///
/// # Errors
///
/// If the host is not the server's, there is no connection, or the answer is broken.
pub async fn send(
    outgoing: &Outgoing<'_>,
    tls: &Arc<rustls::ClientConfig>,
) -> io::Result<(Head, Body)> {
    let stream = connect(outgoing.url, tls).await?;
    let mut stream = BufReader::new(stream);
    stream.write_all(&written(outgoing)).await?;
    stream.write_all(outgoing.body).await?;
    stream.flush().await?;
    let head = loop {
        let head = Head::read(&mut stream).await?;
        if head.status >= 200 || head.status == 101 {
            break head;
        }
    };
    let body = Body::new(&head, outgoing.method, stream)?;
    Ok((head, body))
}

async fn connect(url: &Url, tls: &Arc<rustls::ClientConfig>) -> io::Result<Box<dyn Stream>> {
    let address = match url.host() {
        Some(Host::Domain(name)) if is_of_server(name) => Ipv4Addr::LOCALHOST,
        Some(Host::Ipv4(address)) if address.is_loopback() => address,
        _ => return Err(io::Error::new(io::ErrorKind::NotFound, "the host is not known")),
    };
    let stream = TcpStream::connect((address, url.port_or_known_default().unwrap_or(0))).await?;
    stream.set_nodelay(true)?;
    if url.scheme() != "https" {
        return Ok(Box::new(stream));
    }
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
    let name = ServerName::try_from(host).map_err(io::Error::other)?;
    Ok(Box::new(TlsConnector::from(Arc::clone(tls)).connect(name, stream).await?))
}

/// Whether a name is one of the server's: its hosts and the names below them, but `nonexistent`.
fn is_of_server(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    if name == "localhost" {
        return true;
    }
    HOSTS.iter().any(|host| {
        name == *host
            || name
                .strip_suffix(host)
                .and_then(|sub| sub.strip_suffix('.'))
                .is_some_and(|sub| !sub.starts_with("nonexistent"))
    })
}

fn written(outgoing: &Outgoing<'_>) -> Vec<u8> {
    let url = outgoing.url;
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let mut head =
        format!("{} {target} HTTP/1.1\r\nHost: {host}\r\n", outgoing.method).into_bytes();
    for (name, value) in &outgoing.headers {
        for part in [name, &b": "[..], value, b"\r\n"] {
            head.extend_from_slice(part);
        }
    }
    head.extend_from_slice(b"\r\n");
    head
}

#[cfg(test)]
mod tests {
    use super::is_of_server;

    #[test]
    fn hosts() {
        for name in ["web-platform.test", "www1.web-platform.test.", "a.b.not-web-platform.test"] {
            assert!(is_of_server(name), "{name}");
        }
        for name in ["nonexistent.web-platform.test", "xweb-platform.test", "example.com"] {
            assert!(!is_of_server(name), "{name}");
        }
    }
}
