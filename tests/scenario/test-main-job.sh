#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The main job as ./dev run --headless does it: every step, nothing left running.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

office=$ROOM/office
"$practice/practise" --build "$BUILD" --room "$office" >"$ROOM/job.out" 2>"$ROOM/job.log" || {
  cat "$ROOM/job.out" "$ROOM/job.log" >&2
  broken 'the job'
}
held 'the job ends with exit 0'

for step in $(seq 13); do
  grep -q "^ *$step\. " "$ROOM/job.out" || broken "step $step is missing"
done
held 'each of the 13 steps was said'

# saw WHAT PATTERN [TIMES]
saw() {
  local found
  found=$(grep -Ec -- "$2" "$ROOM/job.out") || true
  [ "$found" = "${3:-1}" ] || broken "$1: '$2' stands $found times instead of ${3:-1}"
  held "$1"
}
saw 'the station was certified' '^station MIG-[A-Z0-9-]+ made in .*, certified by headquarters$'
saw 'every device was there' \
  '^(fingerprint-reader|camera|signature-pad) .* ready *$|^card-reader .* card present$' 4
saw 'check digits of the MRZ' '^check digit of .*: right$' 5
saw 'samples were durable' '; durable$' 6
saw 'sealed records held' '^1 sealed records hold'
saw 'sent once' '^1 sent and receipted, 0 waiting'
saw 'both events were sent' '^2 sent and receipted, 0 waiting'
saw 'sending again changed nothing' '^0 sent and receipted, 0 waiting'
saw 'acknowledged' ' enrolment +acknowledged '
saw 'an order came' ' order +new '
saw 'a document was issued' '^document [A-Z0-9]+ issued on blank C0000001; read back from the chip:$'
saw 'the chip was locked' '^  locked +passed'
saw 'access control, twice' '^  access-control +passed' 2
saw 'passive authentication, twice' '^  sod-signature +passed' 2
saw 'the holder was verified' '^holder verified: right-index, score [0-9]+ \(300 needed\), attempt 1$'
saw 'the document on the desk was the one of the order' '^chip compared: DG1 and SOD are those of the order$'
saw 'the document was delivered' '^document [A-Z0-9]+ delivered$'
saw 'the blank was delivered' '^C0000001 .* delivered$'
saw 'headquarters knows' '  delivered  TB-.* X00000001  foreigner-card$'
saw 'no check failed' '^  [a-zA-Z0-9-]+ +FAILED' 0
saw 'the audit log' '^[0-9]+ entries hold; headquarters countersigned the first [0-9]+$'
grep -q 'exchange not finished: .*; go on working' "$ROOM/job.log" ||
  broken 'nothing was said while headquarters was away'
held 'while headquarters was away, that was said'

tracking=$(sed -n 's/^tracking number \(.*\)$/\1/p' "$ROOM/job.out")
[ -n "$tracking" ] || broken 'no tracking number'
same 'the receipt is a PDF' "$(head -c 5 "$office/receipt.pdf")" '%PDF-'
pdftotext -layout "$office/receipt.pdf" "$ROOM/receipt.txt"
grep -qF "$tracking" "$ROOM/receipt.txt" || broken "the receipt does not show $tracking"
held 'the receipt shows the tracking number'
! grep -qiE 'eriksson|L898902C3' "$ROOM/receipt.txt" || broken 'the receipt names the applicant'
held 'the receipt names nobody'

# finish looks again; here it has to hold without anything being stopped first.
wait_for_nobody >"$ROOM/left" || { cat "$ROOM/left"; broken 'left running'; }
held 'nothing is left running'
[ -z "$(ls -A "$office/desk")" ] || broken "the desk left $(ls -A "$office/desk")"
held 'the desk is clear'
