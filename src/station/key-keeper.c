/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/key-keeper.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"

struct _TamboKeyKeeper {
  pid_t pid;
  int line; /* a word in, the key out */
};

/* ---- the other process: nothing but system calls, since other threads may have held any lock ---- */

static gint64 now (void) {
  struct timespec time;

  clock_gettime (CLOCK_BOOTTIME, &time);
  return time.tv_sec;
}

/* Wakes now and then: poll does not count the time that the computer sleeps. */
static gboolean wait_for_word (int line, gint64 end) {
  char word;

  while (now () < end) {
    struct pollfd entry = { .fd = line, .events = POLLIN };
    int ready = poll (&entry, 1, 10 * 1000);

    if (ready > 0)
      return read (line, &word, 1) == 1;
    if (ready < 0 && errno != EINTR)
      return FALSE;
  }
  return FALSE;
}

static void keep (int line, gint64 end, guint times) {
  const struct rlimit no_core = { 0, 0 };
  guint8 *key = mmap (NULL, TAMBO_KEY_KEEPER_SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  prctl (PR_SET_DUMPABLE, 0);
  setrlimit (RLIMIT_CORE, &no_core);
  if (key == MAP_FAILED
      || recv (line, key, TAMBO_KEY_KEEPER_SIZE, MSG_WAITALL) != TAMBO_KEY_KEEPER_SIZE)
    _exit (1);
  (void) mlock (key, TAMBO_KEY_KEEPER_SIZE);
  while (times > 0 && wait_for_word (line, end)) {
    times--;
    if (write (line, key, TAMBO_KEY_KEEPER_SIZE) != TAMBO_KEY_KEEPER_SIZE)
      break;
  }
  explicit_bzero (key, TAMBO_KEY_KEEPER_SIZE);
  _exit (0);
}

/* Only its own line stays open: it must not keep somebody else's file or socket alive. */
static void close_others (int line) {
  if (line > 3)
    close_range (3, (unsigned int) line - 1, 0);
  close_range ((unsigned int) line + 1, ~0U, 0);
}

/* ---- this process ---- */

TamboKeyKeeper *tambo_key_keeper_new (GBytes *key, guint seconds, guint times) {
  gint64 end = now () + seconds;
  int line[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) != 0)
    return NULL;
  pid_t pid = fork ();
  if (pid == 0) {
    close_others (line[1]);
    keep (line[1], end, times);
  }
  close (line[1]);
  if (pid < 0) {
    close (line[0]);
    return NULL;
  }
  TamboKeyKeeper *keeper = g_new0 (TamboKeyKeeper, 1);
  keeper->pid = pid;
  keeper->line = line[0];
  if (send (line[0], g_bytes_get_data (key, NULL), TAMBO_KEY_KEEPER_SIZE, MSG_NOSIGNAL)
      != TAMBO_KEY_KEEPER_SIZE) {
    tambo_key_keeper_free (keeper);
    return NULL;
  }
  return keeper;
}

GBytes *tambo_key_keeper_ask (TamboKeyKeeper *keeper) {
  guint8 key[TAMBO_KEY_KEEPER_SIZE];
  GBytes *secret = NULL;

  if (send (keeper->line, "k", 1, MSG_NOSIGNAL) == 1
      && recv (keeper->line, key, sizeof key, MSG_WAITALL) == sizeof key)
    secret = tambo_secret_new (key, sizeof key);
  tambo_secret_wipe (key, sizeof key);
  return secret;
}

void tambo_key_keeper_free (TamboKeyKeeper *keeper) {
  if (keeper == NULL)
    return;
  close (keeper->line);
  waitpid (keeper->pid, NULL, 0);
  g_free (keeper);
}
