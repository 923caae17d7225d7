import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Checks } from '../../../src/hosts/check.ts'
import { LocalHost } from '../../../src/hosts/local.ts'
import { Shell } from '../../../src/hosts/shell.ts'
import { checkLogs } from '../../../src/services/logs/check.ts'

let directory: string
let host: LocalHost
let shell: Shell
/** File modes do not stop root, as whom CI runs: then it is nobody, who is called so in Debian's base-passwd. */
const isRoot = process.geteuid?.() === 0
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vdd-logs-'))
  chmodSync(directory, 0o755)
  host = new LocalHost({ name: 'lb1' })
  const as = isRoot
    ? (['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const)
    : (['env'] as const)
  const plain = Object.assign(Object.create(host), {
    stream: () => host.stream([...as, 'sh']),
  })
  shell = await Shell.open(plain)
})
afterEach(async () => {
  shell.close()
  await host.close()
  rmSync(directory, { recursive: true })
})

function log(name: string, mode: number): string {
  const path = join(directory, name)
  writeFileSync(path, 'a line\n')
  chmodSync(path, mode)
  return path
}

async function check(...files: readonly string[]) {
  const checks = new Checks(host)
  await checkLogs(checks, shell, [{ source: 'keepalived', files, called: [] }])
  return checks.done
}

const account = isRoot ? 'nobody' : (process.env.USER ?? '')
const what = 'what the log of keepalived tells'

it('names the logs that are read', async () => {
  const [one, two] = [log('one.log', 0o644), log('two.log', 0o644)]
  expect(await check(join(directory, 'gone'), one, two)).toEqual([
    { what, ok: true, found: `${one}, ${two}` },
  ])
})

it('says who may not read a log, and the line that mends it', async () => {
  const path = log('it is.log', 0o000)
  const [found] = await check(log('one.log', 0o644), path)
  expect(found).toMatchObject({
    what,
    ok: false,
    optional: true,
    mend: `setfacl -m u:${account}:r '${path}'`,
  })
  expect(found?.found).toMatch(new RegExp(`^${path}: may not be read by ${account} \\(\\w+:\\w+ 0\\)$`))
})

it('says which directory may not be entered', async () => {
  const inside = join(directory, 'cluster')
  mkdirSync(inside)
  const path = log('cluster/one.log', 0o644)
  chmodSync(inside, 0o700)
  if (!isRoot) chmodSync(inside, 0o600)
  const [found] = await check(path)
  chmodSync(inside, 0o700)
  expect(found).toMatchObject({ ok: false, mend: `setfacl -m u:${account}:x ${inside}` })
  expect(found?.found).toContain(`${path}: ${account} may not enter ${inside} (`)
})

it('of logs of many says how many there are, and what keeps it from them', async () => {
  const inside = join(directory, 'qemu')
  mkdirSync(inside)
  const many = join(inside, '*.log')
  expect(await check(many)).toEqual([{ what, ok: true, found: `${many}, 0 of them` }])
  log('qemu/mail 1.log', 0o644)
  log('qemu/web1.log', 0o644)
  expect(await check(many)).toEqual([{ what, ok: true, found: `${many}, 2 of them` }])
  chmodSync(join(inside, 'mail 1.log'), 0o000)
  expect(await check(many)).toMatchObject([
    { ok: false, mend: `setfacl -m u:${account}:r '${join(inside, 'mail 1.log')}'` },
  ])
  chmodSync(inside, isRoot ? 0o711 : 0o011)
  const [found] = await check(many)
  chmodSync(inside, 0o755)
  expect(found).toMatchObject({ ok: false, mend: `setfacl -m u:${account}:rx ${inside}` })
})

it('names the group that may', async () => {
  if (!isRoot) return
  const path = log('one.log', 0o640)
  execFileSync('chgrp', ['adm', path])
  expect(await check(path)).toMatchObject([
    {
      ok: false,
      found: `${path}: may not be read by nobody (root:adm 640)`,
      mend: 'adduser nobody adm, and log in anew',
    },
  ])
})

it('says that there is none, and what is not known then', async () => {
  expect(await check(join(directory, 'a'), join(directory, 'b'))).toMatchObject([
    {
      ok: false,
      optional: true,
      found: expect.stringContaining(`there is none of ${directory}/a, ${directory}/b`),
      mend: expect.stringContaining('let it write there'),
    },
  ])
})
