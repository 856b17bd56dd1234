//! Who asks in a survey: the owner's pages, strangers, and origins that a careless comparison takes
//! for those of the owner.

use browser_cors::{
    environment::Environment,
    origin::{Origin, PublicSuffixList},
    referrer::is_potentially_trustworthy,
    url::Url,
};
use serde::{Serialize, Serializer};

use crate::look_alike::{FOREIGN, look_alikes};

/// A page that asks, and what its origin proves if it may read.
///
/// ```
/// use browser_cors_audit::survey::{Visitor, Who};
///
/// let visitor = Visitor::own("https://app.example".parse()?);
/// assert_eq!((visitor.who, visitor.origin.serialized()), (Who::Own, "https://app.example"));
/// # Ok::<(), browser_cors::origin::InvalidOrigin>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Serialize)]
pub struct Visitor {
    /// Who this is.
    pub who: Who,
    /// What sets the origin apart, such as `suffix` for a look-alike, or the scheme of an app. It is
    /// empty if `who` says all.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub how: &'static str,
    /// The origin.
    #[serde(serialize_with = "serialized")]
    pub origin: Origin,
}

/// Who controls an origin.
///
/// ```
/// # use browser_cors_audit::survey::Who;
/// assert_eq!(Who::Registrable.to_string(), "look-alike");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// The server's owner.
    Own,
    /// Anybody.
    Foreign,
    /// Anybody: each page can make a sandboxed frame, whose origin is `null`.
    Null,
    /// Whoever registers a domain that looks like the owner's.
    Registrable,
    /// Whoever controls another sub-domain, port or scheme of the owner's host.
    Neighbour,
    /// Whoever makes an extension that the user installs.
    Extension,
    /// Whoever makes an app that the user installs.
    App,
    /// Whatever runs on the user's machine.
    Localhost,
}

impl std::fmt::Display for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Own => "own page",
            Self::Foreign => "any website",
            Self::Null => "null",
            Self::Registrable => "look-alike",
            Self::Neighbour => "neighbour",
            Self::Extension => "extension",
            Self::App => "app",
            Self::Localhost => "localhost",
        })
    }
}

impl Visitor {
    /// A page of the server's owner.
    ///
    /// ```
    /// # use browser_cors_audit::survey::{Visitor, Who};
    /// let page = Visitor::own("https://app.example".parse()?);
    /// assert_eq!(page.who, Who::Own);
    /// # Ok::<(), browser_cors::origin::InvalidOrigin>(())
    /// ```
    pub const fn own(origin: Origin) -> Self {
        Self { who: Who::Own, how: "", origin }
    }

    /// The document that asks.
    pub(super) fn page(&self) -> Environment {
        Environment::of_origin(&self.origin, &PublicSuffixList)
    }

    /// The host of the origin; the whole origin if it has none.
    pub(super) fn host(&self) -> &str {
        let text = self.origin.serialized();
        text.split_once("://").map_or(text, |(_, host)| host)
    }
}

/// Everyone who asks for `url`: the pages of the owner, and strangers. Look-alikes are those of the
/// owner's pages, or of the server itself if no page is named.
pub(super) fn visitors(own: &[Origin], url: &Url) -> Vec<Visitor> {
    let server = Origin::from(url);
    let mut visitors: Vec<Visitor> = own.iter().cloned().map(Visitor::own).collect();
    let scheme = url.scheme();
    add(&mut visitors, Who::Foreign, "", &format!("{scheme}://{FOREIGN}"));
    add(&mut visitors, Who::Null, "", "null");
    let models = if own.is_empty() { std::slice::from_ref(&server) } else { own };
    for model in models {
        for (how, origin) in look_alikes(model) {
            let is_of_the_site = origin.is_schemelessly_same_site(model, &PublicSuffixList);
            let (who, how) = match how {
                "scheme" if origin.scheme() != Some("http") => continue,
                "scheme" | "port" | "sub-domain" => (Who::Neighbour, how),
                // `foreignapp.foo.com`: nobody registers it but the owner of `foo.com`.
                _ if is_of_the_site => (Who::Neighbour, "sub-domain"),
                _ => (Who::Registrable, how),
            };
            push(&mut visitors, Visitor { who, how, origin });
        }
    }
    for scheme in ["chrome-extension", "moz-extension", "safari-web-extension"] {
        let text = match scheme {
            "chrome-extension" => format!("{scheme}://aaaabbbbccccddddeeeeffffgggghhhh"),
            _ => format!("{scheme}://7d4f2f0e-0f0e-4b5a-9d0e-000000000000"),
        };
        add(&mut visitors, Who::Extension, scheme, &text);
    }
    for scheme in ["capacitor", "ionic", "tauri"] {
        add(&mut visitors, Who::App, scheme, &format!("{scheme}://localhost"));
    }
    for text in ["http://localhost", "http://localhost:3000", "https://localhost"] {
        add(&mut visitors, Who::Localhost, "", text);
    }
    // A page of the server's own origin needs no CORS, and a page of https asks no server of http.
    visitors.retain(|visitor| {
        visitor.origin != server
            && (scheme == "https"
                || visitor.origin.scheme() != Some("https")
                || is_potentially_trustworthy(url))
    });
    visitors
}

fn add(visitors: &mut Vec<Visitor>, who: Who, how: &'static str, text: &str) {
    if let Ok(origin) = text.parse() {
        push(visitors, Visitor { who, how, origin });
    }
}

fn push(visitors: &mut Vec<Visitor>, visitor: Visitor) {
    if visitors.iter().all(|other| other.origin != visitor.origin) {
        visitors.push(visitor);
    }
}

fn serialized<S: Serializer>(origin: &Origin, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(origin.serialized())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_is_asked_once() {
        let url = Url::parse("https://api.example/items").unwrap();
        let own = ["https://app.example".parse().unwrap()];
        let all = visitors(&own, &url);
        let texts: Vec<_> = all.iter().map(|visitor| visitor.origin.serialized()).collect();
        assert_eq!(
            texts[..6],
            [
                "https://app.example",
                "https://foreign.example",
                "null",
                "http://app.example",
                "https://app.example:8443",
                "https://app.example.foreign.example",
            ]
        );
        assert!(texts.contains(&"https://xn--pp-6kc.example"), "{texts:?}");
        assert_eq!(all[3].who, Who::Neighbour);
    }

    #[test]
    fn nobody_registers_a_sub_domain_of_a_site() {
        let url = Url::parse("https://api.shop.com/items").unwrap();
        let own = ["https://www.app.shop.com".parse().unwrap()];
        let all = visitors(&own, &url);
        let of = |who| {
            let visitors = all.iter().filter(move |visitor| visitor.who == who);
            visitors.map(|visitor| visitor.origin.serialized()).collect::<Vec<_>>()
        };
        assert_eq!(
            of(Who::Neighbour),
            [
                "http://www.app.shop.com",
                "https://www.app.shop.com:8443",
                "https://foreignwww.app.shop.com",
                "https://foreign.www.app.shop.com",
                "http://foreign.www.app.shop.com",
                "https://foreign.shop.com",
            ]
        );
        assert_eq!(
            of(Who::Registrable),
            [
                "https://www.app.shop.com.foreign.example",
                "https://www.app.shop.com_.foreign.example",
                "https://www.app.shop.com`.foreign.example",
                "https://www.app.shop.net",
                "https://foreignshop.com",
                "https://www.appxshop.com",
                "https://www.app.xn--shp-ted.com",
            ]
        );
    }

    #[test]
    fn pages_of_https_do_not_ask_a_server_of_http() {
        let url = Url::parse("http://api.example/items").unwrap();
        let all = visitors(&[], &url);
        assert!(all.iter().all(|visitor| visitor.origin.scheme() != Some("https")));
        assert_eq!(all[0].origin.serialized(), "http://foreign.example");
    }
}
