//! What browsers did on the same pages, measured.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Deserialize;

use crate::results::Report;

/// The results of browsers, `expectations/browsers.json`.
#[derive(Debug, Default, Deserialize)]
pub struct Browsers {
    /// By the name of the page and of the engine.
    pages: BTreeMap<String, BTreeMap<String, Measured>>,
}

/// The results of a browser on a page.
#[derive(Debug, Deserialize)]
struct Measured {
    passes: usize,
    subtests: usize,
    /// The subtests that it does not pass.
    others: Vec<String>,
}

impl Browsers {
    /// The names of the pages.
    pub fn pages(&self) -> impl Iterator<Item = &str> {
        self.pages.keys().map(String::as_str)
    }

    /// Says how many subtests end as they do in the browser, and which do not.
    pub fn compare(
        &self,
        engine: &str,
        reports: &BTreeMap<String, Report>,
        names_all: bool,
    ) -> String {
        let (mut alike, mut differing, mut lines) = (0, 0, String::new());
        for (page, report) in reports {
            let Some(measured) = self.pages.get(page).and_then(|page| page.get(engine)) else {
                continue;
            };
            // Where the names are not known, only the numbers can be compared.
            if measured.subtests - measured.passes != measured.others.len() {
                continue;
            }
            for subtest in &report.subtests {
                let (ours, theirs) =
                    (subtest.status == 0, !measured.others.contains(&subtest.name));
                if ours == theirs {
                    alike += 1;
                } else {
                    differing += 1;
                    let who = if ours { "only here" } else { "only there" };
                    let _ = writeln!(lines, "{page}: passes {who}: {}", subtest.name);
                }
            }
        }
        if !names_all && differing > 0 {
            lines = "(--verbose names those that do not)\n".to_owned();
        }
        format!("{alike} subtests end as in the browser {engine}, {differing} do not\n{lines}")
    }
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, Browsers, Report};
    use crate::results::Subtest;

    #[test]
    fn what_differs_is_named() {
        let text =
            r#"{"pages": {"a": {"firefox": {"passes": 1, "subtests": 2, "others": ["y"]}}}}"#;
        let browsers: Browsers = serde_json::from_str(text).unwrap();
        let subtests =
            ["x", "y"].map(|name| Subtest { name: name.into(), status: 0, message: None });
        let report = Report { status: 0, message: None, subtests: subtests.into() };
        let reports = BTreeMap::from([("a".to_owned(), report.clone()), ("b".to_owned(), report)]);
        assert_eq!(
            browsers.compare("firefox", &reports, true),
            "1 subtests end as in the browser firefox, 1 do not\na: passes only here: y\n"
        );
    }
}
