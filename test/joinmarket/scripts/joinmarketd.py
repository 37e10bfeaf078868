# SPDX-License-Identifier: GPL-3.0-or-later
import sys

import jmdaemon
from twisted.internet import endpoints, protocol, reactor

for below in (0, 1000, 2000):
    endpoint = endpoints.TCP4ServerEndpoint(reactor, int(sys.argv[1]) - below, interface=sys.argv[3])
    endpoint.listen(protocol.Factory.forProtocol(protocol.Protocol))
reactor.run()
