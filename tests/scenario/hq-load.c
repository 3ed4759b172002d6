/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hq-load HQ-FOLDER FOLDER RECORDS SIZE CONNECTIONS SECONDS URL…: a station that sends records to several
 * receivers, whatever happens to them, until each has its receipt. Writes FOLDER/receipts (a line for each:
 * id, SHA-256, place in the log) and says how many there are and what troubles it had.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bench/bench-hq-place.h"

/* The receipt holds, or the program ends. */
static void note (FILE *file, const Place *place, const LoadRecord *record) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboReceipt) receipt =
      tambo_receipt_verify (record->receipt, place->hq->signing_key, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (receipt->sha256, ==, record->sha256);
  fprintf (file, "%s|%s|%" G_GINT64_FORMAT "\n", receipt->id, receipt->sha256, receipt->log_index);
}

int main (int argc, char **argv) {
  Place place = { NULL };
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GArray) targets = g_array_new (FALSE, FALSE, sizeof (LoadTarget));
  LoadTroubles troubles;
  guint n = 0;
  g_autofree char *path = NULL;
  FILE *file;

  if (argc < 8)
    return 2;
  place_join (&place, argv[1], argv[2]);
  for (int i = 7; i < argc; i++) {
    LoadTarget target = place_target (&place, argv[i]);

    g_array_append_val (targets, target);
  }
  records = place_records (&place, (guint) atoi (argv[3]), (gsize) atoi (argv[4]));
  printf ("ready\n");
  fflush (stdout);
  load_persist ((const LoadTarget *) targets->data, targets->len, records, (guint) atoi (argv[5]),
                (guint) atoi (argv[6]), &troubles);
  path = g_build_filename (argv[2], "receipts", NULL);
  file = fopen (path, "w");
  g_assert_nonnull (file);
  for (guint i = 0; i < records->len; i++) {
    const LoadRecord *record = records->pdata[i];

    if (record->receipt == NULL)
      continue;
    note (file, &place, record);
    n++;
  }
  g_assert_cmpint (fclose (file), ==, 0);
  printf ("%u of %u have a receipt; %u requests without an answer, %u told to come back, %u went on"
          " from the middle\n",
          n, records->len, troubles.failures, troubles.unavailable, troubles.resumed);
  place_clear (&place);
  return n == records->len ? 0 : 1;
}
