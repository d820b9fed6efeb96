import tailwindcss from "@tailwindcss/vite";
import { tanstackStart } from "@tanstack/react-start/plugin/vite";
import viteReact from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  server: { host: "127.0.0.1", allowedHosts: ["threadbox.localhost"] },
  build: {
    // A font or an icon as a data: address would need a wider content security policy.
    assetsInlineLimit: 0,
    target: "es2023",
  },
  environments: {
    client: {
      build: {
        rolldownOptions: {
          output: {
            codeSplitting: {
              groups: [
                // What surrounds every page, together with what the pages share of it.
                { name: "app", tags: ["$initial"] },
              ],
            },
          },
        },
      },
    },
  },
  // React has had this hook since 18; the stand-in for older ones stays out.
  resolve: { alias: { "use-sync-external-store/shim/with-selector": "use-sync-external-store/with-selector" } },
  worker: { format: "es" },
  plugins: [
    tailwindcss(),
    tanstackStart({
      // The pages have chunks of their own, which their routes name; what is around them is in one.
      router: { codeSplittingOptions: { defaultBehavior: [] } },
      serverFns: {
        // server/answer.ts refuses foreign origins before Start is asked.
        disableCsrfMiddlewareWarning: true,
      },
    }),
    viteReact(),
  ],
});
