/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a passport comes to be: its files, its keys, and what it offers.
 */
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/bytes.h"
#include "base/file.h"
#include "chip/card-security.h"
#include "chip/domain-parameters.h"
#include "format/tlv.h"
#include "record/mrz.h"
#include "simulator/card-passport-private.h"
#include "simulator/simulator-error.h"

#define TAG_DG1 0x61
#define TAG_MRZ 0x5F1F
#define TAG_PART 0x04
#define TAG_KEYS 0x62
#define MAX_FILE 65535
#define MAX_KEY_FILE 8192
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

/* What BAC and PACE derive their keys from: three fields, each with its check digit. */
static gboolean put_information (TamboCardPassport *card, GBytes *dg1, GError **error) {
  g_autoptr (GBytes) template = tambo_card_passport_keys_from_dg1 (dg1);
  TamboReader reader = template ? tambo_reader_for_bytes (template) : tambo_reader (NULL, 0);
  g_autoptr (GString) information = g_string_new (NULL);
  TamboTlv keys, part;

  if (!tambo_tlv_next (&reader, &keys)) {
    g_set_error_literal (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_MALFORMED,
                         "DG1 holds no MRZ of 72, 88 or 90 characters");
    return FALSE;
  }
  reader = tambo_reader (keys.value, keys.length);
  while (tambo_tlv_next (&reader, &part)) {
    g_string_append_len (information, (const char *) part.value, (gssize) part.length);
    g_string_append_c (information, tambo_mrz_check_digit ((const char *) part.value, part.length));
    if (!card->document_number)
      card->document_number = g_bytes_new (information->str, information->len);
  }
  tambo_bac_keys_derive (information->str, &card->emrtd->keys);
  tambo_pace_password_from_mrz (information->str, &card->mrz_password);
  return TRUE;
}

static gboolean put_file (TamboCardEmrtd *emrtd, TamboLdsFile file, GBytes *content,
                          GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (content, &size);

  if (size > emrtd->memory - emrtd->memory_used) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "the chip has no room for %s", tambo_lds_file_name (file));
    return FALSE;
  }
  emrtd->files[file].content = g_byte_array_new ();
  tambo_put_bytes (emrtd->files[file].content, data, size);
  emrtd->memory_used += size;
  return TRUE;
}

static gboolean take_files (TamboCardPassport *card, const char *folder, GError **error) {
  for (TamboLdsFile file = 0; file < TAMBO_LDS_N_FILES; file++) {
    g_autofree char *path = g_build_filename (folder, tambo_lds_file_name (file), NULL);
    if (file != TAMBO_LDS_DG1 && !g_file_test (path, G_FILE_TEST_EXISTS))
      continue;
    g_autoptr (GBytes) content = tambo_file_read (path, MAX_FILE, error);
    if (!content || !put_file (card->emrtd, file, content, error)
        || (file == TAMBO_LDS_DG1 && !put_information (card, content, error)))
      return FALSE;
  }
  return TRUE;
}

TamboCardPassport *tambo_card_passport_new (const char *folder, gsize memory, GError **error) {
  g_autoptr (TamboCardPassport) card = g_new0 (TamboCardPassport, 1);

  card->emrtd = tambo_card_emrtd_new (memory);
  card->emrtd->operational = TRUE;
  return take_files (card, folder, error) ? g_steal_pointer (&card) : NULL;
}

void tambo_card_passport_free (TamboCardPassport *card) {
  if (!card)
    return;
  g_clear_pointer (&card->identity, g_bytes_unref);
  g_clear_pointer (&card->terminal_key, g_bytes_unref);
  g_clear_pointer (&card->document_number, g_bytes_unref);
  tambo_pace_password_clear (&card->mrz_password);
  tambo_pace_password_clear (&card->can_password);
  g_clear_pointer (&card->pace, tambo_pace_chip_free);
  g_clear_pointer (&card->active_key, EVP_PKEY_free);
  g_clear_pointer (&card->agreement, tambo_card_agreement_free);
  g_clear_pointer (&card->terminal, tambo_card_terminal_free);
  for (guint i = 0; i < TAMBO_CARD_N_EXTRA_FILES; i++)
    g_clear_pointer (&card->extra[i].content, g_byte_array_unref);
  tambo_card_emrtd_free (card->emrtd);
  g_free (card);
}

static void put_extra (TamboCardPassport *card, TamboCardExtraFile file, GBytes *content) {
  gsize size;
  gconstpointer data = g_bytes_get_data (content, &size);

  card->extra[file].content = g_byte_array_new ();
  tambo_put_bytes (card->extra[file].content, data, size);
}

/* ---- keys ---- */

/* NULL without ERROR where there is no such file. */
static GBytes *read_key (const char *folder, const char *name, GError **error) {
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? tambo_file_read (path, MAX_KEY_FILE, error)
                                                : NULL;
}

static gboolean take_active_key (TamboCardPassport *card, GBytes *pem, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (pem, &size);
  g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int) size);

  card->active_key = bio ? PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL) : NULL;
  ERR_clear_error ();
  if (!card->active_key)
    g_set_error_literal (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_MALFORMED,
                         "AA.pem holds no private key");
  return card->active_key != NULL;
}

static gboolean take_authority (TamboCardPassport *card, GBytes *certificate, GError **error) {
  card->terminal = tambo_card_terminal_new (certificate, error);
  if (!card->terminal)
    return FALSE;
  g_autoptr (GBytes) file = tambo_card_terminal_dup_file (card->terminal);
  put_extra (card, TAMBO_CARD_CVCA, file);
  return TRUE;
}

gboolean tambo_card_passport_take_keys (TamboCardPassport *card, const char *folder,
                                        GError **error) {
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) dg14 =
      tambo_card_emrtd_dup_file (card->emrtd, tambo_lds_file_id (TAMBO_LDS_DG14));
  g_autoptr (GBytes) active = read_key (folder, "AA.pem", &problem);
  g_autoptr (GBytes) agreement = problem ? NULL : read_key (folder, "CA.pem", &problem);
  g_autoptr (GBytes) authority = problem ? NULL : read_key (folder, "CVCA.cvcert", &problem);

  if (problem) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (agreement && !(card->agreement = tambo_card_agreement_new (agreement, dg14, error)))
    return FALSE;
  return (!active || take_active_key (card, active, error))
         && (!authority || take_authority (card, authority, error));
}

/* ---- PACE ---- */

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

gboolean tambo_card_passport_offer_pace (TamboCardPassport *card, TamboCardPace pace,
                                         const char *can, GBytes **out_csca, GError **error) {
  TamboPaceInfo info = { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_128, P256, FALSE };
  g_auto (TamboPacePassword) by_can = { 0 };
  g_autoptr (GBytes) key = NULL;
  g_autoptr (GBytes) file = NULL;

  g_return_val_if_fail (!card->pace, FALSE);
  if (pace == TAMBO_CARD_PACE_NONE)
    return TRUE;
  if (can && !tambo_pace_password_from_can (can, &by_can, NULL)) {
    g_set_error_literal (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                         "a card access number has six digits");
    return FALSE;
  }
  if (pace == TAMBO_CARD_PACE_CAM) {
    info.mapping = TAMBO_PACE_ECDH_CAM;
    if (!make_security (&info, &key, &file, out_csca, error))
      return FALSE;
    put_extra (card, TAMBO_CARD_SECURITY, file);
  }
  TamboPacePassword passwords[] = { card->mrz_password, by_can };
  card->pace = tambo_pace_chip_new (&info, 1, passwords, can ? 2 : 1, key);
  card->is_mapped = pace == TAMBO_CARD_PACE_CAM;
  g_autoptr (GBytes) access = tambo_card_access_encode (&info, 1);
  put_extra (card, TAMBO_CARD_ACCESS, access);
  return TRUE;
}
