/** The import laws. Each rule names the law and the way out. */
const workerRank = [
  "threads|users|sync",
  "sandbox",
  "secrets|files",
  "egress|github",
  "opencode|terminal|changes|processes|repositories|model-keys",
  "logins|codemode|models",
  "tasks",
  "chat",
  "views|sandbox-api",
];

/** A slice may import the slices of lower rank only: one rule per rank. */
const rankRules = workerRank.flatMap((slices, rank) => {
  const higher = workerRank.slice(rank).join("|");
  return [
    {
      name: `worker-rank-${rank}`,
      comment: "Slices form a ranked stack and import downwards. Declare a port and let runtime.ts supply it.",
      severity: "error",
      from: { path: `^apps/worker/src/features/(${slices})/` },
      to: { path: `^apps/worker/src/features/(${higher})/`, pathNot: "^apps/worker/src/features/$1/" },
    },
  ];
});

/** The rooms of the page's conversation, the lowest first; what lies beside them puts them together. */
const chatRooms = ["texts", "thread", "tools", "turn", "later", "message", "composer", "transcript"];

const chatRoomRules = chatRooms.map((room, rank) => ({
  name: `chat-room-${room}`,
  comment: "A room of the conversation imports the rooms below it, and never the pages that put them together.",
  severity: "error",
  from: { path: `^apps/web/src/features/chat/${room}/` },
  to: {
    path: "^apps/web/src/features/chat/",
    pathNot: `^apps/web/src/features/chat/(${chatRooms.slice(0, rank + 1).join("|")})/`,
  },
}));

export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Cycles hide which file is the lower one. Move the shared part down.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { pathNot: "_generated|\\.gen\\.ts$" } },
    },
    {
      name: "apps-stay-apart",
      comment: "Apps meet on the wire only, in the words of packages/contracts.",
      severity: "error",
      from: { path: "^apps/([^/]+)/" },
      to: { path: "^apps/", pathNot: "^apps/$1/" },
    },
    {
      name: "contracts-imports-effect-only",
      comment: "Contracts hold words, no IO and no framework.",
      severity: "error",
      from: { path: "^packages/contracts/src/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: ["^packages/contracts/src/", "^node_modules/effect/"] },
    },
    {
      name: "ui-imports-react-and-styling-only",
      comment: "packages/ui knows no product noun and no data.",
      severity: "error",
      from: { path: "^packages/ui/" },
      to: { path: "^(apps|convex|scripts|e2e|bench)/|^packages/(?!ui/)" },
    },
    {
      name: "only-web-imports-ui",
      comment: "Primitives are for the browser app.",
      severity: "error",
      from: { pathNot: "^(apps/web|packages/ui)/" },
      to: { path: "^packages/ui/" },
    },
    {
      name: "features-through-the-door",
      comment: "Inside an app a slice is reached through its index.ts only.",
      severity: "error",
      from: { path: "^apps/([^/]+)/src/features/([^/]+)/", pathNot: "\\.(test|testing)\\.tsx?$" },
      to: {
        path: "^apps/$1/src/features/",
        pathNot: "^apps/$1/src/features/$2/|^apps/$1/src/features/[^/]+/index\\.tsx?$",
      },
    },
    ...rankRules,
    ...chatRoomRules,
    {
      name: "platform-and-http-know-no-feature",
      comment: "platform/ and http/ lie below every feature of the worker.",
      severity: "error",
      from: { path: "^apps/worker/src/(platform|http)/" },
      to: { path: "^apps/worker/src/features/" },
    },
    {
      name: "web-reads-generated-convex-only",
      comment: "The page knows Convex by its generated api and types.",
      severity: "error",
      from: { path: "^apps/web/" },
      to: { path: "^convex/", pathNot: "^convex/_generated/(api|dataModel)" },
    },
    {
      name: "testing-doubles-for-tests-only",
      comment: "*.testing.ts and testing/ are for tests, and for what records what tests play.",
      severity: "error",
      from: { pathNot: "\\.(test|testing|spec)\\.tsx?$|/testing/|^(e2e|bench|scripts/opencode)/|vitest\\.config" },
      to: { path: "\\.testing\\.tsx?$|/testing/", pathNot: "node_modules" },
    },
    {
      name: "no-undeclared-dependency",
      comment: "npm hoists; a package that is not declared may vanish.",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"], pathNot: "^(cloudflare:|node:)" },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: "node_modules|_generated|\\.gen\\.ts$|worker-configuration" },
    exclude: { path: "(^|/)(dist|\\.wrangler|\\.turbo|\\.threadbox|\\.tanstack)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".d.ts", ".css"],
    },
    builtInModules: { add: ["cloudflare:workers", "cloudflare:test", "cloudflare:email", "cloudflare:sockets"] },
  },
};
