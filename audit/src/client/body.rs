//! The bodies of requests and answers, as streams.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use thiserror::Error;
use tokio::time::{Sleep, sleep};

use super::{connection::Http1, failure, pool::Lease};

/// The body of a request as it goes out.
pub(super) type RequestBody = UnsyncBoxBody<Bytes, BoxError>;

pub(super) type BoxError = Box<dyn Error + Send + Sync>;

/// The greatest length of the rest of a body that is read to keep its connection.
pub(super) const REST_LIMIT: u64 = 64 << 10;

pub(super) fn of_bytes(bytes: Bytes) -> RequestBody {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// The body of an answer, as it comes. To drop it is to read no more of it: a connection of HTTP/1
/// is then closed, unless hardly anything is left, and a stream of HTTP/2 is reset.
///
/// It is as the server sent it, with its `Content-Encoding`.
///
/// ```
/// use browser_cors_audit::client::ResponseBody;
/// use http_body_util::BodyExt;
///
/// # async fn f(mut body: ResponseBody) -> Result<(), browser_cors_audit::client::BodyError> {
/// while let Some(frame) = body.frame().await {
///     if let Ok(data) = frame?.into_data() {
///         println!("{} bytes", data.len());
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub struct ResponseBody {
    incoming: Option<Incoming>,
    /// The connection of HTTP/1, if it can be kept.
    connection: Option<(Http1, Lease)>,
    /// When time is over, and how long it was.
    deadline: Option<(Pin<Box<Sleep>>, Duration)>,
}

impl ResponseBody {
    pub(super) const fn new(incoming: Incoming, connection: Option<(Http1, Lease)>) -> Self {
        Self { incoming: Some(incoming), connection, deadline: None }
    }

    /// Ends the body with an error when `left` of `whole` has passed.
    pub(crate) fn within(&mut self, left: Duration, whole: Duration) {
        self.deadline = Some((Box::pin(sleep(left)), whole));
    }

    /// Gives the connection back. What is left of the body is read before the next exchange, if it
    /// comes soon.
    pub(super) fn leave(mut self) {
        if let Some((connection, lease)) = self.connection.take() {
            lease.end(connection, self.incoming.take());
        }
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        let Some((connection, lease)) = self.connection.take() else { return };
        let is_short =
            |body: &Incoming| body.size_hint().upper().is_some_and(|it| it <= REST_LIMIT);
        match self.incoming.take() {
            None => lease.end(connection, None),
            Some(rest) if is_short(&rest) => lease.end(connection, Some(rest)),
            Some(_) => {}
        }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = &mut *self;
        let Some(incoming) = &mut this.incoming else { return Poll::Ready(None) };
        if let Some((sleep, whole)) = &mut this.deadline
            && sleep.as_mut().poll(context).is_ready()
        {
            let failure = failure::late_body(*whole);
            (this.incoming, this.connection) = (None, None);
            return Poll::Ready(Some(Err(BodyError(failure))));
        }
        let frame = ready!(Pin::new(&mut *incoming).poll_frame(context));
        let is_over = frame.is_none() || incoming.is_end_stream();
        let frame = frame.transpose().map_err(|error| BodyError(failure::body(&error)));
        if is_over || frame.is_err() {
            this.incoming = None;
            if let Some((connection, lease)) = this.connection.take()
                && frame.is_ok()
            {
                lease.end(connection, None);
            }
        }
        Poll::Ready(frame.transpose())
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.as_ref().map_or_else(|| SizeHint::with_exact(0), Incoming::size_hint)
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseBody").field("size_hint", &self.size_hint()).finish_non_exhaustive()
    }
}

/// Why a body ended before its end.
///
/// ```
/// # use browser_cors_audit::client::BodyError;
/// fn log(error: &BodyError) {
///     println!("the body broke off: {error}");
/// }
/// ```
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{0}")]
pub struct BodyError(String);
