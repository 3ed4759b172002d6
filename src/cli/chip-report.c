/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/chip-report.h"

#include "chip/inspection.h"

#include <stdio.h>

static const char *const results[] = {
  [TAMBO_VERDICT_PASSED] = "passed",
  [TAMBO_VERDICT_FAILED] = "FAILED",
  [TAMBO_VERDICT_SKIPPED] = "skipped",
};

void tambo_cli_print_verdicts (GPtrArray *verdicts) {
  for (guint i = 0; i < verdicts->len; i++) {
    const TamboVerdict *verdict = g_ptr_array_index (verdicts, i);
    printf ("  %-24s %-8s%s%s\n", verdict->check, results[verdict->result],
            verdict->detail[0] != '\0' ? " " : "", verdict->detail);
  }
}

JsonArray *tambo_cli_verdicts_to_json (GPtrArray *verdicts) {
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < verdicts->len; i++) {
    const TamboVerdict *verdict = g_ptr_array_index (verdicts, i);
    g_autofree char *result = g_ascii_strdown (results[verdict->result], -1);
    JsonObject *row = json_object_new ();
    json_object_set_string_member (row, "check", verdict->check);
    json_object_set_string_member (row, "result", result);
    json_object_set_string_member (row, "detail", verdict->detail);
    json_array_add_object_element (array, row);
  }
  return array;
}

TamboExit tambo_cli_end_verdicts (TamboCli *cli, GPtrArray *verdicts) {
  gboolean passed = tambo_verdicts_all_passed (verdicts);

  if (cli->json) {
    JsonObject *document = json_object_new ();
    json_object_set_boolean_member (document, "passed", passed);
    json_object_set_array_member (document, "checks", tambo_cli_verdicts_to_json (verdicts));
    tambo_cli_print_json (document);
  } else {
    tambo_cli_print_verdicts (verdicts);
  }
  return passed ? TAMBO_EXIT_DONE : TAMBO_EXIT_INTEGRITY;
}

void tambo_cli_end_lds (TamboCli *cli, const TamboLds *lds) {
  JsonObject *document = json_object_new ();

  for (int file = 0; file < TAMBO_LDS_N_FILES; file++) {
    if (lds->files[file] == NULL)
      continue;
    gsize size = g_bytes_get_size (lds->files[file]);
    json_object_set_int_member (document, tambo_lds_file_name (file), size);
    if (!cli->json)
      printf ("%-4s %zu bytes\n", tambo_lds_file_name (file), size);
  }
  tambo_cli_end (cli, document);
}
