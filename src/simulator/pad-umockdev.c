/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/pad-umockdev.h"

#include <string.h>
#include <umockdev.h>

#include "simulator/pad-private.h"
#include "simulator/simulator-error.h"
#include "simulator/testbed-usb.h"
#include "simulator/uevent.h"

#define USB_PLACE "/devices/usb1/1-1"
#define INTERFACE_PLACE USB_PLACE "/1-1:1.0"
#define HID_PLACE INTERFACE_PLACE "/0003:056A:00A5.0001"

struct _TamboPadBed {
  UMockdevTestbed *testbed;
  TamboPadHidraw *hidraw; /* both NULL when there is no such way */
  TamboPadUsb *usb;
  TamboPad *pad;       /* borrowed */
  TamboFaults *faults; /* borrowed */
  char *root;
  char *hidraw_node, *hidraw_place; /* "/dev/hidraw0", and where it is below /sys */
  char *usb_node;                   /* "/dev/bus/usb/001/002" */
  GMutex plugging;
  guint plugs; /* how often it was plugged in: its number on the bus */
  gboolean plugged;
  GMutex lock;
  gboolean gone;
};

/* On the main thread: the testbed's own cannot take away what it serves. */
static gboolean unplug_later (gpointer data) {
  tambo_pad_bed_set_plugged (data, FALSE, NULL);
  return G_SOURCE_REMOVE;
}

gboolean tambo_pad_bed_step (TamboPadBed *bed, guint *out_struck) {
  *out_struck = tambo_faults_step (bed->faults);
  g_mutex_lock (&bed->lock);
  gboolean pulled = !bed->gone && tambo_pad_fault_is_in (*out_struck, TAMBO_PAD_FAULT_UNPLUG);
  gboolean gone = bed->gone || pulled;
  bed->gone = gone;
  g_mutex_unlock (&bed->lock);
  if (pulled)
    g_idle_add (unplug_later, bed);
  return gone;
}

void tambo_pad_bed_push (TamboPadBed *bed, const guint8 *report, gsize size) {
  guint8 sent[TAMBO_PAD_MAX_REPORT];
  guint struck;
  memcpy (sent, report, MIN (size, sizeof sent));
  if (tambo_pad_bed_step (bed, &struck) || (size = tambo_pad_spoil_pen (struck, sent, size)) == 0)
    return;
  if (bed->hidraw != NULL)
    tambo_pad_hidraw_send (bed->hidraw, sent, size);
  if (bed->usb != NULL)
    tambo_pad_usb_send (bed->usb, sent, size);
}

/* Without its node libusb does not find the device, but the HID device has its parent. */
static void put_usb_device (GString *text, TamboPadBed *bed, guint number) {
  const TamboUsbDevice device = {
    .place = USB_PLACE,
    .number = number,
    .speed = 12,
    .vendor = TAMBO_PAD_VENDOR,
    .product = TAMBO_PAD_PRODUCT,
    .maker = "Wacom Co.,Ltd.",
    .name = "STU-530",
    .interface_class = 3, /* HID */
    .endpoints = { { 0x81, 3, 4, 64 } },
    .is_played = bed->usb != NULL,
    .has_no_node = bed->usb == NULL,
  };
  g_free (bed->usb_node);
  bed->usb_node = bed->usb != NULL ? g_strdup_printf ("/dev/bus/usb/001/%03u", number) : NULL;
  tambo_usb_put_device (text, &device);
}

static void put_hid (GString *text) {
  gsize size;
  const guint8 *descriptor = tambo_pad_descriptor (&size);
  g_string_append (text, "P: " HID_PLACE "\n"
                         "E: SUBSYSTEM=hid\nE: DRIVER=hid-generic\n"
                         "E: HID_ID=0003:0000056A:000000A5\n"
                         "E: HID_NAME=Wacom Co.,Ltd. STU-530\nE: HID_PHYS=usb-practice-1/input0\n"
                         "E: HID_UNIQ=\nE: MODALIAS=hid:b0003g0001v0000056Ap000000A5\n"
                         "H: report_descriptor=");
  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02X", descriptor[i]);
  g_string_append (text, "\n\n");
}

/* The testbed keeps a name for ever: each plug makes another node, as the kernel does while somebody holds the
 * old one. */
static void put_hidraw (GString *text, TamboPadBed *bed) {
  g_free (bed->hidraw_node);
  g_free (bed->hidraw_place);
  bed->hidraw_node = g_strdup_printf ("/dev/hidraw%u", bed->plugs);
  bed->hidraw_place = g_strdup_printf (HID_PLACE "/hidraw/hidraw%u", bed->plugs);
  g_string_append_printf (
      text,
      "P: %s\nN: hidraw%u=00\nE: SUBSYSTEM=hidraw\nE: DEVNAME=%s\nA: dev=241:%u\n"
      "L: device=../../../0003:056A:00A5.0001\n\n",
      bed->hidraw_place, bed->plugs, bed->hidraw_node, bed->plugs);
}

/* As a description: umockdev's functions for single devices look for the parent in /sys, which
 * only works inside the testbed. */
static gboolean add_pad (TamboPadBed *bed, GError **error) {
  g_autoptr (GString) text = g_string_new (NULL);
  if (bed->plugs == 0)
    tambo_usb_put_hub (text);
  put_usb_device (text, bed, 2 + bed->plugs % 120);
  if (bed->hidraw != NULL) {
    put_hid (text);
    put_hidraw (text, bed);
  }
  bed->plugs++;
  return umockdev_testbed_add_from_string (bed->testbed, text->str, error);
}

static gboolean plug_in (TamboPadBed *bed, GError **error) {
  if (!add_pad (bed, error)
      || (bed->hidraw != NULL
          && !tambo_pad_hidraw_plug (bed->hidraw, bed->root, bed->hidraw_node, error))
      || (bed->usb != NULL
          && !tambo_pad_usb_plug (bed->usb, bed->root, bed->usb_node, bed->hidraw != NULL, error)))
    return FALSE;
  g_mutex_lock (&bed->lock);
  bed->gone = FALSE;
  g_mutex_unlock (&bed->lock);
  return bed->plugged = TRUE;
}

static void tell_station (TamboPadBed *bed, const char *action) {
  const TamboUevent usb = { action, USB_PLACE, "usb", "usb_device", bed->usb_node };
  const TamboUevent hidraw = { action, bed->hidraw_place, "hidraw", NULL, bed->hidraw_node };
  tambo_uevent_send (bed->root, &usb);
  if (bed->hidraw != NULL)
    tambo_uevent_send (bed->root, &hidraw);
}

static gboolean come (TamboPadBed *bed, GError **error) {
  if (!plug_in (bed, error))
    return FALSE;
  tell_station (bed, "add");
  return TRUE;
}

/* The testbed leaves the links to what it is not told of by name. */
static void remove_places (TamboPadBed *bed) {
  static const char *const usb_places[] = { "/sys" INTERFACE_PLACE, "/sys" USB_PLACE };
  if (bed->hidraw != NULL) {
    g_autofree char *hidraw = g_strconcat ("/sys", bed->hidraw_place, NULL);
    umockdev_testbed_remove_device (bed->testbed, hidraw);
    umockdev_testbed_remove_device (bed->testbed, "/sys" HID_PLACE);
  }
  for (guint i = 0; i < G_N_ELEMENTS (usb_places); i++)
    umockdev_testbed_remove_device (bed->testbed, usb_places[i]);
}

static void pull_out (TamboPadBed *bed) {
  g_mutex_lock (&bed->lock);
  bed->gone = TRUE;
  g_mutex_unlock (&bed->lock);
  if (bed->hidraw != NULL)
    tambo_pad_hidraw_pull (bed->hidraw);
  if (bed->usb != NULL)
    tambo_pad_usb_pull (bed->usb);
  tambo_pad_cut_power (bed->pad);
  bed->plugged = FALSE;
}

static void go (TamboPadBed *bed) {
  pull_out (bed);
  remove_places (bed);
  tell_station (bed, "remove");
}

gboolean tambo_pad_bed_set_plugged (TamboPadBed *bed, gboolean plugged, GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&bed->plugging);
  if (plugged == bed->plugged) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "the pad is %s already", plugged ? "plugged in" : "unplugged");
    return FALSE;
  }
  if (plugged)
    return come (bed, error);
  go (bed);
  return TRUE;
}

TamboPadBed *tambo_pad_bed_new (const char *dir, TamboPadWays ways, TamboPad *pad,
                                TamboFaults *faults, GError **error) {
  if (!tambo_testbed_check_folder (dir, error))
    return NULL;
  g_autoptr (TamboPadBed) bed = g_new0 (TamboPadBed, 1);
  g_mutex_init (&bed->lock);
  g_mutex_init (&bed->plugging);
  bed->pad = pad;
  bed->faults = faults;
  g_setenv ("TMPDIR", dir, TRUE); /* where umockdev makes its folder */
  bed->testbed = umockdev_testbed_new ();
  bed->root = umockdev_testbed_get_root_dir (bed->testbed);
  if (ways & TAMBO_PAD_HIDRAW)
    bed->hidraw = tambo_pad_hidraw_new (bed->testbed, bed, pad);
  if (ways & TAMBO_PAD_USB)
    bed->usb = tambo_pad_usb_new (bed->testbed, bed, pad);
  if (!plug_in (bed, error))
    return NULL;
  return g_steal_pointer (&bed);
}

void tambo_pad_bed_free (TamboPadBed *bed) {
  if (bed == NULL)
    return;
  if (bed->plugged)
    pull_out (bed);
  /* Its thread answers programs until here. */
  g_clear_object (&bed->testbed);
  tambo_pad_hidraw_free (bed->hidraw);
  tambo_pad_usb_free (bed->usb);
  g_mutex_clear (&bed->lock);
  g_mutex_clear (&bed->plugging);
  g_free (bed->hidraw_node);
  g_free (bed->hidraw_place);
  g_free (bed->usb_node);
  g_free (bed->root);
  g_free (bed);
}

const char *tambo_pad_bed_get_root (TamboPadBed *bed) {
  return bed->root;
}
