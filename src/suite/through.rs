//! Tests a server in process: a `tower::Service` answers.

use std::{fmt::Display, future::poll_fn};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use tower_service::Service;

use super::{Fetch, Fetched};
use crate::{fetch::TransportFailure, response::Response};

impl Fetch<'_> {
    /// Calls `service` with the requests that a server over HTTP/1.1 sees: the path and query as
    /// the URI, and a `Host`. The answers of all hosts come from this service. The bodies of
    /// answers are not read.
    ///
    /// # Panics
    ///
    /// If the call's URL is relative, and the page has no [`server`](super::Page::server).
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use browser_cors::{http::Response, suite::{Page, get}};
    /// use tower::{ServiceBuilder, service_fn};
    /// use tower_http::cors::CorsLayer;
    ///
    /// # pollster::block_on(async {
    /// // Your service, such as an axum `Router`.
    /// let server = service_fn(async |_request| Ok::<_, Infallible>(Response::new("hi")));
    /// let mut server = ServiceBuilder::new().layer(CorsLayer::permissive()).service(server);
    /// let page = Page::at("https://app.example");
    /// page.fetch(get("https://api.example/")).through(&mut server).await.assert_shared();
    /// # });
    /// ```
    #[track_caller]
    pub fn through<S, B>(self, service: &mut S) -> impl Future<Output = Fetched>
    where
        S: Service<Request<Full<Bytes>>, Response = http::Response<B>>,
        S::Error: Display,
    {
        self.through_with(service, Full::from)
    }

    /// Like `through`, for a service that needs another body type. `body` makes it from the bytes.
    ///
    /// # Panics
    ///
    /// If the call's URL is relative, and the page has no [`server`](super::Page::server).
    ///
    /// ```
    /// use browser_cors::{http::{Request, Response}, suite::{Page, get}};
    ///
    /// # pollster::block_on(async {
    /// let mut service = tower::service_fn(async |request: Request<String>| {
    ///     assert_eq!(request.body(), "");
    ///     Response::builder().header("Access-Control-Allow-Origin", "*").body(())
    /// });
    /// let page = Page::at("https://app.example");
    /// let fetch = page.fetch(get("https://api.example/"));
    /// let text = |bytes| String::from_utf8(bytes).unwrap();
    /// fetch.through_with(&mut service, text).await.assert_shared();
    /// # });
    /// ```
    #[track_caller]
    pub fn through_with<S, A, B>(
        self,
        service: &mut S,
        mut body: impl FnMut(Vec<u8>) -> A,
    ) -> impl Future<Output = Fetched>
    where
        S: Service<Request<A>, Response = http::Response<B>>,
        S::Error: Display,
    {
        let mut started = self.ask();
        async move {
            while let Some(request) = started.http_request() {
                let answer = match request {
                    Ok(request) => answer(service, request.map(&mut body)).await,
                    Err(error) => Err(TransportFailure::new(error.to_string())),
                };
                started.answered(answer);
            }
            started.finish()
        }
    }
}

async fn answer<S, A, B>(service: &mut S, request: Request<A>) -> Result<Response, TransportFailure>
where
    S: Service<Request<A>, Response = http::Response<B>>,
    S::Error: Display,
{
    let failed = |error| TransportFailure::new(format!("the service failed: {error}"));
    poll_fn(|context| service.poll_ready(context)).await.map_err(failed)?;
    service.call(request).await.map(|answer| Response::from(&answer)).map_err(failed)
}
