/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <linux/hid.h>
#include <string.h>

#include "simulator/pad-private.h"
#include "simulator/usbfs.h"

/* USB 2.0, 9.3 and 9.4 */
#define REQUEST_IS_IN 0x80
#define REQUEST_TYPE 0x60
#define REQUEST_OF_CLASS 0x20
#define GET_DESCRIPTOR 6
#define STRING_DESCRIPTOR 3
#define HID_REPORT_DESCRIPTOR 0x22
#define FEATURE_REPORT 3
#define ENGLISH 0x0409
#define MAX_STRING 126

struct _TamboPadUsb {
  gpointer testbed;
  TamboPadBed *bed; /* borrowed */
  TamboPad *pad;    /* borrowed */
  TamboUsbfs *usbfs;
};

/* The setup packet of a control request. */
typedef struct {
  guint8 type, request;
  guint16 value;
  gboolean is_in;
} Setup;

static Setup read_setup (const guint8 *bytes) {
  return (Setup){ .type = bytes[0],
                  .request = bytes[1],
                  .value = (guint16) (bytes[2] | bytes[3] << 8),
                  .is_in = (bytes[0] & REQUEST_IS_IN) != 0 };
}

static gssize give (const guint8 *found, gsize found_size, guint8 *data, gsize size) {
  gsize count = MIN (found_size, size);

  memcpy (data, found, count);
  return (gssize) count;
}

/* String descriptors, 9.6.7: number 0 says the language, the others are UTF-16. */
static gssize give_string (guint index, guint8 *data, gsize size) {
  static const char *const strings[] = { NULL, "Wacom Co.,Ltd.", "STU-530" };
  guint8 found[2 + 2 * MAX_STRING] = { 4, STRING_DESCRIPTOR, ENGLISH & 0xff, ENGLISH >> 8 };

  if (index >= G_N_ELEMENTS (strings))
    return -EPIPE;
  for (gsize i = 0; index > 0 && i < strlen (strings[index]); i++) {
    found[0] = (guint8) (4 + 2 * i);
    found[2 + 2 * i] = (guint8) strings[index][i];
    found[3 + 2 * i] = 0;
  }
  return give (found, found[0], data, size);
}

static gssize give_descriptor (const Setup *setup, guint8 *data, gsize size) {
  gsize found_size;
  const guint8 *found = tambo_pad_descriptor (&found_size);

  if (setup->value >> 8 == STRING_DESCRIPTOR)
    return give_string (setup->value & 0xff, data, size);
  if (setup->value >> 8 == HID_REPORT_DESCRIPTOR)
    return give (found, found_size, data, size);
  return -EPIPE;
}

static gssize give_report (TamboPadUsb *usb, const Setup *setup, gboolean spoilt, guint8 *data,
                           gsize size) {
  gsize got;

  if (size < 1)
    return -EPIPE;
  data[0] = (guint8) setup->value;
  if (!tambo_pad_get_feature (usb->pad, data, size, &got))
    return -EPIPE;
  for (gsize i = 0; spoilt && i < got; i++)
    data[i] = (guint8) g_random_int_range (0, 256);
  return (gssize) got;
}

/* Feature reports: HID 1.11, 7.2. Each is a step; what the system asks a device by itself is none. */
static gssize exchange_report (TamboPadUsb *usb, const Setup *setup, guint8 *data, gsize size) {
  guint struck;

  if (tambo_pad_bed_step (usb->bed, &struck))
    return -ENODEV;
  if (tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_HANG))
    return TAMBO_USBFS_NEVER;
  if (tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_BUSY))
    return -EPIPE;
  if (setup->request == HID_REQ_GET_REPORT)
    return give_report (usb, setup, tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_GARBAGE), data,
                        size);
  return tambo_pad_set_feature (usb->pad, data, size) ? (gssize) size : -EPIPE;
}

static gssize on_control (const guint8 *bytes, guint8 *data, gsize size, gpointer user) {
  Setup setup = read_setup (bytes);

  if ((setup.type & REQUEST_TYPE) == REQUEST_OF_CLASS && setup.value >> 8 == FEATURE_REPORT
      && setup.request == (setup.is_in ? HID_REQ_GET_REPORT : HID_REQ_SET_REPORT))
    return exchange_report (user, &setup, data, size);
  if (setup.is_in && setup.request == GET_DESCRIPTOR)
    return give_descriptor (&setup, data, size);
  return -EPIPE;
}

static int on_claim (gpointer user) {
  TamboPadUsb *usb = user;
  guint struck;

  if (tambo_pad_bed_step (usb->bed, &struck))
    return -ENODEV;
  return tambo_pad_fault_is_in (struck, TAMBO_PAD_FAULT_BUSY) ? -EBUSY : 0;
}

TamboPadUsb *tambo_pad_usb_new (gpointer testbed, TamboPadBed *bed, TamboPad *pad) {
  static const TamboUsbfsDevice device = { .control = on_control,
                                           .claim = on_claim,
                                           .is_held = TRUE };
  TamboPadUsb *usb = g_new0 (TamboPadUsb, 1);

  usb->testbed = testbed;
  usb->bed = bed;
  usb->pad = pad;
  usb->usbfs = tambo_usbfs_new (&device, usb);
  return usb;
}

void tambo_pad_usb_free (TamboPadUsb *usb) {
  if (usb == NULL)
    return;
  tambo_usbfs_free (usb->usbfs);
  g_free (usb);
}

gboolean tambo_pad_usb_plug (TamboPadUsb *usb, const char *root, const char *node, gboolean bound,
                             GError **error) {
  return tambo_usbfs_plug (usb->usbfs, usb->testbed, root, node, bound ? "usbhid" : NULL, error);
}

void tambo_pad_usb_pull (TamboPadUsb *usb) {
  tambo_usbfs_pull (usb->usbfs);
}

void tambo_pad_usb_send (TamboPadUsb *usb, const guint8 *report, gsize size) {
  tambo_usbfs_send (usb->usbfs, report, size);
}
