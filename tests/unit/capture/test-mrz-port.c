/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A pseudo-terminal is the serial line; the test holds the reader's end.
 */
#include "capture/mrz-port.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LINE_1 "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define LINE_2 "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define FRAME "\x02" LINE_1 "\r" LINE_2 "\r\x03"

typedef struct {
  int reader;
  char *node;
  TamboMrzPort *port;
} Line;

static void line_clear (Line *line) {
  tambo_mrz_port_close (line->port);
  if (line->reader >= 0)
    close (line->reader);
  g_free (line->node);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

static void line_open (Line *line, const char *speed) {
  g_autofree char *place = NULL;
  g_autoptr (GError) error = NULL;

  line->reader = posix_openpt (O_RDWR | O_NOCTTY);
  g_assert_cmpint (line->reader, >=, 0);
  g_assert_cmpint (grantpt (line->reader), ==, 0);
  g_assert_cmpint (unlockpt (line->reader), ==, 0);
  line->node = g_strdup (ptsname (line->reader));
  place = g_strconcat (line->node, speed, NULL);
  line->port = tambo_mrz_port_open (place, &error);
  g_assert_no_error (error);
}

static void say (const Line *line, const char *text) {
  g_assert_cmpint (write (line->reader, text, strlen (text)), ==, (int) strlen (text));
}

static void expect_zone (const Line *line) {
  g_autoptr (GError) error = NULL;
  g_autofree char *zone = tambo_mrz_port_read (line->port, 60000, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (zone, ==, LINE_1 "\n" LINE_2);
}

static void expect_error (const Line *line, int timeout_ms, GQuark domain, int code) {
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_mrz_port_read (line->port, timeout_ms, NULL, &error));
  g_assert_error (error, domain, code);
}

static void test_reads (void) {
  g_auto (Line) line = { 0 };

  line_open (&line, "");
  say (&line, FRAME);
  expect_zone (&line);
  say (&line, FRAME FRAME);
  expect_zone (&line);
  expect_zone (&line);
}

static void test_speed (void) {
  g_auto (Line) line = { 0 };
  struct termios settings;

  line_open (&line, ":19200");
  g_assert_cmpint (tcgetattr (line.reader, &settings), ==, 0);
  g_assert_cmpuint (cfgetospeed (&settings), ==, B19200);
  g_assert_cmpuint (settings.c_lflag & (ICANON | ECHO), ==, 0);
  say (&line, FRAME);
  expect_zone (&line);
}

static void test_goes_on_after_nonsense (void) {
  g_auto (Line) line = { 0 };

  line_open (&line, "");
  say (&line, "\x02"
              "4006381333931\r\x03");
  expect_error (&line, 60000, TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_NO_ZONE);
  say (&line, FRAME);
  expect_zone (&line);
}

/* Half a document, a pause, and another document. */
static void test_forgets_after_silence (void) {
  g_auto (Line) line = { 0 };

  line_open (&line, "");
  say (&line, LINE_1 "\r");
  expect_error (&line, 1, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_TIMEOUT);
  say (&line, LINE_2 "\r");
  expect_error (&line, 1, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_TIMEOUT);
}

static void test_disconnected (void) {
  g_auto (Line) line = { 0 };

  line_open (&line, "");
  close (line.reader);
  line.reader = -1;
  expect_error (&line, 60000, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED);
}

static gpointer cancel_soon (gpointer cancellable) {
  g_usleep (100 * 1000);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void test_cancelled (void) {
  g_auto (Line) line = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  line_open (&line, "");
  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_null (tambo_mrz_port_read (line.port, -1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

static void test_refused (void) {
  static const struct {
    const char *place;
    TamboCaptureError code;
  } cases[] = {
    { "/dev/tambo-there-is-none", TAMBO_CAPTURE_ERROR_NO_DEVICE },
    { "/dev/null", TAMBO_CAPTURE_ERROR_UNSUITABLE },
    { "/dev/null:12345", TAMBO_CAPTURE_ERROR_UNSUITABLE },
    { "/dev/null:", TAMBO_CAPTURE_ERROR_UNSUITABLE },
    { "", TAMBO_CAPTURE_ERROR_NO_DEVICE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_mrz_port_open (cases[i].place, &error));
    g_assert_error (error, TAMBO_CAPTURE_ERROR, (int) cases[i].code);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mrz-port/reads", test_reads);
  g_test_add_func ("/mrz-port/speed", test_speed);
  g_test_add_func ("/mrz-port/goes-on-after-nonsense", test_goes_on_after_nonsense);
  g_test_add_func ("/mrz-port/forgets-after-silence", test_forgets_after_silence);
  g_test_add_func ("/mrz-port/disconnected", test_disconnected);
  g_test_add_func ("/mrz-port/cancelled", test_cancelled);
  g_test_add_func ("/mrz-port/refused", test_refused);
  return g_test_run ();
}
