/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/procedure.h"

#include "base/json.h"
#include "record/applicant-field.h"
#include "record/member.h"

#define MAX_VERSION 1000000
#define MAX_YEARS 100

void tambo_procedure_free (TamboProcedure *procedure) {
  if (procedure == NULL)
    return;
  g_free (procedure->id);
  g_free (procedure->title);
  g_free (procedure->title_es);
  g_free (procedure->document_type);
  g_strfreev (procedure->required_fields);
  g_strfreev (procedure->required_documents);
  g_strfreev (procedure->minor_documents);
  g_free (procedure);
}

TamboProcedure *tambo_procedure_copy (const TamboProcedure *procedure) {
  TamboProcedure *copy = g_new (TamboProcedure, 1);

  *copy = *procedure;
  copy->id = g_strdup (procedure->id);
  copy->title = g_strdup (procedure->title);
  copy->title_es = g_strdup (procedure->title_es);
  copy->document_type = g_strdup (procedure->document_type);
  copy->required_fields = g_strdupv (procedure->required_fields);
  copy->required_documents = g_strdupv (procedure->required_documents);
  copy->minor_documents = g_strdupv (procedure->minor_documents);
  return copy;
}

static gboolean set_malformed (GError **error, const char *what) {
  g_set_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_MALFORMED, "the procedure %s", what);
  return FALSE;
}

static gboolean is_document_type (const char *text) {
  if (text == NULL || !g_ascii_isupper (text[0]))
    return FALSE;
  return text[1] == '\0' || (g_ascii_isupper (text[1]) && text[2] == '\0');
}

static gboolean read_texts (TamboProcedure *procedure, JsonObject *object, GError **error) {
  const TamboRecordError code = TAMBO_RECORD_ERROR_MALFORMED;

  if (!tambo_member_text (object, "id", code, &procedure->id, error)
      || !tambo_member_text (object, "title", code, &procedure->title, error)
      || !tambo_member_text (object, "title_es", code, &procedure->title_es, error)
      || !tambo_member_text (object, "document_type", code, &procedure->document_type, error))
    return FALSE;
  if (!tambo_is_keyword (procedure->id))
    return set_malformed (error, "has no \"id\" of lower-case letters and hyphens");
  if (procedure->title == NULL)
    return set_malformed (error, "has no \"title\"");
  if (!is_document_type (procedure->document_type))
    return set_malformed (error, "has no \"document_type\" of one or two capital letters");
  return TRUE;
}

static gboolean read_numbers (TamboProcedure *procedure, JsonObject *object, GError **error) {
  gint64 version = 0, validity = -1, from_age = 0, quality = 0;

  if (!tambo_member_int (object, "version", 1, MAX_VERSION, &version, error)
      || !tambo_member_int (object, "validity_years", 0, MAX_YEARS, &validity, error)
      || !tambo_member_int (object, "fingers_from_age", 0, MAX_YEARS, &from_age, error)
      || !tambo_member_int (object, "minimum_finger_quality", 0, 100, &quality, error)
      || !tambo_member_bool (object, "portrait", &procedure->portrait_required, error)
      || !tambo_member_bool (object, "signature", &procedure->signature_required, error)
      || !tambo_member_bool (object, "automatic", &procedure->is_automatic, error))
    return FALSE;
  if (version == 0)
    return set_malformed (error, "has no \"version\"");
  /* Absent must not mean "never expires". */
  if (validity < 0)
    return set_malformed (error, "has no \"validity_years\"");
  procedure->version = (int) version;
  procedure->validity_years = (int) validity;
  procedure->fingers_from_age = (int) from_age;
  procedure->minimum_finger_quality = (int) quality;
  return TRUE;
}

static gboolean read_fingers (TamboProcedure *procedure, JsonObject *object, GError **error) {
  g_auto (GStrv) names = NULL;

  if (!tambo_member_strings (object, "fingers", TAMBO_RECORD_ERROR_MALFORMED, &names, error))
    return FALSE;
  for (gsize i = 0; names != NULL && names[i] != NULL; i++) {
    TamboFinger finger = tambo_finger_from_string (names[i]);

    if (finger == TAMBO_FINGER_UNKNOWN)
      return set_malformed (error, "names a finger in \"fingers\" that does not exist");
    procedure->required_fingers |= (guint16) (1 << finger);
  }
  return TRUE;
}

static gboolean are_documents (char **kinds, GError **error) {
  for (gsize i = 0; kinds[i] != NULL; i++)
    if (!tambo_is_keyword (kinds[i]))
      return set_malformed (error, "requires a document whose kind is no keyword");
  return TRUE;
}

static gboolean read_lists (TamboProcedure *procedure, JsonObject *object, GError **error) {
  const TamboRecordError code = TAMBO_RECORD_ERROR_MALFORMED;

  if (!tambo_member_strings (object, "required_fields", code, &procedure->required_fields, error)
      || !tambo_member_strings (object, "required_documents", code, &procedure->required_documents,
                                error)
      || !tambo_member_strings (object, "minor_documents", code, &procedure->minor_documents,
                                error))
    return FALSE;
  if (procedure->required_fields == NULL)
    procedure->required_fields = g_new0 (char *, 1);
  if (procedure->required_documents == NULL)
    procedure->required_documents = g_new0 (char *, 1);
  if (procedure->minor_documents == NULL)
    procedure->minor_documents = g_new0 (char *, 1);
  for (gsize i = 0; procedure->required_fields[i] != NULL; i++)
    if (!tambo_applicant_has_field (procedure->required_fields[i]))
      return set_malformed (error, "requires a field of the applicant that does not exist");
  return are_documents (procedure->required_documents, error)
         && are_documents (procedure->minor_documents, error);
}

TamboProcedure *tambo_procedure_from_json (JsonObject *object, GError **error) {
  g_autoptr (TamboProcedure) procedure = g_new0 (TamboProcedure, 1);

  if (!read_texts (procedure, object, error) || !read_numbers (procedure, object, error)
      || !read_lists (procedure, object, error) || !read_fingers (procedure, object, error))
    return NULL;
  return g_steal_pointer (&procedure);
}

JsonObject *tambo_procedure_to_json (const TamboProcedure *procedure) {
  JsonObject *object = json_object_new ();
  JsonArray *fingers = json_array_new ();

  json_object_set_string_member (object, "id", procedure->id);
  json_object_set_int_member (object, "version", procedure->version);
  json_object_set_string_member (object, "title", procedure->title);
  tambo_json_set_optional (object, "title_es", procedure->title_es);
  json_object_set_string_member (object, "document_type", procedure->document_type);
  json_object_set_int_member (object, "validity_years", procedure->validity_years);
  tambo_member_put_strings (object, "required_fields", procedure->required_fields);
  tambo_member_put_strings (object, "required_documents", procedure->required_documents);
  if (procedure->minor_documents != NULL && *procedure->minor_documents != NULL)
    tambo_member_put_strings (object, "minor_documents", procedure->minor_documents);
  json_object_set_boolean_member (object, "portrait", procedure->portrait_required);
  json_object_set_boolean_member (object, "signature", procedure->signature_required);
  for (int i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++)
    if (procedure->required_fingers & 1 << i)
      json_array_add_string_element (fingers, tambo_finger_to_string ((TamboFinger) i));
  json_object_set_array_member (object, "fingers", fingers);
  json_object_set_int_member (object, "fingers_from_age", procedure->fingers_from_age);
  json_object_set_int_member (object, "minimum_finger_quality", procedure->minimum_finger_quality);
  if (procedure->is_automatic)
    json_object_set_boolean_member (object, "automatic", TRUE);
  return object;
}
