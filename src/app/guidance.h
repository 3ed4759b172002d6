/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The guidance of the live view on a thread of its own, so that the picture never waits for it: it looks at the
 * newest frame when it is free, and lets the others go.
 */
#pragma once

#include "station/portrait-desk.h"

typedef struct _TamboGuidance TamboGuidance;

/* On the main thread; not after tambo_guidance_stop. */
typedef void (*TamboGuidanceTold) (const TamboPortraitSight *sight, gpointer data);

TamboGuidance *tambo_guidance_start (TamboGuidanceTold told, gpointer data);
/* Any thread. Takes FRAME. */
void tambo_guidance_take_frame (TamboGuidance *guidance, TamboImage *frame);
/* Any thread; does not wait. Frees it when its thread has ended. */
void tambo_guidance_stop (TamboGuidance *guidance);
