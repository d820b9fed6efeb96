import { Hono } from "hono";
import type { Identity } from "./identity.ts";
import { noticePage, signInPage } from "./page.ts";
import {
  onOrigin,
  openSealedRequest,
  readSignInRequest,
  type SignInRequest,
  SignInRequestRefused,
  sealRequest,
} from "./sign-in-request.ts";
import { type User, UserRefused } from "./users.ts";

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

/** Where the browser goes with its code. */
const answerTo = ({ redirectUri, state }: SignInRequest, code: string): string => {
  const url = new URL(redirectUri);
  url.searchParams.set("code", code);
  if (state !== undefined) url.searchParams.set("state", state);
  return url.href;
};

/** The page on which a person says who they are, and what follows from it. */
export const authorizeRoutes = ({ config, keys, users, codes, now }: Identity) => {
  const seal = (request: SignInRequest) => sealRequest(request, keys.form, now());
  const refused = (sentence: string) => noticePage("Couldn’t sign you in", sentence, config.appOrigin);

  const chosenUser = (form: FormData): User | undefined => {
    const userId = text(form, "user_id");
    return userId === ""
      ? users.create({ name: text(form, "name"), email: text(form, "email") }, now())
      : users.find(userId);
  };

  return new Hono()
    .get("/user_management/authorize", async (c) => {
      try {
        const request = readSignInRequest(new URL(c.req.url).searchParams, config);
        return await c.html(signInPage({ request, sealed: await seal(request), users: users.list() }));
      } catch (error) {
        if (error instanceof SignInRequestRefused) return c.html(refused(error.message), 400);
        throw error;
      }
    })
    .post("/user_management/authorize", async (c) => {
      // A form of another site can be sent here as well; its Origin says where it was.
      if (c.req.header("origin") !== `http://${c.req.header("host")}`)
        return c.html(refused("This form didn’t come from the sign-in page."), 403);
      const form = await c.req.formData();
      const request = await openSealedRequest(text(form, "request"), keys.form, now());
      if (request === undefined || onOrigin(request.redirectUri, config.appOrigin) === undefined)
        return c.html(refused("This page expired. Go back to Threadbox and sign in again."), 400);
      try {
        const user = chosenUser(form);
        if (user === undefined) return c.html(refused("This account doesn’t exist."), 400);
        return c.redirect(answerTo(request, codes.issue(user.id, request.codeChallenge, now())), 303);
      } catch (error) {
        if (!(error instanceof UserRefused)) throw error;
        const typed = { reason: error.message, name: text(form, "name"), email: text(form, "email") };
        const page = { request, sealed: await seal(request), users: users.list(), refused: typed };
        return await c.html(signInPage(page), 422);
      }
    });
};
