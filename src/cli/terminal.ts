import { hostname, userInfo } from 'node:os'
import type { Command } from 'commander'
import { type Label, label, say } from '../hosts/label.ts'
import { shortages } from '../services/hardware/shortages.ts'
import type { TerminalFacts } from '../services/terminal-facts.ts'
import { pad } from '../text/fit.ts'
import { memory } from '../text/format.ts'
import { hardwareFacts } from '../views/host/hardware.ts'
import { exit, Failure } from './exit.ts'
import { addNoun } from './noun.ts'
import { print } from './output.ts'

interface FactsOptions {
  readonly json?: boolean
  readonly stdin?: boolean
}

/** `vdd terminal list|show`: what people sit at; `facts|facts-script|tell`: what a terminal is, told by itself. */
export function addTerminalVerbs(program: Command, finish: (code: number) => void): void {
  const noun = addNoun(program, finish, 'terminal', {
    description: 'The terminals at which people sit: who is at which, and what each is made of.',
    about: { list: ['displays'], show: ['displays'] },
  })
  noun
    .command('facts')
    .description('Tells what this machine is as a terminal, and in what it is too small for a desktop.')
    .option('--stdin', 'of another one instead, whose facts (a line of JSON) come on standard input')
    .option('--json', 'one object on one line')
    .action(async ({ json: asJson, stdin }: FactsOptions) => {
      const facts = stdin ? await factsGiven() : await factsHere()
      const tooSmall = shortages(facts)
      print(asJson ? JSON.stringify({ ...facts, tooSmall }) : factsText(facts, tooSmall))
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
  noun
    .command('tell')
    .description('Keeps on this display server what the terminal is at which you sit, as its script told it.')
    .argument('[LINE]', 'what it told (default: standard input)')
    .action(async (line?: string) => {
      await keepTold(line)
      finish(exit.ok)
    })
}

/** Writes down in the person's own place what the terminal is at which they sit. @throws {Failure} it is something else */
async function keepTold(line: string | undefined): Promise<void> {
  const [{ ownPlace }, { keepTerminal }, { terminalAddress, terminalName }, { readTerminal }] =
    await Promise.all([
      import('../services/display/here/places.ts'),
      import('../services/display/here/terminals.ts'),
      import('../services/display/here/terminal-name.ts'),
      import('../services/terminal-facts.ts'),
    ])
  const text = (line ?? (await given())).trim()
  if (!readTerminal(text)) throw noFacts()
  const name = await terminalName(process.env)
  const address = terminalAddress(process.env)
  await keepTerminal(await ownPlace(userInfo().uid), {
    at: Date.now(),
    name,
    ...(address ? { address } : {}),
    line: text,
  })
}

async function factsHere(): Promise<TerminalFacts> {
  const { readHardware } = await import('../services/hardware/client.ts')
  return { version: 1, name: label(hostname()), ...(await readHardware()) }
}

/** @throws {Failure} it is something else */
async function factsGiven(): Promise<TerminalFacts> {
  const { readTerminal } = await import('../services/terminal-facts.ts')
  const facts = readTerminal(await given())
  if (!facts) throw noFacts()
  return facts
}

/** What comes on standard input; of what is too long the beginning. */
async function given(): Promise<string> {
  const { longestLine } = await import('../services/terminal-facts.ts')
  let text = ''
  for await (const piece of process.stdin.setEncoding('utf8')) {
    text += piece
    if (text.length > longestLine) break
  }
  return text
}

function noFacts(): Failure {
  return new Failure(exit.usage, say`these are no facts of a terminal (vdd terminal facts-script)`)
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
