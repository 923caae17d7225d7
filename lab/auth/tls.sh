# shellcheck shell=bash
# Certificates, made once per state directory: ca.pem, and HOST.pem and HOST.key for each host.

# openssl-ca(1), because it is what sets the dates of a certificate freely
ca_config() {
  cat << END
[ca]
default_ca = lab
[lab]
database = $1/index
serial = $1/serial
new_certs_dir = $1
certificate = $1/ca.pem
private_key = $1/ca.key
default_md = sha256
policy = any
copy_extensions = copy
x509_extensions = host
unique_subject = no
[any]
commonName = supplied
[host]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, clientAuth
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
END
}

new_key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)

# host_certificate DIRECTORY HOST: expired means valid from 2020 to 2021, otherwise the CA's hand
host_certificate() {
  local dates=(-days 3650)
  [ "$(certificate "$2")" = good ] || dates=(-startdate 20200101000000Z -enddate 20210101000000Z)
  openssl req -new -config "$1/ca.cnf" "${new_key[@]}" -subj "/CN=vdd-$2" -addext "subjectAltName=IP:$(address "$2"),DNS:$2,DNS:vdd-$2" \
    -keyout "$1/$2.key" -out "$1/$2.csr"
  openssl ca -batch -notext -config "$1/ca.cnf" "${dates[@]}" -in "$1/$2.csr" -out "$1/$2.pem"
}

# In a directory that gets its name when it is complete: an "up" that was killed leaves no half of it.
make_certificates() (
  umask 077
  [ -e "$TLS" ] && exit
  new=$TLS.new
  rm -rf "$new"
  mkdir -p "$new"
  ca_config "$new" > "$new/ca.cnf"
  : > "$new/index"
  echo 01 > "$new/serial"
  {
    openssl req -x509 -config "$new/ca.cnf" -extensions root "${new_key[@]}" -days 3650 -subj '/CN=vdd lab' -keyout "$new/ca.key" -out "$new/ca.pem"
    for host in $(host_names); do host_certificate "$new" "$host"; done
  } > "$RUN/tls.log" 2>&1 || fail "no certificates: $(tail -n 1 "$RUN/tls.log")"
  rm -f "$new"/{ca.cnf,index*,serial*,*.csr,[0-9]*.pem}
  mv "$new" "$TLS"
)
