# shellcheck shell=bash
# What the directory contains: 400 people, groups of two of them, and the accounts of services. Passwords are in clear: this is a lab, and hashes
# would only make "up" slower.

service() {
  printf 'dn: cn=%s,ou=services,dc=example,dc=org\nobjectClass: simpleSecurityObject\nobjectClass: organizationalRole\ncn: %s\nuserPassword: %s\n\n' \
    "$1" "$1" "$(secret "$2")"
}

# vdd looks, blind may not read cn=Monitor, repl replicates, radius is FreeRADIUS
people_ldif() {
  local unit n
  printf 'dn: dc=example,dc=org\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n'
  for unit in people services; do printf 'dn: ou=%s,dc=example,dc=org\nobjectClass: organizationalUnit\nou: %s\n\n' $unit $unit; done
  service vdd ldap.password
  for n in blind repl radius; do service $n $n.password; done
  for n in {1..400}; do
    printf 'dn: uid=user%d,ou=people,dc=example,dc=org\nobjectClass: inetOrgPerson\nuid: user%d\ncn: User %d\nsn: Number %d\nmail: user%d@example.org\nuserPassword: pw%d\n\n' \
      "$n" "$n" "$n" "$n" "$n" "$n"
  done
  groups_ldif
}

# Two people who have accounts, too, and groups of each of the usual shapes: RFC 2307, and groups that name entries.
groups_ldif() {
  local base=dc=example,dc=org n
  for n in 1 2; do
    printf 'dn: uid=desk%d,ou=people,%s\nobjectClass: inetOrgPerson\nobjectClass: posixAccount\nuid: desk%d\ncn: Desk %d\nsn: Desk\nuidNumber: %d\ngidNumber: 2000\nhomeDirectory: /home/desk%d\n\n' \
      "$n" "$base" "$n" "$n" $((2000 + n)) "$n"
  done
  printf 'dn: ou=groups,%s\nobjectClass: organizationalUnit\nou: groups\n\n' "$base"
  printf 'dn: cn=people,ou=groups,%s\nobjectClass: posixGroup\ncn: people\ngidNumber: 2000\n\n' "$base"
  printf 'dn: cn=class 3b,ou=groups,%s\nobjectClass: posixGroup\ncn: class 3b\ngidNumber: 2003\nmemberUid: desk1\n\n' "$base"
  printf 'dn: cn=teachers,ou=groups,%s\nobjectClass: groupOfNames\ncn: teachers\nmember: uid=desk1,ou=people,%s\n\n' "$base" "$base"
  printf 'dn: cn=library,ou=groups,%s\nobjectClass: groupOfUniqueNames\ncn: library\nuniqueMember: uid=desk2,ou=people,%s\n\n' "$base" "$base"
}

# A time that is none: slapadd -q does not check values, slapadd(8).
odd_ldif() {
  printf 'dn: dc=odd\nobjectClass: dcObject\nobjectClass: organization\ndc: odd\no: Odd\ncontextCSN: 20269999999999.000000Z#000000#000#000000\n\n'
}
