// Structured clones and message ports. A clone is written as a tree that any realm can read.

function write(value, transfer = [], memory = new Map()) {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new DOMException('this cannot be cloned', 'DataCloneError');
  }
  if (value === null || typeof value !== 'object') return { is: 'value', value };
  if (memory.has(value)) return memory.get(value);
  const node = {};
  memory.set(value, node);
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  const put = (is, members) => Object.assign(node, { is }, members);
  const pairs = (names) => names.map((name) => [name, write(value[name], transfer, memory)]);
  if (transfer.includes(value)) {
    if (kind === 'MessagePort') return put('port', { port: value._move() });
    if (isBuffer(value)) return put('buffer', { bytes: bytesOf(value).slice() });
    return put('stream', { stream: value });
  }
  switch (kind) {
    case 'Boolean': case 'Number': case 'String': case 'Date':
      return put('boxed', { kind, value: value.valueOf() });
    case 'RegExp': return put('regexp', { source: value.source, flags: value.flags });
    case 'ArrayBuffer': return put('buffer', { bytes: bytesOf(value).slice() });
    case 'Map': return put('map', { pairs: [...value].map((pair) => pair.map((it) => write(it, transfer, memory))) });
    case 'Set': return put('set', { items: [...value].map((it) => write(it, transfer, memory)) });
    case 'Array': return put('array', { length: value.length, pairs: pairs(Object.keys(value)) });
    case 'Blob': case 'File':
      return put('blob', { bytes: value._bytes, type: value.type, name: value.name });
    case 'DOMException': return put('exception', { name: value.name, message: value.message });
    case 'Error':
      return put('error', { name: value.name, message: value.message, stack: value.stack });
    default:
  }
  if (ArrayBuffer.isView(value)) {
    return put('view', { kind: kind === 'DataView' ? 'DataView' : value.constructor.name, bytes: bytesOf(value).slice() });
  }
  if (kind !== 'Object' && kind !== 'Arguments') {
    throw new DOMException(`a ${kind} cannot be cloned`, 'DataCloneError');
  }
  return put('object', { pairs: pairs(Object.keys(value)) });
}
function read(node, ports = [], memory = new Map()) {
  if (node.is === 'value') return node.value;
  if (memory.has(node)) return memory.get(node);
  const keep = (value) => {
    memory.set(node, value);
    return value;
  };
  const inner = (it) => read(it, ports, memory);
  const fill = (value) => {
    for (const [name, it] of node.pairs) value[name] = inner(it);
    return value;
  };
  switch (node.is) {
    case 'port': {
      const port = keep(new MessagePort(making));
      port._take(node.port);
      ports.push(port);
      return port;
    }
    case 'boxed': return keep(new global[node.kind](node.value));
    case 'regexp': return keep(new RegExp(node.source, node.flags));
    case 'buffer': return keep(Uint8Array.from(node.bytes).buffer);
    case 'view': return keep(new global[node.kind](Uint8Array.from(node.bytes).buffer));
    case 'map': {
      const map = keep(new Map());
      for (const [key, value] of node.pairs) map.set(inner(key), inner(value));
      return map;
    }
    case 'set': {
      const set = keep(new Set());
      for (const item of node.items) set.add(inner(item));
      return set;
    }
    case 'array': {
      const array = keep([]);
      array.length = node.length;
      return fill(array);
    }
    case 'blob': {
      const blob = node.name === undefined
        ? new Blob([node.bytes], { type: node.type }) : new File([node.bytes], node.name, { type: node.type });
      return keep(blob);
    }
    case 'exception': return keep(new DOMException(node.message, node.name));
    case 'error': {
      const kind = typeof global[node.name] === 'function' ? global[node.name] : Error;
      return keep(Object.assign(new kind(node.message), { stack: node.stack }));
    }
    case 'stream': return keep(node.stream);
    default: return fill(keep({}));
  }
}
const transferOf = (options) => (Array.isArray(options) ? options : [...(options?.transfer ?? [])]);

// The shared half of a port: it outlives a move to another realm.
class MessagePort extends EventTarget {
  constructor(key) {
    if (key !== making) throw new TypeError('Illegal constructor');
    super();
    this._state = { queue: [], other: null, owner: this, isStarted: false };
  }
  _move() {
    const state = this._state;
    this._state = null;
    state.owner = null;
    state.isStarted = false;
    return state;
  }
  _take(state) {
    this._state = state;
    state.owner = this;
  }
  postMessage(message, options) {
    const node = write(message, transferOf(options));
    const other = this._state?.other;
    if (!other) return;
    other.queue.push({ node });
    other.owner?._drain();
  }
  _drain() {
    if (!this._state?.isStarted) return;
    for (const { node } of this._state.queue.splice(0)) {
      queueTask(() => {
        const ports = [];
        fire(this, new MessageEvent('message', { data: read(node, ports), ports }));
      });
    }
  }
  start() {
    if (!this._state) return;
    this._state.isStarted = true;
    this._drain();
  }
  close() { if (this._state) this._state.other = null; }
}
handlers(MessagePort.prototype, ['message', 'messageerror']);
{
  const { get, set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
  Object.defineProperty(MessagePort.prototype, 'onmessage', {
    get, configurable: true, enumerable: true,
    set(value) { set.call(this, value); this.start(); },
  });
}
class MessageChannel {
  constructor() {
    this.port1 = new MessagePort(making);
    this.port2 = new MessagePort(making);
    this.port1._state.other = this.port2._state;
    this.port2._state.other = this.port1._state;
  }
}

// Channels reach all realms of one origin.
const channels = realm.channels = new Set();
class BroadcastChannel extends EventTarget {
  constructor(name) {
    super();
    this.name = `${name}`;
    channels.add(this);
  }
  postMessage(message) {
    const node = write(message);
    for (const other of realm.all) {
      if (!host.isSameOrigin(other.index, realm.index)) continue;
      for (const channel of other.channels) {
        if (channel !== this && channel.name === this.name) other.receive(channel, node, global.origin);
      }
    }
  }
  close() { channels.delete(this); }
}
handlers(BroadcastChannel.prototype, ['message', 'messageerror']);
// Hands a message to a target of this realm.
realm.receive = (target, node, origin, source = null) => queueTask(() => {
  const ports = [];
  let data;
  try {
    data = read(node, ports);
  } catch (error) {
    fire(target, new MessageEvent('messageerror', { origin, source }));
    return;
  }
  fire(target, new MessageEvent('message', { data, origin, source, ports }));
});
expose({ structuredClone: (value, options) => read(write(value, transferOf(options))) });
describe({ MessagePort, MessageChannel, BroadcastChannel });
