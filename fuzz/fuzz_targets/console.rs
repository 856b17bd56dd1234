//! Reads text as if it came from a console, with wordings of consoles in it.

#![no_main]

use browser_cors::console::{find_all, meaning, remedy};
use libfuzzer_sys::fuzz_target;

/// What some characters stand for, so that chance makes messages.
const PIECES: [&str; 16] = [
    "Access to fetch at '",
    "' from origin '",
    "' has been blocked by CORS policy: ",
    "Response to preflight request doesn't pass access control check: ",
    "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    "The 'Access-Control-Allow-Origin' header contains the invalid value '",
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ",
    "(Reason: CORS header ‘Access-Control-Allow-Origin’ ",
    "Status code: ",
    " is not allowed by Access-Control-Allow-Origin.",
    " due to access control checks.",
    "SEC7123: ",
    "GET https://api.example/ net::ERR_FAILED 200",
    "https://api.example/",
    "（原因：CORS ",
    "\u{200B}\n",
];

fuzz_target!(|data: &[u8]| {
    let mut text = String::new();
    for part in String::from_utf8_lossy(data).chars() {
        match part {
            '\u{80}'..='\u{17F}' => text.push_str(PIECES[part as usize % PIECES.len()]),
            other => text.push(other),
        }
    }
    let mut end = 0;
    for occurrence in find_all(&text) {
        assert!(occurrence.range.start >= end);
        end = occurrence.range.end;
        assert!(!text[occurrence.range].is_empty());
        assert!(!meaning(&occurrence.message).is_empty());
        assert!(!remedy(&occurrence.message).to_string().is_empty());
    }
});
