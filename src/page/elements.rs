//! [Potentially CORS-enabled loads]: the requests of elements and style sheets, as the
//! `crossorigin` attribute decides them.
//!
//! [Potentially CORS-enabled loads]: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#create-a-potential-cors-request

use std::sync::Arc;

use url::Url;

use crate::{
    engine::Profile,
    environment::Environment,
    request::{CredentialsMode, Destination, InitiatorType, Mode, Request, Written},
};

/// The states of a [CORS settings attribute], such as `crossorigin`.
///
/// [CORS settings attribute]: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attribute
///
/// # Examples
///
/// ```
/// use browser_cors::page::elements::CorsSettingsAttribute;
///
/// let of = CorsSettingsAttribute::from_attribute;
/// assert_eq!(of(None), CorsSettingsAttribute::NoCors);
/// assert_eq!(of(Some("")), CorsSettingsAttribute::Anonymous);
/// assert_eq!(of(Some("Use-Credentials")), CorsSettingsAttribute::UseCredentials);
/// assert_eq!(of(Some("yes")), CorsSettingsAttribute::Anonymous);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum CorsSettingsAttribute {
    /// No CORS: the page did not set the attribute.
    #[default]
    NoCors,
    /// Anonymous: CORS, with credentials for the page's own origin only.
    Anonymous,
    /// Use Credentials: CORS, with credentials.
    UseCredentials,
}

impl CorsSettingsAttribute {
    pub(super) const ALL: [Self; 3] = [Self::NoCors, Self::Anonymous, Self::UseCredentials];

    /// The state for the attribute's value, including the [missing value default], the invalid
    /// value default and the empty value default.
    ///
    /// [missing value default]: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attribute
    ///
    /// ```
    /// # use browser_cors::page::elements::CorsSettingsAttribute;
    /// let state = CorsSettingsAttribute::from_attribute(Some("anonymous"));
    /// assert_eq!(state, CorsSettingsAttribute::Anonymous);
    /// ```
    pub fn from_attribute(value: Option<&str>) -> Self {
        match value {
            None => Self::NoCors,
            Some(value) if value.eq_ignore_ascii_case("use-credentials") => Self::UseCredentials,
            Some(_) => Self::Anonymous,
        }
    }

    /// The [CORS settings attribute credentials mode], for loads that always use CORS.
    ///
    /// [CORS settings attribute credentials mode]: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attribute-credentials-mode
    ///
    /// ```
    /// # use browser_cors::{page::elements::CorsSettingsAttribute, request::CredentialsMode};
    /// let mode = CorsSettingsAttribute::NoCors.credentials_mode();
    /// assert_eq!(mode, CredentialsMode::SameOrigin);
    /// ```
    pub const fn credentials_mode(self) -> CredentialsMode {
        match self {
            Self::NoCors | Self::Anonymous => CredentialsMode::SameOrigin,
            Self::UseCredentials => CredentialsMode::Include,
        }
    }
}

/// [Creates a potential-CORS request]. Ours: sets the client as well, which every caller does next.
///
/// [Creates a potential-CORS request]: https://html.spec.whatwg.org/multipage/urls-and-fetching.html#create-a-potential-cors-request
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     environment::Environment,
///     page::elements::{CorsSettingsAttribute, create_a_potential_cors_request},
///     request::{CredentialsMode, Destination, Mode},
///     url::Url,
/// };
///
/// let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
/// let url = Url::parse("https://cdn.example/a.vtt").unwrap();
/// let state = CorsSettingsAttribute::NoCors;
/// let track = create_a_potential_cors_request(url, Destination::Track, state, true, &page);
/// assert_eq!((track.mode, track.credentials_mode), (Mode::SameOrigin, CredentialsMode::Include));
/// ```
pub fn create_a_potential_cors_request(
    url: Url,
    destination: Destination,
    cors_attribute_state: CorsSettingsAttribute,
    same_origin_fallback: bool,
    client: &Arc<Environment>,
) -> Request {
    // Steps 1 and 2.
    let mode = match cors_attribute_state {
        CorsSettingsAttribute::NoCors if same_origin_fallback => Mode::SameOrigin,
        CorsSettingsAttribute::NoCors => Mode::NoCors,
        CorsSettingsAttribute::Anonymous | CorsSettingsAttribute::UseCredentials => Mode::Cors,
    };
    // Steps 3 and 4.
    let credentials_mode = match cors_attribute_state {
        CorsSettingsAttribute::Anonymous => CredentialsMode::SameOrigin,
        CorsSettingsAttribute::NoCors | CorsSettingsAttribute::UseCredentials => {
            CredentialsMode::Include
        }
    };
    // Step 5.
    let mut request = Request::new(url, client.origin.clone());
    request.destination = destination;
    request.mode = mode;
    request.credentials_mode = credentials_mode;
    request.use_url_credentials = true;
    request.client = Some(Arc::clone(client));
    request
}

/// The request of an `img` element, as [updating the image data] makes it.
///
/// [updating the image data]: https://html.spec.whatwg.org/multipage/images.html#update-the-image-data
///
/// ```
/// # use browser_cors::{environment::Environment, page::elements::*, request::Mode, url::Url};
/// # let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
/// let url = Url::parse("https://cdn.example/a.png").unwrap();
/// let request = image_request(url, CorsSettingsAttribute::NoCors, &page);
/// assert_eq!(request.mode, Mode::NoCors);
/// ```
pub fn image_request(
    url: Url,
    crossorigin: CorsSettingsAttribute,
    client: &Arc<Environment>,
) -> Request {
    let mut request =
        create_a_potential_cors_request(url, Destination::Image, crossorigin, false, client);
    request.initiator_type = Some(InitiatorType::Img);
    request
}

/// The request of a `video` element, as its [resource fetch algorithm] makes it for the entire
/// resource.
///
/// [resource fetch algorithm]: https://html.spec.whatwg.org/multipage/media.html#concept-media-load-resource
///
/// ```
/// # use browser_cors::{environment::Environment, page::elements::*, request::Destination, url::Url};
/// # let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
/// let url = Url::parse("https://cdn.example/a.webm").unwrap();
/// let request = video_request(url, CorsSettingsAttribute::Anonymous, &page);
/// assert_eq!(request.destination, Destination::Video);
/// ```
pub fn video_request(
    url: Url,
    crossorigin: CorsSettingsAttribute,
    client: &Arc<Environment>,
) -> Request {
    let mut request =
        create_a_potential_cors_request(url, Destination::Video, crossorigin, false, client);
    request.initiator_type = Some(InitiatorType::Video);
    request
}

/// The request of a classic script, as [fetching a classic script] makes it.
///
/// [fetching a classic script]: https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script
///
/// ```
/// # use browser_cors::{environment::Environment, page::elements::*, request::Destination, url::Url};
/// # let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
/// let url = Url::parse("https://cdn.example/a.js").unwrap();
/// let request = classic_script_request(url, CorsSettingsAttribute::NoCors, &page);
/// assert_eq!(request.destination, Destination::Script);
/// ```
pub fn classic_script_request(
    url: Url,
    crossorigin: CorsSettingsAttribute,
    client: &Arc<Environment>,
) -> Request {
    // Steps 1 and 2.
    let mut request =
        create_a_potential_cors_request(url, Destination::Script, crossorigin, false, client);
    // Step 3.
    request.initiator_type = Some(InitiatorType::Script);
    request
}

/// The request of a module script, as [fetching a single module script] makes it. It uses CORS
/// whatever the attribute's value is.
///
/// [fetching a single module script]: https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script
///
/// ```
/// # use browser_cors::{environment::Environment, page::elements::*, request::Mode, url::Url};
/// # let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
/// let url = Url::parse("https://cdn.example/a.mjs").unwrap();
/// let request = module_script_request(url, CorsSettingsAttribute::NoCors, &page);
/// assert_eq!(request.mode, Mode::Cors);
/// ```
pub fn module_script_request(
    url: Url,
    crossorigin: CorsSettingsAttribute,
    client: &Arc<Environment>,
) -> Request {
    let mut request = Request::new(url, client.origin.clone());
    request.mode = Mode::Cors;
    request.client = Some(Arc::clone(client));
    request.destination = Destination::Script;
    request.initiator_type = Some(InitiatorType::Script);
    request.credentials_mode = crossorigin.credentials_mode();
    request
}

/// The request of a `link` element for a style sheet, as [fetching the linked resource] makes it.
///
/// [fetching the linked resource]: https://html.spec.whatwg.org/multipage/semantics.html#default-fetch-and-process-the-linked-resource
///
/// ```
/// # use browser_cors::{environment::Environment, page::elements::*, request::Destination, url::Url};
/// # let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
/// let url = Url::parse("https://cdn.example/a.css").unwrap();
/// let request = style_sheet_request(url, CorsSettingsAttribute::NoCors, &page);
/// assert_eq!(request.destination, Destination::Style);
/// ```
pub fn style_sheet_request(
    url: Url,
    crossorigin: CorsSettingsAttribute,
    client: &Arc<Environment>,
) -> Request {
    // Steps 1 to 5.
    let mut request =
        create_a_potential_cors_request(url, Destination::Style, crossorigin, false, client);
    // Step 6.
    request.initiator_type = Some(InitiatorType::Css);
    request
}

/// The request for a resource that a style sheet names, as [fetching a style resource] makes it.
/// The mode is "cors" for fonts and for the images of shapes, and "no-cors" for other images.
///
/// [fetching a style resource]: https://drafts.csswg.org/css-values-4/#fetch-a-style-resource
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     environment::Environment, page::elements::style_resource_request,
///     request::{Destination, Mode}, url::Url,
/// };
///
/// let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
/// let url = Url::parse("https://cdn.example/a.woff2").unwrap();
/// let font = style_resource_request(url, Destination::Font, Mode::Cors, &page);
/// assert_eq!(font.mode, Mode::Cors);
/// ```
pub fn style_resource_request(
    url: Url,
    destination: Destination,
    cors_mode: Mode,
    client: &Arc<Environment>,
) -> Request {
    // Steps 1 to 3.
    let mut request = Request::new(url, client.origin.clone());
    request.destination = destination;
    request.mode = cors_mode;
    request.use_url_credentials = true;
    request.client = Some(Arc::clone(client));
    // Step 4.
    if cors_mode == Mode::NoCors {
        request.credentials_mode = CredentialsMode::Include;
    }
    // Steps 5 to 7. Ours: the style sheet is the page's own.
    request.initiator_type = Some(InitiatorType::Css);
    request.written = Some(Arc::new(StyleResource));
    request
}

/// The request for a resource that a style sheet names.
#[derive(Debug)]
struct StyleResource;

impl Written for StyleResource {
    fn make(&self, request: &mut Request, profile: &Profile) {
        // Departs(FontMode)
        let mode = profile.choices.font_mode.mode_for(request.destination, request.mode);
        if mode != request.mode {
            request.mode = mode;
            request.credentials_mode = CredentialsMode::Include;
        }
        // Departs(ShapeCredentials)
        profile.choices.shape_credentials.omit(request);
    }
}
