/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command-stock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/second.h"
#include "station/stock-count.h"

#define MAX_FILE (8 * 1024 * 1024)

/* ---- what was counted ---- */

/* "A001" or "A001..A010". */
static gboolean add_range (GPtrArray *numbers, const char *text, GError **error) {
  g_auto (GStrv) ends = g_strsplit (text, "..", 2);
  g_autoptr (GPtrArray) range =
      tambo_stock_expand (ends[0], ends[1] != NULL ? ends[1] : ends[0], error);

  if (range == NULL) {
    g_prefix_error (error, "'%s': ", text);
    return FALSE;
  }
  for (guint i = 0; i < range->len; i++)
    g_ptr_array_add (numbers, g_strdup (g_ptr_array_index (range, i)));
  return TRUE;
}

/* As scanners type them: a number or a range in each line. */
static gboolean add_lines (GPtrArray *numbers, const char *text, GError **error) {
  g_auto (GStrv) lines = g_strsplit_set (text, " \t\r\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && !add_range (numbers, lines[i], error))
      return FALSE;
  return TRUE;
}

static char *read_text (const char *path, GError **error) {
  g_autoptr (GString) text = g_string_new (NULL);
  FILE *file = strcmp (path, "-") == 0 ? stdin : fopen (path, "re");
  char buffer[4096];
  gsize n;

  if (file == NULL) {
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", path,
                 g_strerror (errno));
    return NULL;
  }
  while (text->len <= MAX_FILE && (n = fread (buffer, 1, sizeof buffer, file)) > 0)
    g_string_append_len (text, buffer, (gssize) n);
  gboolean is_whole = !ferror (file) && text->len <= MAX_FILE;
  if (file != stdin)
    fclose (file);
  if (is_whole && memchr (text->str, '\0', text->len) == NULL)
    return g_strdup (text->str);
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: it is no list of numbers", path);
  return NULL;
}

static GPtrArray *read_numbers (char **words, const char *path, GError **error) {
  g_autoptr (GPtrArray) numbers = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; words[i] != NULL; i++)
    if (!add_range (numbers, words[i], error))
      return NULL;
  if (path == NULL)
    return g_steal_pointer (&numbers);
  g_autofree char *text = read_text (path, error);
  return text != NULL && add_lines (numbers, text, error) ? g_steal_pointer (&numbers) : NULL;
}

/* ---- what came of it ---- */

static void tell_difference (TamboCli *cli, const TamboCountDifference *difference,
                             JsonArray *array) {
  JsonObject *object = json_object_new ();
  const char *what = tambo_count_difference_to_string (difference->kind);

  json_object_set_string_member (object, "number", difference->number);
  json_object_set_string_member (object, "what", what);
  if (difference->state != NULL)
    json_object_set_string_member (object, "state", difference->state);
  if (difference->keeper != NULL)
    json_object_set_string_member (object, "keeper", difference->keeper);
  json_array_add_object_element (array, object);
  if (!cli->json)
    printf ("%-12s %-10s %-11s %s\n", difference->number, what,
            difference->state != NULL ? difference->state : "",
            difference->keeper != NULL ? difference->keeper : "");
}

static void tell_count (TamboCli *cli, const TamboStockCount *count) {
  JsonObject *document = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < count->differences->len; i++)
    tell_difference (cli, g_ptr_array_index (count->differences, i), array);
  json_object_set_int_member (document, "expected", count->expected);
  json_object_set_int_member (document, "counted", count->counted);
  json_object_set_array_member (document, "differences", array);
  json_object_set_string_member (document, "statement", count->statement);
  if (!cli->json)
    printf ("%u blanks by the book, %u counted, %u differences; signed in %s\n", count->expected,
            count->counted, count->differences->len, count->statement);
  tambo_cli_end (cli, document);
}

static TamboExit fail_with_differences (const TamboStockCount *count) {
  const TamboCountDifference *first = g_ptr_array_index (count->differences, 0);
  g_autoptr (GError) error =
      g_error_new (TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STOCK,
                   "%u numbers differ from the book, the first is %s (%s)", count->differences->len,
                   first->number, tambo_count_difference_to_string (first->kind));

  return tambo_cli_fail_with (error, "blanks do not add up",
                              "look for them and count again; the count is signed as it is");
}

TamboExit tambo_stock_reconcile (TamboCli *cli, int argc, char **argv) {
  g_autofree char *kind = NULL, *keeper = NULL, *path = NULL, *remark = NULL;
  gboolean vault = FALSE;
  g_auto (TamboCliSecond) second = TAMBO_CLI_SECOND_INIT;
  const GOptionEntry options[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, "Only blanks of this kind", "KIND" },
    { "keeper", 0, 0, G_OPTION_ARG_STRING, &keeper, "Only what this operator was given", "ID" },
    { "vault", 0, 0, G_OPTION_ARG_NONE, &vault, "Only what nobody was given", NULL },
    { "numbers", 0, 0, G_OPTION_ARG_FILENAME, &path, "Numbers as they were scanned; - for input",
      "FILE" },
    { "remark", 0, 0, G_OPTION_ARG_STRING, &remark, "What there is to say about it", "TEXT" },
    TAMBO_CLI_SECOND_OPTIONS (second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("stock reconcile", "[NUMBER|FIRST..LAST]…",
                        "Compares what two persons counted with the book, number by number.",
                        options, &argc, &argv, &status))
    return status;
  if (keeper != NULL && vault)
    return tambo_cli_usage ("either --keeper or --vault");
  if (argc < 2 && path == NULL)
    return tambo_cli_usage ("the numbers that were counted are needed, or --numbers");

  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) numbers = read_numbers (argv + 1, path, &error);
  g_autoptr (TamboStation) station =
      numbers != NULL ? tambo_cli_open_with_second (cli, &second, &error) : NULL;
  const TamboStockCounting counting = {
    .kind = kind,
    .keeper = keeper,
    .in_vault = vault,
    .remark = remark != NULL ? remark : "",
    .numbers = numbers,
  };
  g_autoptr (TamboStockCount) count =
      station != NULL ? tambo_stock_count_take (station, &counting, &error) : NULL;
  if (count == NULL)
    return tambo_cli_fail (error, "blanks not counted");
  tell_count (cli, count);
  return count->differences->len == 0 ? TAMBO_EXIT_DONE : fail_with_differences (count);
}
