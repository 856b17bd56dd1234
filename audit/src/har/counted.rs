//! Counts the bytes of JSON while a parser reads it, so that everything the parser keeps is
//! bounded.

use std::{
    cell::RefCell,
    io::{self, BufRead, Read},
};

/// The most bytes that are kept of an entry, or of everything outside of entries.
const KEPT_LIMIT: usize = 1 << 20;

/// The deepest nesting of a HAR.
const DEPTH_LIMIT: u32 = 128;

/// The position of the reader.
#[derive(Debug, Default)]
pub(super) struct Position {
    /// The number of lines before.
    pub(super) line: u64,
    /// The byte in that line, from 1; 0 at the very beginning of the line.
    pub(super) column: u64,
    depth: u32,
    in_string: bool,
    is_escaped: bool,
    /// The number of bytes that were kept of the current item.
    pub(super) kept: usize,
    /// The depth of the member that is being skipped, if any.
    skipping: Option<u32>,
    /// The current entry, from 1.
    pub(super) entry: Option<u64>,
}

impl Position {
    /// Skips the member whose value comes next.
    pub(super) const fn skip(&mut self) {
        self.skipping = Some(self.depth);
    }

    /// Moves on by one byte.
    fn pass(&mut self, byte: u8) -> Result<(), &'static str> {
        (self.line, self.column) =
            if byte == b'\n' { (self.line + 1, 0) } else { (self.line, self.column + 1) };
        if self.in_string {
            self.in_string = self.is_escaped || byte != b'"';
            self.is_escaped = !self.is_escaped && byte == b'\\';
        } else {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => return Ok(()),
                b'"' => self.in_string = true,
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            if self.depth > DEPTH_LIMIT {
                return Err("more than 128 levels of nesting");
            }
            // A member ends at a comma, or with its object.
            self.skipping = self
                .skipping
                .filter(|depth| self.depth > *depth || self.depth == *depth && byte != b',');
        }
        self.kept += usize::from(self.skipping.is_none());
        if self.kept > KEPT_LIMIT {
            return Err("the members that count have more than 1 MiB");
        }
        Ok(())
    }
}

/// Input that counts its bytes.
pub(super) struct Counted<'a, R> {
    input: R,
    place: &'a RefCell<Position>,
    has_failed: bool,
}

impl<'a, R: BufRead> Counted<'a, R> {
    pub(super) const fn new(input: R, place: &'a RefCell<Position>) -> Self {
        Self { input, place, has_failed: false }
    }
}

impl<R: BufRead> Read for Counted<'_, R> {
    /// Reads one byte at a time, so that the position is exact. After a failure, reads nothing.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(first) = buffer.first_mut() else { return Ok(0) };
        if self.has_failed {
            return Ok(0);
        }
        let next = self.input.fill_buf().map(|text| text.first().copied());
        let passed = next.and_then(|next| {
            let Some(byte) = next else { return Ok(None) };
            self.input.consume(1);
            self.place.borrow_mut().pass(byte).map_err(io::Error::other)?;
            Ok(Some(byte))
        });
        self.has_failed =
            passed.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted);
        Ok(passed?.map_or(0, |byte| {
            *first = byte;
            1
        }))
    }
}
