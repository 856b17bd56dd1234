//! SARIF 2.1.0: a result for each finding, at the line of its row.

use std::collections::BTreeMap;

use serde_sarif::sarif::{
    ArtifactLocation, Location, Message, MultiformatMessageString, PhysicalLocation, Region,
    ReportingDescriptor, Result as Finding, ResultLevel, Run, Sarif, Tool, ToolComponent,
};

use super::{super::judge::Judged, Report};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

impl Report<'_> {
    /// The report as SARIF.
    pub(in super::super) fn sarif(&self) -> serde_json::Result<String> {
        let results: Vec<Finding> =
            self.judged.iter().flat_map(|judged| self.results(judged)).collect();
        let rules: BTreeMap<_, _> = self
            .judged
            .iter()
            .flat_map(|judged| &judged.findings)
            .map(|finding| (finding.reason, rule(finding.reason)))
            .collect();
        let driver = ToolComponent::builder()
            .name("browser-cors")
            .semantic_version(env!("CARGO_PKG_VERSION"))
            .rules(rules.into_values().collect::<Vec<_>>())
            .build();
        let run = Run::builder()
            .tool(Tool::builder().driver(driver).build())
            .column_kind(serde_json::Value::from("unicodeCodePoints"))
            .results(results)
            .build();
        let log = Sarif::builder()
            .schema(SCHEMA)
            .version(serde_json::Value::from("2.1.0"))
            .runs(vec![run])
            .build();
        Ok(serde_json::to_string_pretty(&log)? + "\n")
    }

    fn results(&self, judged: &Judged<'_>) -> Vec<Finding> {
        let place = judged.case.row.place;
        let region = Region::builder()
            .start_line(i64::try_from(place.line).unwrap_or(i64::MAX))
            .start_column(i64::try_from(place.column).unwrap_or(i64::MAX))
            .build();
        let location = PhysicalLocation::builder()
            .artifact_location(ArtifactLocation::builder().uri(uri(self.file)).build())
            .region(region)
            .build();
        let location = Location::builder().physical_location(location).build();
        let results = judged.findings.iter().map(|finding| {
            let text = format!(
                "{}\nexpected: {}\nin {}: {}\n{}",
                judged.title,
                judged.expected,
                finding.engines.join(", "),
                finding.message,
                finding.details()
            );
            let fingerprint = format!("{} in {}", judged.title, finding.engines.join(", "));
            Finding::builder()
                .rule_id(finding.reason)
                .level(ResultLevel::Error)
                .message(Message::builder().text(text).build())
                .locations(vec![location.clone()])
                .partial_fingerprints(BTreeMap::from([("combination/v1".to_owned(), fingerprint)]))
                .build()
        });
        results.collect()
    }
}

fn rule(reason: &str) -> ReportingDescriptor {
    let text = match reason {
        "readable" => "A page that must not read the answer can read it".to_owned(),
        "preflight-granted" => "A page that must not get past the preflight does".to_owned(),
        "not-exposed" => "A page cannot read a response header that it needs".to_owned(),
        "status" => "The answer has another status than expected".to_owned(),
        "preflight-repeated" => "The preflight is repeated too often".to_owned(),
        reason => format!("A page that must be able to read the answer cannot: {reason}"),
    };
    ReportingDescriptor::builder()
        .id(reason)
        .short_description(MultiformatMessageString::builder().text(text).build())
        .build()
}

/// The file as a relative reference, or an absolute one.
fn uri(file: &str) -> String {
    let path = file.replace('\\', "/");
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    if uri.starts_with('/') { format!("file://{uri}") } else { uri }
}
