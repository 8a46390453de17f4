#!/usr/bin/env bash
# Every script of the project through shellcheck: *.sh and files that begin with a shell's "#!".
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
scripts=()
while IFS= read -r -d '' file; do
  if [[ $file == *.sh ]] || head -c 64 -- "$file" | head -n 1 | grep -qE '^#!.*\b(ba)?sh\b'; then
    scripts+=("$file")
  fi
done < <(find dev .ci bench packaging tests -type f -not -path '*/corpus/*' -print0)
shellcheck --severity=style "${scripts[@]}"
echo "${#scripts[@]} scripts"
