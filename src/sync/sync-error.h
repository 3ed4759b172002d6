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
  TAMBO_SYNC_ERROR_CLOCK,       /* the certificate is out of its dates: this clock or that one */
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
} TamboSyncError;
