/** A commented configuration to start from; `vdd config example` prints it, and a test loads it. */
export const example = `# vdd.yaml - which machines this console looks after
# Put it at ~/.config/vdd/vdd.yaml or /etc/vdd/vdd.yaml, or name it: vdd --config FILE

cluster: school            # shown at the top left of every screen
# readOnly: true           # nothing can be changed from this console
# drills: allowed          # vdd drill may break a front end for a time, to see what becomes of it
# interval: 1              # seconds between two looks at a host
# journal: /var/lib/vdd/journal.db
# events: {days: 400, size: 500M, syslog: udp:loghost:514}   # how much of the journal is kept, and who is told, too
# keepHistory: true        # charts of the last day outlive the console
# lookBack: {days: 7, size: 200M}   # how much is kept of how it was, minute by minute

# views:                   # what lists show; :columns in the console tries it
#   machines: {columns: [name, state, host, cpu, memory, title]}

# ssh:
#   configFile: /etc/vdd/ssh_config        # default ~/.ssh/config
#   knownHosts: [/etc/vdd/known_hosts]     # default: what ssh would use

# ldap:                                    # how slapd is asked on front ends and directories
#   bindDn: cn=vdd,ou=services,dc=example,dc=org      # default: anonymous
#   passwordFile: /etc/vdd/ldap.password
#   startTls: true                         # or a url with ldaps://; a password goes nowhere without TLS
#   base: dc=example,dc=org
# radius:                                  # how FreeRADIUS is asked on front ends
#   secretFile: /etc/vdd/radius.secret

# alerts: {run: [/usr/local/sbin/call, on-duty]}   # run when something is wrong (docs/watch.md)

# desk:                                    # what people at terminals may choose from: vdd desk (docs/desk-broker.md)
#   systems:
#     - name: office
#       title: {en: Office, it: Ufficio}
#       description: {en: Letters and mail, it: Lettere e posta}
#       machines: [office1, office2, {name: office3, address: 192.0.2.33}]
#       sessions: [xfce]                   # default: all that the machine has
#       limits: {idle: 2h, total: 12h}
#       ready: 1                           # kept running and free: vdd catalogue ready
#     - name: lab
#       title: Lab
#       groups: [teachers]                 # default: everybody
#       machines: [{name: lab.example.org, always: true}]
#   accounting:                            # RADIUS servers that are told of the sessions
#     servers: [{address: radius.example.org, secretFile: /etc/vdd/accounting.secret}]

hosts:
  - name: host1            # as in ~/.ssh/config, or with the settings below
    # address: 192.0.2.11
    # user: operator
    # port: 22
    # identityFile: ~/.ssh/id_ed25519
    # proxyJump: gateway.example.org
    roles: [hypervisor]
    libvirt: qemu:///system                       # or xen:///system
    migrateTo: qemu+ssh://root@host1.example.org/system   # how the other hosts reach it

  - name: host2
    roles: [hypervisor]
    libvirt: qemu:///system
    migrateTo: qemu+ssh://root@host2.example.org/system

  # A balancer (Linux Virtual Server with ldirectord) and a front end behind it:
  # - name: lb1
  #   roles: [balancer]
  #   sudo: true           # ipvsadm by sudo -n (docs/permissions.md)
  # - name: fe1
  #   roles: [frontend]
  #   serves: [10.0.0.11]  # the address that the balancers know it by
  # - name: ldap1
  #   roles: [directory]   # the provider of the front ends' slapd

  # A display server, which shows the sessions of machines on terminals:
  # - name: term-srv
  #   roles: [display]
  #   vdd: /usr/local/bin/vdd   # default: the vdd that its PATH finds

  # - name: here
  #   local: true          # this machine, without ssh
`
