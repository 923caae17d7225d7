import { Command, type ErrorOptions, type HelpContext } from 'commander'
import { type Label, label, say } from '../hosts/label.ts'
import { didYouMean, proposing } from '../text/did-you-mean.ts'
import { most, nearest } from '../words/nearest.ts'
import { exit, Failure } from './exit.ts'

/** What commander says of a wrong call, in the words of this program. Flags come as `-s, --long <value>`. */
const wordings: readonly (readonly [RegExp, string])[] = [
  [/^missing required argument '(.*)'$/s, '<$1> is missing'],
  [/^option '(?:[^' ]+, )?([^' ]+) (.*)' argument missing$/s, '$1 needs a value: $2'],
  [/^required option '(.*)' not specified$/s, '$1 is needed'],
  [/^option '(?:[^' ]+, )?([^' ]+) .*?' argument '(.*)' is invalid\. (.*)$/s, '$1 $2: $3'],
  [/^command-argument value '(.*)' is invalid for argument '(.*?)'\. (.*)$/s, '$2 $1: $3'],
]

/** A wrong call. */
export class Misuse extends Failure {
  /** what was called wrongly */
  readonly verb: Verb
  constructor(verb: Verb, lines: readonly Label[]) {
    super(exit.usage, lines)
    this.verb = verb
  }
}

/** The program, a noun, or a verb. A wrong call is told with what was probably meant. */
export class Verb extends Command {
  constructor(name?: string) {
    super(name)
    this.commandsGroup('Verbs:')
  }

  override createCommand(name?: string): Verb {
    return new Verb(name)
  }

  /** `machine migrate`; empty for the program itself. */
  get path(): string {
    const { parent } = this
    return parent instanceof Verb ? `${parent.path} ${this.name()}`.trimStart() : ''
  }

  /** Where a person reads how it is called. */
  get seeHelp(): Label {
    return say`See: ${label(`vdd help ${this.path}`.trimEnd())}`
  }

  /** This one and all below it. */
  get all(): Verb[] {
    return [this, ...(this.commands as Verb[]).flatMap((one) => one.all)]
  }

  /** @throws {Misuse} always: there is no such verb here */
  noVerb(word: string): never {
    const [option, flags] = [`--${word}`, this.#flags()]
    const near = flags.includes(option)
      ? proposing([option])
      : (this.#near(word) ?? this.#program().#near(word, true) ?? didYouMean(option, flags))
    throw new Misuse(this, [
      say`no such verb: ${label(`${this.path} ${word}`.trimStart())}`,
      ...(near ? [near] : []),
    ])
  }

  /**
   * The verbs here that were probably meant, or all below: for whom the noun has slipped. What many nouns have is nobody's in
   * particular.
   */
  #near(word: string, isBelow = false): Label | undefined {
    const all = isBelow ? this.all.filter(({ commands }) => !commands.length) : (this.commands as Verb[])
    const names = nearest(
      word,
      all.map((one) => one.name()),
    )
    const paths = all.filter((one) => names.includes(one.name())).map(({ path }) => path)
    return paths.length > most ? undefined : proposing(paths)
  }

  #program(): Verb {
    return this.parent instanceof Verb ? this.parent.#program() : this
  }

  /** A letter stands for what begins with it; what is a verb here, or an option in the place of one, is proposed as that. */
  #nearOption(word: string): Label | undefined {
    const flags = this.#flags()
    if (/^-[a-z]$/i.test(word))
      return proposing(flags.filter((one) => one[2] === word[1]?.toLowerCase()).slice(0, most))
    return didYouMean(word, flags) ?? this.#near(word.replace(/^-+/, ''))
  }

  /** Those of the program can be given behind a verb too. */
  #flags(): string[] {
    const own = this.createHelp()
      .visibleOptions(this)
      .flatMap(({ long, short }) => [long, short].filter((one) => one?.startsWith('--')) as string[])
    return this.parent instanceof Verb ? [...own, ...this.parent.#flags()] : own
  }

  /** The word in the place of a verb, where there is no such. */
  #unknown(): string | undefined {
    const [word] = this.args
    if (!this.commands.length || word === undefined || word.startsWith('-')) return undefined
    return this.commands.some((one) => one.name() === word) ? undefined : word
  }

  /** Whatever else is wrong with it follows from a word, or from an option, that is not known. */
  override error(message: string, { code }: ErrorOptions = {}): never {
    const word = this.#unknown()
    if (word !== undefined) this.noVerb(word)
    const flag = this.args.find((one) => one.startsWith('-'))?.split('=')[0]
    const near = flag && this.#nearOption(flag)
    // Behind "--" a name may begin so, too.
    const isMistyped = near && code === 'commander.missingMandatoryOptionValue'
    if (flag && (isMistyped || code === 'commander.unknownOption'))
      throw new Misuse(this, [say`no such option: ${label(flag)}`, ...(near ? [near] : [])])
    if (code === 'commander.excessArguments')
      message = `too many arguments: ${this.args.slice(this.registeredArguments.length).join(' ')}`
    const said = message.replace(/^error: /, '')
    const [pattern, wording] = wordings.find(([one]) => one.test(said)) ?? []
    throw new Misuse(this, [label(pattern && wording ? said.replace(pattern, wording) : said)])
  }

  /** `vdd machin --help` is not the help of the whole program. */
  override outputHelp(context?: HelpContext | ((text: string) => string)): void {
    const word = this.#unknown()
    if (word !== undefined) this.noVerb(word)
    super.outputHelp(context as HelpContext)
  }
}
