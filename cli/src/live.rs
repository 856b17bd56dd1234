//! What the commands that ask live servers share: converts their arguments for the library.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

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

/// The exit status after a second signal, as shells have it for SIGINT.
const INTERRUPTED: i32 = 130;

/// A flag that the first SIGINT or SIGTERM sets. The second ends the process at once.
fn interruption() -> Arc<AtomicBool> {
    use signal_hook::{consts::TERM_SIGNALS, flag};
    let is_interrupted = Arc::new(AtomicBool::new(false));
    for signal in TERM_SIGNALS {
        // Without a handler, the signal ends the process, as ever.
        let _ =
            flag::register_conditional_shutdown(*signal, INTERRUPTED, Arc::clone(&is_interrupted))
                .and_then(|_| flag::register(*signal, Arc::clone(&is_interrupted)));
    }
    is_interrupted
}

/// Calls `ask` with what the arguments describe, and shows a progress bar. A signal ends the run with
/// what is known.
pub(crate) fn with_asking<T>(args: &AskingArgs, ask: impl FnOnce(&Asking<'_>) -> T) -> T {
    let bar = output::bar();
    let is_interrupted = interruption();
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
        .interrupted_by(&is_interrupted)
        .observed_by(&observe);
    let result = ask(&asking);
    bar.finish_and_clear();
    // The next signal must not end the process while it writes.
    is_interrupted.store(false, Ordering::SeqCst);
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
