/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where an issuance stands: the steps of a personalisation, counted, for whoever shows them.
 */
#pragma once

#include "chip/personalisation.h"

typedef struct {
  guint number, n_steps; /* from 1; the same step has the same number at each attempt */
  TamboPersonalisationStep step;
  TamboLdsFile file;                /* TAMBO_LDS_N_FILES where the step is of the whole chip */
  gsize size;                       /* of FILE, in bytes */
  guint32 files;                    /* bit N: the chip gets TamboLdsFile N */
  guint32 sizes[TAMBO_LDS_N_FILES]; /* of all files, in bytes */
  const char *
      command; /* that the step sends most, as ISO/IEC 7816-4 or GlobalPlatform name it; static, NULL for none */
} TamboIssueStep;

/* On the thread of the issuance, after the step was announced to the journal and before it is sent. */
typedef void (*TamboIssueStepFunc) (const TamboIssueStep *step, gpointer data);

/* Files are created, and written, in the order DG1 to DG16, COM, SOD. */
void tambo_issue_step_init (TamboIssueStep *self, const TamboLds *lds,
                            const TamboChipProfile *profile, TamboPersonalisationStep step,
                            TamboLdsFile file);
