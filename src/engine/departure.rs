//! Departures from the standard, as the catalogue lists them.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::{
    Engine,
    catalogue::ENTRIES,
    release::{Release, Version},
};
use crate::spec::{Step, keyword::nearest};

/// How certain it is that an engine has a departure.
///
/// ```
/// # use browser_cors::engine::Certainty;
/// assert!(Certainty::Always > Certainty::Source);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Certainty {
    /// It was found in the engine's source; no recording shows it.
    Source,
    /// One recording shows it.
    Once,
    /// Several recordings show it.
    Repeated,
    /// Each of many recordings shows it.
    Always,
}

/// Writes how certain it is in a word or two.
///
/// ```
/// # use browser_cors::engine::Certainty;
/// assert_eq!(Certainty::Repeated.to_string(), "several times");
/// ```
impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Source => "read in the source",
            Self::Once => "once",
            Self::Repeated => "several times",
            Self::Always => "always",
        })
    }
}

/// An engine that has a departure, and the releases that have it.
///
/// ```
/// # use browser_cors::engine::{Certainty, Departure, Engine};
/// let sighting = Departure::FONT_NO_CORS.seen_in()[0];
/// assert_eq!((sighting.engine, sighting.certainty), (Engine::Webkit, Certainty::Always));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sighting {
    /// The engine.
    pub engine: Engine,
    /// The first recorded release that has the departure; `None` if the oldest recorded release has
    /// it, or if the first is not known.
    pub since: Option<Version>,
    /// The first recorded release that no longer has it; `None` if the newest recorded release
    /// does.
    pub until: Option<Version>,
    /// How certain it is.
    pub certainty: Certainty,
}

impl Sighting {
    /// Whether `release` is one of these releases.
    ///
    /// ```
    /// # use browser_cors::engine::Departure;
    /// let sighting = Departure::RANGE_BELOW_2_TO_63.seen_in()[0]; // since Chromium 153
    /// assert!(sighting.covers("chromium@153".parse()?));
    /// assert!(!sighting.covers("chromium@152".parse()?));
    /// # Ok::<(), browser_cors::engine::InvalidRelease>(())
    /// ```
    pub const fn covers(&self, release: Release) -> bool {
        if self.engine as u8 != release.engine as u8 {
            return false;
        }
        let is_after_since = match self.since {
            Some(since) => !release.version.is_before(since),
            None => true,
        };
        let is_before_until = match self.until {
            Some(until) => release.version.is_before(until),
            None => true,
        };
        is_after_since && is_before_until
    }
}

/// One way in which an engine departs from the standard, at one step.
///
/// The catalogue lists all departures. Each entry says what the standard demands, what happens
/// instead, and in which releases of which engines. A departure that an engine has fixed stays in
/// the catalogue; its [`Sighting`] has an end.
///
/// ```
/// use browser_cors::engine::Departure;
///
/// let departure: Departure = "font-no-cors".parse()?;
/// assert_eq!(departure, Departure::FONT_NO_CORS);
/// assert_eq!(departure.instead(), "fonts are requested without CORS, with credentials");
/// # Ok::<(), browser_cors::engine::UnknownDeparture>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Departure(pub(super) u16);

/// The catalogue's entry for a departure.
pub(super) struct Entry {
    pub(super) id: &'static str,
    pub(super) step: Step,
    pub(super) standard: &'static str,
    pub(super) instead: &'static str,
    pub(super) seen_in: &'static [Sighting],
    pub(super) cause: Option<&'static str>,
}

impl Departure {
    /// All departures, in the order of the Fetch Standard's text. Departures from other standards
    /// come last.
    ///
    /// ```
    /// # use browser_cors::engine::Departure;
    /// assert!(Departure::all().all(|departure| !departure.seen_in().is_empty()));
    /// ```
    pub fn all() -> impl Iterator<Item = Self> {
        (0..).map_while(Self::at)
    }

    pub(super) const fn at(index: u16) -> Option<Self> {
        if (index as usize) < ENTRIES.len() { Some(Self(index)) } else { None }
    }

    const fn entry(self) -> &'static Entry {
        &ENTRIES[self.0 as usize]
    }

    /// `==` for constant functions.
    pub(crate) const fn is(self, other: Self) -> bool {
        self.0 == other.0
    }

    /// The name in the catalogue.
    pub const fn as_str(self) -> &'static str {
        self.entry().id
    }

    /// The step of the standard at which the engine departs.
    ///
    /// ```
    /// # use browser_cors::engine::Departure;
    /// let step = Departure::NO_TOTAL_LIMIT.step();
    /// assert_eq!(step.to_string(), "#cors-unsafe-request-header-names step 5");
    /// ```
    pub const fn step(self) -> Step {
        self.entry().step
    }

    /// What the standard says at this step.
    ///
    /// ```
    /// # use browser_cors::engine::Departure;
    /// assert_eq!(
    ///     Departure::NO_TOTAL_LIMIT.standard(),
    ///     "safelisted values of more than 1024 bytes together are unsafe",
    /// );
    /// ```
    pub const fn standard(self) -> &'static str {
        self.entry().standard
    }

    /// What the engine does instead.
    ///
    /// ```
    /// # use browser_cors::engine::Departure;
    /// assert_eq!(
    ///     Departure::NO_TOTAL_LIMIT.instead(),
    ///     "the total size of safelisted values does not matter",
    /// );
    /// ```
    pub const fn instead(self) -> &'static str {
        self.entry().instead
    }

    /// The engines that have this departure, each with its releases.
    ///
    /// ```
    /// # use browser_cors::engine::{Departure, Engine};
    /// let seen_in = Departure::AUTHORIZATION_UNDER_WILDCARD.seen_in();
    /// let engines: Vec<_> = seen_in.iter().map(|sighting| sighting.engine).collect();
    /// assert_eq!(engines, [Engine::Chromium, Engine::Firefox, Engine::Webkit]);
    /// ```
    pub const fn seen_in(self) -> &'static [Sighting] {
        self.entry().seen_in
    }

    /// The place in the engines' sources that causes it, if that is known. The text begins with
    /// `believed: ` if the cause is probable but has not been verified.
    ///
    /// ```
    /// # use browser_cors::engine::Departure;
    /// assert!(Departure::CLIENT_HINTS_SAFELISTED.cause().unwrap().contains("cors.cc"));
    /// ```
    pub const fn cause(self) -> Option<&'static str> {
        self.entry().cause
    }

    /// Whether `release` has this departure.
    ///
    /// ```
    /// # use browser_cors::engine::Departure;
    /// assert!(Departure::FONT_NO_CORS.is_seen_in("webkit@2.50".parse()?));
    /// assert!(!Departure::FONT_NO_CORS.is_seen_in("firefox@153".parse()?));
    /// # Ok::<(), browser_cors::engine::InvalidRelease>(())
    /// ```
    pub const fn is_seen_in(self, release: Release) -> bool {
        let (seen_in, mut index) = (self.seen_in(), 0);
        while index < seen_in.len() {
            if seen_in[index].covers(release) {
                return true;
            }
            index += 1;
        }
        false
    }
}

impl fmt::Debug for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Departure({})", self.as_str())
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Writes the departure as `browser-cors engines --format json` does.
#[cfg(feature = "scenario")]
impl serde::Serialize for Departure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;

        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("departure", self.as_str())?;
        map.serialize_entry("step", &format_args!("{}", self.step()))?;
        map.serialize_entry("url", &self.step().url())?;
        map.serialize_entry("standard", self.standard())?;
        map.serialize_entry("instead", self.instead())?;
        map.serialize_entry("seen_in", self.seen_in())?;
        if let Some(cause) = self.cause() {
            map.serialize_entry("cause", cause)?;
        }
        map.end()
    }
}

/// Writes the engine and its releases as `browser-cors engines --format json` does.
#[cfg(feature = "scenario")]
impl serde::Serialize for Sighting {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;

        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("engine", self.engine.as_str())?;
        if let Some(since) = self.since {
            map.serialize_entry("since", &format_args!("{since}"))?;
        }
        if let Some(until) = self.until {
            map.serialize_entry("until", &format_args!("{until}"))?;
        }
        map.serialize_entry("certainty", &format_args!("{}", self.certainty))?;
        map.end()
    }
}

impl FromStr for Departure {
    type Err = UnknownDeparture;

    fn from_str(text: &str) -> Result<Self, UnknownDeparture> {
        let found = Self::all().find(|departure| departure.as_str() == text);
        found.ok_or_else(|| UnknownDeparture {
            text: text.to_owned(),
            nearest: nearest(text, Self::all().map(Self::as_str)),
        })
    }
}

/// Text that does not name a departure of the catalogue.
///
/// ```
/// # use browser_cors::engine::Departure;
/// let error = "fonts-no-cors".parse::<Departure>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`fonts-no-cors` is not a departure in the catalogue; `font-no-cors`, maybe?",
/// );
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "`{text}` is not a departure in the catalogue{}",
    .nearest.map_or_else(String::new, |nearest| format!("; `{nearest}`, maybe?"))
)]
pub struct UnknownDeparture {
    /// The text.
    pub text: String,
    /// The name of a departure with a similar spelling.
    pub nearest: Option<&'static str>,
}
