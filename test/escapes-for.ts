// SPDX-License-Identifier: GPL-3.0-or-later

/** The escapes that fit the language of a template, told by its name. */
export function escapesFor(template: string): readonly string[] {
  if (/\.(?:sls|top)\.hbs$/.test(template)) return ["yaml", "id", "sls", "word", "comment", "shell"];
  if (template.endsWith(".yml.hbs")) return ["yamlSingle", "comment"];
  if (template.endsWith("policy.hbs")) return ["policy", "word", "comment"];
  if (template.endsWith(".md.hbs")) return ["markdown"];
  if (template.endsWith("bitcoin.conf.hbs")) return ["bitcoinConf", "word", "comment"];
  if (template.endsWith("tcp@.service.hbs")) return ["policy", "word", "comment"]; // what qrexec-client-vm is told, a policy reads
  if (template.endsWith("fulcrum.conf.hbs")) return ["fulcrumConf", "word", "comment"];
  if (template.endsWith("joinmarket.cfg.hbs")) return ["configparser", "word", "comment"];
  return ["word", "comment"]; // units, torrc, bash, TOML, desktop files: single words only
}
