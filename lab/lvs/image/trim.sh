# shellcheck shell=bash
# Makes the root file system a guest that boots in seconds. Sourced by common/image/root.sh with `root`, beside `image`.
# Why each line is there: a systemd as Debian ships it takes 28 s under emulation, this one 8 to 14.
root=${root:?}

echo lb1 > "$root/etc/hostname"
: > "$root/etc/fstab" # a line for / makes systemd wait 12 s for the device
rm -f "$root/etc/resolv.conf"
: > "$root/etc/resolv.conf" # there is no DNS; ldirectord would wait for it at each check
echo 0123456789abcdef0123456789abcdef > "$root/etc/machine-id"

# who comes in, and what it is known by
ssh-keygen -q -t ed25519 -N '' -C vdd-lab -f image/operator
ssh-keygen -q -t ed25519 -N '' -C vdd-lab-host -f host
cp host.pub image/
install -d -m 700 "$root/root/.ssh"
install -m 600 image/operator.pub "$root/root/.ssh/authorized_keys"
rm -f "$root"/etc/ssh/ssh_host_*
install -m 600 host "$root/etc/ssh/ssh_host_ed25519_key"
install -m 644 host.pub "$root/etc/ssh/ssh_host_ed25519_key.pub"
cat > "$root/etc/ssh/sshd_config.d/lab.conf" << 'END'
PermitRootLogin prohibit-password
PasswordAuthentication no
UseDNS no
# a login takes 2 s of emulated work without PAM, 4 with it
UsePAM no
PrintLastLog no
END
# no logind: without its hook nothing waits for it, nor for systemd-user-sessions
sed -i '/pam_systemd.so/d' "$root/etc/pam.d/common-session"
mkdir -p "$root"/etc/systemd/{system,journald.conf.d} "$root/etc/tmpfiles.d"
ln -sf /dev/null "$root/etc/tmpfiles.d/systemd-nologin.conf"
printf '[Journal]\nStorage=volatile\n' > "$root/etc/systemd/journald.conf.d/lab.conf"

units=$root/etc/systemd/system
mkdir -p "$units/ssh.service.d"
cat > "$units/ssh.service.d/lab.conf" << 'END'
[Unit]
DefaultDependencies=no
After=lab-net.service systemd-tmpfiles-setup.service
[Service]
ExecStartPre=
ExecStartPost=/bin/sh -c "echo LAB-READY > /dev/console"
END
cat > "$units/lab-net.service" << 'END'
[Unit]
DefaultDependencies=no
Before=network.target ssh.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c "modprobe bridge; ip link set lo up; ip link add br0 type bridge; ip link set eth0 master br0 up; ip addr add 10.9.0.1/24 dev br0; ip link set br0 up"
END
mkdir -p "$units/sysinit.target.wants"
ln -sf ../lab-net.service "$units/sysinit.target.wants/lab-net.service"
ln -sf /usr/lib/systemd/system/multi-user.target "$units/default.target"
for unit in systemd-{timesyncd,networkd,resolved,journal-flush,update-utmp,update-utmp-runlevel,random-seed,pstore}.service \
  systemd-{binfmt,logind,user-sessions,udev-trigger,udev-settle,modules-load,remount-fs,machine-id-commit}.service \
  systemd-{firstboot,sysusers,hwdb-update}.service ldconfig.service e2scrub_reap.service kmod-static-nodes.service \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer logrotate.timer \
  getty@tty1.service getty.target serial-getty@ttyS0.service console-getty.service ipvsadm.service slapd.service \
  dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
  modprobe@{loop,dm_mod,configfs,drm,efi_pstore,fuse}.service; do
  ln -sf /dev/null "$units/$unit"
done
# ldirectord is started when there is something to direct
rm -f "$units"/*.wants/ldirectord.service "$root"/etc/rc?.d/S??ldirectord
