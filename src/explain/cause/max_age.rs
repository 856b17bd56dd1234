//! What is wrong with values of `Access-Control-Max-Age`.

use super::{
    Cause,
    text::{decode, has_name, has_quotes, of_any},
};

/// What made lines of `Access-Control-Max-Age` that are no number of seconds. `None`, if they are
/// one, or there are none.
pub(crate) fn of_max_age<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<Cause> {
    let lines: Vec<&[u8]> = lines.collect();
    let [line] = lines[..] else {
        return (lines.len() > 1).then_some(Cause::Repeated);
    };
    let text = decode(line);
    let text = text.trim_matches([' ', '\t']);
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if let Some(cause) = of_any(text) {
        return Some(cause);
    }
    Some(if has_name(text, "Access-Control-Max-Age") {
        Cause::HeaderName
    } else if has_quotes(text) {
        Cause::Quotes
    } else if text.trim_end_matches([',', ';']).bytes().all(|byte| byte.is_ascii_digit()) {
        Cause::Punctuation
    } else {
        Cause::NoSeconds
    })
}
