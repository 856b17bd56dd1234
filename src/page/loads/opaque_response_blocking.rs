//! [Opaque response blocking](https://github.com/annevk/orb), which keeps the content of responses that
//! CORS does not share out of the page's process.

use crate::{
    header::{
        HeaderList,
        mime::{MimeType, determine_nosniff, extract_a_mime_type},
    },
    status::is_ok_status,
};

/// How an engine blocks opaque responses.
#[derive(Debug)]
pub(super) struct Blocking {
    /// The types that pass without a look at the bytes, apart from those of the proposal.
    pub(super) passing: fn(&str) -> bool,
    /// Whether `nosniff` blocks `text/plain`.
    pub(super) blocks_plain_text: bool,
    /// Whether a response with the status 206 must say that it begins with the first byte.
    pub(super) wants_first_bytes: bool,
    /// Whether a body that is no media must be a script, whatever its type is.
    pub(super) parses: bool,
}

/// As Chromium does, which looks for HTML, XML and JSON instead of parsing a script.
pub(super) const WITHOUT_PARSING: Blocking = Blocking {
    passing: |essence| {
        essence.starts_with("audio/")
            || essence.starts_with("video/")
            || matches!(
                essence,
                "application/ogg"
                    | "application/dash+xml"
                    | "application/vnd.apple.mpegurl"
                    | "text/vtt"
            )
    },
    blocks_plain_text: true,
    wants_first_bytes: false,
    parses: false,
};

/// As Firefox does.
pub(super) const WITH_PARSING: Blocking = Blocking {
    passing: |essence| {
        matches!(
            essence,
            "application/dash+xml"
                | "application/vnd.apple.mpegurl"
                | "audio/mpegurl"
                | "text/vtt"
                | "audio/mp3"
                | "audio/aac"
                | "audio/aacp"
                | "multipart/x-mixed-replace"
        )
    },
    blocks_plain_text: false,
    wants_first_bytes: true,
    parses: true,
};

impl Blocking {
    /// Whether an opaque response is blocked. `is_media` says whether its first bytes are those of an
    /// image, audio or video.
    ///
    /// Ours: other bytes are those of a script or a style sheet.
    pub(super) fn blocks(&self, status: u16, header_list: &HeaderList, is_media: bool) -> bool {
        // Rules 1 and 2.
        let mime_type = extract_a_mime_type(header_list);
        let nosniff = determine_nosniff(header_list);
        // Rule 3.
        if let Some(mime_type) = &mime_type {
            let essence = mime_type.essence();
            let is_blocklisted = is_opaque_blocklisted(&essence);
            let is_plain_text = essence == "text/plain";
            // Rule 3.1.
            if is_opaque_safelisted(mime_type)
                || (self.passing)(&essence)
                || (nosniff && is_plain_text && !self.blocks_plain_text)
            {
                return false;
            }
            // Rules 3.2 to 3.4.
            if NEVER_SNIFFED.contains(&essence.as_str())
                || (status == 206 && is_blocklisted && self.wants_first_bytes)
                || (nosniff && (is_blocklisted || is_plain_text))
            {
                return true;
            }
        }
        // Rule 4.
        if status == 206 {
            let first_byte = header_list.get("Content-Range").and_then(|it| first_byte(&it));
            if first_byte.map_or(self.wants_first_bytes, |first_byte| first_byte > 0) {
                return true;
            }
        }
        // Rules 5 to 7.
        if is_media {
            return false;
        }
        // Rule 10. Who does not parse scripts lets a response without a type pass before the next steps.
        if mime_type.is_none() && !self.parses {
            return false;
        }
        // Rules 8 and 9.
        if nosniff || !is_ok_status(status) {
            return true;
        }
        // Rules 11 to 13.
        let is_of_media = |essence: &str| {
            ["audio/", "image/", "video/"].iter().any(|kind| essence.starts_with(kind))
        };
        self.parses && mime_type.is_some_and(|mime_type| is_of_media(&mime_type.essence()))
    }
}

/// Whether this is an opaque-safelisted MIME type.
fn is_opaque_safelisted(mime_type: &MimeType) -> bool {
    mime_type.is_javascript() || matches!(&*mime_type.essence(), "text/css" | "image/svg+xml")
}

/// Whether this is the essence of an opaque-blocklisted MIME type: HTML, JSON or XML.
fn is_opaque_blocklisted(essence: &str) -> bool {
    matches!(
        essence,
        "text/html" | "application/json" | "text/json" | "application/xml" | "text/xml"
    ) || essence.ends_with("+json")
        || essence.ends_with("+xml")
}

/// The position of the first byte that a `Content-Range` names.
fn first_byte(content_range: &[u8]) -> Option<u64> {
    let value = str::from_utf8(content_range).ok()?;
    let (unit, range) = value.split_once(' ')?;
    let (first, _) = range.split_once('-')?;
    if unit.eq_ignore_ascii_case("bytes") { first.trim().parse().ok() } else { None }
}

/// The essences of the opaque-blocklisted-never-sniffed MIME types.
const NEVER_SNIFFED: [&str; 34] = [
    "application/gzip",
    "application/msexcel",
    "application/mspowerpoint",
    "application/msword",
    "application/msword-template",
    "application/pdf",
    "application/vnd.ces-quickpoint",
    "application/vnd.ces-quicksheet",
    "application/vnd.ces-quickword",
    "application/vnd.ms-excel",
    "application/vnd.ms-excel.sheet.macroenabled.12",
    "application/vnd.ms-powerpoint",
    "application/vnd.ms-powerpoint.presentation.macroenabled.12",
    "application/vnd.ms-word",
    "application/vnd.ms-word.document.12",
    "application/vnd.ms-word.document.macroenabled.12",
    "application/vnd.msword",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.presentationml.template",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
    "application/vnd.presentation-openxml",
    "application/vnd.presentation-openxmlm",
    "application/vnd.spreadsheet-openxml",
    "application/vnd.wordprocessing-openxml",
    "application/x-gzip",
    "application/x-protobuf",
    "application/zip",
    "multipart/byteranges",
    "multipart/signed",
    "text/csv",
    "text/event-stream",
];
