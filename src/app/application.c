/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/application.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "app/session.h"
#include "app/window.h"

struct _TamboApplication {
  AdwApplication parent;
  char *folder;
  TamboWorkQueue *opening;
};

G_DEFINE_FINAL_TYPE (TamboApplication, tambo_application, ADW_TYPE_APPLICATION)

typedef struct {
  char *folder;
  TamboStation *station;
  TamboPreferences *preferences;
} Opening;

static void opening_free (Opening *opening) {
  g_free (opening->folder);
  g_clear_object (&opening->station);
  tambo_preferences_free (opening->preferences);
  g_free (opening);
}

static gboolean open_station (gpointer data, GCancellable *cancellable, GError **error) {
  Opening *opening = data;

  opening->station = tambo_station_open (opening->folder, error);
  opening->preferences = tambo_preferences_load (opening->folder);
  return opening->station != NULL;
}

static void on_station_opened (gpointer owner, gpointer data, const GError *error) {
  Opening *opening = data;
  TamboWindow *window = TAMBO_WINDOW (owner);

  if (error != NULL) {
    tambo_window_show_problem (window, error);
    return;
  }
  g_autoptr (TamboSession) session = tambo_session_new (opening->station);
  tambo_session_take_preferences (session, g_steal_pointer (&opening->preferences));
  tambo_window_set_session (window, session);
}

static void tambo_application_activate (GApplication *application) {
  TamboApplication *self = TAMBO_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL) {
    Opening *opening = g_new0 (Opening, 1);
    window = GTK_WINDOW (tambo_window_new (GTK_APPLICATION (self)));
    opening->folder = g_strdup (self->folder);
    tambo_work_push (self->opening, open_station, opening, (GDestroyNotify) opening_free, NULL,
                     on_station_opened, window);
  }
  gtk_window_present (window);
}

/* Ending by a signal saves like closing the window does. */
static gboolean on_signal_cb (gpointer data) {
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (data));

  if (window != NULL)
    gtk_window_close (window);
  return G_SOURCE_CONTINUE;
}

static void tambo_application_startup (GApplication *application) {
  G_APPLICATION_CLASS (tambo_application_parent_class)->startup (application);

  /* A blinking caret repaints the window twice a second on a desk without a graphics card. */
  g_object_set (gtk_settings_get_default (), "gtk-cursor-blink", FALSE, NULL);
  g_unix_signal_add (SIGTERM, on_signal_cb, application);
  g_unix_signal_add (SIGINT, on_signal_cb, application);
  g_set_application_name ("Tambo");
  gtk_window_set_default_icon_name ("org.tambo.Station");
}

static int tambo_application_handle_local_options (GApplication *application,
                                                   GVariantDict *options) {
  TamboApplication *self = TAMBO_APPLICATION (application);

  if (!g_variant_dict_lookup (options, "station", "^ay", &self->folder))
    self->folder = g_strdup (g_getenv ("TAMBO_STATION"));
  if (self->folder == NULL)
    self->folder = g_build_filename (g_get_user_data_dir (), "tambo", NULL);
  tambo_preferences_prepare (self->folder);
  return -1;
}

static void tambo_application_finalize (GObject *object) {
  TamboApplication *self = TAMBO_APPLICATION (object);

  tambo_work_queue_free (self->opening, FALSE);
  g_free (self->folder);
  G_OBJECT_CLASS (tambo_application_parent_class)->finalize (object);
}

static void tambo_application_class_init (TamboApplicationClass *klass) {
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tambo_application_finalize;
  application_class->activate = tambo_application_activate;
  application_class->startup = tambo_application_startup;
  application_class->handle_local_options = tambo_application_handle_local_options;
}

static void tambo_application_init (TamboApplication *self) {
  const GOptionEntry options[] = {
    { "station", 's', 0, G_OPTION_ARG_FILENAME, NULL, N_ ("The station's folder"), "DIR" },
    G_OPTION_ENTRY_NULL,
  };

  self->opening = tambo_work_queue_new ();
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

TamboApplication *tambo_application_new (void) {
  return g_object_new (TAMBO_TYPE_APPLICATION, "application-id", "org.tambo.Station",
                       "resource-base-path", "/org/tambo/Station", NULL);
}
