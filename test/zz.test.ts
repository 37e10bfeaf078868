import { it } from "vitest";
import { auditTree, study } from "../src/audit/audit.ts";
import { compiled, exampleText, examples } from "./compiled.ts";
it("x",()=>{ for (const e of examples){ const t=compiled(exampleText(e)).tree; const s=performance.now(); const a=study(t); const d=auditTree(a); console.log(e, Math.round(performance.now()-s)+"ms", a.reach.doors.map(x=>`${x.client}:${x.local} ${x.decision.kind} ${x.decision.kind==="allow"?x.decision.target:""}${x.argument}`), d.map(x=>`${x.code} ${x.span?.file.split("/").slice(-2).join("/")}:${x.span?.line} ${x.say}`));} });
