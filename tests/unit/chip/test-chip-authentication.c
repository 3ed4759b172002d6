/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/chip-authentication-private.h"

#include <string.h>

#include "applet.h"
#include "chip-authentication-examples.h"
#include "chip/data-group.h"
#include "chip/domain-parameters.h"
#include "chip/inspection.h"
#include "format/tlv.h"
#include "hex.h"
#include "memory-channel.h"
#include "specimen.h"

typedef struct {
  TamboSigner *csca, *ds;
  GPtrArray *roots, *verdicts;
  TamboLds *lds;
  TamboMrz *mrz;
  Applet *applet;
  TamboChannel *channel;
} Fixture;

static void set_up (Fixture *fixture, gconstpointer data) {
  fixture->csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  fixture->ds = tambo_document_signer_new (fixture->csca, "Specimen DS", 5, NULL);
  fixture->roots = specimen_csca (fixture->csca);
  fixture->verdicts = specimen_verdicts ();
  fixture->lds = specimen_lds (fixture->ds, 300);
  fixture->mrz = tambo_mrz_parse (SPECIMEN_MRZ, "2010-01-01", NULL);
  fixture->applet = applet_new ();
  fixture->channel = memory_channel_new (applet_card, fixture->applet);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  g_object_unref (fixture->channel);
  applet_free (fixture->applet);
  tambo_mrz_free (fixture->mrz);
  tambo_lds_free (fixture->lds);
  g_ptr_array_unref (fixture->verdicts);
  g_ptr_array_unref (fixture->roots);
  tambo_signer_free (fixture->ds);
  tambo_signer_free (fixture->csca);
}

/* A static key over parameters ID on the applet; its public half. */
static GBytes *make_key (Fixture *fixture, guint id, TamboPaceCipher cipher) {
  g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (id);

  g_clear_pointer (&fixture->applet->static_key, g_bytes_unref);
  fixture->applet->static_key = tambo_domain_parameters_random_scalar (domain);
  fixture->applet->static_parameters = id;
  fixture->applet->static_cipher = cipher;
  return tambo_domain_parameters_multiply (domain, tambo_domain_parameters_get_generator (domain),
                                           fixture->applet->static_key);
}

static void put_hex (GByteArray *array, const char *text) {
  g_autoptr (GBytes) bytes = hex (text);
  tambo_put_bytes (array, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* DG14 with ALGORITHM (the AlgorithmIdentifier, hexadecimal) and POINT; CIPHER 0: no
 * ChipAuthenticationInfo. */
static void put_dg14 (Fixture *fixture, const char *algorithm, GBytes *point, guint8 cipher) {
  g_autoptr (GByteArray) bits = g_byte_array_new ();
  g_autoptr (GByteArray) key = g_byte_array_new ();
  g_autoptr (GByteArray) info = g_byte_array_new ();
  g_autoptr (GByteArray) dg14 = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  tambo_put_u8 (bits, 0);
  tambo_put_bytes (bits, g_bytes_get_data (point, NULL), g_bytes_get_size (point));
  put_hex (key, algorithm);
  tambo_tlv_put (key, 0x03, bits->data, bits->len);
  put_hex (info, "060904007F000702020102");
  tambo_tlv_put (info, 0x30, key->data, key->len);
  tambo_tlv_wrap (info, 0x30);
  tambo_put_bytes (dg14, info->data, info->len);
  if (cipher) {
    put_hex (dg14, "300F060A04007F00070202030200020101");
    dg14->data[info->len + 13] = cipher;
  }
  tambo_tlv_wrap (dg14, 0x31);
  tambo_tlv_wrap (dg14, 0x6E);
  g_autoptr (GBytes) file = g_bytes_new (dg14->data, dg14->len);
  tambo_lds_set (fixture->lds, TAMBO_LDS_DG14, file);
  g_autoptr (GBytes) com = tambo_com_encode (fixture->lds);
  tambo_lds_set (fixture->lds, TAMBO_LDS_COM, com);
  tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, NULL);
  g_autoptr (GBytes) sod = tambo_sod_sign (fixture->lds, fixture->ds, &error);
  g_assert_no_error (error);
  tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, sod);
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++)
    g_clear_pointer (&fixture->applet->files[i], g_byte_array_unref);
  tambo_bac_keys_clear (&fixture->applet->keys);
  applet_load (fixture->applet, fixture->lds, SPECIMEN_INFORMATION);
}

static int inspect (Fixture *fixture) {
  g_autoptr (GError) error = NULL;

  g_ptr_array_set_size (fixture->verdicts, 0);
  g_autoptr (TamboLds) lds = tambo_inspect (fixture->channel, fixture->mrz, fixture->roots,
                                            fixture->verdicts, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_lds_equal (lds, fixture->lds));
  return specimen_result (fixture->verdicts, "chip-authentication");
}

/* A named curve, Brainpool by its identifier, and the old form without a ChipAuthenticationInfo. */
#define P256 "301306072A8648CE3D020106082A8648CE3D030107"
#define STANDARDIZED "300C060704007F0007010202010D" /* 13: brainpoolP256r1 */

static void test_passed (Fixture *fixture, gconstpointer data) {
  static const struct {
    guint id;
    const char *algorithm;
    guint8 cipher;
  } cases[] = {
    { 12, P256, 0 },         { 12, P256, 1 },         { 12, P256, 2 },
    { 13, STANDARDIZED, 3 }, { 13, STANDARDIZED, 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) point = make_key (fixture, cases[i].id, MAX (cases[i].cipher, 1));
    put_dg14 (fixture, cases[i].algorithm, point, cases[i].cipher);
    g_assert_cmpint (inspect (fixture), ==, TAMBO_VERDICT_PASSED);
    g_assert_true (tambo_verdicts_all_passed (fixture->verdicts));
  }
}

/* All files were copied; the private key could not be. */
static void test_cloned (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) real = make_key (fixture, 12, TAMBO_PACE_AES_128);

  put_dg14 (fixture, P256, real, 2);
  g_autoptr (GBytes) own = make_key (fixture, 12, TAMBO_PACE_AES_128);
  g_assert_cmpint (inspect (fixture), ==, TAMBO_VERDICT_FAILED);
  g_assert_cmpint (specimen_result (fixture->verdicts, "hash-DG14"), ==, TAMBO_VERDICT_PASSED);
  g_clear_pointer (&fixture->applet->static_key, g_bytes_unref); /* does not even try */
  g_assert_cmpint (inspect (fixture), ==, TAMBO_VERDICT_FAILED);
}

static void test_odd_keys (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) point = make_key (fixture, 12, TAMBO_PACE_AES_128);
  g_autoptr (GBytes) no_point = hex ("0400");

  put_dg14 (fixture, "300C060704007F00070102020105", point, 2); /* reserved */
  g_assert_cmpint (inspect (fixture), ==, TAMBO_VERDICT_SKIPPED);
  put_dg14 (fixture, "301006072A8648CE3D020106052B8104000A", point, 2); /* secp256k1 */
  g_assert_cmpint (inspect (fixture), ==, TAMBO_VERDICT_SKIPPED);
  put_dg14 (fixture, STANDARDIZED, no_point, 2);
  g_assert_cmpint (inspect (fixture), ==, TAMBO_VERDICT_FAILED);
  put_dg14 (fixture, STANDARDIZED, point, 2); /* of another curve */
  g_assert_cmpint (inspect (fixture), ==, TAMBO_VERDICT_FAILED);
}

static void test_torn (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) point = make_key (fixture, 12, TAMBO_PACE_AES_128);

  put_dg14 (fixture, P256, point, 2);
  fixture->applet->commands = 0;
  g_assert_cmpint (inspect (fixture), ==, TAMBO_VERDICT_PASSED);
  guint count = fixture->applet->commands;
  for (guint at = count - 3; at <= count; at++) {
    g_autoptr (GError) error = NULL;
    fixture->applet->commands = 0;
    fixture->applet->tear_at = at;
    g_assert_null (tambo_inspect (fixture->channel, fixture->mrz, fixture->roots, fixture->verdicts,
                                  NULL, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED);
  }
}

#define ADD(path, test)                                                                            \
  g_test_add ("/chip/chip-authentication/" path, Fixture, NULL, set_up, test, tear_down)

static TamboSecureMessaging *example_session (const ExampleSession *session) {
  g_autoptr (GBytes) ks_enc = hex (session->ks_enc);
  g_autoptr (GBytes) ks_mac = hex (session->ks_mac);
  g_autoptr (GBytes) ssc = hex (session->ssc);

  return tambo_secure_messaging_new (session->cipher, ks_enc, ks_mac, ssc);
}

/* Both sessions protect the next command in the same way: keys and counter are the same. */
static void assert_same_session (TamboSecureMessaging *session, const ExampleSession *expected) {
  g_autoptr (TamboSecureMessaging) other = example_session (expected);
  TamboCommand command = { .ins = 0xB0, .le = 4 };
  g_autoptr (GBytes) ours = tambo_secure_messaging_wrap_command (session, &command);
  g_autoptr (GBytes) theirs = tambo_secure_messaging_wrap_command (other, &command);

  g_assert_true (g_bytes_equal (ours, theirs));
}

static void test_examples (void) {
  for (gsize i = 0; i < n_chip_authentication_examples; i++) {
    const ChipAuthenticationExample *example = &chip_authentication_examples[i];
    ScriptedCard card = { example->pairs, 0 };
    g_autoptr (TamboChannel) channel = memory_channel_new (scripted_card, &card);
    g_autoptr (TamboSecureMessaging) before = example_session (&example->before);
    g_autoptr (GBytes) dg14 = hex (example->dg14);
    g_autoptr (GBytes) ephemeral = hex (example->ephemeral);
    g_autoptr (GBytes) terminal_key = NULL;
    g_autoptr (GError) error = NULL;
    TamboChipAuthenticationWish wish = { ephemeral, example->general };

    g_test_message ("%s", example->name);
    g_autoptr (TamboSecureMessaging) after =
        tambo_chip_authentication_run (channel, before, dg14, &wish, &terminal_key, NULL, &error);
    g_assert_no_error (error);
    g_assert_null (example->pairs[2 * card.position]);
    assert_same_session (after, &example->after);
    g_assert_cmpuint (g_bytes_get_size (terminal_key), ==, 32);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("passed", test_passed);
  ADD ("cloned", test_cloned);
  ADD ("odd-keys", test_odd_keys);
  ADD ("torn", test_torn);
  g_test_add_func ("/chip/chip-authentication/examples", test_examples);
  return g_test_run ();
}
