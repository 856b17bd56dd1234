import 'reflect-metadata'
import { Controller, Module, Put } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { page } from 'browser-cors'
import 'browser-cors/vitest'
import { expect, test } from 'vitest'

// As decorators, which this file cannot have.
class Items {
  save() {
    return { name: 'tea' }
  }
}
Controller('items')(Items)
Put()(Items.prototype, 'save', Object.getOwnPropertyDescriptor(Items.prototype, 'save'))
class App {}
Module({ controllers: [Items] })(App)

test.each([
  ['set up well', { origin: 'https://app.example', credentials: true }],
  ['credentials forgotten', { origin: 'https://app.example' }],
])('Nest, %s', async (_, options) => {
  const app = await NestFactory.create(App, { logger: false })
  app.enableCors(options)
  const asked = page('https://app.example').put('https://api.example/items', { credentials: 'include', cookie: 's=1' })
  const got = await asked.through(app)
  if (options.credentials) expect(got).toBeReadable({ status: 200 })
  else expect(got).toBeBlocked({ reason: 'preflight-allow-credentials-not-true', arrived: false })
  const instance = await page('https://app.example').put('https://api.example/items').through(app.getHttpAdapter().getInstance())
  expect(instance).toBeReadable({ status: 200 })
  await app.close()
})
