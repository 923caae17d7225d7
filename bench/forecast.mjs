// How near the forecast of descriptors comes, on a slapd of the lab that runs out of them:
//   lab/lab up auth && npm run bench:forecast [-- SECONDS...]
// A connection is opened after every so many seconds, until none is left. Told is how far the forecasts were from the truth while a third to
// nine tenths of the descriptors were in use: the middle error, and the one that four of five keep below.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFleet } from '../src/cli/open.ts'

const lab = join(new URL('..', import.meta.url).pathname, 'lab', 'lab')
const pauses = process.argv.slice(2).map(Number)
const home = mkdtempSync(join(tmpdir(), 'vdd-bench-'))
const config = join(home, 'vdd.yaml')
const own = execFileSync(lab, ['config'], { encoding: 'utf8' }).trim()
writeFileSync(config, `journal: ${join(home, 'journal.db')}\n${readFileSync(own, 'utf8')}`)
const fleet = openFleet({ config }, false)
fleet.start()
const slapd = () =>
  fleet
    .snapshot()
    .processes.get('auth2')
    ?.find(({ name }) => name === 'slapd')

/** Until what is seen holds; each change of what is seen is looked at. */
const seen = (holds) =>
  new Promise((resolve) => {
    const look = () => {
      if (!holds()) return
      ignore()
      resolve()
    }
    const ignore = fleet.subscribe(look)
    look()
  })
const percent = (share) => `${(share * 100).toFixed(1)} %`.padStart(8)

try {
  console.log('a connection every   middle error   4 of 5 below   forecasts')
  for (const pause of pauses.length ? pauses : [0.8, 2]) {
    await seen(() => (slapd()?.open ?? 99) < 20)
    const holding = spawn(lab, ['shell', 'auth2', 'lab-hold', '70', `${pause}`])
    const told = []
    await seen(() => {
      const { open = 0, exhaustedIn } = slapd() ?? {}
      if (exhaustedIn !== undefined && open !== told.at(-1)?.open)
        told.push({ open, at: Date.now(), exhaustedIn })
      return open >= 63
    })
    const end = Date.now()
    holding.stdin.end()
    const errors = told
      .filter(({ open }) => open >= 22 && open < 58)
      .map(({ at, exhaustedIn }) => Math.abs(at + exhaustedIn - end) / (end - at))
      .sort((a, b) => a - b)
    const middle = errors[Math.floor(errors.length / 2)] ?? Number.NaN
    const most = errors[Math.floor(errors.length * 0.8)] ?? Number.NaN
    console.log(
      `${`${pause} s`.padStart(18)}   ${percent(middle).padStart(12)}   ${percent(most).padStart(12)}   ${`${errors.length}`.padStart(9)}`,
    )
  }
} finally {
  await fleet.stop()
  fleet.journal.close()
  rmSync(home, { recursive: true, force: true })
}
