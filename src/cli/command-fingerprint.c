/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "base/file.h"
#include "biometric/fingerprint-compare.h"
#include "biometric/fingerprint-picture.h"
#include "biometric/fingerprint-quality.h"
#include "biometric/minutiae.h"
#include "format/format-error.h"
#include "format/image-codec.h"

#define FILE_MAX_SIZE (64 * 1024 * 1024)
#define LIST_MAX_SIZE (64 * 1024 * 1024)
#define BEST 10 /* candidates that identify shows without --all */

/* ---- in ---- */

static TamboImage *read_image (const char *path, int ppi, GError **error) {
  TamboImage *image = tambo_cli_read_picture (path, error);

  if (image != NULL)
    image->ppi = ppi > 0 ? ppi : image->ppi > 0 ? image->ppi : TAMBO_FINGERPRINT_PPI;
  return image;
}

static TamboFingerprint *read_finger (const char *path, int ppi, GError **error) {
  g_autoptr (GBytes) file = tambo_file_read (path, FILE_MAX_SIZE, error);
  return file != NULL ? tambo_fingerprint_from_bytes (file, ppi, error) : NULL;
}

static TamboMinutiaeRecord *extract_file (const char *path, int ppi, TamboImage **out_image,
                                          GError **error) {
  g_autoptr (TamboImage) image = read_image (path, ppi, error);
  g_autoptr (TamboMinutiaeRecord) record = image != NULL ? tambo_minutiae_extract (image) : NULL;
  TamboFingerprintQuality quality;

  if (image != NULL && record == NULL)
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "%d x %d pixels are no fingerprint", image->width, image->height);
  if (record == NULL)
    return NULL;
  /* Hair and cloth have lines that end and fork too. */
  tambo_fingerprint_quality (image, &quality);
  if (!tambo_fingerprint_has_ridges (&quality)) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "there are no ridges in the picture");
    return NULL;
  }
  *out_image = g_steal_pointer (&image);
  return g_steal_pointer (&record);
}

/* ---- extract and draw ---- */

static GBytes *encode_record (const TamboImage *image, const TamboMinutiaeRecord *record,
                              GError **error) {
  return tambo_minutiae_record_encode (record);
}

/* On the picture at the resolution of its minutiae. */
static GBytes *encode_drawing (const TamboImage *image, const TamboMinutiaeRecord *record,
                               GError **error) {
  g_autoptr (TamboImage) scaled = tambo_image_scale (image, record->width, record->height);
  g_autoptr (TamboImage) drawn =
      scaled != NULL ? tambo_minutiae_draw (scaled, g_ptr_array_index (record->views, 0)) : NULL;

  if (drawn == NULL) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_TOO_LARGE,
                 "the picture is too large to draw on");
    return NULL;
  }
  drawn->ppi = TAMBO_FINGERPRINT_PPI;
  return tambo_image_encode_png (drawn, error);
}

typedef GBytes *(*Encode) (const TamboImage *image, const TamboMinutiaeRecord *record,
                           GError **error);

static TamboExit extract_to_file (TamboCli *cli, int argc, char **argv, const char *summary,
                                  Encode encode) {
  g_autofree char *name = g_strdup_printf ("fingerprint %s", argv[0]);
  g_autofree char *path = NULL;
  int ppi = 0, position = 0;
  const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "Where it goes", "FILE" },
    { "ppi", 0, 0, G_OPTION_ARG_INT, &ppi, "Resolution, whatever the file tells", "N" },
    { "position", 0, 0, G_OPTION_ARG_INT, &position, "Finger, 1 right thumb to 10 left little",
      "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboImage) image = NULL;
  TamboExit status;

  if (!tambo_cli_parse (name, "IMAGE", summary, options, &argc, &argv, &status))
    return status;
  if (argc != 2 || path == NULL)
    return tambo_cli_usage ("a fingerprint's image and -o FILE are needed");
  if (position < 0 || position > 10)
    return tambo_cli_usage ("a finger's position is 0 to 10");

  g_autoptr (TamboMinutiaeRecord) record = extract_file (argv[1], ppi, &image, &error);
  if (record == NULL)
    return tambo_cli_fail (error, "minutiae not extracted");
  TamboMinutiaeView *view = g_ptr_array_index (record->views, 0);
  view->position = (guint8) position;
  g_autoptr (GBytes) bytes = encode (image, record, &error);
  if (bytes == NULL || !tambo_file_write_durable (path, bytes, 0600, &error))
    return tambo_cli_fail (error, "file not written");

  JsonObject *document = json_object_new ();
  json_object_set_string_member (document, "file", path);
  json_object_set_int_member (document, "minutiae", view->minutiae->len);
  json_object_set_int_member (document, "quality", view->quality);
  json_object_set_int_member (document, "size", (gint64) g_bytes_get_size (bytes));
  if (!cli->json)
    printf ("%u minutiae: %s\n", view->minutiae->len, path);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

static TamboExit extract (TamboCli *cli, int argc, char **argv) {
  return extract_to_file (cli, argc, argv, "Write the minutiae as an ISO/IEC 19794-2 record.",
                          encode_record);
}

static TamboExit draw (TamboCli *cli, int argc, char **argv) {
  return extract_to_file (cli, argc, argv,
                          "Draw the minutiae on the picture: endings red, bifurcations blue.",
                          encode_drawing);
}

/* ---- match ---- */

static TamboExit match (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  int ppi = 0;
  const GOptionEntry options[] = {
    { "ppi", 0, 0, G_OPTION_ARG_INT, &ppi, "Resolution of the images", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFingerprint) a = NULL;
  g_autoptr (TamboFingerprint) b = NULL;

  if (!tambo_cli_parse ("fingerprint match", "A B",
                        "Compare two fingers, images or ISO/IEC 19794-2 records.", options, &argc,
                        &argv, &status))
    return status;
  if (argc != 3)
    return tambo_cli_usage ("two images or records are needed");
  a = read_finger (argv[1], ppi, &error);
  b = a != NULL ? read_finger (argv[2], ppi, &error) : NULL;
  if (b == NULL) {
    g_prefix_error (&error, "%s: ", a == NULL ? argv[1] : argv[2]);
    return tambo_cli_fail (error, "fingers not compared");
  }

  int score = tambo_fingerprint_compare (a, b);
  gboolean same = score >= TAMBO_MATCH_THRESHOLD;
  JsonObject *document = json_object_new ();
  json_object_set_int_member (document, "score", score);
  json_object_set_string_member (document, "decision", same ? "match" : "no-match");
  json_object_set_int_member (document, "threshold", TAMBO_MATCH_THRESHOLD);
  json_object_set_double_member (document, "false_match_rate",
                                 tambo_match_false_match_rate (score));
  if (!cli->json)
    printf ("score: %d\ndecision: %s (threshold %d, false match rate 0.1 %%)\n", score,
            same ? "match" : "no match", TAMBO_MATCH_THRESHOLD);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

/* ---- identify ---- */

typedef struct {
  char *path;
  int score;
  char *cause; /* why it was not compared; NULL when it was */
} Candidate;

typedef struct {
  const TamboFingerprint *probe;
  GCancellable *cancellable;
  int ppi;
} Search;

static void candidate_free (gpointer data) {
  Candidate *candidate = data;
  g_free (candidate->path);
  g_free (candidate->cause);
  g_free (candidate);
}

static void add_candidate (GPtrArray *candidates, char *path) {
  Candidate *candidate = g_new0 (Candidate, 1);
  candidate->path = path;
  g_ptr_array_add (candidates, candidate);
}

static gboolean list_folder (const char *path, GPtrArray *candidates, GError **error) {
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);
    if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
      add_candidate (candidates, g_steal_pointer (&file));
  }
  return dir != NULL;
}

/* A path a line; those that are not absolute are from here. */
static gboolean list_file (const char *path, GPtrArray *candidates, GError **error) {
  const char *from = g_strcmp0 (path, "-") == 0 ? "/dev/stdin" : path;
  g_autoptr (GBytes) file = tambo_file_read (from, LIST_MAX_SIZE, error);
  if (file == NULL)
    return FALSE;

  g_autofree char *text = g_strndup (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (*g_strstrip (*line) != '\0')
      add_candidate (candidates, g_strdup (*line));
  return TRUE;
}

/* In a thread of its own: one bad file does not stop the others. */
static void compare_candidate (gpointer data, gpointer user_data) {
  Candidate *candidate = data;
  const Search *search = user_data;
  g_autoptr (GError) error = NULL;

  if (g_cancellable_is_cancelled (search->cancellable))
    return;
  g_autoptr (TamboFingerprint) finger = read_finger (candidate->path, search->ppi, &error);
  if (finger != NULL)
    candidate->score = tambo_fingerprint_compare (search->probe, finger);
  else
    candidate->cause = g_strdup (error->message);
}

static int compare_scores (gconstpointer a, gconstpointer b) {
  const Candidate *x = *(const Candidate *const *) a, *y = *(const Candidate *const *) b;
  return x->score != y->score ? (x->score < y->score) - (x->score > y->score)
                              : g_strcmp0 (x->path, y->path);
}

static void print_candidates (TamboCli *cli, GPtrArray *candidates, gboolean all) {
  JsonObject *document = json_object_new ();
  JsonArray *rows = json_array_new (), *skipped = json_array_new ();
  guint compared = 0;

  for (guint i = 0; i < candidates->len; i++) {
    const Candidate *candidate = g_ptr_array_index (candidates, i);
    JsonObject *row = json_object_new ();
    json_object_set_string_member (row, "id", candidate->path);
    if (candidate->cause != NULL) {
      fprintf (stderr, "not compared: %s: %s\n", candidate->path, candidate->cause);
      json_object_set_string_member (row, "cause", candidate->cause);
      json_array_add_object_element (skipped, row);
      continue;
    }
    json_object_set_int_member (row, "score", candidate->score);
    if (compared++ >= BEST && !all) {
      json_object_unref (row);
      continue;
    }
    json_array_add_object_element (rows, row);
    if (!cli->json)
      printf ("%4d  %s%s\n", candidate->score, candidate->path,
              candidate->score >= TAMBO_MATCH_THRESHOLD ? "  match" : "");
  }
  json_object_set_array_member (document, "candidates", rows);
  json_object_set_array_member (document, "skipped", skipped);
  json_object_set_int_member (document, "compared", compared);
  json_object_set_int_member (document, "threshold", TAMBO_MATCH_THRESHOLD);
  tambo_cli_end (cli, document);
}

static gboolean compare_all (TamboCli *cli, Search *search, GPtrArray *candidates, GError **error) {
  GThreadPool *pool =
      g_thread_pool_new (compare_candidate, search, (int) g_get_num_processors (), FALSE, error);
  if (pool == NULL)
    return FALSE;
  for (guint i = 0; i < candidates->len; i++)
    g_thread_pool_push (pool, g_ptr_array_index (candidates, i), NULL);
  g_thread_pool_free (pool, FALSE, TRUE);
  g_ptr_array_sort (candidates, compare_scores);
  return !g_cancellable_set_error_if_cancelled (cli->cancellable, error);
}

static TamboExit identify (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  gboolean all = FALSE;
  Search search = { .cancellable = cli->cancellable };
  const GOptionEntry options[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, "Tell every comparison, not the best ten", NULL },
    { "ppi", 0, 0, G_OPTION_ARG_INT, &search.ppi, "Resolution of the images", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) candidates = g_ptr_array_new_with_free_func (candidate_free);

  if (!tambo_cli_parse ("fingerprint identify", "PROBE DIR|LIST",
                        "Compare a finger with all of a folder, or of a list of files.", options,
                        &argc, &argv, &status))
    return status;
  if (argc != 3)
    return tambo_cli_usage ("a probe, and a folder or list are needed");

  g_autoptr (TamboFingerprint) probe = read_finger (argv[1], search.ppi, &error);
  search.probe = probe;
  if (probe == NULL
      || !(g_file_test (argv[2], G_FILE_TEST_IS_DIR) ? list_folder (argv[2], candidates, &error)
                                                     : list_file (argv[2], candidates, &error))
      || !compare_all (cli, &search, candidates, &error))
    return tambo_cli_fail (error, "finger not searched");
  print_candidates (cli, candidates, all);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_fingerprint (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "quality", NULL, tambo_command_fingerprint_quality },
    { "extract", NULL, extract },
    { "match", NULL, match },
    { "identify", NULL, identify },
    { "draw", NULL, draw },
    { "segment", NULL, tambo_command_fingerprint_segment },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
