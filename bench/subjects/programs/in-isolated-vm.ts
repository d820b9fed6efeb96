/** The peer that people reach for first: a V8 isolate in this process by isolated-vm, fresh for each program. */
import ivm from "isolated-vm";
import { servePrograms } from "./serve.ts";

const prelude = `const workspace = { read: (input) => call.apply(undefined, ["workspace.read", input], { arguments: { copy: true }, result: { promise: true, copy: true } }) };`;

await servePrograms(async (program, call) => {
  const isolate = new ivm.Isolate({ memoryLimit: 128 });
  try {
    const context = await isolate.createContext();
    await context.global.set("call", new ivm.Reference(call));
    const script = await isolate.compileScript(`${prelude} (${program})()`);
    return await script.run(context, { promise: true, copy: true, timeout: 30_000 });
  } finally {
    isolate.dispose();
  }
});
