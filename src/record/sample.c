/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/sample.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "record/member.h"

#define MAX_PIXELS 100000
#define MAX_PPI 10000
#define MAX_QUALITY 100

static const char *const kinds[] = { "portrait", "fingerprint", "signature", "document" };

TamboSample *tambo_sample_new (TamboSampleKind kind) {
  TamboSample *sample = g_new0 (TamboSample, 1);

  sample->kind = kind;
  sample->quality = -1;
  return sample;
}

TamboSample *tambo_sample_copy (const TamboSample *sample) {
  TamboSample *copy = g_new (TamboSample, 1);

  *copy = *sample;
  copy->document_kind = g_strdup (sample->document_kind);
  copy->media_type = g_strdup (sample->media_type);
  copy->sha256 = g_strdup (sample->sha256);
  copy->verdicts = g_strdup (sample->verdicts);
  copy->device = g_strdup (sample->device);
  copy->operator_id = g_strdup (sample->operator_id);
  copy->captured_at = g_strdup (sample->captured_at);
  return copy;
}

void tambo_sample_free (TamboSample *sample) {
  if (sample == NULL)
    return;
  g_free (sample->document_kind);
  g_free (sample->media_type);
  g_free (sample->sha256);
  g_free (sample->verdicts);
  g_free (sample->device);
  g_free (sample->operator_id);
  g_free (sample->captured_at);
  g_free (sample);
}

char *tambo_sample_dup_slot (const TamboSample *sample) {
  switch (sample->kind) {
  case TAMBO_SAMPLE_FINGERPRINT:
    return g_strconcat ("finger-", tambo_finger_to_string (sample->finger), NULL);
  case TAMBO_SAMPLE_DOCUMENT:
    return g_strconcat ("document-",
                        sample->document_kind != NULL ? sample->document_kind : "unknown", NULL);
  case TAMBO_SAMPLE_PORTRAIT:
  case TAMBO_SAMPLE_SIGNATURE:
  default:
    return g_strdup (tambo_sample_kind_to_string (sample->kind));
  }
}

static gboolean set_malformed (GError **error, const char *what) {
  g_set_error_literal (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_MALFORMED, what);
  return FALSE;
}

static gboolean read_subject (TamboSample *sample, JsonObject *object, GError **error) {
  const char *kind = tambo_json_peek_string (object, "kind");

  if (!tambo_sample_kind_from_string (kind, &sample->kind))
    return set_malformed (error, "the sample is of no known kind");
  sample->finger = tambo_finger_from_string (tambo_json_peek_string (object, "finger"));
  if (!tambo_member_text (object, "document_kind", TAMBO_RECORD_ERROR_MALFORMED,
                          &sample->document_kind, error))
    return FALSE;
  if (sample->kind == TAMBO_SAMPLE_FINGERPRINT && sample->finger == TAMBO_FINGER_UNKNOWN)
    return set_malformed (error, "the fingerprint is of no known finger");
  if (sample->kind == TAMBO_SAMPLE_DOCUMENT && !tambo_is_keyword (sample->document_kind))
    return set_malformed (error, "the document sample names no kind of document");
  return TRUE;
}

static gboolean read_numbers (TamboSample *sample, JsonObject *object, GError **error) {
  gint64 width = 0, height = 0, ppi = 0, quality = -1;

  if (!tambo_member_int (object, "size", 0, G_MAXINT64, &sample->size, error)
      || !tambo_member_int (object, "width", 0, MAX_PIXELS, &width, error)
      || !tambo_member_int (object, "height", 0, MAX_PIXELS, &height, error)
      || !tambo_member_int (object, "ppi", 0, MAX_PPI, &ppi, error)
      || !tambo_member_int (object, "quality", -1, MAX_QUALITY, &quality, error))
    return FALSE;
  sample->width = (int) width;
  sample->height = (int) height;
  sample->ppi = (int) ppi;
  sample->quality = (int) quality;
  return TRUE;
}

static gboolean read_texts (TamboSample *sample, JsonObject *object, GError **error) {
  const TamboRecordError code = TAMBO_RECORD_ERROR_MALFORMED;
  gint64 captured_at;

  if (!tambo_member_text (object, "media_type", code, &sample->media_type, error)
      || !tambo_member_text (object, "sha256", code, &sample->sha256, error)
      || !tambo_member_text (object, "verdicts", code, &sample->verdicts, error)
      || !tambo_member_text (object, "device", code, &sample->device, error)
      || !tambo_member_text (object, "operator_id", code, &sample->operator_id, error)
      || !tambo_member_text (object, "captured_at", code, &sample->captured_at, error))
    return FALSE;
  if (sample->sha256 != NULL && !tambo_is_sha256_hex (sample->sha256))
    return set_malformed (error, "member \"sha256\" of the sample is no SHA-256");
  if (sample->captured_at != NULL && !tambo_clock_parse (sample->captured_at, &captured_at))
    return set_malformed (error, "member \"captured_at\" of the sample is no time");
  return TRUE;
}

TamboSample *tambo_sample_from_json (JsonObject *object, GError **error) {
  g_autoptr (TamboSample) sample = tambo_sample_new (TAMBO_SAMPLE_PORTRAIT);

  if (!read_subject (sample, object, error) || !read_numbers (sample, object, error)
      || !read_texts (sample, object, error))
    return NULL;
  return g_steal_pointer (&sample);
}

JsonObject *tambo_sample_to_json (const TamboSample *sample) {
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", tambo_sample_kind_to_string (sample->kind));
  if (sample->kind == TAMBO_SAMPLE_FINGERPRINT)
    json_object_set_string_member (object, "finger", tambo_finger_to_string (sample->finger));
  tambo_json_set_optional (object, "document_kind", sample->document_kind);
  tambo_json_set_optional (object, "media_type", sample->media_type);
  tambo_json_set_optional (object, "sha256", sample->sha256);
  json_object_set_int_member (object, "size", sample->size);
  json_object_set_int_member (object, "width", sample->width);
  json_object_set_int_member (object, "height", sample->height);
  json_object_set_int_member (object, "ppi", sample->ppi);
  json_object_set_int_member (object, "quality", sample->quality);
  tambo_json_set_optional (object, "verdicts", sample->verdicts);
  tambo_json_set_optional (object, "device", sample->device);
  tambo_json_set_optional (object, "operator_id", sample->operator_id);
  tambo_json_set_optional (object, "captured_at", sample->captured_at);
  return object;
}

const char *tambo_sample_kind_to_string (TamboSampleKind kind) {
  g_return_val_if_fail ((gsize) kind < G_N_ELEMENTS (kinds), NULL);
  return kinds[kind];
}

gboolean tambo_sample_kind_from_string (const char *text, TamboSampleKind *out_kind) {
  for (gsize i = 0; text != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (text, kinds[i]) == 0) {
      *out_kind = (TamboSampleKind) i;
      return TRUE;
    }
  return FALSE;
}
