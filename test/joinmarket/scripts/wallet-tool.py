# SPDX-License-Identifier: GPL-3.0-or-later
import sys

import jmclient

print("Usage: wallet-tool.py [options] [wallet file] [method] [args..]" if sys.argv[1:] == ["--help"] else "no")
