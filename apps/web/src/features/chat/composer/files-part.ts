export { ComposerFiles as default } from "../../attachments/index.ts";
