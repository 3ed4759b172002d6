/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/hand-press.h"

#include <glib/gi18n.h>

#include "app/error-text.h"

static guint count_bits (guint bits) {
  guint n = 0;

  for (; bits != 0; bits &= bits - 1)
    n++;
  return n;
}

static gboolean is_taken (TamboSession *session, TamboPress press) {
  GListModel *devices = G_LIST_MODEL (tambo_session_get_devices (session));

  for (guint i = 0; i < g_list_model_get_n_items (devices); i++) {
    g_autoptr (TamboDevice) device = g_list_model_get_item (devices, i);
    if (TAMBO_IS_FINGERPRINT_READER (device)
        && tambo_device_get_state (device) == TAMBO_DEVICE_READY
        && (tambo_fingerprint_reader_get_presses (TAMBO_FINGERPRINT_READER (device)) & 1u << press)
               != 0)
      return TRUE;
  }
  return FALSE;
}

TamboPress tambo_hand_press_choose (TamboSession *session, TamboFinger finger, guint wanted) {
  static const TamboPress slaps[] = { TAMBO_PRESS_RIGHT_FOUR, TAMBO_PRESS_LEFT_FOUR,
                                      TAMBO_PRESS_THUMBS };

  for (gsize i = 0; i < G_N_ELEMENTS (slaps); i++) {
    guint fingers = tambo_press_get_fingers (slaps[i]);
    if ((fingers & 1u << finger) != 0 && count_bits (fingers & wanted) >= 2
        && is_taken (session, slaps[i]))
      return slaps[i];
  }
  return TAMBO_PRESS_SINGLE;
}

guint tambo_hand_press_fingers (TamboPress press, TamboFinger finger, guint wanted) {
  return press == TAMBO_PRESS_SINGLE ? 1u << finger : tambo_press_get_fingers (press) & wanted;
}

static const char *hand_of (TamboPress press) {
  if (press == TAMBO_PRESS_THUMBS)
    return _ ("Both thumbs");
  return press == TAMBO_PRESS_RIGHT_FOUR ? _ ("Right hand") : _ ("Left hand");
}

char *tambo_hand_press_prompt (TamboPress press, TamboFinger finger, guint wanted,
                               gboolean is_present) {
  guint n = count_bits (tambo_hand_press_fingers (press, finger, wanted));

  if (press == TAMBO_PRESS_SINGLE)
    return g_strdup_printf (is_present ? _ ("%s: keep it still")
                                       : _ ("%s: put it flat on the glass"),
                            tambo_text_finger (finger));
  return g_strdup_printf (is_present ? _ ("%s: %u fingers, keep still")
                                     : _ ("%s: put %u fingers flat on the glass"),
                          hand_of (press), n);
}
