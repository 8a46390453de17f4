#!/usr/bin/env bash
# check_deb.sh SUITE [DEB]: installs the package of build/packages (or DEB) in a bare Debian of SUITE (bookworm,
# trixie), which must be the one it was built on, and uses it there: version, a job, its verdict, the manual, the
# completion, the library from C. Run as root; it needs mmdebstrap and lintian (./dev setup package ci).
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
suite=${1:?"name a suite: bookworm or trixie"}
packages=("${2:-}")
if [[ -z ${packages[0]} ]]; then packages=("$here"/../build/packages/jinsha_*.deb); fi
[[ ${#packages[@]} -eq 1 && -f ${packages[0]} ]] || { echo "there is no package: run ./dev package"; exit 1; }
deb=$(cd -- "$(dirname -- "${packages[0]}")" && pwd)/$(basename -- "${packages[0]}")

dpkg-deb --info "$deb"
# Whoever publishes packages puts an address in; one package with program, library and headers is meant; and CPack
# calls ldconfig from scripts too, which does no harm.
not_here=bogus-mail-host,bogus-mail-host-in-debian-changelog
not_here+=,package-name-doesnt-match-sonames,link-to-shared-library-in-wrong-package,maintscript-calls-ldconfig
if command -v lintian >/dev/null; then lintian --allow-root --fail-on error,warning --suppress-tags "$not_here" "$deb"; fi

root=$(mktemp -d "${TMPDIR:-/var/tmp}/jinsha-deb.XXXXXX")
chmod 755 "$root"
trap 'rm -rf --one-file-system -- "$root"' EXIT
mmdebstrap --quiet --variant=apt "$suite" "$root" "${JINSHA_CI_MIRROR:-http://deb.debian.org/debian}"
cp -- "$deb" "$root/root/jinsha.deb"
cp -- "$here/../tests/consumer/consumer.c" "$root/root/"
# shellcheck disable=SC2016 # expanded inside
"$here/inside_root.sh" "$root" bash -euo pipefail -c '
  cd /root
  apt-get -qq update
  apt-get -qq install --yes --no-install-recommends -o Dpkg::Use-Pty=0 ./jinsha.deb >/dev/null
  jinsha --version
  jinsha presets hd-sdr >/dev/null
  cat >job.toml <<END
preset = "hd-sdr"
input = "generate:320x180@50,frames=25,color=pq"
output = "out.ts"
size = "320x180"
speed = "ultrafast"
END
  jinsha run job.toml
  jinsha verify out.ts >/dev/null
  [[ $(zcat /usr/share/man/man1/jinsha.1.gz | head -c 3) == ".\\\"" ]]
  source /usr/share/bash-completion/completions/jinsha
  COMP_WORDS=(jinsha presets hd) COMP_CWORD=2
  _jinsha
  [[ ${COMPREPLY[0]} == hd-sdr ]]
  apt-get -qq install --yes --no-install-recommends -o Dpkg::Use-Pty=0 gcc libc6-dev pkg-config >/dev/null
  gcc consumer.c -o consumer $(pkg-config --cflags --libs jinsha)
  ./consumer c.ts
  apt-get -qq purge --yes jinsha >/dev/null
  if [[ -e /usr/bin/jinsha || -d /usr/share/doc/jinsha || -d /usr/include/jinsha ]]; then
    echo "files are left after purge"
    exit 1
  fi'
echo "$(basename -- "$deb") works on a bare $suite"
