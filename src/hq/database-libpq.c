/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The database as PostgreSQL. Some connections, each a thread's for the length of a statement or of a
 * transaction. What is posted goes through libpq's pipeline: it is sent without waiting, and answered
 * together with the next question or the commit.
 */
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "hq/database-private.h"
#include "hq/hq-error.h"

#define MAX_CONNECTIONS 24
#define WAIT_SECONDS 10
#define FIRST_PAUSE (100 * G_TIME_SPAN_MILLISECOND)
#define LONGEST_PAUSE (5 * G_TIME_SPAN_SECOND)
/* So much may be under way unread: the other side's answers to it have to fit into the line. */
#define MAX_POSTED 200
/* Advisory locks: "TAHQ" in numbers, and the next. */
#define LOCK_OF_ALL "1413564497"
#define LOCK_OF_LEADER "1413564498"

typedef struct {
  PGconn *line;
  GHashTable *prepared; /* char *sql -> char *name */
  guint generation;
  guint n_owed;        /* answers to what was sent */
  GQueue asked;        /* LibpqQuery that wait for one of them, in their order */
  gboolean has_failed; /* what is prepared and what not is then unknown */
} Connection;

typedef struct {
  TamboDatabase base;
  char *uri;
  GMutex lock;
  GCond returned;
  GQueue idle; /* Connection */
  guint n_open;
  guint
      generation; /* one more each time that a connection was lost: those before are not trusted */
  gint64 pause, closed_until;
  gboolean is_connecting;
  GMutex lead_lock;
  Connection *leader; /* holds the lease */
} Libpq;

typedef struct {
  TamboQuery base;
  PGresult *result; /* NULL: not answered yet */
  guint place;      /* of its answer among those that are owed */
  int row;
} LibpqQuery;

/* The connection that this thread holds, and how often. */
typedef struct {
  Libpq *database;
  Connection *connection;
  guint depth;
} Held;
static __thread Held held;

/* Errors */

/* The server goes or comes, a lock or a disk is not to be had, or two were in each other's way: the same may
 * succeed later. */
static gboolean is_passing (const char *state) {
  static const char *const classes[] = { "08", "53", "57", "40", "55", "25006" };

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_str_has_prefix (state, classes[i]))
      return TRUE;
  return FALSE;
}

static void set_error (Connection *connection, const PGresult *result, GError **error) {
  const char *state = result != NULL ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
  const char *words = result != NULL ? PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
  g_autofree char *all = g_strdup (words != NULL ? words : PQerrorMessage (connection->line));

  g_strdelimit (g_strstrip (all), "\n\t", ' ');
  /* Without a code of the server it is the line that broke. */
  g_set_error (error, TAMBO_HQ_ERROR,
               state == NULL || is_passing (state) ? TAMBO_HQ_ERROR_UNAVAILABLE
                                                   : TAMBO_HQ_ERROR_FAILED,
               "the database: %s", *all != '\0' ? all : "no answer");
}

/* Connections */

static void connection_free (Connection *connection) {
  PQfinish (connection->line);
  g_hash_table_unref (connection->prepared);
  g_free (connection);
}

static gboolean command (Connection *connection, const char *sql, GError **error) {
  PGresult *result = PQexec (connection->line, sql);
  ExecStatusType status = PQresultStatus (result);
  gboolean is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;

  if (!is_done)
    set_error (connection, result, error);
  PQclear (result);
  return is_done;
}

static void on_notice (void *data, const PGresult *result) {
}

static Connection *connection_new (const char *uri, GError **error) {
  /* No statement waits for ever, and no transaction of ours that hangs holds up the others. */
  static const char set_up[] = "SET synchronous_commit TO on; SET statement_timeout TO '30s';"
                               "SET lock_timeout TO '10s'; SET standard_conforming_strings TO on;"
                               "SET idle_in_transaction_session_timeout TO '60s'";
  const char *const names[] = { "dbname",
                                "connect_timeout",
                                "application_name",
                                "client_encoding",
                                "keepalives_idle",
                                "tcp_user_timeout",
                                NULL };
  const char *const values[] = { uri, "5", "tambo-hq", "UTF8", "10", "10000", NULL };
  Connection *connection = g_new0 (Connection, 1);

  connection->prepared = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  connection->line = PQconnectdbParams (names, values, 1);
  if (PQstatus (connection->line) != CONNECTION_OK) {
    set_error (connection, NULL, error);
    connection_free (connection);
    return NULL;
  }
  PQsetNoticeReceiver (connection->line, on_notice, NULL);
  if (command (connection, set_up, error) && PQenterPipelineMode (connection->line) == 1)
    return connection;
  connection_free (connection);
  return NULL;
}

static gboolean fail_away (GError **error) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_UNAVAILABLE,
                       "the database is away, or all connections to it are in use");
  return FALSE;
}

/* Under the lock, which is let go meanwhile. Only one at a time tries, and after a failure nobody does for a
 * while: the others are told at once. */
static Connection *open_one (Libpq *database, GError **error) {
  Connection *connection;
  guint generation = database->generation;

  database->n_open++;
  database->is_connecting = TRUE;
  g_mutex_unlock (&database->lock);
  connection = connection_new (database->uri, error);
  g_mutex_lock (&database->lock);
  database->is_connecting = FALSE;
  g_cond_broadcast (&database->returned);
  if (connection != NULL) {
    connection->generation = generation;
    database->pause = 0;
    return connection;
  }
  database->n_open--;
  database->pause = CLAMP (2 * database->pause, FIRST_PAUSE, LONGEST_PAUSE);
  database->closed_until = g_get_monotonic_time ()
                           + (gint64) (g_random_double_range (0.5, 1) * (gdouble) database->pause);
  return NULL;
}

static Connection *pop_idle (Libpq *database) {
  Connection *connection;

  while ((connection = g_queue_pop_tail (&database->idle)) != NULL) {
    if (connection->generation == database->generation)
      return connection;
    connection_free (connection);
    database->n_open--;
  }
  return NULL;
}

static Connection *take (Libpq *database, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&database->lock);
  gint64 deadline = g_get_monotonic_time () + WAIT_SECONDS * G_TIME_SPAN_SECOND;

  for (;;) {
    Connection *connection = pop_idle (database);

    if (connection != NULL)
      return connection;
    if (database->pause > 0
        && (database->is_connecting || g_get_monotonic_time () < database->closed_until))
      break;
    if (!database->is_connecting && database->n_open < MAX_CONNECTIONS)
      return open_one (database, error);
    if (!g_cond_wait_until (&database->returned, &database->lock, deadline))
      break;
  }
  fail_away (error);
  return NULL;
}

static void give_back (Libpq *database, Connection *connection) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&database->lock);

  if (!connection->has_failed && PQstatus (connection->line) == CONNECTION_OK
      && PQtransactionStatus (connection->line) == PQTRANS_IDLE
      && connection->generation == database->generation) {
    g_queue_push_tail (&database->idle, connection);
  } else {
    if (PQstatus (connection->line) != CONNECTION_OK
        && connection->generation == database->generation)
      database->generation++;
    connection_free (connection);
    database->n_open--;
  }
  g_cond_signal (&database->returned);
}

static Connection *hold (Libpq *database, GError **error) {
  if (held.depth == 0) {
    held.connection = take (database, error);
    if (held.connection == NULL)
      return NULL;
    held.database = database;
  }
  g_assert (held.database == database);
  held.depth++;
  return held.connection;
}

static void let_go (Libpq *database) {
  g_assert (held.database == database && held.depth > 0);
  if (--held.depth == 0)
    give_back (database, held.connection);
}

/* Statements */

/* "?" and "?N" become "$N"; none of our statements has a question mark in quotes. */
static char *number_parameters (const char *sql) {
  GString *text = g_string_new (NULL);
  int n = 0;

  for (; *sql != '\0'; sql++) {
    if (*sql != '?')
      g_string_append_c (text, *sql);
    else if (g_ascii_isdigit (sql[1]))
      g_string_append_c (text, '$');
    else
      g_string_append_printf (text, "$%d", ++n);
  }
  return g_string_free (text, FALSE);
}

/* A statement's parameters as libpq wants them. */
typedef struct {
  const char *values[TAMBO_DATABASE_MAX_VALUES];
  int lengths[TAMBO_DATABASE_MAX_VALUES], formats[TAMBO_DATABASE_MAX_VALUES];
  char numbers[TAMBO_DATABASE_MAX_VALUES][24];
} Parameters;

static void set_parameters (Parameters *parameters, const TamboStatement *statement) {
  for (int i = 0; i < statement->n_values; i++) {
    const TamboValue *value = &statement->values[i];
    gsize size = 0;

    parameters->formats[i] = value->type == 'b';
    parameters->lengths[i] = 0;
    if (value->type == 'i') {
      g_snprintf (parameters->numbers[i], sizeof parameters->numbers[i], "%" G_GINT64_FORMAT,
                  value->number);
      parameters->values[i] = parameters->numbers[i];
    } else if (value->type == 's') {
      parameters->values[i] = value->text;
    } else if (value->bytes == NULL) {
      parameters->values[i] = NULL;
    } else {
      const char *data = g_bytes_get_data (value->bytes, &size);

      parameters->values[i] = size > 0 ? data : "";
      parameters->lengths[i] = (int) size;
    }
  }
}

/* Puts a command that was sent on the list of those whose answers are owed. */
static gboolean owe (Connection *connection, int is_sent, GError **error) {
  if (is_sent == 0) {
    set_error (connection, NULL, error);
    return FALSE;
  }
  connection->n_owed++;
  return TRUE;
}

/* The name of the prepared statement; it is sent for preparation when it is new. */
static const char *prepare (Connection *connection, const char *sql, GError **error) {
  const char *name = g_hash_table_lookup (connection->prepared, sql);
  g_autofree char *numbered = NULL;
  char *fresh;

  if (name != NULL)
    return name;
  numbered = number_parameters (sql);
  fresh = g_strdup_printf ("s%u", g_hash_table_size (connection->prepared));
  g_hash_table_insert (connection->prepared, g_strdup (sql), fresh);
  return owe (connection, PQsendPrepare (connection->line, fresh, numbered, 0, NULL), error) ? fresh
                                                                                             : NULL;
}

/* Into the pipeline. */
static gboolean send_statement (Connection *connection, const TamboStatement *statement,
                                GError **error) {
  const char *name = prepare (connection, statement->sql, error);
  Parameters parameters;

  if (name == NULL)
    return FALSE;
  set_parameters (&parameters, statement);
  return owe (connection,
              PQsendQueryPrepared (connection->line, name, statement->n_values, parameters.values,
                                   parameters.lengths, parameters.formats, 0),
              error);
}

/* One answer; FALSE with ERROR for the first that is none of success. */
static gboolean take_answer (Connection *connection, PGresult **out_result, GError **error) {
  PGresult *result = PQgetResult (connection->line);
  ExecStatusType status = PQresultStatus (result);
  PGresult *end = result != NULL ? PQgetResult (connection->line) : NULL;

  if (end != NULL || (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)) {
    if (error != NULL && *error == NULL)
      set_error (connection, result, error);
    PQclear (end);
    PQclear (result);
    return FALSE;
  }
  *out_result = result;
  return TRUE;
}

/* The answer that stands at PLACE to whoever asked for it. */
static void hand_out (Connection *connection, guint place, PGresult **answer) {
  LibpqQuery *query = g_queue_peek_head (&connection->asked);

  if (query == NULL || query->place != place)
    return;
  g_queue_pop_head (&connection->asked);
  query->result = g_steal_pointer (answer);
}

/* All answers that are owed; the last one is the caller's, unless somebody has asked for it. */
static PGresult *collect (Connection *connection, GError **error) {
  PGresult *last = NULL;
  gboolean has_failed = PQpipelineSync (connection->line) == 0;
  g_autoptr (GError) cause = NULL;

  for (guint i = 0; i < connection->n_owed; i++) {
    g_clear_pointer (&last, PQclear);
    has_failed |= !take_answer (connection, &last, &cause);
    hand_out (connection, i, &last);
  }
  connection->n_owed = 0;
  PQclear (PQgetResult (connection->line)); /* of the synchronisation */
  if (!has_failed)
    return last;
  connection->has_failed = TRUE;
  PQclear (last);
  if (cause == NULL)
    set_error (connection, NULL, &cause);
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

static gboolean post_words (Connection *connection, const char *sql, GError **error) {
  const TamboStatement statement = { .sql = sql };

  return send_statement (connection, &statement, error);
}

static TamboQuery *query_new (TamboDatabase *base, const TamboStatement *statement,
                              GError **error) {
  Libpq *database = (Libpq *) base;
  Connection *connection = hold (database, error);
  PGresult *result;
  LibpqQuery *query;

  if (connection == NULL)
    return NULL;
  result = send_statement (connection, statement, error) ? collect (connection, error) : NULL;
  if (result == NULL) {
    connection->has_failed = TRUE;
    let_go (database);
    return NULL;
  }
  query = g_new0 (LibpqQuery, 1);
  query->base.database = base;
  query->result = result;
  query->row = -1;
  return &query->base;
}

static TamboQuery *ask (TamboDatabase *base, const TamboStatement *statement, GError **error) {
  Connection *connection = hold ((Libpq *) base, error);
  LibpqQuery *query;

  if (connection == NULL)
    return NULL;
  if (!send_statement (connection, statement, error)) {
    connection->has_failed = TRUE;
    let_go ((Libpq *) base);
    return NULL;
  }
  query = g_new0 (LibpqQuery, 1);
  query->base.database = base;
  query->place = connection->n_owed - 1;
  query->row = -1;
  g_queue_push_tail (&connection->asked, query);
  return &query->base;
}

static void query_free (TamboQuery *base) {
  LibpqQuery *query = (LibpqQuery *) base;

  if (query->result == NULL)
    g_queue_remove (&held.connection->asked, query);
  PQclear (query->result);
  let_go ((Libpq *) base->database);
  g_free (query);
}

static gboolean query_next (TamboQuery *base, GError **error) {
  LibpqQuery *query = (LibpqQuery *) base;

  if (query->result == NULL) {
    PGresult *last = collect (held.connection, error);

    PQclear (last);
    if (query->result == NULL)
      return FALSE;
  }
  return ++query->row < PQntuples (query->result);
}

static const char *query_text (TamboQuery *base, int column) {
  LibpqQuery *query = (LibpqQuery *) base;

  return PQgetisnull (query->result, query->row, column)
             ? NULL
             : PQgetvalue (query->result, query->row, column);
}

static GBytes *query_blob (TamboQuery *base, int column) {
  const char *text = query_text (base, column);
  gsize size = 0;
  guint8 *data = text != NULL ? PQunescapeBytea ((const guint8 *) text, &size) : NULL;

  return data != NULL ? g_bytes_new_with_free_func (data, size, PQfreemem, data)
                      : g_bytes_new (NULL, 0);
}

static int query_changes (TamboQuery *base) {
  return atoi (PQcmdTuples (((LibpqQuery *) base)->result));
}

/* Transactions */

static gboolean begin (TamboDatabase *base, GError **error) {
  Libpq *database = (Libpq *) base;
  Connection *connection = hold (database, error);

  if (connection == NULL)
    return FALSE;
  g_assert (held.depth == 1);
  if (post_words (connection, "BEGIN", error)
      && post_words (connection, "SELECT pg_advisory_xact_lock (" LOCK_OF_ALL ")", error))
    return TRUE;
  connection->has_failed = TRUE;
  let_go (database);
  return FALSE;
}

static gboolean post (TamboDatabase *base, const TamboStatement *statement, GError **error) {
  Connection *connection = held.connection;

  if (!send_statement (connection, statement, error))
    return FALSE;
  if (connection->n_owed >= MAX_POSTED) {
    PGresult *result = collect (connection, error);

    PQclear (result);
    return result != NULL;
  }
  return TRUE;
}

/* A transaction that had failed answers a COMMIT with ROLLBACK. */
static gboolean commit (TamboDatabase *base, GError **error) {
  Connection *connection = held.connection;
  PGresult *result = post_words (connection, "COMMIT", error) ? collect (connection, error) : NULL;
  gboolean is_committed = result != NULL && strcmp (PQcmdStatus (result), "COMMIT") == 0;

  if (result != NULL && !is_committed)
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED,
                         "the database: a statement of the transaction had failed");
  PQclear (result);
  return is_committed;
}

static void leave (TamboDatabase *base, gboolean is_committed) {
  Connection *connection = held.connection;

  /* A connection that failed is closed, which rolls back, too. */
  if (!is_committed && !connection->has_failed && post_words (connection, "ROLLBACK", NULL))
    PQclear (collect (connection, NULL));
  let_go ((Libpq *) base);
}

/* The schema */

/* Several statements at once are not for a pipeline: one by one. */
static gboolean run_script (TamboDatabase *base, const char *sql, GError **error) {
  g_auto (GStrv) parts = g_strsplit (sql, ";", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0' && !tambo_database_run (base, error, parts[i], ""))
      return FALSE;
  return TRUE;
}

static char *translate (const char *sql) {
  static const char *const words[][2] = {
    { " STRICT, WITHOUT ROWID", "" },
    { " STRICT", "" },
    { " INTEGER PRIMARY KEY", " bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY" },
    { " INTEGER", " bigint" },
    { " BLOB", " bytea" },
  };
  GString *text = g_string_new (sql);

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    g_string_replace (text, words[i][0], words[i][1], 0);
  return g_string_free (text, FALSE);
}

static gboolean load_version (TamboDatabase *base, gint64 *out_version, GError **error) {
  gint64 has_settings;

  if (!tambo_database_get_int (base, 0, &has_settings, error,
                               "SELECT count (*) FROM pg_tables WHERE tablename = 'settings'"
                               " AND schemaname = ANY (current_schemas (false))",
                               ""))
    return FALSE;
  *out_version = 0;
  return !has_settings
         || tambo_database_get_int (base, 0, out_version, error,
                                    "SELECT value::bigint FROM settings WHERE name = 'version'",
                                    "");
}

static gboolean save_version (TamboDatabase *base, gint64 version, GError **error) {
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, version);

  return tambo_database_set_setting (base, "version", text, error);
}

/* The leader */

static gboolean ask_yes (Connection *connection, const char *sql) {
  PGresult *result = post_words (connection, sql, NULL) ? collect (connection, NULL) : NULL;
  gboolean is_yes =
      result != NULL && PQntuples (result) == 1 && strcmp (PQgetvalue (result, 0, 0), "t") == 0;

  PQclear (result);
  return is_yes;
}

/* The lock is a connection's: it is free again when the line breaks or this process ends. */
static gboolean lead (TamboDatabase *base) {
  Libpq *database = (Libpq *) base;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&database->lead_lock);
  Connection *connection;

  if (database->leader != NULL && ask_yes (database->leader, "SELECT true"))
    return TRUE;
  g_clear_pointer (&database->leader, connection_free);
  connection = connection_new (database->uri, NULL);
  if (connection == NULL)
    return FALSE;
  if (ask_yes (connection, "SELECT pg_try_advisory_lock (" LOCK_OF_LEADER ")"))
    database->leader = connection;
  else
    connection_free (connection);
  return database->leader != NULL;
}

/* Opening */

static void close_database (TamboDatabase *base) {
  Libpq *database = (Libpq *) base;

  g_queue_clear_full (&database->idle, (GDestroyNotify) connection_free);
  g_clear_pointer (&database->leader, connection_free);
  g_mutex_clear (&database->lock);
  g_mutex_clear (&database->lead_lock);
  g_cond_clear (&database->returned);
  g_free (database->uri);
  g_free (database);
}

static const TamboBackend backend = {
  .run_script = run_script,
  .translate = translate,
  .load_version = load_version,
  .save_version = save_version,
  .query = query_new,
  .ask = ask,
  .next = query_next,
  .text = query_text,
  .blob = query_blob,
  .changes = query_changes,
  .query_free = query_free,
  .begin = begin,
  .post = post,
  .commit = commit,
  .leave = leave,
  .lead = lead,
  .close = close_database,
};

TamboDatabase *tambo_database_connect_libpq (const char *uri, GError **error) {
  Libpq *database = g_new0 (Libpq, 1);
  Connection *connection = connection_new (uri, error);

  database->base.backend = &backend;
  database->uri = g_strdup (uri);
  g_mutex_init (&database->lock);
  g_mutex_init (&database->lead_lock);
  g_cond_init (&database->returned);
  g_queue_init (&database->idle);
  if (connection == NULL) {
    close_database (&database->base);
    return NULL;
  }
  database->n_open = 1;
  g_queue_push_tail (&database->idle, connection);
  return &database->base;
}
