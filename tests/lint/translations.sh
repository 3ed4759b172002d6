#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# translations.sh ROOT: every sentence of the window stands in Spanish, which the other languages fall back to, and
# no file with sentences is missing from po/POTFILES.
set -euo pipefail
cd "$1"
command -v xgettext >/dev/null || { echo 'skipped: gettext is not installed'; exit 77; }
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

{
  grep -lE '(^|[^A-Za-z_])(_|N_|C_|NC_|ngettext) \(' src/app/*.c src/hq/*.c
  grep -l 'translatable="yes"' ui/*.ui
} | LC_ALL=C sort >"$room/files"
diff po/POTFILES "$room/files" >&2 || { echo 'po/POTFILES is not the list of files with sentences' >&2; exit 1; }

xgettext -f po/POTFILES --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 \
  --keyword=ngettext:1,2 -o "$room/tambo.pot" 2>"$room/said"
while read -r language; do
  msgfmt --check-format -o /dev/null "po/$language.po"
  msgmerge -q --no-fuzzy-matching -o "$room/$language.po" "po/$language.po" "$room/tambo.pot"
  msgattrib --untranslated --no-obsolete "$room/$language.po" >"$room/missing"
  n=$(grep -c '^msgid ' "$room/missing" || true)
  if [ "$n" -gt 0 ] && [ "$language" = es ]; then
    cat "$room/missing" >&2
    echo "$language: $n sentences are not translated" >&2
    exit 1
  fi
  all=$(msgattrib --no-obsolete "$room/$language.po" | grep -c '^msgid ')
  echo "$language: $((all - n)) of $all sentences"
done < <(grep -v '^#' po/LINGUAS)
