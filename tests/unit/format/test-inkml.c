/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/inkml.h"

#include <string.h>

#include "format/format-error.h"

static TamboSignature *make_signature (void) {
  static const TamboPenSample samples[] = {
    { 10, 20, 300, 0 }, { 11, 25, 310, 5 },  { 12, 31, 0, 10 },
    { 40, 60, 0, 15 },  { 41, 61, 900, 20 }, { 9600, 6000, 1023, 25 },
  };
  TamboSignature *signature = tambo_signature_new (9600, 6000, 1023, 2540);

  g_array_append_vals (signature->samples, samples, G_N_ELEMENTS (samples));
  return signature;
}

static TamboSignature *parse (const char *text) {
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  TamboSignature *signature = tambo_inkml_parse (bytes, &error);

  g_assert_no_error (error);
  return signature;
}

static void assert_refused (const char *text, gsize size, TamboFormatError code) {
  g_autoptr (GBytes) bytes = g_bytes_new (text, size);
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_inkml_parse (bytes, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, (int) code);
}

static void test_layout (void) {
  g_autoptr (TamboSignature) signature = make_signature ();
  g_autoptr (GBytes) bytes = tambo_inkml_encode (signature);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_true (tambo_inkml_sniff (bytes));
  g_assert_nonnull (strstr (text, "<ink xmlns=\"http://www.w3.org/2003/InkML\">"));
  g_assert_nonnull (strstr (text,
                            "<trace type=\"penDown\">10 20 300 0, 11 25 310 5</trace>\n"
                            "<trace type=\"penUp\">12 31 0 10, 40 60 0 15</trace>\n"
                            "<trace type=\"penDown\">41 61 900 20, 9600 6000 1023 25</trace>\n"
                            "</ink>\n"));
}

static void test_round_trip (void) {
  g_autoptr (TamboSignature) signature = make_signature ();
  g_autoptr (GBytes) bytes = tambo_inkml_encode (signature);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSignature) read = tambo_inkml_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (read->max_x, ==, 9600);
  g_assert_cmpuint (read->max_y, ==, 6000);
  g_assert_cmpuint (read->max_pressure, ==, 1023);
  g_assert_cmpint (read->units_per_inch, ==, 2540);
  g_assert_cmpmem (read->samples->data, read->samples->len * sizeof (TamboPenSample),
                   signature->samples->data, signature->samples->len * sizeof (TamboPenSample));
}

/* Nothing but X and Y, decimals, another channel in between, line breaks. */
static void test_others (void) {
  g_autoptr (TamboSignature) plain = parse ("<ink><trace>1 2, 3 4\n,5.4 6.6</trace></ink>");
  const TamboPenSample *last = &g_array_index (plain->samples, TamboPenSample, 2);
  g_assert_cmpuint (plain->samples->len, ==, 3);
  g_assert_cmpuint (last->x, ==, 5);
  g_assert_cmpuint (last->y, ==, 7);
  g_assert_cmpuint (last->pressure, ==, 255);
  g_assert_cmpuint (last->time, ==, 10);
  g_assert_cmpuint (plain->max_x, ==, 5);

  g_autoptr (TamboSignature) tilted = parse (
      "<ink><traceFormat><channel name='X'/><channel name='OTx'/><channel name='Y'/></traceFormat>"
      "<trace>1 -70 2</trace><trace> 3 70 4 </trace></ink>");
  last = &g_array_index (tilted->samples, TamboPenSample, 1);
  g_assert_cmpuint (last->x, ==, 3);
  g_assert_cmpuint (last->y, ==, 4);
}

static void test_malformed (void) {
  static const struct {
    const char *text;
    TamboFormatError code;
  } rows[] = {
    { "", TAMBO_FORMAT_ERROR_MALFORMED },
    { "<ink><trace>1 2</ink>", TAMBO_FORMAT_ERROR_MALFORMED },
    { "<ink><trace>1</trace></ink>", TAMBO_FORMAT_ERROR_MALFORMED },
    { "<ink><trace>1 2 3</trace></ink>", TAMBO_FORMAT_ERROR_MALFORMED },
    { "<ink><trace>1 x</trace></ink>", TAMBO_FORMAT_ERROR_MALFORMED },
    { "<ink><trace>1 nan</trace></ink>", TAMBO_FORMAT_ERROR_MALFORMED },
    { "<ink><trace>1 2, '3 '4</trace></ink>", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { "<ink><channel/></ink>", TAMBO_FORMAT_ERROR_MALFORMED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_refused (rows[i].text, strlen (rows[i].text), rows[i].code);
}

static void test_truncated (void) {
  g_autoptr (TamboSignature) signature = make_signature ();
  g_autoptr (GBytes) bytes = tambo_inkml_encode (signature);
  const char *data = g_bytes_get_data (bytes, NULL);
  gsize whole = g_bytes_get_size (bytes) - 1; /* the last line break is nobody's */

  for (gsize n = 0; n < whole; n++)
    assert_refused (data, n, TAMBO_FORMAT_ERROR_MALFORMED);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inkml/layout", test_layout);
  g_test_add_func ("/inkml/round-trip", test_round_trip);
  g_test_add_func ("/inkml/others", test_others);
  g_test_add_func ("/inkml/malformed", test_malformed);
  g_test_add_func ("/inkml/truncated", test_truncated);
  return g_test_run ();
}
