import { printable } from '../../hosts/label.ts'
import { type Known, type Metric, type Sample, unitOf } from './metric.ts'

/** OpenMetrics 1.0, "Content Type" */
export const contentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** The metrics of this moment as OpenMetrics, which Prometheus' own older format can read as well: there are gauges alone. */
export function metricsText(metrics: readonly Metric[], known: Known): string {
  const families = metrics.flatMap((metric) => family(metric, metric.samples(known)))
  return `${families.join('')}# EOF\n`
}

/** None of what has no value now. */
function family({ name, help }: Metric, samples: readonly Sample[]): string[] {
  if (!samples.length) return []
  const unit = unitOf(name)
  const head = `# TYPE ${name} gauge\n${unit ? `# UNIT ${name} ${unit}\n` : ''}# HELP ${name} ${escaped(help)}\n`
  // The same labels twice would make Prometheus refuse the whole.
  const lines = new Map(samples.map(({ labels, value }) => [labelsText(labels), value]))
  // In the same order each time, whichever host answered first.
  const inOrder = [...lines].sort(([one], [other]) => (one < other ? -1 : 1))
  return [head, ...inOrder.map(([labels, value]) => `${name}${labels} ${valueText(value)}\n`)]
}

/** OpenMetrics 1.0, "Escaping": a backslash, a quotation mark, the end of a line. */
function escaped(text: string): string {
  return printable(text).replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`))
}

function labelsText(labels: Sample['labels']): string {
  const all = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return all.length ? `{${all.join()}}` : ''
}

function valueText(value: number): string {
  // Nothing here is known to less than a millionth.
  if (Number.isFinite(value)) return String(Number(value.toFixed(6)))
  return value > 0 ? '+Inf' : '-Inf'
}
