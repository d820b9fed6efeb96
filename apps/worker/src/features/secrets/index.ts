export { openValue, SealBrokenError, type SealedValue, sealValue } from "./envelope.ts";
export { type MasterKeys, readMasterKeys } from "./master-keys.ts";
export { secretRoutes } from "./routes.ts";
export { sandboxSecretRoutes } from "./sandbox-routes.ts";
export { SecretVault, secretVaultLayer } from "./secret-vault.ts";
export { contributeSecrets } from "./start-contribution.ts";
export { Vault } from "./vault.ts";
export type { BoundSecret } from "./vault-view.ts";
