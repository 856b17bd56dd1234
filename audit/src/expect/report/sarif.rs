//! The report as SARIF 2.1.0: a result for each finding, at the line of its row.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use serde_json::{Value, json};

use super::{
    super::judge::{Judged, Verdict},
    Report, visible,
};
use crate::sarif;

impl Report {
    /// Writes the report as SARIF 2.1.0: a result for each finding, at the line of its row.
    ///
    /// # Errors
    ///
    /// If writing to `output` fails.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Report;
    /// # fn f(report: &Report) -> std::io::Result<()> {
    /// report.write_sarif(std::fs::File::create("cors.sarif")?)
    /// # }
    /// ```
    pub fn write_sarif(&self, output: impl Write) -> io::Result<()> {
        let judged = || self.judged.iter().filter(|judged| !judged.is_left_out());
        let results: Vec<_> = judged().flat_map(|judged| self.results(judged)).collect();
        let findings = judged().flat_map(|judged| &judged.findings);
        let reasons: BTreeSet<_> = findings.map(|finding| finding.reason).collect();
        let rules: Vec<_> = reasons.into_iter().map(rule).collect();
        sarif::write(rules, results, output)
    }

    fn results(&self, judged: &Judged) -> impl Iterator<Item = Value> {
        let place = judged.case.row.place;
        judged.findings.iter().map(move |finding| {
            let engines = finding.engines.join(", ");
            let text = format!(
                "{}\nexpected: {}\nin {engines}: {}\n{}",
                judged.title,
                judged.expected,
                finding.message,
                finding.details()
            );
            json!({
                "ruleId": finding.reason,
                "level": if finding.verdict == Verdict::Failed { "error" } else { "warning" },
                "message": { "text": plain(&text) },
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": uri(&self.file) },
                    "region": { "startLine": place.line, "startColumn": place.column },
                } }],
                "partialFingerprints": {
                    "combination/v1": visible(&format!("{} in {engines}", judged.title)),
                },
            })
        })
    }
}

/// The text without links, which readers of SARIF make of `[text](address)`.
fn plain(text: &str) -> String {
    visible(text).replace("](", "]\\(")
}

fn rule(reason: &str) -> Value {
    let text = match reason {
        "readable" => "A page that must not read the answer can read it".to_owned(),
        "preflight-granted" => "A page that must not get past the preflight does".to_owned(),
        "not-exposed" => "A page cannot read a response header that it needs".to_owned(),
        "status" => "The answer has another status than expected".to_owned(),
        "preflight-repeated" => "The preflight is repeated too often".to_owned(),
        "sent" => "A request that must not arrive is sent without a preflight".to_owned(),
        "not-sent" => "A request was not sent, because it could change something".to_owned(),
        "no-cors-seen" => "A refusal that everybody gets proves nothing".to_owned(),
        "same-origin" => {
            "The page is of the server's own origin, where there is no CORS".to_owned()
        }
        "no-response" => "A server did not answer".to_owned(),
        reason => format!("A page that must be able to read the answer cannot: {reason}"),
    };
    json!({ "id": reason, "shortDescription": { "text": text } })
}

/// The file as a relative reference, or an absolute URI.
fn uri(file: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'\\' => "/".to_owned(),
        byte if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    let uri: String = file.bytes().map(escaped).collect();
    if uri.starts_with('/') { format!("file://{uri}") } else { uri }
}
