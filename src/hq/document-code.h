/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Is this document good? Whoever holds one may ask with the code that was made with its order: 100 random
 * bits, printed as a QR code of an address of headquarters' public pages. Only the hash of the code is kept,
 * so that who reads the database cannot make a page say that another paper is good. What is answered
 * names no person.
 */
#pragma once

#include "hq/headquarters.h"

/* "7K3M9QXW2FHD7K3M9QXW": letters and digits that look like no others. */
char *tambo_document_code_new (void);
/* The code as it is kept: blanks, hyphens and small letters are no matter. NULL when TEXT is none. */
char *tambo_document_code_hash (const char *text) G_GNUC_WARN_UNUSED_RESULT;
/* "7K3M-9QXW-…", for people. */
char *tambo_document_code_dup_words (const char *code);

/* Where the public pages are, "https://host", for the QR code; NULL without an error when it was not said. */
char *tambo_document_dup_public_url (TamboHq *hq, GError **error);
gboolean tambo_document_set_public_url (TamboHq *hq, const char *url, GError **error);

/* Keeps what is asked for. In the transaction that notes the order. EXPIRY_DATE may be NULL. */
gboolean tambo_document_note (TamboHq *hq, const char *order_id, const char *code,
                              const char *expiry_date, GError **error);

typedef enum {
  TAMBO_DOCUMENT_UNKNOWN,
  TAMBO_DOCUMENT_ORDERED, /* not made yet */
  TAMBO_DOCUMENT_VALID,
  TAMBO_DOCUMENT_EXPIRED,
  TAMBO_DOCUMENT_ANNULLED,
} TamboDocumentVerdict;

/* In English, to be translated. */
const char *tambo_document_verdict_message (TamboDocumentVerdict verdict);

/* All but VERDICT is NULL when it is UNKNOWN. */
typedef struct {
  TamboDocumentVerdict verdict;
  char *order_id, *type;
  char *masked_number;            /* "X•••••123" */
  char *issue_date, *expiry_date; /* EXPIRY_DATE is NULL for a document that never expires */
} TamboDocumentState;

void tambo_document_state_free (TamboDocumentState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDocumentState, tambo_document_state_free)

/* CODE as a person types it. An unknown one is no error. */
TamboDocumentState *tambo_document_state_for_code (TamboHq *hq, const char *code,
                                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboDocumentState *tambo_document_state_for_case (TamboHq *hq, const char *case_id,
                                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For ever. NOT_FOUND; STATE when it was annulled before. OUT_CASE may be NULL. */
gboolean tambo_document_annul (TamboHq *hq, const char *order_id, const char *person,
                               char **out_case, GError **error);
