/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso39794-5.h"

#include "format/format-error.h"
#include "format/iso39794.h"

#define TAG_FACE_IMAGE_DATA 0x65
#define TAG_SEQUENCE 0x30
#define FULL_FRONTAL 1

/* Members of RepresentationBlock, ImageRepresentation2DBlock, ImageInformation2DBlock and
 * IdentityMetadataBlock. */
enum { ID, IMAGE_REPRESENTATION, IDENTITY = 8, N_REPRESENTATION };
enum { DATA, INFORMATION, N_IMAGE };
enum { DATA_FORMAT, KIND, SIZE = 7, N_INFORMATION };
enum { GENDER, EYE_COLOUR, HAIR_COLOUR, N_IDENTITY };

/* ImageDataFormatCode. */
#define FORMAT_JPEG 2
#define FORMAT_JPEG2000_LOSSY 3
#define FORMAT_JPEG2000_LOSSLESS 4
#define KIND_MRTD 0

/* The codes of this standard by those of ISO/IEC 19794-5, where 0 is unspecified. */
static const guint8 genders[] = { 0, 2, 3 };
static const guint8 eye_colours[] = { 0, 2, 3, 4, 5, 6, 8, 9 };
static const guint8 hair_colours[] = { 0, 2, 3, 4, 5, 6, 7, 8 };

/* ---- writing ---- */

static void put_mapped (GByteArray *array, guint number, guint8 value, const guint8 *codes,
                        gsize n_codes) {
  if (value > 0 && value < n_codes)
    tambo_39794_put_extension_code (array, number, codes[value]);
}

static GByteArray *image_information (const TamboFaceRecord *record) {
  GByteArray *information = g_byte_array_new ();
  g_autoptr (GByteArray) size = g_byte_array_new ();

  tambo_39794_put_code (information, DATA_FORMAT,
                        record->image_type == TAMBO_IMAGE_JPEG ? FORMAT_JPEG
                                                               : FORMAT_JPEG2000_LOSSY);
  tambo_39794_put_extension_code (information, KIND, KIND_MRTD);
  if (record->width > 0 && record->height > 0) {
    tambo_der_put_number (size, TAMBO_39794_MEMBER (0), record->width);
    tambo_der_put_number (size, TAMBO_39794_MEMBER (1), record->height);
    tambo_tlv_put (information, TAMBO_39794_GROUP (SIZE), size->data, size->len);
  }
  return information;
}

static GByteArray *image_representation (const TamboFaceRecord *record) {
  GByteArray *image = g_byte_array_new ();
  g_autoptr (GByteArray) information = image_information (record);

  tambo_tlv_put_bytes (image, TAMBO_39794_MEMBER (DATA), record->image);
  tambo_tlv_put (image, TAMBO_39794_GROUP (INFORMATION), information->data, information->len);
  tambo_tlv_wrap (image, TAMBO_39794_GROUP (0)); /* imageRepresentation2DBlock */
  tambo_tlv_wrap (image, TAMBO_39794_GROUP (0)); /* base */
  return image;
}

static void put_identity (GByteArray *representation, const TamboFaceRecord *record) {
  g_autoptr (GByteArray) identity = g_byte_array_new ();

  put_mapped (identity, GENDER, record->gender, genders, G_N_ELEMENTS (genders));
  put_mapped (identity, EYE_COLOUR, record->eye_colour, eye_colours, G_N_ELEMENTS (eye_colours));
  put_mapped (identity, HAIR_COLOUR, record->hair_colour, hair_colours,
              G_N_ELEMENTS (hair_colours));
  if (identity->len > 0)
    tambo_tlv_put (representation, TAMBO_39794_GROUP (IDENTITY), identity->data, identity->len);
}

GBytes *tambo_face_block_encode (const TamboFaceRecord *record) {
  g_autoptr (GByteArray) representation = g_byte_array_new ();
  g_autoptr (GByteArray) image = image_representation (record);
  GByteArray *block = g_byte_array_new ();

  tambo_der_put_number (representation, TAMBO_39794_MEMBER (ID), 0);
  tambo_tlv_put (representation, TAMBO_39794_GROUP (IMAGE_REPRESENTATION), image->data, image->len);
  put_identity (representation, record);
  tambo_tlv_wrap (representation, TAG_SEQUENCE);

  tambo_39794_put_version (block);
  tambo_tlv_put (block, TAMBO_39794_GROUP (1), representation->data, representation->len);
  tambo_tlv_wrap (block, TAG_FACE_IMAGE_DATA);
  return g_byte_array_free_to_bytes (block);
}

/* ---- reading ---- */

static gboolean malformed (GError **error, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "face image data: %s",
               message);
  return FALSE;
}

static gboolean unsupported (GError **error, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED, "face image data: %s",
               message);
  return FALSE;
}

/* Unknown codes and "other" say as little as nothing. */
static gboolean read_mapped (const TamboTlv *choice, const guint8 *codes, gsize n_codes,
                             guint8 *out_value) {
  guint code;

  if (choice->tag == 0)
    return TRUE;
  if (!tambo_39794_read_code (choice, &code))
    return FALSE;
  for (gsize i = 1; i < n_codes; i++)
    if (codes[i] == code)
      *out_value = (guint8) i;
  return TRUE;
}

static gboolean read_identity (const TamboTlv *identity, TamboFaceRecord *record) {
  TamboTlv members[N_IDENTITY];

  return identity->tag == 0
         || (tambo_39794_members (identity, members, N_IDENTITY)
             && read_mapped (&members[GENDER], genders, G_N_ELEMENTS (genders), &record->gender)
             && read_mapped (&members[EYE_COLOUR], eye_colours, G_N_ELEMENTS (eye_colours),
                             &record->eye_colour)
             && read_mapped (&members[HAIR_COLOUR], hair_colours, G_N_ELEMENTS (hair_colours),
                             &record->hair_colour));
}

static gboolean read_size (const TamboTlv *size, TamboFaceRecord *record) {
  TamboTlv members[2];
  guint width, height;

  if (size->tag == 0)
    return TRUE;
  if (!tambo_39794_members (size, members, 2)
      || !tambo_39794_read_number (&members[0], G_MAXUINT16, &width)
      || !tambo_39794_read_number (&members[1], G_MAXUINT16, &height))
    return FALSE;
  record->width = (guint16) width;
  record->height = (guint16) height;
  return TRUE;
}

/* What the format says is checked for its form alone: the first bytes of the image decide. */
static gboolean read_information (const TamboTlv *information, TamboFaceRecord *record,
                                  GError **error) {
  TamboTlv members[N_INFORMATION];
  guint format;

  if (information->tag == 0 || !tambo_39794_members (information, members, N_INFORMATION)
      || members[DATA_FORMAT].tag == 0 || !read_size (&members[SIZE], record))
    return malformed (error, "no image information, or one that is not of its form");
  if (!tambo_39794_read_code (&members[DATA_FORMAT], &format) || format < FORMAT_JPEG
      || format > FORMAT_JPEG2000_LOSSLESS)
    return unsupported (error, "the image is neither JPEG nor JPEG 2000");
  return TRUE;
}

static gboolean read_image (const TamboTlv *choice, TamboFaceRecord *record, GError **error) {
  TamboTlv base, two_dimensional, members[N_IMAGE];

  if (choice->tag == 0 || !tambo_39794_members (choice, &base, 1))
    return malformed (error, "no image representation");
  if (base.tag == 0 || !tambo_39794_members (&base, &two_dimensional, 1)
      || two_dimensional.tag == 0)
    return unsupported (error, "the image is not two-dimensional");
  if (!tambo_39794_members (&two_dimensional, members, N_IMAGE) || members[DATA].tag == 0
      || members[DATA].length == 0)
    return malformed (error, "no image in it");
  if (!read_information (&members[INFORMATION], record, error))
    return FALSE;

  g_autoptr (GBytes) image = g_bytes_new (members[DATA].value, members[DATA].length);
  record->image_type = tambo_image_sniff (image);
  if (record->image_type != TAMBO_IMAGE_JPEG && record->image_type != TAMBO_IMAGE_JPEG2000)
    return unsupported (error, "the image is neither JPEG nor JPEG 2000");
  record->image = g_steal_pointer (&image);
  return TRUE;
}

/* The members of the first representation. */
static gboolean open_block (GBytes *bytes, TamboTlv *out_members, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);
  TamboTlv block, members[2], representation;

  if (!tambo_tlv_next (&reader, &block) || block.tag != TAG_FACE_IMAGE_DATA
      || tambo_reader_left (&reader) > 0)
    return malformed (error, "not one object of tag 65, or cut short");
  if (!tambo_39794_members (&block, members, 2))
    return malformed (error, "members out of order or cut short");
  if (!tambo_39794_check_version (&members[0]))
    return unsupported (error, "no version of the third generation");
  reader = tambo_reader (members[1].value, members[1].length);
  if (members[1].tag == 0 || !tambo_tlv_next (&reader, &representation)
      || representation.tag != TAG_SEQUENCE
      || !tambo_39794_members (&representation, out_members, N_REPRESENTATION))
    return malformed (error, "no representation in it");
  return TRUE;
}

gboolean tambo_face_block_parse (GBytes *bytes, TamboFaceRecord *out_record, GError **error) {
  g_auto (TamboFaceRecord) record = { .face_image_type = FULL_FRONTAL };
  TamboTlv members[N_REPRESENTATION];

  if (!open_block (bytes, members, error)
      || !read_image (&members[IMAGE_REPRESENTATION], &record, error))
    return FALSE;
  if (!read_identity (&members[IDENTITY], &record))
    return malformed (error, "what it says of the person is not of its form");
  *out_record = record;
  record.image = NULL;
  return TRUE;
}
