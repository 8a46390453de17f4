#!/usr/bin/env bash
# run_dockerfile.sh ROOT      runs packaging/Dockerfile without Docker, in a Debian root (mmdebstrap trixie ROOT)
# run_dockerfile.sh --list    prints the steps
# All stages share the root; COPY copies into it, RUN runs in it, WORKDIR and ENTRYPOINT hold; the last step is the
# entry point with --version.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
target=${1:?"name a Debian root, or --list"}
workdir=/

step() {
  local word=$1 rest=$2
  if [[ $target == --list ]]; then
    printf '%-10s %s\n' "$word" "$rest"
    return
  fi
  printf '== %s %s\n' "$word" "$rest"
  case $word in
    FROM) workdir=/ ;;
    WORKDIR)
      workdir=$rest
      mkdir -p -- "$target$workdir"
      ;;
    COPY)
      local words
      read -r -a words <<<"$rest"
      if [[ ${words[0]} == --from=* ]]; then
        mkdir -p -- "$target${words[2]}"
        cp -a -- "$target${words[1]}/." "$target${words[2]}/"
      else
        mkdir -p -- "$target${words[1]}"
        tar -c --exclude=./build --exclude=./.git -C "$here/.." "${words[0]}" | tar -x -C "$target${words[1]}"
      fi
      ;;
    RUN) "$here/inside_root.sh" "$target" sh -ec "cd $workdir; $rest" ;;
    ENTRYPOINT)
      local entry
      entry=$(tr -d '[]",' <<<"$rest")
      "$here/inside_root.sh" "$target" "$entry" --version
      ;;
    CMD) ;;
    *)
      echo "run_dockerfile.sh: $word is not known" >&2
      return 1
      ;;
  esac
}

# Lines that go on after a backslash are one.
while IFS= read -r line; do
  case $line in
    '#'* | '') continue ;;
  esac
  step "${line%% *}" "${line#* }"
done < <(sed -e ':a' -e '/\\$/N; s/\\\n//; ta' "$here/Dockerfile")
