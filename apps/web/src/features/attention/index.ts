export { Attention } from "./later-attention.tsx";
export { chooseNotifications, notificationChoice } from "./notifications.ts";
