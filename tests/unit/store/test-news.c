/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/news.h"

#include "desk.h"
#include "store/audit.h"
#include "store/cases.h"

static gboolean is_news (Desk *desk, TamboStoreNews *news) {
  g_autoptr (GError) error = NULL;
  gboolean result = FALSE;

  g_assert_true (tambo_store_look_for_news (desk->store, news, &result, &error));
  g_assert_no_error (error);
  return result;
}

static void note (TamboStore *store) {
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_audit_append (store, "other", "test.note", NULL, NULL, &error));
  g_assert_no_error (error);
}

/* What another connection adds is news once; what this one adds never is. */
static void test_others_alone (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboStore) other = NULL;
  TamboStoreNews news = { 0 };

  desk_init (&desk);
  g_assert_false (is_news (&desk, &news));
  g_assert_false (is_news (&desk, &news));
  note (desk.store);
  g_assert_false (is_news (&desk, &news));

  other = desk_open_again (&desk);
  g_assert_false (is_news (&desk, &news));
  note (other);
  g_assert_true (is_news (&desk, &news));
  g_assert_false (is_news (&desk, &news));
}

/* A setting that another process notes for itself (when it spoke to headquarters last) wakes nobody. */
static void test_nothing_to_see (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboStore) other = NULL;
  TamboStoreNews news = { 0 };

  desk_init (&desk);
  other = desk_open_again (&desk);
  g_assert_false (is_news (&desk, &news));
  g_assert_true (tambo_store_set_setting (other, "last-contact", "now", NULL));
  g_assert_false (is_news (&desk, &news));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/news/others-alone", test_others_alone);
  g_test_add_func ("/store/news/nothing-to-see", test_nothing_to_see);
  return g_test_run ();
}
