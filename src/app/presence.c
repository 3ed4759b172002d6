/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/presence.h"

typedef struct {
  TamboStation *station;
  double x, y; /* of the pointer, when it was moved last */
} Presence;

static void presence_free (gpointer data, GClosure *closure) {
  Presence *presence = data;

  g_object_unref (presence->station);
  g_free (presence);
}

/* GTK tells a motion, too, when what is below the pointer has changed. */
static gboolean has_moved (Presence *presence, GdkEvent *event) {
  double x = presence->x, y = presence->y;

  return gdk_event_get_position (event, &presence->x, &presence->y)
         && (x != presence->x || y != presence->y);
}

static gboolean is_of_a_person (Presence *presence, GdkEvent *event) {
  switch (gdk_event_get_event_type (event)) {
  case GDK_KEY_PRESS:
  case GDK_BUTTON_PRESS:
  case GDK_SCROLL:
  case GDK_TOUCH_BEGIN:
    return TRUE;
  case GDK_MOTION_NOTIFY:
    return has_moved (presence, event);
  default:
    return FALSE;
  }
}

static gboolean on_event (GtkEventController *controller, GdkEvent *event, Presence *presence) {
  if (is_of_a_person (presence, event))
    tambo_station_note_presence (presence->station);
  return GDK_EVENT_PROPAGATE;
}

void tambo_presence_watch (GtkWidget *window, TamboStation *station) {
  GtkEventController *controller = gtk_event_controller_legacy_new ();
  Presence *presence = g_new0 (Presence, 1);

  presence->station = g_object_ref (station);
  tambo_station_watch_presence (station);
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_data (controller, "event", G_CALLBACK (on_event), presence, presence_free, 0);
  gtk_widget_add_controller (window, controller);
}
