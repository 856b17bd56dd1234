// Blobs, files, forms.

function blobType(value) {
  const type = `${value ?? ''}`;
  return /[^\x20-\x7e]/.test(type) ? '' : type.toLowerCase();
}
class Blob {
  _bytes; _type;
  constructor(parts = [], { type = '', endings = 'transparent' } = {}) {
    if (parts === null || typeof parts !== 'object' || typeof parts[Symbol.iterator] !== 'function') {
      throw new TypeError('the parts are a sequence');
    }
    this._bytes = concat([...parts].map((part) => {
      if (isBlob(part)) return part._bytes;
      if (isBuffer(part)) return bytesOf(part).slice();
      const text = usv(part);
      return encode(endings === 'native' ? text.replace(/\r\n?/g, '\n') : text);
    }));
    this._type = blobType(type);
  }
  get size() { return this._bytes.length; }
  get type() { return this._type; }
  slice(start = 0, end = this.size, type = '') {
    const made = new Blob();
    made._bytes = this._bytes.slice(start, end);
    made._type = blobType(type);
    return made;
  }
  async text() { return decodeUtf8(this._bytes); }
  async arrayBuffer() { return this._bytes.slice().buffer; }
  async bytes() { return this._bytes.slice(); }
  stream() { return streamOf(this._bytes); }
}
// Blobs of other realms count as well.
const isBlob = (value) => ['Blob', 'File'].includes(tagOf(value)) && typeof value._bytes === 'object';
class File extends Blob {
  constructor(parts, name, options = {}) {
    if (arguments.length < 2) throw new TypeError('a file has parts and a name');
    super(parts, options);
    this._name = usv(name);
    this._lastModified = options.lastModified ?? Date.now();
  }
  get name() { return this._name; }
  get lastModified() { return this._lastModified; }
}
function streamOf(bytes) {
  return new ReadableStream({
    __proto__: null,
    type: 'bytes',
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes.slice());
      controller.close();
    },
  });
}

class FileReader extends EventTarget {
  readyState = 0;
  result = null;
  error = null;
  _read(blob, convert) {
    if (this.readyState === 1) throw new DOMException('it reads already', 'InvalidStateError');
    this.readyState = 1;
    queueTask(() => {
      if (this.readyState !== 1) return;
      fire(this, new ProgressEvent('loadstart'));
      this.readyState = 2;
      this.result = convert(blob._bytes);
      fire(this, new ProgressEvent('load'));
      fire(this, new ProgressEvent('loadend'));
    });
  }
  readAsText(blob, label = 'utf-8') { this._read(blob, (bytes) => host.decode(label, bytes.slice(), false, false)); }
  readAsArrayBuffer(blob) { this._read(blob, (bytes) => bytes.slice().buffer); }
  readAsBinaryString(blob) { this._read(blob, latin1); }
  readAsDataURL(blob) {
    this._read(blob, (bytes) => `data:${blob.type || 'application/octet-stream'};base64,${btoa(latin1(bytes))}`);
  }
  abort() { this.readyState = 2; }
}
handlers(FileReader.prototype, ['loadstart', 'progress', 'load', 'abort', 'error', 'loadend']);

class FormData {
  _pairs = [];
  constructor(form) {
    if (form !== undefined && !form?._fields) throw new TypeError('a form was expected');
    for (const element of form?._fields?.() ?? []) this._pairs.push(element);
  }
  _value(value, name) {
    if (!isBlob(value)) return usv(value);
    if (value instanceof File && name === undefined) return value;
    return new File([value], name ?? value.name ?? 'blob', { type: value.type, lastModified: value.lastModified });
  }
  append(name, value, file) { this._pairs.push([usv(name), this._value(value, file)]); }
  delete(name) { this._pairs = this._pairs.filter((pair) => pair[0] !== usv(name)); }
  get(name) { return this._pairs.find((pair) => pair[0] === usv(name))?.[1] ?? null; }
  getAll(name) { return this._pairs.filter((pair) => pair[0] === usv(name)).map((pair) => pair[1]); }
  has(name) { return this._pairs.some((pair) => pair[0] === usv(name)); }
  set(name, value, file) {
    const index = this._pairs.findIndex((pair) => pair[0] === usv(name));
    this.delete(name);
    this._pairs.splice(index < 0 ? this._pairs.length : index, 0, [usv(name), this._value(value, file)]);
  }
  forEach(callback, self) { for (const [name, value] of this._pairs) callback.call(self, value, name, this); }
  * entries() { for (let index = 0; index < this._pairs.length; index++) yield [...this._pairs[index]]; }
  * keys() { for (const [name] of this.entries()) yield name; }
  * values() { for (const [, value] of this.entries()) yield value; }
  [Symbol.iterator]() { return this.entries(); }
}
function writeMultipart(form) {
  const boundary = `----browser-cors-wpt-${Math.random().toString(36).slice(2)}`;
  const escape = (name) => name.replace(/\r\n?|\n/g, '\r\n').replace(/[\r\n"]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  const parts = [];
  for (const [name, value] of form._pairs) {
    let head = `--${boundary}\r\nContent-Disposition: form-data; name="${escape(name)}"`;
    if (typeof value === 'string') {
      parts.push(encode(`${head}\r\n\r\n${value.replace(/\r\n?|\n/g, '\r\n')}\r\n`));
    } else {
      head += `; filename="${escape(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`;
      parts.push(encode(head), value._bytes, encode('\r\n'));
    }
  }
  parts.push(encode(`--${boundary}--\r\n`));
  return { bytes: concat(parts), boundary };
}
function readMultipart(bytes, boundary) {
  const form = new FormData();
  const text = latin1(bytes);
  const delimiter = `--${boundary}`;
  if (!text.startsWith(delimiter)) throw new TypeError('the body does not begin with the boundary');
  let position = delimiter.length;
  while (text.slice(position, position + 2) !== '--') {
    if (text.slice(position, position + 2) !== '\r\n') throw new TypeError('a part does not begin');
    const headEnd = text.indexOf('\r\n\r\n', position);
    const end = text.indexOf(`\r\n${delimiter}`, headEnd + 2);
    if (headEnd < 0 || end < 0) throw new TypeError('a part does not end');
    const head = decodeUtf8(bytes.slice(position + 2, headEnd));
    const content = bytes.slice(headEnd + 4, end);
    const name = /name="([^"]*)"/i.exec(head.replace(/filename="[^"]*"/i, ''));
    if (!name) throw new TypeError('a part has no name');
    const unescape = (value) => value.replace(/%0A/gi, '\n').replace(/%0D/gi, '\r').replace(/%22/g, '"');
    const file = /filename="([^"]*)"/i.exec(head);
    const type = /content-type:[ \t]*([^\r\n]*)/i.exec(head)?.[1] ?? 'text/plain';
    form._pairs.push([unescape(name[1]), file
      ? new File([content], unescape(file[1]), { type }) : decodeUtf8(content)]);
    position = end + 2 + delimiter.length;
  }
  return form;
}

URL.createObjectURL = (blob) => {
  if (!isBlob(blob)) throw new TypeError('a blob was expected');
  const url = `blob:${global.origin}/${global.crypto.randomUUID()}`;
  host.storeBlob(url, blob._bytes, blob.type);
  return url;
};
URL.revokeObjectURL = (url) => host.revokeBlob(`${url}`);
describe({ Blob, File, FileReader, FormData });
