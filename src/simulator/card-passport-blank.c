/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A passport that is still blank, and how its keys come onto it: what the chips of card-iso7816.h and
 * card-gp.h let their personalisation agent do, each by its own commands.
 */
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/bytes.h"
#include "format/tlv.h"
#include "simulator/card-passport-private.h"

#define REFERENCE_MRZ 1
#define REFERENCE_CAN 2
#define MAX_PASSWORD 32
#define MAX_CARD_ACCESS 255
#define TAG_PUBLIC_KEY 0x7F49
#define TAG_POINT 0x86
#define POINT_SIZE 65

TamboCardPassport *tambo_card_passport_new_blank (gsize memory) {
  TamboCardPassport *card = g_new0 (TamboCardPassport, 1);

  card->emrtd = tambo_card_emrtd_new (memory);
  card->is_open = TRUE;
  return card;
}

TamboCardEmrtd *tambo_card_passport_get_emrtd (TamboCardPassport *card) {
  return card->emrtd;
}

/* PACE is there as soon as there is something to offer and something to open it with. */
static void prepare_pace (TamboCardPassport *card) {
  TamboPacePassword passwords[2];
  const GByteArray *content = card->extra[TAMBO_CARD_ACCESS].content;
  gsize count = 0;

  if (card->mrz_password.secret)
    passwords[count++] = card->mrz_password;
  if (card->can_password.secret)
    passwords[count++] = card->can_password;
  if (!content || count == 0)
    return;
  g_autoptr (GBytes) file = g_bytes_new (content->data, content->len);
  g_autoptr (GArray) infos = tambo_card_access_parse (file, NULL);
  g_clear_pointer (&card->pace, tambo_pace_chip_free);
  if (infos && infos->len > 0)
    card->pace = tambo_pace_chip_new (&g_array_index (infos, TamboPaceInfo, 0), infos->len,
                                      passwords, count, NULL);
}

guint16 tambo_card_passport_put_card_access (TamboCardPassport *card, gconstpointer data,
                                             gsize size) {
  g_autoptr (GBytes) file = g_bytes_new (data, size);
  g_autoptr (GArray) infos = tambo_card_access_parse (file, NULL);
  GByteArray **content = &card->extra[TAMBO_CARD_ACCESS].content;

  if (!infos || size > MAX_CARD_ACCESS)
    return TAMBO_CARD_SW_WRONG_DATA;
  g_clear_pointer (content, g_byte_array_unref);
  *content = g_byte_array_new ();
  tambo_put_bytes (*content, data, size);
  prepare_pace (card);
  return TAMBO_SW_OK;
}

guint16 tambo_card_passport_put_password (TamboCardPassport *card, guint8 reference,
                                          gconstpointer data, gsize size) {
  TamboPacePassword *password =
      reference == REFERENCE_CAN ? &card->can_password : &card->mrz_password;

  if (size == 0 || size > MAX_PASSWORD
      || (reference != REFERENCE_MRZ && reference != REFERENCE_CAN))
    return TAMBO_CARD_SW_WRONG_DATA;
  tambo_pace_password_clear (password);
  password->reference = reference;
  password->secret = tambo_secret_new (data, size);
  prepare_pace (card);
  return TAMBO_SW_OK;
}

/* As PEM, which is what a finished passport takes. */
static GBytes *dup_pem (EVP_PKEY *key) {
  BIO *bio = BIO_new (BIO_s_mem ());
  char *text = NULL;

  if (!bio || !PEM_write_bio_PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL)) {
    BIO_free (bio);
    return NULL;
  }
  long size = BIO_get_mem_data (bio, &text);
  GBytes *pem = tambo_secret_new (text, (gsize) size);
  BIO_free (bio);
  return pem;
}

guint16 tambo_card_passport_put_chip_key (TamboCardPassport *card, gconstpointer data, gsize size) {
  const unsigned char *at = data;
  g_autoptr (EVP_PKEY) key = d2i_AutoPrivateKey (NULL, &at, (long) size);
  g_autoptr (GBytes) pem = key ? dup_pem (key) : NULL;
  g_autoptr (GBytes) dg14 =
      tambo_card_emrtd_dup_file (card->emrtd, tambo_lds_file_id (TAMBO_LDS_DG14));
  TamboCardAgreement *agreement = pem ? tambo_card_agreement_new (pem, dg14, NULL) : NULL;

  ERR_clear_error ();
  if (!agreement)
    return TAMBO_CARD_SW_WRONG_DATA;
  g_clear_pointer (&card->agreement, tambo_card_agreement_free);
  card->agreement = agreement;
  return TAMBO_SW_OK;
}

guint16 tambo_card_passport_put_active_key (TamboCardPassport *card, gconstpointer data,
                                            gsize size) {
  const unsigned char *at = data;
  EVP_PKEY *key = d2i_PrivateKey (EVP_PKEY_EC, NULL, &at, (long) size);

  ERR_clear_error ();
  if (!key)
    return TAMBO_CARD_SW_WRONG_DATA;
  g_clear_pointer (&card->active_key, EVP_PKEY_free);
  card->active_key = key;
  return TAMBO_SW_OK;
}

guint16 tambo_card_passport_generate (TamboCardPassport *card, GBytes **out_answer) {
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  guint8 point[POINT_SIZE];
  gsize size = 0;

  if (!key || !EVP_PKEY_get_octet_string_param (key, "pub", point, sizeof point, &size)
      || size != POINT_SIZE)
    return 0x6F00;
  g_clear_pointer (&card->active_key, EVP_PKEY_free);
  card->active_key = g_steal_pointer (&key);
  tambo_tlv_put (answer, TAG_POINT, point, size);
  tambo_tlv_wrap (answer, TAG_PUBLIC_KEY);
  *out_answer = g_byte_array_free_to_bytes (g_steal_pointer (&answer));
  return TAMBO_SW_OK;
}
