import { unitOf } from './metric.ts'
import { metrics } from './table.ts'

/** docs/metrics.md: `npm run docs` writes it. */
export function metricsPage(): string {
  const rows = metrics.map(({ name, help }) => `| \`${name}\` | ${unitOf(name) ?? ''} | ${help} |`)
  return `# Metrics

\`vdd metrics\` prints what is known as OpenMetrics, once; \`vdd watch --metrics 127.0.0.1:9464\` serves it at \`/metrics\` for as long as it watches ([watch.md](watch.md)):

\`\`\`yaml
scrape_configs:
  - job_name: vdd
    static_configs: [{targets: ['127.0.0.1:9464']}]
\`\`\`

It answers \`GET /metrics\` and nothing else, and anybody on the machine. An address other than 127.0.0.1 and ::1 is refused unless \`--exposed\` says that others may read it. At 127.0.0.1 and ::1 it answers who calls it
\`localhost\` or by an address, and nobody by another name (421): a page in a browser, whose name may lead anywhere, reads nothing. All is made at most once a second, and a connection ends after ten seconds.

What exporters have stands under their names: of node_exporter, openldap_exporter and ha_cluster_exporter. The label \`host\` says of which host it is, where an exporter has
\`instance\`; \`metric_relabel_configs\` can rename it. Names in which \`promtool check metrics\` finds a fault (\`node_memory_MemTotal_bytes\`, \`openldap_monitor_counter_object\`, \`ha_cluster_pacemaker_fail_count\`) are not taken.

A value that is not known, or was read too long ago to be true, is left out. It is never repeated: its line ends, and an alert on it is \`absent()\` or \`vdd_host_up == 0\`. All are gauges, those
that count since a start as well, as in those exporters.

| metric | unit | |
|---|---|---|
${rows.join('\n')}
`
}
