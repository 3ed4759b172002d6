/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/inspection.h"

#include <string.h>

#include "chip/access-control.h"
#include "chip/active-authentication.h"
#include "chip/chip-authentication.h"
#include "chip/data-group.h"
#include "chip/inspection-private.h"

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
  if (!tambo_file_select (reading->channel, reading->sm, file, reading->cancellable, error))
    return NULL;
  return tambo_file_read_selected (reading->channel, reading->sm, file, reading->progress,
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

static TamboLds *read_all (const Reading *reading, GError **error) {
  g_autoptr (TamboLds) lds = tambo_lds_new ();
  guint32 groups = 0;

  if (!read_into (reading, lds, TAMBO_LDS_COM, error)
      || !tambo_com_parse (lds->files[TAMBO_LDS_COM], &groups, error)
      || !read_into (reading, lds, TAMBO_LDS_SOD, error))
    return NULL;
  for (guint number = 1; number <= 16; number++) {
    g_autoptr (GError) refusal = NULL;
    if (!(groups & (1u << number)) || read_into (reading, lds, TAMBO_LDS_COM + number, &refusal))
      continue;
    if (!g_error_matches (refusal, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS)) {
      g_propagate_error (error, g_steal_pointer (&refusal));
      return NULL;
    }
  }
  return g_steal_pointer (&lds);
}

TamboLds *tambo_inspection_read (TamboChannel *channel, TamboSecureMessaging *sm,
                                 GCancellable *cancellable, GError **error) {
  Reading reading = { channel, sm, NULL, NULL, cancellable };

  return read_all (&reading, error);
}

/* A chip that answers, but wrongly, is a verdict; one that does not answer is an error. */
static gboolean is_verdict (const GError *error) {
  return g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_STATUS)
         || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED)
         || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION)
         || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
}

static void settle (GPtrArray *verdicts, const char *check, GError *problem, GError **error) {
  if (is_verdict (problem)) {
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_FAILED, "%s", problem->message);
    g_error_free (problem);
  } else {
    g_propagate_error (error, problem);
  }
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

static TamboLds *inspect (Reading *reading, const TamboInspectionKeys *keys, GPtrArray *csca,
                          GPtrArray *verdicts, GError **error) {
  g_auto (TamboAccess) access = { 0 };
  GError *problem = NULL;

  if (!tambo_access_open (reading->channel, keys, &access, reading->cancellable, &problem)) {
    settle (verdicts, "access-control", problem, error);
    return NULL;
  }
  tambo_access_judge (&access, csca, verdicts);

  reading->sm = access.session.sm;
  g_autoptr (TamboLds) lds = read_all (reading, &problem);
  if (!lds) {
    settle (verdicts, "reading", problem, error);
    return NULL;
  }
  tambo_passive_authentication (lds, csca, verdicts);
  if (!tambo_active_authentication (reading->channel, reading->sm, lds, verdicts,
                                    reading->cancellable, error)
      || (!access.card_security
          && !tambo_chip_authentication (reading->channel, &access.session.sm, lds, verdicts,
                                         reading->cancellable, error)))
    return NULL;
  tambo_access_judge_infos (&access, lds->files[TAMBO_LDS_DG14], verdicts);
  judge_mrz (lds, keys->mrz, verdicts);
  return g_steal_pointer (&lds);
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
