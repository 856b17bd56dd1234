//! Releases of engines, which profiles describe.

use std::{fmt, str::FromStr};

use thiserror::Error;

use super::{Engine, catalogue::RELEASES};
use crate::spec::keyword::nearest;

/// A version of an engine: `156`, or `2.50` if the engine numbers its versions with two parts.
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
    /// A version. `minor` is 0 if the engine numbers its versions with one part.
    ///
    /// ```
    /// # use browser_cors::engine::Version;
    /// assert_eq!(Version::new(2, 50).to_string(), "2.50");
    /// assert_eq!(Version::new(156, 0).to_string(), "156");
    /// ```
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// `<` for constant functions.
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

/// Text that is not a version.
///
/// ```
/// # use browser_cors::engine::Version;
/// let error = "latest".parse::<Version>().unwrap_err();
/// assert_eq!(error.to_string(), "`latest` is not a version: `131` or `2.50` was expected");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("`{text}` is not a version: `131` or `2.50` was expected")]
pub struct InvalidVersion {
    /// The text.
    pub text: String,
}

/// Parses one or two numbers with a point between them. Up to two more numbers may follow
/// (`156.0.8078.73`); they are ignored.
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
/// // Without a version, the text means the newest recorded release.
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

/// The catalogue's entry for a recorded release.
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

    /// The recorded releases, grouped by engine. The oldest of each engine comes first.
    ///
    /// ```
    /// # use browser_cors::engine::{Engine, Release};
    /// assert!(Release::recorded().any(|release| release == Release::newest(Engine::Chromium)));
    /// ```
    pub fn recorded() -> impl DoubleEndedIterator<Item = Self> {
        RELEASES.iter().map(|recorded| recorded.release)
    }

    /// The newest recorded release of an engine.
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

    /// The recorded release that stands for this one: itself, or the nearest older one.
    ///
    /// # Errors
    ///
    /// If this release is older or newer than all recorded releases of its engine. Its behaviour is
    /// then unknown.
    ///
    /// ```
    /// # use browser_cors::engine::Release;
    /// let release: Release = "chromium@1".parse()?;
    /// let error = release.nearest_recorded().unwrap_err();
    /// assert!(error.to_string().starts_with("chromium@1 is older than the recorded release"));
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

    /// The name under which the release is distributed, such as `Firefox ESR 153`; `None` if the
    /// release was not recorded.
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

    /// The exact version and the system that were recorded; `None` if the release was not recorded.
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

/// Browsers whose names also mean an engine.
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

/// Text that does not name a release of an engine.
///
/// ```
/// # use browser_cors::engine::Release;
/// let error = "chromum@131".parse::<Release>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`chromum` is not a recorded engine; `chromium`, maybe? There are chromium (chrome, \
///      edge), firefox and webkit (safari), each alone or with a version: `chromium@131`",
/// );
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidRelease {
    /// No engine has this name.
    #[error(
        "`{name}` is not a recorded engine{} There are chromium (chrome, edge), firefox and \
         webkit (safari), each alone or with a version: `chromium@131`",
        .nearest.map_or_else(|| ".".to_owned(), |nearest| format!("; `{nearest}`, maybe?"))
    )]
    Engine {
        /// The text before `@`.
        name: String,
        /// The name of an engine with a similar spelling.
        nearest: Option<&'static str>,
    },
    /// The text after `@` is not a version.
    #[error(transparent)]
    Version(#[from] InvalidVersion),
    /// The text names a version of Safari. The recordings are of WebKitGTK, whose versions have
    /// other numbers.
    #[error(
        "Safari itself was not recorded. WebKitGTK was, which has the same engine and other \
         version numbers: write `safari`, or `webkit@{}`", Release::newest(Engine::Webkit).version
    )]
    Safari,
}

/// A release that is older or newer than all recorded releases of its engine.
///
/// ```
/// # use browser_cors::engine::{Engine, Profile, Release, Version};
/// let error = Profile::of(Release::new(Engine::Firefox, Version::new(9000, 0))).unwrap_err();
/// assert_eq!(error.newest, Release::newest(Engine::Firefox));
/// assert!(error.to_string().starts_with("firefox@9000 is newer than the recorded releases, "));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error(
    "{release} is {} than the recorded {}",
    if release.version.is_before(oldest.version) { "older" } else { "newer" },
    if oldest == newest { format!("release, {oldest}") } else { span(*oldest, *newest) },
)]
pub struct UnrecordedRelease {
    /// The release.
    pub release: Release,
    /// The oldest recorded release of its engine.
    pub oldest: Release,
    /// The newest recorded release of its engine.
    pub newest: Release,
}

fn span(oldest: Release, newest: Release) -> String {
    format!("releases, {oldest} to {newest}")
}
