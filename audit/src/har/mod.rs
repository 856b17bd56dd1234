//! Judges recorded traffic: a HAR, as browsers and proxies export it.
//!
//! Each exchange of a page with another origin is judged with the recorded answers, by the standard
//! and in each engine. A preflight belongs to its request, and a redirect to the request that it
//! leads to. The page's request is rebuilt from what the browser sent. If a preflight is missing
//! but its request was answered, it is assumed that the preflight was granted. A recording is
//! judged while it is read; the memory for that is bounded.
//!
//! An entry that cannot be read costs that entry alone. Members of odd types count as missing.
//!
//! # Secrets
//!
//! Recordings contain what logs users in. Verdicts are made without it:
//!
//! * Of a URL, user name, password and fragment are left out, and so is the value of a parameter of
//!   its query, unless it is short (10 characters), plain (letters, digits and `-_.,~:+`), and its
//!   name does not sound like a secret, as those of `?token=`, `?code=` and `?apiKey=` do. `...`
//!   stands for it. Paths are kept.
//! * Of the page's own headers, the values of `Accept`, `Content-Language`, `Content-Type` and `Range`
//!   are kept, without their parameters other than `charset`, `boundary` and `q`. Of others, such as
//!   `Authorization`, only the names are. No cookie and no body is kept.
//! * Of the server's headers, those that CORS or caches read are kept.
//!
//! ```
//! use std::ops::ControlFlow;
//!
//! use browser_cors_audit::har::{Judging, Verdict};
//!
//! let recording = r#"{"log": {"entries": [{
//!     "request": {"method": "GET", "url": "https://api.example/items", "headers": [
//!         {"name": "Origin", "value": "https://app.example"}]},
//!     "response": {"status": 200, "headers": [
//!         {"name": "Access-Control-Allow-Origin", "value": "https://app.example/"}]}
//! }]}}"#;
//!
//! let mut found = Vec::new();
//! let outcome = Judging::new().judge(recording.as_bytes(), |judged| {
//!     found.push(judged);
//!     ControlFlow::Continue(())
//! });
//! assert_eq!(outcome.broken, None);
//! assert_eq!(outcome.summary.blocked, 1);
//!
//! let judged = &found[0];
//! assert_eq!((judged.verdict(), judged.entries()), (Verdict::Blocked, vec![1]));
//! let error = judged.engines()[0].error().unwrap();
//! assert_eq!(error.refusal.code(), "allow-origin-mismatch");
//! ```

mod archive;
mod asked;
mod cached;
mod entry;
mod pairs;
mod scanner;
mod secret;
mod verdict;

use std::{borrow::Borrow, collections::HashMap, io::BufRead, ops::ControlFlow};

use browser_cors::{
    engine::Profile,
    origin::{Origin, url_as_sent},
    request::{CredentialsMode, Mode, Request},
    url::Url,
};
use serde::{Serialize, Serializer, ser::SerializeMap};

pub use archive::InvalidHar;
pub use asked::OriginFrom;
pub use secret::LEFT_OUT;
pub use verdict::{EngineVerdict, Risk, Verdict};

use crate::shell;

use archive::{Entry, Item};
use asked::{Known, NotJudged, PageRequest};
use cached::Cached;
use pairs::{Group, Hop, Pairs};
use verdict::Judgement;

/// How to judge recorded traffic: in which engines, and what to assume if the recording does not
/// show it.
///
/// ```
/// use browser_cors::{engine::Profile, request::CredentialsMode};
/// use browser_cors_audit::har::Judging;
///
/// let judging = Judging::new()
///     .in_engines([Profile::STANDARD])
///     .from_origin("https://app.example".parse()?)
///     .credentials(CredentialsMode::Include);
/// # Ok::<(), browser_cors::origin::InvalidOrigin>(())
/// ```
#[must_use]
#[derive(Clone, Debug)]
pub struct Judging {
    profiles: Vec<Profile>,
    origin: Option<Origin>,
    credentials: CredentialsMode,
}

impl Judging {
    /// Judges by the standard and in every engine.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judging;
    /// let judging = Judging::new();
    /// ```
    pub fn new() -> Self {
        Self {
            profiles: Profile::ALL.to_vec(),
            origin: None,
            credentials: CredentialsMode::SameOrigin,
        }
    }

    /// Sets the engines. Default: the standard and all engines. The first is compared with the
    /// others. Without any, nothing can be blocked.
    ///
    /// ```
    /// # use {browser_cors::engine::Profile, browser_cors_audit::har::Judging};
    /// let judging = Judging::new().in_engines([Profile::WEBKIT]);
    /// ```
    pub fn in_engines(mut self, profiles: impl IntoIterator<Item = impl Borrow<Profile>>) -> Self {
        self.profiles = profiles.into_iter().map(|profile| *profile.borrow()).collect();
        self
    }

    /// Sets the origin of the page, for requests with neither `Origin` nor `Referer` nor a page.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judging;
    /// let judging = Judging::new().from_origin("https://app.example".parse()?);
    /// # Ok::<(), browser_cors::origin::InvalidOrigin>(())
    /// ```
    pub fn from_origin(mut self, origin: Origin) -> Self {
        self.origin = Some(origin);
        self
    }

    /// Sets the credentials mode of requests that do not show theirs. Default: "same-origin".
    ///
    /// ```
    /// # use {browser_cors::request::CredentialsMode, browser_cors_audit::har::Judging};
    /// let judging = Judging::new().credentials(CredentialsMode::Include);
    /// ```
    pub const fn credentials(mut self, credentials_mode: CredentialsMode) -> Self {
        self.credentials = credentials_mode;
        self
    }

    /// Judges the exchanges in a HAR. Passes each verdict to `take` as soon as it is certain, until
    /// `take` breaks. If the HAR is broken, the exchanges before that place are still judged.
    ///
    /// ```
    /// use std::{fs::File, io::BufReader, ops::ControlFlow};
    ///
    /// use browser_cors_audit::har::Judging;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/har/short.har");
    /// let (input, mut lines) = (BufReader::new(File::open(path)?), Vec::new());
    /// let outcome = Judging::new().judge(input, |judged| {
    ///     lines.push(serde_json::to_string(&judged));
    ///     ControlFlow::Continue(())
    /// });
    /// assert_eq!((outcome.summary.fine, outcome.summary.fragile, lines.len()), (1, 2, 3));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn judge(
        &self,
        input: impl BufRead,
        take: impl FnMut(Judged) -> ControlFlow<()>,
    ) -> Outcome {
        let (origin, credentials) = (self.origin.clone(), self.credentials);
        let mut reader = Reader {
            profiles: &self.profiles,
            known: Known { pages: HashMap::new(), origin, credentials, is_of_proxy: false },
            pairs: Pairs::default(),
            cached: Cached::default(),
            summary: Summary::default(),
            unreadable: Vec::new(),
            take,
        };
        let mut flow = ControlFlow::Continue(());
        let read = archive::read(input, &mut |item| {
            flow = reader.item(item);
            flow
        });
        while flow.is_continue()
            && let Some(exchange) = reader.pairs.pop(true)
        {
            flow = reader.judge(exchange);
        }
        Outcome { summary: reader.summary, broken: read.err(), unreadable: reader.unreadable }
    }
}

impl Default for Judging {
    fn default() -> Self {
        Self::new()
    }
}

/// The result of judging a recording.
///
/// ```
/// # use browser_cors_audit::har::Outcome;
/// # fn f(outcome: &Outcome) {
/// match &outcome.broken {
///     Some(broken) => println!("recording.har:{broken}"),
///     None => println!("{} are blocked", outcome.summary.blocked),
/// }
/// # }
/// ```
#[must_use]
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// The number of entries and exchanges of each kind.
    pub summary: Summary,
    /// Why the recording could not be read to its end, if it could not.
    pub broken: Option<InvalidHar>,
    /// Why entries could not be read: the first 20 of [`Summary::unreadable`]. The others were judged.
    pub unreadable: Vec<InvalidHar>,
}

/// The number of entries, and of exchanges of each kind.
///
/// Each entry is counted once: `entries` is the sum of `judged`, `same_origin`, `navigations`,
/// `others`, `without_origin` and `unreadable`. Each exchange is counted once: `exchanges` is the sum
/// of `fine`, `fragile`, `blocked` and `unanswered`. An exchange has one entry or more.
///
/// ```
/// # use browser_cors_audit::har::Summary;
/// # fn f(summary: &Summary) {
/// if summary.without_origin > 0 {
///     println!("{} requests are of an unknown origin", summary.without_origin);
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Summary {
    /// All entries.
    pub entries: u64,
    /// [`Verdict::Fine`]
    pub fine: u64,
    /// [`Verdict::Fragile`]
    pub fragile: u64,
    /// [`Verdict::Blocked`]
    pub blocked: u64,
    /// [`Verdict::Unanswered`]
    pub unanswered: u64,
    /// Entries of requests to the page's own origin, which are not judged.
    pub same_origin: u64,
    /// Entries of navigations, which CORS does not concern.
    pub navigations: u64,
    /// Entries that no page fetched over HTTP: WebSockets, URLs that are not HTTP(S), requests of the
    /// browser itself or of a test, and redirects that no server sent, as for HSTS.
    pub others: u64,
    /// Entries of requests of an unknown origin.
    pub without_origin: u64,
    /// Exchanges that were judged.
    pub exchanges: u64,
    /// Entries of exchanges that were judged.
    pub judged: u64,
    /// Entries that could not be read.
    pub unreadable: u64,
}

/// The most pages whose origins are kept.
const PAGES_LIMIT: usize = 1024;

/// The most reasons that are kept why entries could not be read.
const UNREADABLE_LIMIT: usize = 20;

/// Parts of the names of programs that record what goes through them, and enforce nothing.
const PROXIES: [&str; 9] = [
    "burp",
    "charles",
    "fiddler",
    "insomnia",
    "mitmproxy",
    "owasp",
    "proxyman",
    "reqable",
    "toolkit",
];

struct Reader<'a, F> {
    profiles: &'a [Profile],
    known: Known,
    pairs: Pairs,
    cached: Cached,
    summary: Summary,
    unreadable: Vec<InvalidHar>,
    take: F,
}

impl<F: FnMut(Judged) -> ControlFlow<()>> Reader<'_, F> {
    fn item(&mut self, item: Item) -> ControlFlow<()> {
        match item {
            Item::Writer(name) => {
                let name = name.to_ascii_lowercase();
                self.known.is_of_proxy = PROXIES.iter().any(|proxy| name.contains(proxy));
            }
            Item::Page { id, url } => {
                if let Some(url) = url {
                    self.page(id, &url);
                }
            }
            Item::Entry(entry) => {
                self.summary.entries += 1;
                self.document(&entry);
                self.cached.see(&entry);
                self.pairs.push(entry);
                while let Some(exchange) = self.pairs.pop(false) {
                    self.judge(exchange)?;
                }
            }
            Item::Unreadable(why) => {
                self.summary.entries += 1;
                self.summary.unreadable += 1;
                if self.unreadable.len() < UNREADABLE_LIMIT {
                    self.unreadable.push(why);
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn page(&mut self, id: String, url: &Url) {
        let origin = Origin::of_page(url);
        if !origin.is_opaque() && self.known.pages.len() < PAGES_LIMIT {
            self.known.pages.entry(id).or_insert(origin);
        }
    }

    /// Learns the origin of a page from its document: the first navigation that is no redirect.
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
            self.page(page.clone(), &url);
        }
    }

    fn judge(&mut self, exchange: Group) -> ControlFlow<()> {
        let (mut hops, mut orphan) = match exchange {
            Group::Fetch(hops) => (hops, None),
            Group::Preflight(entry, url) => (Vec::new(), Some((entry, url))),
            Group::Other => {
                self.summary.others += 1;
                return ControlFlow::Continue(());
            }
        };
        let stored = match &*hops {
            [hop] => self.cached.before(&hop.entry),
            _ => None,
        };
        hops.iter_mut().for_each(Hop::take_out_secrets);
        if let Some((entry, url)) = &mut orphan {
            secret::take_out(entry);
            *url = pairs::without_secrets(url);
        }
        // Ours: what the browser redirects by itself, as for HSTS, was never sent.
        let unsent = hops.iter().take_while(|hop| hop.entry.is_of_browser()).count();
        let unsent = hops.drain(..unsent.min(hops.len().saturating_sub(1)));
        self.summary.others += unsent.map(|hop| hop.entries()).sum::<u64>();
        let entries = hops.iter().map(Hop::entries).sum::<u64>() + u64::from(orphan.is_some());
        let asked = match &orphan {
            Some((entry, url)) => PageRequest::from_preflight(entry, url, &self.known),
            None => PageRequest::from_hops(&hops, &self.known),
        };
        let mut asked = match asked {
            Ok(asked) => asked,
            Err(not_judged) => {
                *match not_judged {
                    NotJudged::Navigation => &mut self.summary.navigations,
                    NotJudged::WebSocket | NotJudged::Browser => &mut self.summary.others,
                    NotJudged::NoOrigin => &mut self.summary.without_origin,
                } += entries;
                return ControlFlow::Continue(());
            }
        };
        let origin = &asked.request.origin;
        if orphan.is_none() && hops.iter().all(|hop| origin.is_same_origin_with_url(&hop.url)) {
            self.summary.same_origin += entries;
            return ControlFlow::Continue(());
        }
        let orphan = orphan.map(|(entry, _)| entry);
        let mut judgement = verdict::judge(&asked, &hops, orphan.as_deref(), self.profiles);
        if asked.credentials_from.is_none() && judgement.is_contradicted(&hops) {
            let with_credentials = asked.with_credentials();
            let again = verdict::judge(&with_credentials, &hops, None, self.profiles);
            if again.verdict == Verdict::Blocked {
                (asked, judgement) = (with_credentials, again);
            }
        }
        judgement.heed(&hops);
        if let (Some(stored), Mode::Cors, [hop]) = (stored, asked.request.mode, &*hops) {
            judgement.mind_cache(stored, hop);
        }
        self.summary.judged += entries;
        self.summary.exchanges += 1;
        match judgement.verdict {
            Verdict::Fine => self.summary.fine += 1,
            Verdict::Fragile => self.summary.fragile += 1,
            Verdict::Blocked => self.summary.blocked += 1,
            Verdict::Unanswered => self.summary.unanswered += 1,
        }
        (self.take)(Judged { asked, hops, orphan, judgement })
    }
}

/// A judged exchange of a page with another origin: a request with its preflight and the redirects
/// after it, or a preflight without its request.
///
/// Its JSON is a line of `browser-cors har --format json`.
///
/// ```
/// # use browser_cors_audit::har::{Judged, Verdict};
/// fn complain(judged: &Judged) {
///     if judged.verdict() == Verdict::Blocked {
///         println!("{} {} is blocked", judged.request().method, judged.request().url());
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Judged {
    asked: PageRequest,
    hops: Vec<Hop>,
    /// The preflight, if nothing else was recorded.
    orphan: Option<Box<Entry>>,
    judgement: Judgement,
}

impl Judged {
    /// The verdict.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// println!("{}", judged.verdict().as_str());
    /// # }
    /// ```
    pub const fn verdict(&self) -> Verdict {
        self.judgement.verdict
    }

    /// The numbers of its entries, from 1, in the order of the exchanges.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// println!("entries {:?}", judged.entries());
    /// # }
    /// ```
    pub fn entries(&self) -> Vec<u64> {
        let hops = self.hops.iter().flat_map(|hop| {
            hop.preflight.iter().map(|preflight| preflight.number).chain([hop.entry.number])
        });
        self.orphan.iter().map(|entry| entry.number).chain(hops).collect()
    }

    /// The page's request, as far as it is known, without [secrets](self#secrets). The values of
    /// headers that were not recorded are made up.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// println!("from {}", judged.request().origin.serialized());
    /// # }
    /// ```
    pub const fn request(&self) -> &Request {
        &self.asked.request
    }

    /// The evidence for the request's origin.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// println!("{}", judged.origin_from().as_str());
    /// # }
    /// ```
    pub const fn origin_from(&self) -> OriginFrom {
        self.asked.origin_from
    }

    /// The evidence for the request's credentials mode; `None` if the mode is assumed. It is a
    /// header, a kind of request, or `_error` if the browser blocked what only credentials forbid.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// let is_assumed = judged.credentials_from().is_none();
    /// # }
    /// ```
    pub const fn credentials_from(&self) -> Option<&'static str> {
        self.asked.credentials_from
    }

    /// Whether it is assumed that a preflight was granted, because none was recorded.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// if judged.preflight_is_assumed() {
    ///     println!("the preflight was cached, maybe");
    /// }
    /// # }
    /// ```
    pub const fn preflight_is_assumed(&self) -> bool {
        self.judgement.preflight_is_assumed
    }

    /// The last status that was recorded.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// let has_failed = judged.status().is_some_and(|status| status >= 400);
    /// # }
    /// ```
    pub fn status(&self) -> Option<u16> {
        let status = self.hops.last()?.entry.status;
        (status != 0).then_some(status)
    }

    /// The browser's error message.
    ///
    /// ```
    /// # use {browser_cors::console::recognize, browser_cors_audit::har::Judged};
    /// # fn f(judged: &Judged) {
    /// let is_of_cors = judged.browser_error().is_some_and(|error| recognize(error).is_ok());
    /// # }
    /// ```
    pub fn browser_error(&self) -> Option<&str> {
        let error = self.hops.last()?.entry.error.as_deref();
        error.filter(|error| !error.is_empty())
    }

    /// The verdict of each engine.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// let blocked = judged.engines().iter().filter(|engine| engine.is_blocked());
    /// # }
    /// ```
    pub fn engines(&self) -> &[EngineVerdict] {
        &self.judgement.rows
    }

    /// What makes it fragile.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// let is_without_vary = judged.risks().iter().any(|risk| risk.kind == "vary");
    /// # }
    /// ```
    pub fn risks(&self) -> &[Risk] {
        &self.judgement.risks
    }

    /// What is worth knowing besides: it does not make the exchange fragile.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// let is_by_cache = judged.notes().iter().any(|note| note.kind == "http-cache");
    /// # }
    /// ```
    pub fn notes(&self) -> &[Risk] {
        &self.judgement.notes
    }

    /// The command that asks the server what the page asked, for a POSIX shell. [`LEFT_OUT`] stands
    /// for what was left out of the recording.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// println!("try: {}", judged.check_command());
    /// # }
    /// ```
    pub fn check_command(&self) -> String {
        let request = self.request();
        let url = url_as_sent(request.url());
        let headers: Vec<_> = request
            .header_list
            .iter()
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
            .collect();
        let mut words = vec!["browser-cors", "check", &*url, "--origin"];
        words.extend([request.origin.serialized(), "-X", request.method.as_str()]);
        words.extend(headers.iter().flat_map(|header| ["-H", header]));
        if request.body.is_some() {
            words.extend(["-d", LEFT_OUT]);
        }
        if request.mode != Mode::Cors {
            words.extend(["--mode", request.mode.as_str()]);
        }
        if request.credentials_mode != CredentialsMode::SameOrigin {
            words.extend(["--credentials", request.credentials_mode.as_str()]);
        }
        if self.credentials_from() == Some("Cookie") {
            words.extend(["--cookie", "NAME=..."]);
        }
        shell::command(words)
    }

    /// The headers of the answer that the page cannot see, if the exchange is not blocked.
    ///
    /// ```
    /// # use browser_cors_audit::har::Judged;
    /// # fn f(judged: &Judged) {
    /// println!("hidden: {}", judged.hidden().join(", "));
    /// # }
    /// ```
    pub fn hidden(&self) -> &[String] {
        &self.judgement.hidden
    }
}

impl Serialize for Judged {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let request = self.request();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("entries", &self.entries())?;
        map.serialize_entry("verdict", self.verdict().as_str())?;
        map.serialize_entry("method", request.method.as_str())?;
        map.serialize_entry("url", &url_as_sent(request.url()))?;
        map.serialize_entry("origin", request.origin.serialized())?;
        map.serialize_entry("origin_from", self.origin_from().as_str())?;
        map.serialize_entry("mode", request.mode.as_str())?;
        map.serialize_entry("credentials", request.credentials_mode.as_str())?;
        if let Some(from) = self.credentials_from() {
            map.serialize_entry("credentials_from", from)?;
        }
        if self.preflight_is_assumed() {
            map.serialize_entry("preflight", "assumed")?;
        }
        map.serialize_entry("status", &self.status())?;
        if let Some(error) = self.browser_error() {
            map.serialize_entry("error", error)?;
        }
        map.serialize_entry("engines", &EnginesByName(self.engines()))?;
        map.serialize_entry("fragile", self.risks())?;
        map.serialize_entry("hidden", self.hidden())?;
        map.serialize_entry("notes", self.notes())?;
        map.end()
    }
}

/// Serializes the verdict of each engine, by the engine's name.
struct EnginesByName<'a>(&'a [EngineVerdict]);

impl Serialize for EnginesByName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|engine| (engine.profile().to_string(), engine)))
    }
}
