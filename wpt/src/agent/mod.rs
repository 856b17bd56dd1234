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
    engine::Engine,
    fetch::{FetchMetadata, KEEPALIVE_LIMIT, NetworkError},
    http::HeaderValue,
    page::loads::Load,
    request::Request,
    response::ResponseType,
    url::Url,
};
use data_url::DataUrl;
use rustls::ClientConfig;

pub use self::policies::Policies;
use self::{cookies::Jar, exchange::Source, http_cache::HttpCache};
use crate::{
    agent::http_cache::ToStore,
    delivered::{Delivered, Event, latin1},
    net,
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
        user_agent.fetch_metadata = Some(match profile.engine() {
            Some(Engine::Chromium) => FetchMetadata::CHROMIUM,
            Some(Engine::Firefox) => FetchMetadata::FIREFOX,
            Some(Engine::Webkit) => FetchMetadata::WEBKIT,
            _ => FetchMetadata::STANDARD,
        });
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
        let keepalive = Keepalive::new(self, &request);
        let call_with = (keepalive.others, policies);
        let integrity = request.integrity_metadata.clone();
        let started = self.milliseconds();
        let begun = self.with_context(call_with, |context| browser_cors::fetch(request, context));
        let (mut action, mut answer, mut referrer) = (begun, None, String::new());
        let outcome = loop {
            action = match action {
                Action::Finish(outcome) => break outcome,
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
        let response = match outcome {
            Outcome::Response { response, .. } => response,
            Outcome::NetworkError(error) => return sink(Event::Failed(reason(&error))),
        };
        // A URL with the scheme `data` or `about` had no exchange.
        let url = response.internal_response().url().map_or("", Url::as_str);
        let (message, mut source, to_store) = match answer {
            Some(answer) if !url.starts_with("data:") && !url.starts_with("about:") => {
                (answer.message, answer.source, answer.to_store)
            }
            _ => (b"OK".to_vec(), Source::Bytes(local_body(url)), None),
        };
        let mut delivered = Delivered::new(&response, &message);
        delivered.referrer = referrer;
        delivered.start = started;
        delivered.end = self.milliseconds();
        let is_readable = purpose != Purpose::Script || !response.has_null_body();
        if !integrity.is_empty() && purpose == Purpose::Script {
            // The page learns of the response only if all of its body fits.
            let body = match source.read().await {
                Ok(body) if integrity::matches(&body, &integrity) => body,
                Ok(_) => return sink(Event::Failed("the integrity metadata does not fit".into())),
                Err(error) => return sink(Event::Failed(error.to_string())),
            };
            source = Source::Bytes(body);
        }
        sink(Event::Head(Box::new(delivered)));
        let is_kept = to_store.is_some();
        let (mut kept, mut whole) = (Vec::new(), Vec::new());
        loop {
            match source.next().await {
                Ok(Some(bytes)) => {
                    if is_kept {
                        kept.extend_from_slice(&bytes);
                    }
                    match purpose {
                        Purpose::Script if is_readable => sink(Event::Chunk(bytes)),
                        Purpose::Script => {}
                        Purpose::Load(_) | Purpose::Document => whole.extend(bytes),
                    }
                }
                Ok(None) => break,
                Err(error) => return sink(Event::Failed(error.to_string())),
            }
        }
        if let Some(ToStore { key, policy, head }) = to_store {
            lock(&self.http_cache).store(key, policy, head, kept);
        }
        if let Purpose::Load(load) = purpose {
            let decoding = crate::page::decoding(load, &whole);
            let judged = load.judge(&response, decoding, self.profile());
            if !integrity.is_empty() && !integrity::matches(&whole, &integrity) {
                return sink(Event::Failed("the integrity metadata does not fit".into()));
            }
            match judged {
                Ok(loaded) => sink(Event::Loaded { readable: loaded.readable, bytes: whole }),
                Err(failure) => sink(Event::Failed(failure.to_string())),
            }
        } else if purpose == Purpose::Document {
            sink(Event::Loaded { readable: response.kind() != ResponseType::Opaque, bytes: whole });
        } else {
            sink(Event::End);
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_millis(u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// Calls the library, with the cache for as long as the call takes.
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

fn reason(error: &NetworkError) -> String {
    format!("{error} ({})", error.code())
}

/// The body of a `data:` or `about:` URL.
fn local_body(url: &str) -> Vec<u8> {
    let decoded = DataUrl::process(url).ok().and_then(|it| it.decode_to_vec().ok());
    decoded.map(|(body, _)| body).unwrap_or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
