//! `browser-cors har`: what a browser does about CORS in recorded traffic.

mod archive;
mod asked;
mod pairs;
mod report;
mod verdict;

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufReader, BufWriter, Write},
    process::ExitCode,
};

use browser_cors::{
    engine::Profile,
    origin::{Origin, has_http_scheme},
    request::Mode,
};

use crate::{
    args::{Format, HarArgs},
    engine,
    output::{bar_of_bytes, unjudged},
};

use archive::{Broken, Entry, Item};
use asked::{Asked, Known, NotAsked};
use pairs::{Exchange, Pairs};
use report::{Report, Summary};
use verdict::Verdict;

pub(crate) fn run(args: &HarArgs) -> ExitCode {
    engine::note_stand_ins(&args.engine);
    let mut reader = Reader {
        args,
        profiles: engine::profiles(&args.engine),
        known: Known {
            pages: HashMap::new(),
            origin: args.origin.clone(),
            credentials: args.credentials,
        },
        pairs: Pairs::default(),
        summary: Summary::default(),
        output: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
    };
    let (name, result) = if args.file.as_os_str() == "-" {
        ("standard input".to_owned(), reader.read(BufReader::new(io::stdin().lock())))
    } else {
        let name = args.file.display().to_string();
        match File::open(&args.file) {
            Ok(file) => {
                let length = args.file.metadata().map_or(0, |metadata| metadata.len());
                let progress = bar_of_bytes(length);
                let file = BufReader::with_capacity(1 << 16, progress.wrap_read(file));
                let result = reader.read(file);
                progress.finish_and_clear();
                (name, result)
            }
            Err(error) => return unjudged(format_args!("{name}: cannot be read: {error}")),
        }
    };
    let broken = match result.map(|broken| (broken, reader.output.flush())) {
        Ok((broken, Ok(()))) => broken,
        // Ours: whoever reads the verdicts has had enough of them.
        Err(error) | Ok((_, Err(error))) if error.kind() == io::ErrorKind::BrokenPipe => None,
        Err(error) | Ok((_, Err(error))) => {
            return unjudged(format_args!("cannot write the verdicts: {error}"));
        }
    };
    let summary = &reader.summary;
    if summary.without_origin > 0 {
        eprintln!(
            "browser-cors: {name}: entries without Origin, Referer and page: {}; --origin may say \
             who asked",
            summary.without_origin
        );
    }
    if let Some(Broken { line, column, entry, reason }) = &broken {
        let entry = entry.map_or_else(String::new, |number| format!("entry {number}: "));
        return unjudged(format_args!("{name}:{line}:{column}: {entry}{reason}"));
    }
    ExitCode::from(if summary.without_origin > 0 {
        2
    } else {
        u8::from(summary.blocked > 0 || args.strict && summary.luck > 0)
    })
}

/// How many pages are known by their names.
const PAGES_LIMIT: usize = 1024;

struct Reader<'a, W> {
    args: &'a HarArgs,
    profiles: Vec<Profile>,
    known: Known,
    pairs: Pairs,
    summary: Summary,
    output: W,
}

impl<W: Write> Reader<'_, W> {
    /// Judges what is in a HAR, and what is in it before it breaks. An error is one of writing.
    fn read(&mut self, input: impl io::BufRead) -> io::Result<Option<Broken>> {
        let result = archive::read(input, &mut |item| self.take(item));
        let broken = match result {
            Ok(result) => {
                result?;
                None
            }
            Err(broken) => Some(broken),
        };
        while let Some(exchange) = self.pairs.pop(true) {
            self.judge(exchange)?;
        }
        match self.args.format {
            Format::Text => writeln!(self.output, "{}", self.summary)?,
            Format::Json => {
                let line = HashMap::from([("summary", &self.summary)]);
                serde_json::to_writer(&mut self.output, &line)?;
                self.output.write_all(b"\n")?;
            }
        }
        Ok(broken)
    }

    fn take(&mut self, item: Item) -> io::Result<()> {
        match item {
            Item::Page { id, url } => {
                if let Some(url) = url.filter(has_http_scheme) {
                    self.page(id, Origin::from(&url));
                }
            }
            Item::Entry(entry) => {
                self.summary.entries += 1;
                self.document(&entry);
                self.pairs.push(entry);
                while let Some(exchange) = self.pairs.pop(false) {
                    self.judge(exchange)?;
                }
            }
        }
        Ok(())
    }

    fn page(&mut self, id: String, origin: Origin) {
        if self.known.pages.len() < PAGES_LIMIT {
            self.known.pages.entry(id).or_insert(origin);
        }
    }

    /// Learns where a page is from its document: the first navigation that is no redirect.
    fn document(&mut self, entry: &Entry) {
        let Some(page) = &entry.page else { return };
        if self.known.pages.contains_key(page)
            || asked::mode(entry, asked::destination(entry)) != Mode::Navigate
        {
            return;
        }
        if let Ok(url) = entry.url.parse()
            && pairs::target(entry, &url).is_none()
        {
            self.page(page.clone(), Origin::from(&url));
        }
    }

    fn judge(&mut self, exchange: Exchange) -> io::Result<()> {
        let (mut hops, orphan) = match exchange {
            Exchange::Fetch(hops) => (hops, None),
            Exchange::Preflight(entry, url) => (Vec::new(), Some((entry, url))),
            Exchange::Other => {
                self.summary.others += 1;
                return Ok(());
            }
        };
        // Ours: what a browser redirects by itself, as for HSTS, was never sent.
        let internal = |hop: &pairs::Hop| hop.entry.response.contains("Non-Authoritative-Reason");
        while hops.len() > 1 && internal(&hops[0]) {
            hops.remove(0);
        }
        let asked = match &orphan {
            Some((entry, url)) => Asked::behind(entry, url, &self.known),
            None => Asked::by(&hops, &self.known),
        };
        let asked = match asked {
            Ok(asked) => asked,
            Err(NotAsked::Navigation) => {
                self.summary.navigations += 1;
                return Ok(());
            }
            Err(NotAsked::WebSocket) => {
                self.summary.others += 1;
                return Ok(());
            }
            Err(NotAsked::NoOrigin) => {
                self.summary.without_origin += 1;
                return Ok(());
            }
        };
        let origin = &asked.request.origin;
        if orphan.is_none() && hops.iter().all(|hop| origin.is_same_origin_with_url(&hop.url)) {
            self.summary.same_origin += 1;
            return Ok(());
        }
        let orphan = orphan.map(|(entry, _)| entry);
        let mut asked = asked;
        let mut judged = verdict::judge(&asked, &hops, orphan.as_deref(), &self.profiles);
        if asked.credentials_from.is_none() && judged.is_contradicted(&hops) {
            let with_credentials = asked.with_credentials();
            let again = verdict::judge(&with_credentials, &hops, None, &self.profiles);
            if again.verdict == Verdict::Blocked {
                (asked, judged) = (with_credentials, again);
            }
        }
        judged.heed(&hops);
        match judged.verdict {
            Verdict::Fine => self.summary.fine += 1,
            Verdict::Luck => self.summary.luck += 1,
            Verdict::Blocked => self.summary.blocked += 1,
            Verdict::Unanswered => self.summary.unanswered += 1,
        }
        let report =
            Report { asked: &asked, hops: &hops, orphan: orphan.as_deref(), judged: &judged };
        match self.args.format {
            Format::Text => write!(self.output, "{report}"),
            Format::Json => {
                serde_json::to_writer(&mut self.output, &report)?;
                self.output.write_all(b"\n")
            }
        }
    }
}
