/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The keys of a personalisation: how they come onto the chip, or are made there, and how the chip proves
 * that it has them before it is locked.
 */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "chip/access-control.h"
#include "chip/active-authentication.h"
#include "chip/key-info.h"
#include "chip/personalisation-private.h"
#include "chip/status.h"
#include "format/tlv.h"

/* "MRZ information" of a nine-letter document number: number, birth date, expiry date, each with its
 * check digit. */
#define INFORMATION_SIZE 24
#define BIRTH_AT 10
#define EXPIRY_AT 17
#define ACTIVE_KEY_SIZE 128
/* Key generation takes seconds on a real chip. */
#define GENERATION_PATIENCE_MS 90000
#define TAG_PUBLIC_KEY 0x7F49
#define TAG_POINT 0x86
#define P256_POINT 65
#define TAG_DG14 0x6E

/* ---- without the card ---- */

/* The set of DG14: 6E { 31 … }. */
static GBytes *dup_set (GBytes *dg14) {
  gsize size;
  gconstpointer data = g_bytes_get_data (dg14, &size);
  TamboTlv whole;

  return tambo_tlv_find (data, size, TAG_DG14, &whole) ? g_bytes_new (whole.value, whole.length)
                                                       : NULL;
}

GBytes *tambo_personalisation_make_card_access (const TamboChipProfile *profile,
                                                const TamboLds *lds) {
  GBytes *dg14 = lds->files[TAMBO_LDS_DG14];

  if (!profile->card_access || !dg14)
    return NULL;
  g_autoptr (GBytes) set = dup_set (dg14);
  g_autoptr (GArray) infos = set ? tambo_card_access_parse (set, NULL) : NULL;
  if (!infos || infos->len == 0)
    return NULL;
  return tambo_card_access_encode (&g_array_index (infos, TamboPaceInfo, 0), infos->len);
}

GBytes *tambo_personalisation_chip_key_parse (GBytes *pem, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (pem, &size);
  g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int) size);
  g_autoptr (EVP_PKEY) key = bio ? PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL) : NULL;
  unsigned char *der = NULL;
  GBytes *bytes = NULL;

  int length = key && EVP_PKEY_is_a (key, "EC") ? i2d_PrivateKey (key, &der) : -1;
  if (length > 0)
    bytes = tambo_secret_new (der, (gsize) length);
  else
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "this is no private key on a curve (PEM)");
  OPENSSL_clear_free (der, length > 0 ? (gsize) length : 0);
  ERR_clear_error ();
  return bytes;
}

static gboolean check_active (const TamboPersonalisationRun *run, GError **error) {
  const TamboChipProfile *profile = run->order->profile;
  const TamboActiveKey *key = run->order->active;

  if (!key)
    return TRUE;
  gboolean fits =
      key->curve_key
          ? profile->active_curve_key && g_bytes_get_size (key->curve_key) <= profile->max_key
          : profile->active_modulus && g_bytes_get_size (key->modulus) == ACTIVE_KEY_SIZE
                && g_bytes_get_size (key->private_exponent) == ACTIVE_KEY_SIZE;
  if (fits && run->order->lds->files[TAMBO_LDS_DG15])
    return TRUE;
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
               "active authentication takes an RSA key of 1024 bits or one on a curve, its public "
               "half in DG15 and a chip that loads it; %s key, profile %s, DG15 %s",
               key->curve_key ? "curve" : "RSA", profile->name,
               run->order->lds->files[TAMBO_LDS_DG15] ? "there" : "not there");
  return FALSE;
}

/* FALSE with ERROR when the order brings WHAT and the profile has no way, or only MAX bytes, for it. */
static gboolean check_way (const TamboPersonalisationRun *run, GBytes *secret,
                           const char *command_template, const char *what, GError **error) {
  gsize size = secret ? g_bytes_get_size (secret) : 0;

  if (!secret || (command_template && size <= run->order->profile->max_key))
    return TRUE;
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
               "a chip of profile %s takes no %s%s", run->order->profile->name, what,
               command_template ? " of this size" : "");
  return FALSE;
}

static gboolean check_can (const TamboPersonalisationRun *run, GError **error) {
  g_auto (TamboPacePassword) password = { 0 };

  if (!run->order->can)
    return TRUE;
  if (!run->order->card_access) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "a card access number needs an EF.CardAccess that offers PACE");
    return FALSE;
  }
  return tambo_pace_password_from_can (run->order->can, &password, error);
}

static gboolean check_card_access (const TamboPersonalisationRun *run, GError **error) {
  g_autoptr (GArray) infos = NULL;

  if (!run->order->card_access)
    return TRUE;
  infos = tambo_card_access_parse (run->order->card_access, error);
  return infos != NULL;
}

gboolean tambo_personalisation_check_keys (const TamboPersonalisationRun *run, GError **error) {
  const TamboChipProfile *profile = run->order->profile;

  return check_active (run, error) && check_can (run, error) && check_card_access (run, error)
         && check_way (run, run->order->card_access, profile->card_access, "EF.CardAccess", error)
         && check_way (run, run->order->chip_key, profile->chip_key, "chip authentication key",
                       error);
}

/* ---- loading ---- */

static gboolean load_key (TamboPersonalisationRun *run, const char *command_template,
                          TamboTemplateValues *values, const char *what, GError **error) {
  guint16 sw = 0;

  if (!tambo_personalisation_session_send (&run->session, command_template, values, &sw,
                                           run->cancellable, error))
    return FALSE;
  if (sw != TAMBO_SW_OK)
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, what, sw);
  return sw == TAMBO_SW_OK;
}

static gboolean load_secret (TamboPersonalisationRun *run, const char *command_template,
                             GBytes *secret, const char *what, GError **error) {
  TamboTemplateValues values = { 0 };

  if (!secret)
    return TRUE;
  values.data = g_bytes_get_data (secret, &values.data_size);
  values.size = (guint16) values.data_size;
  return load_key (run, command_template, &values, what, error);
}

static gboolean load_password (TamboPersonalisationRun *run, const TamboPacePassword *password,
                               GError **error) {
  TamboTemplateValues values = { .reference = (guint8) password->reference };

  values.data = g_bytes_get_data (password->secret, &values.data_size);
  values.size = (guint16) values.data_size;
  return load_key (run, run->order->profile->pace_password, &values,
                   "the loading of a PACE password", error);
}

/* Section 4.4.4.1: the MRZ opens always, the CAN where there is one. */
static gboolean write_pace (TamboPersonalisationRun *run, const char *information, GError **error) {
  g_auto (TamboPacePassword) by_mrz = { 0 }, by_can = { 0 };

  if (!run->order->card_access)
    return TRUE;
  tambo_pace_password_from_mrz (information, &by_mrz);
  if (run->order->can && !tambo_pace_password_from_can (run->order->can, &by_can, error))
    return FALSE;
  return load_secret (run, run->order->profile->card_access, run->order->card_access,
                      "the writing of EF.CardAccess", error)
         && load_password (run, &by_mrz, error)
         && (!by_can.secret || load_password (run, &by_can, error));
}

/* In place of the check digits, which the chip makes itself, INFORMATION gets ends of its parts. */
static gboolean write_bac (TamboPersonalisationRun *run, char *information, GError **error) {
  g_auto (TamboBacKeys) keys = { 0 };

  tambo_bac_keys_derive (information, &keys);
  information[BIRTH_AT - 1] = '\0';
  information[BIRTH_AT + 6] = '\0';
  information[EXPIRY_AT + 6] = '\0';
  TamboTemplateValues values = { .number = information,
                                 .birth = information + BIRTH_AT,
                                 .expiry = information + EXPIRY_AT,
                                 .k_enc = keys.k_enc,
                                 .k_mac = keys.k_mac };
  return load_key (run, run->order->profile->bac_keys, &values, "the loading of the access keys",
                   error);
}

static gboolean write_access_keys (TamboPersonalisationRun *run, GError **error) {
  char *information = tambo_mrz_information (run->mrz);

  if (!information || strlen (information) != INFORMATION_SIZE) {
    tambo_secret_string_free (information);
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the chip takes access keys only from an MRZ with a document number of up "
                         "to nine letters, birth date and expiry date");
    return FALSE;
  }
  gboolean loaded = write_pace (run, information, error) && write_bac (run, information, error);
  tambo_secret_wipe (information, INFORMATION_SIZE);
  g_free (information);
  return loaded;
}

static gboolean write_active_key (TamboPersonalisationRun *run, GError **error) {
  static const char what[] = "the loading of the active authentication key";
  const TamboChipProfile *profile = run->order->profile;
  const TamboActiveKey *key = run->order->active;
  TamboTemplateValues values = { 0 };

  if (!key)
    return TRUE;
  if (key->curve_key)
    return load_secret (run, profile->active_curve_key, key->curve_key, what, error);
  values.modulus = key->modulus;
  values.exponent = key->private_exponent;
  return load_key (run, profile->active_modulus, &values, what, error)
         && load_key (run, profile->active_exponent, &values, what, error);
}

gboolean tambo_personalisation_write_keys (TamboPersonalisationRun *run, GError **error) {
  return tambo_personalisation_announce (run, TAMBO_STEP_KEYS, TAMBO_LDS_N_FILES, error)
         && write_active_key (run, error)
         && load_secret (run, run->order->profile->chip_key, run->order->chip_key,
                         "the loading of the chip authentication key", error)
         && write_access_keys (run, error);
}

/* ---- proof ---- */

static gboolean has_row (GPtrArray *verdicts, guint first, const char *check) {
  for (guint i = first; i < verdicts->len; i++)
    if (strcmp (((const TamboVerdict *) g_ptr_array_index (verdicts, i))->check, check) == 0)
      return TRUE;
  return FALSE;
}

/* A key that the chip cannot prove would make every document of this one a clone at the border. */
static gboolean prove_active_key (TamboPersonalisationRun *run, GPtrArray *verdicts,
                                  GError **error) {
  guint first = verdicts->len;

  if (!run->order->active || has_row (verdicts, 0, "active-authentication"))
    return TRUE;
  g_autoptr (TamboSecureMessaging) sm =
      tambo_inspection_open (run->channel, run->mrz, run->cancellable, error);
  if (!sm
      || !tambo_active_authentication (run->channel, sm, run->order->lds, verdicts,
                                       run->cancellable, error))
    return FALSE;
  const TamboVerdict *verdict = g_ptr_array_index (verdicts, first);
  if (verdict->result == TAMBO_VERDICT_PASSED)
    return TRUE;
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
               "the chip does not prove its active authentication key: %s", verdict->detail);
  return FALSE;
}

/* Inspection has opened the chip with the MRZ; whoever has the CAN alone must get in, too. */
static gboolean prove_pace (TamboPersonalisationRun *run, GPtrArray *verdicts, GError **error) {
  TamboInspectionKeys keys = { run->order->can ? NULL : run->mrz, run->order->can };
  g_auto (TamboAccess) access = { 0 };

  if (!run->order->card_access)
    return TRUE;
  if (!tambo_access_open (run->channel, &keys, &access, run->cancellable, error))
    return FALSE;
  if (!access.is_pace || !g_bytes_equal (access.card_access, run->order->card_access)) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MISMATCH,
                         "the chip does not offer the PACE that was written");
    return FALSE;
  }
  tambo_verdict_add (verdicts, "pace", TAMBO_VERDICT_PASSED, "%s",
                     run->order->can ? "by the card access number too" : "");
  return TRUE;
}

gboolean tambo_personalisation_prove_keys (TamboPersonalisationRun *run, GPtrArray *verdicts,
                                           GError **error) {
  return prove_active_key (run, verdicts, error) && prove_pace (run, verdicts, error);
}

/* ---- generation ---- */

/* The point as SubjectPublicKeyInfo. */
static GBytes *make_public_key (const TamboTlv *point, GError **error) {
  static const char group[] = "P-256";
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *) group, 0),
    OSSL_PARAM_construct_octet_string (OSSL_PKEY_PARAM_PUB_KEY, (guint8 *) point->value,
                                       point->length),
    OSSL_PARAM_construct_end (),
  };
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  g_autoptr (EVP_PKEY) key = NULL;

  if (context && EVP_PKEY_fromdata_init (context) == 1
      && EVP_PKEY_fromdata (context, &key, EVP_PKEY_PUBLIC_KEY, parameters) == 1)
    return tambo_public_key_info (key, error);
  ERR_clear_error ();
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                       "the chip gives a public key that is no point of the curve P-256");
  return NULL;
}

/* 7F49 { 86 point }: a key on P-256. */
static GBytes *parse_point (const TamboResponse *response, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (response->data, &size);
  TamboTlv key, point;

  if (response->sw != TAMBO_SW_OK) {
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, "the generation of a key",
                            response->sw);
    return NULL;
  }
  if (tambo_tlv_find (data, size, TAG_PUBLIC_KEY, &key)
      && tambo_tlv_find (key.value, key.length, TAG_POINT, &point) && point.length == P256_POINT
      && point.value[0] == 0x04)
    return make_public_key (&point, error);
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                       "the chip does not give the public half of the key that it has made");
  return NULL;
}

GBytes *tambo_personalisation_generate (const TamboPersonalisation *order, TamboChannel *channel,
                                        GCancellable *cancellable, GError **error) {
  g_auto (TamboPersonalisationRun)
      run = { .order = order, .channel = channel, .cancellable = cancellable };
  g_auto (TamboResponse) response = { 0 };
  TamboTemplateValues values = { 0 };
  guint patience = tambo_channel_get_patience (channel);

  if (!order->profile->generate) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                 "a chip of profile %s makes no keys", order->profile->name);
    return NULL;
  }
  run.session.channel = channel;
  run.session.profile = order->profile;
  run.session.keys = order->keys;
  if (!tambo_personalisation_session_check (&run.session, error)
      || !tambo_personalisation_announce (&run, TAMBO_STEP_SELECT, TAMBO_LDS_N_FILES, error)
      || !tambo_personalisation_session_open (&run.session, cancellable, error)
      || !tambo_personalisation_announce (&run, TAMBO_STEP_GENERATE, TAMBO_LDS_N_FILES, error))
    return NULL;
  tambo_channel_set_patience (channel, GENERATION_PATIENCE_MS);
  gboolean sent = tambo_personalisation_session_ask (&run.session, order->profile->generate,
                                                     &values, &response, cancellable, error);
  tambo_channel_set_patience (channel, patience);
  return sent ? parse_point (&response, error) : NULL;
}
