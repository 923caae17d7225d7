import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { until } from '../../support/until.ts'

const program = `
import { leaveOpener } from ${JSON.stringify(resolve('src/services/display/keeper/leave.ts'))}
process.stdin.once('data', () => { leaveOpener(); setInterval(() => {}, 1000) })
process.stdin.on('end', () => process.exit(9))
process.stdout.write(process.pid + '\\n')
`

let ending: (() => void)[] = []
afterEach(() => {
  for (const end of ending) end()
  ending = []
})

/** What a process has as its descriptors of this number. */
const file = (pid: number, fd: number) => readlinkSync(`/proc/${pid}/fd/${fd}`)

/** The descriptors that it waits for with epoll(7): proc_pid_fdinfo(5). */
function watched(pid: number): number[] {
  const sets = readdirSync(`/proc/${pid}/fdinfo`).filter((fd) => file(pid, Number(fd)).includes('eventpoll'))
  return sets.flatMap((fd) =>
    [...readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8').matchAll(/^tfd: +(\d+)/gm)].map(([, one]) =>
      Number(one),
    ),
  )
}

it('an opener is left, also where another process holds its pipe', async () => {
  // A wrapper that waits for it, and has the same files.
  const words = [
    '-c',
    'exec 3<&0; "$0" "$@" <&3 3<&- & wait',
    process.execPath,
    '--input-type=module',
    '-e',
    program,
  ]
  const child = spawn('sh', words)
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  await until('reads', () => said.endsWith('\n'))
  const pid = Number(said)
  ending.push(() => {
    for (const one of [pid, child.pid ?? 0]) process.kill(one, 'SIGKILL')
  })
  await until('waits', () => watched(pid).includes(0))
  child.stdin.end('go\n')
  await until('left', () => [0, 1, 2].every((fd) => file(pid, fd) === '/dev/null'))
  expect(watched(pid)).not.toContain(0)
})
