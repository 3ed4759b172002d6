/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/protocol.h"

#include <string.h>

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static TamboClaims *make_claims (void) {
  TamboClaims *claims = tambo_claims_new ();

  tambo_claims_add (claims, 7, 41, HASH, TRUE);
  tambo_claims_add (claims, 1000001, 0, HASH, FALSE);
  tambo_claims_add_message (claims, 12, HASH);
  tambo_claims_add_message (claims, 11, HASH);
  claims->is_whole = TRUE;
  return claims;
}

static void test_round_trip (void) {
  g_autoptr (TamboClaims) claims = make_claims ();
  g_autofree char *text = tambo_claims_to_json (claims);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboClaims) read = tambo_claims_from_json (text, -1, &error);
  const TamboClaim *claim;
  const TamboInboxClaim *message;

  g_assert_no_error (error);
  g_assert_cmpuint (read->receipts->len, ==, 2);
  claim = read->receipts->pdata[1];
  g_assert_cmpint (claim->sequence, ==, 1000001);
  g_assert_cmpint (claim->log_index, ==, 0);
  g_assert_false (claim->is_kept);
  g_assert_cmpstr (claim->sha256, ==, HASH);
  message = read->inbox->pdata[0];
  g_assert_cmpint (message->number, ==, 12);
  g_assert_true (read->is_whole);
}

static void test_truncated (void) {
  g_autoptr (TamboClaims) claims = make_claims ();
  g_autofree char *text = tambo_claims_to_json (claims);

  for (gsize size = 0; size < strlen (text); size++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_claims_from_json (text, (gssize) size, &error));
    g_assert_nonnull (error);
  }
}

static void test_bad (void) {
  static const char *const texts[] = {
    "{}",
    "{\"inbox\":[],\"receipts\":[],\"whole\":2}",
    "{\"inbox\":[],\"receipts\":{},\"whole\":0}",
    "{\"inbox\":[],\"receipts\":[7],\"whole\":0}",
    "{\"inbox\":[],\"receipts\":[{\"kept\":1,\"log_index\":0,\"sequence\":1,\"sha256\":\"x\"}],"
    "\"whole\":0}",
    "{\"inbox\":[],\"receipts\":[{\"kept\":1,\"log_index\":-1,\"sequence\":1,\"sha256\":\"" HASH
    "\"}],\"whole\":0}",
    "{\"inbox\":[{\"number\":0,\"sha256\":\"" HASH "\"}],\"receipts\":[],\"whole\":0}",
    /* Numbers have to go down. */
    "{\"inbox\":[{\"number\":3,\"sha256\":\"" HASH "\"},{\"number\":3,\"sha256\":\"" HASH
    "\"}],\"receipts\":[],\"whole\":0}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_claims_from_json (texts[i], -1, &error));
    g_assert_nonnull (error);
  }
}

static void test_too_many (void) {
  g_autoptr (TamboClaims) claims = tambo_claims_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  for (int i = 1; i <= TAMBO_MAX_CLAIMS + 1; i++)
    tambo_claims_add (claims, i, i, HASH, TRUE);
  text = tambo_claims_to_json (claims);
  g_assert_null (tambo_claims_from_json (text, -1, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
}

static void test_answer (void) {
  g_autoptr (TamboClaimsAnswer) answer = tambo_claims_answer_new ();
  g_autoptr (TamboClaimsAnswer) read = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gint64 sequence = 9;

  g_array_append_val (answer->unknown, sequence);
  answer->inbox = 4;
  answer->reference = 2;
  text = tambo_claims_answer_to_json (answer);
  read = tambo_claims_answer_from_json (text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->unknown->len, ==, 1);
  g_assert_cmpint (g_array_index (read->unknown, gint64, 0), ==, 9);
  g_assert_cmpint (read->inbox, ==, 4);
  g_assert_cmpint (read->reference, ==, 2);
  for (gsize size = 0; size < strlen (text); size++)
    g_assert_null (tambo_claims_answer_from_json (text, (gssize) size, NULL));
  g_assert_null (tambo_claims_answer_from_json ("{\"inbox\":0,\"reference\":0,\"unknown\":[\"7\"]}",
                                                -1, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/claims/round-trip", test_round_trip);
  g_test_add_func ("/sync/claims/truncated", test_truncated);
  g_test_add_func ("/sync/claims/bad", test_bad);
  g_test_add_func ("/sync/claims/too-many", test_too_many);
  g_test_add_func ("/sync/claims/answer", test_answer);
  return g_test_run ();
}
