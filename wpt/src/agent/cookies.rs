//! Cookies.

use browser_cors::url::Url;
use cookie_store::{Cookie, CookieStore, RawCookie};

/// The cookies of a user agent.
#[derive(Debug, Default)]
pub struct Jar {
    store: CookieStore,
    /// The cookies in the order of their creation, which the store does not keep.
    created: Vec<(String, String)>,
}

impl Jar {
    /// The `Cookie` for a URL.
    pub fn header(&self, url: &Url) -> Option<String> {
        let cookies = self.cookies(url, |_| true);
        (!cookies.is_empty()).then_some(cookies)
    }

    /// The cookies that a script may see.
    pub fn for_script(&self, url: &Url) -> String {
        self.cookies(url, |cookie| cookie.http_only() != Some(true))
    }

    /// Those with long paths come first, then those that are old.
    fn cookies(&self, url: &Url, is_shown: impl Fn(&Cookie<'_>) -> bool) -> String {
        let mut cookies = self.store.matches(url);
        cookies.retain(|cookie| is_shown(cookie));
        cookies.sort_by_key(|cookie| {
            let path = cookie.path.as_ref();
            let is_it = |it: &(String, String)| it.0 == cookie.name() && it.1 == *path;
            (std::cmp::Reverse(path.len()), self.created.iter().position(is_it))
        });
        let pairs = cookies.iter().map(|cookie| match (cookie.name(), cookie.value()) {
            ("", value) => value.to_owned(),
            (name, value) => format!("{name}={value}"),
        });
        pairs.collect::<Vec<_>>().join("; ")
    }

    /// Stores the cookie that a `Set-Cookie` names. What is no cookie is ignored.
    pub fn set(&mut self, value: &[u8], url: &Url) {
        let Ok(raw) = RawCookie::parse(String::from_utf8_lossy(value).into_owned()) else { return };
        let Ok(cookie) = Cookie::try_from_raw_cookie(&raw, url) else { return };
        let created = (cookie.name().to_owned(), cookie.path.as_ref().to_string());
        if self.store.insert_raw(&raw, url).is_ok() && !self.created.contains(&created) {
            self.created.push(created);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Jar, Url};

    #[test]
    fn scripts_do_not_see_http_only() {
        let url = Url::parse("http://web-platform.test/a").unwrap();
        let mut jar = Jar::default();
        jar.set(b"z=1; HttpOnly; Path=/", &url);
        jar.set(b"b=2; Path=/", &url);
        jar.set(b"c=3; Path=/other", &url);
        jar.set(b"d=4; Path=/a", &url);
        assert_eq!(jar.for_script(&url), "d=4; b=2");
        assert_eq!(jar.header(&url).as_deref(), Some("d=4; z=1; b=2"));
        jar.set(b"b=; Max-Age=0; Path=/", &url);
        assert_eq!(jar.header(&url).as_deref(), Some("d=4; z=1"));
    }
}
