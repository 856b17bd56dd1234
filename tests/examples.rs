//! Every public item has an example that is a test.

use std::{
    fs,
    path::{Path, PathBuf},
};

const KINDS: [&str; 7] = [
    "pub fn ",
    "pub const fn ",
    "pub struct ",
    "pub enum ",
    "pub trait ",
    "pub const ",
    "pub type ",
];

/// The files below `folder`.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let nested = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    nested.collect()
}

#[test]
fn every_public_item_has_an_example() {
    let mut items = 0;
    let mut missing = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["src", "audit/src"].map(|folder| sources(&root.join(folder))).concat();
    let is_data = |path: &PathBuf| path.ends_with("engine/catalogue.rs");
    for path in files.into_iter().filter(|path| path.extension().is_some_and(|it| it == "rs")) {
        if is_data(&path) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = text.lines().map(str::trim_start).collect();
        for (number, line) in lines.iter().enumerate() {
            if !KINDS.iter().any(|kind| line.starts_with(kind)) {
                continue;
            }
            items += 1;
            let above = lines[..number].iter().rev();
            let mut docs =
                above.take_while(|line| !line.is_empty() && !line.ends_with(['}', ';', '{']));
            if !docs.any(|line| line.starts_with("/// ```")) {
                missing.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    assert!(items > 200, "only {items} items were found");
    assert!(missing.is_empty(), "without an example:\n{}", missing.join("\n"));
}
