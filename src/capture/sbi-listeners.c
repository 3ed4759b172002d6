/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/sbi-listeners.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define MIX G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)
#define ANSWER_SIZE 16384 /* the kernel fills no more than a page or two at once */

guint64 tambo_sbi_listener_number (guint port, guint64 inode) {
  return (inode << 16 | port) * MIX;
}

static gboolean send_question (int fd) {
  const struct {
    struct nlmsghdr head;
    struct inet_diag_req_v2 request;
  } question = {
    .head = {
      .nlmsg_len = sizeof question,
      .nlmsg_type = SOCK_DIAG_BY_FAMILY,
      .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
    },
    .request = {
      .sdiag_family = AF_INET,
      .sdiag_protocol = IPPROTO_TCP,
      .idiag_states = 1 << TCP_LISTEN,
    },
  };

  return send (fd, &question, sizeof question, MSG_NOSIGNAL) == sizeof question;
}

static void add_socket (const struct nlmsghdr *message, guint first, guint last,
                        guint64 *listeners) {
  const struct inet_diag_msg *entry = NLMSG_DATA (message);

  if (message->nlmsg_len < NLMSG_LENGTH (sizeof *entry) || entry->idiag_state != TCP_LISTEN)
    return;
  guint port = ntohs (entry->id.idiag_sport);
  if (port >= first && port <= last)
    *listeners += tambo_sbi_listener_number (port, entry->idiag_inode);
}

/* FALSE for an answer that is none. */
static gboolean read_answer (int fd, guint first, guint last, guint64 *out_listeners) {
  g_autofree struct nlmsghdr *buffer = g_malloc (ANSWER_SIZE);
  guint64 listeners = 0;

  for (;;) {
    ssize_t received = recv (fd, buffer, ANSWER_SIZE, 0);
    if (received <= 0)
      return FALSE;
    guint left = (guint) received;
    for (const struct nlmsghdr *message = buffer; NLMSG_OK (message, left);
         message = NLMSG_NEXT (message, left)) {
      if (message->nlmsg_type == NLMSG_DONE) {
        *out_listeners = listeners;
        return TRUE;
      }
      if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return FALSE;
      add_socket (message, first, last, &listeners);
    }
  }
}

gboolean tambo_sbi_listeners_ask (guint first, guint last, guint64 *out_listeners) {
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

  if (fd < 0)
    return FALSE;
  gboolean was_answered = send_question (fd) && read_answer (fd, first, last, out_listeners);
  close (fd);
  return was_answered;
}
