import { openFleet } from './cli/open.ts'
import { warn } from './cli/output.ts'
import { commandLine, type OpenConsole, type RunCommandLine } from './cli/program.ts'
import { whoAmI } from './fleet/who.ts'
import { chooseProfile } from './terminal/choose.ts'
import { localeIsUtf8, safest } from './terminal/profile.ts'
import { askLine } from './terminal/tty.ts'

const openConsole: OpenConsole = async (options, demo = {}) => {
  const { env } = process
  const isPlain = options.plain || !['', '0', undefined].includes(env.VDD_PLAIN)
  if (!isPlain && (!process.stdin.isTTY || !process.stdout.isTTY)) {
    warn('vdd: the console needs a terminal; "vdd --plain" goes line by line, "vdd --help" shows the verbs')
    return 2
  }
  const wishes = {
    colour: options.color !== false && !env.NO_COLOR,
    ascii: options.ascii ?? false,
    utf8: localeIsUtf8(env),
  }
  if (isPlain) {
    const { showPlain } = await import('./screens/plain/show-plain.ts')
    const profile = { ...safest, utf8: wishes.utf8 }
    return await showPlain({ fleet: await openFleet(options, true, demo), who: whoAmI(), profile })
  }
  const choice = chooseProfile(env.TERM, wishes)
  if ('refused' in choice) {
    warn(`vdd: ${choice.refused}; "vdd --plain" goes line by line, "vdd --help" shows the verbs`)
    return 2
  }
  const line = askLine()
  if (!line) {
    warn(
      'vdd: stty says nothing of this terminal, so it cannot be set; is stty installed (coreutils)? "vdd --plain" needs none',
    )
    return 2
  }
  const fleet = await openFleet(options, true, demo)
  const { showConsole } = await import('./screens/show.tsx')
  return await showConsole({
    fleet,
    who: whoAmI(),
    ...choice,
    line: options.baud === undefined ? line : { ...line, baud: options.baud },
    clock: options.clock ?? true,
    ...(options.size ? { fixedSize: options.size } : {}),
  })
}

/** All that a command line can ask for, which has not been asked yet. */
export const prepare = (version: string): RunCommandLine => commandLine(openConsole, version)
