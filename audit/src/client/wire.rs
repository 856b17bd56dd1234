//! The bytes of an HTTP/1 connection. hyper writes header names in lower case and reads what no
//! browser reads; both are mended here, below it.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream whose requests have the header section that was [given](Head::send), and whose answers
/// are watched.
pub(super) struct Wire<S> {
    stream: S,
    head: Head,
}

impl<S> Wire<S> {
    pub(super) fn new(stream: S) -> (Self, Head) {
        let head = Head::default();
        (Self { stream, head: head.clone() }, head)
    }
}

/// The header sections of the current exchange.
#[derive(Clone, Debug, Default)]
pub(super) struct Head(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// The header section to send in place of hyper's.
    outgoing: Option<Bytes>,
    /// The length of hyper's header section, while the other one goes out.
    replaced: Option<usize>,
    incoming: Incoming,
}

impl Head {
    /// Begins an exchange: the next header section goes out as `bytes`.
    pub(super) fn send(&self, bytes: Bytes) {
        *self.state() = State { outgoing: Some(bytes), ..State::default() };
    }

    /// The first bytes that came in this exchange, at most 16.
    pub(super) fn first_bytes(&self) -> Vec<u8> {
        self.state().incoming.first.clone()
    }

    /// The number of lines that came, at least those of the header section.
    pub(super) fn line_count(&self) -> usize {
        self.state().incoming.line_count
    }

    /// Whether a byte of an answer came.
    pub(super) fn has_answer(&self) -> bool {
        !self.state().incoming.first.is_empty()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The header section of an answer, as far as it came.
#[derive(Debug, Default)]
struct Incoming {
    first: Vec<u8>,
    /// The start of the status line, at most 12 bytes.
    status: Vec<u8>,
    /// Whether the header section is over.
    is_over: bool,
    is_in_line: bool,
    line_count: usize,
    is_after_cr: bool,
}

impl Incoming {
    /// Reads bytes of an answer.
    ///
    /// # Errors
    ///
    /// If browsers refuse the answer for a byte of its header section.
    fn read(&mut self, bytes: &[u8]) -> Result<(), InvalidByte> {
        let room = 16 - self.first.len();
        self.first.extend(bytes.iter().take(room));
        for byte in bytes {
            if self.is_over {
                return Ok(());
            }
            // Anything else is refused for what it is.
            let is_http = self.status.starts_with(b"HTTP/");
            if is_http && *byte == 0 {
                return Err(InvalidByte::Nul);
            }
            if is_http && self.is_after_cr && *byte != b'\n' {
                return Err(InvalidByte::CarriageReturn);
            }
            self.is_after_cr = *byte == b'\r';
            match byte {
                b'\r' => {}
                b'\n' if self.is_in_line => {
                    self.is_in_line = false;
                    self.line_count += 1;
                }
                // An informational answer is not the answer.
                b'\n'
                    if self.status.get(8..10) == Some(b" 1") && !self.status.ends_with(b"101") =>
                {
                    self.status.clear();
                }
                b'\n' => self.is_over = !self.status.is_empty(),
                byte => {
                    self.is_in_line = true;
                    if self.status.len() < 12 {
                        self.status.push(*byte);
                    }
                }
            }
        }
        Ok(())
    }
}

/// A byte of a header section for which browsers refuse the answer.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum InvalidByte {
    /// A NUL.
    #[error("its header section has a NUL byte, which browsers refuse")]
    Nul,
    /// A carriage return that ends no line.
    #[error(
        "its header section has a carriage return without a line feed, which Firefox and WebKit refuse"
    )]
    CarriageReturn,
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let came = self.head.state().incoming.read(&buffer.filled()[before..]);
        Poll::Ready(came.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error)))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Self { stream, head } = self.get_mut();
        let mut state = head.state();
        if state.replaced.is_none() && state.outgoing.is_some() {
            let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
            let end =
                end.ok_or_else(|| io::Error::other("the header section was written in parts"))?;
            state.replaced = Some(end + 4);
        }
        while let Some(outgoing) = &mut state.outgoing {
            let length = ready!(Pin::new(&mut *stream).poll_write(context, outgoing))?;
            if length == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            *outgoing = outgoing.slice(length..);
            if outgoing.is_empty() {
                state.outgoing = None;
            }
        }
        match state.replaced.take() {
            Some(length) => Poll::Ready(Ok(length)),
            None => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::Incoming;

    fn read(answer: &[u8]) -> bool {
        // In one piece, and byte by byte.
        let mut incoming = Incoming::default();
        let whole = Incoming::default().read(answer).is_ok();
        let parts = answer.iter().all(|byte| incoming.read(&[*byte]).is_ok());
        assert_eq!(whole, parts);
        whole
    }

    #[test]
    fn header_sections() {
        assert!(read(b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n"));
        assert!(read(b"HTTP/1.1 200\nA: b\n\n"));
        assert!(!read(b"HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n"));
        assert!(!read(b"HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n"));
    }

    #[test]
    fn bodies_may_have_any_byte() {
        assert!(read(b"HTTP/1.1 200 OK\r\n\r\n\0\ra"));
        assert!(read(b"\r\nHTTP/1.1 101 X\r\n\r\n\0"));
    }

    #[test]
    fn informational_answers_come_before_the_answer() {
        assert!(!read(b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nA: \0\r\n\r\n"));
        assert!(read(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\0"));
    }
}
