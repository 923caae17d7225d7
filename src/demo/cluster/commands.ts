import type { Output } from '../../hosts/host.ts'
import { failed, said } from '../answer.ts'
import type { Balancing } from '../balancer/balancing.ts'

/** What Pacemaker says on the balancers, which are a cluster of two: it holds the virtual address on one of them. */
export function clusterCommand(balancing: Balancing, words: readonly string[]): Output | undefined {
  const [program, ...options] = words
  if (program === 'crm_mon' && options.join(' ') === '--output-as=xml -1') return said(crmMon(balancing))
  if (program === 'cibadmin' && options.join(' ') === '-Q --scope constraints')
    return said('<constraints/>\n')
  return program === 'crm_mon' || program === 'cibadmin'
    ? failed(1, `${program}: not in the demo`)
    : undefined
}

/** As Pacemaker 2.1.5 writes it: fixtures/pacemaker-2.1.5. */
function crmMon(balancing: Balancing): string {
  const { balancers } = balancing
  const online = balancers.filter(({ name }) => !balancing.isMissed(name)).map(({ name }) => name)
  const names = balancers.map(({ name }) => name)
  const holder = balancers.find(({ name, holdsAddress }) => holdsAddress && online.includes(name))?.name
  const nodes = names.map(
    (name, i) =>
      `    <node name="${name}" id="${i + 1}" online="${online.includes(name)}" standby="false" standby_onfail="false" maintenance="false" pending="false" unclean="false" feature_set="3.16.1" shutdown="false" is_dc="${name === online[0]}" type="member"/>`,
  )
  return `<pacemaker-result api-version="2.25" request="crm_mon --output-as=xml -1">
  <summary>
    <current_dc present="true" version="2.1.5-a3f44794f94" name="${online[0] ?? ''}" id="1" with_quorum="true" mixed_version="false"/>
    <cluster_options stonith-enabled="true" no-quorum-policy="stop" maintenance-mode="false" stop-all-resources="false"/>
  </summary>
  <nodes>
${nodes.join('\n')}
  </nodes>
  <resources>
    <group id="balancing" managed="true">
${resource('service-ip', 'ocf:heartbeat:IPaddr2', holder)}
${resource('ldirectord', 'ocf:heartbeat:ldirectord', holder)}
    </group>
    <clone id="connected" managed="true">
${online.map((name) => resource('gateway', 'ocf:pacemaker:ping', name)).join('\n')}
    </clone>
  </resources>
  <status code="0" message="OK"/>
</pacemaker-result>
`
}

function resource(id: string, agent: string, node: string | undefined): string {
  const role = node ? 'Started' : 'Stopped'
  const facts = `id="${id}" resource_agent="${agent}" role="${role}" active="${node !== undefined}" orphaned="false" blocked="false" managed="true" failed="false"`
  return node
    ? `      <resource ${facts}>\n        <node name="${node}"/>\n      </resource>`
    : `      <resource ${facts}/>`
}
