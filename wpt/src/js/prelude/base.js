// What everything else needs: exceptions, events, timers, abort signals.

const global = globalThis;
// What other realms and Rust reach of this one.
const realm = { index: host.index, global };

// Conversions of Web IDL.
const usv = (value) => `${value}`.toWellFormed();
function byteString(value) {
  const text = `${value}`;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 255) throw new TypeError('a character is no byte');
  }
  return text;
}

function exception(name, message) {
  return name === 'TypeError' || name === 'RangeError'
    ? new global[name](message)
    : new DOMException(message, name);
}
// Throws what an answer of the host says, if it is an error.
function check(answer) {
  if (answer !== null && typeof answer === 'object' && typeof answer.error === 'string') {
    throw exception(answer.error, answer.message);
  }
  return answer;
}

// The class of an object, of this realm or of another one.
const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

function expose(values) {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(global, name, { value, writable: true, configurable: true });
  }
}
function describe(classes) {
  for (const [name, value] of Object.entries(classes)) {
    Object.defineProperty(value.prototype, Symbol.toStringTag, { value: name, configurable: true });
    for (const key of Object.getOwnPropertyNames(value.prototype)) {
      if (key === 'constructor') continue;
      const descriptor = Object.getOwnPropertyDescriptor(value.prototype, key);
      if (descriptor.configurable) {
        Object.defineProperty(value.prototype, key, { ...descriptor, enumerable: true });
      }
    }
  }
  expose(classes);
}

const EXCEPTION_CODES = {
  IndexSizeError: 1, HierarchyRequestError: 3, WrongDocumentError: 4, InvalidCharacterError: 5,
  NoModificationAllowedError: 7, NotFoundError: 8, NotSupportedError: 9, InUseAttributeError: 10,
  InvalidStateError: 11, SyntaxError: 12, InvalidModificationError: 13, NamespaceError: 14,
  InvalidAccessError: 15, TypeMismatchError: 17, SecurityError: 18, NetworkError: 19, AbortError: 20,
  URLMismatchError: 21, QuotaExceededError: 22, TimeoutError: 23, InvalidNodeTypeError: 24,
  DataCloneError: 25,
};
class DOMException extends Error {
  #name;
  constructor(message = '', name = 'Error') {
    super(message);
    delete this.message;
    Object.defineProperty(this, 'message', { value: `${message}`, configurable: true });
    this.#name = `${name}`;
  }
  get name() { return this.#name; }
  get code() { return EXCEPTION_CODES[this.#name] ?? 0; }
}
for (const [name, code] of Object.entries(EXCEPTION_CODES)) {
  const constant = `${name.replace(/Error$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}_ERR`;
  const descriptor = { value: code, enumerable: true };
  Object.defineProperty(DOMException, constant, descriptor);
  Object.defineProperty(DOMException.prototype, constant, descriptor);
}

// Tasks, timers, and the events of fetches.
const waiting = new Map();
function onEvents(id, handler) {
  waiting.set(id, handler);
  return id;
}
const forget = (id) => waiting.delete(id);
function later(milliseconds, callback) {
  const id = host.timer(milliseconds);
  return onEvents(id, () => {
    waiting.delete(id);
    callback();
  });
}
const queueTask = (callback) => later(0, callback);
host.onEvent((id, kind, first, second) => {
  const handler = waiting.get(id);
  if (!handler) return;
  if (kind === 'end' || kind === 'failed' || kind === 'loaded') waiting.delete(id);
  guarded(() => handler(kind, first, second));
});

// Runs a callback; what it throws is reported to the global object.
function guarded(callback) {
  try {
    return callback();
  } catch (error) {
    report(error);
    return undefined;
  }
}
function report(error) {
  const message = error === null || typeof error !== 'object' ? `${String(error)}` : `${error.message}`;
  host.log(`uncaught: ${message} ${error?.stack ?? ''}`);
  const event = new ErrorEvent('error', { message, error, cancelable: true });
  EventTarget.prototype.dispatchEvent.call(global, event);
}

const timers = new Map();
let lastTimer = 0;
function startTimer(callback, delay, values, repeats) {
  const id = ++lastTimer;
  const milliseconds = Math.max(0, Number(delay) || 0);
  const run = () => {
    if (!timers.has(id)) return;
    if (repeats) timers.set(id, later(Math.max(1, milliseconds), run));
    else timers.delete(id);
    guarded(() => (typeof callback === 'function'
      ? callback.apply(global, values)
      : host.evaluate(`${callback}`, 'timer')));
  };
  timers.set(id, later(milliseconds, run));
  return id;
}
function stopTimer(id) {
  forget(timers.get(id));
  timers.delete(id);
}

class Event {
  _stopped = false;
  _stoppedNow = false;
  _target = null;
  _currentTarget = null;
  _canceled = false;
  _trusted = false;
  _phase = 0;
  constructor(type, init = {}) {
    if (arguments.length === 0) throw new TypeError('an event needs a type');
    init ??= {};
    this._type = `${type}`;
    this._bubbles = Boolean(init.bubbles);
    this._cancelable = Boolean(init.cancelable);
    this._composed = Boolean(init.composed);
    this._time = host.now();
  }
  get type() { return this._type; }
  get bubbles() { return this._bubbles; }
  get cancelable() { return this._cancelable; }
  get composed() { return this._composed; }
  get target() { return this._target; }
  get srcElement() { return this._target; }
  get currentTarget() { return this._currentTarget; }
  get eventPhase() { return this._phase; }
  get isTrusted() { return this._trusted; }
  get defaultPrevented() { return this._canceled; }
  get returnValue() { return !this._canceled; }
  get timeStamp() { return this._time; }
  get cancelBubble() { return this._stopped; }
  composedPath() { return this._target ? [this._target] : []; }
  stopPropagation() { this._stopped = true; }
  stopImmediatePropagation() { this._stopped = this._stoppedNow = true; }
  preventDefault() { if (this._cancelable) this._canceled = true; }
  initEvent(type, bubbles = false, cancelable = false) {
    this._type = `${type}`;
    this._bubbles = bubbles;
    this._cancelable = cancelable;
  }
}
for (const [index, name] of ['NONE', 'CAPTURING_PHASE', 'AT_TARGET', 'BUBBLING_PHASE'].entries()) {
  Object.defineProperty(Event, name, { value: index });
  Object.defineProperty(Event.prototype, name, { value: index });
}
// Makes a class of events whose further members have these defaults.
function eventClass(name, defaults) {
  const made = { [name]: class extends Event {
    constructor(type, init = {}) {
      super(type, init);
      this._init = { ...defaults, ...(init ?? {}) };
    }
  } }[name];
  for (const key of Object.keys(defaults)) {
    Object.defineProperty(made.prototype, key, {
      get() { return this._init[key]; }, configurable: true, enumerable: true,
    });
  }
  return made;
}
const CustomEvent = eventClass('CustomEvent', { detail: null });
const ErrorEvent = eventClass('ErrorEvent', { message: '', filename: '', lineno: 0, colno: 0, error: undefined });
const ProgressEvent = eventClass('ProgressEvent', { lengthComputable: false, loaded: 0, total: 0 });
const MessageEvent = eventClass('MessageEvent', { data: null, origin: '', lastEventId: '', source: null, ports: [] });
const PromiseRejectionEvent = eventClass('PromiseRejectionEvent', { promise: undefined, reason: undefined });
const PageTransitionEvent = eventClass('PageTransitionEvent', { persisted: false });
const CloseEvent = eventClass('CloseEvent', { wasClean: false, code: 0, reason: '' });
const StorageEvent = eventClass('StorageEvent', { key: null, oldValue: null, newValue: null, url: '' });
const HashChangeEvent = eventClass('HashChangeEvent', { oldURL: '', newURL: '' });
const SecurityPolicyViolationEvent = eventClass('SecurityPolicyViolationEvent', { blockedURI: '' });

// By this key, the proxy of a window of any realm names the window.
const WINDOW = Symbol.for('window of a proxy');
const listenersOf = new WeakMap();
function listeners(target, type) {
  let all = listenersOf.get(target);
  if (!all) listenersOf.set(target, all = new Map());
  let list = all.get(type);
  if (!list) all.set(type, list = []);
  return list;
}
class EventTarget {
  addEventListener(type, callback, options) {
    const target = this?.[WINDOW] ?? this ?? global;
    if (callback === null || callback === undefined) return;
    const { once = false, signal, capture = false } = typeof options === 'object' && options !== null
      ? options : { capture: Boolean(options) };
    if (signal?.aborted) return;
    const list = listeners(target, `${type}`);
    if (list.some((it) => it.callback === callback && it.capture === Boolean(capture))) return;
    const listener = { callback, once, capture: Boolean(capture) };
    list.push(listener);
    signal?.addEventListener('abort', () => target.removeEventListener(type, callback, options));
  }
  removeEventListener(type, callback, options) {
    const target = this?.[WINDOW] ?? this ?? global;
    const capture = Boolean(typeof options === 'object' && options !== null ? options.capture : options);
    const list = listeners(target, `${type}`);
    const index = list.findIndex((it) => it.callback === callback && it.capture === capture);
    if (index >= 0) {
      list[index].removed = true;
      list.splice(index, 1);
    }
  }
  dispatchEvent(event) {
    const target = this?.[WINDOW] ?? this ?? global;
    event._target = target;
    const path = [target];
    if (event._bubbles) {
      for (let parent = target._eventParent?.(event); parent; parent = parent._eventParent?.(event)) {
        path.push(parent);
      }
    }
    for (const current of path) {
      if (event._stopped) break;
      event._currentTarget = current;
      event._phase = current === target ? 2 : 3;
      for (const listener of [...listeners(current, event.type)]) {
        if (listener.removed) continue;
        if (listener.once) current.removeEventListener(event.type, listener.callback, listener.capture);
        guarded(() => {
          const { callback } = listener;
          if (typeof callback === 'function') callback.call(current, event);
          else callback.handleEvent(event);
        });
        if (event._stoppedNow) break;
      }
    }
    event._phase = 0;
    event._currentTarget = null;
    event._stopped = event._stoppedNow = false;
    return !event._canceled;
  }
}
function fire(target, event, init) {
  const made = typeof event === 'string' ? new Event(event, init) : event;
  made._trusted = true;
  return EventTarget.prototype.dispatchEvent.call(target, made);
}
// Event handler attributes such as `onload`.
function handlers(prototype, names) {
  for (const name of names) {
    const key = Symbol(name);
    Object.defineProperty(prototype, `on${name}`, {
      configurable: true,
      enumerable: true,
      get() { return (this ?? global)[key]?.handler ?? null; },
      set(value) {
        const target = this ?? global;
        const handler = typeof value === 'function' || (typeof value === 'object' && value !== null) ? value : null;
        if (target[key]) {
          target[key].handler = handler;
          return;
        }
        const state = { handler };
        Object.defineProperty(target, key, { value: state });
        EventTarget.prototype.addEventListener.call(target, name, (event) => {
          if (typeof state.handler !== 'function') return;
          const result = event instanceof ErrorEvent && target === global
            ? state.handler.call(target, event.message, event.filename, event.lineno, event.colno, event.error)
            : state.handler.call(target, event);
          if (result === false || (result === true && event instanceof ErrorEvent)) event.preventDefault();
        });
      },
    });
  }
}

const making = Symbol('making');
class AbortSignal extends EventTarget {
  _aborted = false;
  _reason = undefined;
  _followers = [];
  constructor(key) {
    if (key !== making) throw new TypeError('Illegal constructor');
    super();
  }
  static abort(reason = new DOMException('this is aborted', 'AbortError')) {
    const signal = new AbortSignal(making);
    signal._aborted = true;
    signal._reason = reason;
    return signal;
  }
  static timeout(milliseconds) {
    const signal = new AbortSignal(making);
    later(milliseconds, () => abort(signal, new DOMException('the time is over', 'TimeoutError')));
    return signal;
  }
  static any(signals) {
    const made = new AbortSignal(making);
    for (const signal of signals) {
      if (signal._aborted) return AbortSignal.abort(signal._reason);
    }
    for (const signal of signals) signal._followers.push((reason) => abort(made, reason));
    return made;
  }
  get aborted() { return this._aborted; }
  get reason() { return this._reason; }
  throwIfAborted() { if (this._aborted) throw this._reason; }
}
handlers(AbortSignal.prototype, ['abort']);
function abort(signal, reason) {
  if (signal._aborted) return;
  signal._aborted = true;
  signal._reason = reason;
  for (const follower of signal._followers.splice(0)) follower(reason);
  fire(signal, 'abort');
}
class AbortController {
  #signal = new AbortSignal(making);
  get signal() { return this.#signal; }
  abort(reason) {
    abort(this.#signal, arguments.length === 0 || reason === undefined
      ? new DOMException('this is aborted', 'AbortError') : reason);
  }
}

// Resource timing, as far as the timing allow check decides it.
const entries = [];
const observers = new Set();
class PerformanceEntry {
  constructor(values) { Object.assign(this, values); }
  toJSON() { return { ...this }; }
}
class PerformanceResourceTiming extends PerformanceEntry {}
class PerformanceObserver {
  static supportedEntryTypes = ['resource'];
  constructor(callback) { this._callback = callback; }
  observe(options = {}) {
    this._types = options.entryTypes ?? [options.type];
    observers.add(this);
    if (options.buffered) this._tell(entries);
  }
  _tell(all) {
    const seen = all.filter((entry) => this._types.includes(entry.entryType));
    if (seen.length > 0) queueTask(() => guarded(() => this._callback(entryList(seen), this)));
  }
  disconnect() { observers.delete(this); }
  takeRecords() { return []; }
}
const entryList = (all) => ({
  getEntries: () => [...all],
  getEntriesByType: (type) => all.filter((entry) => entry.entryType === type),
  getEntriesByName: (name) => all.filter((entry) => entry.name === name),
});
function addTiming(name, initiatorType, head, size) {
  const allowed = head.timingAllowed;
  const detail = (value) => (allowed ? value : 0);
  const entry = new PerformanceResourceTiming({
    name, entryType: 'resource', initiatorType,
    startTime: head.start, fetchStart: head.start, duration: host.now() - head.start,
    redirectStart: detail(head.redirected ? head.start : 0),
    redirectEnd: detail(head.redirected ? head.end : 0),
    workerStart: 0, domainLookupStart: detail(head.start), domainLookupEnd: detail(head.start),
    connectStart: detail(head.start), connectEnd: detail(head.start),
    secureConnectionStart: detail(name.startsWith('https:') ? head.start : 0),
    requestStart: detail(head.start + 0.01), responseStart: detail(head.end), responseEnd: host.now(),
    nextHopProtocol: allowed ? 'http/1.1' : '', transferSize: detail(size + 300),
    encodedBodySize: detail(size), decodedBodySize: detail(size), responseStatus: head.status,
    serverTiming: [],
  });
  entries.push(entry);
  for (const observer of observers) observer._tell([entry]);
}
class Performance extends EventTarget {
  timeOrigin = Date.now() - host.now();
  timing = { navigationStart: 0 };
  now() { return host.now(); }
  getEntries() { return [...entries]; }
  getEntriesByType(type) { return entries.filter((entry) => entry.entryType === type); }
  getEntriesByName(name) { return entries.filter((entry) => entry.name === name); }
  clearResourceTimings() { entries.length = 0; }
  setResourceTimingBufferSize() {}
  mark() {}
  measure() {}
}

const print = (...values) => host.log(values.map((value) => String(value)).join(' '));
expose({
  setTimeout: (callback, delay, ...values) => startTimer(callback, delay, values, false),
  setInterval: (callback, delay, ...values) => startTimer(callback, delay, values, true),
  clearTimeout: stopTimer,
  clearInterval: stopTimer,
  queueMicrotask: (callback) => { Promise.resolve().then(() => guarded(callback)); },
  reportError: report,
  performance: new Performance(),
  console: { log: print, info: print, warn: print, error: print, debug: print, assert() {} },
  crypto: {
    getRandomValues(array) {
      for (let index = 0; index < array.length; index++) array[index] = Math.floor(Math.random() * 2 ** 32);
      return array;
    },
    randomUUID: () => 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(Math.random() * 16).toString(16)),
  },
});
describe({
  DOMException, Event, CustomEvent, ErrorEvent, ProgressEvent, MessageEvent, PromiseRejectionEvent,
  PageTransitionEvent, CloseEvent, StorageEvent, HashChangeEvent, SecurityPolicyViolationEvent, EventTarget, AbortSignal, AbortController, PerformanceEntry, PerformanceResourceTiming,
  PerformanceObserver, Performance,
});
