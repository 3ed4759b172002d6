/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/order-desk.h"

#include "chip/data-group.h"
#include "station/order-packet.h"
#include "station/station-private.h"
#include "store/cases.h"
#include "store/stock.h"

void tambo_order_row_free (TamboOrderRow *row) {
  if (row == NULL)
    return;
  g_free (row->id);
  g_free (row->tracking_number);
  g_free (row->blank);
  g_free (row->received_at);
  g_free (row);
}

void tambo_open_order_free (TamboOpenOrder *open) {
  if (open == NULL)
    return;
  tambo_order_free (open->order);
  g_clear_pointer (&open->portrait, g_bytes_unref);
  g_free (open->blank);
  g_free (open);
}

static gboolean permit_reading (TamboStation *station, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_ORDER_READ, error);

  return actor != NULL;
}

/* ---- the list ---- */

/* Spoiled blanks keep the order they were spoiled for. */
static const TamboBlankRow *find_blank_of (GPtrArray *blanks, const char *order_id) {
  for (guint i = 0; i < blanks->len; i++) {
    const TamboBlankRow *row = g_ptr_array_index (blanks, i);
    if (row->state != TAMBO_BLANK_SPOILED && g_strcmp0 (row->order_id, order_id) == 0)
      return row;
  }
  return NULL;
}

static const TamboBlankRow *find_blank (GPtrArray *blanks, const char *number) {
  for (guint i = 0; i < blanks->len; i++) {
    const TamboBlankRow *row = g_ptr_array_index (blanks, i);
    if (g_str_equal (row->number, number))
      return row;
  }
  return NULL;
}

static char *dup_tracking_number (TamboStore *store, const char *case_id) {
  g_autoptr (TamboCaseRow) row = case_id != NULL ? tambo_cases_get (store, case_id, NULL) : NULL;

  return row != NULL ? g_strdup (row->tracking_number) : NULL;
}

static TamboOrderRow *make_row (TamboStore *store, const TamboInboxRow *message,
                                GPtrArray *blanks) {
  const TamboBlankRow *blank = find_blank_of (blanks, message->id);
  TamboOrderRow *row = g_new0 (TamboOrderRow, 1);

  row->id = g_strdup (message->id);
  row->tracking_number = dup_tracking_number (store, message->case_id);
  row->blank = blank != NULL ? g_strdup (blank->number) : NULL;
  row->received_at = g_strdup (message->received_at);
  return row;
}

/* Orders in STATE, "new" or "done"; with NULL in any. */
static GPtrArray *list_in_state (TamboStation *station, const char *state, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (GPtrArray) blanks = tambo_stock_list (store, error);
  g_autoptr (GPtrArray) messages = blanks != NULL ? tambo_inbox_list (store, error) : NULL;
  if (messages == NULL)
    return NULL;

  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_order_row_free);
  for (guint i = 0; i < messages->len; i++) {
    const TamboInboxRow *message = g_ptr_array_index (messages, i);
    if (g_str_equal (message->kind, "order")
        && (state == NULL || g_str_equal (message->state, state)))
      g_ptr_array_add (rows, make_row (store, message, blanks));
  }
  return rows;
}

static const char *state_of_stage (TamboOrderStage stage) {
  return stage == TAMBO_ORDERS_TO_ISSUE ? "new" : "done";
}

GPtrArray *tambo_order_desk_list (TamboStation *station, TamboOrderStage stage, GError **error) {
  return permit_reading (station, error) ? list_in_state (station, state_of_stage (stage), error)
                                         : NULL;
}

/* ---- one order ---- */

/* A document without a portrait that can be shown is issued all the same. */
static GBytes *read_portrait (const TamboLds *lds) {
  return lds->files[TAMBO_LDS_DG2] != NULL ? tambo_dg2_parse (lds->files[TAMBO_LDS_DG2], NULL)
                                           : NULL;
}

/* Of the order itself when it was begun; NULL when there is none to take. */
static gboolean propose_blank (TamboStation *station, TamboOpenOrder *open, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_ORDER_READ, error);
  g_autoptr (GPtrArray) blanks = actor != NULL ? tambo_stock_list (store, error) : NULL;
  if (blanks == NULL)
    return FALSE;

  const TamboBlankRow *own = find_blank_of (blanks, open->order->id);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboBlankRow) next =
      own == NULL ? tambo_stock_propose (store, tambo_order_blank_kind (open->order), actor, &cause)
                  : NULL;
  if (cause != NULL && !g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  open->is_begun = own != NULL && own->state == TAMBO_BLANK_IN_WORK;
  open->blank = g_strdup (own != NULL ? own->number : next != NULL ? next->number : NULL);
  return TRUE;
}

gboolean tambo_order_desk_find_for_case (TamboStation *station, const char *case_id,
                                         TamboOrder **out_order, GError **error) {
  g_autoptr (GPtrArray) messages = tambo_inbox_list (tambo_station_get_store (station), error);
  TamboOrder *order = NULL;

  if (messages == NULL)
    return FALSE;
  for (guint i = 0; order == NULL && i < messages->len; i++) {
    const TamboInboxRow *message = g_ptr_array_index (messages, i);

    if (g_str_equal (message->kind, "order") && g_strcmp0 (message->case_id, case_id) == 0)
      (void) !tambo_order_packet_open (station, message->id, &order, NULL, NULL, NULL);
  }
  *out_order = order;
  return TRUE;
}

TamboOpenOrder *tambo_order_desk_open (TamboStation *station, const char *id, GError **error) {
  g_autoptr (TamboOpenOrder) open = g_new0 (TamboOpenOrder, 1);
  g_auto (TamboOrderContent) content = { NULL };

  if (!permit_reading (station, error)
      || !tambo_order_packet_open (station, id, &open->order, &content, NULL, error)
      || !propose_blank (station, open, error))
    return NULL;
  open->portrait = read_portrait (content.lds);
  return g_steal_pointer (&open);
}

static TamboBlankFit fit (const TamboBlankRow *row, const char *order_id, const char *kind,
                          gboolean may_take) {
  if (row->state == TAMBO_BLANK_QUARANTINED)
    return TAMBO_BLANK_OTHER_INSTITUTION;
  if (!g_str_equal (row->kind, kind))
    return TAMBO_BLANK_OTHER_KIND;
  if (row->state == TAMBO_BLANK_IN_WORK)
    return g_strcmp0 (row->order_id, order_id) == 0 ? TAMBO_BLANK_FITS : TAMBO_BLANK_OTHER_ORDER;
  if (row->state == TAMBO_BLANK_SPOILED)
    return TAMBO_BLANK_UNUSABLE;
  if (row->state != TAMBO_BLANK_IN_STOCK)
    return TAMBO_BLANK_USED;
  return may_take ? TAMBO_BLANK_FITS : TAMBO_BLANK_OTHER_KEEPER;
}

gboolean tambo_order_desk_fit_blank (TamboStation *station, const char *order_id, const char *kind,
                                     const char *number, TamboBlankFit *out_fit, char **out_other,
                                     GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_ORDER_READ, error);
  g_autoptr (GPtrArray) blanks = actor != NULL ? tambo_stock_list (store, error) : NULL;
  if (blanks == NULL)
    return FALSE;

  const TamboBlankRow *own = find_blank_of (blanks, order_id);
  const TamboBlankRow *row = find_blank (blanks, number);
  gboolean is_begun = own != NULL && !g_str_equal (own->number, number);
  gboolean may_take = TRUE;
  if (row != NULL && !tambo_stock_may_take (store, row, actor, &may_take, error))
    return FALSE;
  *out_other = is_begun ? g_strdup (own->number) : NULL;
  *out_fit = is_begun      ? TAMBO_BLANK_NOT_BEGUN
             : row != NULL ? fit (row, order_id, kind, may_take)
                           : TAMBO_BLANK_UNKNOWN;
  return TRUE;
}

/* ---- by what is on a receipt or a document ---- */

static gboolean is_same_text (const char *known, const char *text) {
  return known != NULL && g_ascii_strcasecmp (known, text) == 0;
}

/* NULL without an error when none has it. */
static char *find_document (TamboStation *station, GPtrArray *rows, const char *text,
                            GCancellable *cancellable, GError **error) {
  for (guint i = 0; i < rows->len; i++) {
    const TamboOrderRow *row = g_ptr_array_index (rows, i);
    g_autoptr (TamboOrder) order = NULL;

    if (g_cancellable_set_error_if_cancelled (cancellable, error))
      return NULL;
    /* One that cannot be opened hides no other. */
    if (tambo_order_packet_open (station, row->id, &order, NULL, NULL, NULL)
        && is_same_text (order->document_number, text))
      return g_strdup (row->id);
  }
  return NULL;
}

static char *find_open_document (TamboStation *station, const char *text, GCancellable *cancellable,
                                 GError **error) {
  for (int stage = TAMBO_ORDERS_TO_DELIVER; stage >= TAMBO_ORDERS_TO_ISSUE; stage--) {
    g_autoptr (GPtrArray) rows =
        list_in_state (station, state_of_stage ((TamboOrderStage) stage), error);
    char *id = rows != NULL ? find_document (station, rows, text, cancellable, error) : NULL;
    if (id != NULL || rows == NULL || g_cancellable_is_cancelled (cancellable))
      return id;
  }
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_FOUND,
               "no order here has the number %s", text);
  return NULL;
}

char *tambo_order_desk_find (TamboStation *station, const char *text, GCancellable *cancellable,
                             GError **error) {
  g_autofree char *wanted = g_strstrip (g_strdup (text));
  g_autoptr (GPtrArray) rows =
      permit_reading (station, error) ? list_in_state (station, NULL, error) : NULL;
  if (rows == NULL)
    return NULL;

  for (guint i = 0; i < rows->len; i++) {
    const TamboOrderRow *row = g_ptr_array_index (rows, i);
    if (is_same_text (row->tracking_number, wanted) || is_same_text (row->blank, wanted)
        || is_same_text (row->id, wanted))
      return g_strdup (row->id);
  }
  return find_open_document (station, wanted, cancellable, error);
}
