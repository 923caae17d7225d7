import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { actionsOf } from '../../src/actions/table.ts'
import { life } from '../../src/demo/machine/machine.ts'
import { wallTime } from '../../src/hosts/clock.ts'
import { say } from '../../src/hosts/label.ts'
import { Dialogue } from '../../src/screens/plain/dialogue.ts'
import { type Demo, demo } from '../support/demo.ts'
import { minutesBefore, ToldPast } from '../support/past.ts'
import { until } from '../support/until.ts'

let world: Demo
let dialogue: Dialogue
let said: string[]

beforeEach(async () => {
  world = await demo()
  said = []
  dialogue = new Dialogue(world.console, (line) => said.push(line))
})
afterEach(() => world.end())

/** Types a line, and gives what was said to it. */
function answer(text: string): string[] {
  const before = said.length
  dialogue.line(text)
  return said.slice(before)
}

const hears = (pattern: RegExp) => until(String(pattern), () => said.some((line) => pattern.test(line)))

describe('line by line', () => {
  it('tells how it was, says each time that it is not now, and does nothing to that', async () => {
    await world.end()
    const past = new ToldPast()
    world = await demo({ past })
    dialogue = new Dialogue(world.console, (line) => said.push(line))
    const { incidents: _, drills: __, ...snapshot } = world.fleet.snapshot()
    const now = { at: wallTime(world.fleet.now()), now: world.fleet.now(), snapshot, alerts: [] }
    past.moments = minutesBefore(now, [70, 1], (one) => ({
      ...one,
      snapshot: { ...snapshot, machines: snapshot.machines.filter(({ name }) => name !== 'ldap-02') },
    }))
    const back = answer('earlier')
    expect(back[0]).toMatch(/^NOT NOW \S+, cluster demo, DEMO, /)
    expect(back[1]).toBe('Nothing needs attention.')
    expect(answer('machine ldap-02')).toEqual([
      expect.stringMatching(/^NOT NOW \S+:$/),
      expect.stringMatching(/^No machine ldap-02\./),
    ])
    expect(answer('shutdown ldap-01')[1]).toMatch(/^Not done: this is how it was at \S+; "now" leads back$/)
    expect(answer('acknowledge 1')[1]).toMatch(/^Not done: /)
    const shown = answer('machine ldap-01')
    expect(shown.join('\n')).toMatch(/^Name: ldap-01/m)
    expect(shown).not.toContain('What to do with ldap-01:')
    world.fleet.journal.add({ at: now.at, kind: 'seen', severity: 'bad', host: 'hv1', text: say`on fire` })
    await hears(/^Now: .*hv1 on fire$/)
    expect(answer('earlier hour')[0]).toMatch(/^NOT NOW /)
    expect(answer('at 30s')[0]).toMatch(/^NOT NOW /)
    expect(answer('now')).toEqual(['Now again.'])
    expect(answer('machine ldap-02')[0]).toMatch(/^Name: ldap-02/)
  })

  it('says first which cluster it is, what is wrong, and which words there are', () => {
    dialogue.begin()
    expect(said[0]).toMatch(/^cluster demo, DEMO, all fresh, 10 hosts, 20 machines, \d\d:\d\d:\d\d$/)
    expect(said.slice(1, 5)).toEqual([
      'Needs attention:',
      '1 exam-01: crashed on hv1',
      expect.stringMatching(/^2 :17: orphaned on ds1: hanna /),
      'Hosts:',
    ])
    expect(said.at(-1)).toContain('help')
  })

  it('shows a machine by its number, and what can be done with it by numbers', () => {
    expect(answer('machines ldap-02')[1]).toMatch(
      /^1 ldap-02, running .* on hv2, .*memory \d+M of 1\.0G, for \d+ d/,
    )
    const shown = answer('1')
    expect(shown[0]).toMatch(/^Name: ldap-02/)
    expect(shown).toContain('What to do with ldap-02:')
    expect(shown).toContain('2 Migrate')
    expect(shown.some((line) => /^\d+ Start$/.test(line))).toBe(false)
  })

  it('lists front ends, shows one by its number, and what can be done with it', () => {
    const front = answer('frontends')
    expect(front[0]).toBe('Front ends:')
    expect(front[1]).toMatch(/^1 fe1, in service, \d+ active connections, port:weight 389,1812:4$/)
    const shown = answer('1')
    expect(shown[0]).toMatch(/^Name: fe1$/)
    expect(shown.join('\n')).toMatch(/^RADIUS: answers in .*\n/m)
    expect(shown.join('\n')).toMatch(/^SERVICE +STATE +WEIGHT.*\nTCP 10\.0\.0\.100:389 +in service +4 /m)
    expect(shown).toContain('What to do with fe1:')
    expect(shown).toContain('1 Drain')
    expect(answer('1')[0]).toBe('Drain: Which service?')
    expect(answer('cancel')).toEqual(['Cancelled; nothing was done.'])
  })

  it('lists by what somebody types who does not know the name of the list', () => {
    expect(answer('who')).toEqual(answer('sessions'))
    expect(answer('vm ldap')).toEqual(answer('machines ldap'))
  })

  it('shows a virtual service and a directory server by their numbers', () => {
    expect(answer('services')[1]).toMatch(/^1 TCP .*, sed on lb1, 3 of 3 in service, \d+ active connections$/)
    const service = answer('1')
    expect(service[0]).toMatch(/^Service: TCP /)
    expect(service.at(-1)).toBe('1 Add server')
    expect(answer('directory')[0]).toBe('Directory servers:')
    expect(answer('1')[0]).toMatch(/^Name: \w+$/)
  })

  it('lists all hosts again after some of them were asked for', () => {
    expect(answer('hosts fe')).toHaveLength(4)
    expect(answer('overview').filter((line) => / hv\d, up/.test(line))).toHaveLength(3)
  })

  it('marks a front end, and not the host of the same name', () => {
    answer('mark fe1')
    expect(answer('hosts fe1')[1]).toMatch(/^1 fe1, /)
    expect(answer('frontends fe1')[1]).toMatch(/^1 marked, fe1/)
    answer('mark')
  })

  it('offers for a balancer what can be done with one', () => {
    const lb1 = answer('hosts').find((line) => line.includes(' lb1,'))
    const shown = answer(String(Number.parseInt(lb1 ?? '', 10)))
    expect(shown.slice(-4)).toEqual([
      '1 its front ends',
      '2 its cluster nodes',
      '3 Reload ldirectord',
      '4 cluster node lb1',
    ])
    expect(answer('1')[0]).toBe('Front ends of lb1:')
  })

  it.each([
    ['host hv1', 'Name: hv1'],
    ['machine ldap-02', /^Name: ldap-02/],
    ['pool default@hv2', 'Name: default'],
    ['frontend fe2', 'Name: fe2'],
    ['service 1812', 'Service: UDP 10.0.0.100:1812'],
    ['directory ldap1', 'Name: ldap1'],
    ['show hv1', 'Name: hv1'],
    ['show ldap-02', /^Name: ldap-02/],
    ['show default@hv2', 'Name: default'],
  ])('shows one of any kind by its name: %s', async (typed, first) => {
    await until('the services', () => world.console.snapshot.services.length === 2)
    await until('the pools', () => world.console.snapshot.pools.size === 3)
    expect(answer(typed)[0]).toEqual(typeof first === 'string' ? first : expect.stringMatching(first))
  })

  it('shows what a host does where it is called so, and leads to the rest of that name', async () => {
    await until('ldirectord', () => world.console.snapshot.balancers.every(({ ldirectord }) => ldirectord))
    const shown = answer('show fe1')
    expect(shown).toContain('Address: 10.0.0.11')
    expect(shown).toContain('1 Drain')
    expect(shown.slice(-2).map((line) => line.replace(/^\d+ /, ''))).toEqual([
      'host fe1',
      'directory server fe1',
    ])
    expect(answer('show')).toEqual(shown)
    expect(answer(String(Number.parseInt(shown.at(-2) ?? '', 10)))).toContain('Roles: frontend')
  })

  it('says what is meant by a name that is none, and lists those of several', () => {
    expect(answer('show hv9')).toEqual(['Nothing is called hv9. Did you mean hv1, hv2 or hv3?'])
    expect(answer('host hv9')).toEqual(['No host hv9. Did you mean hv1, hv2 or hv3?'])
    expect(answer('machine kde')).toHaveLength(4)
    expect(answer('host')).toHaveLength(11)
  })

  it('has the same page of a machine wherever one comes from: its devices follow when they are read', async () => {
    for (const way of [['machines ldap-02', '1'], ['machine ldap-02'], ['show ldap-02']]) {
      said = []
      for (const line of way) dialogue.line(line)
      await hears(/^52:54:\S+ +default +virtio/)
      expect(said.filter((line) => /^NIC /.test(line))).toHaveLength(1)
    }
  })

  it('tells of events with a text', async () => {
    answer('pause windows-02')
    answer('yes')
    await hears(/windows-02: pause: done/)
    expect(answer('events windows-02')[0]).toBe('Events, the latest last:')
    expect(answer('events windows-02').every((line, i) => !i || line.includes('windows-02'))).toBe(true)
    expect(answer('events nosuch')).toEqual(['No event matches nosuch.'])
    expect(answer('events 1')).toHaveLength(2)
  })

  it('acts on the machine that was chosen, and on no other of its name', async () => {
    const all = [...world.world.hypervisors.machines.values()]
    const [one, other] = ['windows-01', 'windows-02'].map((name) => all.find((m) => m.name === name))
    if (!one || !other) throw new Error('no such machines')
    Object.assign(other, { name: one.name })
    await until('two of one name', () => answer('machines windows-01').length === 3)
    answer('1')
    expect(answer('shutdown').filter((line) => line.includes('virsh'))).toHaveLength(1)
    answer('cancel')
  })

  it('moves a machine: the question, the plan, yes, how far it is, and that it is done', async () => {
    expect(answer('migrate windows-01')[0]).toBe('Migrate: To which host?')
    expect(answer('1')[0]).toMatch(/Its disks$/)
    const plan = answer('1')
    expect(plan).toContain('This will run:')
    expect(plan.find((line) => line.includes('virsh'))).toMatch(/^ {2}hv1\$ virsh .* migrate --live/)
    expect(plan.at(-1)).toBe(
      'Type y or yes to do it; "back" asks the last question again; anything else cancels.',
    )
    answer('yes')
    await hears(/windows-01: migrate: done in/)
    expect(said.some((line) => /^Migrate windows-01: \d+%$/.test(line))).toBe(true)
  })

  it('does nothing without a yes, and without the name where that is wanted', async () => {
    answer('off windows-02')
    expect(answer('yes')).toEqual(['Cancelled; nothing was done.'])
    answer('pause windows-02')
    expect(answer('')).toEqual(['Cancelled; nothing was done.'])
    expect(world.fleet.snapshot().machines.find(({ name }) => name === 'windows-02')?.state).toBe('running')
    answer('off windows-02')
    answer('windows-02')
    await hears(/windows-02: force off: done/)
  })

  it('asks again where a number is none of the list, and gives up at "cancel"', () => {
    answer('migrate windows-01')
    expect(answer('9')[0]).toMatch(/^9 is not in this list/)
    expect(answer('-5')[0]).toMatch(/^-5 is not in this list/)
    expect(answer('')[0]).toBe('Migrate: To which host?')
    expect(answer('cancel')).toEqual(['Cancelled; nothing was done.'])
    expect(answer('machines')).toHaveLength(21)
  })

  it('takes what was proposed for an empty line, and says what is wrong with an answer', () => {
    expect(answer('set windows-01')[0]).toMatch(/vCPU/)
    expect(answer('many')[0]).toMatch(/number|whole/i)
    expect(answer('2')[0]).toMatch(/[Mm]emory/)
    expect(said.at(-1)).toContain('an empty line takes 4096M')
    answer('yes')
    expect(said.at(-1)).toContain('an empty line takes 4096M')
    expect(answer('').join('\n')).toContain('This will run:')
    answer('cancel')
  })

  it('goes back through the questions by a word, and an empty line leaves an answer as it was', () => {
    answer('migrate windows-01')
    // Before the first question there is none.
    expect(said.at(-1)).toBe('Type a number, or "cancel".')
    expect(answer('2').at(-1)).toBe('Type a number; "back" asks the question before; "cancel" gives up.')
    expect(answer('1').at(0)).toBe('Migrate windows-01 to hv3?')
    const disks = answer('back')
    expect(disks[0]).toBe('Migrate: Its disks')
    expect(disks.at(-1)).toMatch(/^Type a number; an empty line takes 1 as before; "back" asks/)
    expect(answer('back')[0]).toBe('Migrate: To which host?')
    expect(said.at(-1)).toBe('Type a number; an empty line takes 2 as before; "cancel" gives up.')
    answer('1')
    expect(answer('')[0]).toBe('Migrate windows-01 to hv2?')
    answer('cancel')
  })

  it('takes the word for going back as a text where there is nothing to go back to', () => {
    answer('create hv1')
    expect(answer('back')[0]).toBe('New machine: Operating system')
    answer('back')
    expect(said.at(-1)).toContain('an empty line takes back;')
    answer('cancel')
  })

  it('acts on all marked machines at once', async () => {
    expect(answer('mark reactos')).toEqual(['Marked machines: reactos-01, reactos-02, reactos-03'])
    const plan = answer('start')
    expect(plan.filter((line) => line.includes('virsh'))).toHaveLength(2)
    expect(plan.some((line) => line.startsWith('left out: reactos-03'))).toBe(true)
    answer('yes')
    await hears(/^Start: 2 done$/)
  })

  it('acts on all marked front ends at once, and on no machine that is marked too', async () => {
    await until('ldirectord', () => world.console.snapshot.balancers.every(({ ldirectord }) => ldirectord))
    answer('mark fe')
    expect(answer('mark ldap')).toEqual([
      'Marked machines: fedora-gnome-01, fedora-gnome-02, fedora-gnome-03, ldap-01, ldap-02, ldap-03',
      'Marked front ends: fe1, fe2, fe3',
    ])
    expect(answer('frontends')[1]).toMatch(/^1 marked, fe1, in service/)
    expect(answer('drain')[0]).toBe('Drain 3 front ends: Which service?')
    answer('1')
    const plan = answer('2')
    expect(plan[0]).toBe('Drain 3 front ends?')
    expect(plan).toContain('nobody else takes new connections then')
    expect(plan.at(-1)).toBe('Type 3 to do it; "back" asks the last question again; anything else cancels.')
    answer('no')
    expect(answer('mark')).toEqual(['Nothing is marked.'])
    expect(answer('mark nosuch')).toEqual([
      'No machine, host, front end, virtual service, display, terminal, session, cluster node or cluster resource with nosuch.',
    ])
  })

  it('says by itself what happens', async () => {
    const victim = [...world.world.hypervisors.machines.values()].find(({ name }) => name === 'ldap-01')
    if (!victim) throw new Error('no ldap-01')
    world.world.hypervisors.become(victim, life.crashed, 'Stopped Failed')
    await hears(/^\d\d:\d\d:\d\d FAULT hv1 ldap-01: crashed/)
  })

  it('knows all actions, and says of a word that it does not know', () => {
    const help = answer('help').join('\n')
    for (const { verb } of [...actionsOf.machine, ...actionsOf.host])
      expect(help).toMatch(new RegExp(`^${verb}: `, 'm'))
    expect(answer('help weight')).toEqual([
      'Actions, on what you chose, on what is marked, or on a name: start NAME',
      expect.stringMatching(/^weight: /),
      expect.stringMatching(/^clone: /),
    ])
    expect(answer('help @@')).toEqual(['No word of help has @@.'])
    expect(answer('reboto ldap-01')).toEqual(['No word reboto. Did you mean reboot?'])
    expect(answer('quitt')).toEqual(['No word quitt. Did you mean quit?'])
    expect(answer('zzz')).toEqual(['No word zzz; "help" shows all.'])
    expect(answer('start nobody')[0]).toBe('No machine nobody.')
    expect(answer('start')[0]).toBe('On which machine? start NAME')
    expect(answer('77')[0]).toBe('No 77 in the last list.')
    expect(answer('\x1b[2J$(reboot)')[0]).not.toContain('\x1b')
  })
})
