/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/access-control.h"

#include <string.h>

#include "applet.h"
#include "chip/card-security.h"
#include "chip/data-group.h"
#include "chip/domain-parameters.h"
#include "hex.h"
#include "memory-channel.h"
#include "specimen.h"

#define CAN "340912"

typedef struct {
  TamboSigner *csca, *ds;
  GPtrArray *roots, *verdicts;
  TamboLds *lds;
  TamboMrz *mrz;
  GBytes *static_key, *static_public;
  Applet *applet;
  TamboChannel *channel;
} Fixture;

static const TamboPaceInfo gm = { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_128, 12, FALSE };
static const TamboPaceInfo cam = { TAMBO_PACE_ECDH_CAM, TAMBO_PACE_AES_256, 13, FALSE };

static void offer (Fixture *fixture, const TamboPaceInfo *infos, gsize n_infos) {
  g_auto (TamboPacePassword) mrz = { 0 };
  g_auto (TamboPacePassword) can = { 0 };

  tambo_pace_password_from_mrz (SPECIMEN_INFORMATION, &mrz);
  g_assert_true (tambo_pace_password_from_can (CAN, &can, NULL));
  TamboPacePassword passwords[] = { mrz, can };
  g_clear_pointer (&fixture->applet->pace, tambo_pace_chip_free);
  fixture->applet->pace = tambo_pace_chip_new (infos, n_infos, passwords, 2, fixture->static_key);
  g_clear_pointer (&fixture->applet->master[APPLET_CARD_ACCESS], g_bytes_unref);
  fixture->applet->master[APPLET_CARD_ACCESS] = tambo_card_access_encode (infos, n_infos);
}

static void sign_key (Fixture *fixture, GBytes *public_key, const TamboSigner *signer) {
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&fixture->applet->master[APPLET_CARD_SECURITY], g_bytes_unref);
  fixture->applet->master[APPLET_CARD_SECURITY] =
      tambo_card_security_sign (&cam, public_key, signer, &error);
  g_assert_no_error (error);
}

static void set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (cam.parameter_id);

  fixture->csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  fixture->ds = tambo_document_signer_new (fixture->csca, "Specimen DS", 5, NULL);
  fixture->roots = specimen_csca (fixture->csca);
  fixture->verdicts = specimen_verdicts ();
  fixture->lds = specimen_lds (fixture->ds, 5000);
  fixture->mrz = tambo_mrz_parse (SPECIMEN_MRZ, "2010-01-01", NULL);
  fixture->static_key = tambo_domain_parameters_random_scalar (domain);
  fixture->static_public = tambo_domain_parameters_multiply (
      domain, tambo_domain_parameters_get_generator (domain), fixture->static_key);
  fixture->applet = applet_new ();
  applet_load (fixture->applet, fixture->lds, SPECIMEN_INFORMATION);
  offer (fixture, &gm, 1);
  fixture->channel = memory_channel_new (applet_card, fixture->applet);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  g_object_unref (fixture->channel);
  applet_free (fixture->applet);
  g_bytes_unref (fixture->static_key);
  g_bytes_unref (fixture->static_public);
  tambo_mrz_free (fixture->mrz);
  tambo_lds_free (fixture->lds);
  g_ptr_array_unref (fixture->verdicts);
  g_ptr_array_unref (fixture->roots);
  tambo_signer_free (fixture->ds);
  tambo_signer_free (fixture->csca);
}

/* Row CHECK has RESULT, and DETAIL in what it says. */
static void assert_row (Fixture *fixture, const char *check, TamboVerdictResult result,
                        const char *detail) {
  for (guint i = 0; i < fixture->verdicts->len; i++) {
    const TamboVerdict *verdict = g_ptr_array_index (fixture->verdicts, i);
    if (strcmp (verdict->check, check) != 0)
      continue;
    g_assert_cmpint (verdict->result, ==, result);
    g_assert_nonnull (strstr (verdict->detail, detail));
    return;
  }
  g_assert_not_reached ();
}

static TamboLds *inspect (Fixture *fixture, const TamboMrz *mrz, const char *can) {
  TamboInspectionKeys keys = { mrz, can };
  g_autoptr (GError) error = NULL;
  TamboLds *lds =
      tambo_inspect_with (fixture->channel, &keys, fixture->roots, fixture->verdicts, NULL, &error);

  g_assert_no_error (error);
  return lds;
}

static void test_mrz (Fixture *fixture, gconstpointer data) {
  g_autoptr (TamboLds) lds = inspect (fixture, fixture->mrz, NULL);

  g_assert_true (tambo_lds_equal (lds, fixture->lds));
  g_assert_true (tambo_verdicts_all_passed (fixture->verdicts));
  assert_row (fixture, "access-control", TAMBO_VERDICT_PASSED,
              "PACE-ECDH-GM-AES-CBC-CMAC-128, NIST P-256");
  g_assert_null (strchr (fixture->applet->log->str, 'B'));
}

static void test_can (Fixture *fixture, gconstpointer data) {
  g_autoptr (TamboLds) lds = inspect (fixture, NULL, CAN);

  g_assert_true (tambo_lds_equal (lds, fixture->lds));
  g_assert_true (tambo_verdicts_all_passed (fixture->verdicts));
  assert_row (fixture, "mrz", TAMBO_VERDICT_SKIPPED, "no MRZ");
}

static void test_wrong (Fixture *fixture, gconstpointer data) {
  static const char *const cans[] = { "340913", "34091", NULL };
  g_autoptr (TamboMrz) other = tambo_mrz_parse ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                                "L898902C36UTO7408133F1204159ZE184226B<<<<<10",
                                                "2010-01-01", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cans); i++) {
    g_ptr_array_set_size (fixture->verdicts, 0);
    g_autoptr (TamboLds) lds = inspect (fixture, cans[i] ? NULL : other, cans[i]);
    g_assert_null (lds);
    g_assert_cmpuint (fixture->verdicts->len, ==, 1);
    assert_row (fixture, "access-control", TAMBO_VERDICT_FAILED, i == 1 ? "six digits" : "PACE");
  }
  TamboInspectionKeys keys = { NULL, cans[0] };
  g_autoptr (GError) error = NULL;
  g_assert_null (tambo_inspection_open_with (fixture->channel, &keys, NULL, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
}

/* A chip without PACE, one that offers what nobody knows, a file that is not one. */
static void test_bac (Fixture *fixture, gconstpointer data) {
  static const char *const files[] = { "31143012060A04007F0007020204050202010202010D",
                                       "3104300206003100", "3003020100", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_ptr_array_set_size (fixture->verdicts, 0);
    g_clear_pointer (&fixture->applet->master[APPLET_CARD_ACCESS], g_bytes_unref);
    fixture->applet->master[APPLET_CARD_ACCESS] = files[i] ? hex (files[i]) : NULL;
    g_autoptr (TamboLds) lds = inspect (fixture, fixture->mrz, CAN);
    g_assert_true (tambo_lds_equal (lds, fixture->lds));
    assert_row (fixture, "access-control", TAMBO_VERDICT_PASSED, "BAC");
    g_autoptr (TamboLds) closed = inspect (fixture, NULL, CAN);
    g_assert_null (closed);
  }
}

/* The chip names what it then refuses: the next best, and at last BAC. */
static void test_refused (Fixture *fixture, gconstpointer data) {
  TamboPaceInfo infos[] = { { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_256, 12, FALSE }, gm };

  g_clear_pointer (&fixture->applet->master[APPLET_CARD_ACCESS], g_bytes_unref);
  fixture->applet->master[APPLET_CARD_ACCESS] = tambo_card_access_encode (infos, 2);
  g_autoptr (TamboLds) lds = inspect (fixture, fixture->mrz, NULL);
  g_assert_nonnull (lds);
  assert_row (fixture, "access-control", TAMBO_VERDICT_PASSED, "CMAC-128");

  g_ptr_array_set_size (fixture->verdicts, 0);
  g_clear_pointer (&fixture->applet->master[APPLET_CARD_ACCESS], g_bytes_unref);
  fixture->applet->master[APPLET_CARD_ACCESS] = tambo_card_access_encode (infos, 1);
  g_autoptr (TamboLds) by_bac = inspect (fixture, fixture->mrz, NULL);
  g_assert_nonnull (by_bac);
  assert_row (fixture, "access-control", TAMBO_VERDICT_PASSED, "BAC: the chip refuses");
}

static void test_mapping (Fixture *fixture, gconstpointer data) {
  offer (fixture, &cam, 1);
  sign_key (fixture, fixture->static_public, fixture->ds);
  g_autoptr (TamboLds) lds = inspect (fixture, fixture->mrz, NULL);

  g_assert_true (tambo_lds_equal (lds, fixture->lds));
  g_assert_true (tambo_verdicts_all_passed (fixture->verdicts));
  assert_row (fixture, "access-control", TAMBO_VERDICT_PASSED,
              "PACE-ECDH-CAM-AES-CBC-CMAC-256, brainpoolP256r1");
  assert_row (fixture, "card-security", TAMBO_VERDICT_PASSED, "");
  assert_row (fixture, "chip-authentication", TAMBO_VERDICT_PASSED, "mapping");
}

static void expect_failed (Fixture *fixture, const char *check, TamboVerdictResult other) {
  g_ptr_array_set_size (fixture->verdicts, 0);
  g_autoptr (TamboLds) lds = inspect (fixture, fixture->mrz, NULL);

  g_assert_nonnull (lds);
  g_assert_false (tambo_verdicts_all_passed (fixture->verdicts));
  assert_row (fixture, check, TAMBO_VERDICT_FAILED, "");
  assert_row (fixture,
              strcmp (check, "card-security") == 0 ? "chip-authentication" : "card-security", other,
              "");
}

/* A copied file with a key that the chip does not have; strangers' signatures; no file; rubbish. */
static void test_mapping_fails (Fixture *fixture, gconstpointer data) {
  g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (cam.parameter_id);
  g_autoptr (TamboSigner) stranger = tambo_csca_new ("UT", "Other CSCA", 10, NULL);
  g_autoptr (TamboSigner) signer = tambo_document_signer_new (stranger, "Other DS", 5, NULL);

  offer (fixture, &cam, 1);
  sign_key (fixture, tambo_domain_parameters_get_generator (domain), fixture->ds);
  expect_failed (fixture, "chip-authentication", TAMBO_VERDICT_PASSED);
  sign_key (fixture, fixture->static_public, signer);
  expect_failed (fixture, "card-security", TAMBO_VERDICT_SKIPPED);

  sign_key (fixture, fixture->static_public, fixture->ds);
  gsize size;
  const guint8 *file = g_bytes_get_data (fixture->applet->master[APPLET_CARD_SECURITY], &size);
  g_autofree guint8 *copy = g_memdup2 (file, size);
  copy[size - 5] ^= 1;
  g_clear_pointer (&fixture->applet->master[APPLET_CARD_SECURITY], g_bytes_unref);
  fixture->applet->master[APPLET_CARD_SECURITY] = g_bytes_new (copy, size);
  expect_failed (fixture, "card-security", TAMBO_VERDICT_SKIPPED);
  g_clear_pointer (&fixture->applet->master[APPLET_CARD_SECURITY], g_bytes_unref);
  expect_failed (fixture, "card-security", TAMBO_VERDICT_SKIPPED);
  fixture->applet->master[APPLET_CARD_SECURITY] = hex ("30060605 2A03040506");
  expect_failed (fixture, "card-security", TAMBO_VERDICT_SKIPPED);
}

/* ISO/IEC 7816-4 section 12.7.1: what EF.ATR/INFO declares is asked for, and not when it is not true. */
static void test_extended (Fixture *fixture, gconstpointer data) {
  for (int truthful = 0; truthful < 2; truthful++) {
    g_clear_pointer (&fixture->applet->master[APPLET_ATR_INFO], g_bytes_unref);
    fixture->applet->master[APPLET_ATR_INFO] = hex ("43018E 7F6608 02020400 02020400");
    fixture->applet->extended = truthful;
    fixture->applet->commands = 0;
    fixture->applet->extended_reads = 0;
    g_autoptr (TamboLds) lds = inspect (fixture, fixture->mrz, NULL);
    g_assert_true (tambo_lds_equal (lds, fixture->lds));
    g_assert_cmpint (fixture->applet->extended_reads > 0, ==, truthful);
    /* 5,005 bytes: 5 and the header, or 23 and the header */
    g_assert_cmpint (fixture->applet->commands < 40, ==, truthful);
  }
}

/* LDS with a DG14 of TEXT, on the chip. */
static void put_dg14 (Fixture *fixture, const char *text) {
  g_autoptr (GBytes) dg14 = hex (text);
  g_autoptr (GError) error = NULL;

  tambo_lds_set (fixture->lds, TAMBO_LDS_DG14, dg14);
  g_autoptr (GBytes) com = tambo_com_encode (fixture->lds);
  tambo_lds_set (fixture->lds, TAMBO_LDS_COM, com);
  g_autoptr (GBytes) sod = tambo_sod_sign (fixture->lds, fixture->ds, &error);
  g_assert_no_error (error);
  tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, sod);
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++)
    g_clear_pointer (&fixture->applet->files[i], g_byte_array_unref);
  tambo_bac_keys_clear (&fixture->applet->keys);
  applet_load (fixture->applet, fixture->lds, SPECIMEN_INFORMATION);
}

/* Doc 9303-11 section 4.2: EF.CardAccess is not signed; DG14 is, and says the same. */
static void test_signed_infos (Fixture *fixture, gconstpointer data) {
  static const struct {
    const char *dg14, *detail;
  } cases[] = {
    /* the same, and one more that is not PACE */
    { "6E2531233012060A04007F0007020204020202010202010C300D060804007F0007020202020101", NULL },
    { "6E16 3114 3012060A04007F0007020204020202010202010D", "signed DG14 does not" },
    { "6E2A 3128 3012060A04007F0007020204020202010202010C 3012060A04007F0007020204060202010202010C",
      "did not offer" },
    { "6E03 020100", "malformed" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_ptr_array_set_size (fixture->verdicts, 0);
    put_dg14 (fixture, cases[i].dg14);
    g_autoptr (TamboLds) lds = inspect (fixture, fixture->mrz, NULL);
    g_assert_nonnull (lds);
    assert_row (fixture, "card-access",
                cases[i].detail ? TAMBO_VERDICT_FAILED : TAMBO_VERDICT_PASSED,
                cases[i].detail ? cases[i].detail : "");
  }
}

/* Somebody between chip and reader hides PACE, to have the weaker BAC. */
static void test_downgrade (Fixture *fixture, gconstpointer data) {
  put_dg14 (fixture, "6E16 3114 3012060A04007F0007020204020202010202010C");
  g_clear_pointer (&fixture->applet->master[APPLET_CARD_ACCESS], g_bytes_unref);
  g_autoptr (TamboLds) lds = inspect (fixture, fixture->mrz, NULL);

  g_assert_nonnull (lds);
  assert_row (fixture, "access-control", TAMBO_VERDICT_PASSED, "BAC");
  assert_row (fixture, "card-access", TAMBO_VERDICT_FAILED, "did not offer");
  g_assert_false (tambo_verdicts_all_passed (fixture->verdicts));
}

/* Torn away at every command there is: always an error, never a verdict. */
static void test_torn (Fixture *fixture, gconstpointer data) {
  offer (fixture, &cam, 1);
  sign_key (fixture, fixture->static_public, fixture->ds);
  fixture->applet->master[APPLET_ATR_INFO] = hex ("43018E");
  g_autoptr (TamboLds) whole = inspect (fixture, fixture->mrz, NULL);
  guint count = fixture->applet->commands;

  for (guint at = 1; at <= count; at++) {
    TamboInspectionKeys keys = { fixture->mrz, NULL };
    g_autoptr (GError) error = NULL;
    fixture->applet->commands = 0;
    fixture->applet->tear_at = at;
    g_autoptr (TamboLds) lds = tambo_inspect_with (fixture->channel, &keys, fixture->roots,
                                                   fixture->verdicts, NULL, &error);
    g_assert_null (lds);
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED);
  }
}

#define ADD(path, test)                                                                            \
  g_test_add ("/chip/access-control/" path, Fixture, NULL, set_up, test, tear_down)

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("mrz", test_mrz);
  ADD ("can", test_can);
  ADD ("wrong", test_wrong);
  ADD ("bac", test_bac);
  ADD ("refused", test_refused);
  ADD ("mapping", test_mapping);
  ADD ("mapping-fails", test_mapping_fails);
  ADD ("extended", test_extended);
  ADD ("signed-infos", test_signed_infos);
  ADD ("downgrade", test_downgrade);
  ADD ("torn", test_torn);
  return g_test_run ();
}
