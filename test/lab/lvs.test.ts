import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { exit } from '../../src/cli/exit.ts'
import { answers, configuration, question, type Said } from '../support/ldirectord-files.ts'
import { until } from '../support/until.ts'
import { describeLab, Lab } from './lab.ts'

const configFile = '/etc/ha.d/ldirectord.cf'
const ldap = 'TCP 10.9.0.100:389'

/** Past vdd: nothing in maintenance, and the configuration as it was. */
const asAtFirst = `rm -f /etc/ha.d/maintenance/*
sed -i 's/^quiescent=no/quiescent=yes/; s/^#maintenancedir/maintenancedir/' ${configFile}`

/** Weights that ldirectord does not put back, since it did not set them. */
const weightsAtFirst = `for port in 389 80; do
  ipvsadm -e -t 10.9.0.100:$port -r 10.9.0.11:$port -g -w 4
  ipvsadm -e -t 10.9.0.100:$port -r 10.9.0.12:$port -g -w 2
done 2> /dev/null
true`

interface Service {
  readonly virtual: string
  readonly weight: number
  readonly configuredWeight: number | null
  readonly active: number
  readonly state: string
}

/** What `vdd drill --json` says. */
interface Drilled {
  readonly checkSeconds: number | null
  readonly outSeconds: number | null
  readonly clients: { readonly all: number; readonly failed: number }
  readonly agrees: boolean
  readonly timeline: readonly {
    readonly what: string
    readonly measuredAt: string
    readonly toldAt: string | null
  }[]
}

/** Milliseconds by which vdd may be late in a guest that is emulated on a busy machine: a wide bound. */
const late = 10_000

describeLab('front ends behind real balancers', () => {
  const lab = Lab.forThisFile('lvs')
  let held: ChildProcessWithoutNullStreams | undefined
  afterEach(async () => {
    held?.stdin.end()
    held = undefined
    await Promise.all(['lb1', 'lb2'].map((balancer) => lab.on(balancer, 'sh', '-c', asAtFirst)))
    const isRestored = async () => (await lab.on('lb1', 'ipvsadm', '-Sn')).match(/-w [24]$/gm)?.length === 4
    // ldirectord first: by its own log it is to be known that it has put back what it took out.
    await until('ldirectord', isRestored, 15_000).catch(() =>
      Promise.all(['lb1', 'lb2'].map((balancer) => lab.on(balancer, 'sh', '-c', weightsAtFirst))),
    )
    await until('all in service', isRestored)
  })

  /** `vdd …`, again where the emulated guest was too busy to answer in a verb's time (exit status 4). */
  const vdd = (...args: string[]) =>
    until(
      `vdd ${args.join(' ')}`,
      async () => {
        const said = await lab.vdd(...args)
        return said.exitCode !== exit.unreachable && said
      },
      300_000,
    )

  /** Clients that keep their connections, through the balancer. */
  async function hold(count: number): Promise<ChildProcessWithoutNullStreams> {
    const words = ['shell', 'client', 'lab-hold', `${count}`, '10.9.0.100:389']
    const client = spawn(resolve('lab/lab'), words, { env: { ...process.env, ...lab.env } })
    held = client
    let said = ''
    client.stdout.on('data', (data: Buffer) => {
      said += data.toString()
    })
    await until('the connections', () => said.includes(`${count} of ${count} answer`))
    return client
  }

  /** Past vdd: the configuration loaded. Not by `ldirectord reload`, a Perl that takes half a minute in this guest. */
  async function reloaded(): Promise<void> {
    const loads = () =>
      lab.on('lb1', 'grep', '-c', 'config on signal', '/var/log/ldirectord.log').catch(() => '0')
    const before = await loads()
    await lab.on('lb1', 'pkill', '-HUP', '-F', '/run/ldirectord.ldirectord.pid')
    await until('the reload', async () => (await loads()) !== before)
  }

  /** Past vdd: the configuration edited, and loaded. */
  async function edited(change: string): Promise<void> {
    await lab.on('lb1', 'sed', '-i', change, configFile)
    await reloaded()
  }

  /** How many of the held connections still answer. */
  async function answering(client: ChildProcessWithoutNullStreams): Promise<string> {
    const next = new Promise<string>((settle) =>
      client.stdout.once('data', (data: Buffer) => settle(data.toString().trim())),
    )
    client.stdin.write('\n')
    return await next
  }

  async function services(name: string): Promise<Record<string, Service>> {
    const { stdout } = await vdd('frontend', 'list', '--json')
    const all = JSON.parse(stdout) as { name: string; services: Service[] }[]
    const found = all.find((one) => one.name === name)?.services ?? []
    return Object.fromEntries(found.map((one) => [one.virtual, one]))
  }

  /** What the kernel's table has of a real server, past vdd, whose every look is four logins to the guest; `undefined`: no such entry. */
  async function entry(real: string): Promise<{ weight: number; active: number } | undefined> {
    const table = await lab.on('lb1', 'ipvsadm', '-Ln', '-t', '10.9.0.100:389')
    const [, weight, active] = new RegExp(`-> ${real}:389 +Route +(\\d+) +(\\d+)`).exec(table) ?? []
    return weight === undefined ? undefined : { weight: Number(weight), active: Number(active) }
  }

  const weight = async (real: string) => (await entry(real))?.weight
  const active = async (real: string) => (await entry(real))?.active

  const restoredIs = (real: string, wanted: number | undefined) =>
    until(`weight ${wanted} of ${real}`, async () => (await weight(real)) === wanted)

  it('are listed with weights, connections and descriptors, as the balancer that holds the address has them', async () => {
    await hold(6)
    const { stdout, exitCode } = await vdd('frontend', 'list', '--json')
    expect(exitCode).toBe(0)
    const [rs1, rs2] = JSON.parse(stdout)
    expect(rs1).toMatchObject({ name: 'rs1', address: '10.9.0.11', host: 'rs1' })
    expect(rs1.services).toContainEqual(
      expect.objectContaining({
        virtual: ldap,
        balancer: 'lb1',
        weight: 4,
        configuredWeight: 4,
        active: 4,
        state: 'in service',
      }),
    )
    expect(rs2.services).toContainEqual(expect.objectContaining({ virtual: ldap, weight: 2, active: 2 }))
    expect(rs1.fds).toMatchObject([{ process: 'slapd', owner: 'openldap', limit: 1024 }])
    const counted = await lab.on('rs1', 'sh', '-c', 'ls /proc/$(cat /run/slapd/slapd.pid)/fd | wc -l')
    // But for the connections that vdd itself and the checks of ldirectord make and end.
    expect(Math.abs(rs1.fds[0].open - Number(counted))).toBeLessThanOrEqual(4)
  })

  it('are checked with their balancers', async () => {
    const { stdout, exitCode } = await vdd('host', 'check')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/ok +virtual services: 2 of them/)
    expect(stdout).toMatch(/ok +\/etc\/ha\.d\/ldirectord\.cf: 2 virtual services/)
    expect(stdout).toMatch(/ok +ldirectord: runs \(\d+\)/)
    expect(stdout).toMatch(/lacks +ldirectord: does not run here/)
  })

  it('are drained through the maintenance directory of both balancers; open connections live, a reload changes nothing', async () => {
    // A guest that has just gone on may find both out for a moment: its clock was set.
    await restoredIs('10.9.0.11', 4)
    await restoredIs('10.9.0.12', 2)
    const client = await hold(6)
    await until('four of them', async () => (await active('10.9.0.11')) === 4)
    const { stdout } = await vdd('frontend', 'drain', 'rs1', '--yes')
    expect(stdout).toMatch(/rs1: Drain: done in .*; 4 connections go on to their end/)
    expect(await weight('10.9.0.11')).toBe(0)
    for (const balancer of ['lb1', 'lb2'])
      expect(await lab.on(balancer, 'ls', '/etc/ha.d/maintenance')).toBe('10.9.0.11')
    expect(await answering(client)).toBe('6 of 6 answer')
    expect((await services('rs1'))[ldap]).toMatchObject({ state: 'maintenance', weight: 0, active: 4 })
    await lab.on(
      'client',
      'ldapsearch',
      '-x',
      '-H',
      'ldap://10.9.0.100',
      '-b',
      'dc=example,dc=org',
      '-s',
      'base',
    )
    expect(await active('10.9.0.11')).toBe(4)
    await reloaded()
    await restoredIs('10.9.0.11', 0)
    expect(await answering(client)).toBe('6 of 6 answer')
    expect((await vdd('frontend', 'restore', 'rs1', '--yes')).stdout).toContain('Restore: done')
    expect(await weight('10.9.0.11')).toBe(4)
    expect(await lab.on('lb2', 'ls', '/etc/ha.d/maintenance')).toBe('')
  })

  it('are waited for until their connections have ended, or the time is over', async () => {
    const client = await hold(3)
    const over = await vdd('frontend', 'drain', 'rs1', '--yes', '--and-wait', '--max-wait', '15')
    expect(over.stderr).toMatch(/out; 2 connections still open/)
    client.stdin.end()
    await once(client, 'exit')
    await until('the end of the connections', async () => (await active('10.9.0.11')) === 0)
  })

  it('are not drained where nobody else is in service, unless that is insisted on', async () => {
    await vdd('frontend', 'drain', 'rs1', '--yes')
    const refused = await vdd('frontend', 'drain', 'rs2', '--yes')
    expect([refused.exitCode, refused.stderr]).toEqual([
      7,
      expect.stringContaining('nobody else takes new connections then'),
    ])
    expect(await weight('10.9.0.12')).toBe(2)
  })

  it('with quiescent=no are set to weight 0, since a maintenance file would cut their connections', async () => {
    await edited('s/^quiescent=yes/quiescent=no/')
    await lab.on('lb2', 'sed', '-i', 's/^quiescent=yes/quiescent=no/', configFile)
    const client = await hold(3)
    const plan = await vdd('frontend', 'drain', 'rs1', '--service', ldap, '--dry-run')
    expect(plan.stdout).toBe('lb1$ ipvsadm -e -t 10.9.0.100:389 -r 10.9.0.11:389 -g -w 0')
    const { stdout } = await vdd('frontend', 'drain', 'rs1', '--service', ldap, '--yes')
    expect(stdout).toContain('a failed check, a reload or a restart of ldirectord undoes it')
    expect(await answering(client)).toBe('3 of 3 answer')
    expect((await services('rs1'))[ldap]?.state).toBe('weight 0')
    expect((await vdd('frontend', 'restore', 'rs1', '--yes')).stdout).toContain('done')
    expect(await weight('10.9.0.11')).toBe(4)
    const cut = await vdd('frontend', 'drain', 'rs1', '--how', 'maintenance', '--yes')
    expect(cut.exitCode).toBe(0)
    expect(await weight('10.9.0.11')).toBeUndefined()
    expect((await services('rs1'))[ldap]).toMatchObject({ state: 'maintenance', configuredWeight: 4 })
    await vdd('frontend', 'restore', 'rs1', '--yes')
    await restoredIs('10.9.0.11', 4)
    await edited('s/^quiescent=no/quiescent=yes/')
    await lab.on('lb2', 'sed', '-i', 's/^quiescent=no/quiescent=yes/', configFile)
  })

  it('without a maintenance directory are set to weight 0, and a reload undoes it, as was said', async () => {
    await edited('s/^maintenancedir/#maintenancedir/')
    const { stdout } = await vdd('frontend', 'drain', 'rs1', '--service', ldap, '--yes')
    expect(stdout).toContain('undoes it')
    expect(await weight('10.9.0.11')).toBe(0)
    const loaded = await vdd('balancer', 'reload', 'lb1', '--yes')
    expect(`${loaded.stdout}${loaded.stderr}`).toMatch(/^lb1: Reload ldirectord: done/)
    await restoredIs('10.9.0.11', 4)
    await edited('s/^#maintenancedir/maintenancedir/')
    await lab.on('lb2', 'sh', '-c', 'rm -f /etc/ha.d/maintenance/*')
  })

  it('are taken out of table and configurations for good, and put in again', async () => {
    const configuration = (balancer: string) => lab.on(balancer, 'cat', configFile)
    const before = await configuration('lb1')
    const removed = await vdd('frontend', 'remove', 'rs2', '--service', ldap, '--yes')
    expect(`${removed.stdout}${removed.stderr}`).toMatch(/^rs2: Remove: done/)
    expect(await weight('10.9.0.12')).toBeUndefined()
    for (const balancer of ['lb1', 'lb2']) {
      expect(await configuration(balancer)).toBe(before.replace('\treal=10.9.0.12:389 gate 2\n', ''))
      expect(await lab.on(balancer, 'cat', `${configFile}.before-vdd`)).toBe(before)
    }
    const added = await vdd('frontend', 'add', '389', '--address', '10.9.0.12', '--weight', '2', '--yes')
    expect(`${added.stdout}${added.stderr}`).toMatch(/^TCP 10\.9\.0\.100:389: Add server: done/)
    expect(await weight('10.9.0.12')).toBe(2)
    for (const balancer of ['lb1', 'lb2']) expect(await configuration(balancer)).toBe(before)
  })

  it('are drained and restored by key; the screen says what they are and what ldirectord did', async () => {
    const terminal = lab.open()
    await terminal.until('all fresh')
    terminal.press('3')
    await terminal.until(/^> rs1 +in service/m)
    terminal.press('d')
    await terminal.until('Which service?')
    terminal.press('enter')
    await terminal.until('Wait until its connections')
    terminal.press('2')
    await terminal.until(/lb1\$ touch -- \/etc\/ha\.d\/maintenance\/10\.9\.0\.11/)
    await terminal.confirm()
    await terminal.until(/^> rs1 +maintenance/m)
    await terminal.until('rs1: Drain: done')
    terminal.press('r')
    await terminal.until('Which service?')
    terminal.press('enter')
    await terminal.until(/rm -f --/)
    await terminal.confirm()
    await terminal.until(/^> rs1 +in service/m)
    terminal.press('4')
    await terminal.until('10.9.0.11:389 out of 10.9.0.100:389 (ldirectord)')
    await terminal.until('10.9.0.11:389 back in 10.9.0.100:389, weight 4')
  })

  it('that fail are shown as failed when ldirectord takes them out, and again when they are back', async () => {
    const terminal = lab.open()
    await terminal.until('all fresh')
    await lab.on('rs2', 'lab-serve', 'stop', 'ldap')
    await terminal.until(/! rs2 +failed its check, taken out of TCP 10\.9\.0\.100:389/)
    await lab.on('rs2', 'lab-serve', 'start', 'ldap')
    await terminal.until('Nothing is wrong.')
    await terminal.until('10.9.0.12:389 back in 10.9.0.100:389, weight 2')
  })

  it('are seen to fail by vdd itself, and how long after it ldirectord takes them out', async () => {
    const fleet = await lab.fleet()
    try {
      await until('the first answers', () => {
        const { directories, balancers } = fleet.snapshot()
        return (
          directories.every(({ reading, trouble }) => reading && !trouble) &&
          balancers.every(({ ldirectord, lvs }) => ldirectord && lvs)
        )
      })
      const stopped = Date.now()
      await lab.on('rs2', 'lab-serve', 'stop', 'ldap')
      const event = (what: RegExp) =>
        until(String(what), () =>
          fleet.journal.latest(50).find(({ at, text }) => at > stopped && what.test(text)),
        )
      const own = await event(/^LDAP: /)
      const out = await event(/^10\.9\.0\.12:389 out of 10\.9\.0\.100:389 \(ldirectord\)/)
      const [first, second] = own.at <= out.at ? [own, out] : [out, own]
      expect(second.text).toMatch(/, \d+\.\d s after (its LDAP failed here|ldirectord took it out)$/)
      const told = Number(/([\d.]+) s after/.exec(second.text)?.[1]) * 1000
      expect(Math.abs(second.at - first.at - told)).toBeLessThan(1_000) // of what is told, not of the machine
      // What is told last was seen when it happened, as ldirectord's log has it, in whole seconds.
      const log = await lab.on(
        'lb1',
        'grep',
        'Quiescent real server: 10.9.0.12:389',
        '/var/log/ldirectord.log',
      )
      const written = Date.parse(`${/^\[(.*?)\|/.exec(log.split('\n').at(-1) ?? '')?.[1]} UTC`)
      expect(Math.abs(out.at - written)).toBeLessThan(60_000)
    } finally {
      await fleet.stop()
      fleet.journal.close()
      await lab.on('rs2', 'lab-serve', 'start', 'ldap')
      await restoredIs('10.9.0.12', 2)
    }
  })

  const nobody = '10.9.0.100: lb2 has it and its table is empty: nobody serves'
  const move = (verb: string, host: string, device: string) =>
    lab.on(host, 'ip', 'addr', verb, '10.9.0.100/32', 'dev', device)
  const moveBack = async () => {
    await move('del', 'lb2', 'eth0').catch(() => undefined)
    await move('add', 'lb1', 'br0')
  }

  it('are told by who has the address now: where its table is empty nobody serves, on every screen', async () => {
    const terminal = lab.open()
    await terminal.until('all fresh')
    await move('del', 'lb1', 'br0')
    try {
      await terminal.until(/! 10\.9\.0\.100 +held by no balancer: nobody gets in/)
      await move('add', 'lb2', 'eth0')
      await terminal.until(/! 10\.9\.0\.100 +lb2 has it and its table is empty: nobody serves/)
      terminal.press('3')
      await terminal.until(/^> rs1 +missing/m)
      await terminal.until(`rs1: ${nobody}`)
      terminal.press('T')
      await terminal.until(/^> TCP 10\.9\.0\.100:\d+ .* not in table /m)
      await terminal.until(nobody)
      terminal.press('4')
      await terminal.until('has given up the address 10.9.0.100')
      await terminal.until(/has taken the address 10\.9\.0\.100 from lb1; nobody/)
    } finally {
      await moveBack()
    }
    terminal.press('1')
    await terminal.until('Nothing is wrong.')
  })

  // Not while a console watches: both at once are more than the emulated guest can answer.
  it('are told by who has the address now, by verbs', async () => {
    await move('del', 'lb1', 'br0')
    try {
      await move('add', 'lb2', 'eth0')
      const listed = await vdd('service', 'list', '--json')
      expect(JSON.parse(listed.stdout)).toContainEqual(
        expect.objectContaining({ name: ldap, balancer: 'lb2', trouble: nobody }),
      )
      expect(await services('rs1')).toMatchObject({ [ldap]: { state: 'missing', weight: 0 } })
      const plan = await vdd('frontend', 'drain', 'rs1', '--dry-run')
      expect(plan.stderr).toContain(nobody)
    } finally {
      await moveBack()
    }
  })

  it('are warned of a maintenance file that belongs to none, and of an edit that is not loaded', async () => {
    const terminal = lab.open()
    await terminal.until('all fresh')
    await lab.on('lb1', 'sh', '-c', `touch /etc/ha.d/maintenance/rs9; echo '# edited' >> ${configFile}`)
    await terminal.until('maintenance file rs9 belongs to no real server')
    await terminal.until('was changed and is not loaded')
    await lab.on('lb1', 'rm', '/etc/ha.d/maintenance/rs9')
    await reloaded()
    await terminal.until('Nothing is wrong.')
  })

  it('are warned of a bond of which one link is down, and then of one that is down', async () => {
    const made = `ip link add bond0 type bond mode active-backup miimon 100
for i in 0 1; do ip link add s$i type veth peer name p$i; ip link set s$i master bond0; ip link set p$i up; done
ip link set bond0 up; ip link set p0 down`
    await lab.on('lb1', 'sh', '-c', `modprobe bonding; ${made}`)
    const fleet = await lab.fleet()
    const alerts = () => fleet.alerts().map(({ text }) => text)
    try {
      await expect
        .poll(alerts)
        .toContainEqual(expect.stringContaining('bond0: no link on s0: s1 carries all'))
      await lab.on('lb1', 'ip', 'link', 'set', 'p1', 'down')
      await expect.poll(alerts).toContainEqual(expect.stringContaining('bond0 is down'))
    } finally {
      await fleet.stop()
      fleet.journal.close()
      await lab.on('lb1', 'sh', '-c', 'ip link del bond0; ip link del p0; ip link del p1')
    }
  })

  it('whose descriptors rise are told of before the limit', async () => {
    const words = ['shell', 'client', 'lab-hold', '180', '10.9.0.11:389', '0.4']
    held = spawn(resolve('lab/lab'), words, { env: { ...process.env, ...lab.env } })
    const looks = lab.vddLines('fd', 'watch', '--json')
    const slapd = () =>
      looks.lines
        .map((line) => JSON.parse(line))
        .filter(({ host, process }) => host === 'rs1' && process === 'slapd')
    try {
      const { open, limit, exhaustedInSeconds } = await until(
        'a forecast',
        () => slapd().find(({ open, exhaustedInSeconds }) => open > 60 && exhaustedInSeconds > 0),
        300_000,
      )
      expect(limit).toBe(1024)
      // How near it comes is measured by bench/forecast.mjs; on a busy machine the rise itself is slower than asked for, and uneven.
      const asked = (limit - open) * 0.4
      expect(exhaustedInSeconds).toBeGreaterThan(asked / 4)
      expect(exhaustedInSeconds).toBeLessThan(asked * 20)
    } finally {
      looks.end()
    }
  })

  it('are read by a plain user from the kernel, and it is said what is missing', async () => {
    await lab.on(
      'lb1',
      'sh',
      '-c',
      'id ops || useradd -m -p "*" ops; mkdir -p ~ops/.ssh; cp ~/.ssh/authorized_keys ~ops/.ssh; chown -R ops ~ops/.ssh',
    )
    const config = `${lab.directory}/plain.yaml`
    writeFileSync(
      config,
      readFileSync(lab.config, 'utf8').replace('address: 10.9.0.1\n', 'address: 10.9.0.1\n    user: ops\n'),
    )
    await expect
      .poll(
        async () => JSON.parse((await lab.vddWith(config, 'frontend', 'list', '--json')).stdout)[0].services,
      )
      .toContainEqual(expect.objectContaining({ virtual: ldap, weight: 4 }))
    const drained = await lab.vddWith(
      config,
      'frontend',
      'weight',
      'rs1',
      '--weight',
      '3',
      '--service',
      ldap,
      '--yes',
    )
    expect(drained.stderr).toContain('"sudo: true", docs/permissions.md')
    expect(await weight('10.9.0.11')).toBe(4)
  })

  it("reads a configuration as ldirectord's own parser does", async () => {
    const files = fc.sample(configuration, 2000)
    const { argv, input } = question(files)
    const said = JSON.parse(await lab.onWith(input, 'lb1', ...argv)) as Said[]
    expect(said).toHaveLength(files.length)
    for (const [i, text] of files.entries()) {
      const { vdd, ldirectord } = answers(text, said[i] ?? {})
      expect(vdd, text).toEqual(ldirectord)
    }
    // Of a file that is refused nothing else is compared.
    expect(said.filter(({ refused }) => refused === undefined).length).toBeGreaterThan(400)
  }, 600_000)

  // The last one: of connections whose slapd was killed the table keeps some for minutes, as active ones, since the balancer does not see the answers (direct routing).
  it('are killed under load: the balancer takes one out, it is put back by its host, and vdd says the same', async () => {
    const words = [
      'drill',
      'frontend',
      'rs2',
      '--yes',
      'rs2',
      '--from',
      'lb2',
      '--for',
      '20',
      '--rate',
      '5',
      '--json',
    ]
    const drill = await until(
      'a drill',
      async () => {
        const { stdout } = await lab.vdd(...words)
        // Where the guest was too busy to answer all before, nothing was broken.
        return stdout !== '' && (JSON.parse(stdout) as Drilled)
      },
      300_000,
    )
    // Shown whole: a balancer that is too busy to check for so long has nothing to tell.
    expect(drill, JSON.stringify(drill)).toMatchObject({
      frontend: 'rs2',
      how: 'kill',
      outSeconds: expect.any(Number),
      inSeconds: expect.any(Number),
    })
    expect(drill.timeline.map(({ what }) => what)).toEqual(['fault', 'out', 'in'])
    for (const { toldAt, measuredAt } of drill.timeline)
      expect(Math.abs(Date.parse(toldAt ?? '') - Date.parse(measuredAt))).toBeLessThan(late)
    await lab.on('rs2', 'sh', '-c', 'pgrep slapd')
    const { outSeconds, checkSeconds, clients, agrees } = drill
    process.stdout.write(
      `drill: vdd's check ${checkSeconds} s, taken out ${outSeconds} s, clients failed ${clients.failed} of ${clients.all}, vdd's timeline ${agrees ? 'agrees' : 'differs'}\n`,
    )
  })
})
