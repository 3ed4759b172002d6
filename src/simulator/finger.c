/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/finger.h"

#include "base/file.h"
#include "format/image-codec.h"
#include "simulator/control.h"
#include "simulator/fault.h"
#include "simulator/finger-hand.h"
#include "simulator/process.h"
#include "simulator/simulator-error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LOOK_MS 40 /* how often the sensor's socket is looked for */

/* A sensor's steps: it is opened; a finger comes down; the picture was sent. */
enum {
  FAULT_HANG,
  FAULT_BUSY,
  FAULT_GARBAGE,
  FAULT_BLANK,
  FAULT_ERROR,
  FAULT_UNPLUG,
};
static const char *const fault_names[] = {
  [FAULT_HANG] = "hang",
  [FAULT_BUSY] = "busy",
  [FAULT_GARBAGE] = "garbage",
  [FAULT_BLANK] = "blank",
  [FAULT_ERROR] = "error",
  [FAULT_UNPLUG] = "unplug",
  NULL,
};

/* What stands in the place of a width says something else than a picture. */
enum {
  SENSOR_FAILS = -2, /* with one of libfprint's numbers of errors */
  SENSOR_AUTOMATIC = -3,
  SENSOR_FINGER = -4,
  SENSOR_GONE = -5,
};
#define ERROR_BUSY 4
#define ERROR_PROTOCOL 5

typedef struct {
  TamboHand *hand;
  TamboFaults *faults;
  const char *path; /* borrowed */
  int delay_ms;
  gboolean once;
  GMainLoop *loop;
  int wake;           /* eventfd: a command has come */
  gint stop, presses; /* atomic */
  gint unplugged;     /* likewise */
} Player;

typedef enum {
  WAIT_TIMEOUT,
  WAIT_WOKEN,
  WAIT_READY, /* what was asked for, or the end of the connection */
} WaitResult;

/* FD may be -1: then it only passes the time. */
static WaitResult wait_for (Player *player, int fd, short events, int timeout_ms) {
  struct pollfd fds[] = { { player->wake, POLLIN, 0 }, { fd, events, 0 } };
  int n = poll (fds, G_N_ELEMENTS (fds), timeout_ms);
  if (n > 0 && fds[0].revents != 0) {
    eventfd_t value;
    eventfd_read (player->wake, &value);
    return WAIT_WOKEN;
  }
  return n > 0 ? WAIT_READY : WAIT_TIMEOUT;
}

static int connect_sensor (const char *path) {
  struct sockaddr_un address;
  guint size;
  if (!tambo_simulator_unix_address (path, &address, &size, NULL))
    return -1;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && connect (fd, (struct sockaddr *) &address, size) == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean send_all (Player *player, int fd, gconstpointer data, gsize size) {
  const guint8 *at = data;
  while (size > 0 && !g_atomic_int_get (&player->stop)) {
    gssize sent = send (fd, at, size, MSG_NOSIGNAL);
    if (sent > 0) {
      at += sent;
      size -= (gsize) sent;
    } else if (errno == EAGAIN) {
      wait_for (player, fd, POLLOUT, -1);
    } else if (errno != EINTR) {
      return FALSE;
    }
  }
  return size == 0;
}

static gboolean send_word (Player *player, int fd, gint32 word, gint32 value) {
  const gint32 header[] = { word, value };
  return send_all (player, fd, header, sizeof header);
}

/* Noise, or a glass on which nothing lies. */
static void spoil (TamboImage *image, gboolean noise) {
  memset (image->data, 0xff, tambo_image_size (image));
  for (gsize i = 0; noise && i < tambo_image_size (image); i++)
    image->data[i] = (guint8) g_random_int_range (0, 256);
}

static gboolean has (guint struck, int fault) {
  return (struck & 1u << fault) != 0;
}

static gboolean send_print (Player *player, int fd, guint struck) {
  g_autoptr (TamboImage) image = tambo_hand_press (player->hand);
  if (has (struck, FAULT_GARBAGE) || has (struck, FAULT_BLANK))
    spoil (image, has (struck, FAULT_GARBAGE));
  return send_word (player, fd, image->width, image->height)
         && send_all (player, fd, image->data, tambo_image_size (image));
}

/* The next step. FALSE when a fault ended the line, or leaves it silent. DOWN: with the finger on it. */
static gboolean survive_step (Player *player, int fd, gboolean down, guint *out_struck) {
  guint struck = *out_struck = tambo_faults_step (player->faults);
  if (has (struck, FAULT_UNPLUG))
    g_atomic_int_set (&player->unplugged, 1);
  gboolean gone = g_atomic_int_get (&player->unplugged) != 0;
  gboolean fails = gone || has (struck, FAULT_BUSY) || has (struck, FAULT_ERROR);
  if (!fails && !has (struck, FAULT_HANG))
    return TRUE;
  if (down) {
    send_word (player, fd, SENSOR_AUTOMATIC, 0);
    send_word (player, fd, SENSOR_FINGER, 1);
  }
  if (gone)
    send_word (player, fd, SENSOR_GONE, 0);
  else if (fails)
    send_word (player, fd, SENSOR_FAILS, has (struck, FAULT_BUSY) ? ERROR_BUSY : ERROR_PROTOCOL);
  return FALSE;
}

/* Whether the sensor is still there. A reader that closes with the print unread resets the
 * connection: then OUT_REFUSED, and the finger has not had its turn. */
static gboolean is_open (int fd, gboolean *out_refused) {
  char byte;
  gssize got = recv (fd, &byte, 1, MSG_DONTWAIT);
  *out_refused = got < 0 && errno == ECONNRESET;
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

/* FALSE when the reader closed, or the player stops, before the finger came down. */
static gboolean approach (Player *player, int fd) {
  gint64 touch = g_get_monotonic_time () + player->delay_ms * 1000LL;
  gboolean refused;
  while (!g_atomic_int_get (&player->stop)) {
    gint64 left = touch - g_get_monotonic_time ();
    if (left <= 0)
      return TRUE;
    if (wait_for (player, fd, POLLIN, (int) (left / 1000) + 1) == WAIT_READY
        && !is_open (fd, &refused))
      return FALSE;
  }
  return FALSE;
}

/* Nothing more is said; the reader closes when it has waited long enough. */
static void stay_silent (Player *player, int fd) {
  gboolean refused;
  while (!g_atomic_int_get (&player->stop)) {
    if (wait_for (player, fd, POLLIN, -1) == WAIT_READY && !is_open (fd, &refused))
      return;
  }
}

static gboolean press_down (Player *player, int fd) {
  guint struck;
  return survive_step (player, fd, TRUE, &struck) && send_print (player, fd, struck)
         && survive_step (player, fd, FALSE, &struck);
}

static void play_opening (Player *player, int fd) {
  gboolean refused = FALSE;
  guint struck;
  g_atomic_int_set (&player->presses, 1);
  if (!survive_step (player, fd, FALSE, &struck)) {
    stay_silent (player, fd);
    return;
  }
  if (!approach (player, fd))
    return;
  while (!g_atomic_int_get (&player->stop)) {
    if (g_atomic_int_get (&player->presses) > 0) {
      g_atomic_int_add (&player->presses, -1);
      if (!press_down (player, fd)) {
        stay_silent (player, fd);
        return;
      }
    }
    if (wait_for (player, fd, POLLIN, -1) == WAIT_READY && !is_open (fd, &refused))
      break;
  }
  if (refused || g_atomic_int_get (&player->stop))
    return;
  tambo_hand_lift (player->hand);
  if (player->once)
    g_main_loop_quit (player->loop);
}

static gpointer play_thread (gpointer data) {
  Player *player = data;
  while (!g_atomic_int_get (&player->stop)) {
    int fd = connect_sensor (player->path);
    if (fd < 0) {
      wait_for (player, -1, 0, LOOK_MS);
      continue;
    }
    play_opening (player, fd);
    close (fd);
  }
  return NULL;
}

/* libfprint leaves the name of its socket behind. */
static void remove_stale_socket (const char *path) {
  struct sockaddr_un address;
  guint size;
  if (!tambo_simulator_unix_address (path, &address, &size, NULL))
    return;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (connect (fd, (struct sockaddr *) &address, size) < 0 && errno == ECONNREFUSED)
    unlink (path);
  close (fd);
}

/* Takes effect at the sensor's next step. */
static gboolean set_plugged (Player *player, gboolean plugged, GError **error) {
  if (g_atomic_int_compare_and_exchange (&player->unplugged, plugged, !plugged))
    return TRUE;
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_FAILED,
               "the sensor is %s already", plugged ? "plugged in" : "unplugged");
  return FALSE;
}

static gboolean on_command (char **words, gpointer data, GError **error) {
  Player *player = data;
  guint n = g_strv_length (words);
  if (n == 2 && g_str_equal (words[0], "seed"))
    return tambo_hand_use_seeds (player->hand, words[1], error);
  if (n == 2 && g_str_equal (words[0], "image"))
    return tambo_hand_use_images (player->hand, (const char *const *) words + 1, error);
  if (n == 1 && g_str_equal (words[0], "press")) {
    g_atomic_int_inc (&player->presses);
    eventfd_write (player->wake, 1);
    return TRUE;
  }
  if (n == 2 && g_str_equal (words[0], "fault"))
    return tambo_faults_set (player->faults, words[1], error);
  if (n == 1 && (g_str_equal (words[0], "unplug") || g_str_equal (words[0], "plug")))
    return set_plugged (player, g_str_equal (words[0], "plug"), error);
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
               "a finger knows: seed N, image FILE, press, fault LIST, unplug, plug");
  return FALSE;
}

static gboolean save_print (TamboHand *hand, const char *path, GError **error) {
  g_autoptr (TamboImage) image = tambo_hand_press (hand);
  g_autoptr (GBytes) png = tambo_image_encode_png (image, error);
  return png != NULL && tambo_file_write_durable (path, png, 0600, error);
}

static gboolean play (Player *player, const char *control_path, GError **error) {
  struct sockaddr_un address;
  guint size;
  if (!tambo_simulator_unix_address (player->path, &address, &size, error))
    return FALSE;

  g_autoptr (TamboControl) control = NULL;
  player->loop = tambo_simulator_main_loop_new ();
  player->wake = eventfd (0, EFD_CLOEXEC);
  if (control_path != NULL) {
    control = tambo_control_listen (control_path, on_command, player, error);
    if (control == NULL)
      return FALSE;
  }
  GThread *thread = g_thread_new ("finger", play_thread, player);
  tambo_simulator_announce ("finger %s", player->path);
  g_main_loop_run (player->loop);

  g_atomic_int_set (&player->stop, 1);
  eventfd_write (player->wake, 1);
  g_thread_join (thread);
  g_clear_pointer (&control, tambo_control_free);
  remove_stale_socket (player->path);
  close (player->wake);
  g_main_loop_unref (player->loop);
  return TRUE;
}

int tambo_simulator_finger_main (int argc, char **argv) {
  g_autofree char *socket = NULL, *seeds = NULL, *save = NULL, *control = NULL, *fault = NULL;
  g_auto (GStrv) images = NULL;
  gboolean once = FALSE;
  int press = -1, delay_ms = 300;
  const GOptionEntry options[] = {
    { "socket", 0, 0, G_OPTION_ARG_FILENAME, &socket, "The path in FP_VIRTUAL_IMAGE", "PATH" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &seeds, "Grown fingers, used in turn", "N[,N…]" },
    { "image", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &images, "A picture of a print", "FILE" },
    { "once", 0, 0, G_OPTION_ARG_NONE, &once, "End after one press", NULL },
    { "save", 0, 0, G_OPTION_ARG_FILENAME, &save, "Write one impression and end", "FILE" },
    { "press", 0, 0, G_OPTION_ARG_INT, &press, "Number of the first impression", "N" },
    { "delay", 0, 0, G_OPTION_ARG_INT, &delay_ms, "From opening to touch (300)", "MS" },
    { "fault", 0, 0, G_OPTION_ARG_STRING, &fault, "What goes wrong: NAME or NAME@N", "LIST" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &control, "Take commands on this socket", "PATH" },
    { NULL },
  };
  if (!tambo_simulator_parse_options (
          &argc, &argv, NULL, "Plays a finger on libfprint's virtual image sensor.", options))
    return 2;
  if ((seeds == NULL) == (images == NULL) || (socket == NULL) == (save == NULL)) {
    g_printerr ("tambo-simulator: finger needs either --seed or --image, and either --socket or "
                "--save; see --help\n");
    return 2;
  }

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFaults) faults = tambo_faults_new ("finger", fault_names);
  g_autoptr (TamboHand) hand = tambo_hand_new (press >= 0 ? (guint32) press : g_random_int ());
  Player player = { .hand = hand,
                    .faults = faults,
                    .path = socket,
                    .delay_ms = CLAMP (delay_ms, 0, 60000),
                    .once = once };
  if (fault != NULL && !tambo_faults_set (faults, fault, &error))
    return tambo_simulator_fail ("finger", error);
  gboolean known = seeds != NULL
                       ? tambo_hand_use_seeds (hand, seeds, &error)
                       : tambo_hand_use_images (hand, (const char *const *) images, &error);
  if (!known || !(save != NULL ? save_print (hand, save, &error) : play (&player, control, &error)))
    return tambo_simulator_fail ("finger", error);
  return 0;
}
