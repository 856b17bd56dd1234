//! What a user agent makes of the standard.

use std::{fmt, str::FromStr, time::Duration};

use thiserror::Error;

use super::{
    Departure, Engine, InvalidRelease, Release, UnrecordedRelease, catalogue::RELEASES,
    choices::Choices,
};
use crate::{preflight_cache::engines::MaxAgeLimit, spec::keyword::nearest};

/// What a user agent makes of the standard: what it chooses where the standard leaves a choice, and
/// where it departs from the standard.
///
/// It is that of a release, [`Profile::STANDARD`], or one of these with some departures more or
/// fewer. As text it is `standard`, the name of an engine for its newest recorded release, or a
/// release: `chromium@156`.
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
    /// The standard to the letter.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!(Profile::STANDARD.to_string(), "standard");
    /// ```
    pub const STANDARD: Self = Self { release: None, choices: Choices::STANDARD };

    /// The newest release of Chromium that was recorded. It moves with each that is recorded later;
    /// parse a release such as `chromium@156` to stay with it.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!("chromium".parse(), Ok(Profile::CHROMIUM));
    /// ```
    pub const CHROMIUM: Self = Self::recorded(Release::newest(Engine::Chromium));

    /// The newest release of Firefox that was recorded. It moves with each that is recorded later.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!("firefox".parse(), Ok(Profile::FIREFOX));
    /// ```
    pub const FIREFOX: Self = Self::recorded(Release::newest(Engine::Firefox));

    /// The newest release of WebKitGTK that was recorded. It moves with each that is recorded later.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!("webkit".parse(), Ok(Profile::WEBKIT));
    /// ```
    pub const WEBKIT: Self = Self::recorded(Release::newest(Engine::Webkit));

    /// The standard, and the newest release of each engine that was recorded.
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

    /// The profile of a release. One that lies between recorded ones does what the nearest older one
    /// does: [`recorded_as`](Self::recorded_as) says which that is.
    ///
    /// # Errors
    ///
    /// If the release is older than all that were recorded of its engine, or newer.
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

    /// The profiles of all releases that were recorded, without the standard.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert!(Profile::of_recorded_releases().any(|profile| profile == Profile::WEBKIT));
    /// ```
    pub fn of_recorded_releases() -> impl Iterator<Item = Self> {
        RELEASES.iter().map(|recorded| Self::recorded(recorded.release))
    }

    /// The release that it is of; `None` for the standard.
    ///
    /// ```
    /// # use browser_cors::engine::{Engine, Profile, Release};
    /// assert_eq!(Profile::FIREFOX.release(), Some(Release::newest(Engine::Firefox)));
    /// ```
    pub const fn release(&self) -> Option<Release> {
        self.release
    }

    /// The recorded release whose behaviour it has: its own, or the nearest older one.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// assert_eq!(Profile::CHROMIUM.recorded_as(), Profile::CHROMIUM.release());
    /// assert_eq!(Profile::STANDARD.recorded_as(), None);
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

    /// The engine that it is of, in whose words a console prints failures; `None` for the standard,
    /// which prints nothing.
    ///
    /// ```
    /// # use browser_cors::engine::{Engine, Profile};
    /// assert_eq!(Profile::WEBKIT.engine(), Some(Engine::Webkit));
    /// ```
    pub const fn engine(&self) -> Option<Engine> {
        match self.release {
            Some(release) => Some(release.engine),
            None => None,
        }
    }

    /// Whether it departs from the standard in this.
    ///
    /// ```
    /// # use browser_cors::engine::{Departure, Profile};
    /// assert!(!Profile::STANDARD.departs(Departure::AUTHORIZATION_UNDER_WILDCARD));
    /// ```
    pub const fn departs(&self, departure: Departure) -> bool {
        self.choices.contains(departure)
    }

    /// All in which it departs, in the order of the catalogue.
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

    /// The same with a departure. It takes the place of one that excludes it.
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

    /// The same, but as the standard does where it departed so.
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

    /// The longest time that the answer to a preflight is kept, which the standard leaves to the
    /// user agent: 24 hours for [`Profile::STANDARD`].
    ///
    /// ```
    /// # use {browser_cors::engine::Profile, std::time::Duration};
    /// assert_eq!(Profile::CHROMIUM.max_age_limit(), Duration::from_secs(7_200));
    /// ```
    pub const fn max_age_limit(&self) -> Duration {
        Duration::from_secs(self.choices.max_age_limit.0)
    }

    /// The same with another [longest time](Self::max_age_limit), of which whole seconds count.
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

/// Text for which there is no profile.
///
/// ```
/// # use browser_cors::engine::Profile;
/// let error = "chromium@2".parse::<Profile>().unwrap_err();
/// assert!(error.to_string().starts_with("chromium@2 is older than what was recorded: "));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum UnknownProfile {
    /// Its name is not `standard`, nor that of an engine.
    #[error(
        "`{name}` is no profile{} There are standard, chromium (chrome, edge), firefox and webkit \
         (safari), and the releases of engines, such as `chromium@131`",
        .nearest.map_or_else(|| ".".to_owned(), |nearest| format!("; `{nearest}`, maybe?"))
    )]
    Name {
        /// What was given for the name.
        name: String,
        /// A name that is spelled like it.
        nearest: Option<&'static str>,
    },
    /// It names no release.
    #[error(transparent)]
    Release(#[from] InvalidRelease),
    /// It names a release of which nothing is known.
    #[error(transparent)]
    Unrecorded(#[from] UnrecordedRelease),
}
