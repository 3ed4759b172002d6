/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/step-page.h"

typedef struct {
  TamboSession *session;
} TamboStepPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TamboStepPage, tambo_step_page, ADW_TYPE_BIN)

static void tambo_step_page_dispose (GObject *object) {
  TamboStepPagePrivate *priv = tambo_step_page_get_instance_private (TAMBO_STEP_PAGE (object));

  g_clear_object (&priv->session);
  G_OBJECT_CLASS (tambo_step_page_parent_class)->dispose (object);
}

static void do_nothing (TamboStepPage *self) {
}

static gboolean always (TamboStepPage *self) {
  return TRUE;
}

static gboolean never (TamboStepPage *self) {
  return FALSE;
}

static void tambo_step_page_class_init (TamboStepPageClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = tambo_step_page_dispose;
  klass->enter = do_nothing;
  klass->leave = do_nothing;
  klass->refresh = do_nothing;
  klass->cancel = do_nothing;
  klass->finish = always;
  klass->again = never;
}

static void tambo_step_page_init (TamboStepPage *self) {
}

void tambo_step_page_set_session (TamboStepPage *self, TamboSession *session) {
  TamboStepPagePrivate *priv = tambo_step_page_get_instance_private (self);

  g_set_object (&priv->session, session);
}

TamboSession *tambo_step_page_get_session (TamboStepPage *self) {
  TamboStepPagePrivate *priv = tambo_step_page_get_instance_private (self);

  return priv->session;
}

void tambo_step_page_enter (TamboStepPage *self) {
  TAMBO_STEP_PAGE_GET_CLASS (self)->enter (self);
}

void tambo_step_page_leave (TamboStepPage *self) {
  TAMBO_STEP_PAGE_GET_CLASS (self)->leave (self);
}

void tambo_step_page_refresh (TamboStepPage *self) {
  TAMBO_STEP_PAGE_GET_CLASS (self)->refresh (self);
}

gboolean tambo_step_page_finish (TamboStepPage *self) {
  return TAMBO_STEP_PAGE_GET_CLASS (self)->finish (self);
}

void tambo_step_page_cancel (TamboStepPage *self) {
  TAMBO_STEP_PAGE_GET_CLASS (self)->cancel (self);
}

gboolean tambo_step_page_again (TamboStepPage *self) {
  return TAMBO_STEP_PAGE_GET_CLASS (self)->again (self);
}

void tambo_step_page_ready (TamboStepPage *self) {
  gtk_widget_activate_action (GTK_WIDGET (self), "win.ready", NULL);
}
