# SPDX-License-Identifier: GPL-3.0-or-later
"""What the dom0 commands plan and doctor share. It looks, and writes nothing."""
