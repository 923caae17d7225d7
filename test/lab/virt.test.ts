import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { execa } from 'execa'
import { afterAll, expect, it } from 'vitest'
import { Answer } from '../../src/hosts/conversation.ts'
import { LocalHost } from '../../src/hosts/local.ts'
import { type Virsh, virsh } from '../../src/services/libvirt/client.ts'
import { Roster } from '../../src/services/libvirt/roster.ts'
import { describeLab } from './lab.ts'

// A lab of its own, so that one the developer has up is left alone.
const directory = await mkdtemp(join(tmpdir(), 'vdd-lab-'))
const lab = (...args: string[]) =>
  execa(resolve('lab/lab'), args, { env: { VDD_LAB_DIR: directory }, reject: false, timeout: 300_000 })

const up = process.env.VDD_NO_LAB ? undefined : await lab('up', 'virt')

afterAll(async () => {
  await lab('clean')
  await rm(directory, { recursive: true, force: true })
})

/** The way the operator goes: from the machine's own network, with the configuration the lab wrote. */
async function ssh(host: string, ...argv: string[]) {
  const { stdout } = await lab('config')
  const options = ['-F', join(dirname(stdout), 'virt/ssh/config'), '-o', 'BatchMode=yes']
  return execa('ssh', [...options, host, ...argv], { reject: false, timeout: 300_000 })
}

const running = async (host: string) =>
  (await ssh(host, 'virsh', 'list', '--name')).stdout.split('\n').filter(Boolean).sort()

/** Case N01: names that libvirt's table, or a host without C.UTF-8, writes otherwise than they are. */
describeLab("virsh's own driver for tests", () => {
  it('gives every machine with its state, whatever it is called', async () => {
    const host = new LocalHost()
    // Each command by a virsh of its own: this driver has no keepalive, which one that stays asks for.
    const uri = `test://${resolve('fixtures/cases/N01.xml')}`
    const session = {
      command: async (words: readonly string[]) => {
        const { stdout, stderr } = await host.run(virsh(uri, ...words), { timeout: 60_000 })
        return new Answer(Buffer.from(stdout), stderr.trim())
      },
    } as unknown as Virsh
    try {
      const all = await new Roster(() => 0).read({ host: host.name, session, timeout: 60_000 })
      expect(all.map(({ name, state }) => [name, state]).sort()).toEqual(
        [
          'Büro-1',
          'Windows Server 2019',
          '教室-01 running',
          `o'brien "x" & <y>`,
          'averyveryverylongmachinenamethatexceedsthirtycharacters',
          'tab\tname',
          'soft\u00adhyphen 🎓',
        ]
          .map((name) => [name, 'running'])
          .sort(),
      )
    } finally {
      await host.close()
    }
  })
})

describeLab('the lab', () => {
  it('comes up, and says so when asked again', async () => {
    expect(up).toMatchObject({ exitCode: 0 })
    const again = await lab('up', 'virt')
    expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('already up') })
  })

  it('has its guests on two hosts that are reached by ssh under their names', async () => {
    expect(await running('a')).toEqual(['db1', 'tick1', 'web1'])
    expect(await running('b')).toEqual(['desk1'])
  })

  it('moves a running guest to the other host and back', async () => {
    const migrate = ['virsh', 'migrate', '--live', '--persistent', '--undefinesource', 'tick1']
    expect(await ssh('a', ...migrate, 'qemu+ssh://root@10.77.0.2/system')).toMatchObject({ exitCode: 0 })
    expect(await running('b')).toContain('tick1')
    expect(await ssh('b', ...migrate, 'qemu+ssh://root@10.77.0.1/system')).toMatchObject({ exitCode: 0 })
    expect(await running('a')).toContain('tick1')
  })

  it('passes the arguments of a command on a host as they are', async () => {
    const { stdout } = await lab('shell', 'a', 'printf', '[%s]', 'a b', "c'd", '$x', '')
    expect(stdout).toBe("[a b][c'd][$x][]")
  })

  it('names the processes of a host, so that a test can kill them', async () => {
    const { stdout } = await lab('pid', 'a', 'libvirtd')
    process.kill(Number(stdout), 'SIGKILL')
    expect((await lab('restart', 'a', 'libvirtd')).exitCode).toBe(0)
    expect((await lab('pid', 'a', 'libvirtd')).stdout).not.toBe(stdout)
    expect(await running('a')).toContain('web1')
  })

  it('leaves no process behind when it goes down', async () => {
    const pids = await Promise.all(['init', 'sshd', 'libvirtd', 'web1'].map((what) => lab('pid', 'a', what)))
    expect(await lab('down')).toMatchObject({ exitCode: 0 })
    for (const { stdout } of pids) expect(() => process.kill(Number(stdout), 0)).toThrow('ESRCH')
    expect(await lab('status')).toMatchObject({ exitCode: 3 })
    expect(await lab('down')).toMatchObject({ exitCode: 0 })
  })
})
