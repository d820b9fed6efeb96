import type { FunctionCode } from "./function-code.ts";
import type { Send } from "./invocation.ts";
import type { InvokeFunction, InvokeHttpAction, ThrownByFunction } from "./messages.ts";
import { isHttpRouter, isRegisteredFunction } from "./shapes.ts";
import type { SourcePlaces } from "./source-places.ts";

/** Convex's limit on the body of an HTTP action's response, in bytes. */
const responseSizeMax = 20 << 20;

const convexError = Symbol.for("ConvexError");

/** The client library has already turned the `data` of a ConvexError into text. */
export const describeThrown = (thrown: unknown, places?: SourcePlaces): ThrownByFunction => {
  if (typeof thrown !== "object" || thrown === null) return { message: `Uncaught ${String(thrown)}` };
  const name = "name" in thrown ? String(thrown.name) : "Error";
  const message = "message" in thrown ? String(thrown.message) : "";
  const stack = "stack" in thrown && typeof thrown.stack === "string" ? thrown.stack : undefined;
  const data = convexError in thrown && "data" in thrown ? { data: String(thrown.data) } : {};
  const told = stack === undefined ? {} : { stack: places?.mapStack(stack) ?? stack };
  return { message: `Uncaught ${name}: ${message}`, ...told, ...data };
};

/** Runs one registered function; resolves to its result as text. */
export const invokeFunction = async (
  code: FunctionCode,
  command: Pick<InvokeFunction, "kind" | "modulePath" | "exportName" | "args">,
): Promise<string> => {
  const path = `${command.modulePath}:${command.exportName}`;
  const exported = code.take(command.modulePath)[command.exportName];
  const registered = isRegisteredFunction(exported) ? exported : undefined;
  const missing = (): never => {
    throw new Error(`Could not find ${command.kind} ${path} in the loaded code.`);
  };
  switch (command.kind) {
    case "query":
      return (registered?.invokeQuery ?? missing)(command.args);
    case "mutation":
      return (registered?.invokeMutation ?? missing)(command.args);
    case "action":
      return (registered?.invokeAction ?? missing)("", command.args);
  }
};

/** Routes and runs one HTTP action and sends its response part by part. */
export const invokeHttpAction = async (code: FunctionCode, command: InvokeHttpAction, send: Send): Promise<void> => {
  const { id, method, url, headers, body } = command;
  const router = code.take("http").default;
  if (!isHttpRouter(router)) throw new Error("The default export of http is not a router (see httpRouter).");
  const match = router.lookup(new URL(url).pathname, method);
  const request = new Request(url, { method, headers, ...(body === null ? {} : { body: Uint8Array.from(body) }) });
  const response =
    match === null
      ? new Response(`No HttpAction routed for ${new URL(url).pathname}`, { status: 404 })
      : await match[0].invokeHttpAction(request);
  if (!(response instanceof Response)) throw new Error("HTTP actions must return a Response.");
  send({ type: "responseHead", id, status: response.status, headers: [...response.headers] });
  if (response.body === null) return;
  let size = 0;
  for await (const bytes of response.body) {
    size += bytes.length;
    if (size > responseSizeMax) throw new Error(`HTTP actions may answer with ${responseSizeMax >> 20} MiB at most.`);
    send({ type: "responsePart", id, bytes });
  }
};
