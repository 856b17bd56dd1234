//! What asks live servers about CORS, as browsers do.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

pub mod client;
pub mod compare;
pub mod expect;
pub mod har;
mod mixed_content;
mod over_http;

pub use mixed_content::mixed_content;
pub use over_http::OverHttp;
