// Express with the package cors. https://expressjs.com/en/resources/middleware/cors.html
"use strict";

const cors = require("cors");
const express = require("express");

const [variant, port] = process.argv.slice(2);
const options = {
  default: undefined,
  recommended: { origin: "https://app.example", credentials: true },
  pattern: { origin: /app\.example$/, credentials: true },
}[variant];

const app = express();
app.use(cors(options));

const items = (request, response) => response.set("X-Total-Count", "0").json([]);
app.route("/items").get(items).put(items);
app.get("/error", () => {
  throw new Error("an error");
});

app.listen(Number(port), "127.0.0.1");
