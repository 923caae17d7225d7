# shellcheck shell=bash disable=SC2154 # secret is of walk.sh
# What the page takes for granted: people and operators with accounts, consoles that reach the hosts, and hypervisors that have machines.

account() { at "$1" "adduser --quiet --disabled-password --gecos '' $2 && echo $2:$secret | chpasswd"; }

# machine HOST NAME: a kernel that counts seconds, under the name of a machine for people
machine() {
  await 60 at "$1" 'virsh -q list > /dev/null 2>&1' || fail "$1: libvirt does not answer: $(at "$1" 'systemctl --no-pager status libvirtd | tail -n 12')"
  at "$1" 'cat > /srv/machine.xml && virsh -q define /srv/machine.xml' << END
<domain type='qemu'>
  <name>$2</name>
  <memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type><kernel>/srv/tick.elf</kernel><cmdline>idle</cmdline></os>
  <features><acpi/></features>
  <cpu mode='custom' match='exact' check='none'><model>qemu64</model></cpu>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
</domain>
END
}

say 'people, operators and machines, as a site has them'
for host in ds1 pc1 pc2 term1; do account "$host" anna; done
machine hv1 pc1
at hv1 'virsh -q start pc1'
machine hv2 pc2

# The operator of the console, who goes to the hosts by a key
account con1 oper
at con1 "runuser -u oper -- ssh-keygen -q -t ed25519 -N '' -f /home/oper/.ssh/id_ed25519"
for host in ds1 hv1 hv2; do
  account "$host" oper
  at con1 'cat /home/oper/.ssh/id_ed25519.pub' |
    at "$host" 'install -d -o oper -g oper -m 700 ~oper/.ssh && install -o oper -g oper -m 600 /dev/stdin ~oper/.ssh/authorized_keys'
  at con1 "ssh-keyscan -t ed25519 $host 2> /dev/null >> /etc/ssh/ssh_known_hosts"
done
at hv1 'adduser --quiet oper libvirt'
at hv2 'adduser --quiet oper libvirt'

# What ssh asks is answered: the password of anna, and that a key is right
for host in ds1 con1; do
  at "$host" 'install -m 755 /dev/stdin /usr/local/bin/answer' << END
#!/bin/sh
case \$1 in *yes/no*) echo yes ;; *assword*) echo $secret ;; esac
END
done

# What the page says of the console: its configuration has ds1, which is another machine there
give_console() {
  at ds1 'cat /etc/vdd/vdd.yaml' | sed '/local: true/d; /^desk:/,$d; /^journal:/d' |
    at con1 'mkdir -p /etc/vdd && cat > /etc/vdd/vdd.yaml'
}
