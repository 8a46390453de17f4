#!/usr/bin/env bash
# ./dev demo: makes an 8K HDR10 clip, transcodes it to an HLG HEVC transport stream and to an SDR AV1
# fragmented MP4, and says what was done. The outputs stay in build/demo.
#   demo.sh PROGRAM [FRAMES]
set -euo pipefail
program=$1
frames=${2:-50}
out=build/demo

bold='' plain=''
if [[ -t 1 ]]; then bold=$'\033[1m' plain=$'\033[0m'; fi
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
# step TITLE COMMAND...: runs and times one step.
step() {
  local title=$1 started=$EPOCHREALTIME
  shift
  say "$title"
  printf '  %s\n' "$*"
  "$@"
  printf '  %.1f s\n' "$(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')"
}
# told REPORT: what a report says was converted, kept and dropped, and what the judge found.
told() {
  python3 - "$1" <<'END'
import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8"))
for kind in ("converted", "kept", "assumed", "dropped"):
    for what in report[kind]:
        print(f"  {kind:10s} {what}")
print(f"  judged     {sum(c['passed'] for c in report['judge']['checks'])} of {len(report['judge']['checks'])} checks passed: "
      + ", ".join(c["property"] for c in report["judge"]["checks"]))
stages = ", ".join(f"{s['name']} {100 * s['load']:.0f} %" for s in report["timing"]["stages"])
print(f"  stages     {stages}; memory {report['memory']['peak_resident_bytes'] / 1e9:.1f} GB, "
      f"planned {report['memory']['planned_bytes'] / 1e9:.1f} GB")
END
}

mkdir -p "$out"
rm -f "$out"/*.{mp4,ts,png,json}
started=$EPOCHREALTIME

step "1. An 8K HDR10 source: 7680x4320, 50 fps, PQ BT.2020, mastering display and light level, AAC" \
  "$program" generate "$out/source.mp4" --size 7680x4320 --fps 50 --frames "$frames" --color pq --crf 22 --report "$out/source.json"
step "2. To broadcast: HLG BT.2020 HEVC in a transport stream, level and HRD stated, key frame each second" \
  "$program" transcode "$out/source.mp4" -o "$out/channel_hlg.ts" --color hlg --speed ultrafast --bitrate 80M --mux.service-name "Jinsha 8K" \
  --report "$out/channel_hlg.json"
told "$out/channel_hlg.json"
step "3. To the web: SDR BT.709 AV1 in fragmented MP4, tone mapped by the BT.2390 EETF" \
  "$program" transcode "$out/source.mp4" -o "$out/web_sdr.mp4" --encoder svt-av1 --speed 12 --crf 35 --color sdr --report "$out/web_sdr.json"
told "$out/web_sdr.json"

middle="#$((frames / 2))-"
step "4. One frame before and after, as 16-bit PNG" \
  "$program" transcode "$out/source.mp4" -o "$out/before.png" --range "$middle" --frames 1 --progress none
"$program" transcode "$out/channel_hlg.ts" -o "$out/after_hlg.png" --range "$middle" --frames 1 --progress none
"$program" transcode "$out/web_sdr.mp4" -o "$out/after_sdr.png" --range "$middle" --frames 1 --progress none

say "Done in $(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.0f", b - a }') s. The files:"
for file in "$out"/*; do printf '  %12d  %s\n' "$(stat -c %s -- "$file")" "$file"; done
cat <<END
  source.mp4       the HDR10 source          before.png     one frame of it, PQ code values
  channel_hlg.ts   the channel               after_hlg.png  the same frame, HLG code values
  web_sdr.mp4      the web version           after_sdr.png  the same frame as any screen shows it
  *.json           the reports: source, plan, what was kept, converted, dropped, timings, the judge's checks
Look further:
  $program verify $out/channel_hlg.ts
  $program probe $out/source.mp4
END
