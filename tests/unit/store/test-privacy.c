/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nothing personal lies in clear in the folder of the store, in any spelling, at any moment.
 */
#include <string.h>

#include "base/bytes.h"
#include "desk.h"
#include "store/cases.h"

#define IMAGE_SIZE 90000

static void add (GPtrArray *needles, gconstpointer data, gsize size) {
  g_ptr_array_add (needles, g_bytes_new (data, size));
}

static void add_text (GPtrArray *needles, const char *text) {
  add (needles, text, strlen (text));
}

/* The base64 of TEXT at each of the three places that it may have in a longer text, without the
 * characters that its neighbours have a part in. */
static void add_base64 (GPtrArray *needles, gconstpointer data, gsize size) {
  for (gsize shift = 0; shift < 3; shift++) {
    g_autofree guint8 *shifted = g_malloc0 (shift + size);
    g_autofree char *text = NULL;
    gsize whole = (shift + size) / 3 * 4;
    gsize skipped = shift == 0 ? 0 : 4;

    memcpy (shifted + shift, data, size);
    text = g_base64_encode (shifted, shift + size);
    add (needles, text + skipped, whole - skipped);
  }
}

static void add_hex (GPtrArray *needles, gconstpointer data, gsize size) {
  g_autofree char *lower = tambo_hex_encode (data, size);
  g_autofree char *upper = g_ascii_strup (lower, -1);

  add_text (needles, lower);
  add_text (needles, upper);
}

static void add_spellings (GPtrArray *needles, const char *text) {
  static const char *const wide[] = { "UTF-16LE", "UTF-16BE", "UTF-32LE" };
  g_autofree char *lower = g_ascii_strdown (text, -1);

  add_text (needles, text);
  add_text (needles, lower);
  add_hex (needles, text, strlen (text));
  add_base64 (needles, text, strlen (text));
  for (gsize i = 0; i < G_N_ELEMENTS (wide); i++) {
    gsize size;
    g_autofree char *converted = g_convert (text, -1, wide[i], "UTF-8", NULL, &size, NULL);

    add (needles, converted, size);
  }
}

/* Three places of the image, and the hash by which somebody could ask for it. */
static void add_image (GPtrArray *needles, GBytes *image) {
  const guint8 *data = g_bytes_get_data (image, NULL);
  static const gsize offsets[] = { 0, IMAGE_SIZE / 2, IMAGE_SIZE - 24 };

  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++) {
    add (needles, data + offsets[i], 24);
    add_hex (needles, data + offsets[i], 24);
    add_base64 (needles, data + offsets[i], 24);
  }
}

static GPtrArray *make_needles (GBytes *image, const TamboEnrolment *enrolment) {
  GPtrArray *needles = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, image);

  add_spellings (needles, enrolment->applicant->surname);
  add_spellings (needles, "ANNA MARIA");
  add_spellings (needles, enrolment->applicant->document_number);
  add_spellings (needles, enrolment->applicant->personal_number);
  add_spellings (needles, enrolment->applicant->birth_date);
  add_spellings (needles, DESK_PASSWORD);
  add_text (needles, hash);
  add_image (needles, image);
  return needles;
}

static guint count_found (const char *path, GPtrArray *needles) {
  g_autofree char *contents = NULL;
  gsize size;
  guint found = 0;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  for (guint i = 0; i < needles->len; i++) {
    gsize needle_size;
    gconstpointer needle = g_bytes_get_data (needles->pdata[i], &needle_size);

    found += memmem (contents, size, needle, needle_size) != NULL;
  }
  return found;
}

/* The number of files that were looked into. */
static guint assert_clean (Desk *desk, GPtrArray *needles) {
  g_autoptr (GDir) dir = g_dir_open (desk->folder, 0, NULL);
  const char *name;
  guint files = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (desk->folder, name, NULL);

    g_assert_cmpuint (count_found (path, needles), ==, 0);
    files++;
  }
  return files;
}

static void test_needles_would_be_found (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GBytes) image = desk_bytes (IMAGE_SIZE);
  g_autoptr (GPtrArray) needles = make_needles (image, enrolment);
  g_autofree char *path = NULL;
  g_autoptr (GByteArray) spelled = g_byte_array_new ();

  desk_init (&desk);
  path = g_build_filename (desk.folder, "clear", NULL);
  g_assert_true (g_file_set_contents (path, "x ERIKSSON, born 1974-08-12", -1, NULL));
  g_assert_cmpuint (count_found (path, needles), ==, 3); /* a date has no small letters */
  for (guint i = 0; i < needles->len; i++)
    g_byte_array_append (spelled, g_bytes_get_data (needles->pdata[i], NULL),
                         (guint) g_bytes_get_size (needles->pdata[i]));
  g_assert_true (g_file_set_contents (path, (const char *) spelled->data, spelled->len, NULL));
  g_assert_cmpuint (count_found (path, needles), ==, needles->len);
}

static void test_nothing_lies_in_clear (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GBytes) image = desk_bytes (IMAGE_SIZE);
  g_autoptr (GBytes) next = desk_bytes (IMAGE_SIZE);
  g_autoptr (TamboSample) portrait = desk_portrait ();
  g_autoptr (GPtrArray) needles = make_needles (image, enrolment);
  TamboTransaction *transaction;

  desk_init (&desk);
  g_assert_true (
      tambo_cases_save_sample (desk.store, enrolment, portrait, image, DESK_OPERATOR, &error));
  g_assert_cmpuint (assert_clean (&desk, needles), ==, 2);

  /* In the middle of the next change the journal beside the file is in force. */
  transaction = tambo_transaction_begin (desk.store, &error);
  g_assert_true (
      tambo_cases_save_sample (desk.store, enrolment, portrait, next, DESK_OPERATOR, &error));
  g_assert_cmpint (sqlite3_db_cacheflush (desk.store->db), ==, SQLITE_OK);
  g_assert_cmpuint (assert_clean (&desk, needles), ==, 2);
  tambo_transaction_free (transaction);

  g_assert_true (
      tambo_cases_set_state (desk.store, enrolment->id, TAMBO_CASE_QUEUED, DESK_OPERATOR, &error));
  g_assert_cmpuint (assert_clean (&desk, needles), ==, 2);
}

/* What was dropped is not even there as ciphertext. */
static void test_dropped_samples_are_overwritten (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GBytes) image = desk_bytes (IMAGE_SIZE);
  g_autoptr (TamboSample) portrait = desk_portrait ();
  g_autoptr (GPtrArray) needles = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *hex = NULL;
  g_autoptr (GBytes) sealed = NULL;

  desk_init (&desk);
  g_assert_true (
      tambo_cases_save_sample (desk.store, enrolment, portrait, image, DESK_OPERATOR, &error));
  hex = desk_text (&desk, "SELECT hex (sealed) FROM samples");
  sealed = tambo_hex_decode (hex);
  for (gsize offset = 0; offset + 32 <= g_bytes_get_size (sealed); offset += 5000)
    add (needles, (const guint8 *) g_bytes_get_data (sealed, NULL) + offset, 32);
  g_assert_cmpuint (count_found (desk.path, needles), >=, needles->len - 6); /* page borders */
  g_assert_true (tambo_cases_set_state (desk.store, enrolment->id, TAMBO_CASE_DISCARDED,
                                        DESK_OPERATOR, &error));
  g_assert_cmpuint (assert_clean (&desk, needles), ==, 2);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/privacy/needles", test_needles_would_be_found);
  g_test_add_func ("/privacy/clear", test_nothing_lies_in_clear);
  g_test_add_func ("/privacy/dropped", test_dropped_samples_are_overwritten);
  return g_test_run ();
}
