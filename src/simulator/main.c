/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera.h"
#include "simulator/card.h"
#include "simulator/control.h"
#include "simulator/desk.h"
#include "simulator/finger.h"
#include "simulator/pad.h"
#include "simulator/reader.h"
#include "simulator/sbi.h"
#include "simulator/services.h"
#include "simulator/webcam.h"

#include <glib.h>
#include <locale.h>
#include <string.h>

typedef struct {
  const char *name, *summary;
  int (*run) (int argc, char **argv);
} SubCommand;

static const SubCommand sub_commands[] = {
  { "camera", "a camera with live view, on PTP/IP or USB", tambo_simulator_camera_main },
  { "webcam", "a webcam (Video4Linux) in a umockdev testbed", tambo_simulator_webcam_main },
  { "finger", "a finger on libfprint's virtual image sensor", tambo_simulator_finger_main },
  { "sbi", "a fingerprint scanner with its service (SBI), for slaps", tambo_simulator_sbi_main },
  { "pad", "a signature pad (HID) in a umockdev testbed", tambo_simulator_pad_main },
  { "reader", "a pcscd of its own with one virtual card reader", tambo_simulator_reader_main },
  { "card", "the chip of a travel document in the reader", tambo_simulator_card_main },
  { "services", "the services that headquarters asks", tambo_simulator_services_main },
  { "desk", "all of them, while one command runs", tambo_simulator_desk_main },
  { "control", "tells a running desk what happens", tambo_simulator_control_main },
};

static void print_help (void) {
  g_print (
      "Usage: tambo-simulator DEVICE [OPTION…]\n\n"
      "Plays the hardware of an enrolment station at the wire, for practice and for tests.\n\n");
  for (guint i = 0; i < G_N_ELEMENTS (sub_commands); i++)
    g_print ("  %-8s %s\n", sub_commands[i].name, sub_commands[i].summary);
  g_print ("\nEach takes --help.\n");
}

int main (int argc, char **argv) {
  setlocale (LC_ALL, "");
  if (argc >= 2 && (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"))) {
    print_help ();
    return 0;
  }
  for (guint i = 0; argc >= 2 && i < G_N_ELEMENTS (sub_commands); i++)
    if (g_str_equal (argv[1], sub_commands[i].name)) {
      g_autofree char *name = g_strdup_printf ("tambo-simulator %s", sub_commands[i].name);
      g_set_prgname (name);
      return sub_commands[i].run (argc - 1, argv + 1);
    }
  g_printerr ("tambo-simulator: %s; see --help\n",
              argc < 2 ? "no device was named" : "there is no such device");
  return 2;
}
