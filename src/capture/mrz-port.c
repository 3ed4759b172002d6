/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/mrz-port.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/bytes.h"
#include "capture/mrz-frames.h"

#define DEFAULT_SPEED 9600
#define SILENCE_MS 500 /* between two bytes of one zone there is less */

struct _TamboMrzPort {
  int fd;
  char *node;
  TamboMrzFrames *frames;
};

static const struct {
  guint64 speed;
  speed_t code;
} speeds[] = {
  { 1200, B1200 },   { 2400, B2400 },   { 4800, B4800 },   { 9600, B9600 },
  { 19200, B19200 }, { 38400, B38400 }, { 57600, B57600 }, { 115200, B115200 },
};

static gboolean fail (GError **error, TamboCaptureError code, const char *node, const char *cause) {
  g_set_error (error, TAMBO_CAPTURE_ERROR, (int) code, "document reader on %s: %s", node, cause);
  return FALSE;
}

static gboolean find_speed (const char *text, const char *node, speed_t *out_code, GError **error) {
  guint64 speed = DEFAULT_SPEED;

  if (text == NULL || g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &speed, NULL)) {
    for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
      if (speeds[i].speed == speed) {
        *out_code = speeds[i].code;
        return TRUE;
      }
  }
  return fail (error, TAMBO_CAPTURE_ERROR_UNSUITABLE, node, "no port has this speed");
}

static TamboCaptureError code_of (int cause) {
  switch (cause) {
  case ENOENT:
  case ENODEV:
  case ENXIO:
    return TAMBO_CAPTURE_ERROR_NO_DEVICE;
  case EACCES:
  case EPERM:
    return TAMBO_CAPTURE_ERROR_NO_PERMISSION;
  case EBUSY:
    return TAMBO_CAPTURE_ERROR_BUSY;
  default:
    return TAMBO_CAPTURE_ERROR_FAILED;
  }
}

/* As it comes, and what waited before is of another document. */
static gboolean set_up (TamboMrzPort *port, speed_t speed, GError **error) {
  struct termios line;

  if (tcgetattr (port->fd, &line) != 0)
    return fail (error, TAMBO_CAPTURE_ERROR_UNSUITABLE, port->node, "this is no serial port");
  cfmakeraw (&line);
  line.c_cflag |= CLOCAL | CREAD;
  if (cfsetspeed (&line, speed) != 0 || tcsetattr (port->fd, TCSANOW, &line) != 0)
    return fail (error, TAMBO_CAPTURE_ERROR_UNSUITABLE, port->node, g_strerror (errno));
  ioctl (port->fd, TIOCEXCL); /* keeps others out, where the driver can */
  tcflush (port->fd, TCIFLUSH);
  return TRUE;
}

TamboMrzPort *tambo_mrz_port_open (const char *place, GError **error) {
  g_autoptr (TamboMrzPort) port = g_new0 (TamboMrzPort, 1);
  g_auto (GStrv) parts = g_strsplit (place, ":", 2);
  speed_t speed;

  port->fd = -1;
  port->frames = tambo_mrz_frames_new ();
  port->node = g_strdup (parts[0] != NULL ? parts[0] : "");
  if (!find_speed (parts[0] != NULL ? parts[1] : NULL, port->node, &speed, error))
    return NULL;
  port->fd = open (port->node, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (port->fd < 0) {
    fail (error, code_of (errno), port->node, g_strerror (errno));
    return NULL;
  }
  return set_up (port, speed, error) ? g_steal_pointer (&port) : NULL;
}

void tambo_mrz_port_close (TamboMrzPort *port) {
  if (port == NULL)
    return;
  if (port->fd >= 0)
    close (port->fd);
  tambo_mrz_frames_free (port->frames);
  g_free (port->node);
  g_free (port);
}

/* 1 for a byte, 0 when none came in time, -1 with ERROR. */
static int wait_for_byte (TamboMrzPort *port, int timeout_ms, GCancellable *cancellable,
                          guint8 *out_byte, GError **error) {
  GPollFD polls[2] = { { .fd = port->fd, .events = G_IO_IN } };
  gboolean can_cancel = g_cancellable_make_pollfd (cancellable, &polls[1]);
  int n = g_poll (polls, can_cancel ? 2 : 1, timeout_ms);
  int cause = errno;
  ssize_t got;

  if (can_cancel)
    g_cancellable_release_fd (cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  if (n == 0 || (n < 0 && cause == EINTR))
    return 0;
  got = read (port->fd, out_byte, 1);
  if (got == 1)
    return 1;
  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return 0;
  fail (error, TAMBO_CAPTURE_ERROR_REMOVED, port->node, "it was disconnected");
  return -1;
}

/* Until what is under way has come to nothing, or until END. */
static int find_patience (const TamboMrzPort *port, gint64 end, int timeout_ms) {
  if (tambo_mrz_frames_is_pending (port->frames))
    return SILENCE_MS;
  if (timeout_ms < 0)
    return -1;
  return (int) MAX ((end - g_get_monotonic_time ()) / G_TIME_SPAN_MILLISECOND + 1, 0);
}

char *tambo_mrz_port_read (TamboMrzPort *port, int timeout_ms, GCancellable *cancellable,
                           GError **error) {
  gint64 end = g_get_monotonic_time () + timeout_ms * G_TIME_SPAN_MILLISECOND;

  for (;;) {
    guint8 byte;
    int got =
        wait_for_byte (port, find_patience (port, end, timeout_ms), cancellable, &byte, error);

    if (got < 0)
      return NULL;
    if (got == 0)
      tambo_mrz_frames_reset (port->frames);
    if (got == 0 && timeout_ms >= 0 && g_get_monotonic_time () >= end) {
      fail (error, TAMBO_CAPTURE_ERROR_TIMEOUT, port->node, "no document was read");
      return NULL;
    }
    switch (got == 0 ? TAMBO_MRZ_FRAME_UNFINISHED : tambo_mrz_frames_push (port->frames, byte)) {
    case TAMBO_MRZ_FRAME_ZONE:
      return tambo_mrz_frames_take (port->frames);
    case TAMBO_MRZ_FRAME_REFUSED:
      g_set_error_literal (error, TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_NO_ZONE,
                           "what the reader read is no machine-readable zone");
      return NULL;
    case TAMBO_MRZ_FRAME_UNFINISHED:
      break;
    }
  }
}
