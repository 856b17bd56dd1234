// Rows per second of `browser-cors expect` beside the same checks in headless Chromium, as a ratio
// in one run:
//
//     cargo build --release && node benches/expect.mjs [ROWS] [ROUNDS]
//
// A row is a PUT with a token and credentials, so a preflight and a request, whose ETag the page
// must be able to read. Both ask eight at a time, and both are timed with their start.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [rows, rounds] = [Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 5)];
const folder = mkdtempSync(join(tmpdir(), "expect-"));

const listen = (handler) => new Promise((resolve) => {
  const server = createServer(handler);
  server.listen(0, "127.0.0.1", () => resolve(server));
});

let exchanges = 0;
const api = await listen((request, response) => {
  exchanges += 1;
  response.writeHead(request.method === "OPTIONS" ? 204 : 200, {
    "Access-Control-Allow-Origin": request.headers.origin ?? "none",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Methods": "PUT",
    "Access-Control-Allow-Headers": "x-token",
    "Access-Control-Expose-Headers": "ETag",
    ETag: '"1"',
    Vary: "Origin",
  });
  response.end();
});
const base = `http://127.0.0.1:${api.address().port}`;

const script = async (base, rows) => {
  let [next, passed] = [0, 0];
  const work = async () => {
    while (next < rows) {
      const url = `${base}/${next++}`;
      const init = { method: "PUT", headers: { "X-Token": "1" }, credentials: "include" };
      const response = await fetch(url, init).catch(() => null);
      if (response?.headers.get("ETag") === '"1"') passed += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  await fetch("/done", { method: "POST", body: String(passed) });
};

let done;
const page = await listen((request, response) => {
  if (request.url === "/done") {
    request.on("data", (passed) => done(Number(passed)));
  }
  response.setHeader("Content-Type", "text/html");
  response.end(`<!doctype html><script>(${script})("${base}", ${rows})</script>`);
});
const origin = `http://localhost:${page.address().port}`;

const chromium = async () => {
  const passed = new Promise((resolve) => { done = resolve; });
  const browser = spawn("chromium", [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
    `--user-data-dir=${join(folder, "profile")}`, `${origin}/`,
  ], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const count = await passed;
  const closed = new Promise((resolve) => browser.on("exit", resolve));
  browser.kill();
  await closed;
  return count;
};

const file = join(folder, "cors.toml");
writeFileSync(file, `
base = "${base}"
[pages]
app = "${origin}"
[[allow]]
methods = ["PUT"]
paths = [${Array.from({ length: rows }, (_, row) => `"/${row}"`).join(", ")}]
headers = { X-Token = "1" }
credentials = "include"
read = ["ETag"]
`);

const expect = (engines) => () => new Promise((resolve) => {
  const command = join(process.env.CARGO_TARGET_DIR ?? "target", "release", "browser-cors");
  const child = spawn(command, ["expect", file, "--engine", engines, "--format", "json"]);
  let output = "";
  child.stdout.on("data", (data) => { output += data; });
  child.on("close", () => resolve(output.split('"verdict":"passed"').length - 1));
});

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const contenders = {
  "Chromium": chromium,
  "expect --engine chromium": expect("chromium"),
  "expect --engine all": expect("all"),
};
const times = {};
for (let round = 0; round < rounds; round++) {
  for (const [name, run] of Object.entries(contenders)) {
    exchanges = 0;
    const start = performance.now();
    const passed = await run();
    (times[name] ??= []).push((performance.now() - start) / 1000);
    if (passed !== rows || exchanges !== 2 * rows) {
      throw new Error(`${name}: ${passed} of ${rows} passed, with ${exchanges} exchanges`);
    }
  }
}
const seconds = Object.entries(times).map(([name, values]) => [name, median(values)]);
for (const [name, time] of seconds) {
  const ratio = (seconds[0][1] / time).toFixed(1);
  console.log(`${name}: ${Math.round(rows / time)} rows a second, ${ratio} times Chromium`);
}
api.close();
page.close();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
