//! What commands share that ask live servers: their arguments, as the library takes them.

use std::{ops::ControlFlow, time::Duration};

use browser_cors_audit::{
    client::Client,
    expect::{AskError, Asking, InvalidExpectations, Progress},
};

use crate::{
    args::{AskingArgs, Resolve},
    engine, output,
};

/// The client that the arguments describe.
pub(crate) fn client(timeout: Duration, addresses: &[Resolve]) -> Client {
    addresses.iter().fold(Client::new().timeout(timeout), |client, given| {
        client.resolve(given.host.as_str(), given.address)
    })
}

/// Asks as the arguments say, with a bar.
pub(crate) fn with_asking<T>(args: &AskingArgs, ask: impl FnOnce(&Asking<'_>) -> T) -> T {
    let bar = output::bar();
    let observe = |progress: Progress| {
        bar.set_length(progress.all as u64);
        bar.set_position(progress.done as u64);
        ControlFlow::Continue(())
    };
    let asking = Asking::new()
        .in_engines(engine::profiles(&args.engine))
        .over(client(args.timeout, &args.resolve))
        .jobs(args.jobs.into())
        .retries(args.retries)
        .observed_by(&observe);
    let result = ask(&asking);
    bar.finish_and_clear();
    result
}

/// Why a server was not asked, a line for each problem.
pub(crate) fn not_asked(error: &AskError) -> String {
    match error {
        AskError::Invalid(invalid) => listed(invalid),
        error => error.to_string(),
    }
}

/// What is wrong with a file, a line for each problem.
pub(crate) fn listed(invalid: &InvalidExpectations) -> String {
    invalid.lines().collect::<Vec<_>>().join("\nbrowser-cors: ")
}
