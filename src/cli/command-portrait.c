/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "base/file.h"
#include "biometric/portrait-crop.h"
#include "biometric/portrait-judge.h"
#include "format/image-codec.h"
#include "station/station-error.h"

#define JPEG_QUALITY 95

static TamboImage *read_image (const char *path, GError **error) {
  TamboImage *image = tambo_cli_read_picture (path, error);

  if (image == NULL)
    g_prefix_error (error, "%s: ", path);
  return image;
}

/* ---- check ---- */

static JsonObject *describe_point (TamboFacePoint point) {
  JsonObject *object = json_object_new ();
  json_object_set_double_member (object, "x", point.x);
  json_object_set_double_member (object, "y", point.y);
  return object;
}

static JsonArray *describe_faces (const GArray *faces, int count) {
  JsonArray *rows = json_array_new ();

  for (int i = 0; i < count; i++) {
    const TamboFace *face = &g_array_index (faces, TamboFace, i);
    JsonObject *row = json_object_new ();
    json_object_set_int_member (row, "x", face->box.x);
    json_object_set_int_member (row, "y", face->box.y);
    json_object_set_int_member (row, "width", face->box.width);
    json_object_set_int_member (row, "height", face->box.height);
    json_object_set_double_member (row, "score", face->box.score);
    json_object_set_object_member (row, "right_eye", describe_point (face->right_eye));
    json_object_set_object_member (row, "left_eye", describe_point (face->left_eye));
    json_array_add_object_element (rows, row);
  }
  return rows;
}

static JsonArray *describe_measures (const GArray *measures) {
  JsonArray *rows = json_array_new ();

  for (guint i = 0; i < measures->len; i++) {
    const TamboPortraitMeasure *measure = &g_array_index (measures, TamboPortraitMeasure, i);
    JsonObject *row = json_object_new ();
    json_object_set_string_member (row, "measure", measure->measure);
    json_object_set_string_member (row, "component", measure->component);
    json_object_set_boolean_member (row, "mandatory", measure->mandatory);
    json_object_set_double_member (row, "value", measure->value);
    json_object_set_double_member (row, "minimum", measure->minimum);
    json_object_set_double_member (row, "maximum", measure->maximum);
    json_object_set_boolean_member (row, "passed", measure->passed);
    json_object_set_string_member (row, "hint", measure->hint);
    json_array_add_object_element (rows, row);
  }
  return rows;
}

static void print_measures (const char *path, const GArray *measures, gboolean is_limited) {
  printf ("%s%s\n", path, is_limited ? " (without a face detector: checks are limited)" : "");
  for (guint i = 0; i < measures->len; i++) {
    const TamboPortraitMeasure *measure = &g_array_index (measures, TamboPortraitMeasure, i);
    printf ("  %-6s %-22s %8.2f  (%g to %g)%s%s\n", measure->passed ? "passed" : "FAILED",
            measure->measure, measure->value, measure->minimum, measure->maximum,
            measure->passed ? "" : "  ", measure->hint);
  }
}

/* One picture: its row, and the sentence of what failed first, or NULL. */
static const char *check_image (TamboCli *cli, const char *path, const TamboImage *image,
                                const GArray *faces, JsonArray *rows) {
  g_autoptr (GArray) measures = tambo_portrait_judge (image, faces);
  const char *hint = tambo_portrait_hint (measures);
  JsonObject *row = json_object_new ();
  int count = faces != NULL ? tambo_portrait_count_faces (image, faces) : 0;

  json_object_set_string_member (row, "id", path);
  json_object_set_int_member (row, "width", image->width);
  json_object_set_int_member (row, "height", image->height);
  json_object_set_boolean_member (row, "limited", faces == NULL);
  json_object_set_boolean_member (row, "passed", hint == NULL);
  if (faces != NULL)
    json_object_set_array_member (row, "faces", describe_faces (faces, count));
  json_object_set_array_member (row, "measures", describe_measures (measures));
  json_array_add_object_element (rows, row);
  if (!cli->json)
    print_measures (path, measures, faces == NULL);
  return hint;
}

static TamboExit check_images (TamboCli *cli, TamboFaceFinder *finder, char **paths,
                               JsonArray *rows) {
  g_autofree char *failed = NULL;

  for (char **path = paths; *path != NULL; path++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboImage) image = read_image (*path, &error);
    g_autoptr (GArray) faces =
        image != NULL && finder != NULL ? tambo_face_find (finder, image, &error) : NULL;
    if (error != NULL)
      return tambo_cli_fail (error, "portrait not checked");
    const char *hint = check_image (cli, *path, image, faces, rows);
    if (hint != NULL && failed == NULL)
      failed = g_strdup_printf ("%s: %s", *path, hint);
  }
  if (failed == NULL)
    return TAMBO_EXIT_DONE;

  g_autoptr (GError) error =
      g_error_new_literal (TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY, failed);
  return tambo_cli_fail_with (error, "portrait not good enough", "take it again");
}

static TamboExit check (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  const GOptionEntry options[] = { G_OPTION_ENTRY_NULL };
  g_autoptr (GError) error = NULL;

  if (!tambo_cli_parse ("portrait check", "IMAGE…",
                        "Measure portraits against ISO/IEC 19794-5 and TR-03121-3 Volume 4.",
                        options, &argc, &argv, &status))
    return status;
  if (argc < 2)
    return tambo_cli_usage ("a portrait is needed");

  g_autoptr (TamboFaceFinder) finder = tambo_face_finder_new (&error);
  JsonObject *document = json_object_new ();
  JsonArray *rows = json_array_new ();
  status = check_images (cli, finder, argv + 1, rows);
  json_object_set_string_member (document, "detector",
                                 finder != NULL ? tambo_face_finder_get_name (finder) : "");
  if (finder == NULL)
    json_object_set_string_member (document, "limited_because", error->message);
  json_object_set_array_member (document, "images", rows);
  tambo_cli_end (cli, document);
  return status;
}

/* ---- crop ---- */

static GBytes *encode (const TamboImage *image, const char *path, GError **error) {
  return g_str_has_suffix (path, ".jpg") || g_str_has_suffix (path, ".jpeg")
             ? tambo_image_encode_jpeg (image, JPEG_QUALITY, error)
             : tambo_image_encode_png (image, error);
}

static TamboImage *crop_image (const TamboImage *image, gboolean as_token, GError **error) {
  g_autoptr (TamboFaceFinder) finder = tambo_face_finder_new (error);
  g_autoptr (GArray) faces = finder != NULL ? tambo_face_find (finder, image, error) : NULL;
  if (faces == NULL)
    return NULL;

  int count = tambo_portrait_count_faces (image, faces);
  if (count != 1) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY,
                 "the picture shows %d faces", count);
    return NULL;
  }
  const TamboFace *face = &g_array_index (faces, TamboFace, 0);
  return as_token ? tambo_portrait_crop_token (image, face, error)
                  : tambo_portrait_crop_frontal (image, face, error);
}

static TamboExit fail_crop (const GError *error) {
  return g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY)
             ? tambo_cli_fail_with (error, "portrait not cropped", "take it again with one face")
             : tambo_cli_fail (error, "portrait not cropped");
}

static TamboExit crop (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  g_autofree char *path = NULL;
  gboolean as_token = FALSE, as_frontal = FALSE;
  const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "Where it goes (PNG, or JPEG by its name)",
      "FILE" },
    { "token", 0, 0, G_OPTION_ARG_NONE, &as_token, "The token image, eyes level", NULL },
    { "full-frontal", 0, 0, G_OPTION_ARG_NONE, &as_frontal, "The full frontal image (default)",
      NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;

  if (!tambo_cli_parse ("portrait crop", "IMAGE",
                        "Cut a portrait to the image of ISO/IEC 19794-5; nothing is enlarged.",
                        options, &argc, &argv, &status))
    return status;
  if (argc != 2 || path == NULL || (as_token && as_frontal))
    return tambo_cli_usage ("a portrait, -o FILE and one kind are needed");

  g_autoptr (TamboImage) image = read_image (argv[1], &error);
  if (image == NULL)
    return tambo_cli_fail (error, "portrait not cropped");
  g_autoptr (TamboImage) part = crop_image (image, as_token, &error);
  if (part == NULL)
    return fail_crop (error);
  g_autoptr (GBytes) bytes = encode (part, path, &error);
  if (bytes == NULL || !tambo_file_write_durable (path, bytes, 0600, &error))
    return tambo_cli_fail (error, "file not written");

  JsonObject *document = json_object_new ();
  json_object_set_string_member (document, "file", path);
  json_object_set_string_member (document, "kind", as_token ? "token" : "full-frontal");
  json_object_set_int_member (document, "width", part->width);
  json_object_set_int_member (document, "height", part->height);
  if (!cli->json)
    printf ("%s: %d x %d\n", path, part->width, part->height);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_portrait (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "check", NULL, check },
    { "crop", NULL, crop },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
