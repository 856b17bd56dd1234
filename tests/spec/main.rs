//! The standard's tables, and the places at which it refuses, module by module.

mod asking;
mod cors_check;
mod cross_origin_resource_policy;
mod edges;
mod embedding;
mod engine;
mod fetch;
mod fetch_metadata;
mod header;
mod hooks;
mod kept;
mod leaves;
mod origin;
mod page;
mod page_elements;
mod page_loads;
mod preflight_cache;
mod referrer;
mod request;
