/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/alert-strip.h"

#include <glib/gi18n.h>

#include "app/speak.h"
#include "station/alerts.h"

struct _TamboAlertStrip {
  AdwBin parent;
  GtkBox *alerts;
  TamboSession *session; /* borrowed: it outlives the window's pages */
  char *looked_at;       /* hash of the case and of who it is about, or NULL */
};

G_DEFINE_FINAL_TYPE (TamboAlertStrip, tambo_alert_strip, ADW_TYPE_BIN)

typedef struct {
  char *about;
  GPtrArray *alerts; /* of TamboAlert */
} Look;

static void look_free (Look *look) {
  g_clear_pointer (&look->alerts, g_ptr_array_unref);
  g_free (look->about);
  g_free (look);
}

/* ---- showing ---- */

static GtkWidget *make_label (const char *text, const char *style) {
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static GtkWidget *make_alert (const TamboAlert *alert) {
  gboolean is_person = g_strcmp0 (alert->about, "person") == 0;
  /* Translators: %s is what headquarters wrote, such as "reported stolen". */
  g_autofree char *reason =
      g_strdup_printf (is_person ? _ ("Headquarters warns of this person: %s")
                                 : _ ("Headquarters warns of this document: %s"),
                       alert->reason);
  /* Translators: %s is what headquarters wrote, such as "call the supervisor". */
  g_autofree char *action = g_strdup_printf (_ ("What to do: %s"), alert->action);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-warning-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_box_append (GTK_BOX (words), make_label (reason, "heading"));
  gtk_box_append (GTK_BOX (words), make_label (action, NULL));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), words);
  return row;
}

static void clear (TamboAlertStrip *self) {
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->alerts))) != NULL)
    gtk_box_remove (self->alerts, child);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void show (TamboAlertStrip *self, const GPtrArray *alerts) {
  g_autoptr (GString) spoken = g_string_new (NULL);

  clear (self);
  for (guint i = 0; i < alerts->len; i++) {
    const TamboAlert *alert = g_ptr_array_index (alerts, i);
    gtk_box_append (self->alerts, make_alert (alert));
    g_string_append_printf (spoken, "%s%s. %s.", i > 0 ? " " : "", alert->reason, alert->action);
  }
  gtk_widget_set_visible (GTK_WIDGET (self), alerts->len > 0);
  tambo_speak (GTK_WIDGET (self), spoken->str);
}

/* ---- looking ---- */

static gboolean run_look (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                          GCancellable *cancellable, GError **error) {
  Look *look = data;

  look->alerts = tambo_alerts_check (station, enrolment, error);
  return look->alerts != NULL;
}

static void on_looked (gpointer owner, gpointer data, const GError *error) {
  TamboAlertStrip *self = owner;
  const Look *look = data;

  tambo_session_fail (self->session, error);
  if (look->alerts != NULL && g_strcmp0 (look->about, self->looked_at) == 0)
    show (self, look->alerts);
}

/* A hash, so that nobody's name stays behind in memory. NULL while there is nothing to compare. */
static char *dup_about (const TamboEnrolment *shown) {
  const TamboApplicant *applicant = shown != NULL ? shown->applicant : NULL;
  if (applicant == NULL
      || (applicant->document_number == NULL
          && (applicant->surname == NULL || applicant->birth_date == NULL)))
    return NULL;

  const char *const values[] = { shown->id,
                                 applicant->document_type,
                                 applicant->issuing_state,
                                 applicant->document_number,
                                 applicant->surname,
                                 applicant->given_names,
                                 applicant->birth_date };
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
    g_checksum_update (sum, (const guchar *) (values[i] != NULL ? values[i] : ""), -1);
    g_checksum_update (sum, (const guchar *) "", 1);
  }
  return g_strdup (g_checksum_get_string (sum));
}

void tambo_alert_strip_look (TamboAlertStrip *self, TamboSession *session) {
  g_autofree char *about = dup_about (tambo_session_get_shown (session));
  if (g_strcmp0 (about, self->looked_at) == 0)
    return;

  clear (self);
  g_free (self->looked_at);
  self->looked_at = g_steal_pointer (&about);
  self->session = session;
  if (self->looked_at == NULL)
    return;
  Look *look = g_new0 (Look, 1);
  look->about = g_strdup (self->looked_at);
  tambo_session_read (session, run_look, look, (GDestroyNotify) look_free, NULL, on_looked, self);
}

/* ---- the strip ---- */

static void tambo_alert_strip_finalize (GObject *object) {
  g_free (TAMBO_ALERT_STRIP (object)->looked_at);
  G_OBJECT_CLASS (tambo_alert_strip_parent_class)->finalize (object);
}

static void tambo_alert_strip_class_init (TamboAlertStripClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = tambo_alert_strip_finalize;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_ALERT);
}

static void tambo_alert_strip_init (TamboAlertStrip *self) {
  self->alerts = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 8));
  gtk_widget_add_css_class (GTK_WIDGET (self), "warning-strip");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->alerts));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
