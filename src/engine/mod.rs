//! The engines: what each makes of what the standard leaves open, and where it departs from the
//! standard.
//!
//! A [`Profile`] is data. The algorithms follow the standard and ask the profile, at the step
//! concerned, for one [`Departure`]; none asks which engine it is. The departures are the variants
//! of that enum, each with the step, both behaviours, and where it was seen.
//!
//! ```
//! # #[cfg(feature = "public-suffix")] {
//! use browser_cors::{engine::{Departure, Profile}, fetch::UserAgent};
//!
//! let firefox = UserAgent::for_profile(Profile::FIREFOX);
//! // A Firefox of one's own, without one of its departures:
//! let profile = Profile::FIREFOX.without(Departure::DuplicateRequestHeaderNames);
//! let other = UserAgent::for_profile(profile);
//! assert!(!other.profile.departs(Departure::DuplicateRequestHeaderNames));
//! # }
//! ```

mod departure;

pub use departure::{Certainty, Departure, Departures, Sighting};

use crate::spec::keyword::named;

/// A browser engine whose behaviour was recorded.
///
/// ```
/// # use browser_cors::engine::Engine;
/// assert_eq!("webkit".parse(), Ok(Engine::Webkit));
/// assert_eq!(Engine::Firefox.version(), "Firefox ESR 153");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
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

impl Engine {
    /// The version whose behaviour was recorded.
    ///
    /// ```
    /// # use browser_cors::engine::Engine;
    /// assert_eq!(Engine::Chromium.version(), "Chromium 156");
    /// ```
    pub const fn version(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium 156",
            Self::Firefox => "Firefox ESR 153",
            Self::Webkit => "WebKitGTK 2.50",
        }
    }
}

/// Which URL leaves a preflight cache that is full.
///
/// ```
/// # use browser_cors::engine::{Eviction, Profile};
/// assert_eq!(Profile::FIREFOX.eviction, Eviction::LeastRecentlyUsed);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Eviction {
    /// The one that was stored first.
    #[default]
    FirstStored,
    /// The one that was asked for longest ago.
    LeastRecentlyUsed,
}

/// What a user agent makes of the standard: its choices where the standard leaves one, and its
/// departures.
///
/// ```
/// use browser_cors::engine::{Departure, Profile};
///
/// assert_eq!(Profile::default(), Profile::STANDARD);
/// assert_eq!(Profile::WEBKIT.max_age_limit, 600);
/// assert!(Profile::CHROMIUM.departs(Departure::ClientHintsSafelisted));
/// assert_eq!(Profile::STANDARD.departures().iter().count(), 0);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Profile {
    /// A name for people.
    pub name: &'static str,
    /// The max-age, in seconds, of a preflight response that names none: 5.
    pub default_max_age: u64,
    /// The imposed limit on max-age, in seconds: 86 400 for the standard's profile.
    pub max_age_limit: u64,
    /// How many URLs the preflight cache keeps answers for, whatever its capacity: as many as that
    /// allows.
    pub cached_urls_limit: usize,
    /// How long a URL may be, in bytes, to be kept in the preflight cache: as long as it likes.
    pub cached_url_length_limit: usize,
    /// Which URL leaves a full preflight cache.
    pub eviction: Eviction,
    /// In whose words failures are printed on a console; the standard has none.
    pub console: Option<Engine>,
    departures: Departures,
}

impl Profile {
    /// The standard to the letter.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!(Profile::STANDARD.name, "standard");
    /// ```
    pub const STANDARD: Self = Self {
        name: "standard",
        default_max_age: 5,
        max_age_limit: 86_400,
        cached_urls_limit: usize::MAX,
        cached_url_length_limit: usize::MAX,
        eviction: Eviction::FirstStored,
        console: None,
        departures: Departures::NONE,
    };

    /// Chromium.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!(Profile::CHROMIUM.max_age_limit, 7_200);
    /// ```
    pub const CHROMIUM: Self = Self {
        cached_urls_limit: 1_024,
        cached_url_length_limit: 1_023,
        ..Self::of(Engine::Chromium, 7_200)
    };

    /// Firefox.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!(Profile::FIREFOX.max_age_limit, 86_400);
    /// ```
    pub const FIREFOX: Self = Self {
        cached_urls_limit: 100,
        eviction: Eviction::LeastRecentlyUsed,
        ..Self::of(Engine::Firefox, 86_400)
    };

    /// WebKit.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!(Profile::WEBKIT.name, "webkit");
    /// ```
    pub const WEBKIT: Self = Self::of(Engine::Webkit, 600);

    /// The profiles that are built in.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// let names = Profile::ALL.map(|profile| profile.name);
    /// assert_eq!(names, ["standard", "chromium", "firefox", "webkit"]);
    /// ```
    pub const ALL: [Self; 4] = [Self::STANDARD, Self::CHROMIUM, Self::FIREFOX, Self::WEBKIT];

    const fn of(engine: Engine, max_age_limit: u64) -> Self {
        Self {
            name: engine.as_str(),
            max_age_limit,
            console: Some(engine),
            departures: Departures::seen_in(engine),
            ..Self::STANDARD
        }
    }

    /// Whether this user agent departs from the standard in this.
    ///
    /// ```
    /// # use browser_cors::engine::{Departure, Profile};
    /// assert!(!Profile::STANDARD.departs(Departure::AuthorizationUnderWildcard));
    /// ```
    pub const fn departs(&self, departure: Departure) -> bool {
        self.departures.contains(departure)
    }

    /// All in which it departs.
    ///
    /// ```
    /// # use browser_cors::engine::{Departure, Profile};
    /// let mut departures = Profile::WEBKIT.departures().iter();
    /// assert!(departures.any(|departure| departure == Departure::FontNoCors));
    /// ```
    pub const fn departures(&self) -> Departures {
        self.departures
    }

    /// The same with one departure more.
    ///
    /// ```
    /// # use browser_cors::engine::{Departure, Profile};
    /// let profile = Profile::STANDARD.with(Departure::AuthorizationUnderWildcard);
    /// assert!(profile.departs(Departure::AuthorizationUnderWildcard));
    /// ```
    #[must_use]
    pub const fn with(mut self, departure: Departure) -> Self {
        self.departures = self.departures.with(departure);
        self
    }

    /// The same without one of its departures.
    ///
    /// ```
    /// # use browser_cors::engine::{Departure, Profile};
    /// let profile = Profile::CHROMIUM.without(Departure::CacheOneResult);
    /// assert!(!profile.departs(Departure::CacheOneResult));
    /// ```
    #[must_use]
    pub const fn without(mut self, departure: Departure) -> Self {
        self.departures = self.departures.without(departure);
        self
    }
}

/// [`Profile::STANDARD`]
impl Default for Profile {
    fn default() -> Self {
        Self::STANDARD
    }
}
