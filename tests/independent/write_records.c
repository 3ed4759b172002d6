/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes one record of each kind into the folder that is named: test_records.py reads them.
 */
#include "format/an2k-records.h"
#include "format/cbeff.h"
#include "format/image-codec.h"
#include "format/iso19794-2.h"
#include "format/iso19794-4.h"
#include "format/iso19794-5.h"
#include "format/iso19794-7.h"
#include "format/wsq.h"

#define WIDTH 96
#define HEIGHT 80
#define CAPTURED 1132154722 /* 2005-11-16 */

static const char *folder;

static void write_record (const char *name, GBytes *bytes) {
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes),
                       &error);
  g_assert_no_error (error);
  g_bytes_unref (bytes);
}

static TamboImage *draw (int channels) {
  TamboImage *image = tambo_image_new (WIDTH, HEIGHT, channels);

  for (int i = 0; i < WIDTH * HEIGHT * channels; i++)
    image->data[i] = (guint8) (i * 7 ^ i / WIDTH * 3);
  image->ppi = 500;
  return image;
}

static TamboMinutiaeRecord *make_minutiae (void) {
  TamboMinutiaeRecord *record = tambo_minutiae_record_new ();
  const TamboMinutia three[] = { { TAMBO_MINUTIA_ENDING, 64, 90, 10, 14 },
                                 { TAMBO_MINUTIA_BIFURCATION, 255, 100, WIDTH - 1, HEIGHT - 1 },
                                 { TAMBO_MINUTIA_OTHER, 0, 0, 0, 0 } };
  const guint8 positions[] = { 2, 7 };

  record->width = WIDTH;
  record->height = HEIGHT;
  record->per_centimetre_x = record->per_centimetre_y = 197;
  for (gsize i = 0; i < G_N_ELEMENTS (positions); i++) {
    TamboMinutiaeView *view = tambo_minutiae_view_new ();
    view->position = positions[i];
    view->quality = 86;
    g_array_append_vals (view->minutiae, three, G_N_ELEMENTS (three));
    g_ptr_array_add (record->views, view);
  }
  return record;
}

static GBytes *encode (const TamboImage *image, TamboImageType type) {
  g_autoptr (GError) error = NULL;
  GBytes *bytes = type == TAMBO_IMAGE_WSQ    ? tambo_wsq_encode (image, TAMBO_WSQ_RATE, &error)
                  : type == TAMBO_IMAGE_PNG  ? tambo_image_encode_png (image, &error)
                  : type == TAMBO_IMAGE_JPEG ? tambo_image_encode_jpeg (image, 80, &error)
                                             : tambo_image_encode_jpeg2000 (image, 8000, &error);

  g_assert_no_error (error);
  return bytes;
}

static GBytes *make_finger (TamboFirCompression compression, TamboImageType type) {
  g_autoptr (TamboImage) grey = draw (1);
  g_autoptr (TamboFingerRecord) record = tambo_finger_record_new (500, compression);
  TamboFirView *view = g_new0 (TamboFirView, 1);

  view->position = 2;
  view->quality = 80;
  view->width = WIDTH;
  view->height = HEIGHT;
  view->image = compression == TAMBO_FIR_UNCOMPRESSED
                    ? g_bytes_new (grey->data, tambo_image_size (grey))
                    : encode (grey, type);
  g_ptr_array_add (record->views, view);
  return tambo_finger_record_encode (record);
}

static GBytes *make_face (TamboImageType type) {
  g_autoptr (TamboImage) rgb = draw (3);
  g_auto (TamboFaceRecord) record = {
    .gender = 2, .face_image_type = 1, .image_type = type, .width = WIDTH, .height = HEIGHT
  };

  record.image = encode (rgb, type);
  return tambo_face_record_encode (&record);
}

static GBytes *make_group (TamboCbeffType type, GBytes *data) {
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_cbeff_record_free);
  TamboCbeffRecord *record = g_new0 (TamboCbeffRecord, 1);

  record->type = type;
  record->data = data;
  g_ptr_array_add (records, record);
  return tambo_cbeff_encode (records);
}

static GBytes *make_signature (void) {
  g_autoptr (TamboSignature) signature = tambo_signature_new (9600, 6000, 1023, 2540);

  for (guint i = 0; i < 20; i++) {
    TamboPenSample sample = { (guint16) (400 * i), (guint16) (6000 - 10 * i * i),
                              i == 9 ? 0 : (guint16) (500 + i), i * 5 };
    g_array_append_val (signature->samples, sample);
  }
  return tambo_signature_encode (signature);
}

static TamboAn2kImage make_an2k_image (guint8 position, TamboAn2kCompression compression,
                                       const TamboImage *image, TamboImageType type) {
  return (TamboAn2kImage){ .position = position,
                           .width = WIDTH,
                           .height = HEIGHT,
                           .ppi = 500,
                           .compression = compression,
                           .source = "UTO",
                           .data = encode (image, type) };
}

static GBytes *make_transaction (void) {
  const TamboAn2kHeader header = { "NFUF", "UTO-HQ", "UTO-01", "42", "UTOPIA", CAPTURED };
  g_autoptr (TamboAn2k) an2k = tambo_an2k_new (&header);
  g_autoptr (TamboImage) grey = draw (1), rgb = draw (3);
  g_autoptr (TamboMinutiaeRecord) minutiae = make_minutiae ();
  g_auto (TamboAn2kImage) wsq = make_an2k_image (2, TAMBO_AN2K_WSQ, grey, TAMBO_IMAGE_WSQ);
  g_auto (TamboAn2kImage) png = make_an2k_image (7, TAMBO_AN2K_PNG, grey, TAMBO_IMAGE_PNG);
  g_auto (TamboAn2kImage) face = make_an2k_image (0, TAMBO_AN2K_JPEG, rgb, TAMBO_IMAGE_JPEG);

  tambo_an2k_record_add (tambo_an2k_add_type2 (an2k), 18, "ERIKSSON,ANNA MARIA");
  tambo_an2k_add_type4 (an2k, &wsq);
  tambo_an2k_add_type9 (an2k, minutiae, 0);
  tambo_an2k_add_type10 (an2k, &face, CAPTURED);
  tambo_an2k_add_type14 (an2k, &png, CAPTURED);
  return tambo_an2k_encode (an2k);
}

int main (int argc, char **argv) {
  g_assert_cmpint (argc, ==, 2);
  folder = argv[1];

  g_autoptr (TamboMinutiaeRecord) minutiae = make_minutiae ();
  write_record ("minutiae-2005", tambo_minutiae_record_encode (minutiae));
  write_record ("minutiae-2011", tambo_minutiae_record_encode_2011 (minutiae));
  write_record ("finger-none", make_finger (TAMBO_FIR_UNCOMPRESSED, TAMBO_IMAGE_UNKNOWN));
  write_record ("finger-wsq", make_finger (TAMBO_FIR_WSQ, TAMBO_IMAGE_WSQ));
  write_record ("finger-png", make_finger (TAMBO_FIR_PNG, TAMBO_IMAGE_PNG));
  write_record ("finger-jp2", make_finger (TAMBO_FIR_JPEG2000, TAMBO_IMAGE_JPEG2000));
  write_record ("face-jpeg", make_face (TAMBO_IMAGE_JPEG));
  write_record ("face-jp2", make_face (TAMBO_IMAGE_JPEG2000));
  write_record ("group-face", make_group (TAMBO_CBEFF_FACE, make_face (TAMBO_IMAGE_JPEG2000)));
  write_record ("group-finger",
                make_group (TAMBO_CBEFF_FINGER, make_finger (TAMBO_FIR_WSQ, TAMBO_IMAGE_WSQ)));
  write_record ("signature", make_signature ());
  write_record ("transaction", make_transaction ());
  return 0;
}
