//! The Public Suffix List. Natively it is compiled code, which is fast; in WebAssembly it is the same list
//! as a text, which is small.

use super::RegistrableDomain;

/// The [Public Suffix List](https://publicsuffix.org/), as a part of the program.
///
/// ```
/// use browser_cors::origin::{PublicSuffixList, RegistrableDomain};
///
/// assert_eq!(PublicSuffixList.registrable_domain("a.b.co.uk"), Some("b.co.uk"));
/// assert_eq!(PublicSuffixList.registrable_domain("co.uk"), None);
/// assert_eq!(PublicSuffixList.registrable_domain("a.b.co.uk."), Some("b.co.uk."));
/// ```
#[expect(clippy::exhaustive_structs, reason = "a name for one list")]
#[derive(Clone, Copy, Debug, Default)]
pub struct PublicSuffixList;

impl RegistrableDomain for PublicSuffixList {
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
        // The list has no dot at the end of a name, but such a dot belongs to the host.
        let listed = domain.strip_suffix('.').unwrap_or(domain);
        let registrable = listed_domain(listed)?;
        Some(&domain[listed.len() - registrable.len()..])
    }
}

#[cfg(not(target_family = "wasm"))]
fn listed_domain(domain: &str) -> Option<&str> {
    psl::domain_str(domain)
}

#[cfg(target_family = "wasm")]
use text::listed_domain;

/// The list as a text, with names as URLs have them: a rule a line, as psl has it.
#[cfg(any(target_family = "wasm", test))]
mod text {
    use std::sync::LazyLock;

    use publicsuffix::{List, Psl as _};

    pub(super) const TEXT: &str = include_str!("public_suffix_list.txt");

    static LIST: LazyLock<List> =
        LazyLock::new(|| TEXT.parse().expect("a test reads the text as it is here"));

    pub(super) fn listed_domain(domain: &str) -> Option<&str> {
        let found = LIST.domain(domain.as_bytes())?;
        domain.get(domain.len() - found.as_bytes().len()..)
    }
}

#[cfg(test)]
mod tests {
    use super::text::{TEXT, listed_domain};

    /// Mozilla's list changes each week, and so does the crate that compiles it. This fails after an
    /// update until `scripts/public-suffix-list` has written the text anew.
    #[test]
    fn the_text_says_what_the_code_says() {
        assert!(TEXT.lines().count() > 10_000, "the list is cut");
        for rule in TEXT.lines().filter(|line| !line.starts_with("//")) {
            let name = rule.trim_start_matches(['!', '*']).trim_start_matches('.');
            for domain in [name.to_owned(), format!("a.{name}"), format!("a.b.{name}")] {
                assert_eq!(listed_domain(&domain), psl::domain_str(&domain), "{domain}");
            }
        }
        assert_eq!(listed_domain("a.b.unlisted"), psl::domain_str("a.b.unlisted"));
    }
}
