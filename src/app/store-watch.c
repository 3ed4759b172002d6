/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/store-watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/inotify.h>
#include <unistd.h>

/* A transaction writes many times: one look after the first of them, while the rest is not even heard. */
#define REST_MS 400

struct _TamboStoreWatch {
  GObject parent;
  TamboSession *session;
  int notice;    /* inotify; -1 */
  guint hearing; /* source; 0 while it rests */
  guint rest;
};

G_DEFINE_FINAL_TYPE (TamboStoreWatch, tambo_store_watch, G_TYPE_OBJECT)

static gboolean look (gpointer data, GCancellable *cancellable, GError **error) {
  return tambo_station_look_for_news (data, error);
}

static void look_for_news (TamboStoreWatch *self) {
  TamboStation *station = tambo_session_get_station (self->session);

  tambo_work_push (tambo_session_get_desk_queue (self->session), look, g_object_ref (station),
                   g_object_unref, NULL, NULL, NULL);
}

/* What was heard is forgotten before the look: what is written during it is heard again. */
static void drain (int notice) {
  char events[4096];

  while (read (notice, events, sizeof events) > 0 || errno == EINTR)
    continue;
}

static void hear (TamboStoreWatch *self);

static gboolean on_rested (gpointer data) {
  TamboStoreWatch *self = data;

  self->rest = 0;
  drain (self->notice);
  look_for_news (self);
  hear (self);
  return G_SOURCE_REMOVE;
}

static gboolean on_written (int fd, GIOCondition condition, gpointer data) {
  TamboStoreWatch *self = data;

  self->hearing = 0;
  self->rest = g_timeout_add (REST_MS, on_rested, self);
  return G_SOURCE_REMOVE;
}

static void hear (TamboStoreWatch *self) {
  self->hearing = g_unix_fd_add (self->notice, G_IO_IN, on_written, self);
}

static void tambo_store_watch_dispose (GObject *object) {
  TamboStoreWatch *self = TAMBO_STORE_WATCH (object);

  g_clear_handle_id (&self->hearing, g_source_remove);
  g_clear_handle_id (&self->rest, g_source_remove);
  if (self->notice >= 0)
    close (self->notice);
  self->notice = -1;
  g_clear_object (&self->session);
  G_OBJECT_CLASS (tambo_store_watch_parent_class)->dispose (object);
}

static void tambo_store_watch_class_init (TamboStoreWatchClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = tambo_store_watch_dispose;
}

static void tambo_store_watch_init (TamboStoreWatch *self) {
  self->notice = -1;
}

TamboStoreWatch *tambo_store_watch_new (TamboSession *session) {
  TamboStoreWatch *self = g_object_new (TAMBO_TYPE_STORE_WATCH, NULL);
  g_autofree char *path = tambo_station_dup_store_path (tambo_session_get_station (session));

  self->session = g_object_ref (session);
  self->notice = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
  if (self->notice < 0 || inotify_add_watch (self->notice, path, IN_MODIFY) < 0) {
    g_info ("what others write is told by the next exchange alone: %s", g_strerror (errno));
    return self;
  }
  look_for_news (self);
  hear (self);
  return self;
}
