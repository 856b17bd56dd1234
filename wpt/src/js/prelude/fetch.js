// Headers, Request, Response and fetch(). The library judges: what is here holds handles.

class Headers {
  _handle;
  constructor(init) {
    if (init === making) return;
    this._handle = host.newHeaders('none', []);
    if (init !== undefined) for (const [name, value] of pairsOf(init)) this.append(name, value);
  }
  append(name, value) { check(host.appendHeader(this._handle, byteString(name), byteString(value))); }
  set(name, value) { check(host.setHeader(this._handle, byteString(name), byteString(value))); }
  delete(name) { check(host.deleteHeader(this._handle, byteString(name))); }
  get(name) { return check(host.getHeader(this._handle, byteString(name))) ?? null; }
  has(name) { return check(host.hasHeader(this._handle, byteString(name))); }
  getSetCookie() { return host.setCookies(this._handle); }
  forEach(callback, self) {
    if (typeof callback !== 'function') throw new TypeError('a callback is a function');
    for (const [name, value] of this) callback.call(self, value, name, this);
  }
  entries() { return headersIterator(this, (pair) => pair); }
  keys() { return headersIterator(this, (pair) => pair[0]); }
  values() { return headersIterator(this, (pair) => pair[1]); }
  [Symbol.iterator]() { return this.entries(); }
}
Object.defineProperty(Headers.prototype, Symbol.iterator, { value: Headers.prototype.entries, writable: true, configurable: true });
// An iterator sees the headers that come and go while it runs.
const iteratorPrototype = Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), {
  next: {
    value: function next() {
      const state = this._state;
      const all = host.sortedHeaders(state.headers._handle);
      return state.index < all.length
        ? { value: state.pick(all[state.index++]), done: false } : { value: undefined, done: true };
    },
    writable: true, enumerable: true, configurable: true,
  },
  [Symbol.toStringTag]: { value: 'Headers Iterator', configurable: true },
});
function headersIterator(headers, pick) {
  return Object.create(iteratorPrototype, { _state: { value: { headers, pick, index: 0 } } });
}
// HeadersInit as pairs of byte strings.
function pairsOf(init) {
  if (init === null || (typeof init !== 'object' && typeof init !== 'function')) throw new TypeError('headers are an object');
  const method = init[Symbol.iterator];
  if (method !== undefined && method !== null) {
    if (typeof method !== 'function') throw new TypeError('headers are a sequence or a record');
    return [...{ [Symbol.iterator]: () => method.call(init) }].map((pair) => {
      if (pair === null || typeof pair !== 'object') throw new TypeError('a header is a pair');
      const parts = [...pair];
      if (parts.length !== 2) throw new TypeError('a header is a pair');
      return [byteString(parts[0]), byteString(parts[1])];
    });
  }
  const pairs = new Map();
  for (const key of Reflect.ownKeys(init)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(init, key);
    if (!descriptor?.enumerable) continue;
    const name = byteString(key);
    pairs.set(name, byteString(init[key]));
  }
  return [...pairs];
}
function headersOf(handle) {
  const headers = new Headers(making);
  headers._handle = handle;
  return headers;
}

// What a body is made of: { kind, bytes, stream }.
const NOTHING = new Uint8Array(0);
function extract(value) {
  if (isStream(value)) {
    if (value._disturbed || value.locked) throw new TypeError('the stream is used already');
    return { kind: { kind: 'stream' }, bytes: NOTHING, stream: value };
  }
  if (isBlob(value)) return { kind: { kind: 'blob', type: value.type }, bytes: value._bytes };
  if (isBuffer(value)) return { kind: { kind: 'buffer' }, bytes: bytesOf(value).slice() };
  if (tagOf(value) === 'FormData') {
    const { bytes, boundary } = writeMultipart(value);
    return { kind: { kind: 'form-data', boundary }, bytes };
  }
  if (tagOf(value) === 'URLSearchParams') return { kind: { kind: 'url-search-params' }, bytes: encode(value.toString()) };
  return { kind: { kind: 'text' }, bytes: encode(usv(value)) };
}
// A body: its bytes if they are known, and its stream once somebody asks for it.
class BodyState {
  constructor({ bytes, stream }) {
    this.bytes = stream ? null : bytes;
    this._stream = stream ?? null;
  }
  get stream() { return this._stream ??= streamOf(this.bytes); }
  get isUsed() { return this._stream?._disturbed ?? false; }
  get isLocked() { return this._stream?.locked ?? false; }
  clone() {
    if (this.bytes && !this._stream) return new BodyState({ bytes: this.bytes });
    const [one, other] = this.stream._tee(true);
    this._stream = one;
    return Object.assign(new BodyState({ stream: other }), { bytes: this.bytes });
  }
  // All bytes.
  async read() {
    const reader = this.stream.getReader();
    const chunks = [];
    for (;;) {
      const { value, done } = await new Promise((resolve, reject) => reader._read({
        chunk: (chunk) => resolve({ __proto__: null, value: chunk, done: false }),
        close: () => resolve({ __proto__: null, done: true }),
        fail: reject,
      }));
      if (done) return { __proto__: null, bytes: concat(chunks) };
      if (!(Object.prototype.toString.call(value) === '[object Uint8Array]')) {
        const error = new TypeError('a chunk is no Uint8Array');
        reader.cancel(error).catch(() => {});
        throw error;
      }
      chunks.push(value.slice());
    }
  }
}
const essenceOf = (type) => type.split(';')[0].trim().toLowerCase();
function mixBody(made) {
  const consume = async (object, convert) => {
    if (tagOf(object) !== made.name) throw new TypeError('Illegal invocation');
    const body = object._body;
    if (body && (body.isUsed || body.isLocked)) throw new TypeError('the body is used already');
    const { bytes } = body ? await body.read() : { bytes: NOTHING };
    return convert(bytes, object);
  };
  const methods = {
    arrayBuffer() { return consume(this, (bytes) => bytes.slice().buffer); },
    blob() { return consume(this, (bytes, it) => Object.assign(new Blob([bytes]), { _type: typeOf(it) })); },
    bytes() { return consume(this, (bytes) => bytes.slice()); },
    formData() {
      return consume(this, (bytes, it) => {
        const type = it._type();
        if (essenceOf(type) === 'multipart/form-data') {
          const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
          if (boundary === undefined) throw new TypeError('there is no boundary');
          return readMultipart(bytes, boundary);
        }
        if (essenceOf(type) !== 'application/x-www-form-urlencoded') throw new TypeError(`${type} is no form`);
        const form = new FormData();
        form._pairs = host.parseForm(decodeUtf8(bytes));
        return form;
      });
    },
    json() { return consume(this, (bytes) => JSON.parse(decodeUtf8(bytes))); },
    text() { return consume(this, decodeUtf8); },
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(made.prototype, name, { value, writable: true, configurable: true, enumerable: true });
  }
  const getters = {
    body() { return this._body?.stream ?? null; },
    bodyUsed() { return this._body?.isUsed ?? false; },
  };
  for (const [name, get] of Object.entries(getters)) {
    Object.defineProperty(made.prototype, name, { get, configurable: true, enumerable: true });
  }
}
// The type of a blob that is made of a body.
const typeOf = (object) => host.mimeType(object._rawHeaders());

const INIT = ['method', 'headers', 'body', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect',
  'integrity', 'keepalive', 'duplex', 'signal', 'window', 'priority'];
class Request {
  constructor(input, init = {}) {
    if (arguments.length === 0) throw new TypeError('a request needs a URL');
    init ??= {};
    if (typeof init !== 'object' && typeof init !== 'function') throw new TypeError('an init is an object');
    const given = {};
    for (const name of [...INIT].sort()) {
      const value = init[name];
      if (value !== undefined) given[name] = value;
    }
    const told = {};
    if ('method' in given) told.method = byteString(given.method);
    if ('headers' in given) told.headers = pairsOf(given.headers);
    for (const name of ['referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect', 'integrity', 'duplex']) {
      if (name in given) told[name] = usv(given[name]);
    }
    if ('priority' in given && !['high', 'low', 'auto'].includes(`${given.priority}`)) throw new TypeError('a priority is high, low or auto');
    if ('keepalive' in given) told.keepalive = Boolean(given.keepalive);
    if ('window' in given) Object.assign(told, { hasWindow: true, isWindowNull: given.window === null });
    const from = tagOf(input) === 'Request' && input._shown ? input : null;
    let signal = from?.signal ?? null;
    if ('signal' in given) {
      signal = given.signal;
      if (signal !== null && tagOf(signal) !== 'AbortSignal') throw new TypeError('a signal was expected');
    }
    let extracted = null;
    if ('body' in given && given.body !== null) {
      const method = (told.method ?? from?.method ?? 'GET').toUpperCase();
      if ((method === 'GET' || method === 'HEAD')) throw new TypeError('the method has no body');
      extracted = extract(given.body);
      told.body = extracted.kind;
      if (extracted.stream && told.keepalive) throw new TypeError('a keepalive request has no stream');
    }
    const hasInputBody = Boolean(from?._body) && !extracted;
    if (from && hasInputBody && (from._body.isUsed || from._body.isLocked)) throw new TypeError('the body is used already');
    const handle = from ? check(host.cloneRequest(from._shown.handle, from.headers._handle)).handle : 0;
    this._take(check(host.newRequest(from ? null : usv(input), handle, JSON.stringify(told), extracted?.bytes ?? NOTHING)));
    this._body = extracted ? new BodyState(extracted) : null;
    if (hasInputBody) {
      const body = from._body;
      this._body = body.bytes && !body._stream ? new BodyState({ bytes: body.bytes })
        : Object.assign(new BodyState({ stream: through(body.stream) }), { bytes: body.bytes });
      body.stream._disturbed = true;
      if (!body.isLocked) body.stream.getReader();
    }
    this._signal = new AbortSignal(making);
    if (signal) follow(this._signal, signal);
    this._duplex = told.duplex;
  }
  _take(shown) {
    this._shown = shown;
    this._headers = headersOf(shown.headers);
  }
  _type() { return this.headers.get('content-type') ?? ''; }
  _rawHeaders() { return this._headers._handle; }
  get headers() { return this._headers; }
  get signal() { return this._signal; }
  get duplex() { return 'half'; }
  get isHistoryNavigation() { return false; }
  get isReloadNavigation() { return false; }
  clone() {
    if (this._body && (this._body.isUsed || this._body.isLocked)) throw new TypeError('the body is used already');
    const made = Object.create(Request.prototype);
    made._take(host.cloneRequest(this._shown.handle, this.headers._handle));
    made._body = this._body?.clone() ?? null;
    made._signal = new AbortSignal(making);
    follow(made._signal, this._signal);
    return made;
  }
}
for (const name of ['method', 'url', 'destination', 'referrer', 'referrerPolicy', 'mode', 'credentials', 'cache', 'redirect', 'integrity', 'keepalive']) {
  Object.defineProperty(Request.prototype, name, { get() { return this._shown[name]; }, configurable: true });
}
function follow(signal, other) {
  if (other._aborted) {
    signal._aborted = true;
    signal._reason = other._reason;
  } else {
    other._followers.push((reason) => abort(signal, reason));
  }
}
// A stream that hands on what another one has.
function through(stream) {
  const reader = stream.getReader();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel(reason) { return reader.cancel(reason); },
  }, { highWaterMark: 0 });
}

const NULL_BODY_STATUSES = [101, 103, 204, 205, 304];
class Response {
  constructor(body = null, init = {}) {
    init ??= {};
    if (typeof init !== 'object' && typeof init !== 'function') throw new TypeError('an init is an object');
    this._shown = { type: 'default', url: '', redirected: false, status: 200, statusText: '' };
    this._headers = headersOf(host.newHeaders('response', []));
    this._body = null;
    const extracted = body === null || body === undefined ? null : extract(body);
    this._initialize(init, extracted, extracted && host.bodyType(JSON.stringify(extracted.kind)));
  }
  _initialize(init, extracted, type) {
    const status = init.status === undefined ? 200 : Number(init.status) & 0xffff;
    if (status < 200 || status > 599) throw new RangeError(`${status} is no status of a response`);
    const text = init.statusText === undefined ? '' : byteString(init.statusText);
    if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) throw new TypeError('a status text has no such character');
    Object.assign(this._shown, { status, statusText: text });
    if (init.headers !== undefined) for (const [name, value] of pairsOf(init.headers)) this._headers.append(name, value);
    if (extracted) {
      if (NULL_BODY_STATUSES.includes(status)) throw new TypeError(`a response with ${status} has no body`);
      this._body = new BodyState(extracted);
      if (type && !this._headers.has('content-type')) this._headers.append('content-type', type);
    }
  }
  static error() {
    const made = new Response();
    Object.assign(made._shown, { type: 'error', status: 0 });
    made._headers = headersOf(host.newHeaders('immutable', []));
    return made;
  }
  static redirect(url, status = 302) {
    const parsed = host.parseUrl(usv(url), baseUrl());
    if (!parsed) throw new TypeError(`${url} is no URL`);
    if (![301, 302, 303, 307, 308].includes(Number(status))) throw new RangeError(`${status} is no redirect`);
    const made = new Response(null, {});
    made._shown.status = Number(status);
    made._headers = headersOf(host.newHeaders('immutable', [['Location', parsed.href]]));
    return made;
  }
  static json(data, init = {}) {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('this is no JSON');
    const made = new Response();
    made._initialize(init ?? {}, { bytes: encode(text) }, 'application/json');
    return made;
  }
  _type() { return this.headers.get('content-type') ?? ''; }
  _rawHeaders() { return this._headers._handle; }
  get headers() { return this._headers; }
  get ok() { return this._shown.status >= 200 && this._shown.status <= 299; }
  clone() {
    if (this._body && (this._body.isUsed || this._body.isLocked)) throw new TypeError('the body is used already');
    const made = Object.create(Response.prototype);
    made._shown = { ...this._shown };
    const guard = this._isFetched ? 'immutable' : 'response';
    made._headers = headersOf(host.newHeaders(guard, host.rawHeaders(this._headers._handle)));
    made._body = this._body?.clone() ?? null;
    return made;
  }
}
for (const name of ['type', 'url', 'redirected', 'status', 'statusText']) {
  Object.defineProperty(Response.prototype, name, { get() { return this._shown[name]; }, configurable: true });
}
mixBody(Request);
mixBody(Response);

// The fetches under way, which end with their document.
const fetching = new Map();
realm.stopFetches = () => {
  for (const [id, isKept] of fetching) {
    if (!isKept) host.cancel(id);
    forget(id);
  }
  fetching.clear();
};
function start(request, headers, purpose, isKept, handler) {
  const id = host.start(request, headers, purpose);
  fetching.set(id, isKept);
  return onEvents(id, (kind, first, second) => {
    if (kind !== 'head' && kind !== 'chunk') fetching.delete(id);
    handler(kind, first, second);
  });
}
function stop(id) {
  host.cancel(id);
  fetching.delete(id);
  forget(id);
}

function fetch(input, init) {
  return new Promise((resolve, reject) => {
    const request = new Request(...arguments.length === 0 ? [] : [input, init]);
    const signal = request.signal;
    if (signal.aborted) {
      request._body?.stream.cancel(signal.reason).catch(() => {});
      reject(signal.reason);
      return;
    }
    let controller = null;
    let isOver = false;
    let response = null;
    const id = start(request._shown.handle, request.headers._handle, 'fetch', request.keepalive, (kind, first) => {
      if (kind === 'head') {
        response = responseOf(first, {
          start(it) { controller = it; },
          cancel() { isOver = true; stop(id); },
        });
        response._time = first;
        if (first.hasNullBody) addTiming(request.url, 'fetch', first, 0);
        resolve(response);
      } else if (!response && kind !== 'failed') {
        isOver = true;
      } else if (kind === 'chunk') {
        response._size = (response._size ?? 0) + first.length;
        if (!isOver) controller?.enqueue(first);
      } else if (kind === 'end') {
        if (response && !response._time.hasNullBody) addTiming(request.url, 'fetch', response._time, response._size ?? 0);
        if (!isOver) controller?.close();
        isOver = true;
      } else if (!response) {
        reject(new TypeError(`fetch failed: ${first}`));
        isOver = true;
      } else {
        if (!isOver) controller?.error(new TypeError(`the body broke off: ${first}`));
        isOver = true;
      }
    });
    if (request._body && !request._body.bytes) request._body.stream._disturbed = true;
    signal._followers.push((reason) => {
      reject(reason);
      if (isOver) return;
      isOver = true;
      stop(id);
      request._body?.stream.locked || request._body?.stream.cancel(reason).catch(() => {});
      controller?.error(reason);
    });
  });
}
function responseOf(head, source) {
  const response = Object.create(Response.prototype);
  response._shown = head;
  response._isFetched = true;
  response._headers = headersOf(host.newHeaders('immutable', head.headers));
  response._body = head.hasNullBody ? null
    : new BodyState({ stream: new ReadableStream({ __proto__: null, type: 'bytes', ...source }) });
  return response;
}
expose({ fetch });
describe({ Headers, Request, Response });
