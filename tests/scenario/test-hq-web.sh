#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Headquarters' pages, with a case that came from a station: a supervisor signs in, accepts it and sees the order;
# somebody books an appointment; the document's code is verified, also after the document was annulled; another
# system asks in OSIA's words. In Chromium where there is one, otherwise with curl alone.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

web_pid=
pages=
public=
osia=
# web_listen PORT: the public pages there, the others anywhere. Fails when somebody else listens there.
web_listen() {
  rm -f "$ROOM/web.out"
  "$BUILD/src/hq/tambo-hq" web "$ROOM/hq" --listen 127.0.0.1:0 --public "127.0.0.1:$1" --osia 127.0.0.1:0 \
    --public-url "https://127.0.0.1:$1" --certificate "$ROOM/hq/server.pem" --key "$ROOM/web.key" >"$ROOM/web.out" 2>"$ROOM/web.log" &
  web_pid=$!
  for _ in $(seq 1200); do
    grep -qs '^ready' "$ROOM/web.out" && break
    kill -0 "$web_pid" 2>/dev/null || return 1
    sleep 0.05
  done
  started+=("$web_pid")
  pages=$(sed -n 's/^pages on //p' "$ROOM/web.out")
  public=$(sed -n 's/^public pages on //p' "$ROOM/web.out")
  osia=$(sed -n 's/^osia on //p' "$ROOM/web.out")
}

web_start() {
  for _ in $(seq 20); do
    web_listen $((20000 + RANDOM % 12000)) && return 0
  done
  broken "the pages did not come: $(cat "$ROOM/web.log")"
}

web_stop() {
  kill "$web_pid"
  wait "$web_pid" || broken "the pages did not end well: $(cat "$ROOM/web.log")"
}

web() { curl -sS --cacert "$ROOM/hq/ca.pem" -H 'Accept-Language: en' "$@"; }
status_of() { web -o "$ROOM/page" -w '%{http_code}' "$@"; }
page_has() {
  case $(cat "$ROOM/page") in
    *"$1"*) ;;
    *) cat "$ROOM/page" >&2; broken "the page does not say '$1'" ;;
  esac
}

browser=yes
"$python" "$source_root/tests/web/pages.py" available || browser=
in_browser() {
  "$python" "$source_root/tests/web/pages.py" "$ROOM/browser" "$@" >"$ROOM/browser.out" 2>"$ROOM/browser.log" ||
    broken "in the browser, $1: $(cat "$ROOM/browser.out" "$ROOM/browser.log")"
  while read -r line; do
    case $line in 'ok - '*) held "${line#ok - }" ;; esac
  done <"$ROOM/browser.out"
}

# -- a headquarters where people decide, and a case that waits for them --
tambo_hq init "$ROOM/hq" --name 'Registry of Utopia'
hq_start
station_make MIG-TEST-01
operators_make
before_deputy stock receive --kind card --from C0000001 --to C0000003 >/dev/null
desk_start
files_make
enrol "${file_words[@]}" >/dev/null
tamboctl sync --once >/dev/null
for _ in $(seq 300); do
  number=$(tambo_hq --json case list "$ROOM/hq" | "$python" -c '
import json, sys
for row in json.load(sys.stdin)["cases"]:
    if row["state"] == "pending": print(row["tracking_number"])')
  [ -z "$number" ] || break
  sleep 0.2
done
[ -n "$number" ] || broken 'no case waits for a decision'
held "the case $number waits for a person"

printf 'correct horse battery' >"$ROOM/ana.password"
check 'a supervisor' env TAMBO_PASSWORD_FILE="$ROOM/ana.password" \
  "$BUILD/src/hq/tambo-hq" person add "$ROOM/hq" ana --role supervisor
same 'the same name again, exit' "$(status=0
  TAMBO_PASSWORD_FILE=$ROOM/ana.password tambo_hq person add "$ROOM/hq" ana --role viewer 2>/dev/null || status=$?
  echo "$status")" 3
tomorrow=$(date -u -d '+1 day' +%Y-%m-%d)
check 'places of the office' env TZ=UTC "$BUILD/src/hq/tambo-hq" slot open "$ROOM/hq" MIG-TEST "$tomorrow" \
  --from 15:00 --to 15:15 --places 3
tomorrow+=T15:00:00Z
# They start, and show who has to sign in, where there is no private key but the one of their certificate.
cp "$ROOM/hq/private/server.pem" "$ROOM/web.key"
mv "$ROOM/hq/private" "$ROOM/away"
web_start
same 'pages without a key of headquarters' "$(status_of "$pages/sign-in")" 200
mv "$ROOM/away" "$ROOM/hq/private"

# -- nobody is signed in --
same 'cases without signing in' "$(status_of "$pages/cases")" 303
same 'with a forged cookie' "$(status_of -b "__Host-tambo=$(printf '%064d' 0)" "$pages/cases")" 303
same 'a wrong password' "$(status_of -d 'name=ana&password=wrong+horse+battery' "$pages/sign-in")" 403
same 'a form of another site' \
  "$(status_of -H 'Origin: https://evil.example' -d 'name=ana&password=x' "$pages/sign-in")" 403
same 'an address that is none' "$(status_of "$pages/../etc/passwd")" 404
same 'a method that is none' "$(status_of -X DELETE "$pages/cases")" 405
same 'a body that is too long' \
  "$(head -c 200000 /dev/zero | tr '\0' 'a' | status_of --data-binary @- "$pages/sign-in")" 400

same 'who does not say it otherwise reads' "$(curl -sS --cacert "$ROOM/hq/ca.pem" "$pages/sign-in" |
  sed -n 's/.*<html lang="\([a-z]*\)".*/\1/p')" es

# -- a supervisor --
if [ -n "$browser" ]; then
  in_browser accept "$pages" 'correct horse battery' "$number"
else
  echo '# without Chromium: the pages are asked with curl alone'
  web -o /dev/null -c "$ROOM/jar" -d 'name=ana' --data-urlencode "password@$ROOM/ana.password" "$pages/sign-in"
  case=$(tambo_hq --json case show "$ROOM/hq" "$number" | json - id)
  status_of -b "$ROOM/jar" "$pages/cases/$case" >/dev/null
  token=$(sed -n "s|.*action=\"/cases/$case/decide\"><input type=\"hidden\" name=\"token\" value=\"\([0-9a-f]*\)\".*|\1|p" "$ROOM/page")
  same 'the decision' "$(status_of -b "$ROOM/jar" -d "token=$token&decision=accept" "$pages/cases/$case/decide")" 303
fi
for _ in $(seq 300); do
  state=$(tambo_hq --json case show "$ROOM/hq" "$number" | json - state)
  [ "$state" = pending ] || break
  tambo_hq decide "$ROOM/hq" >/dev/null
  sleep 0.2
done
same 'the case is' "$state" ordered
[ -z "$browser" ] || in_browser ordered "$pages" 'correct horse battery' "$number"

# -- the document and its code --
order=$(order_wait)
address=$(tamboctl --json inbox show "$order" | "$python" -c '
import json, sys
print(json.load(sys.stdin).get("verification_url", ""))')
case $address in "$public/v/"*) held 'the order brings the address of its verification' ;; *) broken "the address is '$address'" ;; esac
check "the applicant's receipt" tamboctl case receipt "$(newest_case)" -o "$ROOM/receipt.pdf"
code=$(tamboctl --json inbox show "$order" | json - verification_code)
case $(pdftotext "$ROOM/receipt.pdf" -) in *"$code"*) held 'has the code' ;; *) broken "the receipt has no $code" ;; esac
# said WHAT: what the page says of the document.
said() {
  same 'the page of the code' "$(status_of "$address")" 200
  page_has "$1"
  held "it says: $1"
}
said 'This document is being made. It is not valid yet.'
expect 0 '' at_desk tamboctl issue "$order"
for _ in $(seq 100); do
  tamboctl sync --once >/dev/null
  [ "$(tambo_hq --json case show "$ROOM/hq" "$number" | json - state)" = ordered ] || break
  sleep 0.2
done
said 'This document is valid.'
[ -z "$browser" ] || in_browser public "$public" "$address"
check 'the document is annulled' "$BUILD/src/hq/tambo-hq" order annul "$ROOM/hq" "$order" --person ana
same 'its page' "$(status_of "$address")" 200
page_has 'was annulled'
held 'the page says that it was annulled'
same 'a code of nothing' "$(status_of "$public/v/00000000000000000000")" 404

# -- an appointment --
form="request=$("$python" -c 'import uuid; print(uuid.uuid4())')&surname=GARC%C3%8DA&given_names=LUZ&sex=F"
form+="&birth_date=1990-02-28&nationality=PER&document_type=I&issuing_state=PER&document_number=12345678"
form+="&phone=987654321&slot=MIG-TEST+$tomorrow"
code_of() { sed -n 's/.*id="code">\([0-9A-Z-]*\)<.*/\1/p' "$ROOM/page"; }
for time in first second; do
  same "the form, $time time" "$(status_of -d "$form" "$public/book/passport")" 200
  code_of >"$ROOM/$time.code"
done
check 'it is one appointment' cmp "$ROOM/first.code" "$ROOM/second.code"
same 'with its code it is cancelled' "$(status_of -d "code=$(code_of)" "$public/appointment/cancel")" 200
same 'what headquarters keeps of the name' "$(grep -c -a 'GARC' "$ROOM/hq/hq.db" "$ROOM/web.log" | cut -d : -f 2 | tr '\n' ' ')" '0 0 '

# -- another system --
token=$(tambo_hq osia token "$ROOM/hq" --client bank --scope 'enroll.read cms.request.read')
same 'OSIA without a token' "$(status_of "$osia/v1/credentialRequests/$order?transactionId=1")" 401
same 'with one' \
  "$(status_of -H "Authorization: Bearer $token" "$osia/v1/credentialRequests/$order?transactionId=1")" 200
same 'the status of the request' "$(json "$ROOM/page" status)" CANCELLED
status_of -H "Authorization: Bearer $token" -d '[]' "$osia/v1/enrollments?transactionId=1" >/dev/null
same 'enrollments found' "$("$python" -c 'import json,sys; print(len(json.load(open(sys.argv[1]))))' "$ROOM/page")" 1

# -- a case that is refused, with what is to be captured again --
enrol "${file_words[@]}" >/dev/null
case=$(newest_case)
tamboctl sync --once >/dev/null
case_is() { [ "$(tambo_hq --json case show "$ROOM/hq" "$case" 2>/dev/null | json - state)" = "$1" ]; }
for _ in $(seq 300); do
  ! case_is pending || break
  sleep 0.2
done
web -o /dev/null -c "$ROOM/jar" -d 'name=ana' --data-urlencode "password@$ROOM/ana.password" "$pages/sign-in"
same 'its page' "$(status_of -b "$ROOM/jar" "$pages/cases/$case")" 200
page_has '>Right index finger<'
token=$(sed -n "s|.*action=\"/cases/$case/decide\"><input type=\"hidden\" name=\"token\" value=\"\([0-9a-f]*\)\".*|\1|p" "$ROOM/page")
boxes=$(grep -o 'name="recapture" value="[a-z-]*"' "$ROOM/page" | sed 's/.*value="//; s/"//' | xargs)
same 'what can be named' "$boxes" 'portrait finger-right-index finger-left-index signature document-travel-document'
same 'refused' "$(status_of -b "$ROOM/jar" --data-urlencode 'reason=the face is in the shade' \
  -d "token=$token&decision=refuse&recapture=portrait&recapture=finger-left-index" "$pages/cases/$case/decide")" 303
for _ in $(seq 300); do
  ! case_is refused || break
  tambo_hq decide "$ROOM/hq" >/dev/null
  sleep 0.2
done
tamboctl sync --once >/dev/null
same 'the station is to capture again' "$(tamboctl --json inbox list | "$python" -c '
import json, sys
print(*[row["id"] for row in json.load(sys.stdin)["messages"] if row["case"] == sys.argv[1]])' "$case" |
  xargs -I {} "$BUILD/src/cli/tamboctl" --station "$ROOM/station" inbox show {} | "$python" -c '
import json, sys
print(*json.load(sys.stdin)["recapture"])')" 'portrait finger-left-index'
web_stop
same 'complaints of the pages' "$(cat "$ROOM/web.log")" ''
