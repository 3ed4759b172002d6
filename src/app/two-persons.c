/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/two-persons.h"

#include "app/second-person.h"
#include "station/station-error.h"

/* Handed from one try to the next; the references are those of the tries and of the question. */
typedef struct {
  gatomicrefcount references;
  GtkWidget *button;
  TamboSession *session;
  char *sentence;
  TamboDeskAct act;
  gpointer data;
  GDestroyNotify free_data;
  TamboWorkDone done;
  GObject *owner;
} Act;

#define TAMBO_TYPE_ACT_KEEPER (tambo_act_keeper_get_type ())
G_DECLARE_FINAL_TYPE (TamboActKeeper, tambo_act_keeper, TAMBO, ACT_KEEPER, GObject)

/* What owns an act while the second person is asked for. */
struct _TamboActKeeper {
  GObject parent;
  Act *act;
};

G_DEFINE_FINAL_TYPE (TamboActKeeper, tambo_act_keeper, G_TYPE_OBJECT)

static Act *act_ref (Act *act) {
  g_atomic_ref_count_inc (&act->references);
  return act;
}

static void act_unref (Act *act) {
  if (!g_atomic_ref_count_dec (&act->references))
    return;
  if (act->free_data != NULL)
    act->free_data (act->data);
  g_object_unref (act->button);
  g_object_unref (act->session);
  g_object_unref (act->owner);
  g_free (act->sentence);
  g_free (act);
}

static void tambo_act_keeper_finalize (GObject *object) {
  act_unref (TAMBO_ACT_KEEPER (object)->act);
  G_OBJECT_CLASS (tambo_act_keeper_parent_class)->finalize (object);
}

static void tambo_act_keeper_class_init (TamboActKeeperClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = tambo_act_keeper_finalize;
}

static void tambo_act_keeper_init (TamboActKeeper *self) {
}

static void finish (Act *act, const GError *error) {
  gboolean has_left =
      GTK_IS_WIDGET (act->owner) && gtk_widget_get_root (GTK_WIDGET (act->owner)) == NULL;

  if (!has_left)
    act->done (act->owner, act->data, error);
}

static gboolean run (gpointer data, GCancellable *cancellable, GError **error) {
  Act *act = data;

  return act->act (tambo_session_get_station (act->session), act->data, error);
}

static void try_act (Act *act, TamboWorkDone done) {
  tambo_work_push (tambo_session_get_desk_queue (act->session), run, act_ref (act),
                   (GDestroyNotify) act_unref, NULL, done, act->session);
}

static void on_last_try (gpointer owner, gpointer data, const GError *error) {
  finish (data, error);
}

static void on_second_person (gpointer owner, gboolean has_come) {
  Act *act = TAMBO_ACT_KEEPER (owner)->act;

  if (has_come) {
    try_act (act, on_last_try);
    return;
  }
  g_autoptr (GError) nobody =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "no second person came");
  finish (act, nobody);
}

static void on_first_try (gpointer owner, gpointer data, const GError *error) {
  Act *act = data;

  if (!g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES)
      || gtk_widget_get_root (act->button) == NULL) {
    finish (act, error);
    return;
  }
  g_autoptr (TamboActKeeper) keeper = g_object_new (TAMBO_TYPE_ACT_KEEPER, NULL);
  keeper->act = act_ref (act);
  tambo_second_person_ask (act->button, act->session, act->sentence, on_second_person, keeper);
}

void tambo_two_persons_run (GtkWidget *button, TamboSession *session, const char *sentence,
                            TamboDeskAct run_act, gpointer data, GDestroyNotify free_data,
                            TamboWorkDone done, gpointer owner) {
  Act *act = g_new0 (Act, 1);

  g_atomic_ref_count_init (&act->references);
  act->button = g_object_ref (button);
  act->session = g_object_ref (session);
  act->sentence = g_strdup (sentence);
  act->act = run_act;
  act->data = data;
  act->free_data = free_data;
  act->done = done;
  act->owner = g_object_ref (owner);
  try_act (act, on_first_try);
  act_unref (act);
}
