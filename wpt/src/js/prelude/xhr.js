// XMLHttpRequest.

class XMLHttpRequestEventTarget extends EventTarget {}
handlers(XMLHttpRequestEventTarget.prototype, ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend']);
class XMLHttpRequestUpload extends XMLHttpRequestEventTarget {
  _hasListeners() { return [...(listenersOf.get(this)?.values() ?? [])].some((list) => list.length > 0); }
}
const invalidState = (message) => new DOMException(message, 'InvalidStateError');
const RESPONSE_TYPES = ['', 'arraybuffer', 'blob', 'document', 'json', 'text'];

class XMLHttpRequest extends XMLHttpRequestEventTarget {
  _state = 0; _sent = false; _isAsync = true; _handle = null; _head = null; _chunks = []; _size = 0; _type = '';
  _timeout = 0; _withCredentials = false; _mime = null; _id = null; _timer = null; _result = undefined; _failed = false;
  _uploadOver = false; _uploadListener = false;
  upload = new XMLHttpRequestUpload();
  get readyState() { return this._state; }
  get status() { return this._head?.status ?? 0; }
  get statusText() { return this._head?.statusText ?? ''; }
  get responseURL() { return this._head?.url ?? ''; }
  get withCredentials() { return this._withCredentials; }
  set withCredentials(value) {
    if (this._state > 1 || this._sent) throw invalidState('the request is sent');
    this._withCredentials = Boolean(value);
  }
  get timeout() { return this._timeout; }
  set timeout(value) {
    if (isWindow() && this._state > 0 && !this._isAsync) throw new DOMException('a synchronous request has no timeout', 'InvalidAccessError');
    this._timeout = Number(value);
    if (this._sent && this._timeout > 0) this._startTimeout();
  }
  get responseType() { return this._type; }
  set responseType(value) {
    if (!RESPONSE_TYPES.includes(`${value}`) || (!isWindow() && value === 'document')) return;
    if (this._state > 2) throw invalidState('the response is there');
    if (isWindow() && this._state > 0 && !this._isAsync) throw new DOMException('a synchronous request has no response type', 'InvalidAccessError');
    this._type = `${value}`;
  }
  open(method, url, isAsync = true, user = null, password = null) {
    const name = byteString(method);
    let address = usv(url);
    if (arguments.length > 2 && (user != null || password != null)) {
      let parts = host.parseUrl(address, baseUrl());
      if (parts?.host) {
        if (user != null) parts = host.setUrlPart(parts.href, 'username', usv(user));
        if (password != null) parts = host.setUrlPart(parts.href, 'password', usv(password));
        address = parts.href;
      }
    }
    const handle = check(host.openXhr(name, address));
    if (!isAsync && isWindow() && (this._timeout !== 0 || this._type !== '')) {
      throw new DOMException('a synchronous request has no timeout and no response type', 'InvalidAccessError');
    }
    this._terminate();
    Object.assign(this, { _handle: handle, _sent: false, _uploadListener: false, _hasType: false, _isAsync: Boolean(isAsync), _head: null, _chunks: [], _size: 0,
      _result: undefined, _failed: false, _method: name.toUpperCase() });
    if (this._state !== 1) {
      this._state = 1;
      fire(this, 'readystatechange');
    }
  }
  setRequestHeader(name, value) {
    if (this._state !== 1 || this._sent) throw invalidState('the request is not open');
    if (arguments.length < 2) throw new TypeError('a header has a name and a value');
    check(host.setXhrHeader(this._handle, byteString(name), byteString(value)));
    this._hasType ||= `${name}`.toLowerCase() === 'content-type';
  }
  overrideMimeType(type) {
    if (this._state > 2) throw invalidState('the response is there');
    this._mime = host.parseMimeType(usv(type)) ?? 'application/octet-stream';
  }
  send(body = null) {
    if (this._state !== 1 || this._sent) throw invalidState('the request is not open');
    let extracted = null;
    if (body !== null && body !== undefined && this._method !== 'GET' && this._method !== 'HEAD') {
      if (isDocument(body)) {
        const type = body._type === 'text/html' ? 'text/html' : 'application/xml';
        // The library takes a document for a text, whose type has been set.
        const kind = this._hasType ? { kind: 'text' } : { kind: 'blob', type: `${type};charset=UTF-8` };
        extracted = { kind, bytes: encode(body._write()) };
      } else {
        extracted = extract(isStream(body) ? `${body}` : body);
        if (this._state !== 1 || this._sent) throw invalidState('the request is not open');
      }
    }
    this._uploadListener = this.upload._hasListeners();
    this._uploadOver = !extracted;
    this._failed = false;
    const options = {
      withCredentials: this._withCredentials, uploadListener: this._isAsync && this._uploadListener, body: extracted?.kind ?? null,
    };
    const request = check(host.sendXhr(this._handle, JSON.stringify(options), extracted?.bytes ?? NOTHING));
    if (this._isAsync) this._sendLater(request, extracted);
    else this._sendNow(request);
  }
  _progress(target, type, loaded, total) {
    fire(target, new ProgressEvent(type, { loaded, total, lengthComputable: total !== 0 }));
  }
  _sendLater(request, extracted) {
    this._sent = true;
    const length = extracted?.bytes.length ?? 0;
    this._progress(this, 'loadstart', 0, 0);
    if (!this._uploadOver && this._uploadListener) this._progress(this.upload, 'loadstart', 0, length);
    if (this._state !== 1 || !this._sent) return;
    this._started = host.now();
    if (this._timeout > 0) this._startTimeout();
    this._id = start(request, -1, 'fetch', false, (kind, first) => {
      if (kind === 'head') {
        if (!this._uploadOver) {
          this._uploadOver = true;
          if (this._uploadListener) {
            for (const type of ['progress', 'load', 'loadend']) this._progress(this.upload, type, length, length);
          }
        }
        this._head = first;
        this._state = 2;
        fire(this, 'readystatechange');
      } else if (kind === 'chunk') {
        this._chunks.push(first);
        this._size += first.length;
        if (this._state === 2) this._state = 3;
        fire(this, 'readystatechange');
        this._progress(this, 'progress', this._size, this._total());
      } else if (kind === 'end') {
        if (this._head) addTiming(this._head.url, 'xmlhttprequest', this._head, this._size);
        this._done();
      } else {
        this._fail('error', new DOMException(`${first}`, 'NetworkError'));
      }
    });
  }
  _total() {
    const length = this._head?.headers.find(([name]) => name.toLowerCase() === 'content-length');
    const coded = this._head?.headers.some(([name]) => name.toLowerCase() === 'content-encoding');
    return length && !coded ? Number(length[1]) || 0 : 0;
  }
  _done() {
    forget(this._timer);
    this._id = null;
    const total = this._total();
    if (this._size === 0 || this._head.hasNullBody) this._progress(this, 'progress', this._size, total);
    this._state = 4;
    this._sent = false;
    fire(this, 'readystatechange');
    if (this._state !== 4) return;
    this._progress(this, 'load', this._size, total);
    if (this._state !== 4) return;
    this._progress(this, 'loadend', this._size, total);
  }
  _fail(type, error) {
    forget(this._timer);
    this._id = null;
    this._state = 4;
    this._sent = false;
    this._head = null;
    this._chunks = [];
    this._failed = true;
    if (!this._isAsync) throw error;
    fire(this, 'readystatechange');
    if (!this._uploadOver) {
      this._uploadOver = true;
      if (this._uploadListener) {
        this._progress(this.upload, type, 0, 0);
        this._progress(this.upload, 'loadend', 0, 0);
      }
    }
    this._progress(this, type, 0, 0);
    this._progress(this, 'loadend', 0, 0);
  }
  _startTimeout() {
    forget(this._timer);
    this._timer = later(Math.max(0, this._started + this._timeout - host.now()), () => {
      if (!this._sent) return;
      this._terminate();
      this._fail('timeout', new DOMException('the time is over', 'TimeoutError'));
    });
  }
  _sendNow(request) {
    this._sent = true;
    const answer = host.fetchNow(request, 'fetch');
    this._sent = false;
    this._state = 4;
    if (answer.error) {
      this._failed = true;
      this._head = null;
      // Every engine fires these events before it throws.
      fire(this, 'readystatechange');
      this._progress(this, 'error', 0, 0);
      this._progress(this, 'loadend', 0, 0);
      throw new DOMException(answer.message, answer.error);
    }
    const [head, body] = answer;
    this._head = head;
    this._chunks = [body];
    this._size = body.length;
    addTiming(head.url, 'xmlhttprequest', head, body.length);
    fire(this, 'readystatechange');
    this._progress(this, 'load', this._size, this._total());
    this._progress(this, 'loadend', this._size, this._total());
  }
  _terminate() {
    forget(this._timer);
    if (this._id !== null) stop(this._id);
    this._id = null;
  }
  abort() {
    this._terminate();
    if ((this._state === 1 && this._sent) || this._state === 2 || this._state === 3) {
      this._isAsync = true;
      this._fail('abort', new DOMException('this is aborted', 'AbortError'));
    }
    if (this._state === 4) {
      this._state = 0;
      this._head = null;
      this._chunks = [];
    }
  }
  getResponseHeader(name) {
    if (!this._head) return null;
    const wanted = byteString(name);
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(wanted)) return null;
    return host.getHeader(this._list(), wanted) ?? null;
  }
  _list() {
    this._head._list ??= host.newHeaders('none', this._head.headers);
    return this._head._list;
  }
  getAllResponseHeaders() { return this._head?.allHeaders ?? ''; }
  // The response's MIME type, and what stands in for it.
  _responseMime() { return (this._head && host.mimeType(this._list())) || 'text/xml'; }
  _mimeOf() { return this._mime ?? this._responseMime(); }
  _charset() {
    for (const type of [this._mime ?? '', this._responseMime()]) {
      const label = /;charset="?([^";]+)/.exec(type)?.[1];
      const name = label && host.encodingName(label);
      if (name) return name;
    }
    return null;
  }
  get responseText() {
    if (this._type !== '' && this._type !== 'text') throw invalidState('the response is no text');
    return this._text();
  }
  _text() {
    if (this._state < 3 || this._failed) return '';
    const bytes = concat(this._chunks);
    return host.decode(bomOf(bytes) ?? this._charset() ?? this._xmlCharset(bytes) ?? 'utf-8', bytes, false, false);
  }
  // What the declaration of an XML document says.
  _xmlCharset(bytes) {
    if (this._type !== '' || !/xml$/.test(essenceOf(this._mimeOf()))) return null;
    const label = /^<\?xml[^>]*encoding=["']([^"']+)/.exec(latin1(bytes.subarray(0, 200)))?.[1];
    return (label && host.encodingName(label)) || null;
  }
  get responseXML() {
    if (this._type !== '' && this._type !== 'document') throw invalidState('the response is no document');
    if (this._state !== 4 || this._failed || !isWindow()) return null;
    return this._document();
  }
  _document() {
    const type = essenceOf(this._mimeOf());
    const isHtml = type === 'text/html';
    if (this._size > 0 && this._mime === null && !host.mimeType(this._list())) return parseText(this._text(), 'text/xml');
    if (!(isHtml || type === 'text/xml' || type === 'application/xml' || type.endsWith('+xml'))) return null;
    if (isHtml && this._type === '') return null;
    if (this._size === 0) return null;
    return parseText(this._text(), isHtml ? 'text/html' : 'text/xml');
  }
  get response() {
    if (this._type === '' || this._type === 'text') return this._text();
    if (this._state !== 4 || this._failed) return null;
    if (this._result !== undefined) return this._result;
    const bytes = concat(this._chunks);
    if (this._type === 'arraybuffer') this._result = bytes.buffer;
    else if (this._type === 'blob') this._result = Object.assign(new Blob([bytes]), { _type: this._mimeOf() });
    else if (this._type === 'document') this._result = this._document();
    else this._result = guardedJson(decodeUtf8(bytes));
    return this._result;
  }
}
// The encoding that a byte order mark names.
function bomOf(bytes) {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : null;
}
function guardedJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
handlers(XMLHttpRequest.prototype, ['readystatechange']);
for (const [value, name] of ['UNSENT', 'OPENED', 'HEADERS_RECEIVED', 'LOADING', 'DONE'].entries()) {
  Object.defineProperty(XMLHttpRequest, name, { value, enumerable: true });
  Object.defineProperty(XMLHttpRequest.prototype, name, { value, enumerable: true });
}
describe({ XMLHttpRequestEventTarget, XMLHttpRequestUpload, XMLHttpRequest });
