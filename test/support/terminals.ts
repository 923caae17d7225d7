import type { DisplayServerRecord } from '../../src/fleet/display/record.ts'
import type { TerminalRecord } from '../../src/fleet/terminal/record.ts'
import { terminalsOf } from '../../src/fleet/terminal/terminals.ts'
import { label } from '../../src/hosts/label.ts'
import type { ToldTerminal } from '../../src/services/display/facts.ts'
import { readTerminal } from '../../src/services/terminal-facts.ts'
import { channels, displayServer } from './displays.ts'
import type { seen } from './sight.ts'

/** What a rescued PC tells of itself; what matters to a test is given. */
export const pc = (given: object = {}) => ({
  version: 1,
  name: 'pc3',
  model: 'Wyse S10',
  processor: 'Geode LX 800, 1 core',
  memoryKiB: 499_712,
  disks: ['128MB Flash, 128 MB'],
  graphics: [],
  sound: [],
  screens: [{ name: 'VGA-1', width: 1280, height: 1024 }],
  links: [{ name: 'eth0', isUp: true, isWireless: false, mbps: 100 }],
  ...given,
})

/** The word of anna of term3 at 4000. */
export function word(
  given: Partial<Record<'name' | 'address' | 'user', string>> = {},
  facts: object = {},
): ToldTerminal {
  const { name = 'term3', address = '10.0.0.3', user = 'anna' } = given
  const [at, rawLine] = [4_000, JSON.stringify(pc(facts))]
  const read = readTerminal(rawLine)
  if (!read) throw new Error(rawLine)
  return { name: label(name), address: label(address), at, user: label(user), rawLine, facts: read }
}

/** A display server with these channels and terminals. */
export function server(
  shown: readonly ReturnType<typeof seen>[],
  terminals: readonly ToldTerminal[],
  given: Partial<DisplayServerRecord> = {},
): DisplayServerRecord {
  return displayServer(channels(...shown), { terminals, ...given })
}

/** The terminals of one. */
export function terminals(...given: Parameters<typeof server>): readonly TerminalRecord[] {
  return terminalsOf([server(...given)])
}
