//! The doors of the README begin with the examples that the packages' own tests run as printed.

use std::{fs, path::Path};

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The first block of code in this language.
fn block<'a>(text: &'a str, language: &str) -> &'a str {
    let start = text.find(&format!("```{language}\n")).expect("a block of code");
    let end = text[start + 3..].find("\n```").expect("an end of the block");
    &text[start..start + 3 + end]
}

#[test]
fn examples_are_those_of_the_packages() {
    let readme = read("README.md");
    for (package, language) in
        [("bindings/npm/README.md", "js"), ("bindings/python/README.md", "python")]
    {
        let own = read(package);
        assert_eq!(block(&readme, language), block(&own, language), "{package}");
        assert_eq!(block(&own, "sh").lines().count(), 2, "{package}: one line installs it");
    }
}
