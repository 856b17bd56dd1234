//! Markdown as VitePress reads it: it takes `<` and `{{` for parts of a template.

use std::fmt::Write;

/// A page: its path below the guide, its title and its text.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) about: String,
    /// The file of this repository that says what the page says, if one does.
    pub(crate) source: Option<String>,
    pub(crate) body: String,
}

impl std::fmt::Display for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What is JSON is YAML as well.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        writeln!(f, "---\ntitle: {}", quoted(&self.title))?;
        if !self.about.is_empty() {
            writeln!(f, "description: {}", quoted(&self.about.replace('`', "")))?;
        }
        match &self.source {
            Some(source) => {
                let address = format!("{}/blob/main/{source}", env!("CARGO_PKG_REPOSITORY"));
                writeln!(f, "source: {}", quoted(&address))?;
            }
            None => writeln!(f, "editLink: false")?,
        }
        write!(f, "---\n\n{}", self.body)
    }
}

impl Page {
    /// The address of the page, from the root of the guide.
    pub(crate) fn link(&self) -> String {
        format!("/{}", self.path)
    }
}

/// Prose in which only what stands in backquotes is code, and nothing else means anything.
pub(crate) fn prose(text: &str) -> String {
    let mut escaped = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            escaped.push('`');
        }
        if index % 2 == 1 {
            escaped.push_str(part);
            continue;
        }
        for character in part.chars() {
            match character {
                '<' => escaped.push_str("&lt;"),
                '{' => escaped.push_str("&#123;"),
                '*' | '_' | '[' | ']' | '|' | '\\' => escaped.extend(['\\', character]),
                _ => escaped.push(character),
            }
        }
    }
    escaped
}

/// A text in a cell of a table, where `|` also has to be escaped in code.
pub(crate) fn cell(text: &str) -> String {
    prose(text).replace("\\|", "|").replace('|', "\\|").replace('\n', " ")
}

/// Words of code, which may have backquotes themselves.
pub(crate) fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// A block of code. No line of it ends the block.
pub(crate) fn block(language: &str, text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// A part of a page that opens when its title is pressed.
pub(crate) fn details(title: &str, body: &str) -> String {
    format!("::: details {title}\n{}\n:::\n\n", body.trim_end())
}

/// A table, if it has rows.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    let mut line = |cells: &[String]| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    };
    line(&head.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>());
    line(&vec!["---".to_owned(); head.len()]);
    rows.iter().for_each(|cells| line(cells));
    text
}

/// A part of a Markdown text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Line<'a> {
    /// A heading, its level and its text.
    Heading(usize, &'a str),
    /// A line that begins a block of code.
    Opening(&'a str),
    /// A line that ends one.
    Closing(&'a str),
    /// A line of code, and the language of its block.
    Code(&'a str, &'a str),
    /// Any other line.
    Text(&'a str),
}

/// The lines of a Markdown text.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut open: Option<(&str, &str)> = None;
    text.lines().map(move |line| {
        let bare = line.trim_start();
        let fence = &bare[..bare.len() - bare.trim_start_matches('`').len()];
        match open {
            Some((opening, _)) if bare.trim_end() == opening => {
                open = None;
                Line::Closing(line)
            }
            Some((_, language)) => Line::Code(line, language),
            None if fence.len() >= 3 => {
                open = Some((fence, bare[fence.len()..].trim()));
                Line::Opening(line)
            }
            None => {
                let heading = line.trim_start_matches('#');
                let level = line.len() - heading.len();
                match heading.strip_prefix(' ') {
                    Some(heading) if level > 0 => Line::Heading(level, heading.trim()),
                    _ => Line::Text(line),
                }
            }
        }
    })
}

/// The anchor of a heading.
pub(crate) fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().trim().to_lowercase().replace(' ', "-")
}

/// The text below the heading with an anchor, up to the next heading that is not below it; its
/// headings begin at level 2. With an empty anchor, what stands before the first heading of level 2,
/// without the title.
pub(crate) fn section(text: &str, wanted: &str) -> Option<String> {
    let mut found = wanted.is_empty().then_some((1, String::new()));
    for (line, raw) in lines(text).zip(text.lines()) {
        match (line, &mut found) {
            (Line::Heading(level, heading), None) if anchor(heading) == wanted => {
                found = Some((level, String::new()));
            }
            (Line::Heading(1, _), Some(_)) if wanted.is_empty() => {}
            (Line::Heading(level, _), Some((own, _))) if level <= *own || wanted.is_empty() => {
                break;
            }
            (Line::Heading(level, heading), Some((own, body))) => {
                let hashes = "#".repeat(level - *own + 1);
                body.extend([&hashes, " ", heading, "\n"]);
            }
            (_, Some((_, body))) => body.extend([raw, "\n"]),
            (_, None) => {}
        }
    }
    found.map(|(_, body)| body.trim().to_owned())
}
