// From the wish to the first pixels of a session, beside the same done by hand, in the same run: with 1, 10 and 50 channels open.
//   lab/lab up display && npm run bench:display [-- --rounds N] [-- --channels 1,10,50] [-- --json]
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    channels: { type: 'string', default: '1,10,50' },
    json: { type: 'boolean', default: false },
  },
})
const root = join(import.meta.dirname, '..')
const inside = '/usr/local/lib/vdd/bench/display/inside.mjs'
const { status, stdout } = spawnSync(
  join(root, 'lab', 'lab'),
  [
    ...['shell', 'disp1', 'lab-as', 'anna', '/usr/local/lib/vdd/scripts/with-node', 'node', inside],
    ...[values.rounds, values.channels],
  ],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 24 },
)
if (status !== 0) process.exit(status ?? 1)
const results = JSON.parse(stdout)
const machine = `${cpus().length} x ${cpus()[0]?.model}, Node ${process.versions.node}`
if (values.json) console.log(JSON.stringify({ machine, results }, null, 2))
else {
  console.log(`# ${machine}; medians of ${values.rounds}, milliseconds`)
  console.log('open   by hand   vdd   of vdd: start   ssh and sessions   display   session   MiB a channel')
  for (const { open, byHand, vdd, start, machine: ssh, server, session, mib } of results)
    console.log(
      [open, byHand, vdd, start, ssh, server, session, mib]
        .map((value, i) => String(Math.round(value)).padStart([4, 10, 6, 16, 19, 10, 10, 16][i]))
        .join(''),
    )
}
