// @fastify/cors. https://github.com/fastify/fastify-cors
"use strict";

const cors = require("@fastify/cors");
const fastify = require("fastify");

const [variant, port] = process.argv.slice(2);
const options = {
  default: undefined,
  recommended: { origin: "https://app.example", credentials: true },
  pattern: { origin: /^https:\/\/([a-z0-9-]+\.)*app\.example$/, credentials: true },
}[variant];

const app = fastify();
app.register(cors, options);

const items = (request, reply) => reply.header("X-Total-Count", "0").send([]);
app.get("/items", items);
app.put("/items", items);
app.get("/error", async () => {
  throw new Error("an error");
});

app.listen({ port: Number(port), host: "127.0.0.1" });
