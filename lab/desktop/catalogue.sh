# shellcheck shell=bash
# The machine as people choose it: a system more in the catalogue, a broker who may start it, and the key by which it is known.
. "$LAB/display/config.sh"

# shellcheck disable=SC2034 # used by it
DISPLAY_PART=$LAB/display

# The user of the broker, as docs/desk-broker.md has it, on a hypervisor: one who may do with machines what libvirt can.
broker_account() {
  # shellcheck disable=SC2016
  on_hypervisor "$1" sh -ec '
    grep -q ^vdd-desk: /etc/passwd && exit
    echo "vdd-desk:x:7810:7810::/run/vdd-desk:/bin/sh" >> /etc/passwd
    echo "vdd-desk:x:7810:" >> /etc/group
    echo "vdd-desk:*:19000::::::" >> /etc/shadow
    sed -i "s/^libvirt:.*:/&vdd-desk/" /etc/group
    install -d -o vdd-desk -g vdd-desk -m 700 /run/vdd-desk /run/vdd-desk/.ssh
    echo "$1" > /run/vdd-desk/.ssh/authorized_keys' sh "$(cat "$KEYS/broker.pub")"
}

# to_server FILE MODE OWNER: standard input, as this file of the display server
to_server() {
  # shellcheck disable=SC2016
  on_server sh -ec 'cat > "$1" && chmod "$2" "$1" && chown "$3" "$1"' sh "$@"
}

# broker_home: its key to the hypervisors, and what they are known by
broker_home() {
  to_server /home/vdd-desk/.ssh/id_ed25519 600 vdd-desk: < "$KEYS/broker"
  to_server /home/vdd-desk/.ssh/known_hosts 600 vdd-desk: < "$STATE/virt/ssh/known_hosts"
}

hypervisor_lines() {
  local host
  for host in $(hypervisors); do
    printf '  - {name: %s, address: %s, user: vdd-desk}\n' "$host" "$(awk -v host="$host" '$1 == host { print $2 }' "$LAB/virt/hosts")"
  done
}

open_catalogue() {
  local host
  for host in $(hypervisors); do broker_account "$host"; done
  broker_home
  for host in $(host_names); do machine_known "$host"; done | to_server /etc/ssh/ssh_known_hosts 644 root:
  { own_config disp1 | sed "/^hosts:/r "<(hypervisor_lines) && cat "$DESKTOP/system.yaml"; } | to_server /etc/vdd/vdd.yaml 644 root:
  cat "$LAB/display/host/desk.yaml" "$DESKTOP/system.yaml" > "$DISPLAYS/run/settings.yaml"
}

close_catalogue() {
  own_config disp1 | to_server /etc/vdd/vdd.yaml 644 root:
  cp "$LAB/display/host/desk.yaml" "$DISPLAYS/run/settings.yaml"
}
