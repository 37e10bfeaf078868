// SPDX-License-Identifier: GPL-3.0-or-later
/** What can be wrong with dom0's own files, a kind each, and what `doctor` must say of it. */
import type { Illness } from "./illnesses.ts";

const policy = "/etc/qubes/policy.d";

export const illnessesOfFiles: readonly Illness[] = [
  {
    name: "a policy line that cannot be read",
    make: `echo 'qubes.Filecopy * vault personal alow' >${policy}/60-mine.policy`,
    level: "bad",
    says: /60-mine\.policy:1: invalid action 'alow'/,
  },
  {
    name: "a policy file of a bad name",
    make: `echo >${policy}/30-Mine.policy`,
    level: "bad",
    says: /30-Mine\.policy: its name has other characters/,
  },
  {
    name: "an include of a file that is not there",
    make: `echo '!include include/none' >${policy}/35-inc.policy`,
    level: "bad",
    says: /35-inc\.policy:1: not a file/,
  },
  {
    name: "the old policy, which cannot be judged",
    make: `echo '!compat-4.0' >${policy}/35-compat.policy`,
    level: "warn",
    says: /!compat-4\.0/,
  },
  {
    name: "a line that lets others into the node",
    make: `echo 'qubes.ConnectTCP * @anyvm @anyvm ask' >${policy}/30-user.policy`,
    level: "bad",
    says: /30-user\.policy:1 decides before ours/,
  },
  {
    name: "a line that cuts a link",
    make: `echo 'qubes.ConnectTCP +8332 @anyvm @default deny' >${policy}/50-config-tcp.policy`,
    level: "bad",
    says: /50-config-tcp\.policy:1 decides before ours/,
  },
  {
    name: "a line for one qube and one port, by an include",
    make: `mkdir -p ${policy}/include; echo '+50001 vault electrum-server allow' >/dev/null; echo 'vault electrum-server allow,user=root' >${policy}/include/tcp; echo '!include-service qubes.ConnectTCP +50001 include/tcp' >${policy}/31-inc.policy`,
    level: "bad",
    says: /include\/tcp:1 decides before ours: qubes\.ConnectTCP \+50001 vault electrum-server allow user=root/,
  },
  {
    name: "a stock line that lets a gateway call wallets",
    make: `echo 'whonix.SdwdateStatus * @tag:anon-gateway @tag:anon-vm allow' >${policy}/30-user.policy`,
    level: "bad",
    says: /30-user\.policy:1 decides before ours: whonix\.SdwdateStatus/,
  },
  {
    name: "a file in /run that masks ours",
    make: `mkdir -p /run/qubes/policy.d; echo >/run/qubes/policy.d/80-qwbtc.policy`,
    level: "bad",
    says: /\/run\/qubes\/policy\.d\/80-qwbtc\.policy masks/,
  },
  {
    name: "a link to nothing below /srv",
    make: "mkdir -p /srv/salt/_tops/base; ln -s /srv/formulas/base/gone-formula/gone/init.top /srv/salt/_tops/base/gone.top",
    level: "bad",
    says: /gone\.top is a link to nothing/,
  },
  {
    name: "a folder of the formula's name in another root",
    make: "mkdir -p /srv/salt/qwbtc",
    level: "bad",
    says: /\/srv\/salt\/qwbtc has the name of this formula/,
  },
  {
    name: "a root of another formula with that folder",
    make: "mkdir -p /srv/formulas/other/qwbtc; printf 'file_roots:\\n  base:\\n    - /srv/formulas/other\\n' >/etc/salt/minion.d/formula-other.conf",
    level: "bad",
    says: /\/srv\/formulas\/other\/qwbtc/,
  },
  {
    name: "a folder where install.sh's link belongs",
    make: "mkdir -p /srv/formulas/base/qwbtc-formula",
    level: "bad",
    says: /is not a link that install\.sh made/,
  },
  {
    name: "another formula that names our qubes",
    make: "mkdir -p /srv/salt/_tops/user; printf \"base:\\n  'electrum-*':\\n    - other\\n  vault:\\n    - other\\n\" >/srv/salt/_tops/user/other.top",
    level: "warn",
    says: /other\.top also has states for electrum-server, electrum-client|other\.top also has states for electrum-client, electrum-server/,
  },
  {
    name: "another formula for every AppVM",
    make: "mkdir -p /srv/salt/_tops/base; printf 'base:\\n  qubes:type:app:\\n    - match: pillar\\n    - other\\n' >/srv/salt/_tops/base/other.top",
    level: "warn",
    says: /other\.top also has states for .*electrum-client/,
  },
  {
    name: "a mark of an apply that was cut off",
    make: "mkdir -p /var/lib/qwbtc-salt/qwbtc/creating; echo >/var/lib/qwbtc-salt/qwbtc/creating/electrum-client",
    level: "warn",
    says: /cut off while it made electrum-client, and it is not there/,
  },
];
