/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the allocator keeps of what was given back: a picture that is needed again in a thirtieth of a second may stay,
 * those of a case that is over go.
 */
#pragma once

/* Before the first thread. */
void tambo_allocator_set_up (void);
/* Of all threads what lies between pieces in use, of the calling one also the rest. Not on the main thread: it takes
 * some milliseconds. */
void tambo_allocator_give_back (void);
