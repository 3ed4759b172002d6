/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/pad-protocol.h"

#include <math.h>

#define STEP (1.0 / TAMBO_PAD_RATE)

/* The pen's place over the pad, in its units from the left and the top. */
typedef struct {
  GArray *samples;
  GRand *hand, *moment; /* what is always so, and what is so this time */
  double x, y;
} Writer;

static double usual (Writer *writer, double low, double high) {
  return g_rand_double_range (writer->hand, low, high);
}

static double now (Writer *writer, double spread) {
  return g_rand_double_range (writer->moment, -spread, spread);
}

static void add (Writer *writer, gboolean near, double pressure, double x, double y) {
  TamboPadSample sample = {
    .near = near,
    .down = pressure > 0,
    .pressure = (guint16) CLAMP (lround (pressure), 0, TAMBO_PAD_MAX_PRESSURE),
    .x = (guint16) CLAMP (lround (x), 0, TAMBO_PAD_MAX_X),
    .y = (guint16) CLAMP (lround (y), 0, TAMBO_PAD_MAX_Y),
  };
  g_array_append_val (writer->samples, sample);
  writer->x = x;
  writer->y = y;
}

/* In the air to X, Y. */
static void move (Writer *writer, double seconds, double x, double y) {
  double from_x = writer->x, from_y = writer->y;
  int n = MAX (4, (int) (seconds / STEP));
  for (int i = 1; i <= n; i++) {
    double part = 0.5 - 0.5 * cos (G_PI * i / n);
    add (writer, TRUE, 0, from_x + part * (x - from_x), from_y + part * (y - from_y));
  }
}

/* How hard the pen presses at PART of a stroke: it lands and leaves softly. */
static double pressure_at (double part, double force) {
  double land = MIN (1, part / 0.12), leave = MIN (1, (1 - part) / 0.18);
  return MAX (24, force * land * leave);
}

/* Loops that run to the right, as of joined letters. */
static void write_loops (Writer *writer, double x, double y, double width, double height,
                         int loops) {
  double seconds = loops * usual (writer, 0.17, 0.22),
         force = usual (writer, 520, 700) + now (writer, 40);
  double slant = usual (writer, 0.15, 0.4), round = usual (writer, 0.35, 0.6),
         phase = usual (writer, 0, 1);
  int n = (int) (seconds / STEP);
  for (int i = 0; i <= n; i++) {
    double part = (double) i / n, turn = 2 * G_PI * loops * part;
    double tall = height * (0.7 + 0.3 * sin (2 * G_PI * (1.7 * part + phase)));
    double up = tall * (0.5 - 0.5 * cos (turn));
    double across = x + width * part - round * width / loops * sin (turn) + slant * up;
    double swing = 1 - 0.18 * sin (turn);
    if (i == 0)
      move (writer, 0.12, across, y - up);
    add (writer, TRUE, pressure_at (part, force * swing), across, y - up);
  }
}

/* A curve from one place to another, bent by BEND. */
static void write_curve (Writer *writer, double x, double y, double to_x, double to_y, double bend,
                         double seconds) {
  double force = usual (writer, 480, 640) + now (writer, 40);
  int n = (int) (seconds / STEP);
  move (writer, 0.12, x, y);
  for (int i = 0; i <= n; i++) {
    double part = (double) i / n, eased = 0.5 - 0.5 * cos (G_PI * part);
    add (writer, TRUE, pressure_at (part, force), x + eased * (to_x - x),
         y + eased * (to_y - y) + bend * sin (G_PI * eased));
  }
}

GArray *tambo_pad_signature (guint32 seed, guint32 signing) {
  const guint32 words[] = { seed, signing, 0x5eed };
  g_autoptr (GRand) hand = g_rand_new_with_seed_array (words, 1);
  g_autoptr (GRand) moment = g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));
  Writer writer = { g_array_new (FALSE, FALSE, sizeof (TamboPadSample)), hand, moment, 1800, 2600 };
  double left = 1700 + now (&writer, 150), base = 3900 + now (&writer, 150);
  double size = usual (&writer, 0.85, 1.1);

  move (&writer, 0.06, left, base - 600);
  write_loops (&writer, left, base, 900 * size, 1900 * size, 1); /* a capital … */
  write_loops (&writer, left + 1300 * size, base, 1900 * size, 700 * size,
               4 + (int) usual (&writer, 0, 3));
  write_loops (&writer, left + 3700 * size, base, 800 * size, 1700 * size, 1); /* … and another */
  write_loops (&writer, left + 4800 * size, base, 1700 * size, 650 * size,
               3 + (int) usual (&writer, 0, 3));
  write_curve (&writer, left + 2300 * size, base - 1250 * size, left + 2340 * size,
               base - 1210 * size, 12, 0.06);
  write_curve (&writer, left + 500, base + 500, left + 6700 * size, base + 350 + now (&writer, 60),
               usual (&writer, 120, 420), 0.35);
  move (&writer, 0.05, writer.x + 300, writer.y - 200);
  add (&writer, FALSE, 0, 0, 0);
  return writer.samples;
}
