//! Checks which headers are safelisted, and which of the others a preflight names.

#![no_main]

use browser_cors::{
    engine::Profile,
    header::{
        HeaderList, normalize_value,
        range::{Whitespace, parse_a_single_range_header_value},
        safelist::{
            cors_safelisted_request_header, cors_unsafe_request_header_names,
            cors_unsafe_request_headers, is_forbidden_request_header,
            is_no_cors_safelisted_request_header,
        },
    },
    http::Method,
};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 8] = [
    "Accept",
    "Accept-Language",
    "Content-Language",
    "Content-Type",
    "Range",
    "Authorization",
    "X-HTTP-Method",
    "Sec-A",
];

fuzz_target!(|data: &[u8]| {
    let mut list = HeaderList::new();
    let mut names = Vec::new();
    let mut total = 0;
    for line in data.split(|byte| *byte == b'\n') {
        let Some((first, value)) = line.split_first() else { continue };
        let name = NAMES[usize::from(*first) % NAMES.len()];
        let value = normalize_value(value);
        if list.append(name, value).is_err() {
            continue;
        }
        match cors_safelisted_request_header(name, value, &Profile::STANDARD) {
            Ok(()) => {
                assert!(value.len() <= 128 && NAMES[..5].contains(&name));
                total += value.len();
            }
            Err(reason) => {
                assert!(!reason.to_string().is_empty());
                names.push(name.to_ascii_lowercase());
            }
        }
        if is_no_cors_safelisted_request_header(name, value, &Profile::STANDARD) {
            assert!(NAMES[..4].contains(&name));
        }
        let _ = is_forbidden_request_header(name, value);
        let _ = Method::from_bytes(value);
        if let Ok(range) = parse_a_single_range_header_value(value, Whitespace::Refused, &Profile::STANDARD) {
            assert!(range.start.is_some() || range.end.is_some());
            assert_eq!(parse_a_single_range_header_value(value, Whitespace::Allowed, &Profile::STANDARD), Ok(range));
        }
    }
    if total > 1024 {
        names = list.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
    }
    names.sort();
    assert_eq!(cors_unsafe_request_headers(&list, &Profile::STANDARD).count(), names.len());
    names.dedup();
    assert_eq!(cors_unsafe_request_header_names(&list, &Profile::STANDARD), names);
});
