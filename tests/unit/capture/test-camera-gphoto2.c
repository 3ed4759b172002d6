/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The real libgphoto2 against networks that do not answer. What it does with a camera is for the
 * scenarios, where one is played.
 */
#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/helper-client.h"
#include "capture/helper-devices.h"

static char *home;

/* A port on which connections are made and nothing is ever said. */
static int listen_and_keep_silent (guint16 *out_port) {
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, size), ==, 0);
  g_assert_cmpint (listen (fd, 5), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &size), ==, 0);
  *out_port = ntohs (address.sin_port);
  return fd;
}

static TamboCamera *camera_at (guint16 port) {
  g_autofree char *id = g_strdup_printf ("ptpip:127.0.0.1:%u:%u", port, port);
  g_autoptr (TamboDeviceRow) row =
      tambo_device_row_new (id, "PTP/IP Camera", "ptpip", TAMBO_DEVICE_READY, NULL);

  return TAMBO_CAMERA (tambo_helper_camera_new (row));
}

static void test_listing (void) {
  static const char *const ports[] = { "ptpip:127.0.0.1:15740:15740", "192.168.1.1" };

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++) {
    g_autoptr (GPtrArray) rows = NULL;
    const TamboDeviceRow *row = NULL;

    g_setenv ("TAMBO_CAMERA_PORT", ports[i], TRUE);
    rows = tambo_helper_list_devices (TAMBO_DEVICE_CAMERA, NULL, NULL);
    g_assert_nonnull (rows);
    g_assert_cmpuint (rows->len, >=, 1);
    row = rows->pdata[0];
    g_assert_cmpstr (row->id, ==, ports[i]);
    g_assert_cmpint (row->state, ==, i == 0 ? TAMBO_DEVICE_READY : TAMBO_DEVICE_FAILED);
  }
}

static void test_nobody_there (void) {
  guint16 port;
  int fd = listen_and_keep_silent (&port);
  g_autoptr (TamboCamera) camera = camera_at (port);
  g_autofree char *dot_gphoto = g_build_filename (home, ".gphoto", NULL);
  g_autoptr (GError) error = NULL;

  close (fd);
  g_assert_null (tambo_camera_next_frame (camera, NULL, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "no camera answers at ptpip:127.0.0.1"));
  g_assert_false (g_file_test (dot_gphoto, G_FILE_TEST_EXISTS));
}

typedef struct {
  GCancellable *cancellable;
  gint64 at;
} Cancel;

static gpointer cancel_later (gpointer data) {
  Cancel *cancel = data;

  g_usleep (600 * 1000);
  cancel->at = g_get_monotonic_time ();
  g_cancellable_cancel (cancel->cancellable);
  return NULL;
}

/* libgphoto2 itself cannot be interrupted here; its process can. */
static void test_cancel_in_the_library (void) {
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Cancel cancel = { cancellable, 0 };
  guint16 port;
  int fd = listen_and_keep_silent (&port);
  g_autoptr (TamboCamera) camera = camera_at (port);
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_later, &cancel);

  g_assert_null (tambo_camera_capture (camera, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - cancel.at, <, TAMBO_HELPER_GRACE_MS * 1000);
  g_thread_join (thread);
  close (fd);
}

static void remove_tree (const char *path) {
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    remove_tree (child);
  }
  g_remove (path);
}

int main (int argc, char **argv) {
  int status;

  g_test_init (&argc, &argv, NULL);
  home = g_dir_make_tmp ("tambo-home-XXXXXX", NULL);
  g_setenv ("HOME", home, TRUE);
  g_unsetenv ("XDG_CACHE_HOME");
  g_setenv ("TAMBO_LIBEXECDIR", CAPTURE_HELPER_FOLDER, TRUE);
  g_test_add_func ("/capture/camera-gphoto2/listing", test_listing);
  g_test_add_func ("/capture/camera-gphoto2/nobody-there", test_nobody_there);
  g_test_add_func ("/capture/camera-gphoto2/cancel-in-the-library", test_cancel_in_the_library);
  status = g_test_run ();
  /* The last helper may still write its settings while it is let go. */
  g_usleep ((TAMBO_HELPER_GRACE_MS + 500) * 1000);
  remove_tree (home);
  g_free (home);
  return status;
}
