import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/actions/action.ts'
import { type Prepared, prepare } from '../../src/actions/prepare.ts'
import type { Answers } from '../../src/actions/question.ts'
import { commandText, stepText } from '../../src/actions/step-text.ts'
import { actionsOf } from '../../src/actions/table.ts'
import type { HostRecord } from '../../src/fleet/host/record.ts'
import type { MachineRecord } from '../../src/fleet/machine/record.ts'
import type { Label } from '../../src/hosts/label.ts'
import { parseDomainXml } from '../../src/services/libvirt/xml.ts'
import { uuid } from '../support/facts.ts'
import { host, machine, snapshot } from '../support/records.ts'
import { StillFleet } from '../support/still-fleet.ts'

const id = uuid(1)
const prefix = ['env', 'LANGUAGE=', 'LC_ALL=C.UTF-8', 'VIRSH_HISTSIZE=0', 'virsh', '-c', 'qemu:///system']

/** The words after virsh's own, of each step; or why there is no plan. */
function plan(
  verb: string,
  of: Parameters<typeof machine>[0] = {},
  answers: Answers = {},
  fleet?: StillFleet,
) {
  const target = machine(of)
  const action = actionsOf.machine.find((one) => one.verb === verb) as Change<MachineRecord>
  return words(prepare(action, target, answers, fleet ?? new StillFleet(snapshot([target]))))
}

function words<T>(prepared: Prepared<T> | { readonly refused: Label }) {
  if ('refused' in prepared) return prepared.refused
  return prepared.steps.map(({ host, argv }) => {
    expect(host).toBe('a')
    expect(argv.slice(0, prefix.length)).toEqual(prefix)
    return argv.slice(prefix.length)
  })
}

function hostPlan(verb: string, answers: Answers, on = host('a')) {
  const action = actionsOf.host.find((a) => a.verb === verb) as Change<HostRecord>
  return prepare(action, on, answers, new StillFleet(snapshot([machine()], [on])))
}

const off = { state: 'shut off' } as const

describe('the plans', () => {
  it.each([
    ['start', off, ['start', id]],
    ['shutdown', {}, ['shutdown', id]],
    ['reboot', {}, ['reboot', id]],
    ['reset', {}, ['reset', id]],
    ['off', {}, ['destroy', id]],
    ['pause', {}, ['suspend', id]],
    ['resume', { state: 'paused' }, ['resume', id]],
    ['undefine', off, ['undefine', id]],
  ] as const)('of "%s" is one command, which names the machine by its UUID', (verb, of, command) => {
    expect(plan(verb, of)).toEqual([command])
  })

  it('never carry the name of a machine, whatever it is called', () => {
    const name = `-rf'; $(reboot) <b>\u001b[2J`
    for (const verb of ['shutdown', 'off', 'pause', 'migrate', 'reset', 'reboot'])
      expect(JSON.stringify(plan(verb, { name, hasDisks: false }))).not.toContain('reboot)')
  })

  it('of autostart turn it round, or do as was said', () => {
    expect(plan('autostart', { autostart: false })).toEqual([['autostart', id]])
    expect(plan('autostart', { autostart: true })).toEqual([['autostart', '--disable', id]])
    expect(plan('autostart', { autostart: false }, { autostart: 'on' })).toEqual([['autostart', id]])
    for (const autostart of [true, false])
      expect(plan('autostart', { autostart }, { autostart: autostart ? 'on' : 'off' })).toBe(
        'nothing would change',
      )
    expect(plan('autostart', {}, { autostart: 'yes' })).toBe('Start with the host: on or off')
  })

  it('of a migration keep the definition with a machine that has one', () => {
    const to = 'qemu+ssh://b/system'
    expect(plan('migrate', {}, { to: 'b' })).toEqual([
      ['migrate', '--live', '--verbose', '--persistent', '--undefinesource', id, to],
    ])
    expect(plan('migrate', { persistent: false }, { to: 'b' })).toEqual([
      ['migrate', '--live', '--verbose', id, to],
    ])
  })

  it('of a migration treat the disks as was said', () => {
    const flags = (storage: string) => plan('migrate', {}, { to: 'b', storage })[0]?.slice(3, -2)
    expect(flags('copy')).toEqual(['--persistent', '--undefinesource', '--copy-storage-all'])
    expect(flags('unsafe')).toEqual(['--persistent', '--undefinesource', '--unsafe'])
    expect(flags('shared')).toEqual(['--persistent', '--undefinesource'])
    expect(plan('migrate', {}, { to: 'b', storage: 'maybe' })).toBe('Its disks: one of shared, copy, unsafe')
  })

  it('of a migration reach the target as it is configured', () => {
    const shown = snapshot([machine()])
    const uri = (config: object) =>
      plan('migrate', {}, { to: 'b' }, new StillFleet(shown, { configs: { b: config } }))[0]?.at(-1)
    expect(uri({ migrateTo: 'qemu+tls://b.example.org/system' })).toBe('qemu+tls://b.example.org/system')
    expect(uri({ address: '192.0.2.2' })).toBe('qemu+ssh://192.0.2.2/system')
    expect(uri({ libvirt: 'xen:///system' })).toBe('xen+ssh://b/system')
  })

  it('of a migration tell their progress, and have no clock', () => {
    const target = machine()
    const prepared = prepare(
      actionsOf.machine.find((one) => one.verb === 'migrate') as Change<MachineRecord>,
      target,
      { to: 'b' },
      new StillFleet(snapshot([target])),
    )
    const [step] = 'steps' in prepared ? prepared.steps : []
    expect(step).not.toHaveProperty('timeout')
    expect(step?.progress?.('\rMigration: [ 51 %]')).toBe(51)
  })

  it('of new numbers change the running machine, then the definition: where it refuses, nothing is done', () => {
    expect(plan('set', {}, { vcpus: '3' })).toEqual([
      ['setvcpus', id, '3', '--live'],
      ['setvcpus', id, '3', '--config'],
    ])
    expect(plan('set', {}, { memory: '1.5G' })).toEqual([
      ['setmem', id, '1572864KiB', '--live'],
      ['setmem', id, '1572864KiB', '--config'],
    ])
    expect(plan('set', off, { vcpus: '1', memory: '512M' })).toEqual([
      ['setvcpus', id, '1', '--config'],
      ['setmem', id, '524288KiB', '--config'],
    ])
  })

  it('of more than the machine may have raise the most first, which it gets at its next start', () => {
    expect(plan('set', {}, { vcpus: '8' })).toEqual([
      ['setvcpus', id, '8', '--maximum', '--config'],
      ['setvcpus', id, '8', '--config'],
    ])
    expect(plan('set', {}, { memory: '4G' })).toEqual([
      ['setmaxmem', id, '4194304KiB', '--config'],
      ['setmem', id, '4194304KiB', '--config'],
    ])
  })

  it('are not made when nothing would change', () => {
    expect(plan('set', {}, { vcpus: '2', memory: '1G' })).toBe('nothing would change')
    expect(plan('set')).toBe('nothing would change')
  })

  it('do not touch the memory of a machine that has no whole MiB, when only the vCPUs are changed', () => {
    expect(plan('set', { memoryKiB: 1_000_001 }, { vcpus: '1' })).toEqual([
      ['setvcpus', id, '1', '--live'],
      ['setvcpus', id, '1', '--config'],
    ])
  })

  it.each([
    [{ vcpus: '0' }, 'vCPUs: a whole number from 1 to 512'],
    [{ vcpus: '1.5' }, 'vCPUs: a whole number from 1 to 512'],
    [{ vcpus: '513' }, 'vCPUs: a whole number from 1 to 512'],
    [{ vcpus: '' }, 'vCPUs: a whole number from 1 to 512'],
    [{ memory: 'much' }, 'Memory: a size such as 512M or 2G, at least 4M'],
    [{ memory: '-1G' }, 'Memory: a size such as 512M or 2G, at least 4M'],
    [{ memory: '1M' }, 'Memory: a size such as 512M or 2G, at least 4M'],
    [{ memory: '1G; reboot' }, 'Memory: a size such as 512M or 2G, at least 4M'],
  ])('are refused for %j, with what would be right', (answers, why) => {
    expect(plan('set', {}, answers as Answers)).toBe(why)
  })
})

describe('the plan of a new machine', () => {
  const created = (answers: Answers, on = host('a')) => {
    const prepared = hostPlan('create', { name: 'kiosk-1', ...answers }, on)
    if ('refused' in prepared) throw new Error(prepared.refused)
    return prepared.steps
  }

  it('makes the disk, then defines the XML that comes by standard input', () => {
    const [disk, define] = created({})
    expect(disk?.argv.slice(prefix.length)).toEqual([
      'vol-create-as',
      '--pool',
      'default',
      '--name',
      'kiosk-1.qcow2',
      '--capacity',
      '20GiB',
      '--format',
      'qcow2',
    ])
    expect(define?.argv.slice(prefix.length)).toEqual(['define', '--validate', '/dev/stdin'])
    expect(parseDomainXml(define?.input ?? '')).toMatchObject({
      name: 'kiosk-1',
      vcpus: 2,
      memoryKiB: 2 ** 21,
      disks: [{ source: 'kiosk-1.qcow2', type: 'volume' }],
      nics: [{ source: 'lan' }],
    })
  })

  it('leaves out the disk and the network that are not wanted', () => {
    const steps = created({ disk: '0', network: 'none' })
    expect(steps).toHaveLength(1)
    expect(parseDomainXml(steps[0]?.input ?? '')).toMatchObject({ disks: [], nics: [] })
  })

  it('uses what the host has', () => {
    const xml = created({ disk: '0' }, host('a', { virtType: 'qemu' }))[0]?.input ?? ''
    expect(xml).toContain("<domain type='qemu'>")
  })

  it.each([
    [{ name: '-rf' }, 'Name: letters, digits'],
    [{ name: 'a/b' }, 'Name: letters, digits'],
    [{ name: `x'; $(reboot)` }, 'Name: letters, digits'],
    [{ name: '<b>' }, 'Name: letters, digits'],
    [{ name: ' x' }, 'Name: letters, digits'],
    [{ name: 'a\nb' }, 'Name: letters, digits'],
    [{ name: '' }, 'Name: letters, digits'],
    [{ name: 'x'.repeat(64) }, 'Name: letters, digits'],
    [{ name: 'web1' }, 'Name: there is a machine of this name'],
    [{ os: 'beos' }, 'Operating system: one of linux, windows, reactos, other'],
    [{ os: 'constructor' }, 'Operating system: one of linux, windows, reactos, other'],
    [{ disk: '-5' }, 'Disk, GiB (0: none): a whole number'],
    [{ pool: 'elsewhere' }, 'Storage pool: no pool elsewhere on a; there are default'],
    [{ network: 'elsewhere' }, 'Network: no network elsewhere on a; there are lan'],
  ])('is refused for %j', (answers, why) => {
    const prepared = hostPlan('create', { name: 'kiosk-1', ...(answers as Answers) })
    expect('refused' in prepared && prepared.refused).toContain(why)
  })

  it('is refused on a host without a pool, and possible there without a disk', () => {
    const bare = host('a', { pools: [], networks: [] })
    expect(hostPlan('create', { name: 'x' }, bare)).toMatchObject({ refused: 'Storage pool: no answer' })
    expect(hostPlan('create', { name: 'x', disk: '0' }, bare)).toHaveProperty('steps')
  })
})

describe('the plan of a definition', () => {
  const xml = '<domain type="kvm"><name>it\'s</name></domain>'

  it('passes the file on as it is', () => {
    const prepared = hostPlan('define', { xml })
    expect('steps' in prepared && prepared.steps).toMatchObject([
      { host: 'a', argv: [...prefix, 'define', '--validate', '/dev/stdin'], input: xml },
    ])
  })

  it('is refused for what is no definition', () => {
    expect(hostPlan('define', { xml: 'hello' })).toMatchObject({
      refused: 'File with its XML, on this machine: no <domain> with a <name>',
    })
    expect(hostPlan('define', {})).toMatchObject({ refused: 'File with its XML, on this machine: no answer' })
    expect(hostPlan('define', { xml }, host('a', { reachable: false }))).toMatchObject({
      refused: 'it does not answer',
    })
  })
})

describe('a step as the operator reads it', () => {
  it('leaves out the words that only fix the language, and quotes the rest', () => {
    expect(commandText(['env', 'LANGUAGE=', 'A=1', 'virsh', 'start', "it's"])).toBe(
      `virsh start 'it'\\\\''s'`,
    )
    expect(commandText(['ps', '-e'])).toBe('ps -e')
  })

  it('is printable', () => {
    const step = { host: 'a', argv: ['virsh', '\u001b[2J\n'] as const, what: '' as never }
    expect(stepText(step)).toBe("a$ virsh '\\e[2J\\n'")
  })
})
