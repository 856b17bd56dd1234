//! The browser side of CORS, as the [Fetch Standard] defines it, with no I/O.
//!
//! A fetch is a value. [`fetch::fetch`] starts it and names the first HTTP exchange it needs; each
//! answer yields the next [`fetch::Action`] until the fetch is over, with the response that the
//! page may see or with the step of the standard that refused it. There is no socket, clock, thread
//! or global state here: the embedder brings the bytes and the time.
//!
//! # Embedding it in a user agent
//!
//! Keep one [`UserAgent`](fetch::UserAgent) and one
//! [`PreflightCache`](preflight_cache::PreflightCache), turn what a page asks into a
//! [`Request`](request::Request), and carry out the exchanges:
//!
//! ```
//! # #[cfg(feature = "public-suffix")] {
//! use browser_cors::{
//!     environment::Environment,
//!     fetch::{Action, Context, Exchange, Outcome, TransportFailure, UserAgent, fetch},
//!     header::HeaderList,
//!     page::fetch_api::{RequestInfo, RequestInit, construct_request},
//!     preflight_cache::{PreflightCache, Timestamp},
//!     response::Response,
//!     url::Url,
//! };
//!
//! // Yours: sends what the exchange says, with cookies if `exchange.includes_credentials()`.
//! fn send(exchange: &Exchange) -> Result<Response, TransportFailure> {
//!     # let _ = exchange;
//!     let headers = [("Access-Control-Allow-Origin", "*"), ("X-Request-Id", "7")];
//!     Ok(Response::new(200, HeaderList::try_from(headers).expect("these headers are valid")))
//! }
//!
//! let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
//! let now = Timestamp::from_millis(0); // yours: the time since your start
//! let mut context = Context::new(&user_agent, &mut cache, now);
//!
//! let page = Environment::new(Url::parse("https://app.example/").unwrap()).into();
//! let url = RequestInfo::Url("https://api.example/items");
//! let request = construct_request(url, RequestInit::default(), &page)?;
//!
//! let mut action = fetch(request, &mut context);
//! let outcome = loop {
//!     action = match action {
//!         Action::Finish(outcome) => break outcome,
//!         Action::Send(exchange) => match send(&exchange) {
//!             Ok(response) => exchange.receive(response, &mut context),
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
//! [`transcript::Transcript::record`] is this loop with everything written down, and
//! [`explain::Explanation`] puts that into words.
//!
//! What stays yours: cookies and authentication entries (an exchange says whether they go along),
//! the HTTP cache (it stands behind the exchanges), bodies of responses, service workers, content
//! security policy, mixed content and HSTS (ask them before [`fetch::fetch`] and, for redirects,
//! when an exchange names a new URL), and what `blob:` and `file:` URLs hold.
//!
//! # Asking single questions
//!
//! A user agent with a fetch loop of its own asks the decisions one by one. Each calls only those
//! above it:
//!
//! | layer | modules |
//! |---|---|
//! | predicates | [`method`], [`header`], [`status`], [`origin`] |
//! | decisions | [`cors_check`], [`tao_check`], [`cross_origin_resource_policy`], [`fetch::blocked`], [`origin_header`], [`referrer`], [`preflight_cache`], and in [`fetch`] [`classify`](fetch::classify), [`needs_preflight`](fetch::needs_preflight), [`judge_preflight_response`](fetch::judge_preflight_response), [`redirect`](fetch::redirect), [`filter`](fetch::filter) |
//! | the machine | [`fetch`] |
//! | who asks | [`page`] |
//! | for people and test suites | [`transcript`], [`explain`], [`console`], `suite`, `scenario` |
//!
//! # As an engine does
//!
//! Chromium, Firefox and WebKit depart from the standard, each in its own ways. A
//! [`Profile`](engine::Profile) has these as data, and the functions in which somebody departs take
//! one: `&Profile::STANDARD` is the standard to the letter, and
//! [`UserAgent::for_profile`](fetch::UserAgent::for_profile) the rest. [`engine::Departure`] lists them
//! all.
//!
//! # Features
//!
//! * `public-suffix` (default): registrable domains from the Public Suffix List. Without it, the
//!   embedder brings an [`origin::RegistrableDomain`], and there is no `suite`.
//! * `scenario`: scenarios and outcomes as JSON.
//! * `tower`: assertions in test suites (`suite`) ask any `tower::Service`, in process.
//!
//! The crate `browser-cors-audit` has what does I/O: a client for live servers, which assertions in
//! test suites may ask too, files of expectations, and verdicts on recorded traffic.
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

pub use {http, url};
