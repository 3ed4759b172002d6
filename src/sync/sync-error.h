/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors of the exchange with headquarters, told apart by what somebody has to do.
 */
#pragma once

#include <glib.h>

#define TAMBO_SYNC_ERROR (tambo_sync_error_quark ())
GQuark tambo_sync_error_quark (void);

typedef enum {
  TAMBO_SYNC_ERROR_OFFLINE,     /* no route, refused, time-out: wait, nothing is wrong here */
  TAMBO_SYNC_ERROR_CERTIFICATE, /* the other end is not our headquarters */
  TAMBO_SYNC_ERROR_CLOCK,       /* a certificate does not hold yet: this clock or that one */
  TAMBO_SYNC_ERROR_REVOKED,     /* headquarters does not take this station's certificate */
  TAMBO_SYNC_ERROR_TOKEN,       /* the invitation is unknown, used or past */
  TAMBO_SYNC_ERROR_SERVER,      /* headquarters answered 5xx or 429: try again later */
  TAMBO_SYNC_ERROR_REFUSED,     /* headquarters will never take this record */
  TAMBO_SYNC_ERROR_CONFLICT,    /* same id, other content: quarantined on both sides */
  TAMBO_SYNC_ERROR_INTEGRITY,   /* a signature, receipt or hash does not hold */
  TAMBO_SYNC_ERROR_PROTOCOL,    /* an answer that is not of the protocol (a captive portal?) */
  TAMBO_SYNC_ERROR_FORK,        /* headquarters saw another audit log from this station */
  TAMBO_SYNC_ERROR_PORTAL,      /* this network wants somebody to sign in to it first */
  TAMBO_SYNC_ERROR_PROXY,       /* this network wants a proxy, or the proxy a name and a password */
  TAMBO_SYNC_ERROR_LOST,        /* headquarters lost records that are no longer kept here either */
  TAMBO_SYNC_ERROR_TURN_OVER,   /* no failure: a more urgent record goes first */
  TAMBO_SYNC_ERROR_NO_NAME,     /* OFFLINE, because nobody knows headquarters' name */
  TAMBO_SYNC_ERROR_NO_ROUTE,    /* OFFLINE, because no network leads there */
  TAMBO_SYNC_ERROR_CLOSED,      /* OFFLINE, because nobody listens there */
  TAMBO_SYNC_ERROR_TIMEOUT,     /* OFFLINE, because nothing came in time */
  TAMBO_SYNC_ERROR_EXPIRED,     /* the certificate of headquarters has ended */
  TAMBO_SYNC_ERROR_OWN_EXPIRED, /* headquarters says so of this station's */
  TAMBO_SYNC_ERROR_OLDER,       /* headquarters is older than this station: it does not know what was asked */
} TamboSyncError;

/* Headquarters was not reached, for whichever reason: it is waited for, and nothing is wrong here. */
gboolean tambo_sync_error_is_offline (const GError *error);

/* An error as a line to be kept: "no-name: MESSAGE"; of another domain its message alone. */
char *tambo_sync_error_to_note (const GError *error);
/* Such a line again; OFFLINE and the whole line where it begins with no code. */
GError *tambo_sync_error_from_note (const char *note);
