//! What a browser does about CORS, as the [Fetch Standard] defines it and as Chromium, Firefox and
//! WebKit do it, with no I/O.
//!
//! | you are | begin with |
//! |---|---|
//! | building a browser or an HTTP client | [the loop below](#a-fetch-is-a-value), then [single questions](#asking-single-questions), or the async driver of the crate `browser-cors-audit` |
//! | giving an HTTP client that you have a browser's rules | `layer`, with the feature `tower` |
//! | testing a server | [`suite`], and [how to test](manual::test_suites) |
//! | writing a tool for other languages | [`recording`], [`compare`], [`scenario`] and [its format](manual::scenarios) |
//! | asking why | [`explain`], [`console`], [`code::Code`] |
//!
//! # A fetch is a value
//!
//! [`fetch()`](fetch::fetch) starts a fetch and names the first HTTP exchange that it needs. Each answer
//! yields the next [`Action`], until the fetch ends with the response that the page may see, or with
//! the step of the standard that refused it. There is no socket, clock, thread or global state: you
//! bring the bytes and the time.
//!
//! Keep one [`UserAgent`] and one [`PreflightCache`], turn what a page asks into a [`Request`], and
//! carry out the exchanges:
//!
//! ```
//! # #[cfg(feature = "public-suffix")] {
//! use browser_cors::{
//!     Action, Context, Environment, Exchange, HeaderList, Outcome, PreflightCache, RequestInit,
//!     Response, Timestamp, UserAgent, construct_request, fetch, fetch::TransportFailure, url::Url,
//! };
//!
//! // Yours: sends what the exchange says, with cookies if `exchange.includes_credentials()`.
//! fn send(exchange: &Exchange) -> Result<Response, TransportFailure> {
//!     # let _ = exchange;
//!     let headers = [("Access-Control-Allow-Origin", "*"), ("X-Request-Id", "7")];
//!     Ok(Response::new(200, HeaderList::try_from(headers).expect("these headers are valid")))
//! }
//! # let now = || Timestamp::from_millis(0);
//!
//! let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
//! let mut context = Context::new(&user_agent, &mut cache, now()); // yours: the time since your start
//!
//! let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
//! let request = construct_request("https://api.example/items", RequestInit::new(), &page)?;
//!
//! let mut action = fetch(request, &mut context);
//! let outcome = loop {
//!     action = match action {
//!         Action::Finish(outcome) => break outcome,
//!         Action::Send(exchange) => match send(&exchange) {
//!             Ok(response) => exchange.receive(response, now(), &mut context),
//!             Err(failure) => exchange.fail(failure, &mut context),
//!         },
//!     };
//! };
//!
//! match outcome {
//!     Outcome::Response { response, .. } => {
//!         assert_eq!(response.status(), 200);
//!         assert_eq!(response.header("x-request-id"), None); // not exposed
//!     }
//!     Outcome::NetworkError(error) => eprintln!("{error}, at {}", error.step()),
//! }
//! # }
//! # Ok::<(), browser_cors::page::fetch_api::RequestTypeError>(())
//! ```
//!
//! Each step may have a new context. So an async program, whose fetches share a cache, locks it for a step
//! and never while it waits; `examples/async-user-agent` in the repository does so, in 140 lines.
//!
//! [`recording`] is the same loop with everything written down, for drivers of any kind, async ones
//! included. [`explain::Explanation`] puts a recorded fetch into words, and [`console::messages`] into
//! those of an engine's console. [`compare`] asks the same in several engines, sends once what they
//! send alike, and names the departures that make a difference.
//!
//! [The same for an async user agent](mod@fetch#in-an-async-user-agent) locks the cache for each step.
//!
//! These parts stay with you: cookies and authentication entries (an exchange says whether they go
//! along), the HTTP cache (it stands between the exchanges and the network), the bodies of responses,
//! and what `blob:` and `file:` URLs hold. Upgraded URLs (HSTS, mixed content), Content Security Policy,
//! integrity, preloads, interceptors and service workers are yours, too; a fetch asks a
//! [`fetch::Embedder`] about them at the standard's steps.
//!
//! # Asking single questions
//!
//! A user agent that has a fetch loop of its own asks the decisions one by one. Each layer calls only
//! those above it:
//!
//! | layer | modules |
//! |---|---|
//! | predicates | [`method`], [`header`], [`status`], [`origin`] |
//! | decisions | [`cors_check`](mod@cors_check), [`tao_check`], [`cross_origin_resource_policy`], [`fetch::blocked`], [`origin_header`], [`referrer`], [`preflight_cache`], and in [`fetch`](mod@fetch) [`classify`](fetch::classify), [`needs_preflight`](fetch::needs_preflight), [`judge_preflight_response`](fetch::judge_preflight_response), [`redirect`](fetch::redirect), [`filter`](fetch::filter) |
//! | the machine | [`fetch`](mod@fetch) |
//! | who asks | [`page`] |
//! | driving and comparing | [`transcript`], [`recording`], [`compare`] |
//! | for people and test suites | [`explain`], [`console`], [`suite`], [`scenario`] |
//!
//! A decision takes no more than it reads, so nobody has to make a [`Request`] or a [`Response`] to ask
//! one: headers of any type that is [`header::ReadHeaders`], such as an [`http::HeaderMap`], and
//! where a decision reads more than two or three values of a request, a small struct:
//!
//! ```
//! use browser_cors::{
//!     cors_check, fetch::{PreflightRequest, readable_headers}, preflight_cache::CacheQuery,
//!     http::{HeaderMap, HeaderValue, Method}, request::{CredentialsMode, ResponseTainting}, url::Url,
//!     PreflightCache, Profile, Timestamp,
//! };
//!
//! let (origin, url) = ("https://app.example", Url::parse("https://api.example/items").unwrap());
//! let (cache, standard) = (PreflightCache::new(), Profile::STANDARD);
//! let sent = HeaderMap::from_iter([("x-token".parse().unwrap(), HeaderValue::from_static("1"))]);
//!
//! let asked = PreflightRequest::new(origin, &Method::GET, &sent);
//! let matches = cache.matches(CacheQuery::new(origin, &url), Timestamp::from_secs(0));
//! assert!(asked.needs_preflight(&matches, &standard));
//! let answer = [("access-control-allow-origin", "*"), ("access-control-allow-headers", "x-token")];
//! assert!(asked.judge_response(204, &answer, &standard).is_ok());
//!
//! let answer = [("access-control-allow-origin", "*"), ("x-id", "7")];
//! assert!(cors_check(origin, CredentialsMode::Omit, &answer).is_ok());
//! let seen = readable_headers(ResponseTainting::Cors, CredentialsMode::Omit, &answer);
//! assert_eq!(seen.count(), 0);
//! ```
//!
//! | decision | of what you have |
//! |---|---|
//! | CORS check | [`cors_check()`](cors_check::cors_check) |
//! | which headers of a request are unsafe | [`cors_unsafe_request_headers`](header::safelist::cors_unsafe_request_headers) |
//! | whether a preflight is needed, and why | [`PreflightRequest`](fetch::PreflightRequest) |
//! | whether its answer allows the request | [`PreflightRequest::judge_response`](fetch::PreflightRequest::judge_response) |
//! | what the preflight cache has, stores and clears | [`CacheQuery`](preflight_cache::CacheQuery) |
//! | the `Origin` header | [`OriginAsker`](origin_header::OriginAsker) |
//! | where a redirect leads | [`location_url`](response::location_url) |
//! | TAO check | [`TimingAsker`](tao_check::TimingAsker) |
//! | cross-origin resource policy check | [`Requester`](cross_origin_resource_policy::Requester) |
//! | nosniff and MIME types | [`fetch::blocked`] |
//! | which headers of a response are readable | [`readable_headers`](fetch::readable_headers) |
//!
//! # As an engine does
//!
//! A [`Profile`] is the standard or a release of an engine: `"firefox@140".parse::<Profile>()`. Functions
//! in which engines differ take one, and [`UserAgent::for_profile`] makes a user agent of it.
//! [`engine::Departure`] names each difference from the standard, and [the manual](manual::engines) says
//! how they were found.
//!
//! # Features
//!
//! * `public-suffix` (default): registrable domains from the Public Suffix List. Without it, you bring an
//!   [`origin::RegistrableDomain`], and there is no `suite` and no `compare`.
//! * `scenario`: scenarios and outcomes as JSON.
//! * `serde`: entries of the preflight cache are kept in any format
//!   ([`SavedEntry`](preflight_cache::SavedEntry)).
//! * `tower`: the `layer` that makes any HTTP client a page's `fetch()`, and assertions of `suite` that ask
//!   any `tower::Service`, in process.
//!
//! The crate `browser-cors-audit` does I/O: it has an async driver of whole fetches, a client for live
//! servers, which `suite` can ask too, files of [expectations](manual::expectations), and verdicts on
//! [recorded traffic](manual::recordings).
//!
//! [Fetch Standard]: https://fetch.spec.whatwg.org/

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

pub mod code;
pub mod compare;
pub mod console;
pub mod cors_check;
pub mod cross_origin_resource_policy;
pub mod engine;
pub mod environment;
pub mod explain;
pub mod fetch;
pub mod header;
pub mod http_types;
#[cfg(feature = "tower")]
pub mod layer;
pub mod manual;
pub mod method;
pub mod origin;
pub mod origin_header;
pub mod page;
pub mod preflight_cache;
pub mod recording;
pub mod referrer;
pub mod request;
pub mod response;
#[cfg(feature = "scenario")]
pub mod scenario;
pub mod spec;
pub mod status;
#[cfg(feature = "public-suffix")]
pub mod suite;
pub mod tao_check;
pub mod transcript;

// What a first program needs; everything else has its module.
pub use {
    bytes,
    cors_check::cors_check,
    engine::Profile,
    environment::Environment,
    fetch::{Action, Context, Exchange, Outcome, UserAgent, fetch},
    header::HeaderList,
    http,
    origin::Origin,
    page::fetch_api::{RequestInit, construct_request},
    preflight_cache::{PreflightCache, Timestamp},
    request::Request,
    response::Response,
    url,
};
