/** @jest-environment jsdom */

const { page } = require('browser-cors')
require('browser-cors/jest')

test('a server is asked from jsdom', async () => {
  const listener = (request, response) => response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end()
  const form = new FormData()
  form.append('name', 'tea')
  const got = await page('https://app.example').post('https://api.example/items', { body: form }).through(listener)
  expect(got).toBeReadable({ status: 200 })
  expect(got.exchanges[0].headers.find(([name]) => name === 'content-type')[1]).toMatch(/^multipart\/form-data; boundary=/)
})
