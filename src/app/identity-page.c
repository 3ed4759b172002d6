/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/identity-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/alert-strip.h"
#include "app/applicant-form.h"
#include "app/error-text.h"
#include "app/focus.h"
#include "app/form-history.h"
#include "app/shortcuts.h"
#include "app/speak.h"
#include "record/mrz.h"
#include "station/prefill.h"

#define SAVE_DELAY_MS 300
#define ADULT_AGE 18

struct _TamboIdentityPage {
  TamboStepPage parent;
  GtkTextView *mrz_view;
  GtkImage *mrz_icon;
  GtkLabel *mrz_verdict;
  TamboAlertStrip *alert_strip;
  GtkLabel *prefill_label;
  GtkWidget *prefill_strip;
  GtkWidget *person_box;
  GtkWidget *guardian_box;
  GtkToggleButton *sex_f, *sex_m, *sex_x;
  GtkToggleButton *mother, *father, *representative;

  GPtrArray *rows;          /* of TamboFieldRow, borrowed */
  GPtrArray *guardian_rows; /* likewise */
  GPtrArray *all_rows;      /* both, and */
  GPtrArray *toggles;       /* what is chosen beside them, borrowed, for */
  TamboFormHistory *history;
  char *mrz; /* that was read and is not saved yet */
  guint save_source;
  guint mrz_source;
  gboolean is_showing; /* the page writes the fields, not the clerk */
  gboolean is_changed;
};

G_DEFINE_FINAL_TYPE (TamboIdentityPage, tambo_identity_page, TAMBO_TYPE_STEP_PAGE)

static TamboSession *session_of (TamboIdentityPage *self) {
  return tambo_step_page_get_session (TAMBO_STEP_PAGE (self));
}

/* ---- from the fields ---- */

static TamboSex get_sex (TamboIdentityPage *self) {
  if (gtk_toggle_button_get_active (self->sex_f))
    return TAMBO_SEX_FEMALE;
  return gtk_toggle_button_get_active (self->sex_m) ? TAMBO_SEX_MALE : TAMBO_SEX_UNSPECIFIED;
}

static void set_sex (TamboIdentityPage *self, TamboSex sex) {
  gtk_toggle_button_set_active (sex == TAMBO_SEX_FEMALE ? self->sex_f
                                : sex == TAMBO_SEX_MALE ? self->sex_m
                                                        : self->sex_x,
                                TRUE);
}

static TamboApplicant *read_applicant (TamboIdentityPage *self) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));
  TamboApplicant *applicant =
      shown != NULL ? tambo_applicant_copy (shown->applicant) : tambo_applicant_new ();

  tambo_applicant_form_read (self->rows, applicant);
  applicant->sex = get_sex (self);
  return applicant;
}

static gboolean is_minor (const TamboApplicant *applicant) {
  int age = applicant->birth_date != NULL ? tambo_age_on (applicant->birth_date, NULL) : -1;

  return age >= 0 && age < ADULT_AGE;
}

static TamboGuardian *read_guardian (TamboIdentityPage *self) {
  TamboGuardian *guardian = g_new0 (TamboGuardian, 1);
  const char *relation = gtk_toggle_button_get_active (self->mother)   ? "mother"
                         : gtk_toggle_button_get_active (self->father) ? "father"
                                                                       : "legal-representative";

  guardian->person = tambo_applicant_new ();
  tambo_applicant_form_read (self->guardian_rows, guardian->person);
  guardian->relation = g_strdup (relation);
  return guardian;
}

/* ---- saving ---- */

typedef struct {
  TamboApplicant *applicant;
  TamboGuardian *guardian;
  char *mrz;
} Saving;

static void saving_free (Saving *saving) {
  tambo_applicant_free (saving->applicant);
  g_clear_pointer (&saving->guardian, tambo_guardian_free);
  g_free (saving->mrz);
  g_free (saving);
}

static gboolean run_save (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                          GCancellable *cancellable, GError **error) {
  const Saving *saving = data;

  return tambo_enrol_set_applicant (station, enrolment, saving->applicant, error)
         && (saving->mrz == NULL || tambo_enrol_set_mrz (station, enrolment, saving->mrz, error))
         && tambo_enrol_set_guardian (station, enrolment, saving->guardian, error);
}

static void on_saved (gpointer owner, gpointer data, const GError *error) {
  tambo_session_fail (session_of (owner), error);
}

static void save (TamboIdentityPage *self) {
  g_clear_handle_id (&self->save_source, g_source_remove);
  if (!self->is_changed)
    return;

  Saving *saving = g_new0 (Saving, 1);
  saving->applicant = read_applicant (self);
  saving->mrz = g_steal_pointer (&self->mrz);
  if (is_minor (saving->applicant))
    saving->guardian = read_guardian (self);
  tambo_applicant_form_leave_out (saving->applicant);
  if (saving->guardian != NULL)
    tambo_applicant_form_leave_out (saving->guardian->person);
  self->is_changed = FALSE;
  tambo_session_push (session_of (self), run_save, saving, (GDestroyNotify) saving_free, NULL,
                      on_saved, self);
}

static gboolean on_save_due_cb (gpointer data) {
  TamboIdentityPage *self = data;

  self->save_source = 0;
  save (self);
  return G_SOURCE_REMOVE;
}

static void show_guardian (TamboIdentityPage *self) {
  g_autoptr (TamboApplicant) applicant = read_applicant (self);

  gtk_widget_set_visible (self->guardian_box, is_minor (applicant));
}

static void on_changed_cb (TamboIdentityPage *self) {
  if (self->is_showing)
    return;
  self->is_changed = TRUE;
  tambo_form_history_note (self->history);
  show_guardian (self);
  g_clear_handle_id (&self->save_source, g_source_remove);
  self->save_source = g_timeout_add (SAVE_DELAY_MS, on_save_due_cb, self);
}

/* ---- the MRZ ---- */

static void show_verdict (TamboIdentityPage *self, const char *text, const char *style) {
  gboolean is_good = g_str_equal (style, "good");
  GtkWidget *label = GTK_WIDGET (self->mrz_verdict);

  gtk_label_set_label (self->mrz_verdict, text);
  gtk_widget_remove_css_class (label, "good");
  gtk_widget_remove_css_class (label, "bad");
  if (*style != '\0')
    gtk_widget_add_css_class (label, style);
  gtk_widget_set_css_classes (GTK_WIDGET (self->mrz_icon), (const char *[]){ style, NULL });
  gtk_widget_set_visible (GTK_WIDGET (self->mrz_icon), *style != '\0');
  gtk_image_set_from_icon_name (self->mrz_icon,
                                is_good ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
  /* Not the count at each key. */
  tambo_speak (label, *style != '\0' ? text : "");
}

static char *get_mrz_text (TamboIdentityPage *self) {
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->mrz_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_autofree char *text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  return g_ascii_strup (g_strstrip (text), -1);
}

static gsize count_signs (const char *text) {
  gsize n = 0;

  for (; *text != '\0'; text++)
    n += !g_ascii_isspace (*text);
  return n;
}

static void focus_first_gap (TamboIdentityPage *self) {
  for (guint i = 0; i < self->rows->len; i++) {
    GtkWidget *row = g_ptr_array_index (self->rows, i);
    if (*tambo_field_row_get_text (TAMBO_FIELD_ROW (row)) == '\0') {
      tambo_focus_take (row);
      return;
    }
  }
  tambo_step_page_ready (TAMBO_STEP_PAGE (self));
}

/* ---- what an earlier case says ---- */

static gboolean run_prefill (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                             GCancellable *cancellable, GError **error) {
  return tambo_prefill_take (station, enrolment, data, error);
}

static void prefill_slot_free (TamboPrefill **slot) {
  tambo_prefill_free (*slot);
  g_free (slot);
}

static gboolean has_focus (gpointer row) {
  GtkRoot *root = gtk_widget_get_root (row);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && (focus == row || gtk_widget_is_ancestor (focus, row));
}

static void focus_first_gap (TamboIdentityPage *self);

/* A row in which the clerk has begun to type meanwhile stays as it is. */
static void show_taken_over (TamboIdentityPage *self, const TamboPrefill *prefill) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GPtrArray) empty = g_ptr_array_new ();
  gboolean focus_moves = has_focus (self->mrz_view);

  for (guint i = 0; i < self->rows->len; i++) {
    TamboFieldRow *row = g_ptr_array_index (self->rows, i);
    const char *key = tambo_field_row_get_key (row);
    if (!g_ptr_array_find_with_equal_func (prefill->keys, key, g_str_equal, NULL))
      continue;
    if (*tambo_field_row_get_text (row) == '\0') {
      g_ptr_array_add (empty, row);
      focus_moves = focus_moves || has_focus (row);
    }
    g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", tambo_text_field (key));
  }
  self->is_showing = TRUE;
  tambo_applicant_form_fill (empty, shown->applicant);
  self->is_showing = FALSE;
  tambo_form_history_break (self->history);
  tambo_form_history_note (self->history);
  tambo_form_history_break (self->history);
  g_autofree char *text = g_strdup_printf (_ ("Taken over from case %s: %s. Ctrl+Z takes it back."),
                                           prefill->tracking_number, names->str);
  gtk_label_set_label (self->prefill_label, text);
  gtk_widget_set_visible (self->prefill_strip, TRUE);
  if (focus_moves)
    focus_first_gap (self);
}

static void on_prefilled (gpointer owner, gpointer data, const GError *error) {
  TamboIdentityPage *self = owner;
  TamboPrefill **prefill = data;

  tambo_session_fail (session_of (self), error);
  if (*prefill == NULL || tambo_session_get_shown (session_of (self)) == NULL
      || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  show_taken_over (self, *prefill);
}

static void look_for_earlier_case (TamboIdentityPage *self) {
  tambo_session_push (session_of (self), run_prefill, g_new0 (TamboPrefill *, 1),
                      (GDestroyNotify) prefill_slot_free, NULL, on_prefilled, self);
}

/* ---- the document ---- */

/* The case is somebody's already, by a document, and this one is somebody else's. */
static gboolean is_other_person (TamboIdentityPage *self, const TamboMrz *mrz) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));

  return shown != NULL && shown->mrz != NULL
         && !tambo_prefill_is_same_person (shown->applicant, mrz->applicant);
}

static void take_mrz (TamboIdentityPage *self, const char *text, const TamboMrz *mrz) {
  g_autofree char *lines =
      g_strjoinv ("\n", (char *[]){ mrz->lines[0], mrz->lines[1], mrz->lines[2], NULL });

  self->is_showing = TRUE;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->mrz_view), lines, -1);
  tambo_applicant_form_fill (self->rows, mrz->applicant);
  set_sex (self, mrz->applicant->sex);
  self->is_showing = FALSE;
  tambo_form_history_break (self->history);
  tambo_form_history_note (self->history);
  tambo_form_history_break (self->history);
  g_free (self->mrz);
  self->mrz = g_strdup (text);
  self->is_changed = TRUE;
  show_guardian (self);
  save (self);
  show_verdict (self, _ ("Read. All check digits are right."), "good");
  focus_first_gap (self);
  look_for_earlier_case (self);
}

static void judge_mrz (TamboIdentityPage *self) {
  g_autofree char *text = get_mrz_text (self);
  gsize n = count_signs (text);
  g_autoptr (GError) error = NULL;
  if (n == 0) {
    show_verdict (self, _ ("Pass the document through the reader, or type the two or three lines."),
                  "");
    return;
  }
  if (n != 72 && n != 88 && n != 90) {
    g_autofree char *count = g_strdup_printf (
        _ ("%u characters so far; a passport has 88, a visa 72 or 88, a card 90."), (guint) n);
    show_verdict (self, count, "");
    return;
  }

  g_autoptr (TamboMrz) mrz = tambo_mrz_parse (text, NULL, &error);
  if (mrz == NULL || !tambo_mrz_check (mrz, &error)) {
    g_autofree char *verdict = g_strconcat (
        tambo_error_text_cause (error), " ",
        _ ("Pass the document again, without tilting it, or correct the character."), NULL);
    show_verdict (self, verdict, "bad");
    /* For whoever is called for help. */
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->mrz_verdict), error->message);
    return;
  }
  if (is_other_person (self, mrz)) {
    show_verdict (self,
                  _ ("This document belongs to somebody else than this case. Park the case first."),
                  "bad");
    return;
  }
  take_mrz (self, text, mrz);
}

void tambo_identity_page_swipe (TamboIdentityPage *self, const char *mrz) {
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->mrz_view), mrz, -1);
  g_clear_handle_id (&self->mrz_source, g_source_remove);
  judge_mrz (self);
}

static gboolean on_mrz_settled_cb (gpointer data) {
  TamboIdentityPage *self = data;

  self->mrz_source = 0;
  judge_mrz (self);
  return G_SOURCE_REMOVE;
}

/* The text is put in lines once it is good, which must not happen inside the key that completed it. */
static void on_mrz_changed_cb (TamboIdentityPage *self) {
  if (!self->is_showing && self->mrz_source == 0)
    self->mrz_source = g_idle_add (on_mrz_settled_cb, self);
}

/* ---- the page ---- */

static gboolean is_required (TamboIdentityPage *self, const char *key) {
  const TamboProcedure *procedure = tambo_session_get_procedure (session_of (self));

  return procedure != NULL && procedure->required_fields != NULL
         && g_strv_contains ((const char *const *) procedure->required_fields, key);
}

static void check_row (TamboFieldRow *row, const TamboApplicant *person, gboolean row_is_required,
                       TamboFieldRow **first) {
  g_autofree char *fault =
      tambo_applicant_form_check (person, tambo_field_row_get_key (row), row_is_required);

  tambo_field_row_set_error (row, fault);
  if (fault != NULL && *first == NULL)
    *first = row;
}

static gboolean tambo_identity_page_finish (TamboStepPage *page) {
  TamboIdentityPage *self = TAMBO_IDENTITY_PAGE (page);
  g_autoptr (TamboApplicant) applicant = read_applicant (self);
  TamboFieldRow *first = NULL;

  for (guint i = 0; i < self->rows->len; i++) {
    TamboFieldRow *row = g_ptr_array_index (self->rows, i);
    check_row (row, applicant, is_required (self, tambo_field_row_get_key (row)), &first);
  }
  if (is_minor (applicant)) {
    g_autoptr (TamboGuardian) guardian = read_guardian (self);
    for (guint i = 0; i < self->guardian_rows->len; i++)
      check_row (g_ptr_array_index (self->guardian_rows, i), guardian->person, TRUE, &first);
  }
  save (self);
  if (first != NULL)
    tambo_field_row_point_out (first);
  return first == NULL;
}

static void show_guardian_person (TamboIdentityPage *self, const TamboGuardian *guardian) {
  tambo_applicant_form_show (self->guardian_rows, guardian != NULL ? guardian->person : NULL);
  if (guardian != NULL && g_strcmp0 (guardian->relation, "father") == 0)
    gtk_toggle_button_set_active (self->father, TRUE);
  else if (guardian != NULL && g_strcmp0 (guardian->relation, "legal-representative") == 0)
    gtk_toggle_button_set_active (self->representative, TRUE);
  else
    gtk_toggle_button_set_active (self->mother, TRUE);
}

static void show_case (TamboIdentityPage *self, const TamboEnrolment *shown) {
  const TamboApplicant *applicant = shown != NULL ? shown->applicant : NULL;
  const char *mrz = shown != NULL ? shown->mrz : NULL;

  self->is_showing = TRUE;
  tambo_applicant_form_show (self->rows, applicant);
  set_sex (self, applicant != NULL ? applicant->sex : TAMBO_SEX_UNSPECIFIED);
  show_guardian_person (self, shown != NULL ? shown->guardian : NULL);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->mrz_view), mrz != NULL ? mrz : "", -1);
  for (guint i = 0; i < self->rows->len; i++)
    tambo_field_row_set_error (g_ptr_array_index (self->rows, i), NULL);
  self->is_showing = FALSE;
  self->is_changed = FALSE;
  tambo_form_history_begin (self->history);
  gtk_widget_set_visible (self->prefill_strip, FALSE);
  gtk_widget_set_visible (self->guardian_box, applicant != NULL && is_minor (applicant));
  if (mrz != NULL)
    show_verdict (self, _ ("Read. All check digits are right."), "good");
  else
    show_verdict (self, _ ("Pass the document through the reader, or type the two or three lines."),
                  "");
}

static void tambo_identity_page_enter (TamboStepPage *page) {
  TamboIdentityPage *self = TAMBO_IDENTITY_PAGE (page);
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));

  show_case (self, shown);
  tambo_alert_strip_look (self->alert_strip, session_of (self));
  if (shown->mrz == NULL && shown->applicant->surname == NULL)
    tambo_focus_take (GTK_WIDGET (self->mrz_view));
  else
    focus_first_gap (self);
}

/* What was typed is saved: it says who is meant. */
static void tambo_identity_page_refresh (TamboStepPage *page) {
  tambo_alert_strip_look (TAMBO_IDENTITY_PAGE (page)->alert_strip,
                          tambo_step_page_get_session (page));
}

static void note_address (TamboIdentityPage *self) {
  g_autoptr (TamboApplicant) applicant = read_applicant (self);

  if (applicant->address != NULL)
    tambo_session_note_address (session_of (self), applicant->address);
}

static void tambo_identity_page_leave (TamboStepPage *page) {
  TamboIdentityPage *self = TAMBO_IDENTITY_PAGE (page);

  g_clear_handle_id (&self->mrz_source, g_source_remove);
  save (self);
  note_address (self);
  show_case (self, NULL);
}

/* Whatever filled the fields; the entries' own undo knows its own entry alone. */
static void show_step (TamboIdentityPage *self, GtkWidget *(*step) (TamboFormHistory *) ) {
  self->is_showing = TRUE;
  GtkWidget *changed = step (self->history);
  self->is_showing = FALSE;
  if (changed == NULL)
    return;
  gtk_widget_set_visible (self->prefill_strip, FALSE);
  tambo_focus_take (changed);
  self->is_changed = TRUE;
  show_guardian (self);
  save (self);
}

static void on_undo (GtkWidget *widget, const char *name, GVariant *parameter) {
  show_step (TAMBO_IDENTITY_PAGE (widget), tambo_form_history_undo);
}

static void on_redo (GtkWidget *widget, const char *name, GVariant *parameter) {
  show_step (TAMBO_IDENTITY_PAGE (widget), tambo_form_history_redo);
}

/* Of those who live together only the first one's is typed. */
static void on_copy_address (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboIdentityPage *self = TAMBO_IDENTITY_PAGE (widget);
  const char *address = tambo_session_get_last_address (session_of (self));

  for (guint i = 0; address != NULL && i < self->rows->len; i++) {
    TamboFieldRow *row = g_ptr_array_index (self->rows, i);
    if (!g_str_equal (tambo_field_row_get_key (row), "address"))
      continue;
    tambo_form_history_break (self->history);
    tambo_field_row_set_text (row, address);
    tambo_form_history_break (self->history);
    gtk_widget_grab_focus (GTK_WIDGET (row));
  }
}

/* Enter leads to the next field that has nothing yet, and after the last one to the next step. */
static void on_row_activated_cb (TamboIdentityPage *self, TamboFieldRow *row) {
  gboolean has_guardian = gtk_widget_get_visible (self->guardian_box);
  GPtrArray *rows = has_guardian ? self->all_rows : self->rows;
  guint place = 0;

  g_ptr_array_find (rows, row, &place);
  for (guint i = place + 1; i < rows->len; i++) {
    GtkWidget *next = g_ptr_array_index (rows, i);
    if (*tambo_field_row_get_text (TAMBO_FIELD_ROW (next)) == '\0') {
      tambo_focus_take (next);
      return;
    }
  }
  gtk_widget_activate_action (GTK_WIDGET (self), "win.continue", NULL);
}

static void connect_rows (TamboIdentityPage *self, GPtrArray *rows) {
  for (guint i = 0; i < rows->len; i++) {
    GObject *row = g_ptr_array_index (rows, i);
    g_signal_connect_object (row, "changed", G_CALLBACK (on_changed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (row, "activate", G_CALLBACK (on_row_activated_cb), self,
                             G_CONNECT_SWAPPED);
  }
}

static void tambo_identity_page_dispose (GObject *object) {
  TamboIdentityPage *self = TAMBO_IDENTITY_PAGE (object);

  g_clear_handle_id (&self->save_source, g_source_remove);
  g_clear_handle_id (&self->mrz_source, g_source_remove);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->guardian_rows, g_ptr_array_unref);
  g_clear_pointer (&self->history, tambo_form_history_free);
  g_clear_pointer (&self->all_rows, g_ptr_array_unref);
  g_clear_pointer (&self->toggles, g_ptr_array_unref);
  g_clear_pointer (&self->mrz, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), TAMBO_TYPE_IDENTITY_PAGE);
  G_OBJECT_CLASS (tambo_identity_page_parent_class)->dispose (object);
}

static void bind_template (GtkWidgetClass *widget_class) {
  g_type_ensure (TAMBO_TYPE_ALERT_STRIP);
  g_type_ensure (TAMBO_TYPE_FIELD_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/identity-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, mrz_view);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, mrz_icon);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, mrz_verdict);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, alert_strip);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, prefill_label);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, prefill_strip);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, person_box);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, guardian_box);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, sex_f);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, sex_m);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, sex_x);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, mother);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, father);
  gtk_widget_class_bind_template_child (widget_class, TamboIdentityPage, representative);
  gtk_widget_class_bind_template_callback (widget_class, on_mrz_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
}

static void tambo_identity_page_class_init (TamboIdentityPageClass *klass) {
  TamboStepPageClass *step_class = TAMBO_STEP_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_identity_page_dispose;
  step_class->enter = tambo_identity_page_enter;
  step_class->leave = tambo_identity_page_leave;
  step_class->refresh = tambo_identity_page_refresh;
  step_class->finish = tambo_identity_page_finish;
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "identity.undo", NULL, on_undo);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "identity.redo", NULL, on_redo);
  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "identity.copy-address", NULL,
                                   on_copy_address);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void collect_form (TamboIdentityPage *self) {
  GtkToggleButton *const toggles[] = { self->sex_f,  self->sex_m,  self->sex_x,
                                       self->mother, self->father, self->representative };

  self->rows = tambo_applicant_form_find_rows (self->person_box);
  self->guardian_rows = tambo_applicant_form_find_rows (self->guardian_box);
  self->all_rows = g_ptr_array_new ();
  g_ptr_array_extend (self->all_rows, self->rows, NULL, NULL);
  g_ptr_array_extend (self->all_rows, self->guardian_rows, NULL, NULL);
  self->toggles = g_ptr_array_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (toggles); i++) {
    g_ptr_array_add (self->toggles, toggles[i]);
    tambo_speak_toggle (toggles[i]);
  }
  self->history = tambo_form_history_new (self->all_rows, self->toggles);
  tambo_form_history_begin (self->history);
}

static void tambo_identity_page_init (TamboIdentityPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->prefill_label);
  collect_form (self);
  connect_rows (self, self->rows);
  connect_rows (self, self->guardian_rows);
  tambo_shortcuts_attach (GTK_WIDGET (self), "identity");
}

static char *dup_name (TamboIdentityPage *self, TamboFieldRow *row) {
  gboolean is_guardian = g_ptr_array_find (self->guardian_rows, row, NULL);

  return g_strconcat (is_guardian ? "guardian." : "", tambo_field_row_get_key (row), NULL);
}

char *tambo_identity_page_dup_field (TamboIdentityPage *self) {
  for (guint i = 0; i < self->all_rows->len; i++)
    if (has_focus (g_ptr_array_index (self->all_rows, i)))
      return dup_name (self, g_ptr_array_index (self->all_rows, i));
  return NULL;
}

void tambo_identity_page_focus_field (TamboIdentityPage *self, const char *field) {
  for (guint i = 0; i < self->all_rows->len; i++) {
    g_autofree char *name = dup_name (self, g_ptr_array_index (self->all_rows, i));
    if (g_str_equal (name, field))
      tambo_focus_take (g_ptr_array_index (self->all_rows, i));
  }
}
