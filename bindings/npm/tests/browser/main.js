import { createFetch, explain, judgeHar, page } from 'browser-cors'

const server = (request) =>
  new Response(request.headers.get('origin'), {
    headers: { 'Access-Control-Allow-Origin': request.headers.get('origin') ?? '', Vary: 'Origin' },
  })

async function run() {
  const got = await page('https://app.example').put('https://api.example/', { body: 'hi' }).through(server)
  const response = await createFetch('https://app.example', server)('https://api.example/')
  const refused = await page('https://app.example').get('https://api.example/').against('http://localhost').catch(String)
  return {
    reason: got.reason,
    text: await response.text(),
    type: response.type,
    explained: explain("No 'Access-Control-Allow-Origin' header is present on the requested resource.")[0].reason,
    refused,
    har: (await judgeHar({ log: { entries: [] } })).summary.entries,
  }
}

run().then(
  (results) => (window.results = results),
  (error) => (window.results = { error: String(error) }),
)
