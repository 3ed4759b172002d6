/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/today.h"

#include <glib/gi18n.h>

#include "base/bytes.h"
#include "station/appointments.h"
#include "station/case-desk.h"
#include "station/parked.h"
#include "station/permissions.h"
#include "station/procedures.h"
#include "station/stock-desk.h"

/* More than anybody looks through; the others are found by searching. */
#define MAX_PARKED 50

TamboToday *tambo_today_new (TamboStation *station, const char *wanted) {
  TamboToday *today = g_new0 (TamboToday, 1);

  today->station = g_object_ref (station);
  today->role = tambo_station_get_role (station);
  today->wanted = g_strdup (wanted);
  return today;
}

void tambo_today_free (TamboToday *today) {
  if (today == NULL)
    return;
  g_object_unref (today->station);
  tambo_secret_string_free (today->wanted);
  g_clear_pointer (&today->procedures, g_ptr_array_unref);
  g_clear_pointer (&today->appointments, g_ptr_array_unref);
  g_free (today->told_at);
  g_clear_pointer (&today->sent_back, g_ptr_array_unref);
  g_clear_pointer (&today->drafts, g_ptr_array_unref);
  g_clear_pointer (&today->found, g_ptr_array_unref);
  g_clear_pointer (&today->stock, g_ptr_array_unref);
  g_free (today);
}

/* From midnight to midnight. */
static gboolean load_appointments (TamboToday *today, GError **error) {
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (now, 1);
  g_autofree char *from = tambo_day_dup_midnight (now);
  g_autofree char *to = tambo_day_dup_midnight (tomorrow);

  today->told_at = tambo_appointments_dup_time (today->station);
  /* Nobody is told before the first exchange, and perhaps there is no key to open it with. */
  if (today->told_at == NULL)
    return TRUE;
  today->appointments = tambo_appointments_list (today->station, from, to, error);
  return today->appointments != NULL;
}

/* What the role may not see is not asked for. */
static gboolean load_cases (TamboToday *today, GError **error) {
  g_autofree char *words = tambo_today_translate (today->wanted);
  gboolean may_search = (today->role & tambo_permission (TAMBO_OPERATION_CASE_SEARCH)->roles) != 0;
  gboolean may_capture =
      (today->role & tambo_permission (TAMBO_OPERATION_CASE_CAPTURE)->roles) != 0;

  if (may_search) {
    today->found = tambo_case_desk_search (today->station, words, error);
    if (today->found == NULL)
      return FALSE;
  }
  if (!may_capture)
    return TRUE;
  if (!load_appointments (today, error))
    return FALSE;
  today->sent_back = tambo_parked_list (today->station, TAMBO_CASE_REJECTED, MAX_PARKED, error);
  today->drafts = today->sent_back != NULL
                      ? tambo_parked_list (today->station, TAMBO_CASE_DRAFT, MAX_PARKED, error)
                      : NULL;
  return today->drafts != NULL;
}

static gboolean load_figures (TamboToday *today, GError **error) {
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *midnight = tambo_day_dup_midnight (now);

  today->stock = tambo_stock_desk_tally (today->station, error);
  return today->stock != NULL && tambo_day_read (today->station, midnight, &today->day, error)
         && tambo_desk_status_read (today->station, &today->status, error);
}

gboolean tambo_today_load (gpointer data, GCancellable *cancellable, GError **error) {
  TamboToday *today = data;

  today->procedures = tambo_procedures_list (today->station, error);
  return today->procedures != NULL && load_cases (today, error) && load_figures (today, error);
}

const char *tambo_today_find_title (const TamboToday *today, const char *procedure_id) {
  for (guint i = 0; i < today->procedures->len; i++) {
    const TamboProcedure *procedure = g_ptr_array_index (today->procedures, i);
    if (g_str_equal (procedure->id, procedure_id))
      return tambo_session_procedure_title (procedure);
  }
  return procedure_id;
}

/* ---- words ---- */

/* In the order of TamboCaseState; the first translation of a word is what clerks type. */
static const char *const state_words[] = {
  NC_ ("search", "draft"),     NC_ ("search", "waiting"),      NC_ ("search", "rejected"),
  NC_ ("search", "queued"),    NC_ ("search", "acknowledged"), NC_ ("search", "refused"),
  NC_ ("search", "ordered"),   NC_ ("search", "issued"),       NC_ ("search", "delivered"),
  NC_ ("search", "discarded"),
};

static const char *translate_word (const char *word) {
  g_autofree char *folded = g_utf8_casefold (word, -1);

  for (gsize i = 0; i < G_N_ELEMENTS (state_words); i++) {
    g_autofree char *known = g_utf8_casefold (g_dpgettext2 (NULL, "search", state_words[i]), -1);
    if (g_str_equal (folded, known))
      return tambo_case_state_to_string ((TamboCaseState) i);
  }
  return word;
}

char *tambo_today_translate (const char *wanted) {
  g_auto (GStrv) words = g_strsplit (wanted, " ", -1);
  GString *text = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    g_string_append_printf (text, "%s%s", word == words ? "" : " ", translate_word (*word));
  return g_string_free (text, FALSE);
}
