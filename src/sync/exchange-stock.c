/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "store/audit.h"
#include "store/stock.h"
#include "sync/exchange-private.h"
#include "sync/stock-statement.h"

/* "POSITION INCARNATION": what headquarters knew last of which database. */
#define SETTING "stock-told"
#define PREFIX "stock."
/* Entries of the log that are read at once. */
#define SPAN 2000

static gboolean load_position (TamboExchangeRun *run, gint64 *out_position, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = tambo_store_dup_setting (run->store, SETTING, &cause);
  const char *incarnation = tambo_store_get_incarnation (run->store);
  gint64 position;
  char told[40];

  *out_position = 0;
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (text != NULL && sscanf (text, "%" G_GINT64_FORMAT " %39s", &position, told) == 2
      && g_strcmp0 (told, incarnation) == 0)
    *out_position = position;
  return TRUE;
}

static gboolean save_position (TamboExchangeRun *run, gint64 position, GError **error) {
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT " %s", position,
                                           tambo_store_get_incarnation (run->store));

  return tambo_store_set_setting (run->store, SETTING, text, error);
}

/* ---- the statement ---- */

/* "A001", "A001..A010" or "A001..A010>anna". */
static void read_subject (TamboStockMovement *movement, const char *subject) {
  g_auto (GStrv) halves = g_strsplit (subject, ">", 2);
  g_auto (GStrv) ends = g_strsplit (halves[0] != NULL ? halves[0] : "", "..", 2);
  const char *first = ends[0] != NULL ? ends[0] : "";
  g_autoptr (GPtrArray) numbers =
      tambo_stock_expand (first, ends[0] != NULL && ends[1] != NULL ? ends[1] : first, NULL);

  movement->first = g_strdup (first);
  movement->last = g_strdup (ends[0] != NULL && ends[1] != NULL ? ends[1] : first);
  movement->count = numbers != NULL ? numbers->len : 0;
  movement->keeper = g_strdup (halves[0] != NULL && halves[1] != NULL ? halves[1] : "");
}

static void add_movement (TamboStockStatement *statement, GHashTable *kind_of,
                          const TamboAuditEntry *entry) {
  TamboStockMovement *movement = tambo_stock_movement_new (entry->number);

  read_subject (movement, entry->subject);
  const char *kind = g_hash_table_lookup (kind_of, movement->first);
  movement->action = g_strdup (entry->action + strlen (PREFIX));
  movement->kind = g_strdup (kind != NULL ? kind : "");
  movement->actor = g_strdup (entry->actor);
  movement->time = g_strdup (entry->time);
  g_ptr_array_add (statement->movements, movement);
}

/* Entries from the statement's beginning to before END, until it is full; its position is behind the last. */
static gboolean add_movements (TamboExchangeRun *run, TamboStockStatement *statement, gint64 end,
                               GHashTable *kind_of, GError **error) {
  while (statement->position < end) {
    gint64 span_end = MIN (statement->position + SPAN, end);
    g_autoptr (GPtrArray) entries =
        tambo_audit_list_acts (run->store, PREFIX, statement->position, span_end, error);
    if (entries == NULL)
      return FALSE;
    for (guint i = 0; i < entries->len; i++) {
      const TamboAuditEntry *entry = entries->pdata[i];
      if (statement->movements->len == TAMBO_STOCK_PAGE) {
        statement->position = entry->number;
        return TRUE;
      }
      add_movement (statement, kind_of, entry);
    }
    statement->position = span_end;
  }
  return TRUE;
}

static gboolean add_levels (TamboExchangeRun *run, TamboStockStatement *statement, GError **error) {
  g_autoptr (GPtrArray) tallies = tambo_stock_tally (run->store, error);

  for (guint i = 0; tallies != NULL && i < tallies->len; i++) {
    const TamboStockTally *tally = tallies->pdata[i];
    TamboStockLevel *level = g_new0 (TamboStockLevel, 1);

    level->kind = g_strdup (tally->kind);
    level->in_stock = tally->count[TAMBO_BLANK_IN_STOCK];
    level->quarantined = tally->count[TAMBO_BLANK_QUARANTINED];
    level->in_work = tally->count[TAMBO_BLANK_IN_WORK];
    level->issued = tally->count[TAMBO_BLANK_ISSUED];
    level->spoiled = tally->count[TAMBO_BLANK_SPOILED];
    level->delivered = tally->count[TAMBO_BLANK_DELIVERED];
    g_ptr_array_add (statement->levels, level);
  }
  return tallies != NULL;
}

static TamboStockStatement *make_statement (TamboExchangeRun *run, gint64 after, GError **error) {
  g_autoptr (TamboStockStatement) statement = tambo_stock_statement_new ();
  g_autoptr (GHashTable) kind_of = g_hash_table_new (g_str_hash, g_str_equal);
  /* The movements and what came of them are of one moment. */
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (run->store, error);
  g_autoptr (GPtrArray) blanks = transaction != NULL ? tambo_stock_list (run->store, error) : NULL;
  gint64 end;

  for (guint i = 0; blanks != NULL && i < blanks->len; i++) {
    const TamboBlankRow *row = blanks->pdata[i];
    g_hash_table_insert (kind_of, row->number, row->kind);
  }
  statement->station = g_strdup (run->station);
  statement->incarnation = g_strdup (tambo_store_get_incarnation (run->store));
  statement->after = statement->position = after;
  statement->time = tambo_clock_now ();
  return blanks != NULL && tambo_audit_size (run->store, &end, error)
                 && add_movements (run, statement, end, kind_of, error)
                 && add_levels (run, statement, error)
             ? g_steal_pointer (&statement)
             : NULL;
}

/* ---- the telling ---- */

static gboolean tell (TamboExchangeRun *run, const TamboStockStatement *statement,
                      gint64 *out_position, GError **error) {
  g_autofree char *text = tambo_stock_statement_sign (statement, run->station_key);
  g_autoptr (GError) cause = NULL;
  g_autofree char *answer = tambo_client_stock (run->client, text, run->cancellable, &cause);

  tambo_exchange_note_older (run, "/v1/stock", cause);
  if (answer != NULL)
    return tambo_stock_answer_from_json (answer, out_position, error);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* Whether there is something to tell: a blank that moved since, or so much else in the log that headquarters' place in
 * it has to follow. Otherwise each exchange would look through all that was done since a blank moved. */
static gboolean has_news (TamboExchangeRun *run, gint64 told, gboolean *out_has, GError **error) {
  gint64 size;

  if (!tambo_audit_size (run->store, &size, error))
    return FALSE;
  *out_has = size - told >= SPAN;
  if (*out_has)
    return TRUE;
  g_autoptr (GPtrArray) entries = tambo_audit_list_acts (run->store, PREFIX, told, size, error);
  *out_has = entries != NULL && entries->len > 0;
  return entries != NULL;
}

/* Headquarters may be behind, when it was restored from a backup or the answer was lost: it says so once. */
gboolean tambo_exchange_tell_stock (TamboExchangeRun *run, GError **error) {
  gint64 told;
  gboolean has;
  int corrections = 0;

  if (tambo_store_get_incarnation (run->store) == NULL || !load_position (run, &told, error))
    return tambo_store_get_incarnation (run->store) == NULL;
  if (!has_news (run, told, &has, error))
    return FALSE;
  while (has) {
    g_autoptr (TamboStockStatement) statement = make_statement (run, told, error);
    gint64 position;

    if (statement == NULL || !tell (run, statement, &position, error))
      return FALSE;
    if (position != statement->position && ++corrections > 1) {
      g_set_error_literal (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL,
                           "headquarters does not take what is told of blanks");
      return FALSE;
    }
    told = position;
    if (!save_position (run, told, error) || !has_news (run, told, &has, error))
      return FALSE;
  }
  return TRUE;
}
