//! The engines: what each release makes of what the standard leaves open, and where it departs from
//! the standard.
//!
//! A [`Profile`] is a release of an engine, or the standard. The algorithms follow the standard.
//! Where engines differ, there is a choice beside the algorithm, in a file `engines.rs`: an enum
//! whose first variant is what the standard does, and whose others are departures. A profile holds
//! one variant of each; no algorithm asks which engine or which release it is.
//!
//! A [`Departure`] is an entry of the catalogue: the step, both behaviours, and the releases in which
//! it was seen. `src/engine/catalogue.toml` is the catalogue, and `browser-cors engines` prints it.
//!
//! ```
//! # #[cfg(feature = "public-suffix")] {
//! use browser_cors::{engine::{Departure, Profile}, fetch::UserAgent};
//!
//! let firefox: Profile = "firefox@153".parse()?;
//! let user_agent = UserAgent::for_profile(firefox);
//! // A Firefox of one's own, without one of its departures:
//! let profile = firefox.without(Departure::DUPLICATE_REQUEST_HEADER_NAMES);
//! let other = UserAgent::for_profile(profile);
//! assert!(!other.profile.departs(Departure::DUPLICATE_REQUEST_HEADER_NAMES));
//! # }
//! # Ok::<(), browser_cors::engine::UnknownProfile>(())
//! ```

mod catalogue;
pub(crate) mod choice;
mod choices;
mod departure;
mod profile;
mod release;

pub use departure::{Certainty, Departure, Sighting, UnknownDeparture};
pub use profile::{Profile, UnknownProfile};
pub use release::{InvalidRelease, InvalidVersion, Release, UnrecordedRelease, Version};

use crate::spec::keyword::named;

/// A browser engine whose behaviour was recorded.
///
/// ```
/// # use browser_cors::engine::Engine;
/// assert_eq!("webkit".parse(), Ok(Engine::Webkit));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Engine {
    /// Chromium, and what is built on it: Chrome, Edge, Opera.
    #[default]
    Chromium,
    /// Firefox.
    Firefox,
    /// WebKit, as in Safari and WebKitGTK.
    Webkit,
}

named!("engine", Engine { Chromium = "chromium", Firefox = "firefox", Webkit = "webkit" });
