/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the irises of the synthetic faces in the test data have their middle, in 1/1024 of the picture's
 * width and height from its left upper corner. Measured by eye for these tests, before any program was asked:
 * each eye was cut out at a random offset, enlarged 2.4 times a unit with its shadows lifted, and read off a
 * ruler; where a lid hides part of the iris, the middle of the circle that its visible edge suggests. All were
 * looked at again with a cross and a circle drawn over them. Ten faces that were read twice, from cuts of
 * another scale and offset, differ by 1.1 % of the distance of the eyes in the mean of an eye. Some faces are
 * in the data several times, in other sizes: there the readings are independent too.
 */
#pragma once

typedef struct {
  const char *name;
  int right_x, right_y, left_x, left_y; /* the applicant's right eye lies left */
} FaceEyes;

/* clang-format off */
static const FaceEyes face_eyes[] = {
  { "sample_1x2_r0_c00.jpg", 385, 485, 637, 486 },
  { "sample_1x2_r0_c01.jpg", 384, 484, 641, 486 },
  { "sample_2x4_r0_c00.jpg", 389, 479, 609, 482 },
  { "sample_2x4_r0_c01.jpg", 389, 480, 638, 480 },
  { "sample_2x4_r0_c02.jpg", 386, 479, 638, 477 },
  { "sample_2x4_r0_c03.jpg", 395, 483, 636, 478 },
  { "sample_2x4_r1_c00.jpg", 383, 475, 636, 474 },
  { "sample_2x4_r1_c01.jpg", 387, 476, 638, 475 },
  { "sample_2x4_r1_c02.jpg", 391, 479, 639, 474 },
  { "sample_2x4_r1_c03.jpg", 385, 485, 639, 484 },
  { "sample_3x6_r0_c00.jpg", 389, 472, 641, 470 },
  { "sample_3x6_r0_c01.jpg", 378, 477, 638, 479 },
  { "sample_3x6_r0_c02.jpg", 389, 483, 631, 482 },
  { "sample_3x6_r0_c03.jpg", 387, 483, 641, 481 },
  { "sample_3x6_r0_c04.jpg", 389, 480, 616, 481 },
  { "sample_3x6_r0_c05.jpg", 388, 476, 641, 475 },
  { "sample_3x6_r1_c00.jpg", 384, 473, 636, 469 },
  { "sample_3x6_r1_c01.jpg", 383, 479, 645, 479 },
  { "sample_3x6_r1_c02.jpg", 376, 480, 641, 479 },
  { "sample_3x6_r1_c03.jpg", 383, 482, 639, 481 },
  { "sample_3x6_r1_c04.jpg", 384, 473, 635, 475 },
  { "sample_3x6_r1_c05.jpg", 387, 475, 641, 471 },
  { "sample_3x6_r2_c00.jpg", 390, 480, 636, 480 },
  { "sample_3x6_r2_c01.jpg", 381, 480, 632, 473 },
  { "sample_3x6_r2_c02.jpg", 383, 481, 639, 480 },
  { "sample_3x6_r2_c03.jpg", 391, 474, 641, 475 },
  { "sample_3x6_r2_c04.jpg", 395, 478, 652, 478 },
  { "sample_3x6_r2_c05.jpg", 380, 478, 634, 472 },
  { "sample_4x8_r0_c00.jpg", 379, 481, 637, 478 },
  { "sample_4x8_r0_c01.jpg", 393, 478, 638, 477 },
  { "sample_4x8_r0_c02.jpg", 386, 475, 638, 476 },
  { "sample_4x8_r0_c03.jpg", 378, 478, 627, 475 },
  { "sample_4x8_r0_c04.jpg", 391, 477, 640, 476 },
  { "sample_4x8_r0_c05.jpg", 382, 473, 637, 470 },
  { "sample_4x8_r0_c06.jpg", 389, 481, 637, 480 },
  { "sample_4x8_r0_c07.jpg", 384, 475, 637, 469 },
  { "sample_4x8_r1_c00.jpg", 385, 482, 632, 477 },
  { "sample_4x8_r1_c01.jpg", 386, 481, 640, 479 },
  { "sample_4x8_r1_c02.jpg", 389, 474, 639, 473 },
  { "sample_4x8_r1_c03.jpg", 392, 474, 627, 472 },
  { "sample_4x8_r1_c04.jpg", 388, 480, 637, 478 },
  { "sample_4x8_r1_c05.jpg", 385, 476, 629, 479 },
  { "sample_4x8_r1_c06.jpg", 384, 482, 637, 478 },
  { "sample_4x8_r1_c07.jpg", 393, 479, 634, 480 },
  { "sample_4x8_r2_c00.jpg", 388, 481, 641, 480 },
  { "sample_4x8_r2_c01.jpg", 389, 483, 630, 482 },
  { "sample_4x8_r2_c02.jpg", 382, 484, 636, 485 },
  { "sample_4x8_r2_c03.jpg", 389, 477, 640, 476 },
  { "sample_4x8_r2_c04.jpg", 387, 483, 640, 481 },
  { "sample_4x8_r2_c05.jpg", 387, 477, 638, 477 },
  { "sample_4x8_r2_c06.jpg", 381, 483, 635, 483 },
  { "sample_4x8_r2_c07.jpg", 388, 482, 613, 480 },
  { "sample_4x8_r3_c00.jpg", 383, 480, 637, 477 },
  { "sample_4x8_r3_c01.jpg", 387, 481, 638, 480 },
  { "sample_4x8_r3_c02.jpg", 395, 471, 626, 474 },
  { "sample_4x8_r3_c03.jpg", 382, 483, 638, 485 },
  { "sample_4x8_r3_c04.jpg", 379, 482, 636, 482 },
  { "sample_4x8_r3_c05.jpg", 377, 476, 639, 476 },
  { "sample_4x8_r3_c06.jpg", 379, 477, 637, 479 },
  { "sample_4x8_r3_c07.jpg", 381, 480, 632, 472 },
  { "variability_ethnicity_r5_c10.jpg", 385, 479, 643, 480 },
  { "variability_expression_r0_c03.jpg", 375, 473, 624, 472 },
  { "variability_expression_r0_c06.jpg", 382, 474, 635, 474 },
  { "variability_expression_r0_c07.jpg", 381, 478, 638, 474 },
  { "variability_expression_r1_c00.jpg", 392, 472, 634, 475 },
  { "variability_expression_r1_c05.jpg", 385, 471, 617, 486 },
  { "variability_expression_r1_c06.jpg", 382, 476, 632, 476 },
  { "variability_expression_r3_c03.jpg", 408, 475, 633, 475 },
  { "variability_expression_r4_c01.jpg", 388, 473, 640, 472 },
  { "variability_expression_r4_c02.jpg", 385, 473, 649, 478 },
};
/* clang-format on */
