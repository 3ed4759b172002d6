/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A station's view of the pad through hidapi: what it finds, asks, sets and reads, one line each.
 * test-pad runs it with umockdev's preload library; it knows nothing of umockdev itself. With an
 * argument it only asks the pad's name.
 */
#include <hidapi/hidapi.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int ask (hid_device *pad, unsigned char report) {
  unsigned char buffer[64] = { report };
  int size = hid_get_feature_report (pad, buffer, sizeof buffer);
  printf ("get %02x:", report);
  for (int i = 0; i < size; i++)
    printf (" %02x", buffer[i]);
  putchar ('\n');
  return size;
}

static int set (hid_device *pad, unsigned char report, unsigned char value) {
  unsigned char buffer[] = { report, value };
  return hid_send_feature_report (pad, buffer, sizeof buffer);
}

static void read_signature (hid_device *pad, int timed) {
  unsigned char report[64];
  int reports = 0, down = 0, lost = 0, last = -1, away = 0, size;
  while (!away && (size = hid_read_timeout (pad, report, sizeof report, 3000)) > 0) {
    reports++;
    down += (report[1] & 0x10) != 0;
    away = (report[1] & 0x80) == 0;
    int sequence = timed && size == 11 ? report[9] << 8 | report[10] : -1;
    lost += last >= 0 && sequence != last + 1;
    last = sequence;
    if (report[0] != (timed ? 0x34 : 0x01) || size != (timed ? 11 : 7))
      printf ("strange report %02x of %d bytes\n", report[0], size);
  }
  printf ("signature: reports %d down %d lost %d away %d\n", reports, down, lost, away);
}

int main (int argc, char **argv) {
  struct hid_device_info *found = hid_enumerate (0x056a, 0x00a5);
  if (found == NULL) {
    puts ("no pad");
    return 1;
  }
  printf ("found %s: %ls, %ls, interface %d, usage page %04x\n", found->path,
          found->manufacturer_string ? found->manufacturer_string : L"-",
          found->product_string ? found->product_string : L"-", found->interface_number,
          found->usage_page);
  hid_device *pad = hid_open_path (found->path);
  hid_free_enumeration (found);
  if (pad == NULL) {
    puts ("cannot open");
    return 1;
  }
  ask (pad, 0x08);
  if (argc > 1) {
    hid_close (pad);
    return 0;
  }
  ask (pad, 0x09);
  ask (pad, 0x0a);
  printf ("get 77: %d\n", ask (pad, 0x77));
  printf ("clear %d\n", set (pad, 0x20, 0));
  printf ("mode %d\n", set (pad, 0x32, 3));
  ask (pad, 0x32);
  printf ("ink %d\n", set (pad, 0x21, 1));
  read_signature (pad, 1);
  set (pad, 0x21, 0);
  set (pad, 0x32, 0);
  set (pad, 0x21, 1);
  read_signature (pad, 0);
  unsigned char report[64];
  printf ("quiet %d\n", hid_read_timeout (pad, report, sizeof report, 200));
  set (pad, 0x21, 0);
  set (pad, 0x21, 1);
  printf ("blocking read %d\n", hid_read (pad, report, sizeof report));
  hid_close (pad);
  hid_exit ();
  return 0;
}
