// URLs, which the crate `url` parses.

class URLSearchParams {
  _pairs = [];
  _url = null;
  constructor(init = '') {
    if (typeof init === 'object' && init !== null) {
      if (typeof init[Symbol.iterator] === 'function') {
        for (const pair of init) {
          const [name, value, ...more] = [...pair];
          if (value === undefined || more.length > 0) throw new TypeError('a pair has two parts');
          this._pairs.push([usv(name), usv(value)]);
        }
      } else {
        for (const name of Reflect.ownKeys(init)) {
          const descriptor = Reflect.getOwnPropertyDescriptor(init, name);
          if (descriptor?.enumerable) this._pairs.push([usv(name), usv(init[name])]);
        }
      }
    } else {
      this._pairs = host.parseForm(usv(init).replace(/^\?/, ''));
    }
  }
  _changed() { this._url?._setQuery(this.toString()); }
  get size() { return this._pairs.length; }
  append(name, value) { this._pairs.push([usv(name), usv(value)]); this._changed(); }
  delete(name, value) {
    this._pairs = this._pairs.filter((pair) => pair[0] !== usv(name) || (value !== undefined && pair[1] !== usv(value)));
    this._changed();
  }
  get(name) { return this._pairs.find((pair) => pair[0] === usv(name))?.[1] ?? null; }
  getAll(name) { return this._pairs.filter((pair) => pair[0] === usv(name)).map((pair) => pair[1]); }
  has(name, value) {
    return this._pairs.some((pair) => pair[0] === usv(name) && (value === undefined || pair[1] === usv(value)));
  }
  set(name, value) {
    const index = this._pairs.findIndex((pair) => pair[0] === usv(name));
    if (index < 0) {
      this._pairs.push([usv(name), usv(value)]);
    } else {
      this._pairs[index] = [usv(name), usv(value)];
      this._pairs = this._pairs.filter((pair, at) => at <= index || pair[0] !== usv(name));
    }
    this._changed();
  }
  sort() {
    this._pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    this._changed();
  }
  forEach(callback, self) { for (const [name, value] of this._pairs) callback.call(self, value, name, this); }
  * entries() { for (let index = 0; index < this._pairs.length; index++) yield [...this._pairs[index]]; }
  * keys() { for (const [name] of this.entries()) yield name; }
  * values() { for (const [, value] of this.entries()) yield value; }
  [Symbol.iterator]() { return this.entries(); }
  toString() { return host.writeForm(this._pairs); }
}

class URL {
  #parts; #params = null;
  constructor(url, base) {
    this.#parts = host.parseUrl(usv(url), base === undefined ? null : usv(base));
    if (!this.#parts) throw new TypeError(`${url} is no URL`);
  }
  static canParse(url, base) { return host.parseUrl(usv(url), base === undefined ? null : usv(base)) !== null; }
  static parse(url, base) { return URL.canParse(url, base) ? new URL(url, base) : null; }
  _set(part, value) {
    this.#parts = host.setUrlPart(this.#parts.href, part, usv(value));
    if (this.#params && part !== 'query') this.#params._pairs = host.parseForm(this.#parts.search.slice(1));
  }
  _setQuery(query) { this.#parts = host.setUrlPart(this.#parts.href, 'search', query); }
  get href() { return this.#parts.href; }
  set href(value) {
    const parts = host.parseUrl(usv(value), null);
    if (!parts) throw new TypeError(`${value} is no URL`);
    this.#parts = parts;
    if (this.#params) this.#params._pairs = host.parseForm(parts.search.slice(1));
  }
  get origin() { return this.#parts.origin; }
  get searchParams() {
    if (!this.#params) {
      this.#params = new URLSearchParams(this.#parts.search.slice(1));
      this.#params._url = this;
    }
    return this.#params;
  }
  toString() { return this.#parts.href; }
  toJSON() { return this.#parts.href; }
}
for (const part of ['protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']) {
  Object.defineProperty(URL.prototype, part, {
    configurable: true,
    get() { return host.parseUrl(this.href, null)[part]; },
    set(value) { this._set(part, value); },
  });
}
describe({ URL, URLSearchParams });
