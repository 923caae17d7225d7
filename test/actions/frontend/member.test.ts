import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Change } from '../../../src/actions/action.ts'
import { prepare } from '../../../src/actions/prepare.ts'
import type { Answers } from '../../../src/actions/question.ts'
import { run } from '../../../src/actions/run.ts'
import { stepLines, stepText } from '../../../src/actions/step-text.ts'
import { objectsOf, type Target } from '../../../src/actions/subjects.ts'
import { actions } from '../../../src/actions/table.ts'
import type { BalancerRecord } from '../../../src/fleet/balancer/record.ts'
import { type FrontendRecord, hostsByAddress } from '../../../src/fleet/frontend/frontends.ts'
import { Leftovers } from '../../../src/fleet/leftovers.ts'
import { balancedBy } from '../../../src/fleet/service/virtual-services.ts'
import { HostError } from '../../../src/hosts/host.ts'
import { label } from '../../../src/hosts/label.ts'
import { balancer, ldap, ldirectordReading, lvsReading, standby } from '../../support/balancers.ts'
import { ldirectord as recorded } from '../../support/fixture.ts'
import { host, snapshot } from '../../support/records.ts'
import { StillFleet } from '../../support/still-fleet.ts'

const hostAt = hostsByAddress([
  { name: 'rs1', address: '10.9.0.11' },
  { name: 'rs2', address: '10.9.0.12' },
])

function shown(balancers: readonly BalancerRecord[]) {
  const hosts = balancers.map(({ host: name }) => host(name, { roles: ['balancer'] }))
  return { ...snapshot([], hosts), balancers, ...balancedBy(balancers, hostAt) }
}

function prepared(
  verb: string,
  name: string,
  answers: Answers,
  balancers: readonly BalancerRecord[],
  options: ConstructorParameters<typeof StillFleet>[1] = {},
) {
  const fleet = new StillFleet(shown(balancers), options)
  const action = actions.find((one) => one.verb === verb) as Change<Target>
  const target = objectsOf(action.subject, fleet.snapshot()).find((one) => one.name === name)
  if (!target) throw new Error(`no ${name}`)
  return { fleet, action, target, made: prepare(action, target, answers, fleet) }
}

/** What would run; or why nothing can. */
function plan(...args: Parameters<typeof prepared>): string[] {
  const { made } = prepared(...args)
  // Drafts are called after the process.
  return 'refused' in made
    ? [made.refused]
    : made.steps.map((step) => stepText(step).replaceAll(/\.vdd-[0-9a-f]{6}/g, '.vdd-SESSION'))
}

/** The lines of the differences that are shown. */
function differences(...args: Parameters<typeof prepared>): string[] {
  const { made } = prepared(...args)
  if ('refused' in made) return [made.refused]
  return made.steps.flatMap(stepLines).filter((line) => /^ {2}\| [-+@]/.test(line))
}

const file = '/etc/ha.d/ldirectord.cf'
const replaced = (on: string) => [
  `${on}$ cp -p --backup=numbered -- ${file} ${file}.before-vdd`,
  `${on}$ cp -p -- ${file} ${file}.vdd-SESSION`,
  `${on}$ dd of=${file}.vdd-SESSION conv=fsync status=none`,
  `${on}$ ldirectord ${file}.vdd-SESSION try-restart`,
  `${on}$ flock --verbose -w 10 /etc/ha.d /bin/sh -c 'PATH=/usr/bin:/bin; sha256sum --check --status && exec mv -- "$1" "$2"' sh ${file}.vdd-SESSION ${file}`,
]
const reload = 'lb1$ pkill -HUP -F /run/ldirectord.ldirectord.pid -f ldirectord'
const pair = [balancer('lb1'), standby('lb2')]
const { config: _, source: __, daemon: ___, ...none } = ldirectordReading('lb1')
const alone = balancer('lb1', { ldirectord: none })

describe('a clone of a front end', () => {
  it('is written into the configuration of every balancer, and loaded where ldirectord runs', () => {
    expect(plan('clone', 'rs1', { address: '10.9.0.13' }, pair)).toEqual([
      ...replaced('lb1'),
      reload,
      ...replaced('lb2').filter((line) => !line.includes('try-restart')),
    ])
    expect(differences('clone', 'rs1', { address: '10.9.0.13' }, [balancer('lb1')])).toEqual([
      '  | @@ -10,4 +10,5 @@',
      '  | +  real=10.9.0.13:389 gate 4',
      '  | @@ -19,4 +20,5 @@',
      '  | +  real=10.9.0.13:80 gate 4',
    ])
  })

  it('is put into the table where no ldirectord does it', () => {
    const answers = { address: '10.9.0.13', service: ldap }
    expect(plan('clone', 'rs1', answers, [alone])).toEqual([
      'lb1$ ipvsadm -a -t 10.9.0.100:389 -r 10.9.0.13:389 -g -w 4',
    ])
    const { daemon: _, ...stopped } = ldirectordReading('lb1')
    expect(plan('clone', 'rs1', answers, [balancer('lb1', { ldirectord: stopped })])).toEqual([
      ...replaced('lb1'),
      'lb1$ ipvsadm -a -t 10.9.0.100:389 -r 10.9.0.13:389 -g -w 4',
    ])
  })

  it('has the weight that is configured, also while the one it is like is drained', () => {
    const drained = balancer('lb1', {
      lvs: lvsReading('lb1', 'maintenance-quiescent-yes'),
      ldirectord: ldirectordReading('lb1', { maintenance: ['10.9.0.11'] }),
    })
    expect(differences('clone', 'rs1', { address: '10.9.0.13', service: ldap }, [drained])).toContain(
      '  | +  real=10.9.0.13:389 gate 4',
    )
  })

  it('is refused with an address that is none, or that is taken', () => {
    const refused = (address: string) => plan('clone', 'rs1', { address }, pair)
    expect(refused('rs3; reboot')).toEqual([
      'Address of the new one: an IPv4 or IPv6 address; its ports are those of this one',
    ])
    expect(refused('10.9.0.13:389')[0]).toMatch(/its ports are those/)
    expect(refused('10.9.0.100')).toEqual([
      'Address of the new one: 10.9.0.100 is the address of a virtual service',
    ])
    expect(refused('10.9.0.12')).toEqual([
      'Address of the new one: that is rs2 already; "add" on a service gives it one more',
    ])
  })
})

describe('a removal', () => {
  it('takes every line, and leaves the table to the ldirectord that runs', () => {
    expect(plan('remove', 'rs2', {}, pair)).toEqual([
      ...replaced('lb1'),
      reload,
      ...replaced('lb2').filter((line) => !line.includes('try-restart')),
    ])
    expect(differences('remove', 'rs2', { service: ldap }, [balancer('lb1')])).toEqual([
      '  | @@ -9,5 +9,4 @@',
      '  | -  real=10.9.0.12:389 gate 2',
    ])
    expect(plan('remove', 'rs2', { service: ldap }, [alone])).toEqual([
      'lb1$ ipvsadm -d -t 10.9.0.100:389 -r 10.9.0.12:389',
    ])
  })

  it('says whose connections it cuts, and insists', () => {
    const loaded = [balancer('lb1', { lvs: lvsReading('lb1', 'loaded') })]
    const { made } = prepared('remove', 'rs1', { service: ldap }, loaded)
    if ('refused' in made) throw new Error(made.refused)
    expect(made.risk).toBe('destructive')
    expect(made.insists).toMatch(/^drain it first, and wait until its \d+ open connections have ended/)
    expect(made.warnings).toContain(made.insists)
    expect(made.warnings[0]).toMatch(/^\d+ open connections are cut$/)
    const lvs = lvsReading('lb1', 'idle')
    const having = (active: number) => {
      const services = lvs.services.map((one) => ({
        ...one,
        reals: one.reals.map((real) => (real.id === '10.9.0.12:389' ? { ...real, active } : real)),
      }))
      const { made } = prepared('remove', 'rs2', { service: ldap }, [
        balancer('lb1', { lvs: { ...lvs, services } }),
      ])
      return 'refused' in made ? [made.refused] : made.warnings
    }
    expect(having(1)).toEqual(
      expect.arrayContaining([
        '1 open connection is cut',
        'drain it first, and wait until its open connection has ended',
      ]),
    )
    expect(having(2)).toContain('2 open connections are cut')
    expect(having(0).filter((one) => one.includes('cut'))).toEqual([])
  })

  it('is done when nothing is left of it, and names the maintenance file that stays', () => {
    const { action, target } = prepared('remove', 'rs2', {}, pair)
    expect(action.settled?.(target, {}, shown(pair), 0)).toBeUndefined()
    const lvs = lvsReading('lb1', 'idle')
    const services = lvs.services.map((one) => ({
      ...one,
      reals: one.reals.filter(({ address }) => address !== '10.9.0.12'),
    }))
    const text = recorded('ldirectord.cf').replace(/\treal=10\.9\.0\.12.*\n/g, '')
    const rest = ldirectordReading('lb1', { maintenance: ['rs2'] }, [recorded('ldirectord.cf'), text])
    const after = shown([balancer('lb1', { lvs: { ...lvs, services }, ldirectord: rest })])
    expect(action.settled?.(target, {}, after, 0)).toBe(true)
    expect(action.remark?.(target, {}, after)).toContain('its maintenance file stays: rs2')
    // Out of the first of its services, and not yet out of the other.
    const half = services.map((one, i) => (i ? lvs.services[i] : one)) as typeof services
    const { ldirectord: _, ...unread } = balancer('lb1')
    const later = shown([{ ...unread, lvs: { ...lvs, services: half } }])
    expect(action.settled?.(target, {}, later, 0)).toBeUndefined()
    // A balancer without a configuration has nothing of it there.
    expect(action.settled?.(target, {}, shown([{ ...unread, lvs: { ...lvs, services } }]), 0)).toBe(true)
  })

  it('leaves the configuration of vdd as it is, and says so where that names it and it is gone for good', () => {
    const { action, target } = prepared('remove', 'rs2', {}, pair)
    const named = 'the configuration of vdd still names it'
    const remark = (one: Target, answers: Answers) => action.remark?.(one, answers, shown(pair))
    expect(remark(target, {})).toBe(named)
    expect(remark(target, { service: ldap })).toBeUndefined()
    const { host: __, ...unnamed } = target as FrontendRecord
    expect(remark(unnamed, {})).toBeUndefined()
  })
})

describe('a real server that is added to a service', () => {
  it('is asked for with its address, and its port where that is another', () => {
    const lines = (address: string) =>
      differences('add', ldap, { address, weight: '2' }, [balancer('lb1')]).filter((line) =>
        line.includes('+  '),
      )
    expect(lines('10.9.0.13')).toEqual(['  | +  real=10.9.0.13:389 gate 2'])
    expect(lines('10.9.0.13:1389')).toEqual(['  | +  real=10.9.0.13:1389 masq 2'])
    const refused = (address: string) => plan('add', ldap, { address }, pair)[0]?.replace(/^.*: /, '')
    expect(refused('10.9.0.13:99999')).toBe('an IPv4 or IPv6 address, with a port from 1 to 65535 if any')
    const gate = plan('add', ldap, { address: '10.9.0.13:1389', forward: 'gate' }, pair)
    expect(gate[0]).toMatch(/a different port needs masq/)
    expect(refused('fd00::13')).toBe('an IPv4 address, as the others of its services')
    expect(refused('fe80::1%eth0')).toBe('an IPv4 or IPv6 address, with a port from 1 to 65535 if any')
    expect(plan('add', ldap, { address: '10.9.0.11' }, pair)).toEqual([
      'Its address, with its port if that is different: 10.9.0.11 is there already',
    ])
    expect(plan('add', ldap, { address: '10.9.0.13', forward: 'nat' }, pair)).toEqual([
      'How are packets forwarded to it: gate, masq or ipip',
    ])
  })
})

describe('the undo', () => {
  const undoOf = (verb: string, name: string, answers: Answers, balancers: readonly BalancerRecord[]) => {
    const { action, target } = prepared(verb, name, answers, balancers)
    return action.undo?.(target, { service: 'all', ...answers }, shown(balancers))
  }

  it('of what was added takes just that away, and is none where it would take more', () => {
    expect(undoOf('clone', 'rs1', { address: '10.9.0.13' }, pair)).toEqual({
      verb: 'remove',
      answers: { service: 'all' },
      targets: ['10.9.0.13'],
    })
    expect(undoOf('clone', 'rs1', { address: '10.9.0.12' }, pair)).toBeUndefined()
    const service = { forward: 'gate', weight: '1' }
    expect(undoOf('add', ldap, { ...service, address: '10.9.0.13' }, pair)).toMatchObject({
      answers: { service: ldap },
    })
    expect(undoOf('add', ldap, { ...service, address: '10.9.0.12:390' }, pair)).toBeUndefined()
  })

  it('of a removal adds it again, and is none where its line had checks of its own', () => {
    expect(undoOf('remove', 'rs2', {}, pair)).toMatchObject({
      verb: 'add',
      answers: { address: '10.9.0.12', forward: 'gate', weight: '2' },
    })
    const own: [string, string] = ['10.9.0.12:389 gate 2', '10.9.0.12:389 gate 2 "uid=a", "ok"']
    const checked = [balancer('lb1', { ldirectord: ldirectordReading('lb1', {}, own) })]
    expect(undoOf('remove', 'rs2', {}, checked)).toBeUndefined()
  })

  it('is none of what has not begun', async () => {
    const { fleet, made } = prepared('remove', 'rs2', { service: ldap }, [alone])
    if ('refused' in made) throw new Error(made.refused)
    const lb1 = fleet.hosts.get('lb1')
    if (!lb1) throw new Error('no lb1')
    lb1.answer = () => ({ code: 1 })
    expect(await run(made, fleet, { who: label('me') })).not.toHaveProperty('undo')
    lb1.answer = () => ({})
    fleet.looked.length = 0
    expect(await run(made, fleet, { who: label('me'), wait: false })).toHaveProperty('undo')
    // Names of front ends are not what their commands go by: they are not read again before.
    expect(fleet.looked).toEqual(['lb1'])
  })
})

describe('an address', () => {
  it.each(['127.0.0.1', '0.0.0.13', '224.0.0.5', '255.255.255.255'])('%s is that of no server', (address) => {
    expect(plan('clone', 'rs1', { address }, [alone])[0]).toContain('cannot be the address of a server')
  })

  it('has no port 0', () => {
    expect(plan('add', ldap, { address: '10.9.0.13:0' }, [alone])[0]).toContain('a port from 1 to 65535')
  })
})

describe('the configuration of ldirectord', () => {
  it('takes the place of the old one only if that is as it was read, and ldirectord takes it', async () => {
    const { fleet, made } = prepared('clone', 'rs1', { address: '10.9.0.13' }, [balancer('lb1')])
    if ('refused' in made) throw new Error(made.refused)
    const lb1 = fleet.hosts.get('lb1')
    if (!lb1) throw new Error('no lb1')
    const outcome = () => run(made, fleet, { who: label('me'), wait: false })
    const ran = () => lb1.ran.splice(0).map(({ argv }) => argv[0])
    lb1.answer = ([program]) => ({
      code: program === 'ldirectord' ? 2 : 0,
      stderr: `Error [7] reading file ${file}.vdd-1 at line 14: Unknown command\n \n`,
    })
    expect(await outcome()).toEqual({
      kind: 'failed',
      advice: '',
      isNothing: true,
      text: 'lb1: ldirectord would refuse the new configuration: line 14: Unknown command',
    })
    // The draft goes: it may have passwords in it.
    expect(ran()).toEqual(['cp', 'cp', 'dd', 'ldirectord', 'rm'])
    lb1.answer = ([program]) => ({ code: program === 'flock' ? 1 : 0 })
    expect(await outcome()).toMatchObject({
      kind: 'failed',
      text: `lb1: ${file} is not as it was read: look again`,
    })
    expect(ran()).not.toContain('mv')
    lb1.answer = () => ({})
    expect(await outcome()).toMatchObject({ kind: 'done' })
    const [, , dd, , sums] = lb1.ran
    const sum = (text: string) => createHash('sha256').update(text).digest('hex')
    const draft = dd?.argv[1]?.replace('of=', '')
    expect(sums?.options.input).toBe(
      `${sum(recorded('ldirectord.cf'))}  ${file}\n${sum(dd?.options.input ?? '')}  ${draft}\n`,
    )
  })

  it('is as it was, and no draft is left, where the program ends in the middle', async () => {
    const { fleet, made } = prepared('clone', 'rs1', { address: '10.9.0.13' }, [balancer('lb1')])
    if ('refused' in made) throw new Error(made.refused)
    const lb1 = fleet.hosts.get('lb1')
    if (!lb1) throw new Error('no lb1')
    const checking = Promise.withResolvers<void>()
    lb1.answer = ([program], { signal }) => {
      if (program !== 'ldirectord') return {}
      checking.resolve()
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    }
    const outcome = run(made, fleet, { who: label('me') })
    await checking.promise
    await fleet.giveUp()
    expect(await outcome).toEqual({ kind: 'cancelled', text: 'given up', isNothing: true })
    expect(lb1.ran.map(({ argv }) => argv[0])).toEqual(['cp', 'cp', 'dd', 'ldirectord', 'rm'])
    expect(fleet.journal.latest(1)[0]).toMatchObject({ text: 'clone: given up', severity: 'info' })
  })

  it('is noted beside the journal while there is a draft of it, for the case that the program is killed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'vdd-noted-'))
    const noted = () => readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'))
    const options = { leftovers: new Leftovers(directory) }
    const { fleet, made } = prepared('clone', 'rs1', { address: '10.9.0.13' }, [balancer('lb1')], options)
    if ('refused' in made) throw new Error(made.refused)
    const lb1 = fleet.hosts.get('lb1')
    if (!lb1) throw new Error('no lb1')
    const seen: [string, number][] = []
    let fails = ''
    lb1.answer = ([program]) => {
      seen.push([program, noted().length])
      return { code: program === fails || (fails && program === 'rm') ? 1 : 0 }
    }
    try {
      expect(await run(made, fleet, { who: label('me'), wait: false })).toMatchObject({ kind: 'done' })
      expect(seen.slice(0, 4)).toEqual([
        ['cp', 0],
        ['cp', 1],
        ['dd', 1],
        ['ldirectord', 1],
      ])
      expect(noted()).toEqual([])
      fails = 'dd'
      expect(await run(made, fleet, { who: label('me'), wait: false })).toMatchObject({ kind: 'failed' })
      expect(noted()).toEqual([
        expect.stringMatching(/"host":"lb1","argv":\["rm","-f","--",".*\.vdd-[0-9a-f]{6}"\]/),
      ])
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('leaves no draft where none could be made, and looks for none where nothing was begun', async () => {
    const pair = [balancer('lb1'), standby('lb2')]
    const directory = mkdtempSync(join(tmpdir(), 'vdd-noted-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const options = { leftovers: new Leftovers(directory) }
    const { fleet, made } = prepared('clone', 'rs1', { address: '10.9.0.13' }, pair, options)
    const [lb1, lb2] = [...fleet.hosts.values()]
    if ('refused' in made || !lb1 || !lb2) throw new Error('no plan')
    lb1.answer = (argv) => ({ code: argv[0] === 'cp' && argv.at(-1)?.includes('.vdd-') ? 1 : 0 })
    expect(await run(made, fleet, { who: label('me') })).toMatchObject({ kind: 'failed', isNothing: true })
    expect(lb1.ran.map(({ argv }) => argv[0])).toEqual(['cp', 'cp', 'rm'])
    expect(lb1.ran.at(-1)?.options).toEqual({ timeout: 10_000 })
    expect(lb2.ran).toEqual([])
    expect(readdirSync(directory)).toEqual([])
    lb1.answer = () => {
      throw new HostError('unreachable', 'lb1', label('no route'))
    }
    expect(await run(made, fleet, { who: label('me') })).toMatchObject({ text: 'lb1: no route' })
  })

  it('is told to be changed where a later step failed', async () => {
    const pair = [balancer('lb1'), standby('lb2')]
    const { fleet, made } = prepared('clone', 'rs1', { address: '10.9.0.13' }, pair)
    if ('refused' in made) throw new Error(made.refused)
    const lb2 = fleet.hosts.get('lb2')
    if (!lb2) throw new Error('no lb2')
    lb2.answer = ([program]) => ({ code: program === 'flock' ? 1 : 0, stderr: 'mv: no space\n' })
    expect(await run(made, fleet, { who: label('me') })).toMatchObject({
      text: 'lb2: mv: no space; done before: change of the configuration on lb1, reload of ldirectord on lb1; not done: change of the configuration',
    })
  })

  it('is not written where another difference would be than the one that was confirmed', async () => {
    const { fleet, made } = prepared('remove', 'rs2', { service: ldap }, [balancer('lb1')])
    if ('refused' in made) throw new Error(made.refused)
    const other = ldirectordReading('lb1', {}, ['10.9.0.12:389 gate 2', '10.9.0.12:389 gate 9'])
    fleet.show(shown([balancer('lb1', { ldirectord: other })]))
    expect(await run(made, fleet, { who: label('me'), wait: false })).toMatchObject({ kind: 'refused' })
  })

  it('is written where only the place of the difference is another', async () => {
    const { fleet, made } = prepared('remove', 'rs2', { service: ldap }, [balancer('lb1')])
    if ('refused' in made) throw new Error(made.refused)
    const other = ldirectordReading('lb1', {}, [/^/, '# A line more\n'])
    fleet.show(shown([balancer('lb1', { ldirectord: other })]))
    expect(await run(made, fleet, { who: label('me'), wait: false })).toMatchObject({ kind: 'done' })
  })

  it('shows no password that stands near a change', () => {
    const text: [string, string] = [
      '\tservice=ldap\n',
      '\tpasswd = "hush"\n#\tsecret="hush"\n\tservice=ldap\n',
    ]
    const { made } = prepared('clone', 'rs1', { address: '10.9.0.13' }, [
      balancer('lb1', { ldirectord: ldirectordReading('lb1', {}, text) }),
    ])
    if ('refused' in made) throw new Error(made.refused)
    const lines = made.steps.flatMap(stepLines).join('\n')
    expect(lines).toContain('passwd = (not shown)')
    expect(lines).not.toContain('hush')
  })

  it('is left alone where it could not be written back as it was, or would be refused', () => {
    const clone = (edit: [string, string]) =>
      plan('clone', 'rs1', { address: '10.9.0.13' }, [
        balancer('lb1', { ldirectord: ldirectordReading('lb1', {}, edit) }),
      ])
    expect(clone(['checktimeout=3', '# Schl\uFFFDssel\nchecktimeout=3'])).toEqual([
      `lb1: ${file} is not UTF-8: edit it by hand`,
    ])
    expect(clone(['scheduler=sed', 'scheduler=\n\tfrobnicate=1'])[0]).toMatch(/line \d+ would be refused/)
    expect(
      plan('clone', 'rs1', { address: '10.9.0.13' }, [
        balancer('lb1', { ldirectord: ldirectordReading('lb1', { notLoaded: true }) }),
      ])[0],
    ).toMatch(/was changed and is not loaded/)
  })
})
