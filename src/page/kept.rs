//! What a page keeps of its loads, and does not ask for again: the [module map] and the [list of
//! available images], and the style sheets that an engine keeps.
//!
//! [module map]: https://html.spec.whatwg.org/multipage/webappapis.html#module-map
//! [list of available images]: https://html.spec.whatwg.org/multipage/images.html#list-of-available-images

use std::collections::HashMap;

use url::{Position, Url};

use super::{
    elements::CorsSettingsAttribute,
    engines::{AvailableImages, FailedModules, StyleSheets},
    loads::{Load, Loaded},
};
use crate::{code::Code, engine::Profile};

/// What a page keeps of its loads. Like the preflight cache, it belongs to one page in one user agent.
///
/// Ask it [before](Self::find) each load, and tell it [what was asked](Self::asked) and [what became
/// of it](Self::keep).
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     engine::Profile,
///     page::{elements::CorsSettingsAttribute, kept::KeptLoads, loads::{Load, Loaded}},
///     url::Url,
/// };
///
/// let url = Url::parse("https://cdn.example/app.mjs").unwrap();
/// let (anonymous, credentials) = (CorsSettingsAttribute::Anonymous, CorsSettingsAttribute::UseCredentials);
/// let mut kept = KeptLoads::new();
/// kept.keep(Load::ModuleScript, &url, anonymous, None, &Profile::STANDARD);
///
/// // The module map does not look at `crossorigin`, and by the standard it keeps failures.
/// let known = kept.find(Load::ModuleScript, &url, credentials, &Profile::STANDARD).unwrap();
/// assert_eq!(known.loaded, None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct KeptLoads {
    entries: HashMap<Key, Option<Loaded>>,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Key {
    place: Place,
    url: String,
    crossorigin: CorsSettingsAttribute,
}

/// Where a page keeps a load.
///
/// ```
/// # use browser_cors::page::kept::Place;
/// assert_eq!(Place::ModuleMap.as_str(), "module-map");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Place {
    /// The [module map](https://html.spec.whatwg.org/multipage/webappapis.html#module-map).
    ModuleMap,
    /// The [list of available
    /// images](https://html.spec.whatwg.org/multipage/images.html#list-of-available-images).
    AvailableImages,
    /// The style sheets that an engine keeps.
    StyleSheets,
}

impl Place {
    /// Its name: `module-map`, `available-images` or `style-sheets`.
    ///
    /// ```
    /// # use browser_cors::page::kept::Place;
    /// assert_eq!(Place::AvailableImages.as_str(), "available-images");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ModuleMap => "module-map",
            Self::AvailableImages => "available-images",
            Self::StyleSheets => "style-sheets",
        }
    }

    /// Where the standard defines it, or the algorithm that has no such place.
    ///
    /// ```
    /// # use browser_cors::page::kept::Place;
    /// assert!(Place::ModuleMap.url().ends_with("#module-map"));
    /// ```
    pub const fn url(self) -> &'static str {
        match self {
            Self::ModuleMap => "https://html.spec.whatwg.org/multipage/webappapis.html#module-map",
            Self::AvailableImages => {
                "https://html.spec.whatwg.org/multipage/images.html#list-of-available-images"
            }
            Self::StyleSheets => {
                "https://html.spec.whatwg.org/multipage/semantics.html#default-fetch-and-process-the-linked-resource"
            }
        }
    }

    const fn of(load: Load) -> Option<Self> {
        match load {
            Load::ModuleScript => Some(Self::ModuleMap),
            Load::Image | Load::Texture => Some(Self::AvailableImages),
            Load::StyleSheet => Some(Self::StyleSheets),
            Load::Video
            | Load::ClassicScript
            | Load::Font
            | Load::ShapeImage
            | Load::EventSource => None,
        }
    }
}

/// A load that needs no request, since the page has what it asks for.
///
/// ```
/// # use browser_cors::page::kept::KeptLoad;
/// # fn f(known: &KeptLoad) {
/// println!("from the {}", known.place.as_str());
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeptLoad {
    /// The kind of load.
    pub load: Load,
    /// Where the page keeps it.
    pub place: Place,
    /// How the earlier load ended: `None` if it failed.
    pub loaded: Option<Loaded>,
}

impl KeptLoad {
    /// The code of the reason for which the page cannot use the resource, or not look inside.
    ///
    /// ```
    /// # use browser_cors::page::kept::KeptLoad;
    /// # fn f(known: &KeptLoad) {
    /// assert_eq!(known.code().is_none(), known.loaded.is_some_and(|loaded| loaded.readable));
    /// # }
    /// ```
    pub const fn code(&self) -> Option<Code> {
        match self.loaded {
            None => Some(Code::LoadFailedBefore),
            Some(Loaded { readable: false }) => Some(Code::CorsCrossOrigin),
            Some(Loaded { readable: true }) => None,
        }
    }

    /// The rule that keeps the page from using the resource or from looking inside; otherwise where the
    /// page keeps it.
    ///
    /// ```
    /// # use browser_cors::page::kept::KeptLoad;
    /// # fn f(known: &KeptLoad) {
    /// println!("at: {}", known.step_url());
    /// # }
    /// ```
    pub const fn step_url(&self) -> &'static str {
        match self.loaded {
            Some(Loaded { readable: false }) => self.load.reading_url(),
            Some(Loaded { readable: true }) | None => self.place.url(),
        }
    }
}

impl KeptLoads {
    /// The number of loads that a page keeps. Beyond it, nothing more is kept.
    ///
    /// ```
    /// # use browser_cors::page::kept::KeptLoads;
    /// assert_eq!(KeptLoads::LIMIT, 10_000);
    /// ```
    pub const LIMIT: usize = 10_000;

    /// Nothing is kept.
    ///
    /// ```
    /// # use browser_cors::page::kept::KeptLoads;
    /// assert!(KeptLoads::new().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// How many loads are kept.
    ///
    /// ```
    /// # use browser_cors::page::kept::KeptLoads;
    /// assert_eq!(KeptLoads::new().len(), 0);
    /// ```
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is kept.
    ///
    /// ```
    /// # use browser_cors::page::kept::KeptLoads;
    /// assert!(KeptLoads::new().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Each place and URL at which something is kept, in no order.
    ///
    /// ```
    /// # use browser_cors::page::kept::KeptLoads;
    /// assert!(KeptLoads::new().entries().next().is_none());
    /// ```
    pub fn entries(&self) -> impl Iterator<Item = (Place, &str, Option<Loaded>)> {
        self.entries.iter().map(|(key, loaded)| (key.place, &*key.url, *loaded))
    }

    /// What the page has of a load. It then sends no request.
    ///
    /// ```
    /// # use browser_cors::{engine::Profile, page::{elements::CorsSettingsAttribute, kept::KeptLoads, loads::Load}};
    /// # let url = browser_cors::url::Url::parse("https://cdn.example/a.png").unwrap();
    /// let kept = KeptLoads::new();
    /// assert!(kept.find(Load::Image, &url, CorsSettingsAttribute::NoCors, &Profile::STANDARD).is_none());
    /// ```
    pub fn find(
        &self,
        load: Load,
        url: &Url,
        crossorigin: CorsSettingsAttribute,
        profile: &Profile,
    ) -> Option<KeptLoad> {
        let key = Key::new(load, url, crossorigin, profile)?;
        let loaded = *self.entries.get(&key)?;
        Some(KeptLoad { load, place: key.place, loaded })
    }

    /// Takes note that the page sends a request for `url`, by any API.
    ///
    /// ```
    /// # use browser_cors::{
    /// #     engine::Profile,
    /// #     page::{elements::CorsSettingsAttribute, kept::KeptLoads, loads::{Load, Loaded}},
    /// #     url::Url,
    /// # };
    /// # fn f(loaded: Loaded) {
    /// let url = Url::parse("https://cdn.example/a.png").unwrap();
    /// let mut kept = KeptLoads::new();
    /// kept.keep(Load::Image, &url, CorsSettingsAttribute::NoCors, Some(loaded), &Profile::CHROMIUM);
    /// kept.asked(&url, &Profile::CHROMIUM);
    /// assert!(kept.is_empty()); // Chromium keeps the image of the last request alone.
    /// # }
    /// ```
    pub fn asked(&mut self, url: &Url, profile: &Profile) {
        // Departs(AvailableImages)
        if profile.choices.available_images == AvailableImages::OneByUrl {
            let url = &url[..Position::AfterQuery];
            for crossorigin in CorsSettingsAttribute::ALL {
                let place = Place::AvailableImages;
                self.entries.remove(&Key { place, url: url.to_owned(), crossorigin });
            }
        }
    }

    /// Keeps what became of a load: `None` if it failed.
    ///
    /// ```
    /// # use browser_cors::{engine::Profile, page::{elements::CorsSettingsAttribute, kept::KeptLoads, loads::Load}};
    /// # let url = browser_cors::url::Url::parse("https://cdn.example/a.png").unwrap();
    /// let mut kept = KeptLoads::new();
    /// kept.keep(Load::Image, &url, CorsSettingsAttribute::NoCors, None, &Profile::STANDARD);
    /// assert!(kept.is_empty()); // an image that failed is asked for again
    /// ```
    pub fn keep(
        &mut self,
        load: Load,
        url: &Url,
        crossorigin: CorsSettingsAttribute,
        loaded: Option<Loaded>,
        profile: &Profile,
    ) {
        let Some(key) = Key::new(load, url, crossorigin, profile) else { return };
        // Departs(FailedModules)
        let keeps_failures =
            key.place == Place::ModuleMap && profile.choices.failed_modules == FailedModules::Kept;
        let has_room = self.entries.len() < Self::LIMIT || self.entries.contains_key(&key);
        if has_room && (loaded.is_some() || keeps_failures) {
            self.entries.insert(key, loaded);
        }
    }
}

impl Key {
    /// The key of a load; `None` if the page does not keep it.
    fn new(
        load: Load,
        url: &Url,
        crossorigin: CorsSettingsAttribute,
        profile: &Profile,
    ) -> Option<Self> {
        let place = Place::of(load)?;
        // Departs(StyleSheets)
        if place == Place::StyleSheets && profile.choices.style_sheets == StyleSheets::Forgotten {
            return None;
        }
        // The key of the module map is the URL and the module's type.
        let crossorigin = match place {
            Place::ModuleMap => CorsSettingsAttribute::Anonymous,
            Place::AvailableImages | Place::StyleSheets => crossorigin,
        };
        let without_fragment = place == Place::AvailableImages
            && profile.choices.available_images == AvailableImages::OneByUrl;
        let url = if without_fragment { &url[..Position::AfterQuery] } else { url.as_str() };
        Some(Self { place, url: url.to_owned(), crossorigin })
    }
}
