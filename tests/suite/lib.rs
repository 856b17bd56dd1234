//! The examples of the README, which need the same dependencies.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
