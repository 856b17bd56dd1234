//! The cookies of a user agent.

use std::{cmp::Reverse, sync::Mutex};

use browser_cors::{
    header::HeaderList, http::HeaderValue, origin::RegistrableDomain, url::Host, url::Url,
};
use cookie_store::{CookieStore, RawCookie};

use crate::client::pool::lock;

/// The most cookies there are, and the most of a site.
const LIMIT: usize = 3_000;
const SITE_LIMIT: usize = 180;

/// The greatest length of a cookie with its attributes.
const LENGTH_LIMIT: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Cookies(Mutex<CookieStore>);

impl Cookies {
    /// The `Cookie` of a request.
    pub(super) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let store = lock(&self.0);
        let mut cookies = store.matches(url);
        // RFC 6265, section 5.4: longer paths come first.
        cookies.sort_by_key(|cookie| Reverse(cookie.path.as_ref().len()));
        let pairs: Vec<_> = cookies.iter().map(|cookie| cookie.stripped().to_string()).collect();
        let value = Some(pairs.join("; ")).filter(|value| !value.is_empty())?;
        HeaderValue::try_from(value).ok()
    }

    /// Stores what an answer sets.
    pub(super) fn store(&self, url: &Url, headers: &HeaderList, sites: &dyn RegistrableDomain) {
        let mut store = lock(&self.0);
        for value in headers.values("Set-Cookie").filter(|value| value.len() <= LENGTH_LIMIT) {
            let Ok(text) = str::from_utf8(value) else { continue };
            let Ok(cookie) = RawCookie::parse(text.to_owned()) else { continue };
            if !has_room(&store, url, sites) {
                forget_expired(&mut store);
            }
            if has_room(&store, url, sites) && !is_for_public_suffix(&cookie, url, sites) {
                // It says why it refuses a cookie, which nobody asks.
                let _ = store.insert_raw(&cookie, url);
            }
        }
    }
}

/// Whether the cookie is for all hosts below a public suffix that is not itself the host.
fn is_for_public_suffix(cookie: &RawCookie<'_>, url: &Url, sites: &dyn RegistrableDomain) -> bool {
    let Some(domain) = cookie.domain().filter(|domain| !domain.is_empty()) else { return false };
    let is_host = matches!(url.host(), Some(Host::Domain(host)) if host == domain);
    !is_host && sites.registrable_domain(&domain.to_ascii_lowercase()).is_none()
}

fn has_room(store: &CookieStore, url: &Url, sites: &dyn RegistrableDomain) -> bool {
    fn site<'a>(domain: &'a str, sites: &dyn RegistrableDomain) -> &'a str {
        sites.registrable_domain(domain).unwrap_or(domain)
    }
    let its_site = site(url.host_str().unwrap_or_default(), sites);
    let is_of_site = |domain: &str| site(domain, sites) == its_site;
    let of_site = store.iter_any().filter(|cookie| is_of_site(&String::from(&cookie.domain)));
    store.iter_any().count() < LIMIT && of_site.count() < SITE_LIMIT
}

fn forget_expired(store: &mut CookieStore) {
    let expired = store.iter_any().filter(|cookie| cookie.is_expired());
    let expired: Vec<[String; 3]> = expired
        .map(|it| [String::from(&it.domain), String::from(&it.path), it.name().to_owned()])
        .collect();
    for [domain, path, name] in &expired {
        store.remove(domain, path, name);
    }
}
