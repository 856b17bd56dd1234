//! What the commands that ask live servers share: converts their arguments for the library.

use std::{
    fs,
    net::IpAddr,
    ops::ControlFlow,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use browser_cors::url::{ParseError, Url};
use browser_cors_audit::{
    client::{Client, HttpVersions, InvalidSetting},
    expect::{AskError, Asking, InvalidExpectations, Progress},
};

use crate::{
    args::{AskingArgs, ConnectionArgs, User},
    engine, output,
};

/// Makes the client that the arguments describe.
///
/// # Errors
///
/// If a file cannot be read, or a value cannot be used.
pub(crate) fn client(args: &ConnectionArgs) -> Result<Client, String> {
    let mut client = Client::new().timeout(args.timeout).max_time(args.max_time);
    if let Some(wait) = args.wait {
        client = client.wait(wait);
    }
    for given in &args.resolve {
        client = client.resolve(given.host.as_str(), given.address);
    }
    for places in &args.connect_to {
        client = client.connect_to(places).map_err(|error| format!("--connect-to: {error}"))?;
    }
    #[cfg(unix)]
    if let Some(path) = &args.unix_socket {
        client = client.unix_socket(path);
    }
    if let Some(proxy) = &args.proxy {
        client = client.proxy(proxy).map_err(|error| format!("--proxy: {error}"))?;
    }
    if let Some(path) = &args.cacert {
        let invalid = |error| format!("--cacert {}: {error}", path.display());
        client = client.trusting(&read(path)?).map_err(invalid)?;
    }
    if let (Some(certificate), Some(key)) = (&args.cert, &args.key) {
        let invalid = |error| {
            let path = if error == InvalidSetting::Key { key } else { certificate };
            format!("{}: {error}", path.display())
        };
        client = client.identity(&read(certificate)?, &read(key)?).map_err(invalid)?;
    }
    if let Some(User { name, password }) = &args.user {
        client = client.user(name, password);
    }
    if let Some(user_agent) = &args.user_agent {
        client = client.named(user_agent.clone());
    }
    if args.insecure {
        output::note("certificates are not checked (--insecure)");
        client = client.trusting_anybody();
    }
    if args.deny_private {
        client = client.deny_private();
    }
    Ok(match (args.http1, args.http2) {
        (true, _) => client.http_versions(HttpVersions::Http1),
        (_, true) => client.http_versions(HttpVersions::Http2),
        _ => client,
    })
}

/// Whether a text begins with the scheme of a URL.
///
/// # Errors
///
/// If it does not: the error says what to write.
pub(crate) fn is_absolute(text: &str) -> Result<(), String> {
    let parsed = Url::parse(text);
    let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
    let is_without_scheme = match &parsed {
        Err(ParseError::RelativeUrlWithoutBase) => true,
        // A host and a port look like a scheme.
        Ok(url) if url.host().is_none() => {
            scheme.contains('.') || rest.starts_with(|first: char| first.is_ascii_digit())
        }
        _ => false,
    };
    if is_without_scheme {
        let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
        let is_near = host.ends_with("localhost") || host.parse::<IpAddr>().is_ok();
        let scheme = if is_near { "http" } else { "https" };
        return Err(format!("`{text}` is not an absolute URL; did you mean `{scheme}://{text}`?"));
    }
    if scheme.contains("unix") && parsed.is_ok() {
        return Err(format!(
            "`{text}` is not a URL that a page can ask for: name the socket with --unix-socket, and \
             ask for an http URL"
        ));
    }
    Ok(())
}

/// The exit status after a second signal, as shells have it for SIGINT.
const INTERRUPTED: i32 = 130;

/// A flag that the first SIGINT or SIGTERM sets. The second ends the process at once.
pub(crate) fn interruption() -> Arc<AtomicBool> {
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

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Calls `ask` with what the arguments describe, and shows a progress bar. A signal ends the run with
/// what is known.
///
/// # Errors
///
/// If the arguments describe no client.
pub(crate) fn with_asking<T>(
    args: &AskingArgs,
    ask: impl FnOnce(&Asking<'_>) -> T,
) -> Result<T, String> {
    let client = client(&args.connection)?;
    let bar = output::bar();
    let is_interrupted = interruption();
    let observe = |progress: Progress| {
        bar.set_length(progress.all as u64);
        bar.set_position(progress.done as u64);
        ControlFlow::Continue(())
    };
    let asking = Asking::new()
        .in_engines(engine::profiles(&args.engine))
        .over(client)
        .jobs(args.jobs.into())
        .retries(args.retries)
        .send_requests(args.send_requests)
        .interrupted_by(&is_interrupted)
        .observed_by(&observe);
    let result = ask(&asking);
    bar.finish_and_clear();
    // The next signal must not end the process while it writes.
    is_interrupted.store(false, Ordering::SeqCst);
    Ok(result)
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
