//! The body of an answer, piece by piece.

use std::{io, io::Write as _};

use flate2::write::{MultiGzDecoder, ZlibDecoder};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

use super::{Head, Stream};

/// A body that is being read.
pub struct Body {
    stream: BufReader<Box<dyn Stream>>,
    framing: Framing,
    decoder: Decoder,
}

/// What says where the body ends.
enum Framing {
    Length(u64),
    Chunked,
    Connection,
    Over,
}

/// What undoes `Content-Encoding`.
enum Decoder {
    Identity,
    Gzip(MultiGzDecoder<Vec<u8>>),
    Deflate(ZlibDecoder<Vec<u8>>),
}

impl Body {
    /// The body that follows a head.
    ///
    /// # Errors
    ///
    /// If the lengths contradict each other.
    pub fn new(head: &Head, method: &str, stream: BufReader<Box<dyn Stream>>) -> io::Result<Self> {
        let framing = if method == "HEAD" || matches!(head.status, 101 | 204 | 304) {
            Framing::Over
        } else if head.has_token("Transfer-Encoding", "chunked") {
            Framing::Chunked
        } else {
            match length(head)? {
                Some(length) => Framing::Length(length),
                None => Framing::Connection,
            }
        };
        let is_coded = |coding| head.has_token("Content-Encoding", coding);
        let decoder = if is_coded("gzip") || is_coded("x-gzip") {
            Decoder::Gzip(MultiGzDecoder::new(Vec::new()))
        } else if is_coded("deflate") {
            Decoder::Deflate(ZlibDecoder::new(Vec::new()))
        } else {
            Decoder::Identity
        };
        Ok(Self { stream, framing, decoder })
    }

    /// The next bytes, decoded; `None` at the end.
    ///
    /// # Errors
    ///
    /// If the connection ends too early, or the bytes cannot be decoded.
    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        while let Some(bytes) = self.next_raw().await? {
            let bytes = self.decoder.push(bytes)?;
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
        self.decoder.end()
    }

    async fn next_raw(&mut self) -> io::Result<Option<Vec<u8>>> {
        match &mut self.framing {
            Framing::Over => Ok(None),
            Framing::Connection => {
                let bytes = match self.stream.fill_buf().await {
                    Ok(bytes) => bytes.to_vec(),
                    // The server ends TLS without a word, and browsers take that for the end.
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Vec::new(),
                    Err(error) => return Err(error),
                };
                self.stream.consume(bytes.len());
                Ok((!bytes.is_empty()).then_some(bytes))
            }
            Framing::Length(0) => Ok(None),
            Framing::Length(left) => {
                let buffered = self.stream.fill_buf().await?;
                if buffered.is_empty() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                let length = buffered.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                let bytes = buffered[..length].to_vec();
                *left -= length as u64;
                self.stream.consume(length);
                Ok(Some(bytes))
            }
            Framing::Chunked => {
                let mut line = String::new();
                (&mut self.stream).take(4096).read_line(&mut line).await?;
                let size = line.trim().split(';').next().unwrap_or_default().trim();
                let size = usize::from_str_radix(size, 16)
                    .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a broken chunk"))?;
                if size == 0 {
                    self.framing = Framing::Over;
                    return Ok(None);
                }
                let mut bytes = vec![0; size.min(64 << 20)];
                self.stream.read_exact(&mut bytes).await?;
                line.clear();
                (&mut self.stream).take(2).read_line(&mut line).await?;
                Ok(Some(bytes))
            }
        }
    }
}

impl Decoder {
    fn push(&mut self, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        match self {
            Self::Identity => Ok(bytes),
            Self::Gzip(decoder) => {
                decoder.write_all(&bytes)?;
                decoder.flush()?;
                Ok(std::mem::take(decoder.get_mut()))
            }
            Self::Deflate(decoder) => {
                decoder.write_all(&bytes)?;
                decoder.flush()?;
                Ok(std::mem::take(decoder.get_mut()))
            }
        }
    }

    /// What is left at the end of the body.
    fn end(&mut self) -> io::Result<Option<Vec<u8>>> {
        let left = match std::mem::replace(self, Self::Identity) {
            Self::Identity => return Ok(None),
            Self::Gzip(mut decoder) => {
                decoder.try_finish()?;
                std::mem::take(decoder.get_mut())
            }
            Self::Deflate(mut decoder) => {
                decoder.try_finish()?;
                std::mem::take(decoder.get_mut())
            }
        };
        Ok((!left.is_empty()).then_some(left))
    }
}

/// The length that `Content-Length` says.
fn length(head: &Head) -> io::Result<Option<u64>> {
    let mut length = None;
    let lines = head.headers.iter().filter(|it| it.0.eq_ignore_ascii_case(b"Content-Length"));
    for text in lines.flat_map(|it| it.1.split(|byte| *byte == b',')) {
        let text = str::from_utf8(text).unwrap_or_default().trim();
        let Ok(number) = text.parse() else { continue };
        if length.is_some_and(|length| length != number) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "two different lengths"));
        }
        length = Some(number);
    }
    Ok(length)
}
