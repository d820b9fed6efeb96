export { SettingsPage } from "./settings-page.tsx";
export { themeScript } from "./theme.ts";
