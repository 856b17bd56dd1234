use crate::args::ExpectArgs;
pub(super) fn file(_url: &str, _args: &ExpectArgs) -> Result<String, String> { Err(String::new()) }
