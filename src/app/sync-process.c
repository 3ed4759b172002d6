/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sync-process.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/place.h"
#include "station/headquarters.h"

#define FAILED "failed "

struct _TamboSyncProcess {
  GObject parent;
  char *folder;
  GSubprocess *process;
  GCancellable *reading;
  TamboConnection connection;
  GDateTime *since;
  GError *cause; /* why it is lost; NULL */
  char *report;  /* of the last exchange; NULL */
};

G_DEFINE_FINAL_TYPE (TamboSyncProcess, tambo_sync_process, G_TYPE_OBJECT)

static guint changed_signal;

static void tambo_sync_process_dispose (GObject *object) {
  TamboSyncProcess *self = TAMBO_SYNC_PROCESS (object);

  tambo_sync_process_stop (self);
  g_clear_pointer (&self->since, g_date_time_unref);
  g_clear_error (&self->cause);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->report, g_free);
  G_OBJECT_CLASS (tambo_sync_process_parent_class)->dispose (object);
}

static void tambo_sync_process_class_init (TamboSyncProcessClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = tambo_sync_process_dispose;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void tambo_sync_process_init (TamboSyncProcess *self) {
}

TamboSyncProcess *tambo_sync_process_new (const char *station_folder) {
  TamboSyncProcess *self = g_object_new (TAMBO_TYPE_SYNC_PROCESS, NULL);

  self->folder = g_strdup (station_folder);
  return self;
}

static void read_next (GDataInputStream *stream, TamboSyncProcess *self);

/* An exchange that found everything as the one before had left it: a desk at rest is not woken for it. */
static gboolean is_news (TamboSyncProcess *self, const char *report) {
  gboolean is_same = self->connection == TAMBO_CONNECTION_GOOD
                     && g_strcmp0 (report, self->report) == 0
                     && g_str_has_prefix (report, "0 sent and receipted, ")
                     && g_str_has_suffix (report, " 0 set aside, 0 messages received");

  g_free (self->report);
  self->report = g_strdup (report);
  return !is_same;
}

static void on_line_read_cb (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (TamboSyncProcess) self = data;
  g_autofree char *line =
      g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, NULL);

  if (line == NULL) {
    /* It ended by itself; the next sign-in starts it again. */
    if (self->reading != NULL && !g_cancellable_is_cancelled (self->reading)) {
      g_clear_object (&self->reading);
      g_clear_object (&self->process);
      tambo_sync_process_set_connection (self, TAMBO_CONNECTION_UNKNOWN, NULL);
    }
    return;
  }
  /* The lines of tamboctl: its report after an exchange, "failed CODE: …" when there was none. */
  if (g_str_has_prefix (line, FAILED)) {
    g_autoptr (GError) cause = tambo_headquarters_read_cause (line + strlen (FAILED));
    tambo_sync_process_set_connection (self, TAMBO_CONNECTION_LOST, cause);
  } else if (strstr (line, " sent and receipted") != NULL && is_news (self, line)) {
    tambo_sync_process_set_connection (self, TAMBO_CONNECTION_GOOD, NULL);
  }
  read_next (G_DATA_INPUT_STREAM (source), self);
}

static void read_next (GDataInputStream *stream, TamboSyncProcess *self) {
  g_data_input_stream_read_line_async (stream, G_PRIORITY_DEFAULT, self->reading, on_line_read_cb,
                                       g_object_ref (self));
}

/* It must not outlive a window that was killed. */
static void set_up_child (gpointer unused) {
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

gboolean tambo_sync_process_start (TamboSyncProcess *self, GError **error) {
  if (self->process != NULL)
    return TRUE;

  g_autofree char *program =
      tambo_place_find ("TAMBO_TAMBOCTL", TAMBO_BINDIR "/tamboctl", "../cli/tamboctl");
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_subprocess_launcher_set_child_setup (launcher, set_up_child, NULL, NULL);
  self->process = g_subprocess_launcher_spawn (launcher, error, program, "--station", self->folder,
                                               "sync", "--watch", "--progress", NULL);
  if (self->process == NULL)
    return FALSE;

  self->reading = g_cancellable_new ();
  g_autoptr (GDataInputStream) stream =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  read_next (stream, self);
  return TRUE;
}

void tambo_sync_process_stop (TamboSyncProcess *self) {
  if (self->process == NULL)
    return;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_subprocess_send_signal (self->process, SIGTERM);
  g_clear_object (&self->process);
}

TamboConnection tambo_sync_process_get_connection (TamboSyncProcess *self) {
  return self->connection;
}

GDateTime *tambo_sync_process_get_since (TamboSyncProcess *self) {
  return self->since;
}

const GError *tambo_sync_process_get_cause (TamboSyncProcess *self) {
  return self->cause;
}

void tambo_sync_process_set_connection (TamboSyncProcess *self, TamboConnection connection,
                                        const GError *cause) {
  g_clear_error (&self->cause);
  self->cause = cause != NULL ? g_error_copy (cause) : NULL;
  if (connection != self->connection) {
    self->connection = connection;
    g_clear_pointer (&self->since, g_date_time_unref);
    self->since = g_date_time_new_now_local ();
  }
  g_signal_emit (self, changed_signal, 0);
}
