# SPDX-License-Identifier: GPL-3.0-or-later
import bitcointx.core.psbt
import bitcointx.core.secp256k1
import bitcointx.signmessage
import bitcointx.wallet
import jmbase

# Makes a key, so that libsecp256k1 is loaded and its callbacks are set.
bitcointx.wallet.CBitcoinKey.from_secret_bytes(b"\x01" * 32)
