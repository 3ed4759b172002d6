/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/alert-strip.h"

#include <glib/gi18n.h>

#include "app/error-text.h"
#include "app/speak.h"
#include "station/alerts.h"

struct _TamboAlertStrip {
  AdwBin parent;
  GtkBox *alerts;
  TamboSession *session; /* borrowed: it outlives the window's pages */
  char *looked_at;       /* hash of the case and of who it is about, or NULL */
  char *spoken;          /* what it said last */
  gboolean has_gap;      /* an exchange may have mended it: the next look compares again */
};

G_DEFINE_FINAL_TYPE (TamboAlertStrip, tambo_alert_strip, ADW_TYPE_BIN)

typedef struct {
  char *about;
  GPtrArray *alerts; /* of TamboAlert */
  GError *gap;       /* nobody was compared with all of them */
} Look;

static void look_free (Look *look) {
  g_clear_pointer (&look->alerts, g_ptr_array_unref);
  g_clear_error (&look->gap);
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

static GtkWidget *make_row (const char *heading, const char *detail) {
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", "dialog-warning-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_box_append (GTK_BOX (words), make_label (heading, "heading"));
  gtk_box_append (GTK_BOX (words), make_label (detail, NULL));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), words);
  return row;
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

  return make_row (reason, action);
}

static void clear (TamboAlertStrip *self) {
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->alerts))) != NULL)
    gtk_box_remove (self->alerts, child);
  self->has_gap = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* What could not be compared stands beside what was found, as long as that does. */
static void add_gap (TamboAlertStrip *self, const GError *gap, GString *spoken) {
  const char *cause = tambo_error_text_cause (gap);
  g_autofree char *action = tambo_error_text_action (gap);

  gtk_box_append (self->alerts, make_row (cause, action));
  g_string_append_printf (spoken, "%s%s %s", spoken->len > 0 ? " " : "", cause, action);
}

static void show (TamboAlertStrip *self, const GPtrArray *alerts, const GError *gap) {
  g_autoptr (GString) spoken = g_string_new (NULL);

  clear (self);
  for (guint i = 0; i < alerts->len; i++) {
    const TamboAlert *alert = g_ptr_array_index (alerts, i);
    gtk_box_append (self->alerts, make_alert (alert));
    g_string_append_printf (spoken, "%s%s. %s.", i > 0 ? " " : "", alert->reason, alert->action);
  }
  if (gap != NULL)
    add_gap (self, gap, spoken);
  self->has_gap = gap != NULL;
  gtk_widget_set_visible (GTK_WIDGET (self), spoken->len > 0);
  if (g_strcmp0 (spoken->str, self->spoken) != 0)
    tambo_speak (GTK_WIDGET (self), spoken->str);
  g_free (self->spoken);
  self->spoken = g_string_free (g_steal_pointer (&spoken), FALSE);
}

/* ---- looking ---- */

static gboolean run_look (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                          GCancellable *cancellable, GError **error) {
  Look *look = data;

  look->alerts = tambo_alerts_check (station, enrolment, &look->gap, error);
  return look->alerts != NULL;
}

static void on_looked (gpointer owner, gpointer data, const GError *error) {
  TamboAlertStrip *self = owner;
  const Look *look = data;

  tambo_session_fail (self->session, error);
  if (look->alerts != NULL && g_strcmp0 (look->about, self->looked_at) == 0)
    show (self, look->alerts, look->gap);
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
  gboolean is_other = g_strcmp0 (about, self->looked_at) != 0;
  if (!is_other && !self->has_gap)
    return;

  if (is_other) {
    clear (self);
    g_clear_pointer (&self->spoken, g_free);
  }
  g_free (self->looked_at);
  self->looked_at = g_steal_pointer (&about);
  self->session = session;
  if (self->looked_at == NULL)
    return;
  Look *look = g_new0 (Look, 1);
  look->about = g_strdup (self->looked_at);
  tambo_session_read (session, run_look, look, (GDestroyNotify) look_free, NULL, on_looked, self);
}

void tambo_alert_strip_look_again (TamboAlertStrip *self, TamboSession *session) {
  g_clear_pointer (&self->looked_at, g_free);
  tambo_alert_strip_look (self, session);
}

/* ---- the strip ---- */

static void tambo_alert_strip_finalize (GObject *object) {
  g_free (TAMBO_ALERT_STRIP (object)->looked_at);
  g_free (TAMBO_ALERT_STRIP (object)->spoken);
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
