import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { label } from '../../../src/hosts/label.ts'
import type { Known, Metric } from '../../../src/outside/metrics/metric.ts'
import { metrics } from '../../../src/outside/metrics/table.ts'
import { metricsText } from '../../../src/outside/metrics/text.ts'
import { type Demo, demo } from '../../support/demo.ts'
import { until } from '../../support/until.ts'

/** A text of which Prometheus would take every line: OpenMetrics 1.0, "Text format", as far as gauges go. Returns the samples. */
function read(text: string): { name: string; labels: string; value: number }[] {
  expect(text.endsWith('# EOF\n')).toBe(true)
  const samples: { name: string; labels: string; value: number }[] = []
  const done = new Set<string>()
  let family = ''
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const [, what, named = '', rest = ''] = /^# (TYPE|UNIT|HELP) (\S+) (.*)$/.exec(line) ?? []
    if (what === 'TYPE') {
      expect(done.has(named)).toBe(false)
      expect(rest).toBe('gauge')
      family = named
      done.add(family)
    } else if (what) {
      expect(named).toBe(family)
      if (what === 'UNIT') expect(family.endsWith(`_${rest}`)).toBe(true)
    } else {
      const [, name = '', labels = '', value] =
        /^([a-z_][a-z0-9_]*)(\{(?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*\})? (-?[0-9.e+-]+|[+-]Inf)$/.exec(
          line,
        ) ?? []
      expect(name, line).toBe(family)
      samples.push({ name, labels, value: Number(value?.replace('Inf', 'Infinity')) })
    }
  }
  const keys = samples.map(({ name, labels }) => name + labels)
  expect(new Set(keys).size).toBe(keys.length)
  return samples
}

const known = {} as Known
const metric = (samples: ReturnType<Metric['samples']>, name = 'vdd_x_seconds'): Metric => ({
  name,
  help: 'How long.',
  samples: () => samples,
})

describe('metricsText', () => {
  it('says type, unit and help of each before its values, and that it is whole', () => {
    expect(metricsText([metric([{ labels: { host: 'a' }, value: 1.5 }])], known)).toBe(
      '# TYPE vdd_x_seconds gauge\n# UNIT vdd_x_seconds seconds\n# HELP vdd_x_seconds How long.\nvdd_x_seconds{host="a"} 1.5\n# EOF\n',
    )
  })

  it('leaves out what has no value', () => {
    expect(metricsText([metric([])], known)).toBe('# EOF\n')
  })

  it('has its lines in the same order, whichever host answered first', () => {
    const [a, b] = [
      { labels: { host: 'a' }, value: 1 },
      { labels: { host: 'b' }, value: 2 },
    ]
    const text = metricsText([metric([a, b])], known)
    expect(text).toMatch(/"a".*\n.*"b"/)
    expect(metricsText([metric([b, a])], known)).toBe(text)
  })

  it('lets no host write a line of its own', () => {
    const name = 'a"} 1\nvdd_alerts{severity="bad"} 0 \\ \u001b[2J'
    const text = metricsText([metric([{ labels: { name: label(name) }, value: 1 }])], known)
    expect(read(text)).toHaveLength(1)
    const raw = metricsText([metric([{ labels: { name }, value: 1 }])], known)
    expect(read(raw)).toHaveLength(1)
    expect(raw).not.toContain('\u001b')
  })

  it('tells the same labels once, and infinity as OpenMetrics has it', () => {
    const twice = [1, Number.POSITIVE_INFINITY].map((value) => ({ labels: { host: 'a' }, value }))
    expect(read(metricsText([metric(twice)], known))).toMatchObject([{ value: Number.POSITIVE_INFINITY }])
    expect(metricsText([metric([{ labels: {}, value: 0.1 + 0.2 }])], known)).toContain('vdd_x_seconds 0.3\n')
  })
})

describe('the metrics', () => {
  let at: Demo
  beforeAll(async () => {
    at = await demo()
    const { fleet } = at
    await until('all that is asked', () => {
      const { balancers, directories, radius, clusters, displays } = fleet.snapshot()
      return (
        [...directories, ...radius, ...clusters, ...displays].every(({ reading }) => reading) &&
        balancers.every(({ lvs }) => lvs)
      )
    })
  })
  afterAll(() => at.end())
  const now = () => ({ snapshot: at.fleet.snapshot(), alerts: at.fleet.alerts(), now: at.fleet.now() })

  it('are written so that Prometheus takes them', async () => {
    const text = metricsText(metrics, now())
    const samples = read(text)
    expect(samples.length).toBeGreaterThan(200)
    const names = new Set(samples.map(({ name }) => name))
    for (const name of [
      'vdd_host_up',
      'node_ipvs_backend_weight',
      'openldap_monitor_operation',
      'ha_cluster_pacemaker_nodes',
      'vdd_alerts',
      'vdd_directory_lag_seconds',
    ])
      expect(names).toContain(name)
  })

  it('are passed by promtool, where it is installed', async (context) => {
    // Also those that the demo has no value of.
    const each = metrics.map((one) => ({ ...one, samples: () => [{ labels: { host: 'a' }, value: 1 }] }))
    for (const input of [metricsText(metrics, now()), metricsText(each, now())]) {
      const { exitCode, stdout, stderr, code } = await execa('promtool', ['check', 'metrics'], {
        input,
        reject: false,
      })
      if (code === 'ENOENT') context.skip('no promtool')
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    }
  })

  it('have names, each once, that say their unit, and a sentence of help', () => {
    const names = metrics.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, help } of metrics) {
      expect(name).toMatch(/^(vdd|node|openldap|ha_cluster)_[a-z0-9_]+$/)
      expect(name).not.toMatch(/_(total|count|sum|bucket|info|ms|kib|percent)$/)
      expect(help).toMatch(/^[A-Za-z].*\.$/)
    }
  })

  it('of what was read too long ago are left out, and that it does not answer stays', () => {
    const late = { ...now(), now: at.fleet.now() + 3_600_000 }
    const samples = read(metricsText(metrics, late))
    const names = new Set(samples.map(({ name }) => name))
    for (const name of [
      'node_load1',
      'vdd_host_cpu_ratio',
      'vdd_machine_state',
      'vdd_pool_size_bytes',
      'node_filesystem_avail_bytes',
    ])
      expect(names).not.toContain(name)
    const up = samples.filter(({ name }) => name === 'vdd_host_up')
    expect(up.length).toBeGreaterThan(5)
    expect(up.every(({ value }) => value === 0)).toBe(true)
  })

  it('of servers that do not answer are left out', () => {
    const { snapshot, ...rest } = now()
    const trouble = { kind: 'timeout', reason: label('no answer'), advice: label(''), since: 0 } as const
    const silent = {
      ...snapshot,
      directories: snapshot.directories.map((one) => ({ ...one, trouble })),
      radius: snapshot.radius.map((one) => ({ ...one, trouble })),
      clusters: snapshot.clusters.map((one) => ({ ...one, trouble })),
      displays: snapshot.displays.map((one) => ({ ...one, trouble })),
      clocks: snapshot.clocks.map((one) => ({ ...one, trouble })),
      balancers: snapshot.balancers.map((one) => ({
        ...one,
        lvsTrouble: trouble,
        ldirectordTrouble: trouble,
      })),
    }
    const samples = read(metricsText(metrics, { snapshot: silent, ...rest }))
    const left = samples.filter(({ name }) =>
      /directory|radius|openldap|ha_cluster|cluster_|vdd_node|resource|ipvs|frontend|service|ldirectord|sessions|clock/.test(
        name,
      ),
    )
    expect([...new Set(left.map(({ name, value }) => `${name} ${value}`))]).toEqual([
      'vdd_directory_up 0',
      'vdd_radius_up 0',
    ])
  })
})
