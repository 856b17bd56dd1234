//! `browser-cors schema`: the JSON Schemas of what commands read and write.

use std::{borrow::Cow, process::ExitCode};

use browser_cors_audit::expect;
use clap::ValueEnum;

use crate::{
    args::{SchemaArgs, SchemaName},
    output::{self, Reader, unjudged},
};

pub(crate) fn run(args: &SchemaArgs) -> ExitCode {
    let text = args.name.map_or_else(|| Cow::Owned(list()), schema);
    match output::print(Reader::Program, |output| output.write_all(text.as_bytes())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => unjudged(format_args!("cannot write the schema: {error}")),
    }
}

/// The names of the schemas, each with what it describes.
fn list() -> String {
    let names = SchemaName::value_variants().iter().filter_map(SchemaName::to_possible_value);
    let lines = names.map(|name| {
        let about = name.get_help().map(ToString::to_string).unwrap_or_default();
        format!("{:<13} {about}\n", name.get_name())
    });
    lines.collect()
}

fn schema(name: SchemaName) -> Cow<'static, str> {
    match name {
        SchemaName::Scenario => include_str!("../schemas/scenario.json").into(),
        SchemaName::Outcome => of_outcomes(
            "A line of browser-cors simulate",
            "What `browser-cors simulate --format json` writes: a line for each scenario.",
            r##""$ref": "#/$defs/outcome""##,
        ),
        SchemaName::SideBySide => of_outcomes(
            "A line of browser-cors simulate, with several engines",
            "What `browser-cors simulate --engine all --format json` writes: a line for each scenario.",
            r##""$ref": "#/$defs/side-by-side""##,
        ),
        SchemaName::Check => of_outcomes(
            "The output of browser-cors check",
            "What `browser-cors check --format json` writes: the outcome of one fetch, or, with several engines, their outcomes side by side.",
            r##""anyOf": [{ "$ref": "#/$defs/outcome" }, { "$ref": "#/$defs/side-by-side" }]"##,
        ),
        SchemaName::Expectations => expect::SCHEMA.into(),
        SchemaName::Expect => include_str!("../schemas/expect.json").into(),
        SchemaName::Audit => include_str!("../schemas/audit.json").into(),
        SchemaName::Diff => include_str!("../schemas/diff.json").into(),
        SchemaName::Har => include_str!("../schemas/har.json").into(),
        SchemaName::Explain => include_str!("../schemas/explain.json").into(),
        SchemaName::Engines => include_str!("../schemas/engines.json").into(),
    }
}

/// A schema of outcomes. All such schemas share their definitions; `top` says which one this is.
fn of_outcomes(title: &str, description: &str, top: &str) -> Cow<'static, str> {
    let definitions = include_str!("../schemas/outcomes.json").trim_end().replace('\n', "\n  ");
    format!(
        r#"{{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "{title}",
  "description": "{description}",
  {top},
  "$defs": {definitions}
}}
"#
    )
    .into()
}
