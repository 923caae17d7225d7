import type { Action } from '../actions/action.ts'
import {
  balancerActions,
  frontendActions,
  hostActions,
  machineActions,
  serviceActions,
} from '../actions/table.ts'
import { commands } from './commands.ts'
import { keyName } from './keys.ts'

export interface KeyRow {
  readonly key: string
  readonly title: string
  readonly help: string
  /** `!`: asks for confirmation; `!!`: wants the name typed */
  readonly mark: '  ' | '! ' | '!!'
}

export interface KeyGroup {
  readonly title: string
  readonly keys: readonly KeyRow[]
}

const marks = { safe: '  ', disruptive: '! ', destructive: '!!' } as const

function row(action: Action): KeyRow {
  return {
    key: action.key ? keyName(action.key) : `:${action.verb}`,
    title: action.title,
    help: action.help,
    mark: action.kind === 'change' ? marks[action.risk] : '  ',
  }
}

/** Every key and what it does, in the order of the help screen. `docs/keys.md` is made from it. */
export function keyTable(): readonly KeyGroup[] {
  const own = commands.map(({ keys, title, help }) => ({
    key: keys.map(keyName).join(' '),
    title,
    help,
    mark: '  ' as const,
  }))
  return [
    {
      title: 'A machine, or all marked ones  (! asks first, !! wants the name typed)',
      keys: machineActions.map(row),
    },
    { title: 'A host', keys: hostActions.map(row) },
    { title: 'A front end', keys: frontendActions.map(row) },
    { title: 'A virtual service', keys: serviceActions.map(row) },
    { title: 'A balancer', keys: balancerActions.map(row) },
    { title: 'The console', keys: own },
  ]
}
