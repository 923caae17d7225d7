import { agreed, agrees } from '../../actions/drill/result.ts'
import type { Mark, Result } from '../../fleet/drill/record.ts'
import { drillSentence, exactClock, exactSeconds } from '../../fleet/drill/words.ts'
import { Tally } from '../../fleet/load/tally.ts'
import { type Label, say } from '../../hosts/label.ts'
import { orNull, secondsOrNull, timeJson } from '../../text/json.ts'
import { drawingOf } from './drawing.ts'

/** Whether vdd's own timeline says the same, a sentence for each time that was measured beside it. */
export function agreementLines({ compared: all, seen, noticed }: Result): Label[] {
  const silent = seen.drill.breaking.isSilent
    ? [
        noticed === undefined
          ? say`the fault: nobody is told of it, and vdd's timeline has no sign of it`
          : say`the fault: nobody is told of it; vdd's timeline has the first sign of it after ${exactSeconds(noticed)}`,
      ]
    : []
  const lines = all.map((one) => {
    const { title, measured, told } = one
    if (told === undefined) return say`${title}: vdd's timeline does not tell it`
    const apart = told - measured.at
    const word = apart < 0 ? say`earlier` : say`later`
    const verdict = agrees(one) ? say`agrees` : say`DIFFERS`
    return say`${title}: measured ${exactClock(measured.at)} (to ${exactSeconds(measured.uncertainty)}), vdd's timeline ${exactClock(told)}, ${exactSeconds(Math.abs(apart))} ${word}: ${verdict}`
  })
  return [...silent, ...lines]
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
  const { drill, virtual } = seen
  const { title, back } = drill.breaking
  const all = new Tally()
  all.due(seen.outcomes.length)
  for (const one of seen.outcomes) all.add(one)
  const { failures } = all.count
  return `${[
    `# Drill: ${drill.kind} ${drill.name}`,
    '',
    `${drillSentence(result)}.`,
    '',
    `- ${title}, on ${drill.host}, at ${new Date(seen.broken.at).toISOString()}; after that the host itself ${back}`,
    virtual === undefined
      ? '- no load'
      : `- load on ${virtual}: ${load.connections} connections, ${load.rate} requests a second, ${seen.outcomes.length} in all`,
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
  const { seen, away, home, clients, compared, incident } = result
  const { drill, broken } = seen
  const marks = (all: readonly Mark[]) =>
    Object.fromEntries(
      all.map(({ id, seen: at }) => [`${id}Seconds`, secondsOrNull(at && at.at - broken.at, 3)]),
    )
  return {
    [drill.kind]: drill.host,
    how: seen.how,
    service: orNull(seen.virtual),
    brokenAt: timeJson(broken.at),
    uncertaintySeconds: secondsOrNull(Math.ceil(broken.uncertainty)),
    ...marks(away),
    clients: orNull(clients),
    lastFailedSeconds: secondsOrNull(result.lastFailed, 3),
    backSeconds: secondsOrNull(result.back, 3),
    ...marks(home),
    noticedSeconds: secondsOrNull(result.noticed, 3),
    incident: orNull(incident?.id),
    agrees: isAgreed(result),
    restored: seen.isRestored,
    timeline: compared.map((one) => ({
      what: one.what,
      measuredAt: timeJson(one.measured.at),
      uncertaintySeconds: secondsOrNull(Math.ceil(one.measured.uncertainty)),
      toldAt: timeJson(one.told),
      agrees: agrees(one),
    })),
  }
}
