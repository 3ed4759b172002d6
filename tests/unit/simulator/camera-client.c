/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A station's view of the camera through libgphoto2: some frames of live view and one picture, their
 * sizes and first bytes, one line each. argv[1] is the port, "ptpip:127.0.0.1:P:P".
 */
#include <gphoto2/gphoto2.h>
#include <signal.h>
#include <stdio.h>

static int use_port (Camera *camera, GPContext *context, const char *name) {
  CameraAbilitiesList *abilities;
  CameraAbilities ability;
  GPPortInfoList *ports;
  GPPortInfo port;
  gp_abilities_list_new (&abilities);
  gp_abilities_list_load (abilities, context);
  int model = gp_abilities_list_lookup_model (abilities, "PTP/IP Camera");
  gp_abilities_list_get_abilities (abilities, model, &ability);
  gp_camera_set_abilities (camera, ability);
  gp_port_info_list_new (&ports);
  gp_port_info_list_load (ports);
  int index = gp_port_info_list_lookup_path (ports, name);
  gp_port_info_list_get_info (ports, index, &port);
  gp_camera_set_port_info (camera, port);
  int result = gp_camera_init (camera, context);
  gp_port_info_list_free (ports);
  gp_abilities_list_free (abilities);
  return result;
}

static void say (const char *what, int result, CameraFile *file) {
  const char *data = NULL;
  unsigned long size = 0;
  if (result == GP_OK)
    gp_file_get_data_and_size (file, &data, &size);
  if (size < 4)
    printf ("%s: error %d\n", what, result);
  else
    printf ("%s: %02x%02x to %02x%02x\n", what, data[0] & 0xff, data[1] & 0xff,
            data[size - 2] & 0xff, data[size - 1] & 0xff);
}

static int play (const char *port) {
  Camera *camera;
  CameraFile *file;
  CameraFilePath path;
  GPContext *context = gp_context_new ();
  gp_camera_new (&camera);
  int result = use_port (camera, context, port);
  printf ("init %d\n", result);
  gp_file_new (&file);
  for (int i = 0; i < 3 && result == GP_OK; i++)
    say ("frame", gp_camera_capture_preview (camera, file, context), file);
  if (result == GP_OK)
    result = gp_camera_capture (camera, GP_CAPTURE_IMAGE, &path, context);
  if (result == GP_OK) {
    result =
        gp_camera_file_get (camera, path.folder, path.name, GP_FILE_TYPE_NORMAL, file, context);
    say ("picture", result, file);
  }
  gp_file_unref (file);
  gp_camera_exit (camera, context);
  gp_camera_unref (camera);
  gp_context_unref (context);
  return result;
}

int main (int argc, char **argv) {
  signal (SIGPIPE, SIG_IGN);
  for (int session = 0; argc == 2 && session < 2; session++)
    if (play (argv[1]) != GP_OK)
      return 1;
  return argc == 2 ? 0 : 2;
}
