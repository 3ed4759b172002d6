/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/issue-step.h"

#include <stdlib.h>
#include <string.h>

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

/* By the instruction, the second byte of a profile's template. */
static const char *name_command (const char *command_template) {
  static const struct {
    unsigned long instruction;
    const char *name;
  } commands[] = {
    { 0x44, "ACTIVATE FILE" }, { 0x47, "GENERATE ASYMMETRIC KEY PAIR" },
    { 0xD6, "UPDATE BINARY" }, { 0xDA, "PUT DATA" },
    { 0xDB, "PUT DATA" },      { 0xE0, "CREATE FILE" },
    { 0xE2, "STORE DATA" },
  };
  unsigned long instruction = command_template != NULL && strlen (command_template) > 3
                                  ? strtoul (command_template + 3, NULL, 16)
                                  : 0;

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (commands[i].instruction == instruction)
      return commands[i].name;
  return NULL;
}

static const char *command_of (const TamboChipProfile *profile, TamboPersonalisationStep step) {
  switch (step) {
  case TAMBO_STEP_SELECT:
    return "SELECT";
  case TAMBO_STEP_CREATE:
    return name_command (profile->create);
  case TAMBO_STEP_WRITE:
    return name_command (profile->write);
  case TAMBO_STEP_KEYS:
    return name_command (profile->bac_keys);
  case TAMBO_STEP_READ_BACK:
    return "READ BINARY";
  case TAMBO_STEP_LOCK:
    return name_command (profile->lock);
  case TAMBO_STEP_GENERATE:
    return name_command (profile->generate);
  case TAMBO_STEP_DONE:
  default:
    return NULL;
  }
}

void tambo_issue_step_init (TamboIssueStep *self, const TamboLds *lds,
                            const TamboChipProfile *profile, TamboPersonalisationStep step,
                            TamboLdsFile file) {
  guint n_files = 0;

  *self = (TamboIssueStep){ .step = step, .file = file, .command = command_of (profile, step) };
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    if (lds->files[i] == NULL)
      continue;
    self->files |= 1u << i;
    self->sizes[i] = (guint32) g_bytes_get_size (lds->files[i]);
    n_files++;
  }
  if (file < TAMBO_LDS_N_FILES && lds->files[file] != NULL)
    self->size = g_bytes_get_size (lds->files[file]);
  self->n_steps = N_BEFORE + 2 * n_files + N_AFTER;
  self->number = number_of (self, lds, n_files);
}
