import { main } from "./addresses.ts";
import { startInstallation } from "./start.ts";

export default () => startInstallation(main);
