/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "broken-database.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <sys/socket.h>

/* 0: whole. */
static guint questions_left;
static gboolean has_broken;

int __real_sqlite3_step (sqlite3_stmt *statement);
int __wrap_sqlite3_step (sqlite3_stmt *statement);
int __real_PQsendQueryPrepared (PGconn *line, const char *name, int n, const char *const *values,
                                const int *lengths, const int *formats, int result_format);
int __wrap_PQsendQueryPrepared (PGconn *line, const char *name, int n, const char *const *values,
                                const int *lengths, const int *formats, int result_format);

void broken_database_at (guint n) {
  questions_left = n;
  has_broken = FALSE;
}

gboolean broken_database_mend (void) {
  questions_left = 0;
  return has_broken;
}

static gboolean breaks_now (void) {
  if (questions_left == 0 || --questions_left > 0)
    return FALSE;
  has_broken = TRUE;
  return TRUE;
}

static int stop (void *data) {
  return 1;
}

int __wrap_sqlite3_step (sqlite3_stmt *statement) {
  sqlite3 *handle = sqlite3_db_handle (statement);
  int result;

  if (!breaks_now ())
    return __real_sqlite3_step (statement);
  sqlite3_progress_handler (handle, 1, stop, NULL);
  result = __real_sqlite3_step (statement);
  sqlite3_progress_handler (handle, 0, NULL, NULL);
  g_assert_cmpint (result, ==, SQLITE_INTERRUPT);
  return result;
}

int __wrap_PQsendQueryPrepared (PGconn *line, const char *name, int n, const char *const *values,
                                const int *lengths, const int *formats, int result_format) {
  if (breaks_now ())
    shutdown (PQsocket (line), SHUT_RDWR);
  return __real_PQsendQueryPrepared (line, name, n, values, lengths, formats, result_format);
}
