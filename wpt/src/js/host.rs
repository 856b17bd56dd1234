//! The object `host` that the prelude of each realm gets: what JavaScript cannot do itself.

use std::{cmp::Reverse, rc::Rc, sync::Arc, time::Duration, time::Instant};

use browser_cors::url::Url;
use rquickjs::{
    Ctx, Function, IntoJs, Object, Persistent, TypedArray, Value, context::EvalOptions,
    function::IntoJsFunc,
};
use serde_json::json;

use super::{Session, from_json, network, text};
use crate::{
    agent::{Blob, Policies},
    page,
};

/// What a function of the host returns: a value, or `{ error, message }`.
pub(super) type Answer<'js> = rquickjs::Result<Value<'js>>;

/// Makes the host of a realm.
pub(super) fn object<'js>(
    ctx: &Ctx<'js>,
    session: &Rc<Session>,
    realm: usize,
) -> rquickjs::Result<Object<'js>> {
    let host = Host { object: Object::new(ctx.clone())?, ctx, session, realm };
    host.object.set("index", realm)?;
    host.event_loop()?;
    host.realms()?;
    host.state()?;
    text::install(&host)?;
    network::install(&host)?;
    Ok(host.object)
}

/// A host that gets its functions.
pub(super) struct Host<'a, 'js> {
    pub(super) object: Object<'js>,
    pub(super) ctx: &'a Ctx<'js>,
    pub(super) session: &'a Rc<Session>,
    pub(super) realm: usize,
}

impl<'js> Host<'_, 'js> {
    pub(super) fn set<P>(
        &self,
        name: &str,
        function: impl IntoJsFunc<'js, P> + 'js,
    ) -> rquickjs::Result<()> {
        self.object.set(name, Function::new(self.ctx.clone(), function)?)
    }

    fn event_loop(&self) -> rquickjs::Result<()> {
        let realm = self.realm;
        let session = Rc::clone(self.session);
        self.set("now", move || session.agent.milliseconds())?;
        let session = Rc::clone(self.session);
        self.set("timer", move |milliseconds: f64| {
            let id = session.next_id();
            let wait = Duration::try_from_secs_f64(milliseconds.max(0.0) / 1000.0);
            let due = Instant::now()
                + wait.unwrap_or(Duration::from_secs(3600)).min(Duration::from_secs(3600));
            session.timers.borrow_mut().push(Reverse((due, id, realm)));
            id
        })?;
        let session = Rc::clone(self.session);
        self.set("onEvent", move |ctx: Ctx<'js>, function: Function<'js>| {
            let function = Persistent::save(&ctx, function);
            if let Some(realm) = session.realms.borrow_mut().get_mut(realm) {
                realm.on_event = Some(function);
            }
        })?;
        let session = Rc::clone(self.session);
        self.set("microtasks", move |ctx: Ctx<'js>| session.microtasks(&ctx))?;
        let session = Rc::clone(self.session);
        self.set("log", move |text: String| session.log(&text))?;
        let session = Rc::clone(self.session);
        self.set("report", move |text: String| match serde_json::from_str(&text) {
            Ok(report) => *session.report.borrow_mut() = report,
            Err(error) => session.log(&format!("a report: {error}")),
        })?;
        let session = Rc::clone(self.session);
        self.set("finish", move || session.is_over.set(true))
    }

    fn realms(&self) -> rquickjs::Result<()> {
        let session = Rc::clone(self.session);
        self.set("newRealm", move |ctx: Ctx<'js>| session.new_realm(&ctx))?;
        self.set("evaluate", |ctx: Ctx<'js>, source: String, name: String| -> Answer<'js> {
            let mut options = EvalOptions::default();
            (options.global, options.strict, options.filename) = (true, false, Some(name));
            ctx.eval_with_options(source, options)
        })?;
        let (session, realm) = (Rc::clone(self.session), self.realm);
        self.set("setUp", move |ctx: Ctx<'js>, init: String, creator: i32| -> Answer<'js> {
            let creator = usize::try_from(creator).ok();
            let environment = creator.and_then(|it| session.environment(it));
            let init: page::SettingsInit = match serde_json::from_str(&init) {
                Ok(init) => init,
                Err(reason) => return error(&ctx, "TypeError", &reason.to_string()),
            };
            let mut policies = Policies::default();
            policies.upgrades_insecure_requests = page::upgrades_insecure_requests(&init)
                || init.is_of_creator()
                    && creator.is_some_and(|it| session.policies(it).upgrades_insecure_requests);
            match page::environment(init, environment.as_ref(), session.agent.user_agent()) {
                Ok(settings) => {
                    let shown = json!({
                        "origin": settings.origin.serialized(),
                        "base": settings.api_base_url.as_str(),
                    });
                    if let Some(realm) = session.realms.borrow_mut().get_mut(realm) {
                        realm.environment = Some(settings.shared());
                        realm.policies = policies;
                    }
                    from_json(&ctx, &shown)
                }
                Err(failure) => error(&ctx, "SyntaxError", &failure.message),
            }
        })?;
        let session = Rc::clone(self.session);
        self.set("upgradeInsecureRequests", move || {
            if let Some(realm) = session.realms.borrow_mut().get_mut(realm) {
                realm.policies.upgrades_insecure_requests = true;
            }
        })?;
        let session = Rc::clone(self.session);
        self.set("setBase", move |base: String| {
            if let Some(realm) = session.realms.borrow_mut().get_mut(realm)
                && let (Some(settings), Ok(base)) = (&mut realm.environment, Url::parse(&base))
            {
                Arc::make_mut(settings).api_base_url = base;
            }
        })?;
        let session = Rc::clone(self.session);
        self.set("setUrl", move |url: String| {
            if let Some(realm) = session.realms.borrow_mut().get_mut(realm)
                && let (Some(settings), Ok(url)) = (&mut realm.environment, Url::parse(&url))
            {
                // The URL of the document is the referrer.
                Arc::make_mut(settings).creation_url = url;
            }
        })?;
        let session = Rc::clone(self.session);
        self.set("setReferrerPolicy", move |policy: String| {
            if let Some(realm) = session.realms.borrow_mut().get_mut(realm)
                && let (Some(settings), Ok(policy)) = (&mut realm.environment, policy.parse())
            {
                Arc::make_mut(settings).referrer_policy = policy;
            }
        })?;
        let session = Rc::clone(self.session);
        self.set("isSameOrigin", move |a: usize, b: usize| {
            match (session.environment(a), session.environment(b)) {
                (Some(a), Some(b)) => a.origin == b.origin,
                _ => false,
            }
        })
    }

    fn state(&self) -> rquickjs::Result<()> {
        let session = Rc::clone(self.session);
        self.set("storeBlob", move |url: String, bytes: TypedArray<'js, u8>, kind: String| {
            let bytes = bytes_in(&bytes).into();
            session.agent.blobs().insert(url, Blob { bytes, kind });
        })?;
        let session = Rc::clone(self.session);
        self.set("revokeBlob", move |url: String| {
            session.agent.blobs().remove(&url);
        })?;
        let session = Rc::clone(self.session);
        self.set("cookies", move |url: String| {
            Url::parse(&url).map(|url| session.agent.jar().for_script(&url)).unwrap_or_default()
        })?;
        let session = Rc::clone(self.session);
        self.set("setCookie", move |url: String, cookie: String| {
            if let Ok(url) = Url::parse(&url) {
                session.agent.jar().set(cookie.as_bytes(), &url);
            }
        })
    }
}

/// The bytes of a typed array; none if its buffer is detached.
#[expect(unsafe_code, reason = "rquickjs has no other way to read an array at once")]
pub(super) fn bytes_in(array: &TypedArray<'_, u8>) -> Vec<u8> {
    // SAFETY: no script runs while the bytes are copied.
    unsafe { array.as_bytes() }.unwrap_or_default().to_vec()
}

/// `{ error, message }`, of which the prelude makes an exception.
pub(super) fn error<'js>(ctx: &Ctx<'js>, name: &str, message: &str) -> Answer<'js> {
    from_json(ctx, &json!({ "error": name, "message": message }))
}

/// A value that is no error.
pub(super) fn value<'js>(ctx: &Ctx<'js>, value: impl IntoJs<'js>) -> Answer<'js> {
    value.into_js(ctx)
}
