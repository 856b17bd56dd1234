//! The output of the command is what the README and the manual show.

use std::{fs, path::Path, process::Command};

#[test]
fn console_blocks() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manual = fs::read_dir(root.join("src/manual")).unwrap();
    let files = manual.map(|entry| entry.unwrap().path()).chain([root.join("README.md")]);
    let texts: Vec<_> = files.map(|file| fs::read_to_string(file).unwrap()).collect();
    let mut count = 0;
    for block in texts.iter().flat_map(|text| text.split("```console\n$ browser-cors ").skip(1)) {
        let (session, _) = block.split_once("```").unwrap();
        let (arguments, expected) = session.split_once('\n').unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_browser-cors"))
            .args(words(arguments))
            .current_dir(root)
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap().trim_end(), expected.trim_end());
        count += 1;
    }
    assert!(count > 4, "only {count} blocks were found");
}

/// The words of a command line; one between double quotes may hold spaces.
fn words(line: &str) -> Vec<&str> {
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        })
        .collect()
}
