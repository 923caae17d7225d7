/**
 * What `vdd terminal facts-script` prints: what `terminalSchema` reads, told by a machine on which no Node runs. POSIX sh and what busybox has are enough;
 * lspci and xrandr are asked where they are. The kernel's files that it reads: sysfs-class-net, sysfs-class-drm, sysfs-block (Documentation/ABI), proc(5).
 */
export const factsScript = String.raw`#!/bin/sh
# Tells what this machine is as a terminal, as one JSON object on one line:
#
#   vdd terminal facts-script > script; ssh TERMINAL sh -s < script
#
# It reads /proc and /sys, changes nothing, and needs no rights.
root=
found=
LC_ALL=C
export LC_ALL

# The first line of a file without the blanks around it; nothing where it cannot be read, as the speed of a link that is down.
first() {
  line=
  [ -r "$1" ] && { read -r line <"$1"; } 2>/dev/null
  printf '%s' "$line"
}

# Any bytes as a JSON string in ASCII that may stand between single quotes: the first 200; what is not UTF-8 becomes U+FFFD.
text() {
  printf '%s' "$1" | od -An -v -tx1 -N 200 | awk '
    function unit(u) { printf "\\u%04x", u }
    function point(c) {
      if (c < 65536) unit(c)
      else { unit(55296 + int((c - 65536) / 1024)); unit(56320 + c % 1024) }
    }
    function byte(b) {
      if (missing && b >= low && b <= high) {
        code = code * 64 + b % 64; low = 128; high = 191
        if (--missing == 0) point(code)
        return
      }
      if (missing) unit(65533)
      missing = 0; low = 128; high = 191
      if (b < 32 || b == 34 || b == 39 || b == 92 || b == 127) unit(b)
      else if (b < 127) printf "%c", b
      else if (b >= 194 && b <= 223) { missing = 1; code = b - 192 }
      else if (b >= 224 && b <= 239) { missing = 2; code = b - 224; if (b == 224) low = 160; if (b == 237) high = 159 }
      else if (b >= 240 && b <= 244) { missing = 3; code = b - 240; if (b == 240) low = 144; if (b == 244) high = 143 }
      else unit(65533)
    }
    function digit(place) { return index("0123456789abcdef", substr($i, place, 1)) - 1 }
    BEGIN { printf "\"" }
    { for (i = 1; i <= NF; i++) byte(16 * digit(1) + digit(2)) }
    END { if (missing) unit(65533); printf "\"" }'
}

# A name and a value of an object, the value in JSON already; nothing where there is no value.
field() {
  [ -n "$2" ] && printf ',"%s":%s' "$1" "$2"
}
words() {
  [ -n "$2" ] && field "$1" "$(text "$2")"
}
number() {
  case $2 in
    '' | 0* | *[!0-9]* | ?????????????*) ;;
    *) field "$1" "$2" ;;
  esac
}

# Values that come one a line, as a list; and lines of words, each as a value.
list() {
  printf ',"%s":[%s]' "$1" "$(sed 16q | awk '{ printf "%s%s", (NR > 1 ? "," : ""), $0 }')"
}
each() {
  while IFS= read -r line; do
    [ -n "$line" ] && text "$line" && echo
  done
}

model() {
  maker=$(first "$root/sys/class/dmi/id/sys_vendor")
  name=$(first "$root/sys/class/dmi/id/product_name")
  if [ -z "$maker$name" ]; then
    first "$root/proc/device-tree/model" | tr -d '\000'
    return
  fi
  case $name in
    '') name=$maker ;;
    "$maker"*) ;;
    *) name="$maker $name" ;;
  esac
  printf '%s' "$name"
}

system() {
  release=$(sed -n "s/^PRETTY_NAME=[\"']*\([^\"']*\).*/\1/p" "$root/etc/os-release" 2>/dev/null)
  [ -n "$release" ] && printf '%s, ' "$release"
  printf 'Linux %s' "$(uname -r)"
}

processor() {
  awk '
    /^processor[ \t]*:/ { cores++ }
    /^(model name|cpu model|Hardware)[ \t]*:/ && name == "" { name = $0; sub(/^[^:]*:[ \t]*/, "", name) }
    END { if (name != "") printf "%s, %d core%s", name, (cores ? cores : 1), (cores > 1 ? "s" : "") }
  ' "$root/proc/cpuinfo" 2>/dev/null
}

# Of those that are made of something; lo, bridges and tunnels have no device.
links() (
  cd "$root/sys/class/net" 2>/dev/null || exit
  for link in *; do
    [ -e "./$link/device" ] || continue
    up=false
    [ "$(first "./$link/carrier")" = 1 ] && up=true
    air=false
    [ -d "./$link/wireless" ] && air=true
    printf '{"name":%s,"isUp":%s,"isWireless":%s' "$(text "$link")" "$up" "$air"
    number mbps "$(first "./$link/speed")"
    echo '}'
  done
)

# Width, height and name of each screen. A display of another machine is not asked, as that of "ssh -X".
seen() (
  case $DISPLAY in
    :*)
      outputs=$(xrandr 2>/dev/null) && printf '%s\n' "$outputs" | awk '
        $2 == "connected" {
          for (i = 3; i <= NF; i++)
            if ($i ~ /^[0-9]+x[0-9]+[+]/) { split($i, at, /[x+]/); print at[1], at[2], $1; next }
          print 0, 0, $1
        }' && exit
      ;;
  esac
  if cd "$root/sys/class/drm" 2>/dev/null; then
    for plug in card*-*; do
      [ "$(first "./$plug/status")" = connected ] || continue
      # The first mode is the one that the screen prefers.
      size=$(first "./$plug/modes" | sed -n 's/^\([0-9]*\)x\([0-9]*\).*/\1 \2/p')
      [ -n "$size" ] || size='0 0'
      echo "$size $(echo "$plug" | sed 's/^card[0-9]*-//')"
      found=yes
    done
  fi
  [ -n "$found" ] && exit
  size=$(first "$root/sys/class/graphics/fb0/virtual_size" | tr , ' ')
  [ -n "$size" ] && echo "$size $(first "$root/sys/class/graphics/fb0/name")"
)
screens() {
  while read -r width height name; do
    printf '{"name":%s' "$(text "$name")"
    number width "$width"
    number height "$height"
    echo '}'
  done
}

graphics() (
  if cd "$root/sys/bus/pci/devices" 2>/dev/null; then
    for slot in *; do
      case $(first "./$slot/class") in 0x03*) ;; *) continue ;; esac
      # The lspci of busybox knows no names, and not this option.
      name=$(lspci -s "$slot" 2>/dev/null | sed 's/^[^ ]* [^:]*: //')
      [ -n "$name" ] || name="PCI $(first "./$slot/vendor"):$(first "./$slot/device")"
      printf '%s\n' "$name"
      found=yes
    done
  fi
  [ -n "$found" ] || first "$root/sys/class/graphics/fb0/name"
  echo
)

sound() {
  # A line has number, id, driver and name: " 0 [PCH            ]: HDA-Intel - HDA Intel PCH".
  awk '/^ *[0-9]+ \[/ { sub(/^[^]]*\]: */, ""); print substr($0, index($0, " - ") + 3) }' "$root/proc/asound/cards" 2>/dev/null
}

disks() (
  cd "$root/sys/block" 2>/dev/null || exit
  for disk in *; do
    [ -e "./$disk/device" ] || continue
    case $disk in sr* | fd* | *boot[0-9] | *rpmb) continue ;; esac
    maker=$(first "./$disk/device/vendor")
    name=$(first "./$disk/device/model")
    [ -n "$name" ] || name=$(first "./$disk/device/name")
    [ -n "$name" ] || name=$disk
    # What is no maker: the bus, and numbers.
    case $maker in '' | ATA | 0x*) ;; *) name="$maker $name" ;; esac
    # In sectors of 512 bytes; sizes are told as makers count.
    size=$(first "./$disk/size" | awk '/^[1-9][0-9]*$/ {
      gb = $1 / 1953125
      if (gb < 1) printf ", %d MB", gb * 1000 + 0.5
      else if (gb < 1000) printf ", %d GB", gb + 0.5
      else printf ", %s TB", int(gb / 100 + 0.5) / 10
    }')
    printf '%s\n' "$name$size"
  done
)

printf '{"version":1,"name":%s' "$(text "$(uname -n)")"
words model "$(model)"
words system "$(system)"
words processor "$(processor)"
number memoryKiB "$(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' "$root/proc/meminfo" 2>/dev/null)"
disks | each | list disks
graphics | each | list graphics
sound | each | list sound
seen | screens | list screens
links | list links
echo '}'
`
