/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/page-figure.h"

#include <qrencode.h>

#define BAR_WIDTH 16
#define HEIGHT 200
#define QUIET 4 /* modules around a code (ISO/IEC 18004, 9.1) */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QRcode, QRcode_free)

static void open_figure (TamboPage *page, const char *class, const char *label,
                         const char *view_box) {
  const char *said = tambo_language_text (tambo_page_get_language (page), label);

  tambo_page_open (page, "svg", "class", class, "role", "img", "aria-label", said, "viewBox",
                   view_box, "xmlns", "http://www.w3.org/2000/svg", NULL);
}

static void add_bar (TamboPage *page, guint i, gint64 count, gint64 most) {
  gint64 height = most > 0 ? count * HEIGHT / most : 0;
  g_autofree char *x = g_strdup_printf ("%u", i * BAR_WIDTH + 2);
  g_autofree char *y = g_strdup_printf ("%" G_GINT64_FORMAT, HEIGHT - height);
  g_autofree char *size = g_strdup_printf ("%" G_GINT64_FORMAT, height);

  tambo_page_open (page, "rect", "class", "bar", "x", x, "y", y, "width", "12", "height", size,
                   NULL);
}

void tambo_page_bars (TamboPage *page, const char *label, const gint64 *counts, guint n) {
  g_autofree char *view_box = g_strdup_printf ("0 -24 %u %d", n * BAR_WIDTH, HEIGHT + 28);
  g_autofree char *width = g_strdup_printf ("%u", n * BAR_WIDTH);
  g_autofree char *scale = NULL;
  gint64 most = 0;

  for (guint i = 0; i < n; i++)
    most = MAX (most, counts[i]);
  scale = g_strdup_printf ("%" G_GINT64_FORMAT, most);
  open_figure (page, "plot", label, view_box);
  tambo_page_element (page, "text", scale, "x", "2", "y", "-8", "aria-hidden", "true", NULL);
  tambo_page_open (page, "line", "class", "axis", "x1", "0", "y1", "200", "x2", width, "y2", "200",
                   NULL);
  for (guint i = 0; i < n; i++)
    add_bar (page, i, counts[i], most);
  tambo_page_close (page);
}

/* One path of all dark modules: runs of a row. */
static char *trace (const QRcode *code) {
  GString *path = g_string_new (NULL);

  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++) {
      int end = x;

      while (end < code->width && (code->data[y * code->width + end] & 1) != 0)
        end++;
      if (end > x)
        g_string_append_printf (path, "M%d %dh%dv1h-%dz", x, y, end - x, end - x);
      x = end;
    }
  return g_string_free (path, FALSE);
}

gboolean tambo_page_qr (TamboPage *page, const char *label, const char *text) {
  g_autoptr (QRcode) code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  g_autofree char *path = code != NULL ? trace (code) : NULL;
  g_autofree char *view_box = NULL;

  if (code == NULL)
    return FALSE;
  view_box = g_strdup_printf ("-%d -%d %d %d", QUIET, QUIET, code->width + 2 * QUIET,
                              code->width + 2 * QUIET);
  open_figure (page, "qr", label, view_box);
  tambo_page_open (page, "path", "d", path, NULL);
  tambo_page_close (page);
  return TRUE;
}
