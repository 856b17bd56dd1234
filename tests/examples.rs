//! Every public item has an example that is a test. Only methods that one line describes may go
//! without.

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

/// Whether the function whose signature begins with `lines` takes `self`.
fn is_method(lines: &[&str]) -> bool {
    let signature = lines.iter().take(2).copied().collect::<String>();
    let (_, parameters) = signature.split_once('(').unwrap_or_default();
    let receiver = parameters.trim_start_matches('&').trim_start_matches("'a ");
    receiver.trim_start_matches("mut ").split([',', ')']).next() == Some("self")
}

/// Whether these lines of documentation have one line of prose, apart from definitions of links.
fn is_one_line(docs: &[&str]) -> bool {
    let prose = docs.iter().filter_map(|line| line.strip_prefix("/// "));
    prose.filter(|line| !(line.starts_with('[') && line.contains("]: http"))).count() == 1
}

/// How many public items `text` has, and which lack an example.
fn examine(text: &str) -> (usize, Vec<String>) {
    let lines: Vec<_> = text.lines().map(str::trim_start).collect();
    let (mut items, mut missing) = (0, Vec::new());
    for (number, line) in lines.iter().enumerate() {
        if !KINDS.iter().any(|kind| line.starts_with(kind)) {
            continue;
        }
        items += 1;
        let above = lines[..number].iter().rev();
        let docs: Vec<_> = above
            .take_while(|line| !line.is_empty() && !line.ends_with(['}', ';', '{']))
            .copied()
            .collect();
        let has_example = docs.iter().any(|line| line.starts_with("/// ```"));
        let may_go_without = is_method(&lines[number..]) && is_one_line(&docs);
        if !has_example && !may_go_without {
            missing.push(format!("{}: {line}", number + 1));
        }
    }
    (items, missing)
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
        let (found, lacking) = examine(&fs::read_to_string(&path).unwrap());
        items += found;
        missing.extend(lacking.iter().map(|item| format!("{}:{item}", path.display())));
    }
    assert!(items > 200, "only {items} items were found");
    assert!(missing.is_empty(), "without an example:\n{}", missing.join("\n"));
}

#[test]
fn what_needs_an_example() {
    let text = r"
/// A type.
pub struct Bare;

/// A type.
///
/// ```
/// assert!(true);
/// ```
#[derive(Debug)]
pub struct Shown;

impl Shown {
    /// A constructor.
    pub fn new(name: &str) -> Self {

    /// Another one, with `self` in another place.
    pub const fn of(other: &Self) -> Self {

    /// A constant.
    pub const NONE: Self = Shown;

    /// An accessor.
    #[must_use]
    pub const fn name(&self) -> &str {

    /// A [setter].
    ///
    /// [setter]: https://fetch.spec.whatwg.org/#setter
    pub fn set<'a>(
        &'a mut self,

    /// A builder, which takes the value.
    pub fn with(mut self, name: &str) -> Self {

    /// A method whose rules
    /// need two lines.
    pub fn judge(&self) -> bool {

    /// A method.
    ///
    /// # Errors
    ///
    /// If it fails.
    pub fn ask(self) -> Result<(), ()> {

    pub fn undescribed(&self) {
}

/// A free function.
pub fn free() {

/// A free function.
pub fn selfish(selfless: u8) {
";
    let (items, missing) = examine(text);
    let names =
        ["Bare;", "new(", "of(", "NONE:", "judge(", "ask(", "undescribed(", "free(", "selfish("];
    assert_eq!(items, 13);
    assert_eq!(missing.len(), names.len(), "{missing:?}");
    for (item, name) in missing.iter().zip(names) {
        assert!(item.contains(&format!(" {name}")), "{item} is not {name}");
    }
}
