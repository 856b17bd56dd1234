//! Pages that people write: those of `site/guide/texts`, and what they and the guide take from other
//! files of the repository.
//!
//! A text begins with its `title:` and what it is `about:`. `<!-- include README.md#section -->` stands for
//! that section of another file, `<!-- include README.md# -->` for what is before its first section, and
//! `<!-- doors -->` for a list of the doors. Those are the texts whose names begin with a number.

use std::collections::BTreeMap;

use crate::{
    markdown::{self, Line, Page},
    repository::{Problem, Repository},
};

const TEXTS: &str = "site/guide/texts";

/// A file that is a page as it is.
const WHOLE: [(&str, &str); 1] = [("scoreboard/README.md", "scoreboard.md")];

/// Files that have a page, which says the same.
const INSTEAD: [(&str, &str); 1] = [("spec-notes/departures.md", "departures.md")];

const MANUAL: &str = "src/manual";

const INCLUDE: &str = "<!-- include ";
const DOORS: &str = "<!-- doors -->";

/// A part of another file that a text takes: the whole file, or a section of it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Source<'a> {
    path: &'a str,
    section: Option<&'a str>,
}

impl<'a> Source<'a> {
    /// The source that a line names, if it is such a line.
    fn of(line: &'a str) -> Option<Self> {
        let name = line.strip_prefix(INCLUDE)?.strip_suffix(" -->")?;
        Some(match name.split_once('#') {
            Some((path, section)) => Self { path, section: Some(section) },
            None => Self { path: name, section: None },
        })
    }
}

/// The pages that people write.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// The doors: a page for each kind of user.
    pub(crate) doors: Vec<Page>,
    pub(crate) home: Option<Page>,
    pub(crate) manual: Vec<Page>,
    pub(crate) more: Vec<Page>,
}

/// Where a part of the repository stands in the guide: the page, by path and section.
type Places = BTreeMap<(String, Option<String>), String>;

impl Texts {
    pub(crate) fn of(repository: &Repository) -> Result<Self, Problem> {
        let mut texts = Vec::new();
        for name in repository.names(TEXTS)? {
            let text = repository.read(&format!("{TEXTS}/{name}"))?;
            // A part of this repository that is not there yet has no door yet.
            let sources = text.lines().filter_map(Source::of);
            let is_there = |source: Source<'_>| {
                !source.path.starts_with("bindings/") || repository.has(source.path)
            };
            if sources.clone().all(is_there) {
                texts.push((name, text));
            }
        }
        let manual = repository.names(MANUAL)?;
        let manual: Vec<_> = manual.iter().filter_map(|name| name.strip_suffix(".md")).collect();

        let mut places = Places::new();
        for (path, page) in WHOLE.iter().chain(&INSTEAD) {
            places.insert(((*path).to_owned(), None), format!("/{page}"));
        }
        for name in &manual {
            places.insert((format!("{MANUAL}/{name}.md"), None), format!("/manual/{name}.md"));
        }
        for (name, text) in &texts {
            for Source { path, section } in text.lines().filter_map(Source::of) {
                let place = (path.to_owned(), section.map(str::to_owned));
                places.entry(place).or_insert_with(|| page_of(name));
            }
        }
        let adapted = Adapted { repository, places: &places };

        let mut found = Self::default();
        for name in &manual {
            let path = format!("{MANUAL}/{name}.md");
            found.manual.push(adapted.whole(&path, &format!("manual/{name}.md"))?);
        }
        for (path, page) in WHOLE {
            found.more.push(adapted.whole(path, page)?);
        }
        for (name, text) in &texts {
            let page = adapted.text(name, text)?;
            if name == "index.md" { found.home = Some(page) } else { found.doors.push(page) }
        }
        if let Some(home) = &mut found.home {
            let doors = found
                .doors
                .iter()
                .map(|door| format!("- [{}]({}): {}\n", door.title, door.link(), door.about));
            home.body = home.body.replace(DOORS, &doors.collect::<String>());
        }
        Ok(found)
    }
}

/// The path of a text's page: `1-node.md` is the first door.
fn page_of(name: &str) -> String {
    format!("/{}", name.split_once('-').map_or(name, |(_, name)| name))
}

/// Makes what files of the repository say fit into the guide.
struct Adapted<'a> {
    repository: &'a Repository,
    places: &'a Places,
}

impl Adapted<'_> {
    /// The page of a whole file.
    fn whole(&self, path: &str, page: &str) -> Result<Page, Problem> {
        let text = self.repository.read(path)?;
        let title = markdown::lines(&text).find_map(|line| match line {
            Line::Heading(1, title) => Some(title.to_owned()),
            _ => None,
        });
        Ok(Page {
            path: page.to_owned(),
            title: title.unwrap_or_else(|| page.to_owned()),
            about: String::new(),
            source: Some(path.to_owned()),
            body: self.adapt(&text, path),
        })
    }

    /// The page of a text, which begins with `title:` and, on the next line, `about:`.
    fn text(&self, name: &str, text: &str) -> Result<Page, Problem> {
        let (title, rest) = text
            .strip_prefix("title: ")
            .and_then(|rest| rest.split_once('\n'))
            .ok_or_else(|| Problem::Head { text: name.to_owned() })?;
        let (about, rest) = match rest.strip_prefix("about: ") {
            Some(rest) => rest.split_once('\n').unwrap_or((rest, "")),
            None => ("", rest),
        };
        let own = format!("{TEXTS}/{name}");
        let mut body = format!("# {title}\n");
        let mut written = String::new();
        for line in rest.lines() {
            match Source::of(line) {
                Some(source) => {
                    body.push_str(&self.adapt(&written, &own));
                    body.push_str(&self.include(name, source)?);
                    written.clear();
                }
                None => written.extend([line, "\n"]),
            }
        }
        body.push_str(&self.adapt(&written, &own));
        Ok(Page {
            path: page_of(name)[1..].to_owned(),
            title: title.to_owned(),
            about: about.to_owned(),
            source: Some(own),
            body,
        })
    }

    fn include(&self, text: &str, Source { path, section }: Source<'_>) -> Result<String, Problem> {
        let whole = self.repository.read(path)?;
        // The page has a title already.
        let part = match section {
            None => whole
                .strip_prefix("# ")
                .and_then(|rest| rest.split_once('\n'))
                .map_or(whole.as_str(), |(_, rest)| rest)
                .to_owned(),
            Some(section) => {
                markdown::section(&whole, section).ok_or_else(|| Problem::Section {
                    text: text.to_owned(),
                    path: path.to_owned(),
                    section: section.to_owned(),
                })?
            }
        };
        Ok(self.adapt(&part, path))
    }

    /// The text of a file, with its links as those of the guide, and code as people read it.
    fn adapt(&self, text: &str, path: &str) -> String {
        let mut adapted = String::new();
        for line in markdown::lines(text) {
            match line {
                Line::Heading(level, heading) => {
                    adapted.extend(["#".repeat(level).as_str(), " ", &self.links(heading, path)]);
                }
                // In documentation of Rust, a block without a language is Rust.
                Line::Opening("```" | "```ignore") if path.starts_with(MANUAL) => {
                    adapted.push_str("```rust");
                }
                Line::Opening(line) if line.starts_with("```rust") => adapted.push_str("```rust"),
                Line::Opening(line) | Line::Closing(line) => adapted.push_str(line),
                // rustdoc hides these lines.
                Line::Code(line, "" | "ignore" | "rust")
                    if line == "#" || line.starts_with("# ") =>
                {
                    continue;
                }
                Line::Code(line, _) => adapted.push_str(line),
                Line::Text(line) => adapted.push_str(&self.links(line, path)),
            }
            adapted.push('\n');
        }
        adapted
    }

    /// A line with its links as those of the guide.
    fn links(&self, line: &str, path: &str) -> String {
        let mut parts = line.split("](");
        let mut adapted = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (target, rest) = part.split_once(')').unwrap_or((part, ""));
            adapted.extend(["](", &self.target(target, path), ")", rest]);
        }
        adapted
    }

    /// Where a link of a file leads.
    fn target(&self, target: &str, path: &str) -> String {
        if let Some(item) = target.strip_prefix("crate::") {
            let modules = item.split("::").filter(|name| name.starts_with(char::is_lowercase));
            let module = modules.collect::<Vec<_>>().join("/");
            return format!("{DOCUMENTATION}{module}/index.html");
        }
        if target.contains("://") || target.starts_with('/') {
            return target.to_owned();
        }
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        let file = if file.is_empty() { path.to_owned() } else { beside(path, file) };
        let hash = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
        if let Some(page) = self.places.get(&(file.clone(), Some(anchor.to_owned()))) {
            return page.clone();
        }
        if let Some(page) = self.places.get(&(file.clone(), None)) {
            return format!("{page}{hash}");
        }
        let kind = if self.repository.is_folder(&file) { "tree" } else { "blob" };
        format!("{}/{kind}/main/{file}{hash}", env!("CARGO_PKG_REPOSITORY"))
    }
}

/// The address of the library's documentation.
const DOCUMENTATION: &str = concat!(env!("CARGO_PKG_HOMEPAGE"), "doc/browser_cors/");

/// The path of a file that is named in another one.
fn beside(path: &str, file: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
