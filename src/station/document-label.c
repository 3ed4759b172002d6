/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/document-label.h"

#include "print/label-page.h"

/* In the office's language, as all papers are. */
static TamboLabelPage page_of (TamboStation *station, const TamboOrder *order, const char *blank) {
  gboolean is_passport = g_str_equal (tambo_order_blank_kind (order), "passport");

  return (TamboLabelPage){ .office = tambo_station_get_code (station),
                           .kind = is_passport ? "Pasaporte" : "Tarjeta",
                           .number = order->tracking_number,
                           .blank = blank,
                           .practice = tambo_station_is_practice (station) };
}

GBytes *tambo_document_label_draw (TamboStation *station, const TamboOrder *order,
                                   const char *blank, GError **error) {
  const TamboLabelPage page = page_of (station, order, blank);

  return tambo_label_page_draw (&page, error);
}

TamboImage *tambo_document_label_picture (TamboStation *station, const TamboOrder *order,
                                          const char *blank, int width, GError **error) {
  const TamboLabelPage page = page_of (station, order, blank);

  return tambo_label_page_picture (&page, width, error);
}
