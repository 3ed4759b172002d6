/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-hq-crowd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define STACK_SIZE (256 * 1024)
#define TRICKLE 16 /* bytes a second */
#define ANSWER_SIZE 16384

/* One connection. */
typedef struct {
  int fd;
  SSL *ssl;
} Line;

static SSL_CTX *context_for (const LoadTarget *target) {
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());

  SSL_CTX_set_min_proto_version (context, TLS1_3_VERSION);
  SSL_CTX_set_verify (context, SSL_VERIFY_PEER, NULL);
  g_assert_cmpint (SSL_CTX_load_verify_locations (context, target->ca_file, NULL), ==, 1);
  g_assert_cmpint (
      SSL_CTX_use_certificate_file (context, target->certificate_file, SSL_FILETYPE_PEM), ==, 1);
  g_assert_cmpint (SSL_CTX_use_PrivateKey_file (context, target->key_file, SSL_FILETYPE_PEM), ==,
                   1);
  return context;
}

static struct sockaddr_in address_of (const LoadTarget *target) {
  const char *colon = strrchr (target->url, ':');

  return (struct sockaddr_in){ .sin_family = AF_INET,
                               .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
                               .sin_port = htons ((guint16) atoi (colon + 1)) };
}

static void line_close (Line *line) {
  if (line->ssl != NULL)
    SSL_free (line->ssl);
  if (line->fd >= 0)
    close (line->fd);
  *line = (Line){ .fd = -1 };
}

static gboolean line_open (Line *line, SSL_CTX *context, const LoadTarget *target,
                           guint timeout_seconds) {
  struct sockaddr_in address = address_of (target);
  struct timeval timeout = { .tv_sec = timeout_seconds };

  *line = (Line){ .fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
  setsockopt (line->fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt (line->fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  if (connect (line->fd, (struct sockaddr *) &address, sizeof address) == 0) {
    line->ssl = SSL_new (context);
    SSL_set_fd (line->ssl, line->fd);
    if (SSL_connect (line->ssl) == 1)
      return TRUE;
  }
  line_close (line);
  return FALSE;
}

static gboolean line_send (Line *line, gconstpointer data, gsize size) {
  return SSL_write (line->ssl, data, (int) size) == (int) size;
}

/* The status, and what "Retry-After" says; 0 without an answer. */
static int line_read_answer (Line *line, int *out_retry_after) {
  char text[ANSWER_SIZE];
  gsize size = 0;
  const char *retry;

  for (;;) {
    int n = SSL_read (line->ssl, text + size, (int) (sizeof text - 1 - size));

    if (n <= 0)
      return 0;
    size += (gsize) n;
    text[size] = '\0';
    if (strstr (text, "\r\n\r\n") != NULL || size == sizeof text - 1)
      break;
  }
  retry = strstr (text, "Retry-After: ");
  *out_retry_after = retry != NULL ? atoi (retry + strlen ("Retry-After: ")) : 0;
  return strncmp (text, "HTTP/1.1 ", 9) == 0 ? atoi (text + 9) : 0;
}

/* ---- a burst ---- */

typedef struct {
  const LoadTarget *target;
  SSL_CTX *context;
  CrowdQuestion question;
  gpointer data;
  gint next;
  gint64 start, deadline;
  pthread_barrier_t doors;
  GMutex lock;
  CrowdResult result;
} Burst;

/* TRUE when there is nothing more to try. */
static gboolean ask_once (Burst *burst, const char *question) {
  Line line;
  int status = 0, retry_after = 0;

  if (line_open (&line, burst->context, burst->target, 60)) {
    if (line_send (&line, question, strlen (question)))
      status = line_read_answer (&line, &retry_after);
    line_close (&line);
  }
  g_mutex_lock (&burst->lock);
  burst->result.served += status == 200;
  burst->result.put_off += status == 503 && retry_after > 0;
  burst->result.lost += status != 200 && (status != 503 || retry_after == 0);
  if (status == 200)
    burst->result.slowest = (gdouble) (g_get_monotonic_time () - burst->start) / G_USEC_PER_SEC;
  g_mutex_unlock (&burst->lock);
  if (status == 503)
    g_usleep ((gulong) (g_random_double_range (1, 1.5) * retry_after * G_USEC_PER_SEC));
  return status != 503;
}

static void *ask_until_served (void *data) {
  Burst *burst = data;
  g_autofree char *question =
      burst->question ((guint) g_atomic_int_add (&burst->next, 1), burst->data);
  gboolean is_over = FALSE;

  pthread_barrier_wait (&burst->doors);
  while (!is_over && g_get_monotonic_time () < burst->deadline)
    is_over = ask_once (burst, question);
  if (is_over)
    return NULL;
  g_mutex_lock (&burst->lock);
  burst->result.lost++;
  g_mutex_unlock (&burst->lock);
  return NULL;
}

static pthread_t start_thread (void *(*run) (void *data), void *data) {
  pthread_attr_t attributes;
  pthread_t thread;

  pthread_attr_init (&attributes);
  pthread_attr_setstacksize (&attributes, STACK_SIZE);
  g_assert_cmpint (pthread_create (&thread, &attributes, run, data), ==, 0);
  pthread_attr_destroy (&attributes);
  return thread;
}

CrowdResult crowd_ask (const LoadTarget *target, guint n, guint seconds, CrowdQuestion question,
                       gpointer data) {
  Burst burst = {
    .target = target, .context = context_for (target), .question = question, .data = data
  };
  g_autofree pthread_t *threads = g_new0 (pthread_t, n);

  g_mutex_init (&burst.lock);
  pthread_barrier_init (&burst.doors, NULL, n + 1);
  for (guint i = 0; i < n; i++)
    threads[i] = start_thread (ask_until_served, &burst);
  burst.start = g_get_monotonic_time ();
  burst.deadline = burst.start + (gint64) seconds * G_USEC_PER_SEC;
  pthread_barrier_wait (&burst.doors);
  for (guint i = 0; i < n; i++)
    pthread_join (threads[i], NULL);
  pthread_barrier_destroy (&burst.doors);
  g_mutex_clear (&burst.lock);
  SSL_CTX_free (burst.context);
  return burst.result;
}

static char *ask_for_inbox (guint guest, gpointer data) {
  return g_strdup ("GET /v1/inbox?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

CrowdResult crowd_burst (const LoadTarget *target, guint n, guint seconds) {
  return crowd_ask (target, n, seconds, ask_for_inbox, NULL);
}

/* ---- uploads that hang ---- */

struct _Crowd {
  const LoadTarget *target;
  SSL_CTX *context;
  GPtrArray *records;
  gsize head_size;
  guint n_ready, n_standing;
  gboolean is_over;
  gint next;
  GMutex lock;
  GCond changed;
  pthread_t *threads;
};

static gboolean send_beginning (Crowd *crowd, Line *line, const LoadRecord *record) {
  gsize size;
  const guint8 *data = g_bytes_get_data (record->bytes, &size);
  g_autofree char *head =
      g_strdup_printf ("PATCH /v1/records/%s HTTP/1.1\r\nHost: localhost\r\n"
                       "Content-Length: %" G_GSIZE_FORMAT "\r\n" TAMBO_UPLOAD_OFFSET ": 0\r\n\r\n",
                       record->sha256, size);

  return line_open (line, crowd->context, crowd->target, 120)
         && line_send (line, head, strlen (head)) && line_send (line, data, crowd->head_size);
}

/* TRUE when it is time to leave. */
static gboolean wait_a_second (Crowd *crowd) {
  gint64 until = g_get_monotonic_time () + G_USEC_PER_SEC;
  gboolean is_over;

  g_mutex_lock (&crowd->lock);
  while (!crowd->is_over && g_cond_wait_until (&crowd->changed, &crowd->lock, until))
    ;
  is_over = crowd->is_over;
  g_mutex_unlock (&crowd->lock);
  return is_over;
}

static void *hang (void *data) {
  Crowd *crowd = data;
  const LoadRecord *record = crowd->records->pdata[g_atomic_int_add (&crowd->next, 1)];
  const guint8 *bytes = g_bytes_get_data (record->bytes, NULL);
  gsize sent = crowd->head_size;
  Line line;
  gboolean stands = send_beginning (crowd, &line, record);

  g_mutex_lock (&crowd->lock);
  crowd->n_ready++;
  g_cond_broadcast (&crowd->changed);
  g_mutex_unlock (&crowd->lock);
  while (stands && !wait_a_second (crowd)) {
    stands = line_send (&line, bytes + sent, TRICKLE);
    sent += TRICKLE;
  }
  g_mutex_lock (&crowd->lock);
  crowd->n_standing += stands;
  g_mutex_unlock (&crowd->lock);
  line_close (&line);
  return NULL;
}

Crowd *crowd_hang (const LoadTarget *target, GPtrArray *records, gsize head_size) {
  Crowd *crowd = g_new0 (Crowd, 1);

  crowd->target = target;
  crowd->context = context_for (target);
  crowd->records = records;
  crowd->head_size = head_size;
  crowd->threads = g_new0 (pthread_t, records->len);
  g_mutex_init (&crowd->lock);
  g_cond_init (&crowd->changed);
  for (guint i = 0; i < records->len; i++)
    crowd->threads[i] = start_thread (hang, crowd);
  g_mutex_lock (&crowd->lock);
  while (crowd->n_ready < records->len)
    g_cond_wait (&crowd->changed, &crowd->lock);
  g_mutex_unlock (&crowd->lock);
  return crowd;
}

guint crowd_leave (Crowd *crowd) {
  guint standing;

  g_mutex_lock (&crowd->lock);
  crowd->is_over = TRUE;
  g_cond_broadcast (&crowd->changed);
  g_mutex_unlock (&crowd->lock);
  for (guint i = 0; i < crowd->records->len; i++)
    pthread_join (crowd->threads[i], NULL);
  standing = crowd->n_standing;
  SSL_CTX_free (crowd->context);
  g_mutex_clear (&crowd->lock);
  g_cond_clear (&crowd->changed);
  g_free (crowd->threads);
  g_free (crowd);
  return standing;
}
