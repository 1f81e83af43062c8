#!/usr/bin/env bash
# Everything that CI runs: formatting, the build with its warnings as errors, every test, the rules of
# the structure, and short forms of the campaigns. Called by `./weir test`.
set -euo pipefail
cd "$(dirname "$0")/.."

# Tests that need a Debian package say so when it is missing; CI, as root, installs it.
packages=()
command -v gcc >/dev/null || packages+=(gcc libc6-dev)
command -v mkfs.ext4 >/dev/null || packages+=(e2fsprogs)
command -v ip >/dev/null || packages+=(iproute2)
/usr/bin/python3 -c 'import grpc, google.protobuf' 2>/dev/null || packages+=(python3-grpcio python3-protobuf)
command -v prometheus >/dev/null || packages+=(prometheus)
command -v prometheus-node-exporter >/dev/null || packages+=(prometheus-node-exporter)
command -v rsyslogd >/dev/null || packages+=(rsyslog rsyslog-relp)
command -v logger >/dev/null || packages+=(bsdutils)
/usr/bin/python3 -c 'import websockets' 2>/dev/null || packages+=(python3-websockets)
command -v curl >/dev/null || packages+=(curl)
command -v openssl >/dev/null || packages+=(openssl)
/usr/bin/python3 -c 'import statsd' 2>/dev/null || packages+=(python3-statsd)
[ -x /lib/systemd/systemd-journal-remote ] || packages+=(systemd systemd-journal-remote)
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)
if [ "${#packages[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing ${packages[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >/dev/null
  else
    echo "Some tests need Debian's ${packages[*]}; they fail with that message without them." >&2
  fi
fi

# Clients of the npm registry, as they are published; nothing of them is run while they come.
node=quality/it/target/node
if ! cmp -s quality/it/src/test/node/package-lock.json "$node/package-lock.json"; then
  mkdir -p "$node"
  cp quality/it/src/test/node/package.json quality/it/src/test/node/package-lock.json "$node"
  npm ci --prefix "$node" --ignore-scripts --no-audit --no-fund --silent || {
    rm -rf "$node"
    echo "The npm registry could not be reached: the test of @grpc/grpc-js fails and says so." >&2
  }
fi

export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
# Compiling takes half of the time and the checks of the compiler one core: two modules at a time.
# Tests then have the machine to themselves, one module after the other; nothing is compiled again.
mvn -B -ntp -Ppeers -T2 "$@" -DskipTests package
exec mvn -B -ntp -Ppeers "$@" verify
