/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-portrait.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "format/image-codec.h"

#define MAX_FILE (64 * 1024 * 1024)

typedef struct {
  guint8 red, green, blue;
} Colour;

/* The unit is the height of the picture, the origin the point between the eyes, y downwards. */
typedef struct {
  double x, y, half_width, half_height;
  double power;       /* 2 for an ellipse, more for a box with round corners */
  double top, bottom; /* only between these heights; 0 and 0 for all of it */
  Colour colour;
  double strength; /* 0 to 1 */
} Shape;

typedef struct {
  double x, y, scale, roll; /* of the head in the picture */
} Pose;

struct _TamboScene {
  Colour skin, hair, iris, cloth;
  double face_width, face_height;
  TamboImage *picture; /* NULL: drawn */
};

/* How much larger the applicant is than at arm's length: the head takes two thirds of the picture's height. */
#define NEAR 1.4

static const Colour wall = { 208, 208, 208 };

TamboScene *tambo_scene_new_drawn (guint32 seed) {
  static const Colour skins[] = {
    { 232, 190, 160 }, { 205, 155, 120 }, { 165, 115, 82 }, { 120, 80, 56 }, { 222, 175, 140 }
  };
  static const Colour hairs[] = { { 46, 33, 26 }, { 28, 24, 24 }, { 92, 62, 38 }, { 70, 66, 64 } };
  static const Colour irises[] = { { 74, 48, 30 }, { 60, 84, 104 }, { 72, 88, 56 } };
  static const Colour cloths[] = { { 38, 54, 92 }, { 84, 40, 48 }, { 44, 80, 66 }, { 60, 60, 68 } };
  const guint32 words[] = { seed, seed * 2654435761u + 1 };
  g_autoptr (GRand) random = g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));

  TamboScene *scene = g_new0 (TamboScene, 1);
  scene->skin = skins[g_rand_int_range (random, 0, G_N_ELEMENTS (skins))];
  scene->hair = hairs[g_rand_int_range (random, 0, G_N_ELEMENTS (hairs))];
  scene->iris = irises[g_rand_int_range (random, 0, G_N_ELEMENTS (irises))];
  scene->cloth = cloths[g_rand_int_range (random, 0, G_N_ELEMENTS (cloths))];
  scene->face_width = g_rand_double_range (random, 0.148, 0.160);
  scene->face_height = g_rand_double_range (random, 0.205, 0.220);
  return scene;
}

TamboScene *tambo_scene_new_picture (const TamboImage *picture) {
  TamboScene *scene = g_new0 (TamboScene, 1);
  scene->picture = tambo_image_to_rgb (picture);
  return scene;
}

TamboScene *tambo_scene_load (const char *portrait, guint32 seed, GError **error) {
  if (portrait == NULL)
    return tambo_scene_new_drawn (seed);
  g_autoptr (GBytes) bytes = tambo_file_read (portrait, MAX_FILE, error);
  g_autoptr (TamboImage) image = bytes != NULL ? tambo_image_decode (bytes, error) : NULL;
  return image != NULL ? tambo_scene_new_picture (image) : NULL;
}

void tambo_scene_free (TamboScene *scene) {
  if (scene == NULL)
    return;
  tambo_image_free (scene->picture);
  g_free (scene);
}

static Colour shade (Colour colour, double factor) {
  return (Colour){ (guint8) CLAMP (lround (colour.red * factor), 0, 255),
                   (guint8) CLAMP (lround (colour.green * factor), 0, 255),
                   (guint8) CLAMP (lround (colour.blue * factor), 0, 255) };
}

static void blend (guint8 *pixel, Colour colour, double part) {
  pixel[0] = (guint8) lround (pixel[0] + part * (colour.red - pixel[0]));
  pixel[1] = (guint8) lround (pixel[1] + part * (colour.green - pixel[1]));
  pixel[2] = (guint8) lround (pixel[2] + part * (colour.blue - pixel[2]));
}

/* How much of the pixel at U, V (in shape units) the shape covers; PIXEL is the pixel's size. */
static double cover (const Shape *shape, double u, double v, double pixel) {
  if (shape->top != shape->bottom && (v < shape->top || v > shape->bottom))
    return 0;
  double x = fabs (u - shape->x) / shape->half_width, y = fabs (v - shape->y) / shape->half_height;
  double distance = shape->power == 2
                        ? sqrt (x * x + y * y)
                        : pow (pow (x, shape->power) + pow (y, shape->power), 1 / shape->power);
  double outside = (distance - 1) * MIN (shape->half_width, shape->half_height) / pixel;
  return CLAMP (0.5 - outside, 0, 1);
}

static void draw (TamboImage *image, const Pose *pose, const Shape *shape) {
  double unit = image->height * pose->scale, cosine = cos (pose->roll), sine = sin (pose->roll);
  double middle_x = image->width / 2.0 + pose->x * image->height;
  double middle_y = pose->y * image->height;
  double reach = hypot (shape->half_width, shape->half_height) * unit + 2;
  double at_x = middle_x + (cosine * shape->x - sine * shape->y) * unit;
  double at_y = middle_y + (sine * shape->x + cosine * shape->y) * unit;
  int left = (int) MAX (0, at_x - reach), right = (int) MIN (image->width - 1, at_x + reach);
  int top = (int) MAX (0, at_y - reach), bottom = (int) MIN (image->height - 1, at_y + reach);

  for (int row = top; row <= bottom; row++)
    for (int column = left; column <= right; column++) {
      double x = (column - middle_x) / unit, y = (row - middle_y) / unit;
      double part = cover (shape, cosine * x + sine * y, cosine * y - sine * x, 1 / unit);
      if (part > 0)
        blend (image->data + 3 * ((gsize) row * (gsize) image->width + (gsize) column),
               shape->colour, part * shape->strength);
    }
}

static void draw_both_sides (TamboImage *image, const Pose *pose, Shape shape) {
  draw (image, pose, &shape);
  shape.x = -shape.x;
  draw (image, pose, &shape);
}

static void draw_body (const TamboScene *scene, TamboImage *image, const Pose *pose) {
  Colour shirt = { 236, 236, 240 };
  const Shape shapes[] = {
    { 0, -0.015, scene->face_width + 0.030, 0.225, 2.3, 0, 0, scene->hair, 1 },
    { 0, 0.60, 0.345, 0.285, 2.6, 0, 0, scene->cloth, 1 },
    { 0, 0.355, 0.125, 0.075, 2, 0, 0, shirt, 1 },
    { 0, 0.27, 0.078, 0.115, 3, 0, 0, shade (scene->skin, 0.86), 1 },
    { 0, 0.225, 0.080, 0.050, 2, 0, 0, shade (scene->skin, 0.70), 0.8 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    draw (image, pose, &shapes[i]);
}

static void draw_head (const TamboScene *scene, TamboImage *image, const Pose *pose) {
  double width = scene->face_width, height = scene->face_height;
  draw_both_sides (image, pose,
                   (Shape){ width, 0.02, 0.022, 0.045, 2, 0, 0, shade (scene->skin, 0.88), 1 });
  const Shape head = { 0, 0.025, width, height, 2.25, 0, 0, scene->skin, 1 };
  draw (image, pose, &head);

  /* Light from above: the cheeks' rims and the chin lie in a faint shadow, brow and nose shine. */
  draw_both_sides (image, pose,
                   (Shape){ width * 0.86, 0.05, width * 0.13, height * 0.5, 2, 0, 0,
                            shade (scene->skin, 0.82), 0.5 });
  const Shape lights[] = {
    { 0, -0.075, width * 0.55, 0.05, 2, 0, 0, shade (scene->skin, 1.07), 0.6 },
    { 0, 0.202, 0.05, 0.020, 2, 0, 0, shade (scene->skin, 1.06), 0.5 },
    { 0, 0.178, 0.045, 0.008, 2, 0, 0, shade (scene->skin, 0.80), 0.6 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (lights); i++)
    draw (image, pose, &lights[i]);
  draw_both_sides (image, pose,
                   (Shape){ 0.085, 0.075, 0.040, 0.026, 2, 0, 0, shade (scene->skin, 1.05), 0.5 });
  const Shape fringe = {
    0, 0.02, width + 0.012, height + 0.028, 2.3, -0.40, -0.115, scene->hair, 1
  };
  draw (image, pose, &fringe);
}

static void draw_eyes (const TamboScene *scene, TamboImage *image, const Pose *pose) {
  Colour white = { 240, 238, 236 }, black = { 14, 12, 12 };
  const Shape shapes[] = {
    { 0.066, 0.000, 0.044, 0.026, 2, 0, 0, shade (scene->skin, 0.80), 0.6 },
    { 0.066, -0.042, 0.040, 0.0075, 2.4, 0, 0, scene->hair, 0.95 },
    { 0.066, 0.000, 0.0300, 0.0140, 2, 0, 0, shade (scene->skin, 0.35), 1 },
    { 0.066, 0.002, 0.0285, 0.0120, 2, 0, 0, white, 1 },
    { 0.066, 0.001, 0.0122, 0.0122, 2, 0, 0, scene->iris, 1 },
    { 0.066, 0.001, 0.0056, 0.0056, 2, 0, 0, black, 1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    draw_both_sides (image, pose, shapes[i]);
  const Shape glints[] = {
    { -0.0625, -0.0035, 0.0022, 0.0022, 2, 0, 0, { 255, 255, 255 }, 1 },
    { 0.0695, -0.0035, 0.0022, 0.0022, 2, 0, 0, { 255, 255, 255 }, 1 },
  };
  draw (image, pose, &glints[0]);
  draw (image, pose, &glints[1]);
}

static void draw_nose_and_mouth (const TamboScene *scene, TamboImage *image, const Pose *pose) {
  Colour lip = { (guint8) (scene->skin.red * 0.80), (guint8) (scene->skin.green * 0.56),
                 (guint8) (scene->skin.blue * 0.56) };
  draw_both_sides (image, pose,
                   (Shape){ 0.019, 0.045, 0.006, 0.050, 2, 0, 0, shade (scene->skin, 0.84), 0.6 });
  draw_both_sides (image, pose,
                   (Shape){ 0.022, 0.090, 0.012, 0.011, 2, 0, 0, shade (scene->skin, 0.80), 0.7 });
  const Shape shapes[] = {
    { 0, 0.050, 0.010, 0.050, 2, 0, 0, shade (scene->skin, 1.10), 0.7 },
    { 0, 0.086, 0.016, 0.014, 2, 0, 0, shade (scene->skin, 1.04), 0.9 },
    { 0, 0.103, 0.024, 0.004, 2, 0, 0, shade (scene->skin, 0.66), 0.7 },
    { 0, 0.1425, 0.047, 0.0070, 2, 0, 0, shade (lip, 0.92), 1 },
    { 0, 0.1490, 0.042, 0.0075, 2, 0, 0, lip, 1 },
    { 0, 0.1455, 0.047, 0.0014, 2.4, 0, 0, shade (lip, 0.55), 1 },
  };
  draw_both_sides (
      image, pose,
      (Shape){ 0.012, 0.099, 0.0055, 0.0032, 2, 0, 0, shade (scene->skin, 0.35), 0.9 });
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    draw (image, pose, &shapes[i]);
}

static void add_grain (TamboImage *image, guint32 seed) {
  guint32 state = seed * 747796405u + 2891336453u;
  gsize size = tambo_image_size (image);
  for (gsize i = 0; i < size; i += 3) {
    state = state * 1664525u + 1013904223u;
    int grain = (int) (state >> 30) + (int) ((state >> 28) & 3) - 3;
    for (gsize channel = 0; channel < 3; channel++)
      image->data[i + channel] = (guint8) CLAMP (image->data[i + channel] + grain, 0, 255);
  }
}

static TamboImage *new_wall (int width, int height) {
  TamboImage *image = tambo_image_new (width, height, 3);
  memset (image->data, wall.red, tambo_image_size (image));
  return image;
}

static TamboImage *draw_scene (const TamboScene *scene, int width, int height, const Pose *pose,
                               guint32 grain) {
  TamboImage *image = new_wall (width, height);
  draw_body (scene, image, pose);
  draw_head (scene, image, pose);
  draw_eyes (scene, image, pose);
  draw_nose_and_mouth (scene, image, pose);
  add_grain (image, grain);
  return image;
}

/* The picture as seen by a camera that is not quite still: its middle, moved by a part of SPARE. */
static TamboImage *move_picture (const TamboImage *picture, int width, int height, double x,
                                 double y) {
  int spare_x = width / 50, spare_y = height / 50;
  g_autoptr (TamboImage) wide = tambo_image_fit (picture, width + spare_x, height + spare_y);
  int left = (int) lround (spare_x * (0.5 + 0.5 * x)),
      top = (int) lround (spare_y * (0.5 + 0.5 * y));
  return tambo_image_crop (wide, left, top, width, height);
}

TamboImage *tambo_scene_still (const TamboScene *scene, guint32 shot) {
  double sway = sin (shot * 1.7 + 0.4), nod = sin (shot * 2.9 + 1.1);
  TamboImage *image;
  if (scene->picture != NULL) {
    image = move_picture (scene->picture, TAMBO_PORTRAIT_WIDTH, TAMBO_PORTRAIT_HEIGHT, sway, nod);
  } else {
    Pose pose = { 0.008 * sway, 0.44 + 0.006 * nod, NEAR * (1 + 0.015 * sin (shot * 0.9)),
                  0.015 * nod * sway };
    image = draw_scene (scene, TAMBO_PORTRAIT_WIDTH, TAMBO_PORTRAIT_HEIGHT, &pose, shot);
  }
  image->ppi = 300;
  return image;
}

TamboImage *tambo_scene_frame (const TamboScene *scene, guint32 number) {
  double sway = sin (number * 0.35), nod = sin (number * 0.21 + 0.7);
  if (scene->picture == NULL) {
    Pose pose = { 0.004 * sway, 0.44 + 0.003 * nod, NEAR, 0.012 * sin (number * 0.17) };
    return draw_scene (scene, TAMBO_FRAME_WIDTH, TAMBO_FRAME_HEIGHT, &pose, number);
  }
  TamboImage *image = new_wall (TAMBO_FRAME_WIDTH, TAMBO_FRAME_HEIGHT);
  int width = TAMBO_FRAME_HEIGHT * 3 / 4, left = (TAMBO_FRAME_WIDTH - width) / 2;
  g_autoptr (TamboImage) part = move_picture (scene->picture, width, TAMBO_FRAME_HEIGHT, sway, nod);
  for (int row = 0; row < TAMBO_FRAME_HEIGHT; row++)
    memcpy (image->data + 3 * (row * TAMBO_FRAME_WIDTH + left), part->data + 3 * row * width,
            3 * (gsize) width);
  return image;
}
