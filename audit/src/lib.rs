//! What asks live servers about CORS, as browsers do.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

pub mod client;
mod over_http;

pub use over_http::OverHttp;
