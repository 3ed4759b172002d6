/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/personalisation.h"

#include <string.h>

#include "base/bytes.h"
#include "chip/file-access.h"
#include "chip/inspection-private.h"
#include "chip/personalisation-private.h"
#include "chip/status.h"

static const char *const step_names[] = {
  [TAMBO_STEP_SELECT] = "select",       [TAMBO_STEP_CREATE] = "create",
  [TAMBO_STEP_WRITE] = "write",         [TAMBO_STEP_KEYS] = "keys",
  [TAMBO_STEP_READ_BACK] = "read-back", [TAMBO_STEP_LOCK] = "lock",
  [TAMBO_STEP_DONE] = "done",           [TAMBO_STEP_GENERATE] = "generate",
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

void tambo_personalisation_keys_clear (TamboPersonalisationKeys *keys) {
  g_clear_pointer (&keys->enc, g_bytes_unref);
  g_clear_pointer (&keys->mac, g_bytes_unref);
}

char *tambo_personalisation_row (TamboPersonalisationStep step, TamboLdsFile file) {
  const char *name = tambo_personalisation_step_to_string (step);

  return file < TAMBO_LDS_N_FILES ? g_strdup_printf ("%s %s", name, tambo_lds_file_name (file))
                                  : g_strdup (name);
}

guint32 tambo_personalisation_begun (GPtrArray *rows) {
  const char *create = step_names[TAMBO_STEP_CREATE];
  guint32 begun = 0;

  for (guint i = 0; i + 1 < rows->len; i++) {
    g_auto (GStrv) words = g_strsplit (g_ptr_array_index (rows, i), " ", 2);
    TamboLdsFile file;
    gboolean went_on = strcmp (g_ptr_array_index (rows, i + 1), step_names[TAMBO_STEP_SELECT]) != 0;
    if (went_on && words[0] && words[1] && strcmp (words[0], create) == 0
        && tambo_lds_file_from_name (words[1], &file))
      begun |= 1u << file;
  }
  return begun;
}

void tambo_personalisation_run_clear (TamboPersonalisationRun *run) {
  tambo_personalisation_session_clear (&run->session);
  g_clear_pointer (&run->mrz, tambo_mrz_free);
}

gboolean tambo_personalisation_announce (TamboPersonalisationRun *run,
                                         TamboPersonalisationStep step, TamboLdsFile file,
                                         GError **error) {
  if (g_cancellable_set_error_if_cancelled (run->cancellable, error))
    return FALSE;
  return !run->order->journal || run->order->journal (step, file, run->order->data, error);
}

static void add_progress (gsize bytes, gpointer data) {
  TamboPersonalisationRun *run = data;

  run->done += bytes;
  if (run->order->progress)
    run->order->progress (run->done, run->total, run->order->data);
}

/* Everything that can be known without the card is known before it is touched. */
static gboolean check_files (TamboPersonalisationRun *run, GError **error) {
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
    gsize limit = profile->write_far ? G_MAXUINT16 : MIN (profile->max_offset, G_MAXUINT16);
    if (size > limit) {
      g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MEMORY,
                   "%s has %" G_GSIZE_FORMAT " bytes, but the chip takes at most %" G_GSIZE_FORMAT,
                   tambo_lds_file_name (file), size, limit);
      return FALSE;
    }
    run->total += 2 * size;
  }
  return TRUE;
}

static gboolean send (TamboPersonalisationRun *run, const char *command_template,
                      TamboTemplateValues *values, guint16 *out_sw, GError **error) {
  return tambo_personalisation_session_send (&run->session, command_template, values, out_sw,
                                             run->cancellable, error);
}

/* The file lies there from an earlier attempt; in another size it would be another card's. */
static gboolean check_size (TamboPersonalisationRun *run, TamboLdsFile file, GError **error) {
  gsize size = 0;

  if (!tambo_personalisation_session_get_size (&run->session, file, &size, run->cancellable, error))
    return FALSE;
  if (size == g_bytes_get_size (run->order->lds->files[file]))
    return TRUE;
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MISMATCH,
               "the chip holds another %s of %" G_GSIZE_FORMAT " bytes already",
               tambo_lds_file_name (file), size);
  return FALSE;
}

static gboolean create_file (TamboPersonalisationRun *run, TamboLdsFile file, GError **error) {
  const TamboChipProfile *profile = run->order->profile;
  TamboTemplateValues values = {
    .fid = tambo_lds_file_id (file),
    .size = (guint16) g_bytes_get_size (run->order->lds->files[file]),
  };
  guint16 sw = 0;

  if (!tambo_personalisation_announce (run, TAMBO_STEP_CREATE, file, error)
      || !send (run, profile->create, &values, &sw, error))
    return FALSE;
  if (sw == TAMBO_SW_OK)
    return TRUE;
  if (sw == 0x6A89 && profile->knows_files)
    return check_size (run, file, error);

  g_autofree char *action = g_strdup_printf ("the creation of %s", tambo_lds_file_name (file));
  TamboChipError code = sw == 0x6985   ? TAMBO_CHIP_ERROR_LOCKED
                        : sw == 0x6A84 ? TAMBO_CHIP_ERROR_MEMORY
                        : sw == 0x6A89 ? TAMBO_CHIP_ERROR_MISMATCH
                                       : TAMBO_CHIP_ERROR_STATUS;
  tambo_status_set_error (error, code, action, sw);
  return FALSE;
}

/* A chip that declares greater commands and refuses one gets short ones from then on: none of DATA was
 * taken then. */
static gboolean write_piece (TamboPersonalisationRun *run, TamboLdsFile file,
                             const char *command_template, TamboTemplateValues *values,
                             GError **error) {
  guint16 sw = 0;

  if (!send (run, command_template, values, &sw, error))
    return FALSE;
  if (sw == TAMBO_SW_OK)
    return TRUE;
  if ((sw == 0x6700 || sw == 0x6D00) && run->session.max_command) {
    run->session.max_command = 0;
    values->data_size = 0;
    return TRUE;
  }
  g_autofree char *action =
      g_strdup_printf ("the writing of %s at %u", tambo_lds_file_name (file), values->offset);
  tambo_status_set_error (error, sw == 0x6A84 ? TAMBO_CHIP_ERROR_MEMORY : TAMBO_CHIP_ERROR_STATUS,
                          action, sw);
  return FALSE;
}

/* Which command takes the piece at OFFSET, and how much of it. A piece in the near form ends where
 * the far one begins. */
static const char *choose_piece (const TamboPersonalisationRun *run, gsize offset, gsize *out_max) {
  const TamboChipProfile *profile = run->order->profile;

  if (offset == 0 && profile->write_first) {
    *out_max = profile->max_write_first;
    return profile->write_first;
  }
  if (offset > profile->max_offset) {
    *out_max = profile->max_write_far;
    return profile->write_far;
  }
  *out_max = tambo_personalisation_session_max_write (&run->session);
  return profile->write;
}

static gboolean write_file (TamboPersonalisationRun *run, TamboLdsFile file, GError **error) {
  const TamboChipProfile *profile = run->order->profile;
  gsize size, piece;
  const guint8 *data = g_bytes_get_data (run->order->lds->files[file], &size);

  if (!tambo_personalisation_announce (run, TAMBO_STEP_WRITE, file, error)
      || (!profile->write_first
          && !tambo_personalisation_session_select (&run->session, file, run->cancellable, error)))
    return FALSE;
  for (gsize offset = 0; offset < size; offset += piece) {
    gsize max;
    const char *command_template = choose_piece (run, offset, &max);
    piece = MIN (max, size - offset);
    TamboTemplateValues values = { .fid = tambo_lds_file_id (file),
                                   .size = (guint16) size,
                                   .offset = (guint32) offset,
                                   .data = data + offset,
                                   .data_size = piece };
    if (!write_piece (run, file, command_template, &values, error))
      return FALSE;
    piece = values.data_size;
    add_progress (piece, run);
  }
  return TRUE;
}

/* The data groups, then COM, then the SOD that seals them. */
static gboolean for_each_file (TamboPersonalisationRun *run,
                               gboolean (*act) (TamboPersonalisationRun *, TamboLdsFile, GError **),
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

static gboolean read_back (TamboPersonalisationRun *run, GPtrArray *verdicts, GError **error) {
  g_autoptr (GError) problem = NULL;
  guint first = verdicts->len;

  if (!tambo_personalisation_announce (run, TAMBO_STEP_READ_BACK, TAMBO_LDS_N_FILES, error))
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

static gboolean lock_file (TamboPersonalisationRun *run, TamboLdsFile file, GError **error) {
  TamboTemplateValues values = { .fid = tambo_lds_file_id (file) };
  guint16 sw = 0;

  if (!tambo_personalisation_session_select (&run->session, file, run->cancellable, error)
      || !send (run, run->order->profile->lock_file, &values, &sw, error))
    return FALSE;
  if (sw == TAMBO_SW_OK || sw == 0x6985) /* it is locked already, of an attempt before */
    return TRUE;
  g_autofree char *action = g_strdup_printf ("the locking of %s", tambo_lds_file_name (file));
  tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, action, sw);
  return FALSE;
}

/* The read-back was a stranger's; the agent opens his own session again. */
static gboolean lock_chip (TamboPersonalisationRun *run, GError **error) {
  const TamboChipProfile *profile = run->order->profile;
  TamboTemplateValues values = { 0 };
  guint16 sw = 0;

  if (!tambo_personalisation_session_open (&run->session, run->cancellable, error)
      || !tambo_personalisation_announce (run, TAMBO_STEP_LOCK, TAMBO_LDS_N_FILES, error))
    return FALSE;
  run->cancellable = NULL; /* there is no way back: whoever stops now would not know the card */
  if ((profile->lock_file && !for_each_file (run, lock_file, error))
      || !send (run, profile->lock, &values, &sw, error))
    return FALSE;
  if (sw != TAMBO_SW_OK)
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, "the locking of the chip", sw);
  return sw == TAMBO_SW_OK;
}

/* Opens and reads the chip and tries to write, with what it has already: OUT_SW tells whether it is
 * locked. */
static gboolean try_write (TamboPersonalisationRun *run, guint16 *out_sw, GError **error) {
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

/* A stranger's write is refused by an open chip too where the agent has to authenticate himself: there
 * the agent's session is what a locked chip refuses. */
static gboolean is_locked (TamboPersonalisationRun *run, gboolean *out_locked, guint16 *out_sw,
                           GError **error) {
  g_autoptr (GError) refusal = NULL;

  if (!try_write (run, out_sw, error))
    return FALSE;
  *out_locked = *out_sw == 0x6985 || *out_sw == 0x6982 || *out_sw == 0x6D00;
  if (run->order->profile->authentication == TAMBO_CHIP_OPEN || !*out_locked)
    return TRUE;
  if (tambo_personalisation_session_open (&run->session, run->cancellable, &refusal)) {
    *out_locked = FALSE;
    *out_sw = TAMBO_SW_OK;
    return TRUE;
  }
  if (g_error_matches (refusal, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_LOCKED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

/* The locked chip still opens and reads, and refuses to be written. */
static gboolean check_lock (TamboPersonalisationRun *run, GPtrArray *verdicts, GError **error) {
  gboolean locked = FALSE;
  guint16 sw = 0;

  if (!is_locked (run, &locked, &sw, error))
    return FALSE;
  if (locked) {
    tambo_verdict_add (verdicts, "locked", TAMBO_VERDICT_PASSED, "%s", "");
    return TRUE;
  }
  tambo_verdict_add (verdicts, "locked", TAMBO_VERDICT_FAILED,
                     "a write after the lock was answered %04X", sw);
  tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, "a write after the lock", sw);
  return FALSE;
}

static gboolean lock_if_open (TamboPersonalisationRun *run, GError **error) {
  gboolean locked = FALSE;
  guint16 sw = 0;

  return is_locked (run, &locked, &sw, error) && (locked || lock_chip (run, error));
}

/* A card that was begun has what the journal says; a blank that was laid down in its place has not.
 * Files that may not be selected are there. */
static gboolean check_begun (TamboPersonalisationRun *run, GError **error) {
  if (run->order->begun == 0)
    return TRUE;
  if (!tambo_file_select_application (run->channel, run->cancellable, error))
    return FALSE;
  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++) {
    guint16 id = tambo_lds_file_id (file);
    guint8 octets[] = { (guint8) (id >> 8), (guint8) id };
    TamboCommand command = {
      .ins = 0xA4, .p1 = 0x02, .p2 = 0x0C, .data = octets, .size = 2, .le = TAMBO_LE_NONE
    };
    g_auto (TamboResponse) response = { 0 };
    if (!(run->order->begun & (1u << file)))
      continue;
    if (!tambo_channel_transmit (run->channel, &command, &response, run->cancellable, error))
      return FALSE;
    if (response.sw == 0x6A82) {
      g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MISMATCH,
                   "the card on the reader is not the one that was begun: it has no %s",
                   tambo_lds_file_name (file));
      return FALSE;
    }
  }
  return TRUE;
}

/* Everything that can fail without the card. */
static gboolean run_init (TamboPersonalisationRun *run, const TamboPersonalisation *order,
                          TamboChannel *channel, GCancellable *cancellable, GError **error) {
  run->order = order;
  run->channel = channel;
  run->cancellable = cancellable;
  run->session.channel = channel;
  run->session.profile = order->profile;
  run->session.keys = order->keys;
  run->mrz = tambo_mrz_parse (order->mrz, NULL, error);
  return run->mrz && tambo_mrz_check (run->mrz, error) && check_files (run, error)
         && tambo_personalisation_check_keys (run, error)
         && tambo_personalisation_session_check (&run->session, error);
}

gboolean tambo_personalise (const TamboPersonalisation *personalisation, TamboChannel *channel,
                            GPtrArray *verdicts, GCancellable *cancellable, GError **error) {
  g_auto (TamboPersonalisationRun) run = { 0 };

  return run_init (&run, personalisation, channel, cancellable, error)
         && tambo_personalisation_announce (&run, TAMBO_STEP_SELECT, TAMBO_LDS_N_FILES, error)
         && check_begun (&run, error)
         && tambo_personalisation_session_open (&run.session, cancellable, error)
         && for_each_file (&run, create_file, error) && for_each_file (&run, write_file, error)
         && tambo_personalisation_write_keys (&run, error) && read_back (&run, verdicts, error)
         && tambo_personalisation_prove_keys (&run, verdicts, error) && lock_chip (&run, error)
         && check_lock (&run, verdicts, error)
         && tambo_personalisation_announce (&run, TAMBO_STEP_DONE, TAMBO_LDS_N_FILES, error);
}

gboolean tambo_personalisation_finish (const TamboPersonalisation *personalisation,
                                       TamboChannel *channel, GPtrArray *verdicts,
                                       GCancellable *cancellable, GError **error) {
  g_auto (TamboPersonalisationRun) run = { 0 };

  if (!run_init (&run, personalisation, channel, cancellable, error))
    return FALSE;
  run.total /= 2; /* nothing is written */
  return read_back (&run, verdicts, error) && lock_if_open (&run, error)
         && check_lock (&run, verdicts, error)
         && tambo_personalisation_announce (&run, TAMBO_STEP_DONE, TAMBO_LDS_N_FILES, error);
}
