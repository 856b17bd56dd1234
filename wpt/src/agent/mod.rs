//! The user agent below its pages: it carries out the fetches that the library decides.
//!
//! Every decision about CORS is the library's. What is here are the parts that it leaves to its
//! embedder: cookies, authentication entries, the HTTP cache, `blob:` URLs, integrity.

mod cookies;
mod exchange;
mod http_cache;
mod integrity;
mod policies;

use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use browser_cors::{
    Action, Context, Outcome, PreflightCache, Profile, Timestamp, UserAgent,
    fetch::{KEEPALIVE_LIMIT, NetworkError},
    http::HeaderValue,
    page::loads::Load,
    request::Request,
    response::{FilteredResponse, ResponseType},
    url::Url,
};
use data_url::DataUrl;
use rustls::ClientConfig;

pub use self::policies::Policies;
use self::{cookies::Jar, exchange::Source, http_cache::HttpCache};
use crate::{
    agent::http_cache::ToStore,
    delivered::{Delivered, Event, latin1},
    net, page,
};

/// What the pages of one test share.
pub struct Agent {
    user_agent: UserAgent,
    preflights: Mutex<PreflightCache>,
    http_cache: Mutex<HttpCache>,
    jar: Mutex<Jar>,
    /// The `Authorization` of each origin.
    authentication_entries: Mutex<HashMap<String, Vec<u8>>>,
    blobs: Mutex<HashMap<String, Blob>>,
    keepalive_bytes: AtomicU64,
    start: Instant,
    tls: Arc<ClientConfig>,
}

/// What a `blob:` URL names.
#[derive(Clone, Debug)]
pub struct Blob {
    /// The content.
    pub bytes: Arc<[u8]>,
    /// The type.
    pub kind: String,
}

/// A response whose body is to be read.
struct Fetched {
    response: FilteredResponse,
    delivered: Delivered,
    source: Source,
    to_store: Option<ToStore>,
}

/// What a page does with a response.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// `fetch()` and `XMLHttpRequest`: the page reads what the filtered response lets it read.
    Script,
    /// An element loads something.
    Load(Load),
    /// A document, or the script of a worker.
    Document,
}

impl Agent {
    /// A user agent with empty caches that trusts the certificate of the tree.
    ///
    /// # Errors
    ///
    /// If the tree has no certificate.
    pub fn new(profile: Profile, tree: &Path) -> io::Result<Self> {
        let mut user_agent = UserAgent::for_profile(profile);
        user_agent.http_cache = true;
        user_agent.blob_and_file = true;
        user_agent.mixed_content = true;
        user_agent.accept_language = Some(HeaderValue::from_static("en-US,en;q=0.9"));
        user_agent.product = Some(HeaderValue::from_static("Mozilla/5.0 (browser-cors-wpt)"));
        user_agent.sends_fetch_metadata = true;
        Ok(Self {
            user_agent,
            preflights: Mutex::default(),
            http_cache: Mutex::new(HttpCache::new(profile)),
            jar: Mutex::default(),
            authentication_entries: Mutex::default(),
            blobs: Mutex::default(),
            keepalive_bytes: AtomicU64::new(0),
            start: Instant::now(),
            tls: net::trusting(&tree.join("tools/certs/web-platform.test.pem"))?,
        })
    }

    /// The profile that the user agent follows.
    pub const fn profile(&self) -> &Profile {
        &self.user_agent.profile
    }

    /// The registrable domains.
    pub fn user_agent(&self) -> &UserAgent {
        &self.user_agent
    }

    /// The milliseconds since the start.
    pub fn milliseconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64() * 1000.0
    }

    /// The cookies of scripts (`document.cookie`).
    pub fn jar(&self) -> MutexGuard<'_, Jar> {
        lock(&self.jar)
    }

    /// The `blob:` URLs.
    pub fn blobs(&self) -> MutexGuard<'_, HashMap<String, Blob>> {
        lock(&self.blobs)
    }

    /// Whether a keepalive request can go out beside those that are under way.
    pub fn has_room_for(&self, request: &Request) -> bool {
        let length = request.body.as_ref().and_then(|body| body.length()).unwrap_or(0);
        self.keepalive_bytes.load(Ordering::Relaxed) + length <= KEEPALIVE_LIMIT
    }

    /// Carries out a fetch, and tells `sink` what the page learns of it.
    pub async fn fetch(
        &self,
        request: Request,
        policies: Policies,
        purpose: Purpose,
        sink: impl Fn(Event) + Send,
    ) {
        let (start, integrity) = (self.milliseconds(), request.integrity_metadata.clone());
        let keepalive = Keepalive::new(self, &request);
        let last = match self.carry_out(request, (keepalive.others, policies)).await {
            Ok(mut fetched) => {
                fetched.delivered.start = start;
                self.deliver(fetched, purpose, &integrity, &sink).await
            }
            Err(error) => Err(format!("{error} ({})", error.code())),
        };
        sink(last.unwrap_or_else(Event::Failed));
    }

    /// Sends the exchanges that the library asks for.
    async fn carry_out(
        &self,
        request: Request,
        call_with: (u64, Policies),
    ) -> Result<Fetched, Box<NetworkError>> {
        let mut action = self.with_context(call_with, |it| browser_cors::fetch(request, it));
        let (mut answer, mut referrer) = (None, String::new());
        let response = loop {
            action = match action {
                Action::Finish(Outcome::Response { response, .. }) => break response,
                Action::Finish(Outcome::NetworkError(error)) => return Err(error),
                Action::Send(exchange) => {
                    let sent = self.send(&exchange).await;
                    referrer = latin1(&exchange.header_list().get("Referer").unwrap_or_default());
                    self.with_context(call_with, |context| match sent {
                        Ok(got) => {
                            let response = got.response();
                            answer = Some(got);
                            exchange.receive(response, self.now(), context)
                        }
                        Err(failure) => exchange.fail(failure, context),
                    })
                }
            };
        };
        // A URL with the scheme `data` or `about` had no exchange.
        let url = response.internal_response().url().map_or("", Url::as_str);
        let (message, source, to_store) = match answer {
            Some(answer) if !url.starts_with("data:") && !url.starts_with("about:") => {
                (answer.message, answer.source, answer.to_store)
            }
            _ => (b"OK".to_vec(), Source::Bytes(local_body(url)), None),
        };
        let mut delivered = Delivered::new(&response, &message);
        (delivered.referrer, delivered.end) = (referrer, self.milliseconds());
        Ok(Fetched { response, delivered, source, to_store })
    }

    /// Reads the body of a response, and hands on what its reader gets. Returns the last event, or why
    /// there is none.
    async fn deliver(
        &self,
        fetched: Fetched,
        purpose: Purpose,
        integrity: &str,
        sink: &(impl Fn(Event) + Send),
    ) -> Result<Event, String> {
        let Fetched { response, delivered, mut source, to_store } = fetched;
        let fits = |body: &[u8]| match integrity::matches(body, integrity) {
            true => Ok(()),
            false => Err("the integrity metadata does not fit".to_owned()),
        };
        let is_of_script = purpose == Purpose::Script;
        if !integrity.is_empty() && is_of_script {
            // The page learns of the response only if all of its body fits.
            let body = source.read().await.map_err(|error| error.to_string())?;
            fits(&body)?;
            source = Source::Bytes(body);
        }
        sink(Event::Head(Box::new(delivered)));
        let (mut kept, mut whole) = (Vec::new(), Vec::new());
        while let Some(bytes) = source.next().await.map_err(|error| error.to_string())? {
            if to_store.is_some() {
                kept.extend_from_slice(&bytes);
            }
            if !is_of_script {
                whole.extend(bytes);
            } else if !response.has_null_body() {
                sink(Event::Chunk(bytes));
            }
        }
        if let Some(ToStore { key, policy, head }) = to_store {
            lock(&self.http_cache).store(key, policy, head, kept);
        }
        let readable = match purpose {
            Purpose::Script => return Ok(Event::End),
            Purpose::Document => response.kind() != ResponseType::Opaque,
            Purpose::Load(load) => {
                fits(&whole)?;
                let decoding = page::decoding(load, &whole);
                let judged = load.judge(&response, decoding, self.profile());
                judged.map_err(|failure| failure.to_string())?.readable
            }
        };
        Ok(Event::Loaded { readable, bytes: whole })
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_millis(u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// Calls the library, with the cache for as long as the call takes. It hears how many bytes the other
    /// keepalive requests have, and what the page's policies say.
    fn with_context<R>(
        &self,
        (keepalive_bytes, policies): (u64, Policies),
        call: impl FnOnce(&mut Context<'_>) -> R,
    ) -> R {
        let mut preflights = lock(&self.preflights);
        let mut context = Context::new(&self.user_agent, &mut preflights, self.now());
        context.inflight_keepalive_bytes = keepalive_bytes;
        context.embedder = Some(&policies);
        call(&mut context)
    }
}

/// The bytes of a keepalive request, counted for as long as it is under way.
struct Keepalive<'a> {
    agent: &'a Agent,
    bytes: u64,
    /// The bytes of the others when it began.
    others: u64,
}

impl<'a> Keepalive<'a> {
    fn new(agent: &'a Agent, request: &Request) -> Self {
        let length = request.body.as_ref().and_then(|body| body.length());
        let bytes = length.filter(|_| request.keepalive).unwrap_or(0);
        let others = agent.keepalive_bytes.fetch_add(bytes, Ordering::Relaxed);
        Self { agent, bytes, others }
    }
}

impl Drop for Keepalive<'_> {
    fn drop(&mut self) {
        self.agent.keepalive_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// The body of a `data:` or `about:` URL.
fn local_body(url: &str) -> Vec<u8> {
    let decoded = DataUrl::process(url).ok().and_then(|it| it.decode_to_vec().ok());
    decoded.map(|(body, _)| body).unwrap_or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
