# shellcheck shell=bash
# People: their keys, their passwords, their accounts and homes on a host. Everybody's home is on each host another one.

# people KIND: the names of those who are users, operators, ...
people() { awk -v kind="$1" '/^[a-z]/ && $3 == kind { print $1 }' "$PEOPLE"; }
people_field() { awk -v name="$1" -v field="$2" '$1 == name { print $field }' "$PEOPLE"; }

# accounts_of HOST: users are everywhere, who works for them only on the display server
accounts_of() {
  people user
  if [ "$(kind "$1")" = server ]; then people operator && people broker; fi
}

# NAME-terminal: from a terminal to the display server. NAME-server: from there to the machines.
make_people_keys() {
  local name
  for name in $(people user); do
    make_key "$name-terminal"
    make_key "$name-server"
  done
}

# NAME.password, of those who may log in
make_secrets() (
  umask 077
  for name in $(people user) $(people operator); do make_secret "$name.password"; done
)

# our_accounts HOST DIRECTORY: our people, added to passwd, group and shadow in the directory
our_accounts() {
  local etc=$2 name number hash shell
  for name in $(accounts_of "$1"); do
    number=$(people_field "$name" 2) hash='*' shell=/bin/bash
    case $(people_field "$name" 3) in
      broker) shell=/usr/sbin/nologin ;;
      *) hash=$(openssl passwd -6 -stdin < "$SECRETS/$name.password") ;;
    esac
    echo "$name:x:$number:$number:$name:/home/$name:$shell" >> "$etc/passwd"
    echo "$name:x:$number:" >> "$etc/group"
    (umask 077 && echo "$name:$hash:19000::::::" >> "$etc/shadow")
  done
  echo "desk:x:7820:$(people user | paste -sd ,)" >> "$etc/group"
}

# accounts HOST: this machine's own accounts, without those who have a name or a number of ours, and ours
accounts() {
  local etc=$RUN/$1/etc names numbers
  names=$(accounts_of "$1" | paste -sd '|')
  numbers=$(awk '/^[a-z]/ { print $2 }' "$PEOPLE" | paste -sd '|')
  grep -vE "^($names):|^[^:]*:[^:]*:($numbers):" /etc/passwd > "$etc/passwd"
  grep -vE "^($names|desk):|^[^:]*:[^:]*:($numbers|7820):" /etc/group > "$etc/group"
  our_accounts "$1" "$etc"
}

# home HOST NAME: with the way on from this host, and the way in to it
home() {
  local host=$1 name=$2 home=$RUN/$1/home/$2 number
  number=$(people_field "$name" 2)
  cp -rT /etc/skel "$(mkdir -p "${home%/*}" && echo "$home")"
  mkdir -p "$home/.ssh"
  case $(kind "$host"):$(people_field "$name" 3) in
    terminal:user) cp "$KEYS/$name-terminal" "$home/.ssh/id_ed25519" ;;
    server:user)
      cp "$KEYS/$name-server" "$home/.ssh/id_ed25519"
      cp "$KEYS/$name-terminal.pub" "$home/.ssh/authorized_keys"
      ;;
    machine:user) cp "$KEYS/$name-server.pub" "$home/.ssh/authorized_keys" ;;
    *:operator) cp "$KEYS/operator.pub" "$home/.ssh/authorized_keys" ;;
  esac
  known_hosts > "$home/.ssh/known_hosts"
  chown -R "$number:$number" "$home"
  chmod -R go= "$home"
}
