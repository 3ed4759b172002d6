/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors of the store.
 */
#pragma once

#include <glib.h>

#define TAMBO_STORE_ERROR (tambo_store_error_quark ())
GQuark tambo_store_error_quark (void);

typedef enum {
  TAMBO_STORE_ERROR_FAILED,   /* SQLite refused; the message has its words */
  TAMBO_STORE_ERROR_NO_SPACE, /* the disk is full; nothing was changed */
  TAMBO_STORE_ERROR_IO,   /* the disk failed; the outcome is unknown until the store is re-opened */
  TAMBO_STORE_ERROR_BUSY, /* another process held the store for longer than the time-out */
  TAMBO_STORE_ERROR_VERSION, /* made by a newer Tambo */
  TAMBO_STORE_ERROR_CORRUPT, /* a row whose hash, tag or form does not hold; the message names it */
  TAMBO_STORE_ERROR_NOT_FOUND, /* no such row */
  TAMBO_STORE_ERROR_EXISTS,    /* there already */
  TAMBO_STORE_ERROR_STATE,     /* the row is not in a state that allows this */
  TAMBO_STORE_ERROR_LOCKED,    /* no operator has unlocked the data key */
  TAMBO_STORE_ERROR_PASSWORD,  /* unknown operator or wrong password */
  TAMBO_STORE_ERROR_DISABLED,  /* the operator may not sign in (any more, or for some seconds) */
  TAMBO_STORE_ERROR_INVALID,   /* an argument that no row may have; the message says why */
  TAMBO_STORE_ERROR_FIRST_PASSWORD, /* right, but good only for choosing another one */
  TAMBO_STORE_ERROR_TOKEN,          /* the PKCS#11 token holds another key */
} TamboStoreError;
