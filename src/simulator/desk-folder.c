/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/desk-folder.h"

#include "simulator/simulator-error.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE_MS 1500 /* for the devices to clear their own things */

static int remove_entry (const char *path, const struct stat *info, int kind, struct FTW *place) {
  remove (path);
  return 0;
}

static gboolean is_ours (const char *name) {
  static const char *const names[] = { TAMBO_DESK_CONTROL, TAMBO_DESK_FINGER, TAMBO_DESK_READER,
                                       "pcscd.conf.d",     "finger.control",  "camera.control",
                                       "pad.control",      "card.control" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i]))
      return TRUE;
  return g_str_has_prefix (name, "umockdev.");
}

void tambo_desk_clear (const char *dir) {
  g_autoptr (GDir) folder = g_dir_open (dir, 0, NULL);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *path = g_build_filename (dir, name, NULL);
    if (is_ours (name))
      nftw (path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
  }
}

static G_NORETURN void be_janitor (const char *dir, int fd) {
  char word = 0;
  const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT };
  for (guint i = 0; i < G_N_ELEMENTS (ignored); i++)
    signal (ignored[i], SIG_IGN);
  setpgid (0, 0);
  prctl (PR_SET_NAME, "tambo-janitor");
  int null = open ("/dev/null", O_RDWR);
  for (int i = 0; i <= 2; i++)
    dup2 (null, i);

  gssize got;
  while ((got = read (fd, &word, 1)) < 0 && errno == EINTR)
    ;
  if (got == 0) {
    g_usleep (GRACE_MS * 1000);
    tambo_desk_clear (dir);
  }
  _exit (0);
}

gboolean tambo_desk_hire_janitor (const char *dir, TamboJanitor *out_janitor, GError **error) {
  int ends[2] = { -1, -1 };
  pid_t pid = pipe2 (ends, O_CLOEXEC) == 0 ? fork () : -1;
  if (pid == 0) {
    close (ends[1]);
    be_janitor (dir, ends[0]);
  }
  if (pid < 0) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "cannot start a process: %s", g_strerror (errno));
    return FALSE;
  }
  close (ends[0]);
  *out_janitor = (TamboJanitor){ pid, ends[1] };
  return TRUE;
}

void tambo_desk_dismiss_janitor (const TamboJanitor *janitor) {
  while (write (janitor->leash, "q", 1) < 0 && errno == EINTR)
    ;
  close (janitor->leash);
  while (waitpid (janitor->pid, NULL, 0) < 0 && errno == EINTR)
    ;
}
