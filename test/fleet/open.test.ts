import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parse } from '../../src/config/load.ts'
import type { Fleet } from '../../src/fleet/fleet.ts'
import { journalFile, type Opening, openConfigured } from '../../src/fleet/open.ts'
import { openDemo } from '../../src/fleet/open-demo.ts'
import type { Trace } from '../../src/hosts/host.ts'
import { say } from '../../src/hosts/label.ts'
import { LocalHost } from '../../src/hosts/local.ts'
import { SshHost } from '../../src/hosts/ssh.ts'
import { overUdp } from '../../src/services/radius/wire.ts'

describe('the fleet of a configuration', () => {
  let directory: string
  let fleet: Fleet | undefined
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vdd-open-'))
  })
  afterEach(async () => {
    await fleet?.stop()
    fleet?.journal.close()
    fleet = undefined
    rmSync(directory, { recursive: true })
  })

  /** @param text YAML beside `journal` */
  async function opened(text: string, opening: Opening = {}): Promise<Fleet> {
    fleet = await openConfigured(parse(`journal: ${directory}/j/vdd.db\n${text}`, 'f'), opening)
    return fleet
  }
  const oneHost = 'hosts:\n  - name: a\n'

  it('is called and may change what the configuration says', async () => {
    expect(await opened(`cluster: school\n${oneHost}`)).toMatchObject({
      cluster: 'school',
      demo: false,
      readOnly: false,
      typeCountAbove: 5,
      views: {},
    })
    await fleet?.stop()
    fleet?.journal.close()
    expect(await opened(`typeCountAbove: 2\nreadOnly: true\n${oneHost}`)).toMatchObject({
      readOnly: true,
      typeCountAbove: 2,
    })
  })

  it('is read-only also where only the command line says so', async () => {
    expect(await opened(oneHost, { readOnly: true })).toMatchObject({ readOnly: true })
  })

  it('is looked at as often as the configuration says, or the command line', async () => {
    // An answer counts for three and a half looks.
    expect((await opened(`interval: 10\n${oneHost}`)).snapshot().staleAfter).toBe(35_000)
    await fleet?.stop()
    fleet?.journal.close()
    expect((await opened(`interval: 10\n${oneHost}`, { interval: 2 })).snapshot().staleAfter).toBe(7_000)
  })

  it('asks this machine itself, and others by ssh', async () => {
    const all = await opened('hosts:\n  - {name: here, local: true}\n  - name: there\n')
    const hosts = ['here', 'there'].map((name) => all.member(name)?.host)
    expect(hosts).toEqual([expect.any(LocalHost), expect.any(SshHost)])
    expect(hosts).toMatchObject([{ name: 'here' }, { name: 'there' }])
  })

  it('tells the diagnostic log what is asked of this machine', async () => {
    const traces: Trace[] = []
    const onTrace = (one: Trace) => traces.push(one)
    const all = await opened('hosts:\n  - {name: here, local: true}\n', { onTrace })
    await all.member('here')?.host.run(['true'])
    expect(traces).toMatchObject([{ host: 'here', argv: ['true'], outcome: 'exit 0' }])
  })

  it('asks a slapd and a FreeRADIUS where there are settings for one', async () => {
    const all = await opened(
      `ldap: {}\nradius: {secretFile: /s}\nhosts:\n  - {name: fe1, roles: [frontend]}\n  - {name: hv1}\n` +
        '  - {name: ds1, roles: [directory]}\n',
    )
    const asked = ['fe1', 'hv1', 'ds1'].map((name) => Object.keys(all.member(name) ?? {}).sort())
    expect(asked).toEqual([
      ['clients', 'config', 'host', 'ldap', 'radius'],
      ['config', 'host'],
      ['clients', 'config', 'host', 'ldap'],
    ])
    expect(all.member('fe1')?.radius?.wire).toBe(overUdp)
  })

  it('tells the diagnostic log what is asked of servers', async () => {
    const traces: Trace[] = []
    const all = await opened(
      'ldap: {caFile: /not/there}\nradius: {secretFile: /s}\nhosts:\n  - {name: fe1, roles: [frontend]}\n',
      { onTrace: (one) => traces.push(one) },
    )
    await expect(all.member('fe1')?.ldap?.open()).rejects.toMatchObject({ kind: 'refused' })
    expect(traces).toMatchObject([{ host: 'fe1', argv: ['ldap', 'bind'] }])
    expect(all.member('fe1')?.radius?.wire).not.toBe(overUdp)
  })

  it('keeps the journal where it is told to, and leftovers beside it', async () => {
    const { leftovers } = await opened(oneHost)
    expect(statSync(join(directory, 'j/vdd.db')).isFile()).toBe(true)
    const forget = leftovers?.note({ host: 'a', argv: ['rm', '-f', '--', '/x.vdd-0a1b2c'] })
    expect(statSync(join(directory, 'j/vdd.db.leftovers')).isDirectory()).toBe(true)
    forget?.()
  })

  it.each([true, false])('keeps the history only if it is told to: %s', async (keepHistory) => {
    await opened(`keepHistory: ${keepHistory}\n${oneHost}`)
    const db = new DatabaseSync(join(directory, 'j/vdd.db'))
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE name = 'minute'").all()
    db.close()
    expect(tables).toHaveLength(keepHistory ? 1 : 0)
  })

  it.each([
    [{ waits: true }, undefined],
    [{}, expect.stringContaining('locked')],
  ])('waits for another that writes to the journal only where no key waits: %j', async (opening, trouble) => {
    const { journal } = await opened(oneHost, opening)
    // What waits does so without a turn of its loop, so the other ends by itself there; else it holds on until it is let go.
    const lock =
      'const db = new (require("node:sqlite").DatabaseSync)(process.argv[1]); db.exec("BEGIN IMMEDIATE");' +
      'console.log("locked"); const end = () => process.exit(); process.stdin.on("end", end).resume(); if (process.argv[2]) setTimeout(end, 500)'
    const other = spawn(process.execPath, [
      '-e',
      lock,
      join(directory, 'j/vdd.db'),
      ...('waits' in opening ? ['briefly'] : []),
    ])
    const ended = once(other, 'exit')
    await once(other.stdout, 'data')
    journal.saw([{ host: 'a', severity: 'info', text: say`something`, about: { kind: 'host', id: 'a' } }], 1)
    expect(journal.trouble).toEqual(trouble)
    other.stdin.end()
    await ended
  })

  it('is opened also where no journal can be kept, with the history, and says why', async () => {
    fleet = await openConfigured(parse(`journal: ${directory}\nkeepHistory: true\n${oneHost}`, 'f'), {})
    expect(fleet.journal.trouble).toContain('journal is not kept')
  })
})

describe('the fleet of the demo', () => {
  it('may be changed, unless somebody says that it may not', async () => {
    for (const [given, expected] of [
      [{}, false],
      [{ readOnly: true }, true],
    ] as const) {
      const fleet = openDemo(given, {})
      expect(fleet).toMatchObject({ demo: true, readOnly: expected })
      await fleet.stop()
    }
  })

  it('is looked at as often as its configuration says, or the command line', () => {
    expect(openDemo({ interval: 10 }, {}).snapshot().staleAfter).toBe(35_000)
    expect(openDemo({}, {}).snapshot().staleAfter).toBe(4_000)
  })

  it('is looked at as a verb wants it', async () => {
    const fleet = openDemo({ leastSpan: 50, about: ['services'] }, {})
    expect(fleet.leastSpan).toBe(50)
    expect(fleet.isAsked('hv1')).toBe(false)
    await fleet.stop()
  })
})

describe('a host that is reached by ssh', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  it('is reached at the address and port of the configuration', async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', (data) => {
        resolve(String(data))
        socket.destroy()
      })
    })
    await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const fleet = await openConfigured(
      parse(`journal: ':memory:'\nhosts:\n  - {name: fe1, address: 127.0.0.1, port: ${port}}\n`, 'f'),
      {},
    )
    const ran = fleet.member('fe1')?.host.run(['true'])
    await expect(ran).rejects.toMatchObject({ host: 'fe1' })
    expect(await promise).toMatch(/^SSH-2\.0-/)
    await fleet.stop()
  })

  it('is reached as the configuration of ssh says that vdd is given', async () => {
    const traces: Trace[] = []
    const fleet = await openConfigured(
      parse("journal: ':memory:'\nssh: {configFile: /not/there}\nhosts:\n  - name: fe1\n", 'f'),
      { onTrace: (one) => traces.push(one) },
    )
    await expect(fleet.member('fe1')?.host.run(['true'])).rejects.toMatchObject({
      reason: expect.stringContaining('/not/there'),
    })
    expect(traces).toMatchObject([{ host: 'fe1', argv: ['true'] }])
    await fleet.stop()
  })
})

describe('the file of the journal', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('is the configured one', () => {
    expect(journalFile({ journal: '/x/y.db', cluster: 'school' })).toBe('/x/y.db')
  })

  it('is else one for each cluster, by its name, with what could lead elsewhere taken out', () => {
    vi.stubEnv('XDG_STATE_HOME', '/state')
    const of = (cluster: string) => journalFile({ journal: undefined, cluster })
    expect(of('school')).toBe('/state/vdd/school.db')
    expect(of('A-b.c_9')).toBe('/state/vdd/A-b.c_9.db')
    expect(of('../Schule Süd')).toBe('/state/vdd/.._Schule_S_d.db')
  })

  it('lies in the home directory where the environment names no place', () => {
    vi.stubEnv('XDG_STATE_HOME', '')
    expect(journalFile({ journal: undefined, cluster: 'c' })).toBe(join(homedir(), '.local/state/vdd/c.db'))
  })
})
