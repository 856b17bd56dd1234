//! The standard's text implemented a second time, as naively as possible.

use browser_cors::preflight_cache::Grant;

use crate::{Header, cache::Who};

pub(crate) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

pub(crate) fn is_header_value(bytes: &[u8]) -> bool {
    let is_edge = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    !is_edge(bytes.first())
        && !is_edge(bytes.last())
        && !bytes.iter().any(|byte| [0, b'\n', b'\r'].contains(byte))
}

pub(crate) fn values(headers: &[Header], name: &str) -> Vec<Vec<u8>> {
    let named = headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.clone()).collect()
}

pub(crate) fn get(headers: &[Header], name: &str) -> Option<Vec<u8>> {
    let values = values(headers, name);
    (!values.is_empty()).then(|| values.join(&b", "[..]))
}

/// A header list as a list.
#[derive(Default)]
pub(crate) struct HeaderList(pub(crate) Vec<Header>);

impl HeaderList {
    pub(crate) fn append(&mut self, name: &str, value: Vec<u8>) {
        let known = self.0.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        let name = known.map_or(name, |(known, _)| known).to_owned();
        self.0.push((name, value));
    }

    pub(crate) fn set(&mut self, name: &str, value: Vec<u8>) {
        let Some(first) = self.0.iter().position(|(other, _)| other.eq_ignore_ascii_case(name))
        else {
            return self.append(name, value);
        };
        self.0[first].1 = value;
        let rest = self.0.split_off(first + 1);
        self.0.extend(rest.into_iter().filter(|(other, _)| !other.eq_ignore_ascii_case(name)));
    }

    pub(crate) fn combine(&mut self, name: &str, value: Vec<u8>) {
        match self.0.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(name)) {
            Some((_, old)) => *old = [old.clone(), value].join(&b", "[..]),
            None => self.append(name, value),
        }
    }

    pub(crate) fn delete(&mut self, name: &str) {
        self.0.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    }

    pub(crate) fn sort_and_combine(&self) -> Vec<Header> {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        names.sort();
        names.dedup();
        let mut headers = Vec::new();
        for name in names {
            if name == "set-cookie" {
                headers.extend(values(&self.0, &name).into_iter().map(|v| (name.clone(), v)));
            } else if let Some(value) = get(&self.0, &name) {
                headers.push((name, value));
            }
        }
        headers
    }
}

/// The items of a value: a character at a time, with a flag for quotes and one for escapes.
pub(crate) fn split(value: &[u8]) -> Vec<String> {
    let mut items = vec![String::new()];
    let (mut is_quoted, mut is_escaped) = (false, false);
    for byte in value {
        if *byte == b',' && !is_quoted {
            items.push(String::new());
            continue;
        }
        if *byte == b'"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = is_quoted && *byte == b'\\' && !is_escaped;
        items.last_mut().expect("an item").push(char::from(*byte));
    }
    items.iter().map(|item| item.trim_matches([' ', '\t']).to_owned()).collect()
}

/// The members between the commas of all lines, without empty ones.
pub(crate) fn tokens(headers: &[Header], name: &str) -> Vec<String> {
    values(headers, name)
        .iter()
        .flat_map(|value| value.split(|byte| *byte == b','))
        .map(|member| String::from_utf8_lossy(member).trim_matches([' ', '\t']).to_owned())
        .filter(|member| !member.is_empty())
        .collect()
}

/// Whether one of the tokens is this name, in any case.
pub(crate) fn has_name(tokens: &[String], name: &str) -> bool {
    tokens.iter().any(|token| token.eq_ignore_ascii_case(name))
}

pub(crate) fn is_forbidden_response_name(name: &str) -> bool {
    ["set-cookie", "set-cookie2"].contains(&&*name.to_ascii_lowercase())
}

pub(crate) fn is_safelisted_response_name(name: &str) -> bool {
    let safelist = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    safelist.contains(&&*name.to_ascii_lowercase())
}

pub(crate) fn single_range(
    value: &str,
    allow_whitespace: bool,
) -> Option<(Option<u128>, Option<u128>)> {
    let spaces: &[char] = if allow_whitespace { &[' ', '\t'] } else { &[] };
    let range = value.strip_prefix("bytes")?.trim_start_matches(spaces).strip_prefix('=')?;
    let (start, end) = range.split_once('-')?;
    let number = |digits: &str| match digits {
        "" => Some(None),
        _ if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok().map(Some),
        _ => None,
    };
    match (number(start.trim_matches(spaces))?, number(end.trim_start_matches(spaces))?) {
        (None, None) => None,
        (Some(start), Some(end)) if start > end => None,
        range => Some(range),
    }
}

pub(crate) fn is_safelisted(name: &str, value: &[u8]) -> bool {
    let is_unsafe =
        |byte: &u8| (*byte < 0x20 && *byte != b'\t') || b"\"():<>?@[\\]{}\x7F".contains(byte);
    let text: String = value.iter().map(|byte| char::from(*byte)).collect();
    value.len() <= 128
        && match &*name.to_ascii_lowercase() {
            "accept" => !value.iter().any(is_unsafe),
            "accept-language" | "content-language" => {
                value.iter().all(|byte| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(byte))
            }
            "content-type" => {
                let essence = text.split(';').next().unwrap_or_default();
                !value.iter().any(is_unsafe)
                    && ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]
                        .contains(&&*essence.trim_matches([' ', '\t']).to_ascii_lowercase())
            }
            "range" => single_range(&text, false).is_some_and(|(start, _)| start.is_some()),
            _ => false,
        }
}

pub(crate) fn unsafe_names(headers: &[Header]) -> Vec<String> {
    let (safe, others): (Vec<_>, Vec<_>) =
        headers.iter().partition(|(name, value)| is_safelisted(name, value));
    let total: usize = safe.iter().map(|(_, value)| value.len()).sum();
    let mut names: Vec<String> = if total > 1024 { headers.iter().collect() } else { others }
        .into_iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    names.sort();
    names.dedup();
    names
}

pub(crate) fn passes_cors_check(headers: &[Header], origin: &str, is_include: bool) -> bool {
    let allowed = get(headers, "access-control-allow-origin").unwrap_or_default();
    if !is_include && allowed == b"*" {
        return true;
    }
    let credentials = get(headers, "access-control-allow-credentials");
    allowed == origin.as_bytes() && (!is_include || credentials.as_deref() == Some(b"true"))
}

/// The cache as the list of entries that the standard says it is.
#[derive(Default)]
pub(crate) struct Cache(pub(crate) Vec<Entry>);

pub(crate) struct Entry {
    pub(crate) who: Who,
    grant: Grant<'static>,
    stored: u64,
    max_age: u64,
}

impl Entry {
    fn is_live(&self, now: u64) -> bool {
        u128::from(now) < u128::from(self.stored) + u128::from(self.max_age) * 1000
    }

    fn is_match(&self, who: Who, grant: Grant<'_>, now: u64) -> bool {
        let covers = match (self.grant, grant) {
            (Grant::Method(stored), Grant::Method(asked)) => stored == asked || stored == "*",
            (Grant::HeaderName(stored), Grant::HeaderName(asked)) => {
                stored.eq_ignore_ascii_case(asked)
                    || (stored == "*" && !asked.eq_ignore_ascii_case("authorization"))
            }
            _ => false,
        };
        covers
            && self.is_live(now)
            && self.who.has_key_of(who)
            && (self.who.is_include || !who.is_include)
    }
}

impl Cache {
    pub(crate) fn store(&mut self, who: Who, grants: &[Grant<'static>], max_age: u64, now: u64) {
        for grant in grants {
            if self.matches(who, *grant, now) {
                let matching = self.0.iter_mut().filter(|e| e.is_match(who, *grant, now));
                matching.for_each(|entry| entry.max_age = max_age);
            } else {
                self.0.push(Entry { who, grant: *grant, stored: now, max_age });
            }
        }
    }

    pub(crate) fn matches(&self, who: Who, grant: Grant<'_>, now: u64) -> bool {
        self.0.iter().any(|entry| entry.is_match(who, grant, now))
    }

    pub(crate) fn live(&self, now: u64) -> usize {
        self.0.iter().filter(|entry| entry.is_live(now)).count()
    }
}
