//! The engines: where each release departs from the standard, and what it does where the standard
//! leaves a choice.
//!
//! A [`Profile`] describes a release of an engine, or the standard. The algorithms follow the
//! standard. Where engines differ, the file `engines.rs` beside the algorithm has a choice: an enum
//! whose first variant does what the standard says, and whose other variants are departures. A
//! profile holds one variant of each choice. No algorithm asks which engine or release it imitates.
//!
//! A [`Departure`] is an entry of the catalogue: it names the step, both behaviours, and the
//! releases that showed it. The catalogue is `src/engine/catalogue.toml`, and
//! `browser-cors engines` prints it.
//!
//! ```
//! # #[cfg(feature = "public-suffix")] {
//! use browser_cors::{engine::{Departure, Profile}, fetch::UserAgent};
//!
//! let firefox: Profile = "firefox@153".parse()?;
//! let user_agent = UserAgent::for_profile(firefox);
//! // You can also remove one departure from Firefox's profile:
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
    /// Chromium, and the browsers built on it: Chrome, Edge, Opera.
    #[default]
    Chromium,
    /// Firefox.
    Firefox,
    /// WebKit, the engine of Safari and WebKitGTK.
    Webkit,
}

named!("engine", Engine { Chromium = "chromium", Firefox = "firefox", Webkit = "webkit" });
