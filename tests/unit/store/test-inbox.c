/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/inbox.h"

#include "desk.h"
#include "store/cases.h"
#include "store/outbox.h"

static gboolean add (Desk *desk, gint64 number, const char *id, const char *kind,
                     const char *case_id, GError **error) {
  TamboInboxRow row = { .number = number,
                        .id = (char *) id,
                        .kind = (char *) kind,
                        .case_id = (char *) case_id,
                        .manifest = (char *) "{\"signed\":1}" };
  g_autoptr (GBytes) sealed = g_bytes_new (id, 4);

  return tambo_inbox_add (desk->store, &row, sealed, error);
}

/* A case at headquarters, whose receipt has come. */
static char *acknowledged_case (Desk *desk) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();

  g_assert_true (tambo_cases_save (desk->store, enrolment, DESK_OPERATOR, &error));
  g_assert_true (
      tambo_cases_set_state (desk->store, enrolment->id, TAMBO_CASE_QUEUED, DESK_OPERATOR, &error));
  g_assert_true (
      tambo_cases_set_state (desk->store, enrolment->id, TAMBO_CASE_ACKNOWLEDGED, "sync", &error));
  return g_strdup (enrolment->id);
}

static void assert_case (Desk *desk, const char *id, TamboCaseState state) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboCaseRow) row = tambo_cases_get (desk->store, id, &error);

  g_assert_no_error (error);
  g_assert_cmpint (row->state, ==, state);
}

static void test_messages_come_back (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (TamboInboxRow) row = NULL;
  g_autoptr (GBytes) sealed = NULL;
  gint64 last;

  desk_init (&desk);
  g_assert_true (tambo_inbox_last_number (desk.store, &last, &error));
  g_assert_cmpint (last, ==, 0);
  g_assert_true (add (&desk, 1, "aaaa-1", "notice", NULL, &error));
  g_assert_true (add (&desk, 2, "aabb-2", "order", "case-of-nobody", &error));
  desk_reopen (&desk);
  g_assert_true (tambo_inbox_last_number (desk.store, &last, &error));
  g_assert_cmpint (last, ==, 2);
  rows = tambo_inbox_list (desk.store, &error);
  g_assert_cmpuint (rows->len, ==, 2);
  row = tambo_inbox_get (desk.store, "aab", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (row->id, ==, "aabb-2");
  g_assert_cmpstr (row->kind, ==, "order");
  g_assert_cmpstr (row->case_id, ==, "case-of-nobody");
  g_assert_cmpstr (row->state, ==, "new");
  g_assert_cmpstr (row->manifest, ==, "{\"signed\":1}");
  g_assert_nonnull (row->received_at);
  sealed = tambo_inbox_load (desk.store, "aabb-2", &error);
  g_assert_cmpmem (g_bytes_get_data (sealed, NULL), 4, "aabb", 4);
  g_assert_null (tambo_inbox_get (desk.store, "aa", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (tambo_inbox_load (desk.store, "cccc-3", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
  desk_assert_audit (&desk, "inbox.receive", 2);
}

static void test_again_changes_nothing (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboInboxRow) row = NULL;

  desk_init (&desk);
  g_assert_true (add (&desk, 1, "aaaa-1", "notice", NULL, &error));
  g_assert_true (tambo_inbox_set_state (desk.store, "aaaa-1", "done", &error));
  g_assert_true (add (&desk, 1, "aaaa-1", "notice", NULL, &error));
  row = tambo_inbox_get (desk.store, "aaaa-1", &error);
  g_assert_cmpstr (row->state, ==, "done");
  g_assert_false (add (&desk, 1, "bbbb-1", "notice", NULL, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (add (&desk, 2, "aaaa-1", "notice", NULL, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS);
  desk_assert_audit (&desk, "inbox.receive", 1);
  desk_assert_audit (&desk, "inbox.done", 1);
}

static void test_orders_and_refusals_move_the_case (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *ordered = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *noticed = NULL;

  desk_init (&desk);
  ordered = acknowledged_case (&desk);
  refused = acknowledged_case (&desk);
  noticed = acknowledged_case (&desk);
  g_assert_true (add (&desk, 1, "oooo-1", "order", ordered, &error));
  g_assert_true (add (&desk, 2, "rrrr-2", "refusal", refused, &error));
  g_assert_true (add (&desk, 3, "nnnn-3", "notice", noticed, &error));
  assert_case (&desk, ordered, TAMBO_CASE_ORDERED);
  assert_case (&desk, refused, TAMBO_CASE_REFUSED);
  assert_case (&desk, noticed, TAMBO_CASE_ACKNOWLEDGED);
  /* No arrow leads back; the message is kept all the same. */
  g_assert_true (add (&desk, 4, "rrrr-4", "refusal", ordered, &error));
  assert_case (&desk, ordered, TAMBO_CASE_ORDERED);
  desk_assert_audit (&desk, "case.ordered", 1);
  desk_assert_audit (&desk, "case.refused", 1);
  desk_assert_audit (&desk, "inbox.receive", 4);
}

static void test_states (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_true (add (&desk, 1, "aaaa-1", "notice", NULL, &error));
  g_assert_false (tambo_inbox_set_state (desk.store, "aaaa-1", "lost", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (tambo_inbox_set_state (desk.store, "bbbb-1", "done", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
}

/* What the order held of its holder goes; what it was stays. */
static void test_deliver (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  g_assert_true (add (&desk, 1, "oooo-1", "order", NULL, &error));
  g_assert_true (add (&desk, 2, "nnnn-2", "notice", NULL, &error));
  g_assert_true (tambo_inbox_set_state (desk.store, "nnnn-2", "done", &error));
  for (int i = 0; i < 2; i++) {
    g_assert_false (tambo_inbox_deliver (desk.store, i == 0 ? "oooo-1" : "nnnn-2", "x", &error));
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
    g_clear_error (&error);
  }
  g_assert_true (tambo_inbox_set_state (desk.store, "oooo-1", "done", &error));
  g_assert_true (tambo_inbox_deliver (desk.store, "oooo-1", "x", &error));
  g_assert_false (tambo_inbox_deliver (desk.store, "oooo-1", "x", &error));
  g_clear_error (&error);

  g_autoptr (TamboInboxRow) row = tambo_inbox_get (desk.store, "oooo-1", &error);
  g_assert_cmpstr (row->state, ==, "delivered");
  g_assert_null (tambo_inbox_load (desk.store, "oooo-1", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  g_assert_cmpint (desk_count (&desk, "SELECT length (sealed) FROM inbox_messages"
                                      " WHERE number = 1"),
                   ==, 0);
  g_assert_true (tambo_store_verify (desk.store, NULL));
  desk_assert_audit (&desk, "inbox.delivered", 1);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inbox/back", test_messages_come_back);
  g_test_add_func ("/inbox/again", test_again_changes_nothing);
  g_test_add_func ("/inbox/cases", test_orders_and_refusals_move_the_case);
  g_test_add_func ("/inbox/states", test_states);
  g_test_add_func ("/inbox/deliver", test_deliver);
  return g_test_run ();
}
