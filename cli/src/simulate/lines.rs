//! Reads JSON from a stream: documents in a line each, or over several lines. What is broken costs
//! its own lines, whatever follows, and nothing is read without a limit.

use std::io::{self, BufRead, Read};

use serde::{Deserialize, de::IgnoredAny};

/// The most bytes of a line, and of a document over several lines.
pub(super) const LIMIT: usize = 64 << 20;

/// The lines of a stream.
pub(super) struct Lines<R> {
    input: R,
    /// Lines that were read to see whether they belong to a document.
    ahead: Vec<u8>,
    /// How far those have been read again.
    at: usize,
    /// The number of the line to read next.
    next: usize,
    /// Whether the lines may be what remains of a broken document.
    is_after_broken: bool,
}

/// What a line is.
pub(super) enum Line {
    /// The line with this number.
    Text(usize),
    /// The line with this number was skipped, because it is longer than [`LIMIT`].
    TooLong(usize),
    /// There are no more lines.
    End,
}

/// What begins with a line that ends early.
pub(super) enum Document {
    /// A document over several lines: the text has all of them.
    Whole,
    /// A document over several lines with an error in a later line.
    Broken(serde_json::Error),
    /// A document that is longer than [`LIMIT`].
    TooLong,
    /// Nothing: the line alone is broken.
    Line,
}

impl<R: BufRead> Lines<R> {
    pub(super) const fn new(input: R) -> Self {
        Self { input, ahead: Vec::new(), at: 0, next: 1, is_after_broken: false }
    }

    /// Reads the next line that is not empty, with its end, into `text`.
    pub(super) fn next(&mut self, text: &mut Vec<u8>) -> io::Result<Line> {
        loop {
            text.clear();
            let line = self.read(text)?;
            if text.trim_ascii().is_empty() && matches!(line, Line::Text(_))
                || self.is_after_broken && !begins(text)
            {
                continue;
            }
            self.is_after_broken = false;
            return Ok(line);
        }
    }

    /// Reads on until the document that `text` begins is whole.
    pub(super) fn document(&mut self, text: &mut Vec<u8>) -> io::Result<Document> {
        let first = text.len();
        let opens_document = matches!(text.trim_ascii(), b"[" | b"{");
        let mut reader = Continued { lines: self, text, at: 0, is_too_long: false };
        let result =
            IgnoredAny::deserialize(&mut serde_json::Deserializer::from_reader(&mut reader));
        let is_too_long = reader.is_too_long;
        let error = match result {
            Ok(_) => return Ok(Document::Whole),
            Err(error) if error.is_io() => return Err(error.into()),
            Err(_) if is_too_long => {
                self.is_after_broken = true;
                return Ok(Document::TooLong);
            }
            Err(error) => error,
        };
        let rest = &text[first..];
        self.next -= rest.split_inclusive(|byte| *byte == b'\n').count();
        self.ahead.splice(..self.at, rest.iter().copied());
        self.at = 0;
        // If the next line begins something, the document did not go on there.
        let mut following = rest.split(|byte| *byte == b'\n');
        let goes_on =
            following.find(|line| !line.trim_ascii().is_empty()).is_some_and(|l| !begins(l));
        text.truncate(first);
        if opens_document || goes_on {
            self.is_after_broken = true;
            return Ok(Document::Broken(error));
        }
        Ok(Document::Line)
    }

    /// Appends a line with its end.
    fn read(&mut self, text: &mut Vec<u8>) -> io::Result<Line> {
        let start = text.len();
        let ahead = &self.ahead[self.at..];
        if ahead.is_empty() {
            let limit = LIMIT.saturating_sub(start) as u64 + 1;
            (&mut self.input).take(limit).read_until(b'\n', text)?;
        } else {
            let end =
                ahead.iter().position(|byte| *byte == b'\n').map_or(ahead.len(), |end| end + 1);
            text.extend_from_slice(&ahead[..end]);
            self.at += end;
            if self.at == self.ahead.len() {
                (self.ahead, self.at) = (Vec::new(), 0);
            }
        }
        if text.len() == start {
            return Ok(Line::End);
        }
        let number = self.next;
        self.next += 1;
        if text.len() > LIMIT {
            if !text.ends_with(b"\n") {
                self.skip_line()?;
            }
            text.truncate(start);
            return Ok(Line::TooLong(number));
        }
        Ok(Line::Text(number))
    }

    /// Skips what is left of a line.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            let (length, is_end) = match buffer.iter().position(|byte| *byte == b'\n') {
                Some(end) => (end + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            };
            self.input.consume(length);
            if is_end {
                return Ok(());
            }
        }
    }
}

/// Whether a line begins something, as lines of JSON do. The further lines of a document are
/// indented, or close it.
const fn begins(line: &[u8]) -> bool {
    !matches!(line.first(), Some(b' ' | b'\t' | b'\r' | b'\n' | b'}' | b']'))
}

/// The bytes of a text, and of the lines behind it as they are needed.
struct Continued<'a, R> {
    lines: &'a mut Lines<R>,
    text: &'a mut Vec<u8>,
    at: usize,
    is_too_long: bool,
}

impl<R: BufRead> Read for Continued<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() && matches!(self.lines.read(self.text)?, Line::TooLong(_)) {
            self.is_too_long = true;
        }
        let rest = &self.text[self.at..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }
}
