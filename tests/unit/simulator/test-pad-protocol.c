/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/pad-protocol.h"

#include <stdlib.h>

static void note_inking (gboolean on, gpointer data) {
  GString *notes = data;
  g_string_append_c (notes, on ? '1' : '0');
}

static void test_constants (void) {
  g_autoptr (TamboPad) pad = tambo_pad_new (NULL, NULL);
  guint8 buffer[64] = { 0x09 };
  gsize size;
  g_assert_true (tambo_pad_get_feature (pad, buffer, sizeof buffer, &size));
  g_assert_cmpuint (size, ==, 15);
  g_assert_cmpuint (buffer[1] << 8 | buffer[2], ==, TAMBO_PAD_MAX_X);
  g_assert_cmpuint (buffer[3] << 8 | buffer[4], ==, TAMBO_PAD_MAX_Y);
  g_assert_cmpuint (buffer[11], ==, TAMBO_PAD_RATE);

  buffer[0] = 0x08;
  g_assert_true (tambo_pad_get_feature (pad, buffer, sizeof buffer, &size));
  g_assert_cmpuint (size, ==, 17);
  g_assert_cmpstr ((const char *) buffer + 1, ==, "STU-530");
  g_assert_true (tambo_pad_get_feature (pad, buffer, 4, &size)); /* cut, as the client wishes */
  g_assert_cmpuint (size, ==, 4);
  g_assert_false (tambo_pad_get_feature (pad, buffer, 0, &size));
}

static void test_every_report (void) {
  g_autoptr (GString) notes = g_string_new (NULL);
  g_autoptr (TamboPad) pad = tambo_pad_new (note_inking, notes);
  guint settable = 0;
  for (guint report = 0; report <= 0xff; report++)
    for (gsize size = 0; size <= 64; size++) { /* whatever comes, at every length */
      g_autofree guint8 *buffer = g_malloc0 (size + 1);
      gsize got;
      buffer[0] = (guint8) report;
      settable += tambo_pad_set_feature (pad, buffer, size) && size == 64;
      buffer[0] = (guint8) report;
      if (tambo_pad_get_feature (pad, buffer, size, &got))
        g_assert_cmpuint (got, <=, size);
    }
  g_assert_cmpuint (settable, >=, 12);
  g_assert_cmpstr (notes->str, ==, "");
}

static void test_settings (void) {
  g_autoptr (GString) notes = g_string_new (NULL);
  g_autoptr (TamboPad) pad = tambo_pad_new (note_inking, notes);
  const guint8 on[] = { 0x21, 1 }, off[] = { 0x21, 0 }, mode[] = { 0x32, 3 }, reset[] = { 4, 0 };
  guint8 buffer[4] = { 0x32 };
  gsize size;
  g_assert_false (tambo_pad_set_feature (pad, on, 1));
  g_assert_true (tambo_pad_set_feature (pad, on, 2));
  g_assert_true (tambo_pad_set_feature (pad, on, 2)); /* on as before: no new signature */
  g_assert_true (tambo_pad_set_feature (pad, off, 2));
  g_assert_cmpstr (notes->str, ==, "10");
  g_assert_true (tambo_pad_set_feature (pad, mode, 2));
  g_assert_true (tambo_pad_get_feature (pad, buffer, sizeof buffer, &size));
  g_assert_cmpuint (size, ==, 2);
  g_assert_cmpuint (buffer[1], ==, 3);
  g_assert_true (tambo_pad_set_feature (pad, reset, 2));
  g_assert_true (tambo_pad_get_feature (pad, buffer, sizeof buffer, &size));
  g_assert_cmpuint (buffer[1], ==, 0);
}

static void test_image (void) {
  g_autoptr (TamboPad) pad = tambo_pad_new (NULL, NULL);
  const guint8 start[] = { 0x24, 4 }, end[] = { 0x27, 0 }, block[] = { 0x26, 3, 0, 1, 2, 3 };
  const guint8 lying[] = { 0x26, 200, 0, 1, 2, 3 }, huge[] = { 0x26, 0xff, 0xff, 1, 2, 3 };
  g_assert_false (tambo_pad_set_feature (pad, block, sizeof block)); /* before the start */
  g_assert_true (tambo_pad_set_feature (pad, start, sizeof start));
  g_assert_true (tambo_pad_set_feature (pad, block, sizeof block));
  g_assert_false (tambo_pad_set_feature (pad, lying, sizeof lying));
  g_assert_false (tambo_pad_set_feature (pad, huge, sizeof huge));
  g_assert_true (tambo_pad_set_feature (pad, end, sizeof end));
  g_assert_false (tambo_pad_set_feature (pad, end, sizeof end));
}

static void test_pen (void) {
  g_autoptr (TamboPad) pad = tambo_pad_new (NULL, NULL);
  const TamboPadSample sample = { TRUE, TRUE, 0x3ab, 0x1234, 0x0567 };
  const guint8 mode[] = { 0x32, 3 };
  const guint8 plain[] = { 0x01, 0x93, 0xab, 0x12, 0x34, 0x05, 0x67 };
  const guint8 timed[] = { 0x34, 0x93, 0xab, 0x12, 0x34, 0x05, 0x67, 0x89, 0xab, 0x00, 0x02 };
  guint8 report[TAMBO_PAD_PEN_REPORT_SIZE];
  gsize size = tambo_pad_encode_pen (pad, &sample, 0, report);
  g_assert_cmpmem (report, size, plain, sizeof plain);
  g_assert_true (tambo_pad_set_feature (pad, mode, sizeof mode));
  size = tambo_pad_encode_pen (pad, &sample, 0x789ab, report);
  g_assert_cmpmem (report, size, timed, sizeof timed);
}

static void test_signature (void) {
  for (guint32 seed = 0; seed < 20; seed++) {
    g_autoptr (GArray) samples = tambo_pad_signature (seed, 1);
    guint strokes = 0, down = 0;
    for (guint i = 1; i < samples->len; i++) {
      const TamboPadSample *before = &g_array_index (samples, TamboPadSample, i - 1);
      const TamboPadSample *now = &g_array_index (samples, TamboPadSample, i);
      strokes += now->down && !before->down;
      down += now->down;
      g_assert_cmpuint (now->x, <=, TAMBO_PAD_MAX_X);
      g_assert_cmpuint (now->y, <=, TAMBO_PAD_MAX_Y);
      g_assert_cmpint (now->down, ==, now->pressure > 0);
      if (now->down && before->down) /* a hand has no leaps: 6 mm in 5 ms at the most */
        g_assert_cmpint (abs (now->x - before->x) + abs (now->y - before->y), <, 600);
    }
    g_assert_cmpuint (strokes, >=, 4);
    g_assert_cmpuint (down, >, TAMBO_PAD_RATE);
    g_assert_cmpuint (samples->len, <, 6 * TAMBO_PAD_RATE);
    g_assert_false (g_array_index (samples, TamboPadSample, samples->len - 1).near);
  }
}

static void test_signature_varies (void) {
  g_autoptr (GArray) a = tambo_pad_signature (1, 1);
  g_autoptr (GArray) b = tambo_pad_signature (1, 1);
  g_autoptr (GArray) c = tambo_pad_signature (1, 2);
  gsize size = sizeof (TamboPadSample);
  g_assert_cmpuint (a->len, ==, b->len);
  g_assert_cmpuint (a->len, ==, c->len); /* the same hand: the same strokes … */
  guint same = 0;
  for (guint i = 0; i < a->len; i++) {
    const TamboPadSample *x = &g_array_index (a, TamboPadSample, i);
    const TamboPadSample *y = &g_array_index (c, TamboPadSample, i);
    same += x->x == y->x && x->y == y->y;
  }
  g_assert_cmpuint (same, <, a->len / 2); /* … in other places */
  g_assert_cmpmem (a->data, a->len * size, b->data, b->len * size);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/pad-protocol/constants", test_constants);
  g_test_add_func ("/simulator/pad-protocol/every-report", test_every_report);
  g_test_add_func ("/simulator/pad-protocol/settings", test_settings);
  g_test_add_func ("/simulator/pad-protocol/image", test_image);
  g_test_add_func ("/simulator/pad-protocol/pen", test_pen);
  g_test_add_func ("/simulator/pad-protocol/signature", test_signature);
  g_test_add_func ("/simulator/pad-protocol/signature-varies", test_signature_varies);
  return g_test_run ();
}
