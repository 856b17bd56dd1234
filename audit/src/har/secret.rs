//! Takes out of a recording what may be secret, before anything is judged or printed.
//!
//! Recordings contain what logs a user in. Of a URL, the value of a parameter is kept only if it is
//! short and plain and its name does not sound like a secret. User names, passwords and fragments
//! go. Of a header's value, what the verdict depends on is kept, so that the verdict stays the same.

use std::borrow::Cow;

use browser_cors::header::{
    HeaderList,
    safelist::{SAFELISTED_VALUE_LIMIT, is_cors_unsafe_request_header_byte},
};

use super::entry::Entry;

/// What stands for a value that is left out because it may be secret.
///
/// It needs no encoding in a URL, and no quotes in a shell.
///
/// ```
/// assert_eq!(browser_cors_audit::har::LEFT_OUT, "...");
/// ```
pub const LEFT_OUT: &str = "...";

/// A parameter is left out if its name contains one of these, without regard to case and signs.
const SECRET_NAMES: [&str; 30] = [
    "access",
    "account",
    "assertion",
    "auth",
    "bearer",
    "code",
    "cred",
    "csrf",
    "email",
    "hash",
    "hmac",
    "jwt",
    "key",
    "login",
    "nonce",
    "otp",
    "pass",
    "phone",
    "pin",
    "pwd",
    "saml",
    "secret",
    "session",
    "sid",
    "sig",
    "state",
    "ticket",
    "token",
    "user",
    "xsrf",
];

/// The longest value of a parameter that is kept.
const PLAIN_LIMIT: usize = 10;

/// The response headers whose values count. Of the others, only the names do.
const COUNTING: [&str; 12] = [
    "Age",
    "Cache-Control",
    "Content-Type",
    "Cross-Origin-Resource-Policy",
    "Expires",
    "Last-Modified",
    "Location",
    "Non-Authoritative-Reason",
    "Server",
    "Timing-Allow-Origin",
    "Vary",
    "X-Content-Type-Options",
];

/// Takes the secrets out of an entry. Of the request headers, only those of the author are printed.
pub(super) fn take_out(entry: &mut Entry) {
    entry.url = of_url(&entry.url);
    if let Some(error) = &mut entry.error {
        *error = of_text(error);
    }
    let mut headers = HeaderList::new();
    for (name, value) in &entry.response_headers {
        let counts = COUNTING.iter().any(|other| other.eq_ignore_ascii_case(name))
            || name.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("access-control-"));
        let value = match counts {
            false => Cow::Borrowed(&b""[..]),
            true if name.eq_ignore_ascii_case("Content-Type") => of_parameters(value),
            true => of_value(value),
        };
        // The name and the value come from a header list, so they are valid.
        let _ = headers.append(name, &*value);
    }
    entry.response_headers = headers;
}

/// The value of a header without what may be secret in its URLs.
pub(super) fn of_value(value: &[u8]) -> Cow<'_, [u8]> {
    if !value.iter().any(|byte| b"?#@;".contains(byte)) {
        return Cow::Borrowed(value);
    }
    // One byte a character, so that no byte is lost.
    let text: String = value.iter().map(|byte| char::from(*byte)).collect();
    let text = of_text(&text);
    Cow::Owned(text.chars().filter_map(|character| u8::try_from(character).ok()).collect())
}

/// A text without what may be secret in its URLs, and without control characters.
pub(super) fn of_text(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        // A URL in brackets, in quotes or at the end of a sentence.
        let is_around = |character: char| "'\"`<>()[],".contains(character);
        let inner = word.trim_matches(is_around);
        if inner.contains("://") || inner.starts_with('/') || inner.contains('?') {
            Cow::Owned(word.replace(inner, &of_url(inner)))
        } else {
            Cow::Borrowed(word)
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A URL, absolute or relative, without what may be secret.
pub(super) fn of_url(url: &str) -> String {
    let (url, fragment) = split(url, '#');
    let (path, query) = split(url, '?');
    let mut result = match path.split_once("//") {
        Some((scheme, rest)) if !scheme.contains('/') => {
            let end = rest.find(['/', '\\']).unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            let authority = match authority.rsplit_once('@') {
                Some((user, host)) => {
                    let password = if user.contains(':') { ":..." } else { "" };
                    format!("{LEFT_OUT}{password}@{host}")
                }
                None => authority.to_owned(),
            };
            format!("{scheme}//{authority}{}", of_path(path))
        }
        _ => of_path(path),
    };
    if let Some(query) = query {
        let mut sign = '?';
        for parameter in query.split('&') {
            result.push(sign);
            result.push_str(&of_parameter(parameter));
            sign = '&';
        }
    }
    if let Some(fragment) = fragment {
        result.push('#');
        result.push_str(if fragment.is_empty() { "" } else { LEFT_OUT });
    }
    result
}

/// Splits before a sign, which goes.
fn split(text: &str, sign: char) -> (&str, Option<&str>) {
    text.split_once(sign).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// A path, of whose segments each may have parameters, as in `/cart;jsessionid=1`.
fn of_path(path: &str) -> String {
    let mut parts = path.split(';');
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (parameter, rest) = part.split_at(part.find('/').unwrap_or(part.len()));
        result.push(';');
        result.push_str(&of_parameter(parameter));
        result.push_str(rest);
    }
    result
}

/// A parameter, as in `name=value`.
fn of_parameter(parameter: &str) -> Cow<'_, str> {
    match parameter.split_once('=') {
        None if is_plain(parameter) => Cow::Borrowed(parameter),
        None => Cow::Borrowed(LEFT_OUT),
        Some((name, _)) if name.len() > 64 => Cow::Borrowed(LEFT_OUT),
        Some((name, value)) if is_plain(value) && !sounds_secret(name) => Cow::Borrowed(parameter),
        Some((_, "")) => Cow::Borrowed(parameter),
        Some((name, _)) => Cow::Owned(format!("{name}={LEFT_OUT}")),
    }
}

/// Whether a value is short and plain, as numbers, dates and words are.
fn is_plain(value: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.,~:+".contains(&byte);
    value.len() <= PLAIN_LIMIT && value.bytes().all(is_plain)
}

fn sounds_secret(name: &str) -> bool {
    let name: String = percent_decoded(name)
        .into_iter()
        .filter(u8::is_ascii_alphabetic)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        let code = bytes.get(index + 1..index + 3).filter(|_| *byte == b'%');
        let code = code.and_then(|code| u8::from_str_radix(str::from_utf8(code).ok()?, 16).ok());
        decoded.push(code.unwrap_or(*byte));
        index += if code.is_some() { 3 } else { 1 };
    }
    decoded
}

/// A `Content-Type` or another value with parameters: what they say is left out, unless it is the
/// charset, the boundary or the quality. Bytes that make the value unsafe stay, and so does its being too long,
/// because a preflight depends on them.
pub(super) fn of_parameters(value: &[u8]) -> Cow<'_, [u8]> {
    let mut parts = value.split(|byte| *byte == b';');
    let mut result = parts.next().unwrap_or_default().to_vec();
    let mut is_quoted = false;
    for part in parts {
        result.push(b';');
        let end = part.iter().position(|byte| *byte == b'=').map_or(0, |index| index + 1);
        let (name, hidden) = part.split_at(end);
        let is_known = [&b"charset="[..], b"boundary=", b"q="]
            .iter()
            .any(|known| name.trim_ascii().eq_ignore_ascii_case(known));
        if is_known && !is_quoted {
            result.extend_from_slice(part);
        } else {
            result.extend_from_slice(name);
            for run in hidden.chunk_by(|a, b| is_unsafe(*a) == is_unsafe(*b)) {
                let is_unsafe = run.first().is_some_and(|byte| is_unsafe(*byte));
                result.extend_from_slice(if is_unsafe { run } else { LEFT_OUT.as_bytes() });
            }
        }
        is_quoted ^= part.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
    }
    if value.len() > SAFELISTED_VALUE_LIMIT {
        while result.len() <= SAFELISTED_VALUE_LIMIT {
            result.push(b'.');
        }
    }
    Cow::Owned(result)
}

/// Whether a preflight may depend on a byte. Engines differ about those beyond ASCII.
const fn is_unsafe(byte: u8) -> bool {
    is_cors_unsafe_request_header_byte(byte) || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for (url, expected) in [
            ("https://api.example/a?q=a&limit=5", "https://api.example/a?q=a&limit=5"),
            (
                "https://api.example/a?from=2026-11-01&q=",
                "https://api.example/a?from=2026-11-01&q=",
            ),
            // Names that sound like secrets, in any spelling.
            ("/a?token=1&x=2", "/a?token=...&x=2"),
            ("/a?Access_Token=1", "/a?Access_Token=..."),
            ("/a?to%6Ben=1&api-key=2", "/a?to%6Ben=...&api-key=..."),
            ("/cb?code=4&state=x#done", "/cb?code=...&state=...#..."),
            // Values that are long, or not plain.
            ("/a?q=abcdefghij&r=abcdefghijk", "/a?q=abcdefghij&r=..."),
            ("/a?q=a%20b", "/a?q=..."),
            // A query without names.
            ("/a?eyJhbGciOiJIUzI1NiJ9", "/a?..."),
            ("/a?v1", "/a?v1"),
            ("//me:pw@b.example:8080/a", "//...:...@b.example:8080/a"),
            ("https://me@b.example", "https://...@b.example"),
            ("/a;jsessionid=4/b;v=1?x=1", "/a;jsessionid=.../b;v=1?x=1"),
            ("https://a.example/b//c@d", "https://a.example/b//c@d"),
            ("", ""),
            ("?#", "?#"),
        ] {
            assert_eq!(of_url(url), expected);
        }
    }

    /// A name that is very long is no name.
    #[test]
    fn names() {
        let name = "x".repeat(64);
        assert_eq!(of_url(&format!("/a?{name}=1")), format!("/a?{name}=1"));
        assert_eq!(of_url(&format!("/a?{name}x=1")), "/a?...");
    }

    #[test]
    fn texts() {
        assert_eq!(
            of_text("Failed: (https://me:pw@api.example/a?token=1#x), code 5"),
            "Failed: (https://...:...@api.example/a?token=...#...), code 5"
        );
        assert_eq!(of_text("net::ERR_FAILED"), "net::ERR_FAILED");
        assert_eq!(&*of_value(b"/\xE9?key=\xE9"), b"/\xE9?key=...");
        assert_eq!(&*of_value(b"x-token, authorization"), b"x-token, authorization");
    }

    #[test]
    fn parameters() {
        for (value, expected) in [
            ("text/html; charset=utf-8", "text/html; charset=utf-8"),
            ("multipart/form-data;Boundary=--x", "multipart/form-data;Boundary=--x"),
            ("application/json; token=abc", "application/json; token=..."),
            ("application/json;secretsecret", "application/json;..."),
            // The quotes and the colon make a preflight necessary, so they stay.
            ("a/b;profile=\"https://x\"", "a/b;profile=\"...:...\""),
            ("a/b;x=\"1;charset=2\"", "a/b;x=\"...;charset=...\""),
            ("a/b;x=\"1\";charset=utf-8", "a/b;x=\"...\";charset=utf-8"),
            ("a/b, c/d;q=0.9", "a/b, c/d;q=0.9"),
            ("a/b;x=", "a/b;x="),
            ("a/b", "a/b"),
        ] {
            assert_eq!(of_parameters(value.as_bytes()), expected.as_bytes());
        }
        let long = |length: usize| format!("a/b;x={}", "y".repeat(length - 6));
        assert_eq!(of_parameters(long(128).as_bytes()), &b"a/b;x=..."[..]);
        assert_eq!(of_parameters(long(129).as_bytes()).len(), 129);
        assert_eq!(of_parameters(long(500).as_bytes()).len(), 129);
    }

    /// Of the headers of an answer, those that count keep what counts; of the others, there are only
    /// names.
    #[test]
    fn headers() {
        let mut entry = Entry::default();
        for (name, value) in [
            ("Content-Type", "application/json; token=abc"),
            ("Location", "/cb?code=4"),
            ("Access-Control-Allow-Origin", "https://app.example"),
            ("X-Api-Key", "hunter2"),
        ] {
            entry.response_headers.append(name, value).unwrap();
        }
        take_out(&mut entry);
        let kept: Vec<_> = entry.response_headers.iter().collect();
        assert_eq!(
            kept,
            [
                ("Content-Type", &b"application/json; token=..."[..]),
                ("Location", b"/cb?code=..."),
                ("Access-Control-Allow-Origin", b"https://app.example"),
                ("X-Api-Key", b""),
            ]
        );
    }
}
