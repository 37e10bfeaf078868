// SPDX-License-Identifier: GPL-3.0-or-later

/** Features that the states, Qubes or Whonix set themselves, or by which a qube would not keep its files: nobody sets them by hand. */
export const NOT_THE_USERS =
  /^(?:service\..*|menu-items|ipv6|vm-config\..*|whonix-.*|qrexec|gui|gui-.*|os|os-.*|internal|supported-.*)$/;

/** With it a qube keeps neither /home nor /usr/local nor /rw/config unless each is listed (qubes-core-agent-linux, custom-persist of R4.3). */
export const PERSIST = /^(?:service\.)?custom-persist/;
