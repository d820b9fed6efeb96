export { NewThreadPage } from "./new-thread-page.tsx";
export { OutboxDelivery } from "./outbox-delivery.tsx";
export { scrollToMessage } from "./sought-message.ts";
export { ThreadPage } from "./thread-page.tsx";
