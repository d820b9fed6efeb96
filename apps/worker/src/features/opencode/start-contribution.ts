import { codemodeLimits } from "@threadbox/contracts/codemode-limits";
import { codemodeMcp } from "@threadbox/contracts/codemode-tool";
import {
  anthropicProviderId,
  chatGptProviderId,
  gatewayModelId,
  gatewayProviderId,
  openAiKeyProviderId,
  ownModelSizes,
} from "@threadbox/contracts/model";
import { openCodeConfigVariable } from "@threadbox/contracts/opencode";
import { Effect } from "effect";
import type { CommonContributor } from "../sandbox/index.ts";
import { regularFilesPlugin } from "./regular-files.ts";
import { workspaceTrustPlugin } from "./workspace-trust.ts";

const anthropicBetas = "interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14";
const model = `${gatewayProviderId}/${gatewayModelId}`;
/** What models take beside text: OpenCode keeps everything else from them. */
const seesPictures = { attachment: true, modalities: { input: ["text", "image"], output: ["text"] } };
const seesDocuments = { attachment: true, modalities: { input: ["text", "image", "pdf"], output: ["text"] } };
/**
 * The largest picture that a model is shown, in pixels a side and bytes of base64; a larger one is made smaller. It stays in the
 * session and goes with every call, and models look at no more of it than about this.
 */
const picturePixelsMax = 1_568;
const pictureBase64Max = 393_216;

/** The models of a user's keys as OpenCode knows them: by their size alone. */
const ownModels = (name: string, more: object) =>
  Object.fromEntries(
    ownModelSizes.map(({ id, context, output }) => [
      id,
      { name: `${name} (${context / 1_000}k)`, tool_call: true, limit: { context, output }, ...more },
    ]),
  );

/**
 * OpenCode's configuration in a sandbox: the gateway behind the egress relay as model provider, spoken to in OpenAI's words and
 * in Anthropic's, with one key (the sandbox credential), and OpenAI, which is nothing without a login; one server of tools, the worker's own; nothing shared and nothing updated. Nothing is asked back: the sandbox is the wall, and a turn
 * that waits for a permission or an answer nobody can give would never end.
 */
const openCodeConfig = (egressBaseUrl: string, credential: string): string =>
  JSON.stringify({
    autoupdate: false,
    share: "disabled",
    model,
    small_model: model,
    attachment: {
      image: {
        auto_resize: true,
        max_width: picturePixelsMax,
        max_height: picturePixelsMax,
        max_base64_bytes: pictureBase64Max,
      },
    },
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
    enabled_providers: [gatewayProviderId, anthropicProviderId, openAiKeyProviderId, chatGptProviderId],
    provider: {
      [gatewayProviderId]: {
        npm: "@ai-sdk/openai-compatible",
        name: "Threadbox",
        options: { baseURL: `${egressBaseUrl}/model/v1`, apiKey: credential },
        models: {
          [gatewayModelId]: {
            name: "Threadbox",
            tool_call: true,
            ...seesPictures,
            limit: { context: 128_000, output: 16_384 },
          },
          ...ownModels("Your key", seesPictures),
        },
      },
      [openAiKeyProviderId]: {
        npm: "@ai-sdk/openai",
        name: "OpenAI",
        options: { baseURL: `${egressBaseUrl}/model/v1`, apiKey: credential },
        models: {
          // A name by which OpenCode has the model think and patches files; which one it is, the gateway decides.
          ...ownModels("Your OpenAI key", { id: "gpt-5", reasoning: true, ...seesDocuments }),
        },
      },
      // OpenCode's own, with its caching, and of all that it knows no model but the user's: which, the gateway decides.
      [anthropicProviderId]: {
        // OpenCode itself asks for these only where the key is in its environment.
        options: {
          baseURL: `${egressBaseUrl}/model/v1`,
          apiKey: credential,
          headers: { "anthropic-beta": anthropicBetas },
        },
        whitelist: ownModelSizes.map(({ id }) => id),
        models: ownModels("Your Anthropic key", { id: "claude", reasoning: true, ...seesDocuments }),
      },
    },
  });

/** What OpenCode itself needs of every start. */
export const contributeOpenCode: CommonContributor = ({ egressBaseUrl, credential, trustsWorkspace }) =>
  Effect.succeed({
    environment: { [openCodeConfigVariable]: openCodeConfig(egressBaseUrl, credential) },
    files: [regularFilesPlugin, workspaceTrustPlugin(trustsWorkspace)],
  });
