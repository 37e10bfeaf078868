// SPDX-License-Identifier: GPL-3.0-or-later
// What scripts/text-files.js makes of imports that are not TypeScript: templates compiled, everything else as its text.
declare module "*.hbs" {
  const template: TemplateSpecification;
  export default template;
}
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.conf" {
  const text: string;
  export default text;
}
declare module "*.lock" {
  const text: string;
  export default text;
}
declare module "*.sh" {
  const text: string;
  export default text;
}
declare module "*.py" {
  const text: string;
  export default text;
}
declare module "*.yaml" {
  const text: string;
  export default text;
}
// Handlebars types its runtime as an empty module.
declare module "handlebars/runtime" {
  import Handlebars from "handlebars";
  export default Handlebars;
}
