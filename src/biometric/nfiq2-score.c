/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-score.h"

#include "format/format-error.h"

#include <math.h>
#include <string.h>

#define INFO_MAX_SIZE (16 * 1024)
#define SCORE_MAX 100

static void read_line (TamboNfiq2ModelInfo *info, char *line) {
  const struct {
    const char *key;
    char **value;
  } fields[] = {
    { "Name", &info->name },
    { "Version", &info->version },
    { "Path", &info->path },
    { "Hash", &info->md5 },
  };
  char *value = strchr (line, '=');

  if (value == NULL)
    return;
  *value++ = '\0';
  g_strstrip (line);
  g_strstrip (value);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (strcmp (line, fields[i].key) == 0 && *value != '\0') {
      g_free (*fields[i].value);
      *fields[i].value = g_strdup (value);
    }
}

TamboNfiq2ModelInfo *tambo_nfiq2_model_info_parse (GBytes *file, GError **error) {
  g_autoptr (TamboNfiq2ModelInfo) info = g_new0 (TamboNfiq2ModelInfo, 1);
  gsize size;
  const char *text = g_bytes_get_data (file, &size);

  if (size > INFO_MAX_SIZE || !g_utf8_validate_len (text, size, NULL)) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED,
                 "this is no model information");
    return NULL;
  }
  g_autofree char *copy = g_strndup (text, size);
  g_auto (GStrv) lines = g_strsplit (copy, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    read_line (info, *line);
  if (info->path == NULL || info->md5 == NULL) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED,
                 "the model information names no %s", info->path == NULL ? "Path" : "Hash");
    return NULL;
  }
  return g_steal_pointer (&info);
}

void tambo_nfiq2_model_info_free (TamboNfiq2ModelInfo *self) {
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->version);
  g_free (self->path);
  g_free (self->md5);
  g_free (self);
}

TamboRandomForest *tambo_nfiq2_model_parse (GBytes *file, const TamboNfiq2ModelInfo *info,
                                            GError **error) {
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, file);

  if (info != NULL && g_ascii_strcasecmp (md5, info->md5) != 0) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED,
                 "the model is not the one that its information names: hash %s, wanted %s", md5,
                 info->md5);
    return NULL;
  }
  return tambo_random_forest_parse (file, TAMBO_NFIQ2_MEASURES, error);
}

int tambo_nfiq2_score (const TamboRandomForest *model, const TamboNfiq2Measures *measures) {
  float values[TAMBO_NFIQ2_MEASURES];

  if (!measures->scorable)
    return TAMBO_NFIQ2_FAILURE;
  for (int i = 0; i < TAMBO_NFIQ2_MEASURES; i++)
    values[i] = (float) measures->measures[i].value;
  float share =
      (float) tambo_random_forest_votes (model, values) / (float) tambo_random_forest_trees (model);
  return (int) floor (share * SCORE_MAX + 0.5);
}
