import { lastSeenAt } from '../../fleet/aged.ts'
import type { DirectoryRecord } from '../../fleet/directory/record.ts'
import type { Duty, FrontendRecord, FrontendService } from '../../fleet/frontend/frontends.ts'
import { directoryOf, processesOf, radiusMs, radiusOf, worstOf } from '../../fleet/frontend/parts.ts'
import type { ProcessRecord } from '../../fleet/process/record.ts'
import type { RadiusRecord } from '../../fleet/radius/radius-servers.ts'
import { amissTexts } from '../../fleet/service/virtual-services.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { descriptorSeverity, fullness } from '../../fleet/supply/runs-out.ts'
import type { Trouble } from '../../fleet/trouble.ts'
import { joined, type Label, label, say } from '../../hosts/label.ts'
import { gauge, span } from '../../text/format.ts'
import type { Tone } from '../../text/part.ts'
import { dash } from '../../text/part.ts'
import { directoryNote, milliseconds } from '../directory/facts.ts'

/** `not seen 14s`: what its balancer does not tell any more, and for how long; `undefined`: it does. */
export function unseenText(
  services: readonly Pick<FrontendService, 'balancer'>[],
  snapshot: Snapshot,
  now: number,
): readonly [Label, Tone] | undefined {
  const at = lastSeenAt(services, snapshot)
  return at === undefined ? undefined : [say`not seen ${span(now - at)}`, 'trouble']
}

/** Which balancers do not answer, and why; `undefined`: all do. */
export function unseenNote(services: readonly FrontendService[], { balancers }: Snapshot): Label | undefined {
  const hosts = new Set(services.map(({ balancer }) => balancer))
  const silent = balancers.flatMap(({ host, lvsTrouble }) =>
    lvsTrouble && hosts.has(host) ? [say`${label(host)}: ${lvsTrouble.reason}`] : [],
  )
  return silent.length ? say`${joined(silent, '; ')}; services are as they were seen last` : undefined
}

/** How it stands with a front end: the worst of its services, and how many of them that is where not all are. */
export function dutyText(
  { services }: FrontendRecord,
  snapshot: Snapshot,
  now: number,
): Label | readonly [Label, Tone] {
  const unseen = unseenText(services, snapshot, now)
  if (unseen) return unseen
  const worst = worstOf({ services })
  // Who does not answer may have it.
  if (!worst)
    return snapshot.balancers.some(({ lvsTrouble }) => lvsTrouble) ? say`not known` : say`not balanced`
  const { duty, count } = worst
  const text = count === services.length ? label(duty) : say`${label(duty)} ${count}/${services.length}`
  const tone = dutyTone(duty)
  return tone ? [text, tone] : text
}

/** How much it matters; `undefined`: it is as it should be. */
export function dutyTone(duty: Duty): Tone | undefined {
  if (['failed', 'missing', 'no holder', 'held twice'].includes(duty)) return 'trouble'
  return duty === 'in service' ? undefined : 'warning'
}

/** Why it is as it is, what is worst first; `undefined`: there is nothing to say. */
export function frontendNote(frontend: FrontendRecord, snapshot: Snapshot, now: number): Label | undefined {
  const { services } = frontend
  const out = services.filter(({ duty }) => duty !== 'in service')
  const directory = directoryOf(frontend, snapshot)
  const radius = radiusOf(frontend, snapshot)
  const own = directory && directoryNote(directory, now)
  const logins = radius && radiusNote(radius)
  const full = processesOf(frontend, snapshot).filter((one) => descriptorSeverity(one))
  const notes = [
    ...amissTexts(services, snapshot),
    unseenNote(services, snapshot),
    ...[...Map.groupBy(out, ({ duty }) => duty)].map(
      ([duty, some]) =>
        say`${label(duty)} in ${joined(
          some.map(({ virtual }) => label(virtual)),
          ', ',
        )}`,
    ),
    own && say`LDAP: ${own}`,
    logins && say`RADIUS: ${logins}`,
    ...full.map((one) => say`${one.name}: descriptors ${descriptorsText(one)}`),
  ].filter((note): note is Label => !!note)
  return notes.length ? joined(notes, '; ') : undefined
}

/** `389:4 80,443:0/4`: the ports, the weight now, and the configured one where it is another. */
export function weightsText({ services }: FrontendRecord): Label {
  const alike = Map.groupBy(services, weightText)
  return joined(
    [...alike].map(([weight, some]) => say`${joined(some.map(portOf), ',')}:${weight}`),
    ' ',
  )
}

export function weightText({ weight, configuredWeight }: FrontendService): Label {
  return configuredWeight === undefined || configuredWeight === weight
    ? say`${weight}`
    : say`${weight}/${configuredWeight}`
}

/** The port of the virtual service, or its mark. */
function portOf({ virtual }: FrontendService): Label {
  return label(virtual.slice(Math.max(virtual.lastIndexOf(':'), virtual.lastIndexOf(' ')) + 1))
}

/** A forecast beyond a day is none. Milliseconds. */
const foreseen = 86_400_000

/** Only who was asked can be silent: a secret that cannot be read is no fault of the server. */
function troubleWord({ kind }: Trouble): Label {
  return kind === 'timeout' || kind === 'unreachable' ? say`silent` : say`error`
}

/** The time of its LDAP's answer, or in a word what is wrong with that. */
export function ldapText(directory: DirectoryRecord | undefined): Label | readonly [Label, Tone] {
  if (directory?.trouble) return [troubleWord(directory.trouble), 'trouble']
  if (!directory?.reading) return dash
  if (!directory.reading.check.ok) return [say`wrong`, 'trouble']
  return directory.reading.fresh.ok ? milliseconds(directory.reading.check.ms) : [say`full`, 'trouble']
}

/** The time of a login by RADIUS where one is tried, else of its answer; or in a word what is wrong. */
export function radiusText(radius: RadiusRecord | undefined): Label | readonly [Label, Tone] {
  if (radius?.trouble) return [troubleWord(radius.trouble), 'trouble']
  if (!radius?.reading) return dash
  const { login, ms } = radius.reading
  if (login?.ok === false) return [say`denied`, 'trouble']
  return milliseconds(radiusMs(radius) ?? ms)
}

/** What is wrong with it; `null`: nothing. */
export function radiusNote({ trouble, reading }: RadiusRecord): Label | null {
  if (trouble) return trouble.reason
  return reading?.login?.ok === false ? reading.login.why : null
}

/** How much of its limit a process has open, as a bar; `-` where that is not known, or there is no limit. */
export function descriptorGauge(process: ProcessRecord | undefined): Label {
  const isKnown = process?.open !== undefined && Number.isFinite(process.softLimit ?? Number.NaN)
  return process && isKnown ? gauge(fullness(process) * 100, 10) : dash
}

/** `10/1024`, and when it will be full: `812/1024 14m`; what cannot be known is a question mark. */
export function descriptorsText({ open, softLimit, exhaustedIn }: ProcessRecord): Label {
  const limit = softLimit === Number.POSITIVE_INFINITY ? say`no limit` : say`${softLimit ?? label('?')}`
  const left = exhaustedIn === undefined || exhaustedIn > foreseen ? say`` : say` ${span(exhaustedIn)}`
  return say`${open ?? label('?')}/${limit}${left}`
}
