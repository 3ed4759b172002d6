/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "record/procedure.h"
#include "record/record-error.h"

#define MINIMAL                                                                                    \
  "\"id\":\"card\",\"version\":1,\"title\":\"Card\",\"document_type\":\"I\",\"validity_years\":4"

static TamboProcedure *procedure_from (const char *text, GError **error) {
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, -1, NULL);

  g_assert_nonnull (object);
  return tambo_procedure_from_json (object, error);
}

static void test_shipped_procedures (void) {
  static const struct {
    const char *id, *document_type;
    int validity_years;
    gboolean needs_signature, needs_document;
  } rows[] = {
    { "passport", "P", 10, TRUE, FALSE },
    { "foreigner-card", "I", 4, TRUE, TRUE },
    { "temporary-permit", "IR", 1, FALSE, TRUE },
    { "asylum-card", "IA", 0, TRUE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("%s/%s.json", PROCEDURES, rows[i].id);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = tambo_file_read (path, 65536, &error);
    g_autoptr (JsonObject) object = NULL;
    g_autoptr (JsonObject) again = NULL;
    g_autoptr (TamboProcedure) procedure = NULL;
    g_autoptr (TamboProcedure) copy = NULL;
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;

    g_assert_no_error (error);
    object = tambo_json_parse_object (g_bytes_get_data (bytes, NULL),
                                      (gssize) g_bytes_get_size (bytes), &error);
    g_assert_no_error (error);
    procedure = tambo_procedure_from_json (object, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (procedure->id, ==, rows[i].id);
    g_assert_cmpstr (procedure->document_type, ==, rows[i].document_type);
    g_assert_cmpint (procedure->validity_years, ==, rows[i].validity_years);
    g_assert_true (procedure->signature_required == rows[i].needs_signature);
    g_assert_true ((procedure->required_documents[0] != NULL) == rows[i].needs_document);
    g_assert_true (procedure->portrait_required);
    g_assert_cmphex (procedure->required_fingers, ==, 1 << 2 | 1 << 7);
    g_assert_cmpint (procedure->minimum_finger_quality, ==, 20);

    copy = tambo_procedure_copy (procedure);
    again = tambo_procedure_to_json (copy);
    before = tambo_json_canonical (object);
    after = tambo_json_canonical (again);
    g_assert_cmpstr (after, ==, before);
  }
}

static void test_minimal (void) {
  g_autoptr (TamboProcedure) procedure = procedure_from ("{" MINIMAL "}", NULL);

  g_assert_nonnull (procedure);
  g_assert_false (procedure->portrait_required);
  g_assert_cmpuint (procedure->required_fingers, ==, 0);
  g_assert_null (procedure->required_fields[0]);
  g_assert_false (procedure->is_automatic);
}

static void test_automatic (void) {
  g_autoptr (TamboProcedure) procedure = procedure_from ("{" MINIMAL ",\"automatic\":true}", NULL);
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (procedure);
  g_assert_true (procedure->is_automatic);
  object = tambo_procedure_to_json (procedure);
  g_assert_true (json_object_get_boolean_member (object, "automatic"));
  g_assert_null (procedure_from ("{" MINIMAL ",\"automatic\":1}", &error));
  g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_MALFORMED);
}

static void test_refuses (void) {
  static const char *const texts[] = {
    "{}",
    "{\"version\":1,\"title\":\"Card\",\"document_type\":\"I\",\"validity_years\":4}",
    "{\"id\":\"Card\",\"version\":1,\"title\":\"C\",\"document_type\":\"I\",\"validity_years\":4}",
    "{\"id\":\"../x\",\"version\":1,\"title\":\"C\",\"document_type\":\"I\",\"validity_years\":4}",
    "{\"id\":\"card\",\"title\":\"Card\",\"document_type\":\"I\",\"validity_years\":4}",
    "{\"id\":\"card\",\"version\":0,\"title\":\"C\",\"document_type\":\"I\",\"validity_years\":4}",
    "{\"id\":\"card\",\"version\":1,\"document_type\":\"I\",\"validity_years\":4}",
    "{\"id\":\"card\",\"version\":1,\"title\":\"Card\",\"validity_years\":4}",
    "{\"id\":\"card\",\"version\":1,\"title\":\"C\",\"document_type\":\"i\",\"validity_years\":4}",
    "{\"id\":\"card\",\"version\":1,\"title\":\"C\",\"document_type\":\"ICC\",\"validity_years\":"
    "4}",
    "{\"id\":\"card\",\"version\":1,\"title\":\"Card\",\"document_type\":\"I\"}",
    "{" MINIMAL ",\"portrait\":1}",
    "{" MINIMAL ",\"fingers\":[\"right-toe\"]}",
    "{" MINIMAL ",\"fingers\":\"right-index\"}",
    "{" MINIMAL ",\"required_fields\":[\"shoe_size\"]}",
    "{" MINIMAL ",\"required_documents\":[\"Birth Record\"]}",
    "{" MINIMAL ",\"minimum_finger_quality\":101}",
    "{" MINIMAL ",\"fingers_from_age\":-1}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (procedure_from (texts[i], &error));
    g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_MALFORMED);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/procedure/shipped-procedures", test_shipped_procedures);
  g_test_add_func ("/procedure/minimal", test_minimal);
  g_test_add_func ("/procedure/automatic", test_automatic);
  g_test_add_func ("/procedure/refuses", test_refuses);
  return g_test_run ();
}
