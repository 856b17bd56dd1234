//! Who asks: [`fetch()`](fetch_api) and [`XMLHttpRequest`](xml_http_request). Each turns what a
//! page says into a [`Request`](crate::request::Request), or into the exception that the page gets.

pub mod body;
pub mod fetch_api;
pub mod xml_http_request;
