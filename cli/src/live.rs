//! What the commands that ask live servers share: converts their arguments for the library.

use std::{ops::ControlFlow, time::Duration};

use browser_cors_audit::{
    client::Client,
    expect::{AskError, Asking, InvalidExpectations, Progress},
};

use crate::{
    args::{AskingArgs, Resolve},
    engine, output,
};

/// Makes the client that the arguments describe.
pub(crate) fn client(timeout: Duration, addresses: &[Resolve]) -> Client {
    addresses.iter().fold(Client::new().timeout(timeout), |client, given| {
        client.resolve(given.host.as_str(), given.address)
    })
}

/// Calls `ask` with what the arguments describe, and shows a progress bar.
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
        .send_requests(args.send_requests)
        .observed_by(&observe);
    let result = ask(&asking);
    bar.finish_and_clear();
    result
}

/// The reason why not all requests were sent, one line for each problem.
pub(crate) fn not_asked(error: &AskError) -> String {
    match error {
        AskError::Invalid(invalid) => listed(invalid),
        error => error.to_string(),
    }
}

/// The problems of a file, one line each.
pub(crate) fn listed(invalid: &InvalidExpectations) -> String {
    invalid.lines().collect::<Vec<_>>().join("\nbrowser-cors: ")
}
