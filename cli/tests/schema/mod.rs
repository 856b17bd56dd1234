//! Checks the output of commands against `browser-cors schema`.

use std::process::Command;

use jsonschema::Validator;
use serde_json::Value;

/// The output of `browser-cors schema` for `name`.
pub(crate) fn schema(name: &str) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_browser-cors"));
    let output = command.args(["schema", name]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The same schema, but a member that it does not describe is an error. Readers must ignore such
/// members, but the command must not write them.
pub(crate) fn strict(mut schema: Value) -> Validator {
    forbid_unknown_members(&mut schema);
    jsonschema::validator_for(&schema).unwrap()
}

fn forbid_unknown_members(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "additionalProperties" && member.is_boolean() {
                    *member = Value::Bool(false);
                } else {
                    forbid_unknown_members(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(forbid_unknown_members),
        _ => {}
    }
}

/// Asserts that each line conforms to the schema of that name.
#[track_caller]
pub(crate) fn assert_conform(name: &str, lines: &str) {
    let validator = strict(schema(name));
    for line in lines.lines() {
        let json: Value = serde_json::from_str(line).unwrap();
        let errors = validator.iter_errors(&json);
        let errors: Vec<_> =
            errors.map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?} in {line}");
    }
}
