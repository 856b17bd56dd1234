//! The table of results.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::{expectations::Difference, results::Report};

/// A line for each folder: how many pages ran, how many subtests they have and how many pass.
pub fn of_reports(reports: &BTreeMap<String, Report>, differences: &[Difference]) -> String {
    let mut rows: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for (name, report) in reports {
        let row = rows.entry(folder(name)).or_default();
        row[0] += 1;
        row[1] += report.passes();
        row[2] += report.subtests.len();
        row[3] += differences.iter().filter(|difference| difference.page == *name).count();
    }
    let mut total = [0; 4];
    for row in rows.values() {
        total.iter_mut().zip(row).for_each(|(sum, number)| *sum += number);
    }
    let width = rows.keys().map(|name| name.len()).max().unwrap_or(0).max(6);
    let mut text = format!("{:width$}  pages  passed / subtests  unexpected\n", "folder");
    for (name, [pages, passes, subtests, unexpected]) in
        rows.iter().map(|row| (*row.0, row.1)).chain([("all", &total)])
    {
        let _ =
            writeln!(text, "{name:width$}  {pages:5}  {passes:6} / {subtests:8}  {unexpected:10}");
    }
    text
}

/// The folder of a page, two levels below the root or three in `fetch/api`.
fn folder(name: &str) -> &str {
    let depth = if name.starts_with("fetch/api/") {
        3
    } else if name.starts_with("fetch/") {
        2
    } else {
        1
    };
    let end = name.match_indices('/').nth(depth - 1).map(|(at, _)| at);
    &name[..end.or_else(|| name.rfind('/')).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::folder;

    #[test]
    fn folders() {
        assert_eq!(folder("fetch/api/cors/a.any.html"), "fetch/api/cors");
        assert_eq!(folder("fetch/range/a/b.html"), "fetch/range");
        assert_eq!(folder("xhr/resources/x.htm"), "xhr");
    }
}
