//! The whole guide.

use serde_json::{Value, json};

use crate::{
    departures,
    examples::Examples,
    markdown::Page,
    reasons::{self, Group},
    repository::{Problem, Repository},
    schemas, servers,
    texts::Texts,
};

/// The pages, and how they hang together.
#[derive(Debug)]
pub(crate) struct Guide {
    pub(crate) pages: Vec<Page>,
    /// The side bar: groups of pages.
    groups: Vec<(String, Vec<(String, String)>)>,
    /// The doors: title and address.
    doors: Vec<(String, String)>,
}

impl Guide {
    pub(crate) fn of(repository: &Repository) -> Result<Self, Problem> {
        let Texts { doors, home, manual, more } = Texts::of(repository)?;
        let (index, reasons) = reasons::pages(&Examples::of(repository)?);
        let facts = [departures::page(), servers::page()];
        let schemas = schemas::pages(repository)?;

        let entry = |page: &Page| (page.title.clone(), page.link());
        let mut groups = vec![
            ("Start".to_owned(), doors.iter().map(entry).collect::<Vec<_>>()),
            ("Manual".to_owned(), manual.iter().map(entry).collect()),
        ];
        let all = ("All reasons".to_owned(), index.link());
        groups.push(("Reasons".to_owned(), vec![all]));
        for group in Group::ALL {
            let own = reasons.iter().filter(|(of, _)| *of == group);
            groups.push((group.title().to_owned(), own.map(|(_, page)| entry(page)).collect()));
        }
        let entries = facts.iter().chain(&more).map(entry);
        groups.push(("Browsers and servers".to_owned(), entries.collect()));
        groups.push(("Formats".to_owned(), schemas.iter().map(entry).collect()));

        let links = doors.iter().map(entry).collect();
        let mut pages: Vec<Page> =
            home.into_iter().chain(doors).chain(manual).chain(more).collect();
        pages.extend([index].into_iter().chain(facts));
        pages.extend(reasons.into_iter().map(|(_, page)| page));
        pages.extend(schemas);
        Ok(Self { pages, groups, doors: links })
    }

    /// The side bar and the doors, for VitePress.
    pub(crate) fn navigation(&self) -> String {
        let items = |pages: &[(String, String)]| -> Vec<Value> {
            pages.iter().map(|(text, link)| json!({ "text": text, "link": link })).collect()
        };
        let sidebar: Vec<_> = self
            .groups
            .iter()
            .enumerate()
            .map(|(index, (text, pages))| {
                json!({ "text": text, "collapsed": index > 0, "items": items(pages) })
            })
            .collect();
        let repository = env!("CARGO_PKG_REPOSITORY");
        json!({ "repository": repository, "doors": items(&self.doors), "sidebar": sidebar })
            .to_string()
    }
}
