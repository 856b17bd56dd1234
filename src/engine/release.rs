//! Releases of engines: what a profile is of.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::{Engine, catalogue::RELEASES};
use crate::spec::keyword::nearest;

/// A version of an engine: `156`, or `2.50` where the engine counts in two numbers.
///
/// ```
/// # use browser_cors::engine::Version;
/// assert!("2.50".parse::<Version>()? > "2.5".parse::<Version>()?);
/// assert_eq!("156.0.8078.73".parse::<Version>()?, Version::new(156, 0));
/// # Ok::<(), browser_cors::engine::InvalidVersion>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Version {
    major: u16,
    minor: u16,
}

impl Version {
    /// A version of two numbers, of which the second is 0 if the engine counts in one.
    ///
    /// ```
    /// # use browser_cors::engine::Version;
    /// assert_eq!(Version::new(2, 50).to_string(), "2.50");
    /// assert_eq!(Version::new(156, 0).to_string(), "156");
    /// ```
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Whether it comes before `other`, for constants.
    pub(super) const fn is_before(self, other: Self) -> bool {
        self.major < other.major || (self.major == other.major && self.minor < other.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.minor {
            0 => write!(f, "{}", self.major),
            minor => write!(f, "{}.{minor}", self.major),
        }
    }
}

/// Text that is no version.
///
/// ```
/// # use browser_cors::engine::Version;
/// let error = "latest".parse::<Version>().unwrap_err();
/// assert_eq!(error.to_string(), "`latest` is no version: `131` or `2.50` was expected");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("`{text}` is no version: `131` or `2.50` was expected")]
pub struct InvalidVersion {
    /// What was given.
    pub text: String,
}

/// One or two numbers with a point between them; what follows (`156.0.8078.73`) is not looked at, as
/// long as it is numbers.
impl FromStr for Version {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let numbers: Option<Vec<u16>> = text.split('.').map(|part| part.parse().ok()).collect();
        let invalid = || InvalidVersion { text: text.to_owned() };
        match numbers.ok_or_else(invalid)?.as_slice() {
            [major] => Ok(Self::new(*major, 0)),
            [major, minor] | [major, minor, _] | [major, minor, _, _] => {
                Ok(Self::new(*major, *minor))
            }
            _ => Err(invalid()),
        }
    }
}

/// A release of an engine, such as `chromium@156`.
///
/// ```
/// use browser_cors::engine::{Engine, Release, Version};
///
/// let release: Release = "chromium@131".parse()?;
/// assert_eq!(release, Release::new(Engine::Chromium, Version::new(131, 0)));
/// assert_eq!("chrome@131".parse(), Ok(release));
/// assert_eq!(release.to_string(), "chromium@131");
/// // Without a version, it is the newest release that was recorded.
/// assert_eq!("firefox".parse(), Ok(Release::newest(Engine::Firefox)));
/// # Ok::<(), browser_cors::engine::InvalidRelease>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Release {
    /// The engine.
    pub engine: Engine,
    /// Its version.
    pub version: Version,
}

/// What is known of a release that was recorded.
pub(super) struct Recorded {
    pub(super) release: Release,
    pub(super) product: &'static str,
    pub(super) build: &'static str,
}

impl Release {
    /// A release of an engine, recorded or not.
    ///
    /// ```
    /// # use browser_cors::engine::{Engine, Release, Version};
    /// let release = Release::new(Engine::Webkit, Version::new(2, 50));
    /// assert_eq!(release.to_string(), "webkit@2.50");
    /// ```
    pub const fn new(engine: Engine, version: Version) -> Self {
        Self { engine, version }
    }

    /// The releases that were recorded: those of each engine together, the oldest first.
    ///
    /// ```
    /// # use browser_cors::engine::{Engine, Release};
    /// assert!(Release::recorded().any(|release| release == Release::newest(Engine::Chromium)));
    /// ```
    pub fn recorded() -> impl DoubleEndedIterator<Item = Self> {
        RELEASES.iter().map(|recorded| recorded.release)
    }

    /// The newest release of an engine that was recorded.
    ///
    /// ```
    /// # use browser_cors::engine::{Engine, Release};
    /// assert_eq!(Release::newest(Engine::Webkit).engine, Engine::Webkit);
    /// ```
    pub const fn newest(engine: Engine) -> Self {
        let mut index = RELEASES.len();
        while index > 0 {
            index -= 1;
            if RELEASES[index].release.engine as u8 == engine as u8 {
                return RELEASES[index].release;
            }
        }
        panic!("a release of each engine was recorded")
    }

    /// The recorded release that answers for this one: itself, or the nearest older one.
    ///
    /// # Errors
    ///
    /// If it is older than all that were recorded of its engine, or newer. What it does is not known
    /// then.
    ///
    /// ```
    /// # use browser_cors::engine::Release;
    /// let release: Release = "chromium@1".parse()?;
    /// let error = release.nearest_recorded().unwrap_err();
    /// assert!(error.to_string().starts_with("chromium@1 is older than what was recorded"));
    /// # Ok::<(), browser_cors::engine::InvalidRelease>(())
    /// ```
    pub const fn nearest_recorded(self) -> Result<Self, UnrecordedRelease> {
        let (mut index, mut found, mut oldest) = (0, None, None);
        while index < RELEASES.len() {
            let recorded = RELEASES[index].release;
            if recorded.engine as u8 == self.engine as u8 {
                if oldest.is_none() {
                    oldest = Some(recorded);
                }
                if !self.version.is_before(recorded.version) {
                    found = Some(recorded);
                }
            }
            index += 1;
        }
        let newest = Self::newest(self.engine);
        match (found, oldest) {
            (Some(found), _) if !newest.version.is_before(self.version) => Ok(found),
            (_, Some(oldest)) => Err(UnrecordedRelease { release: self, oldest, newest }),
            (_, None) => Err(UnrecordedRelease { release: self, oldest: newest, newest }),
        }
    }

    /// What the release is called where people get it, such as `Firefox ESR 153`; `None` if it was
    /// not recorded.
    ///
    /// ```
    /// # use browser_cors::engine::{Engine, Release};
    /// let release: Release = "webkit@2.50".parse()?;
    /// assert_eq!(release.product(), Some("WebKitGTK 2.50"));
    /// # Ok::<(), browser_cors::engine::InvalidRelease>(())
    /// ```
    pub fn product(self) -> Option<&'static str> {
        Some(self.record()?.product)
    }

    /// The build that was recorded; `None` if none was.
    ///
    /// ```
    /// # use browser_cors::engine::{Engine, Release};
    /// assert!(Release::newest(Engine::Chromium).build().is_some());
    /// ```
    pub fn build(self) -> Option<&'static str> {
        Some(self.record()?.build)
    }

    fn record(self) -> Option<&'static Recorded> {
        RELEASES.iter().find(|recorded| recorded.release == self)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}@{}", self.engine, self.version))
    }
}

/// The names of browsers that are built on an engine, beside its own.
const ALIASES: [(&str, Engine); 3] =
    [("chrome", Engine::Chromium), ("edge", Engine::Chromium), ("safari", Engine::Webkit)];

impl FromStr for Release {
    type Err = InvalidRelease;

    fn from_str(text: &str) -> Result<Self, InvalidRelease> {
        let (name, version) = match text.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (text, None),
        };
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, engine)| *engine);
        let Some(engine) = alias.or_else(|| name.parse().ok()) else {
            let aliases = ALIASES.iter().map(|(alias, _)| *alias);
            return Err(InvalidRelease::Engine {
                name: name.to_owned(),
                nearest: nearest(name, Engine::NAMES.iter().copied().chain(aliases)),
            });
        };
        match version {
            Some(_) if name == "safari" => Err(InvalidRelease::Safari),
            Some(version) => Ok(Self::new(engine, version.parse()?)),
            None => Ok(Self::newest(engine)),
        }
    }
}

/// Text that names no release of an engine.
///
/// ```
/// # use browser_cors::engine::Release;
/// let error = "chromum@131".parse::<Release>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`chromum` is no engine that was recorded; `chromium`, maybe? There are chromium (chrome, \
///      edge), firefox and webkit (safari), each alone or with a version: `chromium@131`",
/// );
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidRelease {
    /// No engine has this name.
    #[error(
        "`{name}` is no engine that was recorded{} There are chromium (chrome, edge), firefox and \
         webkit (safari), each alone or with a version: `chromium@131`",
        .nearest.map_or_else(|| ".".to_owned(), |nearest| format!("; `{nearest}`, maybe?"))
    )]
    Engine {
        /// What was given for the engine.
        name: String,
        /// The name of an engine that is spelled like it.
        nearest: Option<&'static str>,
    },
    /// What follows `@` is no version.
    #[error(transparent)]
    Version(#[from] InvalidVersion),
    /// Safari's versions are not those of WebKitGTK, which was recorded.
    #[error(
        "Safari itself was not recorded, but WebKitGTK, which has the same engine and other \
         versions: write `safari`, or `webkit@{}`", Release::newest(Engine::Webkit).version
    )]
    Safari,
}

/// A release that is older or newer than all that were recorded of its engine.
///
/// ```
/// # use browser_cors::engine::Profile;
/// assert!("firefox@9000".parse::<Profile>().is_err());
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error(
    "{release} is {} than what was recorded: {}",
    if release.version.is_before(oldest.version) { "older" } else { "newer" },
    if oldest == newest { format!("{oldest} alone") } else { format!("{oldest} to {newest}") },
)]
pub struct UnrecordedRelease {
    /// The release.
    pub release: Release,
    /// The oldest release of its engine that was recorded.
    pub oldest: Release,
    /// The newest.
    pub newest: Release,
}
