# shellcheck shell=bash
# For the first process of a host made of namespaces, in whose mount namespace all of this is: makes it look like a machine
# with what common/host-files.sh has written. OWN is the host's directory.

# mine NAME TARGET: the host's own file or directory in place of the machine's, where that has one
mine() { if [ -e "$2" ]; then mount --bind "$OWN/$1" "$2"; fi; }

machine_places() {
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir /run/sshd /run/lock
  # an own devpts: otherwise the ptys of both hosts would mix
  mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts /dev/pts
  mount --bind /dev/pts/ptmx /dev/ptmx
  mine ssh /etc/ssh
  mine hostname /etc/hostname
  mine hosts /etc/hosts
  mine shadow /etc/shadow
  mine root /root
}
