//! The standard's tables and the places at which it refuses, module by module.

mod cors_check;
mod fetch;
mod header;
mod origin;
mod page;
mod request;
