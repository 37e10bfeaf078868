// SPDX-License-Identifier: GPL-3.0-or-later
// Files of salt-templates/, formulas/ and examples/ are imported as their text; scripts/text-files.js tells esbuild and vitest so.
declare module "*.hbs" {
  const text: string;
  export default text;
}
declare module "*.sh" {
  const text: string;
  export default text;
}
declare module "*.yaml" {
  const text: string;
  export default text;
}
