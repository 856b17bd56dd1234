//! Lines in a language that is not English: what they say is inferred from what nobody translates,
//! such as URLs, names of headers, quoted values and statuses.

use super::{
    Complaint, Console, Field, Message, Values,
    text::{floor, is_quote, plain, split},
};
use crate::header::is_token_byte;

/// The longest line that is looked at.
const LENGTH_LIMIT: usize = 1 << 14;

/// What a line says, most likely. `None` if it is most likely no message about CORS.
pub(super) fn infer(line: &str) -> Option<Message> {
    let line = &line[..floor(line, LENGTH_LIMIT)];
    let lower = line.to_ascii_lowercase();
    let has_cors = lower.contains("cors")
        || lower.contains("cross-origin")
        || ["跨源", "跨域", "クロスオリジン", "교차 출처"].iter().any(|word| line.contains(word));
    let header = Allow::in_text(line);
    if !has_cors && header.is_none() {
        return None;
    }
    let urls: Vec<&str> = urls(line).collect();
    let is_translated =
        urls.len() >= 2 && lower.contains("cors policy") || is_in_brackets(line, header);
    if is_english(line) && !is_translated {
        return None;
    }
    let behind = behind_first(line, &urls);
    let lower_behind = behind.to_ascii_lowercase();
    let says_reason = behind.contains([':', '：'])
        && (lower_behind.contains("cors") || Allow::in_text(behind).is_some());
    let is_firefox = lower.contains("same origin") && lower.contains("cross-origin")
        || says_reason && !urls.is_empty()
        || is_in_brackets(line, header);
    let is_chromium = is_between_urls_only(line, &urls) && has_cors && line.contains([':', '：']);
    if !is_firefox && !is_chromium || line.contains("=>") {
        return None;
    }
    let console = if is_chromium { Console::Chromium } else { Console::Firefox };
    let reason = if is_chromium { line } else { behind };
    let mut values = Values::default();
    let mut names = urls.clone();
    if is_chromium && let Some(origin) = names.iter().position(|url| is_origin(url)) {
        values.push(Field::Origin, names.remove(origin));
    }
    if let Some(url) = names.first() {
        values.push(Field::Url, url);
    }
    let status = status(reason);
    if let Some(status) = status {
        values.push(Field::Status, status);
    }
    let asked = if is_chromium { &urls[..2] } else { &urls[..urls.len().min(1)] };
    let quoted = quoted(reason);
    let others: Vec<&str> = quoted
        .into_iter()
        .filter(|value| Allow::in_text(value).is_none() && !asked.contains(value))
        .filter(|value| !is_name_of_policy(value))
        .collect();
    let other = others.first().copied();
    let complaint = match console {
        Console::Chromium => of_chromium(reason, header, &others, names.first().copied()),
        _ => of_firefox(reason, header, other, status, urls.first().copied()),
    };
    match complaint {
        Complaint::Header => {
            let name = other.or_else(|| header_name(reason));
            name.into_iter().for_each(|name| values.push(Field::Header, name));
        }
        Complaint::Method => {
            let method = methods(reason).next();
            method.into_iter().for_each(|method| values.push(Field::Method, method));
        }
        Complaint::AllowOriginMismatch
        | Complaint::AllowMethodsInvalid
        | Complaint::AllowHeadersInvalid => {
            values.push(Field::Value, &plain(other.unwrap_or_default()));
        }
        _ => {}
    }
    let mut message = Message::new(console, complaint, values);
    message.is_inferred = true;
    message.is_cut = complaint == Complaint::NoReason && reason.trim().len() < 4;
    if has_any(reason, &PREFLIGHT) {
        message.is_preflight = message.is_preflight.or(Some(true));
    }
    Some(message)
}

/// What a translation of a line of Chromium complains about.
fn of_chromium(
    reason: &str,
    header: Option<Allow>,
    others: &[&str],
    url: Option<&str>,
) -> Complaint {
    let lower = reason.to_ascii_lowercase();
    let has_include = lower.contains("include");
    match header {
        Some(Allow::Origin) if has_include || others.contains(&"*") => {
            Complaint::WildcardWithCredentials
        }
        Some(Allow::Origin) => match others.first() {
            Some(value) if value.contains(',') => Complaint::AllowOriginSeveral,
            Some(_) => Complaint::AllowOriginMismatch,
            None => Complaint::AllowOriginMissing,
        },
        Some(Allow::Credentials) => Complaint::CredentialsNotAllowed,
        Some(Allow::Methods) => match methods(reason).next() {
            Some(_) => Complaint::Method,
            None => Complaint::AllowMethodsInvalid,
        },
        Some(Allow::Headers) => Complaint::Header,
        None if url.is_some_and(|url| !url.starts_with("http")) => Complaint::Scheme,
        None if lower.contains("chrome-extension") => Complaint::Scheme,
        None if has_any(reason, &REDIRECT) => Complaint::PreflightRedirect,
        None if has_any(reason, &PREFLIGHT) && names_http(reason) => Complaint::PreflightStatus,
        None => Complaint::NoReason,
    }
}

/// What a line of Firefox complains about. Without the name of a header, there are few reasons.
fn of_firefox(
    reason: &str,
    header: Option<Allow>,
    other: Option<&str>,
    status: Option<&str>,
    url: Option<&str>,
) -> Complaint {
    let is_wildcard = other.is_some_and(|value| matches!(value.trim(), "*" | "_" | ""));
    match header {
        Some(Allow::Headers)
            if reason.to_ascii_lowercase().contains("authorization") && reason.contains('*') =>
        {
            Complaint::AuthorizationUnderWildcard
        }
        Some(Allow::Origin | Allow::Credentials) if is_wildcard => {
            Complaint::WildcardWithCredentials
        }
        Some(Allow::Origin) if has_any(reason, &SEVERAL) => Complaint::AllowOriginSeveral,
        Some(Allow::Origin) => match other {
            Some(_) => Complaint::AllowOriginMismatch,
            None => Complaint::AllowOriginMissing,
        },
        Some(Allow::Credentials) => Complaint::CredentialsNotAllowed,
        Some(Allow::Methods) => match other {
            Some(_) => Complaint::AllowMethodsInvalid,
            None => Complaint::Method,
        },
        Some(Allow::Headers) => match other {
            Some(name) if !name.bytes().all(is_token_byte) => Complaint::AllowHeadersInvalid,
            Some(_) => Complaint::Header,
            None => Complaint::NoReason,
        },
        None if other == Some("Origin") => Complaint::OriginHeaderNotAdded,
        None if status.is_some_and(|status| status != "(null)") => Complaint::PreflightStatus,
        None if status.is_some() => Complaint::NoResponse,
        None if url.is_some_and(|url| !url.starts_with("http")) => Complaint::Scheme,
        None if has_any(reason, &REDIRECT) => Complaint::PreflightRedirect,
        None if has_any(reason, &PREFLIGHT) => Complaint::PreflightStatus,
        None if names_http(reason) => Complaint::Scheme,
        None if has_any(reason, &OFF) => Complaint::Disabled,
        None if reason.to_ascii_lowercase().contains("cors") => Complaint::NoResponse,
        None => Complaint::NoReason,
    }
}

/// The methods that a text names.
fn methods(text: &str) -> impl Iterator<Item = &str> {
    const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT", "PROPFIND"];
    let words = split(text).map(|word| &text[word.start..word.end]);
    words.filter(|word| METHODS.contains(word))
}

/// The name of a header that nothing marks: a word with a hyphen, or one that is well known.
fn header_name(text: &str) -> Option<&str> {
    const NAMES: [&str; 5] = ["accept", "authorization", "pragma", "range", "token"];
    let mut words = text.split(|mark: char| !mark.is_ascii() || !is_token_byte(mark as u8));
    words.find(|word| {
        let lower = word.to_ascii_lowercase();
        let is_name = NAMES.contains(&lower.as_str()) || lower.starts_with("x-");
        let is_content =
            ["content-", "cache-", "if-", "accept-"].iter().any(|it| lower.starts_with(it));
        (is_name || is_content) && Allow::in_text(word).is_none()
    })
}

/// What stands behind a code of Internet Explorer: the header or method, and the origin.
pub(super) fn values_behind_code(complaint: Complaint, rest: &str) -> Values {
    let mut values = Values::default();
    let is_name = |word: &&str| {
        !word.is_empty()
            && word.bytes().all(is_token_byte)
            && Allow::in_text(word).is_none()
            && !matches!(word.to_ascii_lowercase().as_str(), "cors" | "true" | "xmlhttprequest")
    };
    let mut names = rest
        .split(|mark: char| mark.is_whitespace() || !mark.is_ascii() || ":;,()\"".contains(mark))
        .map(|word| word.trim_matches(['.', '\'']))
        .filter(is_name);
    match complaint {
        Complaint::Header => {
            names.next().into_iter().for_each(|name| values.push(Field::Header, name));
        }
        Complaint::Method => {
            let method = names.find(|name| name.bytes().all(|byte| byte.is_ascii_uppercase()));
            method.into_iter().for_each(|name| values.push(Field::Method, name));
        }
        Complaint::OriginNotAllowed => {
            let origin = urls(rest).next();
            origin.into_iter().for_each(|origin| values.push(Field::Origin, origin));
        }
        _ => {
            let url = urls(rest).next();
            url.into_iter().for_each(|url| values.push(Field::Url, url));
        }
    }
    values
}

/// The URLs in a text.
pub(super) fn urls(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let middle = from + text[from..].find("://")?;
            let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
            let scheme = text[from..middle].bytes().rev().take_while(is_scheme).count();
            let rest = &text[middle..];
            let end = rest.find(|mark: char| {
                mark.is_whitespace() || is_quote(mark) || !mark.is_ascii() || "<>()".contains(mark)
            });
            let length = end.unwrap_or(rest.len());
            from = middle + length;
            if scheme > 1 {
                let url = &text[middle - scheme..middle + length];
                return Some(url.trim_end_matches(['.', ',', ';', ':']));
            }
        }
    })
}

/// The headers that messages name, behind `Access-Control-Allow-`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Allow {
    Origin,
    Credentials,
    Methods,
    Headers,
}

impl Allow {
    /// The first header that a text names, in its words.
    fn in_text(text: &str) -> Option<Self> {
        // Translators do not stop at the names of headers.
        if ["访问控制-允许源", "访问-控制-允许源"].iter().any(|name| text.contains(name))
        {
            return Some(Self::Origin);
        }
        let words: Vec<&str> = split(text).map(|word| &text[word.start..word.end]).collect();
        words.windows(4).find_map(|words| {
            let begins = ["access", "control", "allow"];
            if !begins.iter().zip(words).all(|(begins, word)| word.eq_ignore_ascii_case(begins)) {
                return None;
            }
            let is = |name: &str| words[3].eq_ignore_ascii_case(name);
            Some(if is("origin") {
                Self::Origin
            } else if is("credentials") {
                Self::Credentials
            } else if is("methods") {
                Self::Methods
            } else if is("headers") {
                Self::Headers
            } else {
                return None;
            })
        })
    }
}

/// What stands behind the first URL of a line.
fn behind_first<'a>(line: &'a str, urls: &[&str]) -> &'a str {
    let behind = urls.first().and_then(|url| Some(line.split_once(url)?.1));
    behind.unwrap_or(line)
}

/// Whether the line names two URLs before it says a reason, as Chromium does: what was asked, and
/// who asked.
fn is_between_urls_only(line: &str, urls: &[&str]) -> bool {
    let [first, second, ..] = urls else { return false };
    let behind = line.split_once(first).map_or("", |(_, behind)| behind);
    let between = behind.split_once(second).map_or("", |(between, _)| between);
    Allow::in_text(between).is_none() && !between.to_ascii_lowercase().contains("cors")
}

/// Whether the reason stands in brackets behind a word and a colon, as Firefox prints it in most
/// languages.
fn is_in_brackets(line: &str, header: Option<Allow>) -> bool {
    let Some((_, inside)) = line.rsplit_once(['(', '（']) else { return false };
    let Some((word, reason)) = inside.split_once([':', '：']) else { return false };
    let word = word.trim();
    header.is_some()
        && !word.is_empty()
        && word.chars().all(char::is_alphabetic)
        && reason.to_ascii_lowercase().contains("cors")
}

fn is_origin(url: &str) -> bool {
    url.split_once("://").is_some_and(|(_, rest)| !rest.trim_end_matches('/').contains('/'))
}

/// The names that Firefox leaves in English.
fn is_name_of_policy(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "same origin" | "same origin policy" | "true")
}

/// The status at the end of a line: a number, or `(null)`.
fn status(reason: &str) -> Option<&str> {
    if reason.contains("(null)") && !reason.contains("'(null)'") && !is_quoted(reason, "(null)") {
        return Some("(null)");
    }
    let words: Vec<&str> = split(reason).map(|word| &reason[word.start..word.end]).collect();
    let tail = &words[words.len().saturating_sub(2)..];
    let is_status = |word: &&&str| {
        word.len() == 3
            && word.bytes().all(|byte| byte.is_ascii_digit())
            && (b'1'..=b'5').contains(&word.as_bytes()[0])
    };
    tail.iter().find(is_status).copied()
}

fn is_quoted(text: &str, value: &str) -> bool {
    text.split_once(value).is_some_and(|(before, _)| before.trim_end().ends_with(is_quote))
}

/// What stands between quotation marks.
fn quoted(text: &str) -> Vec<&str> {
    let mut quoted = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(is_quote) {
        let mark = rest[open..].chars().next().unwrap_or_default();
        let behind = &rest[open + mark.len_utf8()..];
        let is_apostrophe = matches!(mark, '\'' | '\u{2019}')
            && rest[..open].chars().next_back().is_some_and(char::is_alphabetic)
            && behind.chars().next().is_some_and(char::is_alphabetic);
        let closes = match mark {
            '«' => "»",
            '»' => "«",
            '\u{2018}' | '\u{201A}' => "\u{2019}\u{2018}'",
            '\u{201C}' | '\u{201E}' => "\u{201D}\u{201C}\"",
            '「' => "」",
            '『' => "』",
            '\'' => "'\u{2019}",
            '"' => "\"\u{201D}",
            '`' => "`'",
            _ => "",
        };
        match behind.find(|mark| closes.contains(mark)).filter(|_| !is_apostrophe) {
            Some(end) => {
                quoted.push(behind[..end].trim());
                let mark = behind[end..].chars().next().map_or(0, char::len_utf8);
                rest = &behind[end + mark..];
            }
            None => rest = behind,
        }
    }
    quoted
}

/// Whether `http` stands by itself.
fn names_http(reason: &str) -> bool {
    split(reason).any(|word| {
        let text = &reason[word.start..word.end];
        text.eq_ignore_ascii_case("http") && !reason[word.end..].starts_with("://")
    })
}

/// Whether a line is in English, by the words that make sentences.
fn is_english(line: &str) -> bool {
    const WORDS: [&str; 24] = [
        "the", "been", "this", "that", "when", "but", "with", "from", "and", "has", "are",
        "should", "would", "my", "you", "your", "get", "use", "does", "have", "it", "by", "of",
        "for",
    ];
    let is_common = |word: &str| WORDS.iter().any(|other| other.eq_ignore_ascii_case(word));
    let words = split(line).filter(|word| is_common(&line[word.start..word.end])).count();
    words >= 2 && !line.to_ascii_lowercase().contains("reason")
}

fn has_any(text: &str, stems: &[&str]) -> bool {
    let text = text.to_lowercase();
    stems.iter().any(|stem| text.contains(stem))
}

/// "several", in the languages of many users.
const SEVERAL: [&str; 17] = [
    "multiple",
    "plusieurs",
    "mehrere",
    "nur ein",
    "多个",
    "多個",
    "несколько",
    "múltipl",
    "複数",
    "varios",
    "varias",
    "molteplici",
    "più",
    "wiele",
    "meerdere",
    "여러",
    "birden",
];

/// "preflight"
const PREFLIGHT: [&str; 15] = [
    "preflight",
    "预检",
    "預檢",
    "飞行前",
    "プリフライト",
    "предварительн",
    "предполёт",
    "pré-vérif",
    "prévérif",
    "préliminaire",
    "prévol",
    "verificación previa",
    "verificação prévia",
    "comprobación previa",
    "프리플라이트",
];

/// "redirect"
const REDIRECT: [&str; 15] = [
    "redirect",
    "redirec",
    "redirig",
    "weiterleit",
    "umleit",
    "omleid",
    "перенаправ",
    "リダイレクト",
    "重定向",
    "重新導向",
    "przekierow",
    "yönlendir",
    "reindirizz",
    "redirecion",
    "리디렉",
];

/// "switched off"
const OFF: [&str; 12] = [
    "désactiv",
    "deaktiv",
    "desactiv",
    "desativ",
    "отключ",
    "無効",
    "未启用",
    "已禁用",
    "停用",
    "uitgeschakeld",
    "disattiv",
    "wyłącz",
];
