/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every address of the three sites, asked as the server asks, over a file and over PostgreSQL.
 */
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "broken-database.h"
#include "hq/appointment.h"
#include "hq/document-code.h"
#include "hq/osia-token.h"
#include "hq/procedures.h"
#include "hq/web.h"
#include "new-database.h"

#define CASE "0f0e0d0c-0b0a-4908-8706-050403020100"
#define ORDER "1f0e0d0c-0b0a-4908-8706-050403020100"
#define HOSTILE "<script>alert('x')</script>"

typedef struct {
  char *folder;
  TamboWeb web;
  char *cookie, *code;
  TamboKey *token_key;
} Fixture;

static void run (Fixture *fixture, const char *sql) {
  g_autoptr (GError) error = NULL;

  tambo_database_run (fixture->web.hq->database, &error, sql, "");
  g_assert_no_error (error);
}

/* 120 cases, of which one has everything, and somebody who put a tag where a text is expected. */
static void fill (Fixture *fixture) {
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 120; i++) {
    g_autofree char *sql = g_strdup_printf (
        "INSERT INTO cases (id, tracking_number, procedure, station, epoch, state, created_at,"
        " updated_at) VALUES ('%08x-0000-4000-8000-000000000000', 'TB-%d', 'passport', 'LIM-01',"
        " 1, '%s', '2026-11-%02dT10:00:00Z', '2026-11-20T10:00:00Z')",
        (guint) i, i, i % 4 == 0 ? "pending" : "received", 1 + i / 6);

    run (fixture, sql);
  }
  run (fixture, "INSERT INTO cases (id, tracking_number, procedure, station, epoch, state, detail,"
                " document_number, created_at, updated_at) VALUES ('" CASE "', 'TB-ONE',"
                " 'passport', 'LIM-02', 1, 'issued', 'x "
                "<b>"
                "', 'T00000077',"
                " '2026-11-21T10:00:00Z', '2026-11-21T11:00:00Z')");
  run (fixture, "INSERT INTO orders (id, case_id, station, document_number, document_type, state,"
                " created_at) VALUES ('" ORDER "', '" CASE "', 'LIM-02', 'T00000077', 'P',"
                " 'issued', '2026-11-21T10:30:00Z')");
  run (fixture, "INSERT INTO events (id, kind, order_id, case_id, document_number, station, at)"
                " VALUES ('e1', 'issued', '" ORDER "', '" CASE "', 'T00000077', 'LIM-02',"
                " '2026-11-21T10:40:00Z')");
  run (fixture, "INSERT INTO alarms (at, station, kind, detail) VALUES ('2026-11-21T10:40:00Z',"
                " 'LIM-02', 'record', 'record " CASE ": <script>')");
  run (fixture,
       "INSERT INTO validations (case_id, position, name, state, detail, at) VALUES ('" CASE
       "', 1, 'completeness', 'passed', '', '2026-11-21T10:20:00Z')");
  fixture->code = tambo_document_code_new ();
  tambo_document_note (fixture->web.hq, ORDER, fixture->code, "2036-11-21", &error);
  g_assert_no_error (error);
}

static void write_token_key (Fixture *fixture) {
  g_autofree char *path = g_build_filename (fixture->folder, "osia.pem", NULL);
  g_autofree char *pem = NULL;
  g_autoptr (GError) error = NULL;

  fixture->token_key = tambo_key_generate ();
  pem = tambo_key_dup_public_pem (fixture->token_key);
  g_file_set_contents (path, pem, -1, &error);
  g_assert_no_error (error);
}

static void set_up (Fixture *fixture, gconstpointer data) {
  g_autofree char *database = new_database ();
  const TamboHqSettings settings = {
    .name = "Utopia " HOSTILE, .state = "UTO", .country = "UT", .database = database
  };
  g_autoptr (GBytes) no_password = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("tambo-pages-XXXXXX", NULL);
  tambo_hq_create (fixture->folder, &settings, &error);
  g_assert_no_error (error);
  fixture->web.hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, fixture->folder, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (fixture->web.hq->signing_key);
  g_assert_false (tambo_key_is_private (fixture->web.hq->envelope_key));
  fixture->web.style = tambo_web_load_style (&error);
  g_assert_no_error (error);
  fixture->web.sessions = tambo_sessions_new ();
  fixture->web.throttle = tambo_throttle_new ();
  /* Making a password takes long, on purpose. */
  tambo_database_run (fixture->web.hq->database, &error,
                      "INSERT INTO people (name, role, state, password, changed_at)"
                      " VALUES ('ana', 'supervisor', 'active', ?, '2026-11-22T00:00:00Z')",
                      "b", no_password);
  g_assert_no_error (error);
  fixture->cookie = tambo_sessions_begin (fixture->web.sessions, "ana", tambo_web_now ());
  write_token_key (fixture);
  fill (fixture);
}

static void remove_tree (const char *path) {
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    remove_tree (child);
  }
  g_remove (path);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  tambo_hq_close (fixture->web.hq);
  g_bytes_unref (fixture->web.style);
  tambo_sessions_free (fixture->web.sessions);
  tambo_throttle_free (fixture->web.throttle);
  tambo_key_unref (fixture->token_key);
  g_free (fixture->cookie);
  g_free (fixture->code);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
}

/* ---- asking ---- */

typedef struct {
  guint status;
  char *text, *location;
} Reply;

static void reply_clear (Reply *reply) {
  g_free (reply->text);
  g_free (reply->location);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reply, reply_clear)

static TamboWebRequest *make_request (Fixture *fixture, const TamboWebSite *site,
                                      const char *method, const char *address, const char *body) {
  TamboWebRequest *request = g_new0 (TamboWebRequest, 1);
  const char *question = strchr (address, '?');
  gboolean is_known;

  request->web = &fixture->web;
  request->site = site;
  request->method = g_strdup (method);
  request->path =
      question != NULL ? g_strndup (address, (gsize) (question - address)) : g_strdup (address);
  question = question != NULL ? question + 1 : "";
  request->query = tambo_form_parse (question, strlen (question), NULL);
  g_assert_nonnull (request->query);
  request->form = tambo_form_new ();
  request->body = g_byte_array_new ();
  if (body != NULL)
    g_byte_array_append (request->body, (const guint8 *) body, (guint) strlen (body));
  request->host = g_strdup ("hq.example");
  request->client = g_strdup ("192.0.2.1");
  request->language = TAMBO_LANGUAGE_ENGLISH;
  request->route = tambo_web_find_route (site, method, request->path, &request->tail, &is_known);
  g_assert_nonnull (request->route);
  return request;
}

static Reply answer (TamboWebRequest *request) {
  g_auto (TamboWebAnswer) answer = { 0 };
  Reply reply;
  gsize size = 0;
  const char *data;

  tambo_web_dispatch (request, &answer);
  data = answer.body != NULL ? g_bytes_get_data (answer.body, &size) : "";
  reply.status = answer.status != 0 ? answer.status : 200;
  reply.text = g_strndup (data, size);
  reply.location = g_strdup (answer.location);
  return reply;
}

static Reply get (Fixture *fixture, const TamboWebSite *site, const char *address) {
  g_autoptr (TamboWebRequest) request = make_request (fixture, site, "GET", address, NULL);

  request->cookie = g_strdup (fixture->cookie);
  return answer (request);
}

static Reply post (Fixture *fixture, const TamboWebSite *site, const char *address,
                   const char *body) {
  g_autoptr (TamboWebRequest) request = make_request (fixture, site, "POST", address, body);

  request->cookie = g_strdup (fixture->cookie);
  return answer (request);
}

static Reply ask_osia (Fixture *fixture, const char *method, const char *address, const char *scope,
                       const char *body) {
  g_autoptr (TamboWebRequest) request = make_request (fixture, &tambo_osia, method, address, body);
  g_autofree char *token =
      tambo_osia_token_sign (fixture->token_key, "hq", "test", scope, tambo_clock_now_unix (), 60);

  request->authorization = g_strconcat ("Bearer ", token, NULL);
  return answer (request);
}

/* ---- staff ---- */

static void assert_page (const Reply *reply) {
  g_assert_null (strstr (reply->text, "<script"));
  g_assert_nonnull (strstr (reply->text, "<html lang=\"en\">"));
  g_assert_nonnull (strstr (reply->text, "<h1>"));
  g_assert_nonnull (strstr (reply->text, "</html>"));
}

static void test_staff (Fixture *fixture, gconstpointer data) {
  static const struct {
    const char *address, *has;
  } cases[] = {
    { "/cases", "TB-119" },
    { "/cases?state=pending", "TB-116" },
    { "/cases?state=pending&station=LIM-01", "TB-116" },
    { "/cases?station=LIM-02", "TB-ONE" },
    { "/cases?q=tb-one", "T00000077" },
    { "/cases?q=t00000077", "TB-ONE" },
    { "/cases?q=%3Cscript%3E", "value=\"&lt;script&gt;\"" },
    { "/cases?before=2026-11-05T10:00:00Z+x", "TB-5" },
    { "/cases/" CASE, "x &lt;b&gt;" },
    { "/stations", "Registered stations" },
    { "/throughput", "<svg" },
    { "/stock", "LIM-02" },
    { "/alarms", "&lt;script&gt;" },
    { "/alarms?before=1", "No alarm." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Reply) reply = get (fixture, &tambo_web_staff, cases[i].address);

    if (reply.status != 200 || strstr (reply.text, cases[i].has) == NULL)
      g_error ("%s: %u without %s: %s", cases[i].address, reply.status, cases[i].has, reply.text);
    assert_page (&reply);
  }
}

/* A page after the other: every case once, the newest first. */
static void test_turning (Fixture *fixture, gconstpointer data) {
  g_autofree char *address = g_strdup ("/cases");
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint pages = 0;

  while (address != NULL) {
    g_auto (Reply) reply = get (fixture, &tambo_web_staff, address);
    const char *next, *link = reply.text;

    pages++;
    while ((link = strstr (link, "href=\"/cases/")) != NULL) {
      link += strlen ("href=\"/cases/");
      g_assert_true (g_hash_table_add (seen, g_strndup (link, strcspn (link, "\""))));
    }
    next = strstr (reply.text, "href=\"/cases?");
    g_clear_pointer (&address, g_free);
    if (next != NULL) {
      g_auto (GStrv) parts = NULL;
      g_autofree char *escaped = NULL;

      next += strlen ("href=\"");
      escaped = g_strndup (next, strcspn (next, "\""));
      parts = g_strsplit (escaped, "&amp;", -1);
      address = g_strjoinv ("&", parts);
    }
  }
  g_assert_cmpuint (pages, ==, 3);
  g_assert_cmpuint (g_hash_table_size (seen), ==, 121);
}

static void test_gate (Fixture *fixture, gconstpointer data) {
  static const char *const closed[] = { "/", "/cases", "/cases/" CASE, "/stations", "/alarms" };
  g_autofree char *cookie = g_steal_pointer (&fixture->cookie);

  for (gsize i = 0; i < G_N_ELEMENTS (closed); i++) {
    g_auto (Reply) reply = get (fixture, &tambo_web_staff, closed[i]);

    g_assert_cmpuint (reply.status, ==, 303);
    g_assert_cmpstr (reply.location, ==, "/sign-in");
    g_assert_cmpstr (reply.text, ==, "");
  }
  fixture->cookie = g_steal_pointer (&cookie);
}

static char *with_token (Fixture *fixture, const char *action, const char *fields) {
  g_autofree char *token =
      tambo_sessions_dup_token (fixture->web.sessions, fixture->cookie, action);

  return g_strdup_printf ("token=%s&%s", token, fields);
}

static void test_forged (Fixture *fixture, gconstpointer data) {
  const char *action = "/orders/" ORDER "/annul";
  g_autofree char *other = with_token (fixture, "/sign-out", "sure=yes");
  g_autofree char *good = with_token (fixture, action, "sure=yes");
  g_autofree char *unsure = with_token (fixture, action, "sure=no");
  g_auto (Reply) without = post (fixture, &tambo_web_staff, action, "sure=yes");
  g_auto (Reply) of_other = post (fixture, &tambo_web_staff, action, other);
  g_auto (Reply) of_unsure = post (fixture, &tambo_web_staff, action, unsure);
  g_autoptr (TamboWebRequest) foreign =
      make_request (fixture, &tambo_web_staff, "POST", action, good);
  g_auto (Reply) of_foreign = { 0 };
  g_auto (Reply) done = { 0 };
  g_auto (Reply) again = { 0 };

  foreign->cookie = g_strdup (fixture->cookie);
  foreign->origin = g_strdup ("https://evil.example");
  of_foreign = answer (foreign);
  g_assert_cmpuint (without.status, ==, 403);
  g_assert_cmpuint (of_other.status, ==, 403);
  g_assert_cmpuint (of_unsure.status, ==, 400);
  g_assert_cmpuint (of_foreign.status, ==, 403);
  done = post (fixture, &tambo_web_staff, action, good);
  g_assert_cmpuint (done.status, ==, 303);
  g_assert_cmpstr (done.location, ==, "/cases/" CASE);
  again = post (fixture, &tambo_web_staff, action, good);
  g_assert_cmpuint (again.status, ==, 409);
}

static void test_roles (Fixture *fixture, gconstpointer data) {
  const char *action = "/orders/" ORDER "/annul";
  g_autofree char *good = with_token (fixture, action, "sure=yes");
  g_autoptr (GError) error = NULL;

  run (fixture, "UPDATE people SET role = 'viewer'");
  g_auto (Reply) refused = post (fixture, &tambo_web_staff, action, good);
  g_assert_cmpuint (refused.status, ==, 403);
  g_auto (Reply) looks = get (fixture, &tambo_web_staff, "/cases/" CASE);
  g_assert_cmpuint (looks.status, ==, 200);
  g_assert_null (strstr (looks.text, "/annul"));
  tambo_people_disable (fixture->web.hq, "ana", &error);
  g_assert_no_error (error);
  g_auto (Reply) out = get (fixture, &tambo_web_staff, "/cases");
  g_assert_cmpuint (out.status, ==, 303);
}

#define PENDING "00000000-0000-4000-8000-000000000000"

/* A refusal names what is captured again; an acceptance says nothing of a refusal. */
static void test_decide (Fixture *fixture, gconstpointer data) {
  static const struct {
    const char *fields;
    guint status;
  } words[] = {
    { "decision=accept&recapture=portrait", 400 },
    { "decision=accept&reason=blurred", 400 },
    { "decision=refuse&recapture=portrait", 400 },
    { "decision=refuse&reason=blurred&recapture=her+face", 400 },
    { "decision=refuse&reason=blurred&recapture=portrait&recapture=finger-left-index", 303 },
    { "decision=refuse&reason=blurred", 409 }, /* the word before is being carried out */
  };
  static const char *const slots[] = { "portrait", "finger-right-index", "finger-left-index",
                                       "signature" };
  const char *action = "/cases/" PENDING "/decide";
  g_auto (Reply) page = get (fixture, &tambo_web_staff, "/cases/" PENDING);
  gint64 n_words;

  for (gsize i = 0; i < G_N_ELEMENTS (slots); i++) {
    g_autofree char *box =
        g_strdup_printf ("id=\"recapture-%s\" name=\"recapture\" value=\"%s\"", slots[i], slots[i]);
    g_assert_nonnull (strstr (page.text, box));
  }
  g_assert_nonnull (strstr (page.text, ">Right index finger<"));
  g_assert_null (strstr (page.text, "finger-right-thumb"));
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autofree char *body = with_token (fixture, action, words[i].fields);
    g_auto (Reply) reply = post (fixture, &tambo_web_staff, action, body);

    if (reply.status != words[i].status)
      g_error ("%s: %u: %s", words[i].fields, reply.status, reply.text);
  }
  g_assert_true (tambo_database_get_int (fixture->web.hq->database, 0, &n_words, NULL,
                                         "SELECT count(*) FROM verdicts", ""));
  g_assert_cmpint (n_words, ==, 1);
  g_auto (Reply) again = get (fixture, &tambo_web_staff, "/cases/" PENDING);
  g_assert_null (strstr (again.text, "recapture"));
}

/* A procedure that is not there (any more) names nothing, and the case is decided all the same. */
static void test_decide_unknown (Fixture *fixture, gconstpointer data) {
  run (fixture, "UPDATE cases SET procedure = 'no-more' WHERE id = '" PENDING "'");
  g_auto (Reply) page = get (fixture, &tambo_web_staff, "/cases/" PENDING);
  g_assert_nonnull (strstr (page.text, "value=\"refuse\""));
  g_assert_null (strstr (page.text, "recapture"));
}

static void test_sign_in (Fixture *fixture, gconstpointer data) {
  g_autofree char *cookie = g_steal_pointer (&fixture->cookie);
  g_autoptr (GBytes) password = tambo_secret_new ("correct horse battery", 21);
  g_autoptr (GError) error = NULL;

  tambo_people_set_password (fixture->web.hq, "ana", password, &error);
  g_assert_no_error (error);
  g_auto (Reply) right =
      post (fixture, &tambo_web_staff, "/sign-in", "name=ana&password=correct+horse+battery");
  g_assert_cmpuint (right.status, ==, 303);
  for (int i = 0; i < 5; i++) {
    g_auto (Reply) wrong =
        post (fixture, &tambo_web_staff, "/sign-in", "name=ana&password=wrong+horse+battery");

    g_assert_cmpuint (wrong.status, ==, 403);
    g_assert_null (strstr (wrong.text, "wrong horse"));
  }
  g_auto (Reply) waits =
      post (fixture, &tambo_web_staff, "/sign-in", "name=ana&password=correct+horse+battery");
  g_assert_cmpuint (waits.status, ==, 429);
  g_auto (Reply) nobody =
      post (fixture, &tambo_web_staff, "/sign-in", "name=nobody&password=correct+horse+battery");
  g_assert_cmpuint (nobody.status, ==, 403);
  fixture->cookie = g_steal_pointer (&cookie);
}

/* ---- everybody ---- */

static void test_validity (Fixture *fixture, gconstpointer data) {
  g_autofree char *words = tambo_document_code_dup_words (fixture->code);
  g_autofree char *address = g_strconcat ("/v/", fixture->code, NULL);
  g_autofree char *by_words = g_ascii_strdown (words, -1);
  g_autofree char *by_hand = g_strconcat ("/v/", by_words, NULL);
  g_auto (Reply) valid = get (fixture, &tambo_web_public, address);

  g_assert_cmpuint (valid.status, ==, 200);
  g_assert_nonnull (strstr (valid.text, "This document is valid."));
  g_assert_nonnull (strstr (valid.text, "T•••••077"));
  g_assert_null (strstr (valid.text, "T00000077"));
  g_assert_nonnull (strstr (valid.text, "2036-11-21"));
  g_auto (Reply) typed = get (fixture, &tambo_web_public, by_hand);
  g_assert_cmpuint (typed.status, ==, 200);
  run (fixture, "UPDATE documents SET expiry_date = '2020-01-01'");
  g_auto (Reply) expired = get (fixture, &tambo_web_public, address);
  g_assert_nonnull (strstr (expired.text, "This document has expired."));
  run (fixture, "UPDATE documents SET annulled_at = '2026-11-22T00:00:00Z'");
  g_auto (Reply) annulled = get (fixture, &tambo_web_public, address);
  g_assert_nonnull (strstr (annulled.text, "annulled"));
  g_auto (Reply) unknown = get (fixture, &tambo_web_public, "/v/00000000000000000000");
  g_assert_cmpuint (unknown.status, ==, 404);
  g_auto (Reply) nonsense = get (fixture, &tambo_web_public, "/v/x");
  g_assert_cmpuint (nonsense.status, ==, 404);
}

static const char booking[] =
    "surname=ERIKSSON&given_names=ANNA+MARIA&birth_date=1974-08-12&sex=F&nationality=uto"
    "&issuing_state=UTO&document_type=P&document_number=L898902C3&phone=&email="
    "&place_of_birth=Zenith&address=";

static char *dup_code (const char *html) {
  const char *code = strstr (html, "id=\"code\">");

  g_assert_nonnull (code);
  code += strlen ("id=\"code\">");
  return g_strndup (code, strcspn (code, "<"));
}

static void test_booking (Fixture *fixture, gconstpointer data) {
  g_autofree char *start = tambo_clock_format (tambo_clock_now_unix () / 3600 * 3600 + 7200);
  g_autofree char *later = tambo_clock_format (tambo_clock_now_unix () / 3600 * 3600 + 10800);
  g_autofree char *form = g_strdup_printf (
      "request=2f0e0d0c-0b0a-4908-8706-050403020100&slot=LIM+%s&%s", start, booking);
  g_autofree char *other = g_strdup_printf (
      "request=3f0e0d0c-0b0a-4908-8706-050403020100&slot=LIM+%s&%s", later, booking);
  g_autofree char *by_code = NULL;
  g_autofree char *move = NULL;
  g_autofree char *code = NULL;
  g_autofree char *again_code = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sealed = NULL;

  tambo_hq_slot_open (fixture->web.hq, "LIM", start, 1, &error);
  tambo_hq_slot_open (fixture->web.hq, "LIM", later, 1, &error);
  g_assert_no_error (error);
  g_auto (Reply) shown = get (fixture, &tambo_web_public, "/book/passport");
  g_assert_nonnull (strstr (shown.text, start));
  g_auto (Reply) booked = post (fixture, &tambo_web_public, "/book/passport", form);
  g_assert_cmpuint (booked.status, ==, 200);
  g_assert_null (strstr (booked.text, "ERIKSSON"));
  code = dup_code (booked.text);
  g_auto (Reply) again = post (fixture, &tambo_web_public, "/book/passport", form);
  g_assert_cmpuint (again.status, ==, 200);
  again_code = dup_code (again.text);
  g_assert_cmpstr (code, ==, again_code);
  g_auto (Reply) twice = post (fixture, &tambo_web_public, "/book/passport", other);
  g_assert_cmpuint (twice.status, ==, 409);

  by_code = g_strdup_printf ("code=%s", code);
  g_auto (Reply) found = post (fixture, &tambo_web_public, "/appointment", by_code);
  g_assert_cmpuint (found.status, ==, 200);
  move = g_strdup_printf ("code=%s&slot=LIM+%s", code, later);
  g_auto (Reply) moved = post (fixture, &tambo_web_public, "/appointment/move", move);
  g_assert_cmpuint (moved.status, ==, 200);
  g_assert_nonnull (strstr (moved.text, later));
  g_auto (Reply) cancelled = post (fixture, &tambo_web_public, "/appointment/cancel", by_code);
  g_assert_cmpuint (cancelled.status, ==, 200);
  g_assert_nonnull (strstr (cancelled.text, "cancelled"));
  g_auto (Reply) unknown = post (fixture, &tambo_web_public, "/appointment", "code=0000-0000-0000");
  g_assert_cmpuint (unknown.status, ==, 404);
}

/* A version that was published stands in the place of the file's. */
static void test_published (Fixture *fixture, gconstpointer data) {
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (TamboProcedure) procedure = tambo_hq_load_procedure ("passport", NULL);
  g_autoptr (GError) error = NULL;

  procedure->version++;
  g_free (procedure->title);
  procedure->title = g_strdup ("Passport of 2027 <i>");
  object = tambo_procedure_to_json (procedure);
  tambo_hq_publish_procedure (fixture->web.hq, object, &error);
  g_assert_no_error (error);
  g_auto (Reply) start = get (fixture, &tambo_web_public, "/");
  g_assert_nonnull (strstr (start.text, ">Passport of 2027 &lt;i&gt;</a>"));
  g_assert_null (strstr (start.text, ">Passport</a>"));
  g_auto (Reply) form = get (fixture, &tambo_web_public, "/book/passport");
  g_assert_nonnull (strstr (form.text, "Passport of 2027"));
  g_auto (Reply) none = get (fixture, &tambo_web_public, "/book/nothing");
  g_assert_cmpuint (none.status, ==, 404);
}

/* What is wrong is said at its field, and what was typed is still there. */
static void test_booking_wrong (Fixture *fixture, gconstpointer data) {
  g_auto (Reply) reply =
      post (fixture, &tambo_web_public, "/book/passport",
            "request=2f0e0d0c-0b0a-4908-8706-050403020100&surname=%3Cb%3E7&birth_date=1990-02-30"
            "&nationality=per&issuing_state=ZZZ&document_type=P&document_number=12345678&sex=F");

  g_assert_cmpuint (reply.status, ==, 422);
  for (const char *const *key =
           (const char *const[]){ "surname", "birth_date", "issuing_state", NULL };
       *key != NULL; key++) {
    g_autofree char *link = g_strdup_printf ("href=\"#%s\"", *key);
    g_autofree char *id = g_strdup_printf ("id=\"%s-error\"", *key);

    g_assert_nonnull (strstr (reply.text, link));
    g_assert_nonnull (strstr (reply.text, id));
  }
  g_assert_null (strstr (reply.text, "href=\"#nationality\""));
  g_assert_nonnull (strstr (reply.text, "value=\"&lt;b&gt;7\""));
  g_assert_nonnull (strstr (reply.text, "value=\"1990-02-30\""));
  g_assert_nonnull (strstr (reply.text, "href=\"#slot\""));
}

/* ---- OSIA ---- */

typedef struct {
  const char *member;
  char type; /* s, i, b, o, a */
  gboolean is_required;
} Member;

/* Of the public description: enrollment 1.3.0, Enrollment; cms 1.3.0, CredentialRequest and its
 * RequestData; Error of both. No other members are allowed in them. */
static const Member enrollment[] = {
  { "enrollmentId", 's', TRUE },    { "status", 's', TRUE },
  { "enrollmentType", 's', FALSE }, { "enrollmentFlags", 'o', FALSE },
  { "requestData", 'o', FALSE },    { "contextualData", 'o', FALSE },
  { "biographicData", 'o', FALSE }, { "biometricData", 'a', FALSE },
  { "documentData", 'a', FALSE },   { "encryption", 'o', FALSE },
  { "integrity", 'a', FALSE },      { NULL },
};
static const Member credential_request[] = {
  { "credentialRequestId", 's', FALSE }, { "status", 's', FALSE },
  { "requestData", 'o', TRUE },          { "personId", 's', TRUE },
  { "biographicData", 'o', TRUE },       { "biometricData", 'a', FALSE },
  { "credentialIds", 'a', FALSE },       { "encryption", 'o', FALSE },
  { "integrity", 'a', FALSE },           { NULL },
};
static const Member request_data[] = {
  { "priority", 'i', TRUE },
  { "credentialProfileId", 's', TRUE },
  { "credentialProfileVersion", 's', FALSE },
  { "credentialProfileSubtype", 's', FALSE },
  { "numberOfPages", 'i', FALSE },
  { "requestType", 's', TRUE },
  { "requestTypeOther", 's', FALSE },
  { "validFromDate", 's', FALSE },
  { "validToDate", 's', FALSE },
  { "credentialNumber", 's', FALSE },
  { "issuingAuthority", 's', FALSE },
  { "deliveryOffice", 's', FALSE },
  { "deliveryAddress", 'o', FALSE },
  { "parentCredentialId", 's', FALSE },
  { "others", 'o', FALSE },
  { NULL },
};
static const Member error_members[] = { { "code", 'i', TRUE }, { "message", 's', TRUE }, { NULL } };

static char type_of (JsonNode *node) {
  if (JSON_NODE_HOLDS_OBJECT (node))
    return 'o';
  if (JSON_NODE_HOLDS_ARRAY (node))
    return 'a';
  switch (json_node_get_value_type (node)) {
  case G_TYPE_STRING:
    return 's';
  case G_TYPE_INT64:
    return 'i';
  default:
    return 'b';
  }
}

static const Member *find_member (const Member *members, const char *name) {
  for (; members->member != NULL; members++)
    if (strcmp (members->member, name) == 0)
      return members;
  return NULL;
}

static void assert_shape (JsonObject *object, const Member *members) {
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *name = names; name != NULL; name = name->next) {
    const Member *member = find_member (members, name->data);

    if (member == NULL)
      g_error ("%s is none of its members", (const char *) name->data);
    g_assert_cmpint (type_of (json_object_get_member (object, name->data)), ==, member->type);
  }
  for (; members->member != NULL; members++)
    g_assert_true (!members->is_required || json_object_has_member (object, members->member));
}

static JsonNode *parse (const Reply *reply) {
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (reply->text, &error);

  g_assert_no_error (error);
  return node;
}

static void assert_one_of (const char *text, const char *const *words) {
  g_assert_true (g_strv_contains (words, text));
}

static void test_osia_enrollment (Fixture *fixture, gconstpointer data) {
  static const char *const statuses[] = { "FINALIZED", "IN_PROGRESS", NULL };
  g_auto (Reply) reply =
      ask_osia (fixture, "GET", "/v1/enrollments/" CASE "?transactionId=1", "enroll.read", NULL);
  g_autoptr (JsonNode) node = parse (&reply);
  JsonObject *object = json_node_get_object (node);

  g_assert_cmpuint (reply.status, ==, 200);
  assert_shape (object, enrollment);
  g_assert_cmpstr (json_object_get_string_member (object, "enrollmentId"), ==, CASE);
  assert_one_of (json_object_get_string_member (object, "status"), statuses);

  g_auto (Reply) part =
      ask_osia (fixture, "GET",
                "/v1/enrollments/" CASE "?transactionId=1&attributes=contextualData&attributes=x",
                "enroll.read", NULL);
  g_autoptr (JsonNode) part_node = parse (&part);
  g_assert_cmpuint (json_object_get_size (json_node_get_object (part_node)), ==, 3);
}

static guint count_found (Fixture *fixture, const char *query, const char *body) {
  g_autofree char *address = g_strdup_printf ("/v1/enrollments?transactionId=1%s", query);
  g_auto (Reply) reply = ask_osia (fixture, "POST", address, "other enroll.read", body);
  g_autoptr (JsonNode) node = NULL;
  JsonArray *found;

  if (reply.status != 200)
    g_error ("%s: %u %s", body, reply.status, reply.text);
  node = parse (&reply);
  found = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (found); i++)
    assert_shape (json_array_get_object_element (found, i), enrollment);
  return json_array_get_length (found);
}

static void test_osia_find (Fixture *fixture, gconstpointer data) {
  g_assert_cmpuint (count_found (fixture, "", NULL), ==, 100);
  g_assert_cmpuint (count_found (fixture, "&limit=1000", "[]"), ==, 121);
  g_assert_cmpuint (count_found (fixture, "&offset=100", "[]"), ==, 21);
  g_assert_cmpuint (
      count_found (fixture, "",
                   "[{\"attributeName\":\"office\",\"operator\":\"=\",\"value\":\"LIM-02\"}]"),
      ==, 1);
  g_assert_cmpuint (
      count_found (fixture, "",
                   "[{\"attributeName\":\"state\",\"operator\":\"=\",\"value\":\"pending\"},"
                   "{\"attributeName\":\"enrollmentDate\",\"operator\":\"<\","
                   "\"value\":\"2026-11-03\"}]"),
      ==, 3);
  g_assert_cmpuint (
      count_found (fixture, "&limit=1000",
                   "[{\"attributeName\":\"status\",\"operator\":\"!=\",\"value\":\"FINALIZED\"}]"),
      ==, 0);
  g_assert_cmpuint (count_found (fixture, "",
                                 "[{\"attributeName\":\"trackingNumber\",\"operator\":\"=\","
                                 "\"value\":\"' OR 1=1 --\"}]"),
                    ==, 0);
}

static void test_osia_credential_request (Fixture *fixture, gconstpointer data) {
  static const char *const statuses[] = { "PENDING", "ISSUED", "CANCELLED", "FAILED", NULL };
  static const char *const types[] = { "FIRST_ISSUANCE", "RENEWAL", "REPLACEMENT", "OTHER", NULL };
  g_auto (Reply) reply = ask_osia (
      fixture, "GET", "/v1/credentialRequests/" ORDER "?transactionId=1", "cms.request.read", NULL);
  g_autoptr (JsonNode) node = parse (&reply);
  JsonObject *object = json_node_get_object (node);
  JsonObject *data_object = json_object_get_object_member (object, "requestData");

  g_assert_cmpuint (reply.status, ==, 200);
  assert_shape (object, credential_request);
  assert_shape (data_object, request_data);
  assert_one_of (json_object_get_string_member (object, "status"), statuses);
  assert_one_of (json_object_get_string_member (data_object, "requestType"), types);
  g_assert_cmpstr (json_object_get_string_member (object, "status"), ==, "ISSUED");
}

static void test_osia_refusals (Fixture *fixture, gconstpointer data) {
  static const struct {
    const char *method, *address, *scope, *body;
    guint status;
  } cases[] = {
    { "GET", "/v1/enrollments/" CASE "?transactionId=1", "enroll.write", NULL, 403 },
    { "GET", "/v1/enrollments/" CASE "?transactionId=1", "cms.request.read", NULL, 403 },
    { "GET", "/v1/enrollments/" CASE, "enroll.read", NULL, 400 },
    { "GET", "/v1/enrollments/x?transactionId=1", "enroll.read", NULL, 404 },
    { "GET", "/v1/credentialRequests/x?transactionId=1", "cms.request.read", NULL, 404 },
    { "GET", "/v1/credentialRequests/" ORDER "?transactionId=1", "enroll.read", NULL, 403 },
    { "POST", "/v1/enrollments?transactionId=1", "enroll.read", "{}", 400 },
    { "POST", "/v1/enrollments?transactionId=1", "enroll.read", "[1]", 400 },
    { "POST", "/v1/enrollments?transactionId=1", "enroll.read", "[", 400 },
    { "POST", "/v1/enrollments?transactionId=1&limit=x", "enroll.read", "[]", 400 },
    { "POST", "/v1/enrollments?transactionId=1&offset=-1", "enroll.read", "[]", 400 },
    { "POST", "/v1/enrollments?transactionId=1", "enroll.read",
      "[{\"attributeName\":\"firstName\",\"operator\":\"=\",\"value\":\"John\"}]", 400 },
    { "POST", "/v1/enrollments?transactionId=1", "enroll.read",
      "[{\"attributeName\":\"office\",\"operator\":\"LIKE\",\"value\":\"x\"}]", 400 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Reply) reply =
        ask_osia (fixture, cases[i].method, cases[i].address, cases[i].scope, cases[i].body);
    g_autoptr (JsonNode) node = parse (&reply);

    if (reply.status != cases[i].status)
      g_error ("%s %s: %u %s", cases[i].method, cases[i].address, reply.status, reply.text);
    assert_shape (json_node_get_object (node), error_members);
    g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "code"), ==,
                     cases[i].status);
  }
  g_auto (Reply) bare = get (fixture, &tambo_osia, "/v1/enrollments/" CASE "?transactionId=1");
  g_assert_cmpuint (bare.status, ==, 401);
}

/* ---- a database that breaks ---- */

typedef Reply (*Ask) (Fixture *fixture, const char *address, const char *body);

static Reply ask_staff (Fixture *fixture, const char *address, const char *body) {
  return get (fixture, &tambo_web_staff, address);
}

static Reply ask_public (Fixture *fixture, const char *address, const char *body) {
  return body != NULL ? post (fixture, &tambo_web_public, address, body)
                      : get (fixture, &tambo_web_public, address);
}

static Reply ask_others (Fixture *fixture, const char *address, const char *body) {
  return ask_osia (fixture, body != NULL ? "POST" : "GET", address, "enroll.read cms.request.read",
                   body);
}

/* At each of its questions in turn: it is said that it went wrong, and nothing else; then it is answered. The
 * name of an appointment's procedure may break when all is done. */
static void sweep (Fixture *fixture, Ask ask, const char *address, const char *body) {
  gboolean may_lack_name = ask == ask_public && body != NULL;
  gboolean is_whole = FALSE;
  guint n = 0;

  while (!is_whole) {
    broken_database_at (++n);
    g_auto (Reply) reply = ask (fixture, address, body);
    is_whole = !broken_database_mend ();
    if (reply.status < 500 && (reply.status != 200 || (!is_whole && !may_lack_name)))
      g_error ("%s, broken at question %u: %u %s", address, n, reply.status, reply.text);
    g_assert_cmpuint (n, <, 1000);
  }
  g_assert_cmpuint (n, >, 1);
}

static void test_broken (Fixture *fixture, gconstpointer data) {
  static const char *const pages[] = {
    "/cases?station=LIM-02", "/cases/" CASE, "/cases/" PENDING, "/stations",
    "/throughput",           "/stock",       "/alarms"
  };
  static const char *const answers[] = { "/v1/enrollments/" CASE "?transactionId=1",
                                         "/v1/credentialRequests/" ORDER "?transactionId=1" };
  g_autofree char *validity = g_strconcat ("/v/", fixture->code, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    sweep (fixture, ask_staff, pages[i], NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    sweep (fixture, ask_others, answers[i], NULL);
  sweep (fixture, ask_others, "/v1/enrollments?transactionId=1&limit=2", "[]");
  sweep (fixture, ask_public, validity, NULL);
}

static void test_broken_booking (Fixture *fixture, gconstpointer data) {
  g_autofree char *start = tambo_clock_format (tambo_clock_now_unix () / 3600 * 3600 + 7200);
  g_autofree char *later = tambo_clock_format (tambo_clock_now_unix () / 3600 * 3600 + 10800);
  g_autofree char *form = g_strdup_printf (
      "request=2f0e0d0c-0b0a-4908-8706-050403020100&slot=LIM+%s&%s", start, booking);
  g_autofree char *by_code = NULL;
  g_autofree char *move = NULL;
  g_autofree char *code = NULL;
  g_autoptr (GError) error = NULL;

  tambo_hq_slot_open (fixture->web.hq, "LIM", start, 1, &error);
  tambo_hq_slot_open (fixture->web.hq, "LIM", later, 1, &error);
  g_assert_no_error (error);
  sweep (fixture, ask_public, "/", NULL);
  sweep (fixture, ask_public, "/book/passport", NULL);
  sweep (fixture, ask_public, "/book/passport", form);
  g_auto (Reply) booked = post (fixture, &tambo_web_public, "/book/passport", form);
  code = dup_code (booked.text);
  by_code = g_strdup_printf ("code=%s", code);
  sweep (fixture, ask_public, "/appointment", by_code);
  move = g_strdup_printf ("code=%s&slot=LIM+%s", code, later);
  sweep (fixture, ask_public, "/appointment/move", move);
  sweep (fixture, ask_public, "/appointment/cancel", by_code);
}

int main (int argc, char **argv) {
  static const struct {
    const char *name;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/hq/pages/staff", test_staff },
    { "/hq/pages/turning", test_turning },
    { "/hq/pages/gate", test_gate },
    { "/hq/pages/forged", test_forged },
    { "/hq/pages/roles", test_roles },
    { "/hq/pages/decide", test_decide },
    { "/hq/pages/decide-unknown", test_decide_unknown },
    { "/hq/pages/sign-in", test_sign_in },
    { "/hq/pages/validity", test_validity },
    { "/hq/pages/booking", test_booking },
    { "/hq/pages/published", test_published },
    { "/hq/pages/booking-wrong", test_booking_wrong },
    { "/hq/pages/broken", test_broken },
    { "/hq/pages/broken-booking", test_broken_booking },
    { "/hq/osia/enrollment", test_osia_enrollment },
    { "/hq/osia/find", test_osia_find },
    { "/hq/osia/credential-request", test_osia_credential_request },
    { "/hq/osia/refusals", test_osia_refusals },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
