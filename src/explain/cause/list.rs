//! What is wrong with the lists of methods and of header names.

use super::{
    Cause,
    text::{
        decode, has_name, has_quotes, has_variable, is_missing_value, is_object, of_any, unquoted,
    },
};

/// The methods that are compared in upper case, as pages write them.
const USUAL_METHODS: [&str; 9] =
    ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

/// What is wrong with the lines of `Access-Control-Allow-Methods`, or of another list, that does not
/// grant what was asked for.
pub(crate) fn of_list<'a>(
    name: &'static str,
    lines: impl Iterator<Item = &'a [u8]>,
) -> Option<Cause> {
    let texts: Vec<_> = lines.map(decode).collect();
    let is_methods = name == "Access-Control-Allow-Methods";
    let causes: Vec<Cause> =
        texts.iter().filter_map(|text| of_line(name, text, is_methods)).collect();
    // One line may be empty while another grants.
    causes
        .iter()
        .copied()
        .find(|cause| *cause != Cause::Empty)
        .or_else(|| (causes.len() == texts.len()).then(|| causes.first().copied()).flatten())
}

fn of_line(name: &'static str, text: &str, is_methods: bool) -> Option<Cause> {
    let text = text.trim_matches([' ', '\t']);
    if text.eq_ignore_ascii_case("null") {
        return Some(Cause::MissingValue);
    }
    if ["true", "false"].iter().any(|other| text.eq_ignore_ascii_case(other)) {
        return Some(Cause::Boolean);
    }
    if let Some(cause) = of_any(text) {
        return Some(cause);
    }
    if has_name(text, name) {
        return Some(Cause::HeaderName);
    }
    let bare = text.trim_matches([',', ';', ' ']);
    let members = || text.split(',').map(|member| member.trim_matches([' ', '\t']));
    Some(if bare.starts_with(['[', '(', '{']) {
        Cause::Brackets
    } else if has_quotes(text) {
        Cause::Quotes
    } else if members().any(|member| member.contains([' ', '\t', ';', '|', '/', ':'])) {
        Cause::Separators
    } else if members().any(|member| member != "*" && member.contains('*')) {
        Cause::Pattern
    } else if ["all", "any"].iter().any(|word| bare.eq_ignore_ascii_case(word)) {
        Cause::WordForAll
    } else if is_methods
        && members().any(|member| usual_method(member).is_some_and(|it| it != member))
    {
        Cause::LowerCaseMethod
    } else {
        return None;
    })
}

/// The usual method that is meant, in upper case.
pub(crate) fn usual_method(member: &str) -> Option<&'static str> {
    USUAL_METHODS.iter().copied().find(|method| method.eq_ignore_ascii_case(member))
}

/// The members that a list was meant to have: without quotes and brackets, whatever separates them,
/// and without what is no name at all. Methods are in upper case where that is usual.
pub(crate) fn clean_members<'a>(
    name: &'static str,
    lines: impl Iterator<Item = &'a [u8]>,
) -> Vec<String> {
    let is_methods = name == "Access-Control-Allow-Methods";
    let mut clean: Vec<String> = Vec::new();
    for line in lines {
        // Bytes that are not ASCII are in no name.
        let Ok(text) = str::from_utf8(line) else { continue };
        let is_no_list = ["(null)", "null", "true", "false"].contains(&text.trim());
        if is_no_list || has_name(text, name) || is_missing_value(text) || is_object(text) {
            continue;
        }
        for member in text.split([',', ';', ' ', '\t', '|']) {
            if has_variable(member) {
                continue;
            }
            let bare = bare(member);
            let found = if is_methods {
                bare.split('/').map(|method| usual_method(method).unwrap_or(method)).collect()
            } else {
                // Of `name: value`, the name.
                vec![bare.trim_end_matches(':')]
            };
            for name in found {
                if is_name(name) && !clean.iter().any(|known| known == name) {
                    clean.push(name.to_owned());
                }
            }
        }
    }
    clean
}

/// The member without quotes and brackets.
fn bare(member: &str) -> &str {
    unquoted(unquoted(member).trim_matches(['[', ']', '(', ')', '{', '}']))
}

/// Whether it can be a name of a header or a method, or is `*`.
fn is_name(member: &str) -> bool {
    let is_token = !member.is_empty() && member.bytes().all(crate::header::is_token_byte);
    is_token && (member == "*" || !member.contains('*'))
}
