/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/remedies.h"

#include <gio/gdesktopappinfo.h>
#include <glib/gi18n.h>

#include "base/error.h"
#include "station/headquarters.h"

/* ---- which one ---- */

static const TamboRemedy open_portal = { N_ ("Open it"), "win.open-portal" };
static const TamboRemedy set_clock = { N_ ("Set the clock"), "win.set-clock" };
static const TamboRemedy copy_queue = { N_ ("Copy to stick"), "win.copy-queue" };

const TamboRemedy *tambo_remedy_copy_queue (void) {
  return &copy_queue;
}

const TamboRemedy *tambo_remedy_find (const GError *error) {
  const struct {
    GQuark domain;
    int code;
    const TamboRemedy *remedy;
  } remedies[] = {
    { TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PORTAL, &open_portal },
    { TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_CLOCK, &set_clock },
    { TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_EXPIRED, &set_clock },
    { TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NO_SPACE, &copy_queue },
    { TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NO_SPACE, &copy_queue },
  };

  for (gsize i = 0; error != NULL && i < G_N_ELEMENTS (remedies); i++)
    if (g_error_matches (error, remedies[i].domain, remedies[i].code))
      return remedies[i].remedy;
  return NULL;
}

/* ---- the sign-in page ---- */

typedef struct {
  GtkWindow *window;
  TamboRemedyFailed failed;
} Opening;

static void on_page_opened (GObject *source, GAsyncResult *result, gpointer data) {
  g_autofree Opening *opening = data;
  g_autoptr (GtkWindow) window = opening->window;
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    opening->failed (window, _ ("No browser opens here. Open any page on this computer by hand."),
                     error->message);
}

/* Without TLS: that is what such a network answers in place of everybody. */
void tambo_remedy_open_portal (GtkWindow *window, const char *url, TamboRemedyFailed failed) {
  g_autoptr (GUri) home = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  Opening *opening = g_new0 (Opening, 1);

  opening->window = g_object_ref (window);
  opening->failed = failed;
  g_autofree char *page =
      g_uri_join (G_URI_FLAGS_NONE, "http", NULL,
                  home != NULL ? g_uri_get_host (home) : "localhost", -1, "/", NULL, NULL);
  gtk_show_uri_full (window, page, GDK_CURRENT_TIME, NULL, on_page_opened, opening);
}

/* ---- the clock ---- */

static GDesktopAppInfo *find_clock_page (void) {
  static const char *const pages[] = {
    "gnome-datetime-panel.desktop",       "kcm_clock.desktop",      "mate-time-admin.desktop",
    "cinnamon-settings-calendar.desktop", "time-admin.desktop",     "gnome-control-center.desktop",
    "org.gnome.Settings.desktop",         "systemsettings.desktop",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++) {
    GDesktopAppInfo *page = g_desktop_app_info_new (pages[i]);
    if (page != NULL)
      return page;
  }
  return NULL;
}

void tambo_remedy_set_clock (GtkWindow *window, TamboRemedyFailed failed) {
  g_autoptr (GDesktopAppInfo) page = find_clock_page ();
  g_autoptr (GdkAppLaunchContext) context =
      gdk_display_get_app_launch_context (gtk_widget_get_display (GTK_WIDGET (window)));
  g_autoptr (GError) error = NULL;

  if (page == NULL)
    failed (window, _ ("This desktop has no page for the clock. Ask the technician to set it."),
            "timedatectl set-time 'YYYY-MM-DD hh:mm'");
  else if (!g_app_info_launch (G_APP_INFO (page), NULL, G_APP_LAUNCH_CONTEXT (context), &error))
    failed (window, _ ("The page for the clock does not open. Ask the technician to set it."),
            error->message);
}
