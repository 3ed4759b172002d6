/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "base/file.h"
#include "biometric/fingerprint-picture.h"
#include "biometric/slap.h"
#include "format/format-error.h"
#include "format/image-codec.h"
#include "record/finger.h"

static const struct {
  const char *name;
  TamboSlapPosition position;
} slaps[] = {
  { "right", TAMBO_SLAP_RIGHT_FOUR },
  { "left", TAMBO_SLAP_LEFT_FOUR },
  { "thumbs", TAMBO_SLAP_THUMBS },
};

static gboolean find_slap (const char *name, TamboSlapPosition *out_position) {
  for (gsize i = 0; i < G_N_ELEMENTS (slaps); i++)
    if (g_str_equal (slaps[i].name, name)) {
      *out_position = slaps[i].position;
      return TRUE;
    }
  return FALSE;
}

static const char *name_slap (TamboSlapPosition position) {
  for (gsize i = 0; i < G_N_ELEMENTS (slaps); i++)
    if (slaps[i].position == position)
      return slaps[i].name;
  return "unknown";
}

static gboolean add_missing (char **names, guint *out_missing) {
  *out_missing = 0;
  for (char **name = names; name != NULL && *name != NULL; name++) {
    TamboFinger finger = tambo_finger_from_string (*name);
    if (finger == TAMBO_FINGER_UNKNOWN)
      return FALSE;
    *out_missing |= 1u << finger;
  }
  return TRUE;
}

static TamboSlap *segment_file (const char *path, TamboSlapPosition position, guint missing,
                                GError **error) {
  g_autoptr (TamboImage) image = tambo_cli_read_picture (path, error);

  if (image == NULL)
    return NULL;
  if (image->ppi == 0)
    image->ppi = TAMBO_FINGERPRINT_PPI;
  TamboSlap *slap = tambo_slap_segment (image, position, missing);
  if (slap == NULL)
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_TOO_LARGE,
                 "%d x %d pixels are more than a slap has", image->width, image->height);
  return slap;
}

/* The file's name in FOLDER: the finger's, or its number from the left. */
static char *make_path (const char *folder, const TamboSlapFinger *finger, guint number) {
  g_autofree char *name =
      finger->position > 0 ? g_strdup_printf ("%s.png", tambo_finger_to_string (finger->position))
                           : g_strdup_printf ("finger-%u.png", number);
  return g_build_filename (folder, name, NULL);
}

static JsonObject *describe_finger (const TamboSlapFinger *finger, const char *path) {
  JsonObject *row = json_object_new ();

  json_object_set_string_member (row, "file", path);
  json_object_set_int_member (row, "position", finger->position);
  json_object_set_double_member (row, "x", finger->x);
  json_object_set_double_member (row, "y", finger->y);
  json_object_set_double_member (row, "width", finger->width);
  json_object_set_double_member (row, "height", finger->height);
  json_object_set_double_member (row, "angle", finger->angle);
  return row;
}

static gboolean write_fingers (TamboCli *cli, const TamboSlap *slap, const char *folder,
                               JsonArray *rows, GError **error) {
  for (guint i = 0; i < slap->fingers->len; i++) {
    const TamboSlapFinger *finger = g_ptr_array_index (slap->fingers, i);
    g_autofree char *path = make_path (folder, finger, i + 1);
    g_autoptr (GBytes) png =
        finger->image != NULL ? tambo_image_encode_png (finger->image, error) : NULL;
    if (png == NULL || !tambo_file_write_durable (path, png, 0600, error))
      return FALSE;
    json_array_add_object_element (rows, describe_finger (finger, path));
    if (!cli->json)
      printf ("%4.0f, %4.0f  %3.0f x %3.0f  %5.1f degrees  %s\n", finger->x, finger->y,
              finger->width, finger->height, finger->angle, path);
  }
  return TRUE;
}

/* What is not as it was asked for; the fingers are written all the same. */
static TamboExit judge (const TamboSlap *slap, TamboSlapPosition position) {
  g_autoptr (GError) error = NULL;

  if (tambo_slap_is_complete (slap, position))
    return TAMBO_EXIT_DONE;
  if (slap->fingers->len != slap->expected || slap->expected == 0) {
    g_set_error (&error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY,
                 "%u fingers were found instead of %u", slap->fingers->len, slap->expected);
    return tambo_cli_fail_with (error, "slap not accepted",
                                "capture it again, or name each finger that is --missing");
  }
  g_set_error (&error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY,
               "it looks like the %s hand", name_slap (slap->hand));
  return tambo_cli_fail_with (error, "slap not accepted",
                              "place the other hand, or look at the pictures");
}

TamboExit tambo_command_fingerprint_segment (TamboCli *cli, int argc, char **argv) {
  g_autofree char *folder = NULL, *hand = NULL;
  g_auto (GStrv) names = NULL;
  const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &folder, "Folder for the fingers", "DIR" },
    { "hand", 0, 0, G_OPTION_ARG_STRING, &hand, "What was captured", "right|left|thumbs" },
    { "missing", 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, "A finger that need not be there",
      "POSITION" },
    G_OPTION_ENTRY_NULL,
  };
  TamboSlapPosition position = TAMBO_SLAP_UNKNOWN;
  g_autoptr (GError) error = NULL;
  guint missing;
  TamboExit status;

  if (!tambo_cli_parse ("fingerprint segment", "SLAP", "Cut a slap into its fingers, upright.",
                        options, &argc, &argv, &status))
    return status;
  if (argc != 2 || folder == NULL)
    return tambo_cli_usage ("a slap's image and -o DIR are needed");
  if (hand != NULL && !find_slap (hand, &position))
    return tambo_cli_usage ("--hand is right, left or thumbs");
  if (!add_missing (names, &missing))
    return tambo_cli_usage ("--missing is a finger, such as right-ring");

  g_autoptr (TamboSlap) slap = segment_file (argv[1], position, missing, &error);
  JsonArray *rows = json_array_new ();
  if (slap == NULL || !tambo_file_make_folder (folder, 0700, &error)
      || !write_fingers (cli, slap, folder, rows, &error)) {
    json_array_unref (rows);
    return tambo_cli_fail (error, "slap not segmented");
  }
  JsonObject *document = json_object_new ();
  json_object_set_array_member (document, "fingers", rows);
  json_object_set_int_member (document, "expected", slap->expected);
  json_object_set_string_member (document, "hand", name_slap (slap->hand));
  json_object_set_boolean_member (document, "complete", tambo_slap_is_complete (slap, position));
  tambo_cli_end (cli, document);
  return judge (slap, position);
}
