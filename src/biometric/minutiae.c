/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/minutiae.h"

#include "biometric/fingerprint-picture.h"
#include "biometric/minutiae-private.h"
#include "biometric/ridge-flow.h"

#include <math.h>

#define PER_CENTIMETRE 197
#define FIRST_SIGMA 4.0f  /* cells, for the directions of the picture as it came */
#define SECOND_SIGMA 2.0f /* and of the filtered one */
#define FIRST_ALONG 5.0f  /* pixels along the ridge */
#define SECOND_ALONG 4.0f

static void filter_twice (TamboRidgeField *field) {
  tambo_orientation_estimate (field, field->even, FIRST_SIGMA);
  tambo_ridge_segment (field);
  tambo_ridge_frequency_estimate (field, field->even);
  tambo_ridge_filter (field, FIRST_ALONG);
  tambo_ridge_segment_again (field);
  tambo_orientation_estimate (field, field->ridges, SECOND_SIGMA);
  tambo_ridge_filter (field, SECOND_ALONG);
}

static int compare_quality (gconstpointer a, gconstpointer b) {
  float x = ((const TamboMinutiaFound *) a)->quality, y = ((const TamboMinutiaFound *) b)->quality;
  return (x < y) - (x > y);
}

static void add_minutia (TamboMinutiaeView *view, const TamboMinutiaFound *found) {
  TamboMinutia minutia = {
    .type = (guint8) found->type,
    .angle = (guint8) lroundf (-found->angle * 128 / (float) G_PI),
    .quality = (guint8) CLAMP (lroundf (found->quality * 100), 1, 100),
    .x = (guint16) lroundf (found->x),
    .y = (guint16) lroundf (found->y),
  };
  g_array_append_val (view->minutiae, minutia);
}

static void fill_view (TamboMinutiaeView *view, TamboRidgeField *field) {
  float sum = 0;

  filter_twice (field);
  g_autofree guint8 *skeleton = tambo_ridge_skeleton (field);
  g_autoptr (GArray) found = tambo_minutiae_find (field, skeleton);
  tambo_minutiae_sift (field, found);
  g_array_sort (found, compare_quality);
  for (guint i = 0; i < MIN (found->len, TAMBO_MINUTIAE_MAX); i++) {
    const TamboMinutiaFound *m = &g_array_index (found, TamboMinutiaFound, i);
    add_minutia (view, m);
    sum += m->quality;
  }
  view->extended = tambo_ridge_flow_encode (field);
  view->quality = view->minutiae->len == 0
                      ? 0
                      : (guint8) CLAMP (lroundf (100 * sum / (float) view->minutiae->len), 1, 100);
}

TamboMinutiaeRecord *tambo_minutiae_extract (const TamboImage *image) {
  if ((gint64) image->width * image->height > TAMBO_MINUTIAE_MAX_PIXELS)
    return NULL;
  g_autoptr (TamboImage) subject = tambo_fingerprint_normalise (image);
  g_autoptr (TamboRidgeField) field = tambo_ridge_field_new (subject);
  if (field == NULL || field->width >= 1 << 14 || field->height >= 1 << 14)
    return NULL;

  TamboMinutiaeRecord *record = tambo_minutiae_record_new ();
  TamboMinutiaeView *view = tambo_minutiae_view_new ();
  record->width = (guint16) subject->width;
  record->height = (guint16) subject->height;
  record->per_centimetre_x = record->per_centimetre_y = PER_CENTIMETRE;
  g_ptr_array_add (record->views, view);
  fill_view (view, field);
  return record;
}
