// SPDX-License-Identifier: GPL-3.0-or-later
/** What keeps a whole tree from being installed: things that are not ours, wrong usage, full and read-only disks, a failing qubesctl. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect } from "vitest";
import {
  conf,
  expectRefusal,
  inForce,
  it,
  judged,
  link,
  machine,
  short,
  store,
  top,
  tops,
  why,
  withA,
} from "./bench.ts";

/** Each line of shell puts something into the way on a machine that has nothing of ours yet. */
const foreign: [what: string, prepare: string, words: string][] = [
  ["a formula folder of this name", `mkdir -p ${link}/qwbtc`, `${link} is not a link that install.sh made`],
  [
    "a link to elsewhere",
    `mkdir -p /srv/formulas/base; ln -s /home ${link}`,
    `${link} is not a link that install.sh made`,
  ],
  [
    "a link that only begins like ours",
    `mkdir -p /srv/formulas/base /home/srv/formulas/base/qwbtc-formula; ln -s ${store}/../../../../home/srv/formulas/base/qwbtc-formula ${link}`,
    `${link} is not a link that install.sh made`,
  ],
  [
    "a link that leads out of our store",
    `mkdir -p /srv/formulas/base /var/lib/qwbtc-salt${link} ${store}; ln -s ${store}/..${link} ${link}`,
    `${link} is not a link that install.sh made`,
  ],
  ["a minion file with other bytes", `echo "file_roots: {}" >${conf}`, `${conf} has other bytes`],
  ["a minion file that is a link", `cp /tmp/a/${conf} /home/conf; ln -s /home/conf ${conf}`, `${conf} has other bytes`],
  ["a top that is a file", `mkdir -p ${tops}; echo x >${top}`, `${top} is not a link to ${link}`],
  [
    "a top that leads elsewhere",
    `mkdir -p ${tops}; echo x >/srv/x.top; ln -s /srv/x.top ${top}`,
    `${top} is not a link to ${link}`,
  ],
  ["a folder in /srv/salt that shadows us", "mkdir /srv/salt/qwbtc", "/srv/salt/qwbtc has the name of this formula"],
  [
    "another formula with our folder in it",
    "mkdir -p /srv/formulas/base/x-formula/qwbtc",
    "/srv/formulas/base/x-formula/qwbtc has the name",
  ],
  ["a store that is a link", "mkdir /home/x; ln -s /home/x /var/lib/qwbtc-salt", "/var/lib/qwbtc-salt is not a folder"],
  [
    "a pillar that is a link",
    "mkdir -p /home/x /srv/pillar/base; ln -s /home/x /srv/pillar/base/qwbtc",
    "/srv/pillar/base/qwbtc is not a folder",
  ],
];

describe(`what is not ours stays as it is${why}`, { concurrent: true }, () => {
  it.each(foreign)("%s", async (_, prepare, words) => {
    const dom0 = machine();
    dom0.unpack("/tmp/a", "A");
    const ran = await dom0.run(`set -e; ${prepare}; set +e; ${judged("/tmp/a/install.sh")}`);
    expectRefusal(ran, 2, words, "Nothing was written.", "In force: nothing of formula qwbtc");
  });

  it("a minion file that was edited since, and all that is in the way is said at once", async () => {
    const { dom0, a } = await withA();
    await dom0.run(`echo "# mine" >>${conf}; mkdir /srv/salt/qwbtc`);
    expectRefusal(
      await dom0.install("/tmp/b"),
      2,
      `${conf} has other bytes`,
      "/srv/salt/qwbtc has",
      `In force: version ${short(a)}`,
    );
    expect(inForce(dom0)).toBe("# A");
  });

  it("but a minion file of any stored version is ours", async () => {
    const { dom0 } = await withA();
    const text = `# Another comment.\nfile_roots:\n  base:\n    - ${link}\n`;
    dom0.unpack("/tmp/c", "C", { files: { [conf.slice(1)]: text } });
    expect((await dom0.install("/tmp/c")).code).toBe(0);
    expect(readFileSync(dom0.host(conf), "utf8")).toBe(text);
    expect((await dom0.install("/tmp/b")).code).toBe(0);
    expect(readFileSync(dom0.host(conf), "utf8")).toContain("# Declares the root.");
  });
});

describe(`usage and disk${why}`, { concurrent: true }, () => {
  it("refuses arguments, users, and machines that are no dom0", async () => {
    const dom0 = machine();
    dom0.unpack("/tmp/a", "A");
    expectRefusal(await dom0.run(judged("/tmp/a/install.sh --force")), 2, "install.sh takes no argument");
    const asNobody = await dom0.run(judged("setpriv --reuid=65534 --regid=65534 --clear-groups /tmp/a/install.sh"));
    expectRefusal(asNobody, 2, "must run as root", "sudo ./install.sh");
    expectRefusal(await dom0.run(judged("PATH=/usr/bin:/bin /tmp/a/install.sh")), 2, "there is no qubesctl here");
  });

  it("lets one run at a time work", async () => {
    const dom0 = machine();
    dom0.unpack("/tmp/a", "A");
    expectRefusal(
      await dom0.run(judged("flock /etc/salt/minion.d /tmp/a/install.sh")),
      2,
      "another install.sh is at work",
    );
  });

  /** Mounts something, installs A, makes the disk refuse, tries B, then makes it work again and tries B once more. */
  const disks: [what: string, mount: string, refuse: string, words: string, mend: string][] = [
    [
      "a full /var",
      "mount -t tmpfs -o size=256k t /var/lib",
      "dd if=/dev/zero of=/var/lib/fill bs=4k 2>/dev/null",
      "No space left on device",
      "rm /var/lib/fill",
    ],
    [
      "a /var that fills up half way",
      "mount -t tmpfs -o size=256k t /var/lib",
      "dd if=/dev/zero of=/var/lib/fill bs=4k 2>/dev/null; truncate -s -12k /var/lib/fill",
      "No space left on device",
      "rm /var/lib/fill",
    ],
    [
      "a read-only /var",
      "mount -t tmpfs t /var/lib",
      "mount -o remount,ro /var/lib",
      "Read-only file system",
      "mount -o remount,rw /var/lib",
    ],
    [
      "a read-only /srv",
      "mount -t tmpfs t /srv",
      "mount -o remount,ro /srv",
      "Read-only file system",
      "mount -o remount,rw /srv",
    ],
    [
      "a full /srv",
      "mount -t tmpfs -o nr_inodes=20 t /srv",
      "i=0; while ln -s x /srv/fill$i 2>/dev/null; do i=$((i + 1)); done",
      "No space left on device",
      "rm /srv/fill*",
    ],
  ];
  it.each(disks)(
    "%s: says so, keeps the old version, and the next run finishes",
    async (_, mount, refuse, words, mend) => {
      const dom0 = machine();
      const a = dom0.unpack("/tmp/a", "A");
      dom0.unpack("/tmp/b", "B");
      const left = `find /srv /var/lib /etc/salt -name .stage -o -name '.*.new'; find -L /srv -type l`;
      const ran = await dom0.run(
        `${mount}; /tmp/a/install.sh >/dev/null; ${refuse}; /tmp/b/install.sh; echo "code $?"; sed -n 2p ${top}; ${mend}; ${left}
       /tmp/b/install.sh >/dev/null && sed -n 2p ${top}`,
      );
      expect(ran.out).toBe(
        "Checked: 17 files of formula qwbtc, compiled by 0.1.0, against SHA256SUMS and MANIFEST.json.\ncode 2\n# A\n# B\n",
      );
      expectRefusal(ran, 0, words, `In force: version ${short(a)}`);
    },
  );

  it("a full disk on an empty machine leaves nothing in force", async () => {
    const dom0 = machine();
    dom0.unpack("/tmp/a", "A");
    const ran = await dom0.run(
      `mount -t tmpfs -o size=16k t /var/lib; /tmp/a/install.sh; echo "code $?"; find /srv /var/lib /etc/salt -type f -o -type l`,
    );
    expect(ran.out).toContain("code 2\n/etc/salt/minion.d/f_defaults.conf\n");
    expect(ran.out.endsWith("f_defaults.conf\n")).toBe(true);
    expect(ran.err).toContain("In force: nothing of formula qwbtc");
  });

  it.each([
    ["fails", "stand-in: told to fail"],
    ["lies", "did not enable the top"],
  ])("qubesctl %s: nothing is in force, and the next run finishes", async (hook, words) => {
    const dom0 = machine();
    dom0.unpack("/tmp/a", "A");
    writeFileSync(dom0.host(`/etc/qubesctl-${hook}`), "");
    expectRefusal(
      await dom0.install("/tmp/a"),
      2,
      words,
      "In force: nothing of formula qwbtc",
      "its top is not enabled",
    );
    rmSync(dom0.host(`/etc/qubesctl-${hook}`));
    expect(await dom0.install("/tmp/a")).toMatchObject({ code: 0, err: "" });
    expect(inForce(dom0)).toBe("# A");
  });
});
