# shellcheck shell=bash
# For the first process of a host made of namespaces, in whose mount namespace all of this is: makes it look like a machine
# with what common/host-files.sh has written. OWN is the host's directory.

# mine NAME TARGET: the host's own file or directory in place of the machine's, where that has one
mine() { if [ -e "$2" ]; then mount --bind "$OWN/$1" "$2"; fi; }

# layer DIRECTORY: the machine's, in which the host has files of its own and may write. Not mounts on single files: such a mount
# goes away, in all namespaces, when a program of the machine replaces the file by another (rename(2)), as useradd and apt do.
layer() {
  install -d -m 755 "/run/layer$1" "/run/layer$1"/{upper,work}
  mount -t overlay -o "lowerdir=$1,upperdir=/run/layer$1/upper,workdir=/run/layer$1/work" overlay "$1"
}

# What is in the host's etc, file or directory, is there instead of the machine's.
own_etc() {
  local file target
  layer /etc
  for file in "$OWN"/etc/*; do
    target=/etc/$(basename "$file")
    rm -rf "$target"
    cp -a "$file" "$target"
  done
}

machine_places() {
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir /run/sshd /run/lock
  # an own devpts: otherwise the ptys of both hosts would mix
  mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts /dev/pts
  mount --bind /dev/pts/ptmx /dev/ptmx
  own_etc
}

# The last, from inside the host's directory, where its first process stays: the lab's own directory, and the tree, are usually below one of
# these, and out of sight then. So /root is not among the first.
own_root() {
  cd "$OWN"
  OWN=.
  mine root /root
}

temporary_places() {
  mount -t tmpfs -o mode=1777 tmpfs /var/tmp
  mount -t tmpfs -o mode=1777 tmpfs /tmp
}
