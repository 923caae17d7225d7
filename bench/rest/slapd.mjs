// A slapd for the bench: it answers what the console asks of one at rest, in the forms of OpenLDAP 2.5, as a replica or as the provider.
import { createServer } from 'node:net'
import { element, elementAt } from './ber.mjs'

export const suffix = 'dc=bench,dc=example'
/** RFC 4511: operations, and universal tags. */
const bindRequest = 0x60
const searchRequest = 0x63
const bindResponse = 0x61
const searchEntry = 0x64
const searchDone = 0x65
const text = (value) => element(0x04, `${value}`)
const success = (tag) => element(tag, element(0x0a, Buffer.of(0)), text(''), text(''))

/** Milliseconds between two changes of the directory. */
const changeEvery = 6_000

function entry(dn, attributes) {
  const lines = Object.entries(attributes).map(([name, value]) =>
    element(0x30, text(name), element(0x31, text(value))),
  )
  return element(searchEntry, text(dn), element(0x30, ...lines))
}

/** `20261122073237.000000Z#000000#000#000000` */
function csnOf(at) {
  const time = new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)
  return `${time}.000000Z#000000#000#000000`
}

function monitorOf(isProvider, searches) {
  const below = (path, attributes) => entry(`${path},cn=Monitor`, attributes)
  const counter = (path, monitorCounter) => below(path, { monitorCounter })
  const info = (path, monitoredInfo) => below(path, { monitoredInfo })
  const operation = (kind, n) =>
    below(`cn=${kind},cn=Operations`, { monitorOpInitiated: n, monitorOpCompleted: n })
  return [
    counter('cn=Current,cn=Connections', 40 + (searches % 7)),
    counter('cn=Total,cn=Connections', 900 + Math.floor(searches / 20)),
    counter('cn=Max File Descriptors,cn=Connections', 1024),
    ...[
      'Bind',
      'Unbind',
      'Search',
      'Compare',
      'Modify',
      'Modrdn',
      'Add',
      'Delete',
      'Abandon',
      'Extended',
    ].map((kind) => operation(kind, kind === 'Search' ? searches : kind === 'Bind' ? searches >> 3 : 0)),
    info('cn=Max,cn=Threads', 16),
    info('cn=Active,cn=Threads', 1),
    info('cn=Pending,cn=Threads', 0),
    counter('cn=Read,cn=Waiters', 40),
    counter('cn=Write,cn=Waiters', 0),
    info('cn=Uptime,cn=Time', 500_000 + Math.floor(performance.now() / 1000)),
    below('cn=Current,cn=Time', { monitorTimestamp: `${csnOf(Date.now()).slice(0, 14)}Z` }),
    below('cn=Database 2,cn=Databases', {
      namingContexts: suffix,
      monitorIsShadow: isProvider ? 'FALSE' : 'TRUE',
      olmMDBPagesMax: 262_144,
      olmMDBPagesUsed: 41_870,
      olmMDBEntries: 2_317,
    }),
    ...(isProvider
      ? []
      : [
          below('cn=Consumer 001,cn=Database 2,cn=Databases', {
            olmSRSyncPhase: 'Persist',
            olmSRConnection: 'IP=10.9.0.5:389',
          }),
        ]),
  ]
}

/** Serves as many slapds as connect; resolves with the port. */
export function openSlapd(isProvider) {
  const began = Date.now()
  let searches = 250_000
  const entriesOf = (base, content) => {
    searches++
    if (base === 'cn=Monitor') return monitorOf(isProvider, searches)
    const newest = began + Math.floor((Date.now() - began) / changeEvery) * changeEvery
    return [entry(base, content.includes('contextCSN') ? { contextCSN: csnOf(newest) } : { dc: 'bench' })]
  }
  const answers = ({ tag, content }) => {
    if (tag === bindRequest) return [success(bindResponse)]
    if (tag !== searchRequest) return []
    return [...entriesOf(`${elementAt(content, 0).content}`, content), success(searchDone)]
  }
  const server = createServer((socket) => {
    let rest = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (data) => {
      rest = Buffer.concat([rest, data])
      for (let message = elementAt(rest, 0); message; message = elementAt(rest, 0)) {
        rest = rest.subarray(message.end)
        const number = elementAt(message.content, 0)
        const asked = elementAt(message.content, number.end)
        const said = answers(asked).map((one) => element(0x30, element(0x02, number.content), one))
        if (said.length) socket.write(Buffer.concat(said))
      }
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', 512, () => resolve(server.address().port))
  })
}
