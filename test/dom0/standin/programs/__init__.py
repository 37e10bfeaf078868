# SPDX-License-Identifier: GPL-3.0-or-later
"""The qvm programs. Each is a module with `main(arguments) -> int`, started by a three-line launcher (setup.py).

They import next to nothing, because a tree full of guards starts hundreds of them.
"""
