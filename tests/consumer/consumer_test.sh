#!/usr/bin/env bash
# consumer_test.sh BUILD: installs that build into an empty prefix, moves the prefix, and builds and runs two
# programs against it as somebody else would: C with pkg-config, C++ with find_package.
set -euo pipefail
build=$(cd -- "$1" && pwd)
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/jinsha-consumer.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
# A folder that was never configured anywhere, with a space in its name.
prefix="$work/a prefix"
cmake --install "$build" --prefix "$work/first" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
mv -- "$work/first" "$prefix"

# Everything that belongs to an installation is there.
for file in bin/jinsha include/jinsha/jinsha.h include/jinsha/jinsha.hpp share/man/man1/jinsha.1.gz \
  share/bash-completion/completions/jinsha share/doc/jinsha/README.md share/doc/jinsha/README.zh-CN.md \
  share/doc/jinsha/presets/hd-sdr.toml share/doc/jinsha/examples/web-4k.json share/doc/jinsha/copyright \
  share/jinsha/LICENSE share/jinsha/job.schema.json; do
  [[ -s $prefix/$file ]] || { echo "$file is not installed"; exit 1; }
done
pc=$(find "$prefix" -name jinsha.pc)
library=$(dirname -- "$(dirname -- "$pc")")
if grep -rIlF -e "$build" -e "$work/first" "$prefix"; then
  echo "the files above know where they were built"
  exit 1
fi

export PKG_CONFIG_PATH="${pc%/*}" LD_LIBRARY_PATH="$library"
# pkg-config quotes the space for a shell.
flags=()
eval "flags=($(pkg-config --cflags --libs jinsha))"
"${CC:-cc}" -std=c99 -Wall -Wextra -pedantic -Werror "$here/consumer.c" -o "$work/consumer_c" "${flags[@]}"
"$work/consumer_c" "$work/c.ts"
"$prefix/bin/jinsha" verify "$work/c.ts" >/dev/null

cmake -S "$here" -B "$work/cpp" -DCMAKE_PREFIX_PATH="$prefix" >"$work/configure.log" || { cat "$work/configure.log"; exit 1; }
cmake --build "$work/cpp" >"$work/build.log" || { cat "$work/build.log"; exit 1; }
cat >"$work/job.toml" <<'END'
preset = "web-4k-av1-hdr"
input = "generate:320x180@50,frames=10,color=pq"
size = "320x180"
maxrate = "2M"
speed = "12"
END
"$work/cpp/consumer_cpp" "$work/job.toml" "$work/cpp.mp4"
"$prefix/bin/jinsha" verify "$work/cpp.mp4" >/dev/null
