/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/delivery-sheet.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/json.h"
#include "print/list-page.h"

/* Names are longer than figures. */
#define VALUE_WIDTH 270

struct _TamboDeliverySheet {
  char *number; /* of the case */
  char *foot;
  gboolean practice;
  GPtrArray *rows; /* of TamboListRow */
};

/* Papers are in the office's language, as the receipt is. */
static const struct {
  const char *finger, *text;
} fingers[] = {
  { "right-thumb", "pulgar derecho" },   { "right-index", "índice derecho" },
  { "right-middle", "medio derecho" },   { "right-ring", "anular derecho" },
  { "right-little", "meñique derecho" }, { "left-thumb", "pulgar izquierdo" },
  { "left-index", "índice izquierdo" },  { "left-middle", "medio izquierdo" },
  { "left-ring", "anular izquierdo" },   { "left-little", "meñique izquierdo" },
};

static const char *name_finger (const char *finger) {
  for (gsize i = 0; i < G_N_ELEMENTS (fingers); i++)
    if (g_str_equal (fingers[i].finger, finger))
      return fingers[i].text;
  return finger;
}

static char *say_time (const char *at) {
  gint64 seconds;

  if (!tambo_clock_parse (at, &seconds))
    return g_strdup (at);
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (seconds);
  return g_date_time_format (local, "%d/%m/%Y %H:%M");
}

/* Of the attempt that matched. */
static char *say_finger (const TamboDelivery *delivery) {
  guint n_attempts = json_array_get_length (delivery->attempts);
  JsonObject *last =
      n_attempts > 0 ? json_array_get_object_element (delivery->attempts, n_attempts - 1) : NULL;
  const char *finger =
      last != NULL ? json_object_get_string_member_with_default (last, "finger", "") : "";

  return g_strdup_printf ("Huella dactilar: %s", name_finger (finger));
}

static void add (GPtrArray *rows, const char *text, const char *value) {
  tambo_list_rows_take (rows, g_strdup (text), g_strdup (value));
}

static void add_heading (GPtrArray *rows, const char *text) {
  tambo_list_rows_take (rows, g_strdup (text), NULL);
}

static void add_document (GPtrArray *rows, const TamboDelivery *delivery) {
  const TamboOrder *order = delivery->order;
  gboolean is_passport = g_str_equal (tambo_order_blank_kind (order), "passport");

  add_heading (rows, "Documento");
  add (rows, "Tipo", is_passport ? "Pasaporte" : "Tarjeta");
  add (rows, "Número", order->document_number);
  add (rows, "Número de la libreta o tarjeta", delivery->blank);
  add (rows, "Vence", order->expiry_date != NULL ? order->expiry_date : "No vence");
  add (rows, "Número de seguimiento", order->tracking_number);
}

static void add_delivery (GPtrArray *rows, const TamboDelivery *delivery) {
  g_autofree char *time = say_time (delivery->delivered_at);
  g_autofree char *finger = delivery->seen == NULL ? say_finger (delivery) : NULL;

  add_heading (rows, "Entrega");
  add (rows, "Titular", delivery->order->holder);
  add (rows, "Oficina", tambo_station_get_code (delivery->station));
  add (rows, "Fecha y hora", time);
  add (rows, "Entregado por", delivery->delivered_by);
  add (rows, "Identidad comprobada por", finger != NULL ? finger : "Vista de dos personas");
  if (delivery->seen != NULL)
    add (rows, "Lo que vieron", delivery->seen);
  add (rows, "Chip del documento",
       delivery->chip_compared ? "Leído y conforme" : "No se leyó en la entrega");
}

TamboDeliverySheet *tambo_delivery_sheet_new (const TamboDelivery *delivery) {
  TamboDeliverySheet *sheet = g_new0 (TamboDeliverySheet, 1);

  g_return_val_if_fail (delivery->is_delivered, NULL);
  sheet->number = g_strdup (delivery->order->tracking_number);
  sheet->foot = g_strdup_printf ("Orden %s", delivery->order->id);
  sheet->practice = tambo_station_is_practice (delivery->station);
  sheet->rows = tambo_list_rows_new ();
  add_document (sheet->rows, delivery);
  add_delivery (sheet->rows, delivery);
  add_heading (sheet->rows, "Recibí el documento descrito y lo encontré conforme.");
  return sheet;
}

void tambo_delivery_sheet_free (TamboDeliverySheet *sheet) {
  if (sheet == NULL)
    return;
  for (guint i = 0; i < sheet->rows->len; i++) {
    TamboListRow *row = g_ptr_array_index (sheet->rows, i);
    tambo_secret_string_free (g_steal_pointer (&row->value));
  }
  g_ptr_array_unref (sheet->rows);
  g_free (sheet->number);
  g_free (sheet->foot);
  g_free (sheet);
}

const char *tambo_delivery_sheet_get_number (const TamboDeliverySheet *sheet) {
  return sheet->number;
}

static TamboListPage page_of (const TamboDeliverySheet *sheet) {
  return (TamboListPage){ .title = "Acta de entrega",
                          .signer = "Firma o huella de quien recibe",
                          .second_signer = "Firma de quien entrega",
                          .foot = sheet->foot,
                          .value_width = VALUE_WIDTH,
                          .practice = sheet->practice,
                          .rows = sheet->rows };
}

GBytes *tambo_delivery_sheet_draw (const TamboDeliverySheet *sheet, GError **error) {
  const TamboListPage page = page_of (sheet);

  return tambo_list_page_draw (&page, error);
}

TamboImage *tambo_delivery_sheet_picture (const TamboDeliverySheet *sheet, int width,
                                          GError **error) {
  const TamboListPage page = page_of (sheet);

  return tambo_list_page_picture (&page, width, error);
}
