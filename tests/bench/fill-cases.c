/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fill-cases STATION OPERATOR PASSWORD-FILE COUNT: a station with many cases, as years of work leave them:
 * all sealed but the newest twenty.
 */
#include <stdio.h>

#include "base/bytes.h"
#include "base/id.h"
#include "station/station.h"
#include "store/cases.h"

#define DRAFTS 20
#define BATCH 5000

/* Seconds between two cases: a hundred thousand of them are ten years, and today has none. */
#define PACE 3000

/* The store's clock, by the linker: the audit log tells of those years, too. */
char *__wrap_tambo_clock_now (void);
static gint64 past;

char *__wrap_tambo_clock_now (void) {
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (past);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

/* Of so many numbers some turn up twice; the station draws again, here no case is drawn twice. */
char *__real_tambo_tracking_new (void);
char *__wrap_tambo_tracking_new (void);
static GHashTable *drawn;

char *__wrap_tambo_tracking_new (void) {
  char *number = __real_tambo_tracking_new ();

  while (!g_hash_table_add (drawn, g_strdup (number))) {
    g_free (number);
    number = __real_tambo_tracking_new ();
  }
  return number;
}

static const char *const syllables[] = {
  "Ma", "ri", "to", "ne", "ka", "lu", "so", "vi", "be", "da"
};

static char *make_name (guint number) {
  return g_strconcat (syllables[number % 10], syllables[number / 10 % 10],
                      syllables[number / 100 % 10], NULL);
}

static TamboEnrolment *make_case (guint number, const char *operator_id) {
  const TamboProcedure procedure = { .id = (char *) "foreigner-card", .version = 1 };
  TamboEnrolment *enrolment = tambo_enrolment_new ("BENCH-01", &procedure, operator_id);

  g_free (enrolment->created_at);
  enrolment->created_at = __wrap_tambo_clock_now ();
  enrolment->applicant->surname = make_name (number);
  enrolment->applicant->given_names = make_name (number * 7 + number / 1000);
  enrolment->applicant->document_number = g_strdup_printf ("L%07u", number);
  return enrolment;
}

static gboolean add_case (TamboStore *store, guint number, gboolean is_sealed,
                          const char *operator_id, GError **error) {
  g_autoptr (TamboEnrolment) enrolment = make_case (number, operator_id);

  return tambo_cases_save (store, enrolment, operator_id, error)
         && (!is_sealed
             || tambo_cases_set_state (store, enrolment->id, TAMBO_CASE_QUEUED, operator_id,
                                       error));
}

static gboolean fill (TamboStore *store, const char *operator_id, guint count, GError **error) {
  gint64 begin = g_get_real_time () / G_USEC_PER_SEC - ((gint64) count + 50) * PACE;

  past = begin;
  for (guint done = 0; done < count;) {
    g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
    if (transaction == NULL)
      return FALSE;
    guint end = MIN (count, done + BATCH);
    for (; done < end; done++) {
      past = begin + (gint64) done * PACE;
      if (!add_case (store, done, done + DRAFTS < count, operator_id, error))
        return FALSE;
    }
    if (!tambo_transaction_commit (transaction, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean run (char **argv, GError **error) {
  g_autofree char *text = NULL;
  gsize length;
  guint64 count;

  if (!g_file_get_contents (argv[3], &text, &length, error)
      || !g_ascii_string_to_unsigned (argv[4], 10, 1, 10000000, &count, error))
    return FALSE;
  g_autoptr (GBytes) password = tambo_secret_new (text, length);
  g_autoptr (TamboStation) station = tambo_station_open (argv[1], error);
  return station != NULL && tambo_station_sign_in (station, argv[2], password, error)
         && fill (tambo_station_get_store (station), argv[2], (guint) count, error);
}

int main (int argc, char **argv) {
  g_autoptr (GError) error = NULL;

  if (argc != 5) {
    fputs ("fill-cases: STATION OPERATOR PASSWORD-FILE COUNT\n", stderr);
    return 2;
  }
  drawn = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean is_filled = run (argv, &error);
  g_hash_table_unref (drawn);
  if (!is_filled) {
    fprintf (stderr, "fill-cases: %s\n", error->message);
    return 1;
  }
  return 0;
}
