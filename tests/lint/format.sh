#!/usr/bin/env bash
# clang-format over every C++ file: --check lists what differs, --write rewrites it.
# The layout differs between versions of clang-format, so one version decides: 14, Debian 12's.
# Without it the check is skipped (exit status 77).
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

formatter=
for candidate in clang-format-14 clang-format; do
  if command -v "$candidate" >/dev/null && "$candidate" --version | grep -q 'version 14\.'; then
    formatter=$candidate
    break
  fi
done
if [[ -z $formatter ]]; then
  echo "skipped: clang-format 14 is not here (Debian 12 has it; ./dev setup lint)"
  exit 77
fi

case ${1:-} in
  --check) options=(--dry-run --Werror) ;;
  --write) options=(-i) ;;
  *) echo "usage: format.sh --check | --write" >&2; exit 2 ;;
esac
folders=()
for folder in src kernels include tests bench; do
  [[ -d $folder ]] && folders+=("$folder")
done
find "${folders[@]}" -type f \( -name '*.h' -o -name '*.hpp' -o -name '*.cpp' -o -name '*.c' -o -name '*.cu' \) -print0 |
  xargs -0 --no-run-if-empty -n 20 -P 2 "$formatter" "${options[@]}"
