/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/verify-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/card-line.h"
#include "app/chip-verdicts.h"
#include "app/error-text.h"
#include "app/focus.h"
#include "app/speak.h"
#include "station/card-desk.h"

struct _TamboVerifyPage {
  TamboDeskPage parent;
  GtkEntry *key_entry;
  GtkWidget *verify_button;
  TamboCardLine *card_line;
  GtkLabel *result;
  GtkGrid *verdicts;

  TamboWorkQueue *queue; /* of the card */
  GCancellable *running; /* NULL: nothing is under way */
};

G_DEFINE_FINAL_TYPE (TamboVerifyPage, tambo_verify_page, TAMBO_TYPE_DESK_PAGE)

static TamboSession *session_of (TamboVerifyPage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

/* ---- what is printed on a document ---- */

/* Doc 9303-4 to -6: how long the lines are tells the form, however they were typed. */
static char *split_mrz (const char *letters) {
  static const gsize lengths[][2] = { { 88, 44 }, { 72, 36 }, { 90, 30 } };
  gsize size = strlen (letters);

  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++) {
    if (size != lengths[i][0])
      continue;
    GString *lines = g_string_new (NULL);
    for (gsize at = 0; at < size; at += lengths[i][1])
      g_string_append_printf (lines, "%s%.*s", at > 0 ? "\n" : "", (int) lengths[i][1],
                              letters + at);
    return g_string_free (lines, FALSE);
  }
  return NULL;
}

static char *strip (const char *typed) {
  GString *letters = g_string_new (NULL);

  for (const char *p = typed; *p != '\0'; p++)
    if (g_ascii_isgraph (*p))
      g_string_append_c (letters, g_ascii_toupper (*p));
  return g_string_free (letters, FALSE);
}

/* ---- the document ---- */

typedef struct {
  TamboStation *station;
  char *mrz, *can, *reader;
  GPtrArray *verdicts;
} Look;

static void look_free (Look *look) {
  g_object_unref (look->station);
  g_free (look->mrz);
  g_free (look->can);
  g_free (look->reader);
  g_ptr_array_unref (look->verdicts);
  g_free (look);
}

static gboolean run_look (gpointer data, GCancellable *cancellable, GError **error) {
  Look *look = data;
  g_autoptr (GPtrArray) csca = tambo_card_desk_dup_csca (look->station);
  const TamboCardDesk desk = {
    .reader = look->reader,
    .mrz = look->mrz,
    .can = look->can,
    .csca = csca,
  };

  return tambo_card_desk_verify (&desk, look->verdicts, cancellable, error);
}

static void say (TamboVerifyPage *self, const char *text, const char *style) {
  gtk_label_set_label (self->result, text);
  gtk_widget_remove_css_class (GTK_WIDGET (self->result), "good");
  gtk_widget_remove_css_class (GTK_WIDGET (self->result), "bad");
  if (style != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->result), style);
}

static guint count (GPtrArray *verdicts, TamboVerdictResult result) {
  guint n = 0;

  for (guint i = 0; i < verdicts->len; i++)
    n += ((const TamboVerdict *) g_ptr_array_index (verdicts, i))->result == result;
  return n;
}

static void show_verdicts (TamboVerifyPage *self, GPtrArray *verdicts) {
  guint n_failed = count (verdicts, TAMBO_VERDICT_FAILED);
  g_autofree char *failed =
      g_strdup_printf (ngettext ("%u check failed: this document cannot be trusted",
                                 "%u checks failed: this document cannot be trusted", n_failed),
                       n_failed);

  tambo_chip_verdicts_fill (self->verdicts, verdicts);
  if (n_failed > 0)
    say (self, failed, "bad");
  else
    say (self, _ ("The document is genuine, as far as this desk can tell"), "good");
}

static void on_looked (gpointer owner, gpointer data, const GError *error) {
  TamboVerifyPage *self = owner;
  const Look *look = data;

  g_clear_object (&self->running);
  gtk_widget_set_sensitive (self->verify_button, TRUE);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (error == NULL) {
    show_verdicts (self, look->verdicts);
  } else {
    g_autofree char *sentence = tambo_error_text_sentence (error);
    say (self, sentence, "bad");
  }
  tambo_focus_take (GTK_WIDGET (self->key_entry));
}

static void on_verify_cb (TamboVerifyPage *self) {
  g_autofree char *letters = strip (gtk_editable_get_text (GTK_EDITABLE (self->key_entry)));
  g_autofree char *mrz = split_mrz (letters);

  if (self->running != NULL || *letters == '\0')
    return;
  tambo_chip_verdicts_fill (self->verdicts, NULL);
  if (mrz == NULL && strlen (letters) != 6) {
    say (self, _ ("This is neither a whole machine-readable zone nor a number of six digits."),
         "bad");
    return;
  }

  Look *look = g_new0 (Look, 1);
  look->station = g_object_ref (tambo_session_get_station (session_of (self)));
  look->can = mrz == NULL ? g_steal_pointer (&letters) : NULL;
  look->mrz = g_steal_pointer (&mrz);
  look->reader = g_strdup (tambo_card_line_get_reader (self->card_line));
  look->verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);
  self->running = g_cancellable_new ();
  gtk_widget_set_sensitive (self->verify_button, FALSE);
  say (self, _ ("The document is read. Leave it where it is."), NULL);
  tambo_work_push (self->queue, run_look, look, (GDestroyNotify) look_free, self->running,
                   on_looked, self);
}

/* ---- the page ---- */

static void forget (TamboVerifyPage *self) {
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
  gtk_editable_set_text (GTK_EDITABLE (self->key_entry), "");
  tambo_chip_verdicts_fill (self->verdicts, NULL);
  say (self, "", NULL);
}

static void tambo_verify_page_enter (TamboDeskPage *page) {
  TamboVerifyPage *self = TAMBO_VERIFY_PAGE (page);

  tambo_card_line_start (self->card_line);
  tambo_focus_take (GTK_WIDGET (self->key_entry));
}

static void tambo_verify_page_leave (TamboDeskPage *page) {
  forget (TAMBO_VERIFY_PAGE (page));
  tambo_card_line_stop (TAMBO_VERIFY_PAGE (page)->card_line);
}

static void tambo_verify_page_again (TamboDeskPage *page) {
  on_verify_cb (TAMBO_VERIFY_PAGE (page));
}

static gboolean tambo_verify_page_cancel (TamboDeskPage *page) {
  TamboVerifyPage *self = TAMBO_VERIFY_PAGE (page);

  if (self->running == NULL)
    return FALSE;
  g_cancellable_cancel (self->running);
  return TRUE;
}

static gboolean tambo_verify_page_swipe (TamboDeskPage *page, const char *mrz) {
  TamboVerifyPage *self = TAMBO_VERIFY_PAGE (page);
  g_autofree char *letters = strip (mrz);

  gtk_editable_set_text (GTK_EDITABLE (self->key_entry), letters);
  on_verify_cb (self);
  return TRUE;
}

static void tambo_verify_page_clear (TamboDeskPage *page) {
  forget (TAMBO_VERIFY_PAGE (page));
}

static void tambo_verify_page_dispose (GObject *object) {
  TamboVerifyPage *self = TAMBO_VERIFY_PAGE (object);

  if (self->running != NULL)
    g_cancellable_cancel (self->running);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_VERIFY_PAGE);
  G_OBJECT_CLASS (tambo_verify_page_parent_class)->dispose (object);
}

static void tambo_verify_page_finalize (GObject *object) {
  TamboVerifyPage *self = TAMBO_VERIFY_PAGE (object);

  g_clear_object (&self->running);
  tambo_work_queue_free (self->queue, FALSE);
  G_OBJECT_CLASS (tambo_verify_page_parent_class)->finalize (object);
}

static void tambo_verify_page_class_init (TamboVerifyPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_verify_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_verify_page_finalize;
  page_class->enter = tambo_verify_page_enter;
  page_class->leave = tambo_verify_page_leave;
  page_class->again = tambo_verify_page_again;
  page_class->cancel = tambo_verify_page_cancel;
  page_class->swipe = tambo_verify_page_swipe;
  page_class->clear = tambo_verify_page_clear;
  g_type_ensure (TAMBO_TYPE_CARD_LINE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/verify-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboVerifyPage, key_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboVerifyPage, verify_button);
  gtk_widget_class_bind_template_child (widget_class, TamboVerifyPage, card_line);
  gtk_widget_class_bind_template_child (widget_class, TamboVerifyPage, result);
  gtk_widget_class_bind_template_child (widget_class, TamboVerifyPage, verdicts);
  gtk_widget_class_bind_template_callback (widget_class, on_verify_cb);
}

static void tambo_verify_page_init (TamboVerifyPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->result);
  self->queue = tambo_work_queue_new ();
}
