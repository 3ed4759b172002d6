/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/ridges-private.h"

#include <math.h>

#define BUMPS 3
#define SPOTS 7 /* moisture is known on a grid of so many points each way */
#define LOBES 6

/* How a finger lies and what it is like at this touch. */
typedef struct {
  double cosine, sine, shift_x, shift_y;
  RidgePoint bump_at[BUMPS], bump_push[BUMPS];
  double wetness; /* widens the ridges */
  double spots[SPOTS][SPOTS];
  double reach_x, reach_y; /* of the contact, in parts of the outline */
  double lobe_size[LOBES], lobe_phase[LOBES];
  double pores, paper, ink, edge;
} Touch;

TamboRidges *tambo_ridges_new (guint32 seed) {
  /* Neighbouring seeds must not be brothers: the second word is far from the first. */
  const guint32 words[] = { seed, seed * 2654435761u + 0x7f4a7c15u };
  g_autoptr (GRand) random = g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));
  TamboRidges *ridges = g_new0 (TamboRidges, 1);
  tambo_ridge_field_init (&ridges->field, random);
  ridges->half_width = g_rand_double_range (random, 148, 164);
  ridges->half_height = g_rand_double_range (random, 196, 214);
  ridges->height = g_new0 (float, MASTER_WIDTH *MASTER_HEIGHT);
  ridges->pores = g_new0 (float, MASTER_WIDTH *MASTER_HEIGHT);
  tambo_ridges_grow (ridges, random);
  return ridges;
}

void tambo_ridges_free (TamboRidges *ridges) {
  if (ridges == NULL)
    return;
  g_free (ridges->height);
  g_free (ridges->pores);
  g_free (ridges);
}

TamboRidgesPattern tambo_ridges_get_pattern (const TamboRidges *ridges) {
  return ridges->field.pattern;
}

static double bell (GRand *random, double spread) {
  double sum = 0;
  for (int i = 0; i < 4; i++)
    sum += g_rand_double_range (random, -1, 1);
  return spread * sum / 2.3;
}

static void touch_init (Touch *touch, GRand *random) {
  double angle = CLAMP (bell (random, 4.5), -11, 11) * G_PI / 180;
  touch->cosine = cos (angle);
  touch->sine = sin (angle);
  touch->shift_x = CLAMP (bell (random, 8), -18, 18);
  touch->shift_y = CLAMP (bell (random, 10), -22, 22);
  for (int i = 0; i < BUMPS; i++) {
    touch->bump_at[i].x = g_rand_double_range (random, -130, 130);
    touch->bump_at[i].y = g_rand_double_range (random, -180, 180);
    touch->bump_push[i].x = bell (random, 2.2);
    touch->bump_push[i].y = bell (random, 2.8);
  }
  touch->wetness = bell (random, 0.16);
  for (int y = 0; y < SPOTS; y++)
    for (int x = 0; x < SPOTS; x++)
      touch->spots[y][x] = bell (random, 0.14);
  touch->reach_x = g_rand_double_range (random, 0.93, 1.0);
  touch->reach_y = g_rand_double_range (random, 0.93, 1.0);
  for (int i = 0; i < LOBES; i++) {
    touch->lobe_size[i] = bell (random, 0.012);
    touch->lobe_phase[i] = g_rand_double_range (random, 0, 2 * G_PI);
  }
  touch->pores = g_rand_double_range (random, 0.15, 0.6);
  touch->paper = g_rand_double_range (random, 238, 252);
  touch->ink = g_rand_double_range (random, 25, 65);
  touch->edge = g_rand_double_range (random, 2.6, 4.0);
}

static float sample (const float *master, double x, double y) {
  double column = x + MASTER_WIDTH / 2, row = MASTER_HEIGHT / 2 - y;
  if (column < 0 || row < 0 || column >= MASTER_WIDTH - 1 || row >= MASTER_HEIGHT - 1)
    return 0;
  int left = (int) column, top = (int) row;
  float across = (float) (column - left), down = (float) (row - top);
  const float *at = master + top * MASTER_WIDTH + left;
  float upper = at[0] + across * (at[1] - at[0]);
  float lower = at[MASTER_WIDTH] + across * (at[MASTER_WIDTH + 1] - at[MASTER_WIDTH]);
  return upper + down * (lower - upper);
}

static RidgePoint to_finger (const Touch *touch, double x, double y) {
  x -= touch->shift_x;
  y -= touch->shift_y;
  RidgePoint point = { touch->cosine * x + touch->sine * y, touch->cosine * y - touch->sine * x };
  RidgePoint moved = point;
  for (int i = 0; i < BUMPS; i++) {
    double dx = point.x - touch->bump_at[i].x, dy = point.y - touch->bump_at[i].y;
    double weight = exp (-(dx * dx + dy * dy) / (2 * 95.0 * 95.0));
    moved.x += weight * touch->bump_push[i].x;
    moved.y += weight * touch->bump_push[i].y;
  }
  return moved;
}

/* 1 well inside the contact, 0 outside, between at its rim. */
static double contact_at (const TamboRidges *ridges, const Touch *touch, RidgePoint at) {
  double u = at.x / (ridges->half_width * touch->reach_x);
  double v = at.y / (ridges->half_height * touch->reach_y);
  double distance = sqrt (u * u + v * v), angle = atan2 (v, u);
  for (int i = 0; i < LOBES; i++)
    distance += touch->lobe_size[i] * sin ((i + 2) * angle + touch->lobe_phase[i]);
  return CLAMP ((1 - distance) * 14, 0, 1);
}

static double moisture_at (const Touch *touch, int column, int row) {
  double x = (double) column / TAMBO_RIDGES_WIDTH * (SPOTS - 1);
  double y = (double) row / TAMBO_RIDGES_HEIGHT * (SPOTS - 1);
  int left = (int) x, top = (int) y;
  double across = x - left, down = y - top;
  double upper =
      touch->spots[top][left] + across * (touch->spots[top][left + 1] - touch->spots[top][left]);
  double lower = touch->spots[top + 1][left]
                 + across * (touch->spots[top + 1][left + 1] - touch->spots[top + 1][left]);
  return touch->wetness + upper + down * (lower - upper);
}

static guint8 pixel_at (const TamboRidges *ridges, const Touch *touch, GRand *random, int column,
                        int row) {
  double grain = g_rand_double (random) - g_rand_double (random);
  RidgePoint at = to_finger (touch, column - TAMBO_RIDGES_WIDTH / 2, TAMBO_RIDGES_HEIGHT / 2 - row);
  double contact = contact_at (ridges, touch, at);
  double ink = 0;
  if (contact > 0) {
    double height = sample (ridges->height, at.x, at.y) + moisture_at (touch, column, row)
                    - 1.6 * (1 - contact) + 0.10 * grain;
    ink = 1 / (1 + exp (-touch->edge * 1.6 * height));
    ink *= (1 - touch->pores * sample (ridges->pores, at.x, at.y)) * sqrt (contact);
  }
  double grey = touch->paper - ink * (touch->paper - touch->ink) + 5 * grain;
  return (guint8) CLAMP (lround (grey), 0, 255);
}

TamboImage *tambo_ridges_press (const TamboRidges *ridges, guint32 press) {
  const guint32 words[] = { press, press * 2246822519u + 0x165667b1u };
  g_autoptr (GRand) random = g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));
  Touch touch;
  touch_init (&touch, random);

  TamboImage *image = tambo_image_new (TAMBO_RIDGES_WIDTH, TAMBO_RIDGES_HEIGHT, 1);
  image->ppi = 500;
  for (int row = 0; row < image->height; row++)
    for (int column = 0; column < image->width; column++)
      image->data[row * image->width + column] = pixel_at (ridges, &touch, random, column, row);
  return image;
}
