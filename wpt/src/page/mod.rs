//! Who asks: what scripts and elements say, as requests of the library.

mod html;
mod image;
mod requests;
mod xml;

use browser_cors::page::loads::{Decoding, Load};

pub use html::parse as parse_html;
pub use image::pixels;
pub use requests::{
    BodyOf, Failure, SettingsInit, beacon, body_type, environment, fetch_api, load, navigation,
    upgrades_insecure_requests, worker, xhr,
};
pub use xml::parse as parse_xml;

/// Whether the body of a load can be decoded. Images are told by their first bytes.
pub fn decoding(load: Load, bytes: &[u8]) -> Decoding {
    let is_image = || {
        let begins = |magic: &[u8]| bytes.starts_with(magic);
        begins(b"\x89PNG\r\n\x1a\n")
            || begins(b"\xff\xd8\xff")
            || begins(b"GIF8")
            || begins(b"BM")
            || begins(b"\0\0\x01\0")
            || begins(b"RIFF")
            || String::from_utf8_lossy(bytes).contains("<svg")
    };
    match load {
        Load::Image | Load::Texture | Load::ShapeImage if !is_image() => Decoding::Fails,
        _ if load.is_decoded() && bytes.is_empty() => Decoding::Fails,
        _ => Decoding::Succeeds,
    }
}
