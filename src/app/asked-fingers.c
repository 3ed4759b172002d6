/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/asked-fingers.h"

#include <string.h>

gboolean tambo_asked_fingers_have (TamboSession *session, TamboFinger finger) {
  GPtrArray *checks = tambo_session_get_checks (session);
  g_autofree char *rule = g_strconcat ("finger-", tambo_finger_to_string (finger), NULL);

  for (guint i = 0; checks != NULL && i < checks->len; i++)
    if (g_str_equal (((const TamboCheck *) g_ptr_array_index (checks, i))->rule, rule))
      return TRUE;
  return FALSE;
}

TamboFinger tambo_asked_fingers_find_next (TamboSession *session) {
  GPtrArray *checks = tambo_session_get_checks (session);

  for (guint i = 0; checks != NULL && i < checks->len; i++) {
    const TamboCheck *check = g_ptr_array_index (checks, i);
    if (g_str_has_prefix (check->rule, "finger-")
        && (check->verdict == TAMBO_CHECK_MISSING || check->verdict == TAMBO_CHECK_FAILED))
      return tambo_finger_from_string (check->rule + strlen ("finger-"));
  }
  return TAMBO_FINGER_UNKNOWN;
}

const TamboSample *tambo_asked_fingers_find_print (TamboSession *session, TamboFinger finger) {
  const TamboEnrolment *shown = tambo_session_get_shown (session);
  g_autofree char *slot = g_strconcat ("finger-", tambo_finger_to_string (finger), NULL);

  return shown != NULL ? tambo_enrolment_find_sample (shown, slot) : NULL;
}

TamboHandState tambo_asked_fingers_get_state (TamboSession *session, TamboFinger finger) {
  const TamboEnrolment *shown = tambo_session_get_shown (session);
  const TamboProcedure *procedure = tambo_session_get_procedure (session);
  const TamboSample *sample = tambo_asked_fingers_find_print (session, finger);

  if (!tambo_asked_fingers_have (session, finger))
    return TAMBO_HAND_NOT_ASKED;
  if (sample != NULL && sample->quality >= procedure->minimum_finger_quality)
    return TAMBO_HAND_CAPTURED;
  if (tambo_enrolment_find_exception (shown, finger) != NULL)
    return TAMBO_HAND_MISSING;
  return sample != NULL ? TAMBO_HAND_WEAK : TAMBO_HAND_TODO;
}

guint tambo_asked_fingers_get_wanted (TamboSession *session) {
  guint wanted = 0;

  for (int i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++) {
    TamboHandState state = tambo_asked_fingers_get_state (session, (TamboFinger) i);
    if (state == TAMBO_HAND_TODO || state == TAMBO_HAND_WEAK)
      wanted |= 1u << i;
  }
  return wanted;
}
