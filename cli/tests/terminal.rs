//! What people see in a terminal of 80 and of 120 columns, with colours and without.

use std::{path::Path, process::Command};

use rstest::rstest;

const LINE: &str = "Access to fetch at 'https://api.example/items' from origin 'https://app.example' has been \
    blocked by CORS policy: Response to preflight request doesn't pass access control check: No \
    'Access-Control-Allow-Origin' header is present on the requested resource.";

#[rstest]
#[case::simulate("simulate", &["simulate", "fixtures/documents/credentialed-wildcard-headers.json"])]
#[case::side_by_side(
    "side-by-side",
    &["simulate", "--engine=all", "fixtures/documents/credentialed-wildcard-headers.json"]
)]
#[case::explain("explain", &["explain", LINE])]
#[case::har("har", &["har", "fixtures/har/short.har"])]
fn snapshots(
    #[case] name: &str,
    #[case] args: &[&str],
    #[values(80, 120)] columns: usize,
    #[values("never", "always")] colour: &str,
) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_browser-cors"));
    command.args(args).arg(format!("--color={colour}")).current_dir(root);
    let output = command.env("COLUMNS", columns.to_string()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    if colour == "never" {
        for line in text.lines() {
            // A word is never broken, so only a line of one word is longer.
            let is_word = line.split_whitespace().any(|word| word.len() + 10 > columns);
            assert!(line.chars().count() <= columns || is_word, "{line}");
        }
    }
    let text = text.replace('\u{1b}', "ESC");
    insta::assert_snapshot!(format!("{name}-{columns}-{colour}"), text);
}

/// Colours go to terminals alone, unless they are asked for.
#[test]
fn no_colour_in_pipes_and_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let run = |name: &str, value: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_browser-cors"));
        command.args(["har", "fixtures/har/short.har"]).current_dir(root);
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env(name, value);
        String::from_utf8(command.output().unwrap().stdout).unwrap().contains('\u{1b}')
    };
    assert!(!run("TERM", "xterm-256color"));
    assert!(!run("NO_COLOR", "1"));
    assert!(run("CLICOLOR_FORCE", "1"));
}
