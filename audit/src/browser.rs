//! What browsers add to each request, and CORS never looks at. Servers do.

use browser_cors::{
    engine::{Engine, Profile, Release, Version},
    fetch::UserAgent,
    http::HeaderValue,
    referrer::is_potentially_trustworthy,
    url::Url,
};

/// The `User-Agent` that is no browser's.
///
/// ```
/// # use browser_cors_audit::browser::USER_AGENT;
/// assert!(USER_AGENT.starts_with("browser-cors/"));
/// ```
pub const USER_AGENT: &str = concat!("browser-cors/", env!("CARGO_PKG_VERSION"));

/// The user agents of these profiles, with what browsers add to each request: a `User-Agent`, and Fetch
/// Metadata. All have the `User-Agent` of the first browser, so that what they otherwise send alike
/// goes out once. If there is no browser among them, it is [`USER_AGENT`].
///
/// ```
/// use browser_cors::engine::Profile;
/// use browser_cors_audit::browser::user_agents;
///
/// let profiles = [Profile::STANDARD, "firefox@140".parse()?];
/// let standard = user_agents(&profiles).next().unwrap();
/// assert!(standard.product.unwrap().to_str()?.ends_with("Gecko/20100101 Firefox/140.0"));
/// assert!(standard.sends_fetch_metadata);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn user_agents(profiles: &[Profile]) -> impl Iterator<Item = UserAgent> {
    let first = profiles.iter().find_map(Profile::release);
    profiles.iter().map(move |profile| user_agent(*profile, first, None))
}

/// The user agent of a profile, with a name of the user's or that of a browser.
pub(crate) fn user_agent(
    profile: Profile,
    browser: Option<Release>,
    name: Option<&HeaderValue>,
) -> UserAgent {
    let mut it = UserAgent::for_profile(profile);
    it.product = name.cloned().or_else(|| browser.and_then(product));
    it.product.get_or_insert(const { HeaderValue::from_static(USER_AGENT) });
    it.sends_fetch_metadata = true;
    it
}

/// The `User-Agent` of a release on Linux; `None` if it cannot be a header.
fn product(release: Release) -> Option<HeaderValue> {
    let version = release.version.to_string();
    let major = version.split_once('.').map_or(version.as_str(), |(major, _)| major);
    let text = match release.engine {
        Engine::Chromium => format!(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/{major}.0.0.0 Safari/537.36"
        ),
        Engine::Firefox => format!(
            "Mozilla/5.0 (X11; Linux x86_64; rv:{major}.0) Gecko/20100101 Firefox/{major}.0"
        ),
        Engine::Webkit => format!(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Version/{} Safari/605.1.15",
            safari(release.version)
        ),
        _ => return None,
    };
    HeaderValue::try_from(text).ok()
}

/// The version of Safari that came out with a release of WebKitGTK, which names it.
fn safari(version: Version) -> &'static str {
    const SINCE: [(u16, &str); 4] = [(52, "26.4"), (50, "26.0"), (48, "18.4"), (46, "18.0")];
    let known = SINCE.iter().find(|(minor, _)| version >= Version::new(2, *minor));
    known.map_or("17.4", |(_, safari)| safari)
}

/// The `Accept-Encoding` of a release for a URL. An exchange does not have it, since it depends on who
/// decodes.
///
/// ```
/// use browser_cors::{engine::{Engine, Release}, url::Url};
/// use browser_cors_audit::browser::accept_encoding;
///
/// let url = Url::parse("http://api.example/")?;
/// assert_eq!(accept_encoding(Release::newest(Engine::Chromium), &url), b"gzip, deflate");
/// # Ok::<(), browser_cors::url::ParseError>(())
/// ```
pub fn accept_encoding(release: Release, url: &Url) -> &'static [u8] {
    const PLAIN: &[u8] = b"gzip, deflate";
    const BROTLI: &[u8] = b"gzip, deflate, br";
    const ZSTANDARD: &[u8] = b"gzip, deflate, br, zstd";
    let is_secure = is_potentially_trustworthy(url);
    let is_since = |major| release.version >= Version::new(major, 0);
    match release.engine {
        Engine::Chromium | Engine::Firefox if !is_secure => PLAIN,
        Engine::Chromium if is_since(123) => ZSTANDARD,
        Engine::Firefox if is_since(126) => ZSTANDARD,
        _ => BROTLI,
    }
}
