//! The head of an answer.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// The most bytes that a head may have.
const LIMIT: usize = 512 << 10;

/// The status line and the headers of an answer.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Head {
    /// The status.
    pub status: u16,
    /// The status message.
    pub message: Vec<u8>,
    /// The headers, with the names and values that came.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Head {
    /// Reads a head.
    ///
    /// # Errors
    ///
    /// If the connection ends or browsers refuse the bytes.
    pub async fn read(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Self> {
        let mut bytes = Vec::new();
        loop {
            let start = bytes.len();
            stream.read_until(b'\n', &mut bytes).await?;
            if bytes.len() > LIMIT {
                return Err(invalid("the head of the answer does not end"));
            }
            // Browsers take the end of the connection for the end of the head.
            if bytes.len() == start || (matches!(&bytes[start..], b"\n" | b"\r\n") && start > 0) {
                break;
            }
        }
        Self::parse(&bytes)
    }

    /// The head that these bytes are.
    ///
    /// # Errors
    ///
    /// If browsers refuse the bytes.
    pub fn parse(bytes: &[u8]) -> io::Result<Self> {
        if bytes.contains(&0) {
            return Err(invalid("the head of the answer has a NUL"));
        }
        let mut lines =
            bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let (status, message) = lines
            .next()
            .and_then(status_line)
            .ok_or_else(|| invalid("the answer does not begin as HTTP does"))?;
        let mut headers: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        for line in lines.filter(|line| !line.is_empty()) {
            if line.contains(&b'\r') {
                return Err(invalid("a header has a lone carriage return"));
            }
            if let (b' ' | b'\t', Some(last)) = (line[0], headers.last_mut()) {
                // A line that begins with a space goes on with the one before.
                last.1.push(b' ');
                last.1.extend_from_slice(trim(line));
            } else if let Some(colon) = line.iter().position(|byte| *byte == b':') {
                let (name, value) = (&line[..colon], trim(&line[colon + 1..]));
                if browser_cors::header::is_header_name(name) {
                    headers.push((name.to_vec(), value.to_vec()));
                }
            }
        }
        Ok(Self { status, message, headers })
    }

    /// The value of the first header with this name.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        let is_it = |header: &&(Vec<u8>, Vec<u8>)| header.0.eq_ignore_ascii_case(name.as_bytes());
        self.headers.iter().find(is_it).map(|header| &header.1[..])
    }

    /// Whether a header with this name lists a token.
    pub fn has_token(&self, name: &str, token: &str) -> bool {
        self.get(name).is_some_and(|value| {
            value
                .split(|byte| *byte == b',')
                .any(|it| trim(it).eq_ignore_ascii_case(token.as_bytes()))
        })
    }
}

fn status_line(line: &[u8]) -> Option<(u16, Vec<u8>)> {
    let rest = line.strip_prefix(b"HTTP/1.")?;
    let mut parts = rest.splitn(3, |byte| *byte == b' ');
    parts.next()?;
    let status = str::from_utf8(parts.next()?).ok()?.parse().ok()?;
    (100..1000).contains(&status).then(|| (status, parts.next().unwrap_or_default().to_vec()))
}

fn trim(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

fn invalid(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::Head;

    #[test]
    fn bytes_stay() {
        let head = Head::parse(
            b"HTTP/1.1 299 Odd  text\r\nX-a:\t1 \r\n 2\nx-A: \x0b\xe9\r\n: no name\r\n\r\n",
        );
        let headers = [(b"X-a".to_vec(), b"1 2".to_vec()), (b"x-A".to_vec(), b"\x0b\xe9".to_vec())];
        assert_eq!(
            head.unwrap(),
            Head { status: 299, message: b"Odd  text".to_vec(), headers: headers.to_vec() }
        );
    }

    #[test]
    fn refused() {
        for bytes in [
            &b"HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n"[..],
            b"HTTP/1.1 200 OK\r\nx: a\rb\r\n\r\n",
            b"HTTP/2.0 200 OK\r\n\r\n",
            b"HTTP/1.1 OK\r\n\r\n",
        ] {
            assert!(Head::parse(bytes).is_err(), "{}", bytes.escape_ascii());
        }
    }
}
