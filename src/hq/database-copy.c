/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "hq/database-private.h"

/* A table of schema.c. Columns that begin with "~" are bytes. Numbers that the database gives itself are
 * given anew, in the same order. */
typedef struct {
  const char *name, *order;
  const char *columns[TAMBO_DATABASE_MAX_VALUES];
} Table;

static const Table tables[] = {
  { "settings", "name", { "name", "value" } },
  { "stations",
    "code",
    { "code", "state", "epoch", "certificate", "fingerprint", "registered_at", "revoked_at",
      "last_seen", "inbox_key" } },
  { "invitations", "token_hash", { "token_hash", "station", "expires", "used_at" } },
  { "records",
    "id",
    { "id", "sha256", "station", "epoch", "sequence", "kind", "size", "manifest", "manifest_hash",
      "previous", "case_id", "state", "quarantined", "announced_at", "received_at", "log_index",
      "receipt", "detail" } },
  { "quarantine", "number", { "at", "station", "id", "sha256", "manifest", "reason" } },
  { "alarms", "number", { "at", "station", "kind", "detail" } },
  { "intake_log", "number", { "number", "~leaf", "record" } },
  { "intake_frontier", "level", { "level", "~hash" } },
  { "cases",
    "id",
    { "id", "tracking_number", "procedure", "station", "epoch", "state", "practice",
      "document_number", "detail", "created_at", "updated_at" } },
  { "orders",
    "id",
    { "id", "case_id", "station", "document_number", "document_type", "state", "spoiled",
      "created_at" } },
  { "events", "id", { "id", "kind", "order_id", "case_id", "document_number", "station", "at" } },
  { "inbox",
    "station, epoch, number",
    { "station", "epoch", "number", "id", "kind", "case_id", "manifest", "~sealed" } },
  { "checkpoints",
    "station, epoch",
    { "station", "epoch", "incarnation", "size", "root", "statement", "at" } },
  { "validations",
    "case_id, position",
    { "case_id", "position", "name", "state", "detail", "at" } },
  { "verdicts",
    "number",
    { "case_id", "is_accepted", "person", "recipient", "~sealed", "state", "detail", "posted_at",
      "done_at" } },
  { "gallery", "number", { "case_id", "~sealed" } },
  { "rechecks", "case_id", { "case_id", "since", "due" } },
  { "feed", "version", { "audience", "kind", "id", "version", "body", "~sealed", "digest" } },
  { "slots", "office, starts_at", { "office", "starts_at", "capacity", "taken" } },
  { "appointments",
    "id",
    { "id", "code", "request_id", "office", "starts_at", "procedure", "state", "person",
      "booked_at", "changed_at", "~sealed" } },
  { "people", "name", { "name", "role", "state", "~password", "changed_at" } },
  { "documents",
    "code_hash",
    { "code_hash", "order_id", "issue_date", "expiry_date", "annulled_at", "annulled_by" } },
  { "stock_reports", "station, epoch", { "station", "epoch", "incarnation", "position", "at" } },
  { "stock_movements",
    "station, epoch, number",
    { "station", "epoch", "number", "at", "actor", "action", "kind", "first_blank", "last_blank",
      "blanks", "keeper" } },
  { "stock_levels",
    "station, epoch, kind",
    { "station", "epoch", "kind", "in_stock", "quarantined", "in_work", "issued", "spoiled",
      "delivered" } },
};

static gboolean is_bytes (const char *column) {
  return *column == '~';
}

static int count_columns (const Table *table) {
  int n = 0;

  while (table->columns[n] != NULL)
    n++;
  return n;
}

static char *list_columns (const Table *table) {
  GString *text = g_string_new (NULL);

  for (int i = 0; table->columns[i] != NULL; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            table->columns[i] + (is_bytes (table->columns[i]) ? 1 : 0));
  return g_string_free (text, FALSE);
}

/* The version is there already. */
static char *make_insert (const Table *table, const char *columns) {
  GString *text = g_string_new (NULL);

  g_string_printf (text, "INSERT INTO %s (%s) VALUES (?", table->name, columns);
  for (int i = 1; table->columns[i] != NULL; i++)
    g_string_append (text, ", ?");
  g_string_append (text, ") ON CONFLICT DO NOTHING");
  return g_string_free (text, FALSE);
}

static gboolean copy_row (TamboQuery *row, const Table *table, const char *insert,
                          TamboDatabase *to, GError **error) {
  TamboStatement statement = { .sql = insert, .n_values = count_columns (table) };
  g_autoptr (GPtrArray) bytes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (int i = 0; i < statement.n_values; i++) {
    TamboValue *value = &statement.values[i];

    if (is_bytes (table->columns[i])) {
      g_ptr_array_add (bytes, tambo_query_dup_blob (row, i));
      *value = (TamboValue){ .type = 'b', .bytes = bytes->pdata[bytes->len - 1] };
    } else {
      *value = (TamboValue){ .type = 's', .text = row->database->backend->text (row, i) };
    }
  }
  return to->backend->post (to, &statement, error);
}

static gboolean copy_table (TamboDatabase *from, const Table *table, TamboDatabase *to,
                            GError **error) {
  g_autofree char *columns = list_columns (table);
  g_autofree char *insert = make_insert (table, columns);
  g_autofree char *select =
      g_strdup_printf ("SELECT %s FROM %s ORDER BY %s", columns, table->name, table->order);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) row = tambo_database_query (from, error, select, "");

  if (row == NULL)
    return FALSE;
  while (tambo_query_next (row, &cause))
    if (!copy_row (row, table, insert, to, error))
      return FALSE;
  return tambo_error_pass (&cause, error);
}

gboolean tambo_database_copy (TamboDatabase *from, TamboDatabase *to, GError **error) {
  g_autoptr (TamboWork) reading = tambo_work_begin (from, error);
  g_autoptr (TamboWork) writing = reading != NULL ? tambo_work_begin (to, error) : NULL;

  if (writing == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!copy_table (from, &tables[i], to, error))
      return FALSE;
  return tambo_work_commit (writing, error);
}
