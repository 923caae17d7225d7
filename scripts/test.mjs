// Everything that must be right before a commit: format and lint, types, the bundle, and every test.
// On a Debian machine with root the tests against the real systems run too; elsewhere they are skipped, and the
// reason is said. VDD_LAB=require makes such a skip a failure.
// With --quick only what needs neither the bundle nor the real systems: the projects `fast` and `alone` of vitest.config.ts.
// Other arguments name the test files to run.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
// npm puts node_modules/.bin first already; a direct call does not.
process.env.PATH = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`

function run(title, command, args, env = {}) {
  console.log(`\n== ${title}`)
  const { status, signal } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  return signal ? 1 : (status ?? 1)
}

function must(title, command, args) {
  const status = run(title, command, args)
  if (status !== 0) process.exit(status)
}

const quick = process.argv.includes('--quick')
const filters = process.argv.slice(2).filter((word) => word !== '--quick')

must('format and lint', 'biome', ['ci', '--error-on-warnings', '.'])
must('types', 'tsc', ['--noEmit'])
if (quick)
  process.exit(run('tests', 'vitest', ['run', '--project', 'fast', '--project', 'alone', ...filters]))
must('bundle', 'node', ['scripts/build.mjs'])

/** Why the real systems cannot run here; undefined: they can. */
async function whyNoLab() {
  if (process.env.VDD_LAB === 'skip') return 'VDD_LAB=skip was set'
  if (!existsSync(join(root, 'lab', 'lab'))) return 'lab/lab is missing'
  console.log('\n== packages of the lab, and the images of its guests')
  for (const part of ['virt', 'auth', 'lvs', 'display', 'terminal', 'desktop', 'ha']) {
    const setUp = spawn(join(root, 'lab', 'lab'), ['packages', part], {
      stdio: ['ignore', 'inherit', 'pipe'],
    })
    let said = ''
    setUp.stderr.setEncoding('utf8').on('data', (text) => {
      said += text
      process.stdout.write(text)
    })
    const [status] = await once(setUp, 'close')
    if (status !== 0) return said.trim().split('\n').at(-1) || `lab/lab packages ${part} ended with ${status}`
  }
  return undefined
}

const why = await whyNoLab()
if (why && process.env.VDD_LAB === 'require') {
  console.error(`\nThe lab is required (VDD_LAB=require) and cannot run: ${why}`)
  process.exit(1)
}
const status = run('tests', 'vitest', ['run', ...filters], why ? { VDD_NO_LAB: why } : {})
if (why) console.log(`\nSKIPPED: the tests against the real systems (test/lab): ${why}`)
process.exit(status)
