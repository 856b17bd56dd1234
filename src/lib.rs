//! The browser side of CORS, as the [Fetch Standard] defines it, with no I/O.
//!
//! [Fetch Standard]: https://fetch.spec.whatwg.org/

#![forbid(unsafe_code)]

pub mod blocking;
pub mod cors_check;
pub mod cross_origin_resource_policy;
pub mod environment;
pub mod explain;
pub mod fetch;
pub mod header;
pub mod headers;
pub mod method;
pub mod origin;
pub mod origin_header;
pub mod page;
pub mod preflight_cache;
pub mod referrer;
pub mod request;
pub mod response;
#[cfg(feature = "scenario")]
pub mod scenario;
pub mod spec;
pub mod status;
pub mod tao_check;
pub mod transcript;

pub use {http, url};
