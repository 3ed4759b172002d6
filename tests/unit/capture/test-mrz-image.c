/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/mrz-image.h"

#include <string.h>

#include "format/format-error.h"
#include "page.h"

#define N_PAGES 40

static const char *const zones[] = {
  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
  "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
  "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
};

static char *dup_random_zone (GRand *rand) {
  static const char *const surnames[] = { "QUISPE MAMANI", "OQUENDO BRIOSO", "ZUIDEMA",
                                          "IBANEZ SOLIS",  "DIAZ O NEILL",   "BOBADILLA" };
  static const char *const names[] = { "JUANA ROSA", "OSVALDO", "IGOR ISIS", "BEATRIZ", "SONIA Q" };
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  g_autoptr (TamboApplicant) applicant = tambo_applicant_new ();
  char number[10] = { 0 };

  for (int i = 0; i < 9; i++)
    number[i] = letters[g_rand_int_range (rand, 0, 36)];
  applicant->surname = g_strdup (surnames[g_rand_int_range (rand, 0, G_N_ELEMENTS (surnames))]);
  applicant->given_names = g_strdup (names[g_rand_int_range (rand, 0, G_N_ELEMENTS (names))]);
  applicant->birth_date =
      g_strdup_printf ("19%02d-%02d-%02d", g_rand_int_range (rand, 40, 99),
                       g_rand_int_range (rand, 1, 13), g_rand_int_range (rand, 1, 29));
  applicant->sex = g_rand_boolean (rand) ? TAMBO_SEX_FEMALE : TAMBO_SEX_MALE;
  applicant->nationality = g_strdup ("UTO");
  applicant->issuing_state = g_strdup ("UTO");
  applicant->document_type = g_strdup ("P");
  applicant->document_number = g_strdup (number);
  applicant->expiry_date =
      g_strdup_printf ("203%d-%02d-%02d", g_rand_int_range (rand, 0, 9),
                       g_rand_int_range (rand, 1, 13), g_rand_int_range (rand, 1, 29));
  return tambo_mrz_make (applicant, (TamboMrzFormat) g_rand_int_range (rand, 0, 3), NULL);
}

static Page bad_page (guint i, GRand *rand, const char *mrz) {
  static const int resolutions[] = { 100, 120, 150, 200, 300 };

  return (Page){ .mrz = mrz,
                 .ppi = resolutions[i % G_N_ELEMENTS (resolutions)],
                 .lean = g_rand_double_range (rand, -6, 6),
                 .blur = g_rand_double_range (rand, 0, i % 5 == 0 ? 0.9 : 1.4),
                 .noise = g_rand_double_range (rand, 0, 14),
                 .shadow = g_rand_double_range (rand, 0, 0.6),
                 .pattern = g_rand_double_range (rand, 0, 60),
                 .seed = i };
}

/* Every place that was misread is marked, or a check digit of its field says no. */
static gboolean is_confessed (const TamboMrzReading *reading, const char *mrz) {
  if (!tambo_mrz_check (reading->mrz, NULL) || strlen (reading->lines) != strlen (mrz))
    return TRUE;
  for (gsize i = 0; mrz[i] != '\0'; i++)
    if (mrz[i] != reading->lines[i] && reading->marks[i] != '?')
      return FALSE;
  return TRUE;
}

static gboolean need_typeface (void) {
  if (g_file_test (OCR_B_TYPEFACE, G_FILE_TEST_EXISTS))
    return TRUE;
  g_test_skip ("the OCR-B typeface is not installed");
  return FALSE;
}

static void test_forty_bad_pages (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (9303);
  guint n_perfect = 0;

  if (!need_typeface ())
    return;
  for (guint i = 0; i < N_PAGES; i++) {
    g_autofree char *mrz = dup_random_zone (rand);
    Page page = bad_page (i, rand, mrz);
    g_autoptr (TamboImage) image = page_draw (&page);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboMrzReading) reading = tambo_mrz_image_read (image, "2026-01-01", &error);
    gboolean is_perfect = reading != NULL && strcmp (reading->lines, mrz) == 0;

    n_perfect += is_perfect;
    if (reading == NULL)
      g_test_message ("page %u, %d ppi, lean %.1f: %s", i, page.ppi, page.lean, error->message);
    else if (!is_perfect)
      g_test_message ("page %u, %d ppi, lean %.1f (seen %.1f), blur %.1f, noise %.0f:\n%s\n%s\n%s",
                      i, page.ppi, page.lean, reading->skew, page.blur, page.noise, mrz,
                      reading->lines, reading->marks);
    g_assert_true (reading == NULL || is_perfect || is_confessed (reading, mrz));
  }
  g_test_message ("%u of %u pages read without a mistake", n_perfect, N_PAGES);
  g_assert_cmpuint (n_perfect, >=, 34);
}

static void test_good_page (gconstpointer data) {
  const char *mrz = data;
  Page page = { .mrz = mrz, .ppi = 200, .lean = -2, .blur = 0.5, .noise = 3, .pattern = 20 };
  g_autoptr (TamboImage) image = NULL;
  g_autoptr (TamboMrzReading) reading = NULL;
  g_autoptr (GError) error = NULL;

  if (!need_typeface ())
    return;
  image = page_draw (&page);
  reading = tambo_mrz_image_read (image, "2026-01-01", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (reading->lines, ==, mrz);
  g_assert_cmpuint (reading->n_mended, ==, 0);
  g_assert_cmpfloat_with_epsilon (reading->skew, page.lean, 0.35);
  g_assert_true (tambo_mrz_check (reading->mrz, NULL));
}

/* A photograph of anything else is said to have none. */
static void test_no_zone (void) {
  g_autoptr (TamboImage) image = tambo_image_new (640, 480, 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (TamboMrzReading) reading = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < tambo_image_size (image); i++)
    image->data[i] = (guint8) g_rand_int_range (rand, 0, 256);
  reading = tambo_mrz_image_read (image, NULL, &error);
  g_assert_null (reading);
  if (g_file_test (OCR_B_TYPEFACE, G_FILE_TEST_EXISTS))
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
  else
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED);
}

static void test_hostile_sizes (void) {
  static const int sizes[][2] = { { 1, 1 }, { 200, 24 }, { 4000, 24 }, { 200, 4000 }, { 201, 25 } };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int level = 0; level < 256; level += 85) {
      g_autoptr (TamboImage) image = tambo_image_new (sizes[i][0], sizes[i][1], 1);
      g_autoptr (GError) error = NULL;

      memset (image->data, level, tambo_image_size (image));
      g_assert_null (tambo_mrz_image_read (image, NULL, &error));
      g_assert_nonnull (error);
    }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/mrz-image/td3", zones[0], test_good_page);
  g_test_add_data_func ("/mrz-image/td1", zones[1], test_good_page);
  g_test_add_data_func ("/mrz-image/td2", zones[2], test_good_page);
  g_test_add_func ("/mrz-image/forty-bad-pages", test_forty_bad_pages);
  g_test_add_func ("/mrz-image/no-zone", test_no_zone);
  g_test_add_func ("/mrz-image/hostile-sizes", test_hostile_sizes);
  return g_test_run ();
}
