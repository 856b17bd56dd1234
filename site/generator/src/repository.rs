//! The files of this repository.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use thiserror::Error;

/// Why a page cannot be written.
#[derive(Debug, Error)]
pub(crate) enum Problem {
    #[error("{path}: {error}")]
    Unreadable { path: String, error: io::Error },
    #[error("{path}:{line}: {error}")]
    Json { path: String, line: usize, error: serde_json::Error },
    #[error("site/guide/texts/{text}: {path} has no section `#{section}`")]
    Section { text: String, path: String, section: String },
    #[error("site/guide/texts/{text}: it does not begin with `title:`, and then `about:` or not")]
    Head { text: String },
}

/// The repository.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The one of which this package is a part.
    pub(crate) fn here() -> Self {
        Self { root: Path::new(env!("CARGO_MANIFEST_DIR")).join("../..") }
    }

    #[cfg(test)]
    pub(crate) const fn at(root: PathBuf) -> Self {
        Self { root }
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    pub(crate) fn is_folder(&self, path: &str) -> bool {
        self.root.join(path).is_dir()
    }

    pub(crate) fn read(&self, path: &str) -> Result<String, Problem> {
        let text = fs::read_to_string(self.root.join(path));
        text.map_err(|error| Problem::Unreadable { path: path.to_owned(), error })
    }

    /// The names of the files in a folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Result<Vec<String>, Problem> {
        let unreadable = |error| Problem::Unreadable { path: folder.to_owned(), error };
        let entries = fs::read_dir(self.root.join(folder)).map_err(unreadable)?;
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }
}
