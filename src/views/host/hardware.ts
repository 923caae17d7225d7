import { joined, type Label, say } from '../../hosts/label.ts'
import type { Link, Screen } from '../../services/hardware/facts.ts'

/** What is told of what a machine is made of; a terminal tells more than this of itself. */
interface Made {
  readonly model?: Label | undefined
  readonly system?: Label | undefined
  readonly processor?: Label | undefined
  readonly disks: readonly Label[]
  readonly graphics: readonly Label[]
  readonly sound: readonly Label[]
  readonly screens: readonly Screen[]
  readonly links: readonly Link[]
}

/** What a machine is made of, as names and values. */
export function hardwareFacts({
  model,
  system,
  processor,
  disks,
  graphics,
  sound,
  screens,
  links,
}: Made): [string, Label | undefined][] {
  return [
    ['Model', model],
    ['System', system],
    ['Processor', processor],
    ['Disks', listed(disks)],
    ['Graphics', listed(graphics)],
    ['Sound', listed(sound)],
    ['Screens', listed(screens.map(screenText))],
    ['Links', listed(links.map(linkText))],
  ]
}

function listed(parts: readonly Label[]): Label | undefined {
  return parts.length ? joined(parts, '; ') : undefined
}

/** `DELL U2412M, 1920x1200` */
export function screenText({ name, width, height }: Screen): Label {
  const size = width && height ? [say`${width}x${height}`] : []
  return joined([name ?? say`screen`, ...size], ', ')
}

/** `eth0, 100 Mbit/s`, `wlan0, wireless, down` */
function linkText({ name, isUp, isWireless, mbps }: Link): Label {
  const state = isUp ? (mbps === undefined ? say`up` : say`${mbps} Mbit/s`) : say`down`
  return joined([name, ...(isWireless ? [say`wireless`] : []), state], ', ')
}
