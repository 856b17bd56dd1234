//! Patterns of origins, such as `https://*.preview.example`.

use browser_cors::{
    origin::Origin,
    url::{Host, Url},
};

use crate::look_alike::FOREIGN;

/// A pattern of origins. Each `*` stands for one or more characters of a host, dots included, or
/// for the digits of a port.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Pattern(String);

/// Whether the text has a `*`, so that it names no one origin.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains('*')
}

impl Pattern {
    /// Reads a pattern: an origin with a `*` in its host or in place of its port.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let expected = "a pattern was expected, as in `https://*.preview.example`";
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| format!("`{}` has no scheme: {expected}", text.escape_debug()))?;
        if !rest.contains('*') {
            return Err(format!("`{}` has no `*`: {expected}", text.escape_debug()));
        }
        // With a name in place of each `*`, it is an origin.
        let (host, port) = match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        };
        let port = port.map_or_else(String::new, |port| format!(":{}", port.replace('*', "8")));
        let filled = format!("{scheme}://{}{port}", host.replace('*', "x"));
        match filled.parse::<Origin>() {
            Ok(_) if !scheme.contains('*') => Ok(Self(text.to_owned())),
            _ => Err(format!("`{}` is no pattern of origins: {expected}", text.escape_debug())),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the pattern covers the origin.
    pub(super) fn matches(&self, origin: &Origin) -> bool {
        glob(self.0.as_bytes(), origin.serialized().as_bytes())
    }

    /// Origins that a careless form of the pattern covers, and the pattern does not, each with the
    /// kind of mistake that covers it.
    pub(super) fn look_alikes(&self) -> Vec<(&'static str, Origin)> {
        let Some((before, after)) = self.0.rsplit_once("*.") else { return Vec::new() };
        let Some((scheme, _)) = before.split_once("://") else { return Vec::new() };
        // What follows the last `*.` is a host, perhaps with a port.
        let mut texts = vec![
            ("the dot is forgotten", format!("{scheme}://foreign{after}")),
            ("without a sub-domain", format!("{scheme}://{after}")),
            (
                "a dot matches anything",
                format!("{scheme}://foreign.{}", after.replacen('.', "x", 1)),
            ),
            ("the end is not anchored", format!("{scheme}://foreign.{}", suffixed(after))),
        ];
        if scheme == "https" {
            texts.push(("scheme", format!("http://foreign.{after}")));
        }
        let origins = texts.into_iter().filter_map(|(how, text)| Some((how, text.parse().ok()?)));
        origins.filter(|(_, origin)| !self.matches(origin)).collect()
    }
}

/// The host, perhaps with a port, under a foreign domain.
fn suffixed(host: &str) -> String {
    match Url::parse(&format!("http://{host}")) {
        Ok(url) if matches!(url.host(), Some(Host::Domain(_))) => match host.split_once(':') {
            Some((host, port)) => format!("{host}.{FOREIGN}:{port}"),
            None => format!("{host}.{FOREIGN}"),
        },
        _ => FOREIGN.to_owned(),
    }
}

/// Whether `text` is as the pattern says. No `*` stands for a `/` or a `:`.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return text.is_empty() };
    if *first != b'*' {
        return text.split_first().is_some_and(|(byte, text)| byte == first && glob(rest, text));
    }
    let longest = text.iter().position(|byte| b"/:".contains(byte)).unwrap_or(text.len());
    (1..=longest).any(|count| glob(rest, &text[count..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::parse(text).unwrap()
    }

    fn covers(text: &str, origin: &str) -> bool {
        pattern(text).matches(&origin.parse().unwrap())
    }

    #[test]
    fn what_a_pattern_covers() {
        let previews = "https://*.preview.example";
        assert!(covers(previews, "https://a.preview.example"));
        assert!(covers(previews, "https://a.b.preview.example"));
        assert!(!covers(previews, "https://preview.example"));
        assert!(!covers(previews, "http://a.preview.example"));
        assert!(!covers(previews, "https://a.preview.example:8443"));
        assert!(!covers(previews, "https://a.preview.example.foreign.example"));
        assert!(covers("http://localhost:*", "http://localhost:5173"));
        assert!(!covers("http://localhost:*", "http://localhost"));
        assert!(covers("https://pr-*-shop.preview.example", "https://pr-12-shop.preview.example"));
    }

    #[test]
    fn what_is_no_pattern() {
        for text in [
            "https://app.example",
            "*",
            "*.preview.example",
            "http*://a.example",
            "https://*.a.example/",
            "https://*",
        ] {
            assert_eq!(Pattern::parse(text).is_ok(), text == "https://*", "{text}");
        }
    }

    #[test]
    fn look_alikes_of_a_pattern() {
        let texts = |text: &str| {
            let made = pattern(text).look_alikes().into_iter();
            made.map(|(how, origin)| (how, origin.serialized().to_owned())).collect::<Vec<_>>()
        };
        let owned = |(how, text): (&'static str, &str)| (how, text.to_owned());
        assert_eq!(
            texts("https://*.preview.example"),
            [
                ("the dot is forgotten", "https://foreignpreview.example"),
                ("without a sub-domain", "https://preview.example"),
                ("a dot matches anything", "https://foreign.previewxexample"),
                ("the end is not anchored", "https://foreign.preview.example.foreign.example"),
                ("scheme", "http://foreign.preview.example"),
            ]
            .map(owned)
        );
        assert_eq!(texts("http://localhost:*"), []);
    }
}
