# shellcheck shell=sh
# Who logs in at the screen gets X, and in it the desk of the display server; when that ends, the login again.
export LANG=C.UTF-8
if [ "$(tty)" = /dev/tty1 ]; then exec startx /usr/local/bin/terminal-session > /tmp/x.log 2>&1; fi
