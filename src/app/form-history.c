/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/form-history.h"

#include "app/field-row.h"
#include "base/bytes.h"

#define MAX_STEPS 200
/* Who pauses so long goes on with something else. */
#define PAUSE_US (2 * G_USEC_PER_SEC)

struct _TamboFormHistory {
  GPtrArray *rows, *toggles; /* borrowed */
  GPtrArray *steps;          /* of GStrv: the form, element by element */
  guint now;                 /* the step that the form shows */
  int last_changed;          /* element of the last change; -1: the next one is a step of its own */
  gint64 changed_at;
};

static void step_free (char **step) {
  for (char **text = step; *text != NULL; text++)
    tambo_secret_string_free (*text);
  g_free (step);
}

TamboFormHistory *tambo_form_history_new (GPtrArray *rows, GPtrArray *toggles) {
  TamboFormHistory *history = g_new0 (TamboFormHistory, 1);

  history->rows = rows;
  history->toggles = toggles;
  history->steps = g_ptr_array_new_with_free_func ((GDestroyNotify) step_free);
  return history;
}

void tambo_form_history_free (TamboFormHistory *history) {
  if (history == NULL)
    return;
  g_ptr_array_unref (history->steps);
  g_free (history);
}

static char **read_form (TamboFormHistory *history) {
  guint n_rows = history->rows->len, n_toggles = history->toggles->len;
  char **step = g_new0 (char *, n_rows + n_toggles + 1);

  for (guint i = 0; i < n_rows; i++)
    step[i] = g_strdup (tambo_field_row_get_text (g_ptr_array_index (history->rows, i)));
  for (guint i = 0; i < n_toggles; i++)
    step[n_rows + i] = g_strdup (
        gtk_toggle_button_get_active (g_ptr_array_index (history->toggles, i)) ? "1" : "");
  return step;
}

static int first_difference (char **a, char **b, guint *out_count) {
  int first = -1;

  *out_count = 0;
  for (int i = 0; a[i] != NULL; i++) {
    if (g_str_equal (a[i], b[i]))
      continue;
    ++*out_count;
    if (first < 0)
      first = i;
  }
  return first;
}

void tambo_form_history_break (TamboFormHistory *history) {
  history->last_changed = -1;
}

void tambo_form_history_begin (TamboFormHistory *history) {
  g_ptr_array_set_size (history->steps, 0);
  g_ptr_array_add (history->steps, read_form (history));
  history->now = 0;
  tambo_form_history_break (history);
}

void tambo_form_history_note (TamboFormHistory *history) {
  g_return_if_fail (history->steps->len > 0);
  char **form = read_form (history);
  gint64 at = g_get_monotonic_time ();
  guint count;
  int changed = first_difference (g_ptr_array_index (history->steps, history->now), form, &count);

  if (changed < 0) {
    step_free (form);
    return;
  }
  g_ptr_array_set_size (history->steps, (int) history->now + 1);
  if (changed == history->last_changed && count == 1 && history->now > 0
      && at - history->changed_at < PAUSE_US) {
    /* More of the same word: the step before it is where undo leads. */
    g_ptr_array_set_size (history->steps, (int) history->now);
  } else if (history->steps->len >= MAX_STEPS) {
    g_ptr_array_remove_index (history->steps, 0);
  }
  g_ptr_array_add (history->steps, form);
  history->now = history->steps->len - 1;
  history->last_changed = count == 1 ? changed : -1;
  history->changed_at = at;
}

static GtkWidget *write_step (TamboFormHistory *history, guint place) {
  char **from = g_ptr_array_index (history->steps, history->now);
  char **to = g_ptr_array_index (history->steps, place);
  guint n_rows = history->rows->len, count;
  int changed = first_difference (from, to, &count);

  history->now = place;
  tambo_form_history_break (history);
  for (guint i = 0; i < n_rows; i++)
    tambo_field_row_set_text (g_ptr_array_index (history->rows, i), to[i]);
  for (guint i = 0; i < history->toggles->len; i++)
    if (*to[n_rows + i] != '\0')
      gtk_toggle_button_set_active (g_ptr_array_index (history->toggles, i), TRUE);
  if (changed < 0)
    return NULL;
  return (guint) changed < n_rows ? g_ptr_array_index (history->rows, changed)
                                  : g_ptr_array_index (history->toggles, changed - (int) n_rows);
}

GtkWidget *tambo_form_history_undo (TamboFormHistory *history) {
  return history->now > 0 ? write_step (history, history->now - 1) : NULL;
}

GtkWidget *tambo_form_history_redo (TamboFormHistory *history) {
  return history->now + 1 < history->steps->len ? write_step (history, history->now + 1) : NULL;
}
