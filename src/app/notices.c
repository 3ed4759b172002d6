/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/notices.h"

#include <glib/gi18n.h>

#include "station/headquarters.h"

typedef struct {
  guint orders, refused;
} Counts;

struct _TamboNotices {
  GObject parent;
  TamboSession *session;
  Counts known;
  gboolean has_looked, is_looking;
};

G_DEFINE_FINAL_TYPE (TamboNotices, tambo_notices, G_TYPE_OBJECT)

typedef struct {
  TamboStation *station;
  Counts counts;
} Look;

static void look_free (Look *look) {
  g_object_unref (look->station);
  g_free (look);
}

static gboolean is_new_order (const TamboInboxRow *row) {
  return g_str_equal (row->kind, "order") && g_str_equal (row->state, "new");
}

static gboolean run_look (gpointer data, GCancellable *cancellable, GError **error) {
  Look *look = data;
  g_autoptr (GPtrArray) inbox = tambo_headquarters_list_inbox (look->station, error);
  g_autoptr (GPtrArray) outbox =
      inbox != NULL ? tambo_headquarters_list_outbox (look->station, error) : NULL;

  if (outbox == NULL)
    return FALSE;
  for (guint i = 0; i < inbox->len; i++)
    look->counts.orders += is_new_order (g_ptr_array_index (inbox, i));
  for (guint i = 0; i < outbox->len; i++) {
    const TamboOutboxRow *row = g_ptr_array_index (outbox, i);
    look->counts.refused += row->state == TAMBO_OUTBOX_REFUSED;
  }
  return TRUE;
}

typedef struct {
  const char *id; /* static */
  GNotification *notification;
} Notice;

static void on_listener (GObject *bus, GAsyncResult *result, gpointer data) {
  g_autofree Notice *notice = data;
  g_autoptr (GNotification) notification = notice->notification;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, NULL);
  GApplication *application = g_application_get_default ();

  if (answer != NULL && application != NULL && g_application_get_is_registered (application))
    g_application_send_notification (application, notice->id, notification);
}

/* Where nobody shows notices GIO would warn of each of them. */
static void tell (const char *id, const char *title, const char *body) {
  GApplication *application = g_application_get_default ();
  GDBusConnection *bus =
      application != NULL ? g_application_get_dbus_connection (application) : NULL;
  if (bus == NULL)
    return;

  Notice *notice = g_new0 (Notice, 1);
  notice->id = id;
  notice->notification = g_notification_new (title);
  g_notification_set_body (notice->notification, body);
  g_dbus_connection_call (bus, "org.freedesktop.Notifications", "/org/freedesktop/Notifications",
                          "org.freedesktop.DBus.Peer", "Ping", NULL, NULL, G_DBUS_CALL_FLAGS_NONE,
                          -1, NULL, on_listener, notice);
}

static void tell_orders (guint n) {
  g_autofree char *title =
      g_strdup_printf (ngettext ("%u document can be issued", "%u documents can be issued", n), n);

  tell ("orders", title, _ ("Headquarters has sent an order."));
}

static void tell_refused (guint n) {
  g_autofree char *title = g_strdup_printf (
      ngettext ("Headquarters refused %u record", "Headquarters refused %u records", n), n);

  tell ("refused", title, _ ("The rest was sent. Look at the outbox."));
}

static void on_looked (gpointer owner, gpointer data, const GError *error) {
  TamboNotices *self = owner;
  const Counts *counts = &((const Look *) data)->counts;

  self->is_looking = FALSE;
  if (error != NULL)
    return; /* who needs the lists is told by them */
  if (self->has_looked && counts->orders > self->known.orders)
    tell_orders (counts->orders);
  if (self->has_looked && counts->refused > self->known.refused)
    tell_refused (counts->refused);
  self->known = *counts;
  self->has_looked = TRUE;
}

static void tambo_notices_finalize (GObject *object) {
  g_clear_object (&TAMBO_NOTICES (object)->session);
  G_OBJECT_CLASS (tambo_notices_parent_class)->finalize (object);
}

static void tambo_notices_class_init (TamboNoticesClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = tambo_notices_finalize;
}

static void tambo_notices_init (TamboNotices *self) {
}

TamboNotices *tambo_notices_new (TamboSession *session) {
  TamboNotices *self = g_object_new (TAMBO_TYPE_NOTICES, NULL);

  self->session = g_object_ref (session);
  return self;
}

void tambo_notices_look (TamboNotices *self) {
  if (self->is_looking)
    return;
  Look *look = g_new0 (Look, 1);
  look->station = g_object_ref (tambo_session_get_station (self->session));
  self->is_looking = TRUE;
  tambo_work_push (tambo_session_get_desk_queue (self->session), run_look, look,
                   (GDestroyNotify) look_free, NULL, on_looked, self);
}
