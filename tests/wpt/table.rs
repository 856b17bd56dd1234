//! Tables of cases, the answers that differ on purpose, and the comparison of the two.

use std::{
    fs,
    path::{Path, PathBuf},
};

use once_cell::sync::Lazy;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The cases for which the standard and web-platform-tests disagree.
pub(crate) static EXPECTATIONS: Lazy<Vec<Expectation>> = Lazy::new(|| read("expectations"));

/// A case whose answer differs from its table, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectation {
    pub(crate) table: String,
    pub(crate) case: usize,
    /// The current answer.
    answer: Value,
    reason: String,
    /// The step of the standard that requires this answer.
    step: String,
}

/// The input of a case, and the expected result.
pub(crate) struct Case<I, E> {
    pub(crate) input: I,
    pub(crate) expect: E,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    source: Vec<String>,
    about: String,
    cases: Vec<Written>,
}

/// A case as the file writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    input: Value,
    expect: Value,
}

/// Runs every case of a table, and returns the problem of each that fails.
///
/// A listed case must stay exactly as wrong as the list says, or leave the list.
pub(crate) fn judge<I, E>(table: &str, ask: impl Fn(&Case<I, E>) -> E) -> Vec<String>
where
    I: DeserializeOwned,
    E: DeserializeOwned + Serialize,
{
    let Table { source, about, cases } = read(table);
    let listed = EXPECTATIONS.iter().filter(|expectation| expectation.table == table);
    let mut failures: Vec<String> = listed
        .clone()
        .filter(|expectation| expectation.case >= cases.len())
        .map(|expectation| format!("{table} case {} does not exist", expectation.case))
        .collect();
    if source.is_empty() || about.is_empty() || cases.is_empty() {
        failures.push(format!("{table} lacks a source, a description or cases"));
    }
    for (index, Written { input, expect }) in cases.iter().enumerate() {
        let case = Case { input: typed(table, index, input), expect: typed(table, index, expect) };
        let answer = serde_json::to_value(ask(&case)).expect("an answer is JSON");
        let problem = match listed.clone().find(|expectation| expectation.case == index) {
            Some(Expectation { reason, step, .. }) if answer == *expect => {
                format!("is right and must not be listed: {reason} ({step})")
            }
            Some(listed) if answer != listed.answer => {
                format!("is not answered as it is listed: {}", listed.answer)
            }
            None if answer != *expect => "is wrong".to_owned(),
            _ => continue,
        };
        failures.push(format!(
            "{table} case {index} {problem}\n   input: {input}\nexpected: {expect}\n  actual: {answer}"
        ));
    }
    failures
}

/// The path of a table.
pub(crate) fn path_of(table: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/wpt").join(table).with_extension("json")
}

fn read<T: DeserializeOwned>(table: &str) -> T {
    let text = fs::read_to_string(path_of(table)).unwrap_or_else(|e| panic!("{table}: {e}"));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{table}: {e}"))
}

fn typed<T: DeserializeOwned>(table: &str, index: usize, value: &Value) -> T {
    T::deserialize(value).unwrap_or_else(|e| panic!("{table} case {index}: {e}"))
}
