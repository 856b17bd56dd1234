// @koa/cors. https://github.com/koajs/cors
"use strict";

const cors = require("@koa/cors");
const Koa = require("koa");

const [variant, port] = process.argv.slice(2);
const options = {
  default: undefined,
  recommended: { origin: "https://app.example", credentials: true },
}[variant];

const app = new Koa();
app.silent = true;
app.use(cors(options));

app.use((context) => {
  if (context.path === "/error") throw new Error("an error");
  if (context.path !== "/items" || !["GET", "PUT"].includes(context.method)) return;
  context.set("X-Total-Count", "0");
  context.body = [];
});

app.listen(Number(port), "127.0.0.1");
