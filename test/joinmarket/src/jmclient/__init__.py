# SPDX-License-Identifier: GPL-3.0-or-later
import argon2
import autobahn.twisted.websocket
import fastbencode
import jmbase
import jmbitcoin
import jwt
import klein
import mnemonic
