import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { codemodeMcp } from "@threadbox/contracts/codemode-tool";
import { chatGptProviderId, gatewayModelId, gatewayProviderId } from "@threadbox/contracts/model";
import { openCodeConfigVariable } from "@threadbox/contracts/opencode";
import { Effect } from "effect";
import type { StartContributor } from "../sandbox/index.ts";

const model = `${gatewayProviderId}/${gatewayModelId}`;

/**
 * OpenCode's configuration in a sandbox: one model provider (the gateway behind the egress relay) with one key (the
 * sandbox credential), and OpenAI, which is nothing without a login; one server of tools, the worker's own; nothing shared and nothing updated. Nothing is asked back: the sandbox is the wall, and a turn
 * that waits for a permission or an answer nobody can give would never end.
 */
const openCodeConfig = (egressBaseUrl: string, credential: string): string =>
  JSON.stringify({
    autoupdate: false,
    share: "disabled",
    model,
    small_model: model,
    // It waits longer than any program may run and any person be asked.
    mcp: {
      [codemodeMcp.server]: {
        type: "remote",
        url: `${egressBaseUrl}${codemodeMcp.path}`,
        headers: { authorization: `Bearer ${credential}` },
        oauth: false,
        timeout: 2 * codemodeLimits.wallMs + codemodeLimits.approvalMs,
      },
    },
    permission: { "*": "allow", question: "deny" },
    enabled_providers: [gatewayProviderId, chatGptProviderId],
    provider: {
      [gatewayProviderId]: {
        npm: "@ai-sdk/openai-compatible",
        name: "Threadbox",
        options: { baseURL: `${egressBaseUrl}/model/v1`, apiKey: credential },
        models: {
          [gatewayModelId]: { name: "Threadbox", tool_call: true, limit: { context: 128_000, output: 16_384 } },
        },
      },
    },
  });

/** What OpenCode itself needs of every start. */
export const contributeOpenCode: StartContributor = ({ egressBaseUrl, credential }) =>
  Effect.succeed({ environment: { [openCodeConfigVariable]: openCodeConfig(egressBaseUrl, credential) } });
