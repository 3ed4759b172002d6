/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "base/file.h"
#include "biometric/fingerprint-picture.h"
#include "biometric/fingerprint-quality.h"
#include "biometric/nfiq2-score.h"

#define MODEL_VARIABLE "TAMBO_NFIQ2_MODEL"
#define MODEL_NAME "nist_plain_tir-ink.txt"

typedef struct {
  TamboFingerprintQuality quality;
  gboolean measured; /* FALSE: white all over, or smaller than a block */
  TamboNfiq2Measures nfiq2;
  int score; /* -1 without a model */
} Judgement;

/* ---- the model ---- */

/* Where the office has it; NULL when it has none. */
static char *find_model (const char *given) {
  const char *const *folders = g_get_system_data_dirs ();
  const char *variable = g_getenv (MODEL_VARIABLE);
  g_autofree char *own = g_build_filename (g_get_user_data_dir (), "tambo", MODEL_NAME, NULL);

  if (given != NULL || (variable != NULL && *variable != '\0'))
    return g_strdup (given != NULL ? given : variable);
  if (g_file_test (own, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&own);
  for (; *folders != NULL; folders++) {
    g_autofree char *path = g_build_filename (*folders, "tambo", MODEL_NAME, NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
  return NULL;
}

static gboolean is_model (GBytes *file) {
  gsize size;
  const char *text = g_bytes_get_data (file, &size);

  return size > 0 && (*text == '%' || *text == '<');
}

/* PATH is the model's own, or that of the information beside it. */
static TamboRandomForest *read_model (const char *path, GError **error) {
  g_autoptr (GBytes) file = tambo_file_read (path, TAMBO_RANDOM_FOREST_MAX_SIZE, error);

  if (file == NULL)
    return NULL;
  if (is_model (file))
    return tambo_nfiq2_model_parse (file, NULL, error);
  g_autoptr (TamboNfiq2ModelInfo) info = tambo_nfiq2_model_info_parse (file, error);
  if (info == NULL)
    return NULL;
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *model_path = g_path_is_absolute (info->path)
                                    ? g_strdup (info->path)
                                    : g_build_filename (folder, info->path, NULL);
  g_autoptr (GBytes) model = tambo_file_read (model_path, TAMBO_RANDOM_FOREST_MAX_SIZE, error);
  return model != NULL ? tambo_nfiq2_model_parse (model, info, error) : NULL;
}

/* FALSE when there is a model that cannot be read. */
static gboolean load_model (const char *given, TamboRandomForest **out_model, GError **error) {
  g_autofree char *path = find_model (given);

  *out_model = path != NULL ? read_model (path, error) : NULL;
  if (path != NULL && *out_model == NULL)
    g_prefix_error (error, "%s: ", path);
  return path == NULL || *out_model != NULL;
}

/* ---- an image ---- */

static gboolean judge (const char *path, int ppi, const TamboRandomForest *model, Judgement *out,
                       GError **error) {
  g_autoptr (TamboImage) image = tambo_cli_read_picture (path, error);
  g_autoptr (TamboImage) subject = NULL;

  if (image == NULL)
    return FALSE;
  image->ppi = ppi > 0 ? ppi : image->ppi > 0 ? image->ppi : TAMBO_FINGERPRINT_PPI;
  tambo_fingerprint_quality (image, &out->quality);

  subject = tambo_fingerprint_normalise (image);
  out->measured = tambo_nfiq2_measure (subject, &out->nfiq2);
  out->score = model == NULL   ? -1
               : out->measured ? tambo_nfiq2_score (model, &out->nfiq2)
                               : TAMBO_NFIQ2_FAILURE;
  return TRUE;
}

/* ---- out ---- */

static JsonArray *describe_reasons (const TamboFingerprintQuality *quality) {
  JsonArray *reasons = json_array_new ();

  for (int i = 0; i < TAMBO_FINGERPRINT_REASONS; i++) {
    const TamboFingerprintReasonInfo *info = tambo_fingerprint_reason_info (i);
    if (!tambo_fingerprint_has_reason (quality, i))
      continue;
    JsonObject *reason = json_object_new ();
    json_object_set_string_member (reason, "reason", info->name);
    json_object_set_string_member (reason, "measure", info->measure);
    json_object_set_double_member (reason, "value", tambo_fingerprint_reason_value (quality, i));
    json_object_set_double_member (reason, info->above ? "most" : "least", info->limit);
    json_object_set_string_member (reason, "advice", info->advice);
    json_array_add_object_element (reasons, reason);
  }
  return reasons;
}

/* By the names of NFIQ 2. */
static JsonObject *describe_measures (const TamboNfiq2Measures *nfiq2) {
  JsonObject *measures = json_object_new ();

  json_object_set_double_member (measures, "UniformImage", nfiq2->deviation);
  json_object_set_double_member (measures, "EmptyImageOrContrastTooLow",
                                 tambo_nfiq2_measures_get (nfiq2, "Mu"));
  json_object_set_double_member (measures, "FingerprintImageWithMinutiae",
                                 tambo_nfiq2_measures_get (nfiq2, "FingerJetFX_MinutiaeCount"));
  json_object_set_double_member (measures, "SufficientFingerprintForeground", nfiq2->foreground);
  for (int i = 0; i < TAMBO_NFIQ2_MEASURES; i++)
    json_object_set_double_member (measures, nfiq2->measures[i].name, nfiq2->measures[i].value);
  return measures;
}

/* Those of ISO/IEC 29794-4. */
static JsonObject *describe_block_values (const TamboNfiq2Measures *nfiq2) {
  JsonObject *values = json_object_new ();

  for (int i = 0; i < TAMBO_NFIQ2_MEASURES; i++) {
    int value = tambo_nfiq2_block_value (&nfiq2->measures[i]);
    if (value >= 0)
      json_object_set_int_member (values, nfiq2->measures[i].name, value);
  }
  return values;
}

static JsonObject *describe (const char *path, const Judgement *judgement, int position) {
  const TamboFingerprintQuality *quality = &judgement->quality;
  int threshold = tambo_fingerprint_threshold (TAMBO_FINGERPRINT_PLAIN_ENROLMENT, position);
  JsonObject *row = json_object_new ();

  json_object_set_string_member (row, "id", path);
  json_object_set_int_member (row, "index", quality->index);
  json_object_set_double_member (row, "ridge_area", quality->ridge_area);
  json_object_set_double_member (row, "certainty", quality->certainty);
  json_object_set_double_member (row, "ridge_period", quality->ridge_period);
  json_object_set_double_member (row, "mean", quality->mean);
  for (int i = 0; i < TAMBO_FINGERPRINT_REASONS; i++)
    json_object_set_double_member (row, tambo_fingerprint_reason_info (i)->measure,
                                   tambo_fingerprint_reason_value (quality, i));
  json_object_set_array_member (row, "reasons", describe_reasons (quality));
  if (judgement->measured) {
    json_object_set_object_member (row, "measures", describe_measures (&judgement->nfiq2));
    json_object_set_object_member (row, "quality_block_values",
                                   describe_block_values (&judgement->nfiq2));
  }
  if (judgement->score >= 0)
    json_object_set_int_member (row, "nfiq2", judgement->score);
  if (threshold >= 0)
    json_object_set_int_member (row, "nfiq2_threshold", threshold);
  return row;
}

static void print (const char *path, const Judgement *judgement, int position) {
  const TamboFingerprintQuality *quality = &judgement->quality;
  int threshold = tambo_fingerprint_threshold (TAMBO_FINGERPRINT_PLAIN_ENROLMENT, position);

  printf ("%3d  %s%s\n", quality->index, path,
          tambo_fingerprint_has_ridges (quality) ? "" : " (no finger)");
  for (int i = 0; i < TAMBO_FINGERPRINT_REASONS; i++) {
    const TamboFingerprintReasonInfo *info = tambo_fingerprint_reason_info (i);
    if (tambo_fingerprint_has_reason (quality, i))
      printf ("     %s: %s (%s %.2f, at %s %.2f wanted)\n", info->name, info->advice, info->measure,
              tambo_fingerprint_reason_value (quality, i), info->above ? "most" : "least",
              info->limit);
  }
  if (judgement->score >= 0)
    printf ("     NFIQ 2: %d%s\n", judgement->score,
            judgement->score == TAMBO_NFIQ2_FAILURE ? " (no score: too little of a finger)"
            : threshold < 0                         ? ""
            : judgement->score >= threshold         ? " (enough)"
                                                    : " (not enough)");
}

TamboExit tambo_command_fingerprint_quality (TamboCli *cli, int argc, char **argv) {
  g_autoptr (TamboRandomForest) model = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *model_path = NULL;
  int ppi = 0, position = 0;
  const GOptionEntry options[] = {
    { "ppi", 0, 0, G_OPTION_ARG_INT, &ppi, "Resolution, whatever the file tells", "N" },
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &model_path, "NIST's model, for the NFIQ 2 score",
      "FILE" },
    { "position", 0, 0, G_OPTION_ARG_INT, &position, "Finger, 1 right thumb to 10 left little",
      "N" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;

  if (!tambo_cli_parse ("fingerprint quality", "IMAGE…",
                        "Tell the local quality index of fingerprints, why they are poor, and the "
                        "measures of NFIQ 2; with its model, the NFIQ 2 score.",
                        options, &argc, &argv, &status))
    return status;
  if (argc < 2)
    return tambo_cli_usage ("a fingerprint's image is needed");
  if (position < 0 || position > 10)
    return tambo_cli_usage ("a finger's position is 0 to 10");
  if (!load_model (model_path, &model, &error))
    return tambo_cli_fail_with (error, "model not read",
                                "install it again, or name another with --model");

  JsonArray *rows = json_array_new ();
  for (int i = 1; i < argc; i++) {
    Judgement judgement = { 0 };
    if (!judge (argv[i], ppi, model, &judgement, &error)) {
      json_array_unref (rows);
      g_prefix_error (&error, "%s: ", argv[i]);
      return tambo_cli_fail (error, "quality not measured");
    }
    json_array_add_object_element (rows, describe (argv[i], &judgement, position));
    if (!cli->json)
      print (argv[i], &judgement, position);
  }
  tambo_cli_end_rows (cli, "images", rows);
  return TAMBO_EXIT_DONE;
}
