/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is checked before a case is decided: an ordered table of stages, each of which has its row in the
 * validations. The first that objects does not keep the others from being asked: whoever decides sees all.
 */
#pragma once

#include "hq/decision-record.h"
#include "hq/gallery.h"
#include "hq/validation.h"

/* What the stages look at. Everything is borrowed. */
typedef struct {
  TamboHq *hq;
  const TamboOpened *opened;
  const TamboEnrolment *enrolment;
  const TamboProcedure *procedure;
  const TamboFingerSet *fingers;
  gint64 waiting_since; /* Unix seconds; 0 when it is asked for the first time */
} TamboPipelineCase;

typedef struct {
  GPtrArray *validations; /* TamboValidation */
  char *held_by;          /* what of it a person has to look at, the first; NULL when it passes */
  char *refusal;          /* the sentence of a rule that is not kept; NULL when all are */
  gboolean is_waiting;    /* something could not be asked yet */
} TamboPipelineResult;

void tambo_pipeline_result_clear (TamboPipelineResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboPipelineResult, tambo_pipeline_result_clear)

/* Fails for the database and the disk alone. */
gboolean tambo_pipeline_run (const TamboPipelineCase *about, TamboPipelineResult *out_result,
                             GError **error);
