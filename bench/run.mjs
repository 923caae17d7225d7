// Time to the first frame, memory and CPU at rest, with a small and a large demo fleet: npm run bench [-- --json]
// The demo answers inside the same process, so its own work is in the figures of CPU and memory.
import { cpus } from 'node:os'
import { join } from 'node:path'
import { openTerminal } from '../scripts/pty.mjs'
import { nodeBelow, usageOf } from './process.mjs'

const root = new URL('..', import.meta.url).pathname
const fleets = [
  { name: '2 hosts x 10', hosts: 2, machines: 20 },
  { name: '50 hosts x 100', hosts: 50, machines: 5000 },
]
const seconds = 20

async function measure({ name, hosts, machines }) {
  const terminal = openTerminal(
    join(root, 'bin', 'vdd'),
    ['demo', '--hosts', hosts, '--machines', machines].map(String),
    {
      env: { LANG: 'C', LC_ALL: 'C' },
    },
  )
  try {
    const firstFrameMs = await terminal.until('vdd  DEMO')
    const allFactsMs = firstFrameMs + (await terminal.until('all fresh', 120_000))
    terminal.press('2')
    await terminal.until(/NAME.*STATE/)
    const pid = nodeBelow(terminal.pid)
    await new Promise((resolve) => setTimeout(resolve, 3000))
    const before = usageOf(pid)
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    const after = usageOf(pid)
    return {
      fleet: name,
      firstFrameMs: Math.round(firstFrameMs),
      allFactsMs: Math.round(allFactsMs),
      rssMiB: Math.round(after.rssMiB),
      cpuMsPerSecond: Math.round(((after.cpuSeconds - before.cpuSeconds) / seconds) * 1000),
    }
  } finally {
    terminal.end()
  }
}

const results = []
for (const fleet of fleets) results.push(await measure(fleet))
if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2))
else {
  console.log(
    `${cpus().length} CPUs, ${cpus()[0]?.model}; Node ${process.version}; screen Machines, TERM=vt100, 80x24; ${seconds} s at rest`,
  )
  console.table(results)
  console.log(JSON.stringify(results))
}
process.exit()
