/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/device-private.h"

typedef struct {
  TamboDeviceKind kind;
  char *id, *name, *driver;
  int state;
  const char *detail; /* interned: it may be read while another thread sets the next */
  int claimed;
} TamboDevicePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TamboDevice, tambo_device, G_TYPE_OBJECT)

enum { PROP_KIND = 1, PROP_ID, PROP_NAME, PROP_DRIVER, PROP_STATE, PROP_DETAIL, N_PROPS };
static GParamSpec *properties[N_PROPS];

static TamboDevicePrivate *get_private (TamboDevice *self) {
  return tambo_device_get_instance_private (self);
}

const char *tambo_device_kind_to_string (TamboDeviceKind kind) {
  static const char *const names[] = { "fingerprint-reader", "camera", "signature-pad", "printer" };

  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (names), "unknown");
  return names[kind];
}

const char *tambo_device_state_to_string (TamboDeviceState state) {
  static const char *const names[] = { "ready",          "busy",      "no-permission", "unsuitable",
                                       "not-registered", "untrusted", "removed",       "failed" };

  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (names), "unknown");
  return names[state];
}

static void tambo_device_get_property (GObject *object, guint id, GValue *value,
                                       GParamSpec *pspec) {
  TamboDevice *self = TAMBO_DEVICE (object);

  switch (id) {
  case PROP_KIND:
    g_value_set_int (value, tambo_device_get_kind (self));
    break;
  case PROP_ID:
    g_value_set_string (value, tambo_device_get_id (self));
    break;
  case PROP_NAME:
    g_value_set_string (value, tambo_device_get_name (self));
    break;
  case PROP_DRIVER:
    g_value_set_string (value, tambo_device_get_driver (self));
    break;
  case PROP_STATE:
    g_value_set_int (value, tambo_device_get_state (self));
    break;
  case PROP_DETAIL:
    g_value_set_string (value, tambo_device_get_detail (self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void tambo_device_set_property (GObject *object, guint id, const GValue *value,
                                       GParamSpec *pspec) {
  TamboDevicePrivate *priv = get_private (TAMBO_DEVICE (object));

  switch (id) {
  case PROP_KIND:
    priv->kind = (TamboDeviceKind) g_value_get_int (value);
    break;
  case PROP_ID:
    priv->id = g_value_dup_string (value);
    break;
  case PROP_NAME:
    priv->name = g_value_dup_string (value);
    break;
  case PROP_DRIVER:
    priv->driver = g_value_dup_string (value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void tambo_device_finalize (GObject *object) {
  TamboDevicePrivate *priv = get_private (TAMBO_DEVICE (object));

  g_free (priv->id);
  g_free (priv->name);
  g_free (priv->driver);
  G_OBJECT_CLASS (tambo_device_parent_class)->finalize (object);
}

static void tambo_device_class_init (TamboDeviceClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags told = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  GParamFlags changing = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = tambo_device_get_property;
  object_class->set_property = tambo_device_set_property;
  object_class->finalize = tambo_device_finalize;
  properties[PROP_KIND] = g_param_spec_int ("kind", NULL, NULL, 0, TAMBO_DEVICE_PRINTER, 0, told);
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, "", told);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", told);
  properties[PROP_DRIVER] = g_param_spec_string ("driver", NULL, NULL, "", told);
  properties[PROP_STATE] =
      g_param_spec_int ("state", NULL, NULL, 0, TAMBO_DEVICE_FAILED, 0, changing);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, "", changing);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void tambo_device_init (TamboDevice *self) {
  get_private (self)->detail = "";
}

TamboDeviceKind tambo_device_get_kind (TamboDevice *self) {
  g_return_val_if_fail (TAMBO_IS_DEVICE (self), TAMBO_DEVICE_FINGERPRINT_READER);
  return get_private (self)->kind;
}

const char *tambo_device_get_id (TamboDevice *self) {
  g_return_val_if_fail (TAMBO_IS_DEVICE (self), NULL);
  return get_private (self)->id;
}

const char *tambo_device_get_name (TamboDevice *self) {
  g_return_val_if_fail (TAMBO_IS_DEVICE (self), NULL);
  return get_private (self)->name;
}

const char *tambo_device_get_driver (TamboDevice *self) {
  g_return_val_if_fail (TAMBO_IS_DEVICE (self), NULL);
  return get_private (self)->driver;
}

TamboDeviceState tambo_device_get_state (TamboDevice *self) {
  g_return_val_if_fail (TAMBO_IS_DEVICE (self), TAMBO_DEVICE_FAILED);
  return (TamboDeviceState) g_atomic_int_get (&get_private (self)->state);
}

const char *tambo_device_get_detail (TamboDevice *self) {
  g_return_val_if_fail (TAMBO_IS_DEVICE (self), NULL);
  return g_atomic_pointer_get (&get_private (self)->detail);
}

gboolean tambo_device_claim (TamboDevice *self, GError **error) {
  if (g_atomic_int_compare_and_exchange (&get_private (self)->claimed, 0, 1))
    return TRUE;
  g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY, "the %s is already capturing",
               tambo_device_kind_to_string (get_private (self)->kind));
  return FALSE;
}

void tambo_device_release (TamboDevice *self) {
  g_atomic_int_set (&get_private (self)->claimed, 0);
}

typedef struct {
  TamboDevice *device; /* owned */
  TamboDeviceState state;
  const char *detail; /* interned */
} StateChange;

static void state_change_free (gpointer data) {
  StateChange *change = data;

  g_object_unref (change->device);
  g_free (change);
}

static gboolean apply_state (gpointer data) {
  StateChange *change = data;
  TamboDevicePrivate *priv = get_private (change->device);
  GObject *object = G_OBJECT (change->device);

  g_object_freeze_notify (object);
  if (tambo_device_get_state (change->device) != change->state) {
    g_atomic_int_set (&priv->state, (int) change->state);
    g_object_notify_by_pspec (object, properties[PROP_STATE]);
  }
  if (tambo_device_get_detail (change->device) != change->detail) {
    g_atomic_pointer_set (&priv->detail, change->detail);
    g_object_notify_by_pspec (object, properties[PROP_DETAIL]);
  }
  g_object_thaw_notify (object);
  return G_SOURCE_REMOVE;
}

void tambo_device_set_state (TamboDevice *self, TamboDeviceState state, const char *detail) {
  StateChange *change = g_new0 (StateChange, 1);

  change->device = g_object_ref (self);
  change->state = state;
  change->detail = g_intern_string (detail != NULL ? detail : "");
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, apply_state, change, state_change_free);
}

void tambo_device_set_state_from_error (TamboDevice *self, const GError *error) {
  TamboDeviceState state = TAMBO_DEVICE_FAILED;

  if (error == NULL) {
    tambo_device_set_state (self, TAMBO_DEVICE_READY, "");
    return;
  }
  if (error->domain != TAMBO_CAPTURE_ERROR)
    return;
  if (error->code == TAMBO_CAPTURE_ERROR_BUSY)
    state = TAMBO_DEVICE_BUSY;
  else if (error->code == TAMBO_CAPTURE_ERROR_NO_PERMISSION)
    state = TAMBO_DEVICE_NO_PERMISSION;
  else if (error->code == TAMBO_CAPTURE_ERROR_UNSUITABLE)
    state = TAMBO_DEVICE_UNSUITABLE;
  else if (error->code == TAMBO_CAPTURE_ERROR_NOT_REGISTERED)
    state = TAMBO_DEVICE_NOT_REGISTERED;
  else if (error->code == TAMBO_CAPTURE_ERROR_UNTRUSTED)
    state = TAMBO_DEVICE_UNTRUSTED;
  else if (error->code == TAMBO_CAPTURE_ERROR_REMOVED
           || error->code == TAMBO_CAPTURE_ERROR_NO_DEVICE)
    state = TAMBO_DEVICE_REMOVED;
  tambo_device_set_state (self, state, error->message);
}
