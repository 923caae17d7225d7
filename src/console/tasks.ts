import { type Label, say } from '../hosts/label.ts'
import type { TasksLayer } from './layers.ts'
import type { ConsoleState } from './state.ts'

/** Opens the list of what is under way. */
export function showTasks(console: ConsoleState): void {
  if (console.tasks.length) console.push({ kind: 'tasks', at: 0 })
  else console.tell(say`nothing is under way`)
}

/** Which one is selected, whatever has ended meanwhile. */
export function taskAt({ tasks }: ConsoleState, { at }: TasksLayer): number {
  return Math.max(0, Math.min(at, tasks.length - 1))
}

export function pressTasks(console: ConsoleState, layer: TasksLayer, key: string): void {
  const at = taskAt(console, layer)
  const step = { down: 1, j: 1, up: -1, k: -1, pagedown: 8, pageup: -8 }[key]
  if (step !== undefined)
    return console.replace({ ...layer, at: Math.max(0, Math.min(at + step, console.tasks.length - 1)) })
  if (key === 'return' || key === 'q') return console.pop()
  if (key !== 'C' || !console.isSeen) return
  cancelTask(console, at)
}

/** Ends one of what is under way; how far it had come, its end says. Returns whether there was such a one. */
export function cancelTask(console: ConsoleState, at: number): boolean {
  const task = console.tasks[at]
  task?.end(say`cancelled` as Label)
  if (task && console.layers.at(-1)?.kind === 'tasks') console.pop()
  return !!task
}
