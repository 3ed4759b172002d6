/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The station's own inspection against the simulated passport, APDU by APDU, without a reader.
 */
#include <string.h>

#include <glib/gstdio.h>

#include "chip/active-authentication.h"
#include "chip/data-group.h"
#include "chip/inspection.h"
#include "simulator/card-passport.h"

#define MRZ                                                                                        \
  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"                                                 \
  "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define CAN "271828"

/* A channel to a card in the same process. */
#define TEST_TYPE_CHANNEL (test_channel_get_type ())
G_DECLARE_FINAL_TYPE (TestChannel, test_channel, TEST, CHANNEL, TamboChannel)

struct _TestChannel {
  TamboChannel parent_instance;
  TamboCardPassport *card; /* borrowed */
  guint bac_commands;
};

G_DEFINE_FINAL_TYPE (TestChannel, test_channel, TAMBO_TYPE_CHANNEL)

static GBytes *transmit (TamboChannel *channel, GBytes *command, GCancellable *cancellable,
                         GError **error) {
  TestChannel *self = TEST_CHANNEL (channel);
  const guint8 *octets = g_bytes_get_data (command, NULL);

  self->bac_commands += octets[0] == 0 && octets[1] == 0x82;
  return tambo_card_passport_process (self->card, command);
}

static gboolean reset (TamboChannel *channel, GError **error) {
  tambo_card_passport_reset (TEST_CHANNEL (channel)->card);
  return TRUE;
}

static const char *get_name (TamboChannel *channel) {
  return "test";
}

static void test_channel_class_init (TestChannelClass *klass) {
  TamboChannelClass *channel_class = TAMBO_CHANNEL_CLASS (klass);

  channel_class->transmit = transmit;
  channel_class->reset = reset;
  channel_class->get_name = get_name;
}

static void test_channel_init (TestChannel *self) {
}

typedef struct {
  char *folder;
  TamboSigner *signer;
  TamboLds *lds;
  GPtrArray *roots, *verdicts;
  TamboMrz *mrz;
  TamboCardPassport *card;
  TestChannel *channel;
} Fixture;

static void save (const Fixture *fixture) {
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    if (!fixture->lds->files[i])
      continue;
    g_autofree char *path = g_build_filename (fixture->folder, tambo_lds_file_name (i), NULL);
    gsize size;
    const char *data = g_bytes_get_data (fixture->lds->files[i], &size);
    g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
  }
}

/* COM and SOD for what FIXTURE has, and all of it in the folder. */
static void seal (const Fixture *fixture) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) com = tambo_com_encode (fixture->lds);

  tambo_lds_set (fixture->lds, TAMBO_LDS_COM, com);
  tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, NULL);
  g_autoptr (GBytes) sod = tambo_sod_sign (fixture->lds, fixture->signer, &error);
  g_assert_no_error (error);
  tambo_lds_set (fixture->lds, TAMBO_LDS_SOD, sod);
  save (fixture);
}

static void set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSigner) csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  g_autofree guint8 *filler = g_malloc0 (3000);
  g_autoptr (GBytes) picture = g_bytes_new (filler, 3000);
  g_autoptr (GBytes) dg1 = tambo_dg1_encode (MRZ);
  g_autoptr (GBytes) dg7 = tambo_dg7_encode (picture);

  fixture->signer = tambo_document_signer_new (csca, "Specimen DS", 5, NULL);
  fixture->lds = tambo_lds_new ();
  tambo_lds_set (fixture->lds, TAMBO_LDS_DG1, dg1);
  tambo_lds_set (fixture->lds, TAMBO_LDS_DG7, dg7);
  fixture->folder = g_dir_make_tmp ("tambo-card-pace-XXXXXX", NULL);
  seal (fixture);
  fixture->card = tambo_card_passport_new (fixture->folder, 65536, &error);
  g_assert_no_error (error);
  fixture->channel = g_object_new (TEST_TYPE_CHANNEL, NULL);
  fixture->channel->card = fixture->card;
  fixture->mrz = tambo_mrz_parse (MRZ, "2010-01-01", NULL);
  fixture->roots = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (fixture->roots, tambo_signer_dup_certificate_der (csca, NULL));
  fixture->verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    g_autofree char *path = g_build_filename (fixture->folder, tambo_lds_file_name (i), NULL);
    g_remove (path);
  }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_object_unref (fixture->channel);
  tambo_card_passport_free (fixture->card);
  tambo_signer_free (fixture->signer);
  tambo_lds_free (fixture->lds);
  tambo_mrz_free (fixture->mrz);
  g_ptr_array_unref (fixture->roots);
  g_ptr_array_unref (fixture->verdicts);
}

static const TamboVerdict *find (const Fixture *fixture, const char *check) {
  for (guint i = 0; i < fixture->verdicts->len; i++) {
    const TamboVerdict *verdict = g_ptr_array_index (fixture->verdicts, i);
    if (strcmp (verdict->check, check) == 0)
      return verdict;
  }
  g_assert_not_reached ();
}

/* The whole document through one inspection; PROTOCOL is what opened it, or NULL when nothing did. */
static void inspect (Fixture *fixture, const TamboMrz *mrz, const char *can, const char *protocol) {
  TamboInspectionKeys keys = { mrz, can };
  g_autoptr (GError) error = NULL;

  g_ptr_array_set_size (fixture->verdicts, 0);
  tambo_card_passport_reset (fixture->card);
  g_autoptr (TamboLds) lds = tambo_inspect_with (TAMBO_CHANNEL (fixture->channel), &keys,
                                                 fixture->roots, fixture->verdicts, NULL, &error);
  g_assert_no_error (error);
  const TamboVerdict *verdict = find (fixture, "access-control");
  if (!protocol) {
    g_assert_null (lds);
    g_assert_cmpint (verdict->result, ==, TAMBO_VERDICT_FAILED);
    return;
  }
  g_assert_true (tambo_lds_equal (lds, fixture->lds));
  g_assert_cmpint (verdict->result, ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpstr (verdict->detail, ==, protocol);
  g_assert_true (tambo_verdicts_all_passed (fixture->verdicts));
}

static void test_bac (Fixture *fixture, gconstpointer data) {
  inspect (fixture, fixture->mrz, NULL, "BAC");
  inspect (fixture, NULL, CAN, NULL);
  g_assert_cmpuint (fixture->channel->bac_commands, ==, 1);
}

static void test_generic (Fixture *fixture, gconstpointer data) {
  static const char protocol[] = "PACE-ECDH-GM-AES-CBC-CMAC-128, NIST P-256";

  g_assert_true (
      tambo_card_passport_offer_pace (fixture->card, TAMBO_CARD_PACE_GENERIC, CAN, NULL, NULL));
  inspect (fixture, fixture->mrz, NULL, protocol);
  inspect (fixture, NULL, CAN, protocol);
  inspect (fixture, NULL, "271829", NULL);
  inspect (fixture, fixture->mrz, CAN, protocol);
  g_assert_cmpuint (fixture->channel->bac_commands, ==, 0);
}

/* A chip without a CAN does not open by one. */
static void test_no_can (Fixture *fixture, gconstpointer data) {
  g_assert_true (
      tambo_card_passport_offer_pace (fixture->card, TAMBO_CARD_PACE_GENERIC, NULL, NULL, NULL));
  inspect (fixture, NULL, CAN, NULL);
}

static void test_wrong_can (Fixture *fixture, gconstpointer data) {
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_card_passport_offer_pace (fixture->card, TAMBO_CARD_PACE_GENERIC, "12345",
                                                  NULL, &error));
  g_assert_nonnull (error);
}

static void test_mapping (Fixture *fixture, gconstpointer data) {
  GBytes *csca = NULL;

  g_assert_true (
      tambo_card_passport_offer_pace (fixture->card, TAMBO_CARD_PACE_CAM, CAN, &csca, NULL));
  g_ptr_array_add (fixture->roots, csca);
  inspect (fixture, fixture->mrz, NULL, "PACE-ECDH-CAM-AES-CBC-CMAC-128, NIST P-256");
  g_assert_cmpint (find (fixture, "card-security")->result, ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpint (find (fixture, "chip-authentication")->result, ==, TAMBO_VERDICT_PASSED);
}

/* All files were copied, the key could not be: the SOD holds, and the chip is not the one. */
static void test_cloned (Fixture *fixture, gconstpointer data) {
  g_auto (TamboActiveKey) key = { 0 };
  g_autoptr (GBytes) dg15 = NULL;
  g_autoptr (GError) error = NULL;
  TamboInspectionKeys keys = { fixture->mrz, NULL };

  g_assert_true (tambo_active_key_generate (&key, &dg15, &error));
  tambo_lds_set (fixture->lds, TAMBO_LDS_DG15, dg15);
  seal (fixture);
  tambo_card_passport_free (fixture->card);
  fixture->card = fixture->channel->card = tambo_card_passport_new (fixture->folder, 65536, &error);
  g_assert_no_error (error);
  g_assert_true (
      tambo_card_passport_offer_pace (fixture->card, TAMBO_CARD_PACE_GENERIC, NULL, NULL, NULL));
  g_autoptr (TamboLds) lds = tambo_inspect_with (TAMBO_CHANNEL (fixture->channel), &keys,
                                                 fixture->roots, fixture->verdicts, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_lds_equal (lds, fixture->lds));
  g_assert_cmpint (find (fixture, "hash-DG15")->result, ==, TAMBO_VERDICT_PASSED);
  g_assert_cmpint (find (fixture, "active-authentication")->result, ==, TAMBO_VERDICT_FAILED);
  g_assert_false (tambo_verdicts_all_passed (fixture->verdicts));
}

/* BAC stays possible for who knows no PACE. */
static void test_both (Fixture *fixture, gconstpointer data) {
  char *information = tambo_mrz_information (fixture->mrz);
  g_auto (TamboBacKeys) keys = { 0 };
  g_autoptr (GError) error = NULL;
  TamboCommand select = { .ins = 0xA4,
                          .p1 = 0x04,
                          .p2 = 0x0C,
                          .data = (const guint8 *) TAMBO_LDS_AID,
                          .size = TAMBO_LDS_AID_SIZE,
                          .le = TAMBO_LE_NONE };
  g_auto (TamboResponse) response = { 0 };
  TamboChannel *channel = TAMBO_CHANNEL (fixture->channel);

  tambo_bac_keys_derive (information, &keys);
  g_free (information);
  g_assert_true (
      tambo_card_passport_offer_pace (fixture->card, TAMBO_CARD_PACE_GENERIC, NULL, NULL, NULL));
  g_assert_true (tambo_channel_transmit (channel, &select, &response, NULL, &error));
  g_autoptr (TamboSecureMessaging) sm = tambo_bac_authenticate (channel, &keys, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) dg1 = tambo_inspection_read_file (channel, sm, TAMBO_LDS_DG1, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (dg1, fixture->lds->files[TAMBO_LDS_DG1]));
}

#define ADD(path, test)                                                                            \
  g_test_add ("/simulator/card-pace/" path, Fixture, NULL, set_up, test, tear_down)

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("bac", test_bac);
  ADD ("generic", test_generic);
  ADD ("no-can", test_no_can);
  ADD ("wrong-can", test_wrong_can);
  ADD ("mapping", test_mapping);
  ADD ("cloned", test_cloned);
  ADD ("both", test_both);
  return g_test_run ();
}
