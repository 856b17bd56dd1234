//! Explains any text as a dump of a console.

#![no_main]

use browser_cors::console::{find_all, meaning, remedy};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut end = 0;
    for found in find_all(&text) {
        // Messages come in their order, and none is within another.
        assert!(found.range.start >= end && found.range.end <= text.len(), "{found:?}");
        assert!(!text[found.range.clone()].trim().is_empty(), "{found:?}");
        end = found.range.end;
        assert!(!meaning(&found.message).to_string().is_empty(), "{found:?}");
        assert!(!remedy(&found.message).to_string().is_empty(), "{found:?}");
    }
});
