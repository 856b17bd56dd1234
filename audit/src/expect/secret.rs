//! Values from the environment, which no output may contain.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt::{self, Write},
};

/// The fewest bytes of a value. Shorter values occur in any text by chance and could not be
/// hidden.
const SHORTEST: usize = 4;

/// The values that the file took from the environment. No output may contain them.
#[derive(Default)]
pub(crate) struct Secrets {
    /// The spellings of each value, with the `${NAME}` that replaces them.
    spellings: BTreeMap<String, String>,
}

/// Shows the names only.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.spellings.values()).finish()
    }
}

impl Secrets {
    /// Replaces each `${NAME}` by the variable's value and `$$` by `$`.
    pub(super) fn expand(
        &mut self,
        template: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<String, String> {
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
                return Err(
                    "`${NAME}` was expected after `$`, or `$$` for the sign itself".to_owned()
                );
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
    ) -> Result<String, String> {
        let value = environment(name)
            .ok_or_else(|| format!("the environment has no `{name}`, or one that is no text"))?;
        let value = value.trim();
        if value.len() < SHORTEST {
            return Err(format!(
                "the value of `{name}` is too short to be hidden in reports: at least {SHORTEST} \
                 bytes were expected, or the value itself in the file"
            ));
        }
        let bytes = value.as_bytes();
        let percent = bytes.iter().fold(String::new(), |mut text, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
                text.push(char::from(*byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(text, "%{byte:02X}");
            }
            text
        });
        let latin1 = bytes.iter().copied().map(char::from).collect();
        let as_byte_characters =
            value.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect::<Vec<_>>();
        for spelling in [
            value.to_owned(),
            bytes.escape_ascii().to_string(),
            as_byte_characters.escape_ascii().to_string(),
            percent,
            url_spelling(value),
            latin1,
        ] {
            self.spellings.insert(spelling, format!("${{{name}}}"));
        }
        Ok(value.to_owned())
    }

    /// Replaces secret values in the text, in whatever case they are.
    pub(crate) fn redact<'a>(&self, text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
        let mut text = text.into();
        // The longest first, because one value may be part of another.
        let mut spellings: Vec<_> = self.spellings.iter().collect();
        spellings.sort_by_key(|(spelling, _)| std::cmp::Reverse(spelling.len()));
        for (spelling, name) in spellings {
            let (lower, needle) = (text.to_ascii_lowercase(), spelling.to_ascii_lowercase());
            if !lower.contains(&needle) {
                continue;
            }
            let mut clean = String::with_capacity(text.len());
            let mut end = 0;
            for (start, found) in lower.match_indices(&needle) {
                clean.push_str(&text[end..start]);
                clean.push_str(name);
                end = start + found.len();
            }
            clean.push_str(&text[end..]);
            text = Cow::Owned(clean);
        }
        text
    }
}

/// The value as part of a URL's query, where fewer characters are escaped.
fn url_spelling(value: &str) -> String {
    let url = browser_cors::url::Url::parse(&format!("https://h/?{}", value.replace('#', "%23")));
    url.ok().and_then(|url| url.query().map(str::to_owned)).unwrap_or_default()
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
        let mut expand = |template| secrets.expand(template, &environment);
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
        ] {
            let text = format!("a {spelling}, {spelling} b");
            assert_eq!(secrets.redact(text), "a ${TOKEN}, ${TOKEN} b", "{spelling}");
        }
        assert_eq!(secrets.redact("s3cr\"et\u{e9} x and more"), "${LONGER}");
        assert_eq!(secrets.redact("nothing"), "nothing");
    }
}
