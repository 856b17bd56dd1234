//! <https://fetch.spec.whatwg.org/#terminology-headers>

use browser_cors::{
    engine::Profile,
    header::{
        HeaderList,
        extract::extract_max_age,
        range::{Whitespace, parse_a_single_range_header_value},
        safelist::{
            NotSafelisted, SAFELISTED_TOTAL_LIMIT, SAFELISTED_VALUE_LIMIT,
            cors_safelisted_request_header, cors_unsafe_request_header_names,
            cors_unsafe_request_headers, is_cors_unsafe_request_header_byte,
            is_forbidden_request_header,
        },
    },
    http::Method,
};
use rstest::rstest;

#[rstest]
#[case("Accept", 128, true)]
#[case("Accept", 129, false)]
#[case("Accept-Language", 128, true)]
#[case("Content-Language", 129, false)]
fn value_limit(#[case] name: &str, #[case] length: usize, #[case] is_safelisted: bool) {
    assert_eq!(SAFELISTED_VALUE_LIMIT, 128);
    let value = vec![b'a'; length];
    assert_eq!(
        cors_safelisted_request_header(name, &value, &Profile::STANDARD).is_ok(),
        is_safelisted
    );
}

/// <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte>
#[test]
fn unsafe_bytes() {
    for byte in 0..=255_u8 {
        let is_unsafe = matches!(byte,
            0x00..=0x08 | 0x0A..=0x1F | 0x22 | 0x28 | 0x29 | 0x3A | 0x3C | 0x3E | 0x3F | 0x40
                | 0x5B | 0x5C | 0x5D | 0x7B | 0x7D | 0x7F);
        assert_eq!(is_cors_unsafe_request_header_byte(byte), is_unsafe, "{byte:#04x}");
    }
}

/// Eight safelisted values of 128 bytes are 1024; one byte more makes all of them unsafe.
#[test]
fn total_limit() {
    assert_eq!(SAFELISTED_TOTAL_LIMIT, 1024);
    let mut list = HeaderList::new();
    for _ in 0..8 {
        list.append("Accept", [b'a'; 128]).unwrap();
    }
    list.append("X-Unsafe", [b'a'; 500]).unwrap();
    assert_eq!(cors_unsafe_request_header_names(&list, &Profile::STANDARD), ["x-unsafe"]);

    list.append("Content-Language", "a").unwrap();
    assert_eq!(
        cors_unsafe_request_header_names(&list, &Profile::STANDARD),
        ["accept", "content-language", "x-unsafe"],
    );
    let total = cors_unsafe_request_headers(&list, &Profile::STANDARD).next().unwrap().1;
    assert_eq!(total, NotSafelisted::TotalTooLong { total: 1025 });
}

/// Each header is judged by itself, so one name can be both safe and unsafe.
#[test]
fn same_name_twice() {
    let list = HeaderList::try_from([
        ("Content-Type", "application/json"),
        ("Content-Type", "text/plain"),
    ])
    .unwrap();
    let unsafe_headers: Vec<_> = cors_unsafe_request_headers(&list, &Profile::STANDARD).collect();
    assert_eq!(unsafe_headers, [("Content-Type", NotSafelisted::MimeType)]);
}

#[rstest]
#[case::first("bytes=0-0", true)]
#[case::leading_zeros("bytes=00-01", true)]
#[case::beyond_64_bits("bytes=18446744073709551616-", true)]
#[case::beyond_64_bits_backwards("bytes=18446744073709551617-18446744073709551616", false)]
#[case::leading_zeros_backwards("bytes=0002-1", false)]
#[case::upper_case("BYTES=0-1", false)]
#[case::suffix("bytes=-500", false)]
#[case::two("bytes=0-1,2-3", false)]
#[case::space("bytes= 0-1", false)]
#[case::nothing("bytes=-", false)]
#[case::no_unit("=0-1", false)]
fn range(#[case] value: &str, #[case] is_safelisted: bool) {
    let answer = cors_safelisted_request_header("range", value.as_bytes(), &Profile::STANDARD);
    assert_eq!(answer.is_ok(), is_safelisted, "{answer:?}");
}

#[rstest]
#[case("bytes \t=0 \t-\t 1", true)]
#[case("bytes=0-1 ", false)]
#[case("bytes=0- ", true)]
#[case(" bytes=0-1", false)]
fn range_with_whitespace(#[case] value: &str, #[case] is_range: bool) {
    assert_eq!(
        parse_a_single_range_header_value(
            value.as_bytes(),
            Whitespace::Allowed,
            &Profile::STANDARD
        )
        .is_ok(),
        is_range
    );
}

#[rstest]
#[case(&["0"], Ok(Some(0)))]
#[case(&["0600"], Ok(Some(600)))]
#[case(&["99999999999999999999"], Ok(Some(u64::MAX)))]
#[case(&[], Ok(None))]
#[case(&[""], Err(0))]
#[case(&["+600"], Err(0))]
#[case(&["1.5"], Err(1))]
#[case(&["600, 600"], Err(3))]
#[case(&["600", "600"], Err(0))]
fn max_age(#[case] lines: &[&str], #[case] expected: Result<Option<u64>, usize>) {
    let mut list = HeaderList::new();
    lines.iter().for_each(|line| list.append("Access-Control-Max-Age", line).unwrap());
    assert_eq!(extract_max_age(&list).map_err(|failure| failure.index), expected);
}

#[rstest]
#[case("Proxy-", b"", true)]
#[case("proxy", b"", false)]
#[case("Sec-", b"", true)]
#[case("X-Method-Override", b"GET , Track", true)]
#[case("X-Method-Override", b"\"TRACE\"", false)]
#[case("User-Agent", b"", false)]
#[case("Access-Control-Request-Private-Network", b"", false)]
fn forbidden(#[case] name: &str, #[case] value: &[u8], #[case] expected: bool) {
    assert_eq!(is_forbidden_request_header(name, value), expected);
}

/// A method is any token, whether HTTP defines it or not.
#[test]
fn every_token_is_a_method() {
    let token = b"!#$%&'*+-.^_`|~0123456789AZaz";
    assert_eq!(Method::from_bytes(token).unwrap().as_str().as_bytes(), token);
    for byte in 0..=255_u8 {
        let is_token = byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        assert_eq!(Method::from_bytes(&[byte]).is_ok(), is_token, "{byte:#04x}");
    }
}
