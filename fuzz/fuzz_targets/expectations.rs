//! Reads files of expectations. What is wrong has a place in the file, and secrets are in no message.

#![no_main]

use browser_cors_audit::expect::Expectations;
use libfuzzer_sys::fuzz_target;

/// What no file says by itself.
const SECRET: &str = "Zq8-secret-Zq8";

fuzz_target!(|data: &[u8]| {
    let Ok(text) = str::from_utf8(data) else { return };
    let lines = text.split('\n').count();
    match Expectations::parse("cors.toml", text, &|_| Some(SECRET.to_owned())) {
        Ok(expectations) => drop(expectations.base()),
        Err(invalid) => {
            let problems: Vec<_> = invalid.lines().collect();
            assert!(!problems.is_empty());
            assert!(problems.len() <= 64, "{} problems", problems.len());
            for problem in problems {
                let place = problem.strip_prefix("cors.toml:").expect("the file is named");
                let line = place.split(':').next().and_then(|line| line.parse::<usize>().ok());
                assert!(line.is_none_or(|line| (1..=lines).contains(&line)), "{problem}");
                assert!(!problem.contains(SECRET), "{problem}");
            }
        }
    }
});
