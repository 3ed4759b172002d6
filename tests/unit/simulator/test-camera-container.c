/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-container.h"
#include "simulator/simulator-error.h"

static const guint8 command[] = { 16, 0, 0, 0, 1,    0,    7, 0x10, /* GetObjectHandles */
                                  42, 0, 0, 0, 0xef, 0xbe, 0, 0x80 };

static void test_truncated (void) {
  for (guint size = 0; size < sizeof command; size++) {
    g_autoptr (GByteArray) input = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    TamboPtpContainer container;
    g_byte_array_append (input, command, size);
    g_assert_false (tambo_ptp_take_container (input, &container, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (input->len, ==, size);
  }
}

static void test_two_in_a_row (void) {
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_byte_array_append (input, command, sizeof command);
  g_byte_array_append (input, command, sizeof command);
  for (int i = 0; i < 2; i++) {
    g_auto (TamboPtpContainer) container = { 0 };
    TamboPtpOperation operation;
    g_assert_true (tambo_ptp_take_container (input, &container, NULL));
    g_assert_true (tambo_ptp_container_parse_operation (&container, &operation));
    g_assert_cmphex (operation.code, ==, 0x1007);
    g_assert_cmpuint (operation.transaction, ==, 42);
    g_assert_cmphex (operation.parameters[0], ==, 0x8000beef);
    g_assert_cmphex (operation.parameters[1], ==, 0);
  }
  g_assert_cmpuint (input->len, ==, 0);
}

static void test_sizes (void) {
  static const guint32 sizes[] = { 0, 11, TAMBO_PTP_MAX_CONTAINER + 1, 0x80000000, G_MAXUINT32 };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GByteArray) input = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    TamboPtpContainer container;
    tambo_ptp_put_u32 (input, sizes[i]);
    tambo_ptp_put_u64 (input, 0);
    g_assert_false (tambo_ptp_take_container (input, &container, &error));
    g_assert_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_MALFORMED);
  }
}

static void test_parameters (void) {
  const guint8 zeros[32] = { 0 };
  for (guint type = 0; type < 6; type++)
    for (gsize size = 0; size <= sizeof zeros; size++) {
      g_autoptr (GBytes) payload = g_bytes_new (zeros, size);
      const TamboPtpContainer container = { .type = (guint16) type, .payload = payload };
      TamboPtpOperation operation;
      gboolean good = type == TAMBO_PTP_CONTAINER_COMMAND && size % 4 == 0 && size <= 20;
      g_assert_cmpint (tambo_ptp_container_parse_operation (&container, &operation), ==, good);
    }
}

static void test_encode (void) {
  const guint8 expected[] = { 15, 0, 0, 0, 2, 0, 0x34, 0x12, 9, 0, 0, 0, 'a', 'b', 'c' };
  g_autoptr (GBytes) made =
      tambo_ptp_container_encode (TAMBO_PTP_CONTAINER_DATA, 0x1234, 9, "abc", 3);
  g_assert_cmpmem (g_bytes_get_data (made, NULL), g_bytes_get_size (made), expected,
                   sizeof expected);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/camera-container/truncated", test_truncated);
  g_test_add_func ("/simulator/camera-container/two-in-a-row", test_two_in_a_row);
  g_test_add_func ("/simulator/camera-container/sizes", test_sizes);
  g_test_add_func ("/simulator/camera-container/parameters", test_parameters);
  g_test_add_func ("/simulator/camera-container/encode", test_encode);
  return g_test_run ();
}
