/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-7.h"

#include "base/bytes.h"
#include "format/format-error.h"

#include <math.h>
#include <string.h>

static void add (TamboSignature *signature, guint16 x, guint16 y, guint16 pressure, guint32 time) {
  TamboPenSample sample = { .x = x, .y = y, .pressure = pressure, .time = time };
  g_array_append_val (signature->samples, sample);
}

/* A wave of COUNT samples over MILLISECONDS, the pen lifted for a while in the middle. */
static TamboSignature *make_signature (guint count, guint32 milliseconds, guint16 max_x) {
  TamboSignature *signature = tambo_signature_new (max_x, 5400, 1023, 2540);
  for (guint i = 0; i < count; i++) {
    double t = (double) i / (count - 1);
    gboolean up = t > 0.45 && t < 0.55;
    add (signature, (guint16) lround (t * max_x), (guint16) lround (2700 + 2000 * sin (20 * t)),
         up ? 0 : (guint16) (300 + 600 * fabs (sin (7 * t))), (guint32) lround (t * milliseconds));
  }
  return signature;
}

static void assert_equal (const TamboSignature *a, const TamboSignature *b, guint32 tolerance) {
  g_assert_cmpuint (a->max_x, ==, b->max_x);
  g_assert_cmpuint (a->max_y, ==, b->max_y);
  g_assert_cmpuint (a->max_pressure, ==, b->max_pressure);
  g_assert_cmpint (a->units_per_inch, ==, b->units_per_inch);
  g_assert_cmpuint (a->samples->len, ==, b->samples->len);
  for (guint i = 0; i < a->samples->len; i++) {
    const TamboPenSample *s = &g_array_index (a->samples, TamboPenSample, i);
    const TamboPenSample *t = &g_array_index (b->samples, TamboPenSample, i);
    g_assert_cmpuint (s->x, ==, t->x);
    g_assert_cmpuint (s->y, ==, t->y);
    g_assert_cmpuint (s->pressure, ==, t->pressure);
    g_assert_cmpint (ABS ((gint64) s->time - (gint64) t->time), <=, tolerance);
  }
}

static void test_round_trip (void) {
  static const struct {
    guint32 milliseconds;
    guint16 max_x;
    guint32 tolerance;
  } rows[] = {
    { 1500, 10800, 0 },
    { 60000, 10800, 0 },
    { 65535, 10800, 0 },
    { 65536, 10800, 1 },
    { 90000, 10800, 1 },
    { 300000, 9600, 4 },
    { G_MAXUINT32 - 70000, 9600, 65536 },
    { 5000, 32767, 0 },
    { 5000, 32768, 0 },
    { 5000, 65535, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TamboSignature) signature =
        make_signature (400, rows[i].milliseconds, rows[i].max_x);
    g_autoptr (GBytes) bytes = tambo_signature_encode (signature);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboSignature) parsed = tambo_signature_parse (bytes, &error);
    g_assert_no_error (error);
    assert_equal (signature, parsed, rows[i].tolerance);
  }
}

static void test_units (void) {
  static const int units[] = { 0, 72, 96, 100, 300, 500, 508, 1000, 1270, 2000, 2540, 5080 };
  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    g_autoptr (TamboSignature) signature = tambo_signature_new (100, 100, 255, units[i]);
    add (signature, 1, 2, 3, 0);
    g_autoptr (GBytes) bytes = tambo_signature_encode (signature);
    g_autoptr (TamboSignature) parsed = tambo_signature_parse (bytes, NULL);
    g_assert_cmpint (parsed->units_per_inch, ==, units[i]);
  }
}

static void test_layout (void) {
  g_autoptr (TamboSignature) signature = tambo_signature_new (10800, 6750, 1023, 2540);
  add (signature, 258, 515, 7, 0);
  add (signature, 259, 516, 0, 5);
  g_autoptr (GBytes) bytes = tambo_signature_encode (signature);
  g_autofree char *hex =
      tambo_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpstr (hex, ==,
                   "53444900"
                   "20313000"
                   "c140"
                   "e0"
                   "b480"
                   "0000"
                   "2a30" /* X: 100 a millimetre, 0 to 10,800 */
                   "e0"
                   "b480"
                   "0000"
                   "1a5e"
                   "80"
                   "cfa0" /* T: 1,000 a second */
                   "60"
                   "0000"
                   "03ff"
                   "00"
                   "00"
                   "000002"
                   "0102020300000007"
                   "0103020400050000");
}

static void test_empty (void) {
  g_autoptr (TamboSignature) signature = tambo_signature_new (100, 50, 255, 0);
  g_autoptr (GBytes) bytes = tambo_signature_encode (signature);
  g_autoptr (TamboSignature) parsed = tambo_signature_parse (bytes, NULL);
  assert_equal (signature, parsed, 0);
  g_assert_null (tambo_signature_draw (signature, 100, 50));
  add (signature, 10, 10, 0, 0);
  g_assert_null (tambo_signature_draw (signature, 100, 50));
}

static void test_beyond_maximum (void) {
  g_autoptr (TamboSignature) signature = tambo_signature_new (100, 100, 255, 0);
  add (signature, 40000, 101, 300, 1);
  g_autoptr (GBytes) bytes = tambo_signature_encode (signature);
  g_autoptr (TamboSignature) parsed = tambo_signature_parse (bytes, NULL);
  const TamboPenSample *sample = &g_array_index (parsed->samples, TamboPenSample, 0);
  g_assert_cmpuint (sample->x, ==, 40000);
  g_assert_cmpuint (sample->y, ==, 101);
  g_assert_cmpuint (sample->pressure, ==, 300);
  g_assert_cmpuint (parsed->max_x, ==, 40000);
  g_assert_cmpuint (parsed->max_pressure, ==, 300);
}

static void test_truncated (void) {
  g_autoptr (TamboSignature) signature = make_signature (20, 700, 1000);
  g_autoptr (GBytes) bytes = tambo_signature_encode (signature);
  for (gsize size = 0; size < g_bytes_get_size (bytes); size++) {
    g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (bytes, NULL), size);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_signature_parse (part, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

/* What other writers do: more channels, constant time steps, signed positions, a switch for
 * pressure, extended data, lengths per metre. */
static void test_foreign (void) {
  g_autoptr (GBytes) bytes =
      tambo_hex_decode ("53444900"
                        "20313000"
                        "e0a0"
                        "80eb89"
                        "80eb89"
                        "00"     /* X and Y 11,812 a metre, Z */
                        "84b240" /* DT: constant, 2^6 * 1.28125 = 82 a second */
                        "00"     /* S */
                        "00"
                        "80"
                        "000003"
                        "fff6"
                        "0014"
                        "0001"
                        "01"
                        "0005"
                        "0019"
                        "0002"
                        "01"
                        "0000"
                        "0000"
                        "0000"
                        "00"
                        "0002"
                        "abcd");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSignature) parsed = tambo_signature_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpint (parsed->units_per_inch, ==, 300);
  g_assert_cmpuint (parsed->samples->len, ==, 3);
  g_assert_cmpuint (parsed->max_x, ==, 15);
  g_assert_cmpuint (parsed->max_y, ==, 25);
  const TamboPenSample *samples = &g_array_index (parsed->samples, TamboPenSample, 0);
  g_assert_cmpuint (samples[0].x, ==, 0);
  g_assert_cmpuint (samples[1].x, ==, 15);
  g_assert_cmpuint (samples[2].x, ==, 10);
  g_assert_cmpuint (samples[0].pressure, ==, 1);
  g_assert_cmpuint (samples[2].pressure, ==, 0);
  g_assert_cmpuint (samples[2].time - samples[0].time, ==, 25); /* two steps of 12.2 ms */
}

static const struct {
  const char *hex;
  TamboFormatError code;
} wrong_records[] = {
  { "53444a00"
    "20313000"
    "c140",
    TAMBO_FORMAT_ERROR_MALFORMED },
  { "53444900"
    "30323000"
    "c140",
    TAMBO_FORMAT_ERROR_UNSUPPORTED },
  { "53444900"
    "20313000"
    "c000"
    "0000"
    "00"
    "00"
    "000000",
    TAMBO_FORMAT_ERROR_UNSUPPORTED },
  { "53444900"
    "20313000"
    "4100"
    "0000"
    "00"
    "00"
    "000000",
    TAMBO_FORMAT_ERROR_UNSUPPORTED },
  { "53444900"
    "20313000"
    "c100"
    "020000"
    "00"
    "00"
    "000000",
    TAMBO_FORMAT_ERROR_UNSUPPORTED },
  { "53444900"
    "20313000"
    "c100"
    "000000"
    "00"
    "00"
    "ffffff",
    TAMBO_FORMAT_ERROR_TOO_LARGE },
  { "53444900"
    "20313000"
    "c100"
    "000000"
    "00"
    "00"
    "010000",
    TAMBO_FORMAT_ERROR_MALFORMED },
  /* time runs backwards */
  { "53444900"
    "20313000"
    "c100"
    "000000"
    "00"
    "00"
    "000002"
    "000000000009"
    "000000000008",
    TAMBO_FORMAT_ERROR_MALFORMED },
};

static void test_wrong (void) {
  for (guint i = 0; i < G_N_ELEMENTS (wrong_records); i++) {
    g_autoptr (GBytes) bytes = tambo_hex_decode (wrong_records[i].hex);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_signature_parse (bytes, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, (int) wrong_records[i].code);
  }
}

static void test_damaged (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (TamboSignature) signature = make_signature (30, 700, 1000);
  g_autoptr (GBytes) bytes = tambo_signature_encode (signature);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (int i = 0; i < 4000; i++) {
    guint8 *copy = g_memdup2 (data, size);
    for (int j = 0; j < 3; j++)
      copy[g_rand_int_range (rand, 8, i % 2 ? 50 : (gint32) size)] = (guint8) g_rand_int (rand);
    g_autoptr (GBytes) damaged = g_bytes_new_take (copy, size);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboSignature) parsed = tambo_signature_parse (damaged, &error);
    g_assert_true ((parsed == NULL) == (error != NULL));
    if (parsed != NULL && parsed->samples->len > 0) {
      g_autoptr (TamboImage) image = tambo_signature_draw (parsed, 60, 30);
      g_autoptr (GBytes) again = tambo_signature_encode (parsed);
      g_assert_nonnull (again);
    }
  }
}

static double ink (const TamboImage *image, int x0, int y0, int x1, int y1) {
  double sum = 0;
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      sum += 255 - image->data[y * image->width + x];
  return sum / 255;
}

static void test_draw (void) {
  g_autoptr (TamboSignature) signature = make_signature (300, 3000, 10800);
  g_autoptr (TamboImage) image = tambo_signature_draw (signature, 400, 120);

  g_assert_cmpint (image->width, ==, 400);
  g_assert_cmpint (image->height, ==, 120);
  g_assert_cmpint (image->channels, ==, 1);
  g_assert_cmpfloat (ink (image, 0, 0, 400, 120), >, 300);
  /* a margin all around, and centred */
  g_assert_cmpfloat (ink (image, 0, 0, 400, 5), ==, 0);
  g_assert_cmpfloat (ink (image, 0, 115, 400, 120), ==, 0);
  g_assert_cmpfloat (ink (image, 0, 0, 5, 120), ==, 0);
  g_assert_cmpfloat (ink (image, 395, 0, 400, 120), ==, 0);
  /* both halves are inked, the gap where the pen was lifted is not */
  g_assert_cmpfloat (ink (image, 10, 0, 180, 120), >, 100);
  g_assert_cmpfloat (ink (image, 220, 0, 390, 120), >, 100);
  g_assert_cmpfloat (ink (image, 196, 0, 204, 120), ==, 0);
  /* smooth edges: many greys */
  gboolean seen[256] = { FALSE };
  int greys = 0;
  for (gsize i = 0; i < tambo_image_size (image); i++)
    seen[image->data[i]] = TRUE;
  for (int i = 0; i < 256; i++)
    greys += seen[i];
  g_assert_cmpint (greys, >, 60);
}

static void test_draw_pressure (void) {
  g_autoptr (TamboSignature) light = tambo_signature_new (1000, 1000, 1023, 0);
  g_autoptr (TamboSignature) heavy = tambo_signature_new (1000, 1000, 1023, 0);
  for (guint16 i = 0; i <= 10; i++) {
    add (light, (guint16) (i * 100), 500, 100, i);
    add (heavy, (guint16) (i * 100), 500, 1000, i);
  }
  g_autoptr (TamboImage) a = tambo_signature_draw (light, 600, 300);
  g_autoptr (TamboImage) b = tambo_signature_draw (heavy, 600, 300);
  g_assert_cmpfloat (ink (b, 0, 0, 600, 300), >, 1.8 * ink (a, 0, 0, 600, 300));
  g_assert_cmpuint (a->data[150 * 600 + 300], <, 128);
}

static void test_draw_dot (void) {
  g_autoptr (TamboSignature) dot = tambo_signature_new (1000, 1000, 255, 0);
  add (dot, 70, 900, 255, 0);
  g_autoptr (TamboImage) image = tambo_signature_draw (dot, 101, 51);
  g_assert_cmpuint (image->data[25 * 101 + 50], <, 64);
  g_autoptr (TamboImage) tiny = tambo_signature_draw (dot, 1, 1);
  g_assert_nonnull (tiny);
  g_assert_null (tambo_signature_draw (dot, 0, 10));
  g_assert_null (tambo_signature_draw (dot, G_MAXINT, G_MAXINT));
}

static void test_copy (void) {
  g_autoptr (TamboSignature) signature = make_signature (50, 700, 1000);
  g_autoptr (TamboSignature) copy = tambo_signature_copy (signature);
  assert_equal (signature, copy, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/iso19794-7/round-trip", test_round_trip);
  g_test_add_func ("/iso19794-7/units", test_units);
  g_test_add_func ("/iso19794-7/layout", test_layout);
  g_test_add_func ("/iso19794-7/empty", test_empty);
  g_test_add_func ("/iso19794-7/beyond-maximum", test_beyond_maximum);
  g_test_add_func ("/iso19794-7/truncated", test_truncated);
  g_test_add_func ("/iso19794-7/foreign", test_foreign);
  g_test_add_func ("/iso19794-7/wrong", test_wrong);
  g_test_add_func ("/iso19794-7/damaged", test_damaged);
  g_test_add_func ("/iso19794-7/draw", test_draw);
  g_test_add_func ("/iso19794-7/draw-pressure", test_draw_pressure);
  g_test_add_func ("/iso19794-7/draw-dot", test_draw_dot);
  g_test_add_func ("/iso19794-7/copy", test_copy);
  return g_test_run ();
}
