//! Splits the text of a HAR while it is read: keeps the members that count, and skips the others.
//!
//! Only brackets and strings must be whole, so that an odd entry has an end and costs itself alone.
//! What is skipped takes no memory, whatever its length and depth.

use std::io::{self, BufRead};

use memchr::{memchr_iter, memchr2, memrchr};
use serde::de::IgnoredAny;

/// The members of a value that count.
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// The value, unless it is an object or an array.
    Scalar,
    /// Whether it is an object, an array or neither, and whether it is empty.
    Shape,
    /// Some members of an object.
    Members(&'static [(&'static str, Self)]),
}

/// Why text cannot be read on.
#[derive(Debug)]
pub(super) enum Fault {
    /// The text ends too early.
    End(&'static str),
    /// The next byte is not what was expected.
    Syntax(&'static str),
    /// The input failed.
    Input(io::Error),
}

/// Text that is kept, up to a limit.
pub(super) struct Kept {
    pub(super) bytes: Vec<u8>,
    limit: usize,
    /// Whether there was more than the limit.
    pub(super) is_over: bool,
}

impl Kept {
    pub(super) const fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit, is_over: false }
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.is_over = false;
    }

    fn push(&mut self, text: &[u8]) {
        if self.bytes.len() + text.len() > self.limit {
            self.is_over = true;
        } else {
            self.bytes.extend_from_slice(text);
        }
    }
}

/// The longest name of a member that counts, with quotes and escapes.
const NAME_LIMIT: usize = 64;

/// The longest number or word that is kept.
const WORD_LIMIT: usize = 64;

/// A reader of JSON that knows where it is.
pub(super) struct Scanner<R> {
    input: R,
    /// The number of lines before.
    pub(super) line: u64,
    /// The number of bytes in that line that were read.
    pub(super) column: u64,
    /// The number of open brackets.
    pub(super) depth: u64,
}

impl<R: BufRead> Scanner<R> {
    pub(super) const fn new(input: R) -> Self {
        Self { input, line: 0, column: 0, depth: 0 }
    }

    /// What comes next, without reading it: nothing at the end.
    pub(super) fn ahead(&mut self) -> Result<&[u8], Fault> {
        loop {
            match self.input.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Fault::Input(error)),
            }
        }
        self.input.fill_buf().map_err(Fault::Input)
    }

    /// Reads the next `length` bytes, which are there.
    fn pass(&mut self, length: usize, kept: Option<&mut Kept>) -> Result<(), Fault> {
        let chunk = self.input.fill_buf().map_err(Fault::Input)?;
        let text = &chunk[..length];
        if let Some(kept) = kept {
            kept.push(text);
        }
        match memrchr(b'\n', text) {
            None => self.column += length as u64,
            Some(last) => {
                self.line += memchr_iter(b'\n', text).count() as u64;
                self.column = (length - last - 1) as u64;
            }
        }
        self.input.consume(length);
        Ok(())
    }

    /// Skips a byte order mark, which JSON does not allow but some tools write.
    pub(super) fn byte_order_mark(&mut self) -> Result<(), Fault> {
        if matches!(self.ahead()?.first(), Some(0xFF | 0xFE)) {
            return Err(Fault::Syntax("the text is UTF-16: UTF-8 was expected"));
        }
        for byte in *b"\xEF\xBB\xBF" {
            if self.ahead()?.first() != Some(&byte) {
                break;
            }
            self.input.consume(1);
        }
        Ok(())
    }

    /// Skips white space. Returns the byte that comes next, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<u8>, Fault> {
        loop {
            let chunk = self.ahead()?;
            let space = chunk.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let (next, is_over) = (chunk.get(space).copied(), chunk.is_empty());
            self.pass(space, None)?;
            if next.is_some() || is_over {
                return Ok(next);
            }
        }
    }

    /// As [`next`](Self::next), where something must come.
    pub(super) fn must(&mut self) -> Result<u8, Fault> {
        self.next()?.ok_or(Fault::End("EOF while parsing a value"))
    }

    /// Reads the byte that comes next.
    pub(super) fn take(&mut self) -> Result<(), Fault> {
        self.pass(1, None)
    }

    /// Reads an opening bracket.
    pub(super) fn open(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        self.take()
    }

    /// Reads a closing bracket.
    pub(super) fn close(&mut self) -> Result<(), Fault> {
        self.depth = self.depth.saturating_sub(1);
        self.take()
    }

    /// Reads to where `depth` brackets are open.
    pub(super) fn close_to(&mut self, depth: u64) -> Result<(), Fault> {
        while self.depth > depth {
            match self.must()? {
                b'"' => self.string(None)?,
                b'{' | b'[' => self.open()?,
                b'}' | b']' => self.close()?,
                _ => self.take()?,
            }
        }
        Ok(())
    }

    /// Reads the members of an object. `member` reads the value of each.
    pub(super) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &str) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.open()?;
        loop {
            match self.must()? {
                b'}' => return self.close(),
                b'"' => {}
                _ => return Err(Fault::Syntax("the name of a member was expected")),
            }
            let mut name = Kept::new(NAME_LIMIT);
            self.string(Some(&mut name))?;
            if self.must()? != b':' {
                return Err(Fault::Syntax("`:` was expected"));
            }
            self.take()?;
            // A name that is too long is none that counts.
            let name: String = serde_json::from_slice(&name.bytes).unwrap_or_default();
            member(self, &name)?;
            match self.must()? {
                b',' => self.take()?,
                b'}' => {}
                _ => return Err(Fault::Syntax("`,` or `}` was expected")),
            }
        }
    }

    /// Reads a value, and keeps of it what is wanted.
    pub(super) fn wanted(&mut self, wanted: &Wanted, kept: &mut Kept) -> Result<(), Fault> {
        let next = self.must()?;
        match (wanted, next) {
            (Wanted::Whole, _) => self.value(Some(kept)),
            (Wanted::Members(list), b'{') => {
                kept.push(b"{");
                let mut seen = 0_u64;
                self.object(|scanner, name| {
                    let found = list.iter().position(|(other, _)| *other == name);
                    let Some(index) = found.filter(|index| seen & (1 << index) == 0) else {
                        return scanner.value(None);
                    };
                    if seen != 0 {
                        kept.push(b",");
                    }
                    seen |= 1 << index;
                    let (name, wanted) = &list[index];
                    kept.push(format!("\"{name}\":").as_bytes());
                    scanner.wanted(wanted, kept)
                })?;
                kept.push(b"}");
                Ok(())
            }
            (Wanted::Shape, b'{' | b'[') => {
                let depth = self.depth;
                self.open()?;
                let is_empty = matches!(self.must()?, b'}' | b']');
                kept.push(match (next, is_empty) {
                    (b'{', true) => b"{}",
                    (b'{', false) => b"{\"\":0}",
                    (_, true) => b"[]",
                    (_, false) => b"[0]",
                });
                self.close_to(depth)
            }
            (Wanted::Scalar | Wanted::Members(_), b'{' | b'[') => {
                kept.push(if next == b'{' { b"{}" } else { b"[]" });
                self.value(None)
            }
            (Wanted::Shape, b'"') => {
                kept.push(b"\"\"");
                self.string(None)
            }
            _ => self.value(Some(kept)),
        }
    }

    /// Reads a value.
    pub(super) fn value(&mut self, kept: Option<&mut Kept>) -> Result<(), Fault> {
        match self.must()? {
            b'"' => self.string(kept),
            b'{' | b'[' => self.brackets(kept),
            b',' | b':' | b'}' | b']' => Err(Fault::Syntax("a value was expected")),
            _ => self.word(kept),
        }
    }

    /// Reads an object or an array, whatever is in it.
    fn brackets(&mut self, mut kept: Option<&mut Kept>) -> Result<(), Fault> {
        let outer = self.depth;
        loop {
            let (mut depth, mut end, mut is_string) = (self.depth, 0, false);
            let chunk = self.ahead()?;
            if chunk.is_empty() {
                return Err(Fault::End("EOF while parsing a value"));
            }
            for byte in chunk {
                match byte {
                    b'"' => {
                        is_string = true;
                        break;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                end += 1;
                if depth == outer {
                    break;
                }
            }
            self.depth = depth;
            self.pass(end, kept.as_deref_mut())?;
            if is_string {
                self.string(kept.as_deref_mut())?;
            } else if depth == outer {
                return Ok(());
            }
        }
    }

    /// Reads a string.
    fn string(&mut self, mut kept: Option<&mut Kept>) -> Result<(), Fault> {
        self.pass(1, kept.as_deref_mut())?;
        let mut is_escaped = false;
        loop {
            let chunk = self.ahead()?;
            if chunk.is_empty() {
                return Err(Fault::End("EOF while parsing a string"));
            }
            let (mut end, mut is_over) = (0, false);
            while end < chunk.len() && !is_over {
                if is_escaped {
                    (end, is_escaped) = (end + 1, false);
                    continue;
                }
                end = match memchr2(b'"', b'\\', &chunk[end..]) {
                    None => chunk.len(),
                    Some(index) => {
                        is_over = chunk[end + index] == b'"';
                        is_escaped = !is_over;
                        end + index + 1
                    }
                };
            }
            self.pass(end, kept.as_deref_mut())?;
            if is_over {
                return Ok(());
            }
        }
    }

    /// Reads a number or a word. What JSON does not know, such as `NaN`, is kept as null.
    fn word(&mut self, kept: Option<&mut Kept>) -> Result<(), Fault> {
        let mut word = Kept::new(WORD_LIMIT);
        loop {
            let chunk = self.ahead()?;
            let is_of_word =
                |byte: &&u8| !byte.is_ascii_whitespace() && !b",:{}[]\"".contains(byte);
            let length = chunk.iter().take_while(is_of_word).count();
            let is_over = length < chunk.len() || chunk.is_empty();
            self.pass(length, Some(&mut word))?;
            if is_over {
                break;
            }
        }
        if let Some(kept) = kept {
            let is_known = serde_json::from_slice::<IgnoredAny>(&word.bytes).is_ok();
            kept.push(if is_known && !word.is_over { &word.bytes } else { b"null" });
        }
        Ok(())
    }
}
