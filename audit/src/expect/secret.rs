//! Values from the environment, which no output may contain.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
    fmt,
    ops::Range,
};

use memchr::memmem;

use super::reader::Fault;

/// The fewest bytes of a value. Shorter values occur in any text by chance and could not be
/// hidden.
const SHORTEST: usize = 4;

/// How often an escaped text may be escaped again, and its values are still found.
const ROUNDS: usize = 4;

/// The values that the file took from the environment. No output may contain them.
#[derive(Default)]
pub(crate) struct Secrets {
    /// The variables whose values may be short, and are then shown.
    may_be_short: HashSet<String>,
    /// The spellings of each value, [folded](fold), with the `${NAME}` that replaces them.
    spellings: BTreeMap<Vec<u8>, Spelling>,
}

struct Spelling {
    /// What replaces it.
    name: String,
    /// Whether it is a part of a text in Base64, whose neighbours tell about the value too.
    is_base64: bool,
}

/// Shows the names only.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.spellings.values().map(|spelling| &spelling.name)).finish()
    }
}

impl Secrets {
    /// Lets the value of a variable be short. It is then shown, as it could not be hidden.
    pub(super) fn allow_short(&mut self, name: &str) {
        self.may_be_short.insert(name.to_owned());
    }

    /// Replaces each `${NAME}` by the variable's value and `$$` by `$`.
    pub(super) fn expand(
        &mut self,
        template: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<String, Fault> {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('$') {
            text.push_str(before);
            if let Some(after) = after.strip_prefix('$') {
                text.push('$');
                rest = after;
                continue;
            }
            let variable = after.strip_prefix('{').and_then(|after| after.split_once('}'));
            let Some((name, after)) = variable.filter(|(name, _)| is_name(name)) else {
                return Err("`${NAME}` was expected after `$`, or `$$` for the sign itself".into());
            };
            text.push_str(&self.value(name, environment)?);
            rest = after;
        }
        text.push_str(rest);
        Ok(text)
    }

    fn value(
        &mut self,
        name: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<String, Fault> {
        let value = environment(name).ok_or_else(|| Fault {
            text: format!("the environment has no `{name}`, or one that is no text"),
            variable: Some(name.to_owned()),
        })?;
        let value = value.trim();
        if value.len() >= SHORTEST {
            self.hide(name, value);
        } else if !self.may_be_short.contains(name) {
            return Err(format!(
                "the value of `{name}` is too short to be hidden in reports: at least {SHORTEST} \
                 bytes were expected, or `{name} = {{ allow-short = true }}` under `[secrets]`, \
                 which shows it"
            )
            .into());
        }
        Ok(value.to_owned())
    }

    /// Adds the spellings of a value that are no escapes of its bytes.
    fn hide(&mut self, name: &str, value: &str) {
        let utf8 = value.as_bytes();
        // A header carries each character as a byte.
        let latin1: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(c).ok()).collect();
        // The bytes of UTF-8, each shown as a character.
        let as_characters: String = utf8.iter().copied().map(char::from).collect();
        let hex = utf8.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let mut spellings = vec![
            utf8.to_vec(),
            as_characters.into_bytes(),
            value.replace(' ', "+").into_bytes(),
            hex.into_bytes(),
        ];
        spellings.extend(latin1.clone());
        let parts = [Some(utf8.to_vec()), latin1];
        let parts = parts.iter().flatten().flat_map(|bytes| base64_parts(bytes));
        let parts: Vec<_> = parts.collect();
        let plain = spellings.into_iter().map(|bytes| (bytes, false));
        for (mut bytes, is_base64) in plain.chain(parts.into_iter().map(|part| (part, true))) {
            bytes.iter_mut().for_each(|byte| *byte = fold(*byte));
            self.spellings
                .entry(bytes)
                .or_insert_with(|| Spelling { name: format!("${{{name}}}"), is_base64 });
        }
    }

    /// Replaces secret values in the text, in whatever case they are, however often escaped.
    pub(crate) fn redact<'a>(&self, text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
        let text = text.into();
        if self.spellings.is_empty() {
            return text;
        }
        let mut found: Vec<(Range<usize>, &str)> = Vec::new();
        let mut view = View::of(&text);
        for _ in 0..ROUNDS {
            self.find(&view, &text, &mut found);
            match view.unescaped() {
                Some(next) => view = next,
                None => break,
            }
        }
        if found.is_empty() {
            return text;
        }
        found.sort_by_key(|(range, _)| (range.start, usize::MAX - range.end));
        let mut clean = String::with_capacity(text.len());
        let mut end = 0;
        for (range, name) in found {
            if range.start >= end {
                clean.push_str(&text[end..range.start]);
                clean.push_str(name);
            }
            // Values that overlap go together.
            end = end.max(range.end);
        }
        clean.push_str(&text[end..]);
        Cow::Owned(without_indices(&clean))
    }

    /// Replaces secret values in an explanation. A mark below a value would tell how long it is, so
    /// it moves to where the value begins.
    pub(crate) fn redact_explanation(&self, text: &str) -> String {
        let mut clean = String::with_capacity(text.len());
        let mut value_at = None;
        for line in text.split_inclusive('\n') {
            let mark = line.trim_start_matches(' ');
            if let Some(column) = value_at.take()
                && mark.starts_with('^')
            {
                clean.push_str(&" ".repeat(column));
                clean.push_str(&self.redact(mark));
                continue;
            }
            let redacted = self.redact(line);
            value_at = (redacted != line).then(|| line.find(": ").map_or(0, |colon| colon + 2));
            clean.push_str(&redacted);
        }
        clean
    }

    fn find<'a>(&'a self, view: &View, text: &str, found: &mut Vec<(Range<usize>, &'a str)>) {
        for (bytes, Spelling { name, is_base64 }) in &self.spellings {
            for start in memmem::find_iter(&view.folded, bytes) {
                let mut end = start + bytes.len();
                let mut start = start;
                if *is_base64 {
                    let is_part =
                        |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
                    let after = view.folded[end..].iter().take(2);
                    end += after.take_while(|byte| is_part(byte)).count();
                    end += view.folded[end..].iter().take_while(|byte| **byte == b'=').count();
                    let before = view.folded[..start].iter().rev().take(2);
                    start -= before.take_while(|byte| is_part(byte)).count();
                }
                // A byte of Latin-1 may be a part of a character.
                let (mut from, mut to) = (view.places[start].start, view.places[end - 1].end);
                while !text.is_char_boundary(from) {
                    from -= 1;
                }
                while !text.is_char_boundary(to) {
                    to += 1;
                }
                found.push((from..to, name));
            }
        }
    }
}

/// The text without ` at index 14`, which would tell how long a value is.
fn without_indices(text: &str) -> String {
    let mut parts = text.split(" at index ");
    let mut clean = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| clean.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit())));
    clean
}

/// The bytes of a text, unescaped some times, each with its place in the text.
struct View {
    bytes: Vec<u8>,
    folded: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl View {
    fn of(text: &str) -> Self {
        let places = (0..text.len()).map(|index| index..index + 1).collect();
        Self::new(text.as_bytes().to_vec(), places)
    }

    fn new(bytes: Vec<u8>, places: Vec<Range<usize>>) -> Self {
        Self { folded: bytes.iter().copied().map(fold).collect(), bytes, places }
    }

    /// The same, unescaped once; `None` if nothing is escaped.
    fn unescaped(&self) -> Option<Self> {
        let (mut bytes, mut places) = (Vec::new(), Vec::new());
        let mut index = 0;
        while index < self.bytes.len() {
            let rest = &self.bytes[index..];
            let (unescaped, length) =
                unescape(rest).unwrap_or_else(|| (Unescaped::Byte(rest[0]), 1));
            let place = self.places[index].start..self.places[index + length - 1].end;
            let mut buffer = [0; 4];
            let new = match unescaped {
                Unescaped::Byte(byte) => {
                    buffer[0] = byte;
                    &buffer[..1]
                }
                Unescaped::Character(character) => character.encode_utf8(&mut buffer).as_bytes(),
            };
            bytes.extend_from_slice(new);
            places.extend(std::iter::repeat_n(place, new.len()));
            index += length;
        }
        (bytes.len() < self.bytes.len()).then(|| Self::new(bytes, places))
    }
}

/// What an escape stands for.
enum Unescaped {
    Byte(u8),
    Character(char),
}

/// What the text begins with, if that is an escape, and the escape's length: `%41`, `\x41`, `\"`,
/// `\u0041`, `\u{41}`, `&#65;`, `&#x41;` or `&amp;`.
fn unescape(text: &[u8]) -> Option<(Unescaped, usize)> {
    let hex = |digits: &[u8]| {
        let digits = std::str::from_utf8(digits).ok()?;
        let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let byte = |digits: Option<&[u8]>| Some(Unescaped::Byte(u8::try_from(hex(digits?)?).ok()?));
    let character = |code: u32| Some(Unescaped::Character(char::from_u32(code)?));
    /// The text before the first `end`, if it is short.
    fn until(text: &[u8], end: u8) -> Option<&[u8]> {
        text.iter().take(8).position(|byte| *byte == end).map(|index| &text[..index])
    }
    match text {
        [b'%', rest @ ..] => Some((byte(rest.get(..2))?, 3)),
        [b'\\', b'x' | b'X', rest @ ..] => Some((byte(rest.get(..2))?, 4)),
        [b'\\', b'u' | b'U', b'{', rest @ ..] => {
            let digits = until(rest, b'}')?;
            Some((character(hex(digits)?)?, digits.len() + 4))
        }
        [b'\\', b'u' | b'U', rest @ ..] => Some((character(hex(rest.get(..4)?)?)?, 6)),
        [b'\\', sign @ (b'"' | b'\'' | b'\\' | b'/'), ..] => Some((Unescaped::Byte(*sign), 2)),
        [b'&', b'#', b'x' | b'X', rest @ ..] => {
            let digits = until(rest, b';')?;
            Some((character(hex(digits)?)?, digits.len() + 4))
        }
        [b'&', b'#', rest @ ..] => {
            let digits = until(rest, b';')?;
            let code = std::str::from_utf8(digits).ok()?.parse().ok()?;
            Some((character(code)?, digits.len() + 3))
        }
        [b'&', rest @ ..] => {
            let name = until(rest, b';')?;
            let sign = match name.to_ascii_lowercase().as_slice() {
                b"amp" => b'&',
                b"lt" => b'<',
                b"gt" => b'>',
                b"quot" => b'"',
                b"apos" => b'\'',
                _ => return None,
            };
            Some((Unescaped::Byte(sign), name.len() + 2))
        }
        _ => None,
    }
}

/// The byte in lower case, in ASCII, Latin-1 and the UTF-8 of Latin letters. Other bytes may fold
/// together, too; then more is hidden than must be.
const fn fold(byte: u8) -> u8 {
    match byte {
        0x80..=0x9F | 0xC0..=0xDF => byte | 0x20,
        byte => byte.to_ascii_lowercase(),
    }
}

/// What a text in Base64 contains wherever the bytes stand in what it encodes, in both alphabets.
fn base64_parts(bytes: &[u8]) -> Vec<Vec<u8>> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut parts = Vec::new();
    for before in 0..3 {
        // The letters that no neighbour changes are those within the bits of the value.
        let bits: Vec<bool> = std::iter::repeat_n(0, before)
            .chain(bytes.iter().copied())
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1))
            .collect();
        let letters = bits.chunks_exact(6).map(|bits| {
            let index = bits.iter().fold(0, |index, bit| index << 1 | usize::from(*bit));
            LETTERS[index]
        });
        let part: Vec<u8> = letters.skip((before * 8).div_ceil(6)).collect();
        let in_urls = part.iter().map(|letter| match letter {
            b'+' => b'-',
            b'/' => b'_',
            letter => *letter,
        });
        let in_urls = in_urls.collect();
        parts.extend([part, in_urls]);
    }
    parts
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(name: &str) -> Option<String> {
        let value = match name {
            "TOKEN" => "s3cr\"et\u{e9} x\n",
            "LONGER" => "s3cr\"et\u{e9} x and more",
            "SHORT" => "abc",
            "FOUR" => "abcd",
            _ => return None,
        };
        Some(value.to_owned())
    }

    #[test]
    fn templates() {
        let mut secrets = Secrets::default();
        let mut expand =
            |template| secrets.expand(template, &environment).map_err(|fault| fault.text);
        assert_eq!(expand("a $$ ${FOUR}b").unwrap(), "a $ abcdb");
        assert_eq!(expand("Bearer ${TOKEN}").unwrap(), "Bearer s3cr\"et\u{e9} x");
        assert!(expand("${SHORT}").unwrap_err().starts_with("the value of `SHORT` is too short"));
        assert!(expand("${MISSING}").unwrap_err().starts_with("the environment has no `MISSING`"));
        for wrong in ["$", "$x", "${", "${}", "${1A}", "${A B}"] {
            assert!(expand(wrong).unwrap_err().starts_with("`${NAME}` was expected"), "{wrong}");
        }
    }

    #[test]
    fn every_spelling_is_redacted() {
        let mut secrets = Secrets::default();
        secrets.expand("${TOKEN} ${LONGER}", &environment).unwrap();
        for spelling in [
            "s3cr\"et\u{e9} x",
            "S3CR\"ET\u{e9} X",
            r#"s3cr\"et\xc3\xa9 x"#,
            r#"s3cr\"et\xe9 x"#,
            "s3cr\"et\u{c3}\u{a9} x",
            "s3cr%22et%C3%A9%20x",
            "S3CR\"ET\u{c9} X",
            "s3cr%22et%c3%A9+x",
            "s3cr%22et%E9%20x",
            "s3cr%2522et%25c3%25a9%2520x",
            "%73%33%63%72%22%65%74%c3%a9%20%78",
            r#"s3cr\"et\u00e9 x"#,
            r#"s3cr\"et\u{e9} x"#,
            "s3cr&quot;et&#233; x",
            "s3cr&#x22;et&#xE9;&#32;x",
            "s3cr&amp;quot;et&amp;#233; x",
            "73336372226574C3A92078",
        ] {
            let text = format!("a {spelling}, {spelling} b");
            assert_eq!(secrets.redact(text), "a ${TOKEN}, ${TOKEN} b", "{spelling}");
        }
        assert_eq!(secrets.redact("s3cr\"et\u{e9} x and more"), "${LONGER}");
        assert_eq!(secrets.redact("nothing"), "nothing");
    }

    /// Literal texts, made with another program's Base64.
    #[test]
    fn base64_is_redacted_at_each_alignment() {
        let mut secrets = Secrets::default();
        secrets.expand("${KEY}", &|_| Some("hunter2?>hunter2".to_owned())).unwrap();
        for text in [
            // `hunter2?>hunter2`, `u:hunter2?>hunter2`, `me:hunter2?>hunter2:x`
            "aHVudGVyMj8+aHVudGVyMg==",
            "aHVudGVyMj8-aHVudGVyMg",
            "dTpodW50ZXIyPz5odW50ZXIy",
            "bWU6aHVudGVyMj8+aHVudGVyMjp4",
            "eDpodW50ZXIyPz5odW50ZXIyOng=",
            "OmE6aHVudGVyMj8+aHVudGVyMg==",
        ] {
            let redacted = secrets.redact(text).into_owned();
            assert!(redacted.contains("${KEY}"), "{text}: {redacted}");
            assert!(redacted.len() < "${KEY}".len() + 6, "{text}: {redacted}");
        }
    }

    #[test]
    fn short_values_are_shown_if_allowed() {
        let mut secrets = Secrets::default();
        secrets.allow_short("SHORT");
        assert_eq!(secrets.expand("${SHORT}", &environment).unwrap(), "abc");
        assert_eq!(secrets.redact("abc"), "abc");
    }

    #[test]
    fn marks_do_not_tell_lengths() {
        let mut secrets = Secrets::default();
        secrets.expand("${FOUR}", &environment).unwrap();
        assert_eq!(
            secrets
                .redact_explanation("   Vary: x-abcd\n               ^ expected abcd\n   => 200\n"),
            "   Vary: x-${FOUR}\n         ^ expected ${FOUR}\n   => 200\n"
        );
        let text = "   Vary: x\n        ^ expected y at index 3\n";
        assert_eq!(secrets.redact_explanation(text), text);
        assert_eq!(secrets.redact("`abcd;`: a comma at index 4"), "`${FOUR};`: a comma");
    }

    #[test]
    fn odd_texts() {
        let mut secrets = Secrets::default();
        secrets.expand("${FOUR}", &environment).unwrap();
        for text in
            ["%", "%4", "%zz", "\\", "\\x", "\\u{", "&#;", "&#x110000;", "&", "\u{20ac}%61bcd"]
        {
            assert_eq!(secrets.redact(text), text.replace("%61bcd", "${FOUR}"), "{text}");
        }
        assert_eq!(secrets.redact("abcdabcd"), "${FOUR}${FOUR}");
    }
}
