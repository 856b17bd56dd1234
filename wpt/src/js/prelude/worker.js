// Workers: realms of their own on the same thread, which get messages as windows do.

const workers = new Set();
realm.stopWorkers = () => { for (const worker of workers) worker.terminate(); };
// Shared workers of all documents, by URL and name.
const shared = () => realm.all.shared ??= new Map();

class Worker extends EventTarget {
  _queue = [];
  constructor(url, options = {}) {
    super();
    const parts = host.parseUrl(usv(url), baseUrl());
    if (!parts) throw new DOMException(`${url} is no URL`, 'SyntaxError');
    workers.add(this);
    openWorker(parts.href, { kind: 'dedicated', name: options?.name ?? '', type: options?.type }, (made) => {
      if (!made) {
        queueTask(() => fire(this, new Event('error', { cancelable: true })));
        return;
      }
      this._realm = made;
      made.owner = { realm, worker: this };
    }, () => {
      for (const node of this._queue.splice(0)) this._realm.receive(this._realm.global, node, '');
      this._isReady = true;
    });
  }
  postMessage(message, options) {
    const node = write(message, transferOf(options));
    if (this._isReady) this._realm.receive(this._realm.global, node, '');
    else this._queue.push(node);
  }
  terminate() {
    workers.delete(this);
    this._realm?.unload();
  }
}
handlers(Worker.prototype, ['message', 'messageerror', 'error']);

class SharedWorker extends EventTarget {
  constructor(url, options = {}) {
    super();
    const name = typeof options === 'string' ? options : options?.name ?? '';
    const parts = host.parseUrl(usv(url), baseUrl());
    if (!parts) throw new DOMException(`${url} is no URL`, 'SyntaxError');
    const channel = new MessageChannel();
    this.port = channel.port1;
    const state = channel.port2._move();
    const key = `${global.origin} ${parts.href} ${name}`;
    let worker = shared().get(key);
    if (!worker) {
      worker = { queue: [] };
      shared().set(key, worker);
      openWorker(parts.href, { kind: 'shared', name, type: options?.type }, (made) => {
        worker.realm = made;
        if (!made) queueTask(() => fire(this, 'error'));
      }, () => {
        worker.isReady = true;
        for (const it of worker.queue.splice(0)) worker.realm.connect(it);
      });
    }
    if (worker.isReady) worker.realm.connect(state);
    else worker.queue.push(state);
  }
}
handlers(SharedWorker.prototype, ['error']);

// Loads the script of a worker, makes its realm, and runs it.
function openWorker(url, options, made, ready) {
  const request = host.newWorkerRequest(url, options.kind === 'shared', false);
  if (typeof request !== 'number') {
    made(null);
    return;
  }
  let head = null;
  start(request, -1, 'document', false, (event, first) => {
    if (event === 'head') {
      head = first;
    } else if (event === 'failed' || head.internalStatus < 200 || head.internalStatus > 299) {
      made(null);
    } else {
      const opened = host.newRealm();
      opened.all = realm.all;
      realm.all.push(opened);
      made(opened);
      opened.openWorker({
        url: head.internalUrl.startsWith('http') ? head.internalUrl : url, headers: head.internalHeaders, text: decodeUtf8(first),
        creator: realm.index, ...options,
      });
      ready();
    }
  });
}

realm.openWorker = (options) => {
  realm.kind = 'worker';
  const settings = check(host.setUp(JSON.stringify({ url: options.url, headers: options.headers }), options.creator));
  settings.url = options.url;
  commonGlobal(settings);
  const name = options.kind === 'shared' ? 'SharedWorkerGlobalScope' : 'DedicatedWorkerGlobalScope';
  class WorkerGlobalScope extends EventTarget {}
  const scope = { [name]: class extends WorkerGlobalScope {} }[name];
  class WorkerLocation {
    get href() { return options.url; }
    get origin() { return host.parseUrl(options.url, null).origin; }
    toString() { return options.url; }
  }
  for (const part of ['protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']) {
    Object.defineProperty(WorkerLocation.prototype, part, { get: () => host.parseUrl(options.url, null)[part] });
  }
  describe({ WorkerGlobalScope, [name]: scope, WorkerLocation, Worker });
  expose({
    location: new WorkerLocation(), name: options.name,
    close: () => realm.unload(),
    importScripts(...urls) {
      for (const url of urls) {
        const request = check(host.newWorkerRequest(usv(url), false, true));
        const answer = host.fetchNow(request, 'script');
        if (answer.error) throw new DOMException(answer.message, 'NetworkError');
        host.evaluate(decodeUtf8(answer[1]), answer[0].internalUrl);
      }
    },
  });
  if (options.kind === 'shared') {
    handlers(global, ['connect']);
  } else {
    expose({
      postMessage(message, transfer) {
        const node = write(message, transferOf(transfer));
        const { owner } = realm;
        owner.realm.receive(owner.worker, node, '');
      },
    });
  }
  Object.setPrototypeOf(global, scope.prototype);
  Object.defineProperty(global, Symbol.toStringTag, { value: name, configurable: true });
  guarded(() => host.evaluate(options.text, options.url));
};
// Connects a port to a shared worker.
realm.connect = (state) => queueTask(() => {
  const port = new MessagePort(making);
  port._take(state);
  fire(global, new MessageEvent('connect', { data: '', ports: [port], source: port }));
});
