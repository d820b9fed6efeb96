/** Another engine, compiled to WebAssembly: quickjs-emscripten, a fresh runtime for each program. */
import { getQuickJS } from "quickjs-emscripten";
import { servePrograms } from "./serve.ts";

const quickJs = await getQuickJS();

await servePrograms(async (program, call) => {
  const runtime = quickJs.newRuntime({ memoryLimitBytes: 128 * 1024 * 1024 });
  const context = runtime.newContext();
  try {
    const read = context.newFunction("read", (input) => {
      const promise = context.newPromise();
      void call("workspace.read", context.dump(input)).then((answer) => {
        const handle = context.unwrapResult(context.evalCode(`(${JSON.stringify(answer)})`));
        promise.resolve(handle);
        handle.dispose();
        void promise.settled.then(() => runtime.executePendingJobs());
      });
      return promise.handle;
    });
    const workspace = context.newObject();
    context.setProp(workspace, "read", read);
    context.setProp(context.global, "workspace", workspace);
    read.dispose();
    workspace.dispose();
    const started = context.unwrapResult(context.evalCode(`(${program})()`));
    const ending = context.resolvePromise(started);
    started.dispose();
    runtime.executePendingJobs();
    const ended = context.unwrapResult(await ending);
    const result: unknown = context.dump(ended);
    ended.dispose();
    return result;
  } finally {
    context.dispose();
    runtime.dispose();
  }
});
