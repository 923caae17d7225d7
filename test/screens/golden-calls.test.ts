import { expect, it } from 'vitest'
import { programOf } from '../../src/cli/program.ts'
import { run } from '../support/command-line.ts'
import { forgotten, golden } from '../support/golden.ts'

const program = programOf({ openConsole: async () => 0, version: '0', finish: () => {} })
const nouns = program.commands.filter(({ commands }) => commands.length).map((noun) => noun.name())

const shown = new Set(['calls/wrong'])

/** Wrong calls, as people make them. */
const calls: readonly string[] = [
  'machin list',
  'machine lst',
  'machines',
  'list',
  'migrate exam-01 --to hv2',
  'stop exam-01',
  'machine drain fe1',
  '--clustr x',
  '--confg vdd.yaml machine list',
  'machin --help',
  'help machin',
  'help machine migrat',
  'machine help stat',
  'machine list exam-01',
  'machine list --jsn',
  'machine start',
  'machine start exam-1',
  'machine start Exam-01',
  'machine show exam-01@hv9',
  'machine migrate exam-01',
  'machine migrate exam-01 --to',
  'machine migrate exam-01 --to hv9',
  'machine migrate windows-01 --to hv2 --storage shraed --yes',
  'machine set windows-01 --memory 4 --yes',
  'machine set windows-01 --memory lots --yes',
  'machine shutdown windows-01 --timeout soon',
  'machine shutdown windows-01',
  'machine create exam-99',
  'machine create exam-99 --hots hv1',
  'machine create exam-99 --host hv1 --pool ssd --yes',
  'machine define /no/such.xml --host hv1 --yes',
  'host show hv9',
  'host check hv9',
  'frontend drain fe9',
  'frontend drain fe1 --service 398',
  'frontend weight fe1 --weight lots --yes',
  'frontend history fe1 --metric conections',
  'service show 398',
  'balancer reload lb9',
  'directory show ldap2',
  'alert acknowledge exam-1',
  'events --last many',
  'undo yesterday',
  'events -f',
  'machine --list',
  'version',
  'machine migrate windows-01 hv2',
  'machine start hv2',
  'machine migrate --to hv2 -- -rf',
  'machine migrate -- -rf',
  'frontend clone fe1 fe2 --address 10.0.0.3',
  'frontend weight fe1 5',
  'directory show hv1',
  'machine lst --json',
  'machine start exam-1 --json',
]

it('wrong calls say what is wrong, what was probably meant, and where the right use is described', async () => {
  const all: string[] = []
  for (const call of calls) all.push(await run(['--demo', ...call.split(' ')]))
  golden('calls/wrong', all.join('\n'))
})

/** What is printed, without the line that says what was called. */
const said = async (...words: string[]) => (await run(words)).replace(/^.*\n/, '')

it.each(program.all.map(({ path }) => path))(
  'vdd help %s says the same in each way to ask for it',
  async (path) => {
    const words = path.split(' ').filter(Boolean)
    const help = await said('help', ...words)
    expect(help).toMatch(/^Usage: vdd .*== status 0\n$/s)
    expect(help).toContain(`Usage: vdd ${path}`.trimEnd())
    const [noun = '', ...rest] = words
    const ways = [
      [...words, '--help'],
      [...words, '-h'],
      ...(nouns.includes(noun) ? [[noun, 'help', ...rest]] : []),
    ]
    for (const way of ways) expect(await said(...way), way.join(' ')).toBe(help)
  },
)

it('the help of the program, and of each noun with its verbs', async () => {
  for (const top of ['', ...program.commands.map((one) => one.name())]) {
    const own = program.all.filter(({ path }) => path.split(' ')[0] === top && !path.endsWith('help'))
    const helps: string[] = []
    for (const { path } of own) helps.push(await run(['help', ...path.split(' ').filter(Boolean)]))
    if (!helps.length) continue
    shown.add(`calls/help${top && `-${top}`}`)
    golden(`calls/help${top && `-${top}`}`, helps.join('\n'))
  }
})

it('each verb is described by sentences, and each option by words', () => {
  const described = program.all.map((one) => one.description())
  expect(described.filter((text) => !/^[A-Z].*\.$/.test(text))).toEqual([])
  const options = program.all.flatMap((one) => one.options).filter(({ hidden }) => !hidden)
  const words = options.map(({ description }) => description)
  expect(words.filter((text) => !/^([a-z]|[A-Z]{2}).*[^.?]$/.test(text))).toEqual([])
})

it('help of a whole command line is that of its verb', async () => {
  expect(await said('help', 'machine', 'migrate', 'web1', '--to', 'hv2')).toBe(
    await said('machine', 'migrate', '--help'),
  )
})

it('nothing else is kept of calls', () => {
  expect(forgotten('calls', shown)).toEqual([])
})
