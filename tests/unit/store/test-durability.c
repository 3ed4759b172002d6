/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A child saves samples and says so after each; it is killed at random moments. Whatever it said is
 * there.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "desk.h"
#include "store/cases.h"

#define ROUNDS 50
#define SAMPLES_OF_A_CASE 20
#define ACK_SIZE 160

/* "CASE SLOT SHA256", as one write: a pipe takes it whole or not at all. */
static void acknowledge (int fd, const TamboEnrolment *enrolment, const char *slot) {
  const TamboSample *sample = tambo_enrolment_find_sample (enrolment, slot);
  char line[ACK_SIZE] = { 0 };

  g_snprintf (line, sizeof line, "%s %s %s", enrolment->id, slot, sample->sha256);
  if (write (fd, line, sizeof line) != sizeof line)
    _exit (3);
}

static void save_one (TamboStore *store, TamboEnrolment *enrolment, int number, int fd) {
  g_autofree char *kind = g_strdup_printf ("scan-%c", 'a' + number);
  g_autoptr (TamboSample) sample = desk_document (kind);
  g_autofree char *slot = tambo_sample_dup_slot (sample);
  g_autoptr (GBytes) bytes = desk_bytes ((gsize) g_random_int_range (1, 120000));

  if (!tambo_cases_save_sample (store, enrolment, sample, bytes, DESK_OPERATOR, NULL))
    _exit (4);
  acknowledge (fd, enrolment, slot);
}

static void save_until_killed (const char *path, int fd) {
  TamboStore *store = tambo_store_open (path, NULL);

  if (store == NULL)
    _exit (2);
  desk_sign_in (store);
  for (;;) {
    g_autoptr (TamboEnrolment) enrolment = desk_specimen ();

    for (int i = 0; i < SAMPLES_OF_A_CASE; i++)
      save_one (store, enrolment, i, fd);
  }
}

/* Kills the child DELAY microseconds after its first word; what it said goes to ACKS. */
static void run_child (Desk *desk, gulong delay, GPtrArray *acks) {
  char line[ACK_SIZE];
  int fds[2], status;
  pid_t child;

  g_assert_cmpint (pipe (fds), ==, 0);
  child = fork ();
  if (child == 0) {
    close (fds[0]);
    save_until_killed (desk->path, fds[1]);
  }
  close (fds[1]);
  if (read (fds[0], line, sizeof line) == sizeof line)
    g_ptr_array_add (acks, g_strdup (line));
  g_usleep (delay);
  kill (child, SIGKILL);
  while (read (fds[0], line, sizeof line) == sizeof line)
    g_ptr_array_add (acks, g_strdup (line));
  close (fds[0]);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
}

static void assert_kept (TamboStore *store, const char *ack) {
  g_auto (GStrv) words = g_strsplit (ack, " ", 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = tambo_cases_load (store, words[0], &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *hash = NULL;

  g_assert_no_error (error);
  bytes = tambo_cases_load_sample (store, enrolment, words[1], &error);
  g_assert_no_error (error);
  hash = tambo_sha256_hex (bytes);
  g_assert_cmpstr (hash, ==, words[2]);
}

static void test_what_was_acknowledged_is_kept (void) {
  g_auto (Desk) desk = { 0 };
  guint total = 0, hot_journals = 0;

  desk_init (&desk);
  g_clear_pointer (&desk.store, tambo_store_close);
  for (int round = 0; round < ROUNDS; round++) {
    g_autoptr (GPtrArray) acks = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GError) error = NULL;
    g_autofree char *journal = g_strconcat (desk.path, "-journal", NULL);

    run_child (&desk, (gulong) g_test_rand_int_range (0, 60000), acks);
    hot_journals += g_file_test (journal, G_FILE_TEST_EXISTS);
    desk.store = desk_open_again (&desk);
    desk_sign_in (desk.store);
    for (guint i = 0; i < acks->len; i++)
      assert_kept (desk.store, acks->pdata[i]);
    g_assert_true (tambo_store_verify (desk.store, &error));
    desk_assert_audit (&desk, "operator.add", 1);
    g_clear_pointer (&desk.store, tambo_store_close);
    total += acks->len;
  }
  g_test_message ("%u samples acknowledged, %u rounds left a journal", total, hot_journals);
  g_assert_cmpuint (total, >=, ROUNDS);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/durability/kill", test_what_was_acknowledged_is_kept);
  return g_test_run ();
}
