/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/mrz-frames.h"

#include <string.h>

#define TD3_1 "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define TD3_2 "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define TD1_1 "I<UTOD231458907<<<<<<<<<<<<<<<"
#define TD1_2 "7408122F1204159UTO<<<<<<<<<<<6"
#define TD1_3 "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"

typedef struct {
  int zones, refused;
  char *last;
} Seen;

static void seen_clear (Seen *seen) {
  g_free (seen->last);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Seen, seen_clear)

static void push (TamboMrzFrames *frames, const char *bytes, gsize size, Seen *seen) {
  for (gsize i = 0; i < size; i++) {
    TamboMrzFrame frame = tambo_mrz_frames_push (frames, (guint8) bytes[i]);

    seen->refused += frame == TAMBO_MRZ_FRAME_REFUSED;
    if (frame != TAMBO_MRZ_FRAME_ZONE)
      continue;
    seen->zones++;
    g_free (seen->last);
    seen->last = tambo_mrz_frames_take (frames);
    g_assert_nonnull (seen->last);
  }
}

static void check (const char *bytes, int zones, int refused, const char *last) {
  g_autoptr (TamboMrzFrames) frames = tambo_mrz_frames_new ();
  g_auto (Seen) seen = { 0 };

  push (frames, bytes, strlen (bytes), &seen);
  g_assert_cmpint (seen.zones, ==, zones);
  g_assert_cmpint (seen.refused, ==, refused);
  g_assert_cmpstr (seen.last, ==, last);
  g_assert_null (tambo_mrz_frames_take (frames));
}

static void test_framed (void) {
  check ("\x02" TD3_1 "\r" TD3_2 "\r\x03", 1, 0, TD3_1 "\n" TD3_2);
  check ("\x02" TD1_1 "\r" TD1_2 "\r" TD1_3 "\r\x03", 1, 0, TD1_1 "\n" TD1_2 "\n" TD1_3);
  check ("\x02" TD3_1 "\r\n" TD3_2 "\x03", 1, 0, TD3_1 "\n" TD3_2); /* the last end left out */
}

/* A checksum behind the frame is no line of the next. */
static void test_checksum_outside (void) {
  check ("\x02" TD3_1 "\r" TD3_2 "\r\x03Q\x02" TD3_1 "\r" TD3_2 "\r\x03\r", 2, 0, TD3_1 "\n" TD3_2);
}

static void test_unframed (void) {
  check (TD3_1 "\r" TD3_2 "\r", 1, 0, TD3_1 "\n" TD3_2);
  check (TD1_1 "\r\n" TD1_2 "\r\n" TD1_3 "\r\n", 1, 0, TD1_1 "\n" TD1_2 "\n" TD1_3);
  check (TD3_1 "\r" TD3_2, 0, 0, NULL); /* not ended yet */
  check ("HELLO\r" TD3_1 "\r" TD3_2 "\r" TD1_1 "\r" TD1_2 "\r" TD1_3 "\r", 2, 0,
         TD1_1 "\n" TD1_2 "\n" TD1_3);
}

static void test_lower_case (void) {
  g_autofree char *lower = g_ascii_strdown (TD3_1 "\r" TD3_2 "\r", -1);

  check (lower, 1, 0, TD3_1 "\n" TD3_2);
}

static void test_refused (void) {
  check ("\x02"
         "4006381333931\r\x03",
         0, 1, NULL);
  check ("\x02\x03", 0, 1, NULL);
  check ("\x03\x03", 0, 0, NULL);
  check ("\x02" TD3_1 "\r" TD3_2 " \r\x03", 0, 1, NULL);        /* a blank is in no zone */
  check ("\x02" TD3_1 "X\r" TD3_2 "\r\x03", 0, 1, NULL);        /* 45 characters */
  check ("\x02" TD3_1 "\r\x02" TD3_1 "\r" TD3_2 "\r\x03", 1, 0, /* begun anew */
         TD3_1 "\n" TD3_2);
}

/* The lines of one document are never those of another. */
static void test_reset (void) {
  g_autoptr (TamboMrzFrames) frames = tambo_mrz_frames_new ();
  g_auto (Seen) seen = { 0 };

  g_assert_false (tambo_mrz_frames_is_pending (frames));
  push (frames, TD3_1 "\r", strlen (TD3_1) + 1, &seen);
  g_assert_true (tambo_mrz_frames_is_pending (frames));
  tambo_mrz_frames_reset (frames);
  g_assert_false (tambo_mrz_frames_is_pending (frames));
  push (frames, TD3_2 "\r", strlen (TD3_2) + 1, &seen);
  g_assert_cmpint (seen.zones, ==, 0);
}

/* Cut off at any byte, nothing is given; what comes afterwards is read as if it were the first. */
static void test_truncation (void) {
  static const char frame[] = "\x02" TD3_1 "\r" TD3_2 "\r\x03";

  for (gsize cut = 0; cut < sizeof frame - 1; cut++) {
    g_autoptr (TamboMrzFrames) frames = tambo_mrz_frames_new ();
    g_auto (Seen) seen = { 0 };

    push (frames, frame, cut, &seen);
    g_assert_cmpint (seen.zones, ==, 0);
    push (frames, frame, sizeof frame - 1, &seen);
    g_assert_cmpint (seen.zones, ==, 1);
    g_assert_cmpstr (seen.last, ==, TD3_1 "\n" TD3_2);
  }
}

static void test_noise (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (TamboMrzFrames) frames = tambo_mrz_frames_new ();
  g_auto (Seen) seen = { 0 };

  for (int i = 0; i < 200000; i++) {
    char byte = (char) g_rand_int_range (rand, 0, 256);
    push (frames, &byte, 1, &seen);
  }
  g_assert_cmpint (seen.zones, ==, 0);
  push (frames, "\x02" TD3_1 "\r" TD3_2 "\r\x03", strlen (TD3_1 TD3_2) + 4, &seen);
  g_assert_cmpint (seen.zones, ==, 1);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mrz-frames/framed", test_framed);
  g_test_add_func ("/mrz-frames/checksum-outside", test_checksum_outside);
  g_test_add_func ("/mrz-frames/unframed", test_unframed);
  g_test_add_func ("/mrz-frames/lower-case", test_lower_case);
  g_test_add_func ("/mrz-frames/refused", test_refused);
  g_test_add_func ("/mrz-frames/reset", test_reset);
  g_test_add_func ("/mrz-frames/truncation", test_truncation);
  g_test_add_func ("/mrz-frames/noise", test_noise);
  return g_test_run ();
}
