//! The tests of a tree: which pages there are, and where the server has them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

/// What is run if no file is named: what the library has a say in.
pub const FOLDERS: &[&str] = &[
    "cors",
    "fetch/api",
    "fetch/range",
    "fetch/data-urls",
    "fetch/metadata",
    "fetch/nosniff",
    "fetch/corb",
    "fetch/orb",
    "fetch/origin",
    "fetch/content-type",
    "fetch/cross-origin-resource-policy",
    "xhr",
    "mimesniff",
    "resource-timing/SO-XO-SO-redirect-chain-tao.https.html",
    "resource-timing/TAO-match.html",
    "resource-timing/TAO-port-mismatch-means-crossorigin.html",
    "resource-timing/body-size-cross-origin.https.html",
    "resource-timing/cors-preflight.any.js",
    "resource-timing/cross-origin-redirects.html",
    "resource-timing/cross-origin-start-end-time-with-redirects.html",
    "resource-timing/cross-origin-status-codes.html",
    "resource-timing/fetch-cross-origin-redirect.https.html",
    "resource-timing/nextHopProtocol-is-tao-protected.https.html",
    "resource-timing/object-not-found-after-TAO-cross-origin-redirect.html",
    "resource-timing/object-not-found-after-cross-origin-redirect.html",
    "resource-timing/same-origin-from-cross-origin-redirect.html",
    "beacon",
    "referrer-policy",
    "mixed-content",
    "upgrade-insecure-requests",
    "subresource-integrity",
];

/// A page with a test harness.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Test {
    /// The path below the server's root, with its query: `fetch/api/cors/cors-basic.any.html`.
    pub name: String,
    /// Whether the server must be asked over https.
    pub is_https: bool,
    /// Whether the test has a minute, not ten seconds.
    pub is_long: bool,
}

impl Test {
    /// Where the page is.
    pub fn url(&self) -> String {
        let origin = if self.is_https {
            "https://web-platform.test:8443"
        } else {
            "http://web-platform.test:8000"
        };
        format!("{origin}/{}", self.name)
    }

    /// How long the page may take.
    pub const fn seconds(&self) -> u64 {
        if self.is_long { 65 } else { 15 }
    }
}

/// The tests below these files and folders, in order.
///
/// # Errors
///
/// If one of them cannot be read.
pub fn find(tree: &Path, names: &[String]) -> Result<Vec<Test>, String> {
    let mut tests = Vec::new();
    for name in names {
        let name = name.trim_matches('/');
        let path = tree.join(name);
        if path.is_dir() {
            walk(tree, &path, &mut tests)?;
        } else if path.is_file() {
            tests.extend(of_file(tree, &path)?);
        } else {
            let source =
                source_of(tree, name).ok_or_else(|| format!("the tree has no file {name}"))?;
            tests.extend(of_file(tree, &source)?.into_iter().filter(|test| test.name == name));
        }
    }
    tests.sort();
    tests.dedup();
    Ok(tests)
}

/// The pages that are not run unless they are named: a part of their names, and why.
#[derive(Debug, Default, Deserialize)]
pub struct LeftOut(BTreeMap<String, String>);

impl LeftOut {
    /// Whether a page is left out.
    pub fn contains(&self, test: &Test) -> bool {
        self.0.keys().any(|part| test.name.contains(part))
    }
}

/// Whether the tree has a file, a folder or a page of this name.
pub fn has(tree: &Path, name: &str) -> bool {
    tree.join(name).exists() || source_of(tree, name).is_some()
}

/// The file of which the server makes a page such as `x.any.worker.html`.
fn source_of(tree: &Path, name: &str) -> Option<PathBuf> {
    let page = name.split('?').next()?;
    let stem = page.split_once(".any.").or_else(|| page.split_once(".window."))?.0;
    let sources = [".any.js", ".window.js"].map(|kind| tree.join(format!("{stem}{kind}")));
    sources.into_iter().find(|path| path.is_file())
}

fn walk(tree: &Path, folder: &Path, tests: &mut Vec<Test>) -> Result<(), String> {
    let wrong = |error| format!("{} cannot be read: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(wrong)?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !matches!(&*name, "resources" | "support" | "tools" | "scripts") {
                walk(tree, &path, tests)?;
            }
        } else {
            tests.extend(of_file(tree, &path)?);
        }
    }
    Ok(())
}

/// The tests that a file has: none if it is no test.
fn of_file(tree: &Path, path: &Path) -> Result<Vec<Test>, String> {
    let name = path.strip_prefix(tree).unwrap_or(path).to_string_lossy().into_owned();
    let kinds = [".any.js", ".window.js", ".worker.js", ".html", ".htm", ".xhtml"];
    let Some(kind) = kinds.into_iter().find(|kind| name.ends_with(kind)) else { return Ok(vec![]) };
    let bytes = fs::read(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
    let text = String::from_utf8_lossy(&bytes);
    let is_page = kind.starts_with(".htm") || kind == ".xhtml";
    let file = name.rsplit('/').next().unwrap_or_default();
    if (is_page && !text.contains("testharness.js"))
        || name.contains("-manual.")
        || file.contains(".h2.")
    {
        return Ok(Vec::new());
    }
    let stem = &name[..name.len() - kind.len()];
    let mut pages = Vec::new();
    match kind {
        ".any.js" => {
            let scopes =
                meta(&text, "global").next().unwrap_or("window,dedicatedworker").to_owned();
            for scope in scopes.split(',').map(str::trim) {
                match scope {
                    "window" => pages.push(format!("{stem}.any.html")),
                    "worker" => {
                        pages.push(format!("{stem}.any.worker.html"));
                        pages.push(format!("{stem}.any.sharedworker.html"));
                    }
                    "dedicatedworker" => pages.push(format!("{stem}.any.worker.html")),
                    "sharedworker" => pages.push(format!("{stem}.any.sharedworker.html")),
                    _ => {}
                }
            }
            pages.dedup();
        }
        ".window.js" => pages.push(format!("{stem}.window.html")),
        ".worker.js" => pages.push(format!("{stem}.worker.html")),
        _ => pages.push(name.clone()),
    }
    let is_long = meta(&text, "timeout").any(|value| value == "long")
        || (is_page && text.contains("name=\"timeout\"") || text.contains("name=timeout"));
    let variants: Vec<_> = if is_page {
        page_variants(&text)
    } else {
        meta(&text, "variant").map(str::to_owned).collect()
    };
    let variants = if variants.is_empty() { vec![String::new()] } else { variants };
    let tests = pages.iter().flat_map(|page| {
        variants.iter().map(move |variant| Test {
            name: format!("{page}{variant}"),
            is_https: page.contains(".https.") || page.contains(".serviceworker."),
            is_long,
        })
    });
    Ok(tests.collect())
}

/// The values of `// META: key=value`.
fn meta<'a>(text: &'a str, key: &str) -> impl Iterator<Item = &'a str> {
    text.lines()
        .take_while(|line| line.starts_with("//") || line.trim().is_empty())
        .filter_map(move |line| {
            line.strip_prefix("// META:")?.trim().strip_prefix(key)?.strip_prefix('=')
        })
        .map(str::trim)
}

/// The variants of a page: `<meta name="variant" content="?x">`.
fn page_variants(text: &str) -> Vec<String> {
    let tags = text.split("<meta").skip(1).filter_map(|tag| tag.split('>').next());
    let variants =
        tags.filter(|tag| tag.contains("name=\"variant\"") || tag.contains("name=variant"));
    let contents = variants.filter_map(|tag| {
        let value = tag.split("content=").nth(1)?;
        let quote = value.chars().next().filter(|char| matches!(char, '"' | '\''));
        let value = match quote {
            Some(quote) => value[1..].split(quote).next()?,
            None => value.split_whitespace().next()?,
        };
        Some(value.trim_end_matches('/').to_owned())
    });
    contents.collect()
}

#[cfg(test)]
mod tests {
    use super::{meta, page_variants};

    #[test]
    fn metadata() {
        let text = "// META: global=window,worker\n// META: variant=?a\n\n// META: variant=?b\ncode\n// META: variant=?c";
        assert_eq!(meta(text, "global").collect::<Vec<_>>(), ["window,worker"]);
        assert_eq!(meta(text, "variant").collect::<Vec<_>>(), ["?a", "?b"]);
    }

    #[test]
    fn variants() {
        let text = "<meta charset=utf-8><meta name=\"variant\" content=\"?1-10\"><meta name=variant content='?x'/>";
        assert_eq!(page_variants(text), ["?1-10", "?x"]);
    }
}
