//! A first file of expectations: what a live server grants today.
//!
//! The URL itself is asked with GET. All else is asked by preflights, which change nothing.

use std::fmt::Write;

use browser_cors::{
    engine::Profile,
    fetch::Outcome,
    header::{
        HeaderList,
        safelist::{cors_unsafe_request_header_names, is_cors_safelisted_response_header_name},
    },
    http::HeaderName,
    origin::Origin,
    page::headers::{Guard, Headers},
    request::CredentialsMode::{self, Include, SameOrigin},
    url::{Position, Url},
};
use toml::Value;

use crate::{args::ExpectArgs, engine};

use super::{
    ask::{Asked, ask},
    file::{self, Demands, File, From, Kind, Page, Place, Row, Send},
    judge::{Verdict, judge},
    listed,
    plan::plan,
    secret::Secrets,
};

/// The methods that preflights are sent for.
const METHODS: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

/// The headers that preflights are sent for, beside those that a server lists.
const HEADERS: [&str; 3] = ["authorization", "content-type", "x-requested-with"];

/// How many headers of a server's list are asked for.
const LISTED_LIMIT: usize = 32;

/// The file for a URL, as text that [`file::read`] takes.
pub(super) fn file(url: &str, args: &ExpectArgs) -> Result<String, String> {
    let url = Url::parse(url).map_err(|error| format!("`{url}` is not a URL: {error}"))?;
    let base = file::base(&url[..Position::BeforePath])?;
    let probe = Probe {
        args,
        profiles: engine::profiles(&args.asking.engine),
        base,
        path: url[Position::BeforePath..Position::AfterQuery].to_owned(),
        pages: pages(&args.origin),
    };
    let mut rows = probe.granted()?;
    rows.extend(probe.refused()?);
    // What is granted by parts may not be granted together, or not a second time.
    loop {
        if rows.is_empty() {
            return Err(format!("{url}: nothing of what was asked gave the same answer twice"));
        }
        let text = probe.text(&rows);
        let failed = probe.failed(&text)?;
        if failed.is_empty() {
            return Ok(text);
        }
        for index in failed.into_iter().rev() {
            // Engines may keep the answer to a preflight for less long than it says.
            if rows[index].preflight_every.take().is_none() {
                rows.remove(index);
            }
        }
    }
}

struct Probe<'a> {
    args: &'a ExpectArgs,
    profiles: Vec<Profile>,
    base: Url,
    path: String,
    pages: Vec<Page>,
}

/// A row of the file to be.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Line {
    table: &'static str,
    name: String,
    pages: Vec<usize>,
    from: Vec<&'static str>,
    methods: Vec<&'static str>,
    headers: Vec<String>,
    credentials: Vec<CredentialsMode>,
    read: Vec<String>,
    preflight_every: Option<u64>,
    send: Send,
}

impl Line {
    fn new(table: &'static str, name: &str) -> Self {
        Self {
            table,
            name: name.to_owned(),
            pages: Vec::new(),
            from: Vec::new(),
            methods: Vec::new(),
            headers: Vec::new(),
            credentials: Vec::new(),
            read: Vec::new(),
            preflight_every: None,
            send: Send::Request,
        }
    }
}

impl Probe<'_> {
    /// What the pages may do; pages that may do the same share a row.
    fn granted(&self) -> Result<Vec<Line>, String> {
        let mut lines: Vec<Line> = Vec::new();
        for page in 0..self.pages.len() {
            for line in self.granted_to(page)? {
                let same = lines
                    .iter_mut()
                    .find(|other| Line { pages: line.pages.clone(), ..(*other).clone() } == line);
                match same {
                    Some(other) => other.pages.push(page),
                    None => lines.push(line),
                }
            }
        }
        Ok(lines)
    }

    fn granted_to(&self, page: usize) -> Result<Vec<Line>, String> {
        let mut lines = Vec::new();
        let mut listed_headers = Vec::new();
        let mut modes = vec![Include, SameOrigin];
        for mode in [Include, SameOrigin] {
            let (passes, asked) = self.ask(self.row(page, "GET", &[], mode, Send::Request))?;
            if passes {
                let mut line = Line::new("allow", "read");
                line.pages = vec![page];
                line.credentials = vec![mode];
                line.read = exposed(&asked);
                lines.push(line);
                modes = vec![mode];
                break;
            }
        }
        for mode in modes {
            let mut line = Line::new("allow", "write");
            line.pages = vec![page];
            line.credentials = vec![mode];
            line.send = Send::Preflight;
            let mut ages = Vec::new();
            for method in METHODS {
                let headers: &[&str] = if method == "POST" { &["content-type"] } else { &[] };
                let (passes, asked) =
                    self.ask(self.row(page, method, headers, mode, Send::Preflight))?;
                listed_headers.extend(allowed_headers(&asked));
                if passes {
                    line.methods.push(method);
                    ages.extend(max_age(&asked));
                }
            }
            let mut candidates: Vec<_> = HEADERS.map(str::to_owned).to_vec();
            for name in listed_headers.drain(..).take(LISTED_LIMIT) {
                if !candidates.contains(&name) && self.needs_preflight(&name) {
                    candidates.push(name);
                }
            }
            let mut headers = Vec::new();
            for name in candidates {
                let (passes, _) =
                    self.ask(self.row(page, "GET", &[&name], mode, Send::Preflight))?;
                if passes {
                    headers.push(name);
                }
            }
            line.headers = headers;
            if line.methods.is_empty() && !line.headers.is_empty() {
                line.methods.push("GET");
            }
            // POST by itself has no preflight.
            if line.headers.is_empty() {
                line.methods.retain(|method| *method != "POST");
            }
            if !line.methods.is_empty() {
                line.preflight_every = ages.into_iter().min().filter(|age| *age > 0);
                lines.push(line);
                break;
            }
        }
        Ok(lines)
    }

    /// What nobody else may read.
    fn refused(&self) -> Result<Vec<Line>, String> {
        let mut lines: Vec<Line> = Vec::new();
        for (name, from) in
            [("foreign", From::Foreign), ("null", From::Null), ("look-alike", From::LookAlike)]
        {
            let mut modes = Vec::new();
            for mode in [SameOrigin, Include] {
                let mut row = self.row(0, "GET", &[], mode, Send::Request);
                row.pages = (0..self.pages.len()).collect();
                row.kind = Kind::Deny(vec![from.clone()]);
                if self.ask(row).is_ok_and(|(passes, _)| passes) {
                    modes.push(mode);
                }
            }
            match lines.iter_mut().find(|line| line.credentials == modes) {
                _ if modes.is_empty() => {}
                Some(line) => line.from.push(name),
                None => {
                    let mut line = Line::new("deny", "others");
                    line.from = vec![name];
                    line.credentials = modes;
                    lines.push(line);
                }
            }
        }
        Ok(lines)
    }

    fn row(
        &self,
        page: usize,
        method: &str,
        headers: &[&str],
        credentials: CredentialsMode,
        send: Send,
    ) -> Row {
        let headers = headers.iter().map(|name| ((*name).to_owned(), value(name).into()));
        Row {
            kind: Kind::Allow(Demands::default()),
            name: String::new(),
            place: Place { line: 1, column: 1 },
            pages: vec![page],
            paths: vec![self.path.clone()],
            methods: vec![method.to_owned()],
            headers: vec![headers.collect()],
            body: None,
            credentials: vec![credentials],
            cookie: None,
            send,
        }
    }

    /// Whether a row passes in every engine, and what came of its first combination.
    fn ask(&self, row: Row) -> Result<(bool, Vec<Asked>), String> {
        let (pages, secrets) = (self.pages.clone(), Secrets::default());
        let file = File { base: None, pages, rows: vec![row], secrets };
        let verdicts = self.run(&file)?;
        let mut verdicts = verdicts.into_iter();
        let (_, first, asked) = verdicts.next().unwrap_or((0, Verdict::Unjudged, Vec::new()));
        let passes = first == Verdict::Passed && verdicts.all(|(_, v, _)| v == Verdict::Passed);
        Ok((passes, asked))
    }

    /// The rows of the finished text, by their index, that do not pass, in order.
    fn failed(&self, text: &str) -> Result<Vec<usize>, String> {
        let file =
            file::read(text, &|_| None).map_err(|problems| listed("the new file", &problems))?;
        let verdicts = self.run(&file)?;
        let failed = verdicts.into_iter().filter(|(_, verdict, _)| *verdict != Verdict::Passed);
        let mut failed: Vec<_> = failed.map(|(index, ..)| index).collect();
        failed.dedup();
        Ok(failed)
    }

    /// Each combination: its row, its verdict, and what happened. No answer ends it all.
    fn run(&self, file: &File) -> Result<Vec<(usize, Verdict, Vec<Asked>)>, String> {
        let cases = plan(file, &self.base, &self.profiles)
            .map_err(|problems| listed("the new file", &problems))?;
        let asked = ask(&cases, &self.args.asking, &self.profiles, |_, asked| asked);
        let judged = cases.iter().zip(asked).map(|(case, asked)| {
            let judged = judge(case, &asked, &file.secrets);
            let silent = judged.findings.iter().find(|f| f.verdict == Verdict::Unjudged);
            if let Some(finding) = silent {
                return Err(finding.message.clone());
            }
            let index = file.rows.iter().position(|row| std::ptr::eq(row, case.row));
            Ok((index.unwrap_or_default(), judged.verdict, asked))
        });
        judged.collect()
    }

    /// Whether a header can be set and has a preflight by itself in every engine.
    fn needs_preflight(&self, name: &str) -> bool {
        let mut headers = Headers::new(Guard::Request);
        let value = value(name);
        HeaderName::try_from(name).is_ok()
            && headers.append(name, value) == Ok(true)
            && HeaderList::try_from([(name, value)]).is_ok_and(|list| {
                let unsafe_in = |p| !cors_unsafe_request_header_names(&list, p).is_empty();
                self.profiles.iter().all(unsafe_in)
            })
    }

    /// The file.
    fn text(&self, lines: &[Line]) -> String {
        let base = self.base.as_str().trim_end_matches('/');
        let mut text = format!("base = {}\n\n[pages]\n", quoted(base));
        // Writing to a string cannot fail.
        for Page { name, origin } in &self.pages {
            let _ = writeln!(text, "{name} = {}", quoted(origin.serialized()));
        }
        for line in lines {
            let _ = write!(text, "\n[[{}]]\nname = {}\n", line.table, quoted(&line.name));
            let mut list = |key: &str, items: &[&str]| {
                if !items.is_empty() {
                    let items: Vec<_> = items.iter().map(|item| quoted(item)).collect();
                    let _ = writeln!(text, "{key} = [{}]", items.join(", "));
                }
            };
            if line.pages.len() < self.pages.len() {
                let pages = line.pages.iter().map(|index| self.pages[*index].name.as_str());
                list("pages", &pages.collect::<Vec<_>>());
            }
            list("from", &line.from);
            list("methods", &line.methods);
            list("paths", &[&self.path]);
            list(
                "credentials",
                &line.credentials.iter().map(|mode| mode.as_str()).collect::<Vec<_>>(),
            );
            list("read", &line.read.iter().map(String::as_str).collect::<Vec<_>>());
            if !line.headers.is_empty() {
                let headers = line.headers.iter();
                let headers: Vec<_> = headers
                    .map(|name| format!("{} = {}", quoted(name), quoted(value(name))))
                    .collect();
                let _ = writeln!(text, "headers = {{ {} }}", headers.join(", "));
            }
            if let Some(seconds) = line.preflight_every {
                let _ = writeln!(text, "preflight-every = {seconds}");
            }
            if line.send == Send::Preflight {
                text.push_str("send = \"preflight\"\n");
            }
        }
        text
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The pages, by names that are made of their hosts.
fn pages(origins: &[Origin]) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    for origin in origins {
        if pages.iter().any(|page| page.origin.serialized() == origin.serialized()) {
            continue;
        }
        let host = origin.serialized().split("://").last().unwrap_or_default();
        let host: String =
            host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let is_taken = |name: &str| pages.iter().any(|page| page.name == name);
        let name = if is_taken(&host) { format!("{host}-{}", pages.len() + 1) } else { host };
        pages.push(Page { name, origin: origin.clone() });
    }
    pages
}

/// A value that needs a preflight.
fn value(name: &str) -> &'static str {
    match name {
        "content-type" => "application/json",
        "authorization" => "Bearer x",
        "range" => "items=0-1",
        _ => "x",
    }
}

/// The response headers that a page may read because the server says so.
fn exposed(asked: &[Asked]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if let Some(Asked { transcript, .. }) = asked.first()
        && let Outcome::Response(response) = &transcript.outcome
    {
        for (name, _) in response.headers() {
            let name = name.to_ascii_lowercase();
            if !is_cors_safelisted_response_header_name(&name, &[])
                && !name.starts_with("access-control-")
                && !["date", "server", "connection", "keep-alive", "vary"].contains(&name.as_str())
                && HeaderName::try_from(name.as_str()).is_ok()
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
    }
    names
}

/// What the answers to preflights list.
fn allowed_headers(asked: &[Asked]) -> Vec<String> {
    let exchanges = asked.iter().take(1).flat_map(|asked| &asked.transcript.exchanges);
    let answers = exchanges.filter_map(|exchange| exchange.answer.as_ref().ok());
    let lists = answers.filter_map(|answer| {
        answer.header_list.get_decode_and_split("Access-Control-Allow-Headers")
    });
    lists.flatten().map(|name| name.to_ascii_lowercase()).collect()
}

/// How long the answer to a preflight may be kept: zero where it does not say.
fn max_age(asked: &[Asked]) -> Option<u64> {
    let exchange = asked.first()?.transcript.exchanges.first()?;
    let value = exchange.answer.as_ref().ok()?.header_list.get("Access-Control-Max-Age");
    let seconds: u64 = value.and_then(|v| std::str::from_utf8(&v).ok()?.parse().ok()).unwrap_or(0);
    Some(seconds.min(86_400))
}
