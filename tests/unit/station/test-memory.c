/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What somebody finds in the memory of a locked station: no password, no key on the way from it to the
 * data key, and nothing of the applicant. The station is another process; its memory is read whole while
 * it lives, and its core after it has crashed.
 */
#include "practice-station.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/id.h"
#include "base/wipe-free.h"
#include "station/case-desk.h"
#include "station/enrol.h"
#include "station/finger-unlock.h"
#include "station/station-private.h"
#include "store/db.h"

#define STATION_FD 3 /* what the other process says */
#define ORDER_FD 4   /* what it is told: password and surname, then a byte for each step */
#define WORD_SIZE 32
#define SURNAME_SIZE 16
#define PORTRAIT_SLICE 48

/* ---- the station ---- */

static void read_order (gpointer out_data, gsize size) {
  g_assert_cmpint (read (ORDER_FD, out_data, size), ==, (gssize) size);
}

static void take_password (TamboStation *station) {
  char line[WORD_SIZE];
  g_autoptr (GBytes) password = NULL;
  g_autoptr (GError) error = NULL;

  read_order (line, sizeof line);
  password = tambo_secret_new (line, sizeof line);
  tambo_secret_wipe (line, sizeof line);
  g_assert_true (tambo_station_sign_in (station, "clerk", password, &error));
}

static char *mrz_of (const char *surname) {
  g_autofree char *name = g_strdup_printf ("P<UTO%s<<ANNA<MARIA", surname);
  GString *mrz = g_string_new (name);

  while (mrz->len < 44)
    g_string_append_c (mrz, '<');
  g_string_append (mrz, "\nL898902C36UTO7408122F3204153ZE184226B<<<<<16");
  return g_string_free (mrz, FALSE);
}

static void say_and_wait (const char *word) {
  char order;

  g_assert_cmpint (write (STATION_FD, word, 1), ==, 1);
  read_order (&order, 1);
}

/* A whole visit: typed, captured, shown, checked, found again, and left as it is. */
static void enrol_somebody (TamboStation *station) {
  char surname[SURNAME_SIZE + 1] = { 0 };
  g_autofree char *mrz = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) portrait = portrait_new (), shown = NULL;
  g_autoptr (TamboEnrolment) enrolment = NULL, resumed = NULL;
  g_autoptr (GPtrArray) checks = NULL, found = NULL;

  read_order (surname, SURNAME_SIZE);
  mrz = mrz_of (surname);
  enrolment = tambo_enrol_begin (station, "passport", NULL, mrz, NULL, &error);
  g_assert_no_error (error);
  tambo_enrol_add_portrait (station, enrolment, portrait, "test", &error);
  g_assert_no_error (error);
  resumed = tambo_enrol_resume (station, enrolment->id, &error);
  shown = tambo_enrol_load_sample (station, resumed, "portrait", &error);
  checks = tambo_enrol_check (station, resumed, &error);
  found = tambo_case_desk_search (station, surname, &error);
  g_assert_cmpuint (found->len, ==, 1);
  say_and_wait ("u");
  tambo_secret_wipe (surname, sizeof surname);
}

static void crash (const char *folder) {
  const struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

  g_assert_cmpint (chdir (folder), ==, 0);
  setrlimit (RLIMIT_CORE, &limit);
  abort ();
}

static int be_the_station (const char *folder) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_station_open (folder, &error);
  char order;

  g_assert_no_error (error);
  take_password (station);
  enrol_somebody (station);
  /* As after five minutes without anybody. */
  tambo_station_get_store (station)->last_use -= TAMBO_STORE_IDLE_SECONDS;
  g_assert_true (tambo_station_lock_when_idle (station));
  g_autofree char *who = tambo_finger_unlock_dup_operator (station);
  g_assert_cmpstr (who, ==, "clerk");
  g_assert_cmpint (write (STATION_FD, "l", 1), ==, 1);
  read_order (&order, 1);
  if (order == 'c')
    crash (folder);
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
    /* Else it would not see that the one who asks has gone. */
    close (orders[1]);
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

static char other_next (Other *other, gconstpointer order, gsize size) {
  char word = '?';

  g_assert_cmpint (write (other->orders, order, size), ==, (gssize) size);
  g_assert_cmpint (read (other->said, &word, 1), ==, 1);
  return word;
}

static void other_end (Other *other, const char *order) {
  int status;

  g_assert_cmpint (write (other->orders, order, 1), ==, 1);
  g_assert_cmpint (waitpid (other->pid, &status, 0), ==, other->pid);
  if (*order == 'c')
    g_assert_true (WIFSIGNALED (status));
  else
    g_assert_cmpint (status, ==, 0);
  close (other->said);
  close (other->orders);
}

/* ---- what is looked for ---- */

typedef struct {
  const char *name;
  GBytes *bytes;
  gboolean is_key; /* was there before it was locked, or is no data of a person */
} Needle;

static void needle_clear (gpointer data) {
  g_bytes_unref (((Needle *) data)->bytes);
}

static void add_needle (GArray *needles, const char *name, gconstpointer data, gsize size,
                        gboolean is_key) {
  Needle needle = { name, g_bytes_new (data, size), is_key };

  g_array_append_val (needles, needle);
}

static void add_bytes (GArray *needles, const char *name, GBytes *bytes) {
  add_needle (needles, name, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), TRUE);
}

/* The clerk's key-encryption key: scrypt of the password with the salt that lies in the store. */
static GBytes *scrypt_output (TamboStore *store, GBytes *password) {
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) row =
      tambo_db_find (store, "row", &error, "SELECT wrapping FROM operators WHERE id = 'clerk'", "");
  const guint8 *wrapping = sqlite3_column_blob (row, 0);
  g_autoptr (GBytes) salt = g_bytes_new (wrapping + 1, 16);
  GBytes *key = tambo_scrypt (password, salt, wrapping[0], &error);

  g_assert_no_error (error);
  return key;
}

static GArray *needles_new (Practice *practice, GBytes *password, const char *surname) {
  TamboStore *store = tambo_station_get_store (practice->station);
  GArray *needles = g_array_new (FALSE, FALSE, sizeof (Needle));
  g_autoptr (GBytes) scrypt = scrypt_output (store, password);
  g_autoptr (GBytes) portrait = portrait_new ();
  g_autofree char *small = g_ascii_strdown (surname, -1);
  g_autofree char *title = g_strdup_printf ("%c%s", *surname, small + 1);
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (surname, -1, NULL, NULL, NULL);
  const char *middle =
      (const char *) g_bytes_get_data (portrait, NULL) + g_bytes_get_size (portrait) / 2;

  g_array_set_clear_func (needles, needle_clear);
  add_bytes (needles, "data key", store->data_key);
  add_bytes (needles, "unlock key", store->unlock_key);
  add_bytes (needles, "scrypt output", scrypt);
  add_bytes (needles, "password", password);
  add_needle (needles, "surname", surname, SURNAME_SIZE, FALSE);
  add_needle (needles, "surname, folded", small, SURNAME_SIZE, FALSE);
  add_needle (needles, "surname, as a title", title, SURNAME_SIZE, FALSE);
  add_needle (needles, "surname, UTF-16", wide, 2 * SURNAME_SIZE, FALSE);
  add_needle (needles, "portrait", middle, PORTRAIT_SLICE, FALSE);
  return needles;
}

/* A sanitizer's allocator keeps what was freed as it was. */
static void assert_none (GArray *needles, const char *where, guint (*count) (gpointer, GBytes *),
                         gpointer place) {
  for (guint i = 0; i < needles->len; i++) {
    const Needle *needle = &g_array_index (needles, Needle, i);
    guint found;

    if (!needle->is_key && !tambo_freed_is_wiped ())
      continue;
    found = count (place, needle->bytes);
    g_test_message ("%s of a locked station: %s found %u times", where, needle->name, found);
    g_assert_cmpuint (found, ==, 0);
  }
}

static guint count_in_memory (gpointer other, GBytes *needle) {
  return count_in_process (((Other *) other)->pid, g_bytes_get_data (needle, NULL),
                           g_bytes_get_size (needle));
}

static guint count_in_core (gpointer core, GBytes *needle) {
  return count_in (g_mapped_file_get_contents (core), g_mapped_file_get_length (core),
                   g_bytes_get_data (needle, NULL), g_bytes_get_size (needle));
}

/* NULL where the system writes none beside the program: it may give cores to a program instead. */
static GMappedFile *find_core (Practice *practice, pid_t pid) {
  g_autofree char *name = g_strdup_printf ("core.%d", (int) pid);
  const char *const names[] = { "core", name };
  GMappedFile *core = NULL;

  for (gsize i = 0; core == NULL && i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (practice->folder, names[i], NULL);
    core = g_mapped_file_new (path, FALSE, NULL);
  }
  return core;
}

static char *own_program;

/* Which does not stand in this program's text. */
static char *random_surname (void) {
  guint8 random[SURNAME_SIZE];
  char *surname = g_malloc0 (SURNAME_SIZE + 1);

  tambo_random (random, sizeof random);
  for (gsize i = 0; i < SURNAME_SIZE; i++)
    surname[i] = (char) ('A' + random[i] % 26);
  return surname;
}

static void test_locked_station_holds_no_secret (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autofree char *word = tambo_id_new ();
  g_autofree char *surname = random_surname ();
  g_autoptr (GBytes) password = tambo_secret_new (word, WORD_SIZE);
  g_autoptr (GBytes) old = tambo_secret_new (PASSWORD, strlen (PASSWORD));
  g_autoptr (GError) error = NULL;
  Other other;

  tambo_operator_desk_change_password (practice->station, "clerk", old, password, &error);
  g_assert_no_error (error);
  /* A finger may unlock it: what that takes lies elsewhere, too. */
  g_autoptr (GBytes) template = tambo_random_bytes (200);
  tambo_operators_set_finger (tambo_station_get_store (practice->station), "clerk", "right-index",
                              template, "clerk", &error);
  g_assert_no_error (error);
  g_autoptr (GArray) needles = needles_new (practice, password, surname);
  add_bytes (needles, "template", template);
  other_start (&other, own_program, practice->folder);
  g_assert_cmpint (write (other.orders, word, WORD_SIZE), ==, WORD_SIZE);
  g_assert_cmpint (other_next (&other, surname, SURNAME_SIZE), ==, 'u');
  /* The eyes are good: what is there before is found. */
  g_assert_cmpuint (count_in_memory (&other, g_array_index (needles, Needle, 0).bytes), >, 0);
  g_assert_cmpuint (count_in_memory (&other, g_array_index (needles, Needle, 4).bytes), >, 0);
  g_assert_cmpint (other_next (&other, "g", 1), ==, 'l');
  assert_none (needles, "memory", count_in_memory, &other);
  other_end (&other, "c");
  g_autoptr (GMappedFile) core = find_core (practice, other.pid);
  if (core == NULL) {
    g_test_message ("this system writes no core beside the program; its memory alone was read");
    return;
  }
  g_test_message ("a core of %" G_GSIZE_FORMAT " bytes", g_mapped_file_get_length (core));
  g_assert_cmpuint (g_mapped_file_get_length (core), >, 1 << 20);
  assert_none (needles, "core", count_in_core, core);
}

/* A window reads what comes and goes, and does much else with the key; only a person keeps the desk open. */
static void test_watched_station_locks (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;
  TamboStore *store = tambo_station_get_store (practice->station);

  tambo_station_watch_presence (practice->station);
  store->last_use -= TAMBO_STORE_IDLE_SECONDS - 5;
  g_autofree char *clerk =
      tambo_station_permit (practice->station, TAMBO_OPERATION_CASE_SEARCH, &error);
  g_assert_no_error (error);
  g_assert_nonnull (clerk);
  tambo_station_note_presence (practice->station);
  store->last_use -= 6;
  g_assert_false (tambo_station_lock_when_idle (practice->station));

  store->last_use -= TAMBO_STORE_IDLE_SECONDS - 8;
  g_autofree char *again =
      tambo_station_permit (practice->station, TAMBO_OPERATION_CASE_SEARCH, &error);
  g_assert_no_error (error);
  g_assert_nonnull (again);
  store->last_use -= 6;
  /* Whoever comes now is too late. */
  tambo_station_note_presence (practice->station);
  g_assert_true (tambo_station_lock_when_idle (practice->station));
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
  g_test_add_func ("/station/memory/watched", test_watched_station_locks);
  return g_test_run ();
}
