/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors of the chip room.
 */
#pragma once

#include <glib.h>

#define TAMBO_CHIP_ERROR (tambo_chip_error_quark ())
GQuark tambo_chip_error_quark (void);

typedef enum {
  TAMBO_CHIP_ERROR_NO_SERVICE,     /* pcscd does not run or does not answer */
  TAMBO_CHIP_ERROR_NO_PERMISSION,  /* pcscd refuses this user */
  TAMBO_CHIP_ERROR_NO_READER,      /* no reader, or none of that name */
  TAMBO_CHIP_ERROR_NO_CARD,        /* nothing lies on the reader */
  TAMBO_CHIP_ERROR_REMOVED,        /* the card left, or died in the middle of an answer */
  TAMBO_CHIP_ERROR_TIMEOUT,        /* the card did not answer in time */
  TAMBO_CHIP_ERROR_STATUS,         /* an unexpected status word; the message names it */
  TAMBO_CHIP_ERROR_MEMORY,         /* 6A84: the files do not fit on the chip */
  TAMBO_CHIP_ERROR_LOCKED,         /* the chip is personalised already and takes nothing more */
  TAMBO_CHIP_ERROR_MALFORMED,      /* an answer or a file that is not of the promised form */
  TAMBO_CHIP_ERROR_AUTHENTICATION, /* access control, a MAC, signature, certificate or hash fails */
  TAMBO_CHIP_ERROR_MISMATCH,       /* what was read back is not what was written */
  TAMBO_CHIP_ERROR_UNSUPPORTED,    /* the chip or its certificate wants what is not known here */
  TAMBO_CHIP_ERROR_BUSY,           /* another program holds the card; the message names it */
  TAMBO_CHIP_ERROR_TERMINAL,       /* the terminal's own key or certificates are at fault */
} TamboChipError;
