# SPDX-License-Identifier: GPL-3.0-or-later
"""What qubesd says no with."""


class Refused(Exception):
    """qubesd (or a program on its behalf) refuses the request; in dom0 a subclass of qubesadmin.exc.QubesException."""


class NoSuchProperty(Refused):
    """qubesadmin.exc.QubesNoSuchPropertyError."""
