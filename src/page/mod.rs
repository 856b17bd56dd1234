//! The APIs with which a page makes requests: [`fetch()`](fetch_api),
//! [`XMLHttpRequest`](xml_http_request), [elements and style sheets](elements),
//! [`EventSource`](event_source) and [`sendBeacon()`](beacon). Each turns its arguments into a
//! [`Request`](crate::request::Request), or into the exception that the page gets. After the fetch,
//! [`loads`] decides what the page may do with the response of a load, and [`kept`] which loads need no
//! request.

pub mod beacon;
pub mod body;
pub mod elements;
pub(crate) mod engines;
pub mod event_source;
pub mod fetch_api;
pub mod headers;
pub mod kept;
pub mod loads;
pub mod xml_http_request;
