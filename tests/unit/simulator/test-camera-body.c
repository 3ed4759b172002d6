/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image-codec.h"
#include "simulator/camera-body.h"

typedef struct {
  TamboCameraBody *body;
  GByteArray *output;
  gboolean has_output;
} Fixture;

static TamboPtpResponse ask (Fixture *fixture, guint16 code, guint32 a, guint32 b) {
  const TamboPtpOperation operation = { .code = code, .parameters = { a, b } };
  g_byte_array_set_size (fixture->output, 0);
  return tambo_camera_body_operate (fixture->body, &operation, NULL, 0, fixture->output,
                                    &fixture->has_output);
}

static void set_up (Fixture *fixture, gconstpointer unused) {
  fixture->body = tambo_camera_body_new (tambo_scene_new_drawn (1));
  fixture->output = g_byte_array_new ();
}

static void tear_down (Fixture *fixture, gconstpointer unused) {
  tambo_camera_body_free (fixture->body);
  g_byte_array_unref (fixture->output);
}

static void expect_jpeg (Fixture *fixture, guint offset, int width, int height) {
  g_autoptr (GBytes) jpeg =
      g_bytes_new (fixture->output->data + offset, fixture->output->len - offset);
  g_autoptr (TamboImage) image = tambo_image_decode (jpeg, NULL);
  g_assert_cmpint (tambo_image_sniff (jpeg), ==, TAMBO_IMAGE_JPEG);
  g_assert_nonnull (image);
  g_assert_cmpint (image->width, ==, width);
  g_assert_cmpint (image->height, ==, height);
}

static void test_session (Fixture *fixture, gconstpointer unused) {
  g_assert_cmphex (ask (fixture, 0x1001, 0, 0), ==, TAMBO_PTP_OK);
  g_assert_true (fixture->has_output);
  g_assert_cmphex (ask (fixture, 0x1004, 0, 0), ==, TAMBO_PTP_SESSION_NOT_OPEN);
  g_assert_false (fixture->has_output);
  g_assert_cmphex (ask (fixture, 0x1002, 1, 0), ==, TAMBO_PTP_OK);
  g_assert_cmphex (ask (fixture, 0x1002, 1, 0), ==, TAMBO_PTP_SESSION_ALREADY_OPEN);
  g_assert_cmphex (ask (fixture, 0x1004, 0, 0), ==, TAMBO_PTP_OK);
  g_assert_cmphex (ask (fixture, 0x1003, 0, 0), ==, TAMBO_PTP_OK);
  g_assert_cmphex (ask (fixture, 0x1004, 0, 0), ==, TAMBO_PTP_SESSION_NOT_OPEN);
}

/* Every code, with parameters that mean nothing: an answer, never an end. */
static void test_every_operation (Fixture *fixture, gconstpointer unused) {
  guint known = 0;
  g_assert_cmphex (ask (fixture, 0x1002, 1, 0), ==, TAMBO_PTP_OK);
  for (guint code = 0x1000; code < 0x9400; code = code == 0x1040 ? 0x9000 : code + 1) {
    if (code == 0x1003 || code == 0x9207 || code == 0x90c0 || code == 0x100e)
      continue;
    known +=
        ask (fixture, (guint16) code, 0xdeadbeef, 0xdeadbeef) != TAMBO_PTP_OPERATION_NOT_SUPPORTED;
  }
  g_assert_cmpuint (known, ==, 16);
}

static void test_live_view (Fixture *fixture, gconstpointer unused) {
  ask (fixture, 0x1002, 1, 0);
  g_assert_cmphex (ask (fixture, 0x9203, 0, 0), ==, TAMBO_PTP_NIKON_NOT_LIVE_VIEW);
  g_assert_false (fixture->has_output);
  g_assert_cmphex (ask (fixture, 0x9201, 0, 0), ==, TAMBO_PTP_OK);
  g_assert_cmphex (ask (fixture, 0x1015, 0xd1a2, 0), ==, TAMBO_PTP_OK);
  g_assert_cmpuint (fixture->output->len, ==, 1);
  g_assert_cmpuint (fixture->output->data[0], ==, 1);
  g_assert_cmphex (ask (fixture, 0x9203, 0, 0), ==, TAMBO_PTP_OK);
  expect_jpeg (fixture, 384, TAMBO_FRAME_WIDTH, TAMBO_FRAME_HEIGHT);
  g_assert_cmphex (ask (fixture, 0x9202, 0, 0), ==, TAMBO_PTP_OK);
  g_assert_cmphex (ask (fixture, 0x9203, 0, 0), ==, TAMBO_PTP_NIKON_NOT_LIVE_VIEW);
}

static void test_capture_to_memory (Fixture *fixture, gconstpointer unused) {
  const guint8 added[] = { 2, 0, 0x01, 0xc1, 1, 0, 0xff, 0xff, 0x02, 0xc1, 0, 0, 0, 0 };
  ask (fixture, 0x1002, 1, 0);
  g_assert_cmphex (ask (fixture, 0x9207, 0xffffffff, 1), ==, TAMBO_PTP_OK);
  g_assert_cmphex (ask (fixture, 0x90c7, 0, 0), ==, TAMBO_PTP_OK);
  g_assert_cmpmem (fixture->output->data, fixture->output->len, added, sizeof added);
  g_assert_cmphex (ask (fixture, 0x90c7, 0, 0), ==, TAMBO_PTP_OK);
  g_assert_cmpuint (fixture->output->len, ==, 2);
  g_assert_cmphex (ask (fixture, 0x1008, 0xffff0001, 0), ==, TAMBO_PTP_OK);
  g_assert_cmphex (ask (fixture, 0x1009, 0xffff0001, 0), ==, TAMBO_PTP_OK);
  expect_jpeg (fixture, 0, TAMBO_PORTRAIT_WIDTH, TAMBO_PORTRAIT_HEIGHT);
  g_assert_cmphex (ask (fixture, 0x100b, 0xffff0001, 0), ==, TAMBO_PTP_OK);
  g_assert_cmphex (ask (fixture, 0x1009, 0xffff0001, 0), ==, TAMBO_PTP_INVALID_HANDLE);
}

static void test_generic_capture (Fixture *fixture, gconstpointer unused) {
  guint16 code;
  guint32 handle, nothing;
  ask (fixture, 0x1002, 1, 0);
  g_assert_cmphex (ask (fixture, 0x100e, 0, 0), ==, TAMBO_PTP_OK);
  g_assert_true (tambo_camera_body_take_event (fixture->body, &code, &handle));
  g_assert_cmphex (code, ==, 0x4002);
  g_assert_true (tambo_camera_body_take_event (fixture->body, &code, &nothing));
  g_assert_cmphex (code, ==, 0x400d);
  g_assert_false (tambo_camera_body_take_event (fixture->body, &code, &nothing));
  g_assert_cmphex (ask (fixture, 0x1007, 0xffffffff, 0), ==, TAMBO_PTP_OK);
  g_assert_cmpuint (fixture->output->len, ==, 8);
  g_assert_cmphex (ask (fixture, 0x1009, handle, 0), ==, TAMBO_PTP_OK);
  expect_jpeg (fixture, 0, TAMBO_PORTRAIT_WIDTH, TAMBO_PORTRAIT_HEIGHT);
}

static void test_set_property (Fixture *fixture, gconstpointer unused) {
  const TamboPtpOperation operation = { .sends_data = TRUE,
                                        .code = 0x1016,
                                        .parameters = { 0xd10b } };
  ask (fixture, 0x1002, 1, 0);
  for (gsize size = 0; size < 4; size++) {
    const guint8 value[4] = { 1 };
    g_autoptr (GBytes) input = g_bytes_new (value, size);
    TamboPtpResponse response = tambo_camera_body_operate (fixture->body, &operation, input, 0,
                                                           fixture->output, &fixture->has_output);
    g_assert_cmphex (response, ==, size == 1 ? TAMBO_PTP_OK : TAMBO_PTP_INVALID_VALUE);
  }
  g_assert_cmphex (ask (fixture, 0x1015, 0xd10b, 0), ==, TAMBO_PTP_OK);
  g_assert_cmpuint (fixture->output->data[0], ==, 1);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/simulator/camera-body/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("session", test_session);
  ADD ("every-operation", test_every_operation);
  ADD ("live-view", test_live_view);
  ADD ("capture-to-memory", test_capture_to_memory);
  ADD ("generic-capture", test_generic_capture);
  ADD ("set-property", test_set_property);
  return g_test_run ();
}
