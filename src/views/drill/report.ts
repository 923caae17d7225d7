import { breakings } from '../../actions/drill/breaking.ts'
import { agreed, agrees, type Compared, type Result } from '../../actions/drill/result.ts'
import { Tally } from '../../fleet/load/tally.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { clock } from '../../text/format.ts'
import { orNull, secondsOrNull, timeJson } from '../../text/json.ts'
import { drawingOf } from './drawing.ts'

/** `1.94 s` */
function exactSeconds(milliseconds: number): Label {
  return label(`${(milliseconds / 1_000).toFixed(2)} s`)
}

/** `14:02:03.12` */
function exactClock(at: number): Label {
  return say`${clock(at)}.${label(String(Math.floor((((at % 1_000) + 1_000) % 1_000) / 10)).padStart(2, '0'))}`
}

/** All of it in a line: `killed 10:02:03.00, vdd's check 0.31 s, ldirectord 1.94 s, clients failed 14 of 1200, none after 2.10 s, back 10.02 s`. */
export function drillSentence({ seen, check, out, clients, lastFailed, back, in: restored }: Result): Label {
  const parts = [
    say`${label(seen.how === 'kill' ? 'killed' : 'stopped')} ${exactClock(seen.broken.at)}`,
    check === undefined ? say`vdd's check saw nothing` : say`vdd's check ${exactSeconds(check)}`,
    out === undefined ? say`not taken out` : say`taken out ${exactSeconds(out)}`,
    say`clients failed ${clients.failed} of ${clients.all}`,
    ...(lastFailed === undefined ? [] : [say`none after ${exactSeconds(lastFailed)}`]),
    back === undefined ? say`not put back yet` : say`put back ${exactSeconds(back)}`,
    ...(restored === undefined ? [] : [say`in service again ${exactSeconds(restored)}`]),
  ]
  return joined(parts, ', ')
}

const compared: Readonly<Record<Compared['what'], Label>> = {
  fault: say`the fault`,
  out: say`taken out of the service`,
  in: say`back in the service`,
}

/** Whether vdd's own timeline says the same, a sentence for each time that was measured beside it. */
export function agreementLines({ compared: all }: Result): Label[] {
  return all.map((one) => {
    const { what, measured, told } = one
    if (told === undefined) return say`${compared[what]}: vdd's timeline does not tell it`
    const apart = told - measured.at
    const word = apart < 0 ? say`earlier` : say`later`
    const verdict = agrees(one) ? say`agrees` : say`DIFFERS`
    return say`${compared[what]}: measured ${exactClock(measured.at)} (to ${exactSeconds(measured.uncertainty)}), vdd's timeline ${exactClock(told)}, ${exactSeconds(Math.abs(apart))} ${word}: ${verdict}`
  })
}

/** Whether it all agrees. */
export function isAgreed({ compared }: Result): boolean {
  return compared.length > 0 && compared.every(agrees)
}

/** The drill for those who were not there, as Markdown. Names are such as configurations allow, and need no care. */
export function drillReport(
  result: Result,
  load: { readonly connections: number; readonly rate: number },
): string {
  const { seen, incident } = result
  const { title, back } = breakings[seen.how]
  const all = new Tally()
  all.due(seen.outcomes.length)
  for (const one of seen.outcomes) all.add(one)
  const { failures } = all.count
  return `${[
    `# Drill: front end ${seen.host}`,
    '',
    `${drillSentence(result)}.`,
    '',
    `- ${title} at ${new Date(seen.broken.at).toISOString()}; after that the host itself ${back}`,
    `- load on ${seen.virtual}: ${load.connections} connections, ${load.rate} requests a second, ${seen.outcomes.length} in all`,
    ...failures.map(({ why, count }) => `- ${count} failed: ${why.replace(/[`*_<>[\]\\|]/g, '\\$&')}`),
    ...(incident ? [`- incident ${incident.id} of the journal (\`vdd incident show ${incident.id}\`)`] : []),
    '',
    '```text',
    ...drawingOf(result),
    '```',
    '',
    `## vdd's timeline`,
    '',
    `It ${isAgreed(result) ? 'agrees' : 'does not agree'} with what was measured beside it, to ${agreed / 1_000} s and what the measuring may be wrong by:`,
    '',
    ...agreementLines(result).map((line) => `- ${line}`),
  ].join('\n')}\n`
}

/** For programs: how long after it was broken. */
export function drillJson(result: Result) {
  const { seen, clients, compared, incident } = result
  return {
    frontend: seen.host,
    how: seen.how,
    service: seen.virtual,
    brokenAt: timeJson(seen.broken.at),
    uncertaintySeconds: secondsOrNull(Math.ceil(seen.broken.uncertainty)),
    checkSeconds: secondsOrNull(result.check, 3),
    outSeconds: secondsOrNull(result.out, 3),
    clients,
    lastFailedSeconds: secondsOrNull(result.lastFailed, 3),
    backSeconds: secondsOrNull(result.back, 3),
    inSeconds: secondsOrNull(result.in, 3),
    incident: orNull(incident?.id),
    agrees: isAgreed(result),
    timeline: compared.map((one) => ({
      what: one.what,
      measuredAt: timeJson(one.measured.at),
      uncertaintySeconds: secondsOrNull(Math.ceil(one.measured.uncertainty)),
      toldAt: timeJson(one.told),
      agrees: agrees(one),
    })),
  }
}
