/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/issue-step.h"

/* Before the files, and after them. */
enum { N_BEFORE = 1, KEYS = 1, READ_BACK, LOCK, DONE, N_AFTER = DONE };

/* COM is the first of the enumeration and the last but one on the chip. */
static gboolean is_before (TamboLdsFile file, TamboLdsFile other) {
  gboolean is_group = file != TAMBO_LDS_COM && file != TAMBO_LDS_SOD;

  if (other == TAMBO_LDS_COM)
    return is_group;
  return file != TAMBO_LDS_COM ? file < other : other == TAMBO_LDS_SOD;
}

static guint place_of (const TamboLds *lds, TamboLdsFile file) {
  guint place = 1;

  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++)
    place += lds->files[i] != NULL && i != file && is_before ((TamboLdsFile) i, file);
  return place;
}

static guint number_of (const TamboIssueStep *self, const TamboLds *lds, guint n_files) {
  const guint n_writing = N_BEFORE + 2 * n_files;

  switch (self->step) {
  case TAMBO_STEP_CREATE:
    return N_BEFORE + place_of (lds, self->file);
  case TAMBO_STEP_WRITE:
    return N_BEFORE + n_files + place_of (lds, self->file);
  case TAMBO_STEP_KEYS:
    return n_writing + KEYS;
  case TAMBO_STEP_READ_BACK:
    return n_writing + READ_BACK;
  case TAMBO_STEP_LOCK:
    return n_writing + LOCK;
  case TAMBO_STEP_DONE:
    return n_writing + DONE;
  case TAMBO_STEP_SELECT:
  case TAMBO_STEP_GENERATE:
  default:
    return N_BEFORE;
  }
}

void tambo_issue_step_init (TamboIssueStep *self, const TamboLds *lds,
                            TamboPersonalisationStep step, TamboLdsFile file) {
  guint n_files = 0;

  *self = (TamboIssueStep){ .step = step, .file = file };
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    if (lds->files[i] == NULL)
      continue;
    self->files |= 1u << i;
    n_files++;
  }
  if (file < TAMBO_LDS_N_FILES && lds->files[file] != NULL)
    self->size = g_bytes_get_size (lds->files[file]);
  self->n_steps = N_BEFORE + 2 * n_files + N_AFTER;
  self->number = number_of (self, lds, n_files);
}
