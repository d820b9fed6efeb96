import { html } from "hono/html";
import type { SignInRequest } from "./sign-in-request.ts";
import type { User } from "./users.ts";

type Html = ReturnType<typeof html>;

/** The app's mark: a box with a thread through it. */
const mark = html`<svg class="mark" viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">
  <rect x="3.5" y="3.5" width="17" height="17" rx="4.5" />
  <path d="M0.9 15.2c3.4 0 4.3-6.4 8-6.4s4.4 6.4 8 6.4c2.7 0 3.9-2.7 6.2-3.1" />
</svg>`;

const shell = (title: string, main: Html): Html => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>${title} · Threadbox</title>
    <link rel="stylesheet" href="/assets/sign-in.css" />
    <link rel="icon" href="data:," />
  </head>
  <body>
    <main>
      <div class="brand">${mark}<span>Threadbox</span></div>
      ${main}
    </main>
  </body>
</html>`;

const initials = (name: string): string =>
  name
    .split(" ")
    .map((word) => [...word][0] ?? "")
    .filter((_, index, words) => index === 0 || index === words.length - 1)
    .join("")
    .toUpperCase();

const chevron = html`<svg class="chevron" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
  <path d="m6 3.5 4.5 4.5L6 12.5" />
</svg>`;

const userRow = ({ id, name, email, role }: User): Html => html`<li>
  <button class="user" name="user_id" value="${id}">
    <span class="avatar" aria-hidden="true">${initials(name)}</span>
    <span class="who"><span class="name">${name}</span><span class="email">${email}</span></span>
    ${role === "admin" ? html`<span class="role">Admin</span>` : ""} ${chevron}
  </button>
</li>`;

export interface SignInPage {
  readonly request: SignInRequest;
  readonly sealed: string;
  readonly users: readonly User[];
  /** What was wrong with the new user, and what had been typed. */
  readonly refused?: { readonly reason: string; readonly name: string; readonly email: string };
}

/** The user whom the app expects comes first. */
const expectedFirst = (users: readonly User[], hint: string | undefined): readonly User[] => [
  ...users.filter(({ email }) => email === hint?.toLowerCase()),
  ...users.filter(({ email }) => email !== hint?.toLowerCase()),
];

const newUserForm = ({ request, sealed, users, refused }: SignInPage): Html => {
  const hint = request.loginHint ?? "";
  const isUnknown = hint !== "" && !users.some(({ email }) => email === hint.toLowerCase());
  return html`<section aria-labelledby="new-user">
    <h2 id="new-user">Create an account</h2>
    <form method="post" action="/user_management/authorize">
      <input type="hidden" name="request" value="${sealed}" />
      ${refused ? html`<p class="problem" role="alert">${refused.reason}</p>` : ""}
      <label>
        Name
        <input
          name="name" required maxlength="100" autocomplete="name" ${request.isSignUp || refused ? "autofocus" : ""}
          value="${refused?.name ?? ""}"
        />
      </label>
      <label>
        <span>Email <span class="optional">(optional)</span></span>
        <input
          name="email" type="email" maxlength="254" autocomplete="email"
          value="${refused?.email ?? (isUnknown ? hint : "")}"
        />
      </label>
      <button class="primary">Create account</button>
    </form>
  </section>`;
};

/** Who is it? A list to pick from, and a form for somebody new. */
export const signInPage = (page: SignInPage): Html =>
  shell(
    "Sign in",
    html`<h1>Sign in</h1>
      <p class="lead">Choose an account</p>
      <form method="post" action="/user_management/authorize">
        <input type="hidden" name="request" value="${page.sealed}" />
        <ul aria-label="Accounts">
          ${expectedFirst(page.users, page.request.loginHint).map(userRow)}
        </ul>
      </form>
      ${newUserForm(page)}
      <p class="note"><strong>Local sign-in, for this computer only.</strong> There’s no password, and nothing you enter
        leaves this computer.</p>`,
  );

/** A page that offers one way on. */
export const noticePage = (heading: string, sentence: string, appOrigin: string): Html =>
  shell(
    heading,
    html`<h1>${heading}</h1>
      <p class="lead">${sentence}</p>
      <a class="primary" href="${appOrigin}/">Back to Threadbox</a>`,
  );
