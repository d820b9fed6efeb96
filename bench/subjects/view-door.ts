import { request } from "node:http";
import { type OpenedView, type ViewTarget, viewOrigin } from "@threadbox/contracts/views";
import type { Product } from "./product.ts";
import type { Door } from "./sandbox-host-client.ts";
import { issueThreadToken, type Viewer } from "./viewer.ts";

/** Uses the ticket up; resolves to the view's cookie. */
const redeem = (worker: string, view: URL): Promise<string> =>
  new Promise((resolve, reject) => {
    const opening = request(
      `${worker}${view.pathname}${view.search}`,
      { headers: { host: view.host }, timeout: 10_000 },
      (response) => {
        response.resume();
        const cookie = response.headers["set-cookie"]?.find((each) => each.startsWith(viewOrigin.cookie));
        if (cookie === undefined) reject(new Error(`The view's ticket is answered ${response.statusCode}.`));
        else resolve(cookie.split(";")[0] ?? "");
      },
    );
    opening.once("timeout", () => opening.destroy(new Error("The view's ticket is not answered.")));
    opening.once("error", reject);
    opening.end();
  });

/** The way on which a browser reaches a program in the thread's sandbox: through an origin of the view's own. */
export const viewDoor = async (product: Product, viewer: Viewer, target: ViewTarget): Promise<Door> => {
  const { worker, app } = product.addresses;
  const response = await fetch(`${worker}/api/sandbox/${viewer.threadId}/views`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${await issueThreadToken(product, viewer)}`,
      origin: app,
    },
    body: JSON.stringify({ target }),
  });
  if (!response.ok) throw new Error(`views: ${response.status} ${await response.text()}`);
  const view = new URL(((await response.json()) as OpenedView).url);
  // The name is this machine's for browsers alone: whoever connects by address says it in the header.
  return { url: worker, headers: { host: view.host, origin: view.origin, cookie: await redeem(worker, view) } };
};
