//! `RELEASING.md` lists each place with a placeholder for what only the owner knows.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Files that explain the placeholders, or contain none.
const PASSED_OVER: [&str; 2] = [".git", "RELEASING.md"];

/// Folders, wherever they are, that repeat what the command prints, that are built or installed.
const IGNORED: [&str; 5] = ["dist", "node_modules", "pages", "target", "tests"];

/// The files below `folder`, except those that are skipped in the root.
fn files(root: &Path, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_passed_over = PASSED_OVER.iter().any(|name| path == root.join(name));
        let is_ignored = IGNORED.iter().any(|name| path.ends_with(name));
        if path.is_dir() && !is_passed_over && !is_ignored {
            found.extend(files(root, &path));
        } else if path.is_file() && !is_passed_over {
            found.push(path);
        }
    }
    found
}

/// The row of a placeholder: the files that it lists.
fn listed(releasing: &str, placeholder: &str) -> BTreeSet<String> {
    let row = releasing.lines().find(|line| line.starts_with(&format!("| `{placeholder}` |")));
    let files = row.and_then(|row| row.trim_end_matches([' ', '|']).rsplit('|').next());
    let names = files.unwrap_or_default().split(',').map(|name| name.trim().trim_matches('`'));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[test]
fn placeholders_are_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let releasing = fs::read_to_string(root.join("RELEASING.md")).unwrap();
    let texts: Vec<_> = files(root, root)
        .into_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(&path).ok()?;
            let name = path.strip_prefix(root).unwrap().to_str()?.replace('\\', "/");
            Some((name, text))
        })
        .collect();
    assert!(texts.len() > 100, "only {} files were read", texts.len());
    for placeholder in ["OWNER", "IMAGE_NAME", "SECURITY_CONTACT"] {
        let found: BTreeSet<_> = texts
            .iter()
            .filter(|(_, text)| text.contains(placeholder))
            .map(|(name, _)| name.clone())
            .collect();
        // After the owner has filled it in, neither lists a file.
        assert_eq!(found, listed(&releasing, placeholder), "{placeholder}");
    }
}
