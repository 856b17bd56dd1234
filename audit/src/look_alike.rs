//! Makes origins that a careless comparison takes for a page's own.

use browser_cors::{
    origin::Origin,
    url::{Host, Url},
};

/// A host that no file names.
pub(crate) const FOREIGN: &str = "foreign.example";

/// The look-alikes of an origin, each with the kind of change that made it.
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
    if let Some(Host::Domain(domain)) = url.host() {
        texts.extend([
            ("prefix", format!("{scheme}://foreign{domain}{port}")),
            ("sub-domain", format!("{scheme}://foreign.{domain}{port}")),
        ]);
        if let Some((rest, last)) = domain.rsplit_once('.') {
            let other = if last == "net" { "org" } else { "net" };
            texts.push(("top-level domain", format!("{scheme}://{rest}.{other}{port}")));
        }
        if domain.contains('.') {
            let text = format!("{scheme}://{}{port}", domain.replacen('.', "x", 1));
            texts.push(("dot", text));
        }
    }
    texts.into_iter().filter_map(|(how, text)| Some((how, text.parse().ok()?))).collect()
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
            texts("https://app.foo.com"),
            owned([
                ("scheme", "http://app.foo.com"),
                ("port", "https://app.foo.com:8443"),
                ("suffix", "https://app.foo.com.foreign.example"),
                ("underscore", "https://app.foo.com_.foreign.example"),
                ("backtick", "https://app.foo.com`.foreign.example"),
                ("prefix", "https://foreignapp.foo.com"),
                ("sub-domain", "https://foreign.app.foo.com"),
                ("top-level domain", "https://app.foo.net"),
                ("dot", "https://appxfoo.com"),
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
