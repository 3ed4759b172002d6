/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/finger-hand.h"

#include "base/file.h"
#include "format/image-codec.h"
#include "simulator/ridges.h"
#include "simulator/simulator-error.h"

#define MAX_FINGERS 10
#define MAX_FILE (64 * 1024 * 1024)
#define MAX_SIDE 5000 /* libfprint's virtual image drops the client above it */

struct _TamboHand {
  GMutex lock;
  GPtrArray *fingers; /* of Finger */
  guint next;
  guint32 press;
};

typedef struct {
  TamboRidges *ridges; /* either this … */
  TamboImage *image;   /* … or this */
} Finger;

static void finger_free (gpointer data) {
  Finger *finger = data;
  tambo_ridges_free (finger->ridges);
  tambo_image_free (finger->image);
  g_free (finger);
}

TamboHand *tambo_hand_new (guint32 first_press) {
  TamboHand *hand = g_new0 (TamboHand, 1);
  g_mutex_init (&hand->lock);
  hand->fingers = g_ptr_array_new_with_free_func (finger_free);
  hand->press = first_press;
  return hand;
}

void tambo_hand_free (TamboHand *hand) {
  if (hand == NULL)
    return;
  g_ptr_array_unref (hand->fingers);
  g_mutex_clear (&hand->lock);
  g_free (hand);
}

static void use_fingers (TamboHand *hand, GPtrArray *fingers) {
  g_mutex_lock (&hand->lock);
  g_ptr_array_unref (hand->fingers);
  hand->fingers = fingers;
  hand->next = 0;
  g_mutex_unlock (&hand->lock);
}

gboolean tambo_hand_use_seeds (TamboHand *hand, const char *list, GError **error) {
  g_autoptr (GPtrArray) fingers = g_ptr_array_new_with_free_func (finger_free);
  g_auto (GStrv) words = g_strsplit (list, ",", MAX_FINGERS + 1);
  if (words[0] == NULL || g_strv_length (words) > MAX_FINGERS) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                 "a hand has 1 to %d fingers", MAX_FINGERS);
    return FALSE;
  }
  for (char **word = words; *word != NULL; word++) {
    guint64 seed;
    if (!g_ascii_string_to_unsigned (*word, 10, 0, G_MAXUINT32, &seed, NULL)) {
      g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                   "the seed %s is not a number from 0 to %u", *word, G_MAXUINT32);
      return FALSE;
    }
    Finger *finger = g_new0 (Finger, 1);
    finger->ridges = tambo_ridges_new ((guint32) seed);
    g_ptr_array_add (fingers, finger);
  }
  use_fingers (hand, g_steal_pointer (&fingers));
  return TRUE;
}

static TamboImage *load_print (const char *path, GError **error) {
  g_autoptr (GBytes) bytes = tambo_file_read (path, MAX_FILE, error);
  if (bytes == NULL)
    return NULL;
  g_autoptr (TamboImage) image = tambo_image_decode (bytes, error);
  if (image == NULL)
    return NULL;
  if (image->width > MAX_SIDE || image->height > MAX_SIDE) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
                 "%s has %d x %d pixels, more than a sensor of %d x %d gives", path, image->width,
                 image->height, MAX_SIDE, MAX_SIDE);
    return NULL;
  }
  return tambo_image_to_grey (image);
}

gboolean tambo_hand_use_images (TamboHand *hand, const char *const *paths, GError **error) {
  g_autoptr (GPtrArray) fingers = g_ptr_array_new_with_free_func (finger_free);
  for (guint i = 0; paths[i] != NULL; i++) {
    TamboImage *image = load_print (paths[i], error);
    if (image == NULL)
      return FALSE;
    Finger *finger = g_new0 (Finger, 1);
    finger->image = image;
    g_ptr_array_add (fingers, finger);
  }
  if (fingers->len == 0) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE, "no image was named");
    return FALSE;
  }
  use_fingers (hand, g_steal_pointer (&fingers));
  return TRUE;
}

TamboImage *tambo_hand_press (TamboHand *hand) {
  g_mutex_lock (&hand->lock);
  const Finger *finger = g_ptr_array_index (hand->fingers, hand->next);
  TamboImage *image = finger->image != NULL ? tambo_image_copy (finger->image)
                                            : tambo_ridges_press (finger->ridges, hand->press++);
  g_mutex_unlock (&hand->lock);
  return image;
}

void tambo_hand_lift (TamboHand *hand) {
  g_mutex_lock (&hand->lock);
  hand->next = (hand->next + 1) % hand->fingers->len;
  g_mutex_unlock (&hand->lock);
}
