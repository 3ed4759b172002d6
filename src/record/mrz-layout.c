/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/mrz-layout.h"

static const TamboMrzLayout td1 = {
  .n_lines = 3,
  .line_length = 30,
  .names = { 2, 0, 30 },
  .document_number = { 0, 5, 9 },
  .birth_date = { 1, 0, 6 },
  .sex = { 1, 7, 1 },
  .expiry_date = { 1, 8, 6 },
  .nationality = { 1, 15, 3 },
  .optional_data = { 0, 15, 15 },
  .second_optional_data = { 1, 18, 11 },
  .composed = { { 0, 5, 25 }, { 1, 0, 7 }, { 1, 8, 7 }, { 1, 18, 11 } },
  .composite = { 1, 29, 1 },
  .carries_long_number = TRUE,
};

static const TamboMrzLayout td2 = {
  .n_lines = 2,
  .line_length = 36,
  .names = { 0, 5, 31 },
  .document_number = { 1, 0, 9 },
  .birth_date = { 1, 13, 6 },
  .sex = { 1, 20, 1 },
  .expiry_date = { 1, 21, 6 },
  .nationality = { 1, 10, 3 },
  .optional_data = { 1, 28, 7 },
  .composed = { { 1, 0, 10 }, { 1, 13, 7 }, { 1, 21, 14 } },
  .composite = { 1, 35, 1 },
  .carries_long_number = TRUE,
};

static const TamboMrzLayout td3 = {
  .n_lines = 2,
  .line_length = 44,
  .names = { 0, 5, 39 },
  .document_number = { 1, 0, 9 },
  .birth_date = { 1, 13, 6 },
  .sex = { 1, 20, 1 },
  .expiry_date = { 1, 21, 6 },
  .nationality = { 1, 10, 3 },
  .optional_data = { 1, 28, 14 },
  .composed = { { 1, 0, 10 }, { 1, 13, 7 }, { 1, 21, 22 } },
  .composite = { 1, 43, 1 },
  .has_optional_digit = TRUE,
};

static const TamboMrzLayout visa_a = {
  .n_lines = 2,
  .line_length = 44,
  .names = { 0, 5, 39 },
  .document_number = { 1, 0, 9 },
  .birth_date = { 1, 13, 6 },
  .sex = { 1, 20, 1 },
  .expiry_date = { 1, 21, 6 },
  .nationality = { 1, 10, 3 },
  .optional_data = { 1, 28, 16 },
};

static const TamboMrzLayout visa_b = {
  .n_lines = 2,
  .line_length = 36,
  .names = { 0, 5, 31 },
  .document_number = { 1, 0, 9 },
  .birth_date = { 1, 13, 6 },
  .sex = { 1, 20, 1 },
  .expiry_date = { 1, 21, 6 },
  .nationality = { 1, 10, 3 },
  .optional_data = { 1, 28, 8 },
};

const TamboMrzLayout *tambo_mrz_layout (TamboMrzFormat format, char first_letter) {
  gboolean is_visa = first_letter == 'V';

  switch (format) {
  case TAMBO_MRZ_TD3:
    return is_visa ? &visa_a : &td3;
  case TAMBO_MRZ_TD2:
    return is_visa ? &visa_b : &td2;
  case TAMBO_MRZ_TD1:
  default:
    return &td1;
  }
}
