//! Checks `src/` against `spec-notes/index.toml`; `spec-notes/README.md` explains both.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
    sync::LazyLock,
};

use serde::Deserialize;

const STANDARD: &str = "https://fetch.spec.whatwg.org/#";

/// A top-level step needs a comment of its own; those of its sub-steps are not enough.
#[test]
fn every_step_is_commented_or_omitted() {
    let mut problems = Vec::new();
    for algorithm in &PROJECT.index.algorithm {
        let marks = PROJECT.marks(algorithm);
        let covered: BTreeSet<u32> = marks.iter().flat_map(|mark| mark.top_level_steps()).collect();
        for step in (1..=algorithm.steps).filter(|step| !covered.contains(step)) {
            let items = algorithm.items.join(", ");
            problems.push(format!("{items}: {algorithm} step {step} has no comment"));
        }
    }
    none(&problems);
}

/// Steps ascend within a function, and the functions of an algorithm ascend by their first steps.
#[test]
fn steps_are_in_order() {
    let mut problems = Vec::new();
    for algorithm in &PROJECT.index.algorithm {
        let functions: Vec<_> =
            algorithm.items.iter().map(|item| PROJECT.marks_of(algorithm, item)).collect();
        let first_ones = functions.iter().filter_map(|marks| marks.first()).cloned().collect();
        for marks in functions.iter().chain([&first_ones]) {
            for pair in marks.windows(2) {
                let [before, after] = pair else { continue };
                if algorithm.order_of(&after.first) < algorithm.order_of(&before.first) {
                    problems.push(format!("{after} comes after step {}", before.first));
                }
            }
        }
    }
    none(&problems);
}

#[test]
fn steps_are_within_their_algorithm() {
    let mut problems = Vec::new();
    for algorithm in &PROJECT.index.algorithm {
        for mark in PROJECT.marks(algorithm) {
            if let Some(problem) =
                algorithm.doubt(&mark.first).or_else(|| algorithm.doubt(&mark.last))
            {
                problems.push(format!("{mark}: {problem}"));
            }
        }
    }
    none(&problems);
}

/// A comment about steps is in an indexed function; algorithms of other standards have links.
#[test]
fn comments_of_steps_belong_to_an_algorithm() {
    let mut problems = Vec::new();
    for file in &PROJECT.files {
        for function in &file.functions {
            let place = format!("{}:{}", file.path, function.name);
            let is_indexed = PROJECT.index.algorithm.iter().any(|it| it.items.contains(&place));
            let is_of_another_standard = function.documentation.contains("https://")
                && !function.documentation.contains(STANDARD);
            for line in function.body.iter().filter(|line| looks_like_a_mark(line)) {
                if Mark::read(line).is_none() {
                    problems.push(format!("{place}: `{line}` cannot be read"));
                } else if !is_indexed && !is_of_another_standard {
                    problems.push(format!("{place}: `{line}` belongs to no indexed algorithm"));
                }
            }
        }
    }
    none(&problems);
}

/// `Omitted(id)` in `src/` and `omitted` in the index agree.
#[test]
fn omitted_steps_are_listed() {
    let mut problems = Vec::new();
    for algorithm in &PROJECT.index.algorithm {
        let marks = PROJECT.marks(algorithm);
        let said: BTreeMap<String, String> =
            marks.iter().filter_map(|mark| Some((mark.steps(), mark.omitted.clone()?))).collect();
        for (steps, reason) in &said {
            if algorithm.omitted.get(steps) != Some(reason) {
                let place = &marks[0].place;
                problems
                    .push(format!("{place} step {steps}: Omitted({reason}) is not in the index"));
            }
        }
        for (steps, reason) in &algorithm.omitted {
            if said.get(steps) != Some(reason) {
                let items = algorithm.items.join(", ");
                problems.push(format!("{items}: {algorithm} step {steps}: no Omitted({reason})"));
            }
        }
    }
    none(&problems);
}

#[test]
fn reasons_are_listed_and_used() {
    let mut problems = Vec::new();
    let index = &PROJECT.index;
    let listed: BTreeSet<&str> = index.omitted.iter().map(|reason| reason.id.as_str()).collect();
    let mut used: BTreeMap<&str, String> = BTreeMap::new();
    for file in &PROJECT.files {
        for line in file.text.lines() {
            if let Some((id, _)) =
                line.trim().strip_prefix("// Omitted(").and_then(|r| r.split_once(')'))
            {
                used.insert(id, format!("{}: {}", file.path, line.trim()));
            }
        }
    }
    for left_out in &index.left_out {
        used.insert(&left_out.reason, format!("spec-notes/index.toml: #{}", left_out.anchor));
    }
    for (id, place) in &used {
        if !listed.contains(id) {
            problems.push(format!("{place}: the index has no reason `{id}`"));
        }
    }
    for reason in index.omitted.iter().filter(|reason| !used.contains_key(reason.id.as_str())) {
        problems.push(format!("spec-notes/index.toml: nothing is left out as `{}`", reason.id));
        assert!(!reason.reason.is_empty());
    }
    none(&problems);
}

/// Modules may link sections; items link algorithms, definitions and the Web IDL.
#[test]
fn anchors_are_indexed_and_linked() {
    let mut problems = Vec::new();
    let index = &PROJECT.index;
    let algorithms = index.algorithm.iter().map(|algorithm| &algorithm.anchor);
    let definitions = index.definition.iter().map(|definition| &definition.anchor);
    let terms: BTreeSet<&str> = algorithms.chain(definitions).map(String::as_str).collect();
    let sections: BTreeMap<&str, bool> =
        index.section.iter().map(|section| (section.anchor.as_str(), section.idl)).collect();
    let mut linked = BTreeSet::new();
    for file in &PROJECT.files {
        for line in file.text.lines().map(str::trim).filter(|line| line.starts_with("//")) {
            for link in line.split(STANDARD).skip(1) {
                let end = link.find([')', ' ', '>', '"', '`']).unwrap_or(link.len());
                let anchor = &link[..end];
                let is_section =
                    sections.get(anchor).is_some_and(|idl| *idl || line.starts_with("//!"));
                if !terms.contains(anchor) && !is_section {
                    problems.push(format!("{}: #{anchor} is not in the index", file.path));
                }
                linked.insert(anchor);
            }
        }
    }
    for anchor in terms.iter().chain(sections.keys()).filter(|anchor| !linked.contains(**anchor)) {
        problems.push(format!("spec-notes/index.toml: nothing in src/ links #{anchor}"));
    }
    none(&problems);
}

/// Every [`Step`](browser_cors::spec::Step) is one of an indexed algorithm.
#[test]
fn addresses_are_steps_of_indexed_algorithms() {
    let mut problems = Vec::new();
    let mut addresses = 0;
    for file in &PROJECT.files {
        for function in &file.functions {
            for (anchor, path) in addresses_in(&function.body) {
                addresses += 1;
                let place = format!("{}:{}", file.path, function.name);
                let found = PROJECT.index.algorithm.iter().find(|it| it.anchor == anchor);
                let problem = match (found, StepPath::read(&path)) {
                    (None, _) => Some(format!("#{anchor} is not an indexed algorithm")),
                    (_, None) => Some(format!("`{path}` is not a step")),
                    (Some(algorithm), Some(step)) => algorithm
                        .doubt(&step)
                        .map(|problem| format!("{algorithm} step {path}: {problem}")),
                };
                problems.extend(problem.map(|problem| format!("{place}: {problem}")));
            }
        }
    }
    none(&problems);
    assert!(addresses > 40, "only {addresses} addresses were found in src/");
}

#[test]
fn indexed_items_exist() {
    let mut problems = Vec::new();
    let index = &PROJECT.index;
    for algorithm in &index.algorithm {
        for item in algorithm.items.iter().filter(|item| PROJECT.functions(item).is_empty()) {
            problems.push(format!("{item}: there is no such function for {algorithm}"));
        }
    }
    for definition in &index.definition {
        let (path, name) = definition.item.split_once(':').expect("an item is `file:name`");
        if !PROJECT.files.iter().any(|file| file.path == path && file.declares(name)) {
            let Definition { name, anchor, item, .. } = definition;
            problems.push(format!("{item}: there is no such item for {name} (#{anchor})"));
        }
    }
    none(&problems);
}

/// Each heading of `decisions.md` names a test, and each test of `decisions.rs` has a heading.
#[test]
fn decisions_have_tests() {
    let decisions = include_str!("../spec-notes/decisions.md");
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut problems = Vec::new();
    for decision in decisions.split("\n## ").skip(1).filter(|it| !it.starts_with("Open points")) {
        let heading = decision.lines().next().unwrap_or_default();
        match decision.trim_end().rsplit_once("Test: `tests/decisions.rs::") {
            Some((_, name)) => drop(names.insert(name.trim_end_matches('`'))),
            None => problems.push(format!("spec-notes/decisions.md: no test for `{heading}`")),
        }
    }
    let tests: BTreeSet<&str> = include_str!("decisions.rs")
        .split("#[test]\nfn ")
        .skip(1)
        .filter_map(|test| Some(test.split_once('(')?.0))
        .collect();
    for name in names.symmetric_difference(&tests) {
        problems.push(format!("tests/decisions.rs::{name}: a test or its heading is missing"));
    }
    none(&problems);
}

static PROJECT: LazyLock<Project> = LazyLock::new(Project::read);

struct Project {
    index: Index,
    files: Vec<File>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Index {
    #[serde(rename = "standard")]
    _standard: BTreeMap<String, String>,
    omitted: Vec<Reason>,
    algorithm: Vec<Algorithm>,
    definition: Vec<Definition>,
    section: Vec<Section>,
    left_out: Vec<LeftOut>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    id: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Algorithm {
    anchor: String,
    name: String,
    #[serde(rename = "section")]
    _section: String,
    steps: u32,
    items: Vec<String>,
    #[serde(default)]
    branches: Vec<String>,
    #[serde(default)]
    omitted: BTreeMap<String, String>,
    #[serde(rename = "digest")]
    _digest: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    anchor: String,
    name: String,
    #[serde(rename = "section")]
    _section: String,
    item: String,
    #[serde(rename = "digest")]
    _digest: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    anchor: String,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "section")]
    _section: String,
    #[serde(default)]
    idl: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftOut {
    anchor: String,
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "section")]
    _section: String,
    reason: String,
}

struct File {
    /// The path in the package, with `/`.
    path: String,
    text: String,
    functions: Vec<Function>,
}

struct Function {
    name: String,
    documentation: String,
    body: Vec<String>,
}

/// A comment about a step, or a range of them.
#[derive(Clone)]
struct Mark {
    /// The file and function, and the algorithm.
    place: String,
    /// The algorithm that the comment names, if it is not the function's own.
    algorithm: Option<String>,
    omitted: Option<String>,
    /// `to` or `and`, between two steps.
    conjunction: Option<String>,
    first: StepPath,
    last: StepPath,
}

/// The number of a step, as in `12[no-cors].1`: numbers, each maybe with a branch.
#[derive(Clone, Eq, PartialEq)]
struct StepPath(Vec<(u32, Option<String>)>);

impl Project {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let index = fs::read_to_string(root.join("spec-notes/index.toml")).unwrap();
        let mut files = Vec::new();
        let mut directories = vec![root.join("src")];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    directories.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let name =
                        path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                    files.push(File::new(name, fs::read_to_string(&path).unwrap()));
                }
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { index: toml::from_str(&index).unwrap_or_else(|error| panic!("{error}")), files }
    }

    /// The functions that an item `file:name` names.
    fn functions(&self, item: &str) -> Vec<&Function> {
        let (path, name) = item.split_once(':').expect("an item is `file:name`");
        let files = self.files.iter().filter(|file| file.path == path);
        files.flat_map(|file| &file.functions).filter(|function| function.name == name).collect()
    }

    fn marks(&self, algorithm: &Algorithm) -> Vec<Mark> {
        algorithm.items.iter().flat_map(|item| self.marks_of(algorithm, item)).collect()
    }

    /// The comments in `item` about `algorithm`: those that name it, or else those that name none.
    fn marks_of(&self, algorithm: &Algorithm, item: &str) -> Vec<Mark> {
        let functions = self.functions(item);
        let lines = functions.iter().flat_map(|function| &function.body);
        let marks: Vec<_> = lines.filter_map(|line| Mark::read(line)).collect();
        let names_it = |mark: &Mark| {
            mark.algorithm.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(&algorithm.name))
        };
        let is_named = marks.iter().any(names_it);
        marks
            .into_iter()
            .filter(|mark| if is_named { names_it(mark) } else { mark.algorithm.is_none() })
            .map(|mark| Mark { place: format!("{item}: {algorithm}"), ..mark })
            .collect()
    }
}

impl Algorithm {
    /// What is wrong with a step's number.
    fn doubt(&self, path: &StepPath) -> Option<String> {
        let (number, _) = path.0[0];
        if number == 0 || number > self.steps {
            return Some(format!("there are {} steps", self.steps));
        }
        let mut branches = path.0.iter().filter_map(|(_, branch)| branch.as_ref());
        let unknown = branches.find(|branch| !self.branches.contains(branch))?;
        Some(format!("there is no branch `{unknown}`"))
    }

    /// A step's position in the text. Branches are in the order of the index.
    fn order_of(&self, path: &StepPath) -> Vec<(u32, usize)> {
        let rank = |branch: &Option<String>| {
            branch
                .as_ref()
                .map_or(0, |name| 1 + self.branches.iter().take_while(|it| *it != name).count())
        };
        path.0.iter().map(|(number, branch)| (*number, rank(branch))).collect()
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (#{})", self.name, self.anchor)
    }
}

impl File {
    fn new(path: String, text: String) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let functions = (0..lines.len())
            .filter_map(|start| {
                let name = name_of_function(lines[start])?;
                let indent = lines[start].len() - lines[start].trim_start().len();
                let end_line = format!("{}}}", &lines[start][..indent]);
                let length = lines[start..].iter().position(|line| *line == end_line)?;
                let documentation = lines[..start].iter().rev().map(|line| line.trim());
                Some(Function {
                    name: name.to_owned(),
                    documentation: documentation
                        .take_while(|line| line.starts_with("//") || line.starts_with("#["))
                        .collect(),
                    body: lines[start..start + length]
                        .iter()
                        .map(|line| line.trim().into())
                        .collect(),
                })
            })
            .collect();
        Self { path, functions, text }
    }

    /// Whether a function, type, constant or field is called `name`.
    fn declares(&self, name: &str) -> bool {
        self.text.lines().map(str::trim).filter(|line| !line.starts_with("//")).any(|line| {
            let words: Vec<&str> = line
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|it| !it.is_empty())
                .collect();
            let is_declared = |pair: &[&str]| {
                pair[1] == name
                    && matches!(
                        pair[0],
                        "fn" | "struct" | "enum" | "trait" | "const" | "pub" | "crate"
                    )
            };
            words.windows(2).any(is_declared)
        })
    }
}

/// The name of the function that a line begins to define.
fn name_of_function(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let (before, after) = line.split_once("fn ")?;
    let is_qualified =
        before.split_whitespace().all(|word| word == "const" || word.starts_with("pub"));
    let end = after.find(['(', '<'])?;
    is_qualified.then_some(&after[..end])
}

fn looks_like_a_mark(line: &str) -> bool {
    ["// Step ", "// Steps ", "// Omitted("].iter().any(|start| line.starts_with(start))
}

impl Mark {
    /// Reads `// Step 4.1.`, `// Steps 1 to 3.`, `// Omitted(id): steps 1 and 2.` or `// Main fetch
    /// step 12[no-cors].1.`; the text after the point is for people.
    fn read(line: &str) -> Option<Self> {
        let text = line.strip_prefix("// ")?;
        let at = [" step ", " steps "].iter().filter_map(|word| text.find(word)).min();
        let (head, rest) = match text.strip_prefix("Step ").or_else(|| text.strip_prefix("Steps "))
        {
            Some(rest) => ("", rest),
            None => (&text[..at?], text[at? + 1..].split_once(' ')?.1),
        };
        let omitted = head.strip_prefix("Omitted(").and_then(|head| head.strip_suffix("):"));
        let is_named = |algorithm: &Algorithm| algorithm.name.eq_ignore_ascii_case(head);
        let algorithm = PROJECT.index.algorithm.iter().find(|it| is_named(it)).map(|it| &it.name);
        if !head.is_empty() && omitted.is_none() && algorithm.is_none() {
            return None;
        }
        let mut words = rest.split(' ');
        let first = words.next()?;
        let (first, conjunction, last) = match first.strip_suffix('.') {
            Some(only) => (only, None, only),
            None => {
                let conjunction = words.next().filter(|word| matches!(*word, "to" | "and"))?;
                (first, Some(conjunction.to_owned()), words.next()?.strip_suffix('.')?)
            }
        };
        Some(Self {
            place: String::new(),
            algorithm: algorithm.cloned(),
            omitted: omitted.map(str::to_owned),
            conjunction,
            first: StepPath::read(first)?,
            last: StepPath::read(last)?,
        })
    }

    /// The steps as they are written.
    fn steps(&self) -> String {
        match &self.conjunction {
            None => self.first.to_string(),
            Some(conjunction) => format!("{} {conjunction} {}", self.first, self.last),
        }
    }

    fn top_level_steps(&self) -> Vec<u32> {
        match (&*self.first.0, &*self.last.0) {
            (&[(first, None)], &[(last, None)]) => (first..=last).collect(),
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} step {}", self.place, self.steps())
    }
}

impl StepPath {
    fn read(text: &str) -> Option<Self> {
        let segment = |segment: &str| match segment.split_once('[') {
            None => Some((segment.parse().ok()?, None)),
            Some((number, branch)) => {
                Some((number.parse().ok()?, Some(branch.strip_suffix(']')?.to_owned())))
            }
        };
        text.split('.').map(segment).collect::<Option<_>>().map(Self)
    }
}

impl fmt::Display for StepPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (number, branch)) in self.0.iter().enumerate() {
            let point = if index == 0 { "" } else { "." };
            write!(f, "{point}{number}")?;
            if let Some(branch) = branch {
                write!(f, "[{branch}]")?;
            }
        }
        Ok(())
    }
}

/// The anchors and paths in a function that makes `Step`s. Each path belongs to the anchor before
/// it, or to the first one after it. `tests/departures.rs` checks those of a macro.
fn addresses_in(body: &[String]) -> Vec<(String, String)> {
    if !body.iter().any(|line| line.contains("Step::new(") && !line.contains("Step::new($")) {
        return Vec::new();
    }
    let mut code =
        body.iter().filter(|line| !line.starts_with("//")).cloned().collect::<Vec<_>>().join("\n");
    while let Some((before, rest)) = code.split_once("\nconst ") {
        let (constant, rest) = rest.split_once(";\n").expect("a constant ends");
        let (name, value) = constant.split_once(": &str = ").expect("a constant is an anchor");
        code = format!("{before}\n{}", rest.replace(&format!("({name},"), &format!("({value},")));
    }
    let literals: Vec<&str> = code.split('"').skip(1).step_by(2).collect();
    let is_path = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let mut anchor = literals.iter().find(|text| !is_path(text)).expect("there is an anchor");
    let mut addresses = Vec::new();
    for literal in &literals {
        if is_path(literal) {
            addresses.push(((*anchor).to_owned(), (*literal).to_owned()));
        } else {
            anchor = literal;
        }
    }
    addresses
}

/// Fails with all problems.
#[track_caller]
fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
