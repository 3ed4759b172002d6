/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which services may be set up, and what becomes of a case while one is not there. What they answer is in
 * tests/scenario/test-hq-connectors.sh.
 */
#include "hq/connector.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "made-hq.h"

/* A port of this machine on which nobody listens. */
static char *closed_url (void) {
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);

  g_assert_cmpuint (port, >, 0);
  g_socket_listener_close (listener);
  return g_strdup_printf ("http://127.0.0.1:%u/police", port);
}

static void refused (TamboConnectors *connectors, const char *name, const char *url) {
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_connectors_put (
      connectors, tambo_connector_new (name, TAMBO_CONNECTOR_POLICE, url), &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
}

static void test_settings (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboConnectors) connectors = NULL;
  g_autoptr (TamboConnectors) read = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  TamboConnector *connector;
  GStatBuf status;

  made_hq_init (&made);
  connectors = tambo_connectors_load (made.folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tambo_connectors_count (connectors), ==, 0);
  refused (connectors, "police", "http://police.example/");
  refused (connectors, "police", "ftp://127.0.0.1/");
  refused (connectors, "police", "file:///etc/passwd");
  refused (connectors, "police", "https://user:word@police.example/");
  refused (connectors, "police", "police");
  refused (connectors, "../police", "https://police.example/");
  refused (connectors, "", "https://police.example/");
  connector = tambo_connector_new ("police", TAMBO_CONNECTOR_POLICE, "https://police.example/a");
  connector->token = g_strdup ("two\r\nlines");
  g_assert_false (tambo_connectors_put (connectors, connector, &error));
  g_clear_error (&error);

  connector = tambo_connector_new ("police", TAMBO_CONNECTOR_POLICE, "https://police.example/a");
  connector->token = g_strdup ("secret");
  connector->policy = TAMBO_CONNECTOR_PERSON;
  g_assert_true (tambo_connectors_put (connectors, connector, &error));
  g_assert_true (tambo_connectors_save (connectors, made.folder, &error));
  path = g_build_filename (made.folder, "private", "connectors.json", NULL);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 0777, ==, 0600);
  read = tambo_connectors_load (made.folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tambo_connectors_count (read), ==, 1);
  g_assert_cmpstr (tambo_connectors_get (read, 0)->token, ==, "secret");
  g_assert_cmpint (tambo_connectors_get (read, 0)->policy, ==, TAMBO_CONNECTOR_PERSON);
  g_assert_false (tambo_connectors_remove (read, "bank", &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND);
}

/* A file that somebody spoiled stops the decisions, not one case. */
static void test_broken_file (void) {
  static const char *const texts[] = { "",
                                       "{",
                                       "[]",
                                       "{\"connectors\":[1]}",
                                       "{\"connectors\":[{\"name\":\"a\"}]}",
                                       "{\"connectors\":[{\"kind\":\"police\",\"name\":\"a\","
                                       "\"url\":\"http://evil.example\"}]}" };
  g_auto (MadeHq) made = { NULL };
  g_autofree char *path = NULL;

  made_hq_init (&made);
  path = g_build_filename (made.folder, "private", "connectors.json", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
    g_assert_null (tambo_hq_get_connectors (made.hq, &error));
    g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED);
  }
}

static TamboEnrolment *make_case (void) {
  TamboProcedure procedure = { .id = (char *) "foreigner-card", .version = 1 };

  return tambo_enrolment_new ("MIG-TEST-01", &procedure, "clerk");
}

static TamboValidationState state_after (TamboConnectors *connectors, gint64 waiting_since) {
  g_autoptr (TamboEnrolment) enrolment = make_case ();
  TamboValidation *row = tambo_connectors_ask (connectors, 0, enrolment, waiting_since);
  TamboValidationState state = row->state;

  g_assert_cmpstr (row->name, ==, "connector-police");
  g_assert_cmpstr (row->detail, ==, "reason=not-there");
  tambo_validation_free (row);
  return state;
}

static void test_offline (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboConnectors) connectors = NULL;
  g_autofree char *url = closed_url ();
  TamboConnector *connector;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 start;

  made_hq_init (&made);
  connectors = tambo_connectors_load (made.folder, NULL);
  g_assert_true (tambo_connectors_put (
      connectors, tambo_connector_new ("police", TAMBO_CONNECTOR_POLICE, url), NULL));
  g_assert_cmpint (state_after (connectors, 0), ==, TAMBO_VALIDATION_WAITING);
  /* It rests: the next ones are told at once, a hundred in the time of one try. */
  start = g_get_monotonic_time ();
  for (int i = 0; i < 100; i++)
    g_assert_cmpint (state_after (connectors, now - 60), ==, TAMBO_VALIDATION_WAITING);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (state_after (connectors, now - 25 * 3600), ==, TAMBO_VALIDATION_UNAVAILABLE);

  connector = tambo_connector_new ("police", TAMBO_CONNECTOR_POLICE, url);
  connector->policy = TAMBO_CONNECTOR_PERSON;
  g_assert_true (tambo_connectors_put (connectors, connector, NULL));
  g_assert_cmpint (state_after (connectors, 0), ==, TAMBO_VALIDATION_UNAVAILABLE);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/connector/settings", test_settings);
  g_test_add_func ("/hq/connector/broken-file", test_broken_file);
  g_test_add_func ("/hq/connector/offline", test_offline);
  return g_test_run ();
}
