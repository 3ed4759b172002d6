/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/database.h"

#include <stdarg.h>
#include <string.h>

#include "hq/database-private.h"
#include "hq/hq-error.h"
#include "hq/schema.h"

#define URI_SCHEME "postgresql://"
#define MAX_SHARED 64

/* One who waits for a step to be committed. */
typedef struct {
  TamboAsk ask; /* NULL */
  TamboStep step;
  gpointer data;
  gboolean has_asked;
  TamboQuery *answer; /* of the leader; NULL */
  gboolean is_done;
  GError *error;
} Ticket;

struct _TamboWork {
  TamboDatabase *database;
  gboolean is_committed;
  struct {
    gpointer data;
    GDestroyNotify free_data;
  } slots[TAMBO_N_SLOTS];
  TamboQuery *answer; /* borrowed, for the step under way */
  TamboStep last;     /* NULL */
  gpointer last_data;
};

static __thread int last_changes;

/* Opening */

gboolean tambo_database_is_uri (const char *location) {
  return g_str_has_prefix (location, URI_SCHEME) || g_str_has_prefix (location, "postgres://");
}

static TamboDatabase *connect_to (const char *location, gboolean is_new, GError **error) {
  TamboDatabase *database = tambo_database_is_uri (location)
                                ? tambo_database_connect_libpq (location, error)
                                : tambo_database_connect_sqlite (location, is_new, error);

  if (database == NULL)
    return NULL;
  g_mutex_init (&database->share_lock);
  g_cond_init (&database->shared);
  g_queue_init (&database->tickets);
  return database;
}

/* From VERSION to the newest, in one transaction. */
static gboolean migrate (TamboDatabase *database, gint64 version, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (database, error);

  if (work == NULL)
    return FALSE;
  for (; version < TAMBO_HQ_SCHEMA_VERSION; version++) {
    g_autofree char *sql = database->backend->translate (tambo_hq_schema[version]);

    if (!database->backend->run_script (database, sql, error))
      return FALSE;
  }
  return database->backend->save_version (database, version, error)
         && tambo_work_commit (work, error);
}

TamboDatabase *tambo_database_create (const char *location, GError **error) {
  g_autoptr (TamboDatabase) database = connect_to (location, TRUE, error);
  gint64 version;

  if (database == NULL || !database->backend->load_version (database, &version, error))
    return NULL;
  if (version != 0) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_EXISTS,
                         "the database holds a headquarters already");
    return NULL;
  }
  return migrate (database, 0, error) ? g_steal_pointer (&database) : NULL;
}

TamboDatabase *tambo_database_open (const char *location, GError **error) {
  g_autoptr (TamboDatabase) database = connect_to (location, FALSE, error);
  gint64 version;

  if (database == NULL || !database->backend->load_version (database, &version, error))
    return NULL;
  if (version == 0) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND,
                         "the database holds no headquarters");
    return NULL;
  }
  if (version > TAMBO_HQ_SCHEMA_VERSION) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE,
                 "the database has version %" G_GINT64_FORMAT ", this program reads up to %d",
                 version, TAMBO_HQ_SCHEMA_VERSION);
    return NULL;
  }
  if (version < TAMBO_HQ_SCHEMA_VERSION && !migrate (database, version, error))
    return NULL;
  return g_steal_pointer (&database);
}

void tambo_database_close (TamboDatabase *database) {
  if (database == NULL)
    return;
  g_mutex_clear (&database->share_lock);
  g_cond_clear (&database->shared);
  database->backend->close (database);
}

gboolean tambo_database_is_shared (TamboDatabase *database) {
  return database->backend->lead != NULL;
}

gboolean tambo_database_lead (TamboDatabase *database) {
  return database->backend->lead == NULL || database->backend->lead (database);
}

/* Statements */

static void read_values (TamboStatement *statement, const char *sql, const char *format,
                         va_list arguments) {
  statement->sql = sql;
  statement->n_values = (int) strlen (format);
  g_assert (statement->n_values <= TAMBO_DATABASE_MAX_VALUES);
  for (int i = 0; i < statement->n_values; i++) {
    TamboValue *value = &statement->values[i];

    *value = (TamboValue){ .type = format[i] };
    if (format[i] == 'i')
      value->number = va_arg (arguments, gint64);
    else if (format[i] == 's')
      value->text = va_arg (arguments, const char *);
    else
      value->bytes = va_arg (arguments, GBytes *);
  }
}

TamboQuery *tambo_database_query (TamboDatabase *database, GError **error, const char *sql,
                                  const char *format, ...) {
  TamboStatement statement;
  va_list arguments;

  va_start (arguments, format);
  read_values (&statement, sql, format, arguments);
  va_end (arguments);
  return database->backend->query (database, &statement, error);
}

void tambo_query_free (TamboQuery *query) {
  if (query != NULL)
    query->database->backend->query_free (query);
}

gboolean tambo_query_next (TamboQuery *query, GError **error) {
  return query->database->backend->next (query, error);
}

gint64 tambo_query_int (TamboQuery *query, int column) {
  return g_ascii_strtoll (tambo_query_text (query, column), NULL, 10);
}

const char *tambo_query_text (TamboQuery *query, int column) {
  const char *text = query->database->backend->text (query, column);

  return text != NULL ? text : "";
}

char *tambo_query_dup_text (TamboQuery *query, int column) {
  return g_strdup (query->database->backend->text (query, column));
}

GBytes *tambo_query_dup_blob (TamboQuery *query, int column) {
  return query->database->backend->blob (query, column);
}

static gboolean run_to_end (TamboDatabase *database, const TamboStatement *statement,
                            GError **error) {
  g_autoptr (TamboQuery) query = database->backend->query (database, statement, error);
  g_autoptr (GError) cause = NULL;

  if (query == NULL)
    return FALSE;
  while (tambo_query_next (query, &cause))
    ;
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  last_changes = database->backend->changes (query);
  return TRUE;
}

gboolean tambo_database_run (TamboDatabase *database, GError **error, const char *sql,
                             const char *format, ...) {
  TamboStatement statement;
  va_list arguments;

  va_start (arguments, format);
  read_values (&statement, sql, format, arguments);
  va_end (arguments);
  return run_to_end (database, &statement, error);
}

gboolean tambo_database_get_int (TamboDatabase *database, gint64 fallback, gint64 *out_value,
                                 GError **error, const char *sql, const char *format, ...) {
  g_autoptr (TamboQuery) query = NULL;
  g_autoptr (GError) cause = NULL;
  TamboStatement statement;
  va_list arguments;
  gboolean has_row;

  va_start (arguments, format);
  read_values (&statement, sql, format, arguments);
  va_end (arguments);
  query = database->backend->query (database, &statement, error);
  if (query == NULL)
    return FALSE;
  has_row = tambo_query_next (query, &cause);
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  *out_value =
      has_row && database->backend->text (query, 0) != NULL ? tambo_query_int (query, 0) : fallback;
  return TRUE;
}

int tambo_database_changes (TamboDatabase *database) {
  return last_changes;
}

/* Transactions */

TamboWork *tambo_work_begin (TamboDatabase *database, GError **error) {
  TamboWork *work;

  if (!database->backend->begin (database, error))
    return NULL;
  work = g_new0 (TamboWork, 1);
  work->database = database;
  return work;
}

gboolean tambo_work_post (TamboWork *work, GError **error, const char *sql, const char *format,
                          ...) {
  TamboDatabase *database = work->database;
  TamboStatement statement;
  va_list arguments;

  va_start (arguments, format);
  read_values (&statement, sql, format, arguments);
  va_end (arguments);
  return database->backend->post != NULL ? database->backend->post (database, &statement, error)
                                         : run_to_end (database, &statement, error);
}

void tambo_work_set_last (TamboWork *work, TamboStep step, gpointer data) {
  work->last = step;
  work->last_data = data;
}

TamboQuery *tambo_work_ask (TamboWork *work, GError **error, const char *sql, const char *format,
                            ...) {
  const TamboBackend *backend = work->database->backend;
  TamboStatement statement;
  va_list arguments;

  va_start (arguments, format);
  read_values (&statement, sql, format, arguments);
  va_end (arguments);
  return backend->ask != NULL ? backend->ask (work->database, &statement, error)
                              : backend->query (work->database, &statement, error);
}

TamboQuery *tambo_work_get_answer (TamboWork *work) {
  return work->answer;
}

gboolean tambo_work_commit (TamboWork *work, GError **error) {
  if (work->last != NULL && !work->last (work, work->last_data, error))
    return FALSE;
  work->is_committed = work->database->backend->commit (work->database, error);
  return work->is_committed;
}

gpointer tambo_work_get (TamboWork *work, TamboSlot slot) {
  return work->slots[slot].data;
}

void tambo_work_put (TamboWork *work, TamboSlot slot, gpointer data, GDestroyNotify free_data) {
  work->slots[slot].data = data;
  work->slots[slot].free_data = free_data;
}

void tambo_work_free (TamboWork *work) {
  if (work == NULL)
    return;
  work->database->backend->leave (work->database, work->is_committed);
  for (int i = 0; i < TAMBO_N_SLOTS; i++)
    if (work->slots[i].data != NULL)
      work->slots[i].free_data (work->slots[i].data);
  g_free (work);
}

/* Shared transactions */

static gboolean ask_for (TamboWork *work, Ticket *ticket, GError **error) {
  if (ticket->ask == NULL || ticket->has_asked)
    return TRUE;
  ticket->has_asked = TRUE;
  return ticket->ask (work, ticket->data, &ticket->answer, error);
}

/* Where nobody waits for answers there is nothing to be won. */
static gboolean ask_all (TamboWork *work, GPtrArray *tickets, GError **error) {
  for (guint i = 0; work->database->backend->ask != NULL && i < tickets->len; i++)
    if (!ask_for (work, tickets->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean do_steps (TamboWork *work, GPtrArray *tickets, GError **error) {
  for (guint i = 0; i < tickets->len; i++) {
    Ticket *ticket = tickets->pdata[i];

    if (!ask_for (work, ticket, error))
      return FALSE;
    work->answer = ticket->answer;
    if (!ticket->step (work, ticket->data, error))
      return FALSE;
    g_clear_pointer (&ticket->answer, tambo_query_free);
  }
  return tambo_work_commit (work, error);
}

static gboolean do_together (TamboDatabase *database, GPtrArray *tickets, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (database, error);
  gboolean is_done =
      work != NULL && ask_all (work, tickets, error) && do_steps (work, tickets, error);

  for (guint i = 0; i < tickets->len; i++) {
    Ticket *ticket = tickets->pdata[i];

    g_clear_pointer (&ticket->answer, tambo_query_free);
    ticket->has_asked = FALSE;
  }
  return is_done;
}

/* One that fails takes no other with it: each is then done alone. */
static void do_all (TamboDatabase *database, GPtrArray *tickets) {
  if (tickets->len > 1 && do_together (database, tickets, NULL))
    return;
  for (guint i = 0; i < tickets->len; i++) {
    Ticket *ticket = tickets->pdata[i];
    g_autoptr (GPtrArray) alone = g_ptr_array_new ();

    g_ptr_array_add (alone, ticket);
    (void) !do_together (database, alone, &ticket->error);
  }
}

/* Under the lock, which is let go meanwhile. */
static void lead (TamboDatabase *database) {
  g_autoptr (GPtrArray) tickets = g_ptr_array_new ();
  Ticket *ticket;

  while (tickets->len < MAX_SHARED && (ticket = g_queue_pop_head (&database->tickets)) != NULL)
    g_ptr_array_add (tickets, ticket);
  database->is_sharing = TRUE;
  g_mutex_unlock (&database->share_lock);
  do_all (database, tickets);
  g_mutex_lock (&database->share_lock);
  database->is_sharing = FALSE;
  for (guint i = 0; i < tickets->len; i++)
    ((Ticket *) tickets->pdata[i])->is_done = TRUE;
  g_cond_broadcast (&database->shared);
}

gboolean tambo_database_share (TamboDatabase *database, TamboStep step, gpointer data,
                               GError **error) {
  return tambo_database_share_asking (database, NULL, step, data, error);
}

gboolean tambo_database_share_asking (TamboDatabase *database, TamboAsk ask, TamboStep step,
                                      gpointer data, GError **error) {
  Ticket ticket = { .ask = ask, .step = step, .data = data };

  g_mutex_lock (&database->share_lock);
  g_queue_push_tail (&database->tickets, &ticket);
  while (!ticket.is_done) {
    if (database->is_sharing)
      g_cond_wait (&database->shared, &database->share_lock);
    else
      lead (database);
  }
  g_mutex_unlock (&database->share_lock);
  if (ticket.error == NULL)
    return TRUE;
  g_propagate_error (error, ticket.error);
  return FALSE;
}

/* Settings */

char *tambo_database_dup_setting (TamboDatabase *database, const char *name, GError **error) {
  g_autoptr (TamboQuery) query = tambo_database_query (
      database, error, "SELECT value FROM settings WHERE name = ?", "s", name);

  if (query == NULL || !tambo_query_next (query, error))
    return NULL;
  return tambo_query_dup_text (query, 0);
}

gboolean tambo_database_set_setting (TamboDatabase *database, const char *name, const char *value,
                                     GError **error) {
  return tambo_database_run (database, error,
                             "INSERT INTO settings (name, value) VALUES (?, ?)"
                             " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                             "ss", name, value);
}
