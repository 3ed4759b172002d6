/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/access-control.h"

#include <string.h>

#include "base/bytes.h"
#include "chip/card-security.h"
#include "chip/file-access.h"

#define FILE_MASTER 0x3F00
#define TAG_SET 0x31
#define TAG_DG14 0x6E
#define TAG_SEQUENCE 0x30

void tambo_access_clear (TamboAccess *access) {
  tambo_pace_session_clear (&access->session);
  g_clear_pointer (&access->card_access, g_bytes_unref);
  g_clear_pointer (&access->card_security, g_bytes_unref);
}

/* A conversation in the master file. */
typedef struct {
  TamboChannel *channel;
  gsize max_response; /* declared in EF.ATR/INFO; 0: short answers */
  GCancellable *cancellable;
} Desk;

/* TRUE only for a file of the master file that is there and holds one object of TAG. A chip that
 * answers otherwise has no such file; a card that does not answer is ERROR. */
static GBytes *read_if_there (const Desk *desk, TamboSecureMessaging *sm, guint16 id,
                              const char *name, guint8 tag, GError **error) {
  GError *problem = NULL;
  GBytes *file =
      tambo_file_select_and_read_as (desk->channel, sm, id, name, tag, desk->cancellable, &problem);

  if (!problem)
    return file;
  if (g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS)
      || g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED))
    g_error_free (problem);
  else
    g_propagate_error (error, problem);
  return NULL;
}

/* Chips without an operating system's master file refuse its selection; that tells nothing. */
static gboolean select_master (const Desk *desk, GError **error) {
  GError *problem = NULL;

  if (tambo_file_select_id (desk->channel, NULL, 0x00, FILE_MASTER, "the master file",
                            desk->cancellable, &problem))
    return TRUE;
  if (!g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS)) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  g_error_free (problem);
  return TRUE;
}

static gboolean make_password (const TamboInspectionKeys *keys, TamboPacePassword *out_password,
                               GError **error) {
  if (keys->can)
    return tambo_pace_password_from_can (keys->can, out_password, error);
  char *information = tambo_mrz_information (keys->mrz);
  if (information)
    tambo_pace_password_from_mrz (information, out_password);
  else
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the MRZ lacks document number, birth date or expiry date");
  tambo_secret_string_free (information);
  return out_password->secret != NULL;
}

static gboolean open_bac (const Desk *desk, const TamboMrz *mrz, TamboAccess *access,
                          GError **error) {
  g_auto (TamboBacKeys) keys = { 0 };

  if (!mrz) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                         "the chip offers no PACE that is known here, and a card access number "
                         "opens nothing else");
    return FALSE;
  }
  char *information = tambo_mrz_information (mrz);
  if (!information) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the MRZ lacks document number, birth date or expiry date");
    return FALSE;
  }
  tambo_bac_keys_derive (information, &keys);
  tambo_secret_string_free (information);
  if (!tambo_file_select_application (desk->channel, desk->cancellable, error))
    return FALSE;
  access->session.sm = tambo_bac_authenticate (desk->channel, &keys, desk->cancellable, error);
  if (!access->session.sm)
    return FALSE;
  tambo_secure_messaging_set_max_response (access->session.sm, desk->max_response);
  return TRUE;
}

/* The session stands. What the master file has more is read before the application is entered. */
static gboolean enter (const Desk *desk, TamboAccess *access, GError **error) {
  GError *problem = NULL;

  tambo_secure_messaging_set_max_response (access->session.sm, desk->max_response);
  if (access->info.mapping == TAMBO_PACE_ECDH_CAM)
    access->card_security = read_if_there (desk, access->session.sm, TAMBO_FILE_CARD_SECURITY,
                                           "EF.CardSecurity", TAG_SEQUENCE, &problem);
  if (problem) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  return tambo_file_select_application_under (desk->channel, access->session.sm, desk->cancellable,
                                              error);
}

/* TRUE with access->is_pace when one of INFOS opened the chip; TRUE without when the chip, contrary to
 * what it offers, takes none of them. */
static gboolean try_pace (const Desk *desk, const GArray *infos, const TamboInspectionKeys *keys,
                          TamboAccess *access, GError **error) {
  g_auto (TamboPacePassword) password = { 0 };

  if (!make_password (keys, &password, error))
    return FALSE;
  for (guint i = 0; i < infos->len; i++) {
    const TamboPaceInfo *info = &g_array_index (infos, TamboPaceInfo, i);
    GError *problem = NULL;
    if (tambo_pace_authenticate (desk->channel, info, &password, &access->session,
                                 desk->cancellable, &problem)) {
      access->is_pace = TRUE;
      access->info = *info;
      return enter (desk, access, error);
    }
    if (!g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED)) {
      g_propagate_error (error, problem);
      return FALSE;
    }
    g_error_free (problem);
  }
  access->note = "the chip refuses the PACE that it offers";
  return TRUE;
}

gboolean tambo_access_open (TamboChannel *channel, const TamboInspectionKeys *keys,
                            TamboAccess *out_access, GCancellable *cancellable, GError **error) {
  Desk desk = { .channel = channel, .cancellable = cancellable };
  g_auto (TamboAccess) access = { 0 };
  TamboFileLengths lengths;
  GError *problem = NULL;
  g_autoptr (GArray) infos = NULL;

  g_return_val_if_fail (keys->mrz || keys->can, FALSE);
  if (!select_master (&desk, error))
    return FALSE;
  g_autoptr (GBytes) file =
      read_if_there (&desk, NULL, TAMBO_FILE_CARD_ACCESS, "EF.CardAccess", TAG_SET, &problem);
  if (problem) {
    g_propagate_error (error, problem);
    return FALSE;
  }
  if (!tambo_file_read_lengths (channel, &lengths, cancellable, error))
    return FALSE;
  desk.max_response = lengths.answer;
  if (file) {
    access.card_access = g_bytes_ref (file);
    infos = tambo_card_access_parse (file, NULL);
    if (!infos)
      access.note = "EF.CardAccess is malformed";
    else if (infos->len == 0)
      access.note = "EF.CardAccess offers no PACE that is known here";
    else if (!try_pace (&desk, infos, keys, &access, error))
      return FALSE;
  }
  if (!access.is_pace && !open_bac (&desk, keys->mrz, &access, error))
    return FALSE;
  *out_access = access;
  memset (&access, 0, sizeof access);
  return TRUE;
}

void tambo_access_judge (const TamboAccess *access, GPtrArray *csca, GPtrArray *verdicts) {
  if (!access->is_pace) {
    tambo_verdict_add (verdicts, "access-control", TAMBO_VERDICT_PASSED, "BAC%s%s",
                       access->note ? ": " : "", access->note ? access->note : "");
    return;
  }
  g_autofree char *name = tambo_pace_info_dup_name (&access->info);
  tambo_verdict_add (verdicts, "access-control", TAMBO_VERDICT_PASSED, "%s", name);
  if (access->info.mapping == TAMBO_PACE_ECDH_CAM)
    tambo_card_security_judge (access->card_security, &access->session, &access->info, csca,
                               verdicts);
}

/* The SET of a file that is one, or that is in TAG. An absent file has none. */
static gboolean find_set (GBytes *file, guint32 tag, TamboTlv *out_set) {
  gsize size = 0;
  gconstpointer data = file ? g_bytes_get_data (file, &size) : NULL;
  TamboReader reader = tambo_reader (data, size);
  TamboTlv tlv;

  if (!tambo_tlv_next (&reader, &tlv))
    return FALSE;
  if (tag && (tlv.tag != tag || !tambo_tlv_find (tlv.value, tlv.length, TAG_SET, &tlv)))
    return FALSE;
  *out_set = tlv;
  return tlv.tag == TAG_SET;
}

void tambo_access_judge_infos (const TamboAccess *access, GBytes *dg14, GPtrArray *verdicts) {
  TamboTlv offered = { .tag = TAG_SET };
  TamboTlv signed_infos;
  gboolean has_offer = find_set (access->card_access, 0, &offered);

  if (!dg14) {
    if (has_offer)
      tambo_verdict_add (verdicts, "card-access", TAMBO_VERDICT_SKIPPED,
                         "there is no DG14 to compare EF.CardAccess with");
    return;
  }
  if (!find_set (dg14, TAG_DG14, &signed_infos))
    tambo_verdict_add (verdicts, "card-access", TAMBO_VERDICT_FAILED, "DG14 is malformed");
  else if (!tambo_security_infos_within (&offered, &signed_infos, FALSE))
    tambo_verdict_add (verdicts, "card-access", TAMBO_VERDICT_FAILED,
                       "EF.CardAccess says what the signed DG14 does not");
  else if (!tambo_security_infos_within (&signed_infos, &offered, TRUE))
    tambo_verdict_add (verdicts, "card-access", TAMBO_VERDICT_FAILED,
                       "DG14 has a PACE that EF.CardAccess did not offer");
  else if (has_offer)
    tambo_verdict_add (verdicts, "card-access", TAMBO_VERDICT_PASSED, "%s", "");
}
