#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A stolen station: with twenty sealed records and three open drafts nothing of any applicant can be read
# from its folder, nor from what programs leave in their home and for a while.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

office_make >"$ROOM/office.out"
desk_start
files_make
mrz=$(mrz_of_applicant)
order=$(order_make)
at_desk tamboctl issue "$order" >/dev/null
# The holder's templates wait in it, and what came of an attempt to get the document.
tamboctl deliver "$order" --finger "right-index=$ROOM/left.png" >/dev/null 2>&1 && broken 'delivered'
tamboctl --json inbox show "$order" >"$ROOM/order.json"
tamboctl sync --once >/dev/null
# Twenty-two others, each with names and numbers that nobody else has.
"$python" - "$ROOM" <<'PYTHON'
import json, random, sys
draw = random.Random(2026)
def name(syllables):
    return "".join(draw.choice("BDFGKLMNPRSTVZ") + draw.choice("AEIOU") for _ in range(syllables))
def digits(count):
    return "".join(draw.choice("0123456789") for _ in range(count))
for number in range(22):
    document = {"document_type": "P", "issuing_state": "UTO", "surname": name(5),
                "given_names": name(4) + " " + name(4), "document_number": name(1) + digits(6) + name(1)[0],
                "nationality": "UTO", "birth_date": "19%02d-%02d-%02d" % (draw.randint(50, 99),
                draw.randint(1, 12), draw.randint(1, 28)), "sex": "F", "expiry_date": "2032-04-15",
                "personal_number": name(1) + digits(6) + name(1)}
    applicant = {"place_of_birth": name(4), "address": "CALLE " + name(4) + " É" + digits(4),
                 "phone": "+519" + digits(8)}
    for kind, value in (("document", document), ("applicant", applicant)):
        with open("%s/%s-%d.json" % (sys.argv[1], kind, number), "w", encoding="utf-8") as stream:
            json.dump(value, stream, ensure_ascii=False)
PYTHON
# enrol_other NUMBER WORD…: their capture is everybody's.
enrol_other() {
  local number=$1
  shift
  tamboctl enrol --procedure foreigner-card --mrz "$(tamboctl mrz make "$ROOM/document-$number.json")" \
    --applicant "$ROOM/applicant-$number.json" "$@" >/dev/null 2>&1
}
for number in $(seq 0 18); do
  enrol_other "$number" "${file_words[@]}" || broken "applicant $number was not enrolled"
done
# Open drafts with everything in them, and one more from the devices.
enrol_other 19 "${file_words[@]:0:6}" || true
enrol_other 20 "${file_words[@]:0:6}" || true
at_desk tamboctl enrol --procedure foreigner-card --mrz "$(tamboctl mrz make "$ROOM/document-21.json")" \
  --applicant "$ROOM/applicant-21.json" "${device_words[@]:0:4}" >/dev/null 2>&1 || true
same 'sealed cases and drafts' "$(ask "$ROOM/station/store.db" \
  "SELECT sum(state <> 'draft'), sum(state = 'draft') FROM cases")" '20|3'
same 'records in the outbox' "$(ask "$ROOM/station/store.db" \
  "SELECT sum(kind = 'enrolment'), min(length(sealed)) > 10000 FROM outbox JOIN outbox_records USING (sequence)
   WHERE kind = 'enrolment'")" '20|1'
same 'samples in the drafts' "$(ask "$ROOM/station/store.db" "SELECT count(*) FROM samples")" 8

# Short numbers are given with a neighbour that they have wherever they stand: six digits or four
# letters alone turn up by chance in ciphertext and in hashes.
for number in $(seq 0 21); do
  tamboctl mrz make "$ROOM/document-$number.json"
done >"$ROOM/other-mrz"
"$python" - "$practice/travel-document.json" "$practice/applicant.json" "$ROOM/order.json" "$mrz" "$ROOM" \
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
for number in range(22):
    other, typed = (json.load(open("%s/%s-%d.json" % (sys.argv[5], kind, number), encoding="utf-8"))
                    for kind in ("document", "applicant"))
    words |= {other[key] for key in ("surname", "given_names", "document_number", "personal_number")}
    words |= {other["birth_date"], other["birth_date"].replace("-", "")} | set(typed.values())
    words |= set(other["given_names"].split()) | {typed["phone"][1:]}
words |= set(open(sys.argv[5] + "/other-mrz", encoding="utf-8").read().split())
print("\n".join(sorted(words)))
PYTHON
[ "$(wc -l <"$ROOM/words")" -ge 250 ] || broken "only these words: $(cat "$ROOM/words")"
for name in right left; do
  convert "$ROOM/$name.png" -depth 8 "gray:$ROOM/$name.raw"
done
convert "$ROOM/portrait.jpg" -resize 300x400 -depth 8 "rgb:$ROOM/portrait.raw"
for name in right left; do
  tamboctl fingerprint extract "$ROOM/$name.png" -o "$ROOM/$name.fmr" >/dev/null
done
images=("$ROOM/portrait.jpg" "$ROOM/right.png" "$ROOM/left.png" "$ROOM/right.fmr" "$ROOM/left.fmr"
  "$ROOM/signature.bin" "$practice/travel-document.png" "$ROOM/right.raw" "$ROOM/left.raw")

tamboctl wsq encode "$ROOM/right.png" "$ROOM/finger.wsq" >/dev/null

# The eyes are good: what is laid down for them is found in every disguise.
mkdir "$ROOM/bait"
birth=$(grep -m 1 -xE '[0-9]{6}2' "$ROOM/words")
for disguise in cat 'xxd -p -c 0' 'xxd -u -p -c 0' 'base64 -w 0' 'iconv -t UTF-16LE' 'iconv -t UTF-16BE'; do
  for word in ERIKSSON "$birth"; do
    printf 'x%s' "$word" | $disguise >"$ROOM/bait/word"
    "$python" "$scenario/theft.py" "$ROOM/bait" "$ROOM/words" >"$ROOM/out" && broken "'$disguise' hides $word"
  done
  case $disguise in iconv*) continue ;; esac
  head -c 30100 "$ROOM/right.png" | tail -c 100 | $disguise >"$ROOM/bait/word"
  "$python" "$scenario/theft.py" "$ROOM/bait" "$ROOM/words" "$ROOM/right.png" >"$ROOM/out" &&
    broken "'$disguise' hides a picture"
done
for file in "$ROOM/portrait.jpg" "$ROOM/right.png" "$ROOM/finger.wsq"; do
  for disguise in cat 'xxd -p -c 0' 'base64 -w 0'; do
    head -c 200 "$file" | $disguise >"$ROOM/bait/word"
    "$python" "$scenario/theft.py" "$ROOM/bait" /dev/null >"$ROOM/out" && broken "'$disguise' hides how $file begins"
  done
done
held 'the beginnings of JPEG, PNG and WSQ are found'
# In hexadecimal the bytes count, with others before and behind, and not the digits they are written with.
for disguise in cat 'iconv -t UTF-16LE'; do
  { head -c 20 "$ROOM/right.png"; printf %s "$birth" | $disguise; head -c 20 "$ROOM/right.png"; } |
    xxd -p -c 0 >"$ROOM/bait/word"
  for before in '' 7; do
    printf "INSERT INTO t VALUES(X'%s%s');" "$before" "$(cat "$ROOM/bait/word")" >"$ROOM/bait/dump"
    "$python" "$scenario/theft.py" "$ROOM/bait" "$ROOM/words" >"$ROOM/out" && broken "a blob hides $birth ($disguise)"
  done
done
rm "$ROOM/bait/word"
digits=$(printf '%s' tambo | sha256sum | head -c 32)
printf "INSERT INTO t VALUES(X'%s%s%s');" "$digits" "$birth" "$digits" >"$ROOM/bait/dump"
"$python" "$scenario/theft.py" "$ROOM/bait" "$ROOM/words" >"$ROOM/out" || broken "$(cat "$ROOM/out")"
printf "INSERT INTO t VALUES(X'%s','%s');" "$digits" "$birth" >"$ROOM/bait/dump"
"$python" "$scenario/theft.py" "$ROOM/bait" "$ROOM/words" >"$ROOM/out" && broken "$birth beside a blob is not seen"
held 'names, short numbers and 100 bytes of a picture are found, plain and in every disguise'

for place in station home tmp; do
  if ! "$python" "$scenario/theft.py" "$ROOM/$place" "$ROOM/words" "${images[@]}" >"$ROOM/out"; then
    cat "$ROOM/out"
    broken "something can be read in the folder $place"
  fi
  held "nothing can be read in the folder $place: $(tail -n 1 "$ROOM/out")"
done

mkdir "$ROOM/dump"
sqlite3 -readonly "$ROOM/station/store.db" .dump >"$ROOM/dump/dump.sql"
[ "$(wc -c <"$ROOM/dump/dump.sql")" -gt 10000000 ] || broken 'the dump is short'
"$python" "$scenario/theft.py" "$ROOM/dump" "$ROOM/words" "${images[@]}" >"$ROOM/out" || {
  cat "$ROOM/out"
  broken 'something can be read in the dump'
}
held "nothing can be read in sqlite3's dump: $(tail -n 1 "$ROOM/out")"

# The same question to a tool of others; hashes are written in digits.
for encoding in s l b; do
  find "$ROOM/station" -type f -exec strings -a -n 5 -e "$encoding" {} + |
    sed -E 's/[0-9A-Fa-f]{32,}/ /g' >"$ROOM/strings"
  ! grep -qiF -f "$ROOM/words" "$ROOM/strings" || {
    grep -iF -f "$ROOM/words" "$ROOM/strings" | head -n 5
    broken 'strings finds something'
  }
done
held 'nor by strings'
same 'who may look into the folder' "$(stat -c %a "$ROOM/station") $(stat -c %a "$ROOM/station/store.db")" '700 600'
[ -z "$(find "$ROOM/station" -type f -perm /077)" ] || broken "$(find "$ROOM/station" -perm /077)"
held 'no file in it is for others'
