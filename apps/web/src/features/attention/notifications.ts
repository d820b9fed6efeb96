import { recall, remember } from "../../lib/device-memory.ts";

const storageKey = "threadbox.notifications";

/** `blocked`: the browser will not have it, whatever is chosen here. */
export type NotificationChoice = "on" | "off" | "blocked";

export const notificationChoice = (): NotificationChoice => {
  if (!("Notification" in window) || Notification.permission === "denied") return "blocked";
  const isChosen = recall(storageKey) === "on";
  return isChosen && Notification.permission === "granted" ? "on" : "off";
};

/** Asks the browser where it has to be asked; only ever from a click. */
export const chooseNotifications = async (isOn: boolean): Promise<NotificationChoice> => {
  remember(storageKey, isOn ? "on" : "off");
  if (isOn && "Notification" in window) await Notification.requestPermission();
  return notificationChoice();
};

export const notify = (title: string, body: string, onClick: () => void): void => {
  if (notificationChoice() !== "on") return;
  try {
    const shown = new Notification(title, { body, icon: "/favicon.svg" });
    shown.onclick = () => {
      window.focus();
      onClick();
      shown.close();
    };
  } catch {
    // Some phones show notifications of service workers only; the title tells as well.
  }
};
