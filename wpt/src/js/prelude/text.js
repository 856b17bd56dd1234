// Encodings.

function bytesOf(source) {
  if (source instanceof ArrayBuffer || Object.prototype.toString.call(source) === '[object ArrayBuffer]'
    || Object.prototype.toString.call(source) === '[object SharedArrayBuffer]') {
    return new Uint8Array(source);
  }
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  throw new TypeError('bytes were expected');
}
const isBuffer = (value) => ArrayBuffer.isView(value)
  || ['[object ArrayBuffer]', '[object SharedArrayBuffer]'].includes(Object.prototype.toString.call(value));
function concat(chunks) {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}
const encode = (text) => host.encode(text.toWellFormed());
const decodeUtf8 = (bytes) => host.decode('utf-8', bytes.slice(), false, false);
const latin1 = (bytes) => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

class TextEncoder {
  get encoding() { return 'utf-8'; }
  encode(text = '') { return encode(usv(text)); }
  encodeInto(text, array) {
    const bytes = encode(usv(text)).subarray(0, array.length);
    array.set(bytes);
    return { read: text.length, written: bytes.length };
  }
}

class TextDecoder {
  #label; #fatal; #ignoreBOM; #rest = new Uint8Array(0); #isInside = false;
  constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
    this.#label = host.encodingName(`${label}`.trim());
    if (!this.#label) throw new RangeError(`${label} is no encoding`);
    this.#fatal = Boolean(fatal);
    this.#ignoreBOM = Boolean(ignoreBOM);
  }
  get encoding() { return this.#label; }
  get fatal() { return this.#fatal; }
  get ignoreBOM() { return this.#ignoreBOM; }
  decode(input = new Uint8Array(0), { stream = false } = {}) {
    let bytes = concat([this.#rest, bytesOf(input)]);
    this.#rest = new Uint8Array(0);
    if (stream && this.#label === 'utf-8') {
      const cut = bytes.length - incomplete(bytes);
      this.#rest = bytes.slice(cut);
      bytes = bytes.slice(0, cut);
    }
    const text = host.decode(this.#label, bytes, this.#fatal, this.#ignoreBOM || this.#isInside);
    this.#isInside = stream && (this.#isInside || bytes.length > 0);
    if (text === null) throw new TypeError('these bytes cannot be decoded');
    return text;
  }
}
// How many bytes at the end are the beginning of a character in UTF-8.
function incomplete(bytes) {
  for (let count = 1; count <= Math.min(3, bytes.length); count++) {
    const byte = bytes[bytes.length - count];
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > count ? count : 0;
    }
    if (byte < 0x80) return 0;
  }
  return 0;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function btoa(value) {
  const text = `${value}`;
  let result = '';
  for (let index = 0; index < text.length; index += 3) {
    const codes = [0, 1, 2].map((offset) => text.charCodeAt(index + offset));
    if (codes.some((code) => code > 255)) throw new DOMException('a character is no byte', 'InvalidCharacterError');
    const [a, b, c] = codes;
    result += BASE64[a >> 2] + BASE64[((a & 3) << 4) | (b >> 4)]
      + (Number.isNaN(b) ? '=' : BASE64[((b & 15) << 2) | (c >> 6)]) + (Number.isNaN(c) ? '=' : BASE64[c & 63]);
  }
  return result;
}
function atob(value) {
  let text = `${value}`.replace(/[\t\n\f\r ]/g, '');
  if (text.length % 4 === 0) text = text.replace(/==?$/, '');
  if (text.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(text)) {
    throw new DOMException('this is no base64', 'InvalidCharacterError');
  }
  let result = '';
  let bits = 0;
  let count = 0;
  for (const char of text) {
    bits = ((bits << 6) | BASE64.indexOf(char)) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      result += String.fromCharCode((bits >> count) & 255);
    }
  }
  return result;
}
expose({ btoa, atob });
describe({ TextEncoder, TextDecoder });
