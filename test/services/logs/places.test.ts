import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LocalHost } from '../../../src/hosts/local.ts'
import { Shell } from '../../../src/hosts/shell.ts'
import { readFiles, readRotated } from '../../../src/services/logs/client.ts'
import { filesOf, isOfMany, mostOfMany, nameIn, placesOf } from '../../../src/services/logs/places.ts'

const place = '/var/log/qemu/*.log'

it('a file of a place of many has a name of its own', () => {
  expect([isOfMany(place), isOfMany('/var/log/syslog')]).toEqual([true, false])
  expect(nameIn(place, '/var/log/qemu/mail 1.log')).toBe('mail 1')
  expect(nameIn(place, '/var/log/qemu/a.log.log')).toBe('a.log')
  expect(nameIn('/var/log/syslog', '/var/log/syslog')).toBe('')
  for (const path of [
    '/var/log/qemu/.log',
    '/var/log/qemu/a/b.log',
    '/etc/shadow',
    '/var/log/qemu/a.log.1',
    '/var/log/qemu/log',
  ])
    expect(nameIn(place, path)).toBeUndefined()
  expect(nameIn('/var/log/syslog', '/var/log/syslog.1')).toBeUndefined()
})

it('of so many files those are read that were written last', () => {
  const files = Array.from({ length: mostOfMany + 5 }, (_, i) => ({
    path: `/var/log/qemu/m${i}.log`,
    inode: `${i}`,
    size: 1,
    written: i,
  }))
  const read = filesOf(place, [...files, { path: '/etc/shadow', inode: '1', size: 1, written: 9_999 }])
  expect(read).toHaveLength(mostOfMany)
  expect(read[0]?.path).toBe(`/var/log/qemu/m${mostOfMany + 4}.log`)
})

it('of many that may not be read their place is named once', () => {
  const denied = ['/var/log/qemu/a.log', '/var/log/qemu/b.log', '/var/log/syslog']
  expect(placesOf(denied, ['/x', place, '/var/log/syslog'])).toEqual([place, '/var/log/syslog'])
  // As the shell leaves it where it may not look.
  expect(placesOf([place], [place])).toEqual([place])
})

let directory: string
let host: LocalHost
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdd places $(x) '))
  chmodSync(directory, 0o755)
  host = new LocalHost({ name: 'hv1' })
})
afterEach(async () => {
  await host.close()
  rmSync(directory, { recursive: true })
})

const isRoot = process.geteuid?.() === 0
/** As nobody, whom file modes stop. */
async function asking() {
  const as = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env']
  const plain = Object.assign(Object.create(host), { stream: () => host.stream([...as, 'sh'] as never) })
  return { host: 'hv1', shell: await Shell.open(plain), timeout: 10_000 }
}

it('finds the logs of machines, whatever they are called, and no others', async () => {
  const names = ['a', 'mail 1', "it's $(touch x) `id` *", '-rf', 'Büro', 'a.log.1', '教室\t"1"']
  for (const name of names) writeFileSync(join(directory, `${name}.log`), 'x')
  for (const name of ['a.log.0', 'a.txt', '.log']) writeFileSync(join(directory, name), 'x')
  const asked = await asking()
  const many = join(directory, '*.log')
  const { files, denied } = await readFiles(asked, [many, join(directory, 'a.txt')])
  expect(denied).toEqual([])
  expect(
    filesOf(many, files)
      .map(({ path }) => nameIn(many, path))
      .sort(),
  ).toEqual(names.sort())
  expect(files.map(({ path }) => path)).toContain(join(directory, 'a.txt'))
  // Of `a` that is an older one, and that is the log of a machine.
  const rotated = await readRotated(asked, join(directory, 'a.log'))
  expect(rotated.map(({ path }) => path)).toEqual([join(directory, 'a.log.0')])
  asked.shell.close()
})

it('says what may not be read: files, their directory, and one above it', async () => {
  const inner = join(directory, 'libvirt', 'qemu')
  mkdirSync(inner, { recursive: true })
  const many = join(inner, '*.log')
  const asked = await asking()
  const denied = async () => (await readFiles(asked, [many, join(directory, 'none', 'x.log')])).denied
  expect(await denied()).toEqual([])
  writeFileSync(join(inner, 'a.log'), 'x')
  expect(await denied()).toEqual([])
  chmodSync(join(inner, 'a.log'), 0o000)
  expect(await denied()).toEqual([join(inner, 'a.log')])
  for (const [path, mode] of [
    [inner, 0o711],
    [inner, 0o700],
    [join(directory, 'libvirt'), 0o700],
  ] as const) {
    // Who is not root owns it.
    chmodSync(path, isRoot ? mode : mode & 0o077)
    expect(await denied()).toEqual([many])
    chmodSync(path, 0o755)
  }
  asked.shell.close()
  execFileSync('chmod', ['-R', 'u+rwX', directory])
})
