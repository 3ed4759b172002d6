/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/stock.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/digest.h"

#define MAX_LETTERS 8
#define MAX_DIGITS 12
#define MAX_RANGE 100000

static const char *const state_names[] = {
  [TAMBO_BLANK_IN_STOCK] = "in-stock", [TAMBO_BLANK_QUARANTINED] = "quarantined",
  [TAMBO_BLANK_IN_WORK] = "in-work",   [TAMBO_BLANK_ISSUED] = "issued",
  [TAMBO_BLANK_SPOILED] = "spoiled",   [TAMBO_BLANK_DELIVERED] = "delivered",
};

const char *tambo_blank_state_to_string (TamboBlankState state) {
  return (guint) state < G_N_ELEMENTS (state_names) ? state_names[state] : "unknown";
}

static gboolean state_from_string (const char *text, TamboBlankState *out_state) {
  for (gsize i = 0; i < G_N_ELEMENTS (state_names); i++)
    if (g_strcmp0 (state_names[i], text) == 0) {
      *out_state = (TamboBlankState) i;
      return TRUE;
    }
  return FALSE;
}

void tambo_blank_row_free (TamboBlankRow *row) {
  if (row == NULL)
    return;
  g_free (row->number);
  g_free (row->kind);
  g_free (row->institution);
  g_free (row->order_id);
  g_free (row->keeper);
  g_free (row->updated_at);
  g_free (row);
}

#define BLANK_COLUMNS "number, kind, institution, state, order_id, updated_at, keeper"
#define BLANK_READING BLANK_COLUMNS ", " TAMBO_IS_SOUND (TAMBO_DIGESTED_BLANKS)

static TamboBlankRow *read_row (sqlite3_stmt *statement, GError **error) {
  g_autoptr (TamboBlankRow) row = g_new0 (TamboBlankRow, 1);
  g_autofree char *state = tambo_db_dup_text (statement, 3);

  row->number = tambo_db_dup_text (statement, 0);
  row->kind = tambo_db_dup_text (statement, 1);
  row->institution = tambo_db_dup_text (statement, 2);
  row->order_id = tambo_db_dup_text (statement, 4);
  row->updated_at = tambo_db_dup_text (statement, 5);
  row->keeper = tambo_db_dup_text (statement, 6);
  if (!tambo_digest_check (statement, 7, "blanks", row->number, error))
    return NULL;
  if (!state_from_string (state, &row->state)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "blanks %s: the state is none", row->number);
    return NULL;
  }
  return g_steal_pointer (&row);
}

/* A serial: letters, then digits that are counted up. */
typedef struct {
  gsize n_letters;
  gsize n_digits;
  guint64 count;
} Serial;

static gboolean parse_serial (const char *text, Serial *out_serial, GError **error) {
  Serial serial = { 0 };

  serial.n_letters = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  serial.n_digits = strspn (text + serial.n_letters, "0123456789");
  if (serial.n_letters > MAX_LETTERS || serial.n_digits < 1 || serial.n_digits > MAX_DIGITS
      || text[serial.n_letters + serial.n_digits] != '\0') {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                 "a blank's number has up to %d capital letters, then 1 to %d digits", MAX_LETTERS,
                 MAX_DIGITS);
    return FALSE;
  }
  serial.count = g_ascii_strtoull (text + serial.n_letters, NULL, 10);
  *out_serial = serial;
  return TRUE;
}

static gboolean parse_range (const char *first, const char *last, Serial *out_first,
                             guint *out_count, GError **error) {
  Serial end;

  if (!parse_serial (first, out_first, error) || !parse_serial (last, &end, error))
    return FALSE;
  if (out_first->n_letters != end.n_letters || out_first->n_digits != end.n_digits
      || strncmp (first, last, end.n_letters) != 0 || end.count < out_first->count
      || end.count - out_first->count >= MAX_RANGE) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                 "from %s to %s is no range of at most %d numbers", first, last, MAX_RANGE);
    return FALSE;
  }
  *out_count = (guint) (end.count - out_first->count + 1);
  return TRUE;
}

static char *dup_number (const char *first, const Serial *serial, guint i) {
  return g_strdup_printf ("%.*s%0*" G_GUINT64_FORMAT, (int) serial->n_letters, first,
                          (int) serial->n_digits, serial->count + i);
}

GPtrArray *tambo_stock_expand (const char *first, const char *last, GError **error) {
  Serial serial;
  guint count;

  if (!parse_range (first, last, &serial, &count, error))
    return NULL;
  GPtrArray *numbers = g_ptr_array_new_full (count, g_free);
  for (guint i = 0; i < count; i++)
    g_ptr_array_add (numbers, dup_number (first, &serial, i));
  return numbers;
}

/* One statement for all of them: a hundred thousand rows are no rarity. */
static gboolean insert_range (TamboStore *store, sqlite3_stmt *insert, const char *first,
                              const Serial *serial, guint count, GError **error) {
  for (guint i = 0; i < count; i++) {
    g_autofree char *number = dup_number (first, serial, i);
    g_autoptr (GError) reason = NULL;

    sqlite3_reset (insert);
    sqlite3_bind_text (insert, 5, number, -1, SQLITE_TRANSIENT);
    if (tambo_db_step (store, insert, &reason) == TAMBO_DB_DONE)
      continue;
    if (g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS))
      g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS,
                   "the blank %s is known already", number);
    else
      g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  return TRUE;
}

static GBytes *receive_details (const char *kind, const char *institution, guint count) {
  g_autoptr (JsonObject) object = json_object_new ();
  char *text;

  json_object_set_string_member (object, "kind", kind);
  json_object_set_string_member (object, "institution", institution);
  json_object_set_int_member (object, "count", count);
  text = tambo_json_canonical (object);
  return g_bytes_new_take (text, strlen (text));
}

gboolean tambo_stock_receive (TamboStore *store, const char *kind, const char *institution,
                              const char *own_institution, const char *first, const char *last,
                              const char *actor, guint *out_count, GError **error) {
  g_autoptr (TamboTransaction) transaction = NULL;
  g_autoptr (sqlite3_stmt) insert = NULL;
  g_autoptr (GBytes) details = NULL;
  g_autofree char *subject = g_strdup_printf ("%s..%s", first, last);
  g_autofree char *now = tambo_clock_now ();
  gboolean is_own = g_str_equal (institution, own_institution);
  Serial serial;
  guint count;

  if (*kind == '\0' || *institution == '\0') {
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                         "a blank has a kind and an institution");
    return FALSE;
  }
  if (!parse_range (first, last, &serial, &count, error))
    return FALSE;
  details = receive_details (kind, institution, count);
  transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL)
    return FALSE;
  insert = tambo_db_prepare (
      store, error,
      "INSERT INTO blanks (kind, institution, state, updated_at, number) VALUES (?, ?, ?, ?, ?)",
      "ssss", kind, institution,
      tambo_blank_state_to_string (is_own ? TAMBO_BLANK_IN_STOCK : TAMBO_BLANK_QUARANTINED), now);
  if (insert == NULL || !insert_range (store, insert, first, &serial, count, error))
    return FALSE;
  g_clear_pointer (&insert, sqlite3_finalize);
  if (!tambo_audit_append (store, actor, "stock.receive", subject, details, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  if (out_count != NULL)
    *out_count = count;
  return TRUE;
}

GPtrArray *tambo_stock_list (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (store, error,
                                                         "SELECT " BLANK_READING " FROM blanks"
                                                         " ORDER BY kind, length (number), number",
                                                         "");
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_blank_row_free);
  TamboDbStep step;

  if (statement == NULL)
    return NULL;
  while ((step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    TamboBlankRow *row = read_row (statement, NULL);

    /* One rotten row hides no other; tambo_store_verify names it. */
    if (row != NULL)
      g_ptr_array_add (rows, row);
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}

gboolean tambo_stock_count (TamboStore *store, const char *kind, TamboBlankState state,
                            guint *out_count, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "stock", error,
                     "SELECT count (*) FROM blanks WHERE (?1 IS NULL OR kind = ?1) AND state = ?2",
                     "ss", kind, tambo_blank_state_to_string (state));

  if (statement == NULL)
    return FALSE;
  *out_count = (guint) sqlite3_column_int64 (statement, 0);
  return TRUE;
}

void tambo_stock_tally_free (TamboStockTally *tally) {
  if (tally == NULL)
    return;
  g_free (tally->kind);
  g_free (tally);
}

/* Rows of kind, state and count, by kind. */
static void add_count (GPtrArray *tallies, sqlite3_stmt *statement) {
  g_autofree char *kind = tambo_db_dup_text (statement, 0);
  g_autofree char *state_name = tambo_db_dup_text (statement, 1);
  TamboStockTally *tally = tallies->len > 0 ? tallies->pdata[tallies->len - 1] : NULL;
  TamboBlankState state;

  if (!state_from_string (state_name, &state))
    return;
  if (tally == NULL || !g_str_equal (tally->kind, kind)) {
    tally = g_new0 (TamboStockTally, 1);
    tally->kind = g_steal_pointer (&kind);
    g_ptr_array_add (tallies, tally);
  }
  tally->count[state] = (guint) sqlite3_column_int64 (statement, 2);
}

GPtrArray *tambo_stock_tally (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error, "SELECT kind, state, count (*) FROM blanks GROUP BY 1, 2 ORDER BY 1", "");
  g_autoptr (GPtrArray) tallies =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_stock_tally_free);
  TamboDbStep step;

  if (statement == NULL)
    return NULL;
  while ((step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW)
    add_count (tallies, statement);
  return step == TAMBO_DB_DONE ? g_steal_pointer (&tallies) : NULL;
}

/* The one row of a query over blanks, or NULL: without an error when there is none. */
static TamboBlankRow *query_row (TamboStore *store, const char *sql, const char *a, const char *b,
                                 GError **error) {
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error, sql, b != NULL ? "ss" : "s", a, b);

  if (statement == NULL || tambo_db_step (store, statement, error) != TAMBO_DB_ROW)
    return NULL;
  return read_row (statement, error);
}

static TamboBlankRow *find_blank (TamboStore *store, const char *number, GError **error) {
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "blank of that number", error,
                     "SELECT " BLANK_READING " FROM blanks WHERE number = ?", "s", number);

  return statement != NULL ? read_row (statement, error) : NULL;
}

static gboolean check_takable (const TamboBlankRow *row, const char *kind, GError **error) {
  if (!g_str_equal (row->kind, kind)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                 "the blank %s is a %s, not a %s", row->number, row->kind, kind);
    return FALSE;
  }
  if (row->state != TAMBO_BLANK_IN_STOCK) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE, "the blank %s is %s",
                 row->number, tambo_blank_state_to_string (row->state));
    return FALSE;
  }
  return TRUE;
}

/* Whether any blank of KIND that is in stock was given to somebody. */
static gboolean are_given (TamboStore *store, const char *kind, gboolean *out_given,
                           GError **error) {
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "stock", error,
                     "SELECT EXISTS (SELECT 1 FROM blanks"
                     " WHERE kind = ? AND state = 'in-stock' AND keeper IS NOT NULL)",
                     "s", kind);

  if (statement == NULL)
    return FALSE;
  *out_given = sqlite3_column_int (statement, 0) != 0;
  return TRUE;
}

gboolean tambo_stock_may_take (TamboStore *store, const TamboBlankRow *row, const char *actor,
                               gboolean *out_may, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  gboolean given;

  if (!are_given (store, row->kind, &given, error))
    return FALSE;
  *out_may = !given || g_strcmp0 (row->keeper, actor) == 0;
  return TRUE;
}

TamboBlankRow *tambo_stock_propose (TamboStore *store, const char *kind, const char *actor,
                                    GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (TamboBlankRow) row = NULL;
  g_autoptr (GError) reason = NULL;
  gboolean given;

  if (!are_given (store, kind, &given, error))
    return NULL;
  row = query_row (store,
                   given ? "SELECT " BLANK_READING " FROM blanks WHERE kind = ? AND keeper = ?"
                           " AND state = 'in-stock' AND " TAMBO_IS_SOUND (
                               TAMBO_DIGESTED_BLANKS) " ORDER BY length (number), number LIMIT 1"
                         : "SELECT " BLANK_READING " FROM blanks WHERE kind = ?"
                           " AND state = 'in-stock' AND " TAMBO_IS_SOUND (
                               TAMBO_DIGESTED_BLANKS) " ORDER BY length (number), number LIMIT 1",
                   kind, given ? actor : NULL, &reason);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else if (row == NULL && given)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND,
                 "%s has no %s blank left; those in stock were given to others or lie in the vault",
                 actor, kind);
  else if (row == NULL)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND,
                 "there is no %s blank in stock", kind);
  return g_steal_pointer (&row);
}

static gboolean check_given (TamboStore *store, const TamboBlankRow *row, const char *actor,
                             GError **error) {
  gboolean may;

  if (!tambo_stock_may_take (store, row, actor, &may, error))
    return FALSE;
  if (!may)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                 row->keeper != NULL ? "the blank %s was given to %s"
                                     : "the blank %s is in the vault",
                 row->number, row->keeper);
  return may;
}

/* The blank to take: NUMBER, or the lowest one. */
static TamboBlankRow *choose_blank (TamboStore *store, const char *kind, const char *number,
                                    const char *actor, GError **error) {
  if (number == NULL)
    return tambo_stock_propose (store, kind, actor, error);
  g_autoptr (TamboBlankRow) row = find_blank (store, number, error);
  return row != NULL && check_takable (row, kind, error) && check_given (store, row, actor, error)
             ? g_steal_pointer (&row)
             : NULL;
}

static gboolean write_state (TamboStore *store, const char *number, TamboBlankState state,
                             const char *order_id, GError **error) {
  g_autofree char *now = tambo_clock_now ();

  return tambo_db_run (store, error,
                       "UPDATE blanks SET state = ?, order_id = ?, updated_at = ?"
                       " WHERE number = ?",
                       "ssss", tambo_blank_state_to_string (state), order_id, now, number);
}

static char *take_new (TamboStore *store, const char *kind, const char *number,
                       const char *order_id, const char *actor, GError **error) {
  g_autoptr (TamboBlankRow) row = choose_blank (store, kind, number, actor, error);
  g_autoptr (GBytes) details = g_bytes_new (order_id, strlen (order_id));

  if (row == NULL || !write_state (store, row->number, TAMBO_BLANK_IN_WORK, order_id, error)
      || !tambo_audit_append (store, actor, "stock.take", row->number, details, error))
    return NULL;
  return g_steal_pointer (&row->number);
}

char *tambo_stock_take (TamboStore *store, const char *kind, const char *number,
                        const char *order_id, const char *actor, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autoptr (TamboBlankRow) in_work = NULL;
  g_autoptr (GError) reason = NULL;
  g_autofree char *taken = NULL;

  if (transaction == NULL)
    return NULL;
  in_work = query_row (store,
                       "SELECT " BLANK_READING " FROM blanks"
                       " WHERE order_id = ? AND kind = ? AND state = 'in-work'",
                       order_id, kind, &reason);
  if (reason != NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return NULL;
  }
  if (in_work != NULL && number != NULL && !g_str_equal (in_work->number, number)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                 "the order has the blank %s in work already", in_work->number);
    return NULL;
  }
  if (in_work != NULL)
    return g_steal_pointer (&in_work->number);
  taken = take_new (store, kind, number, order_id, actor, error);
  if (taken == NULL || !tambo_transaction_commit (transaction, error))
    return NULL;
  return g_steal_pointer (&taken);
}

TamboBlankRow *tambo_stock_find_issued (TamboStore *store, const char *order_id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "blank that was issued for this order", error,
                     "SELECT " BLANK_READING " FROM blanks"
                     " WHERE order_id = ? AND state IN ('issued', 'delivered')",
                     "s", order_id);

  return statement != NULL ? read_row (statement, error) : NULL;
}

/* A blank whose journal has a step for the order may carry somebody's data. */
static gboolean check_untouched (TamboStore *store, const TamboBlankRow *row, GError **error) {
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error, "SELECT 1 FROM chip_journal WHERE blank = ? LIMIT 1", "s", row->number);
  TamboDbStep step = TAMBO_DB_FAILED;

  if (statement != NULL)
    step = tambo_db_step (store, statement, error);
  if (step == TAMBO_DB_ROW)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
                 "the chip of the blank %s may have been written to", row->number);
  return step == TAMBO_DB_DONE;
}

static gboolean check_may_become (TamboStore *store, const TamboBlankRow *row,
                                  TamboBlankState state, GError **error) {
  static const struct {
    TamboBlankState from, to;
  } arrows[] = {
    { TAMBO_BLANK_IN_WORK, TAMBO_BLANK_ISSUED },      { TAMBO_BLANK_IN_WORK, TAMBO_BLANK_SPOILED },
    { TAMBO_BLANK_IN_WORK, TAMBO_BLANK_IN_STOCK },    { TAMBO_BLANK_IN_STOCK, TAMBO_BLANK_SPOILED },
    { TAMBO_BLANK_QUARANTINED, TAMBO_BLANK_SPOILED }, { TAMBO_BLANK_ISSUED, TAMBO_BLANK_DELIVERED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (arrows); i++)
    if (arrows[i].from == row->state && arrows[i].to == state)
      return state != TAMBO_BLANK_IN_STOCK || check_untouched (store, row, error);
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE,
               "the blank %s is %s and cannot become %s", row->number,
               tambo_blank_state_to_string (row->state), tambo_blank_state_to_string (state));
  return FALSE;
}

gboolean tambo_stock_set_state (TamboStore *store, const char *number, TamboBlankState state,
                                const char *reason, const char *actor, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  gboolean is_return = state == TAMBO_BLANK_IN_STOCK;
  g_autofree char *action =
      g_strconcat ("stock.", is_return ? "return" : tambo_blank_state_to_string (state), NULL);
  g_autoptr (GBytes) details = reason != NULL ? g_bytes_new (reason, strlen (reason)) : NULL;
  g_autoptr (TamboBlankRow) row = NULL;

  if (transaction == NULL)
    return FALSE;
  row = find_blank (store, number, error);
  return row != NULL && check_may_become (store, row, state, error)
         && write_state (store, number, state, is_return ? NULL : row->order_id, error)
         && tambo_audit_append (store, actor, action, number, details, error)
         && tambo_transaction_commit (transaction, error);
}

/* ---- who has them ---- */

/* Why not all of the range could be given. */
static void explain_ungiven (TamboStore *store, const char *first, const Serial *serial,
                             guint count, GError **error) {
  for (guint i = 0; i < count; i++) {
    g_autofree char *number = dup_number (first, serial, i);
    g_autoptr (GError) reason = NULL;
    g_autoptr (TamboBlankRow) row = find_blank (store, number, &reason);

    if (row == NULL && g_error_matches (reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND))
      g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND,
                   "no blank has the number %s", number);
    else if (row == NULL)
      g_propagate_error (error, g_steal_pointer (&reason));
    else if (row->state != TAMBO_BLANK_IN_STOCK)
      g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE, "the blank %s is %s", number,
                   tambo_blank_state_to_string (row->state));
    else
      continue;
    return;
  }
}

/* Of numbers of one length the order of the text is that of the numbers. */
static gboolean give (TamboStore *store, const char *first, const char *last, const Serial *serial,
                      guint count, const char *keeper, GError **error) {
  g_autofree char *now = tambo_clock_now ();

  if (!tambo_db_run (store, error,
                     "UPDATE blanks SET keeper = ?, updated_at = ? WHERE state = 'in-stock'"
                     " AND length (number) = length (?3) AND number BETWEEN ?3 AND ?4",
                     "ssss", keeper, now, first, last))
    return FALSE;
  if ((guint) sqlite3_changes (store->db) == count)
    return TRUE;
  explain_ungiven (store, first, serial, count, error);
  return FALSE;
}

static GBytes *assign_details (const char *keeper, guint count) {
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "keeper", keeper != NULL ? keeper : "");
  json_object_set_int_member (object, "count", count);
  char *text = tambo_json_canonical (object);
  return g_bytes_new_take (text, strlen (text));
}

gboolean tambo_stock_assign (TamboStore *store, const char *first, const char *last,
                             const char *keeper, const char *actor, guint *out_count,
                             GError **error) {
  g_autofree char *subject =
      g_strdup_printf ("%s..%s>%s", first, last, keeper != NULL ? keeper : "");
  g_autoptr (TamboTransaction) transaction = NULL;
  g_autoptr (GBytes) details = NULL;
  Serial serial;
  guint count;

  if (!parse_range (first, last, &serial, &count, error))
    return FALSE;
  details = assign_details (keeper, count);
  transaction = tambo_transaction_begin (store, error);
  if (transaction == NULL || !give (store, first, last, &serial, count, keeper, error)
      || !tambo_audit_append (store, actor, "stock.assign", subject, details, error)
      || !tambo_transaction_commit (transaction, error))
    return FALSE;
  if (out_count != NULL)
    *out_count = count;
  return TRUE;
}
