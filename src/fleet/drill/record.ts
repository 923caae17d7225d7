import type { Label } from '../../hosts/label.ts'
import type { Incident } from '../incident/record.ts'
import type { Count, Outcome } from '../load/tally.ts'

/** A time by the console's clock, and what it may be wrong by; milliseconds, since the epoch. */
export interface At {
  readonly at: number
  readonly uncertainty: number
}

/** A moment that a drill is about. */
export interface Mark {
  /** as in JSON, where `Seconds` is behind it */
  readonly id: string
  /** in the drawing */
  readonly sign: string
  /** in the drawing, and where it is held against vdd's timeline */
  readonly title: Label
  /** in the sentence, before its time */
  readonly word: Label
  /** in the sentence where it was not seen; none: nothing is said then */
  readonly absent?: Label
  /** when it was, in milliseconds since the epoch; none: it was not seen */
  readonly seen?: At
  /** it was measured beside vdd, whose timeline has this for it, or nothing */
  readonly told?: { readonly at?: number; readonly uncertainty?: number }
}

/** What is broken, and how it is put back, for people. */
export interface Broken {
  /** as in "kills slapd on fe2" */
  readonly title: Label
  /** `killed` */
  readonly past: Label
  /** what puts it back: `starts it as it was started` */
  readonly back: Label
  /** nobody is told of it: that it is broken is known when somebody waits in vain for an answer */
  readonly isSilent?: true
}

/** What was seen of a drill so far, for whoever shows it. All times are the console's, in milliseconds since the epoch. */
export interface Course {
  readonly drill: {
    readonly kind: string
    readonly name: Label
    readonly host: string
    readonly breaking: Broken
  }
  readonly how: string
  /** on which there is load; none: on nothing */
  readonly virtual?: Label
  readonly began: number
  /** until when it was seen */
  readonly ended: number
  readonly broken: At
  /** the host has not said when it was: that is the time at which it was told to */
  readonly isUnsaid?: true
  /** none: the host has not said that it is put back */
  readonly back?: At
  readonly outcomes: readonly Outcome[]
  /** all is as before */
  readonly isRestored: boolean
}

/** A time that was measured beside vdd, and the one that its journal has for the same. */
export interface Compared {
  readonly what: string
  readonly title: Label
  /** what it may be wrong by has what its counterpart may be wrong by in it */
  readonly measured: At
  /** none: its timeline lacks it */
  readonly told?: number
}

/** How a drill came out, or is so far: milliseconds since it was broken. */
export interface Result {
  readonly seen: Course
  /** how it went away, and how it came back */
  readonly away: readonly Mark[]
  readonly home: readonly Mark[]
  /** the last request failed that did */
  readonly lastFailed?: number
  /** requests that became due from then on until it was put back, and how many of them failed; none: there was no load */
  readonly clients?: { readonly all: number; readonly failed: number }
  /** it was put back */
  readonly back?: number
  readonly compared: readonly Compared[]
  /** of what tells nobody: milliseconds after which vdd's timeline has a first sign of it */
  readonly noticed?: number
  readonly incident?: Incident
}

/** What became of the load in one second. */
export interface Second {
  /** its end by the time of day, in milliseconds since the epoch */
  readonly at: number
  readonly count: Count
}

/** A drill that this program holds, or has held since it was started. */
export interface DrillRecord {
  readonly id: string
  /** what is broken: `fe2`, as somebody calls it */
  readonly name: Label
  /** `frontend`, `link`, `balancer`, `node` */
  readonly kind: string
  readonly host: string
  readonly breaking: Broken
  readonly who: Label
  /** by the time of day, in milliseconds since the epoch */
  readonly began: number
  /** seconds for which it stays broken */
  readonly seconds: number
  readonly load?: { readonly virtual: Label; readonly connections: number; readonly rate: number }
  /** before it is broken, told to break it, broken, put back but not as before, over; or given up */
  readonly phase: 'before' | 'told' | 'broken' | 'back' | 'over' | 'ended'
  /** why it was given up */
  readonly why?: Label
  /** who serves now what it is about; none: nobody, or that is not known */
  readonly serving?: Label | undefined
  /** the load, the newest second last; of long drills the last minutes */
  readonly perSecond: readonly Second[]
  /** what was seen since it was broken */
  readonly result?: Result
}
