// Windows: browsing contexts, navigation, messages between windows.

let currentUrl = 'about:blank';
let currentBase = 'about:blank';
const documentUrl = () => currentUrl;
const baseUrl = () => currentBase;
const isWindow = () => realm.kind === 'window';
// All realms of the test, so that channels reach them.
realm.all = [realm];

// A browsing context: what a frame or a window shows, over all its documents.
function newContext(element, opener = null) {
  const context = {
    realm: null, element, opener, creator: realm, sandbox: null, name: element?.getAttribute('name') ?? '',
    parent: element ? realm.context : null, children: [], isClosed: false, generation: 0,
  };
  if (element) realm.context.children.push(context);
  return context;
}
function closeContext(context) {
  context.isClosed = true;
  context.generation++;
  const siblings = context.parent?.children;
  siblings?.splice(siblings.indexOf(context), 1);
  context.realm?.unload();
}
// The realm of a context; its first document is made when somebody looks at it.
function realmOf(context) {
  if (!context.realm) openRealm(context, { url: 'about:blank', text: '', isInitial: true });
  return context.realm;
}
function openRealm(context, page) {
  const made = host.newRealm();
  made.all = realm.all;
  realm.all.push(made);
  const old = context.realm;
  context.realm = made;
  old?.unload();
  made.openDocument({ ...page, context, creator: context.creator.index });
}

const LOCAL = /^about:(blank|srcdoc)(?=[?#]|$)/;
function navigate(context, url, options = {}) {
  const parts = host.parseUrl(usv(url), currentBase);
  if (!parts) {
    if (options.isInitial) navigate(context, 'about:blank', options);
    else throw new DOMException(`${url} is no URL`, 'SyntaxError');
    return;
  }
  if (parts.protocol === 'javascript:') {
    const code = decodeURIComponent(parts.href.slice('javascript:'.length));
    queueTask(() => realmOf(context).run(code));
    return;
  }
  const generation = ++context.generation;
  const isCurrent = () => context.generation === generation && !context.isClosed;
  const { element } = context;
  const document = element?._document;
  if (document) document._pending++;
  const settled = () => {
    if (!document) return;
    if (isCurrent() && element) fire(element, 'load');
    document._settled();
  };
  const open = (page) => {
    if (!isCurrent()) {
      document?._settled();
      return;
    }
    context.creator = options.srcdoc !== undefined || LOCAL.test(page.url) ? realm : context.creator;
    openRealm(context, { ...page, onLoad: settled });
  };
  if (LOCAL.test(parts.href)) {
    if (options.srcdoc === undefined && options.isInitial) {
      // The first document is made when somebody looks at it; its load event comes at once.
      settled();
      return;
    }
    queueTask(() => open({ url: parts.href, text: options.srcdoc ?? '', type: 'text/html' }));
    return;
  }
  const init = {
    url: parts.href, method: options.method ?? null, contentType: options.contentType ?? null,
    referrerPolicy: options.referrerPolicy ?? '', isTop: !element, isReload: Boolean(options.isReload),
  };
  const request = host.newNavigation(JSON.stringify(init), options.body ?? NOTHING);
  let head = null;
  start(request, -1, 'document', true, (kind, first) => {
    if (kind === 'head') {
      head = first;
      return;
    }
    if (kind === 'failed') {
      open({ url: parts.href, text: '', type: 'text/html', isError: true });
      return;
    }
    if (element && isCurrent()) addTiming(parts.withoutHash, 'iframe', head, first.length);
    if (head.internalStatus === 204 || head.internalStatus === 205) {
      document?._settled();
      return;
    }
    const type = host.mimeType(host.newHeaders('none', head.internalHeaders)) || 'text/html';
    const label = /charset="?([^";\s]+)/i.exec(type)?.[1];
    const charset = (label && host.encodingName(label)) || 'utf-8';
    open({
      url: head.internalUrl, headers: head.internalHeaders, type: essenceOf(type), referrer: head.referrer, charset,
      text: host.decode(charset, first, false, false),
    });
  });
}
// Navigates the window that a name such as `_blank` or that of a frame stands for.
function navigateNamed(name, url, options) {
  const context = contextNamed(name) ?? newContext(null, realm.context);
  navigate(context, url, options);
  return context;
}
function contextNamed(name) {
  const { context } = realm;
  if (!name || name === '_self') return context;
  if (name === '_parent') return context.parent ?? context;
  if (name === '_top') return topOf(context);
  if (name === '_blank') return null;
  const find = (at) => (at.name === name ? at : at.children.map(find).find(Boolean));
  return find(topOf(context)) ?? null;
}
const topOf = (context) => (context.parent ? topOf(context.parent) : context);

// What a realm sees of the window of a context: all of it if the origins are the same.
const proxies = new WeakMap();
const CROSS_ORIGIN = ['postMessage', 'closed', 'frames', 'length', 'location', 'opener', 'parent', 'self', 'top', 'window', 'close', 'focus', 'blur', 'then', Symbol.toStringTag, Symbol.hasInstance, Symbol.isConcatSpreadable];
function proxyOf(context) {
  if (context.realm === realm) return global;
  let proxy = proxies.get(context);
  if (proxy) return proxy;
  const special = {
    postMessage: (message, targetOrigin, transfer) => postTo(context, message, targetOrigin, transfer),
    get closed() { return context.isClosed; },
    get length() { return context.children.length; },
    get self() { return proxy; },
    get window() { return proxy; },
    get frames() { return proxy; },
    get parent() { return proxyOf(context.parent ?? context); },
    get top() { return proxyOf(topOf(context)); },
    get opener() { return context.opener ? proxyOf(context.opener) : null; },
    close: () => { if (!context.parent) closeContext(context); },
    focus() {}, blur() {}, then: undefined, [Symbol.toStringTag]: undefined,
    location: {
      set href(url) { navigate(context, url); },
      replace: (url) => navigate(context, url),
    },
  };
  const access = (key) => {
    const other = realmOf(context);
    if (host.isSameOrigin(other.index, realm.index)) return other.global;
    if (!CROSS_ORIGIN.includes(key)) throw new DOMException('the window is of another origin', 'SecurityError');
    return null;
  };
  const frame = (key) => (typeof key === 'string' && /^\d+$/.test(key) ? context.children[key] : undefined);
  proxy = new Proxy({}, {
    get(_, key) {
      const child = frame(key);
      if (child) return proxyOf(child);
      if (Object.hasOwn(special, key) && key !== 'location' && key !== Symbol.toStringTag) return special[key];
      const other = access(key === WINDOW ? 'window' : key);
      if (key === WINDOW) return other;
      return other ? Reflect.get(other, key, other) : special[key];
    },
    set(_, key, value) {
      if (key === 'location') {
        navigate(context, value);
        return true;
      }
      const other = access(key);
      if (!other) throw new DOMException('the window is of another origin', 'SecurityError');
      other[key] = value;
      return true;
    },
    has: (_, key) => frame(key) !== undefined || Reflect.has(access(key) ?? special, key),
    deleteProperty: (_, key) => Reflect.deleteProperty(access(key) ?? {}, key),
    ownKeys: () => Reflect.ownKeys(access('postMessage') ?? {}),
    getOwnPropertyDescriptor(_, key) {
      const descriptor = Reflect.getOwnPropertyDescriptor(access(key) ?? special, key);
      return descriptor && { ...descriptor, configurable: true };
    },
    getPrototypeOf: () => (access('postMessage') ? Reflect.getPrototypeOf(access('postMessage')) : null),
  });
  proxies.set(context, proxy);
  return proxy;
}

// `window.postMessage`, from this realm to another.
function postTo(context, message, targetOrigin, transfer) {
  const options = typeof targetOrigin === 'object' && targetOrigin !== null
    ? targetOrigin : { targetOrigin: targetOrigin ?? '/', transfer };
  const wanted = options.targetOrigin ?? '/';
  const node = write(message, transferOf(options));
  const target = realmOf(context);
  if (wanted !== '*') {
    const origin = wanted === '/' ? global.origin : host.parseUrl(`${wanted}`, null)?.origin;
    if (origin === undefined) throw new DOMException(`${wanted} is no origin`, 'SyntaxError');
    if (target.global.origin !== origin) return;
  }
  target.receiveFrom(node, global.origin, realm.context);
}
realm.receiveFrom = (node, origin, from) => realm.receive(global, node, origin, proxyOf(from));
realm.run = (code) => host.evaluate(code, 'javascript:');

class Location {
  get href() { return currentUrl; }
  set href(url) { go(url); }
  assign(url) { go(url); }
  replace(url) { go(url); }
  reload() { navigate(realm.context, currentUrl, { isReload: true }); }
  toString() { return currentUrl; }
  get origin() { return host.parseUrl(currentUrl, null)?.origin ?? 'null'; }
  get ancestorOrigins() { return []; }
}
for (const part of ['protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']) {
  Object.defineProperty(Location.prototype, part, {
    get() { return host.parseUrl(currentUrl, null)?.[part] ?? ''; },
    set(value) { go(host.setUrlPart(currentUrl, part, `${value}`).href); },
    configurable: true,
  });
}
function go(url) {
  const parts = host.parseUrl(usv(url), currentBase);
  if (!parts) throw new DOMException(`${url} is no URL`, 'SyntaxError');
  if (parts.hash && parts.withoutHash === host.parseUrl(currentUrl, null).withoutHash) {
    const oldURL = currentUrl;
    currentUrl = parts.href;
    queueTask(() => fire(global, new HashChangeEvent('hashchange', { oldURL, newURL: currentUrl })));
    return;
  }
  navigate(realm.context, parts.href);
}
const history = {
  length: 1, state: null,
  pushState: (state, _, url) => replaceUrl(state, url),
  replaceState: (state, _, url) => replaceUrl(state, url),
  back() {}, forward() {}, go() {},
};
function replaceUrl(state, url) {
  history.state = state;
  if (url === undefined || url === null) return;
  currentUrl = host.parseUrl(usv(url), currentBase).href;
  currentBase = currentUrl;
  host.setBase(currentBase);
  host.setUrl(currentUrl);
}

// What windows and workers have in common.
function commonGlobal(settings) {
  currentUrl = settings.url;
  currentBase = settings.base;
  Object.setPrototypeOf(global, Object.create(EventTarget.prototype));
  const getters = { self: () => global, origin: () => settings.origin, isSecureContext: () => /^(https|data|about|blob:https):/.test(currentUrl) };
  for (const [name, get] of Object.entries(getters)) {
    Object.defineProperty(global, name, {
      get, configurable: true, enumerable: true,
      set(value) { Object.defineProperty(global, name, { value, writable: true, configurable: true }); },
    });
  }
  expose({
    navigator: {
      userAgent: 'Mozilla/5.0 (browser-cors-wpt)', platform: '', language: 'en-US', languages: ['en-US', 'en'], onLine: true,
      sendBeacon, serviceWorker: undefined, hardwareConcurrency: 1, cookieEnabled: true,
    },
  });
  delete global.navigator.serviceWorker;
  handlers(global, ['error', 'unhandledrejection', 'rejectionhandled', 'message', 'messageerror', 'offline', 'online']);
}
function sendBeacon(url, data = null) {
  const extracted = data === null ? null : extract(data);
  const request = check(host.newBeacon(usv(url), extracted && JSON.stringify(extracted.kind), extracted?.bytes ?? NOTHING));
  if (request === null || request === undefined) return false;
  start(request, -1, 'fetch', true, (kind, first) => {
    if (kind === 'head') addTiming(host.parseUrl(usv(url), currentBase).withoutHash, 'beacon', first, 0);
  });
  return true;
}

function setUpWindow(page, settings) {
  realm.kind = 'window';
  realm.context = page.context;
  commonGlobal(settings);
  const { context } = page;
  const location = new Location();
  const parent = () => (context.parent ? proxyOf(context.parent) : global);
  const fixed = { window: () => global, document: () => realm.document, top: () => proxyOf(topOf(context)) };
  for (const [name, get] of Object.entries(fixed)) Object.defineProperty(global, name, { get, enumerable: true });
  Object.defineProperty(global, 'location', { get: () => location, set: go, enumerable: true });
  const shown = {
    frames: () => global, parent, length: () => context.children.length, closed: () => context.isClosed,
    opener: () => (context.opener ? proxyOf(context.opener) : null),
    frameElement: () => (context.parent && host.isSameOrigin(context.creator.index, realm.index) ? context.element : null),
  };
  for (const [name, get] of Object.entries(shown)) {
    Object.defineProperty(global, name, {
      get, configurable: true, enumerable: true,
      set(value) { Object.defineProperty(global, name, { value, writable: true, configurable: true }); },
    });
  }
  Object.defineProperty(global, 'name', {
    get: () => context.name ?? '', set(value) { context.name = `${value}`; }, configurable: true, enumerable: true,
  });
  for (let index = 0; index < 16; index++) {
    Object.defineProperty(global, index, { get: () => (context.children[index] ? proxyOf(context.children[index]) : undefined), configurable: true });
  }
  handlers(global, ['load', 'unload', 'pagehide', 'pageshow', 'beforeunload', 'hashchange', 'popstate', 'storage', 'resize', 'scroll', 'click']);
  const storage = () => {
    const items = new Map();
    return {
      getItem: (key) => items.get(`${key}`) ?? null, setItem: (key, value) => items.set(`${key}`, `${value}`),
      removeItem: (key) => items.delete(`${key}`), clear: () => items.clear(),
    };
  };
  expose({
    history, localStorage: storage(), sessionStorage: storage(),
    postMessage: (message, targetOrigin, transfer) => postTo(context, message, targetOrigin, transfer),
    open(url = 'about:blank', target = '_blank', features = '') {
      const opened = contextNamed(`${target}`) ?? newContext(null, realm.context);
      if (/noopener|noreferrer/.test(features)) opened.opener = null;
      opened.name = target === '_blank' ? '' : `${target}`;
      navigate(opened, url === '' ? 'about:blank' : url, { referrerPolicy: /noreferrer/.test(features) ? 'no-referrer' : '' });
      return /noopener|noreferrer/.test(features) ? null : proxyOf(opened);
    },
    close() { if (!context.parent) closeContext(context); },
    stop: () => realm.stopFetches(),
    focus() {}, blur() {}, alert() {}, print() {}, scrollTo() {},
    getComputedStyle: (element) => element.style,
    matchMedia: () => ({ matches: false, addListener() {}, addEventListener() {} }),
    requestAnimationFrame: (callback) => startTimer(callback, 16, [host.now()], false),
    cancelAnimationFrame: stopTimer,
    requestIdleCallback: (callback) => startTimer(callback, 1, [{ timeRemaining: () => 50 }], false),
    Image: function Image() { return realm.document.createElement('img'); },
    Audio: function Audio(src) {
      const element = realm.document.createElement('audio');
      if (src !== undefined) element.src = src;
      return element;
    },
  });
  describe({
    Location, Node, CharacterData, Text, Comment, DocumentFragment, Element, HTMLElement, HTMLImageElement, HTMLScriptElement,
    HTMLLinkElement, HTMLMediaElement, HTMLVideoElement, HTMLAudioElement, HTMLAnchorElement, HTMLAreaElement,
    HTMLInputElement, HTMLButtonElement, HTMLTextAreaElement, HTMLFormElement, HTMLMetaElement, HTMLBaseElement,
    HTMLStyleElement, HTMLCanvasElement, HTMLIFrameElement, HTMLFrameElement, HTMLObjectElement, HTMLEmbedElement,
    Document, HTMLDocument, XMLDocument, DOMParser, XMLSerializer, Worker, SharedWorker,
  });
  class Window extends EventTarget {}
  expose({ Window });
  Object.defineProperty(global, Symbol.toStringTag, { value: 'Window', configurable: true });
  Object.setPrototypeOf(global, Window.prototype);
}

// Opens a document in this realm: parses it, runs its scripts, and fires its load event.
realm.openDocument = (page) => {
  const { context } = page;
  const isSandboxed = page.isError || (context.sandbox !== null && !context.sandbox.has('allow-same-origin'));
  const settings = check(host.setUp(JSON.stringify({
    url: page.url, isSandboxed, headers: page.headers ?? [], isTop: !context.parent,
  }), page.creator ?? -1));
  settings.url = page.url;
  setUpWindow(page, settings);
  const document = new HTMLDocument(null);
  Object.assign(document, { _url: page.url, _readyState: 'loading', _referrer: page.referrer, _charset: page.charset?.toUpperCase() });
  if (page.type && page.type !== 'text/html') document._type = page.type;
  realm.document = document;
  document._baseChanged = () => {
    const base = document._elements((it) => it instanceof HTMLBaseElement && it.hasAttribute('href'))[0];
    currentBase = base ? base.href || currentUrl : settings.base;
    host.setBase(currentBase);
  };
  realm.loaded = () => page.onLoad?.();
  const isHtml = document._type === 'text/html' || /xml$/.test(document._type);
  const text = isHtml ? page.text : `<pre>${new Text(document, page.text)._write()}</pre>`;
  const tree = host.parseDocument(text);
  const finish = () => {
    document._readyState = 'interactive';
    fire(document, 'readystatechange');
    runDeferred(document, () => {
      fire(document, new Event('DOMContentLoaded', { bubbles: true }));
      document._mayLoad();
    });
  };
  if (page.isInitial) {
    for (const it of tree) build(document, it, document);
    document._readyState = 'complete';
    return;
  }
  parseSteps(document, [[document, tree, 0]], finish);
};
// Appends nodes one by one, and waits for each script, as a parser does.
function parseSteps(document, stack, done) {
  while (stack.length > 0) {
    const step = stack.at(-1);
    const [parent, children, index] = step;
    if (index >= children.length) {
      stack.pop();
      continue;
    }
    step[2]++;
    const tree = children[index];
    if (typeof tree === 'string') {
      parent.appendChild(new Text(document, tree));
      continue;
    }
    const [name, attributes, inside] = tree;
    const element = document.createElement(name);
    const isScript = element instanceof HTMLScriptElement;
    element._isParsed = isScript;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (name === 'body') inlineBody(element);
    if (!isScript && name !== 'style') {
      parent.appendChild(element);
      nameElement(element);
      stack.push([element, inside, 0]);
      continue;
    }
    for (const it of inside) element.appendChild(new Text(document, it));
    parent.appendChild(element);
    if (!isScript) continue;
    if (element.hasAttribute('src') && (element.hasAttribute('async') || element.hasAttribute('defer') || element._isScript() === 'module')) {
      if (element.hasAttribute('async')) element._prepare();
      else (document._deferred ??= []).push(element);
      continue;
    }
    let isNow = true;
    let isDone = false;
    element._prepare(() => {
      isDone = true;
      if (!isNow) parseSteps(document, stack, done);
    });
    isNow = false;
    if (!isDone) return;
  }
  done();
}
function runDeferred(document, done) {
  const element = document._deferred?.shift();
  if (element) element._prepare(() => runDeferred(document, done));
  else done();
}
// The handlers of a body are those of the window.
function inlineBody(element) {
  for (const name of ['onload', 'onunload', 'onmessage', 'onpagehide', 'onerror', 'onhashchange', 'onpageshow']) {
    const code = element.getAttribute(name);
    if (code === null) continue;
    element[name] = null;
    global[name] = inlineHandler(code);
  }
}
// An element with an id has a global of this name.
function nameElement(element) {
  const name = element.id || (element instanceof HTMLIFrameElement && element.name);
  if (!name || name in global) return;
  Object.defineProperty(global, name, {
    get: () => (element instanceof HTMLIFrameElement && !element.id ? element.contentWindow : element),
    set(value) { Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: true }); },
    configurable: true,
  });
}

// The document goes away.
realm.unload = () => {
  if (realm.isUnloaded) return;
  realm.isUnloaded = true;
  for (const child of realm.context?.children.splice(0) ?? []) closeContext(child);
  fire(global, new PageTransitionEvent('pagehide'));
  fire(global, 'unload');
  realm.stopFetches();
  realm.stopWorkers?.();
  for (const id of timers.values()) forget(id);
  timers.clear();
  channels.clear();
};

// The window of the test: its harness tells the results.
realm.open = (url, patience) => {
  const settings = check(host.setUp(JSON.stringify({ url, isTop: true }), -1));
  currentUrl = currentBase = settings.base;
  realm.kind = 'window';
  realm.context = null;
  const context = newContext(null);
  navigate(context, url);
  const watch = () => {
    const opened = context.realm;
    if (!opened || opened.isWatched) return;
    opened.isWatched = true;
    opened.afterScript = () => {
      const add = opened.global.add_completion_callback;
      if (typeof add !== 'function') return;
      opened.afterScript = null;
      opened.global.setup({ timeout_multiplier: patience });
      const tell = (tests, status) => host.report(JSON.stringify({
        status: status.status, message: status.message && usv(status.message),
        subtests: tests.map(({ name, status: result, message }) => ({ name: usv(name), status: result, message: message && usv(message) })),
      }));
      const all = new Set();
      opened.global.add_result_callback((test) => {
        all.add(test);
        tell([...all], { status: -1 });
      });
      add((tests, status) => {
        tell(tests, status);
        host.finish();
      });
    };
  };
  Object.defineProperty(context, 'realm', {
    get() { return this._realm ?? null; },
    set(value) {
      this._realm = value;
      if (value) watch();
    },
  });
};
