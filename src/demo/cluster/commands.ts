import type { Output } from '../../hosts/host.ts'
import { simulation } from '../../services/pacemaker/verbs.ts'
import { failed, said } from '../answer.ts'
import { clone, type DemoCluster, group, Refusal, type Told } from './cluster.ts'

/** What Pacemaker says on the balancers, which are a cluster of two: it holds the virtual address on one of them. */
export function clusterCommand(cluster: DemoCluster, words: readonly string[]): Output | undefined {
  const [path = '', ...options] = words
  const program = path.replace('/usr/sbin/', '')
  if (program === 'crm_mon')
    return options.join(' ') === '--output-as=xml -1' ? said(crmMon(cluster)) : notHere(program)
  if (program === 'cibadmin')
    return options.join(' ') === '-Q --scope constraints' ? said(constraints(cluster.told)) : notHere(program)
  if (program === '/bin/sh' && options[1] === simulation)
    return trying(() => simulated(cluster, options.slice(3)))
  if (program === 'crm_simulate') return said(failures(cluster, options))
  if (!['crm_resource', 'crm_standby', 'crm_attribute'].includes(program)) return undefined
  return trying(() => {
    cluster.take([program, ...options])
    return ''
  })
}

const notHere = (program: string) => failed(1, `${program}: not in the demo`)

function trying(use: () => string): Output {
  try {
    return said(use())
  } catch (error) {
    if (error instanceof Refusal) return failed(error.code, error.message)
    throw error
  }
}

/** One part of a resource: where it runs, and whether it is managed. */
interface Part {
  readonly id: string
  readonly agent: string
  readonly node: string | undefined
  readonly managed: boolean
  readonly isDisabled: boolean
}

/** As Pacemaker 2.1.5 writes it: fixtures/pacemaker-2.1.5. */
function crmMon(cluster: DemoCluster): string {
  const { maintenance } = cluster.told
  return `<pacemaker-result api-version="2.25" request="crm_mon --output-as=xml -1">
  <summary>
    <current_dc present="true" version="2.1.5-a3f44794f94" name="${cluster.decides ?? ''}" id="1" with_quorum="true" mixed_version="false"/>
    <cluster_options stonith-enabled="true" no-quorum-policy="stop" maintenance-mode="${maintenance}" stop-all-resources="false"/>
  </summary>
${statusOf(cluster, cluster.told, cluster.holder, cluster.missed)}
${failuresOf(cluster)}
  <status code="0" message="OK"/>
</pacemaker-result>
`
}

function failuresOf({ told: { failed }, nodes }: DemoCluster): string {
  const counts = nodes.map((node) => {
    const own = failed.filter((one) => one.node === node)
    const rows = own.map(
      ({ resource }) =>
        `      <resource_history id="${resource}" orphan="false" migration-threshold="1000000" fail-count="1"/>`,
    )
    return `    <node name="${node}">\n${rows.join('\n')}\n    </node>`
  })
  const failures = failed.map(
    ({ resource, node }) =>
      `    <failure op_key="${resource}_monitor_10000" node="${node}" exitstatus="not running" exitreason="" exitcode="7" task="monitor"/>`,
  )
  return `  <node_history>\n${counts.join('\n')}\n  </node_history>\n  <failures>\n${failures.join('\n')}\n  </failures>`
}

function statusOf(
  cluster: DemoCluster,
  told: Told,
  holder: string | undefined,
  dead: readonly string[] = [],
): string {
  const nodes = cluster.nodes.map((name, i) => {
    const standby = told.standby.has(name)
    const online = !dead.includes(name)
    return `    <node name="${name}" id="${i + 1}" online="${online}" standby="${standby}" standby_onfail="false" maintenance="false" pending="false" unclean="false" feature_set="3.16.1" shutdown="false" is_dc="${name === cluster.decides}" type="member"/>`
  })
  const managed = (id: string) => !told.maintenance && !told.unmanaged.has(id)
  const facts = (id: string) => ({ id, managed: managed(id), isDisabled: told.disabled.has(id) })
  const on = cluster.cloneOn(told).filter((node) => !dead.includes(node))
  const parts = cluster.nodes.map((node) => (on.includes(node) ? node : undefined))
  return `  <nodes>
${nodes.join('\n')}
  </nodes>
  <resources>
    <group id="${group.id}" managed="${!told.maintenance}">
${part({ ...facts('service-ip'), agent: 'ocf:heartbeat:IPaddr2', node: holder })}
${part({ ...facts('ldirectord'), agent: 'ocf:heartbeat:ldirectord', node: told.disabled.has('ldirectord') ? undefined : holder })}
    </group>
    <clone id="${clone.id}" managed="${!told.maintenance}">
${parts.map((node) => part({ ...facts(clone.member), agent: 'ocf:pacemaker:ping', node })).join('\n')}
    </clone>
  </resources>`
}

function part({ id, agent, node, managed, isDisabled }: Part): string {
  const role = node ? 'Started' : 'Stopped'
  const facts = `id="${id}" resource_agent="${agent}" role="${role}"${isDisabled ? ' target_role="Stopped"' : ''} active="${node !== undefined}" orphaned="false" blocked="false" managed="${managed}" failed="false"`
  return node
    ? `      <resource ${facts}>\n        <node name="${node}"/>\n      </resource>`
    : `      <resource ${facts}/>`
}

function constraints({ rules }: Told): string {
  const lines = rules.map(({ id, resource, node, keepsAway, until }) => {
    const score = keepsAway ? '-INFINITY' : 'INFINITY'
    return until
      ? `  <rsc_location id="${id}" rsc="${resource}" role="Started">\n    <rule id="${id}-rule" score="${score}" boolean-op="and">\n      <expression id="${id}-expr" attribute="#uname" operation="eq" value="${node}" type="string"/>\n      <date_expression id="${id}-end" operation="lt" end="${until}"/>\n    </rule>\n  </rsc_location>`
      : `  <rsc_location id="${id}" rsc="${resource}" role="Started" node="${node}" score="${score}"/>`
  })
  return lines.length ? `<constraints>\n${lines.join('\n')}\n</constraints>\n` : '<constraints/>\n'
}

/** What the cluster would do after these commands, on a copy of what it is told; an empty one lets it do that first. */
function simulated(cluster: DemoCluster, commands: readonly string[]): string {
  const stages: string[] = []
  let told = cluster.told
  let before = { told, holder: cluster.holder }
  const stage = () => {
    const holder = cluster.placeOf(told, before.holder)
    stages.push(result(cluster, before, { told, holder }))
    before = { told, holder }
  }
  for (const command of commands) {
    if (command === '') stage()
    else {
      const [path = '', ...words] = command.split('\n')
      told = cluster.after(told, [path.replace('/usr/sbin/', ''), ...words])
    }
  }
  stage()
  return stages.join('')
}

interface State {
  readonly told: Told
  readonly holder: string | undefined
}

/** `--node-fail=lb1`: nothing runs there any more. */
function failures(cluster: DemoCluster, options: readonly string[]): string {
  const dead = options.flatMap((one) => /^--node-fail=(.+)$/.exec(one)?.[1] ?? [])
  const { told } = cluster
  const gone = { ...told, standby: new Set([...told.standby, ...dead]) }
  const after = { told: gone, holder: cluster.placeOf(gone, cluster.holder) }
  return result(cluster, { told, holder: cluster.holder }, after, dead)
}

function result(cluster: DemoCluster, before: State, after: State, dead: readonly string[] = []): string {
  const [from, to] = [before.holder, after.holder]
  const group_ =
    from === to
      ? []
      : group.members.map((id) =>
          from && to
            ? `<rsc_action action="move" resource="${id}" source="${from}" dest="${to}"/>`
            : `<rsc_action action="${from ? 'stop' : 'start'}" resource="${id}" node="${from ?? to}"/>`,
        )
  const [was, is] = [cluster.cloneOn(before.told), cluster.cloneOn(after.told)]
  const clones = cluster.nodes.flatMap((node, i) => {
    if (was.includes(node) === is.includes(node)) return []
    return `<rsc_action action="${is.includes(node) ? 'start' : 'stop'}" resource="${clone.member}:${i}" node="${node}"/>`
  })
  const fenced = dead.map(
    (node) => `<node_action task="reboot" node="${node}" reason="peer is no longer part of the cluster"/>`,
  )
  return `<pacemaker-result api-version="2.25" request="crm_simulate --simulate --output-as=xml">
  <cluster_status>
${statusOf(cluster, before.told, from)}
  </cluster_status>
  <actions>
${[...fenced, ...group_, ...clones].map((one) => `    ${one}`).join('\n')}
  </actions>
  <revised_cluster_status>
${statusOf(cluster, after.told, to, dead)}
  </revised_cluster_status>
  <status code="0" message="OK"/>
</pacemaker-result>
`
}
