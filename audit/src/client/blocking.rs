//! A network that the caller waits for.

use browser_cors::{fetch::Exchange, response::Response};
use tokio::runtime::{Builder, Runtime};

use super::{
    SendFailure, Settings,
    network::{Network, Terms},
};

/// A network, and what drives it.
#[derive(Debug)]
pub(super) struct Blocking {
    /// Always there, until it is dropped.
    runtime: Option<Runtime>,
    network: Network,
}

impl Blocking {
    /// # Errors
    ///
    /// If the system has no means to wait for sockets.
    pub(super) fn new() -> Result<Self, String> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("no connection is possible: {error}"))?;
        Ok(Self { runtime: Some(runtime), network: Network::new() })
    }

    /// Sends an exchange, and leaves the body of the answer.
    pub(super) fn send(
        &self,
        exchange: &Exchange,
        terms: &Terms<'_>,
        settings: &Settings,
    ) -> Result<Response, SendFailure> {
        let Some(runtime) = &self.runtime else {
            return Err(SendFailure::before_sending("no connection is possible"));
        };
        let answer = runtime.block_on(self.network.send(exchange, None, terms, settings))?;
        answer.body.leave();
        Ok(answer.response)
    }
}

impl Drop for Blocking {
    fn drop(&mut self) {
        // A name may still be looked up.
        if let Some(runtime) = self.runtime.take() {
            self.network.close();
            runtime.shutdown_background();
        }
    }
}
