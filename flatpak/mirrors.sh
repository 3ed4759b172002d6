# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Where this computer gets Debian from. To be sourced.

# mirror_of RELEASE: the address, without the slash at its end; nothing for a release that apt is not told of.
mirror_of() {
  apt-get indextargets --format "\$(REPO_URI) \$(RELEASE) \$(COMPONENT)" 'Created-By: Packages' |
    sed -nE "s|/? $1 main\$||p" | head -n 1
}
