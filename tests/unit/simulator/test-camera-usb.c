/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-container.h"
#include "simulator/camera-usb.h"

#include <errno.h>

typedef struct {
  TamboCameraBody *body;
  TamboFaults *faults;
  TamboCameraUsb *usb;
  guint32 transaction;
} Fixture;

static void set_up (Fixture *fixture, gconstpointer unused) {
  fixture->body = tambo_camera_body_new (tambo_scene_new_drawn (1));
  fixture->faults = tambo_camera_faults_new ();
  fixture->usb = tambo_camera_usb_new (fixture->body, fixture->faults);
}

static void tear_down (Fixture *fixture, gconstpointer unused) {
  tambo_camera_usb_free (fixture->usb);
  tambo_faults_free (fixture->faults);
  tambo_camera_body_free (fixture->body);
}

static int send (Fixture *fixture, TamboPtpContainerType type, guint16 code, gconstpointer payload,
                 gsize size) {
  g_autoptr (GBytes) container =
      tambo_ptp_container_encode (type, code, fixture->transaction, payload, size);
  return tambo_camera_usb_write (fixture->usb, g_bytes_get_data (container, NULL),
                                 g_bytes_get_size (container));
}

static int command (Fixture *fixture, guint16 code, guint32 parameter) {
  const guint32 payload = GUINT32_TO_LE (parameter);
  fixture->transaction++;
  return send (fixture, TAMBO_PTP_CONTAINER_COMMAND, code, &payload, sizeof payload);
}

/* The next container on a pipe, read in transfers of CHUNK bytes. */
static TamboPtpContainer receive (Fixture *fixture, TamboCameraPipe pipe, gsize chunk) {
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (chunk);
  TamboPtpContainer container = { 0 };
  gssize got;
  do {
    got = tambo_camera_usb_read (fixture->usb, pipe, buffer, chunk);
    g_assert_cmpint (got, >=, 0);
    g_byte_array_append (input, buffer, (guint) got);
  } while ((gsize) got == chunk);
  g_assert_true (tambo_ptp_take_container (input, &container, NULL));
  g_assert_cmpuint (input->len, ==, 0);
  return container;
}

static void expect_response (Fixture *fixture, guint16 code) {
  g_auto (TamboPtpContainer) response = receive (fixture, TAMBO_CAMERA_PIPE_BULK_IN, 512);
  g_assert_cmpuint (response.type, ==, TAMBO_PTP_CONTAINER_RESPONSE);
  g_assert_cmphex (response.code, ==, code);
  g_assert_cmpuint (response.transaction, ==, fixture->transaction);
}

static void expect_silence (Fixture *fixture) {
  guint8 byte;
  for (int i = 0; i < TAMBO_CAMERA_N_PIPES; i++)
    g_assert_cmpint (tambo_camera_usb_read (fixture->usb, (TamboCameraPipe) i, &byte, 1), ==,
                     -EAGAIN);
}

static void open_session (Fixture *fixture) {
  g_assert_cmpint (command (fixture, 0x1002, 1), ==, 0);
  expect_response (fixture, TAMBO_PTP_OK);
  expect_silence (fixture);
}

static void test_picture (Fixture *fixture, gconstpointer unused) {
  open_session (fixture);
  g_assert_cmpint (command (fixture, 0x100e, 0), ==, 0);
  expect_response (fixture, TAMBO_PTP_OK);
  g_auto (TamboPtpContainer) added = receive (fixture, TAMBO_CAMERA_PIPE_INTERRUPT, 64);
  g_assert_cmpuint (added.type, ==, TAMBO_PTP_CONTAINER_EVENT);
  g_assert_cmphex (added.code, ==, 0x4002);
  g_auto (TamboPtpContainer) complete = receive (fixture, TAMBO_CAMERA_PIPE_INTERRUPT, 64);
  g_assert_cmphex (complete.code, ==, 0x400d);

  const gsize chunks[] = { 512, 4096, 1024 * 1024 };
  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++) {
    g_assert_cmpint (command (fixture, 0x1009, 1), ==, 0);
    g_auto (TamboPtpContainer) data = receive (fixture, TAMBO_CAMERA_PIPE_BULK_IN, chunks[i]);
    gsize size;
    const guint8 *jpeg = g_bytes_get_data (data.payload, &size);
    g_assert_cmpuint (data.type, ==, TAMBO_PTP_CONTAINER_DATA);
    g_assert_cmpuint (size, >, 10000);
    g_assert_cmphex (jpeg[0] << 8 | jpeg[1], ==, 0xffd8);
    g_assert_cmphex (jpeg[size - 2] << 8 | jpeg[size - 1], ==, 0xffd9);
    expect_response (fixture, TAMBO_PTP_OK);
  }
}

/* A property is set with a data phase, which may come in pieces. */
static void test_data_from_station (Fixture *fixture, gconstpointer unused) {
  const guint8 one = 1;
  open_session (fixture);
  g_assert_cmpint (command (fixture, 0x1016, 0xd10b), ==, 0);
  expect_silence (fixture);
  g_autoptr (GBytes) data = tambo_ptp_container_encode (TAMBO_PTP_CONTAINER_DATA, 0x1016,
                                                        fixture->transaction, &one, sizeof one);
  const guint8 *at = g_bytes_get_data (data, NULL);
  for (gsize i = 0; i < g_bytes_get_size (data); i++) {
    expect_silence (fixture);
    g_assert_cmpint (tambo_camera_usb_write (fixture->usb, at + i, 1), ==, 0);
  }
  expect_response (fixture, TAMBO_PTP_OK);
  g_assert_cmpint (command (fixture, 0x1015, 0xd10b), ==, 0);
  g_auto (TamboPtpContainer) value = receive (fixture, TAMBO_CAMERA_PIPE_BULK_IN, 512);
  g_assert_cmpmem (g_bytes_get_data (value.payload, NULL), g_bytes_get_size (value.payload), &one,
                   sizeof one);
  expect_response (fixture, TAMBO_PTP_OK);

  /* With an operation that the camera does not know: it was refused already. */
  g_assert_cmpint (command (fixture, 0x100d, 0), ==, 0);
  g_assert_cmpint (send (fixture, TAMBO_PTP_CONTAINER_DATA, 0x100d, &one, sizeof one), ==, 0);
  expect_response (fixture, TAMBO_PTP_OPERATION_NOT_SUPPORTED);
  expect_silence (fixture);
}

/* A whole number of packets ends with an empty one. */
static void test_full_packets (Fixture *fixture, gconstpointer unused) {
  guint8 buffer[TAMBO_CAMERA_USB_PACKET];
  g_assert_true (tambo_faults_set (fixture->faults, "garbage", NULL));
  g_assert_cmpint (command (fixture, 0x1001, 0), ==, 0); /* 1,024 bytes of noise */
  const gssize sizes[] = { sizeof buffer, sizeof buffer, 0, -EAGAIN };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    g_assert_cmpint (
        tambo_camera_usb_read (fixture->usb, TAMBO_CAMERA_PIPE_BULK_IN, buffer, sizeof buffer), ==,
        sizes[i]);
}

static void test_nonsense (Fixture *fixture, gconstpointer unused) {
  static const guint8 noise[64] = { 0xff, 0xff, 0xff, 0xff };
  g_assert_cmpint (tambo_camera_usb_write (fixture->usb, noise, sizeof noise), ==, -EPIPE);
  g_assert_cmpint (send (fixture, TAMBO_PTP_CONTAINER_EVENT, 1, NULL, 0), ==, -EPIPE);
  g_assert_cmpint (send (fixture, TAMBO_PTP_CONTAINER_COMMAND, 1, "abc", 3), ==, -EPIPE);
  expect_silence (fixture);
  open_session (fixture);
}

static void test_control (Fixture *fixture, gconstpointer unused) {
  static const guint8 status[8] = { 0xa1, 0x67 }, reset[8] = { 0x21, 0x66 }, odd[8] = { 0x80, 6 };
  static const guint8 cancel[8] = { 0x21, 0x64 };
  guint8 answer[16] = { 0 };
  open_session (fixture);
  g_assert_cmpint (tambo_camera_usb_control (fixture->usb, status, answer, sizeof answer), ==, 4);
  g_assert_cmphex (answer[2] | answer[3] << 8, ==, TAMBO_PTP_OK);
  g_assert_cmpint (tambo_camera_usb_control (fixture->usb, status, answer, 1), ==, 1);
  g_assert_cmpint (tambo_camera_usb_control (fixture->usb, odd, answer, sizeof answer), ==, -EPIPE);
  g_assert_cmpint (command (fixture, 0x1001, 0), ==, 0);
  g_assert_cmpint (tambo_camera_usb_control (fixture->usb, cancel, answer, 6), ==, 6);
  expect_silence (fixture);
  g_assert_cmpint (command (fixture, 0x1002, 1), ==, 0);
  expect_response (fixture, TAMBO_PTP_SESSION_ALREADY_OPEN);
  g_assert_cmpint (tambo_camera_usb_control (fixture->usb, reset, answer, 0), ==, 0);
  open_session (fixture);
}

static void test_faults (Fixture *fixture, gconstpointer unused) {
  static const struct {
    const char *list;
    int result;
  } turns[] = { { "unplug@1", -ENODEV }, { "close@1", -EPROTO }, { "hang@1", 0 } };
  for (guint i = 0; i < G_N_ELEMENTS (turns); i++) {
    g_assert_true (tambo_faults_set (fixture->faults, turns[i].list, NULL));
    g_assert_cmpint (command (fixture, 0x1002, 1), ==, turns[i].result);
    expect_silence (fixture);
  }
  open_session (fixture);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test)                                                                            \
  g_test_add ("/simulator/camera-usb/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("picture", test_picture);
  ADD ("data-from-station", test_data_from_station);
  ADD ("full-packets", test_full_packets);
  ADD ("nonsense", test_nonsense);
  ADD ("control", test_control);
  ADD ("faults", test_faults);
  return g_test_run ();
}
