#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# headless.sh COMMAND…: a screen, a session bus and the accessibility bus for one command, and nothing of
# them afterwards. The window's language is that of LANGUAGE, or English; SCREEN is the size.
set -euo pipefail

if [ "${1:-}" = --inside ]; then
  shift
  # The window asks for this bus at its start; it has to be there before.
  /usr/libexec/at-spi-bus-launcher --launch-immediately --a11y=1 >/dev/null 2>&1 &
  for _ in $(seq 100); do
    gdbus call --session --dest org.a11y.Bus --object-path /org/a11y/bus \
      --method org.a11y.Bus.GetAddress >/dev/null 2>&1 && break
    sleep 0.05
  done
  exec "$@" >&3 3>&-
fi

[ $# -gt 0 ] || { echo 'headless.sh: a command is needed' >&2; exit 2; }
runtime=$(mktemp -d /tmp/tambo-ui-XXXXXX)
chmod 700 "$runtime"
mkfifo "$runtime/display"
exec 9<>"$runtime/display"
# Two servers that look for a free number at once may both take it; chosen by chance, one of them fails.
start_server() {
  # Without -noreset it begins anew when the first client has gone, and the second may find it closed.
  Xvfb ":$((100 + RANDOM))" -displayfd 9 -screen 0 "${SCREEN:-1180x740}x24" -nolisten tcp -noreset \
    >/dev/null 2>&1 &
  xvfb=$!
  local part= more
  for _ in $(seq 60); do
    # On a busy machine the time may be over amid the digits.
    read -r -t 0.5 more <&9 && { number=$part$more; return 0; }
    part=$part$more
    kill -0 "$xvfb" 2>/dev/null || return 1
  done
  return 1
}
trap 'kill $xvfb 2>/dev/null; wait $xvfb 2>/dev/null; rm -rf "$runtime"' EXIT
for _ in 1 2 3 4 5; do
  start_server && break
done
[ -n "${number:-}" ] || { echo 'headless.sh: there is no screen' >&2; exit 1; }
exec 9<&-

export DISPLAY=:$number XDG_RUNTIME_DIR=$runtime
export GDK_BACKEND=x11 GSK_RENDERER=cairo GSETTINGS_BACKEND=memory GTK_A11Y=atspi
export NO_AT_BRIDGE=0 LC_ALL=${LC_ALL:-C.UTF-8}
unset WAYLAND_DISPLAY
# What the buses say is not the command's output.
dbus-run-session -- "${BASH_SOURCE[0]}" --inside "$@" 3>&1 1>&2
