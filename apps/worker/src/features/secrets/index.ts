export { secretRoutes } from "./routes.ts";
export { SecretVault, secretVaultLayer } from "./secret-vault.ts";
export { Vault } from "./vault.ts";
