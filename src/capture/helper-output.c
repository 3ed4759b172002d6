/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/helper-output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* Shorter than the desk's own patience, so that an orderly end is the common one. */
#define GRACE_MS 1500

static int output_fd = -1;
static int hung_up;
static GMutex mutex;
static GMutex writing; /* one frame after the other */
static GSourceFunc hang_up_func;
static gpointer hang_up_data;

static gpointer watch_input (gpointer data) {
  /* Without POLLIN: commands are read elsewhere, only the end is of interest. */
  struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLRDHUP };

  while (poll (&fd, 1, -1) < 0 && errno == EINTR)
    continue;
  g_mutex_lock (&mutex);
  g_atomic_int_set (&hung_up, TRUE);
  if (hang_up_func != NULL)
    g_idle_add (hang_up_func, hang_up_data);
  g_mutex_unlock (&mutex);
  g_usleep (GRACE_MS * 1000);
  _exit (1);
}

void tambo_output_start (void) {
  output_fd = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (output_fd < 0 || dup2 (STDERR_FILENO, STDOUT_FILENO) < 0)
    _exit (1);
  g_thread_unref (g_thread_new ("hang-up", watch_input, NULL));
}

gboolean tambo_output_is_hung_up (void) {
  return g_atomic_int_get (&hung_up);
}

void tambo_output_set_hang_up_func (GSourceFunc func, gpointer data) {
  g_mutex_lock (&mutex);
  hang_up_func = func;
  hang_up_data = data;
  if (tambo_output_is_hung_up () && func != NULL)
    g_idle_add (func, data);
  g_mutex_unlock (&mutex);
}

static gboolean write_all (const guint8 *data, gsize size) {
  while (size > 0) {
    ssize_t n = write (output_fd, data, size);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    data += n;
    size -= (gsize) n;
  }
  return TRUE;
}

gboolean tambo_output_frames (GByteArray *array) {
  gboolean written;

  g_mutex_lock (&writing);
  written = write_all (array->data, array->len);
  g_mutex_unlock (&writing);
  tambo_secret_wipe (array->data, array->len);
  g_byte_array_set_size (array, 0);
  return written;
}

gboolean tambo_output_frame (TamboHelperFrameType type, const void *payload, gsize size) {
  g_autoptr (GByteArray) array = g_byte_array_new ();
  gboolean written;

  tambo_helper_put_header (array, type, size);
  g_mutex_lock (&writing);
  written = write_all (array->data, array->len) && write_all (payload, size);
  g_mutex_unlock (&writing);
  return written;
}

void tambo_output_error (const GError *error) {
  g_autoptr (GByteArray) array = g_byte_array_new ();

  tambo_helper_put_error (array, error);
  tambo_output_frames (array);
}

void tambo_output_device (const TamboDeviceRow *row) {
  g_autoptr (GByteArray) array = g_byte_array_new ();

  tambo_helper_put_device (array, row);
  tambo_output_frames (array);
}

void tambo_output_usb_failure (const char *cause) {
  g_autoptr (TamboDeviceRow) row =
      tambo_device_row_new ("usb", "USB", "", TAMBO_DEVICE_FAILED, cause);

  tambo_output_device (row);
}

gboolean tambo_output_check_node (const char *node, GError **error) {
  if (node == NULL || access (node, R_OK | W_OK) == 0 || (errno != EACCES && errno != EPERM))
    return TRUE;
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_NO_PERMISSION,
               "no access to %s: the udev rule 70-tambo.rules is not installed or this user is not "
               "at the seat",
               node);
  return FALSE;
}
