//! Makes header lists from bytes, one header a line, and calls everything that reads them.

#![no_main]

use browser_cors::{
    engine::Profile,
    header::{
        HeaderList,
        extract::{extract_location, extract_max_age, extract_tokens},
        is_header_name, is_header_value,
        list::get_decode_and_split_value,
        mime::{MimeType, determine_nosniff, extract_a_mime_type, parse_essence},
        normalize_value,
    },
    page::headers::{Guard, Headers},
    http::HeaderMap,
    response::{FilteredResponse, Response, ResponseType},
    url::Url,
};
use libfuzzer_sys::fuzz_target;

const LISTS: [&str; 3] = [
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Expose-Headers",
];

fuzz_target!(|data: &[u8]| {
    let mut list = HeaderList::new();
    let mut page = Headers::new(Guard::RequestNoCors);
    for line in data.split(|byte| *byte == b'\n') {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = (&line[..colon], line.get(colon + 1..).unwrap_or_default());
        let value = normalize_value(value);
        let is_valid = is_header_name(name) && is_header_value(value);
        let before = list.len();
        match value.first() {
            Some(b'=') => assert_eq!(list.set(name, value).is_ok(), is_valid),
            Some(b'+') => assert_eq!(list.combine(name, value).is_ok(), is_valid),
            Some(b'-') => list.delete(&String::from_utf8_lossy(name)),
            _ => {
                assert_eq!(list.append(name, value).is_ok(), is_valid);
                assert_eq!(list.len(), before + usize::from(is_valid));
            }
        }
        let _ = page.append(name, value);
    }
    read(&list);
    read(page.header_list());
    if let Ok(map) = HeaderMap::try_from(&list) {
        assert_eq!(HeaderList::from(&map).len(), list.len());
    }
    let combined = list.sort_and_combine();
    assert_eq!(combined, combined.sort_and_combine());
});

fn read(list: &HeaderList) {
    for (name, value) in list {
        // Combined values may end in a space.
        assert!(is_header_name(name.as_bytes()) && is_header_value(normalize_value(value)));
        assert!(list.contains(name) && list.get(name).is_some());
        let items = get_decode_and_split_value(value);
        assert!(items.len() <= 1 + value.iter().filter(|byte| **byte == b',').count());
        let text: String = value.iter().map(|byte| char::from(*byte)).collect();
        let essence = parse_essence(value).map(|(kind, subtype)| {
            String::from_utf8_lossy(&[kind, b"/", subtype].concat()).to_ascii_lowercase()
        });
        assert_eq!(essence, MimeType::parse(&text).map(|mime_type| mime_type.essence()));
    }
    for name in LISTS {
        if let Err(failure) = extract_tokens(name, list) {
            assert!(failure.index < failure.value.len());
            assert!(!failure.to_string().is_empty());
        }
    }
    if let Err(failure) = extract_max_age(list) {
        assert!(!failure.to_string().is_empty());
    }
    let _ = extract_location(list);
    let _ = extract_a_mime_type(list).map(|mime_type| mime_type.to_string());
    let _ = determine_nosniff(list);
    let url = Url::parse("https://api.example/a?b#c").expect("a URL");
    for status in [200, 302] {
        let response = Response::new(status, list.clone()).for_urls([url.clone()]);
        let _ = response.location_url(Some("d"), &Profile::STANDARD);
        for kind in [ResponseType::Basic, ResponseType::Cors, ResponseType::Opaque] {
            let seen = FilteredResponse::new(kind, response.clone()).header_list();
            assert!(!seen.contains("Set-Cookie") && !seen.contains("Set-Cookie2"));
        }
    }
}
