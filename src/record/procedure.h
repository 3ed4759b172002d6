/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A procedure says what an enrolment for one kind of document needs: fields, biometrics, supporting
 * documents. Procedures are data (data/procedures/ID.json), versioned; the case keeps the version
 * that it was made under.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "record/finger.h"

typedef struct {
  char *id;    /* "passport", "foreigner-card", "temporary-permit", "asylum-card" */
  int version; /* from 1 */
  char *title; /* untranslated */
  char *title_es;
  char *document_type;       /* of the document that is issued: "P", "I", … */
  int validity_years;        /* 0: the document never expires */
  char **required_fields;    /* JSON keys of the applicant */
  char **required_documents; /* kinds: "travel-document", "birth-record", … */
  char **minor_documents;    /* of a minor besides: "guardian-consent", … */
  gboolean portrait_required;
  gboolean signature_required;
  guint16 required_fingers;   /* bit N set: finger position N (TamboFinger) */
  int fingers_from_age;       /* years; below it no fingerprints are asked for */
  int minimum_finger_quality; /* 0..100 of the local quality index */
  gboolean is_automatic;      /* headquarters orders by itself what passes all its checks */
} TamboProcedure;

void tambo_procedure_free (TamboProcedure *procedure);
TamboProcedure *tambo_procedure_copy (const TamboProcedure *procedure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboProcedure, tambo_procedure_free)

/* TAMBO_RECORD_ERROR_MALFORMED names what is wrong in the file. */
TamboProcedure *tambo_procedure_from_json (JsonObject *object,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *tambo_procedure_to_json (const TamboProcedure *procedure);
