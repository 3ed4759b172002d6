/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/inspection.h"

#include <string.h>

#include "base/bytes.h"
#include "chip/access-control.h"
#include "chip/active-authentication.h"
#include "chip/chip-authentication.h"
#include "chip/data-group.h"
#include "chip/inspection-private.h"
#include "chip/verdict.h"

TamboSecureMessaging *tambo_inspection_open_with (TamboChannel *channel,
                                                  const TamboInspectionKeys *keys,
                                                  GCancellable *cancellable, GError **error) {
  g_auto (TamboAccess) access = { 0 };

  if (!tambo_access_open (channel, keys, &access, cancellable, error))
    return NULL;
  return g_steal_pointer (&access.session.sm);
}

TamboSecureMessaging *tambo_inspection_open (TamboChannel *channel, const TamboMrz *mrz,
                                             GCancellable *cancellable, GError **error) {
  TamboInspectionKeys keys = { mrz, NULL };

  return tambo_inspection_open_with (channel, &keys, cancellable, error);
}

/* What reading a chip needs at every file. */
typedef struct {
  TamboChannel *channel;
  TamboSecureMessaging *sm;
  TamboFileProgress progress;
  gpointer data;
  GCancellable *cancellable;
} Reading;

static GBytes *read_file (const Reading *reading, TamboLdsFile file, GError **error) {
  return tambo_file_select_and_read (reading->channel, reading->sm, file, reading->progress,
                                     reading->data, reading->cancellable, error);
}

GBytes *tambo_inspection_read_file (TamboChannel *channel, TamboSecureMessaging *sm,
                                    TamboLdsFile file, GCancellable *cancellable, GError **error) {
  Reading reading = { channel, sm, NULL, NULL, cancellable };

  return read_file (&reading, file, error);
}

static gboolean read_into (const Reading *reading, TamboLds *lds, TamboLdsFile file,
                           GError **error) {
  g_autoptr (GBytes) bytes = read_file (reading, file, error);

  if (!bytes)
    return FALSE;
  tambo_lds_set (lds, file, bytes);
  return TRUE;
}

/* A file that the chip refuses is left out: some are not for everybody. */
static gboolean read_if_allowed (const Reading *reading, TamboLds *lds, TamboLdsFile file,
                                 GError **error) {
  GError *refusal = NULL;

  if (read_into (reading, lds, file, &refusal))
    return TRUE;
  if (!g_error_matches (refusal, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS)) {
    g_propagate_error (error, refusal);
    return FALSE;
  }
  g_error_free (refusal);
  return TRUE;
}

static TamboLds *read_all (const Reading *reading, GError **error) {
  g_autoptr (TamboLds) lds = tambo_lds_new ();
  guint32 groups = 0;

  if (!read_into (reading, lds, TAMBO_LDS_COM, error)
      || !tambo_com_parse (lds->files[TAMBO_LDS_COM], &groups, error)
      || !read_into (reading, lds, TAMBO_LDS_SOD, error))
    return NULL;
  for (guint number = 1; number <= 16; number++) {
    if (groups & (1u << number) && !read_if_allowed (reading, lds, TAMBO_LDS_COM + number, error))
      return NULL;
  }
  return g_steal_pointer (&lds);
}

TamboLds *tambo_inspection_read (TamboChannel *channel, TamboSecureMessaging *sm,
                                 GCancellable *cancellable, GError **error) {
  Reading reading = { channel, sm, NULL, NULL, cancellable };

  return read_all (&reading, error);
}

static void judge_mrz (const TamboLds *lds, const TamboMrz *mrz, GPtrArray *verdicts) {
  g_autoptr (GError) error = NULL;

  if (!mrz) {
    tambo_verdict_add (verdicts, "mrz", TAMBO_VERDICT_SKIPPED, "no MRZ was given");
    return;
  }
  if (!lds->files[TAMBO_LDS_DG1]) {
    tambo_verdict_add (verdicts, "mrz", TAMBO_VERDICT_FAILED, "DG1 is not there");
    return;
  }
  g_autofree char *on_chip = tambo_dg1_parse (lds->files[TAMBO_LDS_DG1], &error);
  if (!on_chip) {
    tambo_verdict_add (verdicts, "mrz", TAMBO_VERDICT_FAILED, "%s", error->message);
    return;
  }
  g_autofree char *printed = g_strjoin ("\n", mrz->lines[0], mrz->lines[1], mrz->lines[2], NULL);
  if (strcmp (on_chip, printed) == 0)
    tambo_verdict_add (verdicts, "mrz", TAMBO_VERDICT_PASSED, "%s", "");
  else
    tambo_verdict_add (verdicts, "mrz", TAMBO_VERDICT_FAILED,
                       "DG1 and the MRZ of the document differ");
}

/* One chip that was opened. */
typedef struct {
  Reading *reading;
  const TamboInspectionKeys *keys;
  TamboAccess *access;
  TamboLds *lds;
  GBytes *terminal_key; /* Comp of the terminal's newest ephemeral key; NULL without */
  GPtrArray *verdicts;
} Inspection;

/* ID_IC of Doc 9303-11 section 7.1: by BAC the document number with its check digit, which the MRZ
 * information begins with; the two dates with theirs are fourteen characters. */
#define DATES_SIZE 14

static GBytes *dup_chip_identity (const Inspection *inspection) {
  if (inspection->access->is_pace)
    return g_bytes_ref (inspection->access->session.chip_key);
  char *information = tambo_mrz_information (inspection->keys->mrz);
  GBytes *identity = g_bytes_new (information, strlen (information) - DATES_SIZE);
  tambo_secret_string_free (information);
  return identity;
}

static gboolean read_guarded (const Inspection *inspection, GError **error) {
  static const TamboLdsFile guarded[] = { TAMBO_LDS_DG3, TAMBO_LDS_DG4 };
  guint32 groups = 0;

  if (!tambo_com_parse (inspection->lds->files[TAMBO_LDS_COM], &groups, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (guarded); i++)
    if (groups & (1u << (guarded[i] - TAMBO_LDS_COM)) && !inspection->lds->files[guarded[i]]
        && !read_if_allowed (inspection->reading, inspection->lds, guarded[i], error))
      return FALSE;
  return TRUE;
}

static gboolean authenticate_terminal (const Inspection *inspection, GError **error) {
  static const char check[] = "terminal-authentication";
  Reading *reading = inspection->reading;

  if (!inspection->keys->terminal) {
    tambo_verdict_add (inspection->verdicts, check, TAMBO_VERDICT_SKIPPED,
                       "no terminal key was given");
    return TRUE;
  }
  if (!inspection->terminal_key) {
    tambo_verdict_add (inspection->verdicts, check, TAMBO_VERDICT_FAILED,
                       "it has to come after chip authentication");
    return TRUE;
  }
  g_autoptr (GBytes) identity = dup_chip_identity (inspection);
  TamboTerminalBinding binding = { identity, inspection->terminal_key };
  return tambo_terminal_authentication (reading->channel, reading->sm, inspection->keys->terminal,
                                        &binding, inspection->lds->files[TAMBO_LDS_DG14],
                                        inspection->verdicts, reading->cancellable, error);
}

static gboolean has_passed (GPtrArray *verdicts, const char *check) {
  for (guint i = 0; i < verdicts->len; i++) {
    const TamboVerdict *verdict = g_ptr_array_index (verdicts, i);
    if (verdict->result == TAMBO_VERDICT_PASSED && strcmp (verdict->check, check) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean announces_guarded (const TamboLds *lds) {
  guint32 groups = 0;

  return tambo_com_parse (lds->files[TAMBO_LDS_COM], &groups, NULL) && groups & (1u << 3 | 1u << 4);
}

/* Chip authentication, unless PACE has proved the chip already, and what may be done behind it. A check
 * that failed may have ended the session; then nothing more is read. */
static gboolean authenticate_ends (Inspection *inspection, GError **error) {
  Reading *reading = inspection->reading;
  TamboAccess *access = inspection->access;

  if (access->card_security)
    inspection->terminal_key = g_bytes_ref (access->session.terminal_key);
  else if (!tambo_chip_authentication (
               reading->channel, &access->session.sm, inspection->lds->files[TAMBO_LDS_DG14],
               &inspection->terminal_key, inspection->verdicts, reading->cancellable, error))
    return FALSE;
  reading->sm = access->session.sm;
  if (!announces_guarded (inspection->lds))
    return TRUE;
  return authenticate_terminal (inspection, error)
         && (!has_passed (inspection->verdicts, "terminal-authentication")
             || read_guarded (inspection, error));
}

/* Everything that talks to the chip; FALSE without ERROR when a verdict says why there is no more. */
static gboolean talk (Inspection *inspection, GPtrArray *csca, GError **error) {
  Reading *reading = inspection->reading;
  GError *problem = NULL;

  if (!tambo_access_open (reading->channel, inspection->keys, inspection->access,
                          reading->cancellable, &problem)) {
    tambo_verdict_settle (inspection->verdicts, "access-control", problem, error);
    return FALSE;
  }
  tambo_access_judge (inspection->access, csca, inspection->verdicts);
  reading->sm = inspection->access->session.sm;
  inspection->lds = read_all (reading, &problem);
  if (!inspection->lds) {
    tambo_verdict_settle (inspection->verdicts, "reading", problem, error);
    return FALSE;
  }
  if (tambo_active_authentication (reading->channel, reading->sm, inspection->lds,
                                   inspection->verdicts, reading->cancellable, error)
      && authenticate_ends (inspection, error))
    return TRUE;
  g_clear_pointer (&inspection->lds, tambo_lds_free);
  return FALSE;
}

static TamboLds *inspect (Reading *reading, const TamboInspectionKeys *keys, GPtrArray *csca,
                          GPtrArray *verdicts, GError **error) {
  g_auto (TamboAccess) access = { 0 };
  Inspection inspection = { reading, keys, &access, NULL, NULL, verdicts };

  gboolean talked = talk (&inspection, csca, error);
  g_clear_pointer (&inspection.terminal_key, g_bytes_unref);
  if (!talked)
    return NULL;
  tambo_passive_authentication (inspection.lds, csca, verdicts);
  tambo_access_judge_infos (&access, inspection.lds->files[TAMBO_LDS_DG14], verdicts);
  judge_mrz (inspection.lds, keys->mrz, verdicts);
  return inspection.lds;
}

/* What reading wants to know of an inspection: whether the chip let the terminal in. */
static gboolean find_refusal (GPtrArray *verdicts, GError **error) {
  static const struct {
    const char *name;
    TamboChipError code;
  } checks[] = {
    { "access-control", TAMBO_CHIP_ERROR_AUTHENTICATION },
    { "reading", TAMBO_CHIP_ERROR_AUTHENTICATION },
    { "chip-authentication", TAMBO_CHIP_ERROR_AUTHENTICATION },
    { "terminal-authentication", TAMBO_CHIP_ERROR_TERMINAL },
  };

  for (guint i = 0; i < verdicts->len; i++) {
    const TamboVerdict *verdict = g_ptr_array_index (verdicts, i);
    for (gsize k = 0; k < G_N_ELEMENTS (checks); k++)
      if (verdict->result == TAMBO_VERDICT_FAILED && strcmp (verdict->check, checks[k].name) == 0) {
        g_set_error (error, TAMBO_CHIP_ERROR, (int) checks[k].code, "%s: %s", verdict->check,
                     verdict->detail);
        return TRUE;
      }
  }
  return FALSE;
}

TamboLds *tambo_inspection_read_as (TamboChannel *channel, const TamboInspectionKeys *keys,
                                    GCancellable *cancellable, GError **error) {
  Reading reading = { channel, NULL, NULL, NULL, cancellable };
  g_autoptr (GPtrArray) verdicts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);
  g_auto (TamboAccess) access = { 0 };
  Inspection inspection = { &reading, keys, &access, NULL, NULL, verdicts };

  if (!tambo_access_open (channel, keys, &access, cancellable, error))
    return NULL;
  reading.sm = access.session.sm;
  inspection.lds = read_all (&reading, error);
  gboolean read =
      inspection.lds
      && (!keys->terminal
          || (authenticate_ends (&inspection, error) && !find_refusal (verdicts, error)));
  g_clear_pointer (&inspection.terminal_key, g_bytes_unref);
  if (!read)
    g_clear_pointer (&inspection.lds, tambo_lds_free);
  return inspection.lds;
}

TamboLds *tambo_inspect_watched (TamboChannel *channel, const TamboMrz *mrz, GPtrArray *csca,
                                 GPtrArray *verdicts, TamboFileProgress progress, gpointer data,
                                 GCancellable *cancellable, GError **error) {
  TamboInspectionKeys keys = { mrz, NULL };
  Reading reading = { channel, NULL, progress, data, cancellable };

  return inspect (&reading, &keys, csca, verdicts, error);
}

TamboLds *tambo_inspect_with (TamboChannel *channel, const TamboInspectionKeys *keys,
                              GPtrArray *csca, GPtrArray *verdicts, GCancellable *cancellable,
                              GError **error) {
  Reading reading = { channel, NULL, NULL, NULL, cancellable };

  return inspect (&reading, keys, csca, verdicts, error);
}

TamboLds *tambo_inspect (TamboChannel *channel, const TamboMrz *mrz, GPtrArray *csca,
                         GPtrArray *verdicts, GCancellable *cancellable, GError **error) {
  TamboInspectionKeys keys = { mrz, NULL };

  return tambo_inspect_with (channel, &keys, csca, verdicts, cancellable, error);
}

gboolean tambo_verdicts_all_passed (GPtrArray *verdicts) {
  for (guint i = 0; i < verdicts->len; i++) {
    const TamboVerdict *verdict = g_ptr_array_index (verdicts, i);
    if (verdict->result == TAMBO_VERDICT_FAILED)
      return FALSE;
  }
  return verdicts->len > 0;
}
