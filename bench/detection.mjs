// How soon a slapd that stops is seen, by the console's own check and in ldirectord's log, on the balancers of the lab:
//   lab/lab up lvs && npm run bench:detection [-- ROUNDS]
// Times of the guest are turned into those of this machine by the offset of its clock, as the quickest of ten questions tells it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFleet } from '../src/cli/open.ts'

const root = new URL('..', import.meta.url).pathname
const rounds = Number(process.argv[2] ?? 5)
const lab = (...args) => execFileSync(join(root, 'lab', 'lab'), args, { encoding: 'utf8' }).trim()
const guest = (host, script) => lab('shell', host, 'sh', '-c', script)

/** Milliseconds that the guest's clock is ahead of this one. */
function clockOffset() {
  const tries = Array.from({ length: 10 }, () => {
    const sent = Date.now()
    const there = Number(guest('lb1', 'date +%s.%N')) * 1000
    const took = Date.now() - sent
    return { took, offset: there - (sent + took / 2) }
  })
  return tries.sort((a, b) => a.took - b.took)[0]
}

async function until(what, probe) {
  const end = Date.now() + 120_000
  for (;;) {
    const found = probe()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited two minutes for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const home = mkdtempSync(join(tmpdir(), 'vdd-bench-'))
const config = join(home, 'vdd.yaml')
writeFileSync(config, `journal: ${join(home, 'journal.db')}\n${readFileSync(lab('config'), 'utf8')}`)
const fleet = openFleet({ config }, false)
fleet.start()
const event = (after, text) => fleet.journal.latest(50).find((one) => one.at > after && text.test(one.text))
try {
  await until('the first answers', () => {
    const { directories, balancers } = fleet.snapshot()
    return directories.every((one) => one.reading) && balancers.every((one) => one.lvs && one.ldirectord)
  })
  const { offset, took } = clockOffset()
  console.log(`clock of the guest: ${offset.toFixed(0)} ms ahead, to ${(took / 2).toFixed(0)} ms`)
  console.log('own check after   ldirectord took it out after   its line seen after')
  for (let i = 0; i < rounds; i++) {
    const here = (there) => Number(there) * 1000 - offset
    const begun = Date.now()
    const stopped = here(guest('rs2', 'lab-serve stop ldap; date +%s.%N'))
    const own = await until('its own check', () => event(begun, /^LDAP: /))
    const out = await until('ldirectord', () => event(begun, /^10\.9\.0\.12:389 out of .*ldirectord/))
    // The line is the last of the log until the server is back.
    const written = here(guest('lb1', 'stat -c %.Y /var/log/ldirectord.log'))
    const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`.padStart(8)
    console.log(
      `${seconds(own.at - stopped)}          ${seconds(written - stopped)}                       ${seconds(out.at - written)}   ${out.at < own.at ? own.text : out.text}`,
    )
    guest('rs2', 'lab-serve start ldap')
    await until('its return', () => event(out.at, /^10\.9\.0\.12:389 back in 10\.9\.0\.100:389/))
    await until('its answer', () => fleet.snapshot().directories.every((one) => one.reading && !one.trouble))
  }
} finally {
  await fleet.stop()
  fleet.journal.close()
  rmSync(home, { recursive: true, force: true })
}
