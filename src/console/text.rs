//! A text as words: what stands between them, such as quotes, marks and line breaks, gets lost or
//! changes when people copy messages, so it makes no difference.

use std::ops::Range;

/// Letters and digits that follow each other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Word {
    /// The same for words that differ only in case or in what is invisible.
    pub(super) hash: u64,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The words of a text, one after another.
pub(super) struct Split<'a> {
    text: &'a str,
    at: usize,
}

/// Splits a text into words. English words end where other letters begin. An apostrophe within a word
/// counts for nothing, nor does a character that nobody sees. Escapes of JSON, HTML and terminals
/// stand between words.
pub(super) const fn split(text: &str) -> Split<'_> {
    Split { text, at: 0 }
}

impl Iterator for Split<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        let mut word: Option<Word> = None;
        while let Some((kind, length)) = self.kind() {
            let (start, end) = (self.at, self.at + length);
            match kind {
                Kind::Letter if word.is_some_and(|word| self.is_other_script(word)) => return word,
                Kind::Letter => {
                    let mut hash = word.map_or(HASH_OF_NOTHING, |word| word.hash);
                    for byte in self.text[start..end].bytes() {
                        hash = add_to_hash(hash, byte);
                    }
                    word = Some(Word { hash, start: word.map_or(start, |word| word.start), end });
                }
                Kind::Nothing => {}
                Kind::Apostrophe if self.is_between_letters(end) => {}
                Kind::Apostrophe | Kind::Mark => {
                    if word.is_some() {
                        return word;
                    }
                }
            }
            self.at = end;
        }
        word
    }
}

const HASH_OF_NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// A step of FNV-1a.
const fn add_to_hash(hash: u64, byte: u8) -> u64 {
    (hash ^ byte.to_ascii_lowercase() as u64).wrapping_mul(0x0100_0000_01b3)
}

/// What stands at a place.
enum Kind {
    Letter,
    Apostrophe,
    Mark,
    Nothing,
}

impl Split<'_> {
    /// What comes next, and its length in bytes.
    fn kind(&self) -> Option<(Kind, usize)> {
        let rest = &self.text[self.at..];
        let first = rest.chars().next()?;
        let length = first.len_utf8();
        Some(match first {
            _ if first.is_ascii_alphanumeric() => (Kind::Letter, length),
            '\'' | '`' => (Kind::Apostrophe, length),
            '\\' if rest[length..].starts_with('\'') => (Kind::Apostrophe, length + 1),
            '\\' => (Kind::Mark, length_of_escape(rest)),
            '&' => match length_of_apostrophe(rest) {
                Some(length) => (Kind::Apostrophe, length),
                None => (Kind::Mark, length_of_entity(rest)),
            },
            '\u{1B}' => (Kind::Mark, length_of_terminal_sequence(rest)),
            _ if first.is_ascii() => (Kind::Mark, length),
            _ if is_invisible(first) => (Kind::Nothing, length),
            '\u{2018}' | '\u{2019}' | '\u{2032}' | '´' => (Kind::Apostrophe, length),
            _ if first.is_alphanumeric() => (Kind::Letter, length),
            _ => (Kind::Mark, length),
        })
    }

    /// Whether one of a word and the letter behind it is of ASCII and the other is not: languages
    /// without spaces have none around English words either.
    fn is_other_script(&self, word: Word) -> bool {
        let bytes = self.text.as_bytes();
        bytes[word.start].is_ascii() != bytes[self.at].is_ascii()
    }

    fn is_between_letters(&self, next: usize) -> bool {
        let bytes = self.text.as_bytes();
        let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
        is_letter(bytes[..self.at].last()) && is_letter(bytes.get(next))
    }
}

/// `\n`, `\"`, `\u2018`
fn length_of_escape(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    match bytes.get(1) {
        Some(b'u') if bytes.len() >= 6 && bytes[2..6].iter().all(u8::is_ascii_hexdigit) => 6,
        Some(b'n' | b'r' | b't' | b'"' | b'\'' | b'/' | b'\\') => 2,
        _ => 1,
    }
}

/// `&#39;`
fn length_of_apostrophe(rest: &str) -> Option<usize> {
    const ENTITIES: [&str; 3] = ["&#39;", "&#x27;", "&apos;"];
    ENTITIES.iter().find(|entity| rest.starts_with(**entity)).map(|entity| entity.len())
}

/// `&quot;`
fn length_of_entity(rest: &str) -> usize {
    const ENTITIES: [&str; 7] = ["&quot;", "&#34;", "&lt;", "&gt;", "&amp;", "&nbsp;", "&#96;"];
    ENTITIES.iter().find(|entity| rest.starts_with(**entity)).map_or(1, |entity| entity.len())
}

/// An escape character, `[`, parameters and a letter.
fn length_of_terminal_sequence(rest: &str) -> usize {
    let Some(parameters) = rest[1..].strip_prefix('[') else { return 1 };
    let letter = parameters.bytes().take(16).position(|byte| byte.is_ascii_alphabetic());
    letter.map_or(1, |letter| letter + 3)
}

const fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
    )
}

/// Whether it is a quotation mark of any language, or one that was made of it.
pub(super) const fn is_quote(character: char) -> bool {
    matches!(
        character,
        '\'' | '"'
            | '`'
            | '´'
            | '\u{2018}'..='\u{201F}'
            | '\u{2032}'
            | '\u{2033}'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '「'..='』'
            | '\u{FF02}'
            | '\u{FF07}'
    )
}

/// A text and its words.
pub(super) struct Text<'a> {
    pub(super) text: &'a str,
    pub(super) words: Vec<Word>,
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, words: split(text).collect() }
    }

    /// What stands before the word of that index, after the word before it.
    pub(super) fn before(&self, index: usize) -> &'a str {
        let start = index.checked_sub(1).map_or(0, |index| self.words[index].end);
        let end = self.words.get(index).map_or(self.text.len(), |word| word.start);
        &self.text[start..end]
    }

    /// The index of the first word that begins at `offset` or later.
    pub(super) fn index_at(&self, offset: usize) -> usize {
        self.words.partition_point(|word| word.start < offset)
    }

    /// Whether the text was cut before the word of that index, as far as one can see.
    pub(super) fn may_be_cut_before(&self, index: usize) -> bool {
        let between = self.before(index);
        index >= self.words.len() || between.contains(['\n', '…']) || between.contains("...")
    }

    /// The line around an offset, or what is near in it.
    pub(super) fn line(&self, offset: usize) -> Range<usize> {
        const LENGTH_LIMIT: usize = 1 << 14;
        let first = floor(self.text, offset.saturating_sub(LENGTH_LIMIT));
        let last = floor(self.text, offset.saturating_add(LENGTH_LIMIT));
        let start = self.text[first..offset].rfind('\n').map_or(first, |index| first + index + 1);
        let end = self.text[offset..last].find('\n').map_or(last, |index| offset + index);
        start..end
    }
}

/// The last place of a text, up to `index`, at which a character begins or the text ends.
pub(super) fn floor(text: &str, index: usize) -> usize {
    let index = index.min(text.len());
    (0..=index).rev().find(|index| text.is_char_boundary(*index)).unwrap_or(0)
}

/// A value as it was meant: without what nobody sees, with straight quotes, and with one space for
/// any white space.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            _ if is_invisible(character) => {}
            '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' => plain.push('\''),
            '\u{201C}' | '\u{201D}' | '\u{201F}' | '\u{2033}' => plain.push('"'),
            _ if character.is_whitespace() => {
                if !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            _ => plain.push(character),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::{plain, split};

    fn words(text: &str) -> Vec<String> {
        split(text).map(|word| plain(&text[word.start..word.end])).collect()
    }

    #[test]
    fn what_is_not_seen_does_not_count() {
        assert_eq!(plain("a\u{200B}\u{FEFF}b \n\t c\u{A0}\u{2018}\u{201D}"), "ab c '\"");
        let hashes = |text| split(text).map(|word| word.hash).collect::<Vec<_>>();
        assert_eq!(hashes("doesn’t PASS"), hashes("doesn't\u{1B}[1m pa\u{200B}ss"));
        assert_eq!(hashes("doesn't"), hashes("doesnt"));
        assert_eq!(hashes("doesn't"), hashes("doesn&#39;t"));
        assert_ne!(hashes("pass"), hashes("past"));
    }

    #[test]
    fn marks_part_words() {
        assert_eq!(words("'Access-Control\u{2011}Allow’"), ["Access", "Control", "Allow"]);
        assert_eq!(words("\\\"a\\nb\\u2018c&quot;d &#39;e"), ["a", "b", "c", "d", "e"]);
        assert_eq!(
            words("ERR_BLOCKED 头CORS缺少'x'"),
            ["ERR", "BLOCKED", "头", "CORS", "缺少", "x"]
        );
    }
}
