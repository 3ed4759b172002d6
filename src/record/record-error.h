/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors of the record: what a person typed, a document said or a file claims.
 */
#pragma once

#include <glib.h>

#define TAMBO_RECORD_ERROR (tambo_record_error_quark ())
GQuark tambo_record_error_quark (void);

typedef enum {
  TAMBO_RECORD_ERROR_MALFORMED,   /* not the form of an MRZ, applicant, procedure or case */
  TAMBO_RECORD_ERROR_CHECK_DIGIT, /* an MRZ whose check digit does not hold */
  TAMBO_RECORD_ERROR_FIELD,       /* a field that is missing or impossible; the message names it */
  TAMBO_RECORD_ERROR_RULE,        /* a rule of the procedure is not met */
  TAMBO_RECORD_ERROR_STATE,       /* the case is not in a state that allows this */
} TamboRecordError;
