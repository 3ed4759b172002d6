/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/page-desk.h"

#include "format/page.h"
#include "print/scan-pages.h"

TamboImage *tambo_page_desk_straighten (const TamboImage *page) {
  return tambo_page_cut_out (page);
}

GBytes *tambo_page_desk_bind (const GPtrArray *pages, GError **error) {
  g_autoptr (GPtrArray) sheets = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_image_free);

  for (guint i = 0; i < pages->len; i++)
    g_ptr_array_add (sheets, tambo_page_desk_straighten (g_ptr_array_index (pages, i)));
  return tambo_scan_pages_to_pdf (sheets, error);
}
