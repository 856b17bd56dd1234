//! Message templates: each serves to print a message and to recognize it.

use super::{Field, Values};

/// A message of an engine, with gaps. A gap is the name of a [`Field`] in braces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Template(pub(super) &'static str);

/// A part of a template.
enum Part {
    Text(&'static str),
    Gap(Field),
}

impl Template {
    fn parts(self) -> impl Iterator<Item = Part> {
        self.0
            .split_inclusive('}')
            .flat_map(|stretch| {
                let gap = stretch.strip_suffix('}').and_then(|stretch| stretch.split_once('{'));
                let (text, name) = gap.map_or((stretch, None), |(text, name)| (text, Some(name)));
                let field = name.map(|name| name.parse().expect("the gap is a field"));
                [(!text.is_empty()).then_some(Part::Text(text)), field.map(Part::Gap)]
            })
            .flatten()
    }

    /// Fills the gaps. A gap without a value becomes empty.
    pub(super) fn fill(self, values: &[(Field, &str)]) -> String {
        let mut message = String::with_capacity(self.0.len() + 64);
        for part in self.parts() {
            match part {
                Part::Text(text) => message.push_str(text),
                Part::Gap(field) => {
                    let value = values.iter().find(|(name, _)| *name == field);
                    message.push_str(value.map_or("", |(_, value)| value));
                }
            }
        }
        message
    }

    /// Finds the message in `text`, which must be [`plain`], and returns the values in its gaps.
    pub(super) fn find(self, text: &str) -> Option<Values> {
        let mut from = 0;
        loop {
            match self.find_at(&text[from..]) {
                Found::Here(values) => return Some(values),
                Found::NotHere { next } => from += next,
                Found::Nowhere => return None,
            }
        }
    }

    /// Tries the first place where the message may begin.
    fn find_at(self, text: &str) -> Found {
        let mut parts = self.parts().peekable();
        let Some(Part::Text(first)) = parts.next() else { return Found::Nowhere };
        let first = plain(first);
        let Some(start) = text.find(&*first) else { return Found::Nowhere };
        let mut rest = &text[start + first.len()..];
        let mut values = Values::default();
        while let Some(part) = parts.next() {
            let Part::Gap(field) = part else { continue };
            let value = match parts.peek() {
                Some(Part::Text(text)) => {
                    let text = plain(text);
                    // What does not follow here does not follow later either.
                    let Some(end) = rest.find(&*text) else { return Found::Nowhere };
                    let value = &rest[..end];
                    rest = &rest[end + text.len()..];
                    value
                }
                _ => {
                    let value = &rest[..field.length_at_the_end(rest)];
                    rest = &rest[value.len()..];
                    value
                }
            };
            if !field.may_be(value) {
                return Found::NotHere { next: start + first.len() };
            }
            values.push(field, value);
        }
        Found::Here(values)
    }
}

/// Whether the message begins at a place.
enum Found {
    Here(Values),
    /// Not here, but maybe from that index on.
    NotHere {
        next: usize,
    },
    Nowhere,
}

impl Field {
    /// How much of `rest` belongs to a gap at the end of a template.
    fn length_at_the_end(self, rest: &str) -> usize {
        let end = match self {
            Self::Status if rest.starts_with("(null)") => Some("(null)".len()),
            Self::Status => rest.find(|character: char| !character.is_ascii_digit()),
            // Ours: consoles print the location in the source, or the next message, after it.
            Self::Origin => {
                let word = rest.split(' ').next().unwrap_or_default();
                Some(word.trim_end_matches('.').len())
            }
            Self::Value => AFTER_VALUE.iter().filter_map(|text| rest.find(text)).min(),
            _ => rest.find(' '),
        };
        end.unwrap_or(rest.len())
    }

    /// Whether a gap may hold this value.
    fn may_be(self, value: &str) -> bool {
        match self {
            Self::Status => !value.is_empty(),
            Self::Value | Self::Location => true,
            Self::Asker => value.len() <= 32,
            _ => !value.is_empty() && !value.contains(' '),
        }
    }
}

/// What may follow a message of WebKit that ends with a value.
const AFTER_VALUE: [&str; 5] =
    [" (", " [Error]", " Fetch API cannot", " XMLHttpRequest cannot", " Failed to load"];

/// Normalizes a text for comparison: drops invisible characters, makes quotes straight, and
/// replaces any white space by one space.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' => {}
            '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' => plain.push('\''),
            '\u{201C}' | '\u{201D}' | '\u{201F}' | '\u{2033}' => plain.push('"'),
            _ if character.is_whitespace() => {
                if !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            _ => plain.push(character),
        }
    }
    plain
}
