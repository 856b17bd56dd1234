//! Cookies.

use browser_cors::url::Url;
use cookie_store::{CookieStore, RawCookie};

/// The cookies of a user agent.
#[derive(Debug, Default)]
pub struct Jar(CookieStore);

impl Jar {
    /// The `Cookie` for a URL.
    pub fn header(&self, url: &Url) -> Option<String> {
        let mut cookies = self.0.matches(url);
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.as_ref().len()));
        let pairs: Vec<_> =
            cookies.iter().map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The cookies that a script may see.
    pub fn for_script(&self, url: &Url) -> String {
        let cookies = self.0.matches(url);
        let cookies = cookies.iter().filter(|cookie| cookie.http_only() != Some(true));
        let pairs: Vec<_> =
            cookies.map(|cookie| format!("{}={}", cookie.name(), cookie.value())).collect();
        pairs.join("; ")
    }

    /// Stores the cookie that a `Set-Cookie` names. What is no cookie is ignored.
    pub fn set(&mut self, value: &[u8], url: &Url) {
        if let Ok(cookie) = RawCookie::parse(String::from_utf8_lossy(value).into_owned()) {
            let _ = self.0.insert_raw(&cookie, url);
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
        jar.set(b"a=1; HttpOnly; Path=/", &url);
        jar.set(b"b=2; Path=/", &url);
        jar.set(b"c=3; Path=/other", &url);
        assert_eq!(jar.for_script(&url), "b=2");
        assert_eq!(jar.header(&url).map(|value| value.len()), Some("a=1; b=2".len()));
        jar.set(b"b=; Max-Age=0; Path=/", &url);
        assert_eq!(jar.header(&url).as_deref(), Some("a=1"));
    }
}
