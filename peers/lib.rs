//! This crate's decisions beside those of other implementations: an adapter for Servo, and a
//! benchmark.

#![forbid(unsafe_code)]

pub mod servo;
