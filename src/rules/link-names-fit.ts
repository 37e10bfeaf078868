// SPDX-License-Identifier: GPL-3.0-or-later
import { message } from "../kernel/message.ts";
import { finding, type Finding } from "../model/finding.ts";
import { linkService } from "../model/link-service.ts";
import type { Model } from "../model/model.ts";

/** qubesd takes no longer name of a service (qubes-core-admin qubes/ext/services.py). */
const LONGEST = 48;

const tooLong = message("QB413", {
  severity: "error",
  title: "the names of formula and server are too long together for a link with a local port",
  say: (service: string) =>
    `the link would be switched on by the service "${service}", which is longer than ${LONGEST} characters`,
  why: "qubesd refuses a longer name, and the port would stay closed.",
  fix: "Give the server or the formula a shorter name.",
  source: "qubes-core-admin qubes/ext/services.py",
});

/** What switches a link on in its client has a name that Qubes takes. */
export function* linkNamesFit(model: Model): Iterable<Finding> {
  for (const link of model.links) {
    const service = linkService(model.formula, link);
    if (service.length > LONGEST)
      yield { ...finding(tooLong, [...link.declaredBy.path, link.key], service), part: "key" };
  }
}
