import { main } from "./addresses.ts";
import { claimRun } from "./claim.ts";
import { makeKeyServiceCertificate } from "./key-service.ts";
import { startInstallation } from "./start.ts";

export default async () => {
  const release = await claimRun();
  makeKeyServiceCertificate();
  const stop = await startInstallation(main);
  return async () => {
    await stop();
    release();
  };
};
