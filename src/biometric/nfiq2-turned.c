/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-turned.h"

#include <math.h>
#include <string.h>

#define LENGTH 32 /* of the middle, across the ridges */
#define DEPTH 16  /* and along them */
#define WINDOW TAMBO_NFIQ2_WINDOW

/* Turned coordinates are whole numbers of 1,024ths of a pixel, as they were for the published values. */
#define FRACTION_BITS 10
#define FRACTION (1 << FRACTION_BITS)

/* Widths are told in 20ths of a pixel, so that a mean at a limit falls on the published side of it. */
#define WIDTH_UNIT 20.0
#define RIDGE_MIN (3 / WIDTH_UNIT) /* of a clear block */
#define VALLEY_MIN (2 / WIDTH_UNIT)
#define WIDTH_MAX (10 / WIDTH_UNIT)

#define SIDE_SHARE 0.3 /* of the frequencies beside the main one */

/* ---- turning ---- */

typedef struct {
  double xx, xy, x0, yx, yy, y0; /* where a turned pixel comes from */
} Rotation;

/* The inverse of a turn about the middle of a square of SIZE, in the published order of operations. */
static Rotation rotation_new (double angle, int size) {
  const double degrees = 180 / G_PI;
  double radians = angle * degrees * (G_PI / 180), centre = size / 2.0;
  double cosine = cos (radians), sine = sin (radians);
  double right = (1 - cosine) * centre - sine * centre;
  double down = sine * centre + (1 - cosine) * centre;
  double scale = cosine * cosine + sine * sine;
  scale = scale != 0 ? 1 / scale : 0;
  double along = cosine * scale, across = sine * scale;

  return (Rotation){ .xx = along,
                     .xy = -across,
                     .x0 = -along * right + across * down,
                     .yx = across,
                     .yy = along,
                     .y0 = -across * right - along * down };
}

static int fixed (double value) {
  return (int) lrint (value * FRACTION);
}

/* The pixels that a turned window may show: the window, and PADDING around it where the picture has it. */
typedef struct {
  int left, right, top, bottom;
} Extent;

static Extent extent_of (const TamboNfiq2Window *window, int padding) {
  return (Extent){
    .left = MAX (window->x - padding, 0),
    .right = MIN (window->x + WINDOW + padding, window->image->width),
    .top = MAX (window->y - padding, 0),
    .bottom = MIN (window->y + WINDOW + padding, window->image->height),
  };
}

/* Copies WIDTH x HEIGHT pixels in the middle of the turned window. PADDING moves its middle down and to
 * the right, for two of the three measures, as it did for the published values. Black outside. */
static void turn_window (const TamboNfiq2Window *window, double angle, int padding, int width,
                         int height, guint8 *out) {
  Rotation rotation = rotation_new (angle, WINDOW + 2 * padding);
  Extent extent = extent_of (window, padding);
  int left = (WINDOW - width) / 2, top = (WINDOW - height) / 2;
  int column_x[LENGTH], column_y[LENGTH];

  for (int x = 0; x < width; x++) {
    column_x[x] = fixed (rotation.xx * (x + left));
    column_y[x] = fixed (rotation.yx * (x + left));
  }
  for (int y = 0; y < height; y++) {
    int row_x = fixed (rotation.xy * (y + top) + rotation.x0) + FRACTION / 2;
    int row_y = fixed (rotation.yy * (y + top) + rotation.y0) + FRACTION / 2;
    for (int x = 0; x < width; x++) {
      int from_x = ((row_x + column_x[x]) >> FRACTION_BITS) - padding + window->x;
      int from_y = ((row_y + column_y[x]) >> FRACTION_BITS) - padding + window->y;
      gboolean inside = from_x >= extent.left && from_x < extent.right && from_y >= extent.top
                        && from_y < extent.bottom;
      *out++ = inside ? window->image->data[from_y * window->image->width + from_x] : 0;
    }
  }
}

/* ---- ridges and valleys ---- */

typedef struct {
  guint8 pixels[DEPTH][LENGTH];
  double trend[LENGTH];   /* grey of a straight line through the profile */
  gboolean ridge[LENGTH]; /* darker than that */
  int changes[LENGTH];    /* the last of each ridge or valley that ends inside */
  int count;
} Profile;

static double round_off (double value) {
  const double digits = 1e10;

  return round (value * digits) / digits;
}

static void fit_trend (const double means[LENGTH], double out_trend[LENGTH]) {
  const double middle = (LENGTH + 1) / 2.0;
  double sum = 0, moment = 0, weight = 0;

  for (int i = 0; i < LENGTH; i++) {
    double distance = i + 1 - middle;
    sum += means[i];
    moment += means[i] * distance;
    weight += distance * distance;
  }
  double slope = round_off (moment / weight);
  double start = round_off (sum / LENGTH - moment / weight * middle);
  for (int i = 0; i < LENGTH; i++)
    out_trend[i] = (i + 1) * slope + start;
}

static void profile_init (Profile *self, const TamboNfiq2Window *window, double normal,
                          int padding) {
  double means[LENGTH];

  turn_window (window, normal, padding, LENGTH, DEPTH, self->pixels[0]);
  for (int x = 0; x < LENGTH; x++) {
    int sum = 0;
    for (int y = 0; y < DEPTH; y++)
      sum += self->pixels[y][x];
    means[x] = (double) sum / DEPTH;
  }
  fit_trend (means, self->trend);
  self->count = 0;
  for (int x = 0; x < LENGTH; x++) {
    self->ridge[x] = means[x] < self->trend[x];
    if (x > 0 && self->ridge[x] != self->ridge[x - 1])
      self->changes[self->count++] = x - 1;
  }
}

/* ---- local clarity ---- */

/* The mean width of every other stretch; the first counts from its second pixel on, as it was published. */
static double mean_width (const Profile *profile, int first) {
  double sum = 0;
  int count = 0;

  for (int i = first; i < profile->count; i += 2, count++)
    sum += (profile->changes[i] - (i > 0 ? profile->changes[i - 1] : 0)) / WIDTH_UNIT;
  return count > 0 ? sum * (1.0 / count) : 0;
}

/* The share of pixels lighter than the trend in ridges, or darker in valleys. */
static double share_of_strays (const Profile *profile, gboolean ridge) {
  int strays = 0, count = 0;

  for (int x = 0; x < LENGTH; x++) {
    if (profile->ridge[x] != ridge)
      continue;
    for (int y = 0; y < DEPTH; y++)
      strays += (profile->pixels[y][x] >= profile->trend[x]) == ridge;
    count += DEPTH;
  }
  return (double) strays / count;
}

double tambo_nfiq2_clarity (const TamboNfiq2Window *window, double normal) {
  Profile profile;

  profile_init (&profile, window, normal, 0);
  if (profile.count == 0)
    return 0;
  double ridges = mean_width (&profile, profile.ridge[0] ? 0 : 1);
  double valleys = mean_width (&profile, profile.ridge[0] ? 1 : 0);
  if (ridges < RIDGE_MIN || ridges > WIDTH_MAX || valleys < VALLEY_MIN || valleys > WIDTH_MAX)
    return 0;
  return 1 - (share_of_strays (&profile, FALSE) + share_of_strays (&profile, TRUE)) / 2;
}

/* ---- ridge valley uniformity ---- */

int tambo_nfiq2_uniformity (const TamboNfiq2Window *window, double normal,
                            double out_ratios[TAMBO_NFIQ2_RATIOS_MAX]) {
  Profile profile;
  int count;

  profile_init (&profile, window, normal, TAMBO_NFIQ2_BORDER);
  /* A change at the very end does not count, nor do stretches that reach out of the block. */
  if (profile.count > 0 && profile.changes[profile.count - 1] == LENGTH - 2)
    profile.count--;
  if (profile.count < 2 || profile.changes[profile.count - 1] - profile.changes[0] < 2)
    return 0;

  /* From the last stretch to the first; the published values leave the very first one out. */
  const int *changes = profile.changes;
  gboolean turned_over = profile.ridge[changes[0] + 1];
  count = MAX (profile.count - 3, 0);
  for (int i = 0; i < count; i++) {
    const int *at = changes + profile.count - 1 - i;
    double ratio = (double) (at[0] - at[-1]) / (at[-1] - at[-2]);
    out_ratios[i] = i % 2 == (turned_over ? 1 : 0) ? 1 / ratio : ratio;
  }
  return count;
}

/* ---- frequency domain analysis ---- */

static double cosine (int step) {
  /* Of 32nds of a circle. */
  static const double quarter[] = {
    1,
    0.98078528040323044913,
    0.92387953251128675613,
    0.83146961230254523708,
    0.70710678118654752440,
    0.55557023301960222474,
    0.38268343236508977173,
    0.19509032201612826785,
    0,
  };
  int half = step <= LENGTH / 2 ? step : LENGTH - step;

  return half <= LENGTH / 4 ? quarter[half] : -quarter[LENGTH / 2 - half];
}

/* Amplitudes of the first half of the discrete Fourier transform. */
static void transform (const double values[LENGTH], double out_amplitudes[LENGTH / 2 + 1]) {
  double cosines[LENGTH];

  for (int i = 0; i < LENGTH; i++)
    cosines[i] = cosine (i);
  for (int k = 0; k <= LENGTH / 2; k++) {
    double real = 0, imaginary = 0;
    for (int i = 0; i < LENGTH; i++) {
      real += values[i] * cosines[k * i % LENGTH];
      imaginary += values[i] * cosines[(k * i + LENGTH / 4) % LENGTH];
    }
    out_amplitudes[k] = sqrt (real * real + imaginary * imaginary);
  }
}

double tambo_nfiq2_frequency (const TamboNfiq2Window *window, double normal) {
  guint8 pixels[LENGTH][DEPTH];
  double values[LENGTH], amplitudes[LENGTH / 2 + 1], sum = 0;
  int best = 1;

  turn_window (window, normal + G_PI / 2, TAMBO_NFIQ2_BORDER, DEPTH, LENGTH, pixels[0]);
  for (int y = 0; y < LENGTH; y++) {
    int total = 0;
    for (int x = 0; x < DEPTH; x++)
      total += pixels[y][x];
    values[y] = (double) total / DEPTH;
  }
  transform (values, amplitudes);
  for (int k = 1; k <= LENGTH / 2; k++) {
    if (amplitudes[k] > amplitudes[best])
      best = k;
    if (k < LENGTH / 2)
      sum += amplitudes[k];
  }
  if (best == 1)
    return 1;
  double after = amplitudes[best < LENGTH / 2 ? best + 1 : best - 1];
  return (amplitudes[best] + SIDE_SHARE * (amplitudes[best - 1] + after)) / sum;
}
