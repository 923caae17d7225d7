# shellcheck shell=bash
# Makes the root file system a machine with a desktop. Sourced by common/image/root.sh with `root`, and IMAGE_OF, this directory.
root=${root:?}
files=${IMAGE_OF:?}

install -m 755 "$files/init" "$root/sbin/init"
: > "$root/etc/motd"
: > "$root/etc/fstab"
rm -f "$root/etc/resolv.conf" "$root"/etc/ssh/ssh_host_*
: > "$root/etc/resolv.conf"
cat > "$root/etc/ssh/sshd_config.d/lab.conf" << 'END'
HostKey /etc/ssh/hostkey
X11Forwarding yes
UseDNS no
# a login takes 2 s of emulated work without PAM, 4 with it
UsePAM no
PrintLastLog no
ClientAliveInterval 5
END
# what it would be slow to copy into memory at each start, and never needs
rm -rf "$root"/var/lib/{apt,dpkg} "$root"/var/cache/{apt,debconf} "$root"/usr/lib/udev/hwdb*
rm -rf "$root"/usr/lib/x86_64-linux-gnu/{dri,libLLVM*,libz3*}
# only one session manager is offered
find "$root/usr/share/xsessions" -type f ! -name openbox.desktop -delete
# A cache of the fonts that fits: the disk keeps whole seconds of times.
find "$root/usr/share/fonts" -type d -exec touch -d 2024-01-01 {} +
chroot "$root" fc-cache -sf
