//! What is wrong with values of `Access-Control-Allow-Origin` and `Access-Control-Allow-Credentials`.

use std::net::IpAddr;

use url::{Host, Url};

use super::{
    Cause,
    text::{decode, has_name, has_quotes, is_setting, of_any, unquoted},
};

/// What made a value of `Access-Control-Allow-Origin` that is neither `origin` nor `*`. `None`, if
/// the value tells nothing, as where it is another origin. `server` is the URL that was asked, if it
/// is known.
pub(crate) fn of_allow_origin(value: &[u8], origin: &str, server: Option<&Url>) -> Option<Cause> {
    let text = decode(value);
    let text = text.trim_matches([' ', '\t']);
    if text.eq_ignore_ascii_case("null") {
        return Some(Cause::Null);
    }
    if ["true", "false"].iter().any(|other| text.eq_ignore_ascii_case(other)) {
        return Some(Cause::Boolean);
    }
    if let Some(cause) = of_any(text) {
        return Some(cause);
    }
    if is_setting(text) {
        return Some(Cause::UnexpandedVariable);
    }
    if has_name(text, "Access-Control-Allow-Origin") || has_name(text, "Origin:") {
        return Some(Cause::HeaderName);
    }
    let lower = text.to_ascii_lowercase();
    if lower.contains("%3a") || lower.contains("%2f") {
        return Some(Cause::PercentEncoded);
    }
    if lower.contains("&#") || lower.contains("&colon;") || lower.contains("&sol;") {
        return Some(Cause::HtmlEscaped);
    }
    if is_regular_expression(text) {
        return Some(Cause::RegularExpression);
    }
    let members = text.split([',', ';', ' ', '\t', '|']);
    let members = members.map(|member| unquoted(member.trim_matches(['[', ']', '(', ')'])));
    let members: Vec<&str> = members.filter(|member| !member.is_empty()).collect();
    match &members[..] {
        [] => return Some(if has_quotes(text) { Cause::Quotes } else { Cause::Empty }),
        [first, rest @ ..] if !rest.is_empty() => {
            return Some(if rest.iter().all(|other| other == first) {
                Cause::Repeated
            } else if rest.iter().any(|word| is_word(word)) || is_word(first) {
                Cause::ConfigurationWord
            } else {
                Cause::SeveralOrigins
            });
        }
        _ => {}
    }
    if has_quotes(text) {
        return Some(Cause::Quotes);
    }
    if text.contains(['[', '(', '{']) && !text.contains("://[") {
        return Some(Cause::Brackets);
    }
    if text.ends_with([',', ';', '|']) || text.starts_with([',', ';', '|']) {
        return Some(Cause::Punctuation);
    }
    if text.contains('*') {
        return Some(Cause::Pattern);
    }
    of_url(text, origin, server)
}

/// Words that directives of web servers end with.
fn is_word(text: &str) -> bool {
    ["always", "early", "override", "replace"].contains(&text)
        || text.starts_with("env=")
        || text.starts_with("expr=")
}

/// Whether the text has what regular expressions are made of, and origins are not.
fn is_regular_expression(text: &str) -> bool {
    (text.contains(['^', '\\']) && !text.contains("\\\"") && !is_backslashed(text))
        || text.ends_with('$')
        || text.starts_with('~')
        || (text.len() > 2 && text.starts_with('/') && text.ends_with('/') && !text.contains("//"))
        || ["/.*", ".*.", ".+", "(?", "[^", "[a-z", "[0-9", "\\."]
            .iter()
            .any(|part| text.contains(part))
        || (text.contains('(') && text.contains('|') && text.contains(')'))
}

/// `https:\\app.example`, which is no regular expression.
fn is_backslashed(text: &str) -> bool {
    text.contains(":\\\\") && !text.contains('^')
}

/// What is wrong with one origin.
fn of_url(text: &str, origin: &str, server: Option<&Url>) -> Option<Cause> {
    let expected = Url::parse(origin).ok()?;
    let Some((scheme, rest)) = text.split_once("://") else {
        return without_scheme(text, &expected);
    };
    if text.eq_ignore_ascii_case(origin) {
        return Some(Cause::UpperCase);
    }
    let Ok(found) = Url::parse(text) else { return None };
    if !found.username().is_empty() || found.password().is_some() {
        return Some(Cause::UserName);
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let is_unicode = !authority.is_ascii();
    let is_same_host = found.host() == expected.host();
    let is_same = is_same_host
        && found.scheme() == expected.scheme()
        && found.port_or_known_default() == expected.port_or_known_default();
    if is_same {
        return Some(if is_unicode {
            Cause::UnicodeHost
        } else if rest.len() == authority.len() + 1 || rest.trim_end_matches('/') == authority {
            if rest == authority { same_in_other_words(scheme, authority) } else { Cause::Slash }
        } else {
            Cause::Path
        });
    }
    if server.is_some_and(|server| server.origin() == found.origin() && server.host().is_some()) {
        return Some(Cause::ServerOrigin);
    }
    if is_unicode {
        return Some(Cause::UnicodeHost);
    }
    let (host, expected_host) = (found.host_str()?, expected.host_str()?);
    if is_same_host {
        return Some(if found.scheme() == expected.scheme() { Cause::Port } else { Cause::Scheme });
    }
    if host.trim_end_matches('.') == expected_host {
        return Some(Cause::TrailingDot);
    }
    if host.strip_prefix("www.") == Some(expected_host)
        || expected_host.strip_prefix("www.") == Some(host)
    {
        return Some(Cause::Www);
    }
    if is_loopback(&found) && is_loopback(&expected) {
        return Some(Cause::LoopbackName);
    }
    let is_above = expected_host.strip_suffix(host).is_some_and(|rest| rest.ends_with('.'));
    is_above.then_some(Cause::ParentDomain)
}

/// Why two texts differ that are one origin, and have no path.
fn same_in_other_words(scheme: &str, authority: &str) -> Cause {
    let has_upper_case =
        [scheme, authority].iter().any(|part| part.bytes().any(|byte| byte.is_ascii_uppercase()));
    let port = authority.rsplit_once(':').map(|(_, port)| port);
    match port {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => Cause::DefaultPort,
        _ if has_upper_case => Cause::UpperCase,
        _ => Cause::Slashes,
    }
}

/// What has no `://`.
fn without_scheme(text: &str, expected: &Url) -> Option<Cause> {
    let scheme = expected.scheme();
    let begin = text.get(..=scheme.len()).unwrap_or_default();
    if begin.eq_ignore_ascii_case(&format!("{scheme}:")) {
        return Some(Cause::Slashes);
    }
    let rest = text.trim_start_matches(['/', '\\']);
    let url = Url::parse(&format!("{scheme}://{rest}")).ok()?;
    let host = url.host_str()?;
    let is_host = url.host() == expected.host()
        || host.contains('.')
        || host == "localhost"
        || url.port().is_some();
    is_host.then_some(Cause::Scheme)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => {
            IpAddr::from(address).is_loopback() || address.is_unspecified()
        }
        None => false,
    }
}

/// What made a value of `Access-Control-Allow-Credentials` that is not `true`.
pub(crate) fn of_allow_credentials(value: &[u8]) -> Option<Cause> {
    let text = decode(value);
    let text = text.trim_matches([' ', '\t']);
    if text.eq_ignore_ascii_case("true") {
        return Some(Cause::UpperCase);
    }
    if let Some(cause) = of_any(text) {
        return Some(cause);
    }
    if has_name(text, "Access-Control-Allow-Credentials") {
        return Some(Cause::HeaderName);
    }
    let members: Vec<&str> = text
        .split([',', ';', ' ', '\t'])
        .map(unquoted)
        .filter(|member| !member.is_empty())
        .collect();
    Some(match &members[..] {
        [first, second, ..] if is_word(second) && !is_word(first) => Cause::ConfigurationWord,
        [_, _, ..] => Cause::Repeated,
        _ if has_quotes(text) => Cause::Quotes,
        _ if text.ends_with([',', ';']) => Cause::Punctuation,
        [only] if only.eq_ignore_ascii_case("false") || only.eq_ignore_ascii_case("null") => {
            Cause::False
        }
        _ => Cause::NotTrue,
    })
}
