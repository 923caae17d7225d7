import { CommanderError, InvalidArgumentError, Option } from 'commander'
import { type Outage, outages } from '../demo/outages.ts'
import { type Size, sizeFrom } from '../terminal/size.ts'
import { addAlertVerbs } from './alert.ts'
import { addBalancerVerbs } from './balancer.ts'
import { addCatalogueVerbs } from './catalogue.ts'
import { addChannelVerbs } from './channel.ts'
import { addClusterVerbs } from './cluster.ts'
import { addConfigVerbs } from './config.ts'
import { addDeskVerbs } from './desk.ts'
import { addDeskBrokerVerb } from './desk-broker.ts'
import { addDirectoryVerbs } from './directory.ts'
import { addDisplayVerbs } from './display.ts'
import { addDrillVerbs } from './drill.ts'
import { addEventVerbs } from './events.ts'
import { exit, Failure } from './exit.ts'
import { addFdVerbs } from './fd.ts'
import { addFrontendVerbs } from './frontend.ts'
import type { GlobalOptions } from './global-options.ts'
import { addHelpVerbs, helpOfVerbs, helpStyle } from './help.ts'
import { addHostVerbs } from './host.ts'
import { addIncidentVerbs } from './incident.ts'
import { addLoadVerb } from './load.ts'
import { addMachineVerbs } from './machine.ts'
import { addMetricsVerb } from './metrics.ts'
import { addNoun } from './noun.ts'
import { print, report, warn } from './output.ts'
import { addRunsOutVerb } from './runs-out.ts'
import { addServiceVerbs } from './service.ts'
import { addSessionVerbs } from './session.ts'
import { addTerminalVerbs } from './terminal.ts'
import { addUndoVerb } from './undo.ts'
import { Misuse, Verb } from './verb.ts'
import { addWatchVerb } from './watch.ts'

interface DemoOptions {
  readonly hosts?: number
  readonly machines?: number
  readonly frontends?: number
  readonly seed?: number
  readonly fail?: Outage
}

/** Opens the full-screen console; lives above, because the verbs do without Ink. */
export type OpenConsole = (options: GlobalOptions, demo?: DemoOptions) => Promise<number>

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number, at least 1')
  return value
}

function positive(text: string): number {
  const value = Number(text)
  if (!(value >= 0.2 && value <= 3600)) throw new InvalidArgumentError('seconds, from 0.2 to 3600')
  return value
}

function size(text: string): Size {
  const found = sizeFrom(text)
  if (!found) throw new InvalidArgumentError('columns and lines, as 132x43')
  return found
}

function baud(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 50) throw new InvalidArgumentError('bits a second, at least 50')
  return value
}

/** What a command line is made with. */
interface Surroundings {
  readonly openConsole: OpenConsole
  readonly version: string
  /** takes the exit status of what ran */
  readonly finish: (code: number) => void
}

/** All verbs and their options; nothing has run yet. */
export function programOf({ openConsole, version, finish }: Surroundings): Verb {
  const program = new Verb('vdd')
  program
    .description('Console of a Desktop-as-a-Service cluster. Without a verb: full screen.')
    .usage('[options] [NOUN] [VERB] ...')
    .configureHelp(helpStyle)
    .helpOption('-h, --help', 'shows this')
    .addHelpText('after', helpOfVerbs)
    .option(
      '--config <FILE>',
      'configuration (default: $VDD_CONFIG, ~/.config/vdd/vdd.yaml, /etc/vdd/vdd.yaml)',
    )
    .option('--demo', 'a made-up cluster instead of the configured one')
    .option('--read-only', 'nothing can be changed')
    .option('--interval <SECONDS>', 'between two looks at a host', positive)
    .option('--log <FILE>', 'write what was asked of which host, how long it took and what failed')
    .version(version, '--version', 'shows the version')
    .optionsGroup('Options of the console:')
    .option('--no-color', 'no colour, also by $NO_COLOR')
    .option('--plain', 'line by line, for screen readers and logs, also by $VDD_PLAIN')
    .option('--ascii', 'lines and boxes in ASCII')
    .option('--no-clock', 'no clock: a screen on which nothing happens sends nothing')
    .option('--baud <N>', 'speed of the line in bits a second (default: what the terminal driver says)', baud)
    .option('--size <COLUMNSxLINES>', 'of the window, where the terminal driver does not know it', size)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: warn })
    .action(async () => finish(await openConsole(program.opts() as GlobalOptions)))
  program.commandsGroup('Machines and their hosts:')
  addMachineVerbs(program, finish)
  addHostVerbs(program, finish)
  addNoun(program, finish, 'pool', { about: { list: ['pools'], show: ['pools'] }, awaited: 'pools' })
  addDisplayVerbs(program, finish)
  program.commandsGroup('Front ends and directory:')
  addFrontendVerbs(program, finish)
  addServiceVerbs(program, finish)
  addBalancerVerbs(program, finish)
  addLoadVerb(program, finish)
  addDrillVerbs(program, finish)
  addDirectoryVerbs(program, finish)
  addClusterVerbs(program, finish)
  addNoun(program, finish, 'resource', {
    about: { list: ['clusters'], show: ['clusters'] },
    awaited: 'clusters',
  })
  addNoun(program, finish, 'node', { about: { list: ['clusters'], show: ['clusters'] }, awaited: 'clusters' })
  program.commandsGroup('What is wrong, and what happened:')
  addAlertVerbs(program, finish)
  addRunsOutVerb(program, finish)
  addFdVerbs(program, finish)
  addEventVerbs(program, finish)
  addIncidentVerbs(program, finish)
  addUndoVerb(program, finish)
  addWatchVerb(program, finish)
  addMetricsVerb(program, finish)
  program.commandsGroup('People at terminals:')
  addCatalogueVerbs(program, finish)
  addSessionVerbs(program, finish)
  addDeskVerbs(program, finish)
  addDeskBrokerVerb(program, finish)
  addTerminalVerbs(program, finish)
  program.commandsGroup('vdd itself:')
  program
    .command('demo')
    .description('Opens the console on a made-up cluster.')
    .option('--hosts <N>', 'how many hosts', whole)
    .option('--machines <N>', 'how many machines', whole)
    .option('--frontends <N>', 'how many front ends', whole)
    .option('--seed <N>', 'which made-up cluster', whole)
    .addOption(new Option('--fail <WHAT>', 'what fails soon after the start, to be watched').choices(outages))
    .action(async (options: DemoOptions) =>
      finish(await openConsole({ ...(program.opts() as GlobalOptions), demo: true }, options)),
    )
  addConfigVerbs(program, finish)
  addChannelVerbs(program, finish)
  addHelpVerbs(program)
  return program
}

/** Runs a command line. Resolves with the exit status; nothing here ends the process. */
export type RunCommandLine = (argv: readonly string[]) => Promise<number>

/** Makes ready all that a command line is held against; the one that is run asks for nothing before. */
export function commandLine(openConsole: OpenConsole, version: string): RunCommandLine {
  let code: number = exit.ok
  const finish = (with_: number) => {
    code = with_
  }
  const program = programOf({ openConsole, version, finish })
  /** what runs, once all its options have been understood */
  let running = program
  program.hook('preAction', (_, verb) => {
    running = verb as Verb
  })
  for (const command of program.all) command.exitOverride()
  return async (argv) => {
    try {
      await program.parseAsync(argv, { from: 'user' })
      return code
    } catch (error) {
      // It has shown a help, or the version.
      if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.usage
      return report(withHelp(error, running), argv.includes('--json'))
    }
  }
}

/** A wrong use is told with where the right one is described. */
function withHelp(error: unknown, running: Verb): unknown {
  if (!(error instanceof Failure) || error.code !== exit.usage) return error
  const { seeHelp } = error instanceof Misuse ? error.verb : running
  return new Failure(exit.usage, [...error.lines, seeHelp], error.details)
}
