/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A sample: one capture of a case, as the case describes it. The bytes lie in the store; the case
 * knows their hash.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "record/finger.h"

typedef enum {
  TAMBO_SAMPLE_PORTRAIT,
  TAMBO_SAMPLE_FINGERPRINT,
  TAMBO_SAMPLE_SIGNATURE,
  TAMBO_SAMPLE_DOCUMENT,
} TamboSampleKind;

typedef struct {
  TamboSampleKind kind;
  TamboFinger finger;  /* of a fingerprint */
  char *document_kind; /* of a document: "travel-document", … */
  char *media_type;    /* "image/png", "image/jpeg", "application/x-iso19794-7", … */
  char *sha256;        /* of the bytes, hexadecimal */
  gint64 size;         /* bytes */
  int width, height;   /* pixels; 0 where there is no raster */
  int ppi;             /* pixels per inch; 0 when unknown */
  int quality;         /* 0..100 of the local quality index; -1 when not judged */
  char
      *verdicts; /* measures of a portrait, "roll=2.1 mouth-closed=0.18!", ! what failed; or NULL */
  char *device;  /* "libfprint virtual_image", "file", … */
  char *operator_id;
  char *captured_at; /* RFC 3339 */
} TamboSample;

TamboSample *tambo_sample_new (TamboSampleKind kind);
TamboSample *tambo_sample_copy (const TamboSample *sample);
void tambo_sample_free (TamboSample *sample);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSample, tambo_sample_free)

/* The place of the sample in its case: "portrait", "finger-right-index", "signature",
 * "document-travel-document". A second capture of the same slot replaces the first. */
char *tambo_sample_dup_slot (const TamboSample *sample);

TamboSample *tambo_sample_from_json (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *tambo_sample_to_json (const TamboSample *sample);

const char *tambo_sample_kind_to_string (TamboSampleKind kind);
gboolean tambo_sample_kind_from_string (const char *text,
                                        TamboSampleKind *out_kind) G_GNUC_WARN_UNUSED_RESULT;
