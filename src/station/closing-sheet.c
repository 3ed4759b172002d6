/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/closing-sheet.h"

#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "print/list-page.h"
#include "station/day-closing.h"
#include "station/station-private.h"

/* Papers are in the office's language, as the receipt is. */
static const struct {
  const char *member, *text;
} figures[] = {
  { "cases_begun", "Trámites iniciados" },
  { "cases_sealed", "Trámites sellados" },
  { "cases_discarded", "Trámites descartados" },
  { "cases_rejected", "Trámites devueltos" },
  { "records_sealed", "Registros sellados para la sede" },
  { "receipts", "Acuses de la sede" },
  { "documents_issued", "Documentos emitidos" },
  { "documents_delivered", "Documentos entregados" },
  { "blanks_received", "Libretas y tarjetas recibidas" },
  { "blanks_spoiled", "Libretas y tarjetas anuladas" },
  { "drafts_open", "Trámites sin terminar" },
  { "approvals_open", "Trámites que esperan a una segunda persona" },
  { "records_waiting", "Registros que esperan envío" },
  { "records_refused", "Registros no aceptados por la sede" },
};

static const struct {
  const char *kind, *text;
} gaps[] = {
  { "record-lost", "Registro sellado que no está en la bandeja de salida" },
  { "record-waits", "Registros sellados que la sede aún no tiene" },
  { "record-refused", "Registro que la sede no aceptó" },
  { "draft", "Trámites sin terminar" },
  { "approval", "Trámites que esperan a una segunda persona" },
  { "blank-in-work", "En blanco, tomado para un documento sin terminar" },
  { "blanks", "En blanco: debe haber / hay" },
  { "blank-counted", "En blanco, según el recuento: debe haber / hay" },
};

static const struct {
  const char *member, *text;
} counts[] = {
  { "at_start", "al inicio" }, { "received", "recibidos" }, { "issued", "emitidos" },
  { "spoiled", "anulados" },   { "at_end", "al final" },
};

static const char *name_blanks (const char *kind) {
  return g_str_equal (kind, "passport") ? "Pasaportes"
         : g_str_equal (kind, "card")   ? "Tarjetas"
                                        : kind;
}

static gint64 get_int (JsonObject *object, const char *member) {
  return json_object_get_int_member_with_default (object, member, 0);
}

static const char *get_string (JsonObject *object, const char *member) {
  const char *value = tambo_json_peek_string (object, member);

  return value != NULL ? value : "";
}

static void add_number (GPtrArray *rows, const char *text, gint64 number) {
  tambo_list_rows_take (rows, g_strdup (text), g_strdup_printf ("%" G_GINT64_FORMAT, number));
}

static char *dup_local_time (const char *rfc3339) {
  g_autoptr (GDateTime) utc = g_date_time_new_from_iso8601 (rfc3339, NULL);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup (rfc3339);
}

static void add_head (GPtrArray *rows, JsonObject *closing) {
  tambo_list_rows_take (rows, g_strdup ("Oficina"), g_strdup (get_string (closing, "station")));
  tambo_list_rows_take (rows, g_strdup ("Desde"), dup_local_time (get_string (closing, "from")));
  tambo_list_rows_take (rows, g_strdup ("Hasta"), dup_local_time (get_string (closing, "to")));
  tambo_list_rows_take (rows, g_strdup ("Cerrado por"),
                        g_strdup (get_string (closing, "operator")));
}

static const char *describe_gap (const char *kind) {
  for (gsize i = 0; i < G_N_ELEMENTS (gaps); i++)
    if (g_str_equal (gaps[i].kind, kind))
      return gaps[i].text;
  return kind;
}

static void add_gap (JsonArray *array, guint index, JsonNode *node, gpointer rows) {
  JsonObject *gap = json_node_get_object (node);
  const char *about = get_string (gap, "about");
  gboolean is_count = g_str_equal (get_string (gap, "kind"), "blanks")
                      || g_str_equal (get_string (gap, "kind"), "blank-counted");

  tambo_list_rows_take (
      rows,
      g_strdup_printf ("%s%s%s", describe_gap (get_string (gap, "kind")),
                       *about != '\0' ? ": " : "", is_count ? name_blanks (about) : about),
      is_count ? g_strdup_printf ("%d / %d", (int) get_int (gap, "expected"),
                                  (int) get_int (gap, "found"))
               : g_strdup_printf ("%d", MAX (1, (int) get_int (gap, "expected"))));
}

static void add_stock (JsonArray *array, guint index, JsonNode *node, gpointer rows) {
  JsonObject *stock = json_node_get_object (node);

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++) {
    g_autofree char *text =
        g_strdup_printf ("%s, %s", name_blanks (get_string (stock, "kind")), counts[i].text);
    add_number (rows, text, get_int (stock, counts[i].member));
  }
}

static void add_remark (GPtrArray *rows, const char *remark) {
  if (*remark == '\0')
    return;
  tambo_list_rows_take (rows, g_strdup ("Observación"), NULL);
  tambo_list_rows_take (rows, g_strdup (remark), g_strdup (""));
}

static GPtrArray *make_rows (JsonObject *closing) {
  GPtrArray *rows = tambo_list_rows_new ();
  JsonArray *differences = json_object_get_array_member (closing, "differences");
  JsonArray *stock = json_object_get_array_member (closing, "stock");

  add_head (rows, closing);
  tambo_list_rows_take (rows, g_strdup ("Diferencias"), NULL);
  if (json_array_get_length (differences) == 0)
    tambo_list_rows_take (rows, g_strdup ("Todo cuadra."), g_strdup (""));
  json_array_foreach_element (differences, add_gap, rows);
  tambo_list_rows_take (rows, g_strdup ("Del día"), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++)
    add_number (rows, figures[i].text, get_int (closing, figures[i].member));
  if (json_array_get_length (stock) > 0)
    tambo_list_rows_take (rows, g_strdup ("Libretas y tarjetas en blanco"), NULL);
  json_array_foreach_element (stock, add_stock, rows);
  add_remark (rows, get_string (closing, "remark"));
  return rows;
}

static char *load (TamboStation *station, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_DAY_CLOSE, error);
  g_autoptr (GError) cause = NULL;
  char *text = actor != NULL ? tambo_day_closing_dup_last (station, &cause) : NULL;

  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else if (actor != NULL && text == NULL)
    g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_FOUND,
                         "no day was closed here yet");
  return text;
}

/* What the paper says, and whose the words are. */
typedef struct {
  char *foot;
  GPtrArray *rows;
  TamboListPage page; /* borrows from both */
} Sheet;

static void sheet_clear (Sheet *sheet) {
  g_free (sheet->foot);
  g_clear_pointer (&sheet->rows, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sheet, sheet_clear)

static gboolean make_sheet (TamboStation *station, Sheet *sheet, GError **error) {
  g_autofree char *text = load (station, error);
  g_autoptr (JsonObject) closing =
      text != NULL ? tambo_json_verify (text, -1, tambo_station_get_key (station), error) : NULL;
  if (closing == NULL)
    return FALSE;

  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autofree char *hash = tambo_sha256_hex (bytes);
  sheet->foot = g_strdup_printf ("SHA-256 de lo firmado: %s", hash);
  sheet->rows = make_rows (closing);
  sheet->page = (TamboListPage){ .title = "Cierre del día",
                                 .signer = "Firma de quien cierra",
                                 .foot = sheet->foot,
                                 .practice = tambo_station_is_practice (station),
                                 .rows = sheet->rows };
  return TRUE;
}

GBytes *tambo_closing_sheet_draw (TamboStation *station, GError **error) {
  g_auto (Sheet) sheet = { NULL };

  return make_sheet (station, &sheet, error) ? tambo_list_page_draw (&sheet.page, error) : NULL;
}

TamboImage *tambo_closing_sheet_picture (TamboStation *station, int width, GError **error) {
  g_auto (Sheet) sheet = { NULL };

  return make_sheet (station, &sheet, error) ? tambo_list_page_picture (&sheet.page, width, error)
                                             : NULL;
}
