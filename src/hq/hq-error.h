/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors of headquarters. Those about a request decide its HTTP status (server.c).
 */
#pragma once

#include <glib.h>

#define TAMBO_HQ_ERROR (tambo_hq_error_quark ())
GQuark tambo_hq_error_quark (void);

typedef enum {
  TAMBO_HQ_ERROR_FAILED,    /* this side: disk, database, library */
  TAMBO_HQ_ERROR_INVALID,   /* the request or record can never be right */
  TAMBO_HQ_ERROR_NOT_FOUND, /* no such record, station, case or message */
  TAMBO_HQ_ERROR_EXISTS,
  TAMBO_HQ_ERROR_STATE,       /* not in a state that allows this */
  TAMBO_HQ_ERROR_TOKEN,       /* unknown, used or past invitation */
  TAMBO_HQ_ERROR_REVOKED,     /* not a registered station, or not any more */
  TAMBO_HQ_ERROR_CONFLICT,    /* same id, other content */
  TAMBO_HQ_ERROR_FORK,        /* another history than the one accepted */
  TAMBO_HQ_ERROR_INTEGRITY,   /* a signature, hash or seal does not hold */
  TAMBO_HQ_ERROR_UNAVAILABLE, /* not now: the database is away or too many ask at once */
} TamboHqError;
