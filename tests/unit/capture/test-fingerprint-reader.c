/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The whole way through the real helper and the real libfprint: its virtual image driver, which the
 * test feeds, and recordings of real readers, replayed under umockdev.
 */
#include <glib/gstdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "capture/device-manager.h"
#include "capture/helper-client.h"
#include "capture/helper-devices.h"
#include "format/image-codec.h"

#define WIDTH 300
#define HEIGHT 400

static char *socket_path;
static char *own_path;

static TamboFingerprintReader *reader_new (const char *id) {
  g_autoptr (TamboDeviceRow) row =
      tambo_device_row_new (id, "Reader", "virtual_image", TAMBO_DEVICE_READY, NULL);

  return TAMBO_FINGERPRINT_READER (tambo_helper_fingerprint_reader_new (row));
}

/* Curved ridges, 9 pixels apart, with breaks that make minutiae. */
static guint8 *ridges (void) {
  guint8 *pixels = g_malloc (WIDTH * HEIGHT);

  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x++) {
      double dx = x - 150.0;
      double dy = y - 230.0;
      double phase = sqrt (dx * dx + dy * dy * 0.6) / 9.0 * 2 * G_PI;
      double edge = (dx * dx) / (140.0 * 140.0) + (y - 200.0) * (y - 200.0) / (190.0 * 190.0);
      gboolean broken = (x / 24 + y / 31) % 5 == 0 && fmod (phase, 4 * G_PI) < 2 * G_PI;

      pixels[y * WIDTH + x] = edge > 1 || broken ? 250 : (guint8) (128 + 110 * sin (phase));
    }
  }
  return pixels;
}

typedef struct {
  const guint8 *pixels; /* borrowed */
  guint seen;           /* bits of TamboFingerStatus */
  GThread *finger;
} Feeder;

/* The finger: connects to the driver and lays down one picture. */
static gpointer feed (gpointer data) {
  Feeder *feeder = data;
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const gint32 size[2] = { WIDTH, HEIGHT };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, socket_path, sizeof address.sun_path);
  for (int i = 0; i < 1000; i++) {
    if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
      break;
    g_usleep (10 * 1000);
  }
  g_assert_cmpint (send (fd, size, sizeof size, MSG_NOSIGNAL), ==, sizeof size);
  for (gsize i = 0; i < WIDTH * HEIGHT;) {
    ssize_t n = send (fd, feeder->pixels + i, WIDTH * HEIGHT - i, MSG_NOSIGNAL);

    g_assert_cmpint (n, >, 0);
    i += (gsize) n;
  }
  close (fd);
  return NULL;
}

/* Not before it is asked for: a driver that was just cancelled may still listen. */
static void on_status_cb (TamboFingerStatus status, gpointer data) {
  Feeder *feeder = data;

  feeder->seen |= 1u << status;
  if (status == TAMBO_FINGER_NEEDED && feeder->finger == NULL)
    feeder->finger = g_thread_new ("finger", feed, feeder);
}

static TamboFingerprintCapture *capture_fed (const guint8 *pixels, guint *out_seen,
                                             GError **error) {
  g_autoptr (TamboFingerprintReader) reader = reader_new ("virtual_image:0");
  Feeder feeder = { .pixels = pixels };
  TamboFingerprintCapture *capture =
      tambo_fingerprint_reader_capture (reader, on_status_cb, &feeder, NULL, error);

  g_assert_nonnull (feeder.finger);
  g_thread_join (feeder.finger);
  *out_seen = feeder.seen;
  g_assert_cmpint (tambo_device_get_state (TAMBO_DEVICE (reader)), ==, TAMBO_DEVICE_READY);
  return capture;
}

static void test_print (void) {
  g_autofree guint8 *pixels = ridges ();
  g_autoptr (GError) error = NULL;
  guint seen = 0;
  g_autoptr (TamboFingerprintCapture) capture = capture_fed (pixels, &seen, &error);

  g_assert_no_error (error);
  g_assert_cmpint (capture->image->width, ==, WIDTH);
  g_assert_cmpint (capture->image->height, ==, HEIGHT);
  g_assert_cmpint (capture->image->ppi, ==, 500);
  g_assert_cmpmem (capture->image->data, WIDTH * HEIGHT, pixels, WIDTH * HEIGHT);
  g_assert_cmpint (capture->n_minutiae, >, 0);
  g_assert_cmpstr (capture->driver, ==, "virtual_image");
  g_assert_true ((seen & (1u << TAMBO_FINGER_NEEDED)) != 0);
  g_test_message ("%d minutiae", capture->n_minutiae);
}

static void test_blank_press (void) {
  g_autofree guint8 *pixels = g_malloc (WIDTH * HEIGHT);
  g_autoptr (GError) error = NULL;
  guint seen = 0;

  memset (pixels, 255, WIDTH * HEIGHT);
  g_assert_null (capture_fed (pixels, &seen, &error));
  g_assert_error (error, TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_GENERAL);
}

typedef struct {
  TamboFingerprintReader *reader;
  GCancellable *cancellable;
  gint64 cancelled_at; /* microseconds */
} Press;

static void on_needed_cb (TamboFingerStatus status, gpointer data) {
  Press *press = data;
  g_autoptr (GError) error = NULL;

  if (press->cancelled_at != 0)
    return;
  /* One at a time. */
  g_assert_null (tambo_fingerprint_reader_capture (press->reader, NULL, NULL, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY);
  press->cancelled_at = g_get_monotonic_time ();
  g_cancellable_cancel (press->cancellable);
}

/* Cancelled in the middle, and the very next capture finds the reader free. */
static void test_cancel (void) {
  g_autoptr (TamboFingerprintReader) reader = reader_new ("virtual_image:0");
  g_autofree guint8 *pixels = ridges ();
  g_autoptr (TamboFingerprintCapture) capture = NULL;
  gint64 fastest = G_MAXINT64;

  for (int i = 0; i < 3; i++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GError) error = NULL;
    Press press = { reader, cancellable, 0 };

    g_assert_null (
        tambo_fingerprint_reader_capture (reader, on_needed_cb, &press, cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpint (press.cancelled_at, >, 0);
    fastest = MIN (fastest, g_get_monotonic_time () - press.cancelled_at);
  }
  /* It is not waited until the helper has ended. */
  g_assert_cmpint (fastest, <, TAMBO_HELPER_GRACE_MS * 1000);
  capture = capture_fed (pixels, &(guint){ 0 }, NULL);
  g_assert_nonnull (capture);
}

static void test_unplugged (void) {
  g_autoptr (TamboFingerprintReader) reader = reader_new ("uru4000:usb:01:0a");
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_fingerprint_reader_capture (reader, NULL, NULL, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED);
  g_assert_cmpint (tambo_device_get_state (TAMBO_DEVICE (reader)), ==, TAMBO_DEVICE_REMOVED);
}

/* The manager finds the driver, and the reader that matches inside is told from the one with
 * images. */
static void test_listing (void) {
  g_autoptr (GPtrArray) rows =
      tambo_helper_list_devices (TAMBO_DEVICE_FINGERPRINT_READER, NULL, NULL);
  guint n_suitable = 0, n_unsuitable = 0;

  g_assert_nonnull (rows);
  for (guint i = 0; i < rows->len; i++) {
    const TamboDeviceRow *row = rows->pdata[i];

    if (g_str_equal (row->driver, "virtual_image") && row->state == TAMBO_DEVICE_READY)
      n_suitable++;
    if (g_str_equal (row->driver, "virtual_device") && row->state == TAMBO_DEVICE_UNSUITABLE)
      n_unsuitable++;
  }
  g_assert_cmpuint (n_suitable, ==, 1);
  g_assert_cmpuint (n_unsuitable, ==, 1);
}

static const struct {
  const char *name, *kind, *driver;
  int ppi;
} recordings[] = {
  { "uru4000-msv2", "-p", "uru4000", 512 },
  { "uru4000-4500", "-p", "uru4000", 512 },
  { "elan", "-i", "elan", 0 },
  { "aes3500", "-i", "aes3500", 0 },
};

/* A strip sensor gives a picture to whoever asks for one, and is refused where a whole finger is needed. */
static void check_presses (TamboFingerprintReader *reader, const char *driver) {
  gboolean is_strip = g_str_equal (driver, "elan");
  const TamboFingerRequest request = { .press = TAMBO_PRESS_SINGLE };
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (tambo_fingerprint_reader_get_presses (reader), ==,
                    1u << (is_strip ? TAMBO_PRESS_SWIPE : TAMBO_PRESS_SINGLE));
  if (!is_strip)
    return;
  g_assert_null (tambo_fingerprint_reader_press (reader, &request, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNSUITABLE);
}

/* Under umockdev-run: the one reader there is gives the picture that libfprint's own test expects. */
static int replay (const char *expected_path, const char *driver, int ppi) {
  g_autoptr (TamboDeviceManager) manager = tambo_device_manager_new ();
  g_autoptr (TamboFingerprintReader) reader = NULL;
  g_autoptr (TamboFingerprintCapture) capture = NULL;
  g_autoptr (GBytes) file = tambo_file_read (expected_path, 1024 * 1024, NULL);
  g_autoptr (TamboImage) decoded = tambo_image_decode (file, NULL);
  g_autoptr (TamboImage) expected = tambo_image_to_grey (decoded);
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_device_manager_scan (manager, NULL, &error));
  reader = tambo_device_manager_dup_fingerprint_reader (manager, NULL, &error);
  g_assert_no_error (error);
  check_presses (reader, driver);
  capture = tambo_fingerprint_reader_capture (reader, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (capture->driver, ==, driver);
  g_assert_cmpint (capture->image->ppi, ==, ppi);
  g_assert_cmpint (capture->image->width, ==, expected->width);
  g_assert_cmpint (capture->image->height, ==, expected->height);
  g_assert_cmpmem (capture->image->data, tambo_image_size (capture->image), expected->data,
                   tambo_image_size (expected));
  g_print ("# %s, id %s, %d x %d, %d minutiae\n", tambo_device_get_name (TAMBO_DEVICE (reader)),
           tambo_device_get_id (TAMBO_DEVICE (reader)), capture->image->width,
           capture->image->height, capture->n_minutiae);
  return EXIT_SUCCESS;
}

/* Where the recording's device sits: the first line of its kind in the description. */
static char *dup_line (const char *description, const char *prefix) {
  g_auto (GStrv) lines = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (description, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    if (g_str_has_prefix (lines[i], prefix))
      return g_strdup (lines[i] + strlen (prefix));
  }
  return NULL;
}

static void run_replay (const char *folder, gsize which) {
  g_autofree char *description = g_build_filename (folder, "device", NULL);
  gboolean pcap = g_str_equal (recordings[which].kind, "-p");
  g_autofree char *traffic =
      g_build_filename (folder, pcap ? "capture.pcapng" : "capture.ioctl", NULL);
  g_autofree char *expected = g_build_filename (folder, "capture.png", NULL);
  g_autofree char *place = dup_line (description, pcap ? "P: " : "E: DEVNAME=");
  g_autofree char *script = g_strdup_printf ("%s%s=%s", pcap ? "/sys" : "", place, traffic);
  g_autofree char *ppi = g_strdup_printf ("%d", recordings[which].ppi);
  const char *const argv[] = {
    "umockdev-run", "-d",       description, recordings[which].kind,   script, "--",
    own_path,       "--replay", expected,    recordings[which].driver, ppi,    NULL
  };
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "FP_DEVICE_EMULATION", "1", TRUE);
  g_subprocess_launcher_unsetenv (launcher, "FP_VIRTUAL_IMAGE");
  g_subprocess_launcher_unsetenv (launcher, "FP_VIRTUAL_DEVICE");
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

static void test_recording (gconstpointer data) {
  gsize which = GPOINTER_TO_SIZE (data);
  const char *test_data = g_getenv ("TAMBO_TEST_DATA");
  g_autofree char *umockdev = g_find_program_in_path ("umockdev-run");
  g_autofree char *folder = g_build_filename (test_data != NULL ? test_data : "/nonexistent",
                                              "libfprint-recordings", recordings[which].name, NULL);

  if (umockdev == NULL || !g_file_test (folder, G_FILE_TEST_IS_DIR)) {
    g_test_message ("skipped: no data");
    g_test_skip ("no recording or no umockdev-run");
    return;
  }
  run_replay (folder, which);
}

int main (int argc, char **argv) {
  g_autofree char *folder = NULL;
  int status;

  g_setenv ("TAMBO_LIBEXECDIR", CAPTURE_HELPER_FOLDER, TRUE);
  if (argc == 5 && g_str_equal (argv[1], "--replay"))
    return replay (argv[2], argv[3], atoi (argv[4]));
  g_test_init (&argc, &argv, NULL);
  own_path = g_file_read_link ("/proc/self/exe", NULL);
  folder = g_dir_make_tmp ("tambo-finger-XXXXXX", NULL);
  socket_path = g_build_filename (folder, "sensor", NULL);
  g_setenv ("FP_VIRTUAL_IMAGE", socket_path, TRUE);
  g_setenv ("FP_VIRTUAL_DEVICE", "/nonexistent/socket", TRUE);

  g_test_add_func ("/capture/fingerprint-reader/listing", test_listing);
  g_test_add_func ("/capture/fingerprint-reader/print", test_print);
  g_test_add_func ("/capture/fingerprint-reader/blank-press", test_blank_press);
  g_test_add_func ("/capture/fingerprint-reader/cancel", test_cancel);
  g_test_add_func ("/capture/fingerprint-reader/unplugged", test_unplugged);
  for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++) {
    g_autofree char *path =
        g_strconcat ("/capture/fingerprint-reader/recording/", recordings[i].name, NULL);

    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_recording);
  }
  status = g_test_run ();
  g_unlink (socket_path);
  g_rmdir (folder);
  g_free (socket_path);
  g_free (own_path);
  return status;
}
