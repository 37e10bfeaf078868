# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands for JoinMarket's source where there is none: its four packages load the libraries that the real ones load (0.9.12, by grep of its imports), with
their C libraries, and its two programs do no more than start. Does not model anything that JoinMarket does.
"""
import chromalog.colorizer
import chromalog.log
import chromalog.mark.helpers.simple
import colorama
import cryptography.hazmat.primitives.ciphers
import twisted.internet.ssl
import twisted.protocols.amp
import twisted.web.client
import twisted.web.server
import txtorcon.web
import zope.interface
