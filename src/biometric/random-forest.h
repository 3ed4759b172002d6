/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A forest of decision trees that tells two classes apart, from a file of OpenCV's machine learning
 * (cv::ml::RTrees, or CvRTrees before it) in YAML or XML. docs/nfiq2.md has what is read of it.
 */
#pragma once

#include <glib.h>

#define TAMBO_RANDOM_FOREST_MAX_SIZE (256 * 1024 * 1024) /* of the file, bytes */

typedef struct TamboRandomForest TamboRandomForest;

/* VARIABLES is the number of values that a sample will have. TAMBO_FORMAT_ERROR. */
TamboRandomForest *tambo_random_forest_parse (GBytes *file, int variables,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_random_forest_free (TamboRandomForest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboRandomForest, tambo_random_forest_free)

int tambo_random_forest_trees (const TamboRandomForest *self);
/* The number of trees that are for class 1. */
int tambo_random_forest_votes (const TamboRandomForest *self, const float *values);
