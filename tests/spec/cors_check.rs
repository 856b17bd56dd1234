//! <https://fetch.spec.whatwg.org/#concept-cors-check>

use browser_cors::{
    cors_check::{CorsCheckFailure, CorsCheckSuccess, cors_check},
    header::HeaderList,
    http::{HeaderMap, HeaderName, HeaderValue},
    request::CredentialsMode::{self, Include, Omit},
};
use rstest::rstest;

const ORIGIN: &str = "https://rabbit.invalid";

/// The table of <https://fetch.spec.whatwg.org/#cors-protocol-and-credentials>, row for row, and
/// similar cases.
#[rstest]
#[case::wildcard(Omit, &["*"], &[], None)]
#[case::wildcard_credentials_ignored(Omit, &["*"], &["true"], None)]
#[case::trailing_slash(Omit, &["https://rabbit.invalid/"], &[], Some("4"))]
#[case::exact(Omit, &["https://rabbit.invalid"], &[], None)]
#[case::wildcard_with_credentials(Include, &["*"], &["true"], Some("4"))]
#[case::exact_with_credentials(Include, &["https://rabbit.invalid"], &["true"], None)]
#[case::true_is_case_sensitive(Include, &["https://rabbit.invalid"], &["True"], Some("8"))]
#[case::same_origin_mode(CredentialsMode::SameOrigin, &["*"], &[], None)]
#[case::missing(Omit, &[], &[], Some("2"))]
#[case::empty(Omit, &[""], &[], Some("4"))]
#[case::null(Omit, &["null"], &[], Some("4"))]
#[case::upper_case(Omit, &["HTTPS://RABBIT.INVALID"], &[], Some("4"))]
#[case::default_port(Omit, &["https://rabbit.invalid:443"], &[], Some("4"))]
#[case::list(Omit, &["https://rabbit.invalid, *"], &[], Some("4"))]
#[case::twice_the_same(Omit, &["https://rabbit.invalid", "https://rabbit.invalid"], &[], Some("4"))]
#[case::wildcard_twice(Omit, &["*", "*"], &[], Some("4"))]
#[case::no_allow_credentials(Include, &["https://rabbit.invalid"], &[], Some("8"))]
#[case::allow_credentials_twice(Include, &["https://rabbit.invalid"], &["true", "true"], Some("8"))]
#[case::credentials_not_asked(Omit, &["https://rabbit.invalid"], &["false"], None)]
fn shares_as_the_standard_tabulates(
    #[case] credentials_mode: CredentialsMode,
    #[case] allow_origin: &[&str],
    #[case] allow_credentials: &[&str],
    #[case] fails_at: Option<&str>,
) {
    let origins = allow_origin.iter().map(|value| ("Access-Control-Allow-Origin", *value));
    let credentials =
        allow_credentials.iter().map(|value| ("access-control-allow-credentials", *value));
    let pairs: Vec<_> = origins.chain(credentials).collect();
    let (mut list, mut map) = (HeaderList::new(), HeaderMap::new());
    for (name, value) in &pairs {
        list.append(name, value).unwrap();
        // The values of a map may have spaces around them.
        let value = HeaderValue::try_from(format!(" {value} ")).unwrap();
        map.append(HeaderName::try_from(*name).unwrap(), value);
    }

    let failure = cors_check(ORIGIN, credentials_mode, pairs.as_slice()).err();
    assert_eq!(cors_check(ORIGIN, credentials_mode, &list).err(), failure);
    assert_eq!(cors_check(ORIGIN, credentials_mode, &map).err(), failure);
    assert_eq!(failure.map(|failure| failure.step().path()), fails_at);
}

#[test]
fn success_says_why() {
    let wildcard = [("Access-Control-Allow-Origin", "*")];
    let origin = [("Access-Control-Allow-Origin", "https://rabbit.invalid")];
    let credentials = [origin[0], ("Access-Control-Allow-Credentials", "true")];
    assert_eq!(cors_check(ORIGIN, Omit, &wildcard), Ok(CorsCheckSuccess::Wildcard));
    assert_eq!(cors_check(ORIGIN, Omit, &origin), Ok(CorsCheckSuccess::Origin));
    assert_eq!(
        cors_check(ORIGIN, Include, &credentials),
        Ok(CorsCheckSuccess::OriginWithCredentials),
    );
}

#[test]
fn failure_carries_the_bytes() {
    let two = [("Access-Control-Allow-Origin", "a"), ("ACCESS-CONTROL-ALLOW-ORIGIN", "b")];
    assert_eq!(
        cors_check(ORIGIN, Omit, &two),
        Err(CorsCheckFailure::SeveralAllowOrigin {
            expected: "https://rabbit.invalid".to_owned(),
            lines: vec![b"a".to_vec(), b"b".to_vec()],
        }),
    );
    let mut list = HeaderList::new();
    list.append("Access-Control-Allow-Origin", b"\xFF\x01").unwrap();
    assert_eq!(
        cors_check(ORIGIN, Omit, &list),
        Err(CorsCheckFailure::OriginMismatch {
            expected: "https://rabbit.invalid".to_owned(),
            found: b"\xFF\x01".to_vec(),
        }),
    );
}

#[rstest]
#[case(&[], "allow-origin-missing", "there is no Access-Control-Allow-Origin")]
#[case(&[("Access-Control-Allow-Origin", "*")], "allow-origin-wildcard-with-credentials", "Access-Control-Allow-Origin is `*`, which does not allow requests with credentials")]
#[case(&[("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Origin", "*")], "allow-origin-several", "there are 2 Access-Control-Allow-Origin lines, which are read as one value")]
#[case(&[("Access-Control-Allow-Origin", "null")], "allow-origin-mismatch", "Access-Control-Allow-Origin is `null`, not `https://rabbit.invalid`")]
#[case(&[("Access-Control-Allow-Origin", "https://rabbit.invalid")], "allow-credentials-not-true", "Access-Control-Allow-Credentials is missing, not `true`")]
#[case(&[("Access-Control-Allow-Origin", "https://rabbit.invalid"), ("Access-Control-Allow-Credentials", "TRUE")], "allow-credentials-not-true", "Access-Control-Allow-Credentials is `TRUE`, not `true`")]
fn failures_with_credentials(
    #[case] headers: &[(&str, &str)],
    #[case] code: &str,
    #[case] text: &str,
) {
    let failure = cors_check(ORIGIN, Include, headers).unwrap_err();
    assert_eq!((failure.code().as_str(), failure.to_string().as_str()), (code, text));
}
