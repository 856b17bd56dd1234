//! Host functions for the network: headers, requests, fetches.

use std::{
    rc::Rc,
    sync::{Arc, mpsc::channel},
    time::Instant,
};

use browser_cors::{
    HeaderList,
    header::mime::extract_a_mime_type,
    page::{
        fetch_api::RequestInfo,
        headers::{Guard, Headers, HeadersTypeError},
        xml_http_request::XmlHttpRequest,
    },
    request::{Referrer, Request},
};
use rquickjs::{Ctx, TypedArray};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    Session, from_json,
    host::{Answer, Host, bytes_in, error, value},
};
use crate::{
    agent::{Policies, Purpose},
    delivered::{Event, bytes_of, latin1},
    page::{self, BodyOf, Failure},
};

pub(super) fn install(host: &Host<'_, '_>) -> rquickjs::Result<()> {
    headers(host)?;
    requests(host)?;
    xhr(host)?;
    fetches(host)
}

fn headers<'js>(host: &Host<'_, 'js>) -> rquickjs::Result<()> {
    let session = Rc::clone(host.session);
    host.set("newHeaders", move |guard: String, pairs: Vec<Vec<String>>| {
        let guard = guard_named(&guard);
        let mut list = HeaderList::new();
        for pair in &pairs {
            if let [name, value] = &pair[..] {
                // What is not a header has not passed the network.
                let _ = list.append(bytes_of(name), bytes_of(value));
            }
        }
        session.add_headers(list, guard)
    })?;
    let session = Rc::clone(host.session);
    host.set("appendHeader", move |ctx: Ctx<'js>, headers: usize, name: String, it: String| {
        let result = session.headers.borrow_mut()[headers].append(bytes_of(&name), bytes_of(&it));
        changed(&ctx, result)
    })?;
    let session = Rc::clone(host.session);
    host.set("setHeader", move |ctx: Ctx<'js>, headers: usize, name: String, it: String| {
        let result = session.headers.borrow_mut()[headers].set(bytes_of(&name), bytes_of(&it));
        changed(&ctx, result)
    })?;
    let session = Rc::clone(host.session);
    host.set("deleteHeader", move |ctx: Ctx<'js>, headers: usize, name: String| {
        changed(&ctx, session.headers.borrow_mut()[headers].delete(bytes_of(&name)))
    })?;
    let session = Rc::clone(host.session);
    host.set("getHeader", move |ctx: Ctx<'js>, headers: usize, name: String| {
        match session.headers.borrow()[headers].get(bytes_of(&name)) {
            Ok(found) => value(&ctx, found.map(|found| latin1(&found))),
            Err(reason) => error(&ctx, "TypeError", &reason.to_string()),
        }
    })?;
    let session = Rc::clone(host.session);
    host.set("hasHeader", move |ctx: Ctx<'js>, headers: usize, name: String| {
        match session.headers.borrow()[headers].has(bytes_of(&name)) {
            Ok(found) => value(&ctx, found),
            Err(reason) => error(&ctx, "TypeError", &reason.to_string()),
        }
    })?;
    let session = Rc::clone(host.session);
    host.set("setCookies", move |ctx: Ctx<'js>, headers: usize| {
        let cookies: Vec<_> =
            session.headers.borrow()[headers].get_set_cookie().map(latin1).collect();
        from_json(&ctx, &cookies)
    })?;
    let session = Rc::clone(host.session);
    host.set("sortedHeaders", move |ctx: Ctx<'js>, headers: usize| {
        let sorted = session.headers.borrow()[headers].sorted();
        from_json(&ctx, &pairs_of(&sorted))
    })?;
    let session = Rc::clone(host.session);
    host.set("mimeType", move |headers: usize| {
        let kind = extract_a_mime_type(session.headers.borrow()[headers].header_list());
        kind.map(|kind| kind.to_string()).unwrap_or_default()
    })?;
    let session = Rc::clone(host.session);
    host.set("rawHeaders", move |ctx: Ctx<'js>, headers: usize| {
        from_json(&ctx, &pairs_of(session.headers.borrow()[headers].header_list()))
    })
}

fn requests<'js>(host: &Host<'_, 'js>) -> rquickjs::Result<()> {
    let (session, realm) = (Rc::clone(host.session), host.realm);
    host.set(
        "newRequest",
        move |ctx: Ctx<'js>,
              url: Option<String>,
              input: usize,
              init: String,
              body: TypedArray<'js, u8>| {
            let Some(client) = session.environment(realm) else { return no_document(&ctx) };
            let init = match serde_json::from_str(&init) {
                Ok(init) => init,
                Err(reason) => return error(&ctx, "TypeError", &reason.to_string()),
            };
            let made = match &url {
                Some(url) => page::fetch_api(&url[..], init, bytes_in(&body), &client),
                None => {
                    let input = session.request(input);
                    page::fetch_api(RequestInfo::Request(&input), init, bytes_in(&body), &client)
                }
            };
            match made {
                Ok(request) => session.shown_request(&ctx, request),
                Err(failure) => failed(&ctx, &failure),
            }
        },
    )?;
    let session = Rc::clone(host.session);
    host.set("cloneRequest", move |ctx: Ctx<'js>, request: usize, headers: usize| {
        let mut request = session.request(request);
        request.header_list = session.headers.borrow()[headers].header_list().clone();
        session.shown_request(&ctx, request)
    })?;
    host.set("bodyType", |ctx: Ctx<'js>, kind: String| -> Answer<'js> {
        let kind: Option<BodyOf> = serde_json::from_str(&kind).ok();
        value(&ctx, kind.and_then(page::body_type))
    })?;
    let (session, realm) = (Rc::clone(host.session), host.realm);
    host.set("newLoad", move |ctx: Ctx<'js>, init: String| {
        let Some(client) = session.environment(realm) else { return no_document(&ctx) };
        match serde_json::from_str(&init) {
            Ok(init) => match page::load(init, &client) {
                Ok((_, request)) => value(&ctx, session.add_request(request)),
                Err(failure) => failed(&ctx, &failure),
            },
            Err(reason) => error(&ctx, "TypeError", &reason.to_string()),
        }
    })?;
    let (session, realm) = (Rc::clone(host.session), host.realm);
    host.set("newNavigation", move |ctx: Ctx<'js>, init: String, body: TypedArray<'js, u8>| {
        let Some(client) = session.environment(realm) else { return no_document(&ctx) };
        match serde_json::from_str(&init) {
            Ok(init) => match page::navigation(init, bytes_in(&body), &client) {
                Ok(request) => value(&ctx, session.add_request(request)),
                Err(failure) => failed(&ctx, &failure),
            },
            Err(reason) => error(&ctx, "TypeError", &reason.to_string()),
        }
    })?;
    let (session, realm) = (Rc::clone(host.session), host.realm);
    host.set(
        "newWorkerRequest",
        move |ctx: Ctx<'js>, url: String, is_shared: bool, is_import: bool| {
            let Some(client) = session.environment(realm) else { return no_document(&ctx) };
            match page::worker(&url, is_shared, is_import, &client) {
                Ok(request) => value(&ctx, session.add_request(request)),
                Err(failure) => failed(&ctx, &failure),
            }
        },
    )?;
    let (session, realm) = (Rc::clone(host.session), host.realm);
    host.set(
        "newBeacon",
        move |ctx: Ctx<'js>, url: String, kind: Option<String>, body: TypedArray<'js, u8>| {
            let Some(client) = session.environment(realm) else { return no_document(&ctx) };
            let kind: Option<BodyOf> = kind.and_then(|it| serde_json::from_str(&it).ok());
            match page::beacon(
                &url,
                kind.map(|kind| (kind, bytes_in(&body))),
                &client,
                session.agent.profile(),
            ) {
                Ok(request) => {
                    // The bytes of the beacons under way count as well.
                    let request = request.filter(|it| session.agent.has_room_for(it));
                    value(&ctx, request.map(|request| session.add_request(request)))
                }
                Err(reason) => error(&ctx, "TypeError", &reason.to_string()),
            }
        },
    )
}

fn xhr<'js>(host: &Host<'_, 'js>) -> rquickjs::Result<()> {
    let (session, realm) = (Rc::clone(host.session), host.realm);
    host.set("openXhr", move |ctx: Ctx<'js>, method: String, url: String| {
        let Some(client) = session.environment(realm) else { return no_document(&ctx) };
        match XmlHttpRequest::open(&bytes_of(&method), &url, &client) {
            Ok(xhr) => {
                let mut xhrs = session.xhrs.borrow_mut();
                xhrs.push(xhr);
                value(&ctx, xhrs.len() - 1)
            }
            Err(reason) => error(&ctx, reason.name(), &reason.to_string()),
        }
    })?;
    let session = Rc::clone(host.session);
    host.set("setXhrHeader", move |ctx: Ctx<'js>, xhr: usize, name: String, it: String| {
        let mut xhrs = session.xhrs.borrow_mut();
        match xhrs[xhr].set_request_header(bytes_of(&name), bytes_of(&it)) {
            Ok(is_set) => value(&ctx, is_set),
            Err(reason) => error(&ctx, reason.name(), &reason.to_string()),
        }
    })?;
    let session = Rc::clone(host.session);
    host.set(
        "sendXhr",
        move |ctx: Ctx<'js>, xhr: usize, options: String, body: TypedArray<'js, u8>| {
            let options: XhrOptions = match serde_json::from_str(&options) {
                Ok(options) => options,
                Err(reason) => return error(&ctx, "TypeError", &reason.to_string()),
            };
            let mut xhr = session.xhrs.borrow()[xhr].clone();
            xhr.with_credentials = options.with_credentials;
            xhr.upload_listener = options.upload_listener;
            let body = options.body.map(|kind| (kind, bytes_in(&body)));
            value(&ctx, session.add_request(page::xhr(xhr, body)))
        },
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct XhrOptions {
    with_credentials: bool,
    upload_listener: bool,
    body: Option<BodyOf>,
}

fn fetches<'js>(host: &Host<'_, 'js>) -> rquickjs::Result<()> {
    let (session, realm) = (Rc::clone(host.session), host.realm);
    host.set("start", move |request: usize, headers: i32, purpose: String| {
        let id = session.next_id();
        let events = session.events.clone();
        let sink = move |event| {
            // The loop is gone once its test is over.
            let _ = events.send((realm, id, event));
        };
        let request = session.request_to_send(request, headers);
        let (agent, purpose) = (Arc::clone(&session.agent), purpose_named(&purpose));
        let policies = session.policies(realm);
        let task = async move { agent.fetch(request, policies, purpose, sink).await };
        session.fetches.borrow_mut().insert(id, session.network.spawn(task).abort_handle());
        id
    })?;
    let session = Rc::clone(host.session);
    host.set("cancel", move |id: u32| {
        if let Some(fetch) = session.fetches.borrow_mut().remove(&id) {
            fetch.abort();
        }
    })?;
    let (session, realm) = (Rc::clone(host.session), host.realm);
    host.set("fetchNow", move |ctx: Ctx<'js>, request: usize, purpose: String| {
        let (request, policies) = (session.request_to_send(request, -1), session.policies(realm));
        session.fetch_now(&ctx, request, policies, purpose_named(&purpose))
    })
}

impl Session {
    fn add_headers(&self, list: HeaderList, guard: Guard) -> usize {
        let headers = Headers::with_header_list(list, guard).for_profile(self.agent.profile());
        let mut all = self.headers.borrow_mut();
        all.push(headers);
        all.len() - 1
    }

    fn add_request(&self, request: Request) -> usize {
        let mut all = self.requests.borrow_mut();
        all.push(request);
        all.len() - 1
    }

    fn request(&self, index: usize) -> Request {
        self.requests.borrow()[index].clone()
    }

    /// A request with the headers that its page has given it since.
    fn request_to_send(&self, index: usize, headers: i32) -> Request {
        let mut request = self.request(index);
        if let Ok(headers) = usize::try_from(headers) {
            let headers = &self.headers.borrow()[headers];
            // What the engine does with headers as they were written is lost if they are set again.
            if *headers.header_list() != request.header_list {
                request.header_list = headers.header_list().clone();
            }
        }
        request
    }

    /// Keeps a request, and returns what its object shows.
    fn shown_request<'js>(&self, ctx: &Ctx<'js>, request: Request) -> Answer<'js> {
        let is_no_cors = request.mode == browser_cors::request::Mode::NoCors;
        let guard = if is_no_cors { Guard::RequestNoCors } else { Guard::Request };
        let shown = json!({
            "headers": self.add_headers(request.header_list.clone(), guard),
            "method": request.method.as_str(),
            "url": request.url().as_str(),
            "destination": request.destination.as_str(),
            "referrer": match &request.referrer {
                Referrer::NoReferrer => "",
                Referrer::Client => "about:client",
                Referrer::Url(url) => url.as_str(),
            },
            "referrerPolicy": request.referrer_policy.as_str(),
            "mode": request.mode.as_str(),
            "credentials": request.credentials_mode.as_str(),
            "cache": request.cache_mode.as_str(),
            "redirect": request.redirect_mode.as_str(),
            "integrity": request.integrity_metadata,
            "keepalive": request.keepalive,
        });
        let handle = self.add_request(request);
        let mut shown = shown;
        shown["handle"] = handle.into();
        from_json(ctx, &shown)
    }

    /// Waits for a fetch: `[head, body]`, or the error.
    fn fetch_now<'js>(
        &self,
        ctx: &Ctx<'js>,
        request: Request,
        policies: Policies,
        purpose: Purpose,
    ) -> Answer<'js> {
        let (sender, receiver) = channel();
        let agent = Arc::clone(&self.agent);
        let task = async move {
            agent.fetch(request, policies, purpose, move |event| drop(sender.send(event))).await;
        };
        let task = self.network.spawn(task);
        let (mut head, mut body) = (Json::Null, Vec::new());
        loop {
            let left = self.deadline.saturating_duration_since(Instant::now());
            match receiver.recv_timeout(left) {
                Ok(Event::Head(it)) => head = serde_json::to_value(&*it).unwrap_or_default(),
                Ok(Event::Chunk(bytes)) => body.extend(bytes),
                Ok(Event::Loaded { bytes, .. }) => {
                    body = bytes;
                    break;
                }
                Ok(Event::End) => break,
                Ok(Event::Failed(reason)) => return error(ctx, "NetworkError", &reason),
                Err(_) => {
                    task.abort();
                    return error(ctx, "TimeoutError", "the test has no more time");
                }
            }
        }
        let bytes = TypedArray::<u8>::new(ctx.clone(), body)?;
        value(ctx, vec![from_json(ctx, &head)?, bytes.into_value()])
    }
}

fn guard_named(name: &str) -> Guard {
    match name {
        "immutable" => Guard::Immutable,
        "request" => Guard::Request,
        "request-no-cors" => Guard::RequestNoCors,
        "response" => Guard::Response,
        _ => Guard::None,
    }
}

fn purpose_named(name: &str) -> Purpose {
    use browser_cors::page::loads::Load;
    match name {
        "document" => Purpose::Document,
        "image" => Purpose::Load(Load::Image),
        "video" => Purpose::Load(Load::Video),
        "script" => Purpose::Load(Load::ClassicScript),
        "module" => Purpose::Load(Load::ModuleScript),
        "style" => Purpose::Load(Load::StyleSheet),
        _ => Purpose::Script,
    }
}

fn changed<'js>(ctx: &Ctx<'js>, result: Result<bool, HeadersTypeError>) -> Answer<'js> {
    match result {
        Ok(is_changed) => value(ctx, is_changed),
        Err(reason) => error(ctx, "TypeError", &reason.to_string()),
    }
}

fn failed<'js>(ctx: &Ctx<'js>, failure: &Failure) -> Answer<'js> {
    error(ctx, failure.name, &failure.message)
}

fn no_document<'js>(ctx: &Ctx<'js>) -> Answer<'js> {
    error(ctx, "InvalidStateError", "there is no document")
}

fn pairs_of(list: &HeaderList) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| (name.to_owned(), latin1(value))).collect()
}
