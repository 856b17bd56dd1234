//! The JavaScript of one test: its realms, its event loop, and what its scripts ask of Rust.
//!
//! All realms (windows, frames, workers) of a test are contexts of one QuickJS runtime on one thread.
//! Fetches run elsewhere and send events to the loop.

mod host;
mod network;
mod text;

use std::{
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    rc::Rc,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::{Duration, Instant},
};

use browser_cors::{
    Environment, page::headers::Headers, page::xml_http_request::XmlHttpRequest, request::Request,
};
use rquickjs::{
    CatchResultExt, Context, Ctx, Function, Object, Persistent, Runtime, TypedArray, Value,
};
use tokio::{runtime::Handle, task::AbortHandle};

use crate::{
    agent::{Agent, Policies},
    delivered::Event,
    results::Report,
};

/// The JavaScript half of the user agent, in the order in which a realm runs it.
const PRELUDE: &[&str] = &[
    "(function (host) { 'use strict';",
    include_str!("prelude/base.js"),
    include_str!("prelude/text.js"),
    include_str!("prelude/url.js"),
    include_str!("prelude/streams.js"),
    include_str!("prelude/blob.js"),
    include_str!("prelude/clone.js"),
    include_str!("prelude/fetch.js"),
    include_str!("prelude/xhr.js"),
    include_str!("prelude/dom.js"),
    include_str!("prelude/window.js"),
    include_str!("prelude/worker.js"),
    "return realm; })",
];

/// How many empty realms are kept ready: a script that makes a frame needs one at once.
const SPARE_REALMS: usize = 32;

/// What the realms of one test share.
struct Session {
    agent: Arc<Agent>,
    network: Handle,
    events: Sender<Message>,
    /// The prelude, in one piece.
    prelude: String,
    spare: RefCell<Vec<Persistent<Object<'static>>>>,
    realms: RefCell<Vec<Realm>>,
    requests: RefCell<Vec<Request>>,
    headers: RefCell<Vec<Headers>>,
    xhrs: RefCell<Vec<XmlHttpRequest>>,
    fetches: RefCell<HashMap<u32, AbortHandle>>,
    timers: RefCell<BinaryHeap<Reverse<(Instant, u32, usize)>>>,
    last_id: Cell<u32>,
    deadline: Instant,
    report: RefCell<Report>,
    is_over: Cell<bool>,
    is_verbose: bool,
}

/// A window or a worker.
struct Realm {
    environment: Option<Arc<Environment>>,
    policies: Policies,
    on_event: Option<Persistent<Function<'static>>>,
}

/// An event of a fetch: the realm, the fetch, and what happened.
type Message = (usize, u32, Event);

/// Runs a page, and returns what its test harness reports.
pub fn run(
    agent: Arc<Agent>,
    network: Handle,
    url: &str,
    time: Duration,
    patience: u32,
    is_verbose: bool,
) -> Report {
    let (sender, receiver) = channel();
    let session = Rc::new(Session {
        agent,
        network,
        events: sender,
        prelude: PRELUDE.concat(),
        spare: RefCell::default(),
        realms: RefCell::default(),
        requests: RefCell::default(),
        headers: RefCell::default(),
        xhrs: RefCell::default(),
        fetches: RefCell::default(),
        timers: RefCell::default(),
        last_id: Cell::new(0),
        deadline: Instant::now() + time,
        report: RefCell::default(),
        is_over: Cell::new(false),
        is_verbose,
    });
    match session.run(&receiver, url, patience) {
        Ok(()) => session.report.take(),
        Err(error) => Report::broken(format!("the page cannot run: {error}")),
    }
}

impl Session {
    fn run(
        self: &Rc<Self>,
        receiver: &Receiver<Message>,
        url: &str,
        patience: u32,
    ) -> rquickjs::Result<()> {
        let runtime = Runtime::new()?;
        // Recursion is deep in some helpers, and QuickJS counts the stack of the thread.
        runtime.set_max_stack_size(4 << 20);
        let deadline = self.deadline;
        runtime.set_interrupt_handler(Some(Box::new(move || Instant::now() > deadline)));
        let mut contexts = Vec::new();
        let main = Context::full(&runtime)?;
        self.refill(&runtime, &mut contexts)?;
        main.with(|ctx| {
            let realm = self.new_realm(&ctx)?;
            realm.get::<_, Function<'_>>("open")?.call::<_, ()>((url, patience))
        })?;
        while !self.is_over.get() && Instant::now() < self.deadline {
            self.refill(&runtime, &mut contexts)?;
            main.with(|ctx| self.microtasks(&ctx));
            if self.is_over.get() {
                break;
            }
            let next = self.timers.borrow().peek().map_or(self.deadline, |it| it.0.0);
            let wait = next.min(self.deadline).saturating_duration_since(Instant::now());
            match receiver.recv_timeout(wait) {
                Ok((realm, id, event)) => {
                    main.with(|ctx| self.deliver(&ctx, realm, id, Some(event)));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.due_timers(&main);
        }
        for (_, fetch) in self.fetches.borrow_mut().drain() {
            fetch.abort();
        }
        // The process ends with the page. To free what realms share would take time for nothing.
        std::mem::forget((main, contexts, Rc::clone(self), runtime));
        Ok(())
    }

    fn refill(&self, runtime: &Runtime, contexts: &mut Vec<Context>) -> rquickjs::Result<()> {
        while self.spare.borrow().len() < SPARE_REALMS {
            let context = Context::full(runtime)?;
            let global = context.with(|ctx| Persistent::save(&ctx, ctx.globals()));
            self.spare.borrow_mut().push(global);
            contexts.push(context);
        }
        Ok(())
    }

    /// Makes a realm, and returns the object by which others reach it.
    fn new_realm<'js>(self: &Rc<Self>, ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>> {
        let index = self.realms.borrow().len();
        self.realms.borrow_mut().push(Realm {
            environment: None,
            policies: Policies::default(),
            on_event: None,
        });
        let spare = self.spare.borrow_mut().pop();
        let Some(global) = spare else {
            return Err(rquickjs::Exception::throw_range(ctx, "too many realms at once"));
        };
        let global = global.restore(ctx)?;
        let eval: Function<'js> = global.get("eval")?;
        let boot: Function<'js> = eval.call((self.prelude.as_str(),))?;
        boot.call((host::object(ctx, self, index)?,))
    }

    fn due_timers(&self, main: &Context) {
        let now = Instant::now();
        // What the timers themselves begin waits for the next turn.
        let mut due = Vec::new();
        {
            let mut timers = self.timers.borrow_mut();
            while let Some(Reverse(timer)) = timers.peek().copied()
                && timer.0 <= now
            {
                timers.pop();
                due.push(timer);
            }
        }
        for (_, id, realm) in due {
            main.with(|ctx| self.deliver(&ctx, realm, id, None));
        }
    }

    /// Tells a realm of an event, or of a timer if there is none.
    fn deliver(&self, ctx: &Ctx<'_>, realm: usize, id: u32, event: Option<Event>) {
        if matches!(event, Some(Event::End | Event::Loaded { .. } | Event::Failed(_))) {
            self.fetches.borrow_mut().remove(&id);
        }
        let on_event = self.realms.borrow().get(realm).and_then(|realm| realm.on_event.clone());
        let Some(Ok(on_event)) = on_event.map(|it| it.restore(ctx)) else { return };
        let result = Self::call(ctx, &on_event, id, event);
        if let Err(error) = result.catch(ctx) {
            self.log(&format!("an event of realm {realm}: {error}"));
        }
        self.microtasks(ctx);
    }

    fn call<'js>(
        ctx: &Ctx<'js>,
        on_event: &Function<'js>,
        id: u32,
        event: Option<Event>,
    ) -> rquickjs::Result<()> {
        let bytes = |bytes: Vec<u8>| TypedArray::<u8>::new(ctx.clone(), bytes);
        match event {
            None => on_event.call((id, "timer")),
            Some(Event::Head(head)) => {
                let text = serde_json::to_string(&*head).unwrap_or_default();
                on_event.call((id, "head", ctx.json_parse(text)?))
            }
            Some(Event::Chunk(chunk)) => on_event.call((id, "chunk", bytes(chunk)?)),
            Some(Event::End) => on_event.call((id, "end")),
            Some(Event::Loaded { readable, bytes: body }) => {
                on_event.call((id, "loaded", bytes(body)?, readable))
            }
            Some(Event::Failed(reason)) => on_event.call((id, "failed", reason)),
        }
    }

    fn microtasks(&self, ctx: &Ctx<'_>) {
        while !self.is_over.get() && ctx.execute_pending_job() {}
    }

    fn next_id(&self) -> u32 {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }

    fn environment(&self, realm: usize) -> Option<Arc<Environment>> {
        self.realms.borrow().get(realm)?.environment.clone()
    }

    fn policies(&self, realm: usize) -> Policies {
        self.realms.borrow().get(realm).map(|it| it.policies).unwrap_or_default()
    }

    fn log(&self, text: &str) {
        if self.is_verbose {
            eprintln!("    {text}");
        }
    }
}

/// A JSON text as a value of JavaScript.
fn from_json<'js>(ctx: &Ctx<'js>, value: &impl serde::Serialize) -> rquickjs::Result<Value<'js>> {
    ctx.json_parse(serde_json::to_string(value).unwrap_or_default())
}
