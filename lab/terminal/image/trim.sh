# shellcheck shell=bash
# Makes the root file system a thin client. Sourced by common/image/root.sh with `root`, and IMAGE_OF, this directory.
root=${root:?}
files=${IMAGE_OF:?}

install -m 755 "$files/init" "$root/sbin/init"
install -m 755 "$files/terminal-session" "$root/usr/local/bin/terminal-session"
install -m 644 "$files/profile.sh" "$root/etc/profile.d/terminal.sh"
install -m 644 "$files/xorg.conf" "$root/etc/X11/xorg.conf"
# without logind an X server needs root, and is given it for who sits at the console
printf 'allowed_users=console\nneeds_root_rights=yes\n' > "$root/etc/X11/Xwrapper.config"
printf 'Thin client \\n\n\n' > "$root/etc/issue"
: > "$root/etc/motd"
: > "$root/etc/fstab"
rm -f "$root/etc/resolv.conf"
: > "$root/etc/resolv.conf"
# OpenGL in software, with what it alone needs: 200 MB that nothing here uses
rm -rf "$root"/usr/lib/x86_64-linux-gnu/{dri,libLLVM*,libz3*,libicu*} "$root"/usr/lib/udev/hwdb*
# A cache of the fonts that fits: the disk keeps whole seconds of times.
find "$root/usr/share/fonts" -type d -exec touch -d 2024-01-01 {} +
chroot "$root" fc-cache -sf
