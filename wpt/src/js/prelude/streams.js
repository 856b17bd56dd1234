// Streams, as far as tests of fetch ask: readable streams with default and byte controllers, and
// enough of the writable ones to pipe.

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => { Object.assign(made, { resolve, reject }); });
  made.promise.catch(() => {});
  return made;
}
const isStream = (value) => tagOf(value) === 'ReadableStream' && value._controller !== undefined;

class ReadableStream {
  _state = 'readable';
  _reader = null;
  _error = undefined;
  _disturbed = false;
  // The user agent's own objects have no prototype, since a page may have changed that of objects.
  constructor(source = { __proto__: null }, strategy = { __proto__: null }) {
    if (source === null || typeof source !== 'object') throw new TypeError('a source is an object');
    const { type } = source;
    if (type !== undefined && `${type}` !== 'bytes') throw new TypeError(`${type} is no type of source`);
    const isBytes = type !== undefined;
    const highWaterMark = strategy?.highWaterMark === undefined ? (isBytes ? 0 : 1) : Number(strategy.highWaterMark);
    if (Number.isNaN(highWaterMark) || highWaterMark < 0) throw new RangeError('a high-water mark is not negative');
    this._controller = isBytes
      ? new ReadableByteStreamController(making, this, source, highWaterMark)
      : new ReadableStreamDefaultController(making, this, source, highWaterMark, strategy?.size);
    this._controller._start();
  }
  static from(iterable) {
    const iterator = iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]();
    return new ReadableStream({
      async pull(controller) {
        const { value, done } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) { await iterator.return?.(reason); },
    }, { highWaterMark: 0 });
  }
  get locked() { return this._reader !== null; }
  cancel(reason) {
    return this.locked ? Promise.reject(new TypeError('the stream is locked')) : this._cancel(reason);
  }
  getReader(options = {}) {
    const { mode } = options ?? {};
    if (mode !== undefined && `${mode}` !== 'byob') throw new TypeError(`${mode} is no mode`);
    return mode === undefined ? new ReadableStreamDefaultReader(this) : new ReadableStreamBYOBReader(this);
  }
  _cancel(reason) {
    this._disturbed = true;
    if (this._state === 'closed') return Promise.resolve();
    if (this._state === 'errored') return Promise.reject(this._error);
    this._close();
    return this._controller._cancel(reason).then(() => undefined);
  }
  _close() {
    if (this._state !== 'readable') return;
    this._state = 'closed';
    if (!this._reader) return;
    for (const request of this._reader._requests.splice(0)) request.close();
    this._reader._closed.resolve();
  }
  _fail(error) {
    if (this._state !== 'readable') return;
    this._state = 'errored';
    this._error = error;
    if (!this._reader) return;
    for (const request of this._reader._requests.splice(0)) request.fail(error);
    this._reader._closed.reject(error);
  }
  // Asks for a chunk; the answer comes at once if there is one.
  _read(request) {
    this._disturbed = true;
    if (this._state === 'closed') request.close();
    else if (this._state === 'errored') request.fail(this._error);
    else this._controller._pullInto(request);
  }
  // Two streams with the same chunks; the second one may get copies.
  tee() { return this._tee(false); }
  _tee(copies) {
    const reader = this.getReader();
    const copyOf = (value) => (copies || this._isBytes ? read(write(value)) : value);
    const stream = this;
    const branches = [];
    const canceled = [false, false];
    const reasons = [];
    const cancellation = deferred();
    let isReading = false;
    let again = false;
    const pull = () => {
      if (isReading) { again = true; return; }
      isReading = true;
      reader._read({
        chunk: (value) => queueMicrotask(() => {
          again = false;
          const copies = [value, copyOf(value)];
          branches.forEach((branch, index) => { if (!canceled[index]) branch.enqueue(copies[index]); });
          isReading = false;
          if (again) pull();
        }),
        close: () => {
          isReading = false;
          branches.forEach((branch, index) => { if (!canceled[index]) branch.close(); });
          if (!canceled[0] || !canceled[1]) cancellation.resolve();
        },
        fail: () => { isReading = false; },
      });
    };
    const make = (index) => new ReadableStream({
      start(controller) { branches[index] = controller; },
      pull,
      cancel(reason) {
        canceled[index] = true;
        reasons[index] = reason;
        if (canceled[0] && canceled[1]) cancellation.resolve(stream._cancel(reasons));
        return cancellation.promise;
      },
    }, { highWaterMark: 0 });
    const made = [make(0), make(1)];
    made.forEach((it) => { it._isBytes = this._isBytes; });
    reader._closed.promise.catch((error) => {
      branches.forEach((branch) => branch.error(error));
      if (!canceled[0] || !canceled[1]) cancellation.resolve();
    });
    return made;
  }
  async pipeTo(destination, { preventClose, preventAbort, preventCancel, signal } = {}) {
    if (this.locked || destination.locked) throw new TypeError('a stream is locked');
    const [reader, writer] = [this.getReader(), destination.getWriter()];
    const stop = signal && deferred();
    signal?.addEventListener('abort', () => stop.reject(signal.reason));
    try {
      for (;;) {
        if (signal?.aborted) throw signal.reason;
        const { value, done } = await (stop ? Promise.race([reader.read(), stop.promise]) : reader.read());
        if (done) break;
        await writer.write(value);
      }
      if (!preventClose) await writer.close();
    } catch (error) {
      if (!preventAbort) await writer.abort(error).catch(() => {});
      if (!preventCancel) await this._cancel(error).catch(() => {});
      throw error;
    } finally {
      if (reader._stream) reader.releaseLock();
      writer.releaseLock();
    }
  }
  pipeThrough({ readable, writable }, options) {
    if (this.locked) throw new TypeError('the stream is locked');
    this.pipeTo(writable, options).catch(() => {});
    return readable;
  }
  async* values({ preventCancel = false } = {}) {
    const reader = this.getReader();
    let isOver = false;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) { isOver = true; return; }
        yield value;
      }
    } catch (error) {
      isOver = true;
      throw error;
    } finally {
      if (!isOver && !preventCancel) await reader.cancel();
      reader.releaseLock();
    }
  }
  [Symbol.asyncIterator](options) { return this.values(options); }
}

class Controller {
  _queue = [];
  _size = 0;
  _isStarted = false;
  _isPulling = false;
  _pullAgain = false;
  _isClosing = false;
  constructor(key, stream, source, highWaterMark) {
    if (key !== making) throw new TypeError('Illegal constructor');
    Object.assign(this, { _stream: stream, _source: source, _highWaterMark: highWaterMark });
    for (const name of ['start', 'pull', 'cancel']) {
      if (source[name] !== undefined && typeof source[name] !== 'function') throw new TypeError(`${name} is no function`);
    }
    this._algorithms = { start: source.start, pull: source.pull, cancel: source.cancel };
  }
  _start() {
    const started = this._algorithms.start?.call(this._source, this);
    Promise.resolve(started).then(() => {
      this._isStarted = true;
      this._pull();
    }, (error) => this._fail(error));
  }
  get desiredSize() {
    if (this._stream._state === 'errored') return null;
    return this._stream._state === 'closed' ? 0 : this._highWaterMark - this._size;
  }
  _mustPull() {
    if (this._stream._state !== 'readable' || this._isClosing || !this._isStarted) return false;
    return this._stream._reader?._requests.length > 0 || this.desiredSize > 0;
  }
  _pull() {
    if (!this._mustPull()) return;
    if (this._isPulling) { this._pullAgain = true; return; }
    this._isPulling = true;
    let pulled;
    try {
      pulled = Promise.resolve(this._algorithms.pull?.call(this._source, this));
    } catch (error) {
      pulled = Promise.reject(error);
    }
    pulled.then(() => {
      this._isPulling = false;
      if (this._pullAgain) {
        this._pullAgain = false;
        this._pull();
      }
    }, (error) => this._fail(error));
  }
  _fail(error) {
    this._queue = [];
    this._size = 0;
    this._stream._fail(error);
  }
  _cancel(reason) {
    this._queue = [];
    this._size = 0;
    try {
      return Promise.resolve(this._algorithms.cancel?.call(this._source, reason));
    } catch (error) {
      return Promise.reject(error);
    }
  }
  _pullInto(request) {
    if (this._queue.length > 0) {
      const { value, size } = this._queue.shift();
      this._size -= size;
      if (this._isClosing && this._queue.length === 0) this._stream._close();
      else this._pull();
      request.chunk(value);
      return;
    }
    this._stream._reader._requests.push(request);
    this._pull();
  }
  _enqueue(value, size) {
    const request = this._stream._reader?._requests.shift();
    if (request) {
      request.chunk(value);
    } else {
      this._queue.push({ value, size });
      this._size += size;
    }
    this._pull();
  }
  close() {
    if (this._isClosing || this._stream._state !== 'readable') throw new TypeError('the stream is closed');
    this._isClosing = true;
    if (this._queue.length === 0) this._stream._close();
  }
  error(error) { if (this._stream._state === 'readable') this._fail(error); }
}
class ReadableStreamDefaultController extends Controller {
  constructor(key, stream, source, highWaterMark, size) {
    super(key, stream, source, highWaterMark);
    this._measure = size ?? (() => 1);
  }
  enqueue(chunk) {
    if (this._isClosing || this._stream._state !== 'readable') throw new TypeError('the stream is closed');
    this._enqueue(chunk, this._stream._reader?._requests.length > 0 ? 0 : Number(this._measure(chunk)));
  }
}
class ReadableByteStreamController extends Controller {
  constructor(...values) {
    super(...values);
    this._stream._isBytes = true;
  }
  get byobRequest() { return null; }
  enqueue(chunk) {
    if (!ArrayBuffer.isView(chunk)) throw new TypeError('a view was expected');
    if (chunk.byteLength === 0) throw new TypeError('a chunk is not empty');
    if (this._isClosing || this._stream._state !== 'readable') throw new TypeError('the stream is closed');
    const copy = bytesOf(chunk).slice();
    this._enqueue(copy, copy.byteLength);
  }
}

class Reader {
  _requests = [];
  _closed = deferred();
  constructor(stream) {
    if (!isStream(stream)) throw new TypeError('a stream was expected');
    if (stream.locked) throw new TypeError('the stream is locked');
    this._stream = stream;
    stream._reader = this;
    if (stream._state === 'closed') this._closed.resolve();
    if (stream._state === 'errored') this._closed.reject(stream._error);
  }
  get closed() { return this._closed.promise; }
  cancel(reason) {
    return this._stream ? this._stream._cancel(reason) : Promise.reject(new TypeError('the reader is released'));
  }
  releaseLock() {
    if (!this._stream) return;
    const error = new TypeError('the reader is released');
    if (this._stream._state !== 'readable') this._closed = deferred();
    this._closed.reject(error);
    for (const request of this._requests.splice(0)) request.fail(error);
    this._stream._reader = null;
    this._stream = null;
  }
  _read(request) { this._stream._read(request); }
}
class ReadableStreamDefaultReader extends Reader {
  read() {
    if (!this._stream) return Promise.reject(new TypeError('the reader is released'));
    return new Promise((resolve, reject) => this._read({
      chunk: (value) => resolve({ value, done: false }),
      close: () => resolve({ value: undefined, done: true }),
      fail: reject,
    }));
  }
}
class ReadableStreamBYOBReader extends Reader {
  constructor(stream) {
    if (!stream?._isBytes) throw new TypeError('the stream is not of bytes');
    super(stream);
  }
  read(view) {
    if (!this._stream) return Promise.reject(new TypeError('the reader is released'));
    return new Promise((resolve, reject) => this._read({
      chunk: (value) => {
        const part = value.subarray(0, view.byteLength);
        if (part.length < value.length) {
          const rest = value.slice(part.length);
          this._stream._controller._queue.unshift({ value: rest, size: rest.length });
        }
        bytesOf(view).set(part);
        resolve({ value: new view.constructor(view.buffer, view.byteOffset, part.length / (view.BYTES_PER_ELEMENT ?? 1)), done: false });
      },
      close: () => resolve({ value: new view.constructor(view.buffer, view.byteOffset, 0), done: true }),
      fail: reject,
    }));
  }
}

class WritableStream {
  _state = 'writable';
  _writer = null;
  constructor(sink = {}) {
    this._sink = sink;
    this._work = Promise.resolve(sink.start?.({ error: (error) => this._fail(error) }));
    this._work.catch((error) => this._fail(error));
  }
  get locked() { return this._writer !== null; }
  _fail(error) {
    this._state = 'errored';
    this._error = error;
  }
  _do(step) {
    const done = this._work.then(() => {
      if (this._state === 'errored') throw this._error;
      return step();
    });
    this._work = done.catch((error) => this._fail(error));
    return done;
  }
  getWriter() { return new WritableStreamDefaultWriter(this); }
  abort(reason) {
    this._fail(reason);
    return Promise.resolve(this._sink.abort?.(reason));
  }
  close() { return this._do(() => this._sink.close?.()); }
}
class WritableStreamDefaultWriter {
  constructor(stream) {
    if (stream.locked) throw new TypeError('the stream is locked');
    this._stream = stream;
    stream._writer = this;
    this.ready = Promise.resolve();
  }
  get desiredSize() { return 1; }
  get closed() { return this._stream._work; }
  write(chunk) { return this._stream._do(() => this._stream._sink.write?.(chunk)); }
  close() { return this._stream.close(); }
  abort(reason) { return this._stream.abort(reason); }
  releaseLock() { this._stream._writer = null; }
}
class TransformStream {
  constructor(transformer = {}) {
    let controller;
    this.readable = new ReadableStream({ start(it) { controller = it; } });
    const face = {
      enqueue: (chunk) => controller.enqueue(chunk),
      error: (error) => controller.error(error),
      terminate: () => controller.close(),
    };
    transformer.start?.(face);
    this.writable = new WritableStream({
      write: (chunk) => (transformer.transform ? transformer.transform(chunk, face) : face.enqueue(chunk)),
      close: async () => { await transformer.flush?.(face); controller.close(); },
      abort: (reason) => controller.error(reason),
    });
  }
}
class TextDecoderStream extends TransformStream {
  constructor(label, options) {
    const decoder = new TextDecoder(label, options);
    super({
      transform(chunk, controller) {
        const text = decoder.decode(chunk, { stream: true });
        if (text) controller.enqueue(text);
      },
      flush(controller) {
        const text = decoder.decode();
        if (text) controller.enqueue(text);
      },
    });
  }
}
class TextEncoderStream extends TransformStream {
  constructor() { super({ transform: (chunk, controller) => controller.enqueue(encode(usv(chunk))) }); }
}
class CountQueuingStrategy {
  constructor({ highWaterMark }) { this.highWaterMark = highWaterMark; }
  size() { return 1; }
}
class ByteLengthQueuingStrategy {
  constructor({ highWaterMark }) { this.highWaterMark = highWaterMark; }
  size(chunk) { return chunk.byteLength; }
}
describe({
  ReadableStream, ReadableStreamDefaultController, ReadableByteStreamController, ReadableStreamDefaultReader,
  ReadableStreamBYOBReader, WritableStream, WritableStreamDefaultWriter, TransformStream, TextDecoderStream,
  TextEncoderStream, CountQueuingStrategy, ByteLengthQueuingStrategy,
});
