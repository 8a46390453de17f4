#!/usr/bin/env bash
# exports_test.sh LIBRARY HEADER: the shared library exports every function the header declares, under
# the version of packaging/jinsha.map, and nothing else.
set -euo pipefail
library=$1
header=$2

exported=$(nm --dynamic --defined-only "$library" | awk '$2 != "A" { print $3 }' | sort)
declared=$(sed -e 's://.*$::' "$header" | tr '\n' ' ' | sed -e 's:/\*[^*]*\*\+\([^/*][^*]*\*\+\)*/: :g' |
  grep -oE '\bJINSHA_API\b[^;{]*' | grep -oE '\bjinsha_[a-z0-9_]+ *\(' | tr -d ' (' | sort -u)
if [[ -z $declared ]]; then
  echo "$header declares no function with JINSHA_API"
  exit 1
fi
if ! diff <(printf '%s\n' "${declared//$'\n'/@@JINSHA_0$'\n'}@@JINSHA_0") <(printf '%s\n' "$exported"); then
  echo "< declared in $header, > exported by $library"
  exit 1
fi
echo "$(wc -l <<<"$exported") functions exported"
