// Two balancers, a directory's provider and front ends for the bench, each of them with its slapd and its FreeRADIUS (bench/rest/site.mjs).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { secret } from './freeradius.mjs'
import { suffix } from './slapd.mjs'

/** Starts them, and puts a shell that leads there into the directory; the hosts for the configuration. */
export async function frontends({ frontends }, directory) {
  const file = (name, text) => {
    writeFileSync(join(directory, name), text, { mode: 0o600 })
    return join(directory, name)
  }
  const logfile = file('ldirectord.log', '')
  const site = spawn(process.execPath, [join(import.meta.dirname, 'site.mjs'), `${frontends}`, logfile], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: site.stdout })
  const [line] = await once(lines, 'line')
  let looks = 0
  lines.on('line', (count) => {
    looks = Number(count)
  })
  const { shell, replica, provider, port, statusPort } = JSON.parse(line)
  copyFileSync(join(import.meta.dirname, 'sh'), join(directory, 'sh'))
  const [secretFile, passwordFile] = [file('secret', secret), file('password', 'bench')]
  const slapd = (at) => `ldap: { url: 'ldap://127.0.0.1:${at}', base: '${suffix}' }`
  const of = (n) =>
    `  - { name: fe${n + 1}, local: true, roles: [frontend], address: 10.9.${1 + Math.floor(n / 250)}.${1 + (n % 250)}, ${slapd(replica)} }`
  return {
    config: `radius: { address: 127.0.0.1, port: ${port}, statusPort: ${statusPort}, secretFile: ${secretFile}, user: bench, passwordFile: ${passwordFile} }
hosts:
  - { name: lb1, local: true, roles: [balancer], sudo: true }
  - { name: lb2, local: true, roles: [balancer] }
  - { name: ldap1, local: true, roles: [directory], ${slapd(provider)} }
${Array.from({ length: frontends }, (_, n) => of(n)).join('\n')}
`,
    env: { VDD_BENCH_SITE: `${shell}` },
    /** at hosts, so far */
    looks: () => looks,
    end: () => site.kill(),
  }
}
