/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/uevent.h"

#include "simulator/process.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The head of udev's message, as libudev takes it from its netlink group: host order, but MAGIC and the
 * hashes, by which the kernel sorts out what a listener does not want to hear. */
typedef struct {
  char prefix[8];
  guint32 magic, header_size, properties_offset, properties_size;
  guint32 subsystem_hash, devtype_hash, tag_bloom_high, tag_bloom_low;
} Head;

#define MAGIC 0xfeedcafe

static void put_property (GByteArray *message, const char *name, const char *value) {
  if (value == NULL)
    return;
  g_autofree char *line = g_strconcat (name, "=", value, NULL);
  g_byte_array_append (message, (const guint8 *) line, (guint) strlen (line) + 1);
}

/* MurmurHash2 with the seed 0. */
static guint32 hash (const char *text) {
  const guint32 m = 0x5bd1e995;
  gsize left = strlen (text);
  guint32 h = (guint32) left;
  for (; left >= 4; text += 4, left -= 4) {
    guint32 k;
    memcpy (&k, text, 4);
    k = GUINT32_FROM_LE (k) * m;
    h = (h * m) ^ ((k ^ k >> 24) * m);
  }
  guint32 rest = 0;
  for (gsize i = 0; i < left; i++)
    rest |= (guint32) (guint8) text[i] << 8 * i;
  if (left > 0)
    h = (h ^ rest) * m;
  h = (h ^ h >> 13) * m;
  return h ^ h >> 15;
}

static GByteArray *make_message (const TamboUevent *event) {
  static gint number; /* each message has a higher one */
  g_autofree char *sequence = g_strdup_printf ("%d", g_atomic_int_add (&number, 1) + 1);
  GByteArray *message = g_byte_array_new ();
  Head head = { .prefix = "libudev",
                .magic = GUINT32_TO_BE (MAGIC),
                .header_size = sizeof head,
                .properties_offset = sizeof head,
                .subsystem_hash = GUINT32_TO_BE (hash (event->subsystem)) };
  if (event->devtype != NULL)
    head.devtype_hash = GUINT32_TO_BE (hash (event->devtype));
  g_byte_array_append (message, (const guint8 *) &head, sizeof head);
  put_property (message, "ACTION", event->action);
  put_property (message, "DEVPATH", event->devpath);
  put_property (message, "SUBSYSTEM", event->subsystem);
  put_property (message, "DEVTYPE", event->devtype);
  put_property (message, "DEVNAME", event->node);
  put_property (message, "SEQNUM", sequence);
  head.properties_size = message->len - (guint32) sizeof head;
  memcpy (message->data, &head, sizeof head);
  return message;
}

/* Every netlink socket of udev inside the testbed is a socket event* there. */
void tambo_uevent_send (const char *root, const TamboUevent *event) {
  g_autoptr (GByteArray) message = make_message (event);
  g_autoptr (GDir) folder = g_dir_open (root, 0, NULL);
  const char *name;
  int fd = socket (AF_UNIX, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    struct sockaddr_un address;
    guint size;
    g_autofree char *path = g_build_filename (root, name, NULL);
    if (g_str_has_prefix (name, "event")
        && tambo_simulator_unix_address (path, &address, &size, NULL))
      sendto (fd, message->data, message->len, MSG_NOSIGNAL, (struct sockaddr *) &address, size);
  }
  if (fd >= 0)
    close (fd);
}
