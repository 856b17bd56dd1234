//! In process: a `tower::Service` answers.

use std::{fmt::Display, future::poll_fn, mem};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Uri, header};
use http_body_util::Full;
use tower_service::Service;
use url::Position;

use super::{Fetch, Fetched, run::Run};
use crate::{
    fetch::{Exchange, TransportFailure},
    http_types::NotForHttp,
    request::Body,
    response::Response,
};

impl Fetch<'_> {
    /// Asks a service, as a server over HTTP/1.1 would hand the requests on: the path and query for
    /// the URI, and a `Host`. All hosts are this service. Of the bodies of answers, nothing is read.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use browser_cors::{http::Response, suite::{Page, get}};
    /// use tower::{ServiceBuilder, service_fn};
    /// use tower_http::cors::CorsLayer;
    ///
    /// # pollster::block_on(async {
    /// // Yours: an axum `Router` is such a service, too.
    /// let server = service_fn(async |_request| Ok::<_, Infallible>(Response::new("hi")));
    /// let mut server = ServiceBuilder::new().layer(CorsLayer::permissive()).service(server);
    /// let page = Page::at("https://app.example");
    /// page.fetch(get("https://api.example/")).through(&mut server).await.assert_shared();
    /// # });
    /// ```
    pub async fn through<S, B>(self, service: &mut S) -> Fetched
    where
        S: Service<Request<Full<Bytes>>, Response = http::Response<B>>,
        S::Error: Display,
    {
        self.through_with(service, Full::from).await
    }

    /// Asks a service that wants bodies of another type, made of the bytes by `body`.
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
    pub async fn through_with<S, A, B>(
        self,
        service: &mut S,
        mut body: impl FnMut(Vec<u8>) -> A,
    ) -> Fetched
    where
        S: Service<Request<A>, Response = http::Response<B>>,
        S::Error: Display,
    {
        let mut run = Run::new(self.page, self.call);
        while let Some((exchange, cookie)) = run.exchange() {
            let answer = match request(exchange, cookie) {
                Ok(request) => answer(service, request.map(&mut body)).await,
                Err(error) => Err(TransportFailure::new(error.to_string())),
            };
            run.answered(answer);
        }
        run.fetched()
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

/// What hyper would make of the exchange, with the body as bytes.
fn request(
    exchange: &Exchange,
    cookie: Option<&HeaderValue>,
) -> Result<Request<Vec<u8>>, NotForHttp> {
    let not_for_http = |_| NotForHttp::Url { url: exchange.url().to_string() };
    let host = &exchange.url()[Position::BeforeHost..Position::AfterPort];
    let host = HeaderValue::from_str(host).map_err(not_for_http)?;
    let mut request = Request::<()>::try_from(exchange)?;
    if let Some(target) = request.uri().path_and_query().cloned() {
        *request.uri_mut() = Uri::from(target);
    }
    let mut headers = HeaderMap::with_capacity(request.headers().len() + 2);
    headers.insert(header::HOST, host);
    headers.extend(mem::take(request.headers_mut()));
    if let Some(cookie) = cookie {
        headers.insert(header::COOKIE, cookie.clone());
    }
    *request.headers_mut() = headers;
    Ok(request.map(|()| match exchange.body() {
        Some(Body::Source(bytes)) => bytes.clone(),
        Some(Body::Stream) | None => Vec::new(),
    }))
}
