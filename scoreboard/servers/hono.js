// Hono. https://hono.dev/docs/middleware/builtin/cors
"use strict";

const { serve } = require("@hono/node-server");
const { Hono } = require("hono");
const { cors } = require("hono/cors");

const [variant, port] = process.argv.slice(2);
const options = {
  default: undefined,
  recommended: { origin: "https://app.example", credentials: true },
  pattern: {
    origin: (origin) => (origin.endsWith(".app.example") ? origin : "https://app.example"),
    credentials: true,
  },
}[variant];

const app = new Hono();
app.use(cors(options));

const items = (context) => context.json([], 200, { "X-Total-Count": "0" });
app.get("/items", items);
app.put("/items", items);
app.get("/error", () => {
  throw new Error("an error");
});

serve({ fetch: app.fetch, port: Number(port), hostname: "127.0.0.1" });
