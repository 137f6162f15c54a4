#!/bin/sh
# Makes a CA and a certificate for each EventStoreDB node, for compose.cluster.yml and for tests.
# Usage: make-certificates.sh FOLDER [NODE=ADDRESS…]
# Leaves FOLDER/ca/ca.crt, FOLDER/ca.key and FOLDER/NODE/node.crt, node.key. What is there stays.
set -eu
umask 022
folder=${1:?usage: make-certificates.sh FOLDER [NODE=ADDRESS ...]}
shift
[ $# -gt 0 ] || set -- node1=172.30.240.11 node2=172.30.240.12 node3=172.30.240.13
days=${CERTIFICATE_DAYS:-825}
mkdir -p "$folder/ca"

if [ ! -f "$folder/ca/ca.crt" ]; then
  openssl req -x509 -newkey rsa:2048 -sha256 -nodes -days "$days" \
    -keyout "$folder/ca.key" -out "$folder/ca/ca.crt" -subj '/O=Deltabook/CN=Deltabook store CA' \
    -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    2>/dev/null
  chmod 600 "$folder/ca.key"
fi

for node in "$@"; do
  name=${node%%=*}
  address=${node#*=}
  [ ! -f "$folder/$name/node.crt" ] || continue
  mkdir -p "$folder/$name"
  # Nodes know each other by the common name, which is the same for all of a cluster.
  openssl req -newkey rsa:2048 -sha256 -nodes -keyout "$folder/$name/node.key" \
    -out "$folder/$name/node.csr" -subj '/CN=eventstoredb-node' 2>/dev/null
  {
    echo "subjectAltName=DNS:$name,DNS:localhost,IP:$address,IP:127.0.0.1"
    echo 'basicConstraints=CA:FALSE'
    echo 'keyUsage=critical,digitalSignature,keyEncipherment'
    echo 'extendedKeyUsage=serverAuth,clientAuth'
  } >"$folder/$name/node.ext"
  openssl x509 -req -sha256 -days "$days" -in "$folder/$name/node.csr" -CA "$folder/ca/ca.crt" \
    -CAkey "$folder/ca.key" -CAserial "$folder/ca.srl" -CAcreateserial \
    -extfile "$folder/$name/node.ext" -out "$folder/$name/node.crt" 2>/dev/null
  rm "$folder/$name/node.csr" "$folder/$name/node.ext"
  # The server's image runs as a user of its own.
  chmod 644 "$folder/$name/node.key"
done
