/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One flipped bit at a time: in every column of every table, and anywhere in the file. It is seen, it is
 * named, and whatever else is in the store can be read as before.
 *
 * TAMBO_ROT_FLIPS: how many bits of the file (1000).
 */
#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "desk.h"
#include "store/audit.h"
#include "store/cases.h"
#include "store/chip-journal.h"
#include "store/feed.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/step-times.h"
#include "store/stock.h"

#define N_EACH 3
#define DEFAULT_FLIPS 1000
#define SECOND "second"

/* ---- three of everything ---- */

typedef struct {
  Desk desk;
  GPtrArray *cases; /* of TamboEnrolment; the last one is sealed */
  GBytes *sound;    /* the file */
  GHashTable *readable;
} House;

static void house_clear (House *house) {
  g_clear_pointer (&house->cases, g_ptr_array_unref);
  g_clear_pointer (&house->sound, g_bytes_unref);
  g_clear_pointer (&house->readable, g_hash_table_unref);
  desk_clear (&house->desk);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (House, house_clear)

static void add_case (House *house) {
  TamboStore *store = house->desk.store;
  TamboEnrolment *enrolment = desk_specimen ();
  g_autoptr (TamboSample) portrait = desk_portrait ();
  g_autoptr (GBytes) bytes = desk_bytes (20000);

  g_assert_true (tambo_cases_save_sample (store, enrolment, portrait, bytes, DESK_OPERATOR, NULL));
  g_ptr_array_add (house->cases, enrolment);
}

static void add_messages (TamboStore *store, gint64 number) {
  g_autofree char *id = g_strdup_printf ("record-%" G_GINT64_FORMAT, number);
  g_autofree char *text = g_strdup_printf ("{\"manifest\":%" G_GINT64_FORMAT "}", number);
  g_autoptr (GBytes) bytes = desk_bytes (20000);
  g_autoptr (GBytes) others = desk_bytes (20000);
  TamboOutboxRow out = { .id = id, .kind = (char *) "event", .sequence = number };
  TamboInboxRow in = { .id = id, .kind = (char *) "notice", .number = number, .manifest = text };

  g_assert_true (tambo_outbox_append (store, &out, text, bytes, NULL));
  g_assert_true (tambo_inbox_add (store, &in, others, NULL));
  g_assert_true (tambo_chip_journal_append (store, id, "A001", "CREATE DG1", NULL));
}

/* What headquarters tells beside messages; the first came for an appointment. */
static void add_items (TamboStore *store) {
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_feed_row_free);
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, NULL);

  for (gint64 i = 1; i <= N_EACH; i++) {
    TamboFeedRow *row = g_new0 (TamboFeedRow, 1);

    row->kind = g_strdup ("appointment");
    row->id = g_strdup_printf ("appointment-%" G_GINT64_FORMAT, i);
    row->version = i;
    row->body = g_strdup_printf ("{\"appointment\":%" G_GINT64_FORMAT "}", i);
    row->sealed = desk_bytes (500);
    g_ptr_array_add (rows, row);
  }
  g_assert_true (tambo_feed_apply (store, FALSE, rows, N_EACH, "2026-11-22T10:00:00Z", NULL));
  g_assert_true (tambo_feed_arrive (store, "appointment-1", "case-1", DESK_OPERATOR, NULL));
  g_assert_true (tambo_transaction_commit (transaction, NULL));
}

/* How long the steps of the cases took; those of the last one are let go. */
static void add_step_times (House *house) {
  TamboStore *store = house->desk.store;
  g_autofree char *now = tambo_clock_now ();

  for (int i = 0; i < N_EACH; i++) {
    const TamboEnrolment *enrolment = house->cases->pdata[i];

    g_assert_true (tambo_step_times_add (store, enrolment->id, "portrait", 700 + i, now, NULL));
    g_assert_true (tambo_step_times_add (store, enrolment->id, "identity", 900 + i, now, NULL));
  }
  g_assert_true (tambo_step_times_settle (store, NULL));
}

static void countersign (TamboStore *store) {
  guint8 root[TAMBO_SHA256_SIZE];
  g_autoptr (GString) hex = g_string_new (NULL);
  gint64 size;

  g_assert_true (tambo_audit_head (store, &size, root, NULL));
  for (gsize i = 0; i < sizeof root; i++)
    g_string_append_printf (hex, "%02x", root[i]);
  g_assert_true (tambo_audit_set_countersigned (store, size, hex->str, "{\"signed\":1}", NULL));
}

static void fill (House *house) {
  TamboStore *store = house->desk.store;
  const TamboEnrolment *last;

  for (int i = 0; i < N_EACH; i++) {
    add_case (house);
    add_messages (store, i + 1);
  }
  add_items (store);
  last = house->cases->pdata[N_EACH - 1];
  g_assert_true (tambo_cases_set_state (store, last->id, TAMBO_CASE_QUEUED, DESK_OPERATOR, NULL));
  add_step_times (house);
  g_assert_true (tambo_outbox_note_attempt (store, "record-1", "no network", NULL));
  g_assert_true (tambo_outbox_acknowledge (store, "record-2", "{\"receipt\":2}", NULL));
  countersign (store);
  g_assert_true (tambo_outbox_purge (store, "record-2", DESK_OPERATOR, NULL));
  g_assert_true (tambo_stock_receive (store, "passport", "UTO", "UTO", "A001", "A003",
                                      DESK_OPERATOR, NULL, NULL));
  desk_write (&house->desk,
              "INSERT INTO operator_fingers (operator_id, position, sha256, sealed)"
              " VALUES ('" SECOND "', 'right-index', '6e340b9cffb37a989ca544e6bb780a2c"
              "78901d3fb33738768511a30617afa01d', x'00')");
}

/* ---- all that can be read ---- */

static void note (GHashTable *readable, const char *kind, const char *id, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

static void note (GHashTable *readable, const char *kind, const char *id, const char *format, ...) {
  va_list arguments;
  char *value;

  va_start (arguments, format);
  value = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_hash_table_insert (readable, g_strdup_printf ("%s %s", kind, id), value);
}

static void read_records (TamboStore *store, GHashTable *readable) {
  g_autoptr (GPtrArray) rows = tambo_outbox_list (store, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const TamboOutboxRow *row = rows->pdata[i];
    g_autofree char *manifest = tambo_outbox_dup_manifest (store, row->id, NULL);
    g_autoptr (GBytes) bytes = tambo_outbox_load (store, row->id, NULL);
    g_autofree char *hash = bytes != NULL ? tambo_sha256_hex (bytes) : NULL;

    if (manifest == NULL || (bytes == NULL && row->state != TAMBO_OUTBOX_PURGED))
      continue;
    note (readable, "record", row->id, "%d %d %s %s %s %s %s", row->state, row->attempts,
          row->last_error, row->queued_at, row->receipt, manifest, hash);
  }
}

static void read_messages (TamboStore *store, GHashTable *readable) {
  g_autoptr (GPtrArray) rows = tambo_inbox_list (store, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const TamboInboxRow *row = rows->pdata[i];
    g_autoptr (GBytes) bytes = tambo_inbox_load (store, row->id, NULL);
    g_autofree char *hash = bytes != NULL ? tambo_sha256_hex (bytes) : NULL;

    if (bytes != NULL)
      note (readable, "message", row->id, "%s %s %s %s", row->kind, row->state, row->manifest,
            hash);
  }
}

static void read_cases (House *house, TamboStore *store, GHashTable *readable) {
  g_autoptr (GPtrArray) rows = tambo_cases_list (store, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const TamboCaseRow *row = rows->pdata[i];

    note (readable, "case", row->id, "%s %d %s %s %s", row->tracking_number, row->state,
          row->procedure_id, row->operator_id, row->created_at);
  }
  for (guint i = 0; i + 1 < house->cases->len; i++) {
    const TamboEnrolment *enrolment = house->cases->pdata[i];
    g_autoptr (TamboEnrolment) loaded = tambo_cases_load (store, enrolment->id, NULL);
    g_autoptr (GBytes) portrait = tambo_cases_load_sample (store, enrolment, "portrait", NULL);
    g_autofree char *hash = portrait != NULL ? tambo_sha256_hex (portrait) : NULL;

    if (loaded != NULL)
      note (readable, "draft", enrolment->id, "%s", loaded->applicant->surname);
    if (portrait != NULL)
      note (readable, "portrait of", enrolment->id, "%s", hash);
  }
}

static void read_desk (TamboStore *store, GHashTable *readable) {
  g_autoptr (GPtrArray) operators = tambo_operators_list (store, NULL);
  g_autoptr (GPtrArray) blanks = tambo_stock_list (store, NULL);
  g_autoptr (GPtrArray) steps = tambo_chip_journal_list (store, NULL, NULL);
  g_autofree char *log2_n = tambo_store_dup_setting (store, "scrypt-log2-n", NULL);

  for (guint i = 0; operators != NULL && i < operators->len; i++) {
    const TamboOperatorRow *row = operators->pdata[i];

    note (readable, "operator", row->id, "%d %d %s", row->role, row->disabled, row->created_at);
  }
  for (guint i = 0; blanks != NULL && i < blanks->len; i++) {
    const TamboBlankRow *row = blanks->pdata[i];

    note (readable, "blank", row->number, "%s %s %d %s", row->kind, row->institution, row->state,
          row->order_id);
  }
  for (guint i = 0; steps != NULL && i < steps->len; i++) {
    const TamboChipJournalRow *row = steps->pdata[i];
    g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, row->number);

    note (readable, "step", number, "%s %s %s %s", row->order_id, row->blank, row->step, row->time);
  }
  if (log2_n != NULL)
    note (readable, "setting", "scrypt-log2-n", "%s", log2_n);
}

static void read_items (TamboStore *store, GHashTable *readable) {
  g_autoptr (GPtrArray) rows = tambo_feed_list (store, NULL, NULL);
  g_autoptr (GHashTable) arrivals = tambo_feed_list_arrivals (store, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++) {
    const TamboFeedRow *row = rows->pdata[i];
    g_autofree char *hash = row->sealed != NULL ? tambo_sha256_hex (row->sealed) : NULL;

    note (readable, "item", row->id, "%s %" G_GINT64_FORMAT " %s %s", row->kind, row->version,
          row->body, hash);
  }
  if (arrivals != NULL && g_hash_table_contains (arrivals, "appointment-1"))
    note (readable, "arrival", "appointment-1", "%s",
          (char *) g_hash_table_lookup (arrivals, "appointment-1"));
}

static void read_step_times (TamboStore *store, GHashTable *readable) {
  g_autoptr (GPtrArray) times = tambo_step_times_list (store, "2000-01-01T00:00:00Z", NULL);

  for (guint i = 0; times != NULL && i < times->len; i++) {
    const TamboStepTime *time = times->pdata[i];

    note (readable, "duration", time->step, "%s %" G_GINT64_FORMAT, time->at, time->ms);
  }
}

static void read_audit (TamboStore *store, GHashTable *readable) {
  g_autofree char *root = NULL;
  g_autofree char *statement = NULL;
  gint64 size;

  if (tambo_audit_get_countersigned (store, &size, &root, &statement, NULL))
    note (readable, "countersigned", "head", "%" G_GINT64_FORMAT " %s %s", size, root, statement);
}

static gboolean signs_in (TamboStore *store, const char *id) {
  g_autoptr (GBytes) password = desk_password (DESK_PASSWORD);
  g_autoptr (TamboOperatorRow) row = tambo_operators_sign_in (store, id, password, NULL, NULL);

  return row != NULL;
}

/* What can be read, and what it says. The sign-in comes last: it writes. */
static GHashTable *read_all (House *house, TamboStore *store) {
  GHashTable *readable = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  read_records (store, readable);
  read_messages (store, readable);
  read_desk (store, readable);
  read_items (store, readable);
  read_step_times (store, readable);
  read_audit (store, readable);
  if (signs_in (store, SECOND) || signs_in (store, DESK_OPERATOR))
    read_cases (house, store, readable);
  return readable;
}

static void house_init (House *house) {
  g_autofree char *folder = g_strdup ("/dev/shm/tambo-rot-XXXXXX");
  g_autoptr (GBytes) password = desk_password (DESK_PASSWORD);
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize size;

  /* In memory: a thousand stores are written, and none has to last. */
  g_assert_nonnull (g_mkdtemp_full (folder, 0700));
  desk_init_in (&house->desk, folder);
  house->cases = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_enrolment_free);
  g_assert_true (tambo_operators_add (house->desk.store, SECOND, TAMBO_ROLE_CLERK, password,
                                      DESK_OPERATOR, NULL));
  fill (house);
  g_assert_true (tambo_store_verify (house->desk.store, &error));
  g_assert_no_error (error);
  g_clear_pointer (&house->desk.store, tambo_store_close);
  g_assert_true (g_file_get_contents (house->desk.path, &contents, &size, NULL));
  house->sound = g_bytes_new_take (contents, size);
  house->desk.store = desk_open_again (&house->desk);
  house->readable = read_all (house, house->desk.store);
  g_clear_pointer (&house->desk.store, tambo_store_close);
}

static void write_file (House *house, const guint8 *data) {
  g_autofree char *journal = g_strconcat (house->desk.path, "-journal", NULL);

  g_unlink (journal);
  g_assert_true (g_file_set_contents_full (house->desk.path, (const char *) data,
                                           (gssize) g_bytes_get_size (house->sound),
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* How many of the things are not to be read any more. What is read has to be what it was. */
static guint count_lost (House *house, GHashTable *now) {
  GHashTableIter iter;
  gpointer key, value;
  guint lost = 0;

  g_hash_table_iter_init (&iter, house->readable);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    const char *said = g_hash_table_lookup (now, key);

    if (said == NULL)
      lost++;
    else
      g_assert_cmpstr (said, ==, value);
  }
  return lost;
}

/* ---- every column ---- */

/* SQL that changes one bit of the value at COLUMN of the row ROWID; numbers change in their tenth bit, and
 * what is NULL is not any more. */
static char *flip_sql (const char *table, const char *column, const char *key) {
  return g_strdup_printf (
      "UPDATE %s SET %s = CASE typeof (%s) WHEN 'integer' THEN %s + 512 - 1024 * ((%s >> 9) & 1)"
      " WHEN 'null' THEN rot_null (?2) WHEN 'blob' THEN rot (%s) ELSE CAST (rot (%s) AS TEXT) END"
      " WHERE %s = ?1",
      table, column, column, column, column, column, column, key);
}

static void rot (sqlite3_context *context, int n_values, sqlite3_value **values) {
  gsize size = (gsize) sqlite3_value_bytes (values[0]);
  g_autofree guint8 *bytes = g_memdup2 (sqlite3_value_blob (values[0]), size);

  if (size == 0) {
    sqlite3_result_blob (context, "A", 1, SQLITE_TRANSIENT);
    return;
  }
  bytes[size / 2] ^= 1;
  sqlite3_result_blob (context, bytes, (int) size, SQLITE_TRANSIENT);
}

static void rot_null (sqlite3_context *context, int n_values, sqlite3_value **values) {
  const char *type = (const char *) sqlite3_value_text (values[0]);

  if (g_str_equal (type, "INTEGER"))
    sqlite3_result_int (context, 1);
  else if (g_str_equal (type, "TEXT"))
    sqlite3_result_text (context, "A", 1, SQLITE_STATIC);
  else
    sqlite3_result_blob (context, "A", 1, SQLITE_STATIC);
}

typedef struct {
  char *table, *column, *type;
  char *key; /* "rowid", or the first column where there is none */
} Column;

static void column_free (gpointer data) {
  Column *column = data;

  g_free (column->table);
  g_free (column->column);
  g_free (column->type);
  g_free (column->key);
  g_free (column);
}

static sqlite3 *open_raw (House *house) {
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (house->desk.path, &db), ==, SQLITE_OK);
  sqlite3_create_function (db, "rot", 1, SQLITE_UTF8, NULL, rot, NULL, NULL);
  sqlite3_create_function (db, "rot_null", 1, SQLITE_UTF8, NULL, rot_null, NULL, NULL);
  return db;
}

/* From the schema itself, so that nobody forgets a new one. */
static GPtrArray *list_columns (House *house) {
  g_autoptr (sqlite3_stmt) statement = NULL;
  GPtrArray *columns = g_ptr_array_new_with_free_func (column_free);
  sqlite3 *db = open_raw (house);

  g_assert_cmpint (
      sqlite3_prepare_v2 (db,
                          "SELECT t.name, c.name, c.type, t.wr, (SELECT name FROM"
                          " pragma_table_info (t.name) WHERE pk = 1) FROM pragma_table_list t,"
                          " pragma_table_info (t.name) c WHERE t.type = 'table'"
                          " AND t.name NOT LIKE 'sqlite_%'",
                          -1, &statement, NULL),
      ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW) {
    Column *column = g_new0 (Column, 1);

    column->table = tambo_db_dup_text (statement, 0);
    column->column = tambo_db_dup_text (statement, 1);
    column->type = tambo_db_dup_text (statement, 2);
    column->key = sqlite3_column_int (statement, 3) != 0 ? tambo_db_dup_text (statement, 4)
                                                         : g_strdup ("rowid");
    g_ptr_array_add (columns, column);
  }
  g_clear_pointer (&statement, sqlite3_finalize);
  sqlite3_close (db);
  return columns;
}

/* Row NUMBER of the table; FALSE when it has none. */
static gboolean flip_column (House *house, const Column *column, int number) {
  g_autofree char *find =
      g_strdup_printf ("SELECT %s FROM %s LIMIT 1 OFFSET %d", column->key, column->table, number);
  g_autofree char *change = flip_sql (column->table, column->column, column->key);
  g_autoptr (sqlite3_stmt) row = NULL;
  g_autoptr (sqlite3_stmt) flip = NULL;
  sqlite3 *db;
  gboolean is_there;

  write_file (house, g_bytes_get_data (house->sound, NULL));
  db = open_raw (house);
  g_assert_cmpint (sqlite3_prepare_v2 (db, find, -1, &row, NULL), ==, SQLITE_OK);
  is_there = sqlite3_step (row) == SQLITE_ROW;
  if (is_there) {
    g_assert_cmpint (sqlite3_exec (db, "PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL),
                     ==, SQLITE_OK);
    g_assert_cmpint (sqlite3_prepare_v2 (db, change, -1, &flip, NULL), ==, SQLITE_OK);
    sqlite3_bind_value (flip, 1, sqlite3_column_value (row, 0));
    sqlite3_bind_text (flip, 2, column->type, -1, SQLITE_TRANSIENT);
    g_clear_pointer (&row, sqlite3_finalize);
    if (sqlite3_step (flip) != SQLITE_DONE || sqlite3_changes (db) < 1)
      g_error ("%s: %s", change, sqlite3_errmsg (db));
  }
  g_clear_pointer (&row, sqlite3_finalize);
  g_clear_pointer (&flip, sqlite3_finalize);
  sqlite3_close (db);
  return is_there;
}

/* How the table is called in a message. */
static gboolean is_named (const Column *column, const char *message) {
  if (g_str_equal (column->table, "audit_entries"))
    return strstr (message, "audit entry") != NULL;
  return strstr (message, column->table) != NULL
         /* What stands in two tables is named by one of them. */
         || (g_str_has_prefix (column->table, "outbox") && g_str_has_prefix (message, "outbox"))
         || (g_str_has_prefix (column->table, "inbox") && g_str_has_prefix (message, "inbox"));
}

/* Of the data key there is another copy; everything else is one thing. */
static guint may_lose (const Column *column) {
  if (g_str_has_prefix (column->table, "data_key"))
    return 0;
  /* A case that is a draft: in the list, and itself. */
  return g_str_equal (column->table, "cases") ? 2 : 1;
}

static void try_column (House *house, const Column *column, int number) {
  g_autoptr (TamboStore) store = NULL;
  g_autoptr (GHashTable) readable = NULL;
  g_autoptr (GError) error = NULL;
  guint lost;

  store = tambo_store_open (house->desk.path, &error);
  g_assert_no_error (error);
  if (tambo_store_verify (store, &error))
    g_error ("nobody sees a bit of %s.%s, row %d", column->table, column->column, number);
  if (!g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT)
      || !is_named (column, error->message))
    g_error ("%s.%s, row %d: %s", column->table, column->column, number, error->message);
  readable = read_all (house, store);
  lost = count_lost (house, readable);
  if (lost > may_lose (column))
    g_error ("%s.%s, row %d takes %u others along", column->table, column->column, number, lost);
}

static void test_columns (void) {
  g_auto (House) house = { 0 };
  g_autoptr (GPtrArray) columns = NULL;
  guint tried = 0;

  house_init (&house);
  columns = list_columns (&house);
  for (guint i = 0; i < columns->len; i++)
    for (int number = 0; number < N_EACH; number++)
      if (flip_column (&house, columns->pdata[i], number)) {
        try_column (&house, columns->pdata[i], number);
        tried++;
      }
  g_test_message ("%u bits in %u columns: each seen and named, the rest as before", tried,
                  columns->len);
  g_assert_cmpuint (columns->len, >=, 80);
}

/* ---- anywhere in the file ---- */

typedef struct {
  guint harmless, refused, named;
} Verdicts;

static void try_byte (House *house, GRand *rand, Verdicts *verdicts) {
  gsize size = g_bytes_get_size (house->sound);
  g_autofree guint8 *data = g_memdup2 (g_bytes_get_data (house->sound, NULL), size);
  gsize at = (gsize) g_rand_int_range (rand, 0, (gint32) size);
  guint8 bit = (guint8) (1 << g_rand_int_range (rand, 0, 8));
  g_autoptr (TamboStore) store = NULL;
  g_autoptr (GHashTable) readable = NULL;
  gboolean is_sound;
  guint lost;

  data[at] ^= bit;
  write_file (house, data);
  store = tambo_store_open (house->desk.path, NULL);
  if (store == NULL) {
    verdicts->refused++;
    return;
  }
  is_sound = tambo_store_verify (store, NULL);
  readable = read_all (house, store);
  lost = count_lost (house, readable);
  if (is_sound && lost > 0)
    g_error ("bit %d of byte %" G_GSIZE_FORMAT ": %u things are lost and nobody says so", bit, at,
             lost);
  if (is_sound)
    verdicts->harmless++;
  else
    verdicts->named++;
}

static void test_file (void) {
  const char *wanted = g_getenv ("TAMBO_ROT_FLIPS");
  guint flips = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : DEFAULT_FLIPS;
  g_auto (House) house = { 0 };
  GRand *rand = g_rand_new_with_seed (20);
  Verdicts verdicts = { 0 };

  house_init (&house);
  for (guint i = 0; i < flips; i++)
    try_byte (&house, rand, &verdicts);
  g_rand_free (rand);
  g_test_message ("%u bits of the file: %u named, %u stores refused, %u in free space", flips,
                  verdicts.named, verdicts.refused, verdicts.harmless);
  g_assert_cmpuint (verdicts.named, >, flips / 8);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bit-rot/columns", test_columns);
  g_test_add_func ("/bit-rot/file", test_file);
  return g_test_run ();
}
