//! `browser-cors expect` and `browser-cors diff` against servers on the loopback interface.

mod audit;
mod diff;
mod files;
mod greens;
mod init;
mod manners;
mod mistakes;
mod reports;
mod rows;
#[path = "../schema/mod.rs"]
mod schema;
mod secrets;
mod server;
