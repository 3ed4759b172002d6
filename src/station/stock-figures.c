/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/stock-figures.h"

#include "base/clock.h"
#include "station/day.h"

#define FEW 10

static void kind_free (TamboStockKind *kind) {
  g_free (kind->kind);
  g_free (kind);
}

void tambo_stock_figures_free (TamboStockFigures *figures) {
  if (figures == NULL)
    return;
  g_clear_pointer (&figures->kinds, g_ptr_array_unref);
  g_clear_pointer (&figures->movements, g_ptr_array_unref);
  g_free (figures);
}

static TamboStockKind *find_kind (GPtrArray *kinds, const char *name) {
  for (guint i = 0; i < kinds->len; i++) {
    TamboStockKind *kind = g_ptr_array_index (kinds, i);
    if (g_str_equal (kind->kind, name))
      return kind;
  }
  return NULL;
}

static GPtrArray *count_kinds (TamboStore *store, GError **error) {
  g_autoptr (GPtrArray) tallies = tambo_stock_tally (store, error);
  GPtrArray *kinds;

  if (tallies == NULL)
    return NULL;
  kinds = g_ptr_array_new_with_free_func ((GDestroyNotify) kind_free);
  for (guint i = 0; i < tallies->len; i++) {
    const TamboStockTally *tally = g_ptr_array_index (tallies, i);
    TamboStockKind *kind = g_new0 (TamboStockKind, 1);

    kind->kind = g_strdup (tally->kind);
    for (guint state = 0; state < TAMBO_N_BLANK_STATES; state++)
      kind->count[state] = tally->count[state];
    g_ptr_array_add (kinds, kind);
  }
  return kinds;
}

/* ---- how fast they go ---- */

/* Local midnight, DAYS before the one before now. */
static char *dup_start (int days) {
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) then = g_date_time_add_days (now, -days);

  return tambo_day_dup_midnight (then);
}

/* Which of the days, the last being today; -1 for none. */
static int day_of (const TamboAuditEntry *entry, gint64 start) {
  gint64 at;

  if (!tambo_clock_parse (entry->time, &at) || at < start)
    return -1;
  return (int) MIN ((at - start) / (24 * 3600), TAMBO_STOCK_DAYS - 1);
}

static gboolean is_use (const TamboAuditEntry *entry) {
  return g_str_equal (entry->action, "stock.issued")
         || g_str_equal (entry->action, "stock.spoiled");
}

static gboolean count_use (TamboStockFigures *figures, TamboStore *store, gint64 start,
                           GError **error) {
  g_autoptr (GHashTable) kind_of = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) blanks = tambo_stock_list (store, error);

  if (blanks == NULL)
    return FALSE;
  for (guint i = 0; i < blanks->len; i++) {
    const TamboBlankRow *blank = g_ptr_array_index (blanks, i);
    g_hash_table_insert (kind_of, blank->number, blank->kind);
  }
  for (guint i = 0; i < figures->movements->len; i++) {
    const TamboAuditEntry *entry = g_ptr_array_index (figures->movements, i);
    const char *name = is_use (entry) ? g_hash_table_lookup (kind_of, entry->subject) : NULL;
    TamboStockKind *kind = name != NULL ? find_kind (figures->kinds, name) : NULL;
    int day = day_of (entry, start);
    if (kind != NULL && day >= 0)
      kind->used[day]++;
  }
  return TRUE;
}

static void reckon (TamboStockKind *kind) {
  guint used = 0, days = 0;

  for (guint i = 0; i < TAMBO_STOCK_DAYS; i++) {
    used += kind->used[i];
    days += kind->used[i] > 0;
  }
  kind->per_day = days > 0 ? (double) used / days : 0;
  kind->days_left = days > 0 ? (int) (kind->count[TAMBO_BLANK_IN_STOCK] / kind->per_day) : -1;
}

static GPtrArray *list_movements (TamboStation *station, const char *from, GError **error) {
  g_autoptr (GPtrArray) entries = tambo_day_list_entries (station, from, error);
  GPtrArray *movements;

  if (entries == NULL)
    return NULL;
  movements = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_audit_entry_free);
  for (guint i = entries->len; i-- > 0;) {
    const TamboAuditEntry *entry = g_ptr_array_index (entries, i);
    if (g_str_has_prefix (entry->action, "stock."))
      g_ptr_array_add (movements, g_ptr_array_steal_index (entries, i));
  }
  return movements;
}

TamboStockFigures *tambo_stock_figures_read (TamboStation *station, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *from = dup_start (TAMBO_STOCK_DAYS - 1);
  g_autoptr (TamboStockFigures) figures = g_new0 (TamboStockFigures, 1);
  gint64 start;

  figures->kinds = count_kinds (store, error);
  if (figures->kinds == NULL)
    return NULL;
  figures->movements = list_movements (station, from, error);
  if (figures->movements == NULL || !tambo_clock_parse (from, &start)
      || !count_use (figures, store, start, error))
    return NULL;
  for (guint i = 0; i < figures->kinds->len; i++)
    reckon (g_ptr_array_index (figures->kinds, i));
  return g_steal_pointer (&figures);
}

gboolean tambo_stock_kind_is_low (const TamboStockKind *kind) {
  return kind->count[TAMBO_BLANK_IN_STOCK] < FEW
         || (kind->days_left >= 0 && kind->days_left < TAMBO_STOCK_LOW_DAYS);
}
