# SPDX-License-Identifier: GPL-3.0-or-later
import jmbase
import libnacl.public
import OpenSSL
import twisted.words.protocols.irc
import txtorcon.socks
