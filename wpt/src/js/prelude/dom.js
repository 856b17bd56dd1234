// A small DOM: a tree, attributes, simple selectors, and the elements that load something.

const isDocument = (value) => typeof value === 'object' && value !== null && value.nodeType === 9;

class Node extends EventTarget {
  parentNode = null;
  _children = [];
  constructor(document) {
    super();
    Object.defineProperty(this, '_document', { value: document, writable: true });
  }
  get ownerDocument() { return this._document; }
  get childNodes() { return this._children; }
  get firstChild() { return this._children[0] ?? null; }
  get lastChild() { return this._children.at(-1) ?? null; }
  get parentElement() { return this.parentNode instanceof Element ? this.parentNode : null; }
  get nextSibling() { return this._sibling(1); }
  get previousSibling() { return this._sibling(-1); }
  _sibling(offset) {
    const siblings = this.parentNode?._children ?? [];
    return siblings[siblings.indexOf(this) + offset] ?? null;
  }
  get isConnected() { return this._root() === this._document; }
  get baseURI() { return baseUrl(); }
  _root() {
    let node = this;
    while (node.parentNode) node = node.parentNode;
    return node;
  }
  getRootNode() { return this._root(); }
  _eventParent(event) {
    return this.parentNode ?? (isDocument(this) && this === realm.document && event.type !== 'load' ? global : null);
  }
  contains(node) {
    for (let it = node; it; it = it.parentNode) if (it === this) return true;
    return false;
  }
  hasChildNodes() { return this._children.length > 0; }
  insertBefore(node, before) {
    const inserted = node.nodeType === 11 ? [...node._children] : [node];
    for (const it of inserted) {
      it.remove();
      const index = before ? this._children.indexOf(before) : this._children.length;
      this._children.splice(index < 0 ? this._children.length : index, 0, it);
      it.parentNode = this;
      it._adopt(this.nodeType === 9 ? this : this._document);
      if (this.isConnected || this === realm.document) it._connect();
      this._childrenChanged?.();
    }
    return node;
  }
  _adopt(document) {
    this._document = document;
    for (const child of this._children) child._adopt(document);
  }
  _connect() {
    this._connected?.();
    for (const child of [...this._children]) child._connect();
  }
  _disconnect() {
    for (const child of [...this._children]) child._disconnect();
    this._disconnected?.();
  }
  appendChild(node) { return this.insertBefore(node, null); }
  append(...nodes) { for (const it of nodes) this.appendChild(this._asNode(it)); }
  prepend(...nodes) { for (const it of nodes.reverse()) this.insertBefore(this._asNode(it), this.firstChild); }
  replaceChildren(...nodes) {
    for (const child of [...this._children]) child.remove();
    this.append(...nodes);
  }
  _asNode(value) { return value instanceof Node ? value : new Text(this._document ?? this, `${value}`); }
  removeChild(node) {
    node.remove();
    return node;
  }
  replaceChild(node, old) {
    this.insertBefore(node, old);
    old.remove();
    return old;
  }
  remove() {
    const { parentNode } = this;
    if (!parentNode) return;
    const wasConnected = this.isConnected;
    parentNode._children.splice(parentNode._children.indexOf(this), 1);
    this.parentNode = null;
    if (wasConnected) this._disconnect();
  }
  cloneNode(deep = false) {
    const made = this._copy();
    if (deep) for (const child of this._children) made.appendChild(child.cloneNode(true));
    return made;
  }
  get textContent() { return this._children.map((child) => child.textContent).join(''); }
  set textContent(value) { this.replaceChildren(...(value === '' || value === null ? [] : [`${value}`])); }
  * _descendants() {
    for (const child of this._children) {
      yield child;
      yield* child._descendants();
    }
  }
  _elements(test) { return [...this._descendants()].filter((it) => it instanceof Element && test(it)); }
  querySelectorAll(selector) { return this._elements((it) => it.matches(selector)); }
  querySelector(selector) { return this.querySelectorAll(selector)[0] ?? null; }
  getElementsByTagName(name) {
    return this._elements((it) => name === '*' || it.localName === `${name}`.toLowerCase() || it.localName === name);
  }
  getElementsByClassName(name) { return this._elements((it) => it.classList.contains(name)); }
  get children() { return this._children.filter((it) => it instanceof Element); }
  get firstElementChild() { return this.children[0] ?? null; }
  get lastElementChild() { return this.children.at(-1) ?? null; }
  get childElementCount() { return this.children.length; }
}
for (const [name, value] of Object.entries({ ELEMENT_NODE: 1, TEXT_NODE: 3, COMMENT_NODE: 8, DOCUMENT_NODE: 9, DOCUMENT_FRAGMENT_NODE: 11 })) {
  Object.defineProperty(Node, name, { value });
  Object.defineProperty(Node.prototype, name, { value });
}
class CharacterData extends Node {
  constructor(document, data) {
    super(document);
    this.data = data;
  }
  get nodeValue() { return this.data; }
  set nodeValue(value) { this.data = `${value}`; }
  get textContent() { return this.data; }
  set textContent(value) { this.data = `${value}`; }
  get length() { return this.data.length; }
  _copy() { return new this.constructor(this._document, this.data); }
}
class Text extends CharacterData {
  get nodeType() { return 3; }
  get nodeName() { return '#text'; }
  _write() { return this.data.replace(/[&<>]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char]); }
}
class Comment extends CharacterData {
  get nodeType() { return 8; }
  get nodeName() { return '#comment'; }
  _write() { return `<!--${this.data}-->`; }
}
class DocumentFragment extends Node {
  get nodeType() { return 11; }
  get nodeName() { return '#document-fragment'; }
  _copy() { return new DocumentFragment(this._document); }
  getElementById(id) { return this._elements((it) => it.id === id)[0] ?? null; }
}

// One compound selector such as `script[src]` or `#log`.
function matchesCompound(element, compound) {
  const parts = compound.match(/[#.]?[\w-]+|\*|\[[^\]]+\]|:[\w-]+(\([^)]*\))?/g) ?? [];
  return parts.every((part) => {
    if (part === '*') return true;
    if (part[0] === '#') return element.id === part.slice(1);
    if (part[0] === '.') return element.classList.contains(part.slice(1));
    if (part[0] === ':') return false;
    if (part[0] === '[') {
      const [, name, , value] = /^\[\s*([\w:-]+)\s*(([~^$*|]?=)\s*["']?([^"'\]]*)["']?)?\s*\]$/.exec(part)?.filter((_, at) => at !== 2) ?? [];
      const actual = element.getAttribute(name);
      return actual !== null && (value === undefined || actual === value);
    }
    return element.localName === part.toLowerCase() || element.localName === part;
  });
}

class Element extends Node {
  _attributes = new Map();
  constructor(document, name) {
    super(document);
    Object.defineProperty(this, 'localName', { value: name });
  }
  get nodeType() { return 1; }
  get nodeName() { return this.tagName; }
  get tagName() { return this._isXml ? this.localName : this.localName.toUpperCase(); }
  get namespaceURI() { return 'http://www.w3.org/1999/xhtml'; }
  get attributes() { return [...this._attributes].map(([name, value]) => ({ name, value })); }
  getAttribute(name) { return this._attributes.get(this._isXml ? `${name}` : `${name}`.toLowerCase()) ?? null; }
  setAttribute(name, value) {
    const key = this._isXml ? `${name}` : `${name}`.toLowerCase();
    this._attributes.set(key, `${value}`);
    if (key.startsWith('on') && key in this) this[key] = inlineHandler(`${value}`);
    this._attributeChanged?.(key);
  }
  setAttributeNS(_, name, value) { this.setAttribute(name, value); }
  removeAttribute(name) {
    this._attributes.delete(`${name}`.toLowerCase());
    this._attributeChanged?.(`${name}`.toLowerCase());
  }
  hasAttribute(name) { return this._attributes.has(`${name}`.toLowerCase()); }
  toggleAttribute(name, force) {
    if (force ?? !this.hasAttribute(name)) this.setAttribute(name, '');
    else this.removeAttribute(name);
  }
  get classList() {
    const all = () => (this.getAttribute('class') ?? '').split(/\s+/).filter(Boolean);
    return {
      contains: (name) => all().includes(name),
      add: (...names) => this.setAttribute('class', [...new Set([...all(), ...names])].join(' ')),
      remove: (...names) => this.setAttribute('class', all().filter((it) => !names.includes(it)).join(' ')),
      toggle: (name) => (all().includes(name) ? this.classList.remove(name) : this.classList.add(name)),
    };
  }
  get className() { return this.getAttribute('class') ?? ''; }
  set className(value) { this.setAttribute('class', value); }
  matches(selectors) {
    return `${selectors}`.split(',').some((selector) => {
      const steps = selector.trim().replace(/\s*>\s*/g, ' ').split(/\s+/);
      if (!matchesCompound(this, steps.pop())) return false;
      let above = this.parentNode;
      while (steps.length > 0) {
        const step = steps.pop();
        while (above instanceof Element && !matchesCompound(above, step)) above = above.parentNode;
        if (!(above instanceof Element)) return false;
        above = above.parentNode;
      }
      return true;
    });
  }
  closest(selector) {
    for (let it = this; it instanceof Element; it = it.parentNode) if (it.matches(selector)) return it;
    return null;
  }
  get innerHTML() { return this._children.map((child) => child._write()).join(''); }
  set innerHTML(value) {
    this.replaceChildren();
    for (const it of parseFragment(this._document, `${value}`)) this.appendChild(it);
  }
  get outerHTML() { return this._write(); }
  insertAdjacentHTML(position, html) {
    for (const it of parseFragment(this._document, html)) this.insertAdjacentElement(position, it);
  }
  insertAdjacentText(position, text) { this.insertAdjacentElement(position, new Text(this._document, `${text}`)); }
  insertAdjacentElement(position, it) {
    if (position === 'beforebegin') this.parentNode.insertBefore(it, this);
    else if (position === 'afterend') this.parentNode.insertBefore(it, this.nextSibling);
    else if (position === 'afterbegin') this.insertBefore(it, this.firstChild);
    else this.appendChild(it);
    return it;
  }
  _write() {
    const attributes = [...this._attributes].map(([name, value]) => ` ${name}="${value.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"`).join('');
    const isVoid = ['area', 'base', 'br', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr'].includes(this.localName);
    return `<${this.localName}${attributes}>${isVoid ? '' : `${this.innerHTML}</${this.localName}>`}`;
  }
  _copy() {
    const made = this._document.createElement(this.localName);
    for (const [name, value] of this._attributes) made.setAttribute(name, value);
    return made;
  }
  get style() {
    return this._style ??= { setProperty() {}, getPropertyValue: () => '', removeProperty() {} };
  }
  getBoundingClientRect() { return { x: 0, y: 0, width: 0, height: 0, top: 0, left: 0, right: 0, bottom: 0 }; }
  getClientRects() { return [this.getBoundingClientRect()]; }
  scrollIntoView() {}
  focus() {}
  blur() {}
  attachShadow() { return this.shadowRoot = new DocumentFragment(this._document); }
  click() {
    if (fire(this, new Event('click', { bubbles: true, cancelable: true }))) this._activate?.();
  }
}
const inlineHandler = (code) => host.evaluate(`(function (event) { ${code}\n})`, 'inline handler');
// Properties that show an attribute.
function reflect(prototype, names) {
  for (const [property, options] of Object.entries(names)) {
    const attribute = options.attribute ?? property.toLowerCase();
    Object.defineProperty(prototype, property, {
      configurable: true,
      enumerable: true,
      get() {
        const value = this.getAttribute(attribute);
        if (options.is === 'boolean') return value !== null;
        if (options.is === 'url') return value === null ? '' : host.parseUrl(value, baseUrl())?.href ?? value;
        if (options.is === 'nullable') return value;
        if (options.is === 'policy') return value !== null && POLICIES.includes(value.toLowerCase()) ? value.toLowerCase() : '';
        return value ?? '';
      },
      set(value) {
        if (options.is === 'boolean' ? value : options.is !== 'nullable' || value !== null) {
          this.setAttribute(attribute, options.is === 'boolean' ? '' : value);
        } else {
          this.removeAttribute(attribute);
        }
      },
    });
  }
}
const POLICIES = ['no-referrer', 'no-referrer-when-downgrade', 'same-origin', 'origin', 'strict-origin',
  'origin-when-cross-origin', 'strict-origin-when-cross-origin', 'unsafe-url'];
reflect(Element.prototype, { id: {} });

class HTMLElement extends Element {}
handlers(HTMLElement.prototype, ['load', 'error', 'click', 'change', 'input', 'submit', 'loadeddata', 'canplay', 'loadedmetadata', 'abort', 'stalled', 'suspend', 'beforeload']);
reflect(HTMLElement.prototype, { title: {}, lang: {}, dir: {}, hidden: { is: 'boolean' } });
Object.defineProperty(HTMLElement.prototype, 'innerText', {
  get() { return this.textContent; }, set(value) { this.textContent = value; }, configurable: true,
});

// Starts the load of an element, and holds back the load event of its document.
function load(element, kind, url, then) {
  const { _document: document } = element;
  document._pending++;
  element._loading = {};
  const token = element._loading;
  const settle = (isLoaded, bytes, readable, head) => queueTask(() => {
    const isCurrent = element._loading === token;
    if (isCurrent) guarded(() => then(isLoaded, bytes, readable, head));
    document._settled();
  });
  const init = {
    load: kind, url,
    crossorigin: element.getAttribute('crossorigin'),
    integrity: element.getAttribute('integrity') ?? '',
    referrerPolicy: element.getAttribute('referrerpolicy') ?? '',
  };
  const request = host.newLoad(JSON.stringify(init));
  if (typeof request !== 'number') {
    settle(false);
    return;
  }
  let head = null;
  start(request, -1, kind, false, (event, first, second) => {
    if (event === 'head') {
      head = first;
    } else {
      if (head) addTiming(host.parseUrl(url, baseUrl())?.withoutHash ?? url, INITIATORS[kind] ?? kind, head, first?.length ?? 0);
      if (event === 'failed') host.log(`${url} does not load: ${first}`);
      settle(event === 'loaded', first, second, head);
    }
  });
}
const INITIATORS = { image: 'img', style: 'link', module: 'script' };
const loadEvents = (element) => (isLoaded) => fire(element, isLoaded ? 'load' : 'error');

// The width and the height of an image: those of a PNG, GIF, BMP or SVG, and 1 for others.
function sizeOf(bytes) {
  const at = (index) => bytes[index];
  if (at(0) === 0x89) return [16, 20].map((start) => (at(start + 2) << 8) | at(start + 3));
  if (at(0) === 0x42) return [18, 22].map((start) => at(start) | (at(start + 1) << 8));
  if (at(0) === 0x47) return [6, 8].map((start) => at(start) | (at(start + 1) << 8));
  const svg = /<svg[^>]*/.exec(latin1(bytes.subarray(0, 2000)))?.[0];
  return ['width', 'height'].map((name) => Number(new RegExp(`${name}=["']?(\\d+)`).exec(svg)?.[1] ?? 1));
}
class HTMLImageElement extends HTMLElement {
  complete = true;
  naturalWidth = 0;
  _attributeChanged(name) {
    if (name !== 'src' && name !== 'crossorigin') return;
    const url = this.getAttribute('src');
    if (url === null) return;
    this.complete = false;
    queueMicrotask(() => {
      load(this, 'image', url, (isLoaded, bytes, readable) => {
        this.complete = true;
        [this.naturalWidth, this.naturalHeight] = isLoaded ? sizeOf(bytes) : [0, 0];
        this._readable = readable;
        this._bytes = bytes;
        fire(this, isLoaded ? 'load' : 'error');
        this._decoded?.[isLoaded ? 'resolve' : 'reject'](new DOMException('this is no image', 'EncodingError'));
      });
    });
  }
  get width() { return Number(this.getAttribute('width') ?? this.naturalWidth); }
  set width(value) { this.setAttribute('width', value); }
  get clientWidth() { return this.width; }
  get clientHeight() { return this.height; }
  get height() { return Number(this.getAttribute('height') ?? this.naturalHeight); }
  set height(value) { this.setAttribute('height', value); }
  decode() { return (this._decoded = deferred()).promise; }
}
reflect(HTMLImageElement.prototype, {
  src: { is: 'url' }, crossOrigin: { is: 'nullable' }, referrerPolicy: { is: 'policy' }, alt: {}, name: {},
});

class HTMLScriptElement extends HTMLElement {
  _isDone = false;
  get text() { return this.textContent; }
  set text(value) { this.textContent = value; }
  get async() { return this._async ?? true; }
  set async(value) { this._async = Boolean(value); }
  _connected() { if (!this._isParsed) this._prepare(); }
  _childrenChanged() { if (this.isConnected && !this._isParsed) this._prepare(); }
  _attributeChanged(name) { if (name === 'src' && this.isConnected && !this._isParsed) this._prepare(); }
  _isScript() {
    const type = (this.getAttribute('type') ?? '').trim().toLowerCase();
    if (type === 'module') return 'module';
    return type === '' || /^(text|application)\/(x-)?(java|ecma|live|j)script(1\.[0-5])?$/.test(type) ? 'script' : null;
  }
  // Runs the script, or begins to load it; the callback tells that it has run.
  _prepare(done = () => {}) {
    const kind = this._isScript();
    const source = this.getAttribute('src');
    if (this._isDone || !kind || (source === null && this.textContent === '')) { done(); return; }
    this._isDone = true;
    if (source === null) {
      if (kind === 'script') this._run(this.textContent, documentUrl());
      done();
      return;
    }
    if (source === '') {
      queueTask(() => fire(this, 'error'));
      done();
      return;
    }
    load(this, kind, source, (isLoaded, bytes, readable, head) => {
      if (isLoaded && kind === 'script') {
        const type = host.mimeType(host.newHeaders('none', head.internalHeaders));
        const label = /charset="?([^";\s]+)/i.exec(type)?.[1] ?? this.getAttribute('charset');
        const charset = (label && host.encodingName(label)) || 'utf-8';
        this._run(host.decode(charset, bytes, false, false), head.internalUrl, readable);
      }
      fire(this, isLoaded ? 'load' : 'error');
      done();
    });
  }
  _run(text, url, readable = true) {
    const { document } = realm;
    const before = document._currentScript;
    document._currentScript = this;
    try {
      host.evaluate(text, url);
    } catch (error) {
      if (readable) report(error);
      else fire(global, new ErrorEvent('error', { message: 'Script error.', cancelable: true }));
    }
    document._currentScript = before;
    host.microtasks();
    realm.afterScript?.(url);
  }
}
reflect(HTMLScriptElement.prototype, {
  src: { is: 'url' }, type: {}, charset: {}, crossOrigin: { is: 'nullable' }, integrity: {}, defer: { is: 'boolean' },
  referrerPolicy: { is: 'policy' }, noModule: { is: 'boolean' }, nonce: {},
});

class HTMLLinkElement extends HTMLElement {
  _connected() { this._update(); }
  _attributeChanged(name) { if (['href', 'rel', 'crossorigin'].includes(name) && this.isConnected) this._update(); }
  get relList() { return { supports: (name) => name === 'stylesheet' }; }
  _update() {
    const url = this.getAttribute('href');
    const kinds = (this.getAttribute('rel') ?? '').toLowerCase().split(/\s+/);
    if (!url || !kinds.includes('stylesheet') || this._isQueued) return;
    this._isQueued = true;
    queueMicrotask(() => {
      this._isQueued = false;
      load(this, 'style', this.getAttribute('href'), (isLoaded, bytes, readable) => {
        this.sheet = isLoaded ? { cssRules: readable ? [] : null } : null;
        fire(this, isLoaded ? 'load' : 'error');
      });
    });
  }
}
reflect(HTMLLinkElement.prototype, {
  href: { is: 'url' }, rel: {}, as: {}, type: {}, media: {}, crossOrigin: { is: 'nullable' }, integrity: {},
  referrerPolicy: { is: 'policy' },
});

class HTMLMediaElement extends HTMLElement {
  error = null;
  _attributeChanged(name) { if (name === 'src') this.load(); }
  load() {
    const url = this.getAttribute('src');
    if (!url) return;
    queueMicrotask(() => load(this, 'video', url, (isLoaded) => {
      this.error = isLoaded ? null : { code: 4 };
      for (const type of isLoaded ? ['loadedmetadata', 'loadeddata', 'canplay', 'canplaythrough'] : ['error']) fire(this, type);
    }));
  }
  play() { return Promise.resolve(); }
  pause() {}
  canPlayType() { return 'maybe'; }
}
handlers(HTMLMediaElement.prototype, ['canplaythrough']);
reflect(HTMLMediaElement.prototype, { src: { is: 'url' }, crossOrigin: { is: 'nullable' }, preload: {}, autoplay: { is: 'boolean' }, muted: { is: 'boolean' } });
class HTMLVideoElement extends HTMLMediaElement {}
class HTMLAudioElement extends HTMLMediaElement {}

class HTMLAnchorElement extends HTMLElement {
  _activate() {
    const url = this.getAttribute('href');
    if (url === null) return;
    const noReferrer = (this.getAttribute('rel') ?? '').includes('noreferrer');
    navigateNamed(this.getAttribute('target') ?? '', url, {
      referrerPolicy: noReferrer ? 'no-referrer' : this.getAttribute('referrerpolicy') ?? '',
    });
  }
  toString() { return this.href; }
}
reflect(HTMLAnchorElement.prototype, { href: { is: 'url' }, target: {}, rel: {}, referrerPolicy: { is: 'policy' }, download: {}, ping: {} });
for (const part of ['protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash', 'origin', 'username', 'password']) {
  Object.defineProperty(HTMLAnchorElement.prototype, part, {
    get() { return host.parseUrl(this.getAttribute('href') ?? '', baseUrl())?.[part] ?? ''; },
    set(value) {
      const parts = host.setUrlPart(this.href, part, `${value}`);
      if (parts) this.href = parts.href;
    },
    configurable: true,
  });
}
class HTMLAreaElement extends HTMLAnchorElement {}

class HTMLInputElement extends HTMLElement {
  get value() { return this._value ?? this.getAttribute('value') ?? ''; }
  set value(value) { this._value = `${value}`; }
  _activate() { if (this.type === 'submit') this.closest('form')?.requestSubmit(); }
}
reflect(HTMLInputElement.prototype, { name: {}, type: {}, checked: { is: 'boolean' }, disabled: { is: 'boolean' } });
class HTMLButtonElement extends HTMLInputElement {}
class HTMLTextAreaElement extends HTMLInputElement {
  get value() { return this._value ?? this.textContent; }
  set value(value) { this._value = `${value}`; }
}
class HTMLFormElement extends HTMLElement {
  * _fields() {
    for (const field of this._elements((it) => it instanceof HTMLInputElement && it.name !== '')) yield [field.name, field.value];
  }
  get elements() { return this._elements((it) => it instanceof HTMLInputElement); }
  requestSubmit() { if (fire(this, new Event('submit', { bubbles: true, cancelable: true }))) this.submit(); }
  submit() {
    const pairs = [...this._fields()];
    const url = this.getAttribute('action') || documentUrl();
    const target = this.getAttribute('target') ?? '';
    const noReferrer = (this.getAttribute('rel') ?? '').includes('noreferrer');
    const more = noReferrer ? { referrerPolicy: 'no-referrer' } : {};
    if (this.method.toLowerCase() !== 'post') {
      const parts = host.setUrlPart(host.parseUrl(url, baseUrl()).href, 'search', host.writeForm(pairs));
      navigateNamed(target, parts.href, more);
      return;
    }
    const form = new FormData();
    form._pairs = pairs;
    let body = encode(host.writeForm(pairs));
    let contentType = 'application/x-www-form-urlencoded';
    if (this.enctype === 'multipart/form-data') {
      const { bytes, boundary } = writeMultipart(form);
      [body, contentType] = [bytes, `multipart/form-data; boundary=${boundary}`];
    } else if (this.enctype === 'text/plain') {
      [body, contentType] = [encode(pairs.map(([name, value]) => `${name}=${value}\r\n`).join('')), 'text/plain'];
    }
    navigateNamed(target, url, { ...more, method: 'POST', body, contentType });
  }
}
reflect(HTMLFormElement.prototype, { action: { is: 'url' }, method: {}, enctype: {}, target: {}, rel: {}, name: {}, acceptCharset: { attribute: 'accept-charset' } });

class HTMLMetaElement extends HTMLElement {
  _connected() { this._update(); }
  _attributeChanged() { if (this.isConnected) this._update(); }
  _update() {
    if (this._document !== realm.document) return;
    const content = this.getAttribute('content');
    if (this.name.toLowerCase() === 'referrer' && content) {
      const policy = { never: 'no-referrer', always: 'unsafe-url', default: 'strict-origin-when-cross-origin', 'origin-when-crossorigin': 'origin-when-cross-origin' }[content.toLowerCase()] ?? content.toLowerCase();
      if (POLICIES.includes(policy)) host.setReferrerPolicy(policy);
    }
    if (this.httpEquiv.toLowerCase() === 'content-security-policy' && /(^|;)\s*upgrade-insecure-requests\s*(;|$)/i.test(content ?? '')) {
      host.upgradeInsecureRequests();
    }
    if (this.httpEquiv.toLowerCase() === 'refresh' && content) {
      const [, delay, url] = /^\s*(\d+)\s*[;,]?\s*(?:url\s*=\s*)?["']?([^"']*)/i.exec(content) ?? [];
      if (url) later(Number(delay) * 1000, () => navigateNamed('', url, {}));
    }
  }
}
reflect(HTMLMetaElement.prototype, { name: {}, content: {}, httpEquiv: { attribute: 'http-equiv' }, charset: {} });
class HTMLBaseElement extends HTMLElement {
  _connected() { this._document._baseChanged?.(); }
  _disconnected() { this._document._baseChanged?.(); }
  _attributeChanged() { if (this.isConnected) this._document._baseChanged?.(); }
}
Object.defineProperty(HTMLBaseElement.prototype, 'href', {
  get() { return host.parseUrl(this.getAttribute('href') ?? '', documentUrl())?.href ?? ''; },
  set(value) { this.setAttribute('href', value); },
});
class HTMLStyleElement extends HTMLElement {
  _connected() { queueTask(() => fire(this, 'load')); }
  get sheet() { return { cssRules: [], insertRule() {} }; }
}
class HTMLCanvasElement extends HTMLElement {
  getContext() {
    return {
      drawImage: (image) => {
        this._tainted ||= image._readable === false;
        this._pixels = image._bytes && host.pixels(image._bytes);
      },
      getImageData: () => this._check(), fillRect() {}, clearRect() {},
    };
  }
  _check() {
    if (this._tainted) throw new DOMException('the canvas is tainted', 'SecurityError');
    return { data: new Uint8ClampedArray(this._pixels ?? 4) };
  }
  toDataURL() { this._check(); return 'data:,'; }
}

class HTMLIFrameElement extends HTMLElement {
  _context = null;
  _connected() {
    if (this._document !== realm.document) return;
    this._context = newContext(this);
    this._navigate();
  }
  _disconnected() {
    if (!this._context) return;
    closeContext(this._context);
    this._context = null;
  }
  _attributeChanged(name) {
    if (!this._context) return;
    if (name === 'name') this._context.name = this.getAttribute('name');
    if ((name === 'src' && !this.hasAttribute('srcdoc')) || name === 'srcdoc') this._navigate();
  }
  _navigate() {
    const context = this._context;
    const sandbox = this.getAttribute('sandbox');
    context.sandbox = sandbox === null ? realm.context?.sandbox ?? null : new Set(sandbox.toLowerCase().split(/\s+/));
    const referrerPolicy = this.getAttribute('referrerpolicy') ?? '';
    if (this.hasAttribute('srcdoc')) {
      navigate(context, 'about:srcdoc', { srcdoc: this.getAttribute('srcdoc') });
    } else {
      const url = this.getAttribute('src');
      navigate(context, url === null || url === '' ? 'about:blank' : url, { referrerPolicy, isInitial: true });
    }
  }
  get contentWindow() { return this._context ? proxyOf(this._context) : null; }
  get contentDocument() {
    if (!this._context) return null;
    const other = realmOf(this._context);
    return host.isSameOrigin(other.index, realm.index) ? other.document : null;
  }
  get sandbox() { return { add: (name) => this.setAttribute('sandbox', `${this.getAttribute('sandbox') ?? ''} ${name}`), toString: () => this.getAttribute('sandbox') ?? '' }; }
  set sandbox(value) { this.setAttribute('sandbox', value); }
}
reflect(HTMLIFrameElement.prototype, {
  src: { is: 'url' }, srcdoc: {}, name: {}, referrerPolicy: { is: 'policy' }, allow: {}, width: {}, height: {}, loading: {},
});
class HTMLFrameElement extends HTMLIFrameElement {}
class HTMLObjectElement extends HTMLElement {}
class HTMLEmbedElement extends HTMLElement {}
reflect(HTMLObjectElement.prototype, { data: { is: 'url' }, type: {} });
reflect(HTMLEmbedElement.prototype, { src: { is: 'url' }, type: {} });

const CLASSES = {
  a: HTMLAnchorElement, area: HTMLAreaElement, audio: HTMLAudioElement, base: HTMLBaseElement, button: HTMLButtonElement,
  canvas: HTMLCanvasElement, embed: HTMLEmbedElement, form: HTMLFormElement, frame: HTMLFrameElement,
  iframe: HTMLIFrameElement, img: HTMLImageElement, input: HTMLInputElement, link: HTMLLinkElement, meta: HTMLMetaElement,
  object: HTMLObjectElement, script: HTMLScriptElement, style: HTMLStyleElement, textarea: HTMLTextAreaElement,
  video: HTMLVideoElement,
};

class Document extends Node {
  _pending = 0;
  _readyState = 'complete';
  _currentScript = null;
  _url = 'about:blank';
  _type = 'text/html';
  get nodeType() { return 9; }
  get nodeName() { return '#document'; }
  get ownerDocument() { return null; }
  get documentElement() { return this.children[0] ?? null; }
  get head() { return this._elements((it) => it.localName === 'head')[0] ?? null; }
  get body() { return this._elements((it) => it.localName === 'body' || it.localName === 'frameset')[0] ?? null; }
  set body(value) { this.documentElement.appendChild(value); }
  get title() { return this._elements((it) => it.localName === 'title')[0]?.textContent ?? ''; }
  set title(value) { this._title = value; }
  get URL() { return this === realm.document ? documentUrl() : this._url; }
  get documentURI() { return this.URL; }
  get readyState() { return this._readyState; }
  get contentType() { return this._type; }
  get characterSet() { return this._charset ?? 'UTF-8'; }
  get charset() { return this.characterSet; }
  get inputEncoding() { return this.characterSet; }
  get compatMode() { return 'CSS1Compat'; }
  get currentScript() { return this._currentScript; }
  get defaultView() { return this === realm.document ? global : null; }
  get location() { return this === realm.document ? global.location : null; }
  set location(value) { global.location.href = value; }
  get cookie() { return host.cookies(documentUrl()); }
  set cookie(value) { host.setCookie(documentUrl(), usv(value)); }
  get domain() { return global.location.hostname; }
  set domain(value) {}
  get referrer() { return this._referrer ?? ''; }
  get visibilityState() { return 'visible'; }
  get hidden() { return false; }
  get scripts() { return this.getElementsByTagName('script'); }
  get images() { return this.getElementsByTagName('img'); }
  get forms() { return this.getElementsByTagName('form'); }
  get links() { return this._elements((it) => it instanceof HTMLAnchorElement && it.hasAttribute('href')); }
  get styleSheets() { return this._elements((it) => it.sheet).map((it) => it.sheet); }
  get activeElement() { return this.body; }
  get implementation() {
    return {
      createHTMLDocument: (title = '') => parseText(`<!doctype html><title>${title}</title>`, 'text/html'),
      createDocument: () => parseText('', 'text/xml'),
    };
  }
  hasFocus() { return true; }
  getElementById(id) { return this._elements((it) => it.id === `${id}`)[0] ?? null; }
  getElementsByName(name) { return this._elements((it) => it.getAttribute('name') === `${name}`); }
  createElement(name) {
    const isXml = this._type !== 'text/html' && this !== realm.document;
    const local = isXml ? `${name}` : `${name}`.toLowerCase();
    const element = new (isXml ? Element : CLASSES[local] ?? HTMLElement)(this, local);
    element._isXml = isXml;
    return element;
  }
  createElementNS(_, name) { return this.createElement(`${name}`.split(':').at(-1)); }
  createTextNode(data) { return new Text(this, `${data}`); }
  createComment(data) { return new Comment(this, `${data}`); }
  createDocumentFragment() { return new DocumentFragment(this); }
  createEvent(name) { return new (/^custom/i.test(name) ? CustomEvent : Event)(''); }
  importNode(node, deep) { return node.cloneNode(deep); }
  adoptNode(node) { node.remove(); node._adopt(this); return node; }
  execCommand() { return false; }
  open() { this.replaceChildren(); return this; }
  close() {}
  write(...texts) {
    const parent = this._currentScript?.parentNode ?? this.body ?? this.documentElement ?? this;
    for (const it of parseFragment(this, texts.join(''))) parent.appendChild(it);
  }
  writeln(...texts) { this.write(...texts, '\n'); }
  // A load is over; the last one lets the load event happen.
  _settled() {
    this._pending--;
    this._mayLoad();
  }
  _mayLoad() {
    if (this._pending > 0 || this._readyState !== 'interactive') return;
    queueTask(() => {
      if (this._pending > 0 || this._readyState !== 'interactive') return;
      this._readyState = 'complete';
      fire(this, 'readystatechange');
      fire(global, 'load');
      fire(global, new PageTransitionEvent('pageshow'));
      realm.loaded?.();
    });
  }
  _copy() { return new Document(null); }
  _write() { return `${this._type === 'text/html' ? '<!DOCTYPE html>' : ''}${this._children.map((it) => it._write()).join('')}`; }
}
handlers(Document.prototype, ['readystatechange', 'load', 'click', 'visibilitychange', 'securitypolicyviolation']);
class HTMLDocument extends Document {}
class XMLDocument extends Document {}

// Nodes from what the parser gives.
function build(document, tree, parent) {
  if (typeof tree === 'string') return parent.appendChild(new Text(document, tree));
  const [name, attributes, children] = tree;
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  for (const child of children) build(document, child, element);
  return parent.appendChild(element);
}
function parseFragment(document, html) {
  const holder = new DocumentFragment(document);
  const [[, , children]] = host.parseDocument(`<!doctype html><body>${html}`);
  for (const part of children) if (typeof part !== 'string') for (const it of part[2]) build(document, it, holder);
  return [...holder._children].map((it) => {
    it.remove();
    return it;
  });
}
function parseText(text, type) {
  const document = new (type === 'text/html' ? HTMLDocument : XMLDocument)(null);
  document._type = type;
  if (type !== 'text/html') {
    const tree = host.parseXml(text);
    for (const it of tree ?? []) build(document, it, document);
    return tree && document;
  }
  for (const it of host.parseDocument(text)) build(document, it, document);
  return document;
}
class DOMParser {
  parseFromString(text, type) { return parseText(`${text}`, type); }
}
class XMLSerializer {
  serializeToString(node) { return node._write?.() ?? node.documentElement._write(); }
}
