/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-ptp.h"
#include "simulator/simulator-error.h"

static const guint8 packet[] = { 22,   0,    0, 0,   6, 0,    0, 0, /* an operation request … */
                                 1,    0,    0, 0,   7, 0x10,       /* … GetObjectHandles */
                                 0x2a, 0,    0, 0,                  /* transaction */
                                 0xef, 0xbe, 0, 0x80 };

static void test_packet_truncated (void) {
  for (guint size = 0; size < sizeof packet; size++) {
    g_autoptr (GByteArray) input = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    guint32 type;
    GBytes *body;
    g_byte_array_append (input, packet, size);
    g_assert_false (tambo_ptp_take_packet (input, &type, &body, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (input->len, ==, size);
  }
}

static void test_packets (void) {
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_byte_array_append (input, packet, sizeof packet);
  g_byte_array_append (input, packet, sizeof packet);
  for (int i = 0; i < 2; i++) {
    guint32 type;
    g_autoptr (GBytes) body = NULL;
    TamboPtpOperation operation;
    g_assert_true (tambo_ptp_take_packet (input, &type, &body, NULL));
    g_assert_cmpuint (type, ==, TAMBO_PTP_OPERATION_REQUEST);
    g_assert_true (tambo_ptp_parse_operation (body, &operation));
    g_assert_false (operation.sends_data);
    g_assert_cmphex (operation.code, ==, 0x1007);
    g_assert_cmphex (operation.transaction, ==, 0x2a);
    g_assert_cmphex (operation.parameters[0], ==, 0x8000beef);
    g_assert_cmphex (operation.parameters[1], ==, 0);
  }
  g_assert_cmpuint (input->len, ==, 0);
}

static void test_packet_sizes (void) {
  static const guint32 sizes[] = { 0, 7, TAMBO_PTP_MAX_PACKET + 1, 0x80000000, G_MAXUINT32 };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GByteArray) input = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    guint32 type;
    GBytes *body;
    tambo_ptp_put_u32 (input, sizes[i]);
    tambo_ptp_put_u32 (input, 6);
    g_assert_false (tambo_ptp_take_packet (input, &type, &body, &error));
    g_assert_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_MALFORMED);
  }
}

static void test_operation_sizes (void) {
  const guint8 zeros[40] = { 0 };
  for (gsize size = 0; size <= sizeof zeros; size++) {
    g_autoptr (GBytes) body = g_bytes_new (zeros, size);
    TamboPtpOperation operation;
    gboolean good = size >= 10 && size <= 30 && (size - 10) % 4 == 0;
    g_assert_cmpint (tambo_ptp_parse_operation (body, &operation), ==, good);
  }
}

static void test_datasets (void) {
  g_autoptr (GByteArray) text = g_byte_array_new ();
  const guint8 expected[] = { 3, 'A', 0, 'b', 0, 0, 0, 0 };
  tambo_ptp_put_string (text, "Ab");
  tambo_ptp_put_string (text, "");
  g_assert_cmpmem (text->data, text->len, expected, sizeof expected);

  g_autoptr (GByteArray) info = g_byte_array_new ();
  const TamboPtpObject object = {
    .storage = 0x10001, .size = 77, .width = 3, .height = 4, .name = "A.JPG", .time = "T"
  };
  tambo_ptp_put_object_info (info, &object);
  g_assert_cmpuint (info->len, ==, 52 + (1 + 6 * 2) + 2 * (1 + 2 * 2) + 1);
  g_assert_cmpuint (info->data[8], ==, 77);
  g_assert_cmpuint (info->data[26], ==, 3);

  GByteArray *made = tambo_ptp_packet_new (TAMBO_PTP_EVENT);
  tambo_ptp_put_u16 (made, 0x4002);
  tambo_ptp_packet_finish (made);
  g_assert_cmpuint (made->data[0], ==, 10);
  g_assert_cmpuint (made->data[4], ==, TAMBO_PTP_EVENT);
  g_byte_array_unref (made);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/camera-ptp/packet-truncated", test_packet_truncated);
  g_test_add_func ("/simulator/camera-ptp/packets", test_packets);
  g_test_add_func ("/simulator/camera-ptp/packet-sizes", test_packet_sizes);
  g_test_add_func ("/simulator/camera-ptp/operation-sizes", test_operation_sizes);
  g_test_add_func ("/simulator/camera-ptp/datasets", test_datasets);
  return g_test_run ();
}
