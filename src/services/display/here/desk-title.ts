import { readFile } from 'node:fs/promises'

/** What the desk is called in lists of processes; behind it, the machine on which it has a text session. */
const title = 'vdd desk'

/** Names the process of the desk, so that it is told on whose terminal it runs, and what there is on it. */
export function callDesk(machine?: string): void {
  process.title = machine === undefined ? title : `${title} ${machine}`
  // There is only as much room as its arguments had: half a name would be another one.
  if (machine !== undefined && !process.title.endsWith(` ${machine}`)) process.title = title
}

/** Whether the name of a process, as ps(1) has it, is that of a desk. */
export function isDesk(name: string): boolean {
  return name === title || name.startsWith(`${title} `)
}

/** Letters of a name. */
const longest = 200

/** What the desk of this number says on which machine it has a text session. */
export async function machineOfDesk(pid: number): Promise<string | undefined> {
  const [whole = ''] = await argumentsOf(pid)
  return whole.startsWith(`${title} `) ? whole.slice(title.length + 1, longest) || undefined : undefined
}

/** The arguments of a process, none where it has gone: proc_pid_cmdline(5). Its owner may have written what they like. */
export async function argumentsOf(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text
    .split('\0')
    .filter((one) => one !== '')
    .map((one) => one.slice(0, longest))
}
