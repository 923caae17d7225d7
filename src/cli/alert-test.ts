import { now, wallTime } from '../hosts/clock.ts'
import { type Label, label, say } from '../hosts/label.ts'
import {
  commandOf,
  madeUpCommand,
  madeUpProgram,
  type Outcome,
  type RunCommand,
} from '../outside/calls/command.ts'
import { callJson } from '../outside/calls/matter.ts'
import { tenths } from '../text/duration.ts'
import { alertJson } from '../views/alert/json.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { json, print } from './output.ts'

/** Runs the command once, with an alert that is none. */
export async function testCall(options: GlobalOptions, asJson: boolean): Promise<number> {
  const { cluster, argv, run } = await commandFor(options)
  const at = now()
  const alert = {
    severity: 'bad',
    what: 'test',
    id: 'test',
    about: { kind: 'host', id: 'console' },
    host: 'console',
    name: label('test'),
    text: say`this is a test; nothing is wrong`,
    advice: say``,
    since: at,
  } as const
  const about = [{ text: say`test: ${alert.text}`, json: alertJson(alert) }]
  const input = callJson({ event: 'opened', isTest: true, cluster, at: wallTime(at), about })
  const outcome = await run(input, new AbortController().signal)
  const { trouble, took, said } = outcome
  if (asJson)
    print(json({ ok: !trouble, message: trouble ?? null, seconds: Math.round(took) / 1000, argv, said }))
  else print(outcomeText(argv, outcome))
  return trouble ? exit.failed : exit.ok
}

function outcomeText(argv: readonly string[], { trouble, took, said }: Outcome): string {
  const seconds = tenths(took)
  const how = trouble ?? say`ended well`
  const lines: Label[] = [say`${label(argv.join(' '))}: ${how}, after ${seconds} s`]
  return [...lines, ...said.map((line) => say`    ${line}`)].join('\n')
}

async function commandFor(
  options: GlobalOptions,
): Promise<{ cluster: Label; argv: readonly string[]; run: RunCommand }> {
  if (options.demo) return { cluster: label('demo'), argv: [madeUpProgram], run: madeUpCommand }
  const { requireConfiguration } = await import('./configured.ts')
  const { file, config } = requireConfiguration(options)
  if (!config.alerts)
    throw new Failure(
      exit.config,
      say`${label(file)}: nothing is run when something is wrong: there is no alerts.run (docs/watch.md)`,
    )
  const { run, limit } = config.alerts
  return { cluster: label(config.cluster), argv: run, run: commandOf(run, limit) }
}
