//! Words of a command for a [POSIX shell].
//!
//! [POSIX shell]: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html

use std::borrow::Cow;

/// A word of a command, quoted so that a shell takes each of its characters as it is.
///
/// ```
/// use browser_cors_audit::shell::quoted;
///
/// assert_eq!(quoted("https://api.example/items"), "https://api.example/items");
/// assert_eq!(quoted("https://api.example/?a=$(id)&b=1"), "'https://api.example/?a=$(id)&b=1'");
/// assert_eq!(quoted("it's"), r"'it'\''s'");
/// ```
pub fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"%+,-./:=@_".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

/// A command: its words, quoted where they must be.
///
/// ```
/// use browser_cors_audit::shell::command;
///
/// let words = ["browser-cors", "check", "https://api.example/?a=1&b=2", "-X", "PUT"];
/// assert_eq!(command(words), "browser-cors check 'https://api.example/?a=1&b=2' -X PUT");
/// ```
pub fn command<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (word, expected) in [
            ("", "''"),
            ("a", "a"),
            ("-X", "-X"),
            ("Content-Type: text/plain", "'Content-Type: text/plain'"),
            ("a;b", "'a;b'"),
            ("`id`", "'`id`'"),
            ("~", "'~'"),
            ("#", "'#'"),
            ("*", "'*'"),
            ("a\nb", "'a\nb'"),
            ("\u{E9}", "'\u{E9}'"),
            ("'", r"''\'''"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
