/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-measures.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define VALUES 101 /* 0 to 100 */
#define COUNT_MAX 100

typedef enum { LINEAR, COUNT, SIGMOID } Mapping;

static const struct {
  const char *name;
  Mapping mapping;
  double low, high;
} ranges[] = {
  { "FDA_Bin10_Mean", LINEAR, 0, 1 },
  { "FDA_Bin10_StdDev", LINEAR, 0, 1 },
  { "FingerJetFX_MinCount_COMMinRect200x200", COUNT, 0, 0 },
  { "FingerJetFX_MinutiaeCount", COUNT, 0, 0 },
  { "FJFXPos_Mu_MinutiaeQuality_2", LINEAR, 0, 1 },
  { "FJFXPos_OCL_MinutiaeQuality_80", LINEAR, 0, 1 },
  { "ImgProcROIArea_Mean", LINEAR, 0, 255 },
  { "LCS_Bin10_Mean", LINEAR, 0, 1 },
  { "LCS_Bin10_StdDev", LINEAR, 0, 1 },
  { "MMB", LINEAR, 0, 255 },
  { "Mu", LINEAR, 0, 255 },
  { "OCL_Bin10_Mean", LINEAR, 0, 1 },
  { "OCL_Bin10_StdDev", LINEAR, 0, 1 },
  /* A turn of 0 to 180 degrees, of which 4 are perfect and 90 the worst. */
  { "OF_Bin10_Mean", LINEAR, -4 / 86.0, 176 / 86.0 },
  { "OF_Bin10_StdDev", LINEAR, 0, 1 },
  { "OrientationMap_ROIFilter_CoherenceRel", LINEAR, 0, 1 },
  { "OrientationMap_ROIFilter_CoherenceSum", LINEAR, 0, 3150 },
  { "RVUP_Bin10_Mean", SIGMOID, 1, 0.5 },
  { "RVUP_Bin10_StdDev", SIGMOID, 1, 0.5 },
};

static double map (Mapping mapping, double low, double high, double value) {
  switch (mapping) {
  case LINEAR:
    return floor (VALUES * (value - low) / (high - low + DBL_EPSILON));
  case COUNT:
    return floor (value);
  case SIGMOID:
    return floor (100 / (1 + exp ((low - value) / high)) + 0.5);
  default:
    g_return_val_if_reached (0);
  }
}

int tambo_nfiq2_block_value (const TamboNfiq2Measure *measure) {
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (strcmp (ranges[i].name, measure->name) == 0)
      return (int) CLAMP (map (ranges[i].mapping, ranges[i].low, ranges[i].high, measure->value), 0,
                          COUNT_MAX);
  return -1;
}
