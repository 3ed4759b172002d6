/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/protocol.h"

#include <string.h>

#include "base/bytes.h"
#include "base/id.h"
#include "base/json.h"

static TamboKey *key;

#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define ID "3f1d2c4b-5a69-4788-9a0b-1c2d3e4f5a6b"

static TamboManifest *manifest_example (void) {
  TamboManifest *manifest = tambo_manifest_new ();

  manifest->id = g_strdup (ID);
  manifest->kind = g_strdup ("enrolment");
  manifest->sender = g_strdup ("VAN-7");
  manifest->sequence = 3;
  manifest->created = g_strdup ("2026-11-22T09:51:07Z");
  manifest->recipient = g_strdup ("0123456789abcdef");
  manifest->sha256 = g_strdup (HASH);
  manifest->size = 4321;
  manifest->previous = g_strdup ("");
  manifest->case_id = g_strdup (ID);
  manifest->audit_size = 17;
  manifest->audit_root = g_strdup (HASH);
  manifest->reply_key = tambo_key_dup_point (key);
  return manifest;
}

static void test_manifest (void) {
  g_autoptr (TamboManifest) manifest = manifest_example ();
  g_autofree char *text = tambo_manifest_sign (manifest, key);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboManifest) read = tambo_manifest_verify (text, key, &error);
  g_autoptr (TamboManifest) peeked = tambo_manifest_peek (text, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (read->id, ==, ID);
  g_assert_cmpstr (read->kind, ==, "enrolment");
  g_assert_cmpstr (read->sender, ==, "VAN-7");
  g_assert_cmpint (read->sequence, ==, 3);
  g_assert_cmpstr (read->created, ==, "2026-11-22T09:51:07Z");
  g_assert_cmpstr (read->recipient, ==, "0123456789abcdef");
  g_assert_cmpstr (read->sha256, ==, HASH);
  g_assert_cmpint (read->size, ==, 4321);
  g_assert_cmpstr (read->previous, ==, "");
  g_assert_cmpstr (read->case_id, ==, ID);
  g_assert_cmpint (read->audit_size, ==, 17);
  g_assert_cmpstr (read->audit_root, ==, HASH);
  g_assert_true (g_bytes_equal (read->reply_key, manifest->reply_key));
  g_assert_cmpstr (peeked->sender, ==, "VAN-7");
}

static void test_manifest_without_reply_key (void) {
  g_autoptr (TamboManifest) manifest = manifest_example ();
  g_autofree char *text = NULL;
  g_autoptr (TamboManifest) read = NULL;

  g_clear_pointer (&manifest->reply_key, g_bytes_unref);
  text = tambo_manifest_sign (manifest, key);
  read = tambo_manifest_verify (text, key, NULL);
  g_assert_nonnull (read);
  g_assert_null (read->reply_key);
}

static void test_other_signer (void) {
  g_autoptr (TamboKey) other = tambo_key_generate ();
  g_autoptr (TamboManifest) manifest = manifest_example ();
  g_autofree char *text = tambo_manifest_sign (manifest, other);
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_manifest_verify (text, key, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY);
}

static void test_changed_statement (void) {
  g_autoptr (TamboManifest) manifest = manifest_example ();
  g_autofree char *text = tambo_manifest_sign (manifest, key);
  char *sequence = strstr (text, "\"sequence\":3");
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (sequence);
  sequence[strlen ("\"sequence\":")] = '4';
  g_assert_null (tambo_manifest_verify (text, key, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY);
}

static void test_manifest_truncated (void) {
  g_autoptr (TamboManifest) manifest = manifest_example ();
  g_autofree char *text = tambo_manifest_sign (manifest, key);

  for (gsize size = 0; size < strlen (text); size++) {
    g_autofree char *cut = g_strndup (text, size);
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_manifest_verify (cut, key, &error));
    g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
    g_clear_error (&error);
    g_assert_null (tambo_manifest_peek (cut, &error));
    g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
  }
}

static void test_manifest_bounds (void) {
  static const struct {
    const char *from, *to;
  } edits[] = {
    { "\"sequence\":3", "\"sequence\":0" },
    { "\"sequence\":3", "\"sequence\":-1" },
    { "\"sequence\":3", "\"sequence\":\"3\"" },
    { "\"size\":4321", "\"size\":0" },
    { "\"size\":4321", "\"size\":67108865" },
    { "\"sender\":\"VAN-7\"", "\"sender\":\"../VAN\"" },
    { "\"sender\":\"VAN-7\"", "\"sender\":\"\"" },
    { "\"sender\":\"VAN-7\"", "\"sender\":\"a b\"" },
    { "\"kind\":\"enrolment\"", "\"kind\":\"En\"" },
    { "\"kind\":\"enrolment\"", "\"kind\":null" },
    { "\"id\":\"3f1d", "\"id\":\"3F1D" },
    { "\"sha256\":\"00", "\"sha256\":\"0g" },
    { "\"sha256\":\"00", "\"sha256\":\"0" },
    { "\"previous\":\"\"", "\"previous\":\"x\"" },
    { "\"recipient\":\"0", "\"recipient\":\"G" },
    { "09:51:07Z", "09:51:07" },
    { "\"reply_key\":\"B", "\"reply_key\":\"BBBB" },
    { "tambo-manifest/1", "tambo-receipt/1" },
  };
  g_autoptr (TamboManifest) manifest = manifest_example ();
  g_autofree char *text = tambo_manifest_sign (manifest, key);

  for (gsize i = 0; i < G_N_ELEMENTS (edits); i++) {
    GString *edited = g_string_new (text);
    guint n = g_string_replace (edited, edits[i].from, edits[i].to, 1);
    g_autofree char *edited_text = g_string_free (edited, FALSE);
    g_autoptr (GError) error = NULL;

    g_assert_cmpuint (n, ==, 1);
    g_assert_null (tambo_manifest_peek (edited_text, &error));
    g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
  }
}

static TamboReceipt *receipt_example (void) {
  TamboReceipt *receipt = g_new0 (TamboReceipt, 1);

  receipt->id = g_strdup (ID);
  receipt->sha256 = g_strdup (HASH);
  receipt->station = g_strdup ("VAN-7");
  receipt->sequence = 3;
  receipt->log_index = 8;
  receipt->log_size = 9;
  receipt->log_root = g_strdup (HASH);
  receipt->time = g_strdup ("2026-11-22T09:51:07Z");
  receipt->incarnation = g_strdup (ID);
  return receipt;
}

static void test_receipt (void) {
  g_autoptr (TamboReceipt) receipt = receipt_example ();
  g_autofree char *text = tambo_receipt_sign (receipt, key);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboReceipt) read = tambo_receipt_verify (text, key, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (read->id, ==, ID);
  g_assert_cmpstr (read->sha256, ==, HASH);
  g_assert_cmpstr (read->station, ==, "VAN-7");
  g_assert_cmpint (read->sequence, ==, 3);
  g_assert_cmpint (read->log_index, ==, 8);
  g_assert_cmpint (read->log_size, ==, 9);
  g_assert_cmpstr (read->incarnation, ==, ID);
  for (gsize size = 0; size < strlen (text); size++) {
    g_autofree char *cut = g_strndup (text, size);

    g_assert_null (tambo_receipt_verify (cut, key, NULL));
  }
}

static void test_receipt_outside_its_log (void) {
  g_autoptr (TamboReceipt) receipt = receipt_example ();
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  receipt->log_size = 8;
  text = tambo_receipt_sign (receipt, key);
  g_assert_null (tambo_receipt_verify (text, key, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
}

/* One key signs everything at headquarters; a statement of one kind must not pass for another. */
static void test_kinds_are_apart (void) {
  g_autoptr (TamboReceipt) receipt = receipt_example ();
  g_autoptr (TamboManifest) manifest = manifest_example ();
  g_autofree char *receipt_text = tambo_receipt_sign (receipt, key);
  g_autofree char *manifest_text = tambo_manifest_sign (manifest, key);

  g_assert_null (tambo_manifest_verify (receipt_text, key, NULL));
  g_assert_null (tambo_checkpoint_verify (receipt_text, key, NULL));
  g_assert_null (tambo_receipt_verify (manifest_text, key, NULL));
}

static void test_checkpoint (void) {
  g_autoptr (TamboCheckpoint) checkpoint = g_new0 (TamboCheckpoint, 1);
  g_autofree char *text = NULL;
  g_autofree char *empty_text = NULL;
  g_autoptr (TamboCheckpoint) read = NULL;
  g_autoptr (TamboCheckpoint) empty = NULL;
  g_autoptr (GError) error = NULL;

  checkpoint->station = g_strdup ("VAN-7");
  checkpoint->incarnation = g_strdup (ID);
  checkpoint->size = 20;
  checkpoint->old_size = 20;
  checkpoint->root = g_strdup (HASH);
  checkpoint->time = g_strdup ("2026-11-22T09:51:07Z");
  empty_text = tambo_checkpoint_sign (checkpoint, key);
  checkpoint->proof = tambo_random_bytes (64);
  text = tambo_checkpoint_sign (checkpoint, key);
  read = tambo_checkpoint_verify (text, key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read->size, ==, 20);
  g_assert_cmpint (read->old_size, ==, 20);
  g_assert_true (g_bytes_equal (read->proof, checkpoint->proof));
  empty = tambo_checkpoint_verify (empty_text, key, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (empty->proof), ==, 0);

  g_clear_pointer (&text, g_free);
  checkpoint->old_size = 21;
  text = tambo_checkpoint_sign (checkpoint, key);
  g_assert_null (tambo_checkpoint_verify (text, key, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
}

static TamboTrust *trust_example (void) {
  TamboTrust *trust = g_new0 (TamboTrust, 1);

  trust->name = g_strdup ("Utopia");
  trust->signing_key = tambo_key_generate ();
  trust->envelope_key = tambo_key_generate ();
  trust->csca = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (trust->csca, g_strdup ("-----BEGIN CERTIFICATE-----\n"));
  trust->practice = TRUE;
  return trust;
}

static void test_registration_answer (void) {
  g_autoptr (TamboTrust) trust = trust_example ();
  g_autofree char *text = tambo_registration_answer_to_json ("PEM", trust);
  g_autofree char *certificate = NULL;
  g_autoptr (TamboTrust) read = NULL;
  g_autoptr (GBytes) a = tambo_key_dup_point (trust->envelope_key);
  g_autoptr (GBytes) b = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_registration_answer_from_json (text, -1, &certificate, &read, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (certificate, ==, "PEM");
  g_assert_cmpstr (read->name, ==, "Utopia");
  g_assert_true (read->practice);
  g_assert_cmpuint (read->csca->len, ==, 1);
  g_assert_cmpstr (read->csca->pdata[0], ==, trust->csca->pdata[0]);
  b = tambo_key_dup_point (read->envelope_key);
  g_assert_true (g_bytes_equal (a, b));
  g_assert_false (tambo_key_is_private (read->signing_key));
  for (gsize size = 0; size < strlen (text); size++) {
    char *cut_certificate = NULL;
    TamboTrust *cut_trust = NULL;

    g_assert_false (tambo_registration_answer_from_json (text, (gssize) size, &cut_certificate,
                                                         &cut_trust, NULL));
    g_assert_null (cut_certificate);
    g_assert_null (cut_trust);
  }
}

static void test_registration (void) {
  TamboRegistration out = { (char *) "0123456789abcdef", (char *) "VAN-7", (char *) "CSR" };
  g_autofree char *text = tambo_registration_to_json (&out);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboRegistration) in = tambo_registration_from_json (text, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (in->token, ==, "0123456789abcdef");
  g_assert_cmpstr (in->station, ==, "VAN-7");
  g_assert_cmpstr (in->csr, ==, "CSR");
  for (gsize size = 0; size < strlen (text); size++)
    g_assert_null (tambo_registration_from_json (text, (gssize) size, NULL));
}

static void test_inbox_items (void) {
  g_autoptr (GPtrArray) items =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_inbox_item_free);
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) read = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 1; i <= 3; i++) {
    TamboInboxItem *item = g_new0 (TamboInboxItem, 1);

    item->number = i;
    item->manifest = g_strdup_printf ("manifest %d", i);
    g_ptr_array_add (items, item);
  }
  text = tambo_inbox_items_to_json (items);
  read = tambo_inbox_items_from_json (text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 3);
  g_assert_cmpint (((TamboInboxItem *) read->pdata[2])->number, ==, 3);
  g_assert_cmpstr (((TamboInboxItem *) read->pdata[2])->manifest, ==, "manifest 3");
  for (gsize size = 0; size < strlen (text); size++)
    g_assert_null (tambo_inbox_items_from_json (text, (gssize) size, NULL));
  g_assert_null (tambo_inbox_items_from_json (
      "{\"items\":[{\"number\":2,\"manifest\":\"\"},{\"number\":2,\"manifest\":\"\"}]}", -1, NULL));
  g_assert_null (tambo_inbox_items_from_json ("{\"items\":[1]}", -1, NULL));
  g_assert_null (tambo_inbox_items_from_json ("<html>", -1, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
}

static void test_station_codes (void) {
  g_assert_true (tambo_station_code_is_valid ("VAN-7"));
  g_assert_true (tambo_station_code_is_valid ("a"));
  g_assert_true (tambo_station_code_is_valid ("12345678901234567890123456789012"));
  g_assert_false (tambo_station_code_is_valid ("123456789012345678901234567890123"));
  g_assert_false (tambo_station_code_is_valid (NULL));
  g_assert_false (tambo_station_code_is_valid (""));
  g_assert_false (tambo_station_code_is_valid ("."));
  g_assert_false (tambo_station_code_is_valid ("a/b"));
  g_assert_false (tambo_station_code_is_valid ("a\nb"));
}

static GBytes *packet_example (void) {
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GBytes) portrait = tambo_random_bytes (300);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  json_object_set_string_member (object, "id", ID);
  tambo_packet_add_json (packet, "case", object);
  tambo_packet_add (packet, "portrait", portrait);
  tambo_packet_add (packet, "finger-right-index", nothing);
  return tambo_packet_encode (packet);
}

static void test_packet (void) {
  g_autoptr (GBytes) encoded = packet_example ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboPacket) packet = tambo_packet_parse (encoded, &error);
  g_autoptr (JsonObject) object = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (tambo_packet_get (packet, "portrait")), ==, 300);
  g_assert_cmpuint (g_bytes_get_size (tambo_packet_get (packet, "finger-right-index")), ==, 0);
  g_assert_null (tambo_packet_get (packet, "signature"));
  object = tambo_packet_get_json (packet, "case", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tambo_json_peek_string (object, "id"), ==, ID);
  g_assert_null (tambo_packet_get_json (packet, "portrait", &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
  g_clear_error (&error);
  g_assert_null (tambo_packet_get_json (packet, "order", &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
}

static void assert_no_packet (gconstpointer data, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_packet_parse (bytes, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
}

static void test_packet_damaged (void) {
  g_autoptr (GBytes) encoded = packet_example ();
  gsize size = g_bytes_get_size (encoded);
  g_autofree guint8 *data = g_malloc0 (size + 1);

  memcpy (data, g_bytes_get_data (encoded, NULL), size);
  for (gsize cut = 0; cut < size; cut++)
    assert_no_packet (data, cut);
  assert_no_packet (data, size + 1);
  assert_no_packet ("\xff\xff", 2);
  assert_no_packet ("\x00\x01\x01"
                    "a\xff\xff\xff\xff",
                    8);
  assert_no_packet ("\x00\x01\x00\x00\x00\x00\x00", 7);     /* no name */
  assert_no_packet ("\x00\x01\x01/\x00\x00\x00\x00", 8);    /* not a name */
  assert_no_packet ("\x00\x01\x01\x00\x00\x00\x00\x00", 8); /* NUL for a name */
  assert_no_packet ("\x00\x02\x01"
                    "a\x00\x00\x00\x00\x01"
                    "a\x00\x00\x00\x00",
                    14); /* twice */
}

static void test_junk (void) {
  GRand *random = g_rand_new_with_seed (9);

  for (int i = 0; i < 20000; i++) {
    guint8 data[64];
    gsize size = (gsize) g_rand_int_range (random, 0, sizeof data);
    g_autoptr (GBytes) bytes = NULL;
    g_autoptr (TamboPacket) packet = NULL;

    for (gsize k = 0; k < size; k++)
      data[k] = (guint8) g_rand_int_range (random, 0, k < 2 ? 3 : 256);
    bytes = g_bytes_new (data, size);
    packet = tambo_packet_parse (bytes, NULL);
    if (packet != NULL) {
      g_autoptr (GBytes) again = tambo_packet_encode (packet);

      g_assert_true (g_bytes_equal (again, bytes));
    }
  }
  g_rand_free (random);
}

int main (int argc, char **argv) {
  int result;

  g_test_init (&argc, &argv, NULL);
  key = tambo_key_generate ();
  g_test_add_func ("/sync/protocol/manifest", test_manifest);
  g_test_add_func ("/sync/protocol/manifest-without-reply-key", test_manifest_without_reply_key);
  g_test_add_func ("/sync/protocol/other-signer", test_other_signer);
  g_test_add_func ("/sync/protocol/changed-statement", test_changed_statement);
  g_test_add_func ("/sync/protocol/manifest-truncated", test_manifest_truncated);
  g_test_add_func ("/sync/protocol/manifest-bounds", test_manifest_bounds);
  g_test_add_func ("/sync/protocol/receipt", test_receipt);
  g_test_add_func ("/sync/protocol/receipt-outside-its-log", test_receipt_outside_its_log);
  g_test_add_func ("/sync/protocol/kinds-are-apart", test_kinds_are_apart);
  g_test_add_func ("/sync/protocol/checkpoint", test_checkpoint);
  g_test_add_func ("/sync/protocol/registration", test_registration);
  g_test_add_func ("/sync/protocol/registration-answer", test_registration_answer);
  g_test_add_func ("/sync/protocol/inbox-items", test_inbox_items);
  g_test_add_func ("/sync/protocol/station-codes", test_station_codes);
  g_test_add_func ("/sync/packet/parts", test_packet);
  g_test_add_func ("/sync/packet/damaged", test_packet_damaged);
  g_test_add_func ("/sync/packet/junk", test_junk);
  result = g_test_run ();
  tambo_key_unref (key);
  return result;
}
