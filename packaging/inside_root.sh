#!/usr/bin/env bash
# inside_root.sh ROOT COMMAND...: runs a command in the Debian root ROOT as a machine of its own, as root: /proc,
# /sys and /dev are mounted in a private namespace and gone when it ends. The environment is fresh.
set -euo pipefail
root=$(cd -- "$1" && pwd)
shift
[[ $root != / ]] || { echo "inside_root.sh: / is this machine itself" >&2; exit 2; }
if ! unshare --mount true 2>/dev/null; then
  echo "inside_root.sh: this user may not make a mount namespace; run it as root" >&2
  exit 1
fi
cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
environment=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive)
for name in http_proxy https_proxy no_proxy; do
  if [[ -n ${!name:-} ]]; then environment+=("$name=${!name}"); fi
done
# shellcheck disable=SC2016 # expanded inside
exec unshare --mount --pid --fork --kill-child bash -euo pipefail -c '
  root=$1 count=$2
  shift 2
  mount -t proc proc "$root/proc"
  mount -t sysfs -o ro sysfs "$root/sys"
  mount --rbind /dev "$root/dev"
  exec chroot "$root" env -i "${@:1:count}" "${@:count+1}"' - "$root" "${#environment[@]}" "${environment[@]}" "$@"
