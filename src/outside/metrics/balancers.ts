import type { FrontendRecord, FrontendService } from '../../fleet/frontend/frontends.ts'
import type { Snapshot } from '../../fleet/snapshot.ts'
import type { RealServer, VirtualService } from '../../services/lvs/facts.ts'
import { type Metric, type Sample, sample } from './metric.ts'

/** As node_exporter labels an entry of the kernel's table. */
function ipvsLabels(host: string, service: VirtualService, real: RealServer): Sample['labels'] {
  return {
    host,
    local_address: service.address ?? '',
    local_port: String(service.port ?? 0),
    local_mark: service.mark === undefined ? '' : String(service.mark),
    proto: service.protocol,
    remote_address: real.address,
    remote_port: String(real.port),
  }
}

/** Of each real server in the table of each balancer that answers. */
function ofTables(value: (real: RealServer) => number): Metric['samples'] {
  return ({ snapshot: { balancers } }) =>
    balancers
      .filter(({ lvsTrouble }) => !lvsTrouble)
      .flatMap(({ host, lvs }) =>
        (lvs?.services ?? []).flatMap((service) =>
          service.reals.flatMap((real) => sample(ipvsLabels(host, service, real), value(real))),
        ),
      )
}

export const balancerMetrics: readonly Metric[] = [
  {
    name: 'node_ipvs_backend_weight',
    help: 'Weight of a real server in the table of a balancer.',
    samples: ofTables(({ weight }) => weight),
  },
  {
    name: 'node_ipvs_backend_connections_active',
    help: 'Established connections to a real server.',
    samples: ofTables(({ active }) => active),
  },
  {
    name: 'node_ipvs_backend_connections_inactive',
    help: 'All other connections to a real server, also those that have just ended.',
    samples: ofTables(({ inactive }) => inactive),
  },
  {
    name: 'vdd_ldirectord_up',
    help: 'Whether ldirectord runs on a balancer.',
    samples: ({ snapshot: { balancers } }) =>
      balancers
        .filter(({ ldirectordTrouble }) => !ldirectordTrouble)
        .flatMap(({ host, ldirectord }) => sample({ host }, ldirectord && Number(!!ldirectord.daemon))),
  },
]

/** The balancers that do not answer: what they told is not how it is. */
function silent({ balancers }: Snapshot): ReadonlySet<string> {
  return new Set(balancers.filter(({ lvsTrouble }) => lvsTrouble).map(({ host }) => host))
}

function ofFrontends(
  value: (service: FrontendService) => number | undefined,
  more: (service: FrontendService) => Sample['labels'] = () => ({}),
): Metric['samples'] {
  const labelsOf = ({ name, address }: FrontendRecord, { virtual, real, balancer }: FrontendService) => ({
    frontend: name,
    address,
    service: virtual,
    real,
    balancer,
  })
  return ({ snapshot }) => {
    const gone = silent(snapshot)
    return snapshot.frontends.flatMap((frontend) =>
      frontend.services
        .filter(({ balancer }) => !gone.has(balancer))
        .flatMap((one) => sample({ ...labelsOf(frontend, one), ...more(one) }, value(one))),
    )
  }
}

export const frontendMetrics: readonly Metric[] = [
  {
    name: 'vdd_frontend_in_service',
    help: 'Whether a front end takes new connections of a virtual service; why not as the label duty.',
    samples: ofFrontends(
      ({ duty }) => Number(duty === 'in service'),
      ({ duty }) => ({ duty }),
    ),
  },
  {
    name: 'vdd_frontend_connections_per_second',
    help: 'New connections a second to a front end for a virtual service.',
    samples: ofFrontends(({ rate }) => rate?.connections),
  },
]

export const serviceMetrics: readonly Metric[] = [
  {
    name: 'vdd_service_served',
    help: 'Whether clients of a virtual service are served: somebody has its address, and a front end is in service.',
    samples: ({ snapshot }) => {
      const gone = silent(snapshot)
      return snapshot.services
        .filter(({ balancer }) => !gone.has(balancer))
        .flatMap(({ name, balancer, reals, amiss }) => {
          const isServed = !amiss && reals.some(({ duty }) => duty === 'in service')
          return sample({ service: name, balancer }, Number(isServed))
        })
    },
  },
]
