#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Devices that misbehave in the middle of a case: for each fault the sentence that the clerk reads, the samples
# taken so far, and the next attempt as soon as the cause is gone.
# shellcheck source=tests/scenario/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

office_make >"$ROOM/office.out"
desk_start
at_desk enrol --portrait camera >"$ROOM/enrol.out" 2>&1 || true
case=$(newest_case)
same 'samples of the case so far' "$(case_value "$case" samples)" 1

resume() {
  at_desk tamboctl case resume "$case" "$@"
}

# The case as before; a device of KIND works again. Each capture takes seconds: where time is short, once for
# each kind of trouble is enough.
recovers() {
  [ "$(case_value "$case" samples)" = 1 ] || broken 'a sample was lost'
  case ${TAMBO_LONG_TESTS:-}${2:-} in
  1* | *unplug* | *garbage* | stuck | killed) ;;
  *) return 0 ;;
  esac
  expect 0 '' at_desk tamboctl capture "$1" -o "$ROOM/again"
  held '  … the case is as it was, and the next attempt works'
}

# fails DEVICE FAULT KIND PATTERN WORD…: a fault, the sentence, and the way back.
fails() {
  local device=$1 fault=$2 kind=$3 pattern=$4
  shift 4
  control "$device" fault "$fault"
  refused 4 "$pattern" "$device, $fault" resume "$@"
  case $fault in unplug*) control "$device" plug ;; esac
  control "$device" fault none
  recovers "$kind" "$fault"
}

finger=(--finger right-index=sensor)
fails finger busy@1 finger 'the fingerprint reader is held by another program; close the program' "${finger[@]}"
fails finger error@2 finger 'sent something that its driver does not understand; switch the device off' "${finger[@]}"
fails finger unplug@1 finger 'the fingerprint reader was unplugged; connect the device again' "${finger[@]}"
fails finger unplug@2 finger 'the fingerprint reader was unplugged; connect the device again' "${finger[@]}"

pad=(--signature pad)
fails pad garbage signature 'the signature pad sent a malformed .* report' "${pad[@]}"
fails pad short@40 signature 'the signature pad sent a malformed pen report of 4 bytes; switch the device off' "${pad[@]}"
fails pad encrypted@40 signature 'encrypts for another program; close the program' "${pad[@]}"
fails pad unplug@60 signature 'the signature pad was unplugged; connect the device again' "${pad[@]}"
if [ "${TAMBO_LONG_TESTS:-}" = 1 ]; then
  fails pad hang@2 signature 'the signature pad does not tell its size; switch the device off' "${pad[@]}"
fi

# Another program has the pad open, here the one that plays it: it is named.
control pad fault busy
refused 4 'the signature pad is held by tambo-simulator \(process [0-9]+\); close the program' \
  'a pad that another has' resume "${pad[@]}"
control pad fault none

# The camera, which the case has: a capture of its own.
# camera_fails FAULT PATTERN
camera_fails() {
  control camera fault "$1"
  refused 4 "$2" "camera, $1" at_desk tamboctl capture portrait -o "$ROOM/portrait"
  case $1 in unplug*) control camera plug ;; esac
  control camera fault none
  recovers portrait "$1"
}

camera_fails busy 'the camera is busy with itself and takes no command'
camera_fails stuck 'the device did not answer within 4.0 s; switch the device off'
camera_fails close 'no camera answers at ptpip:.*; switch the device off'
# libgphoto2 gives up a read after 2.5 s and goes on with the next; noise may be worth several.
silent='(no camera answers at ptpip:.*|the device did not answer within 4.0 s); switch the device off'
camera_fails garbage "$silent"
if [ "${TAMBO_LONG_TESTS:-}" = 1 ]; then
  camera_fails hang "$silent"
fi
camera_fails error 'no camera answers at ptpip:.*: PTP General Error; switch the device off'
camera_fails unplug@12 'no camera answers at ptpip:.*; switch the device off'
# A line that drops once is taken up again, and the clerk hears nothing of it.
for fault in close@12 hang@12; do
  control camera fault "$fault"
  check "camera, $fault: the picture comes all the same" \
    at_desk tamboctl capture portrait -o "$ROOM/portrait"
done
control camera fault none

# One that is slow is not taken for one that hangs: its picture takes longer than a camera may be silent.
seconds=6
[ "${TAMBO_LONG_TESTS:-}" != 1 ] || seconds=15
echo "slow $(($(stat -c %s "$ROOM/portrait") / seconds))" >"$ROOM/line"
# shellcheck disable=SC2016 # among the devices
"$python" "$scenario/proxy.py" "$(at_desk sh -c 'echo "${TAMBO_CAMERA_PORT##*:}"')" "$ROOM/line" >"$ROOM/proxy.out" &
started+=($!)
for _ in $(seq 300); do
  [ ! -s "$ROOM/proxy.out" ] || break
  sleep 0.1
done
slow_port=$(sed 's/.* //' "$ROOM/proxy.out")
sed -i "s/^export TAMBO_CAMERA_PORT=.*/export TAMBO_CAMERA_PORT=ptpip:127.0.0.1:$slow_port:$slow_port/" "$ROOM/desk.env"
before=$(date +%s)
check 'a camera on a slow line: the picture comes' at_desk tamboctl capture portrait -o "$ROOM/portrait"
after=$(date +%s)
[ $((after - before)) -ge "$seconds" ] || broken "after $((after - before)) s: the line was not slow"
held "  … after $((after - before)) s"

# That of this desk: other tests have theirs.
helper_of_pad() {
  local pid
  for pid in $(pgrep -f "^$BUILD/src/capture/tambo-capture-helper pad" || true); do
    case $(tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" || true) in
    *"UMOCKDEV_DIR=$ROOM/"*) echo "$pid"; return 0 ;;
    esac
  done
}

# The helper is killed while the applicant signs.
control pad fault hang@30
resume "${pad[@]}" >"$ROOM/out" 2>"$ROOM/err" &
resuming=$!
for _ in $(seq 300); do
  helper=$(helper_of_pad)
  [ -z "$helper" ] || break
  sleep 0.1
done
sleep 0.5
kill -KILL "$helper"
status=0
wait "$resuming" || status=$?
same 'a helper that is killed: exit code' "$status" 4
one_line 'the capture helper died' || broken "$(cat "$ROOM/err")"
held "  … $(cat "$ROOM/err")"
control pad fault none
recovers signature killed

# Everything in its place again: the case goes on to its seal.
resume "${finger[@]}" --finger left-index=sensor "${pad[@]}" \
  --document "travel-document=$practice/travel-document.png" >"$ROOM/out" 2>&1 || broken "$(cat "$ROOM/out")"
held 'the case is sealed at last'
everything_holds
