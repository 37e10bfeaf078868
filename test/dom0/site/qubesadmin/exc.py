# SPDX-License-Identifier: GPL-3.0-or-later
"""The exceptions of qubes-core-admin-client qubesadmin/exc.py that looking can raise, with the same classes above them."""


class QubesException(Exception):
    """Exception that can be shown to the user"""


class QubesVMNotFoundError(QubesException, KeyError):
    """Domain cannot be found in the system"""

    __str__ = QubesException.__str__


class QubesNoSuchPropertyError(QubesException, AttributeError):
    """Requested property does not exist"""


class QubesFeatureNotFoundError(QubesException, KeyError):
    """Feature not set for a given domain"""

    __str__ = QubesException.__str__


class QubesDaemonCommunicationError(QubesException):
    """Error while communicating with qubesd, may mean insufficient permissions as well"""


class QubesDaemonAccessError(QubesDaemonCommunicationError):
    """Got empty response from qubesd"""


class QubesPropertyAccessError(QubesDaemonAccessError, AttributeError):
    """Failed to read property value"""


class PermissionDenied(Exception):
    """qubesd does not cooperate"""
