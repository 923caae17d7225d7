import { closeSync, openSync, unlinkSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Fleet } from '../fleet/fleet.ts'
import type { Incident } from '../fleet/incident/record.ts'
import { kinds } from '../fleet/kinds.ts'
import { whoAmI } from '../fleet/who.ts'
import { wallTime } from '../hosts/clock.ts'
import { whyOf } from '../hosts/host.ts'
import { label, say } from '../hosts/label.ts'
import { lineText } from '../text/page.ts'
import { tarOf } from '../text/tar.ts'
import { eventsJson } from '../views/event/json.ts'
import { incidentJson } from '../views/incident/json.ts'
import { incidentLines } from '../views/incident/page.ts'
import { rawLinesOf, reportOf } from '../views/incident/report.ts'
import { exit, Failure } from './exit.ts'
import type { GlobalOptions } from './global-options.ts'
import { addNoun, findOne } from './noun.ts'
import { json, print } from './output.ts'
import { withFleet } from './with-fleet.ts'

/** All of it is in the journal: nobody is asked. */
const about = ['incidents'] as const

/** Columns of a report in plain text. */
const reportWidth = 100

/** `vdd incident list|show|note|report`. */
export function addIncidentVerbs(program: Command, finish: (code: number) => void): void {
  const globals = () => program.opts() as GlobalOptions
  const noun = addNoun(program, finish, 'incident', {
    description: 'What failed together, what was done about it, and how long each step took.',
    argument: 'N',
    about: { list: about, show: about },
  })
  const withOne = async (word: string, use: (incident: Incident, fleet: Fleet) => Promise<number>) =>
    finish(
      await withFleet(
        globals(),
        false,
        async (fleet, snapshot) => await use(findOne('incident', word.replace(/^#/, ''), snapshot), fleet),
        { about },
      ),
    )
  noun
    .command('note <N> <TEXT...>')
    .description('Adds a note to an incident, for whoever reads of it later.')
    .option('--json', 'as JSON')
    .action(async (word: string, words: string[], options: { json?: boolean }) =>
      withOne(word, async (incident, fleet) => {
        const text = words.join(' ').trim()
        if (!text) throw new Failure(exit.usage, say`what is to be noted?`)
        fleet.note(incident, whoAmI(), text)
        if (!(await fleet.journal.written()))
          throw new Failure(
            exit.failed,
            say`not noted: ${fleet.journal.trouble ?? say`the journal is not kept`}`,
          )
        const now = findOne('incident', incident.id, fleet.snapshot())
        print(options.json ? json(incidentJson(now)) : say`${kinds.incident.nameOf(now)}: noted`)
        return exit.ok
      }),
    )
  noun
    .command('report <N>')
    .description('Writes what happened in an incident, for those who were not there.')
    .option('--markdown', 'as Markdown')
    .option(
      '--bundle <FILE>',
      'a tar with the report, the events as JSON, and what the sources said in their own words',
    )
    .action(async (word: string, options: { markdown?: boolean; bundle?: string }) =>
      withOne(word, async (incident, fleet) => {
        const now = wallTime(fleet.now())
        const report = reportOf(incident, now)
        if (options.bundle !== undefined) bundle(options.bundle, incident, report, now)
        else if (options.markdown) print(report)
        else print(incidentLines(incident, { now: fleet.now() }, reportWidth).map(lineText).join('\n'))
        return exit.ok
      }),
    )
}

/** A full disk leaves no part of it behind. */
function writeNew(file: string, content: Uint8Array): void {
  const fd = openSync(file, 'wx', 0o600)
  try {
    writeFileSync(fd, content)
  } catch (error) {
    unlinkSync(file)
    throw error
  } finally {
    closeSync(fd)
  }
}

/** Writes a new file: what is there already stays. */
function bundle(file: string, incident: Incident, report: string, now: number): void {
  const folder = `incident-${incident.id}`
  const files = [
    { name: 'report.md', text: report },
    { name: 'incident.json', text: `${json(incidentJson(incident))}\n` },
    { name: 'events.json', text: `${json(eventsJson(incident.entries))}\n` },
    ...rawLinesOf(incident),
  ]
  const archive = tarOf(
    files.map(({ name, text }) => ({ name: `${folder}/${name}`, text })),
    now,
  )
  try {
    writeNew(file, archive)
  } catch (error) {
    throw new Failure(exit.failed, say`${label(file)}: ${whyOf(error)}`)
  }
  print(say`${label(file)}: ${files.length} files`)
}
