/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The real hidapi under umockdev: a pad that the kernel's wacom driver has refused, so that there is
 * no hidraw node, is found over libusb.
 */
#include <glib/gstdio.h>
#include <stdlib.h>

#include "capture/helper-client.h"
#include "capture/helper-devices.h"

#define HUB "12010002090001406B1D020010050302010109021900010100E0000904000001090000000705810304000C"
#define PAD                                                                                        \
  "12011002000000086A05A5000001010200010902220001010080310904000001030000000921110100012250000705" \
  "810340000A"

static const char description[] = "P: /devices/pci0000:00/0000:00:14.0/usb1\n"
                                  "N: bus/usb/001/001=" HUB "\n"
                                  "E: DEVNAME=/dev/bus/usb/001/001\n"
                                  "E: DEVTYPE=usb_device\n"
                                  "E: SUBSYSTEM=usb\n"
                                  "E: BUSNUM=001\n"
                                  "E: DEVNUM=001\n"
                                  "A: busnum=1\n"
                                  "A: devnum=1\n"
                                  "A: speed=480\n"
                                  "A: bConfigurationValue=1\n"
                                  "H: descriptors=" HUB "\n"
                                  "\n"
                                  "P: /devices/pci0000:00/0000:00:14.0/usb1/1-2\n"
                                  "N: bus/usb/001/005=" PAD "\n"
                                  "E: DEVNAME=/dev/bus/usb/001/005\n"
                                  "E: DEVTYPE=usb_device\n"
                                  "E: SUBSYSTEM=usb\n"
                                  "E: BUSNUM=001\n"
                                  "E: DEVNUM=005\n"
                                  "A: busnum=1\n"
                                  "A: devnum=5\n"
                                  "A: speed=12\n"
                                  "A: bConfigurationValue=1\n"
                                  "H: descriptors=" PAD "\n";

/* Within the testbed. */
static int list_and_compare (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = tambo_helper_list_devices (TAMBO_DEVICE_SIGNATURE_PAD, NULL, &error);
  const TamboDeviceRow *row = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  row = rows->pdata[0];
  g_assert_cmpstr (row->id, ==, "libusb:1-2:1.0");
  g_assert_cmpstr (row->name, ==, "Wacom STU-530");
  g_assert_cmpstr (row->driver, ==, "stu-530");
  g_assert_cmpint (row->state, ==, TAMBO_DEVICE_READY);
  return EXIT_SUCCESS;
}

static void test_without_hidraw (void) {
  g_autofree char *umockdev = g_find_program_in_path ("umockdev-run");
  g_autofree char *own_path = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  int fd;

  if (umockdev == NULL) {
    g_test_skip ("no umockdev-run");
    return;
  }
  fd = g_file_open_tmp ("tambo-pad-XXXXXX", &path, &error);
  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, description, -1, NULL));
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, umockdev, "-d", path, "--", own_path,
                              "--list", NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
  g_unlink (path);
}

static void test_unplugged (void) {
  static const char *const ids[] = { "hidraw:/dev/hidraw99", "libusb:9-9:1.0", "/etc/passwd", "" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (TamboDeviceRow) row =
        tambo_device_row_new (ids[i], "Wacom STU-530", "stu-530", TAMBO_DEVICE_READY, NULL);
    g_autoptr (TamboDevice) pad = tambo_helper_signature_pad_new (row);
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_signature_pad_capture (TAMBO_SIGNATURE_PAD (pad), 1000, 1000, NULL, NULL,
                                                NULL, &error));
    g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED);
  }
}

int main (int argc, char **argv) {
  g_setenv ("TAMBO_LIBEXECDIR", CAPTURE_HELPER_FOLDER, TRUE);
  if (argc == 2 && g_str_equal (argv[1], "--list"))
    return list_and_compare ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/signature-pad-stu/without-hidraw", test_without_hidraw);
  g_test_add_func ("/capture/signature-pad-stu/unplugged", test_unplugged);
  return g_test_run ();
}
