//! What browsers did on the same pages, measured.

use std::collections::BTreeMap;

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

    /// Compares with a browser: how many subtests end as they do there, and which do not.
    pub fn compare(
        &self,
        engine: &str,
        reports: &BTreeMap<String, Report>,
        reasons: &Reasons,
    ) -> Comparison {
        let mut comparison = Comparison::default();
        for (page, report) in reports {
            let Some(measured) = self.pages.get(page).and_then(|page| page.get(engine)) else {
                continue;
            };
            // Where the names are not known, only the numbers can be compared.
            if measured.subtests - measured.passes != measured.others.len() {
                continue;
            }
            let is_argued = reasons.explains(engine, page);
            for subtest in &report.subtests {
                let (ours, theirs) =
                    (subtest.status == 0, !measured.others.contains(&subtest.name));
                if ours == theirs {
                    comparison.alike += 1;
                } else if is_argued {
                    comparison.argued += 1;
                } else {
                    let who = if ours { "only here" } else { "only in the browser" };
                    comparison.others.push(format!("{page}: passes {who}: {}", subtest.name));
                }
            }
        }
        comparison
    }
}

/// Why subtests may end in another way than in a browser: for each engine, the beginning of the name of
/// pages, and the reason.
#[derive(Debug, Default, Deserialize)]
pub struct Reasons(BTreeMap<String, BTreeMap<String, String>>);

impl Reasons {
    fn explains(&self, engine: &str, page: &str) -> bool {
        self.0.get(engine).is_some_and(|pages| pages.keys().any(|start| page.starts_with(start)))
    }
}

/// Subtests beside those of a browser.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct Comparison {
    /// How many end alike.
    pub alike: usize,
    /// How many do not, for a known reason.
    pub argued: usize,
    /// The others that do not.
    pub others: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, Browsers, Comparison, Reasons, Report};
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
        let others = vec!["a: passes only here: y".to_owned()];
        assert_eq!(
            browsers.compare("firefox", &reports, &Reasons::default()),
            Comparison { alike: 1, argued: 0, others }
        );
        let reasons: Reasons = serde_json::from_str(r#"{"firefox": {"a": "b"}}"#).unwrap();
        assert_eq!(
            browsers.compare("firefox", &reports, &reasons),
            Comparison { alike: 1, argued: 1, others: vec![] }
        );
    }
}
