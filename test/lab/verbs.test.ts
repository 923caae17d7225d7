import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeLab, Lab } from './lab.ts'

describeLab('the verbs on real hosts', () => {
  const lab = Lab.forThisFile()

  it('list the machines of both hosts with their numbers', async () => {
    const { stdout, exitCode } = await lab.vdd('machine', 'list', '--json')
    expect(exitCode).toBe(0)
    const machines = JSON.parse(stdout) as Record<string, unknown>[]
    const db1 = machines.find((m) => m.name === 'db1')
    expect(db1).toMatchObject({
      host: 'a',
      state: 'running',
      reason: 'booted',
      vcpus: 2,
      memoryKiB: 262144,
      stale: false,
    })
    expect(db1?.cpuPercent).toEqual(expect.any(Number))
    expect(db1?.memoryUsedKiB).toEqual(expect.any(Number))
    expect(machines.find((m) => m.name === 'desk1')).toMatchObject({ host: 'b', state: 'running' })
    expect(machines.find((m) => m.name === 'churn')).toMatchObject({ state: 'shut off', cpuPercent: null })
    expect(machines.find((m) => m.name === 'web1')?.graphics).toMatch(/^127\.0\.0\.1:\d+$/)
  })

  it('move a running machine live, and virsh on both hosts agrees', async () => {
    const { stdout, exitCode } = await lab.vdd('machine', 'migrate', 'tick1', '--to', 'b', '--yes')
    expect(stdout).toContain('done')
    expect(exitCode).toBe(0)
    expect(await lab.running('b')).toContain('tick1')
    expect(await lab.running('a')).not.toContain('tick1')
  })

  it('name the next step when libvirt finds a migration unsafe, and add --unsafe only when told', async () => {
    const refused = await lab.vdd('machine', 'migrate', 'web1', '--to', 'b', '--yes')
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toMatch(/a: .*Unsafe migration[\s\S]*--storage unsafe/)
    expect(await lab.running('a')).toContain('web1')
    const told = await lab.vdd('machine', 'migrate', 'web1', '--to', 'b', '--storage', 'unsafe', '--yes')
    expect(told.exitCode).toBe(0)
    expect(await lab.running('b')).toContain('web1')
  })

  it('copy disks that are not shared', async () => {
    expect((await lab.vdd('machine', 'start', 'store1', '--yes')).exitCode).toBe(0)
    const moved = await lab.vdd('machine', 'migrate', 'store1', '--to', 'b', '--storage', 'copy', '--yes')
    expect(moved.stderr).toBe('')
    expect(moved.exitCode).toBe(0)
    expect(await lab.running('b')).toContain('store1')
  })

  it('start, pause, resume and force off, each read back', async () => {
    for (const [verb, state] of [
      ['start', 'running'],
      ['pause', 'paused'],
      ['resume', 'running'],
      ['off', 'shut off'],
    ] as const) {
      const { exitCode, stderr } = await lab.vdd('machine', verb, 'busy1', '--yes')
      expect([verb, exitCode, stderr]).toEqual([verb, 0, ''])
      expect(await lab.machine('busy1')).toMatchObject({ state })
    }
  })

  it('say that a guest has not reacted to a shutdown, and what is next', async () => {
    const { exitCode, stderr } = await lab.vdd('machine', 'shutdown', 'db1', '--yes', '--timeout', '2')
    expect(exitCode).toBe(5)
    expect(stderr).toContain('next: vdd machine off db1')
  })

  it('change autostart, vCPUs and memory', async () => {
    expect((await lab.vdd('machine', 'autostart', 'churn', '--autostart', 'on', '--yes')).exitCode).toBe(0)
    expect(
      (await lab.vdd('machine', 'set', 'churn', '--vcpus', '2', '--memory', '160M', '--yes')).exitCode,
    ).toBe(0)
    expect(await lab.machine('churn')).toMatchObject({ autostart: true, vcpus: 2, memoryKiB: 160 * 1024 })
  })

  it('create a machine with a disk from a pool, define one from XML, and undefine both', async () => {
    const created = await lab.vdd(
      'machine',
      'create',
      'new 1',
      '--host',
      'a',
      '--os',
      'linux',
      '--memory',
      '64M',
      '--disk',
      '1',
      '--network',
      'lan',
      '--yes',
    )
    expect([created.exitCode, created.stderr]).toEqual([0, ''])
    expect(await lab.machine('new 1')).toMatchObject({ state: 'shut off', memoryKiB: 65536, host: 'a' })
    const shown = await lab.vdd('pool', 'show', 'default@a', '--json')
    const pool = JSON.parse(shown.stdout)
    expect(pool.volumes).toContainEqual(
      expect.objectContaining({ name: expect.stringContaining('new 1'), capacityBytes: 2 ** 30 }),
    )
    const info = await lab.on('a', 'virsh', 'pool-info', '--bytes', 'default')
    expect(info).toMatch(new RegExp(`Capacity: +${pool.capacityBytes}\\n`))
    const xml = join(lab.directory, 'mine.xml')
    writeFileSync(
      xml,
      "<domain type='qemu'><name>mine</name><memory unit='MiB'>32</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>",
    )
    expect((await lab.vdd('machine', 'define', xml, '--host', 'b', '--yes')).exitCode).toBe(0)
    for (const name of ['new 1', 'mine'])
      expect((await lab.vdd('machine', 'undefine', name, '--yes')).exitCode).toBe(0)
    const { stdout } = await lab.vdd('machine', 'list', '--json')
    expect(stdout).not.toMatch(/"new 1"|"mine"/)
  })

  it('tell why a machine could not be started, in the words of the host', async () => {
    const { exitCode, stderr } = await lab.vdd('machine', 'start', 'bad1', '--yes')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/bad1: Start: a: .*could not open kernel file/)
  })

  it('take names with quotes, blanks, $( ) and a leading dash as they are', async () => {
    const name = `-x "q" 'r' $(touch pwned) \\ ;é`
    const xml = `<domain type='qemu'><name>${name.replaceAll('&', '&amp;')}</name><memory unit='MiB'>32</memory><vcpu>1</vcpu><os><type>hvm</type></os><devices><emulator>/usr/bin/qemu-system-x86_64</emulator></devices></domain>`
    const file = join(lab.directory, 'odd.xml')
    writeFileSync(file, xml)
    expect((await lab.vdd('machine', 'define', file, '--host', 'a', '--yes')).stderr).toBe('')
    const machines = JSON.parse((await lab.vdd('machine', 'list', '--json')).stdout) as { name: string }[]
    expect(machines.map((m) => m.name)).toContain(name)
    expect((await lab.vdd('machine', 'start', '--yes', '--', name)).stderr).toBe('')
    expect((await lab.vdd('machine', 'off', '--yes', '--', name)).exitCode).toBe(0)
    expect((await lab.vdd('machine', 'undefine', '--yes', '--', name)).exitCode).toBe(0)
  })

  it('write what was done to the journal, with who and the commands', async () => {
    const { stdout } = await lab.vdd('events', '--last', '200', '--json')
    const entries = JSON.parse(stdout) as {
      name: string
      text: string
      plan: string[] | null
      who: string | null
    }[]
    const moved = entries.find((e) => e.name === 'tick1' && /^migrate: done/.test(e.text))
    expect(moved?.who).toMatch(/@/)
    expect(moved?.plan?.[0]).toMatch(
      /^a\$ virsh -c qemu:\/\/\/system migrate --live .* qemu\+ssh:\/\/root@10\.77\.0\.2\/system$/,
    )
  })

  it('check each host', async () => {
    const { stdout, exitCode } = await lab.vdd('host', 'check', '--json')
    expect(exitCode).toBe(0)
    const hosts = JSON.parse(stdout) as { name: string; checks: { ok: boolean }[] }[]
    expect(hosts.map((h) => [h.name, h.checks.every((c) => c.ok)])).toEqual([
      ['a', true],
      ['b', true],
    ])
  })
})
