/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A USB device of one configuration and one interface, as umockdev describes what lies under /sys and /dev;
 * and the environment of a program that is to see it.
 */
#pragma once

#include <glib.h>

typedef struct {
  guint8 address, type, interval; /* as in its descriptor; address 0: there is none */
  guint16 packet_size;
} TamboUsbEndpoint;

typedef struct {
  const char *place; /* below /sys */
  guint number;      /* on bus 1 */
  guint speed;       /* Mbit/s */
  guint16 vendor, product;
  const char *maker, *name;
  guint8 interface_class, interface_subclass, interface_protocol;
  TamboUsbEndpoint endpoints[3];
  gboolean has_no_node; /* seen under /sys alone */
  gboolean is_played;   /* the node is a terminal, whose ioctls somebody answers; else a file */
} TamboUsbDevice;

/* The hub above all; once in a testbed, before the first device. */
void tambo_usb_put_hub (GString *text);
/* The device and its interface 0, at PLACE:1.0 below it. */
void tambo_usb_put_device (GString *text, const TamboUsbDevice *device);

/* Whether a testbed can be made inside DIR: umockdev makes sockets deep inside, whose names may have 107 bytes. */
gboolean tambo_testbed_check_folder (const char *dir, GError **error);

/* This process's environment and what makes a program see the testbed at ROOT. */
char **tambo_testbed_environment (const char *root);
