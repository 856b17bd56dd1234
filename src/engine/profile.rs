//! How a user agent implements the standard.

use std::{fmt, str::FromStr, time::Duration};

use thiserror::Error;

use super::{
    Departure, Engine, InvalidRelease, Release, UnrecordedRelease, catalogue::RELEASES,
    choices::Choices,
};
use crate::{preflight_cache::engines::MaxAgeLimit, spec::keyword::nearest};

/// How a user agent implements the standard: what it chooses where the standard leaves a choice,
/// and where it departs from the standard.
///
/// There is a profile for each release, and [`Profile::STANDARD`]. You can add departures to a
/// profile, or remove some. The text form is `standard`, a release such as `chromium@156`, or the
/// name of an engine, which means its newest recorded release.
///
/// ```
/// use browser_cors::engine::{Departure, Profile};
/// use std::time::Duration;
///
/// assert_eq!(Profile::default(), Profile::STANDARD);
/// assert_eq!(Profile::STANDARD.departures().count(), 0);
/// assert_eq!(Profile::WEBKIT.max_age_limit(), Duration::from_secs(600));
/// assert!(Profile::CHROMIUM.departs(Departure::CLIENT_HINTS_SAFELISTED));
///
/// let chrome: Profile = "chrome".parse()?;
/// assert_eq!(chrome, Profile::CHROMIUM);
/// assert_eq!(chrome.to_string(), "chromium");
/// # Ok::<(), browser_cors::engine::UnknownProfile>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Profile {
    release: Option<Release>,
    pub(crate) choices: Choices,
}

impl Profile {
    /// The standard, without any departure.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!(Profile::STANDARD.to_string(), "standard");
    /// ```
    pub const STANDARD: Self = Self { release: None, choices: Choices::STANDARD };

    /// The newest recorded release of Chromium. A later version of this crate may mean a newer
    /// release; to stay with one release, parse its name, such as `chromium@156`.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!("chromium".parse(), Ok(Profile::CHROMIUM));
    /// ```
    pub const CHROMIUM: Self = Self::recorded(Release::newest(Engine::Chromium));

    /// The newest recorded release of Firefox. A later version of this crate may mean a newer
    /// release.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!("firefox".parse(), Ok(Profile::FIREFOX));
    /// ```
    pub const FIREFOX: Self = Self::recorded(Release::newest(Engine::Firefox));

    /// The newest recorded release of WebKitGTK. A later version of this crate may mean a newer
    /// release.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!("webkit".parse(), Ok(Profile::WEBKIT));
    /// ```
    pub const WEBKIT: Self = Self::recorded(Release::newest(Engine::Webkit));

    /// The standard, and the newest recorded release of each engine.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// let names: Vec<_> = Profile::ALL.iter().map(Profile::to_string).collect();
    /// assert_eq!(names, ["standard", "chromium", "firefox", "webkit"]);
    /// ```
    pub const ALL: &'static [Self] = &[Self::STANDARD, Self::CHROMIUM, Self::FIREFOX, Self::WEBKIT];

    const fn recorded(release: Release) -> Self {
        Self { release: Some(release), choices: Choices::of(release) }
    }

    /// The profile of a release. If that release was not recorded, the profile behaves as the
    /// nearest older recorded release does; [`recorded_as`](Self::recorded_as) names that release.
    ///
    /// # Errors
    ///
    /// If the release is older or newer than all recorded releases of its engine.
    ///
    /// ```
    /// # use browser_cors::engine::{Engine, Profile, Release, Version};
    /// let profile = Profile::of("webkit@2.50".parse()?).unwrap();
    /// assert_eq!(profile.recorded_as().unwrap().to_string(), "webkit@2.50");
    /// assert!(Profile::of(Release::new(Engine::Firefox, Version::new(3, 0))).is_err());
    /// # Ok::<(), browser_cors::engine::InvalidRelease>(())
    /// ```
    pub const fn of(release: Release) -> Result<Self, UnrecordedRelease> {
        match release.nearest_recorded() {
            Ok(recorded) => Ok(Self { release: Some(release), ..Self::recorded(recorded) }),
            Err(error) => Err(error),
        }
    }

    /// The profiles of all recorded releases, without the standard.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert!(Profile::of_recorded_releases().any(|profile| profile == Profile::WEBKIT));
    /// ```
    pub fn of_recorded_releases() -> impl Iterator<Item = Self> {
        RELEASES.iter().map(|recorded| Self::recorded(recorded.release))
    }

    /// The release that this profile describes; `None` for the standard.
    pub const fn release(&self) -> Option<Release> {
        self.release
    }

    /// The recorded release whose behaviour this profile has: its own, or the nearest older one.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// let profile: Profile = "firefox@150".parse()?; // between two recorded releases
    /// assert_eq!(profile.recorded_as().unwrap().to_string(), "firefox@140");
    /// # Ok::<(), browser_cors::engine::UnknownProfile>(())
    /// ```
    pub const fn recorded_as(&self) -> Option<Release> {
        match self.release {
            Some(release) => match release.nearest_recorded() {
                Ok(recorded) => Some(recorded),
                Err(_) => None,
            },
            None => None,
        }
    }

    /// The engine that this profile describes; `None` for the standard. The console prints failures
    /// in the words of this engine, and prints nothing for the standard.
    ///
    /// ```
    /// # use browser_cors::engine::{Engine, Profile};
    /// assert_eq!(Profile::WEBKIT.engine(), Some(Engine::Webkit));
    /// assert_eq!(Profile::STANDARD.engine(), None);
    /// ```
    pub const fn engine(&self) -> Option<Engine> {
        match self.release {
            Some(release) => Some(release.engine),
            None => None,
        }
    }

    /// Whether this profile has `departure`.
    pub const fn departs(&self, departure: Departure) -> bool {
        self.choices.contains(departure)
    }

    /// The departures of this profile, in the order of the catalogue.
    ///
    /// ```
    /// # use browser_cors::engine::{Departure, Profile};
    /// let mut departures = Profile::WEBKIT.departures();
    /// assert!(departures.any(|departure| departure == Departure::FONT_NO_CORS));
    /// ```
    pub fn departures(&self) -> impl Iterator<Item = Departure> {
        let choices = self.choices;
        Departure::all().filter(move |departure| choices.contains(*departure))
    }

    /// Adds a departure. It replaces any departure that excludes it.
    ///
    /// ```
    /// # use browser_cors::engine::{Departure, Profile};
    /// let profile = Profile::WEBKIT.with(Departure::MAX_AGE_OF_DIGITS);
    /// assert!(profile.departs(Departure::MAX_AGE_OF_DIGITS));
    /// assert!(!profile.departs(Departure::MAX_AGE_OF_INTEGER));
    /// ```
    #[must_use]
    pub const fn with(mut self, departure: Departure) -> Self {
        self.choices = self.choices.with(departure);
        self
    }

    /// Removes a departure: the profile then follows the standard at that place.
    ///
    /// ```
    /// # use browser_cors::engine::{Departure, Profile};
    /// let profile = Profile::CHROMIUM.without(Departure::CACHE_ONE_RESULT);
    /// assert!(!profile.departs(Departure::CACHE_ONE_RESULT));
    /// ```
    #[must_use]
    pub const fn without(mut self, departure: Departure) -> Self {
        self.choices = self.choices.without(departure);
        self
    }

    /// The longest time for which the preflight cache keeps an answer. The standard leaves it to
    /// the user agent; [`Profile::STANDARD`] has 24 hours.
    ///
    /// ```
    /// # use {browser_cors::engine::Profile, std::time::Duration};
    /// assert_eq!(Profile::CHROMIUM.max_age_limit(), Duration::from_secs(7_200));
    /// ```
    pub const fn max_age_limit(&self) -> Duration {
        Duration::from_secs(self.choices.max_age_limit.0)
    }

    /// Sets the [longest time](Self::max_age_limit) in the cache, rounded down to whole seconds.
    ///
    /// ```
    /// # use {browser_cors::engine::Profile, std::time::Duration};
    /// let profile = Profile::STANDARD.with_max_age_limit(Duration::from_secs(60));
    /// assert_eq!(profile.max_age_limit(), Duration::from_secs(60));
    /// ```
    #[must_use]
    pub const fn with_max_age_limit(mut self, limit: Duration) -> Self {
        self.choices.max_age_limit = MaxAgeLimit(limit.as_secs());
        self
    }
}

/// [`Profile::STANDARD`]
impl Default for Profile {
    fn default() -> Self {
        Self::STANDARD
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.release {
            None => f.pad("standard"),
            Some(release) if release == Release::newest(release.engine) => {
                f.pad(release.engine.as_str())
            }
            Some(release) => release.fmt(f),
        }
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        if text == "standard" {
            return Ok(Self::STANDARD);
        }
        match text.parse() {
            Ok(release) => Ok(Self::of(release)?),
            Err(InvalidRelease::Engine { name, nearest: found }) => {
                Err(UnknownProfile::Name { nearest: nearest(&name, ["standard"]).or(found), name })
            }
            Err(error) => Err(UnknownProfile::Release(error)),
        }
    }
}

/// Text that does not name a profile.
///
/// ```
/// # use browser_cors::engine::Profile;
/// let error = "chromium@2".parse::<Profile>().unwrap_err();
/// assert!(error.to_string().starts_with("chromium@2 is older than the recorded release"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum UnknownProfile {
    /// The name is neither `standard` nor the name of an engine.
    #[error(
        "`{name}` is not a profile{} There are standard, chromium (chrome, edge), firefox and \
         webkit (safari), and the releases of engines, such as `chromium@131`",
        .nearest.map_or_else(|| ".".to_owned(), |nearest| format!("; `{nearest}`, maybe?"))
    )]
    Name {
        /// The text before `@`.
        name: String,
        /// A known name with a similar spelling.
        nearest: Option<&'static str>,
    },
    /// The text does not name a release.
    #[error(transparent)]
    Release(#[from] InvalidRelease),
    /// The text names a release about which nothing is known.
    #[error(transparent)]
    Unrecorded(#[from] UnrecordedRelease),
}
