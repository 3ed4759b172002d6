/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <cairo-ft.h>
#include <ft2build.h>
#include <math.h>
#include <string.h>
#include FT_FREETYPE_H

#define MM_PER_INCH 25.4
#define PITCH 2.54 /* mm between characters */
#define LINES 6.35 /* mm between lines */
#define FOOT 6.0   /* mm from the last line to the edge */

typedef struct {
  double width, height; /* mm */
} Format;

static Format format_of (const char *mrz) {
  gsize columns = strcspn (mrz, "\n");

  if (columns == 44)
    return (Format){ 125, 88 };
  return columns == 36 ? (Format){ 105, 74 } : (Format){ 85.6, 54 };
}

static void draw_pattern (cairo_t *cr, const Format *format, double levels) {
  cairo_set_line_width (cr, 0.2);
  cairo_set_source_rgba (cr, 0, 0, 0, levels / 255);
  for (double phase = 0; phase < 40; phase++) {
    cairo_move_to (cr, 0, phase * format->height / 40);
    for (double x = 0; x <= format->width; x += 1)
      cairo_line_to (cr, x, phase * format->height / 40 + 2.5 * sin (x / 4 + phase));
    cairo_stroke (cr);
  }
}

static void draw_front (cairo_t *cr, const Format *format) {
  cairo_set_source_rgb (cr, 0.45, 0.42, 0.4);
  cairo_rectangle (cr, 5, 8, 0.25 * format->width, 0.4 * format->height);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 0.1, 0.1, 0.15);
  cairo_select_font_face (cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (cr, 3.2);
  for (int i = 0; i < 4; i++) {
    cairo_move_to (cr, 0.25 * format->width + 9, 12 + 0.1 * format->height * i);
    cairo_show_text (cr, i % 2 == 0 ? "Apellidos / Surname" : "UTOPIA 12 AUG 1974");
  }
}

static void draw_zone (cairo_t *cr, const Format *format, const char *mrz) {
  g_auto (GStrv) lines = g_strsplit (mrz, "\n", -1);
  guint n = g_strv_length (lines);
  double left = (format->width - PITCH * strlen (lines[0])) / 2;

  cairo_set_source_rgb (cr, 0.08, 0.08, 0.08);
  for (guint line = 0; line < n; line++)
    for (gsize i = 0; lines[line][i] != '\0'; i++) {
      char text[2] = { lines[line][i], '\0' };

      cairo_move_to (cr, left + i * PITCH, format->height - FOOT - (n - 1 - line) * LINES);
      cairo_show_text (cr, text);
    }
}

/* The typeface's advance is what the pitch asks for. */
static gboolean use_typeface (cairo_t *cr, FT_Library library) {
  FT_Face face;
  cairo_text_extents_t extents;

  if (FT_New_Face (library, OCR_B_TYPEFACE, 0, &face) != 0)
    return FALSE;
  cairo_font_face_t *font = cairo_ft_font_face_create_for_ft_face (face, FT_LOAD_NO_HINTING);
  cairo_set_font_face (cr, font);
  cairo_font_face_destroy (font);
  cairo_set_font_size (cr, 100);
  cairo_text_extents (cr, "0", &extents);
  cairo_set_font_size (cr, 100 * PITCH / extents.x_advance);
  return TRUE;
}

static void spread_along (double *values, int n, int step, const double *weights, int reach) {
  g_autofree double *copy = g_new (double, n);

  for (int i = 0; i < n; i++)
    copy[i] = values[(gsize) i * (gsize) step];
  for (int i = 0; i < n; i++) {
    double sum = 0;

    for (int k = -reach; k <= reach; k++)
      sum += weights[k + reach] * copy[CLAMP (i + k, 0, n - 1)];
    values[(gsize) i * (gsize) step] = sum;
  }
}

static void blur (double *values, int width, int height, double sigma) {
  int reach = (int) ceil (3 * sigma);
  g_autofree double *weights = g_new (double, 2 * reach + 1);
  double sum = 0;

  for (int k = -reach; k <= reach; k++)
    sum += weights[k + reach] = exp (-k * k / (2 * sigma * sigma));
  for (int k = 0; k <= 2 * reach; k++)
    weights[k] /= sum;
  for (int y = 0; y < height; y++)
    spread_along (values + (gsize) y * (gsize) width, width, 1, weights, reach);
  for (int x = 0; x < width; x++)
    spread_along (values + x, height, width, weights, reach);
}

static double bell (GRand *rand) {
  double sum = 0;

  for (int i = 0; i < 12; i++)
    sum += g_rand_double (rand);
  return sum - 6;
}

static TamboImage *spoil (cairo_surface_t *surface, const Page *page) {
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  const guint8 *data = cairo_image_surface_get_data (surface);
  g_autofree double *values = g_new (double, (gsize) width *(gsize) height);
  GRand *rand = g_rand_new_with_seed (page->seed);
  TamboImage *image = tambo_image_new (width, height, 1);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      values[(gsize) y * (gsize) width + (gsize) x] =
          data[(gsize) y * (gsize) stride + 4 * (gsize) x]
          * (1 - page->shadow * (x + y) / (double) (width + height));
  if (page->blur > 0)
    blur (values, width, height, page->blur);
  for (gsize i = 0; i < tambo_image_size (image); i++)
    image->data[i] = (guint8) CLAMP (values[i] + page->noise * bell (rand), 0, 255);
  g_rand_free (rand);
  return image;
}

static void draw (cairo_t *cr, const Format *format, const Page *page) {
  cairo_set_source_rgb (cr, 0.93, 0.93, 0.93);
  cairo_rectangle (cr, 0, 0, format->width, format->height);
  cairo_fill (cr);
  draw_pattern (cr, format, page->pattern);
  draw_front (cr, format);
}

TamboImage *page_draw (const Page *page) {
  Format format = format_of (page->mrz);
  double scale = page->ppi / MM_PER_INCH, border = 8;
  int width = (int) ((format.width + 2 * border) * scale);
  int height = (int) ((format.height + 2 * border) * scale);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);
  FT_Library library;
  TamboImage *image = NULL;

  cairo_set_source_rgb (cr, 0.75, 0.75, 0.75);
  cairo_paint (cr);
  cairo_translate (cr, width / 2.0, height / 2.0);
  cairo_rotate (cr, page->lean * G_PI / 180);
  cairo_scale (cr, scale, scale);
  cairo_translate (cr, -format.width / 2, -format.height / 2);
  draw (cr, &format, page);
  g_assert_cmpint (FT_Init_FreeType (&library), ==, 0);
  if (use_typeface (cr, library)) {
    draw_zone (cr, &format, page->mrz);
    cairo_surface_flush (surface);
    image = spoil (surface, page);
  }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return image;
}
