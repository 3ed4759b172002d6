/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/helper-client.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/place.h"

#define READ_SIZE (64 * 1024)

struct _TamboHelper {
  char *key; /* the arguments that tell whose device it is */
  GPid pid;
  int in, out, err; /* -1 once closed */
  GByteArray *buffer;
  gsize consumed; /* bytes of the buffer that the last frame took */
  GString *log_line;
  gboolean killed;
};

/* Keys of helpers that were told to end and have not yet: a new one of the same key waits. */
static GMutex leaving_mutex;
static GCond leaving_cond;
static GPtrArray *leaving;

static void close_fd (int *fd) {
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

static gboolean is_leaving (const char *key) {
  for (guint i = 0; leaving != NULL && i < leaving->len; i++) {
    if (g_str_equal (leaving->pdata[i], key))
      return TRUE;
  }
  return FALSE;
}

static gboolean wait_for_predecessor (const char *key, GCancellable *cancellable, GError **error) {
  gboolean cancelled = FALSE;

  g_mutex_lock (&leaving_mutex);
  while (is_leaving (key) && !(cancelled = g_cancellable_is_cancelled (cancellable)))
    g_cond_wait_until (&leaving_cond, &leaving_mutex,
                       g_get_monotonic_time () + 20 * G_TIME_SPAN_MILLISECOND);
  g_mutex_unlock (&leaving_mutex);
  return !cancelled || !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static char *helper_path (void) {
  g_autofree char *folder = tambo_place_find ("TAMBO_LIBEXECDIR", TAMBO_LIBEXECDIR, "../capture");

  return g_build_filename (folder, "tambo-capture-helper", NULL);
}

static gboolean spawn_process (TamboHelper *self, const char *const *arguments, GError **error) {
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *path = helper_path ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) cause = NULL;
  int pair[2];

  /* A socket for its input: MSG_NOSIGNAL spares the program SIGPIPE when the helper is gone. */
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
                 "no socket for the capture helper: %s", g_strerror (errno));
    return FALSE;
  }
  g_strv_builder_add (builder, path);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_strv_builder_add (builder, arguments[i]);
  argv = g_strv_builder_end (builder);

  if (!g_spawn_async_with_pipes_and_fds (
          NULL, (const char *const *) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, pair[1],
          -1, -1, NULL, NULL, 0, &self->pid, NULL, &self->out, &self->err, &cause)) {
    close (pair[0]);
    close (pair[1]);
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
                 "the capture helper does not start: %s", cause->message);
    return FALSE;
  }
  close (pair[1]);
  self->in = pair[0];
  return g_unix_set_fd_nonblocking (self->out, TRUE, error)
         && g_unix_set_fd_nonblocking (self->err, TRUE, error);
}

static void free_helper (TamboHelper *self) {
  close_fd (&self->in);
  close_fd (&self->out);
  close_fd (&self->err);
  if (self->buffer->len > 0)
    tambo_secret_wipe (self->buffer->data, self->buffer->len);
  g_byte_array_unref (self->buffer);
  g_string_free (self->log_line, TRUE);
  g_free (self->key);
  g_free (self);
}

TamboHelper *tambo_helper_spawn (const char *const *arguments, GCancellable *cancellable,
                                 GError **error) {
  g_autofree char *key =
      g_strconcat (arguments[0], " ", arguments[0] != NULL ? arguments[1] : NULL, NULL);
  TamboHelper *self = NULL;

  if (!wait_for_predecessor (key, cancellable, error))
    return NULL;
  self = g_new0 (TamboHelper, 1);
  self->key = g_steal_pointer (&key);
  self->in = self->out = self->err = -1;
  self->buffer = g_byte_array_new ();
  self->log_line = g_string_new (NULL);
  if (spawn_process (self, arguments, error))
    return self;
  if (self->pid > 0)
    tambo_helper_end (self);
  else
    free_helper (self);
  return NULL;
}

static void kill_helper (TamboHelper *self) {
  /* The process is not reaped before tambo_helper_end: its number cannot be another's. */
  if (!self->killed)
    kill (self->pid, SIGKILL);
  self->killed = TRUE;
}

gboolean tambo_helper_send (TamboHelper *self, TamboHelperFrameType type, GError **error) {
  g_autoptr (GByteArray) frame = g_byte_array_new ();

  tambo_helper_put_header (frame, type, 0);
  /* Five bytes that the socket's buffer takes whole, or the helper does not read at all. */
  if (self->in >= 0
      && send (self->in, frame->data, frame->len, MSG_NOSIGNAL | MSG_DONTWAIT) == (int) frame->len)
    return TRUE;
  g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
                       "the capture helper does not take commands any more");
  return FALSE;
}

/* What the foreign libraries print is for whoever debugs; never more than a line's worth is kept. */
static void drain_log (TamboHelper *self) {
  char text[1024];
  ssize_t n = read (self->err, text, sizeof text);

  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
    close_fd (&self->err);
    return;
  }
  for (ssize_t i = 0; i < n; i++) {
    if (text[i] != '\n' && self->log_line->len < 400) {
      g_string_append_c (self->log_line, g_ascii_isprint (text[i]) ? text[i] : '?');
    } else if (text[i] == '\n') {
      g_debug ("capture helper: %s", self->log_line->str);
      g_string_truncate (self->log_line, 0);
    }
  }
}

/* FALSE when the helper closed its output. */
static gboolean read_more (TamboHelper *self) {
  guint old = self->buffer->len;
  ssize_t n;

  g_byte_array_set_size (self->buffer, old + READ_SIZE);
  n = read (self->out, self->buffer->data + old, READ_SIZE);
  g_byte_array_set_size (self->buffer, old + (n > 0 ? (guint) n : 0));
  return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static gboolean fail_dead (TamboHelper *self, GError **error) {
  kill_helper (self);
  if (self->err >= 0)
    drain_log (self);
  g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED,
                       self->buffer->len > 0 ? "the capture helper died in the middle of an answer"
                                             : "the capture helper died");
  return FALSE;
}

/* Waits until something can be read, the cancellable is cancelled, or the time is over. */
static gboolean wait_for_event (TamboHelper *self, gint64 deadline, GPollFD *cancel_fd,
                                gboolean *out_readable) {
  struct pollfd fds[3] = {
    { .fd = self->out, .events = POLLIN },
    { .fd = self->err, .events = POLLIN },
    { .fd = cancel_fd != NULL ? cancel_fd->fd : -1, .events = POLLIN },
  };
  gint64 left = deadline - g_get_monotonic_time ();

  *out_readable = FALSE;
  if (left <= 0)
    return FALSE;
  if (poll (fds, G_N_ELEMENTS (fds), (int) MIN ((left + 999) / 1000, G_MAXINT)) < 0)
    return errno == EINTR;
  if (fds[1].revents != 0)
    drain_log (self);
  *out_readable = fds[0].revents != 0;
  return TRUE;
}

/* TRUE with a frame of any type. */
static gboolean receive_any (TamboHelper *self, guint deadline_ms, GCancellable *cancellable,
                             GPollFD *cancel_fd, TamboHelperFrame *out_frame, GError **error) {
  gint64 deadline = g_get_monotonic_time () + (gint64) deadline_ms * G_TIME_SPAN_MILLISECOND;
  gboolean readable;

  for (;;) {
    TamboReader reader = tambo_reader (self->buffer->data, self->buffer->len);

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return FALSE;
    switch (tambo_helper_frame_parse (&reader, out_frame, error)) {
    case TAMBO_HELPER_PARSE_WHOLE:
      self->consumed = reader.position;
      return TRUE;
    case TAMBO_HELPER_PARSE_ERROR:
      kill_helper (self);
      return FALSE;
    case TAMBO_HELPER_PARSE_MORE:
      break;
    }
    if (!wait_for_event (self, deadline, cancel_fd, &readable)) {
      kill_helper (self);
      g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_TIMEOUT,
                   "the device did not answer within %u.%u s", deadline_ms / 1000,
                   deadline_ms % 1000 / 100);
      return FALSE;
    }
    if (readable && !read_more (self))
      return fail_dead (self, error);
  }
}

/* The last frame goes: it may have been a finger. */
static void drop_consumed (TamboHelper *self) {
  if (self->consumed == 0)
    return;
  tambo_secret_wipe (self->buffer->data, self->consumed);
  g_byte_array_remove_range (self->buffer, 0, (guint) self->consumed);
  self->consumed = 0;
}

static gboolean receive_next (TamboHelper *self, guint deadline_ms, GCancellable *cancellable,
                              TamboHelperFrame *out_frame, GError **error) {
  GPollFD cancel_fd;
  gboolean has_fd = g_cancellable_make_pollfd (cancellable, &cancel_fd);
  gboolean received;

  drop_consumed (self);
  received =
      receive_any (self, deadline_ms, cancellable, has_fd ? &cancel_fd : NULL, out_frame, error);
  if (has_fd)
    g_cancellable_release_fd (cancellable);
  return received;
}

gboolean tambo_helper_wait_loaded (TamboHelper *self, guint deadline_ms, GCancellable *cancellable,
                                   GError **error) {
  TamboHelperFrame frame;

  if (!receive_next (self, deadline_ms, cancellable, &frame, error))
    return FALSE;
  if (frame.type != TAMBO_HELPER_ALIVE)
    self->consumed = 0;
  return TRUE;
}

gboolean tambo_helper_receive (TamboHelper *self, guint deadline_ms, GCancellable *cancellable,
                               TamboHelperFrame *out_frame, GError **error) {
  TamboHelperFrame frame = { 0 };

  do {
    if (!receive_next (self, deadline_ms, cancellable, &frame, error))
      return FALSE;
  } while (frame.type == TAMBO_HELPER_ALIVE);
  if (frame.type == TAMBO_HELPER_ERROR) {
    g_propagate_error (error, tambo_helper_parse_error (&frame));
    return FALSE;
  }
  *out_frame = frame;
  return TRUE;
}

static gpointer reap (gpointer data) {
  TamboHelper *self = data;
  gint64 deadline = g_get_monotonic_time () + TAMBO_HELPER_GRACE_MS * G_TIME_SPAN_MILLISECOND;
  pid_t reaped;

  while ((reaped = waitpid (self->pid, NULL, WNOHANG)) == 0 || (reaped < 0 && errno == EINTR)) {
    if (g_get_monotonic_time () > deadline)
      kill_helper (self);
    g_usleep (5 * 1000);
  }
  g_mutex_lock (&leaving_mutex);
  for (guint i = 0; i < leaving->len; i++) {
    if (leaving->pdata[i] == self->key) {
      g_ptr_array_remove_index_fast (leaving, i);
      break;
    }
  }
  g_cond_broadcast (&leaving_cond);
  g_mutex_unlock (&leaving_mutex);
  free_helper (self);
  return NULL;
}

void tambo_helper_end (TamboHelper *self) {
  if (self == NULL)
    return;
  for (int i = 0; i < 16 && self->err >= 0; i++)
    drain_log (self);
  close_fd (&self->in);
  close_fd (&self->out);
  close_fd (&self->err);
  g_mutex_lock (&leaving_mutex);
  if (leaving == NULL)
    leaving = g_ptr_array_new ();
  g_ptr_array_add (leaving, self->key);
  g_mutex_unlock (&leaving_mutex);
  g_thread_unref (g_thread_new ("capture-reaper", reap, self));
}
