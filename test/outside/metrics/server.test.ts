import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { isLoopback, placeOf, type Served, serveMetrics } from '../../../src/outside/metrics/server.ts'

let served: Served
let made = 0
beforeEach(async () => {
  made = 0
  served = await serveMetrics({ address: '127.0.0.1', port: 0 }, () => {
    made++
    return '# EOF\n'
  })
})
afterEach(() => served.close())

it('GET /metrics is answered as OpenMetrics', async () => {
  const answer = await fetch(served.url)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe(
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  )
  expect(await answer.text()).toBe('# EOF\n')
  expect((await fetch(`${served.url}?a=b`)).status).toBe(200)
})

it('nothing else is, and nothing is made for it', async () => {
  for (const path of ['', '/', '/metrics/', '/metricsx', '/../metrics/x'])
    expect((await fetch(new URL(path || '/', served.url))).status).toBe(404)
  for (const method of ['POST', 'PUT', 'DELETE', 'HEAD'])
    expect((await fetch(served.url, { method })).status).toBe(405)
  expect(made).toBe(0)
})

it('a request that is too long, or no request at all, is closed', async () => {
  const { hostname, port } = new URL(served.url)
  for (const said of [`GET /metrics HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 'nonsense\r\n\r\n']) {
    const socket = connect(Number(port), hostname)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => {}).resume()
    socket.write(said)
    await closed
  }
  expect(made).toBe(0)
})

const statusFor = async (host: string, url = served.url): Promise<number | undefined> => {
  const asked = request(url, { headers: { Host: host } }).end()
  const [answer] = await once(asked, 'response')
  answer.resume()
  return answer.statusCode
}

it('a page that has its own name lead here reads nothing', async () => {
  for (const host of [
    'evil.example',
    'evil.example:9464',
    '127.0.0.1.evil.example',
    'localhost.evil.example:1',
  ])
    expect([host, await statusFor(host)]).toEqual([host, 421])
  expect(made).toBe(0)
  for (const host of ['localhost', 'LOCALHOST:9464', '127.0.0.1:9464', '[::1]:1', '10.0.0.1'])
    expect([host, await statusFor(host)]).toEqual([host, 200])
})

it('where other machines are to read it, it is called as they call it', async () => {
  const open = await serveMetrics({ address: '0.0.0.0', port: 0 }, () => '')
  expect(await statusFor('console.example', open.url.replace('0.0.0.0', '127.0.0.1'))).toBe(200)
  open.close()
})

it('it is made once a second, however often it is asked for', async () => {
  let now = 0
  let times = 0
  const one = await serveMetrics(
    { address: '127.0.0.1', port: 0 },
    () => `${++times}`,
    () => now,
  )
  const said = async () => await (await fetch(one.url)).text()
  expect([await said(), await said()]).toEqual(['1', '1'])
  now = 1_000
  expect(await said()).toBe('2')
  one.close()
})

it('whoever asks byte by byte is let go after ten seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const { hostname, port } = new URL(served.url)
    const socket = connect(Number(port), hostname)
    const closed = once(socket, 'close')
    socket.on('error', () => {}).resume()
    socket.write('GET /metrics HTTP/1.1\r\nX: ')
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0))
    const drip = setInterval(() => socket.write('a'), 50)
    vi.advanceTimersByTime(10_000)
    await closed
    clearInterval(drip)
  } finally {
    vi.useRealTimers()
  }
})

it('a place that is taken is told', async () => {
  const { port } = new URL(served.url)
  await expect(serveMetrics({ address: '127.0.0.1', port: Number(port) }, () => '')).rejects.toThrow(
    'EADDRINUSE',
  )
})

it.each([
  ['127.0.0.1:9464', { address: '127.0.0.1', port: 9464 }, true],
  ['[::1]:1', { address: '::1', port: 1 }, true],
  ['0.0.0.0:9464', { address: '0.0.0.0', port: 9464 }, false],
  ['[::]:9464', { address: '::', port: 9464 }, false],
  ['[fd00::127.0.0.1]:9464', { address: 'fd00::127.0.0.1', port: 9464 }, false],
])('%s is a place', (text, place, isOwn) => {
  expect(placeOf(text)).toEqual(place)
  expect(isLoopback(place)).toBe(isOwn)
})

it.each([
  '',
  '9464',
  ':9464',
  'localhost:9464',
  '127.0.0.1',
  '127.0.0.1:',
  '127.0.0.1:99999',
  '127.0.0.1:1 ',
])('"%s" is none', (text) => expect(placeOf(text)).toBeUndefined())
