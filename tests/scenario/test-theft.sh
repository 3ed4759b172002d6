#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A stolen station: after a whole job and with an open draft nothing of the applicant can be read from
# its folder, nor from what programs leave in their home and for a while.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

office_make >"$ROOM/office.out"
desk_start
files_make 2>/dev/null
mrz=$(mrz_of_applicant)
order=$(order_make)
at_desk tamboctl issue "$order" >/dev/null
tamboctl --json inbox show "$order" >"$ROOM/order.json"
tamboctl sync --once >/dev/null
# An open draft with everything in it, and one more from the devices.
tamboctl enrol --procedure foreigner-card --mrz "$mrz" --applicant "$practice/applicant.json" \
  "${file_words[@]:0:6}" >/dev/null 2>&1 || true
at_desk tamboctl enrol --procedure foreigner-card --mrz "$mrz" \
  --applicant "$practice/applicant.json" "${device_words[@]:0:4}" >/dev/null 2>&1 || true
same 'sealed cases and drafts' "$(ask "$ROOM/station/store.db" \
  "SELECT sum(state = 'issued'), sum(state = 'draft') FROM cases")" '1|2'
same 'samples in the drafts' "$(ask "$ROOM/station/store.db" "SELECT count(*) FROM samples")" 5

# Short numbers are given with a neighbour that they have wherever they stand: six digits or four
# letters alone turn up by chance in ciphertext and in hashes.
"$python" - "$practice/travel-document.json" "$practice/applicant.json" "$ROOM/order.json" "$mrz" \
  >"$ROOM/words" <<'PYTHON'
import json, sys
document, typed, order = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:4])
birth = document["birth_date"]
words = {document["surname"], document["given_names"], document["document_number"],
         document["personal_number"], birth, birth.replace("-", ""), order["holder"],
         order["document_number"], "birth_date"}
words |= set(document["given_names"].split()[1:]) | set(typed.values())
words |= set(sys.argv[4].split("\n")) | set(order["mrz"].split("\n"))
short = birth[2:].replace("-", "")
words |= {'"%s"' % short, short + "2", "<" + short, typed["phone"][1:], typed["address"].lower()}
print("\n".join(sorted(words)))
PYTHON
[ "$(wc -l <"$ROOM/words")" -ge 18 ] || broken "only these words: $(cat "$ROOM/words")"
for name in right left; do
  convert "$ROOM/$name.png" -depth 8 "gray:$ROOM/$name.raw"
done
convert "$ROOM/portrait.jpg" -resize 300x400 -depth 8 "rgb:$ROOM/portrait.raw"
images=("$ROOM/portrait.jpg" "$ROOM/right.png" "$ROOM/left.png" "$ROOM/signature.bin"
  "$practice/travel-document.png" "$ROOM/right.raw" "$ROOM/left.raw")

# The eyes are good: what is laid down for them is found in every disguise.
mkdir "$ROOM/bait"
for disguise in cat 'xxd -p -c 0' 'xxd -u -p -c 0' 'base64 -w 0' 'iconv -t UTF-16LE' 'iconv -t UTF-16BE'; do
  printf 'x%s' ERIKSSON | $disguise >"$ROOM/bait/word"
  "$python" "$scenario/theft.py" "$ROOM/bait" "$ROOM/words" >"$ROOM/out" && broken "'$disguise' hides a name"
  case $disguise in iconv*) continue ;; esac
  head -c 30100 "$ROOM/right.png" | tail -c 100 | $disguise >"$ROOM/bait/word"
  "$python" "$scenario/theft.py" "$ROOM/bait" "$ROOM/words" "$ROOM/right.png" >"$ROOM/out" &&
    broken "'$disguise' hides a picture"
done
held 'names and 100 bytes of a picture are found, plain and in every disguise'

for place in station home tmp; do
  if ! "$python" "$scenario/theft.py" "$ROOM/$place" "$ROOM/words" "${images[@]}" >"$ROOM/out"; then
    cat "$ROOM/out"
    broken "something can be read in the folder $place"
  fi
  held "nothing can be read in the folder $place: $(tail -n 1 "$ROOM/out")"
done

mkdir "$ROOM/dump"
sqlite3 -readonly "$ROOM/station/store.db" .dump >"$ROOM/dump/dump.sql"
[ "$(wc -c <"$ROOM/dump/dump.sql")" -gt 1000000 ] || broken 'the dump is short'
"$python" "$scenario/theft.py" "$ROOM/dump" "$ROOM/words" "${images[@]}" >"$ROOM/out" || {
  cat "$ROOM/out"
  broken 'something can be read in the dump'
}
held "nothing can be read in sqlite3's dump: $(tail -n 1 "$ROOM/out")"

# The same question to a tool of others.
for encoding in s l b; do
  find "$ROOM/station" -type f -exec strings -a -n 5 -e "$encoding" {} + >"$ROOM/strings"
  ! grep -qiF -f "$ROOM/words" "$ROOM/strings" || {
    grep -iF -f "$ROOM/words" "$ROOM/strings" | head -n 5
    broken 'strings finds something'
  }
done
held 'nor by strings'
same 'who may look into the folder' "$(stat -c %a "$ROOM/station") $(stat -c %a "$ROOM/station/store.db")" '700 600'
[ -z "$(find "$ROOM/station" -type f -perm /077)" ] || broken "$(find "$ROOM/station" -perm /077)"
held 'no file in it is for others'
