/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-film.h"

#include "format/image-codec.h"

#define STILL_QUALITY 93
#define FRAME_QUALITY 85

struct _TamboCameraFilm {
  GThread *thread;
  GMutex drawing; /* of the scene; taken before the lock */
  TamboScene *scene;

  GMutex lock; /* of what follows */
  GCond changed;
  GBytes *still; /* the next one; NULL until it is drawn */
  GBytes *frames[TAMBO_FILM_FRAMES];
  guint32 shots;
  gboolean at_end;
};

static GBytes *develop (const TamboImage *image, int quality) {
  g_autoptr (GError) error = NULL;
  GBytes *jpeg = tambo_image_encode_jpeg (image, quality, &error);

  if (jpeg == NULL)
    g_error ("the camera's picture cannot be made: %s", error->message);
  return jpeg;
}

static GBytes *draw_still (const TamboScene *scene, guint32 shot) {
  g_autoptr (TamboImage) image = tambo_scene_still (scene, shot);

  return develop (image, STILL_QUALITY);
}

static GBytes *draw_frame (const TamboScene *scene, guint number) {
  g_autoptr (TamboImage) image = tambo_scene_frame (scene, number);

  return develop (image, FRAME_QUALITY);
}

/* The first place on the film that is empty, the still before the frames; NULL when there is none. */
static GBytes **find_empty (TamboCameraFilm *film) {
  if (film->still == NULL)
    return &film->still;
  for (guint i = 0; i < TAMBO_FILM_FRAMES; i++)
    if (film->frames[i] == NULL)
      return &film->frames[i];
  return NULL;
}

/* Waits for an empty place; NULL at the end. */
static GBytes **wait_for_empty (TamboCameraFilm *film, guint32 *out_shot) {
  GBytes **place = NULL;

  g_mutex_lock (&film->lock);
  while (!film->at_end && (place = find_empty (film)) == NULL)
    g_cond_wait (&film->changed, &film->lock);
  *out_shot = film->shots + 1;
  g_mutex_unlock (&film->lock);
  return place;
}

static void keep (TamboCameraFilm *film, GBytes **place, GBytes *picture) {
  g_mutex_lock (&film->lock);
  *place = picture;
  g_cond_broadcast (&film->changed);
  g_mutex_unlock (&film->lock);
}

static gpointer draw_ahead (gpointer data) {
  TamboCameraFilm *film = data;
  GBytes **place;
  guint32 shot;

  while ((place = wait_for_empty (film, &shot)) != NULL) {
    g_mutex_lock (&film->drawing);
    keep (film, place,
          place == &film->still ? draw_still (film->scene, shot)
                                : draw_frame (film->scene, (guint) (place - film->frames)));
    g_mutex_unlock (&film->drawing);
  }
  return NULL;
}

TamboCameraFilm *tambo_camera_film_new (TamboScene *scene) {
  TamboCameraFilm *film = g_new0 (TamboCameraFilm, 1);

  g_mutex_init (&film->drawing);
  g_mutex_init (&film->lock);
  g_cond_init (&film->changed);
  film->scene = scene;
  film->thread = g_thread_new ("camera-film", draw_ahead, film);
  return film;
}

static void empty (TamboCameraFilm *film) {
  g_clear_pointer (&film->still, g_bytes_unref);
  for (guint i = 0; i < TAMBO_FILM_FRAMES; i++)
    g_clear_pointer (&film->frames[i], g_bytes_unref);
}

void tambo_camera_film_free (TamboCameraFilm *film) {
  if (film == NULL)
    return;
  g_mutex_lock (&film->lock);
  film->at_end = TRUE;
  g_cond_broadcast (&film->changed);
  g_mutex_unlock (&film->lock);
  g_thread_join (film->thread);
  empty (film);
  tambo_scene_free (film->scene);
  g_cond_clear (&film->changed);
  g_mutex_clear (&film->lock);
  g_mutex_clear (&film->drawing);
  g_free (film);
}

void tambo_camera_film_set_scene (TamboCameraFilm *film, TamboScene *scene) {
  g_mutex_lock (&film->drawing);
  tambo_scene_free (film->scene);
  film->scene = scene;
  g_mutex_lock (&film->lock);
  empty (film);
  g_cond_broadcast (&film->changed);
  g_mutex_unlock (&film->lock);
  g_mutex_unlock (&film->drawing);
}

GBytes *tambo_camera_film_take_still (TamboCameraFilm *film) {
  GBytes *still;

  g_mutex_lock (&film->lock);
  while (film->still == NULL)
    g_cond_wait (&film->changed, &film->lock);
  still = g_steal_pointer (&film->still);
  film->shots++;
  g_cond_broadcast (&film->changed);
  g_mutex_unlock (&film->lock);
  return still;
}

GBytes *tambo_camera_film_get_frame (TamboCameraFilm *film, guint number) {
  GBytes *frame;

  g_mutex_lock (&film->lock);
  while (film->frames[number % TAMBO_FILM_FRAMES] == NULL)
    g_cond_wait (&film->changed, &film->lock);
  frame = g_bytes_ref (film->frames[number % TAMBO_FILM_FRAMES]);
  g_mutex_unlock (&film->lock);
  return frame;
}
