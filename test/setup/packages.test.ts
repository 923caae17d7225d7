import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

// What `npm test` sets up on a Debian, against an apt of a few lines: each call is written down, and answered by a script.
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdd-setup-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function fake(name: string, script: string): void {
  const told = `echo "${name} $*" >> "${folder}/calls"`
  writeFileSync(join(folder, name), `#!/bin/sh\n${told}\n${script}\n`, { mode: 0o755 })
}

const bash = (script: string, ...words: string[]) =>
  execFileSync('bash', ['-euo', 'pipefail', '-c', script, 'bash', ...words], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, LAB: resolve('lab') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
const calls = () => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
const aptCalls = () => calls().map((line) => line.replace(/^apt-get .*? (update|install)/, '$1'))

describe.skipIf(!existsSync('/var/lib/dpkg'))('packages of the lab', () => {
  /** need_packages for a package `wanted`, as on a machine where no service is to be kept from starting. */
  const need = () => {
    writeFileSync(join(folder, 'names'), 'wanted\n')
    return bash(
      `. "$LAB/common/say.sh"; . "$LAB/common/packages.sh"
forbid_services() { :; }; allow_services() { :; }; policy_is_ours() { false; }
need_packages "$1"`,
      join(folder, 'names'),
    )
  }

  it('are installed from lists that were fetched before, whatever lists there are', () => {
    fake('dpkg-query', 'exit 1')
    fake('apt-get', '')
    need()
    expect(aptCalls().slice(-2)).toEqual(['update', 'install --no-install-recommends wanted'])
  })

  it('wait for whoever has a lock of apt, of the lists too', () => {
    fake('dpkg-query', 'exit 1')
    fake(
      'apt-get',
      `[ -e "${folder}/tried" ] && exit; touch "${folder}/tried"
echo 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 1 (apt-get)' >&2; exit 100`,
    )
    need()
    expect(aptCalls().slice(-3)).toEqual(['update', 'update', 'install --no-install-recommends wanted'])
  })

  it('are installed from the lists that are here where none can be fetched; why it fails is said', () => {
    fake('dpkg-query', 'exit 1')
    fake(
      'apt-get',
      `case $* in *update*) exit 100 ;; *) echo 'E: Unable to locate package wanted' >&2; exit 100 ;; esac`,
    )
    expect(need).toThrow(
      expect.objectContaining({
        status: 77,
        stderr: expect.stringMatching(
          /going on with the package lists that are here\n.*Unable to locate package wanted\n.*cannot install: wanted/s,
        ),
      }),
    )
  })

  it('are let alone when they are installed', () => {
    fake('dpkg-query', 'echo "installed wanted"')
    fake('apt-get', 'exit 1')
    need()
    expect(calls().some((line) => line.startsWith('apt-get'))).toBe(false)
  })
})

describe('the system of the guest', () => {
  /** The sources that mmdebstrap is given, where apt knows these. */
  const sources = (known: string) => {
    fake('apt-get', `cat << 'END'\n${known}END`)
    fake('apt-config', '')
    fake('mmdebstrap', '')
    bash('"$LAB/common/image/system.sh" "$LAB/lvs/image" "$1"', folder)
    return calls()
      .at(-1)
      ?.match(/deb http\S* \S+ main/g)
  }

  it('comes from the mirrors that the machine uses', () => {
    const known = `http://mirror.test/d bookworm contrib
http://mirror.test/debian bookworm main
http://mirror.test/security bookworm-security main
`
    expect(sources(known)).toEqual([
      'deb http://mirror.test/debian bookworm main',
      'deb http://mirror.test/security bookworm-security main',
    ])
  })

  it.each([
    ['only one of the two', 'http://mirror.test/debian bookworm main\n', 'http://mirror.test/debian'],
    ['another release', 'http://mirror.test/debian trixie main\n', 'http://deb.debian.org/debian'],
    ['none', '', 'http://deb.debian.org/debian'],
  ])('comes from Debian itself where the machine has lists of %s', (_, known, debian) => {
    expect(sources(known)).toEqual([
      `deb ${debian} bookworm main`,
      'deb http://deb.debian.org/debian-security bookworm-security main',
    ])
  })
})
