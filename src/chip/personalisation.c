/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/personalisation.h"

#include <string.h>

#include "base/bytes.h"
#include "chip/file-access.h"
#include "chip/inspection-private.h"
#include "chip/status.h"
#include "format/tlv.h"

/* "MRZ information" of a nine-letter document number: number, birth date, expiry date, each with its
 * check digit. */
#define INFORMATION_SIZE 24
#define BIRTH_AT 10
#define EXPIRY_AT 17

static const char *const step_names[] = {
  [TAMBO_STEP_SELECT] = "select",       [TAMBO_STEP_CREATE] = "create",
  [TAMBO_STEP_WRITE] = "write",         [TAMBO_STEP_KEYS] = "keys",
  [TAMBO_STEP_READ_BACK] = "read-back", [TAMBO_STEP_LOCK] = "lock",
  [TAMBO_STEP_DONE] = "done",
};

const char *tambo_personalisation_step_to_string (TamboPersonalisationStep step) {
  g_return_val_if_fail (step < G_N_ELEMENTS (step_names), NULL);
  return step_names[step];
}

gboolean tambo_personalisation_step_from_string (const char *text,
                                                 TamboPersonalisationStep *out_step) {
  for (guint i = 0; i < G_N_ELEMENTS (step_names); i++) {
    if (g_strcmp0 (step_names[i], text) == 0) {
      *out_step = i;
      return TRUE;
    }
  }
  return FALSE;
}

/* One personalisation under way. */
typedef struct {
  const TamboPersonalisation *order;
  TamboChannel *channel;
  TamboMrz *mrz;
  gsize done, total;
  GCancellable *cancellable;
} Run;

static gboolean announce (Run *run, TamboPersonalisationStep step, TamboLdsFile file,
                          GError **error) {
  if (g_cancellable_set_error_if_cancelled (run->cancellable, error))
    return FALSE;
  return !run->order->journal || run->order->journal (step, file, run->order->data, error);
}

static void add_progress (gsize bytes, gpointer data) {
  Run *run = data;

  run->done += bytes;
  if (run->order->progress)
    run->order->progress (run->done, run->total, run->order->data);
}

/* Everything that can be known without the card is known before it is touched. */
static gboolean check_files (Run *run, GError **error) {
  const TamboChipProfile *profile = run->order->profile;
  static const TamboLdsFile needed[] = { TAMBO_LDS_COM, TAMBO_LDS_DG1, TAMBO_LDS_SOD };

  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++) {
    if (!run->order->lds->files[needed[i]]) {
      g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                   "the order has no %s for the chip", tambo_lds_file_name (needed[i]));
      return FALSE;
    }
  }
  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++) {
    GBytes *bytes = run->order->lds->files[file];
    gsize size = bytes ? g_bytes_get_size (bytes) : 0;
    if (bytes && profile->refused_files & (1u << file)) {
      g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                   "a chip of profile %s cannot hold %s", profile->name,
                   tambo_lds_file_name (file));
      return FALSE;
    }
    if (size > MIN (profile->max_offset, G_MAXUINT16)) {
      g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MEMORY,
                   "%s has %" G_GSIZE_FORMAT " bytes, but the chip takes at most %" G_GSIZE_FORMAT,
                   tambo_lds_file_name (file), size, profile->max_offset);
      return FALSE;
    }
    run->total += 2 * size;
  }
  return TRUE;
}

static gboolean send (Run *run, const TamboCommand *command, guint16 *out_sw, GError **error) {
  g_auto (TamboResponse) response = { 0 };

  if (!tambo_channel_transmit (run->channel, command, &response, run->cancellable, error))
    return FALSE;
  *out_sw = response.sw;
  return TRUE;
}

static gboolean create_file (Run *run, TamboLdsFile file, GError **error) {
  const TamboChipProfile *profile = run->order->profile;
  g_autoptr (GByteArray) template = g_byte_array_new ();
  guint16 sw = 0;

  tambo_put_u16 (template, (guint16) g_bytes_get_size (run->order->lds->files[file]));
  tambo_put_u16 (template, tambo_lds_file_id (file));
  tambo_tlv_wrap (template, profile->create_tag);
  TamboCommand command = { .ins = 0xE0,
                           .p1 = profile->create_p1,
                           .p2 = profile->create_p2,
                           .data = template->data,
                           .size = template->len,
                           .le = TAMBO_LE_NONE };
  if (!announce (run, TAMBO_STEP_CREATE, file, error) || !send (run, &command, &sw, error))
    return FALSE;
  if (sw == TAMBO_SW_OK)
    return TRUE;

  g_autofree char *action = g_strdup_printf ("the creation of %s", tambo_lds_file_name (file));
  TamboChipError code = sw == 0x6985   ? TAMBO_CHIP_ERROR_LOCKED
                        : sw == 0x6A84 ? TAMBO_CHIP_ERROR_MEMORY
                                       : TAMBO_CHIP_ERROR_STATUS;
  tambo_status_set_error (error, code, action, sw);
  return FALSE;
}

static gboolean update_binary (Run *run, TamboLdsFile file, gsize offset, const guint8 *data,
                               gsize size, GError **error) {
  TamboCommand command = { .ins = 0xD6,
                           .p1 = (guint8) (offset >> 8),
                           .p2 = (guint8) offset,
                           .data = data,
                           .size = size,
                           .le = TAMBO_LE_NONE };
  guint16 sw = 0;

  if (!send (run, &command, &sw, error))
    return FALSE;
  if (sw == TAMBO_SW_OK)
    return TRUE;
  g_autofree char *action =
      g_strdup_printf ("the writing of %s at %" G_GSIZE_FORMAT, tambo_lds_file_name (file), offset);
  tambo_status_set_error (error, sw == 0x6A84 ? TAMBO_CHIP_ERROR_MEMORY : TAMBO_CHIP_ERROR_STATUS,
                          action, sw);
  return FALSE;
}

static gboolean write_file (Run *run, TamboLdsFile file, GError **error) {
  gsize size, max = run->order->profile->max_write;
  const guint8 *data = g_bytes_get_data (run->order->lds->files[file], &size);

  if (!announce (run, TAMBO_STEP_WRITE, file, error)
      || !tambo_file_select (run->channel, NULL, file, run->cancellable, error))
    return FALSE;
  for (gsize offset = 0; offset < size; offset += max) {
    gsize piece = MIN (max, size - offset);
    if (!update_binary (run, file, offset, data + offset, piece, error))
      return FALSE;
    add_progress (piece, run);
  }
  return TRUE;
}

/* The data groups, then COM, then the SOD that seals them. */
static gboolean for_each_file (Run *run, gboolean (*act) (Run *, TamboLdsFile, GError **),
                               GError **error) {
  static const TamboLdsFile last[] = { TAMBO_LDS_COM, TAMBO_LDS_SOD };

  for (guint file = TAMBO_LDS_DG1; file <= TAMBO_LDS_DG16; file++)
    if (run->order->lds->files[file] && !act (run, file, error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (last); i++)
    if (!act (run, last[i], error))
      return FALSE;
  return TRUE;
}

static gboolean write_keys (Run *run, GError **error) {
  const TamboChipProfile *profile = run->order->profile;
  char *information = tambo_mrz_information (run->mrz);
  g_autoptr (GByteArray) array = g_byte_array_new ();
  guint16 sw = 0;

  if (!information || strlen (information) != INFORMATION_SIZE) {
    tambo_secret_string_free (information);
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the chip takes access keys only from an MRZ with a document number of up "
                         "to nine letters, birth date and expiry date");
    return FALSE;
  }
  tambo_tlv_put (array, 0x04, information, BIRTH_AT - 1);
  tambo_tlv_put (array, 0x04, information + BIRTH_AT, 6);
  tambo_tlv_put (array, 0x04, information + EXPIRY_AT, 6);
  tambo_secret_string_free (information);
  tambo_tlv_wrap (array, profile->bac_key_tag);

  TamboCommand command = { .ins = 0xDA,
                           .p1 = (guint8) (profile->bac_key_p1p2 >> 8),
                           .p2 = (guint8) profile->bac_key_p1p2,
                           .data = array->data,
                           .size = array->len,
                           .le = TAMBO_LE_NONE };
  gboolean sent =
      announce (run, TAMBO_STEP_KEYS, TAMBO_LDS_N_FILES, error) && send (run, &command, &sw, error);
  tambo_secret_wipe (array->data, array->len);
  if (sent && sw != TAMBO_SW_OK)
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, "the loading of the access keys", sw);
  return sent && sw == TAMBO_SW_OK;
}

static gboolean read_back (Run *run, GPtrArray *verdicts, GError **error) {
  g_autoptr (GError) problem = NULL;
  guint first = verdicts->len;

  if (!announce (run, TAMBO_STEP_READ_BACK, TAMBO_LDS_N_FILES, error))
    return FALSE;
  g_autoptr (TamboLds) lds =
      tambo_inspect_watched (run->channel, run->mrz, run->order->csca, verdicts, add_progress, run,
                             run->cancellable, &problem);
  if (problem) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (!lds || !tambo_lds_equal (lds, run->order->lds)) {
    tambo_verdict_add (verdicts, "read-back", TAMBO_VERDICT_FAILED,
                       "what was read is not what was written");
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MISMATCH,
                         "what was read back from the chip is not what was written");
    return FALSE;
  }
  tambo_verdict_add (verdicts, "read-back", TAMBO_VERDICT_PASSED, "%s", "");
  for (guint i = first; i < verdicts->len; i++) {
    const TamboVerdict *verdict = g_ptr_array_index (verdicts, i);
    if (verdict->result == TAMBO_VERDICT_FAILED) {
      g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                   "the chip would not pass inspection: %s: %s", verdict->check, verdict->detail);
      return FALSE;
    }
  }
  return TRUE;
}

/* In the clear: selecting the application has ended the session of the read-back. */
static gboolean lock_chip (Run *run, GError **error) {
  const TamboChipProfile *profile = run->order->profile;
  TamboCommand command = {
    .ins = profile->lock_ins, .p1 = profile->lock_p1, .p2 = profile->lock_p2, .le = 256
  };
  guint16 sw = 0;

  if (!tambo_file_select_application (run->channel, run->cancellable, error)
      || !announce (run, TAMBO_STEP_LOCK, TAMBO_LDS_N_FILES, error))
    return FALSE;
  run->cancellable = NULL; /* there is no way back: whoever stops now would not know the card */
  if (!send (run, &command, &sw, error))
    return FALSE;
  if (sw != TAMBO_SW_OK)
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, "the locking of the chip", sw);
  return sw == TAMBO_SW_OK;
}

/* Opens and reads the chip and tries to write, with what it has already: OUT_SW tells whether it is
 * locked. */
static gboolean try_write (Run *run, guint16 *out_sw, GError **error) {
  GBytes *com = run->order->lds->files[TAMBO_LDS_COM];
  TamboCommand command = { .ins = 0xD6, .size = 1, .le = TAMBO_LE_NONE };
  g_auto (TamboResponse) response = { 0 };

  g_autoptr (TamboSecureMessaging) sm =
      tambo_inspection_open (run->channel, run->mrz, run->cancellable, error);
  if (!sm)
    return FALSE;
  g_autoptr (GBytes) read =
      tambo_inspection_read_file (run->channel, sm, TAMBO_LDS_COM, run->cancellable, error);
  if (!read)
    return FALSE;
  if (!g_bytes_equal (read, com)) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MISMATCH,
                         "the chip gives another EF.COM than was written");
    return FALSE;
  }
  command.data = g_bytes_get_data (com, NULL);
  if (!tambo_secure_messaging_transmit (sm, run->channel, &command, &response, run->cancellable,
                                        error))
    return FALSE;
  *out_sw = response.sw;
  return TRUE;
}

static gboolean means_locked (guint16 sw) {
  return sw == 0x6985 || sw == 0x6982;
}

/* The locked chip still opens and reads, and refuses to be written. */
static gboolean check_lock (Run *run, GPtrArray *verdicts, GError **error) {
  guint16 sw = 0;

  if (!try_write (run, &sw, error))
    return FALSE;
  if (means_locked (sw)) {
    tambo_verdict_add (verdicts, "locked", TAMBO_VERDICT_PASSED, "%s", "");
    return TRUE;
  }
  tambo_verdict_add (verdicts, "locked", TAMBO_VERDICT_FAILED,
                     "a write after the lock was answered %04X", sw);
  tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, "a write after the lock", sw);
  return FALSE;
}

static gboolean lock_if_open (Run *run, GError **error) {
  guint16 sw = 0;

  if (!try_write (run, &sw, error))
    return FALSE;
  return means_locked (sw) || lock_chip (run, error);
}

gboolean tambo_personalise (const TamboPersonalisation *personalisation, TamboChannel *channel,
                            GPtrArray *verdicts, GCancellable *cancellable, GError **error) {
  g_autoptr (TamboMrz) mrz = tambo_mrz_parse (personalisation->mrz, NULL, error);
  if (!mrz || !tambo_mrz_check (mrz, error))
    return FALSE;

  Run run = {
    .order = personalisation, .channel = channel, .mrz = mrz, .cancellable = cancellable
  };
  return check_files (&run, error) && announce (&run, TAMBO_STEP_SELECT, TAMBO_LDS_N_FILES, error)
         && tambo_file_select_application (channel, cancellable, error)
         && for_each_file (&run, create_file, error) && for_each_file (&run, write_file, error)
         && write_keys (&run, error) && read_back (&run, verdicts, error) && lock_chip (&run, error)
         && check_lock (&run, verdicts, error)
         && announce (&run, TAMBO_STEP_DONE, TAMBO_LDS_N_FILES, error);
}

gboolean tambo_personalisation_finish (const TamboPersonalisation *personalisation,
                                       TamboChannel *channel, GPtrArray *verdicts,
                                       GCancellable *cancellable, GError **error) {
  g_autoptr (TamboMrz) mrz = tambo_mrz_parse (personalisation->mrz, NULL, error);
  if (!mrz || !tambo_mrz_check (mrz, error))
    return FALSE;

  Run run = {
    .order = personalisation, .channel = channel, .mrz = mrz, .cancellable = cancellable
  };
  if (!check_files (&run, error))
    return FALSE;
  run.total /= 2; /* nothing is written */
  return read_back (&run, verdicts, error) && lock_if_open (&run, error)
         && check_lock (&run, verdicts, error)
         && announce (&run, TAMBO_STEP_DONE, TAMBO_LDS_N_FILES, error);
}
