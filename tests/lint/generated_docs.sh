#!/usr/bin/env bash
# Documents that the program writes itself. --check PROGRAM fails when one of them differs from what
# PROGRAM says now; --write PROGRAM brings them up to date (./dev docs).
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

# One row a document: the file, then the arguments that print it.
documents=(
  "docs/options.md help --markdown"
  "configs/job.schema.json help --schema"
  "packaging/jinsha.1 help --man"
  "packaging/jinsha.bash help --completion"
)

if [[ $# -ne 2 || ! ($1 == --check || $1 == --write) ]]; then
  echo "usage: generated_docs.sh --check|--write PROGRAM" >&2
  exit 2
fi
mode=$1
program=$2
status=0
fresh=$(mktemp)
trap 'rm -f -- "$fresh"' EXIT
for row in "${documents[@]}"; do
  read -r -a words <<<"$row"
  document=${words[0]}
  "$program" "${words[@]:1}" >"$fresh" </dev/null
  if [[ $mode == --write ]]; then
    cp -- "$fresh" "$document"
    chmod 644 -- "$document"
  elif ! diff -u -- "$document" "$fresh"; then
    echo "$document differs from '$(basename -- "$program") ${words[*]:1}': run ./dev docs and commit it"
    status=1
  fi
done
exit "$status"
