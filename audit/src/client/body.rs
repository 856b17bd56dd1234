//! The bodies of requests and answers, as streams.

use std::{
    error::Error,
    fmt, mem,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
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
    source: Source,
    /// The connection, if it is of HTTP/1.
    connection: Option<(Http1, Lease)>,
    /// When time is over, and how long it was.
    deadline: Option<(Pin<Box<Sleep>>, Duration)>,
    copy: Option<Duplicate>,
}

enum Source {
    Network(Incoming),
    Bytes(Bytes),
    Over,
}

/// A copy of what has come, for a cache.
struct Duplicate {
    bytes: BytesMut,
    limit: usize,
    when_complete: Box<dyn FnOnce(Bytes) + Send + Sync>,
}

impl ResponseBody {
    pub(super) const fn new(incoming: Incoming, connection: Option<(Http1, Lease)>) -> Self {
        Self { source: Source::Network(incoming), connection, deadline: None, copy: None }
    }

    pub(super) const fn of_bytes(bytes: Bytes) -> Self {
        Self { source: Source::Bytes(bytes), connection: None, deadline: None, copy: None }
    }

    /// Ends the body with an error when `left` of `whole` has passed.
    pub(super) fn within(&mut self, left: Duration, whole: Duration) {
        self.deadline = Some((Box::pin(sleep(left)), whole));
    }

    /// Gives the bytes to `when_complete` once all have come, if they are not more than `limit`.
    pub(super) fn copy_to(
        &mut self,
        limit: usize,
        when_complete: impl FnOnce(Bytes) + Send + Sync + 'static,
    ) {
        if self.is_end_stream() {
            return when_complete(Bytes::new());
        }
        let when_complete = Box::new(when_complete);
        self.copy = Some(Duplicate { bytes: BytesMut::new(), limit, when_complete });
    }

    /// Gives the connection back. What is left of the body is read before the next exchange, if it
    /// comes soon.
    pub(super) fn leave(mut self) {
        if let Some((connection, lease)) = self.connection.take() {
            lease.end(connection, self.take_rest());
        }
    }

    fn take_rest(&mut self) -> Option<Incoming> {
        match mem::replace(&mut self.source, Source::Over) {
            Source::Network(incoming) => Some(incoming),
            Source::Bytes(_) | Source::Over => None,
        }
    }

    /// Nothing comes any more.
    fn end(&mut self, is_complete: bool) {
        self.source = Source::Over;
        let (connection, copy) = (self.connection.take(), self.copy.take());
        if !is_complete {
            return;
        }
        if let Some((connection, lease)) = connection {
            lease.end(connection, None);
        }
        if let Some(copy) = copy {
            (copy.when_complete)(copy.bytes.freeze());
        }
    }
}

impl Drop for ResponseBody {
    fn drop(&mut self) {
        let is_short = self.size_hint().upper().is_some_and(|upper| upper <= REST_LIMIT);
        if let Some((connection, lease)) = self.connection.take()
            && is_short
        {
            lease.end(connection, self.take_rest());
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
        let incoming = match &mut this.source {
            Source::Network(incoming) => incoming,
            Source::Bytes(bytes) => {
                let bytes = mem::take(bytes);
                this.source = Source::Over;
                let frame = Some(bytes).filter(|bytes| !bytes.is_empty()).map(Frame::data);
                return Poll::Ready(frame.map(Ok));
            }
            Source::Over => return Poll::Ready(None),
        };
        if let Some((sleep, whole)) = &mut this.deadline
            && sleep.as_mut().poll(context).is_ready()
        {
            let error = BodyError(failure::late_body(*whole));
            this.end(false);
            return Poll::Ready(Some(Err(error)));
        }
        let frame = ready!(Pin::new(&mut *incoming).poll_frame(context)).transpose();
        let frame = frame.map_err(|error| BodyError(failure::body(&error)));
        let is_over = matches!(frame, Ok(None)) || incoming.is_end_stream();
        if let Ok(Some(frame)) = &frame
            && let Some(data) = frame.data_ref()
            && let Some(copy) = &mut this.copy
        {
            if copy.bytes.len() + data.len() > copy.limit {
                this.copy = None;
            } else {
                copy.bytes.extend_from_slice(data);
            }
        }
        if is_over || frame.is_err() {
            this.end(frame.is_ok());
        }
        Poll::Ready(frame.transpose())
    }

    fn is_end_stream(&self) -> bool {
        match &self.source {
            Source::Network(incoming) => incoming.is_end_stream(),
            Source::Bytes(bytes) => bytes.is_empty(),
            Source::Over => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Network(incoming) => incoming.size_hint(),
            Source::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Source::Over => SizeHint::with_exact(0),
        }
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
