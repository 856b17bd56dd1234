//! Makes visible what could deceive a reader, whatever the format.

use std::borrow::Cow;

/// The text with control characters, and characters that reorder or hide others, as escapes, except
/// those that the format itself needs.
///
/// ```
/// use browser_cors_audit::visible::visible;
///
/// assert_eq!(visible("a\u{9b}31m\n", &['\n']), "a\\u{9b}31m\n");
/// assert_eq!(visible("caf\u{e9}", &[]), "caf\u{e9}");
/// ```
pub fn visible<'a>(text: &'a str, needed: &[char]) -> Cow<'a, str> {
    let is_invisible = |character: char| is_invisible(character) && !needed.contains(&character);
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        if is_invisible(character) {
            safe.extend(character.escape_default());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_visible() {
        let text = "a\tb\nc \u{e9}\u{20ac}";
        assert_eq!(visible(text, &['\t', '\n']), text);
        assert_eq!(visible(text, &[]), "a\\tb\\nc \u{e9}\u{20ac}");
        assert_eq!(
            visible("\u{1b}[31m\r\u{7f}\u{9b}\u{202e}\u{200b}\u{2066}\u{feff}", &[]),
            r"\u{1b}[31m\r\u{7f}\u{9b}\u{202e}\u{200b}\u{2066}\u{feff}"
        );
    }
}
