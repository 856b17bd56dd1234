//! <https://html.spec.whatwg.org/multipage/browsers.html#concept-origin>

use browser_cors::{
    origin::{InvalidOrigin, Origin, are_same_origin},
    url::Url,
};
use rstest::rstest;

#[rstest]
#[case("https://a.example", "https://a.example")]
#[case("HTTPS://A.example:443", "https://a.example")]
#[case("http://[::1]:8080", "http://[::1]:8080")]
#[case("http://b\u{FC}cher.example", "http://xn--bcher-kva.example")]
#[case("capacitor://localhost", "capacitor://localhost")]
#[case("TAURI://localhost", "tauri://localhost")]
#[case("ionic://localhost:8080", "ionic://localhost:8080")]
#[case(
    "chrome-extension://ejcilmageobnieflpodaljjkckjodbmm",
    "chrome-extension://ejcilmageobnieflpodaljjkckjodbmm"
)]
// Safari writes the identifiers of extensions in upper case.
#[case("safari-web-extension://0E8A3C8A-F1B5", "safari-web-extension://0E8A3C8A-F1B5")]
#[case("app://[::1]", "app://[::1]")]
#[case("file://", "file://")]
#[case("FILE://", "file://")]
fn parsed(#[case] text: &str, #[case] serialized: &str) {
    assert_eq!(text.parse::<Origin>().unwrap().serialized(), serialized);
}

#[rstest]
#[case("https://a.example/")]
#[case("https://a.example/.")]
#[case("https://a.example\\")]
#[case("https://a.example?")]
#[case("https://a.example#")]
#[case("https://@a.example")]
#[case("https://me@a.example")]
#[case(" https://a.example")]
#[case("https://a.example ")]
fn more_than_an_origin(#[case] text: &str) {
    assert_eq!(
        text.parse::<Origin>(),
        Err(InvalidOrigin::MoreThanAnOrigin {
            text: text.to_owned(),
            origin: "https://a.example".to_owned(),
        }),
    );
}

#[rstest]
#[case("")]
#[case("a.example")]
#[case("data:,x")]
#[case("file:///etc")]
#[case("NULL")]
#[case("localhost:5173")]
#[case("app://")]
#[case("app:///index.html")]
#[case("app://localhost:0")]
#[case("app:localhost")]
#[case("file://server")]
fn no_origin(#[case] text: &str) {
    let error = text.parse::<Origin>().unwrap_err();
    assert_eq!(error, InvalidOrigin::NotAnOrigin { text: text.to_owned() });
}

#[rstest]
#[case("https://a.example/x", "https://a.example:443/y", true)]
#[case("https://a.example/", "http://a.example/", false)]
#[case("https://a.example/", "https://a.example:8443/", false)]
#[case("https://a.example/", "https://a.example./", false)]
#[case("blob:https://a.example/1", "https://a.example/", true)]
#[case("data:,x", "data:,x", false)]
#[case("file:///a", "file:///a", false)]
fn same_origin(#[case] a: &str, #[case] b: &str, #[case] expected: bool) {
    let (a, b) = (Url::parse(a).unwrap(), Url::parse(b).unwrap());
    assert_eq!(are_same_origin(&a, &b), expected);
    assert_eq!(Origin::from(&a).is_same_origin_with_url(&b), expected);
}

/// Pages of apps and extensions have origins that engines compare and send.
#[test]
fn of_other_schemes() {
    let parse = |text: &str| text.parse::<Origin>().unwrap();
    let page = Origin::of_page(&Url::parse("capacitor://localhost/cart?x").unwrap());
    assert_eq!(page, parse("capacitor://localhost"));
    assert_eq!(page.scheme(), Some("capacitor"));
    assert_ne!(page, parse("capacitor://localhost:8080"));
    assert_ne!(page, parse("ionic://localhost"));
    assert_ne!(page, parse("http://localhost"));
    assert_eq!(parse("file://"), parse("file://"));
    // By the URL Standard, the URL's own origin is opaque.
    assert!(!page.is_same_origin_with_url(&Url::parse("capacitor://localhost/").unwrap()));
    for (text, origin) in [
        ("capacitor://localhost/", "capacitor://localhost"),
        ("app://me@localhost:8080?x", "app://localhost:8080"),
    ] {
        assert_eq!(
            text.parse::<Origin>(),
            Err(InvalidOrigin::MoreThanAnOrigin {
                text: text.to_owned(),
                origin: origin.to_owned(),
            }),
        );
    }
}

/// A dot at the end of a host makes another host, and so another site.
#[cfg(feature = "public-suffix")]
#[rstest]
#[case("https://a.example.com", "https://b.example.com", true)]
#[case("https://a.example.com.", "https://b.example.com.", true)]
#[case("https://a.example.com", "https://b.example.com.", false)]
#[case("https://example.com", "https://example.com.", false)]
#[case("https://a.co.uk.", "https://b.co.uk.", false)]
#[case("https://www1.site.", "https://site", false)]
fn same_site(#[case] a: Origin, #[case] b: Origin, #[case] expected: bool) {
    use browser_cors::origin::PublicSuffixList;

    assert_eq!(a.is_same_site(&b, &PublicSuffixList), expected);
    assert_eq!(a.is_schemelessly_same_site(&b, &PublicSuffixList), expected);
}
