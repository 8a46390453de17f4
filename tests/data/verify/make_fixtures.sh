#!/usr/bin/env bash
# Makes the small streams the tests of src/verify start from, with the command line tools of
# FFmpeg, x265 and SVT-AV1: writers that share nothing with ours. Generated content only.
# The results are committed, so that every machine judges the same bytes; run this again only to
# change them (then read the expectations in tests/unit/verify/fixtures_helper.cpp again).
# Made with Debian 12: FFmpeg 5.1, x265 3.5, SVT-AV1 1.4.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Standing bars: so little to code that constant bit rate needs fillers.
source=(-f lavfi -i "smptehdbars=s=256x144:r=60000/1001" -f lavfi -i "sine=f=440:r=48000,pan=stereo|c0=c0|c1=c0")
hdr='colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:range=limited:chromaloc=2:hdr10=1:max-cll=1000,400'
hdr+=':master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)'
# Key frames at 0, 24, 30 (forced), 54.
gop='keyint=24:min-keyint=1:scenecut=0:open-gop=0:bframes=3:repeat-headers=1:aud=1:info=0:sar=1:log-level=0'

# 1. HDR10, strict CBR with HRD, audio AAC and AC-3: transport stream, fragmented MP4, byte stream.
ffmpeg -v error -y "${source[@]}" -frames:v 60 -t 1.001 -map 0:v -map 1:a -map 1:a -pix_fmt yuv420p10le \
  -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -color_range tv \
  -c:v libx265 -preset ultrafast -force_key_frames 'expr:eq(n,30)' -forced-idr 1 \
  -x265-params "bitrate=160:vbv-maxrate=160:vbv-bufsize=48:strict-cbr=1:hrd=1:level-idc=2.1:$gop:$hdr" \
  -c:a:0 aac -b:a:0 32k -c:a:1 ac3 -b:a:1 64k -metadata:s:a:0 language=eng -metadata:s:a:1 language=zho \
  -metadata service_name="Jinsha 测试" -metadata service_provider="Jinsha" \
  -f tee "[f=mpegts:muxrate=500000:pcr_period=20:mpegts_flags=+system_b:mpegts_start_pid=0x100:mpegts_pmt_start_pid=0x1000:mpegts_service_id=7]hevc_hdr10_cbr.ts|[f=mp4:video_track_timescale=60000]$work/whole.mp4|[select=v:f=hevc]hevc_hdr10_cbr.hevc"
ffmpeg -v error -y -i "$work/whole.mp4" -map 0 -c copy -tag:v hvc1 -video_track_timescale 60000 \
  -movflags +frag_keyframe+delay_moov+default_base_moof "$work/hevc.mp4"
python3 add_hdr_boxes.py "$work/hevc.mp4" hevc_hdr10_cbr.mp4

# 2. SDR, VBV without HRD, no B pictures: byte stream.
ffmpeg -v error -y -f lavfi -i "testsrc2=s=320x180:r=50" -frames:v 50 -pix_fmt yuv420p -c:v libx265 -preset ultrafast \
  -x265-params "crf=38:vbv-maxrate=200:vbv-bufsize=200:colorprim=bt709:transfer=bt709:colormatrix=bt709:range=limited:bframes=0:keyint=25:min-keyint=25:scenecut=0:open-gop=0:repeat-headers=1:info=0:sar=1:log-level=0" \
  hevc_sdr_vbv.hevc

# 3. AV1 HDR10: IVF, OBUs, fragmented MP4 with AAC.
ffmpeg -v error -y -f lavfi -i "testsrc2=s=256x144:r=50" -frames:v 50 -pix_fmt yuv420p10le -strict -1 "$work/av1.y4m"
SvtAv1EncApp -i "$work/av1.y4m" -b "$work/av1.ivf" --preset 8 --crf 55 --keyint 24 --irefresh-type 2 --lp 1 \
  --color-primaries 9 --transfer-characteristics 16 --matrix-coefficients 9 --color-range 0 --chroma-sample-position topleft \
  --mastering-display "G(0.265,0.69)B(0.15,0.06)R(0.68,0.32)WP(0.3127,0.329)L(1000.0,0.0001)" \
  --content-light 1000,400 >"$work/log" 2>&1
ffmpeg -v error -y -i "$work/av1.ivf" -c copy -f ivf av1_hdr10.ivf
ffmpeg -v error -y -i "$work/av1.ivf" -c copy -f obu av1_hdr10.obu
ffmpeg -v error -y -i "$work/av1.ivf" -f lavfi -i "sine=f=440:r=48000" -map 0:v -map 1:a -c:v copy -c:a aac -b:a 32k -t 1 \
  -movflags +frag_keyframe+delay_moov+default_base_moof -video_track_timescale 50000 -f mp4 "$work/av1.mp4"
python3 add_hdr_boxes.py "$work/av1.mp4" av1_hdr10.mp4
ls -l
