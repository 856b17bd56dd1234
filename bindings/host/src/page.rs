//! A page that is open in one engine or in several.

use std::time::Duration;

use browser_cors::{engine::Profile, suite};
use browser_cors_audit::browser::user_agents;
use serde::Deserialize;

use crate::{InvalidInput, read};

/// A page: its origin, the engines in which it is open, their preflight caches, and a clock.
///
/// ```
/// # use browser_cors_host::Page;
/// let page = Page::new(r#"{ "origin": "https://app.example", "engines": ["standard", "firefox@140"] }"#)?;
/// assert_eq!(page.engines(), ["standard", "firefox@140"]);
/// # Ok::<(), browser_cors_host::InvalidInput>(())
/// ```
#[derive(Debug)]
pub struct Page {
    pub(crate) page: suite::Page,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// The page's URL, its origin, or `null`.
    origin: String,
    /// The engines; without any, the standard and the newest of each.
    engines: Option<Vec<String>>,
    /// The base of relative URLs of calls.
    server: Option<String>,
}

impl Page {
    /// Opens a page. `options` has `origin` and may have `engines` and `server`.
    ///
    /// # Errors
    ///
    /// If a member is unknown or names no page, engine or server.
    ///
    /// ```
    /// # use browser_cors_host::Page;
    /// let error = Page::new(r#"{ "origin": "null", "engines": ["netscape"] }"#).unwrap_err();
    /// assert!(error.to_string().contains("netscape"));
    /// ```
    pub fn new(options: &str) -> Result<Self, InvalidInput> {
        let Options { origin, engines, server } = read("page", options)?;
        let (names, profiles) = profiles(engines)?;
        let mut page = suite::Page::try_at(&origin).map_err(InvalidInput::new)?;
        page = page.in_user_agents(user_agents(&profiles));
        if let Some(server) = server {
            page = page.try_server(&server).map_err(InvalidInput::new)?;
        }
        Ok(Self { page, names })
    }

    /// Advances the page's clock, so that entries of the preflight cache expire. A time that is no
    /// positive number of seconds changes nothing.
    ///
    /// ```
    /// # use browser_cors_host::Page;
    /// # let page = Page::new(r#"{ "origin": "https://app.example" }"#)?;
    /// page.advance(601.0);
    /// # Ok::<(), browser_cors_host::InvalidInput>(())
    /// ```
    pub fn advance(&self, seconds: f64) {
        self.page.advance(Duration::try_from_secs_f64(seconds).unwrap_or_default());
    }

    /// The page's origin, serialized.
    ///
    /// ```
    /// # use browser_cors_host::Page;
    /// let page = Page::new(r#"{ "origin": "https://app.example/cart" }"#)?;
    /// assert_eq!(page.origin(), "https://app.example");
    /// # Ok::<(), browser_cors_host::InvalidInput>(())
    /// ```
    pub fn origin(&self) -> &str {
        self.page.origin()
    }

    /// The names of the engines, as they were given.
    ///
    /// ```
    /// # use browser_cors_host::Page;
    /// let page = Page::new(r#"{ "origin": "https://app.example" }"#)?;
    /// assert_eq!(page.engines(), ["standard", "chromium", "firefox", "webkit"]);
    /// # Ok::<(), browser_cors_host::InvalidInput>(())
    /// ```
    pub fn engines(&self) -> &[String] {
        &self.names
    }
}

/// The engines with these names; without any, the standard and the newest of each.
pub(crate) fn profiles(
    engines: Option<Vec<String>>,
) -> Result<(Vec<String>, Vec<Profile>), InvalidInput> {
    let names = engines.unwrap_or_else(|| Profile::ALL.iter().map(Profile::to_string).collect());
    if names.is_empty() {
        return Err(InvalidInput::new("no engine was named, so nothing would be asked"));
    }
    let (mut known, mut profiles) = (Vec::new(), Vec::new());
    for name in names {
        let all: Vec<(String, Profile)> = match name.as_str() {
            "all" => Profile::ALL.iter().map(|profile| (profile.to_string(), *profile)).collect(),
            name => vec![(name.to_owned(), name.parse().map_err(InvalidInput::new)?)],
        };
        for (name, profile) in all {
            if !known.contains(&name) {
                known.push(name);
                profiles.push(profile);
            }
        }
    }
    Ok((known, profiles))
}
