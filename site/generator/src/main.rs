//! Writes the pages of the guide: those that say what the library knows, and those that say what
//! other files of this repository say.
//!
//! ```sh
//! cargo run --package browser-cors-site -- site/guide/pages
//! ```

mod departures;
mod examples;
mod guide;
mod markdown;
mod reasons;
mod repository;
mod schemas;
mod servers;
#[cfg(test)]
mod tests;
mod texts;

use std::{env, fs, io, path::Path, process::ExitCode};

use guide::Guide;
use repository::Repository;

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        eprintln!("browser-cors-site: expected the folder to write to, and nothing else");
        return ExitCode::from(2);
    };
    let guide = match Guide::of(&Repository::here()) {
        Ok(guide) => guide,
        Err(problem) => {
            eprintln!("browser-cors-site: {problem}");
            return ExitCode::FAILURE;
        }
    };
    match write(&guide, Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("browser-cors-site: {}: {error}", Path::new(&folder).display());
            ExitCode::FAILURE
        }
    }
}

/// Writes the guide in place of what the folder has.
fn write(guide: &Guide, folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    for page in &guide.pages {
        let path = folder.join(&page.path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, page.to_string())?;
    }
    fs::write(folder.join("navigation.json"), guide.navigation())?;
    println!("{} pages", guide.pages.len());
    Ok(())
}
