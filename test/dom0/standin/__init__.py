# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for dom0: what qubesd, the Admin API and the qvm programs do as far as Salt states can see it.

Stands for: qubes-core-admin (qubesd), qubes-core-admin-client (the programs), qubes-core-admin-addon-whonix.
Does not model: Xen, real storage, qrexec calls, devices, backups, notes, more than one DispVM start, remote qubes.
"""
