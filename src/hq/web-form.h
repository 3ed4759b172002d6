/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a browser sends of a form (application/x-www-form-urlencoded) or behind the "?" of an address: names and
 * values, in order, bounded. Values are UTF-8 without controls but line ends and tabs.
 */
#pragma once

#include <glib.h>

#define TAMBO_FORM_MAX_FIELDS 64
#define TAMBO_FORM_MAX_VALUE 2048 /* bytes */

typedef struct _TamboForm TamboForm;

/* INVALID (TAMBO_HQ_ERROR) for what no browser sends; NULL with ERROR set. */
TamboForm *tambo_form_parse (const char *text, gsize size,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboForm *tambo_form_new (void);
void tambo_form_free (TamboForm *form); /* wipes the values */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboForm, tambo_form_free)
/* The first value of NAME, without blanks around it; "" when it is not there. Borrowed. */
const char *tambo_form_get (const TamboForm *form, const char *name);
/* Every value of NAME, borrowed, NULL-terminated; g_free frees it. */
const char **tambo_form_dup_all (const TamboForm *form, const char *name);
void tambo_form_set (TamboForm *form, const char *name, const char *value);
/* NAME=VALUE&… with what a URI wants escaped; NULL for "". */
char *tambo_form_encode (const TamboForm *form);
