// SPDX-License-Identifier: GPL-3.0-or-later
import fc from "fast-check";

/** Texts that mean something to somebody: YAML, Jinja, shells, policies, terminals. */
export const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    "{{ 1 }}",
    "{% x %}",
    "{# #}",
    "$(id)",
    "`id`",
    "a\nb",
    "a\r\nb",
    "no",
    "on",
    "~",
    "0600",
    "1:30",
    "2024-01-01",
    "=",
    "<<",
    "'",
    '"',
    "#",
    "-x",
    "../x",
    "a b",
    "@anyvm",
    "*",
    "!!map",
    "\u0000",
    "\u001b[31m",
  ),
);
