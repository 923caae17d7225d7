// sample.mjs [SHARE [SEED [ROOM...]]]: how many changes are noticed, of a part of the code that chance takes.
//
// All changes take hours. This takes pieces of ten lines from each room until it has SHARE of its lines (default 0.05), always the same
// for a SEED (default 1) and for a ROOM (default all), and tells for each room the share that was noticed, with the interval that holds the true one in 19 of 20 cases.
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync } from 'node:fs'
import config from './stryker.config.mjs'

const linesAPiece = 10
const [share = '0.05', seed = '1', ...rooms] = process.argv.slice(2)

/** `src/fleet`, or `src/services`: what a score is told of. */
const roomOf = (file) => file.split('/').slice(0, 2).join('/')

/** Numbers from 0 to 1 that are the same for each seed: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomFrom(start) {
  let state = start >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function shuffled(all, random) {
  return all
    .map((one) => [random(), one])
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one)
}

const [left, taken] = [true, false].map((isLeft) =>
  config.mutate.filter((one) => one.startsWith('!') === isLeft),
)
const files = globSync(taken, { exclude: left.map((one) => one.slice(1)) }).sort()
const pieces = files.flatMap((file) => {
  const lines = readFileSync(file, 'utf8').split('\n').length
  return Array.from({ length: Math.ceil(lines / linesAPiece) }, (_, i) => ({
    file,
    from: i * linesAPiece + 1,
    to: Math.min(lines, (i + 1) * linesAPiece),
  }))
})
const chosen = [...Map.groupBy(pieces, ({ file }) => roomOf(file))].flatMap(([room, all]) =>
  rooms.length && !rooms.includes(room)
    ? []
    : shuffled(all, randomFrom(Number(seed))).slice(0, Math.ceil(all.length * Number(share))),
)
mkdirSync('reports', { recursive: true })
const ranges = chosen.map(({ file, from, to }) => `${file}:${from}-${to}`).join(',')
const stryker = 'test/mutation/node_modules/@stryker-mutator/core/bin/stryker.js'
const { status } = spawnSync(
  process.execPath,
  [stryker, 'run', 'test/mutation/stryker.config.mjs', '--mutate', ranges],
  { stdio: 'inherit' },
)
if (status !== 0) process.exit(status ?? 1)

const report = JSON.parse(readFileSync('reports/mutation.json', 'utf8'))
const isChosen = (file, { start }) =>
  chosen.some((one) => one.file === file && one.from <= start.line && start.line <= one.to)
const mutants = Object.entries(report.files).flatMap(([file, { mutants }]) =>
  mutants
    .filter(({ location }) => isChosen(file, location))
    .map(({ status }) => ({ room: roomOf(file), status })),
)
const noticed = new Set(['Killed', 'Timeout'])
const counted = mutants.filter(
  ({ status }) => noticed.has(status) || ['Survived', 'NoCoverage'].includes(status),
)
const told = [...Map.groupBy(counted, ({ room }) => room), ['all', counted]]
for (const [room, all] of told) {
  const killed = all.filter(({ status }) => noticed.has(status)).length
  const p = killed / all.length
  const margin = 1.96 * Math.sqrt((p * (1 - p)) / all.length)
  console.log(
    `${room.padEnd(14)} ${(100 * p).toFixed(1).padStart(5)} % of ${String(all.length).padStart(4)} changes noticed, +-${(100 * margin).toFixed(1)}`,
  )
}
