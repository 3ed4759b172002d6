/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A station's view of the finger through libfprint: opens the virtual image sensor of
 * FP_VIRTUAL_IMAGE N times, takes one print each time and says how many minutiae libfprint finds.
 */
#include <fprint.h>
#include <stdio.h>
#include <stdlib.h>

static FpDevice *find_sensor (FpContext *context) {
  GPtrArray *devices = fp_context_get_devices (context);
  for (guint i = 0; i < devices->len; i++) {
    FpDevice *device = g_ptr_array_index (devices, i);
    if (g_str_equal (fp_device_get_driver (device), "virtual_image"))
      return device;
  }
  return NULL;
}

int main (int argc, char **argv) {
  g_autoptr (FpContext) context = fp_context_new ();
  FpDevice *sensor = find_sensor (context);
  g_autoptr (GError) error = NULL;
  if (sensor == NULL || argc != 2) {
    puts ("no sensor");
    return 1;
  }
  for (int i = 0; i < atoi (argv[1]); i++) {
    g_autoptr (FpImage) image = NULL;
    if (!fp_device_open_sync (sensor, NULL, &error)
        || (image = fp_device_capture_sync (sensor, TRUE, NULL, &error)) == NULL
        || !fp_device_close_sync (sensor, NULL, &error)) {
      printf ("error: %s\n", error->message);
      return 1;
    }
    printf ("%u %u %u\n", fp_image_get_width (image), fp_image_get_height (image),
            fp_image_get_minutiae (image)->len);
  }
  return 0;
}
