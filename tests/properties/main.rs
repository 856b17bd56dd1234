//! Invariants, which hold for every input. Expected values come from naive models of the standard's
//! text, or from the `url` crate, and never from the code under test.

mod cache;
#[cfg(feature = "public-suffix")]
mod departing;
#[cfg(feature = "scenario")]
mod engines;
mod header;
mod machine;
mod naive;
mod remedy;
#[cfg(feature = "scenario")]
mod scenario;

use browser_cors::{header::HeaderList, http::Method, origin::RegistrableDomain, url::Url};
use proptest::prelude::*;

/// The name and the value of a header.
type Header = (String, Vec<u8>);

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn fail(reason: &'static str) -> TestCaseError {
    TestCaseError::fail(reason)
}

fn parse(url: &str) -> Url {
    Url::parse(url).expect("a URL")
}

fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).expect("a method")
}

fn header_list(headers: &[Header]) -> HeaderList {
    let mut list = HeaderList::new();
    for (name, value) in headers {
        list.append(name, value).expect("a header");
    }
    list
}

fn pairs(list: &HeaderList) -> Vec<Header> {
    list.iter().map(|(name, value)| (name.to_owned(), value.to_vec())).collect()
}

/// Registrable domains for a network whose public suffixes have one label.
#[derive(Debug)]
struct LastTwoLabels;

impl RegistrableDomain for LastTwoLabels {
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
        let (rest, _) = domain.rsplit_once('.')?;
        Some(rest.rfind('.').map_or(domain, |dot| &domain[dot + 1..]))
    }
}

const METHODS: [&str; 10] =
    ["GET", "GET", "HEAD", "POST", "PUT", "PATCH", "patch", "OPTIONS", "CONNECT", "*"];
