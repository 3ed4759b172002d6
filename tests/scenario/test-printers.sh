#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Printers of a print service of the test's own (CUPS), and what each is out of.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
PATH=$PATH:/usr/sbin
command -v cupsd >/dev/null || skip 'no cupsd'

service=$TMPDIR/cups
mkdir -p "$service"/{root,run,cache,spool}
export CUPS_SERVER=$service/socket
cat >"$service/root/cupsd.conf" <<END
Listen $CUPS_SERVER
Browsing No
WebInterface No
<Location />
  Order allow,deny
  Allow all
</Location>
END
cat >"$service/root/cups-files.conf" <<END
ServerRoot $service/root
StateDir $service/run
CacheDir $service/cache
RequestRoot $service/spool
AccessLog $service/access
ErrorLog $service/error
PageLog $service/page
FileDevice Yes
END
# printer NAME LINE…
printer() {
  printf '<Printer %s>\nDeviceURI file:///dev/null\n' "$1"
  shift
  printf '%s\n' "$@" '</Printer>'
}
{
  printer Cards 'State Idle' 'Accepting Yes'
  printer Letters 'State Stopped' 'Reason paused' 'Accepting Yes'
  printer Old 'State Idle' 'Accepting No'
  printer Receipts 'State Idle' 'Reason media-empty-error' 'Accepting Yes'
  printer Warned 'State Idle' 'Reason toner-low-warning' 'Accepting Yes'
} >"$service/root/printers.conf"

serve() {
  cupsd -f -c "$service/root/cupsd.conf" -s "$service/root/cups-files.conf" >"$service/out" 2>&1 &
  started+=($!)
  for _ in $(seq 600); do
    [ -S "$CUPS_SERVER" ] && return
    kill -0 "${started[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  cat "$service/out" "$service/error" >&2
  broken 'no print service'
}
state_of() { tamboctl --json devices list | json - "$1" "$2"; }
json() {
  "$python" -c '
import json, sys
for row in json.load(sys.stdin)["devices"]:
    if row["kind"] == "printer" and row["name"] == sys.argv[2]:
        print(row[sys.argv[3]])' "$@"
}

same 'printers without a print service' "$(tamboctl devices list | grep -c '^printer' || true)" 0
serve
same 'printers' "$(tamboctl devices list | grep -c '^printer' || true)" 5
same 'one that waits' "$(state_of Cards state)" ready
same 'one that has little toner' "$(state_of Warned state)" ready
same 'one that was paused' "$(state_of Letters state): $(state_of Letters detail)" 'failed: was paused'
same 'one without paper' "$(state_of Receipts state): $(state_of Receipts detail)" 'failed: out of paper'
same 'one that refuses' "$(state_of Old state): $(state_of Old detail)" 'failed: takes no pages'
