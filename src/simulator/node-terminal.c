/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/node-terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ttydefaults.h>
#include <termios.h>
#include <unistd.h>

#include "simulator/simulator-error.h"

static gboolean make_raw (int master) {
  struct termios terminal;

  if (tcgetattr (master, &terminal) < 0)
    return FALSE;
  cfmakeraw (&terminal);
  terminal.c_iflag |= IXON;
  terminal.c_cc[VSTART] = CTRL ('q');
  terminal.c_cc[VSTOP] = CTRL ('s');
  return tcsetattr (master, TCSANOW, &terminal) == 0;
}

int tambo_node_terminal_put (const char *path, GError **error) {
  int master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  const char *name;

  if (master >= 0 && grantpt (master) == 0 && unlockpt (master) == 0
      && (name = ptsname (master)) != NULL && make_raw (master)
      && (unlink (path) == 0 || errno == ENOENT) && symlink (name, path) == 0)
    return master;
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
               "cannot make a terminal of %s: %s", path, g_strerror (errno));
  if (master >= 0)
    close (master);
  return -1;
}

void tambo_node_terminal_set_flow (int master, gboolean flows) {
  const char word = flows ? CTRL ('q') : CTRL ('s');

  while (write (master, &word, 1) < 0 && errno == EINTR)
    ;
}
