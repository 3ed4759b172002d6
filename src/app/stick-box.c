/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/stick-box.h"

#include <glib/gi18n.h>

#include "app/focus.h"
#include "app/speak.h"
#include "station/bundle.h"

struct _TamboStickBox {
  GtkBox parent;
  GtkEntry *folder_entry;
  GtkWidget *copy_button, *receipts_button;
  GtkLabel *told;
  TamboSession *session;
};

G_DEFINE_FINAL_TYPE (TamboStickBox, tambo_stick_box, GTK_TYPE_BOX)

typedef struct {
  TamboStation *station;
  char *folder;
  TamboBundleExport sent;
  TamboBundleReceipts receipts;
} Stick;

static Stick *stick_new (TamboStickBox *self) {
  Stick *stick = g_new0 (Stick, 1);

  stick->station = g_object_ref (tambo_session_get_station (self->session));
  stick->folder = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->folder_entry))));
  return stick;
}

static void stick_free (Stick *stick) {
  g_object_unref (stick->station);
  g_free (stick->folder);
  tambo_bundle_export_clear (&stick->sent);
  g_free (stick);
}

static void tell (TamboStickBox *self, const char *text) {
  gtk_label_set_label (self->told, text);
  gtk_widget_set_visible (GTK_WIDGET (self->told), *text != '\0');
}

static void set_busy (TamboStickBox *self, gboolean is_busy) {
  gtk_widget_set_sensitive (self->copy_button, !is_busy);
  gtk_widget_set_sensitive (self->receipts_button, !is_busy);
}

/* Shows ERROR; FALSE when there is one. */
static gboolean is_well (TamboStickBox *self, const GError *error) {
  set_busy (self, FALSE);
  if (error == NULL)
    return TRUE;
  tell (self, "");
  tambo_session_fail (self->session, error);
  tambo_focus_take (GTK_WIDGET (self->folder_entry));
  return FALSE;
}

/* ---- copying ---- */

static gboolean run_copy (gpointer data, GCancellable *cancellable, GError **error) {
  Stick *stick = data;

  return tambo_bundle_export (stick->station, stick->folder, &stick->sent, error);
}

static void on_copied (gpointer owner, gpointer data, const GError *error) {
  TamboStickBox *self = owner;
  const Stick *stick = data;

  if (!is_well (self, error))
    return;
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u record lies on the stick. Take it to headquarters; here it waits on until its "
                "receipt is back.",
                "%u records lie on the stick. Take it to headquarters; here they wait on until "
                "their receipts are back.",
                stick->sent.records),
      stick->sent.records);
  tell (self, stick->sent.records > 0 ? text : _ ("Nothing waits: there is nothing to copy."));
  tambo_focus_take (self->receipts_button);
}

static void on_copy_cb (TamboStickBox *self) {
  set_busy (self, TRUE);
  tell (self, _ ("Is being copied…"));
  tambo_work_push (tambo_session_get_network_queue (self->session), run_copy, stick_new (self),
                   (GDestroyNotify) stick_free, NULL, on_copied, self);
}

/* ---- receipts ---- */

static gboolean run_receipts (gpointer data, GCancellable *cancellable, GError **error) {
  Stick *stick = data;

  return tambo_bundle_take_all_receipts (stick->station, stick->folder, &stick->receipts, error);
}

static void on_receipts_taken (gpointer owner, gpointer data, const GError *error) {
  TamboStickBox *self = owner;
  const Stick *stick = data;

  if (!is_well (self, error))
    return;
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u receipt was taken.", "%u receipts were taken.", stick->receipts.taken),
      stick->receipts.taken);
  tell (self, text);
  tambo_focus_take (self->receipts_button);
}

static void on_receipts_cb (TamboStickBox *self) {
  set_busy (self, TRUE);
  tell (self, "");
  tambo_work_push (tambo_session_get_network_queue (self->session), run_receipts, stick_new (self),
                   (GDestroyNotify) stick_free, NULL, on_receipts_taken, self);
}

/* ---- the stick that is there ---- */

static gboolean run_find (gpointer data, GCancellable *cancellable, GError **error) {
  Stick *stick = data;

  g_free (stick->folder);
  stick->folder = tambo_bundle_dup_stick ();
  return TRUE;
}

static void on_found (gpointer owner, gpointer data, const GError *error) {
  TamboStickBox *self = owner;
  const Stick *stick = data;

  /* Somebody may be typing already. */
  if (stick->folder == NULL || *gtk_editable_get_text (GTK_EDITABLE (self->folder_entry)) != '\0')
    return;
  gtk_editable_set_text (GTK_EDITABLE (self->folder_entry), stick->folder);
  gtk_editable_set_position (GTK_EDITABLE (self->folder_entry), -1);
}

void tambo_stick_box_open (TamboStickBox *self, TamboSession *session) {
  g_set_object (&self->session, session);
  tell (self, "");
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  tambo_focus_take (GTK_WIDGET (self->folder_entry));
  tambo_work_push (tambo_session_get_desk_queue (session), run_find, stick_new (self),
                   (GDestroyNotify) stick_free, NULL, on_found, self);
}

void tambo_stick_box_close (TamboStickBox *self) {
  gtk_editable_set_text (GTK_EDITABLE (self->folder_entry), "");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/* ---- the object ---- */

static void tambo_stick_box_dispose (GObject *object) {
  g_clear_object (&TAMBO_STICK_BOX (object)->session);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_STICK_BOX);
  G_OBJECT_CLASS (tambo_stick_box_parent_class)->dispose (object);
}

static void tambo_stick_box_class_init (TamboStickBoxClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_stick_box_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/stick-box.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboStickBox, folder_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboStickBox, copy_button);
  gtk_widget_class_bind_template_child (widget_class, TamboStickBox, receipts_button);
  gtk_widget_class_bind_template_child (widget_class, TamboStickBox, told);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_receipts_cb);
}

static void tambo_stick_box_init (TamboStickBox *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->told);
}
