use crate::args::DiffArgs;
pub(crate) fn run(_args: &DiffArgs) -> std::process::ExitCode { std::process::ExitCode::from(2) }
