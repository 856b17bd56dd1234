//! What a page's policies say about its fetches.

use browser_cors::{
    fetch::Embedder,
    referrer::is_potentially_trustworthy,
    request::{Destination, Mode, Request},
    url::{Host, Url},
};

/// The policies of the page that fetches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Policies {
    /// Whether it has `Content-Security-Policy: upgrade-insecure-requests`.
    pub upgrades_insecure_requests: bool,
}

impl Policies {
    /// Whether the page's [policy] upgrades a request. Navigations to other hosts stay as they are.
    ///
    /// [policy]: https://w3c.github.io/webappsec-upgrade-insecure-requests/#upgrade-request
    fn upgrades(self, request: &Request) -> bool {
        let is_elsewhere = || {
            let client = request.client.as_ref();
            request.mode == Mode::Navigate
                && client.is_none_or(|it| it.creation_url.host() != request.current_url().host())
                && request.destination == Destination::Document
        };
        self.upgrades_insecure_requests && !is_elsewhere()
    }
}

impl Embedder for Policies {
    fn upgrade(&self, request: &Request) -> Option<Url> {
        let url = request.current_url();
        if url.scheme() != "http" {
            return None;
        }
        let is_upgraded = self.upgrades(request) || is_upgraded_mixed_content(request);
        let mut url = url.clone();
        if url.port() == Some(80) {
            url.set_port(Some(443)).ok()?;
        }
        (is_upgraded && url.set_scheme("https").is_ok()).then_some(url)
    }
}

/// Whether an [image, audio or video] of a page of https is asked for over https.
///
/// [image, audio or video]: https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm
fn is_upgraded_mixed_content(request: &Request) -> bool {
    let url = request.current_url();
    let is_of_https = request.client.as_ref().is_some_and(|it| it.origin.scheme() == Some("https"));
    is_of_https
        && !is_potentially_trustworthy(url)
        && matches!(url.host(), Some(Host::Domain(_)))
        && request.mode == Mode::NoCors
        && matches!(
            request.destination,
            Destination::Audio | Destination::Image | Destination::Video
        )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use browser_cors::{Environment, Origin};

    use super::{Destination, Embedder as _, Mode, Policies, Request, Url};

    fn upgraded(
        upgrades_insecure_requests: bool,
        page: &str,
        destination: Destination,
    ) -> Option<String> {
        let client = Arc::new(Environment::new(Url::parse(page).unwrap()));
        let url = Url::parse("http://a.test:8443/x").unwrap();
        let mut request = Request::new(url, Origin::clone(&client.origin));
        (request.client, request.destination, request.mode) =
            (Some(client), destination, Mode::NoCors);
        Policies { upgrades_insecure_requests }.upgrade(&request).map(String::from)
    }

    #[test]
    fn upgrades() {
        let new = Some("https://a.test:8443/x".to_owned());
        assert_eq!(upgraded(true, "http://b.test/", Destination::Script), new);
        assert_eq!(upgraded(false, "https://b.test/", Destination::Image), new);
        assert_eq!(upgraded(false, "https://b.test/", Destination::Script), None);
        assert_eq!(upgraded(false, "http://b.test/", Destination::Image), None);
    }
}
