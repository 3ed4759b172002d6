/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The watch on the readers against a real pcscd: what it tells, how soon, and what it leaves behind.
 */
#include "chip/reader-watch.h"

#include <stdlib.h>
#include <string.h>

#include "chip/channel-pcsc.h"
#include "wire.h"

#define MEDIAN_MS 1000
#define PATIENCE_MS 15000

typedef struct {
  TamboReaderEventKind kind;
  TamboReaderInterface interface;
  char *reader, *cause;
  gint64 time;
} Told;

static void told_free (gpointer data) {
  Told *told = data;

  g_free (told->reader);
  g_free (told->cause);
  g_free (told);
}

typedef struct {
  Wire *wire;
  GPtrArray *told; /* of Told */
  guint next;      /* the first that was not asked for */
  TamboReaderWatch *watch;
} Desk;

static void on_event (const TamboReaderEvent *event, gpointer data) {
  Desk *desk = data;
  Told *told = g_new0 (Told, 1);

  told->kind = event->kind;
  told->interface = event->interface;
  told->reader = g_strdup (event->reader);
  told->cause = event->cause ? g_strdup (event->cause->message) : NULL;
  told->time = g_get_monotonic_time ();
  g_ptr_array_add (desk->told, told);
  g_test_message ("%s %s", tambo_reader_event_kind_to_string (event->kind),
                  event->reader ? event->reader : "");
}

/* The next thing that is told; it must be KIND. */
static const Told *expect (Desk *desk, TamboReaderEventKind kind) {
  gint64 end = g_get_monotonic_time () + PATIENCE_MS * 1000;

  while (desk->told->len <= desk->next) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_main_context_iteration (NULL, FALSE);
    g_usleep (500);
  }
  const Told *told = g_ptr_array_index (desk->told, desk->next++);
  g_assert_cmpstr (tambo_reader_event_kind_to_string (told->kind), ==,
                   tambo_reader_event_kind_to_string (kind));
  return told;
}

static void set_up (Desk *desk, gconstpointer data) {
  desk->wire = wire_new ();
  desk->told = g_ptr_array_new_with_free_func (told_free);
  desk->watch = tambo_reader_watch_new (NULL, on_event, desk);
  expect (desk, TAMBO_READER_EVENT_SERVICE_BACK);
}

static void tear_down (Desk *desk, gconstpointer data) {
  tambo_reader_watch_free (desk->watch);
  g_assert_cmpuint (desk->next, ==, desk->told->len); /* nothing more was told */
  g_ptr_array_unref (desk->told);
  wire_free (desk->wire);
}

static void expect_readers (Desk *desk) {
  const Told *first = expect (desk, TAMBO_READER_EVENT_READER_ADDED);
  const Told *second = expect (desk, TAMBO_READER_EVENT_READER_ADDED);

  g_assert_nonnull (strstr (first->reader, "Practice reader"));
  g_assert_cmpstr (first->reader, !=, second->reader);
}

static int compare_times (gconstpointer a, gconstpointer b) {
  gint64 time = *(const gint64 *) a, other = *(const gint64 *) b;

  return time < other ? -1 : time > other;
}

/* From the moment at which the card is on its way: pcscd itself looks but every 400 ms. The median, because a busy
 * machine lets one of them wait. */
static void test_card (Desk *desk, gconstpointer data) {
  static const char *const options[] = { "--profile", "jmrtd", NULL };
  gint64 times[10];

  wire_lay_card (desk->wire, options);
  expect_readers (desk);
  const Told *inserted = expect (desk, TAMBO_READER_EVENT_CARD_INSERTED);
  g_assert_cmpint (inserted->interface, ==, TAMBO_READER_CONTACTLESS);
  for (int i = 0; i < 5; i++) {
    gint64 before = g_get_monotonic_time ();
    wire_tell (desk->wire, "remove");
    times[2 * i] = expect (desk, TAMBO_READER_EVENT_CARD_REMOVED)->time - before;
    g_usleep (1000 * 1000); /* a card that has just left is kept away for 900 ms */
    before = g_get_monotonic_time ();
    wire_tell (desk->wire, "insert");
    times[2 * i + 1] = expect (desk, TAMBO_READER_EVENT_CARD_INSERTED)->time - before;
  }
  qsort (times, G_N_ELEMENTS (times), sizeof *times, compare_times);
  gint64 median = times[G_N_ELEMENTS (times) / 2];
  g_test_message ("told within %.0f ms, the median", (double) median / 1000);
  g_assert_cmpint (median, <, MEDIAN_MS * 1000);
}

/* pcscd is killed and comes back: the readers and the card are told to go and to come. */
static void test_service (Desk *desk, gconstpointer data) {
  static const char *const options[] = { "--profile", "jmrtd", NULL };

  wire_lay_card (desk->wire, options);
  expect_readers (desk);
  expect (desk, TAMBO_READER_EVENT_CARD_INSERTED);
  gint64 before = g_get_monotonic_time ();
  wire_kill (desk->wire);
  expect (desk, TAMBO_READER_EVENT_READER_REMOVED);
  expect (desk, TAMBO_READER_EVENT_CARD_REMOVED);
  expect (desk, TAMBO_READER_EVENT_READER_REMOVED);
  const Told *lost = expect (desk, TAMBO_READER_EVENT_SERVICE_LOST);
  g_assert_nonnull (lost->cause);
  g_test_message ("%s; after %.0f ms", lost->cause, (double) (lost->time - before) / 1000);
  wire_revive (desk->wire);
  before = g_get_monotonic_time ();
  gint64 back = expect (desk, TAMBO_READER_EVENT_SERVICE_BACK)->time - before;
  g_test_message ("back after %.0f ms", (double) back / 1000);
  expect_readers (desk);
  expect (desk, TAMBO_READER_EVENT_CARD_INSERTED);
}

static guint count_entries (const char *folder) {
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir))
    count++;
  return count;
}

/* 1,000 times, as often as an office has applicants in a week. */
static void test_cycles (Desk *desk, gconstpointer data) {
  static const char *const options[] = { "--profile", "jmrtd", NULL };
  int cycles = g_getenv ("TAMBO_LONG_TESTS") ? 1000 : 100;
  guint threads = 0, files = 0;

  wire_lay_card (desk->wire, options);
  expect_readers (desk);
  expect (desk, TAMBO_READER_EVENT_CARD_INSERTED);
  for (int i = 0; i < cycles + 1; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboChannel) channel = tambo_reader_connect (NULL, 2000, NULL, &error);
    g_assert_no_error (error);
    TamboCommand select = { .ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .le = TAMBO_LE_NONE };
    g_auto (TamboResponse) response = { 0 };
    select.data = (const guint8 *) "\xA0\x00\x00\x02\x47\x10\x01";
    select.size = 7;
    g_assert_true (tambo_channel_transmit (channel, &select, &response, NULL, &error));
    g_assert_cmphex (response.sw, ==, 0x9000);
    g_clear_object (&channel);
    if (i == 0) {
      g_usleep (100000);
      threads = count_entries ("/proc/self/task");
      files = count_entries ("/proc/self/fd");
    }
  }
  g_usleep (200000);
  g_test_message ("%d cycles: %u threads and %u files before, %u and %u after", cycles, threads,
                  files, count_entries ("/proc/self/task"), count_entries ("/proc/self/fd"));
  g_assert_cmpuint (count_entries ("/proc/self/task"), ==, threads);
  g_assert_cmpuint (count_entries ("/proc/self/fd"), ==, files);
}

/* A second program asks for the card that the first one holds. */
static void test_rival (Desk *desk, gconstpointer data) {
  static const char *const options[] = { "--profile", "jmrtd", NULL };
  g_autoptr (GError) error = NULL;

  wire_lay_card (desk->wire, options);
  expect_readers (desk);
  const Told *card = expect (desk, TAMBO_READER_EVENT_CARD_INSERTED);
  g_autoptr (TamboChannel) channel = tambo_reader_connect (NULL, 2000, NULL, &error);
  g_assert_no_error (error);
  gint64 before = g_get_monotonic_time ();
  g_autoptr (TamboChannel) other = tambo_reader_connect (card->reader, 300, NULL, &error);
  g_assert_null (other);
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_BUSY);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 2 * G_USEC_PER_SEC);
  g_test_message ("%s", error->message);
}

/* Freed at any moment, also while PC/SC is being asked for the first time. */
static void test_free (void) {
  g_autoptr (Wire) wire = wire_new ();

  for (int i = 0; i < 50; i++) {
    Desk desk = { .told = g_ptr_array_new_with_free_func (told_free) };
    TamboReaderWatch *watch = tambo_reader_watch_new (NULL, on_event, &desk);
    g_usleep ((gulong) i * 400);
    gint64 before = g_get_monotonic_time ();
    tambo_reader_watch_free (watch);
    g_assert_cmpint (g_get_monotonic_time () - before, <, PATIENCE_MS * 1000);
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_assert_cmpuint (desk.told->len, ==, 0);
    g_ptr_array_unref (desk.told);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  if (!wire_is_possible ()) {
    g_print ("1..0 # SKIP pcscd is not installed\n");
    return 0;
  }
  g_test_add ("/fault/reader-watch/card", Desk, NULL, set_up, test_card, tear_down);
  g_test_add ("/fault/reader-watch/service", Desk, NULL, set_up, test_service, tear_down);
  g_test_add ("/fault/reader-watch/cycles", Desk, NULL, set_up, test_cycles, tear_down);
  g_test_add ("/fault/reader-watch/rival", Desk, NULL, set_up, test_rival, tear_down);
  g_test_add_func ("/fault/reader-watch/free", test_free);
  return g_test_run ();
}
