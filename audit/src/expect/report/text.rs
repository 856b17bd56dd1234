//! The report as text, for people.

use std::fmt::{self, Write};

use super::{
    super::{
        file::Denied,
        judge::{Extent, Judged, Verdict},
    },
    Alike, Counts, Report, alike,
};
use browser_cors::{http::Method, request::CredentialsMode};

/// How much a report says.
///
/// ```
/// # use browser_cors_audit::expect::{Detail, Report};
/// # fn f(report: &Report) {
/// print!("{}", report.text(Detail::Least));
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Detail {
    /// The rows that are not as expected, and the counts.
    Least,
    /// The rows, and one explanation of each kind of thing that is not as expected.
    #[default]
    Usual,
    /// Every combination, and an explanation of each that is not as expected.
    Most,
}

/// The most combinations that are listed as like another one.
const ALIKE_LIMIT: usize = 10;

impl Report {
    /// The report as text.
    ///
    /// ```
    /// # use browser_cors_audit::expect::{Detail, Report};
    /// # fn f(report: &Report) {
    /// assert_eq!(report.text(Detail::Usual).to_string(), report.to_string());
    /// # }
    /// ```
    pub fn text(&self, detail: Detail) -> impl fmt::Display {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_text(&mut text, detail);
        text
    }

    fn write_text(&self, f: &mut dyn Write, detail: Detail) -> fmt::Result {
        for (row, judged) in self.rows() {
            let counts = Counts::new(judged);
            let mark = match counts {
                Counts { failed: 1.., .. } => "FAILED",
                Counts { unjudged: 1.., .. } => "UNSURE",
                _ if detail == Detail::Least => continue,
                _ => "ok    ",
            };
            writeln!(f, "{mark} {}: {counts}{}", row.name(), remark(judged))?;
            for warning in warnings(judged) {
                writeln!(f, "       warning: {warning}")?;
            }
            if detail == Detail::Most {
                for judged in judged.iter().filter(|judged| judged.is_met()) {
                    writeln!(f, "       passed: {}{}", judged.title, sent(judged))?;
                }
            }
        }
        let groups = match detail {
            Detail::Least => Vec::new(),
            Detail::Usual => alike(&self.judged),
            Detail::Most => {
                let unmet = self.judged.iter().filter(|judged| !judged.is_met());
                let unmet = unmet.filter(|judged| !judged.is_left_out());
                unmet.map(|first| Alike { first, others: Vec::new() }).collect()
            }
        };
        for Alike { first, others } in &groups {
            writeln!(f)?;
            first.to_string().lines().try_for_each(|line| writeln!(f, "  {line}"))?;
            let shown = fixes(first);
            for other in others.iter().take(ALIKE_LIMIT) {
                writeln!(f, "  also {}", other.title)?;
                let fixes = fixes(other);
                let is_told = other.verdict == Verdict::Failed && other.case.is_allowed();
                if is_told && fixes != shown {
                    fixes.iter().try_for_each(|fix| writeln!(f, "       fix: {fix}"))?;
                }
            }
            if let more @ 1.. = others.len().saturating_sub(ALIKE_LIMIT) {
                writeln!(f, "  and {more} more like it")?;
            }
        }
        if !groups.is_empty() {
            writeln!(f)?;
        }
        let Self { file, base, .. } = self;
        writeln!(f, "{file} against {base} in {}: {}{}", self.engines(), self.counts(), self.end())
    }

    /// What there is to say of the whole run.
    pub(super) fn end(&self) -> String {
        let mut text = String::new();
        let by_preflights =
            self.judged.iter().filter(|judged| judged.is_met() && is_by_preflight(judged)).count();
        // Writing to a string cannot fail.
        if by_preflights > 0 {
            let _ = write!(text, "; {by_preflights} of them by preflights alone");
        }
        if let Some(ended) = &self.ended {
            let left = self.judged.iter().filter(|judged| judged.is_left_out()).count();
            let _ = write!(text, "; {ended}, and {left} were not asked");
        }
        text
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_text(f, Detail::Usual)
    }
}

fn fixes(judged: &Judged) -> Vec<String> {
    let fixes = judged.findings.iter().map(|finding| finding.remedy.to_string());
    fixes.collect()
}

/// Whether the request itself was not sent.
fn is_by_preflight(judged: &Judged) -> bool {
    judged.extent == Extent::Preflight && !judged.case.reach.sends(&judged.case.method)
}

const fn sent(judged: &Judged) -> &'static str {
    match judged.extent {
        Extent::Nothing => " (nothing was sent)",
        Extent::Preflight => " (only the preflight was sent)",
        Extent::Request => "",
    }
}

/// What a row's verdict rests on, in parentheses: what was not sent, and what arrives although it
/// is denied.
pub(super) fn remark(judged: &[Judged]) -> String {
    let met = || judged.iter().filter(|judged| judged.is_met());
    if met().any(|judged| judged.case.denied().is_some()) {
        return match &methods(met().filter(|judged| judged.arrives))[..] {
            [] => " (no request arrives)".to_owned(),
            [method] => format!(" ({method} arrives, but its answer cannot be read)"),
            methods => format!(" ({} arrive, but their answers cannot be read)", and(methods)),
        };
    }
    match &methods(met().filter(|judged| is_by_preflight(judged)))[..] {
        [] => String::new(),
        [method] => format!(" ({method} was not sent, but judged by its preflight)"),
        methods => {
            format!(" ({} were not sent, but judged by their preflights)", and(methods))
        }
    }
}

/// What is to be feared of a row, although its expectation holds.
pub(super) fn warnings(judged: &[Judged]) -> Vec<String> {
    let mut warnings: Vec<String> = carried_out(judged).into_iter().collect();
    for warning in judged.iter().flat_map(|judged| &judged.warnings) {
        if !warnings.iter().any(|known| known == warning) {
            warnings.push((*warning).to_owned());
        }
    }
    warnings
}

/// The requests that are carried out, although their answers cannot be read.
fn carried_out(judged: &[Judged]) -> Option<String> {
    let is_carried_out = |judged: &&Judged| {
        let method = Method::from_bytes(judged.case.method.as_bytes());
        judged.arrives
            && judged.case.denied() == Some(Denied::Read)
            && judged.verdict != Verdict::Failed
            && !method.is_ok_and(|method| method.is_safe())
    };
    let all = || judged.iter().filter(is_carried_out);
    let with = match all().any(|it| it.case.credentials == CredentialsMode::Include) {
        true => ", with the user's cookies",
        false => "",
    };
    let what = match &methods(all())[..] {
        [] => return None,
        [method] => format!("{method} arrives and is carried out"),
        methods => format!("{} arrive and are carried out", and(methods)),
    };
    Some(format!("{what}{with}; only reading is denied (`what = \"send\"` denies it)"))
}

/// The methods of these, once each.
fn methods<'a>(judged: impl Iterator<Item = &'a Judged>) -> Vec<&'a str> {
    let mut methods: Vec<&str> = Vec::new();
    for judged in judged {
        if !methods.contains(&&*judged.case.method) {
            methods.push(&judged.case.method);
        }
    }
    methods
}

/// `GET, PUT and DELETE`
fn and(methods: &[&str]) -> String {
    match methods {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
