import type { ProcessRecord } from '../../fleet/process/record.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import { runsOut, usedShare } from '../../fleet/supply/runs-out.ts'
import type { Supply } from '../../fleet/supply/supplies.ts'
import { type Metric, type Sample, sample, speaking } from './metric.ts'

function ofProcesses(value: (process: ProcessRecord) => number | undefined): Metric['samples'] {
  return ({ snapshot: { processes } }): Sample[] =>
    [...processes].flatMap(([host, all]) =>
      all.flatMap((one) => {
        const { name, pid, owner } = one
        return sample({ host, process: name, pid: String(pid), owner }, value(one))
      }),
    )
}

export const processMetrics: readonly Metric[] = [
  {
    name: 'vdd_process_open_fds',
    help: 'Open file descriptors of a watched process.',
    samples: ofProcesses(({ open }) => open),
  },
  {
    name: 'vdd_process_max_fds',
    help: 'How many file descriptors a watched process may have open.',
    samples: ofProcesses(({ softLimit }) => softLimit),
  },
]

/** A file system as node_exporter labels it. */
function ofFileSystems(value: (used: number, most: number) => number): Metric['samples'] {
  return (known) => {
    const up = speaking(known)
    return known.snapshot.supplies
      .filter(({ kind, host }) => kind === 'file system' && up.has(host))
      .flatMap(({ host, which, used, most }) =>
        used === undefined || most === undefined
          ? []
          : sample({ host, mountpoint: which ?? '' }, value(used, most) * 1024),
      )
  }
}

const supplyLabels = ({ host, kind, which, id }: Supply) => ({
  host,
  kind,
  name: which ?? '',
  ...(id === undefined ? {} : { id }),
})

/** Of all that hosts have only so much of, and that was read in time. */
function ofSupplies(value: (supply: Supply) => number | undefined): Metric['samples'] {
  return ({ snapshot, now }: { readonly snapshot: Snapshot; readonly now: number }) =>
    runsOut(snapshot, now).flatMap((one) => sample(supplyLabels(one), value(one)))
}

export const supplyMetrics: readonly Metric[] = [
  {
    name: 'node_filesystem_size_bytes',
    help: 'Size of a file system: what is used and what is free for users.',
    samples: ofFileSystems((_, most) => most),
  },
  {
    name: 'node_filesystem_avail_bytes',
    help: 'Space of a file system that is free for users.',
    samples: ofFileSystems((used, most) => most - used),
  },
  {
    name: 'vdd_supply_used_ratio',
    help: 'How much is used of what a host has only so much of, 0 to 1.',
    samples: ofSupplies((one) =>
      one.used === undefined || one.isBrief || !Number.isFinite(one.most ?? Number.NaN)
        ? undefined
        : usedShare(one),
    ),
  },
  {
    name: 'vdd_supply_left_seconds',
    help: 'When none is left of it, if it goes on like this; left out where it does not become less.',
    samples: ofSupplies(({ left }) => (left === undefined ? undefined : left / 1000)),
  },
]
