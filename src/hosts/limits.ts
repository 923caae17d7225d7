/**
 * How much of a kind is read of one host, whatever it says that it has: many times what a large one has. Whoever reads more says that there is
 * more. What would look as if it had gone is not cut: then the whole answer counts for none.
 */
export const limits = {
  /** machines: more are an error, for the time in which no key is answered grows with them */
  machines: 1_000,
  /** names of storage pools, and of networks */
  names: 500,
  /** storage pools whose size is asked: each costs a virsh */
  poolSizes: 20,
  /** volumes of one storage pool */
  volumes: 2_000,
  /** lines of the table of virtual services: 500 with 2000 real servers, as of a configuration; more are an error */
  tableLines: 2_600,
  /** lines of the addresses that a balancer holds: one for each of its virtual services, and as many besides; more are an error */
  addressLines: 1_000,
  /** real servers of which the log of ldirectord tells, each with its service: those of a configuration; the newest are kept */
  loggedReals: 2_000,
  /** processes whose descriptors are watched; more would cost the host and the console more than they tell */
  processes: 50,
  fileSystems: 500,
  /** nodes of a cluster, remote ones among them: Corosync has 32 (corosync.conf(5)); more are an error */
  clusterNodes: 500,
  /** resources of a cluster, each part of a clone counted; more are an error */
  resources: 5_000,
  /** words of heartbeat's haresources; more are an error */
  carried: 500,
  /** what is told of a cluster beside these, of each kind: failures, rules, fencing; more are an error */
  clusterNotes: 5_000,
  /** files in the maintenance directory of ldirectord: more are an error */
  maintenanceFiles: 1_000,
  /** channels of a display server: ten times the terminals of a large school; more are an error */
  channels: 2_000,
  /** X displays of a display server that are no channels: anybody there may make one */
  otherDisplays: 500,
  /** channels of a display server that it could not read itself */
  displayFaults: 100,
  /** text sessions of a display server: it tells of no more itself */
  logins: 500,
  /** terminals that told a display server of themselves: it tells of no more itself */
  terminals: 2_000,
} as const
