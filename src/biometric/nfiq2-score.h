/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The NFIQ 2 score, 0 to 100, that a trained model makes of the 69 measures. The model is NIST's, and the
 * office's to install; docs/nfiq2.md tells where.
 */
#pragma once

#include "biometric/nfiq2-measures.h"
#include "biometric/random-forest.h"

#define TAMBO_NFIQ2_FAILURE 255 /* in place of a score */

/* What a model information file says: lines of "Name = ...", of which Path and Hash must be there. */
typedef struct {
  char *name, *version;
  char *path; /* of the model, from the folder of the information file */
  char *md5;  /* of the model, hexadecimal */
} TamboNfiq2ModelInfo;

/* TAMBO_FORMAT_ERROR. */
TamboNfiq2ModelInfo *tambo_nfiq2_model_info_parse (GBytes *file,
                                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_nfiq2_model_info_free (TamboNfiq2ModelInfo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboNfiq2ModelInfo, tambo_nfiq2_model_info_free)

/* INFO may be NULL: then the model is taken for what it is. TAMBO_FORMAT_ERROR. */
TamboRandomForest *tambo_nfiq2_model_parse (GBytes *file, const TamboNfiq2ModelInfo *info,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
int tambo_nfiq2_score (const TamboRandomForest *model, const TamboNfiq2Measures *measures);
