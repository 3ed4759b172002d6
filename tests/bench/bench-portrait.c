/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Live guidance: frames of 640x480 a second, of the processor time of one core and of the clock. A face of
 * the test data moves slowly over a wall.
 */
#include "biometric/portrait-guide.h"
#include "format/image-codec.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FRAMES 120
#define TARGET 15.0

static TamboImage *load_face (void) {
  g_autofree char *path =
      g_build_filename (g_getenv ("TAMBO_TEST_DATA") != NULL ? g_getenv ("TAMBO_TEST_DATA") : "",
                        "faces/sfhq/sample_2x4_r0_c00.jpg", NULL);
  char *contents;
  gsize size;
  if (!g_file_get_contents (path, &contents, &size, NULL))
    return NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_take (contents, size);
  g_autoptr (TamboImage) image = tambo_image_decode (bytes, NULL);
  g_autoptr (TamboImage) rgb = image != NULL ? tambo_image_to_rgb (image) : NULL;
  return rgb != NULL ? tambo_image_scale (rgb, 400, 400) : NULL;
}

static void draw_frame (TamboImage *frame, const TamboImage *face, int number) {
  int left = 120 + (int) (30 * sin (number / 15.0)), top = 40 + (int) (20 * cos (number / 20.0));
  memset (frame->data, 190, tambo_image_size (frame));
  for (int y = 0; y < face->height; y++)
    memcpy (frame->data + ((gsize) (top + y) * (gsize) frame->width + (gsize) left) * 3,
            face->data + (gsize) y * (gsize) face->width * 3, (gsize) face->width * 3);
}

int main (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFaceFinder) finder = tambo_face_finder_new (&error);
  g_autoptr (TamboImage) face = load_face ();
  if (finder == NULL || face == NULL) {
    printf ("skipped: %s\n", finder == NULL ? error->message : "no data");
    return 77;
  }

  g_autoptr (TamboGuide) guide = tambo_guide_new (finder);
  g_autoptr (TamboImage) frame = tambo_image_new (640, 480, 3);
  gint64 elapsed = 0;
  clock_t used = 0;
  int seen = 0;
  for (int i = 0; i < FRAMES; i++) {
    draw_frame (frame, face, i);
    gint64 begun = g_get_monotonic_time ();
    clock_t begun_used = clock ();
    tambo_guide_feed (guide, frame);
    used += clock () - begun_used;
    elapsed += g_get_monotonic_time () - begun;
    seen += tambo_guide_get_face (guide) != NULL;
  }
  double rate = FRAMES * (double) CLOCKS_PER_SEC / (double) MAX (used, 1);
  printf ("live guidance at 640x480: %.0f frames/s of one core, %.0f of the clock (target %.0f on "
          "two); "
          "face seen in %d of %d frames\n",
          rate, FRAMES * 1e6 / (double) MAX (elapsed, 1), TARGET, seen, FRAMES);
  return rate >= TARGET && seen >= FRAMES * 9 / 10 ? 0 : 1;
}
