//! What a user agent keeps: cookies, responses, and count of its keepalive requests.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use browser_cors::{
    RequestInit,
    request::{CacheMode, CredentialsMode, Mode},
};
use browser_cors_audit::client::{Client, Driver};
use http_body_util::BodyExt;
use tokio::sync::Semaphore;

use crate::{
    APP, called, called_by, driver, read,
    zoo::{Protocol, Zoo, shared, text},
};

/// A server that says which cookies it got, and sets those that the query names.
async fn cookies() -> Zoo {
    Zoo::open(Protocol::Http1, |request| async move {
        let mut answer = shared(&request);
        for cookie in request.uri().query().into_iter().flat_map(|query| query.split('&')) {
            answer = answer.header("Set-Cookie", cookie.replace('+', "; "));
        }
        let got = request.headers().get("cookie").map_or("", |it| it.to_str().unwrap());
        answer.body(text(got))
    })
    .await
}

/// A driver for which each host is this server.
fn everywhere(zoo: &Zoo) -> Driver {
    let everywhere = format!("::127.0.0.1:{}", zoo.address().port());
    driver(&Client::new().connect_to(&everywhere).unwrap())
}

#[tokio::test]
async fn cookies_go_where_the_exchange_says() {
    let zoo = cookies().await;
    let driver = everywhere(&zoo).with_cookies();
    let get = async |page, url: &str, credentials| {
        let init = RequestInit::new().credentials(credentials);
        read(driver.fetch(called_by(page, url, init)).await.into_body()).await
    };
    let (app, api) = ("http://app.example", "http://api.example");
    let (include, same_origin, omit) =
        (CredentialsMode::Include, CredentialsMode::SameOrigin, CredentialsMode::Omit);
    get(app, "http://api.example/?a=1&b=2+HttpOnly&c=3+Path=/deep&d=4+Secure", include).await;
    assert_eq!(get(app, api, include).await, "a=1; b=2");
    assert_eq!(get(app, "http://api.example/deep/er", include).await, "c=3; a=1; b=2");
    assert_eq!(get(app, api, same_origin).await, "");
    assert_eq!(get(app, api, omit).await, "");
    assert_eq!(get(api, "http://api.example/", same_origin).await, "a=1; b=2");
    // Without credentials, nothing is stored either.
    get(app, "http://api.example/?a=9", same_origin).await;
    assert_eq!(get(app, api, include).await, "a=1; b=2");
    get(app, "http://api.example/?a=1+Max-Age=0", include).await;
    assert_eq!(get(app, api, include).await, "b=2");
    assert_eq!(get(app, "http://other.example/", include).await, "");
}

#[tokio::test]
async fn cookies_for_more_than_a_site() {
    let zoo = cookies().await;
    let driver = everywhere(&zoo).with_cookies();
    let get = async |url: &str| {
        let init = RequestInit::new().credentials(CredentialsMode::Include);
        let request = called_by("http://app.example", url, init);
        read(driver.fetch(request).await.into_body()).await
    };
    get("http://a.site.co.uk/?suffix=1+Domain=co.uk&site=2+Domain=site.co.uk").await;
    assert_eq!(get("http://b.site.co.uk/").await, "site=2");
    assert_eq!(get("http://other.co.uk/").await, "");
}

/// A site cannot fill the store.
#[tokio::test]
async fn many_cookies() {
    let zoo = cookies().await;
    let driver = everywhere(&zoo).with_cookies();
    let get = async |url: &str| {
        let init = RequestInit::new().credentials(CredentialsMode::Include);
        read(driver.fetch(called_by("http://app.example", url, init)).await.into_body()).await
    };
    for sub in ["a", "b", "c"] {
        let cookies: Vec<_> = (0..100).map(|number| format!("{sub}{number}=1+Path=/")).collect();
        get(&format!("http://{sub}.many.example/?{}", cookies.join("&"))).await;
    }
    assert_eq!(get("http://a.many.example/").await.split("; ").count(), 100);
    assert_eq!(get("http://b.many.example/").await.split("; ").count(), 80);
    assert_eq!(get("http://c.many.example/").await, "");
    get("http://few.example/?a=1").await;
    assert_eq!(get("http://few.example/").await, "a=1");
}

#[tokio::test]
async fn cookies_only_if_they_are_wanted() {
    let zoo = cookies().await;
    let driver = driver(&zoo.client());
    let init = RequestInit::new().credentials(CredentialsMode::Include);
    driver.fetch(called(&zoo.url("/?a=1"), init.clone())).await;
    assert_eq!(read(driver.fetch(called(&zoo.url("/"), init)).await.into_body()).await, "");
}

/// A server that counts its answers, and says how they may be stored.
async fn counter(cache_control: &'static str) -> Zoo {
    let count = Arc::new(AtomicUsize::new(0));
    Zoo::open(Protocol::Http1, move |request| {
        let number = count.fetch_add(1, SeqCst) + 1;
        async move {
            let answer = shared(&request)
                .header("Cache-Control", cache_control)
                .header("Access-Control-Expose-Headers", "x-number")
                .header("X-Number", number)
                .header("ETag", "\"1\"");
            match request.headers().contains_key("if-none-match") {
                true => answer.status(304).body(text("")),
                false => answer.body(text(&format!("answer {number}"))),
            }
        }
    })
    .await
}

async fn get(driver: &Driver, zoo: &Zoo, mode: CacheMode) -> String {
    get_as(driver, zoo, mode, APP).await
}

async fn get_as(driver: &Driver, zoo: &Zoo, mode: CacheMode, page: &str) -> String {
    let fetched =
        driver.fetch(called_by(page, &zoo.url("/"), RequestInit::new().cache(mode))).await;
    let Some(response) = fetched.response() else {
        return fetched.transcript.exchanges.last().map_or_else(
            || "nothing was asked".to_owned(),
            |exchange| format!("{:?}", exchange.answer.as_ref().map(|answer| answer.status)),
        );
    };
    let number = response.header("x-number").unwrap();
    let number = String::from_utf8_lossy(&number).into_owned();
    assert_eq!(response.status(), 200);
    format!("{}, head {number}", read(fetched.into_body()).await)
}

#[tokio::test]
async fn fresh_responses() {
    let zoo = counter("max-age=600").await;
    let driver = driver(&zoo.client()).with_http_cache();
    assert_eq!(get(&driver, &zoo, CacheMode::Default).await, "answer 1, head 1");
    assert_eq!(get(&driver, &zoo, CacheMode::Default).await, "answer 1, head 1");
    assert_eq!(get(&driver, &zoo, CacheMode::NoStore).await, "answer 2, head 2");
    assert_eq!(get(&driver, &zoo, CacheMode::Default).await, "answer 1, head 1");
    assert_eq!(get(&driver, &zoo, CacheMode::Reload).await, "answer 3, head 3");
    assert_eq!(get(&driver, &zoo, CacheMode::ForceCache).await, "answer 3, head 3");
    // The body is the stored one; the head is that of the validation.
    assert_eq!(get(&driver, &zoo, CacheMode::NoCache).await, "answer 3, head 4");
    assert_eq!(zoo.requests().len(), 4);
    // Another page's site has a cache of its own.
    let other = get_as(&driver, &zoo, CacheMode::Default, "https://other.example").await;
    assert_eq!(other, "answer 5, head 5");
}

#[tokio::test]
async fn stale_responses() {
    let zoo = counter("max-age=0").await;
    let driver = driver(&zoo.client()).with_http_cache();
    assert_eq!(get(&driver, &zoo, CacheMode::ForceCache).await, "answer 1, head 1");
    assert_eq!(get(&driver, &zoo, CacheMode::ForceCache).await, "answer 1, head 1");
    assert_eq!(get(&driver, &zoo, CacheMode::Default).await, "answer 1, head 2");
    assert_eq!(zoo.requests().len(), 2);
}

#[tokio::test]
async fn responses_that_must_not_be_stored() {
    let zoo = counter("no-store").await;
    let driver = driver(&zoo.client()).with_http_cache();
    assert_eq!(get(&driver, &zoo, CacheMode::ForceCache).await, "answer 1, head 1");
    assert_eq!(get(&driver, &zoo, CacheMode::ForceCache).await, "answer 2, head 2");
}

#[tokio::test]
async fn without_a_cache() {
    let zoo = counter("max-age=600").await;
    let driver = driver(&zoo.client());
    assert_eq!(get(&driver, &zoo, CacheMode::ForceCache).await, "answer 1, head 1");
    assert_eq!(get(&driver, &zoo, CacheMode::ForceCache).await, "answer 2, head 2");
}

#[tokio::test]
async fn only_what_is_cached() {
    let zoo = counter("max-age=600").await;
    let driver = driver(&zoo.client()).with_http_cache();
    let page = zoo.url("");
    let only = || {
        let init = RequestInit::new().mode(Mode::SameOrigin).cache(CacheMode::OnlyIfCached);
        called_by(&page, &zoo.url("/"), init)
    };
    let refused = driver.fetch(only()).await.transcript.outcome;
    let browser_cors::Outcome::NetworkError(error) = refused else { panic!("{refused:?}") };
    assert_eq!(error.code(), "only-if-cached");
    assert!(zoo.requests().is_empty());
    get_as(&driver, &zoo, CacheMode::Default, &page).await;
    assert_eq!(read(driver.fetch(only()).await.into_body()).await, "answer 1");
    assert_eq!(zoo.requests().len(), 1);
}

/// A response that was stored for one page is judged anew for another.
#[tokio::test]
async fn stored_responses_are_judged() {
    let zoo = counter("max-age=600").await;
    let driver = driver(&zoo.client()).with_http_cache();
    let [a, b] = ["https://a.site.example", "https://b.site.example"];
    assert_eq!(get_as(&driver, &zoo, CacheMode::Default, a).await, "answer 1, head 1");
    assert_eq!(get_as(&driver, &zoo, CacheMode::Default, b).await, "Ok(200)", "it is for A");
    assert_eq!(zoo.requests().len(), 1);
}

#[tokio::test]
async fn unsafe_requests_invalidate() {
    let zoo = counter("max-age=600").await;
    let driver = driver(&zoo.client()).with_http_cache();
    assert_eq!(get(&driver, &zoo, CacheMode::Default).await, "answer 1, head 1");
    driver.fetch(called(&zoo.url("/"), RequestInit::new().method("PUT"))).await;
    assert_eq!(get(&driver, &zoo, CacheMode::Default).await, "answer 4, head 4");
}

/// Bodies that nobody has read to the end are not stored.
#[tokio::test]
async fn half_read_responses() {
    let zoo = counter("max-age=600").await;
    let driver = driver(&zoo.client()).with_http_cache();
    drop(driver.fetch(called(&zoo.url("/"), RequestInit::new())).await);
    assert_eq!(get(&driver, &zoo, CacheMode::Default).await, "answer 2, head 2");
}

#[tokio::test]
async fn keepalive_requests_share_64_kib() {
    let (gate, its_gate) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (gate_of_server, came) = (Arc::clone(&gate), Arc::clone(&its_gate));
    let zoo = Zoo::open(Protocol::Http1, move |request| {
        let (gate, came) = (Arc::clone(&gate_of_server), Arc::clone(&came));
        async move {
            let answer = shared(&request);
            request.into_body().collect().await.unwrap();
            came.add_permits(1);
            gate.acquire().await.unwrap().forget();
            answer.body(text(""))
        }
    })
    .await;
    let driver = driver(&zoo.client());
    let init = RequestInit::new().method("POST").body("x".repeat(40_000)).keepalive();
    let request = called(&zoo.url("/"), init);
    let first = tokio::spawn({
        let (driver, request) = (driver.clone(), request.clone());
        async move { driver.fetch(request).await }
    });
    its_gate.acquire().await.unwrap().forget();
    let second = driver.fetch(request.clone()).await;
    let browser_cors::Outcome::NetworkError(error) = second.transcript.outcome else { panic!() };
    assert_eq!(error.code(), "keepalive");
    gate.add_permits(1);
    assert!(first.await.unwrap().response().is_some());
    // A fetch that is cancelled does not count either.
    let third = tokio::time::timeout(Duration::from_millis(50), async {
        driver.fetch(request.clone()).await
    });
    assert!(third.await.is_err());
    gate.add_permits(2);
    assert!(driver.fetch(request).await.response().is_some());
}
