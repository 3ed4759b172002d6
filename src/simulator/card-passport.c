/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-passport.h"

#include <string.h>

#include "base/bytes.h"
#include "base/file.h"
#include "chip/apdu.h"
#include "chip/card-security.h"
#include "chip/domain-parameters.h"
#include "chip/lds.h"
#include "format/tlv.h"
#include "simulator/simulator-error.h"

#define TAG_DG1 0x61
#define TAG_MRZ 0x5F1F
#define TAG_PART 0x04
#define TAG_KEYS 0x62
#define MAX_UPDATE 255
#define MAX_FILE 65535
#define TD1_SIZE 90
#define TD2_SIZE 72
#define TD3_SIZE 88
#define NUMBER_SIZE 9
#define DATE_SIZE 6
#define P256 12
#define PRACTICE_YEARS 10

/* Where the key fields stand in an MRZ without line breaks (Doc 9303-4, -5 and -6). */
typedef struct {
  gsize size, number, birth, expiry;
  gsize optional, optional_size; /* goes on with a number of more than nine characters */
} Layout;

static const Layout layouts[] = {
  { TD1_SIZE, 5, 30, 38, 15, 15 },
  { TD2_SIZE, 36, 49, 57, 64, 7 },
  { TD3_SIZE, 44, 57, 65, 0, 0 },
};

/* The number without its check digit, which is the applet's to compute. */
static void put_number (GByteArray *keys, const guint8 *mrz, const Layout *layout) {
  g_autoptr (GByteArray) number = g_byte_array_new ();
  const guint8 *optional = mrz + layout->optional;
  gsize more = 0;

  tambo_put_bytes (number, mrz + layout->number, NUMBER_SIZE);
  if (mrz[layout->number + NUMBER_SIZE] == '<')
    while (more < layout->optional_size && optional[more] != '<')
      more++;
  if (more > 1)
    tambo_put_bytes (number, optional, more - 1);
  tambo_tlv_put (keys, TAG_PART, number->data, number->len);
}

GBytes *tambo_card_passport_keys_from_dg1 (GBytes *dg1) {
  TamboReader reader = tambo_reader_for_bytes (dg1);
  g_autoptr (GByteArray) keys = g_byte_array_new ();
  TamboTlv group, mrz;

  if (!tambo_tlv_next (&reader, &group) || group.tag != TAG_DG1
      || !tambo_tlv_find (group.value, group.length, TAG_MRZ, &mrz))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (mrz.length == layouts[i].size) {
      put_number (keys, mrz.value, &layouts[i]);
      tambo_tlv_put (keys, TAG_PART, mrz.value + layouts[i].birth, DATE_SIZE);
      tambo_tlv_put (keys, TAG_PART, mrz.value + layouts[i].expiry, DATE_SIZE);
      tambo_tlv_wrap (keys, TAG_KEYS);
      return g_byte_array_free_to_bytes (g_steal_pointer (&keys));
    }
  return NULL;
}

static gboolean tell (TamboCardJmrtd *card, const TamboCommand *command, const char *what,
                      GError **error) {
  g_autoptr (GBytes) request = tambo_command_encode (command);
  g_autoptr (GBytes) answer = tambo_card_jmrtd_process (card, request);
  const guint8 *status = g_bytes_get_data (answer, NULL);

  if (status[0] == 0x90)
    return TRUE;
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
               "the chip does not take %s: status %02X%02X", what, status[0], status[1]);
  return FALSE;
}

static gboolean write_file (TamboCardJmrtd *card, TamboLdsFile file, GBytes *content,
                            GError **error) {
  const char *name = tambo_lds_file_name (file);
  guint16 file_id = tambo_lds_file_id (file);
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);
  const guint8 template[] = {
    0x63, 0x04, (guint8) (size >> 8), (guint8) size, (guint8) (file_id >> 8), (guint8) file_id
  };
  TamboCommand create = {
    .ins = 0xE0, .data = template, .size = sizeof template, .le = TAMBO_LE_NONE
  };
  TamboCommand select = {
    .ins = 0xA4, .p1 = 0x02, .p2 = 0x0C, .data = template + 4, .size = 2, .le = TAMBO_LE_NONE
  };

  if (!tell (card, &create, name, error) || !tell (card, &select, name, error))
    return FALSE;
  for (gsize at = 0; at < size; at += MAX_UPDATE) {
    TamboCommand update = { .ins = 0xD6,
                            .p1 = (guint8) (at >> 8),
                            .p2 = (guint8) at,
                            .data = data + at,
                            .size = MIN (MAX_UPDATE, size - at),
                            .le = TAMBO_LE_NONE };
    if (!tell (card, &update, name, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean write_keys (TamboCardJmrtd *card, GBytes *dg1, GError **error) {
  g_autoptr (GBytes) keys = tambo_card_passport_keys_from_dg1 (dg1);
  TamboCommand put = { .ins = 0xDA, .p2 = 0x62, .le = TAMBO_LE_NONE };

  if (!keys) {
    g_set_error_literal (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_MALFORMED,
                         "DG1 holds no MRZ of 72, 88 or 90 characters");
    return FALSE;
  }
  put.data = g_bytes_get_data (keys, &put.size);
  return tell (card, &put, "the keys", error);
}

static gboolean personalise (TamboCardJmrtd *card, const char *folder, GError **error) {
  TamboCommand select = { .ins = 0xA4,
                          .p1 = 0x04,
                          .p2 = 0x0C,
                          .data = (const guint8 *) TAMBO_LDS_AID,
                          .size = TAMBO_LDS_AID_SIZE,
                          .le = TAMBO_LE_NONE };
  TamboCommand lock = { .ins = 0xDA, .p1 = 0xDE, .p2 = 0xAD, .le = 256 };

  if (!tell (card, &select, "its application", error))
    return FALSE;
  for (TamboLdsFile file = 0; file < TAMBO_LDS_N_FILES; file++) {
    g_autofree char *path = g_build_filename (folder, tambo_lds_file_name (file), NULL);
    gboolean kept = file != TAMBO_LDS_DG3 && file != TAMBO_LDS_DG4;
    if (!kept || (file != TAMBO_LDS_DG1 && !g_file_test (path, G_FILE_TEST_EXISTS)))
      continue;
    g_autoptr (GBytes) content = tambo_file_read (path, MAX_FILE, error);
    if (!content || !write_file (card, file, content, error)
        || (file == TAMBO_LDS_DG1 && !write_keys (card, content, error)))
      return FALSE;
  }
  return tell (card, &lock, "its lock", error);
}

TamboCardJmrtd *tambo_card_passport_new (const char *folder, gsize memory, GError **error) {
  g_autoptr (TamboCardJmrtd) card = tambo_card_jmrtd_new (memory);

  if (!personalise (card, folder, error))
    return NULL;
  tambo_card_jmrtd_reset (card);
  return g_steal_pointer (&card);
}

/* A key of the chip's own, and the file that vouches for it. */
static gboolean make_security (const TamboPaceInfo *info, GBytes **out_key, GBytes **out_file,
                               GBytes **out_csca, GError **error) {
  g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (info->parameter_id);
  GBytes *generator = tambo_domain_parameters_get_generator (domain);
  g_autoptr (GBytes) key = tambo_domain_parameters_random_scalar (domain);
  g_autoptr (GBytes) public_key = tambo_domain_parameters_multiply (domain, generator, key);
  g_autoptr (TamboSigner) csca =
      tambo_csca_new ("UT", "Practice CSCA of the chip", PRACTICE_YEARS, error);
  g_autoptr (TamboSigner) signer =
      csca ? tambo_document_signer_new (csca, "Practice signer of the chip", 1, error) : NULL;
  if (!signer)
    return FALSE;
  g_autoptr (GBytes) certificate = tambo_signer_dup_certificate_der (csca, error);
  g_autoptr (GBytes) file =
      certificate ? tambo_card_security_sign (info, public_key, signer, error) : NULL;
  if (!file)
    return FALSE;
  *out_key = g_steal_pointer (&key);
  *out_file = g_steal_pointer (&file);
  if (out_csca)
    *out_csca = g_steal_pointer (&certificate);
  return TRUE;
}

gboolean tambo_card_passport_offer_pace (TamboCardJmrtd *card, TamboCardPace pace, const char *can,
                                         GBytes **out_csca, GError **error) {
  TamboPaceInfo info = { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_128, P256, FALSE };
  g_autoptr (GBytes) key = NULL;
  g_autoptr (GBytes) file = NULL;

  if (pace == TAMBO_CARD_PACE_NONE)
    return TRUE;
  if (pace == TAMBO_CARD_PACE_CAM) {
    info.mapping = TAMBO_PACE_ECDH_CAM;
    if (!make_security (&info, &key, &file, out_csca, error))
      return FALSE;
  }
  if (tambo_card_jmrtd_offer_pace (card, &info, can, key, file))
    return TRUE;
  g_set_error_literal (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                       "a card access number has six digits");
  return FALSE;
}
