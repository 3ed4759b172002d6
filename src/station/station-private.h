/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the use cases of this room share and nobody else sees.
 */
#pragma once

#include "station/permissions.h"
#include "station/station.h"
#include "store/news.h"
#include "store/outbox.h"

struct _TamboStation {
  GObject parent_instance;

  char *folder;
  char *code;
  char *institution;
  char *url;
  TamboKey *key;
  TamboTrust *trust; /* NULL before the registration */
  TamboStore *store;
  GMutex news_lock;
  TamboStoreNews news; /* at the last look */

  GMutex operator_lock;         /* of what follows */
  char *operator_id;            /* NULL: nobody is signed in */
  guint operator_role;          /* TamboRole at the sign-in, for showing; 0: nobody */
  char *second_id;              /* who came to look at the next act that wants two; NULL */
  guint second_finger_failures; /* since a second person came with a password */
  struct _TamboFingerUnlock
      *finger_unlock; /* how the last one comes back without a password; NULL */
  GBytes *pin;        /* of the token, for the next sign-in; NULL */
};

/* Fails unless somebody is signed in who may do OPERATION and, where it wants two persons, the second was
 * brought; that one counts for this operation alone. The name for the audit log: "anna", of two persons
 * "anna+berta". */
char *tambo_station_permit (TamboStation *self, TamboOperation operation,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Who has proven to be ID looks at the next act. */
void tambo_station_set_second (TamboStation *self, const char *id);
/* Whether a second person was brought and has not looked at an act yet. */
gboolean tambo_station_has_second (TamboStation *self);

/* Somebody sits down, and "changed" comes; or gets up, and may come back with a finger. */
void tambo_station_sit_down (TamboStation *self, const char *id);
void tambo_station_leave (TamboStation *self);

typedef struct _TamboFingerUnlock TamboFingerUnlock;
void tambo_finger_unlock_free (TamboFingerUnlock *unlock);
/* After a sign-in of ID: forgets whoever it was before. */
void tambo_finger_unlock_prepare (TamboStation *station, const char *id);

/* The station's signing key; borrowed. */
TamboKey *tambo_station_get_key (TamboStation *self);

/* Paths inside the folder. */
char *tambo_station_path (TamboStation *self, const char *name);

/* With the first operator, because its private half lies under the data key. */
gboolean tambo_station_make_inbox_key (TamboStation *self, GError **error);
/* The key that opens what headquarters sends: its private half needs a signed-in operator. */
TamboKey *tambo_station_open_inbox_key (TamboStation *self,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *tambo_station_dup_inbox_point (TamboStation *self,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Seals PACKET as a record of KIND and appends it to the outbox. Inside an open transaction, so that
 * the sequence and the chain of manifests hold. CASE_ID may be NULL. */
gboolean tambo_station_queue_record (TamboStation *self, const char *kind, const char *id,
                                     const char *case_id, TamboPacket *packet, int priority,
                                     GError **error);
