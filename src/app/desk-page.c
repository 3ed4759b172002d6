/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/desk-page.h"

typedef struct {
  TamboSession *session;
} TamboDeskPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TamboDeskPage, tambo_desk_page, ADW_TYPE_BIN)

static void tambo_desk_page_dispose (GObject *object) {
  TamboDeskPagePrivate *priv = tambo_desk_page_get_instance_private (TAMBO_DESK_PAGE (object));

  g_clear_object (&priv->session);
  G_OBJECT_CLASS (tambo_desk_page_parent_class)->dispose (object);
}

static void do_nothing (TamboDeskPage *self) {
}

static void look_at_nothing (TamboDeskPage *self, const char *id) {
}

static gboolean nothing_to_cancel (TamboDeskPage *self) {
  return FALSE;
}

static gboolean take_no_swipe (TamboDeskPage *self, const char *mrz) {
  return FALSE;
}

static void tambo_desk_page_class_init (TamboDeskPageClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = tambo_desk_page_dispose;
  klass->enter = do_nothing;
  klass->look_at = look_at_nothing;
  klass->leave = do_nothing;
  klass->reload = do_nothing;
  klass->again = do_nothing;
  klass->cancel = nothing_to_cancel;
  klass->swipe = take_no_swipe;
  klass->clear = do_nothing;
}

static void tambo_desk_page_init (TamboDeskPage *self) {
}

void tambo_desk_page_set_session (TamboDeskPage *self, TamboSession *session) {
  TamboDeskPagePrivate *priv = tambo_desk_page_get_instance_private (self);

  g_set_object (&priv->session, session);
}

TamboSession *tambo_desk_page_get_session (TamboDeskPage *self) {
  TamboDeskPagePrivate *priv = tambo_desk_page_get_instance_private (self);

  return priv->session;
}

void tambo_desk_page_enter (TamboDeskPage *self) {
  TAMBO_DESK_PAGE_GET_CLASS (self)->enter (self);
}

void tambo_desk_page_look_at (TamboDeskPage *self, const char *id) {
  TAMBO_DESK_PAGE_GET_CLASS (self)->look_at (self, id);
}

void tambo_desk_page_leave (TamboDeskPage *self) {
  TAMBO_DESK_PAGE_GET_CLASS (self)->leave (self);
}

void tambo_desk_page_reload (TamboDeskPage *self) {
  TAMBO_DESK_PAGE_GET_CLASS (self)->reload (self);
}

void tambo_desk_page_again (TamboDeskPage *self) {
  TAMBO_DESK_PAGE_GET_CLASS (self)->again (self);
}

gboolean tambo_desk_page_cancel (TamboDeskPage *self) {
  return TAMBO_DESK_PAGE_GET_CLASS (self)->cancel (self);
}

gboolean tambo_desk_page_swipe (TamboDeskPage *self, const char *mrz) {
  return TAMBO_DESK_PAGE_GET_CLASS (self)->swipe (self, mrz);
}

void tambo_desk_page_clear (TamboDeskPage *self) {
  TAMBO_DESK_PAGE_GET_CLASS (self)->clear (self);
}
