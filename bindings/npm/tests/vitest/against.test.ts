import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { page } from 'browser-cors'
import { expect, onTestFinished, test } from 'vitest'

async function listening(server: net.Server, scheme = 'http'): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const grant = (_: http.IncomingMessage, response: http.ServerResponse) => {
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.end()
}

test('the bytes that go out', async () => {
  const chunks: Buffer[] = []
  const base = await listening(
    net.createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (chunk) => {
        chunks.push(chunk)
        socket.end('HTTP/1.1 200 Fine\r\nAccess-Control-Allow-Origin: *\r\nX-Long: 1\r\n\r\n')
      })
    }),
  )
  const call = { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '', credentials: 'include', cookie: 's=1' } as const
  const got = await page('https://app.example', { engines: ['firefox@140'] }).fetch('/items?all', call).against(`${base}/v1`)
  expect(Buffer.concat(chunks).toString('latin1').split('\r\n')).toEqual([
    'POST /v1/items?all HTTP/1.1',
    `Host: ${new URL(base).host}`,
    'Connection: keep-alive',
    'Content-Type: text/plain',
    'Accept: */*',
    'Content-Length: 0',
    'Referer: https://app.example/',
    'Origin: https://app.example',
    'Sec-Fetch-Dest: empty',
    'Sec-Fetch-Mode: cors',
    'Sec-Fetch-Site: cross-site',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Cookie: s=1',
    '',
    '',
  ])
  got.expect({ blocked: { reason: 'allow-origin-wildcard-with-credentials', arrived: true } })
})

test('a redirect is the engine’s to follow', async () => {
  const paths: string[] = []
  const base = await listening(
    http.createServer((request, response) => {
      paths.push(request.url!)
      response.setHeader('Access-Control-Allow-Origin', '*')
      if (request.url === '/old') response.writeHead(302, { Location: '/new' })
      response.end()
    }),
  )
  const got = await page('https://app.example').get('/old').against(base)
  expect([got.status, got.url, got.redirected]).toEqual([200, `${base}/new`, true])
  expect(paths).toEqual(['/old', '/new'])
})

test('who does not answer is named', async () => {
  const app = page('https://app.example')
  const fails = async (base: string, options = {}) => String(await app.get('/').against(base, options))

  const closed = await listening(http.createServer())
  const port = new URL(closed).port
  expect(await fails(await listening(net.createServer((socket) => socket.destroy())))).toContain('closed the connection before it answered')
  expect(await fails(await listening(net.createServer((socket) => socket.end('SSH-2.0\r\n'))))).toContain('does not speak HTTP/1.1')
  expect(await fails(await listening(net.createServer()), { timeout: 0.1 })).toContain('did not answer within 0.1 s')
  expect(await fails(`https://127.0.0.1:${port}`)).toContain('does not speak TLS: is https right for this port?')

  const gone = net.createServer()
  const base = await listening(gone)
  await new Promise((resolve) => gone.close(resolve))
  const got = await app.get('/').against(base)
  expect(String(got)).toContain(`${new URL(base).host} refused the connection: nothing listens there`)
  expect(() => got.expect({ blocked: {} })).toThrow('no server answered')
  await expect(app.get('/').against('localhost:80')).rejects.toThrow('http or https was expected')
})

test('TLS', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'browser-cors-'))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync('openssl', [...request, ...subject, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' })
  const [key, cert] = [readFileSync(keyFile), readFileSync(certFile)]
  const base = await listening(https.createServer({ key, cert }, grant), 'https')
  const asked = page('https://app.example').get('/')
  expect(String(await asked.against(base))).toContain('is not trusted (self-signed certificate): name its issuer by `tls: { ca }`')
  ;(await asked.against(base, { tls: { ca: cert } })).expect({ readable: { status: 200 } })
  ;(await asked.against(base, { tls: { rejectUnauthorized: false } })).expect({ readable: { status: 200 } })
})
