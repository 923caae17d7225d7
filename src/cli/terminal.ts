import { hostname } from 'node:os'
import type { Command } from 'commander'
import { type Label, label, say } from '../hosts/label.ts'
import { shortages } from '../services/hardware/shortages.ts'
import type { TerminalFacts } from '../services/hardware/terminal.ts'
import { pad } from '../text/fit.ts'
import { memory } from '../text/format.ts'
import { hardwareFacts } from '../views/host/hardware.ts'
import { exit, Failure } from './exit.ts'
import { print } from './output.ts'

interface FactsOptions {
  readonly json?: boolean
  readonly stdin?: boolean
}

/** `vdd terminal facts|facts-script`: what a terminal is, told by itself. */
export function addTerminalVerbs(program: Command, finish: (code: number) => void): void {
  const noun = program
    .command('terminal')
    .description('What the terminals are, at which people sit: memory, screen, network and so on.')
  noun
    .command('facts')
    .description('Tells what this machine is as a terminal, and in what it is too small for a desktop.')
    .option('--stdin', 'of another one instead, whose facts (a line of JSON) come on standard input')
    .option('--json', 'one object on one line')
    .action(async ({ json, stdin }: FactsOptions) => {
      const facts = stdin ? await factsGiven() : await factsHere()
      const tooSmall = shortages(facts)
      print(json ? JSON.stringify({ ...facts, tooSmall }) : factsText(facts, tooSmall))
      finish(exit.ok)
    })
  noun
    .command('facts-script')
    .description('Prints a script that tells the same, as JSON, on a machine on which vdd does not run.')
    .action(async () => {
      const { factsScript } = await import('../services/hardware/script.ts')
      print(factsScript)
      finish(exit.ok)
    })
}

async function factsHere(): Promise<TerminalFacts> {
  const { readHardware } = await import('../services/hardware/client.ts')
  return { version: 1, name: label(hostname()), ...(await readHardware()) }
}

/** @throws {Failure} it is something else */
async function factsGiven(): Promise<TerminalFacts> {
  const { longestLine, readTerminal } = await import('../services/hardware/terminal.ts')
  let text = ''
  for await (const piece of process.stdin.setEncoding('utf8')) {
    text += piece
    if (text.length > longestLine) break
  }
  const facts = readTerminal(text)
  if (!facts)
    throw new Failure(
      exit.usage,
      say`what came on standard input are no facts of a terminal (vdd terminal facts-script)`,
    )
  return facts
}

function factsText(facts: TerminalFacts, tooSmall: readonly Label[]): string {
  const all: [string, Label | undefined][] = [
    ['Name', facts.name],
    ['Memory', facts.memoryKiB === undefined ? undefined : memory(facts.memoryKiB)],
    ...hardwareFacts(facts),
    ...tooSmall.map((text, i): [string, Label] => [i ? '' : 'Too small', text]),
  ]
  return all.flatMap(([name, value]) => (value ? [`${pad(label(name), 9)}  ${value}`] : [])).join('\n')
}
