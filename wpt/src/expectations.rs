//! What is expected of each page: how many subtests pass, and which do not, with the reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::results::Report;

/// The expectations of a user agent, by the name of the page.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Expectations(pub BTreeMap<String, Page>);

/// What is expected of a page.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Page {
    /// The status of the harness, unless it comes to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub harness: Option<String>,
    /// How many subtests pass.
    pub passes: usize,
    /// Why other subtests do not pass, for all that have no reason of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The subtests that do not pass.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<String, Other>,
}

/// A subtest that does not pass.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Other {
    /// Its status; the page has the reason.
    Status(String),
    /// Its status, and why.
    Argued {
        /// `FAIL`, `TIMEOUT` or `NOTRUN`.
        status: String,
        /// Why it does not pass.
        reason: String,
    },
}

impl Other {
    fn status(&self) -> &str {
        match self {
            Self::Status(status) | Self::Argued { status, .. } => status,
        }
    }
}

/// Something that is not as it was expected.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The page.
    pub page: String,
    /// What differs.
    pub what: String,
}

impl Page {
    /// What a report would be expected to be.
    pub fn of_report(report: &Report) -> Self {
        let mut others = BTreeMap::new();
        for subtest in report.subtests.iter().filter(|subtest| subtest.status != 0) {
            others.insert(subtest.name.clone(), Other::Status(subtest.status_name().to_owned()));
        }
        Self {
            harness: (report.status != 0).then(|| report.status_name().to_owned()),
            passes: report.passes(),
            reason: None,
            others,
        }
    }

    /// Takes over the reasons that an older expectation gave.
    fn keep_reasons(&mut self, old: &Self) {
        if self.harness.is_some() || !self.others.is_empty() {
            self.reason.clone_from(&old.reason);
        }
        for (name, other) in &mut self.others {
            if let Some(Other::Argued { reason, .. }) = old.others.get(name) {
                let (status, reason) = (other.status().to_owned(), reason.clone());
                *other = Other::Argued { status, reason };
            }
        }
    }

    /// What differs from this expectation.
    fn differences(&self, actual: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.harness != actual.harness {
            let name =
                |harness: &Option<String>| harness.clone().unwrap_or_else(|| "OK".to_owned());
            found.push(format!(
                "the harness: {} was expected, not {}",
                name(&self.harness),
                name(&actual.harness)
            ));
        }
        for (name, other) in &actual.others {
            match self.others.get(name).map(Other::status) {
                Some(expected) if expected == other.status() => {}
                expected => {
                    let expected = expected.unwrap_or("PASS");
                    found.push(format!("{expected} was expected, not {}: {name}", other.status()));
                }
            }
        }
        for (name, other) in &self.others {
            if !actual.others.contains_key(name) {
                found.push(format!("{} was expected, not PASS: {name}", other.status()));
            }
        }
        if found.is_empty() && self.passes != actual.passes {
            found.push(format!(
                "{} subtests were expected to pass, not {}",
                self.passes, actual.passes
            ));
        }
        found
    }
}

impl Expectations {
    /// What differs in the pages that ran.
    pub fn compare(&self, reports: &BTreeMap<String, Report>) -> Vec<Difference> {
        let mut found = Vec::new();
        for (name, report) in reports {
            let differences = match self.0.get(name) {
                Some(page) => page.differences(&Page::of_report(report)),
                None => vec!["nothing was expected of this page (--update records it)".to_owned()],
            };
            found.extend(
                differences.into_iter().map(|what| Difference { page: name.clone(), what }),
            );
        }
        found
    }

    /// Expects what happened, and keeps the reasons.
    pub fn update(&mut self, reports: &BTreeMap<String, Report>) {
        for (name, report) in reports {
            let mut page = Page::of_report(report);
            if let Some(old) = self.0.get(name) {
                page.keep_reasons(old);
            }
            self.0.insert(name.clone(), page);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, Expectations, Other, Page, Report};
    use crate::results::Subtest;

    fn reports(results: &[(&str, i32)]) -> BTreeMap<String, Report> {
        let subtests = results.iter().map(|(name, status)| Subtest {
            name: (*name).to_owned(),
            status: *status,
            message: None,
        });
        let report = Report { status: 0, message: None, subtests: subtests.collect() };
        BTreeMap::from([("a.html".to_owned(), report)])
    }

    fn expected() -> Expectations {
        let text =
            r#"{"a.html": {"passes": 1, "others": {"b": {"status": "FAIL", "reason": "r"}}}}"#;
        serde_json::from_str(text).unwrap()
    }

    fn differences(results: &[(&str, i32)]) -> Vec<String> {
        expected().compare(&reports(results)).into_iter().map(|it| it.what).collect()
    }

    #[test]
    fn as_expected() {
        assert_eq!(differences(&[("a", 0), ("b", 1)]), [""; 0]);
    }

    #[test]
    fn each_difference_is_told() {
        assert_eq!(differences(&[("a", 0), ("b", 0)]), ["FAIL was expected, not PASS: b"]);
        assert_eq!(differences(&[("a", 2), ("b", 1)]), ["PASS was expected, not TIMEOUT: a"]);
        assert_eq!(differences(&[("a", 0), ("b", 3)]), ["FAIL was expected, not NOTRUN: b"]);
        assert_eq!(differences(&[("b", 1)]), ["1 subtests were expected to pass, not 0"]);
        let mut reports = reports(&[("a", 0), ("b", 1)]);
        reports.get_mut("a.html").unwrap().status = 2;
        assert_eq!(
            expected().compare(&reports)[0].what,
            "the harness: OK was expected, not TIMEOUT"
        );
    }

    #[test]
    fn a_page_without_expectations() {
        let found = Expectations::default().compare(&reports(&[("a", 0)]));
        assert_eq!(found[0].what, "nothing was expected of this page (--update records it)");
    }

    #[test]
    fn an_update_keeps_reasons() {
        let mut expectations = expected();
        expectations.update(&reports(&[("a", 1), ("b", 1), ("c", 0)]));
        let text = serde_json::to_string(&expectations).unwrap();
        assert_eq!(
            text,
            r#"{"a.html":{"passes":1,"others":{"a":"FAIL","b":{"status":"FAIL","reason":"r"}}}}"#
        );
    }

    /// Each subtest that does not pass as the standard has its reason.
    #[test]
    fn the_standard_is_argued() {
        let expectations: Expectations =
            serde_json::from_str(include_str!("../expectations/standard.json")).unwrap();
        let is_argued = |page: &Page| {
            page.reason.is_some()
                || (page.harness.is_none()
                    && page.others.values().all(|it| matches!(it, Other::Argued { .. })))
        };
        let not_argued: Vec<_> =
            expectations.0.iter().filter(|page| !is_argued(page.1)).map(|page| page.0).collect();
        assert!(not_argued.is_empty(), "no reason is given in {not_argued:#?}");
    }
}
