/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/day-closing.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "station/station-private.h"
#include "station/stock-count.h"
#include "store/audit.h"
#include "store/cases.h"
#include "store/stock.h"

/* The last statement, as it was signed. */
#define LAST_CLOSING "day-closing"

static void gap_free (TamboGap *gap) {
  g_free (gap->about);
  g_free (gap);
}

static void closing_stock_free (TamboClosingStock *stock) {
  g_free (stock->kind);
  g_free (stock);
}

void tambo_day_closing_free (TamboDayClosing *closing) {
  if (closing == NULL)
    return;
  g_free (closing->from);
  g_free (closing->to);
  g_clear_pointer (&closing->stock, g_ptr_array_unref);
  g_clear_pointer (&closing->gaps, g_ptr_array_unref);
  g_free (closing->previous);
  g_free (closing);
}

static void add_gap (TamboDayClosing *closing, TamboGapKind kind, const char *about, guint expected,
                     guint found) {
  TamboGap *gap = g_new0 (TamboGap, 1);

  gap->kind = kind;
  gap->about = g_strdup (about);
  gap->expected = expected;
  gap->found = found;
  g_ptr_array_add (closing->gaps, gap);
}

static TamboClosingStock *find_stock (GPtrArray *stock, const char *kind) {
  for (guint i = 0; i < stock->len; i++) {
    TamboClosingStock *row = g_ptr_array_index (stock, i);
    if (g_str_equal (row->kind, kind))
      return row;
  }
  TamboClosingStock *row = g_new0 (TamboClosingStock, 1);
  row->kind = g_strdup (kind);
  g_ptr_array_add (stock, row);
  return row;
}

/* ---- where the last one ended ---- */

char *tambo_day_closing_dup_last (TamboStation *station, GError **error) {
  return tambo_store_dup_setting (tambo_station_get_store (station), LAST_CLOSING, error);
}

/* The statement of the last closing; NULL without an error when there is none. */
static JsonObject *read_last (TamboStation *station, TamboDayClosing *closing, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = tambo_day_closing_dup_last (station, &cause);

  if (text == NULL) {
    if (cause != NULL)
      g_propagate_error (error, g_steal_pointer (&cause));
    closing->previous = g_strdup ("");
    return NULL;
  }
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  closing->previous = tambo_sha256_hex (bytes);
  return tambo_json_verify (text, -1, tambo_station_get_key (station), error);
}

static gboolean read_start (TamboDayClosing *closing, JsonObject *last, GError **error) {
  JsonArray *stock = tambo_json_get_array (last, "stock", error);
  const char *to = stock != NULL ? tambo_json_get_string (last, "to", error) : NULL;

  if (to == NULL)
    return FALSE;
  closing->from = g_strdup (to);
  for (guint i = 0; i < json_array_get_length (stock); i++) {
    JsonObject *row = json_array_get_object_element (stock, i);
    const char *kind = tambo_json_get_string (row, "kind", error);
    gint64 at_end;
    if (kind == NULL || !tambo_json_get_int (row, "at_end", 0, G_MAXINT, &at_end, error))
      return FALSE;
    find_stock (closing->stock, kind)->at_start = (guint) at_end;
  }
  return TRUE;
}

/* FIRST is the number of the audit entry to begin with. */
static gboolean find_start (TamboStation *station, TamboDayClosing *closing, gint64 *out_first,
                            gboolean *out_is_first, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) last = read_last (station, closing, &cause);
  gint64 size;

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  *out_is_first = last == NULL;
  if (last != NULL)
    return read_start (closing, last, error)
           && tambo_json_get_int (last, "audit_size", 0, G_MAXINT64, out_first, error);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  closing->from = tambo_day_dup_midnight (now);
  return tambo_audit_find_time (tambo_station_get_store (station), closing->from, out_first, &size,
                                error);
}

/* ---- records and cases ---- */

/* The number of records of the log in STATES is what the outbox says now, not what it said then. */
static gboolean check_record (TamboStation *station, TamboDayClosing *closing, const char *id,
                              GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboOutboxRow) row = tambo_outbox_get (tambo_station_get_store (station), id, &cause);

  if (row != NULL)
    return TRUE;
  if (!g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND)
      && !g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  add_gap (closing, TAMBO_GAP_RECORD_LOST, id, 1, 0);
  return TRUE;
}

static gboolean check_records (TamboStation *station, TamboDayClosing *closing, GPtrArray *entries,
                               GError **error) {
  for (guint i = 0; i < entries->len; i++) {
    const TamboAuditEntry *entry = g_ptr_array_index (entries, i);
    if (g_str_equal (entry->action, "record.seal")
        && !check_record (station, closing, entry->subject, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean look_at_outbox (TamboStation *station, TamboDayClosing *closing, GError **error) {
  g_autoptr (GPtrArray) rows =
      tambo_outbox_list_recent (tambo_station_get_store (station), 0, error);

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    const TamboOutboxRow *row = g_ptr_array_index (rows, i);
    gboolean is_stuck =
        row->state == TAMBO_OUTBOX_REFUSED || row->state == TAMBO_OUTBOX_QUARANTINED;
    closing->refused += is_stuck;
    closing->waiting += !is_stuck;
    if (is_stuck)
      add_gap (closing, TAMBO_GAP_RECORD_REFUSED, row->id, 1, 0);
  }
  if (closing->waiting > 0)
    add_gap (closing, TAMBO_GAP_RECORD_WAITS, "", closing->waiting, 0);
  return TRUE;
}

static gboolean look_at_cases (TamboStation *station, TamboDayClosing *closing, GError **error) {
  TamboStore *store = tambo_station_get_store (station);

  if (!tambo_cases_count (store, TAMBO_CASE_DRAFT, &closing->drafts, error)
      || !tambo_cases_count (store, TAMBO_CASE_WAITING, &closing->approvals, error))
    return FALSE;
  if (closing->drafts > 0)
    add_gap (closing, TAMBO_GAP_DRAFT, "", closing->drafts, 0);
  if (closing->approvals > 0)
    add_gap (closing, TAMBO_GAP_APPROVAL, "", closing->approvals, 0);
  return TRUE;
}

/* ---- blanks ---- */

static void move_blank (TamboDayClosing *closing, GHashTable *kind_of,
                        const TamboAuditEntry *entry) {
  gboolean is_receipt = g_str_equal (entry->action, "stock.receive");
  gboolean is_issue = g_str_equal (entry->action, "stock.issued");
  gboolean is_loss = g_str_equal (entry->action, "stock.spoiled");
  g_auto (GStrv) range = g_strsplit (entry->subject, "..", 2);
  const char *kind = range[0] != NULL ? g_hash_table_lookup (kind_of, range[0]) : NULL;

  if (kind == NULL || !(is_receipt || is_issue || is_loss))
    return;
  TamboClosingStock *stock = find_stock (closing->stock, kind);
  stock->received += is_receipt ? tambo_day_count_range (entry->subject) : 0;
  stock->issued += is_issue;
  stock->spoiled += is_loss;
}

static void count_blank (TamboDayClosing *closing, const TamboBlankRow *blank) {
  TamboClosingStock *stock = find_stock (closing->stock, blank->kind);
  gboolean is_in_work = blank->state == TAMBO_BLANK_IN_WORK;

  stock->at_end +=
      is_in_work || blank->state == TAMBO_BLANK_IN_STOCK || blank->state == TAMBO_BLANK_QUARANTINED;
  if (is_in_work)
    add_gap (closing, TAMBO_GAP_BLANK_IN_WORK, blank->number, 1, 0);
}

/* Before the first closing nobody knows what was there: what the log says backwards from now is taken. */
static void compare_stock (TamboDayClosing *closing, TamboClosingStock *stock, gboolean is_first) {
  guint out = stock->issued + stock->spoiled;

  if (is_first && stock->at_end + out >= stock->received)
    stock->at_start = stock->at_end + out - stock->received;
  guint expected =
      stock->at_start + stock->received > out ? stock->at_start + stock->received - out : 0;
  if (expected != stock->at_end)
    add_gap (closing, TAMBO_GAP_BLANKS, stock->kind, expected, stock->at_end);
}

static gboolean look_at_stock (TamboStation *station, TamboDayClosing *closing, GPtrArray *entries,
                               gboolean is_first, GError **error) {
  g_autoptr (GHashTable) kind_of = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) blanks = tambo_stock_list (tambo_station_get_store (station), error);

  if (blanks == NULL)
    return FALSE;
  for (guint i = 0; i < blanks->len; i++) {
    const TamboBlankRow *blank = g_ptr_array_index (blanks, i);
    g_hash_table_insert (kind_of, blank->number, blank->kind);
    count_blank (closing, blank);
  }
  for (guint i = 0; i < entries->len; i++)
    move_blank (closing, kind_of, g_ptr_array_index (entries, i));
  for (guint i = 0; i < closing->stock->len; i++)
    compare_stock (closing, g_ptr_array_index (closing->stock, i), is_first);
  return TRUE;
}

static void add_counted (JsonArray *array, guint index, JsonNode *node, gpointer data) {
  JsonObject *difference = json_node_get_object (node);
  gboolean is_missing = g_strcmp0 (tambo_json_peek_string (difference, "what"),
                                   tambo_count_difference_to_string (TAMBO_COUNT_MISSING))
                        == 0;

  add_gap (data, TAMBO_GAP_BLANK_COUNTED, tambo_json_peek_string (difference, "number"), is_missing,
           !is_missing);
}

/* What the last count of KIND found, if it was since the last closing. */
static gboolean look_at_count (TamboStation *station, TamboDayClosing *closing, const char *kind,
                               GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (JsonObject) count = tambo_stock_count_read_last (station, kind, &cause);

  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  const char *time = count != NULL ? tambo_json_peek_string (count, "time") : NULL;
  if (time == NULL || strcmp (time, closing->from) < 0)
    return TRUE;
  JsonArray *differences = tambo_json_get_array (count, "differences", error);
  if (differences == NULL)
    return FALSE;
  json_array_foreach_element (differences, add_counted, closing);
  return TRUE;
}

static gboolean look_at_counts (TamboStation *station, TamboDayClosing *closing, GError **error) {
  if (!look_at_count (station, closing, NULL, error))
    return FALSE;
  for (guint i = 0; i < closing->stock->len; i++) {
    const TamboClosingStock *stock = g_ptr_array_index (closing->stock, i);
    if (!look_at_count (station, closing, stock->kind, error))
      return FALSE;
  }
  return TRUE;
}

static GPtrArray *read_entries (TamboStation *station, TamboDayClosing *closing, gint64 first,
                                GError **error) {
  GPtrArray *entries =
      tambo_audit_list_span (tambo_station_get_store (station), first, G_MAXINT64, error);

  if (entries != NULL)
    closing->audit_size = first + entries->len;
  return entries;
}

TamboDayClosing *tambo_day_closing_prepare (TamboStation *station, GError **error) {
  g_autoptr (TamboDayClosing) closing = g_new0 (TamboDayClosing, 1);
  g_autoptr (GPtrArray) entries = NULL;
  /* Nothing moves between one count and the next. */
  g_autoptr (TamboTransaction) transaction =
      tambo_transaction_begin (tambo_station_get_store (station), error);
  gboolean is_first;
  gint64 first;

  closing->stock = g_ptr_array_new_with_free_func ((GDestroyNotify) closing_stock_free);
  closing->gaps = g_ptr_array_new_with_free_func ((GDestroyNotify) gap_free);
  closing->to = tambo_clock_now ();
  if (transaction == NULL || !find_start (station, closing, &first, &is_first, error))
    return NULL;
  entries = read_entries (station, closing, first, error);
  if (entries == NULL || !check_records (station, closing, entries, error)
      || !look_at_outbox (station, closing, error) || !look_at_cases (station, closing, error)
      || !look_at_stock (station, closing, entries, is_first, error)
      || !look_at_counts (station, closing, error))
    return NULL;
  tambo_day_count (&closing->day, entries);
  return g_steal_pointer (&closing);
}

/* ---- the statement ---- */

static const char *const gap_names[] = {
  [TAMBO_GAP_RECORD_LOST] = "record-lost",
  [TAMBO_GAP_RECORD_WAITS] = "record-waits",
  [TAMBO_GAP_RECORD_REFUSED] = "record-refused",
  [TAMBO_GAP_DRAFT] = "draft",
  [TAMBO_GAP_APPROVAL] = "approval",
  [TAMBO_GAP_BLANK_IN_WORK] = "blank-in-work",
  [TAMBO_GAP_BLANKS] = "blanks",
  [TAMBO_GAP_BLANK_COUNTED] = "blank-counted",
};

static JsonArray *gaps_to_json (GPtrArray *gaps) {
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < gaps->len; i++) {
    const TamboGap *gap = g_ptr_array_index (gaps, i);
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "kind", gap_names[gap->kind]);
    json_object_set_string_member (object, "about", gap->about);
    json_object_set_int_member (object, "expected", gap->expected);
    json_object_set_int_member (object, "found", gap->found);
    json_array_add_object_element (array, object);
  }
  return array;
}

static JsonArray *stock_to_json (GPtrArray *stock) {
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < stock->len; i++) {
    const TamboClosingStock *row = g_ptr_array_index (stock, i);
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "kind", row->kind);
    json_object_set_int_member (object, "at_start", row->at_start);
    json_object_set_int_member (object, "received", row->received);
    json_object_set_int_member (object, "issued", row->issued);
    json_object_set_int_member (object, "spoiled", row->spoiled);
    json_object_set_int_member (object, "at_end", row->at_end);
    json_array_add_object_element (array, object);
  }
  return array;
}

static void add_figures (JsonObject *object, const TamboDayClosing *closing) {
  const struct {
    const char *name;
    guint value;
  } figures[] = {
    { "cases_begun", closing->day.begun },
    { "cases_sealed", closing->day.sealed },
    { "cases_discarded", closing->day.discarded },
    { "cases_rejected", closing->day.rejected },
    { "records_sealed", closing->day.records },
    { "receipts", closing->day.receipts },
    { "documents_issued", closing->day.issued },
    { "documents_delivered", closing->day.delivered },
    { "blanks_received", closing->day.blanks_received },
    { "blanks_spoiled", closing->day.blanks_spoiled },
    { "drafts_open", closing->drafts },
    { "approvals_open", closing->approvals },
    { "records_waiting", closing->waiting },
    { "records_refused", closing->refused },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    json_object_set_int_member (object, figures[i].name, figures[i].value);
}

static JsonObject *to_json (const TamboDayClosing *closing, const char *remark) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type", "day-closing");
  json_object_set_string_member (object, "from", closing->from);
  json_object_set_string_member (object, "to", closing->to);
  json_object_set_string_member (object, "previous", closing->previous);
  json_object_set_int_member (object, "audit_size", closing->audit_size);
  json_object_set_string_member (object, "remark", remark);
  add_figures (object, closing);
  json_object_set_array_member (object, "stock", stock_to_json (closing->stock));
  json_object_set_array_member (object, "differences", gaps_to_json (closing->gaps));
  return object;
}

char *tambo_day_closing_sign (TamboStation *station, const TamboDayClosing *closing,
                              const char *remark, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_DAY_CLOSE, error);
  if (actor == NULL)
    return NULL;
  g_autoptr (JsonObject) object = to_json (closing, remark);
  return tambo_statement_keep (station,
                               &(TamboStatement){ .setting = LAST_CLOSING,
                                                  .name = closing->to,
                                                  .action = "day.close",
                                                  .subject = closing->to },
                               actor, object, error);
}
