/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stages of the pipeline. Private.
 */
#pragma once

#include "hq/pipeline.h"

/* Appends to DETAIL "word=value", with a blank between two. */
void tambo_detail_add (GString *detail, const char *word, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Each gives the state and DETAIL; FALSE is for the database and the disk. */
typedef gboolean (*TamboStageRun) (const TamboPipelineCase *about, TamboPipelineResult *result,
                                   TamboValidationState *out_state, GString *detail,
                                   GError **error);

gboolean tambo_stage_completeness (const TamboPipelineCase *about, TamboPipelineResult *result,
                                   TamboValidationState *out_state, GString *detail,
                                   GError **error);
gboolean tambo_stage_quality (const TamboPipelineCase *about, TamboPipelineResult *result,
                              TamboValidationState *out_state, GString *detail, GError **error);
gboolean tambo_stage_duplicates (const TamboPipelineCase *about, TamboPipelineResult *result,
                                 TamboValidationState *out_state, GString *detail, GError **error);
