/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chips through a real pcscd: how many commands reading and writing take against the fewest that the
 * bytes and the frame size allow; what the host costs against the same commands played from a file; and
 * reading over a simulated contactless line against the time of the line itself. Prints ratios, and
 * fails when one is not met.
 */
#include <string.h>
#include <winscard.h>

#include <glib/gstdio.h>

#include "chip/personalisation.h"
#include "chip/reader.h"
#include "simulator/card-iso7816.h"
#include "simulator/card-line.h"
#include "specimen.h"
#include "wire.h"

#define BYTES 20000
#define CARD_WAIT_MS 5000
#define ROUNDS 15
#define BARE_ROUNDS 61 /* without a line: they are short, and disturbed by little */
#define SPARE 2        /* commands above the lower bound */
#define MAX_HOST 1.10  /* against the tape */
#define MAX_LINE 1.15  /* against the line's own time */
#define EXTENDED 4000  /* bytes of an answer that a chip declares */
#define LONG_READ ((EXTENDED - 21) / 8 * 8 - 1) /* of a file in it, under 3DES */
#define CLEAR_READ 6 /* MF, EF.CardAccess, EF.ATR/INFO, application, challenge, authentication */

static gboolean failed;

static void report (const char *what, double value, double limit, const char *unit) {
  gboolean good = value <= limit;

  g_print ("%-62s %7.3f %s (at most %g)%s\n", what, value, unit, limit, good ? "" : "  MISSED");
  failed |= !good;
}

/* ---- a channel that remembers what goes through it ---- */

#define TAPE_TYPE_CHANNEL (tape_channel_get_type ())
G_DECLARE_FINAL_TYPE (TapeChannel, tape_channel, TAPE, CHANNEL, TamboChannel)

struct _TapeChannel {
  TamboChannel parent_instance;
  TamboChannel *inner;
  GPtrArray *commands, *answers; /* of GBytes */
};

G_DEFINE_FINAL_TYPE (TapeChannel, tape_channel, TAMBO_TYPE_CHANNEL)

static GBytes *tape_channel_transmit (TamboChannel *channel, GBytes *command,
                                      GCancellable *cancellable, GError **error) {
  TapeChannel *self = TAPE_CHANNEL (channel);
  GBytes *answer =
      TAMBO_CHANNEL_GET_CLASS (self->inner)->transmit (self->inner, command, cancellable, error);

  g_ptr_array_add (self->commands, g_bytes_ref (command));
  if (answer)
    g_ptr_array_add (self->answers, g_bytes_ref (answer));
  return answer;
}

static gboolean tape_channel_reset (TamboChannel *channel, GError **error) {
  return tambo_channel_reset (TAPE_CHANNEL (channel)->inner, error);
}

static const char *tape_channel_get_name (TamboChannel *channel) {
  return tambo_channel_get_name (TAPE_CHANNEL (channel)->inner);
}

static void tape_channel_finalize (GObject *object) {
  TapeChannel *self = TAPE_CHANNEL (object);

  g_object_unref (self->inner);
  g_ptr_array_unref (self->commands);
  g_ptr_array_unref (self->answers);
  G_OBJECT_CLASS (tape_channel_parent_class)->finalize (object);
}

static void tape_channel_class_init (TapeChannelClass *klass) {
  TamboChannelClass *channel_class = TAMBO_CHANNEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tape_channel_finalize;
  channel_class->transmit = tape_channel_transmit;
  channel_class->reset = tape_channel_reset;
  channel_class->get_name = tape_channel_get_name;
}

static void tape_channel_init (TapeChannel *self) {
  self->commands = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

static TamboChannel *connect_card (void) {
  g_autoptr (GError) error = NULL;
  TamboChannel *channel = tambo_reader_connect (NULL, CARD_WAIT_MS, NULL, &error);

  if (!channel)
    g_error ("%s", error->message);
  return channel;
}

static TapeChannel *connect_tape (void) {
  TapeChannel *tape = g_object_new (TAPE_TYPE_CHANNEL, NULL);

  tape->inner = connect_card ();
  return tape;
}

/* ---- what is written and read ---- */

typedef struct {
  Wire *wire;
  TamboSigner *csca, *ds;
  GPtrArray *roots;
  TamboLds *lds;
  TamboMrz *mrz;
  char *folder; /* the LDS as files */
} Office;

static void save (const TamboLds *lds, const char *folder) {
  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++) {
    g_autofree char *path = g_build_filename (folder, tambo_lds_file_name (file), NULL);
    gsize size = 0;
    const char *data = lds->files[file] ? g_bytes_get_data (lds->files[file], &size) : NULL;
    if (data)
      g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
  }
}

static void office_init (Office *office) {
  office->wire = wire_new ();
  office->csca = tambo_csca_new ("UT", "Specimen CSCA", 10, NULL);
  office->ds = tambo_document_signer_new (office->csca, "Specimen DS", 5, NULL);
  office->roots = specimen_csca (office->csca);
  office->lds = specimen_lds (office->ds, BYTES);
  office->mrz = tambo_mrz_parse (SPECIMEN_MRZ, NULL, NULL);
  office->folder = g_build_filename (office->wire->folder, "lds", NULL);
  g_assert_cmpint (g_mkdir (office->folder, 0700), ==, 0);
  save (office->lds, office->folder);
}

static void office_clear (Office *office) {
  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++) {
    g_autofree char *path = g_build_filename (office->folder, tambo_lds_file_name (file), NULL);
    g_remove (path);
  }
  g_rmdir (office->folder);
  g_free (office->folder);
  wire_free (office->wire);
  tambo_mrz_free (office->mrz);
  tambo_lds_free (office->lds);
  g_ptr_array_unref (office->roots);
  tambo_signer_free (office->ds);
  tambo_signer_free (office->csca);
}

/* A SELECT for each file, and as many frames as its bytes fill. */
static guint bound (const TamboLds *lds, gsize frame) {
  guint commands = 0;

  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++)
    if (lds->files[file])
      commands += 1 + (guint) ((g_bytes_get_size (lds->files[file]) + frame - 1) / frame);
  return commands;
}

/* ---- the number of commands ---- */

typedef struct {
  TapeChannel *tape;
  guint before[TAMBO_STEP_DONE + 1]; /* commands before the step was announced first */
  gboolean seen[TAMBO_STEP_DONE + 1];
} Steps;

static gboolean note_step (TamboPersonalisationStep step, TamboLdsFile file, gpointer data,
                           GError **error) {
  Steps *steps = data;

  if (!steps->seen[step])
    steps->before[step] = steps->tape->commands->len;
  steps->seen[step] = TRUE;
  return TRUE;
}

static const struct {
  const char *name, *profile, *scp, *extended;
  TamboScpProtocol protocol;
  gsize frame;      /* the most that one short command carries of a file */
  gsize around;     /* bytes of each file that name it */
  gboolean selects; /* a file, before it is written */
  guint session;    /* commands that open the agent's own */
} kinds[] = {
  { "jmrtd", "jmrtd", "3", "0", TAMBO_SCP_03, 255, 0, TRUE, 1 },
  { "iso7816", "iso7816", "3", "0", TAMBO_SCP_03, 239, 0, TRUE, 4 },
  { "gp-scp03", "gp-scp03", "3", "0", TAMBO_SCP_03, 239, 5, FALSE, 4 },
  { "gp-scp02", "gp-scp03", "2", "0", TAMBO_SCP_02, 239, 5, FALSE, 4 },
  { "iso7816 extended", "iso7816", "3", G_STRINGIFY (EXTENDED), TAMBO_SCP_03,
    (EXTENDED - 24) / 8 * 8 - 1, 0, TRUE, 4 },
};

static guint write_bound (const TamboLds *lds, gsize kind) {
  guint commands = 0;

  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++)
    if (lds->files[file])
      commands += (kinds[kind].selects ? 1 : 0)
                  + (guint) ((g_bytes_get_size (lds->files[file]) + kinds[kind].around
                              + kinds[kind].frame - 1)
                             / kinds[kind].frame);
  return commands;
}

static guint count_files (const TamboLds *lds) {
  guint files = 0;

  for (guint file = 0; file < TAMBO_LDS_N_FILES; file++)
    files += lds->files[file] != NULL;
  return files;
}

static void judge (const char *kind, const char *what, guint commands, guint fewest) {
  g_autofree char *text =
      g_strdup_printf ("%s: %s %u commands, at least %u", kind, what, commands, fewest);

  report (text, (double) commands - (double) fewest, SPARE, "more");
}

static void write_card (Office *office, gsize kind) {
  const char *const options[] = { "--profile",  kinds[kind].profile,  "--scp", kinds[kind].scp,
                                  "--extended", kinds[kind].extended, NULL };
  g_autoptr (GBytes) key = g_bytes_new_static (TAMBO_CARD_FACTORY_KEY, TAMBO_CARD_FACTORY_KEY_SIZE);
  TamboPersonalisationKeys keys = { .protocol = kinds[kind].protocol, .enc = key, .mac = key };
  g_autoptr (GPtrArray) verdicts = specimen_verdicts ();
  g_autoptr (GError) error = NULL;

  wire_lay_card (office->wire, options);
  g_autoptr (TapeChannel) tape = connect_tape ();
  Steps steps = { .tape = tape };
  TamboPersonalisation order = { .profile = tambo_chip_profile_find (kinds[kind].profile),
                                 .lds = office->lds,
                                 .mrz = SPECIMEN_MRZ,
                                 .csca = office->roots,
                                 .keys = &keys,
                                 .journal = note_step,
                                 .data = &steps };
  if (!tambo_personalise (&order, TAMBO_CHANNEL (tape), verdicts, NULL, &error))
    g_error ("%s: %s", kinds[kind].name, error->message);
  const guint *at = steps.before;
  gboolean extended = strcmp (kinds[kind].extended, "0") != 0; /* EF.ATR/INFO is read, too */
  judge (kinds[kind].name, "creating", at[TAMBO_STEP_WRITE] - at[TAMBO_STEP_CREATE],
         count_files (office->lds));
  judge (kinds[kind].name, "writing", at[TAMBO_STEP_KEYS] - at[TAMBO_STEP_WRITE],
         write_bound (office->lds, kind));
  judge (kinds[kind].name, "reading back (BAC, 3DES)",
         at[TAMBO_STEP_LOCK] - at[TAMBO_STEP_READ_BACK],
         CLEAR_READ + (extended ? 1 : 0) + bound (office->lds, extended ? LONG_READ : 231)
             + kinds[kind].session);
}

/* Everything on a passport, by PACE and AES: nine commands until the application is open. */
static void read_passport (Office *office, const char *extended, gsize frame) {
  const char *const options[] = { "--profile",  "passport", "--lds", office->folder,
                                  "--extended", extended,   NULL };
  g_autoptr (GError) error = NULL;
  const guint pace = 1 + 2 + 1 + (frame > 256 ? 1 : 0) + 1 + 4 + 1;

  wire_lay_card (office->wire, options);
  g_autoptr (TapeChannel) tape = connect_tape ();
  g_autoptr (TamboSecureMessaging) sm =
      tambo_inspection_open (TAMBO_CHANNEL (tape), office->mrz, NULL, &error);
  g_autoptr (TamboLds) lds =
      sm ? tambo_inspection_read (TAMBO_CHANNEL (tape), sm, NULL, &error) : NULL;
  if (!lds || !tambo_lds_equal (lds, office->lds))
    g_error ("passport: %s", error ? error->message : "differs");
  judge ("passport", frame > 256 ? "reading (PACE, AES, extended)" : "reading (PACE, AES)",
         tape->commands->len, pace + bound (office->lds, frame));
}

/* ---- the host against a tape ---- */

static int compare_doubles (gconstpointer a, gconstpointer b) {
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static double median (double *values, gsize count) {
  qsort (values, count, sizeof *values, compare_doubles);
  return values[count / 2];
}

static double since (gint64 begin) {
  return (double) (g_get_monotonic_time () - begin) / 1000;
}

/* Milliseconds of access control and reading. */
static double read_live (Office *office, TamboChannel *channel) {
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (TamboSecureMessaging) sm = tambo_inspection_open (channel, office->mrz, NULL, &error);
  g_autoptr (TamboLds) lds = sm ? tambo_inspection_read (channel, sm, NULL, &error) : NULL;
  double time = since (begin);

  if (!lds || !tambo_lds_equal (lds, office->lds))
    g_error ("%s", error ? error->message : "what was read differs");
  return time;
}

/* The tape as a file: two bytes of length, a command, and so on. */
static void write_tape (const TapeChannel *tape, const char *path) {
  g_autoptr (GByteArray) file = g_byte_array_new ();

  for (guint i = 0; i < tape->commands->len; i++) {
    gsize size;
    const guint8 *data = g_bytes_get_data (g_ptr_array_index (tape->commands, i), &size);
    g_byte_array_append (file, (guint8[]){ (guint8) (size >> 8), (guint8) size }, 2);
    g_byte_array_append (file, data, (guint) size);
  }
  g_assert_true (g_file_set_contents (path, (const char *) file->data, file->len, NULL));
}

/* The plainest client there can be. */
static double play_tape (const char *path, const char *reader, GPtrArray *answers) {
  g_autofree char *file = NULL;
  g_autofree guint8 *answer = g_malloc (65538);
  SCARDCONTEXT context;
  SCARDHANDLE card;
  DWORD protocol;
  gsize size;

  g_assert_true (g_file_get_contents (path, &file, &size, NULL));
  g_assert_cmpint (SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &context), ==, 0);
  g_assert_cmpint (
      SCardConnect (context, reader, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T1, &card, &protocol),
      ==, 0);
  gint64 begin = g_get_monotonic_time ();
  for (gsize at = 0, i = 0; at < size; i++) {
    gsize length = (gsize) (guint8) file[at] << 8 | (guint8) file[at + 1];
    DWORD got = 65538;
    g_assert_cmpint (SCardTransmit (card, SCARD_PCI_T1, (const guint8 *) file + at + 2,
                                    (DWORD) length, NULL, answer, &got),
                     ==, 0);
    /* the card has done the same work */
    g_assert_cmpuint (got, ==, g_bytes_get_size (g_ptr_array_index (answers, i)));
    at += 2 + length;
  }
  double time = since (begin);
  SCardDisconnect (card, SCARD_RESET_CARD);
  SCardReleaseContext (context);
  return time;
}

static TapeChannel *record (Office *office, const char *path) {
  TapeChannel *tape = connect_tape ();

  read_live (office, TAMBO_CHANNEL (tape));
  write_tape (tape, path);
  return tape;
}

/* With a seed the card draws the same challenges after each reset: so the same commands have the same
 * answers. Rounds take turns, so that a busy machine is busy for both. */
static void compare_with_tape (Office *office, const char *fault, const char *what, gsize rounds) {
  const char *const options[] = { "--profile", "passport", "--lds",  office->folder,
                                  "--pace",    "none",     "--seed", "7",
                                  "--fault",   fault,      NULL };
  g_autofree char *path = g_build_filename (office->wire->folder, "tape", NULL);
  double live[BARE_ROUNDS], played[BARE_ROUNDS];

  wire_lay_card (office->wire, options);
  g_autoptr (TapeChannel) tape = record (office, path);
  g_autofree char *reader = g_strdup (tambo_channel_get_name (tape->inner));
  g_autoptr (GPtrArray) answers = g_ptr_array_ref (tape->answers);
  g_clear_object (&tape);
  for (gsize i = 0; i < rounds; i++) {
    TamboChannel *channel = connect_card ();
    live[i] = read_live (office, channel);
    g_object_unref (channel);
    played[i] = play_tape (path, reader, answers);
  }
  double host = median (live, rounds), tape_time = median (played, rounds);
  g_autofree char *text =
      g_strdup_printf ("%s: %u commands, %.1f ms, from a file %.1f ms, %.0f us each", what,
                       answers->len, host, tape_time, (host - tape_time) * 1000 / answers->len);
  report (text, host / tape_time, MAX_HOST, "of the tape");
}

/* ---- the contactless line ---- */

/* What the fewest frames of AES secure messaging take on the line: commands of 19 bytes, answers of a
 * cryptogram, a status and a MAC around it. */
static double line_time (guint speed, gsize size, gsize frame) {
  guint64 time = tambo_card_line_time (speed, 5 + 15, 16); /* SELECT */

  for (gsize at = 0; at < size; at += frame) {
    gsize piece = MIN (frame, size - at);
    time += tambo_card_line_time (speed, 19, 4 + (piece / 16 + 1) * 16 + 4 + 10 + 2);
  }
  return (double) time / 1000;
}

static void read_slowly (Office *office, guint speed) {
  g_autofree char *fault = g_strdup_printf ("speed=%u", speed);
  const char *const options[] = { "--profile", "passport", "--lds", office->folder,
                                  "--fault",   fault,      NULL };
  double times[5], line = line_time (speed, BYTES, 223);

  wire_lay_card (office->wire, options);
  g_autoptr (TamboChannel) channel = connect_card ();
  for (gsize i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboSecureMessaging) sm =
        tambo_inspection_open (channel, office->mrz, NULL, &error);
    gint64 begin = g_get_monotonic_time ();
    g_autoptr (GBytes) file =
        sm ? tambo_inspection_read_file (channel, sm, TAMBO_LDS_DG7, NULL, &error) : NULL;
    times[i] = since (begin);
    if (!file || !g_bytes_equal (file, office->lds->files[TAMBO_LDS_DG7]))
      g_error ("%s", error ? error->message : "what was read differs");
  }
  double time = median (times, G_N_ELEMENTS (times));
  g_autofree char *what =
      g_strdup_printf ("20 KB, AES, %u kbit/s: %.0f ms, the line %.0f", speed, time, line);
  report (what, time / line, MAX_LINE, "of the line");
}

int main (int argc, char **argv) {
  Office office;

  g_test_init (&argc, &argv, NULL);
  if (!wire_is_possible ()) {
    g_print ("skipped: pcscd is not installed\n");
    return 77;
  }
  office_init (&office);
  for (gsize kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    write_card (&office, kind);
  read_passport (&office, "0", 223);
  read_passport (&office, G_STRINGIFY (EXTENDED), (EXTENDED - 21) / 16 * 16 - 1);
  compare_with_tape (&office, "none", "host, no line at all", BARE_ROUNDS);
  compare_with_tape (&office, "speed=848", "host, at 848 kbit/s", ROUNDS);
  compare_with_tape (&office, "speed=424", "host, at 424 kbit/s", ROUNDS);
  read_slowly (&office, 848);
  read_slowly (&office, 424);
  read_slowly (&office, 106);
  office_clear (&office);
  return failed ? 1 : 0;
}
