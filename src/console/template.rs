//! Message templates: each serves to print a message and to recognize it.

use super::{
    Field, Values,
    text::{Text, floor, is_quote, plain, split},
};

/// A message of a console, with gaps. A gap is the name of a [`Field`] in braces. Of the rest only
/// the words are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Template(pub(super) &'static str);

/// A part of a template.
#[derive(Clone, Copy)]
enum Part {
    Text(&'static str),
    Gap(Field),
}

/// The place where a text says what a template says.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) values: Values,
    /// Where it begins and ends in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// How many words outside of gaps are the same.
    pub(super) words: usize,
    /// Whether the text was cut before the message ended.
    pub(super) is_cut: bool,
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

    /// The hash of the first word that is not in a gap.
    pub(super) fn first_word(self) -> Option<u64> {
        let (_, text) = self.parts().find_map(|part| match part {
            Part::Text(text) => split(text).next().map(|word| (word.hash, text)),
            Part::Gap(_) => None,
        })?;
        split(text).next().map(|word| word.hash)
    }

    /// Finds the message where its first word is the word of index `at`. A gap before that word is
    /// looked for no further back than at `from`.
    pub(super) fn find_at(self, text: &Text<'_>, at: usize, from: usize) -> Option<Found> {
        let mut parts = self.parts().peekable();
        let mut leading = Vec::new();
        // What parts gaps before the first word is white space.
        while let Some(part) = parts.next_if(|part| match part {
            Part::Gap(_) => true,
            Part::Text(text) => split(text).next().is_none(),
        }) {
            if let Part::Gap(field) = part {
                leading.push(field);
            }
        }
        let mut found = Found {
            values: Values::default(),
            start: text.words.get(at)?.start,
            end: text.words[at].start,
            words: 0,
            is_cut: false,
        };
        found.read_backwards(text, &leading, from);
        let mut next = at;
        let mut gap: Option<(Field, &str)> = None;
        let mut before = "";
        for part in parts {
            match part {
                Part::Gap(field) => gap = Some((field, before)),
                // Marks alone tell nothing; the gap may as well be the last part.
                Part::Text(literal) if split(literal).next().is_none() => {}
                Part::Text(literal) => {
                    let step = match gap.take() {
                        None => same_words(text, next, literal).map(|same| (next, same)),
                        Some((field, before)) => {
                            found.read_gap(text, &mut next, field, before, literal)
                        }
                    };
                    let (place, same) = step?;
                    found.words += same.words;
                    next = place + same.words;
                    if same.words > 0 {
                        found.end = text.words[next - 1].end;
                    }
                    if same.is_cut {
                        found.is_cut = true;
                        found.end = found.end.max(same.end);
                        return Some(found);
                    }
                    before = after_last_word(literal);
                }
            }
        }
        if let Some((field, before)) = gap {
            found.read_last_gap(text, field, before)?;
        }
        Some(found)
    }
}

/// How many words a text and a literal have in common at a place.
struct Same {
    words: usize,
    is_cut: bool,
    /// Where the text was cut.
    end: usize,
}

/// Compares the words of a literal with those of the text from an index on. They are the same to
/// the end, or to where the text was cut.
fn same_words(text: &Text<'_>, from: usize, literal: &str) -> Option<Same> {
    /// The most bytes of marks and white space between two words of a message.
    const DISTANCE: usize = 64;
    let mut same = Same { words: 0, is_cut: false, end: 0 };
    for word in split(literal) {
        let index = from + same.words;
        let found = text.words.get(index);
        let found = found.filter(|_| same.words == 0 || text.before(index).len() <= DISTANCE);
        if found.is_some_and(|found| found.hash == word.hash) {
            same.words += 1;
            continue;
        }
        let whole = &literal[word.start..word.end];
        let cut = found.filter(|found| {
            let beginning = &text.text[found.start..found.end];
            let same_length = whole.get(..beginning.len());
            same_length.is_some_and(|same| same.eq_ignore_ascii_case(beginning))
                && text.may_be_cut_before(index + 1)
        });
        if cut.is_none() && !text.may_be_cut_before(index) {
            return None;
        }
        same.is_cut = true;
        same.end = cut.map_or(0, |word| word.end);
        break;
    }
    Some(same)
}

/// What stands before the first word of a literal.
fn before_first_word(literal: &str) -> &str {
    &literal[..split(literal).next().map_or(literal.len(), |word| word.start)]
}

/// What stands after the last word of a literal.
fn after_last_word(literal: &str) -> &str {
    &literal[split(literal).last().map_or(0, |word| word.end)..]
}

impl Found {
    /// Reads gaps at the beginning of a template: each is what stands between white space, on the same
    /// line.
    fn read_backwards(&mut self, text: &Text<'_>, fields: &[Field], from: usize) {
        for field in fields.iter().rev() {
            let limit = floor(text.text, self.start.saturating_sub(field.limit()));
            let before = &text.text[from.max(limit).min(self.start)..self.start];
            let rest = before.trim_end();
            let start = rest.char_indices().rev().find(|(_, mark)| mark.is_whitespace());
            let start = start.map_or(0, |(index, mark)| index + mark.len_utf8());
            let value = unwrapped(&rest[start..]);
            let is_here = !before[rest.len()..].contains('\n') && !value.is_empty();
            if !is_here || !field.may_be(value) || !field.looks_so(value) {
                return;
            }
            self.values.push(*field, &plain(value));
            self.start -= before.len() - start;
        }
    }

    /// Reads a gap up to where `literal` begins. Returns that index and what is the same there.
    fn read_gap(
        &mut self,
        text: &Text<'_>,
        next: &mut usize,
        field: Field,
        before: &str,
        literal: &str,
    ) -> Option<(usize, Same)> {
        /// The most line breaks in a gap.
        const LINE_BREAKS: usize = 5;
        let start = self.end;
        let first = split(literal).next()?.hash;
        let (mut cut, mut line_breaks) = (None, 0);
        for index in *next..=text.words.len() {
            let end = text.words.get(index).map_or(text.text.len(), |word| word.start);
            let between = text.before(index);
            line_breaks += between.matches('\n').count();
            let has_gone_on = line_breaks > LINE_BREAKS || between.contains("\n\n");
            if end - start > field.limit() || has_gone_on {
                break;
            }
            let word = text.words.get(index);
            if word.is_some_and(|word| word.hash == first)
                && let Some(same) = same_words(text, index, literal)
            {
                let value = within(&text.text[start..end], before, before_first_word(literal));
                let value = if field.is_free() { value } else { unwrapped(value) };
                if !same.is_cut || same.words > 0 {
                    if !field.may_be(value) {
                        return None;
                    }
                    self.values.push(field, &plain(value));
                    return Some((index, same));
                }
            }
            let begins = || same_words(text, index, literal).is_some_and(|same| same.end > 0);
            if cut.is_none()
                && (text.may_be_cut_before(index)
                    || text.may_be_cut_before(index + 1) && index > *next && begins())
            {
                cut = Some((index, end));
            }
            let is_over = match word {
                None => true,
                Some(_) if field.is_free() => false,
                Some(_) => index > *next && text.before(index).contains(char::is_whitespace),
            };
            if is_over {
                break;
            }
        }
        // The gap is the last thing in the text.
        let (index, end) = cut?;
        let value = within(&text.text[start..end], before, "");
        let value = if field.is_free() {
            value.split('\n').next().unwrap_or_default()
        } else {
            unwrapped(value.split_whitespace().next().unwrap_or_default())
        };
        if field.may_be(value) {
            self.values.push(field, &plain(value));
        }
        let end = start + text.text[start..end].trim_end().len();
        Some((index, Same { words: 0, is_cut: true, end }))
    }

    /// Reads the gap at the end of a template.
    fn read_last_gap(&mut self, text: &Text<'_>, field: Field, before: &str) -> Option<()> {
        let behind = &text.text[self.end..];
        let behind = &behind[..floor(behind, field.limit())];
        let rest = after(behind, before);
        let skipped = behind.len() - rest.len();
        let quote = behind[..skipped].chars().next_back();
        let quote =
            quote.filter(|mark| before.ends_with(is_quote) && (is_quote(*mark) || *mark == ';'));
        // What the URL is of may stand before it.
        let noun = match field {
            Field::Url if quote.is_none() => length_of_noun(rest),
            _ => 0,
        };
        let (skipped, rest) = (skipped + noun, &rest[noun..]);
        let length = field.length_at_the_end(rest, quote);
        let value = &rest[..length];
        let value = if field.is_free() { value.trim() } else { unwrapped(value) };
        if !field.may_be(value) {
            self.is_cut = text.may_be_cut_before(text.index_at(self.end));
            return self.is_cut.then_some(());
        }
        self.values.push(field, &plain(value));
        self.end += skipped + length;
        Some(())
    }
}

/// How many bytes of a text, at most two or three words, stand before its URL.
fn length_of_noun(text: &str) -> usize {
    let line = text.split('\n').next().unwrap_or_default();
    let Some(colon) = line.find("://") else { return 0 };
    let start = line[..colon].rfind(char::is_whitespace).map_or(0, |index| index + 1);
    if start <= 40 && line.is_char_boundary(start) { start } else { 0 }
}

/// What is left of a gap without the marks that the template has around it.
fn within<'a>(gap: &'a str, before: &str, behind: &str) -> &'a str {
    let mut value = after(gap, before);
    for mark in behind.chars().rev() {
        value = if mark.is_whitespace() {
            value.trim_end()
        } else if is_quote(mark) {
            let rest = value.strip_suffix(is_quote).unwrap_or(value);
            if rest.len() < value.len() { rest.strip_suffix('\\').unwrap_or(rest) } else { rest }
        } else {
            value.strip_suffix(mark).unwrap_or(value)
        };
    }
    value
}

/// What is left of a text behind the marks that the template has before a gap.
fn after<'a>(text: &'a str, before: &str) -> &'a str {
    let mut value = text;
    for mark in before.chars() {
        value = if mark.is_whitespace() {
            value.trim_start()
        } else if is_quote(mark) {
            without_quote(value).unwrap_or(value)
        } else {
            value.strip_prefix(mark).unwrap_or(value)
        };
    }
    value
}

/// What is left of a text without the quotation mark at its beginning.
fn without_quote(text: &str) -> Option<&str> {
    let escaped = text.strip_prefix('\\').unwrap_or(text);
    escaped.strip_prefix(is_quote).or_else(|| {
        let rest = text.strip_prefix('&')?;
        let entities = ["quot;", "#39;", "#x27;", "apos;", "#34;", "#96;"];
        entities.iter().find_map(|entity| rest.strip_prefix(entity))
    })
}

/// A value without what people put around it: quotation marks, brackets, a link of Markdown.
fn unwrapped(value: &str) -> &str {
    let mut value = value.trim();
    if let Some((_, url)) = value.split_once("](") {
        value = url;
    }
    loop {
        let less = value
            .trim_start_matches(|mark| is_quote(mark) || "<[(\\".contains(mark))
            .trim_end_matches(|mark| is_quote(mark) || ">,;\\".contains(mark));
        // A bracket belongs to the value if its other half does.
        let is_alone =
            |open: char, close: char| less.matches(close).count() > less.matches(open).count();
        let less = match less.chars().next_back() {
            Some(')') if is_alone('(', ')') => &less[..less.len() - 1],
            Some(']') if is_alone('[', ']') => &less[..less.len() - 1],
            _ => less,
        };
        if less.is_empty() || less == value {
            return value;
        }
        value = less;
    }
}

impl Field {
    /// Whether the value may have white space in it.
    const fn is_free(self) -> bool {
        matches!(self, Self::Value | Self::Asker | Self::Directive | Self::Expected)
    }

    /// The most bytes between the words around a gap.
    const fn limit(self) -> usize {
        match self {
            Self::Asker => 40,
            Self::Url | Self::From | Self::Location | Self::Page => 8192,
            Self::Value | Self::Directive => 1024,
            _ => 320,
        }
    }

    /// How much of `rest` belongs to a gap at the end of a template.
    fn length_at_the_end(self, rest: &str, quote: Option<char>) -> usize {
        let end_of_line = rest.find('\n').unwrap_or(rest.len());
        let end = match self {
            Self::Status if rest.starts_with("(null)") => Some("(null)".len()),
            Self::Status => rest.find(|character: char| !character.is_ascii_digit()),
            _ if quote.is_some() => {
                quote.and_then(|quote| end_of_quoted(rest, quote)).or(Some(end_of_line))
            }
            Self::Value | Self::Directive => {
                let line = &rest[..end_of_line];
                let end = AFTER_VALUE.iter().filter_map(|text| line.find(text)).min();
                Some(end.unwrap_or_else(|| line.trim_end_matches(['.', '\r', ' ', '`']).len()))
            }
            // Ours: consoles print the location in the source, or the next message, after it.
            _ => {
                let word = rest.split(char::is_whitespace).next().unwrap_or_default();
                Some(word.trim_end_matches(['.', ',', ';', ':', '`', '"', '\'', '\\']).len())
            }
        };
        end.unwrap_or(rest.len())
    }

    /// Whether a gap may hold this value.
    fn may_be(self, value: &str) -> bool {
        match self {
            Self::Status => {
                value == "(null)" || !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit())
            }
            Self::Value | Self::Location | Self::Directive => true,
            // Those of requests that the browser itself ended have wordings of their own.
            Self::Error => {
                let begins = |name: &str| {
                    let length = value.len().min(name.len());
                    value.get(..length).is_some_and(|it| it.eq_ignore_ascii_case(&name[..length]))
                };
                let is_code = value.starts_with("0x")
                    || value.contains('_')
                    || value.bytes().all(|byte| byte.is_ascii_uppercase());
                value.len() >= 4
                    && value.is_ascii()
                    && is_code
                    && !begins("BLOCKED")
                    && !begins("FAILED")
            }
            Self::Asker => value.len() <= 32 && !value.contains('\n'),
            _ => !value.is_empty() && !value.contains(char::is_whitespace),
        }
    }

    /// Whether a word that nothing marks as this value looks like it.
    fn looks_so(self, value: &str) -> bool {
        match self {
            Self::Method => value.len() <= 16 && value.bytes().all(|b| b.is_ascii_uppercase()),
            Self::Url => value.contains(['/', '*']),
            _ => true,
        }
    }
}

/// Where a value ends whose opening quotation mark stands before it: on the same line, or on one of
/// the next if a line break is in the value.
fn end_of_quoted(rest: &str, opening: char) -> Option<usize> {
    const LINES: usize = 4;
    let is_single =
        |mark: char| matches!(mark, '\'' | '`' | '´' | '\u{2018}'..='\u{201B}' | '\u{2032}');
    let line = rest.find('\n').unwrap_or(rest.len());
    let lines = rest.match_indices('\n').nth(LINES - 1).map_or(rest.len(), |(index, _)| index);
    [line, lines].iter().find_map(|end| {
        let text = &rest[..*end];
        let marks = text.char_indices().filter(|(_, mark)| is_quote(*mark));
        let mut marks = marks.filter(|(_, mark)| is_single(*mark) == is_single(opening));
        marks.find_map(|(index, mark)| {
            let behind = text[index + mark.len_utf8()..].chars().next();
            let is_end = behind.is_none_or(|next| {
                next.is_whitespace()
                    || ".,;:)]}".contains(next)
                    || is_quote(next) && !is_single(next) && !is_single(mark)
            });
            is_end.then_some(index)
        })
    })
}

/// What may follow a value at the end of a message on the same line.
const AFTER_VALUE: [&str; 7] = [
    " (",
    " [Error]",
    " Fetch API cannot",
    " XMLHttpRequest cannot",
    " Failed to load",
    ". ",
    " [",
];
