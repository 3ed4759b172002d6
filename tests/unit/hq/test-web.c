/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms, sessions and wrong passwords.
 */
#include <string.h>

#include "hq/hq-error.h"
#include "hq/web-form.h"
#include "hq/web-session.h"
#include "hq/web-throttle.h"

static void test_form (void) {
  static const char text[] = "name=Ana+Mar%C3%ADa&empty=&q=a%26b%3Dc&q=+two++&flag";
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboForm) form = tambo_form_parse (text, strlen (text), &error);
  g_autofree const char **all = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (tambo_form_get (form, "name"), ==, "Ana Mar\u00eda");
  g_assert_cmpstr (tambo_form_get (form, "empty"), ==, "");
  g_assert_cmpstr (tambo_form_get (form, "nothing"), ==, "");
  g_assert_cmpstr (tambo_form_get (form, "q"), ==, "a&b=c");
  all = tambo_form_dup_all (form, "q");
  g_assert_cmpstr (all[1], ==, "two");
  g_assert_null (all[2]);
}

static void test_form_malformed (void) {
  static const char *const texts[] = { "a=%",      "a=%4", "a=%zz", "a=%00",   "a=%ff",
                                       "a=%1b[2J", "%=1",  "a=%80", "a=%e2%80" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboForm) form = tambo_form_parse (texts[i], strlen (texts[i]), &error);

    g_assert_null (form);
    g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
  }
}

/* At every byte a form ends, it is a form or it is refused. */
static void test_form_truncated (void) {
  static const char text[] = "name=%C3%AD%C3%AD&b=%26&%C3%A9=1";

  for (gsize size = 0; size <= strlen (text); size++) {
    g_autofree char *part = g_memdup2 (text, MAX (size, 1));
    g_autoptr (TamboForm) form = tambo_form_parse (part, size, NULL);

    if (form != NULL)
      g_assert_true (g_utf8_validate (tambo_form_get (form, "name"), -1, NULL));
  }
}

static void test_form_bounds (void) {
  g_autoptr (GString) many = g_string_new ("a=1");
  g_autofree char *value = g_strnfill (TAMBO_FORM_MAX_VALUE + 1, 'x');
  g_autofree char *longest = g_strconcat ("a=", value, NULL);
  g_autoptr (TamboForm) too_many = NULL;
  g_autoptr (TamboForm) too_long = NULL;
  g_autoptr (TamboForm) fits = NULL;

  for (int i = 0; i < TAMBO_FORM_MAX_FIELDS; i++)
    g_string_append (many, "&a=1");
  too_many = tambo_form_parse (many->str, many->len, NULL);
  g_assert_null (too_many);
  too_long = tambo_form_parse (longest, strlen (longest), NULL);
  g_assert_null (too_long);
  fits = tambo_form_parse (longest, strlen (longest) - 1, NULL);
  g_assert_nonnull (fits);
}

static void test_form_again (void) {
  g_autoptr (TamboForm) form = tambo_form_new ();
  g_autoptr (TamboForm) again = NULL;
  g_autofree char *text = NULL;

  tambo_form_set (form, "a", "1 & 2 = 3 % \u00e9");
  tambo_form_set (form, "b", "old");
  tambo_form_set (form, "b", "new");
  text = tambo_form_encode (form);
  again = tambo_form_parse (text, strlen (text), NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (tambo_form_get (again, "a"), ==, "1 & 2 = 3 % \u00e9");
  g_assert_cmpstr (tambo_form_get (again, "b"), ==, "new");
}

/* ---- sessions ---- */

static void test_session (void) {
  TamboSessions *sessions = tambo_sessions_new ();
  g_autofree char *cookie = tambo_sessions_begin (sessions, "ana", 1000);
  g_autofree char *other = tambo_sessions_begin (sessions, "luis", 1000);
  g_autofree char *found = tambo_sessions_find (sessions, cookie, 1001);

  g_assert_cmpstr (found, ==, "ana");
  g_assert_cmpstr (cookie, !=, other);
  g_assert_cmpuint (strlen (cookie), ==, 64);
  g_assert_null (tambo_sessions_find (sessions, NULL, 1001));
  g_assert_null (tambo_sessions_find (sessions, "", 1001));
  tambo_sessions_end (sessions, cookie);
  g_assert_null (tambo_sessions_find (sessions, cookie, 1002));
  g_clear_pointer (&found, g_free);
  found = tambo_sessions_find (sessions, other, 1002);
  g_assert_cmpstr (found, ==, "luis");
  tambo_sessions_free (sessions);
}

static gboolean is_alive (TamboSessions *sessions, const char *cookie, gint64 now) {
  g_autofree char *person = tambo_sessions_find (sessions, cookie, now);

  return person != NULL;
}

static void test_session_time (void) {
  TamboSessions *sessions = tambo_sessions_new ();
  g_autofree char *idle = tambo_sessions_begin (sessions, "ana", 0);
  g_autofree char *busy = tambo_sessions_begin (sessions, "luis", 0);
  gint64 now = 0;

  g_assert_true (is_alive (sessions, idle, TAMBO_SESSION_IDLE));
  g_assert_false (is_alive (sessions, idle, 2 * TAMBO_SESSION_IDLE + 1));
  for (now = 0; now <= TAMBO_SESSION_LONGEST; now += TAMBO_SESSION_IDLE)
    g_assert_true (is_alive (sessions, busy, now));
  g_assert_false (is_alive (sessions, busy, now));
  tambo_sessions_free (sessions);
}

static void test_token (void) {
  TamboSessions *sessions = tambo_sessions_new ();
  g_autofree char *mine = tambo_sessions_begin (sessions, "ana", 0);
  g_autofree char *other = tambo_sessions_begin (sessions, "ana", 0);
  g_autofree char *token = tambo_sessions_dup_token (sessions, mine, "/cases/1/decide");

  g_assert_true (tambo_sessions_check_token (sessions, mine, "/cases/1/decide", token));
  g_assert_false (tambo_sessions_check_token (sessions, mine, "/cases/2/decide", token));
  g_assert_false (tambo_sessions_check_token (sessions, other, "/cases/1/decide", token));
  g_assert_false (tambo_sessions_check_token (sessions, mine, "/cases/1/decide", ""));
  g_assert_false (tambo_sessions_check_token (sessions, mine, "/cases/1/decide", "zz"));
  token[0] = token[0] == '0' ? '1' : '0';
  g_assert_false (tambo_sessions_check_token (sessions, mine, "/cases/1/decide", token));
  tambo_sessions_free (sessions);
}

/* ---- wrong passwords ---- */

static void test_throttle (void) {
  TamboThrottle *throttle = tambo_throttle_new ();
  guint wait = 0, last = 0;
  gint64 now = 1000;

  for (int i = 0; i < 5; i++)
    g_assert_cmpuint (tambo_throttle_try (throttle, "ana", 5, now), ==, 0);
  for (int i = 0; i < 8; i++) {
    wait = tambo_throttle_try (throttle, "ana", 5, now);
    g_assert_cmpuint (wait, >=, last);
    g_assert_cmpuint (wait, >, 0);
    g_assert_cmpuint (tambo_throttle_try (throttle, "ana", 5, now), ==,
                      wait); /* it does not count */
    now += wait;
    last = wait;
    g_assert_cmpuint (tambo_throttle_try (throttle, "ana", 5, now), ==, 0);
  }
  g_assert_cmpuint (last, ==, 900);
  g_assert_cmpuint (tambo_throttle_try (throttle, "luis", 5, now), ==, 0);
  tambo_throttle_forget (throttle, "ana");
  for (int i = 0; i < 5; i++)
    g_assert_cmpuint (tambo_throttle_try (throttle, "ana", 5, now), ==, 0);
  g_assert_cmpuint (tambo_throttle_try (throttle, "ana", 5, now), >, 0);
  g_assert_cmpuint (tambo_throttle_try (throttle, "ana", 5, now + 4000), ==, 0);
  tambo_throttle_free (throttle);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/web-form/parse", test_form);
  g_test_add_func ("/hq/web-form/malformed", test_form_malformed);
  g_test_add_func ("/hq/web-form/truncated", test_form_truncated);
  g_test_add_func ("/hq/web-form/bounds", test_form_bounds);
  g_test_add_func ("/hq/web-form/again", test_form_again);
  g_test_add_func ("/hq/web-session/session", test_session);
  g_test_add_func ("/hq/web-session/time", test_session_time);
  g_test_add_func ("/hq/web-session/token", test_token);
  g_test_add_func ("/hq/web-throttle/waits", test_throttle);
  return g_test_run ();
}
