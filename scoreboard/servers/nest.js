// NestJS, on Express. https://docs.nestjs.com/security/cors
"use strict";

require("reflect-metadata");
const { Controller, Get, Header, Module, Put } = require("@nestjs/common");
const { NestFactory } = require("@nestjs/core");

const [variant, port] = process.argv.slice(2);
const options = {
  default: undefined,
  recommended: { origin: "https://app.example", credentials: true },
}[variant];

class Items {
  read() {
    return [];
  }
  change() {
    return [];
  }
  fail() {
    throw new Error("an error");
  }
}

// What decorators would say in TypeScript.
const decorate = (name, ...decorators) => {
  const descriptor = Object.getOwnPropertyDescriptor(Items.prototype, name);
  for (const decorator of decorators) decorator(Items.prototype, name, descriptor);
};
decorate("read", Get("items"), Header("X-Total-Count", "0"));
decorate("change", Put("items"), Header("X-Total-Count", "0"));
decorate("fail", Get("error"));
Controller()(Items);

class Application {}
Module({ controllers: [Items] })(Application);

NestFactory.create(Application, { logger: false }).then((app) => {
  app.enableCors(options);
  return app.listen(Number(port), "127.0.0.1");
});
