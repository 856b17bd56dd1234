//! What follows from a survey: who can do what they should not, and what fails for whom.

use std::fmt;

use browser_cors::{
    explain::Where,
    header::HeaderList,
    origin::{Origin, PublicSuffixList, url_as_sent},
    response::Response,
    url::Url,
};
use serde::Serialize;

use super::{Access, Asker, Survey, Visit, Visitor, Who};

/// What a survey proves, and what to change.
///
/// `Display` writes the finding, its evidence and the fix, each on a line of its own.
///
/// ```
/// # use browser_cors_audit::survey::Survey;
/// # fn f(survey: &Survey) {
/// for finding in &survey.findings {
///     print!("{finding}");
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// A name that stays the same, such as `read-with-cookies`.
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// Who can do it, or for whom it fails.
    pub who: Who,
    /// What it is, in a sentence.
    pub text: String,
    /// The engines in which it is so.
    pub engines: Vec<String>,
    /// What was asked and answered.
    pub evidence: String,
    /// What to change, and where.
    pub fix: String,
}

/// How grave a finding is.
///
/// ```
/// use browser_cors_audit::survey::Severity;
///
/// assert!(Severity::Note < Severity::Low && Severity::Medium < Severity::High);
/// assert_eq!(Severity::High.to_string(), "high");
/// ```
#[expect(clippy::exhaustive_enums, reason = "a program that sorts findings handles each")]
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; it may be meant so.
    Note,
    /// Something does not work in some case, or helps an attacker who already has a foothold.
    Low,
    /// Pages of the owner fail, or an attacker needs some luck.
    Medium,
    /// Anybody on the web can act for the user.
    High,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Note => "note",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, severity, text, engines, evidence, fix, .. } = self;
        writeln!(f, "{severity}: {text} [{code}]")?;
        writeln!(f, "     in: {}", engines.join(", "))?;
        writeln!(f, "because: {evidence}")?;
        writeln!(f, "    fix: {fix}")
    }
}

/// All findings, the gravest first.
pub(super) fn all(asker: &mut Asker<'_, '_>, survey: &Survey) -> Vec<Finding> {
    let mut findings = strangers(survey);
    findings.extend(writers(survey));
    findings.extend(own_pages(survey));
    findings.extend(wildcard_with_credentials(survey));
    findings.extend(caches(asker, survey));
    findings.extend(errors(asker, survey));
    findings.extend(short_preflights(survey));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// Who reads what, but should not.
fn strangers(survey: &Survey) -> Vec<Finding> {
    let is_public = |access: fn(&Visit) -> &Access| {
        let mut foreign = survey.visits.iter().filter(|visit| visit.visitor.who == Who::Foreign);
        foreign.any(|visit| access(visit).is_readable())
    };
    let mut findings = Vec::new();
    let mut seen: Vec<(Who, &str, bool)> = Vec::new();
    for visit in survey.visits.iter().filter(|visit| visit.visitor.who != Who::Own) {
        let Visitor { who, how, .. } = visit.visitor;
        let with_cookies = visit.with_cookies.is_readable();
        let access = if with_cookies { &visit.with_cookies } else { &visit.without_cookies };
        let is_implied = who != Who::Foreign
            && is_public(if with_cookies {
                |visit| &visit.with_cookies
            } else {
                |visit| &visit.without_cookies
            });
        // One mistake is one finding, whichever look-alikes of whichever pages it lets in.
        let mistake = (who, mistake(how), with_cookies);
        // A comparison of ends also lets in what has other dots before the end.
        let is_an_end = how == "dot" && seen.contains(&(who, ANYTHING_BEFORE, with_cookies));
        if !access.is_readable() || is_implied || is_an_end || seen.contains(&mistake) {
            continue;
        }
        seen.push(mistake);
        let (subject, mut fix) = subject(&visit.visitor, &survey.url);
        if (who, with_cookies) == (Who::Foreign, false) {
            fix = format!("Nothing, if this is meant for everybody. {fix}");
        }
        let severity = match (who, with_cookies) {
            (Who::Foreign, false) => Severity::Note,
            (Who::Foreign | Who::Null | Who::Registrable, true) => Severity::High,
            (Who::Localhost | Who::App | Who::Extension, false) => Severity::Note,
            (Who::Neighbour | Who::Extension | Who::App, true) => Severity::Medium,
            (_, _) => Severity::Low,
        };
        let (code, what) = match with_cookies {
            true => ("read-with-cookies", cookies(&visit.visitor, &survey.url)),
            false => ("read-without-cookies", "without the user's cookies"),
        };
        findings.push(Finding {
            code,
            severity,
            who,
            text: format!("{subject} can read this {what}."),
            engines: access.readable.clone(),
            evidence: evidence(&visit.visitor, access),
            fix,
        });
    }
    findings
}

/// With which cookies a stranger reads. `SameSite` keeps none back from a page of the same site.
fn cookies(visitor: &Visitor, url: &Url) -> &'static str {
    match visitor.origin.is_same_site(&Origin::from(url), &PublicSuffixList) {
        true => "with the user's cookies",
        false => "with the user's cookies (if they are SameSite=None)",
    }
}

/// Who a stranger is, as the subject of a sentence, and what to change.
fn subject(visitor: &Visitor, url: &Url) -> (String, String) {
    let server = Where::server_of(url);
    let list = format!(
        "On {server}: answer `Access-Control-Allow-Origin` and \
         `Access-Control-Allow-Credentials` only to the origins of a list, each compared whole"
    );
    let origin = visitor.origin.serialized();
    match visitor.who {
        Who::Own | Who::Foreign => (
            "Any website".to_owned(),
            format!(
                "{list}, and add `Vary: Origin`. What is meant for everybody gets `*` and no credentials."
            ),
        ),
        Who::Null => (
            "Any website, from a sandboxed frame,".to_owned(),
            format!(
                "{list}. Take `null` off that list: every sandboxed frame and every local file has this origin."
            ),
        ),
        Who::Registrable => (
            format!("Whoever registers {}", visitor.host()),
            format!("{list}. {}", mistake(visitor.how)),
        ),
        Who::Neighbour => (
            match visitor.how {
                "scheme" => format!("Whoever is between the user and {origin}"),
                "port" => format!("Whatever runs on another port, such as {origin},"),
                _ => format!("Any sub-domain, such as {origin},"),
            },
            format!("{list}. {}", mistake(visitor.how)),
        ),
        Who::Extension => (
            format!("Any extension that the user installs, such as {origin},"),
            format!(
                "{list}. An extension of your own has one origin; a published one needs no CORS if it has the host's permission."
            ),
        ),
        Who::App => (
            format!("Any app with the origin {origin}"),
            format!(
                "{list}. Many apps share this origin, so give yours a host of its own, or a token in place of cookies."
            ),
        ),
        Who::Localhost => (
            format!("Whatever runs on the user's machine at {origin}"),
            format!("{list}. Take origins for development off the list of the deployed server."),
        ),
    }
}

const ANYTHING_BEFORE: &str =
    "Today only the end of the origin is compared, so anything may stand before it.";

/// The mistake that lets a look-alike in.
const fn mistake(how: &str) -> &'static str {
    match how.as_bytes() {
        b"suffix" | b"underscore" | b"backtick" => {
            "Today only the start of the origin is compared, so anything may follow it."
        }
        b"prefix" => ANYTHING_BEFORE,
        b"dot" => "Today a dot in a pattern means any character: escape it.",
        b"top-level domain" => "Today the top-level domain is not compared.",
        b"homograph" => "Today letters that look alike are taken for equal.",
        b"scheme" => "Today the scheme is not compared: list origins with `https://`.",
        b"port" => "Today the port is not compared: it is a part of the origin.",
        _ => "Today any sub-domain is let in: list those that need it.",
    }
}

/// Strangers whose requests that change something pass the preflight.
fn writers(survey: &Survey) -> Option<Finding> {
    let visit = survey.visits.iter().find(|visit| {
        matches!(visit.visitor.who, Who::Foreign | Who::Null)
            && !visit.with_cookies.methods.is_empty()
    })?;
    let (subject, fix) = subject(&visit.visitor, &survey.url);
    let access = &visit.with_cookies;
    let methods = access.methods.join(", ");
    Some(Finding {
        code: "write-with-cookies",
        severity: Severity::High,
        who: visit.visitor.who,
        text: format!("{subject} can send {methods} {}.", cookies(&visit.visitor, &survey.url)),
        engines: access.preflight_lasts.iter().map(|(engine, _)| engine.clone()).collect(),
        evidence: format!(
            "a preflight from {} with credentials grants {methods}",
            visit.visitor.origin.serialized()
        ),
        fix,
    })
}

/// Pages of the owner that cannot read.
fn own_pages(survey: &Survey) -> Vec<Finding> {
    let visits = survey.visits.iter().filter(|visit| visit.visitor.who == Who::Own);
    let failing = visits.filter_map(|visit| {
        let access = &visit.without_cookies;
        let is_partly = |access: &Access| access.is_readable() && !access.blocked.is_empty();
        let access = match (access.is_readable(), visit.with_cookies.is_readable()) {
            (false, false) => access,
            _ if is_partly(access) => access,
            _ if is_partly(&visit.with_cookies) => &visit.with_cookies,
            _ => return None,
        };
        let (_, reason) = access.blocked.first()?;
        let origin = visit.visitor.origin.serialized();
        Some(Finding {
            code: "own-page-blocked",
            severity: Severity::Medium,
            who: Who::Own,
            text: format!("Your page {origin} cannot read this: {reason}."),
            engines: access.blocked.iter().map(|(engine, _)| engine.clone()).collect(),
            evidence: evidence(&visit.visitor, access),
            fix: format!(
                "On {}: answer with one line `Access-Control-Allow-Origin: {origin}` \
                 and with `Vary: Origin`. `browser-cors check` explains the answer.",
                Where::server_of(&survey.url)
            ),
        })
    });
    failing.collect()
}

/// `*` with `Access-Control-Allow-Credentials: true`, which no engine takes for a grant.
fn wildcard_with_credentials(survey: &Survey) -> Option<Finding> {
    let visit = survey.visits.iter().find(|visit| {
        let Some(headers) = visit.with_cookies.headers_of_answer() else { return false };
        let is = |name, value: &[u8]| headers.get(name).as_deref() == Some(value);
        is("Access-Control-Allow-Origin", b"*")
            && is("Access-Control-Allow-Credentials", b"true")
            && !visit.with_cookies.is_readable()
    })?;
    let access = &visit.with_cookies;
    Some(Finding {
        code: "wildcard-with-credentials",
        severity: Severity::Low,
        who: visit.visitor.who,
        text: "No page can read this with cookies, although the answer says so.".to_owned(),
        engines: access.blocked.iter().map(|(engine, _)| engine.clone()).collect(),
        evidence: evidence(&visit.visitor, access),
        fix: format!(
            "On {}: if it is public, leave `Access-Control-Allow-Credentials` out; \
             otherwise name the page's origin in place of `*`, with `Vary: Origin`.",
            Where::server_of(&survey.url)
        ),
    })
}

/// Answers that an HTTP cache may hand to whom they do not fit.
fn caches(asker: &mut Asker<'_, '_>, survey: &Survey) -> Option<Finding> {
    let mut readers = survey.visits.iter().filter_map(|visit| {
        let with_cookies = !visit.without_cookies.is_readable();
        let access = if with_cookies { &visit.with_cookies } else { &visit.without_cookies };
        access.is_readable().then_some((visit, with_cookies))
    });
    let (reader, with_cookies) = readers.next()?;
    let mut stored: Vec<(String, Response)> = Vec::new();
    let element = asker.get_without_origin(&reader.visitor);
    stored.extend(element.map(|answer| ("a request without `Origin`".to_owned(), answer)));
    for visit in survey.visits.iter().filter(|visit| visit.visitor.origin != reader.visitor.origin)
    {
        let access = if with_cookies { &visit.with_cookies } else { &visit.without_cookies };
        let who = format!("a request from {}", visit.visitor.origin.serialized());
        stored.extend(access.answer.clone().map(|answer| (who, answer)));
    }
    let (who, answer, kept, handed) = stored.into_iter().find_map(|(who, answer)| {
        let kept = Kept::of(&answer)?;
        let handed = asker.handed(&reader.visitor, with_cookies, &answer);
        (!handed.blocked.is_empty()).then_some((who, answer, kept, handed))
    })?;
    let origin = reader.visitor.origin.serialized();
    Some(Finding {
        code: "cached-for-another",
        severity: match kept {
            Kept::AsTold => Severity::Medium,
            Kept::AsConfigured => Severity::Low,
        },
        who: reader.visitor.who,
        text: format!(
            "An HTTP cache may hand the answer to {who} to {origin}, which then cannot read it."
        ),
        engines: handed.blocked.iter().map(|(engine, _)| engine.clone()).collect(),
        evidence: format!(
            "the answer to {who} ({}) has no `Vary: Origin`, and a cache may keep it{}",
            answered(&answer.header_list),
            match kept {
                Kept::AsTold => ", as `Cache-Control`, `Expires` or `Last-Modified` says",
                Kept::AsConfigured => " if it is configured so",
            }
        ),
        fix: format!(
            "On {}: send `Vary: Origin` with every answer of this URL, also with those \
             to requests without `Origin` and from origins that may not read.",
            Where::server_of(&survey.url)
        ),
    })
}

/// Whether an HTTP cache keeps an answer that does not vary by `Origin`.
enum Kept {
    /// The answer says so.
    AsTold,
    /// Caches with rules of their own do.
    AsConfigured,
}

impl Kept {
    /// `None` if no cache hands the answer to another origin.
    fn of(answer: &Response) -> Option<Self> {
        let list = |name| answer.header_list.get_decode_and_split(name).unwrap_or_default();
        let vary = list("Vary");
        if vary.iter().any(|name| name == "*" || name.eq_ignore_ascii_case("Origin")) {
            return None;
        }
        let control: Vec<String> =
            list("Cache-Control").iter().map(|directive| directive.to_ascii_lowercase()).collect();
        let has = |name: &str| control.iter().any(|directive| directive == name);
        let seconds = |name: &str| {
            let mut values = control.iter().filter_map(|directive| {
                directive.strip_prefix(name)?.strip_prefix('=')?.parse::<u64>().ok()
            });
            values.next()
        };
        let age = seconds("s-maxage").or_else(|| seconds("max-age"));
        if has("no-store") || has("no-cache") || age == Some(0) || answer.status >= 500 {
            return None;
        }
        let is_told = age.is_some()
            || answer.header_list.contains("Expires")
            || answer.header_list.contains("Last-Modified");
        Some(if is_told { Self::AsTold } else { Self::AsConfigured })
    }
}

/// Errors that the owner's page cannot see, although it can read the URL.
fn errors(asker: &mut Asker<'_, '_>, survey: &Survey) -> Option<Finding> {
    let mut visits = survey.visits.iter().filter(|visit| {
        visit.visitor.who == Who::Own
            || (visit.visitor.who == Who::Foreign && visit.without_cookies.is_readable())
    });
    let (visit, with_cookies) = visits.find_map(|visit| {
        let with_cookies = visit.with_cookies.is_readable();
        (with_cookies || visit.without_cookies.is_readable()).then_some((visit, with_cookies))
    })?;
    let reads = if with_cookies { &visit.with_cookies } else { &visit.without_cookies };
    let missing = missing(&survey.url);
    let mut asked = vec![(
        format!("GET {}", url_as_sent(&missing)),
        Access::of(&asker.get(&visit.visitor, &missing, with_cookies)),
    )];
    if reads.headers.iter().any(|name| name == "authorization") {
        asked.push((
            format!("GET {} with a token that means nothing", url_as_sent(&survey.url)),
            Access::of(&asker.get_with_bad_token(&visit.visitor, with_cookies)),
        ));
    }
    let (request, access, status) = asked.into_iter().find_map(|(request, access)| {
        let status = access.status.filter(|status| *status >= 400)?;
        (!access.blocked.is_empty()).then_some((request, access, status))
    })?;
    Some(Finding {
        code: "errors-hidden",
        severity: Severity::Low,
        who: visit.visitor.who,
        text: format!(
            "{} can read this, but no error: a {status} looks like a failure of the network.",
            visit.visitor.origin.serialized()
        ),
        engines: access.blocked.iter().map(|(engine, _)| engine.clone()).collect(),
        evidence: format!(
            "{request} from {} => {status} ({})",
            visit.visitor.origin.serialized(),
            access.headers_of_answer().map(answered).unwrap_or_default()
        ),
        fix: format!(
            "On {}: send the same CORS headers with every status (nginx: `add_header … \
             always`; frameworks: let the CORS layer come before routes and error handlers).",
            Where::server_of(&survey.url)
        ),
    })
}

/// A URL of the same server that it should not know.
fn missing(url: &Url) -> Url {
    let mut missing = url.clone();
    missing.set_query(None);
    let path = format!("{}/browser-cors-no-such-path", url.path().trim_end_matches('/'));
    missing.set_path(&path);
    missing
}

/// Preflights that are repeated every few seconds.
fn short_preflights(survey: &Survey) -> Option<Finding> {
    const SHORT: u64 = 60;
    let mut visits = survey.visits.iter().filter(|visit| visit.visitor.who == Who::Own);
    let (visit, lasts) = visits.find_map(|visit| {
        let accesses = [&visit.with_cookies, &visit.without_cookies];
        let lasts = accesses.into_iter().map(|access| &access.preflight_lasts);
        Some((visit, lasts.into_iter().find(|lasts| !lasts.is_empty())?))
    })?;
    if lasts.iter().all(|(_, seconds)| *seconds >= SHORT) {
        return None;
    }
    let listed: Vec<_> =
        lasts.iter().map(|(engine, seconds)| format!("{engine} for {seconds} s")).collect();
    Some(Finding {
        code: "preflights-repeated",
        severity: Severity::Note,
        who: Who::Own,
        text: format!(
            "{} sends a preflight again after a few seconds.",
            visit.visitor.origin.serialized()
        ),
        engines: lasts.iter().map(|(engine, _)| engine.clone()).collect(),
        evidence: format!("the answer to a preflight is kept in {}", listed.join(", ")),
        fix: format!(
            "On {}: add `Access-Control-Max-Age: 7200` to the answers to preflights.",
            Where::server_of(&survey.url)
        ),
    })
}

/// What a visitor asked, and what the server said about it.
fn evidence(visitor: &Visitor, access: &Access) -> String {
    let status = access.status.map(|status| status.to_string()).unwrap_or_default();
    format!(
        "GET with `Origin: {}` => {status} ({})",
        visitor.origin.serialized(),
        access.headers_of_answer().map(answered).unwrap_or_default()
    )
}

/// The headers of an answer that decide who may read it.
fn answered(headers: &HeaderList) -> String {
    let names = ["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"];
    let lines = names.into_iter().flat_map(|name| {
        headers.values(name).map(move |value| format!("`{name}: {}`", value.escape_ascii()))
    });
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() { "no CORS headers".to_owned() } else { lines.join(", ") }
}
