// SPDX-License-Identifier: GPL-3.0-or-later
/** The stand-in whonix_firewall, alone in a container: what it takes, what it refuses, and which rules come of it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boot, whyNoContainer, type Box } from "../container/container.ts";
import { stockFiles } from "./qube.ts";
import { stockRoot } from "./stock.ts";

const why = whyNoContainer();
const tops = ["/etc", "/usr/local/etc"] as const;

describe.skipIf(why !== undefined)(
  `the stand-in whonix_firewall${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    let box: Box;
    /** Runs it with these settings, on a gateway or a workstation behind one: its exit code, what it said, and the rules then. */
    const loaded = async (
      settings: string,
      { gateway = false, told = '{"/qubes-gateway": "10.137.0.50"}', top = 1 } = {},
    ) => {
      await box.out(
        `rm -rf /etc/whonix_firewall.d /usr/local/etc/whonix_firewall.d; nft flush ruleset
      mkdir -p ${tops.map((one) => `${one}/whonix_firewall.d`).join(" ")} /usr/lib/standin/dom0
      cat >/usr/lib/standin/dom0/qubesdb.json <<'EOF'\n${told}\nEOF
      cat >${tops[top]}/whonix_firewall.d/40_it.conf <<'EOF'\n${settings}\nEOF
      ${gateway ? "touch" : "rm -f"} /usr/lib/standin/gateway`,
      );
      const { status, stderr } = await box.run("whonix_firewall");
      return { status, stderr, rules: await box.out("nft list ruleset") };
    };

    beforeAll(async () => {
      const { workstation } = await stockRoot("trixie");
      const { files } = stockFiles("qube", "workstation");
      const wanted = new Map([...files].filter(([name]) => /\/(?:whonix_firewall|qubesdb-read)$/.test(name)));
      box = await boot({ suite: "trixie", lower: workstation, files: wanted });
      // Tor's user, which a workstation has not.
      await box.out("useradd --system debian-tor");
    });
    afterAll(async () => box?.stop());

    it("opens to workstations what a gateway's settings say, and sends nothing on", async () => {
      const { status, rules } = await loaded(
        'INTERNAL_OPEN_PORTS+=" 9401 "\nWORKSTATION_TRANSPARENT_TCP=0\nWORKSTATION_TRANSPARENT_DNS=0',
        {
          gateway: true,
        },
      );
      expect(status).toBe(0);
      expect(rules).toContain('iifname "vif*" tcp dport 9401 accept');
      expect(rules).toContain("ip daddr 10.152.152.10 tcp dport 9401 redirect");
      expect(rules).not.toMatch(/9040|5300/);
      expect(rules).toMatch(/hook forward priority filter; policy drop;/);
    });

    it("sends every connection of a workstation into Tor where the settings leave that on", async () => {
      const { rules } = await loaded("", { gateway: true });
      expect(rules).toContain("redirect to :9040");
      expect(rules).toContain("redirect to :5300");
      expect(rules).not.toContain("9401");
    });

    it("holds a workstation to its gateway, and opens it a port", async () => {
      const list = 'outgoing_allow_ip_list+=" 10.152.152.10 $(qubesdb-read /qubes-gateway 2>/dev/null || true) "';
      const { status, rules } = await loaded(`${list}\nEXTERNAL_OPEN_PORTS+=" 8334 "`);
      expect(status).toBe(0);
      expect(rules).toContain("ip daddr 10.137.0.50 meta l4proto tcp accept");
      expect(rules).toContain("tcp dport 8334 accept");
      // In this mode answers go out only to the list.
      expect(rules.slice(rules.indexOf("chain output"))).not.toContain("ct state");
      expect((await loaded("")).rules.slice(rules.indexOf("chain output"))).toContain("meta l4proto tcp accept");
    });

    it("takes both folders, and the settings of a qube without net qube", async () => {
      expect(await loaded('EXTERNAL_OPEN_PORTS+=" 8334 "', { top: 0 })).toMatchObject({ status: 0 });
      const list = 'outgoing_allow_ip_list+=" 10.152.152.10 $(qubesdb-read /qubes-gateway 2>/dev/null || true) "';
      expect(await loaded(list, { told: "{}" })).toMatchObject({ status: 0 });
    });

    it.each([
      ["a default that is not set yet", 'outgoing_allow_ip_list+=" $GATEWAY_IP "'],
      ["a command that fails", 'outgoing_allow_ip_list+=" $(false) "'],
      ["a comma", 'outgoing_allow_ip_list+="10.152.152.10,10.137.0.50"'],
      ["a name", 'outgoing_allow_ip_list+=" localhost "'],
      ["no port", 'EXTERNAL_OPEN_PORTS+=" 0 "'],
      ["a setting that Whonix does not have", 'INTERNAL_OPEN_PORT+=" 9401 "'],
      ["what bash cannot read", 'INTERNAL_OPEN_PORTS+=" 9401'],
    ])("refuses %s, and leaves the rules that there were", async (_what, settings) => {
      await loaded("");
      const { status, rules } = await loaded(settings, { gateway: true });
      expect([status === 0, rules]).toEqual([false, ""]);
    });

    it("refuses to be called with words, or by anybody but root", async () => {
      expect((await box.run("whonix_firewall --mode full")).status).not.toBe(0);
      expect((await box.run("setpriv --reuid 65534 whonix_firewall")).status).not.toBe(0);
    });

    it("qubesdb-read: a value, or exit 2 and no word", async () => {
      await loaded("");
      expect(await box.run("qubesdb-read /qubes-gateway")).toEqual({ status: 0, stdout: "10.137.0.50\n", stderr: "" });
      expect(await box.run("qubesdb-read /gone")).toMatchObject({ status: 2, stdout: "" });
      expect((await box.run("qubesdb-read gone")).status).toBe(1);
    });
  },
);
