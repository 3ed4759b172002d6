/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/fault.h"

#include "simulator/simulator-error.h"

#include <string.h>

struct _TamboFaults {
  const char *device;
  const char *const *names;
  GMutex lock;
  gint64 at[TAMBO_FAULTS_MAX]; /* 0: never, -1: at each step */
  gint64 step;
};

TamboFaults *tambo_faults_new (const char *device, const char *const *names) {
  TamboFaults *self = g_new0 (TamboFaults, 1);
  g_assert (g_strv_length ((char **) names) <= TAMBO_FAULTS_MAX);
  self->device = device;
  self->names = names;
  g_mutex_init (&self->lock);
  return self;
}

void tambo_faults_free (TamboFaults *self) {
  if (self == NULL)
    return;
  g_mutex_clear (&self->lock);
  g_free (self);
}

static int find_name (const TamboFaults *self, const char *name) {
  for (int i = 0; self->names[i] != NULL; i++)
    if (g_str_equal (self->names[i], name))
      return i;
  return -1;
}

static gboolean parse_word (const TamboFaults *self, const char *word, gint64 *at) {
  g_auto (GStrv) parts = g_strsplit (word, "@", 2);
  guint64 n = 0;
  if (g_str_equal (word, "none"))
    return TRUE;
  int i = parts[0] != NULL ? find_name (self, parts[0]) : -1;
  if (i < 0
      || (parts[1] != NULL && !g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXINT32, &n, NULL)))
    return FALSE;
  at[i] = parts[1] != NULL ? (gint64) n : -1;
  return TRUE;
}

gboolean tambo_faults_set (TamboFaults *self, const char *list, GError **error) {
  g_auto (GStrv) words = g_strsplit (list, ",", -1);
  gint64 at[TAMBO_FAULTS_MAX] = { 0 };
  for (guint i = 0; words[i] != NULL; i++)
    if (!parse_word (self, words[i], at)) {
      g_autofree char *names = g_strjoinv (", ", (char **) self->names);
      g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                   "“%s” is no fault of a %s; there are %s, each with or without @N, and none",
                   words[i], self->device, names);
      return FALSE;
    }
  g_mutex_lock (&self->lock);
  memcpy (self->at, at, sizeof at);
  self->step = 0;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

guint tambo_faults_step (TamboFaults *self) {
  guint struck = 0;
  if (self == NULL)
    return 0;
  g_mutex_lock (&self->lock);
  self->step++;
  for (guint i = 0; i < TAMBO_FAULTS_MAX; i++)
    if (self->at[i] == -1 || self->at[i] == self->step)
      struck |= 1u << i;
  g_mutex_unlock (&self->lock);
  return struck;
}
