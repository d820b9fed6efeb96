export { chooseNotifications, notificationChoice } from "./notifications.ts";
