//! Asks several user agents the same question: what is the outcome in each, where do they differ,
//! and which of their departures cause it?
//!
//! [`Browsers`] is a page that is open in several user agents, and a [`Question`] is what it asks.
//! [`Browsers::ask`] names each exchange that must go out; if several user agents send the same
//! one, it goes out once. [`SideBySide`] compares each user agent's outcome with that of the first.
//! To find the departures that cause a difference, it leaves out one after another and replays the
//! recorded answers. A [`Comparison`] does this for outcomes of any kind.
//!
//! All of these are owned and `Send`. They hold no closure and never block.
//!
//! ```
//! # #[cfg(feature = "public-suffix")] {
//! use browser_cors::{
//!     compare::{Browsers, Question, SideBySide}, engine::{Departure, Profile},
//!     environment::Environment, fetch::{Exchange, TransportFailure, UserAgent}, header::HeaderList,
//!     page::fetch_api::RequestInit, response::Response, url::Url,
//! };
//!
//! // Your client, which sends what the exchange says.
//! fn send(exchange: &Exchange) -> Result<Response, TransportFailure> {
//!     # let _ = exchange;
//!     let headers = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "*")];
//!     Ok(Response::new(200, HeaderList::try_from(headers).expect("these headers are valid")))
//! }
//!
//! let page = Environment::new(Url::parse("https://app.example/").unwrap());
//! let profiles = [Profile::STANDARD, Profile::FIREFOX];
//! let browsers = Browsers::new(page, profiles.map(UserAgent::for_profile));
//! let mut init = RequestInit::default();
//! init.headers = Some(vec![(b"Authorization".to_vec(), b"Bearer 1".to_vec())]);
//!
//! let mut asking = browsers.ask(Question::fetch("https://api.example/me", init));
//! let mut count = 0;
//! while let Some(exchange) = asking.exchange() {
//!     let answer = send(exchange);
//!     asking.answered(answer);
//!     count += 1;
//! }
//! // Both send the same preflight, and Firefox alone the request.
//! assert_eq!(count, 2);
//!
//! let side_by_side = SideBySide::from_results([asking.finish()]);
//! let difference = side_by_side.rows[1].differences[0].as_ref().unwrap();
//! assert_eq!(difference.causes, [Departure::AUTHORIZATION_UNDER_WILDCARD]);
//! # }
//! ```

mod asking;
mod browsers;
mod outcome;
mod question;
mod side_by_side;

pub use asking::{Answers, Asking, Results};
pub use browsers::Browsers;
#[cfg(feature = "scenario")]
pub(crate) use outcome::SEND_BEACON;
pub use outcome::{FetchOutcome, NotAsked};
pub use question::{Api, Question, Xhr};
pub use side_by_side::{Comparable, Comparison, Difference, Row, SideBySide, View};
