import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { describeLab, Lab } from './lab.ts'

describeLab('a host that cannot be used', () => {
  const lab = Lab.forThisFile()

  /** The lab's configuration with its ssh configuration changed for host b only. */
  function configWith(name: string, change: (sshConfig: string) => string): string {
    const ssh = join(lab.directory, `${name}.ssh`)
    writeFileSync(ssh, change(readFileSync(join(lab.directory, 'virt', 'ssh', 'config'), 'utf8')))
    const file = join(lab.directory, `${name}.yaml`)
    writeFileSync(file, readFileSync(lab.config, 'utf8').replace(/configFile: .*/, `configFile: ${ssh}`))
    return file
  }

  /** Everything that is said of `host list`, with the rows of the other host still there. */
  async function complaint(config: string, state = 'down'): Promise<string> {
    const { stdout, stderr, exitCode } = await lab.vddWith(config, 'host', 'list')
    expect(exitCode).toBe(4)
    expect(stdout).toMatch(/^a +up /m)
    expect(stdout).toMatch(new RegExp(`^b +${state} `, 'm'))
    expect(stderr).not.toMatch(/^\s+at /m)
    return stderr
  }

  it('with an unknown host key: refused, with the fingerprint, the file, and what to do', async () => {
    const empty = join(lab.directory, 'known_none')
    writeFileSync(empty, '')
    const file = configWith('unknown', (text) => `Host b\n  UserKnownHostsFile ${empty}\n${text}`)
    expect(await complaint(file)).toMatch(/b: .*SHA256:.*known_none/)
  })

  it('with a changed host key: refused, with the line that holds the other', async () => {
    const other = join(lab.directory, 'known_other')
    const known = readFileSync(join(lab.directory, 'virt', 'ssh', 'known_hosts'), 'utf8')
    const keyOfA =
      known.split('\n').find((line) => line.startsWith('10.77.0.1')) ?? known.split('\n')[0] ?? ''
    const namesOfB = known
      .split('\n')
      .find((line) => line.includes('10.77.0.2'))
      ?.split(' ')[0]
    writeFileSync(other, `${namesOfB} ${keyOfA.split(' ').slice(1).join(' ')}\n`)
    const file = configWith('changed', (text) => `Host b\n  UserKnownHostsFile ${other}\n${text}`)
    expect(await complaint(file)).toMatch(/b: .*CHANGED.*SHA256:.*known_other line 1/)
  })

  it('with a key that it does not accept: says how it was tried', async () => {
    const key = join(lab.directory, 'foreign_key')
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
    const file = configWith(
      'auth',
      (text) =>
        `Host b\n  IdentityFile ${key}\n${text.replaceAll(/^(Host b[\s\S]*?)IdentityFile .*$/gm, '$1')}`,
    )
    expect(await complaint(file)).toMatch(/b: no login as root, tried .*foreign_key.*authorized_keys/)
  })

  it('that is not there: says so within seconds', async () => {
    const file = configWith('absent', (text) => `Host b\n  ProxyCommand false\n${text}`)
    expect(await complaint(file)).toMatch(/b: /)
  })

  it('without virsh: names the package', async () => {
    const bin = join(lab.directory, 'bin')
    mkdirSync(bin)
    for (const program of ['sh', 'dirname', 'readlink', 'stty', 'env', 'true', 'ps']) {
      const { stdout } = await execa('which', [program])
      symlinkSync(stdout, join(bin, program))
    }
    const file = join(lab.directory, 'local.yaml')
    writeFileSync(file, 'hosts:\n  - name: here\n    local: true\n')
    const { stdout, exitCode } = await execa(resolve('bin/vdd'), ['--config', file, 'host', 'check'], {
      env: { ...lab.env, PATH: bin, VDD_NODE: process.execPath },
      extendEnv: false,
      reject: false,
    })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/FAILS +virsh: .*\n +mend it: .*libvirt-clients/)
  })

  // The host answers, so its machines may be running: that it is down would be false.
  it('with another hypervisor than configured: says to look at the configuration', async () => {
    const file = join(lab.directory, 'xen.yaml')
    writeFileSync(file, readFileSync(lab.config, 'utf8').replace(/(name: b[\s\S]*?libvirt: )qemu:/, '$1xen:'))
    expect(await complaint(file, 'unknown')).toMatch(/b: .*(xen|libxenlight|hypervisor)/)
  })

  it('with libvirtd stopped: says how to start it', async () => {
    process.kill(await lab.pid('b', 'libvirtd'), 'SIGKILL')
    try {
      expect(await complaint(lab.config, 'unknown')).toMatch(
        /b: libvirtd does not run.*systemctl start libvirtd/,
      )
    } finally {
      await lab.run('restart', 'b', 'libvirtd')
    }
    expect((await lab.vdd('host', 'list')).exitCode).toBe(0)
  })
})
