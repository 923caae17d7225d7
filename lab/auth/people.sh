# shellcheck shell=bash
# What the directory contains: 400 people, and the accounts of services. Passwords are in clear: this is a lab, and hashes
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
}

# A time that is none: slapadd -q does not check values, slapadd(8).
odd_ldif() {
  printf 'dn: dc=odd\nobjectClass: dcObject\nobjectClass: organization\ndc: odd\no: Odd\ncontextCSN: 20269999999999.000000Z#000000#000#000000\n\n'
}
