//! reqwest with the rules of a browser: `cargo run -p example-page-layer -- URL ORIGIN` fetches an
//! `http://` URL as a page of that origin would.

#[cfg(test)]
mod tests;

use std::{env, error::Error, time::Instant};

use browser_cors::{
    environment::Environment,
    explain::Explanation,
    fetch::UserAgent,
    http::{Request, Response},
    layer::{PageError, PageLayer},
    preflight_cache::Timestamp,
    url::Url,
};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use reqwest::{Body, Client, redirect::Policy};
use tower::{BoxError, Service, ServiceBuilder, ServiceExt};

/// The layer of a page, in a user agent of its own.
fn page(url: Url) -> PageLayer {
    let start = Instant::now();
    let page = Environment::new(url).shared();
    PageLayer::new(page, UserAgent::default(), move || Timestamp::new(start.elapsed()))
}

/// reqwest as a service that sends single requests.
fn reqwest() -> reqwest::Result<
    impl Service<Request<Full<Bytes>>, Response = Response<Body>, Error = BoxError> + Clone,
> {
    // The layer follows redirects itself.
    let client = Client::builder().redirect(Policy::none()).build()?;
    Ok(tower::service_fn(move |request: Request<Full<Bytes>>| {
        let client = client.clone();
        async move {
            let request = reqwest::Request::try_from(request.map(Body::wrap))?;
            Ok(Response::from(client.execute(request).await?))
        }
    }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [url, origin] =
        env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "usage: URL ORIGIN")?;
    let fetch = ServiceBuilder::new().layer(page(Url::parse(&origin)?)).service(reqwest()?);
    match fetch.oneshot(Request::get(url).body(Full::default())?).await {
        Ok(response) => {
            println!("the page sees {} with {:?}", response.status(), response.headers());
            println!("{} bytes", response.into_body().collect().await?.to_bytes().len());
        }
        Err(PageError::Network(failure)) => println!("{}", Explanation::new(&failure.transcript)),
        Err(error) => println!("{error}"),
    }
    Ok(())
}
