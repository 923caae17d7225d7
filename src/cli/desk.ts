import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { DeskAtWork } from '../desk/at-work.ts'
import { type Language, languageOf, languages } from '../desk/texts/voice.ts'
import { say } from '../hosts/label.ts'
import { chooseProfile } from '../terminal/choose.ts'
import { localeIsUtf8 } from '../terminal/profile.ts'
import { askLine } from '../terminal/tty.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { helpStyle } from './help.ts'
import { print } from './output.ts'

interface DeskOptions {
  readonly once?: string
  readonly session?: string
  readonly locked?: boolean
  readonly lang?: Language
  readonly xsession?: boolean
}

/** Of the options of the program, those that mean something here. */
const taken: readonly string[] = ['--demo', '--no-color', '--plain', '--ascii', '--baud', '--size']

function language(text: string): Language {
  const found = languages.find((one) => one === text)
  if (!found) throw new InvalidArgumentError(languages.join(' or '))
  return found
}

/** `vdd desk`: the menu of the people at terminals. */
export function addDeskVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = program
    .command('desk')
    .description('The menu by which people at terminals open their desktops.')
    .usage('[options] [VERB]')
    .configureHelp({
      ...helpStyle,
      showGlobalOptions: true,
      visibleGlobalOptions: () => program.options.filter(({ long }) => taken.includes(long ?? '')),
      styleTitle: (title) => (title === 'Global Options:' ? 'Options of vdd that it takes:' : title),
    })
    .option('--once <SYSTEM>', 'opens this system at once, and ends with it: for kiosks')
    .option('--session <NAME>', 'with --once: the desktop of it')
    .option('--locked', 'it is the login shell or the only X client: to leave it is to log out')
    .option('--lang <LANGUAGE>', `${languages.join(' or ')} (default: by the locale)`, language)
    .option('--xsession', 'prints the .desktop file that makes it a session of a display manager')
    .action(async (options: DeskOptions) => {
      if (options.session !== undefined && options.once === undefined)
        throw new Failure(exit.usage, say`--session needs --once SYSTEM`)
      if (options.xsession) {
        const { xsession } = await import('../desk/attach.ts')
        print(xsession)
        return finish(exit.ok)
      }
      finish(await openDesk(options, globals()))
    })
  noun
    .command('client-script')
    .description('Prints a script for a terminal with an X server of its own: it opens the desk by ssh.')
    .action(async () => {
      const { clientScript } = await import('../desk/attach.ts')
      print(clientScript)
      finish(exit.ok)
    })
}

async function openDesk(options: DeskOptions, globals: GlobalOptions): Promise<number> {
  const { env } = process
  const isPlain = globals.plain || !['', '0', undefined].includes(env.VDD_PLAIN)
  const utf8 = localeIsUtf8(env)
  const [{ DeskAtWork }, surroundings] = await Promise.all([
    import('../desk/at-work.ts'),
    globals.demo
      ? import('../desk/made-up.ts').then(({ MadeUpSurroundings }) => new MadeUpSurroundings())
      : import('../desk/real.ts').then(({ realSurroundings }) => realSurroundings(env)),
  ])
  const work = (speaksUtf8: boolean) =>
    new DeskAtWork({
      surroundings,
      settings: {
        locked: options.locked ?? false,
        ...(options.once === undefined
          ? {}
          : {
              once: {
                system: options.once,
                ...(options.session === undefined ? {} : { session: options.session }),
              },
            }),
      },
      language: options.lang ?? languageOf(env),
      utf8: speaksUtf8,
    })
  const [hasTerminal, choice] = [
    process.stdin.isTTY && process.stdout.isTTY,
    chooseProfile(env.TERM, {
      colour: globals.color !== false && !env.NO_COLOR,
      ascii: globals.ascii ?? false,
      utf8,
    }),
  ]
  if (!isPlain && !hasTerminal)
    throw new Failure(exit.usage, say`the desk needs a terminal; "vdd desk --plain" goes line by line`)
  const line = isPlain ? undefined : askLine()
  // Who sits there cannot choose another terminal: where it has no full screen, or nobody knows how to set it, it goes line by line.
  if (!line || 'refused' in choice) {
    const { showDeskPlain } = await import('../desk/show-plain.ts')
    const plain = work(utf8)
    return statusOf(await showDeskPlain({ work: plain, utf8 }), plain)
  }
  const { showDesk } = await import('../desk/show.tsx')
  const full = work(choice.profile.utf8)
  const code = await showDesk({
    work: full,
    profile: choice.profile,
    line: globals.baud === undefined ? line : { ...line, baud: globals.baud },
    ...(globals.size ? { fixedSize: globals.size } : {}),
  })
  return statusOf(code, full)
}

/** Who leaves because nothing was to be had was not served, which a script and an operator see. */
function statusOf(code: number, { unserved }: DeskAtWork): number {
  if (code !== exit.ok || unserved === undefined) return code
  return unserved === 'broken' ? exit.config : exit.unreachable
}
