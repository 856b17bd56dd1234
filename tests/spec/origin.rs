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
