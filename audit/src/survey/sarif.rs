//! Surveys as SARIF 2.1.0.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use serde_json::{Value, json};

use super::{Severity, Survey};
use crate::sarif;

/// Writes surveys as SARIF 2.1.0: a result for each finding, at the URL.
///
/// # Errors
///
/// If writing to `output` fails.
///
/// ```
/// # use browser_cors_audit::survey::{Survey, write_sarif};
/// # fn f(surveys: &[Survey]) -> std::io::Result<()> {
/// write_sarif(surveys, std::fs::File::create("cors.sarif")?)
/// # }
/// ```
pub fn write_sarif(surveys: &[Survey], output: impl Write) -> io::Result<()> {
    let codes: BTreeSet<&str> =
        surveys.iter().flat_map(|survey| &survey.findings).map(|finding| finding.code).collect();
    let rules: Vec<Value> = codes
        .into_iter()
        .map(|code| json!({ "id": code, "shortDescription": { "text": rule(code) } }))
        .collect();
    let results: Vec<Value> = surveys.iter().flat_map(results).collect();
    sarif::write(rules, results, output)
}

fn results(survey: &Survey) -> Vec<Value> {
    let findings = survey.findings.iter().map(|finding| {
        json!({
            "ruleId": finding.code,
            "level": match finding.severity {
                Severity::Note => "note",
                Severity::Low => "warning",
                Severity::Medium | Severity::High => "error",
            },
            "message": { "text": format!(
                "{}\nin {}\nbecause: {}\nfix: {}",
                finding.text, finding.engines.join(", "), finding.evidence, finding.fix
            ) },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": survey.url.as_str() },
            } }],
            "partialFingerprints": { "finding/v1": format!("{} {}", finding.code, finding.text) },
        })
    });
    findings.collect()
}

fn rule(code: &str) -> &'static str {
    match code {
        "read-with-cookies" => "A stranger can read this with the user's cookies",
        "read-without-cookies" => "A stranger can read this without the user's cookies",
        "write-with-cookies" => "A stranger can send changes with the user's cookies",
        "own-page-blocked" => "A page of the owner cannot read this",
        "wildcard-with-credentials" => "`*` grants nothing with credentials",
        "cached-for-another" => "A cache may hand an answer to an origin that it does not fit",
        "errors-hidden" => "Pages cannot see errors",
        _ => "Preflights are repeated",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::rule;

    #[test]
    fn each_code_has_a_rule_of_its_own() {
        let codes = [
            "read-with-cookies",
            "read-without-cookies",
            "write-with-cookies",
            "own-page-blocked",
            "wildcard-with-credentials",
            "cached-for-another",
            "errors-hidden",
            "preflights-repeated",
        ];
        let rules: BTreeSet<_> = codes.iter().map(|code| rule(code)).collect();
        assert_eq!(rules.len(), codes.len());
        assert_eq!(
            rule("write-with-cookies"),
            "A stranger can send changes with the user's cookies"
        );
    }
}
