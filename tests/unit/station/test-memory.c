/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What somebody finds in the memory of a station: nothing of the password or the data key once it is
 * locked. The station is another process, whose memory this one reads whole, as a dump of it would be.
 */
#include "practice-station.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/id.h"
#include "station/enrol.h"
#include "station/station-private.h"
#include "store/db.h"

#define STATION_FD 3 /* what the other process says */
#define PASSWORD_SIZE 32
#define ORDER_FD 4 /* what it is told: the password, then a byte for each step */

/* ---- the station ---- */

static void take_password (TamboStation *station) {
  char line[64] = { 0 };
  ssize_t size = read (ORDER_FD, line, PASSWORD_SIZE);
  g_autoptr (GBytes) password = tambo_secret_new (line, (gsize) size);
  g_autoptr (GError) error = NULL;

  tambo_secret_wipe (line, sizeof line);
  g_assert_true (tambo_station_sign_in (station, "clerk", password, &error));
}

static void say_and_wait (const char *word) {
  char order;

  g_assert_cmpint (write (STATION_FD, word, 1), ==, 1);
  g_assert_cmpint (read (ORDER_FD, &order, 1), ==, 1);
}

static int be_the_station (const char *folder) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_station_open (folder, &error);
  g_assert_no_error (error);
  take_password (station);
  {
    g_autoptr (TamboEnrolment) enrolment =
        tambo_enrol_begin (station, "passport", NULL, MRZ_LINES, NULL, &error);
    g_autoptr (GBytes) portrait = portrait_new ();

    g_assert_no_error (error);
    tambo_enrol_add_portrait (station, enrolment, portrait, "test", &error);
    g_assert_no_error (error);
  }
  say_and_wait ("u");
  /* As after five minutes without anybody. */
  tambo_station_get_store (station)->last_use -= TAMBO_STORE_IDLE_SECONDS;
  g_assert_true (tambo_station_lock_when_idle (station));
  say_and_wait ("l");
  return 0;
}

/* ---- who looks ---- */

static guint count_in (const char *data, gsize size, gconstpointer needle, gsize needle_size) {
  const char *end = data + size, *at = data;
  guint count = 0;

  while ((at = memmem (at, (gsize) (end - at), needle, needle_size)) != NULL) {
    count++;
    at++;
  }
  return count;
}

/* How often NEEDLE stands in the memory of PID. */
static guint count_in_process (pid_t pid, gconstpointer needle, gsize needle_size) {
  g_autofree char *maps_path = g_strdup_printf ("/proc/%d/maps", (int) pid);
  g_autofree char *memory_path = g_strdup_printf ("/proc/%d/mem", (int) pid);
  FILE *maps = fopen (maps_path, "re");
  int memory = open (memory_path, O_RDONLY | O_CLOEXEC);
  g_autofree char *block = g_malloc (1 << 20);
  char line[512], rights[8];
  unsigned long start, end;
  guint count = 0;

  g_assert_nonnull (maps);
  g_assert_cmpint (memory, >=, 0);
  while (fgets (line, sizeof line, maps) != NULL) {
    /* The shadow of a sanitizer is terabytes of nothing. */
    if (sscanf (line, "%lx-%lx %7s", &start, &end, rights) != 3 || rights[0] != 'r'
        || end - start > (1ul << 31))
      continue;
    for (unsigned long at = start; at < end; at += (1 << 20) - 64) {
      ssize_t got = pread (memory, block, MIN (1ul << 20, end - at), (off_t) at);
      if (got > 0)
        count += count_in (block, (gsize) got, needle, needle_size);
    }
  }
  close (memory);
  fclose (maps);
  return count;
}

typedef struct {
  pid_t pid;
  int said, orders;
} Other;

static void other_start (Other *other, const char *program, const char *folder) {
  int said[2], orders[2];

  g_assert_cmpint (pipe (said), ==, 0);
  g_assert_cmpint (pipe (orders), ==, 0);
  other->pid = fork ();
  if (other->pid == 0) {
    int out = fcntl (said[1], F_DUPFD, 10), in = fcntl (orders[0], F_DUPFD, 10);

    dup2 (out, STATION_FD);
    dup2 (in, ORDER_FD);
    execl (program, program, "--station", folder, NULL);
    _exit (127);
  }
  close (said[1]);
  close (orders[0]);
  other->said = said[0];
  other->orders = orders[1];
}

static char other_next (Other *other, const char *order, gsize size) {
  char word = '?';

  g_assert_cmpint (write (other->orders, order, size), ==, (gssize) size);
  g_assert_cmpint (read (other->said, &word, 1), ==, 1);
  return word;
}

static void other_end (Other *other) {
  int status;

  g_assert_cmpint (write (other->orders, "e", 1), ==, 1);
  g_assert_cmpint (waitpid (other->pid, &status, 0), ==, other->pid);
  g_assert_cmpint (status, ==, 0);
  close (other->said);
  close (other->orders);
}

static char *own_program;

static void test_locked_station_holds_no_secret (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  GBytes *key = tambo_station_get_store (practice->station)->data_key;
  gsize key_size;
  gconstpointer key_data = g_bytes_get_data (key, &key_size);
  /* One that does not stand in this program's text. */
  g_autofree char *word = tambo_id_new ();
  g_autoptr (GBytes) password = tambo_secret_new (word, PASSWORD_SIZE);
  g_autoptr (GError) error = NULL;
  Other other;

  g_autoptr (GBytes) old = tambo_secret_new (PASSWORD, strlen (PASSWORD));
  tambo_operator_desk_change_password (practice->station, "clerk", old, password, &error);
  g_assert_no_error (error);
  other_start (&other, own_program, practice->folder);
  g_assert_cmpint (other_next (&other, word, PASSWORD_SIZE), ==, 'u');
  guint unlocked = count_in_process (other.pid, key_data, key_size);
  g_assert_cmpint (other_next (&other, "l", 1), ==, 'l');
  guint locked = count_in_process (other.pid, key_data, key_size);
  guint passwords = count_in_process (other.pid, word, PASSWORD_SIZE);
  g_test_message ("data key: found %u times unlocked, %u locked; password: %u times", unlocked,
                  locked, passwords);
  g_assert_cmpuint (unlocked, >, 0);
  g_assert_cmpuint (locked, ==, 0);
  g_assert_cmpuint (passwords, ==, 0);
  other_end (&other);
}

/* The case stays, whoever goes on with it. */
static void test_idle_station_locks (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment =
      tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);
  TamboStore *store = tambo_station_get_store (practice->station);

  store->last_use -= TAMBO_STORE_IDLE_SECONDS - 5;
  g_assert_false (tambo_station_lock_when_idle (practice->station));
  g_assert_true (tambo_store_is_unlocked (store));
  store->last_use -= 6;
  g_assert_null (tambo_station_permit (practice->station, TAMBO_OPERATION_CASE_CAPTURE, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN);
  g_clear_error (&error);
  g_assert_null (store->data_key);
  g_autofree char *nobody = tambo_station_dup_operator (practice->station);
  g_assert_null (nobody);
  g_assert_null (tambo_store_unseal (store, "x", NULL, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED);
  g_clear_error (&error);

  sign_in (practice, "supervisor");
  g_autoptr (TamboEnrolment) resumed =
      tambo_enrol_resume (practice->station, enrolment->id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (resumed->applicant->surname, ==, "ERIKSSON");
}

int main (int argc, char **argv) {
  if (argc == 3 && g_str_equal (argv[1], "--station"))
    return be_the_station (argv[2]);
  own_program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/memory/locked", test_locked_station_holds_no_secret);
  g_test_add_func ("/station/memory/idle", test_idle_station_locks);
  return g_test_run ();
}
