//! `browser-cors check`: a fetch against a live server.

use std::process::ExitCode;

use crate::args::CheckArgs;

pub(crate) fn run(_args: &CheckArgs) -> ExitCode {
    ExitCode::from(2)
}
