/** The vault of the installation. */
export const vaultRef = (env: Pick<Env, "VAULT">) => env.VAULT.getByName("vault");
