import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseTold } from '../../src/actions/drill/breaking.ts'
import { parseMemory } from '../../src/actions/units.ts'
import { parseMoment, textSteps } from '../../src/fleet/past/pack.ts'
import { parseJson } from '../../src/hosts/json.ts'
import { parseKnownHosts } from '../../src/hosts/known-hosts.ts'
import { type Label, label, labelLineSteps, labelLines, printable } from '../../src/hosts/label.ts'
import { count, decimal } from '../../src/hosts/numbers.ts'
import { atOnce } from '../../src/hosts/slices.ts'
import { parseHop } from '../../src/hosts/ssh-config.ts'
import { expandTokens } from '../../src/hosts/ssh-tokens.ts'
import { parseAddresses } from '../../src/services/addresses.ts'
import { readChannel } from '../../src/services/display/channel.ts'
import { lastLine } from '../../src/services/display/client.ts'
import { readLines } from '../../src/services/display/here/logins.ts'
import { readFullNames } from '../../src/services/display/here/user-name.ts'
import { execWords, parseEntries } from '../../src/services/display/keeper/desktop-entry.ts'
import { parseLook } from '../../src/services/display/keeper/load.ts'
import { parseSight, sightSteps } from '../../src/services/display/parse.ts'
import { elementSteps } from '../../src/services/elements.ts'
import { parseDf } from '../../src/services/filesystem/parse.ts'
import * as heartbeatLog from '../../src/services/heartbeat/log.ts'
import * as heartbeat from '../../src/services/heartbeat/parse.ts'
import * as keepalivedLog from '../../src/services/keepalived/log.ts'
import * as keepalived from '../../src/services/keepalived/parse.ts'
import * as slapdLog from '../../src/services/ldap/log.ts'
import { parseCsns, parseMonitor } from '../../src/services/ldap/parse.ts'
import { configSteps, parseConfig } from '../../src/services/ldirectord/config.ts'
import { withoutReal, withReal } from '../../src/services/ldirectord/edit.ts'
import * as log from '../../src/services/ldirectord/log.ts'
import * as places from '../../src/services/ldirectord/places.ts'
import * as domstats from '../../src/services/libvirt/domstats.ts'
import * as machineLog from '../../src/services/libvirt/log.ts'
import * as libvirt from '../../src/services/libvirt/parse.ts'
import { endedError, isGone, refusal } from '../../src/services/libvirt/refusal.ts'
import { definedScreens, screensIn, ticketIn } from '../../src/services/libvirt/screen.ts'
import { parseVolumes } from '../../src/services/libvirt/volumes.ts'
import * as xen from '../../src/services/libvirt/xen/parse.ts'
import { domainXmlSteps, escapeXml, parseDomainXml } from '../../src/services/libvirt/xml.ts'
import { LogTimes, stampOf } from '../../src/services/log-line.ts'
import { fixedZone } from '../../src/services/log-time.ts'
import { isCursor } from '../../src/services/logs/facts.ts'
import { parseEntry } from '../../src/services/logs/journald.ts'
import * as logs from '../../src/services/logs/parse.ts'
import * as lvs from '../../src/services/lvs/parse.ts'
import { parseLog } from '../../src/services/pacemaker/log.ts'
import * as carried from '../../src/services/pacemaker/machines.ts'
import * as pacemaker from '../../src/services/pacemaker/parse.ts'
import * as simulations from '../../src/services/pacemaker/simulate.ts'
import * as process_ from '../../src/services/process/parse.ts'
import * as radiusLog from '../../src/services/radius/log.ts'
import * as radius from '../../src/services/radius/parse.ts'
import { readTerminal } from '../../src/services/terminal-facts.ts'
import { parseTerminfo } from '../../src/terminal/terminfo.ts'
import { isSingle, measured } from '../../src/terminal/width.ts'
import { cut, pad, width, wrap } from '../../src/text/fit.ts'
import { zoneOffset } from '../../src/text/zone-offset.ts'
import { bound, growth, more } from '../support/growth.ts'
import { machine, snapshot } from '../support/records.ts'
import { seen, sight } from '../support/sight.ts'

/** How it is fed, and true texts of what it reads, which are made hostile below; or functions that make one of so many things. */
interface Reader {
  readonly read: (text: string) => unknown
  readonly samples: readonly (string | ((things: number) => string))[]
}

const reader = (read: Reader['read'], ...samples: Reader['samples'][number][]): Reader => ({ read, samples })

const entriesOf = (text: string) =>
  text.split('\n').map((dn) => ({
    dn,
    values: new Map([
      ['namingcontexts', [dn]],
      ['olmsrsyncphase', [dn]],
      ['monitorcounter', ['1']],
    ]),
  }))
const attribute = (text: string) => [
  { type: 26, value: Buffer.from(text) },
  { type: 18, value: Buffer.from(text) },
]
const keyValue = 'CPU time:   12.3s'
const balancer = 'virtual=10.9.0.100:389\n\treal=10.9.0.11->10.9.0.19:389 gate 4 "a", "b"\n\tscheduler=wrr'
const xl = 'web1   3  1024   2   r-----   12.3 4c4c4544-0000-2010-8020-80c04f202020  - - '
const uuid = '4c4c4544-0000-2010-8020-80c04f202020'
const disk = "<domain><name>a</name><devices><disk type='file'><source file='/x'/></disk></devices></domain>"

const times = (count: number, make: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join('')
const manyReals = (things: number) =>
  `virtual=10.9.0.100:389\n${times(things / 4, (i) => `\treal=10.${i >> 8}.${i & 255}.1->10.${i >> 8}.${i & 255}.4:389 gate\n`)}`
const manyServices = (things: number) =>
  times(things, (i) => `virtual=10.${i >> 8}.${i & 255}.1:389\n\treal=10.1.1.1:389 gate\n\n`)
const manyProcesses = (things: number) =>
  `${times(things, (i) => `stat 0 root /proc/${i}/fd\nstat 0 root /proc/${i}\n`)}${times(things, (i) => `==> /proc/${i}/comm <==\nslapd\n==> /proc/${i}/status <==\nThreads: 1\n`)}`

const manyChannels = (things: number) =>
  JSON.stringify(
    sight(
      Array.from({ length: things }, (_, uid) => seen({}, { uid })),
      { others: Array.from({ length: things }, (_, display) => ({ display })) },
    ),
  )
const manyTerminals = (things: number) =>
  JSON.stringify(
    sight([], {
      terminals: {
        mark: '0'.repeat(16),
        all: Array.from({ length: things }, (_, i) => ({ name: `term${i}`, at: i, user: 'a', line: '{}' })),
      },
    }),
  )

const crmMon =
  '<pacemaker-result><nodes><node name="n1" online="true"/></nodes><resources><clone id="c"><resource id="r"><node name="n1"/></resource></clone></resources></pacemaker-result>'
const carriedMachines =
  '<resources><primitive id="r" type="VirtualDomain"><instance_attributes><nvpair name="config" value="/etc/web1.xml"/></instance_attributes></primitive></resources>'
const manyCarried = (things: number) =>
  `<resources>${times(things / 2, (i) => `<group id="g${i}"><primitive id="r${i}" type="Xen"/></group>`)}</resources>`
const simulation =
  '<pacemaker-result><cluster_status><resources><resource id="r"><node name="n1"/></resource></resources></cluster_status><actions><rsc_action action="stop" resource="r" node="n1"/></actions><revised_cluster_status/></pacemaker-result>'
const manyForeseen = (things: number) =>
  `<pacemaker-result><cluster_status/><actions>${times(things, (i) => `<rsc_action action="start" resource="r${i}:1" node="n"/>`)}</actions><revised_cluster_status/></pacemaker-result>`
const manyResources = (things: number) =>
  `<pacemaker-result><nodes><node name="n1"/></nodes><resources>${times(things / 4, (i) => `<group id="g${i}"><resource id="r${i}"/></group>`)}</resources><failures>${times(things / 2, (i) => `<failure op_key="r_${i}_monitor_0"/>`)}</failures></pacemaker-result>`

/** How it was, with so many machines. */
const pastText = (things: number) => {
  const {
    incidents: _,
    drills: __,
    ...facts
  } = snapshot(Array.from({ length: things / 4 + 1 }, (_, i) => machine({ name: `web${i}`, uuid: `${i}` })))
  return atOnce(textSteps({ at: 1, now: 1, snapshot: facts, alerts: [] }))
}

/** A screen, as libvirt tells of it. */
const graphics = "<graphics type='vnc' port='5901' listen='127.0.0.1'/>"

/** By module: every function that reads what a host, a guest or a file says. */
const readers: Readonly<Record<string, Readonly<Record<string, Reader>>>> = {
  'fleet/past/pack.ts': {
    parseMoment: reader((text) => quietly(() => parseMoment(text)), pastText(3), pastText),
  },
  'actions/drill/breaking.ts': {
    parseTold: reader(parseTold, 'broken 1764524034.391023456 1764524034.398', 'back 1764524042.5'),
  },
  'actions/units.ts': { parseMemory: reader(parseMemory, '4 GiB') },
  'hosts/json.ts': {
    parseJson: reader(
      (text) => {
        try {
          return parseJson(text)
        } catch {
          return undefined
        }
      },
      '{"a": ["b\\"", 1]}',
      (things) => `[${Array.from({ length: things }, () => '{"a":[]}').join()}]`,
    ),
  },
  'hosts/known-hosts.ts': {
    parseKnownHosts: reader((text) => parseKnownHosts(text, 'f'), '@revoked a,b ssh-rsa AAAAB3NzaC1yc2E= x'),
  },
  // Of the operator's own files; in the list all the same.
  'hosts/ssh-config.ts': { parseHop: reader(parseHop, 'user@[fd00::1]:22') },
  'hosts/ssh-tokens.ts': {
    expandTokens: reader((text) => quietly(() => expandTokens(text, {}, {}, '/home/a')), 'a%h%%b'),
  },
  'hosts/label.ts': {
    label: reader(label, 'a\u0301\u0327b', '\u1100\u1161\u11a8', 'x\\y\u001b[31m', '\u202e\u{1f600}'),
    printable: reader(printable, 'a\u001b[2J\u202eb', 'web1\n'),
    labelLines: reader(labelLines, 'a\tb\r\nc\u0301\u0327'),
    labelLineSteps: reader((text) => atOnce(labelLineSteps(text)), 'a\tb\r\nc\u0301\u0327'),
  },
  'text/fit.ts': {
    width: reader((text) => width(text as Label), 'web 1 \u6f22\u00e4'),
    cut: reader((text) => cut(text as Label, 78), 'web 1 \u6f22\u00e4'),
    pad: reader((text) => pad(text as Label, 78), 'web 1 \u6f22\u00e4'),
    wrap: reader((text) => wrap(text as Label, 78), 'web 1 \u6f22\u00e4', 'w\u0905\u093f'),
  },
  'terminal/width.ts': {
    isSingle: reader(isSingle, 'web 1 \u6f22\u00e4'),
    measured: reader((text) => [...measured(text)], 'web 1 \u6f22\u00e4'),
  },
  'hosts/numbers.ts': { count: reader(count, '12'), decimal: reader(decimal, '12.5') },
  'services/display/channel.ts': { readChannel: reader(readChannel, JSON.stringify(seen().said)) },
  'services/display/here/logins.ts': {
    readLines: reader(readLines, 'anna pts/3 Nov 30 07:55 (10.0.0.31)\n', 'a sshd pts/3 x (a via mosh [1])'),
  },
  'services/display/here/user-name.ts': {
    readFullNames: reader(readFullNames, 'anna:x:1003:1003:Anna Rossi,,,:/home/anna:/bin/bash\n', ':'),
  },
  'services/display/client.ts': { lastLine: reader(lastLine, 'a\nerror: b\n') },
  'services/display/parse.ts': {
    parseSight: reader(
      (text) => parseSight(text, (theirs) => (time) => time - theirs),
      JSON.stringify(sight([seen()], { others: [{ display: 1 }] })),
      manyChannels,
      manyTerminals,
    ),
    sightSteps: reader(
      (text) => atOnce(sightSteps(text, (theirs) => (time) => time - theirs)),
      JSON.stringify(sight([seen()], { others: [{ display: 1 }] })),
      manyChannels,
      manyTerminals,
    ),
  },
  'services/terminal-facts.ts': {
    readTerminal: reader(
      readTerminal,
      '{"version":1,"name":"term3","disks":[],"graphics":["a"],"sound":[],"screens":[],"links":[]}',
    ),
  },
  'services/display/keeper/load.ts': {
    parseLook: reader(
      parseLook,
      '100 4096\n9.5 7\n7 (a b) S 1 1 1 0 -1 0 0 0 0 0 7 8 0 0 20 0 1 0 9 4096 5 0',
    ),
  },
  'services/display/keeper/desktop-entry.ts': {
    parseEntries: reader(
      parseEntries,
      '/usr/share/xsessions/a.desktop:[Desktop Entry]\n/usr/share/xsessions/a.desktop:Name[it]=A b\n/usr/share/xsessions/a.desktop:Exec=a "b c"',
    ),
    execWords: reader(execWords, 'env A=b "c d\\" e" f'),
  },
  'services/filesystem/parse.ts': {
    parseDf: reader(parseDf, 'Filesystem\n/dev/sda1 ext4  100  10  90  10% /a b'),
  },
  'services/ldap/log.ts': {
    parseLine: reader(
      (text) => text.split('\n').map(slapdLog.parseLine),
      '2026-12-01T00:21:37.465458+0000 vm slapd[7163]: slapd starting',
    ),
  },
  'services/ldap/parse.ts': {
    parseCsns: reader((text) => parseCsns(text.split('\n')), '20261126184148.860000Z#000000#00a#000000'),
    parseMonitor: reader(
      (text) => parseMonitor(entriesOf(`cn=current,cn=connections,cn=monitor\n${text}`), 'dc=a , dc=b'),
      'cn=database 1,cn=databases,cn=monitor',
      'dc=a , dc=b',
      'cn=bind,cn=operations,cn=monitor',
    ),
  },
  'services/addresses.ts': {
    parseAddresses: reader(parseAddresses, '2: eth0    inet 10.9.0.1/24 scope global'),
  },
  'services/heartbeat/log.ts': {
    parseLine: reader(
      (text) => text.split('\n').map(heartbeatLog.parseLine),
      'Nov 22 06:53:25 ha2 heartbeat: [51]: WARN: node ha1: is dead',
      '2026/11/22_06:53:26  ResourceManager(default)[196]:    info: Running /etc/ha.d//resource.d/IPaddr2 10.78.0.100/24/eth0 start',
    ),
  },
  'services/heartbeat/parse.ts': {
    parseHaresources: reader(
      heartbeat.parseHaresources,
      'hb1 10.9.0.100 Filesystem::/dev/sda1::/srv/ldap/::ext4 \\\n slapd # the directory',
      (things) => times(things, (i) => `hb${i} s${i}::a\n`),
    ),
    parseNodeNames: reader(heartbeat.parseNodeNames, 'node hb1 hb2 # both'),
    parseMounts: reader(heartbeat.parseMounts, '/dev/sda1 /srv/l\\040dap ext4 rw 0 0'),
    parseMembership: reader(heartbeat.parseMembership, 'self hb1\nstatus 0\nholds all\nnode hb2 active'),
    parseLinks: reader(heartbeat.parseLinks, 'link hb2 eth0 up', (things) =>
      times(things, (i) => `link n${i} eth0 up\n`),
    ),
    parseStates: reader(heartbeat.parseStates, 'here 2 yes'),
  },
  'services/keepalived/log.ts': {
    parseLine: reader(
      (text) => text.split('\n').map(keepalivedLog.parseLine),
      'Nov 22 06:53:25 kl1 Keepalived_vrrp[51]: (VI_1) Entering MASTER STATE',
      '2026-11-30T17:32:04.351295+00:00 kl1 Keepalived_vrrp[90]: Netlink reports eth0 down',
    ),
  },
  'services/keepalived/parse.ts': {
    parseInstances: reader(
      keepalived.parseInstances,
      'vrrp_instance VI_1 {\n  priority 100 # high\n  virtual_ipaddress {\n    10.9.0.100/24 dev eth0\n  }\n}\n',
      (things) => times(things, (i) => `vrrp_instance V${i} { priority 1 }\n`),
    ),
    parseTold: reader(keepalived.parseTold, '[{"data":{"iname":"VI_1","state":2}}]'),
  },
  'services/ldirectord/config.ts': {
    configSteps: reader((text) => atOnce(configSteps(text)), balancer),
    parseConfig: reader(
      (text) => parseConfig(text),
      balancer,
      'checktimeout = 5\nrequest="a"',
      '\treal=a:1 gate # x',
      manyReals,
      manyServices,
    ),
  },
  'services/ldirectord/edit.ts': {
    withoutReal: reader((text) => withoutReal(text, virtualOf(text), '10.9.0.11:389'), balancer),
    withReal: reader(
      (text) =>
        withReal(text, virtualOf(text), { id: '10.9.0.12:389', forward: 'gate', weight: 1 }, '10.9.0.11:389'),
      balancer,
    ),
  },
  'services/ldirectord/log.ts': {
    parseEvent: reader(
      (text) => text.split('\n').map((line) => log.parseEvent(line, 0)),
      '[Sun Nov 22 06:53:31 2026|ldirectord|365] Readd Quiescent real server: 10.9.0.11:389 (10.9.0.100:389) (Weight set to 0)',
    ),
    parseLog: reader(
      (text) => text.split('\n').map(log.parseLog),
      '2026-11-30T20:52:41.997607+0000 lb1 ldirectord[365]: Readd Quiescent real server: 10.9.0.11:389 (10.9.0.100:389) (Weight set to 0)',
    ),
  },
  'services/ldirectord/places.ts': {
    virtualPlaceOf: reader(
      (text) => places.virtualPlaceOf(text, 6),
      '10.9.0.100:389',
      '[fd00::1]:ldap',
      'vip.example:ldap',
    ),
    fallbackPlaceOf: reader(places.fallbackPlaceOf, '127.0.0.1:80 masq', '[fd00::1]:ldap'),
    realOf: reader(places.realOf, '10.9.0.11->10.9.0.19:389 gate 4 "a", "b" l:1 u:2', 'sql01:mysql masq'),
  },
  'services/log-line.ts': {
    stampOf: reader(
      (text) => text.split('\n').map(stampOf),
      'Nov 22 06:48:42.516',
      '2026-11-22T06:53:25.123456+01:00',
      '2026/11/22_06:53:25',
    ),
  },
  'text/zone-offset.ts': { zoneOffset: reader(zoneOffset, '+01:30') },
  'services/logs/facts.ts': {
    isCursor: reader(isCursor, 's=f71e;i=514;b=77a2;m=8c58f8a6;t=66184974a157a;x=d300'),
  },
  'services/logs/journald.ts': {
    parseEntry: reader(
      parseEntry,
      '{"MESSAGE":"(VI_1) Entering BACKUP STATE","__CURSOR":"s=f7;i=514","_HOSTNAME":"vm","__REALTIME_TIMESTAMP":"1796071962056058","SYSLOG_IDENTIFIER":"Keepalived_vrrp"}',
    ),
  },
  'services/logs/parse.ts': {
    parseTime: reader(logs.parseTime, '1700000000.123456789', '1700000000.%N'),
    parseFiles: reader(logs.parseFiles, 'file 12 345 1700000000 /var/log/a b', 'denied /var/log/a'),
    linesOf: reader((text) => logs.linesOf(Buffer.from(text), true, false), 'a line'),
  },
  'services/libvirt/log.ts': {
    parseLog: reader(
      (text) => machineLog.parseLog(text.split('\n')),
      '2026-12-01 00:08:00.629+0000: starting up libvirt version: 9.0.0\n-incoming defer \\',
      '2026-12-01 00:08:00.629+0000: starting up \\',
      '2026-12-01T00:09:17.817894Z qemu-system-x86_64: terminating on signal 15 from pid 1 (sh)',
      '2026-12-01 00:09:18.020+0000: shutting down, reason=shutdown',
    ),
  },
  'services/libvirt/domstats.ts': {
    parseOwnDomstats: reader(domstats.parseOwnDomstats, '  state.state=1\n  net.0.rx.bytes=12'),
    parseDomstats: reader(domstats.parseDomstats, "Domain: 'web1'\n  state.state=1\n  block.0.rd.bytes=12"),
  },
  'services/libvirt/screen.ts': {
    screensIn: reader((text) => quietly(() => screensIn(text)), graphics),
    definedScreens: reader((text) => quietly(() => definedScreens(text)), graphics),
    ticketIn: reader((text) => quietly(() => ticketIn(text)), graphics),
  },
  'services/libvirt/volumes.ts': {
    parseVolumes: reader(parseVolumes, ' a   /a   file   1.00 GiB   1.00 MiB'),
  },
  'services/libvirt/parse.ts': {
    isUuid: reader(libvirt.isUuid, uuid),
    parseNames: reader(libvirt.parseNames, `${uuid} web 1`),
    parseUuids: reader(libvirt.parseUuids, ` ${uuid} `),
    parseDomstate: reader(libvirt.parseDomstate, 'shut off (crashed)'),
    parseFields: reader(libvirt.parseFields, keyValue),
    parsePoolInfo: reader(libvirt.parsePoolInfo, 'Capacity: 12\nAvailable: 3'),
    parseNodeinfo: reader(libvirt.parseNodeinfo, 'CPU(s):   4\nMemory size:  12 KiB'),
    parseNodeMemory: reader(libvirt.parseNodeMemory, 'total  :  12 KiB\nfree :  3 KiB'),
    parseNodeCpu: reader(libvirt.parseNodeCpu, 'user:  12\nsystem:  12\nidle:  3'),
    parseJob: reader(libvirt.parseJob, 'Job type:  Unbounded\nData total:  3.1 GiB\nData remaining:  3 GiB'),
    parseMigrationProgress: reader(libvirt.parseMigrationProgress, '\rMigration: [ 51.00 %]'),
    parseEvent: reader(
      (text) => text.split('\n').map(libvirt.parseEvent),
      "2026-11-22 06:53:31.123+0000: event 'lifecycle' for domain 'web1': Stopped Failed",
      "event 'reboot' for domain a",
    ),
    errorText: reader(libvirt.errorText, 'error: Failed to start domain x\nMigration: [ 12 %]error: virsh '),
    parseLines: reader(libvirt.parseLines, '  default  '),
    parseProcessTimes: reader(
      libvirt.parseProcessTimes,
      `  12 root root qemu-kvm /usr/bin/qemu -uuid ${uuid} -x`,
    ),
  },
  'services/libvirt/refusal.ts': {
    refusal: reader((text) => refusal('h', text), 'error: virsh x: No such', 'Failed to connect socket to x'),
    endedError: reader((text) => endedError('h', text), 'error: virsh x'),
    isGone: reader(isGone, "error: failed to get domain 'x'"),
  },
  'services/libvirt/xen/parse.ts': {
    parseXlList: reader(xen.parseXlList, xl),
    parseXlConfigs: reader(xen.parseXlConfigs, '[{"domid":1,"config":{"c_info":{"type":"pv"},"disks":[]}}]'),
    parseXentop: reader(
      xen.parseXentop,
      ' NAME  STATE \n web 1 -----r   12   0.0  1024   1.0   no limit  n/a   2   1   12   12  1  0  1  1   2   3   0',
    ),
    parseDominfo: reader(xen.parseDominfo, keyValue),
    parseInterfaces: reader(xen.parseInterfaces, ' Interface  Type\n-----\n vif1.0  bridge x'),
    parseDisks: reader(xen.parseDisks, ' Type Device\n-----\n file  disk  xvda  /x'),
    parseDeviceStat: reader(xen.parseDeviceStat, 'vif1.0 rx_bytes 12'),
    parseFreecell: reader(xen.parseFreecell, '0:  12 KiB\nTotal:  12 KiB'),
  },
  'services/elements.ts': {
    elementSteps: reader(
      (text) => quietly(() => atOnce(elementSteps(text))),
      disk,
      '<a b="c">&#12;&lt;</a>',
      '<!-- a --><?b c?><![CDATA[d]]>',
    ),
  },
  'services/pacemaker/log.ts': {
    parseLog: reader(
      (text) => {
        const times = new LogTimes(fixedZone(0), 0)
        return text.split('\n').map((line) => parseLog(line, times))
      },
      'Nov 22 06:48:42.800 ha2 pacemaker-controld  [98] (log_executor_event) \tnotice: Result of start operation for vip on ha2: ok | CIB update 48',
      "Nov 22 06:48:42 [98] ha2 stonith-ng:   notice: f:\tOperation 'reboot' targeting ha1 by ha2 for a.98@ha2: No such device | id=1",
      (things) =>
        `Nov 22 06:48:42.800 ha2 crmd: notice: Result of start operation for vip on ha2: bad | ${'key='.repeat(4 * things)}`,
      'Nov 22 06:48:40.588 [76] ha2 corosync info    [KNET  ] link: host: 1 link: 0 is down',
    ),
  },
  'services/pacemaker/machines.ts': {
    machinesSteps: reader(
      (text) => quietly(() => atOnce(carried.machinesSteps(text))),
      carriedMachines,
      manyCarried,
    ),
    parseMachines: reader((text) => quietly(() => carried.parseMachines(text)), carriedMachines, manyCarried),
    isMachineAgent: reader(carried.isMachineAgent, 'ocf:heartbeat:VirtualDomain'),
  },
  'services/pacemaker/simulate.ts': {
    simulationSteps: reader(
      (text) => quietly(() => atOnce(simulations.simulationSteps(text))),
      simulation,
      manyForeseen,
    ),
    parseSimulation: reader(
      (text) => quietly(() => simulations.parseSimulation(text)),
      simulation,
      manyForeseen,
    ),
  },
  'services/pacemaker/parse.ts': {
    crmMonSteps: reader((text) => quietly(() => atOnce(pacemaker.crmMonSteps(text))), crmMon, manyResources),
    parseCrmMon: reader((text) => quietly(() => pacemaker.parseCrmMon(text)), crmMon, manyResources),
    leftRulesSteps: reader(
      (text) => quietly(() => atOnce(pacemaker.leftRulesSteps(text))),
      '<constraints><rsc_location id="cli-prefer-a" rsc="a" node="b" score="1"/></constraints>',
    ),
    parseLeftRules: reader(
      (text) => quietly(() => pacemaker.parseLeftRules(text)),
      '<constraints><rsc_location id="cli-prefer-a" rsc="a" node="b" score="1"/></constraints>',
    ),
  },
  'services/libvirt/xml.ts': {
    domainXmlSteps: reader((text) => quietly(() => atOnce(domainXmlSteps(text))), disk),
    parseDomainXml: reader(
      (text) => quietly(() => parseDomainXml(text)),
      disk,
      '<a b="c">&#12;&lt;</a>',
      '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
      '<![CDATA[x]]><!-- y --><?pi z?>',
    ),
    escapeXml: reader(escapeXml, `<a b='c'>&"`),
  },
  'services/lvs/parse.ts': {
    splitAddress: reader(lvs.splitAddress, '[fd00::11]:636'),
    parseTable: reader(
      lvs.parseTable,
      'TCP  10.9.0.100:389 wrr persistent 300\n  -> 10.9.0.11:389    Route   1   0   0   ',
    ),
    parseProcTable: reader(
      lvs.parseProcTable,
      'TCP  0A090064:0185 wrr persistent 75000 FFFFFFFF\n  -> 0A09000B:0185    Route   1   0   0   ',
    ),
    parseHertz: reader(lvs.parseHertz, '250\n1250\n5\n'),
    parseCounts: reader(
      lvs.parseCounts,
      'TCP  10.9.0.100:389   1   2   3   4   5\n  -> 10.9.0.11:389   1  2  3  4  5 ',
    ),
    parseDaemons: reader(lvs.parseDaemons, 'master sync daemon (mcast=eth0, syncid=1)'),
    parseThresholds: reader(
      lvs.parseThresholds,
      'TCP  10.9.0.100:389   wrr\n  -> 10.9.0.11:389   1  2  3  4 ',
    ),
    refusalText: reader(lvs.refusalText, 'Are you sure that x\nmodprobe: y'),
  },
  'services/process/parse.ts': {
    parseVitals: reader(
      process_.parseVitals,
      'cpu  1 2 3 4 5 6 7 8\ncpu0 1\nMemTotal:    12 kB\n0.00 0.01 0.05 1/12 3',
    ),
    parseNetwork: reader(process_.parseNetwork, 'nics eth0\n  eth0: 1 2 3 4 5 6 7 8  9 10 11 12 13 14 15 16'),
    parseProcesses: reader(
      process_.parseProcesses,
      'stat 12 root /proc/12/fd\nstat 0 root /proc/12\ncounted 3 /proc/12/fd\n==> /proc/12/comm <==\nslapd\n==> /proc/12/limits <==\nMax open files   12   12  files\n==> /proc/12/status <==\nThreads:  3\n==> /proc/12/stat <==\n12 (slapd) S 1 2 3',
      manyProcesses,
    ),
    parseBonds: reader(
      process_.parseBonds,
      '==> /proc/net/bonding/bond0 <==\nCurrently Active Slave: eth0\nMII Status: up\nSlave Interface: eth0\nMII Status: down',
    ),
  },
  'services/radius/log.ts': {
    parseLine: reader(
      (text) => text.split('\n').map(radiusLog.parseLine),
      'Tue Dec  1 00:22:16 2026 : Info: Ready to process requests',
      '2026-12-01T00:25:10.611161+0000 vm radiusd[12179]: Signalled to terminate',
    ),
  },
  'services/radius/parse.ts': {
    parseStatistics: reader((text) => radius.parseStatistics(attribute(text)), '\u0000\u0000-\u0000\u0010'),
    parseStatisticsError: reader((text) => radius.parseStatisticsError(attribute(text)), 'a'),
    parseReplyMessage: reader((text) => radius.parseReplyMessage(attribute(text)), 'a\u0301'),
  },
  'terminal/terminfo.ts': {
    parseTerminfo: reader(
      (text) => quietly(() => parseTerminfo('xterm', text)),
      'xterm|x,\n\tcols#80, cup=\\E[%i%p1%d;%p2%dH,',
    ),
  },
}

function virtualOf(text: string) {
  const found = parseConfig(text).virtuals[0]
  return found ?? ({ line: 1, family: 4 as const, reals: [] } as never)
}

function quietly(work: () => unknown): unknown {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Ways to make a true text hostile, each of a given length: repeated whole, and each part of it repeated, with a broken end or without. */
function* hostile(sample: string): Generator<(length: number) => string> {
  const many = (part: string, length: number) => part.repeat(Math.max(1, Math.floor(length / part.length)))
  yield (length) => many(`${sample}\n`, length)
  yield (length) => many(sample.replaceAll('\n', ' '), length)
  let number = 0
  yield (length) => many(`${sample}\n`, length).replaceAll(/\d+/g, () => String(++number))
  const parts = sample.split(/(\s+|\d+|[A-Za-z]+|[^\sA-Za-z\d])/).filter(Boolean)
  for (const [i, part] of parts.entries()) {
    const before = parts.slice(0, i).join('')
    yield (length) => `${before}${many(part, length)}${parts.slice(i + 1).join('')}`
    yield (length) => `${before}${many(part, length)}\u0001`
    yield (length) => `${before}${many(`${part}\n`, length)}\u0001`
  }
}

/** Characters of the shortest text. */
const shortest = 1_024
/** Things of which there are many, in the shortest. */
const fewest = 128
function takesLonger(read: Reader['read'], few: string, many: string): boolean {
  const factor = growth(
    () => read(few),
    () => read(many),
  )
  return factor > bound
}

/** The inputs that take more than their length in time. */
function* slow({ read, samples }: Reader): Generator<string> {
  for (const sample of samples) {
    if (typeof sample === 'function') {
      if (takesLonger(read, sample(fewest), sample(more * fewest))) yield sample.name
      continue
    }
    for (const make of hostile(sample))
      if (takesLonger(read, make(shortest), make(more * shortest))) yield make(150)
  }
}

describe('what reads the words of others', () => {
  const all = Object.entries(readers).flatMap(([file, of]) =>
    Object.entries(of).map(([name, one]) => [file, name, one] as const),
  )

  it.each(all)('%s: %s takes no longer than its text is long', (_file, _name, one) => {
    expect([...slow(one)]).toEqual([])
  })

  it('is looked for in this way as soon as it is written', () => {
    const src = resolve(import.meta.dirname, '../../src')
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.tsx?$/.test(name),
    )
    const missing = files.flatMap((file) => {
      // What is called so, and in the rooms where the words of hosts come in, what takes a text.
      const text = readFileSync(join(src, file), 'utf8')
      const named = [...text.matchAll(/^export (?:async )?function\*? (parse\w+)/gm)]
      const taking = /^(hosts|services|text\/fit|terminal\/width)/.test(file)
        ? [
            ...text.matchAll(
              /^export (?:async )?function\*? (\w+)\(\s*(?:text|line|stderr|xml): (?:string|Label)/gm,
            ),
          ]
        : []
      const names = new Set([...named, ...taking].map(([, name = '']) => name))
      return [...names].filter((name) => !readers[file]?.[name]).map((name) => `${file}: ${name}`)
    })
    expect(missing).toEqual([])
  })

  it('would be noticed', () => {
    const square = (text: string) => /^(.+?) +(running) *$/.exec(text)
    // The first is enough: each of the slow ones takes a second.
    expect(slow(reader(square, ' web 1   running')).next().done).toBe(false)
  })
})
