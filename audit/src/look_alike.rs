//! Makes origins that a careless comparison takes for a page's own.

use browser_cors::{
    origin::{Origin, PublicSuffixList, RegistrableDomain},
    url::{Host, Url},
};

/// A host that no file names.
pub(crate) const FOREIGN: &str = "foreign.example";

/// The look-alikes of an origin, each with the kind of change that made it: of its host, and then of
/// its registrable domain, if that is another.
pub(crate) fn look_alikes(origin: &Origin) -> Vec<(&'static str, Origin)> {
    let Ok(url) = Url::parse(origin.serialized()) else { return Vec::new() };
    let (scheme, port) = (url.scheme(), url.port());
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    let host = url.host_str().unwrap_or_default();
    let other_scheme = if scheme == "https" { "http" } else { "https" };
    let other_port = if url.port() == Some(8443) { 8444 } else { 8443 };
    let mut texts = vec![
        ("scheme", format!("{other_scheme}://{host}{port}")),
        ("port", format!("{scheme}://{host}:{other_port}")),
    ];
    if !matches!(url.host(), Some(Host::Ipv6(_)) | None) {
        texts.extend([
            ("suffix", format!("{scheme}://{host}.{FOREIGN}{port}")),
            ("underscore", format!("{scheme}://{host}_.{FOREIGN}{port}")),
            ("backtick", format!("{scheme}://{host}`.{FOREIGN}{port}")),
        ]);
    }
    if let Some(Host::Domain(host)) = url.host() {
        let domain = PublicSuffixList.registrable_domain(host).unwrap_or(host);
        let sub_domain = host.strip_suffix(domain).unwrap_or_default();
        texts.extend([
            ("prefix", format!("{scheme}://foreign{host}{port}")),
            ("sub-domain", format!("{scheme}://foreign.{host}{port}")),
        ]);
        if let Some((rest, last)) = host.rsplit_once('.') {
            let other = if last == "net" { "org" } else { "net" };
            texts.push(("top-level domain", format!("{scheme}://{rest}.{other}{port}")));
        }
        if scheme == "https" {
            texts.push(("scheme", format!("http://foreign.{host}{port}")));
        }
        // A dot that is not escaped: the one after which somebody else can register the rest.
        if let Some(sub_domain) = sub_domain.strip_suffix('.') {
            texts.extend([
                ("sub-domain", format!("{scheme}://foreign.{domain}{port}")),
                ("prefix", format!("{scheme}://foreign{domain}{port}")),
                ("dot", format!("{scheme}://{sub_domain}x{domain}{port}")),
            ]);
        } else if let Some((first, rest)) = domain.split_once('.') {
            texts.push(("dot", format!("{scheme}://{first}x{rest}{port}")));
        }
        if let Some(domain) = homograph(domain) {
            texts.push(("homograph", format!("{scheme}://{sub_domain}{domain}{port}")));
        }
    }
    texts.into_iter().filter_map(|(how, text)| Some((how, text.parse().ok()?))).collect()
}

/// The same domain with a letter of another script that looks alike.
fn homograph(domain: &str) -> Option<String> {
    const ALIKE: [(char, char); 4] =
        [('a', '\u{430}'), ('o', '\u{43e}'), ('e', '\u{435}'), ('p', '\u{440}')];
    let (latin, other) = ALIKE.into_iter().find(|(latin, _)| domain.contains(*latin))?;
    Some(domain.replacen(latin, &other.to_string(), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(origin: &str) -> Vec<(&'static str, String)> {
        let origin = origin.parse().unwrap();
        let made = look_alikes(&origin).into_iter();
        made.map(|(how, origin)| (how, origin.serialized().to_owned())).collect()
    }

    fn owned<const N: usize>(list: [(&'static str, &str); N]) -> Vec<(&'static str, String)> {
        list.map(|(how, text)| (how, text.to_owned())).to_vec()
    }

    #[test]
    fn of_a_domain() {
        assert_eq!(
            texts("https://www.app.foo.com"),
            owned([
                ("scheme", "http://www.app.foo.com"),
                ("port", "https://www.app.foo.com:8443"),
                ("suffix", "https://www.app.foo.com.foreign.example"),
                ("underscore", "https://www.app.foo.com_.foreign.example"),
                ("backtick", "https://www.app.foo.com`.foreign.example"),
                ("prefix", "https://foreignwww.app.foo.com"),
                ("sub-domain", "https://foreign.www.app.foo.com"),
                ("top-level domain", "https://www.app.foo.net"),
                ("scheme", "http://foreign.www.app.foo.com"),
                ("sub-domain", "https://foreign.foo.com"),
                ("prefix", "https://foreignfoo.com"),
                ("dot", "https://www.appxfoo.com"),
                ("homograph", "https://www.app.xn--fo-fmc.com"),
            ])
        );
        assert_eq!(
            texts("http://foo.co.uk:81")[5..],
            owned([
                ("prefix", "http://foreignfoo.co.uk:81"),
                ("sub-domain", "http://foreign.foo.co.uk:81"),
                ("top-level domain", "http://foo.co.net:81"),
                ("dot", "http://fooxco.uk:81"),
                ("homograph", "http://xn--fo-fmc.co.uk:81"),
            ])
        );
    }

    #[test]
    fn of_hosts_without_dots_and_of_addresses() {
        assert_eq!(
            texts("http://localhost:8443"),
            owned([
                ("scheme", "https://localhost:8443"),
                ("port", "http://localhost:8444"),
                ("suffix", "http://localhost.foreign.example:8443"),
                ("underscore", "http://localhost_.foreign.example:8443"),
                ("backtick", "http://localhost`.foreign.example:8443"),
                ("prefix", "http://foreignlocalhost:8443"),
                ("sub-domain", "http://foreign.localhost:8443"),
                ("homograph", "http://xn--loclhost-36g:8443"),
            ])
        );
        assert_eq!(
            texts("http://[::1]"),
            owned([("scheme", "https://[::1]"), ("port", "http://[::1]:8443")])
        );
        assert_eq!(texts("http://127.0.0.1").len(), 5);
        assert_eq!(texts("null"), []);
    }
}
