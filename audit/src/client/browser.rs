//! What browsers add to each request, and CORS never looks at.

use browser_cors::{
    engine::{Engine, Release, Version},
    http::HeaderValue,
    referrer::is_potentially_trustworthy,
    url::Url,
};

/// The `User-Agent` of a release on Linux; `None` if it cannot be a header.
pub(super) fn user_agent(release: Release) -> Option<HeaderValue> {
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

/// The `Accept-Encoding` of a release for a URL.
pub(super) fn accept_encoding(release: Release, url: &Url) -> &'static [u8] {
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
