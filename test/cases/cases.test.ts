import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../src/services/libvirt/parse.ts'
import { parseProcTable } from '../../src/services/lvs/parse.ts'
import { parseBonds, parseVitals } from '../../src/services/process/parse.ts'
import { KeyDecoder } from '../../src/terminal/keys.ts'

/** A file of fixtures/cases. */
const input = (name: string) => readFileSync(new URL(`../../fixtures/cases/${name}`, import.meta.url), 'utf8')

/** What people have posted, and what it means. To add one: put its file into fixtures/cases, and a row here. */
interface Case {
  /** the name of its files */
  readonly id: string
  readonly what: string
  /** reads it as the program does */
  readonly read: () => unknown
  /** what that has to give; objects may have more */
  readonly right: unknown
}

const proc = (hertz?: number) =>
  parseProcTable(input('V06.proc'), hertz).map(({ flags, persistentSeconds }) => [flags, persistentSeconds])

const cases: readonly Case[] = [
  {
    id: 'B05',
    what: 'a port of 802.3ad in another aggregator than the active one carries nothing (bond_procfs.c)',
    read: () => parseBonds(`==> /proc/net/bonding/bond0 <==\n${input('B05.bonding')}`),
    right: [{ name: 'bond0', isUp: true, down: ['eth1'] }],
  },
  {
    id: 'E01',
    what: 'events of virsh of before 2021 have names without quotation marks',
    read: () => input('E01.txt').trimEnd().split('\n').map(parseEvent),
    right: [
      { kind: 'lifecycle', name: 'sid-lxde', detail: 'Shutdown Finished' },
      { kind: 'lifecycle', name: 'win11', detail: 'Stopped Shutdown' },
      { kind: 'reboot', name: 'sid-lxde', detail: '' },
    ],
  },
  {
    id: 'P06',
    what: 'without MemAvailable (Linux before 3.14, WSL 1) it is what is free, and what can be given back',
    read: () => parseVitals(`cpu  1 0 1 8\n0.00 0.01 0.05 1/12 3\n${input('P06.meminfo')}`),
    right: { memoryKiB: 15666184, memoryAvailableKiB: 13468092 },
  },
  {
    id: 'T01',
    what: 'keys in the modes of kitty and xterm that a program has left on (xterm, ctlseqs)',
    read: () => new KeyDecoder().feed(Buffer.from('\x1b[27u\x1b[99;5u\x1b[13u\x1b[27;5;99~')),
    right: ['escape', 'ctrl-c', 'return', 'ctrl-c'].map((key) => ({ key })),
  },
  {
    id: 'V06',
    what: 'persistence is counted by the ticks of its kernel, and stands behind other flags (ip_vs_ctl.c)',
    read: () => [proc(), proc(1000)[0], proc(250)[1]],
    right: [
      [
        ['persistent ?', undefined],
        ['ops persistent ?', undefined],
      ],
      ['persistent 300', 300],
      ['ops persistent 300', 300],
    ],
  },
]

describe('what people have posted', () => {
  it.each(cases.map((one) => [one.id, one.what, one] as const))('%s: %s', (_id, _what, { read, right }) => {
    const found = read()
    if (Array.isArray(right)) expect(found).toMatchObject(right)
    else expect(found).toMatchObject(right as object)
  })

  it('has one row each', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length)
  })
})
