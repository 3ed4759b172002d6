#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What `meson install` gives: everything that belongs to a desktop and to a system, valid by others' judgement,
# programs that run from there, and nothing of it left by `ninja uninstall`.
# shellcheck source=tests/scenario/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

for program in meson ninja desktop-file-validate appstreamcli xdotool gdbus; do
  command -v "$program" >/dev/null || skip "no $program"
done

[ -x "$BUILD/src/app/tambo" ] || skip 'built without the window'

tree=$ROOM/tree
log=$BUILD/meson-logs/install-log.txt
# Whoever installed from this build folder wants to uninstall by it.
[ ! -e "$log" ] || cp -p "$log" "$ROOM/install-log.txt"
log_restore() {
  if [ -e "$ROOM/install-log.txt" ]; then
    cp -p "$ROOM/install-log.txt" "$log"
  else
    rm -f "$log"
  fi
}
trap 'log_restore; finish' EXIT

check 'it is installed' env DESTDIR="$tree" meson install --no-rebuild -C "$BUILD"

# placed NAME: where the one file of that name lies in the tree.
placed() {
  local found
  found=$(find "$tree" -type f -name "$1")
  [ -n "$found" ] && [ "$(wc -l <<<"$found")" = 1 ] || broken "$1 lies at '${found:-no place}'"
  printf '%s\n' "$found"
}

# ---- what is there ----

for file in bin/tambo bin/tamboctl bin/tambo-hq bin/tambo-simulator libexec/tambo/tambo-capture-helper \
  share/applications/org.tambo.Station.desktop share/metainfo/org.tambo.Station.metainfo.xml \
  share/dbus-1/services/org.tambo.Station.service \
  share/icons/hicolor/scalable/apps/org.tambo.Station.svg \
  share/icons/hicolor/symbolic/apps/org.tambo.Station-symbolic.svg \
  share/{man/man1,bash-completion/completions}/{tambo,tamboctl,tambo-hq,tambo-simulator} \
  share/locale/{es,qu,ay}/LC_MESSAGES/tambo.mo share/polkit-1/rules.d/70-tambo-pcsc.rules \
  share/tambo/procedures/passport.json share/tambo/hq/style.css \
  lib/udev/rules.d/70-tambo.rules lib/systemd/system/tambo-hq{,-decide,-web}.service \
  lib/{sysusers,tmpfiles}.d/tambo.conf; do
  [ -n "$(find "$tree" -type f \( -path "*/$file" -o -path "*/$file.1*" \))" ] || broken "$file is not installed"
done
held 'every part is there'
bin=$(dirname "$(placed tamboctl.1)" | xargs dirname | xargs dirname | xargs dirname)/bin
prefix=${bin#"$tree"}

# ---- what others say of it ----

check 'a desktop entry' desktop-file-validate "$(placed org.tambo.Station.desktop)"
check 'metainfo for software centres' appstreamcli validate --no-net "$(placed org.tambo.Station.metainfo.xml)"
same 'the bus starts what was installed' "$(sed -n 's/^Exec=//p' "$(placed org.tambo.Station.service)")" \
  "$prefix/tambo --gapplication-service"
if command -v systemd-analyze >/dev/null; then
  for unit in tambo-hq tambo-hq-decide tambo-hq-web; do
    mkdir -p "$ROOM/units"
    sed "s|$prefix/|$bin/|" "$(placed "$unit.service")" >"$ROOM/units/$unit.service"
  done
  check 'services for systemd' systemd-analyze verify --man=no "$ROOM"/units/*.service
  same '  … which has nothing to say about them' "$(cat "$ROOM/check.out")" ''
fi
for icon in org.tambo.Station.svg org.tambo.Station-symbolic.svg; do
  "$python" -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$(placed $icon)" || broken "$icon"
done
held 'icons are drawings'

# ---- it runs from there ----

export TAMBO_TAMBOCTL=$bin/tamboctl TAMBO_DATADIR TAMBO_LIBEXECDIR TAMBO_LOCALEDIR TAMBO_FACE_MODULE
TAMBO_DATADIR=$(dirname "$(dirname "$(placed passport.json)")")
TAMBO_LIBEXECDIR=$(dirname "$(placed tambo-capture-helper)")
TAMBO_LOCALEDIR=$(dirname "$bin")/share/locale
TAMBO_FACE_MODULE=$(find "$tree" -name 'tambo-face-*.so')
mkdir -p "$ROOM"/build/src/{cli,hq,simulator}
ln -s "$bin/tamboctl" "$ROOM/build/src/cli/"
ln -s "$bin/tambo-hq" "$ROOM/build/src/hq/"
ln -s "$bin/tambo-simulator" "$ROOM/build/src/simulator/"
built=$BUILD BUILD=$ROOM/build

office_make >"$ROOM/office.out"
held 'a station is made with the installed headquarters'
check 'the doctor' tamboctl doctor
desk_start
same 'the devices come through the installed helper' \
  "$(at_desk tamboctl devices list | grep -Ec '^(fingerprint-reader|camera|signature-pad) .* ready *$|card present$')" 4
BUILD=$built
check '  … and the exchange' tamboctl sync --once
desk_stop
case $(LANGUAGE=es LC_ALL=C.UTF-8 "$bin/tambo" --help) in
  *'La carpeta de la estación'*) held 'the window speaks Spanish' ;;
  *) broken 'no Spanish' ;;
esac

# ---- the window, as the bus starts it ----

export XDG_DATA_HOME=$ROOM/home/.local/share
mkdir -p "$XDG_DATA_HOME/dbus-1/services"
sed "s|^Exec=$prefix/|Exec=$bin/|" "$(placed org.tambo.Station.service)" \
  >"$XDG_DATA_HOME/dbus-1/services/org.tambo.Station.service"
cat >"$ROOM/window.sh" <<'SCRIPT'
gdbus call --session --dest org.tambo.Station --object-path /org/tambo/Station \
  --method org.freedesktop.Application.Activate '{}' >/dev/null || exit 1
for _ in $(seq 600); do
  xdotool search --onlyvisible --name . >/dev/null 2>&1 && break
  sleep 0.1
done
xdotool search --onlyvisible --name . getwindowname
pid=$(gdbus call --session --dest org.freedesktop.DBus --object-path / \
  --method org.freedesktop.DBus.GetConnectionUnixProcessID org.tambo.Station | tr -dc '0-9 ' | sed 's/^.* //')
readlink "/proc/$pid/exe"
kill "$pid"
for _ in $(seq 600); do
  kill -0 "$pid" 2>/dev/null || exit 0
  sleep 0.1
done
exit 1
SCRIPT
ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 \
  "$source_root/tests/ui/headless.sh" bash "$ROOM/window.sh" >"$ROOM/window.out" 2>"$ROOM/window.err" || {
  cat "$ROOM/window.out" "$ROOM/window.err" >&2
  broken 'the window'
}
same 'the bus opens the window' "$(head -n 1 "$ROOM/window.out")" Tambo
same '  … of the installed program' "$(tail -n 1 "$ROOM/window.out")" "$bin/tambo"

# ---- and goes ----

hq_stop
check 'it is uninstalled' ninja -C "$BUILD" uninstall
[ ! -e "$tree" ] || same 'nothing of it is left' "$(find "$tree" ! -type d)" ''
